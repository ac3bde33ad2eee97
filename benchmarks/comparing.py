"""How well passages of two reports are matched: precision and recall against pairs that were annotated by hand.

    python benchmarks/comparing.py [--errors] [--write]

The reports are invented: two of the package's samples, and for each the report of the same committee's other term,
in ``tests/data/terms``. Their author, a language model, wrote down which passages speak of the same matter
(``matches.jsonl``), with no second reader, before the matching was written but knowing that it would be; real reports
will be less alike. ``--errors`` lists what was missed and what was found wrongly, ``--write`` puts the table into
docs/comparing.md.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from tracuu import Index, Passage
from tracuu.comparing.matching import THRESHOLD, match_passages, vector

ROOT = Path(__file__).resolve().parent.parent
TERMS = ROOT / "tests" / "data" / "terms"
SAMPLES = ROOT / "corpus" / "samples"
MORE = ROOT / "tests" / "data" / "reports"
THRESHOLDS = (0.08, 0.11, THRESHOLD, 0.17, 0.20, 0.25, 0.30)
DOCS = ROOT / "docs" / "comparing.md"
BLOCK = re.compile(r"(<!-- benchmarks/comparing\.py -->\n```text\n).*?(```\n)", re.DOTALL)
Pair = tuple[str, str]


def annotated() -> dict[Pair, set[tuple[int, int]]]:
    """(older report, newer report) → lines of the passages that belong together."""
    pairs: dict[Pair, set[tuple[int, int]]] = defaultdict(set)
    for line in (TERMS / "matches.jsonl").read_text(encoding="utf-8").splitlines():
        mark = json.loads(line)
        older, newer = mark["older"], mark["newer"]
        pairs[older["report"], newer["report"]].add((older["line"], newer["line"]))
    return dict(pairs)


def found(index: Index, pair: Pair, threshold: float) -> dict[tuple[int, int], tuple[Passage, Passage]]:
    """What is matched with this threshold: lines → passages."""
    older, newer = ([hit.passage for hit in index.search("", report=name, limit=1000)] for name in pair)
    with index._searching() as searcher:
        sources = searcher.sources
        vectors = {one.id: vector(one.text, sources.analyser, sources.lexicon) for one in (*older, *newer)}
    matches = (
        match
        for area in {one.area for one in older}
        for match in match_passages(
            [one for one in older if one.area == area],
            [one for one in newer if one.area == area],
            vectors,
            threshold=threshold,
        )
    )
    return {(match.older.line, match.newer.line): (match.older, match.newer) for match in matches}


def row(name: str, right: int, ours: int, gold: int) -> str:
    """One line of the table."""
    precision, recall = right / ours if ours else 0.0, right / gold
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return f"{name:<44}{gold:>5}{ours:>7}{precision:>11.2f}{recall:>8.2f}{f1:>6.2f}"


def table(index: Index, passages: int) -> list[str]:
    """Precision and recall of each pair of reports with the threshold used, and of both with others."""
    gold = annotated()
    lines = [f"{f'background: {passages} passages':<44}{'gold':>5}{'found':>7}{'precision':>11}{'recall':>8}{'F1':>6}"]
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
    """What was missed, and what was found that should not be."""
    lines = []
    for pair, wanted in annotated().items():
        ours = found(index, pair, THRESHOLD)
        lines += [f"missed: {pair[0]} line {one} – {pair[1]} line {other}" for one, other in sorted(wanted - set(ours))]
        for one, other in sorted(set(ours) - wanted):
            older, newer = ours[one, other]
            lines += [f"wrong: {older.id} {older.text[:60]} – {newer.id} {newer.text[:60]}"]
    return lines


def main() -> None:
    """Print the table, for an index of the five reports and for one with others beside them."""
    lines: list[str] = []
    for folders in ((SAMPLES, TERMS), (SAMPLES, TERMS, MORE)):
        with tempfile.TemporaryDirectory() as folder, Index.create(Path(folder) / "index") as index:
            list(index.update(folders, jobs=1))
            lines += [*table(index, index.search("", limit=0).total), ""]
            if "--errors" in sys.argv:
                lines += [*errors(index), ""]
    text = "\n".join(lines).rstrip("\n") + "\n"
    print(text, end="")
    if "--write" in sys.argv:
        DOCS.write_text(
            BLOCK.sub(lambda block: f"{block[1]}{text}{block[2]}", DOCS.read_text(encoding="utf-8")), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
