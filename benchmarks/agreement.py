"""Agreement of the engines: nDCG@10, and the ten best of 500 queries.

    python benchmarks/agreement.py [SET…] [--paragraphs 20000] [--engines whoosh tantivy] [--out
    DIR]

Each set, and the given number of paragraphs of the scale set, are indexed with the first engine and
copied to the others with ``tracuu copy``. Each query requests ten hits (``collapse=False``), so
that as few candidates as possible are reranked. The 500 queries are those of searching.py. Prints
Markdown; ``--out`` also writes it to ``which-engine.md`` in that folder. A set is a folder as for
relevance.py.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from blocks import put_block
from environment import environment
from relevance_measures import mean, measure
from relevance_sets import read_set
from relevance_systems import as_passages
from scale import DEFAULT, paragraphs
from searching import queries

from tracuu import Index, Passage, copy
from tracuu.errors import QueryError

PACKAGES = ("underthesea", "whoosh3", "tantivy", "opensearch-py")
_EACH = 100


def make(folder: Path, passages: Sequence[Passage], engines: Sequence[str]) -> list[Index]:
    """Make one index per engine, all with the same passages."""
    first = folder / engines[0]
    with Index.create(first, engine=engines[0]) as index:
        for at in range(0, len(passages), 10_000):
            index.add(passages[at : at + 10_000])
    for engine in engines[1:]:
        for _ in copy(first, folder / engine, engine=engine):
            pass
    return [Index.open(folder / engine) for engine in engines]


def ask(index: Index, query: str, area: str | None = None) -> tuple[int, list[str]]:
    """The number of matches, and the ids of the top ten."""
    try:
        found = index.search(query, area=area, collapse=False)
    except QueryError:
        found = index.search(query, area=area, literal=True, collapse=False)
    return found.total, [hit.passage.id for hit in found]


def relevance(folder: Path, engines: Sequence[str]) -> list[str]:
    """The row of one set: each engine's nDCG@10, and differences from the first."""
    given = read_set(folder)
    passages, ids = as_passages(given.documents)
    values = []
    with tempfile.TemporaryDirectory(prefix="tracuu-agreement-") as place:
        for index in make(Path(place), passages, engines):
            with index:
                ranked = {
                    query.id: [ids[one] for one in ask(index, query.text)[1]]
                    for query in given.queries
                }
            values.append(mean(measure(given.judgements, ranked)["nDCG@10"]))
    apart = max(abs(value - values[0]) for value in values)
    return [
        folder.name,
        f"{len(given.queries):,}",
        *(f"{value:.4f}" for value in values),
        f"{apart:.4f}",
    ]


def overlap(count: int, source: Path, engines: Sequence[str]) -> list[list[str]]:
    """A row for each engine but the first.

    Equal totals, shared hits among the top ten, and identical lists.
    """
    texts = list(paragraphs(count, source))
    passages = [
        Passage(f"r{at // _EACH:05}", at % _EACH + 1, text) for at, text in enumerate(texts)
    ]
    sample = queries(texts)
    with tempfile.TemporaryDirectory(prefix="tracuu-agreement-") as place:
        answers = []
        for index in make(Path(place), passages, engines):
            with index:
                answers.append(
                    [ask(index, *_as_typed(query.kind, query.words)) for query in sample]
                )
    rows = []
    for engine, theirs in zip(engines[1:], answers[1:], strict=True):
        pairs = list(zip(answers[0], theirs, strict=True))
        found = sum(len(one[1]) for one, _ in pairs)
        same = sum(len(set(one[1]) & set(other[1])) for one, other in pairs)
        totals = sum(one[0] == other[0] for one, other in pairs)
        orders = sum(one[1] == other[1] for one, other in pairs)
        rows.append(
            [
                engine,
                f"{totals} of {len(pairs)}",
                f"{same / max(found, 1):.2%}",
                f"{orders} of {len(pairs)}",
            ]
        )
    return rows


def _as_typed(kind: str, words: Iterable[str]) -> tuple[str, str | None]:
    text = " ".join(words)
    return (f'"{text}"' if kind == "phrase" else text), ("kinh-te" if kind == "area" else None)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> list[str]:
    """A Markdown table with right-aligned numbers."""
    marks = ["---" if at < left else "---:" for at in range(len(head))]
    return [f"| {' | '.join(cells)} |" for cells in (head, marks, *rows)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", type=Path, nargs="*")
    parser.add_argument("--paragraphs", type=int, default=20_000)
    parser.add_argument("--engines", nargs="+", default=["whoosh", "tantivy"])
    parser.add_argument("--scale", type=Path, default=DEFAULT)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    lines = [f"Made by `python benchmarks/agreement.py SET…` on {environment(PACKAGES)}.", ""]
    rows = []
    for folder in given.sets:
        rows.append(relevance(folder, given.engines))
        print(rows[-1], file=sys.stderr)
    if rows:
        names = [f"nDCG@10, {engine}" for engine in given.engines]
        lines += [*table(["set", "queries", *names, "most apart"], rows), ""]
    head = [
        "engine",
        "equal totals",
        f"of the ten best, also on {given.engines[0]}",
        "lists equal in order",
    ]
    lines += [f"500 queries over {given.paragraphs:,} paragraphs:", ""]
    lines += table(head, overlap(given.paragraphs, given.scale, given.engines))
    print("\n".join(lines))
    if given.out:
        put_block(given.out / "which-engine.md", "agreement", lines)


if __name__ == "__main__":
    main()
