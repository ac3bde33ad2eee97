"""Known-item test: find a passage by a few of its words.

    python benchmarks/known_item.py [PATH…] [--n N] [--misses]

Indexes reports (files or folders; tracuu's samples by default), draws N spans of 2 to 5 words from
their passages with a fixed seed, searches for them unchanged and without diacritics, and checks
whether the original passage is found: success@1 and success@10, for tracuu and for SQLite FTS5. A
passage with the same text counts as the original, and so does one that tracuu collapsed with it.
Many spans occur in several passages: ``possible`` is the limit of a search that finds all passages
with the span, but cannot distinguish them.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from environment import environment
from relevance_sets import SEED, Document, without_diacritics
from relevance_systems import Fts5, syllables

from tracuu import Index, Passage
from tracuu.errors import QueryError, TracuuError

SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "samples"
LENGTHS = (2, 3, 4, 5)
DEPTH = 10
TYPED: dict[str, Callable[[str], str]] = {"as typed": str, "no diacritics": without_diacritics}
_ENDS = re.compile(r"[.;:!?…]+[)\"”’»]*$")

# search results: for every hit the ids of the passages that it represents
ScoredDocument = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Item:
    """A span of words and the passage it was drawn from."""

    passage: str
    text: str
    words: int


def runs(text: str) -> list[list[str]]:
    """The words of every sentence, without the punctuation around them."""
    found: list[list[str]] = [[]]
    for word in text.split():
        bare = word.strip("".join(char for char in set(word) if not char.isalnum()))
        if bare:
            found[-1].append(bare)
        if not bare or _ENDS.search(word):
            found.append([])
    return found


def draw(passages: Sequence[Passage], number: int) -> list[Item]:
    """Spans of words of one sentence, with alternating lengths, without repetition."""
    chance = random.Random(SEED)
    sources = [(passage, runs(passage.text)) for passage in passages]
    if not sources:
        return []
    items: dict[Item, None] = {}
    for attempt in range(50 * number):
        if len(items) == number:
            break
        passage, sentences = chance.choice(sources)
        words = (
            LENGTHS[len(items) % len(LENGTHS)] if attempt < 40 * number else chance.choice(LENGTHS)
        )
        starts = [(row, at) for row in sentences for at in range(len(row) - words + 1)]
        if starts:
            row, at = chance.choice(starts)
            items[Item(passage.id, " ".join(row[at : at + words]), words)] = None
    return list(items)


def possible(
    items: Sequence[Item], passages: Sequence[Passage], typed: Callable[[str], str]
) -> dict[int, list[float]]:
    """Depth → for every item the probability that an ideal search finds it.

    Such a search knows only which texts contain the span.
    """
    texts = {" ".join(["", *syllables(typed(passage.text)), ""]) for passage in passages}
    spans = [" ".join(["", *syllables(typed(item.text)), ""]) for item in items]
    holders = [max(1, sum(span in text for text in texts)) for span in spans]
    return {depth: [min(1.0, depth / held) for held in holders] for depth in (1, DEPTH)}


class Tracuu:
    """tracuu with its defaults; a query with a syntax error is searched literally."""

    def __init__(self, index: Index) -> None:
        self.refused = 0
        self._index = index

    def search(self, query: str) -> ScoredDocument:
        """The ids of the hits, each with those collapsed with it."""
        try:
            hits = self._index.search(query, limit=DEPTH)
        except QueryError:
            self.refused += 1
            hits = self._index.search(query, limit=DEPTH, literal=True)
        return [(hit.passage.id, *hit.duplicates) for hit in hits]


def fts5_searches(passages: Sequence[Passage]) -> dict[str, Callable[[str], ScoredDocument]]:
    """SQLite FTS5 over headings and text, in the three usual ways."""
    peer = Fts5("unicode61 remove_diacritics 2")
    peer.index(
        [
            Document(passage.id, "\n".join(passage.heading_path), passage.text)
            for passage in passages
        ]
    )

    def searcher(joint: str) -> Callable[[str], ScoredDocument]:
        return lambda query: [
            (id,) for id in peer.match(joint.join(f'"{word}"' for word in query.split()), DEPTH)
        ]

    def phrase(query: str) -> ScoredDocument:
        return [(id,) for id in peer.match(f'"{query}"', DEPTH)]

    return {
        "FTS5, all words": searcher(" AND "),
        "FTS5, any word": searcher(" OR "),
        "FTS5, phrase": phrase,
    }


def rank_of(item: Item, found: ScoredDocument, texts: dict[str, str]) -> int | None:
    """The rank of the passage, from 1."""
    for place, ids in enumerate(found, start=1):
        if item.passage in ids or texts[item.passage] == texts[ids[0]]:
            return place
    return None


def row(
    name: str, items: Sequence[Item], at_one: Sequence[float], at_ten: Sequence[float], spent: str
) -> str:
    """One line of the table."""
    cells = [sum(at_one) / len(items), sum(at_ten) / len(items)]
    for length in LENGTHS:
        mine = [value for item, value in zip(items, at_one, strict=True) if item.words == length]
        cells.append(sum(mine) / len(mine) if mine else float("nan"))
    return f"| {name} | {' | '.join(f'{cell:.3f}' for cell in cells)} | {spent} |"


def table(
    typed: str,
    items: Sequence[Item],
    passages: Sequence[Passage],
    searches: dict[str, Callable[[str], ScoredDocument]],
    *,
    misses: bool,
) -> list[str]:
    """The table for one way of typing; with ``misses`` also the passages not found."""
    texts = {passage.id: " ".join(passage.text.split()) for passage in passages}
    head = " | ".join(
        ["success@1", f"success@{DEPTH}", *(f"@1, {length} words" for length in LENGTHS), "ms"]
    )
    lines = [f"## {typed}", "", f"| | {head} |", "| --- |" + " ---: |" * (len(LENGTHS) + 3)]
    missed: list[str] = []
    for name, search in searches.items():
        begin = time.perf_counter()
        answers = [search(TYPED[typed](item.text)) for item in items]
        spent = 1000 * (time.perf_counter() - begin) / len(items)
        places = [rank_of(item, found, texts) for item, found in zip(items, answers, strict=True)]
        at_ten = [float(place is not None) for place in places]
        lines.append(
            row(name, items, [float(place == 1) for place in places], at_ten, f"{spent:.1f}")
        )
        if name == "tracuu" and misses:
            missed = [
                f"- {TYPED[typed](item.text)!r} from {item.passage}"
                for item, place in zip(items, places, strict=True)
                if place is None
            ]
    best = possible(items, passages, TYPED[typed])
    return [
        *lines,
        row("possible", items, best[1], best[DEPTH], ""),
        "",
        *missed,
        *([""] if missed else []),
    ]


def main(given: Sequence[str] | None = None) -> None:
    """Index, draw, search, print."""
    parser = argparse.ArgumentParser(
        prog="known_item.py", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", type=Path, default=[SAMPLES], help="reports, or folders"
    )
    parser.add_argument("--n", type=int, default=500, help="how many spans to draw (500)")
    parser.add_argument(
        "--misses", action="store_true", help=f"list the passages missing from the first {DEPTH}"
    )
    options = parser.parse_args(given)
    if options.n < 1:
        parser.error("--n: at least 1")
    with tempfile.TemporaryDirectory(prefix="tracuu-known-item-") as folder:
        try:
            with Index.create(Path(folder) / "index") as index:
                for change in index.update(options.paths):
                    why = f": {change.error}" if change.error else ""
                    print(f"{change.kind}: {change.path}{why}", file=sys.stderr)
                run(index, options.n, misses=options.misses)
        except TracuuError as error:
            sys.exit(f"known_item.py: {error}")


def run(index: Index, number: int, *, misses: bool) -> None:
    """Draw spans from the index, and print a table for each way of typing them."""
    info = index.info()
    passages = [hit.passage for hit in index.search("", limit=max(1, info.passages))]
    items = draw(passages, number)
    if not items:
        sys.exit("known_item.py: there is no passage with two words to draw")
    ours = Tracuu(index)
    searches: dict[str, Callable[[str], ScoredDocument]] = {
        "tracuu": ours.search,
        **fts5_searches(passages),
    }
    print(f"# Known items\n\n{environment(('underthesea', 'whoosh3', 'whoosh'))}\n")
    print(
        f"{info.reports:,} reports, {len(passages):,} passages, {len(items):,} spans.\n", flush=True
    )
    for typed in TYPED:
        print("\n".join(table(typed, items, passages, searches, misses=misses)), flush=True)
    if ours.refused:
        print(f"{ours.refused} queries refused by the query language were searched literally.")


if __name__ == "__main__":
    main()
