"""Accuracy of reading reports: headings, paths, areas and assessments.

    python benchmarks/reading.py [--errors] [--unmarked] [GOLD.jsonl …]

Compared with annotations by the reports' author, a language model. With ``--unmarked`` the reports
are read as if typed without diacritics. The default files are all annotations in
``tests/data/gold``. Prints for each report and in total: correct roles, headings (precision and
recall), and passages with correct heading path, area and assessment.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from tracuu.corpus import Element, Passage, Reader, Reading, read_blocks
from tracuu.vietnamese import fold

ROOT = Path(__file__).resolve().parent.parent
ROLES = {"title": "outside", "metadata": "outside", "furniture": "outside"}
OURS = {"title": "outside", "letterhead": "outside", "furniture": "outside", "signature": "outside"}


def report_of(gold: Path) -> Path:
    """The report that a gold file annotates."""
    places = [
        ROOT / folder / f"{gold.stem}.txt" for folder in ("corpus/samples", "tests/data/reports")
    ]
    return next(place for place in places if place.exists())


def key(path: list[str]) -> tuple[str, ...]:
    """A heading path for comparing: letters and digits only."""
    return tuple("".join(char for char in fold(text) if char.isalnum()).lower() for text in path)


def same_path(path: tuple[str, ...], text: str, wanted: list[str]) -> bool:
    """Whether a heading path is correct.

    A run-in heading may also be part of the text.
    """
    *above, last = ("", *key(wanted))
    whole = key([text])[0]
    return key(list(path)) in (key(wanted), tuple(above[1:])) and (
        key(list(path)) == key(wanted) or whole.startswith(last)
    )


def by_line(readings: list[Reading]) -> dict[int, Element]:
    """The element of each line; of a run-in heading and its passage, the passage."""
    elements = [element for reading in readings for element in reading.elements]
    headings = {one.line: one for one in reversed(elements) if one.role == "heading"}
    return headings | {one.line: one for one in elements if one.role != "heading"}


def score_passage(passage: Passage, mark: dict[str, Any], counts: Counter[str]) -> list[str]:
    """Count what is correct of a passage; return what is not."""
    got: dict[str, tuple[bool, object, object]] = {
        "paths": (
            same_path(passage.heading_path, passage.text, mark["path"]),
            passage.heading_path,
            mark["path"],
        ),
        "areas": (
            passage.area == mark["area"],
            f"{passage.area} {passage.area_decision}",
            mark["area"],
        ),
        "assessments": (
            passage.assessment == mark["assessment"],
            f"{passage.assessment} {passage.assessment_decision}",
            mark["assessment"],
        ),
    }
    for name, (ok, _, _) in got.items():
        counts[name] += ok
    return [f"{name} {found}, not {wanted}" for name, (ok, found, wanted) in got.items() if not ok]


def score(gold: Path, *, errors: bool, unmarked: bool) -> Counter[str]:
    """Counts of correct results and of all, for one report."""
    marks = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    blocks = list(read_blocks(report_of(gold)).blocks)
    if unmarked:
        blocks = [replace(block, text=fold(block.text)) for block in blocks]
    ours = by_line(Reader().parse(blocks, id=gold.stem))
    counts: Counter[str] = Counter()
    for mark in marks:
        if mark["role"] == "continuation":
            continue
        counts["lines"] += 1
        mine = ours.get(mark["line"])
        role = OURS.get(mine.role, mine.role) if mine else "missing"
        wanted = ROLES.get(mark["role"], mark["role"])
        wrong = []
        counts["headings gold"] += wanted == "heading"
        counts["headings ours"] += role == "heading"
        counts["headings both"] += wanted == role == "heading"
        if role == wanted or (role == "missing" and wanted in ("heading", "outside")):
            counts["roles"] += 1
        else:
            wrong.append(f"role {role}, not {mark['role']}")
        if wanted == "passage":
            counts["passages"] += 1
            if mine and mine.passage:
                wrong += score_passage(mine.passage, mark, counts)
        if wrong and errors:
            text = (mine.text if mine else "")[:70]
            print(f"  {gold.stem}:{mark['line']}: {text!r}")
            for what in wrong:
                print(f"      {what}")
    return counts


def row(name: str, counts: Counter[str]) -> str:
    """One line of the table."""
    both = counts["headings both"]
    return (
        f"{name[:44]:44} {counts['roles']:4}/{counts['lines']:<4} "
        f"{both / max(1, counts['headings ours']):5.2f} "
        f"{both / max(1, counts['headings gold']):5.2f}  "
        + " ".join(
            f"{counts[name]:4}/{counts['passages']:<4}"
            for name in ("paths", "areas", "assessments")
        )
    )


def main(arguments: list[str]) -> None:
    """Print the table."""
    errors = "--errors" in arguments
    unmarked = "--unmarked" in arguments
    named = [Path(argument) for argument in arguments if not argument.startswith("--")]
    total: Counter[str] = Counter()
    rows = []
    for gold in named or sorted((ROOT / "tests/data/gold").glob("*.jsonl")):
        counts = score(gold, errors=errors, unmarked=unmarked)
        total += counts
        rows.append(row(gold.stem, counts))
    print(f"{'report':44} roles     head P   R   paths     areas     assessments")
    print("\n".join([*rows, row("all", total)]))


if __name__ == "__main__":
    main(sys.argv[1:])
