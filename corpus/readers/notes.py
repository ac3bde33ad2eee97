"""Move manually typed notes at the end of a text to the citing paragraphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ..blocks import Block


def place_notes(blocks: Sequence[Block]) -> list[Block]:
    """``blocks`` with each note ("[1] …") after the paragraph whose ``marks`` name it.

    Notes that Word and PDF files link to a paragraph are in place already. If a label occurs
    several times, marks and notes are paired in order. A note without a reference stays in place.
    """
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    for i, block in enumerate(blocks):
        for mark in block.marks:
            wanted[mark].append(i)
    if not wanted:
        return list(blocks)
    moved: defaultdict[int, list[Block]] = defaultdict(list)
    gone: set[int] = set()
    for i, block in enumerate(blocks):
        label = block.text[1:].partition("]")[0] if block.note else ""
        places = wanted.get(label)
        if places and places[0] < i:
            moved[places.pop(0)].append(block)
            gone.add(i)
    placed: list[Block] = []
    for i, block in enumerate(blocks):
        if i not in gone:
            placed += [block, *moved[i]]
    return placed
