"""Precision and recall of comparisons against manual annotation.

    python benchmarks/comparing.py [--errors] [--write]

First come the pairs of reports on which the matching was tuned: two of the package's samples, each
with the report of the same committee's other term in ``tests/data/terms``. Their author, a language
model, annotated which passages are about the same matter (``matches.jsonl``), without a second
annotator, before the matching was written but knowing that it would be. Then come the nine pairs of
``tests/data/comparisons``: four for development, five held out. All are invented; real reports will
be less similar. ``--errors`` lists missed and wrong results, except of held-out pairs; ``--write``
inserts the tables into docs/comparing.md.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from annotated_pairs import AnnotatedPair, names, read_pair

from tracuu import Index, Passage
from tracuu.compare.matching import THRESHOLD, Vector, match_passages, vectors
from tracuu.search.query.planner import QueryContext

ROOT = Path(__file__).resolve().parent.parent
TERMS = ROOT / "tests" / "data" / "terms"
SAMPLES = ROOT / "corpus" / "samples"
MORE = ROOT / "tests" / "data" / "reports"
PAIRS = ROOT / "tests" / "data" / "comparisons"
THRESHOLDS = (0.08, 0.11, THRESHOLD, 0.17, 0.20, 0.25, 0.30)
DOCS = ROOT / "docs" / "comparing.md"
BLOCK = r"(<!-- {} -->\n```text\n).*?(```\n)"
Pair = tuple[str, str]
Counts = tuple[int, int, int, int]


def annotated() -> dict[Pair, set[tuple[int, int]]]:
    """(older report, newer report) → lines of the passages that belong together."""
    pairs: dict[Pair, set[tuple[int, int]]] = defaultdict(set)
    for line in (TERMS / "matches.jsonl").read_text(encoding="utf-8").splitlines():
        mark = json.loads(line)
        older, newer = mark["older"], mark["newer"]
        pairs[older["report"], newer["report"]].add((older["line"], newer["line"]))
    return dict(pairs)


def found(
    index: Index, pair: Pair, threshold: float
) -> dict[tuple[int, int], tuple[Passage, Passage]]:
    """Matches with this threshold: lines → passages."""
    older, newer = (
        [hit.passage for hit in index.search("", report=name, limit=1000)] for name in pair
    )
    known = index._ask(lambda searcher: _vectors(searcher.sources, (*older, *newer)))
    matches = (
        match
        for area in {one.area for one in older}
        for match in match_passages(
            [one for one in older if one.area == area],
            [one for one in newer if one.area == area],
            known,
            threshold=threshold,
        )
    )
    return {(match.older.line, match.newer.line): (match.older, match.newer) for match in matches}


def _vectors(sources: QueryContext, passages: Iterable[Passage]) -> dict[str, Vector]:
    analyse = sources.analyser.analyse
    return vectors(
        {one.id: (one.text, analyse(one.text, words=False).tokens) for one in passages},
        sources.statistics,
    )


def row(name: str, right: int, ours: int, gold: int) -> str:
    """One line of the table."""
    return scores(name, gold, ours, right / ours if ours else 0.0, right / gold)


def scores(name: str, gold: int, ours: int, precision: float, recall: float) -> str:
    """A line in which correct results and annotations found differ in number."""
    f1 = 2 * precision * recall / (precision + recall) if precision and recall else 0.0
    return f"{name:<44}{gold:>5}{ours:>7}{precision:>11.2f}{recall:>8.2f}{f1:>6.2f}"


def head(name: str) -> str:
    """The header of a table."""
    return f"{name:<44}{'gold':>5}{'found':>7}{'precision':>11}{'recall':>8}{'F1':>6}"


def table(index: Index, passages: int) -> list[str]:
    """Precision and recall of each pair of reports with the default threshold.

    Then of both pairs with other thresholds.
    """
    gold = annotated()
    lines = [head(f"background: {passages} passages")]
    for threshold in THRESHOLDS:
        sums = [0, 0, 0]
        for pair, wanted in gold.items():
            ours = set(found(index, pair, threshold))
            counts = (len(ours & wanted), len(ours), len(wanted))
            sums = [total + count for total, count in zip(sums, counts, strict=True)]
            if threshold == THRESHOLD:
                lines.append(row(f"  {pair[1]}", *counts))
        name = f"both, from a similarity of {threshold:.2f}"
        lines.append(row(f"{name}{' (used)' if threshold == THRESHOLD else ''}", *sums))
    return lines


def errors(index: Index) -> list[str]:
    """List missed and wrong results."""
    lines = []
    for pair, wanted in annotated().items():
        ours = found(index, pair, THRESHOLD)
        lines += [
            f"missed: {pair[0]} line {one} – {pair[1]} line {other}"
            for one, other in sorted(wanted - set(ours))
        ]
        for one, other in sorted(set(ours) - wanted):
            older, newer = ours[one, other]
            lines += [f"wrong: {older.id} {older.text[:60]} – {newer.id} {newer.text[:60]}"]
    return lines


def judge(index: Index, pair: AnnotatedPair) -> tuple[Counts, Counts, list[str]]:
    """Evaluate one pair.

    Returns four counts of matches (expected, found, correct, correct), four of topics (expected,
    shown, correct among those shown, found among those expected), and the errors.
    """
    comparison = index.compare(*pair.ids())
    ours = {(match.older.position, match.newer.position) for match in comparison.matches()}
    right = len(ours & pair.same)
    shown = [
        (kind, area.area, topic.text)
        for area in comparison.areas
        for kind, topics in (("new", area.new_topics), ("dropped", area.dropped_topics))
        for topic in topics
    ]
    fits = [
        [one[:2] == topic[:2] and names(one[2], topic[2]) for one in shown] for topic in pair.topics
    ]
    good = sum(any(column) for column in zip(*fits, strict=True))
    named = sum(map(any, fits))
    wrong = [f"missed: {pair.name} a{one} – b{other}" for one, other in sorted(pair.same - ours)]
    wrong += [f"wrong: {pair.name} a{one} – b{other}" for one, other in sorted(ours - pair.same)]
    wrong += [
        f"topic missed: {pair.name} {one}"
        for one, row in zip(pair.topics, fits, strict=True)
        if not any(row)
    ]
    columns = zip(*fits, strict=True)
    wrong += [
        f"topic wrong: {pair.name} {one}"
        for one, column in zip(shown, columns, strict=True)
        if not any(column)
    ]
    return (
        (len(pair.same), len(ours), right, right),
        (len(pair.topics), len(shown), good, named),
        wrong,
    )


def halves() -> list[str]:
    """Tables of matches and topics, of development pairs and held-out pairs."""
    files = {half: sorted((PAIRS / half).glob("*.txt")) for half in ("tuned", "held-out")}
    pairs = {half: [read_pair(path) for path in paths] for half, paths in files.items()}
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder, Index.create(Path(folder) / "index") as index:
        list(index.update([SAMPLES, TERMS], jobs=1))
        for pair in (one for half in pairs.values() for one in half):
            pair.put(index)
        tables: dict[str, list[str]] = {"matches": [], "topics": []}
        for half, of_half in pairs.items():
            sums = {what: [0, 0, 0, 0] for what in tables}
            rows: dict[str, list[str]] = {what: [] for what in tables}
            for pair in of_half:
                *counts, errors = judge(index, pair)
                wrong += errors if half == "tuned" else []
                for what, numbers in zip(tables, counts, strict=True):
                    sums[what] = [
                        total + count for total, count in zip(sums[what], numbers, strict=True)
                    ]
                    rows[what].append(_row(f"  {pair.name}", *numbers))
            for what, numbers in sums.items():
                tables[what] += [
                    _row(f"{half}, {len(of_half)} pairs of reports", *numbers),
                    *rows[what],
                ]
        number = index.search("", limit=0).total
    lines = [
        line
        for what, table in tables.items()
        for line in (head(f"{what}, {number} passages"), *table, "")
    ]
    return [*lines, *wrong] if "--errors" in sys.argv else lines


def _row(name: str, gold: int, ours: int, right: int, named: int) -> str:
    return scores(name, gold, ours, right / max(ours, 1), named / max(gold, 1))


def main() -> None:
    """Print the tables, then those of both halves.

    For an index of the five reports, and for one with further reports.
    """
    lines: list[str] = []
    for folders in ((SAMPLES, TERMS), (SAMPLES, TERMS, MORE)):
        with tempfile.TemporaryDirectory() as folder, Index.create(Path(folder) / "index") as index:
            list(index.update(folders, jobs=1))
            lines += [*table(index, index.search("", limit=0).total), ""]
            if "--errors" in sys.argv:
                lines += [*errors(index), ""]
    written = {"benchmarks/comparing.py": lines, "benchmarks/comparing.py halves": halves()}
    page = DOCS.read_text(encoding="utf-8")
    for name, block in written.items():
        text = "\n".join(block).rstrip("\n") + "\n"
        print(text)
        page = re.sub(BLOCK.format(re.escape(name)), rf"\g<1>{text}\g<2>", page, flags=re.DOTALL)
    if "--write" in sys.argv:
        DOCS.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
