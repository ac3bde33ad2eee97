"""Time to compute the numbers of a chart, and to draw it, on many passages.

    python benchmarks/pictures.py [--passages N] [--index DIR] [--write]

Indexes N (100,000) paragraphs as 1,000 reports of the years 1985 to 2024, half of each below "Mặt
được", half below "Mặt tồn tại"; areas are classified from the paragraphs' words. ``--index`` keeps
the index in a folder, or uses the one there; ``--write`` inserts the table into docs/pictures.md.
Times are medians of five, in milliseconds; the first time of a query (empty caches) is shown too.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from environment import environment
from scale import kind, paragraphs

from tracuu import Index
from tracuu.charts import Picture, draw, matrix, shares, timeline
from tracuu.charts.home import spare_home

QUERIES = ("", "giải ngân vốn đầu tư", "cơ quan nhà nước có thẩm quyền")
KINDS: tuple[Callable[..., Picture], ...] = (matrix, timeline, shares)
REPORTS, ROUNDS = 1000, 5
DOCS = Path(__file__).resolve().parent.parent / "docs" / "pictures.md"
BLOCK = re.compile(r"(<!-- benchmarks/pictures\.py -->\n```text\n).*?(```\n)", re.DOTALL)


def write_reports(count: int, folder: Path) -> None:
    """Write ``count`` paragraphs as dated reports, half below each of two headings."""
    texts = paragraphs(count)
    each = -(-count // REPORTS)
    for number in range(REPORTS):
        mine = list(islice(texts, each))
        half = len(mine) // 2
        day = f"Xã số {number}, ngày 05 tháng 01 năm {1985 + number % 40}"
        parts = [
            f"ĐẢNG ỦY XÃ SỐ {number}\n{day}",
            "BÁO CÁO\nvề tình hình",
            "Mặt được",
            *mine[:half],
            "Mặt tồn tại",
            *mine[half:],
        ]
        (folder / f"r{number:04}.txt").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def fill(index: Index, count: int) -> None:
    """Index ``count`` paragraphs."""
    with tempfile.TemporaryDirectory() as folder:
        write_reports(count, Path(folder))
        for _ in index.update([folder]):
            pass


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of the first run, and the median of the others."""
    times = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return times[0], statistics.median(times[1:])


def measure(index: Index) -> list[str]:
    """The table."""
    lines = [
        f"{'query':<34}{'picture':<10}{'matches':>9}{'first':>8}{'count':>8}{'SVG':>8}{'PNG':>8}"
    ]
    for query in QUERIES:
        for count in KINDS:
            first, again = timed(lambda: count(index, query))  # noqa: B023
            picture = count(index, query)
            svg, png = (timed(lambda: draw(picture, name))[1] for name in ("svg", "png"))  # noqa: B023
            name = query or "(all passages)"
            total = f"{picture.request.total:,}"
            lines.append(
                f"{name:<34}{count.__name__:<10}{total:>9}"
                f"{first:>8.0f}{again:>8.0f}{svg:>8.0f}{png:>8.0f}"
            )
    return lines


def main() -> None:
    """Index, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    spare_home(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        place = given.index or Path(folder) / "index"
        made = not place.exists()
        with Index.create(place) if made else Index.open(place) as index:
            if made:
                fill(index, given.passages)
            total = index.search("", limit=0).total
            lines = [
                f"{total:,} passages ({kind()}), {REPORTS:,} reports; milliseconds",
                "",
                *measure(index),
            ]
    text = "\n".join([*lines, "", environment(("tracuu", "whoosh3", "matplotlib"))]) + "\n"
    print(text, end="")
    if given.write:
        DOCS.write_text(
            BLOCK.sub(
                lambda block: f"{block[1]}{text}{block[2]}", DOCS.read_text(encoding="utf-8")
            ),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
