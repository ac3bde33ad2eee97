"""Times of the search page with few and with many passages.

    python benchmarks/page_latency.py [--sizes 3000 100000] [--queries 300] [--keep DIR] [--write]

Indexes paragraphs of ``scale.py`` as reports, once for each size (``--keep`` keeps the indexes in
DIR for reuse), serves each with ``tracuu serve`` in one process, and requests the page of each
query once, one by one, as a person does: only data read at startup are cached. The queries are
those of ``serving.py``: runs of one to eight words from the index's passages. The target is a p95
at the largest size of at most 4 times that at the smallest. ``--write`` inserts the table into
docs/http.md.
"""

from __future__ import annotations

import argparse
import http.client
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import scale
import serving
from environment import environment

BEGIN, END = "<!-- page latency: begin -->\n", "<!-- page latency: end -->\n"
WARM = 20  # warm-up queries
AIM = 4.0  # maximum ratio of p95 between the sizes


def made(folder: Path, size: int) -> Path:
    """Make an index of ``size`` paragraphs in ``folder``."""
    from tracuu import Index

    index, reports = folder / f"index-{size}", folder / f"reports-{size}"
    if not index.exists():
        scale.write_reports(scale.paragraphs(size), size, reports, max(10, size // 100))
        with Index.create(index) as opened:
            for _ in opened.update([reports]):
                pass
    return index


def times(index: Path, queries: int, token: Path) -> list[float]:
    """Seconds for each page of results, sorted."""
    searches, _ = serving.paths(index, queries + WARM)
    pages = ["/?" + urlsplit(one).query for one in searches]
    found = []
    with serving.served(index, "--token-file", token) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        for number, page in enumerate(pages):
            start = time.perf_counter()
            connection.request("GET", page)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"{page} was answered {answer.status}")
            if number >= WARM:
                found.append(time.perf_counter() - start)
    return sorted(found)


def table(measured: Sequence[tuple[int, list[float]]]) -> list[str]:
    """Lines of the table, and one about the target."""
    lines = [
        "| passages | pages | p50, ms | p95, ms | p99, ms |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    tails = []
    for size, found in measured:
        at = [1000 * found[min(len(found) - 1, int(len(found) * p))] for p in (0.5, 0.95, 0.99)]
        tails.append(at[1])
        shown = " | ".join(f"{value:.0f}" for value in at)
        lines.append(f"| {size:,} | {len(found)} | {shown} |")
    return [*lines, "", f"p95 grows {tails[-1] / tails[0]:.1f} times (aim: {AIM:g} at most)."]


def main() -> None:
    """Measure, print, and write if requested."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[3_000, 100_000])
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--keep", type=Path, help="a folder for the indexes")
    parser.add_argument("--write", action="store_true", help="put the table into docs/http.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder, token = given.keep or Path(temporary), Path(temporary) / "token"
        folder.mkdir(parents=True, exist_ok=True)
        token.write_text(serving.TOKEN, encoding="ascii")
        measured = [
            (size, times(made(folder, size), given.queries, token)) for size in sorted(given.sizes)
        ]
    where = environment(("uvicorn", "fastapi", "whoosh3"))
    block = f"\n{scale.kind()}; {where}\n\n" + "\n".join(table(measured)) + "\n\n"
    print(block)
    if given.write:
        serving.put(BEGIN, END, block)


if __name__ == "__main__":
    main()
