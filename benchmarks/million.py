"""An index of a million paragraphs: build time, size and response times.

    python benchmarks/million.py FOLDER [--count 1000000] [--engine tantivy] [--no-build] [--out
    DIR]

The paragraphs are the scale set, repeated with other numbers and names each time, in reports of 100
paragraphs. They are indexed in steps of 50,000; FOLDER keeps the index, and an interrupted build
continues where it stopped. ``--no-build`` only searches the existing index. Queries are those of
searching.py, cut from the first 100,000 paragraphs: every system warm, ten hits each. Prints
Markdown; ``--out`` inserts it into ``which-engine.md`` there, between its markers.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

from blocks import put_block
from environment import environment
from indexing import processor
from memory import Peak
from scale import DEFAULT, paragraphs
from searching import percentile, queries, timed

PACKAGES = ("underthesea", "whoosh3", "tantivy")
STEP = 50_000
EACH = 100
# for clusters: GB per shard, share of an index in memory, processors per machine
SHARD, HOT, CORES = 40, 0.25, 16
_NAMES = """
An Bình, Tân Hòa, Phú Lộc, Long Khánh, Mỹ Thạnh, Vĩnh Tường, Hải Vân, Sơn Trà, Đông Giang,
Nam Trực, Yên Khê, Thanh Liêm, Cẩm Thủy, Hòa Vang, Lộc Ninh, Bình Sơn, Châu Phong, Kim Động,
Quảng Trạch, Xuân Lộc, Đức Trọng, Ngọc Hồi, Nguyễn Văn Thắng, Trần Thị Hạnh, Lê Quang Minh,
Phạm Hữu Đức, Hoàng Thị Lan, Vũ Đình Khoa, Đặng Thế Vinh, Bùi Thị Ngà
"""
_NAME_LIST = [" ".join(name.split()) for name in _NAMES.split(",")]
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[a-zà-ỹđ,] )[A-ZÀ-ỸĐ][a-zà-ỹđ]+(?: [A-ZÀ-ỸĐ][a-zà-ỹđ]+)+")


def varied(amount: int, source: Path) -> Iterator[str]:
    """``count`` paragraphs: the scale set, repeated with numbers and names changed."""
    left = amount
    for turn in count():
        chance = random.Random(turn)
        for text in islice(paragraphs(10**9 if source.is_file() else 100_000, source), left):
            yield _changed(text, chance) if turn else text
            left -= 1
        if not left:
            return


def _changed(text: str, chance: random.Random) -> str:
    def number(match: re.Match[str]) -> str:
        first = str(chance.randint(1, 9)) if match[0][0] != "0" else "0"
        return first + "".join(chance.choice("0123456789") for _ in match[0][1:])

    return _NAME.sub(lambda match: chance.choice(_NAME_LIST), _NUMBER.sub(number, text))


def build(folder: Path, amount: int, engine: str, source: Path, jobs: int | None) -> dict[str, Any]:
    """Index the missing paragraphs; return figures of the whole build, over all runs."""
    from tracuu import Index
    from tracuu.engines.processes import available_jobs

    notes = folder / "built.json"
    known: dict[str, Any] = {"passages": 0, "seconds": 0.0, "cpu": 0.0, "memory": 0.0, "text": 0}
    if notes.exists():
        known = json.loads(notes.read_text())
    path = folder / "index"
    index = (
        Index.open(path) if (path / "tracuu.json").exists() else Index.create(path, engine=engine)
    )
    texts = varied(amount, source)
    with index:
        for step in range(0, amount, STEP):
            size = min(STEP, amount - step)
            if step < known["passages"]:
                next(islice(texts, size, size), None)
                continue
            reports = folder / "reports" / f"{step // STEP:03}"
            for part, number in enumerate(range(step // EACH, (step + size) // EACH)):
                known["text"] += _write_one(
                    list(islice(texts, EACH)), number, reports / f"{part // 1000}"
                )
            start, before = time.perf_counter(), processor()
            with Peak(jobs or available_jobs()) as memory:
                found = sum(change.passages for change in index.update([reports], jobs=jobs))
            known["seconds"] += time.perf_counter() - start
            known["cpu"] += processor() - before
            known["memory"] = max(known["memory"], memory.megabytes)
            known["passages"] += found
            notes.write_text(json.dumps(known))
            print(
                f"{known['passages']:,} passages, {known['seconds']:,.0f} s",
                file=sys.stderr,
                flush=True,
            )
    return known


def _write_one(texts: list[str], number: int, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    content = f"BÁO CÁO\nvề tình hình số {number}\n\n" + "\n\n".join(texts) + "\n"
    return (folder / f"bao-cao-{number:05}.txt").write_bytes(content.encode("utf-8"))


def ask(folder: Path, source: Path) -> Iterator[str]:
    """Rows of the table: threads, milliseconds, queries per second."""
    from tracuu import Index

    sample = queries(list(paragraphs(100_000, source)))
    with Index.open(folder / "index") as index:

        def one(query: Any) -> object:
            text = " ".join(query.words)
            area = "kinh-te" if query.kind == "area" else None
            return index.search(f'"{text}"' if query.kind == "phrase" else text, area=area).total

        timed(one, sample, 1)
        for threads in (1, 8):
            times, rate = timed(one, sample, threads)
            p50, p95, p99 = (percentile(times, share) for share in (0.5, 0.95, 0.99))
            yield f"| {threads} | {p50:.1f} | {p95:.1f} | {p99:.1f} | {rate:,.0f} |"


def page(folder: Path, source: Path) -> list[str]:
    """The block in Markdown."""
    from tracuu import Index

    built = json.loads((folder / "built.json").read_text())
    with Index.open(folder / "index") as index:
        info = index.info()
    with Peak(0) as memory:
        table = list(ask(folder, source))
    return [
        f"Made by `python benchmarks/million.py FOLDER` on {environment(PACKAGES)}.",
        "",
        f"{info.passages:,} passages in {info.reports:,} reports on the engine {info.engine}:",
        "",
        "| | |",
        "| --- | ---: |",
        f"| built in | {built['seconds']:,.0f} s, {built['passages'] / built['seconds']:,.0f} "
        "passages/s |",
        f"| processor time | {built['cpu']:,.0f} s, {1000 * built['cpu'] / built['passages']:.2f} "
        "ms a passage |",
        f"| memory while building, all processes | {built['memory']:,.0f} MB |",
        f"| size on disk | {info.size / 1e6:,.0f} MB, {info.size / info.passages:,.0f} "
        "bytes a passage |",
        f"| size ÷ text | {info.size / built['text']:.1f} |",
        f"| memory while searching | {memory.megabytes:,.0f} MB |",
        "",
        "| threads | p50, ms | p95, ms | p99, ms | queries/s |",
        "| ---: | ---: | ---: | ---: | ---: |",
        *table,
    ]


def clusters(folder: Path) -> list[str]:
    """Requirements of larger collections, computed from this one, not measured."""
    from tracuu import Index

    built = json.loads((folder / "built.json").read_text())
    with Index.open(folder / "index") as index:
        info = index.info()
    each = info.size / info.passages
    seconds = built["cpu"] / built["passages"]
    rows = []
    for amount in (10_000_000, 1_000_000_000):
        size, hours = amount * each / 1e9, amount * seconds / 3600
        shards = max(1, round(size / SHARD))
        rows.append(
            f"| {amount:,} | {size:,.0f} | {shards:,} | {2 * size:,.0f} | {HOT * size:,.0f} | "
            f"{hours:,.0f} | {hours / CORES:,.1f} | {hours / CORES / 20:,.1f} |"
        )
    return [
        f"Per passage {each:,.0f} bytes and {seconds * 1000:.2f} ms of a processor (reading, "
        f"segmenting and indexing), both measured above. Shards of {SHARD} GB (up to 50 GB is "
        f"usual), each with one replica; memory for the operating system's cache of a {HOT:.0%} of "
        f"the index; machines of {CORES} processors.",
        "",
        "| passages | index, GB | shards | disk with a replica, GB | memory, GB | processor hours "
        "to index | hours on 1 machine | on 20 |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *rows,
    ]


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--scale", type=Path, default=DEFAULT)
    parser.add_argument("--no-build", action="store_true", help="search the existing index")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    if not given.no_build:
        build(given.folder, given.count, given.engine, given.scale, given.jobs)
    lines = page(given.folder, given.scale)
    further = clusters(given.folder)
    print("\n".join([*lines, "", *further]))
    if given.out:
        put_block(given.out / "which-engine.md", "million", lines)
        put_block(given.out / "which-engine.md", "clusters", further)


if __name__ == "__main__":
    main()
