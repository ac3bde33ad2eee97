"""Effect of learning from corrections: half of the labels correct, half evaluate.

    python benchmarks/corrections.py LABELS.jsonl… [--draws N] [--most N]

A label is a line ``{"doc", "text", "headings", "areas"}``; ``areas`` are the acceptable ones, best
first, documents with the same file name are one. In each draw half of the documents, and then half
of the passages, represent what people have checked: if the reader was wrong, the label is a
correction. A reader that learnt from these is compared with one that did not, on the other half.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tracuu.corpus import Passage, Reader

Label = dict[str, Any]


def labels_of(paths: Sequence[Path]) -> list[Label]:
    """The labels of the files, only the first for each text."""
    found: dict[str, Label] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            found.setdefault(label["text"], label)
    return list(found.values())


def right(reader: Reader, labels: Sequence[Label]) -> list[bool]:
    """Whether the reader gives each passage an acceptable area."""
    passages = (
        Passage("r", 1, label["text"], tuple(label.get("headings", ()))) for label in labels
    )
    return [
        reader.classify(passage).area in label["areas"]
        for passage, label in zip(passages, labels, strict=True)
    ]


def halves(units: Sequence[str], draws: int) -> Iterator[tuple[set[int], random.Random]]:
    """For each draw the indices of labels used as corrections: half of the units."""
    for seed in range(draws):
        chance = random.Random(seed)
        drawn = sorted(set(units))
        chance.shuffle(drawn)
        chosen = set(drawn[: len(drawn) // 2])
        yield {at for at, unit in enumerate(units) if unit in chosen}, chance


def main() -> None:
    """Print one line per way of halving."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("labels", type=Path, nargs="+")
    parser.add_argument("--draws", type=int, default=8)
    parser.add_argument("--most", type=int, default=1_000_000, help="corrections at the most")
    given = parser.parse_args()
    labels = labels_of(given.labels)
    before = right(Reader(), labels)
    print(f"{len(labels)} labels, {sum(before) / len(labels):.1%} right")
    ways = {
        "document": [Path(label["doc"]).name for label in labels],
        "passage": [label["text"] for label in labels],
    }
    for unit, units in ways.items():
        gains, mended, broken, corrections = [], 0, 0, 0
        for correcting, chance in halves(units, given.draws):
            examples = [
                (labels[at]["text"], labels[at]["areas"][0])
                for at in sorted(correcting)
                if not before[at]
            ]
            chance.shuffle(examples)
            examples = examples[: given.most]
            rest = [at for at in range(len(labels)) if at not in correcting]
            after = right(Reader(examples=examples), [labels[at] for at in rest])
            was = [before[at] for at in rest]
            gains.append((sum(after) - sum(was)) / len(rest))
            mended += sum(now and not old for now, old in zip(after, was, strict=True))
            broken += sum(old and not now for now, old in zip(after, was, strict=True))
            corrections += len(examples)
        draws = given.draws
        better, worse = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
        print(
            f"by {unit}: {corrections / draws:.0f} corrections, "
            f"{100 * sum(gains) / draws:+.2f} points ({better} draws better, {worse} worse), "
            f"mended {mended / draws:.1f}, broken {broken / draws:.1f}"
        )


if __name__ == "__main__":
    main()
