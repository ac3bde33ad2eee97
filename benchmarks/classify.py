"""Areas and assessments by the passages' own words alone: the annotated reports, their headings hidden.

    python benchmarks/classify.py

Prints accuracy, macro-F1 and the confusion matrix (rows: the annotation, columns: ours), and how many
passages a second are classified. None of these reports had a part in training the models.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

from reading import ROOT, report_of

from tracuu.corpus import Passage, Reader, read_blocks


def passages() -> list[tuple[str, str, str]]:
    """Text, area and assessment ("none" for neither) of every annotated passage."""
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
                    found.append((passage.text, mark["area"], mark["assessment"] or "none"))
    return found


def table(name: str, wanted: list[str], got: list[str]) -> None:
    """Print how well ``got`` agrees with ``wanted``."""
    labels = sorted(set(wanted) | set(got))
    pairs = Counter(zip(wanted, got, strict=True))
    scores = []
    for label in labels:
        right = pairs[label, label]
        precision = right / max(1, sum(pairs[other, label] for other in labels))
        recall = right / max(1, sum(pairs[label, other] for other in labels))
        scores.append(2 * precision * recall / max(1e-9, precision + recall))
    accuracy = sum(pairs[label, label] for label in labels) / len(wanted)
    print(
        f"{name}: accuracy {accuracy:.3f}, macro-F1 {sum(scores) / len(scores):.3f}, {len(wanted)} passages"
    )
    width = max(map(len, labels))
    print(" " * width, *(f"{label[:7]:>7}" for label in labels))
    for label in labels:
        print(f"{label:{width}}", *(f"{pairs[label, other] or '.':>7}" for other in labels))
    print()


def main() -> None:
    """Classify and print."""
    reader = Reader()
    rows = passages()
    blank = [Passage("r", number, text) for number, (text, _, _) in enumerate(rows, 1)]
    reader.classify(blank[0])
    begin = time.process_time()
    done = [reader.classify(passage) for passage in blank]
    seconds = time.process_time() - begin
    table("areas", [area for _, area, _ in rows], [passage.area for passage in done])
    table(
        "assessments",
        [told for _, _, told in rows],
        [passage.assessment or "none" for passage in done],
    )
    print(f"{len(done) / seconds:,.0f} passages a second of processor time")


if __name__ == "__main__":
    main()
