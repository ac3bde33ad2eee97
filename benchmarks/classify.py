"""Accuracy of areas and assessments by words only, compared with a baseline.

    python benchmarks/classify.py [LABELS.jsonl …] [--baseline] [--more FILE.jsonl …]

Without files the annotated reports of ``tests/data/gold`` are classified, without their headings. A
labels file holds passages, one per line: ``text``, and the acceptable ``areas`` and
``assessments``, best first ("none" for neither). Prints accuracy, macro-F1 and the confusion matrix
(rows: the annotation, columns: tracuu), and the number of passages classified per second.

``--baseline`` trains TF-IDF (words and pairs of words) with logistic regression on the passages and
terms that tracuu's weights were trained on, and classifies the same passages, with two strengths
of regularisation and with the one that cross-validation with whole documents left out chooses
(needs scikit-learn; two minutes of one processor); ``--more`` adds files of passages whose area is
that of their document. The passages classified are not used in training.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from reading import ROOT, report_of

from tracuu.corpus import Passage, Reader, read_blocks


class Labelled(NamedTuple):
    """A passage and its acceptable areas and assessments, best first."""

    text: str
    areas: list[str]
    assessments: list[str]


def annotated() -> list[Labelled]:
    """All annotated passages of ``tests/data/gold``."""
    found = []
    for gold in sorted((ROOT / "tests/data/gold").glob("*.jsonl")):
        marks = {
            mark["line"]: mark
            for mark in map(json.loads, Path(gold).read_text(encoding="utf-8").splitlines())
        }
        for reading in Reader().parse(list(read_blocks(report_of(gold)).blocks), id=gold.stem):
            for passage in reading.passages:
                mark = marks.get(passage.line)
                if mark and mark["role"] == "passage":
                    wanted = [mark["area"]], [mark["assessment"] or "none"]
                    found.append(Labelled(passage.text, *wanted))
    return found


def labelled(file: Path) -> list[Labelled]:
    """The passages of a labels file."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [Labelled(row["text"], row["areas"], row["assessments"]) for row in rows]


def table(name: str, acceptable: list[list[str]], got: list[str], *, matrix: bool = True) -> None:
    """Print the agreement of ``got`` with the acceptable labels, best first."""
    pairs_of = zip(acceptable, got, strict=True)
    wanted = [answer if answer in right else right[0] for right, answer in pairs_of]
    labels = sorted(set(wanted) | set(got))
    pairs = Counter(zip(wanted, got, strict=True))
    scores = []
    for label in labels:
        right = pairs[label, label]
        precision = right / max(1, sum(pairs[other, label] for other in labels))
        recall = right / max(1, sum(pairs[label, other] for other in labels))
        scores.append(2 * precision * recall / max(1e-9, precision + recall))
    accuracy = sum(pairs[label, label] for label in labels) / len(wanted)
    macro = sum(scores) / len(scores)
    print(f"{name}: accuracy {accuracy:.3f}, macro-F1 {macro:.3f}, {len(wanted)} passages")
    if not matrix:
        return
    width = max(map(len, labels))
    print(" " * width, *(f"{label[:7]:>7}" for label in labels))
    for label in labels:
        print(f"{label:{width}}", *(f"{pairs[label, other] or '.':>7}" for other in labels))
    print()


def main() -> None:
    """Classify and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labels", nargs="*", type=Path)
    parser.add_argument("--baseline", action="store_true")
    parser.add_argument("--more", nargs="+", default=[])
    options = parser.parse_args()
    rows = [row for file in options.labels for row in labelled(file)] or annotated()
    reader = Reader()
    blank = [Passage("r", number, row.text) for number, row in enumerate(rows, 1)]
    reader.classify(blank[0])
    begin = time.process_time()
    done = [reader.classify(passage) for passage in blank]
    seconds = time.process_time() - begin
    table("areas", [row.areas for row in rows], [passage.area for passage in done])
    got = [passage.assessment or "none" for passage in done]
    table("assessments", [row.assessments for row in rows], got)
    print(f"{len(done) / seconds:,.0f} passages a second of processor time")
    if options.baseline:
        from classify_baseline import guesses

        for name, label, got in guesses([row.text for row in rows], options.more):
            table(name, [getattr(row, label) for row in rows], got, matrix=False)


if __name__ == "__main__":
    main()
