"""Response times of tracuu, bare Whoosh, SQLite FTS5 and tantivy.

    python benchmarks/indexing.py --keep DIR
    python benchmarks/searching.py DIR [--sizes 10000 100000] [--out DIR]

The 500 queries are taken from the paragraphs: 1, 2, 3 and 8 words, phrases, words with an area,
words without diacritics; ten hits each. Every system is warm (all queries were run once before),
then queried by 1 and by 8 threads. The peers rank the OR of the same words in one field (phrases as
phrases; without areas, they search only the words). Peers that are not installed are left out. The
cold start is measured by ``cold_start.py``. Prints Markdown; ``--out`` also writes ``searching.md``
and ``searching.svg`` (which needs matplotlib).
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import cold_start
from environment import environment
from scale import DEFAULT, paragraphs

PACKAGES = ("underthesea", "whoosh3", "whoosh", "tantivy")
KINDS = ("1 word", "2 words", "3 words", "8 words", "phrase", "area", "no diacritics")
THREADS = (1, 8)
_WORD = re.compile(r"\w+")


class Query(NamedTuple):
    """The words of a query, and its form."""

    kind: str
    words: tuple[str, ...]


Ask = Callable[[Query], object]


def queries(texts: Sequence[str], count: int = 500) -> list[Query]:
    """Runs of words from the texts, of all kinds in turn."""
    from tracuu.vietnamese import fold

    chance, made = random.Random(7), []
    while len(made) < count:
        kind = KINDS[len(made) % len(KINDS)]
        size = int(kind[0]) if kind[0].isdigit() else 3
        words = [word for word in _WORD.findall(chance.choice(texts).lower()) if word.isalpha()]
        if len(words) < size:
            continue
        start = chance.randint(0, len(words) - size)
        cut = words[start : start + size]
        made.append(Query(kind, tuple(map(fold, cut)) if kind == "no diacritics" else tuple(cut)))
    return made


def tracuu(folder: Path, texts: Sequence[str], name: str = "tracuu") -> Iterator[Ask]:
    """The index made by indexing.py."""
    from tracuu import Index

    with Index.open(folder / name) as index:

        def ask(query: Query) -> object:
            text = " ".join(query.words)
            area = "kinh-te" if query.kind == "area" else None
            return index.search(f'"{text}"' if query.kind == "phrase" else text, area=area).total

        yield ask


def on_tantivy(folder: Path, texts: Sequence[str]) -> Iterator[Ask]:
    """The same passages with the engine tantivy.

    The index made by indexing.py, or a copy of the other index.
    """

    from tracuu import copy

    if not (folder / "tracuu-tantivy" / "tracuu.json").exists():
        for _copied in copy(folder / "tracuu", folder / "tracuu-tantivy", engine="tantivy"):
            pass
    yield from tracuu(folder, texts, "tracuu-tantivy")


def bare_whoosh(folder: Path, texts: Sequence[str]) -> Iterator[Ask]:
    """One TEXT field of lower-case words, indexed for this run if it is missing.

    One searcher per thread, since Whoosh's readers share the position in a file.
    """
    from whoosh import analysis, fields, query
    from whoosh.index import create_in, open_dir

    place = folder / "bare-whoosh"
    if not place.exists():
        place.mkdir()
        analyser = analysis.RegexTokenizer(r"\w+") | analysis.LowercaseFilter()
        index = create_in(
            str(place), fields.Schema(id=fields.STORED, text=fields.TEXT(analyzer=analyser))
        )
        writer = index.writer(limitmb=256)
        for number, text in enumerate(texts):
            writer.add_document(id=number, text=text)
        writer.commit()
    own, opened = threading.local(), open_dir(str(place))

    def ask(one: Query) -> object:
        if one.kind == "phrase":
            wanted: Any = query.Phrase("text", list(one.words))
        else:
            wanted = query.Or([query.Term("text", word) for word in one.words])
        if not hasattr(own, "searcher"):
            own.searcher = opened.searcher()
        return [hit["id"] for hit in own.searcher.search(wanted, limit=10)]

    yield ask


def fts5(folder: Path, texts: Sequence[str]) -> Iterator[Ask]:
    """SQLite's tokeniser and bm25(), with a connection per thread."""
    place = folder / "fts5.sqlite"
    if not place.exists():
        database = sqlite3.connect(place)
        database.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'unicode61 remove_diacritics "
            "0')"
        )
        database.executemany("INSERT INTO texts(text) VALUES (?)", ((text,) for text in texts))
        database.commit()
        database.close()
    own = threading.local()

    def ask(query: Query) -> object:
        if not hasattr(own, "database"):
            own.database = sqlite3.connect(place)
        words = " ".join(query.words)
        wanted = f'"{words}"' if query.kind == "phrase" else words.replace(" ", " OR ")
        statement = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT 10"
        return own.database.execute(statement, (wanted,)).fetchall()

    yield ask


def tantivy(folder: Path, texts: Sequence[str]) -> Iterator[Ask]:
    """tantivy with its default tokeniser."""
    import tantivy as engine

    place = folder / "tantivy"
    schema = (
        engine.SchemaBuilder().add_text_field("text").add_unsigned_field("id", stored=True).build()
    )
    fresh = not place.exists()
    place.mkdir(exist_ok=True)
    index = engine.Index(schema, path=str(place))
    if fresh:
        writer = index.writer()
        for number, text in enumerate(texts):
            writer.add_document(engine.Document(text=text, id=number))
        writer.commit()
        index.reload()
    searcher = index.searcher()

    def ask(query: Query) -> object:
        words = " ".join(query.words)
        return searcher.search(
            index.parse_query(f'"{words}"' if query.kind == "phrase" else words, ["text"]), 10
        ).hits

    yield ask


SYSTEMS = {
    "tracuu": tracuu,
    "tracuu on tantivy": on_tantivy,
    "bare Whoosh, OR": bare_whoosh,
    "SQLite FTS5": fts5,
    "tantivy": tantivy,
}


def timed(ask: Ask, sample: Sequence[Query], threads: int) -> tuple[list[float], float]:
    """Milliseconds of each query, and queries per second in total."""

    def one(query: Query) -> float:
        start = time.perf_counter()
        ask(query)
        return (time.perf_counter() - start) * 1000

    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        times = list(pool.map(one, sample))
    return times, len(sample) / (time.perf_counter() - start)


def percentile(times: Sequence[float], share: float) -> float:
    """The percentile ``share`` (0 to 1) of sorted times."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def plot(points: dict[tuple[str, int], tuple[float, float]], path: Path) -> None:
    """Plot median and p95 of one thread, a bar per system and size."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 0.45 * len(points) + 1))
    labels = [f"{name}, {count:,}" for name, count in points]
    axes.barh(labels, [p95 for _, p95 in points.values()], color="#c9d6e8", label="p95")
    axes.barh(labels, [p50 for p50, _ in points.values()], color="#3b6ea5", label="p50", height=0.5)
    axes.set_xscale("log")
    axes.invert_yaxis()
    axes.set_xlabel("milliseconds a query, one thread")
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def report(table: Sequence[str], by_kind: Sequence[str], cold: Sequence[str]) -> list[str]:
    """The page in Markdown."""
    return [
        "# Searching",
        "",
        f"Made by `python benchmarks/searching.py DIR` on {environment(PACKAGES)}.",
        "",
        *table,
        "",
        "p95 in milliseconds by kind of query, one thread:",
        "",
        *by_kind,
        "",
        "\n\n".join(cold),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--scale", type=Path, default=DEFAULT)
    parser.add_argument("--cold", type=int, default=cold_start.RUNS, metavar="RUNS")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.out:
        given.out.mkdir(parents=True, exist_ok=True)  # fails before the measurements
    head = ["paragraphs", "system", "threads", "p50, ms", "p95, ms", "p99, ms", "queries/s"]
    table = [f"| {' | '.join(head)} |", "| ---: | --- | ---: | ---: | ---: | ---: | ---: |"]
    by_kind = [
        f"| {' | '.join(['paragraphs', 'system', *KINDS])} |",
        "| ---: | --- |" + " ---: |" * len(KINDS),
    ]
    points: dict[tuple[str, int], tuple[float, float]] = {}
    for count in given.sizes:
        texts = list(paragraphs(count, given.scale))
        sample = queries(texts)
        for name, system in SYSTEMS.items():
            with suppress(ImportError):
                for ask in system(given.folder / str(count), texts):
                    timed(ask, sample, 1)
                    for threads in THREADS:
                        times, rate = timed(ask, sample, threads)
                        p50, p95, p99 = (percentile(times, share) for share in (0.5, 0.95, 0.99))
                        table.append(
                            f"| {count:,} | {name} | {threads} | {p50:.2f} | {p95:.2f} | {p99:.2f} "
                            f"| {rate:,.0f} |"
                        )
                        print(table[-1], file=sys.stderr)
                        if threads == 1:
                            points[name, count] = p50, p95
                            mine = [
                                [t for t, q in zip(times, sample, strict=True) if q.kind == kind]
                                for kind in KINDS
                            ]
                            cells = " | ".join(f"{percentile(part, 0.95):.1f}" for part in mine)
                            by_kind.append(f"| {count:,} | {name} | {cells} |")
    page = report(table, by_kind, cold_start.lines(given.folder, given.sizes, given.cold))
    print("\n".join(page))
    if given.out:
        plot(points, given.out / "searching.svg")
        text = "\n".join([*page, "", "![Milliseconds a query](searching.svg)", ""])
        (given.out / "searching.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
