"""Time to compare reports with many passages in one area.

    python benchmarks/comparing_speed.py [SIZE ...] [--write]

Also the time saved by the bounds of compare/alike.py. For each size two reports with so many
passages, all of one area, are made from the invented reports of this repository by a chain of words
(each word follows one that it follows there). Then, in one process, the whole comparison is timed,
and of it the search for pairs of alike passages: with bounds, and by computing all cosines from
lists. Both must find the same pairs. Times are processor seconds, the least of three rounds.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from tracuu import Index, Passage, Report
from tracuu.compare.alike import alike
from tracuu.compare.matching import THRESHOLD, vectors
from tracuu.search.query.planner import QueryContext

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ("corpus/samples", "tests/data/reports", "tests/data/terms")
SIZES = (100, 500, 1000, 2000)
LENGTH = 60  # words of a passage
ROUNDS = 3
DOCS = ROOT / "docs" / "comparing.md"
BLOCK = re.compile(r"(<!-- benchmarks/comparing_speed\.py -->\n```text\n).*?(```\n)", re.DOTALL)
Weights = Sequence[Mapping[object, float]]


class Chain:
    """Texts in which each word follows one that it follows in the reports."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._after: dict[str, list[str]] = defaultdict(list)
        for folder in TEXTS:
            for path in sorted((ROOT / folder).glob("*.txt")):
                words = path.read_text(encoding="utf-8").split()
                for word, following in pairwise(words):
                    self._after[word].append(following)
        self._words = sorted(self._after)

    def text(self) -> str:
        """One passage."""
        words = [self._random.choice(self._words)]
        while len(words) < LENGTH:
            words.append(self._random.choice(self._after.get(words[-1]) or self._words))
        return " ".join(words)

    def report(self, name: str, size: int) -> Iterator[Passage]:
        """``size`` passages of one area, in turn achievements and shortcomings."""
        for place in range(1, size + 1):
            assessment = "achievement" if place % 2 else "shortcoming"
            yield Passage(name, place, self.text(), area="kinh-te", assessment=assessment)  # type: ignore[arg-type]


def all_cosines(
    older: Weights, newer: Weights, threshold: float
) -> Iterator[tuple[int, int, float]]:
    """The results of ``alike`` without bounds: all posting lists are read in full."""
    postings: dict[object, list[tuple[int, float]]] = defaultdict(list)
    for place, one in enumerate(newer):
        for key, weight in one.items():
            postings[key].append((place, weight))
    for place, one in enumerate(older):
        sums: dict[int, float] = {}
        for key, weight in one.items():
            for other, theirs in postings.get(key, ()):
                sums[other] = sums.get(other, 0.0) + weight * theirs
        yield from ((place, other, total) for other, total in sums.items() if total >= threshold)


def least(work: Callable[[], object]) -> float:
    """The least processor time of some rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def weights_of(index: Index, name: str) -> Weights:
    """The vectors of a report."""

    def weigh(sources: QueryContext) -> Weights:
        passages = [hit.passage for hit in index.search("", report=name, limit=10_000)]
        analyse = sources.analyser.analyse
        texts = {one.id: (one.text, analyse(one.text, words=False).tokens) for one in passages}
        return [one.weights for one in vectors(texts, sources.statistics).values()]

    return index._ask(lambda searcher: weigh(searcher.sources))


def row(index: Index, size: int) -> str:
    """One line of the table."""
    names = [f"{side}-{size}" for side in ("then", "now")]
    whole = least(lambda: index.compare(*names))
    older, newer = (weights_of(index, name) for name in names)
    bounded, full = (
        {pair[:2] for pair in find(older, newer, THRESHOLD)} for find in (alike, all_cosines)
    )
    if bounded != full:
        raise SystemExit(f"{size} passages: {len(bounded ^ full)} pairs differ")
    quick, slow = (
        least(lambda find=find: list(find(older, newer, THRESHOLD)))
        for find in (alike, all_cosines)
    )
    each = 1000 * whole / (2 * size)
    return f"{size:>20}{whole:>12.2f}{each:>14.2f}{quick:>14.2f}{slow:>14.2f}{len(full):>8}"


def main() -> None:
    """Print the table."""
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()] or SIZES
    chain = Chain(7)
    heads = ("compare, s", "ms a passage", "bounded, s", "all, s")
    lines = [
        f"{'passages of a report':>20}{heads[0]:>12}"
        + "".join(f"{head:>14}" for head in heads[1:])
        + f"{'pairs':>8}"
    ]
    with tempfile.TemporaryDirectory() as folder, Index.create(Path(folder) / "index") as index:
        for size in sizes:
            for side, term in (("then", (2015, 2020)), ("now", (2020, 2025))):
                name = f"{side}-{size}"
                index.add(
                    chain.report(name, size),
                    report=Report(name, title=name, term=term),
                    classify=False,
                )
        lines += [row(index, size) for size in sizes]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if "--write" in sys.argv:
        page = DOCS.read_text(encoding="utf-8")
        DOCS.write_text(
            BLOCK.sub(lambda block: f"{block[1]}{text}{block[2]}", page), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
