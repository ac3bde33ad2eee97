"""Join paragraphs that a converter split, as at the end of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..blocks import Block
from ..numbering import find_marker

# characters; a shorter text before a small letter may be an item, or a label
_LEAST = 60
_LEAST_NEAR = 35  # without a blank line between the two
# the last three characters
_UNFINISHED = re.compile(r".*(?:[^\W_]|[,%]|[^\W_]\s?[-–])$", re.DOTALL)
# words that do not end a heading, before a figure
_ANNOUNCES = re.compile(
    r"\b(?:với|và|của|cho|tại|theo|từ|gồm|khoảng|gần|hơn|trên|dưới|ước|bằng|cả|các|những|trong|"
    r"tổng số|lần thứ)$"
)
_DASH = re.compile(r"[-–—]\s(?=[^\W\d_A-ZĐ])")


def join_cut(blocks: Sequence[Block], longest: int) -> list[Block]:
    """``blocks`` with the rest of a sentence joined to its beginning.

    The first part ends without punctuation, or in a comma or a dash; the rest begins with a small
    letter, with a figure that a word such as "với" announces, or with a dash and a small letter
    where no list of such items follows. Results have at most ``longest`` characters.
    """
    joined: list[Block] = []
    place: int | None = None  # index in ``joined`` of the last block that is not a note
    for i, block in enumerate(blocks):
        after = blocks[i + 1] if i + 1 < len(blocks) else None
        if place is not None and not block.note and _is_rest(joined[place], block, after):
            before = joined[place]
            text = f"{before.text} {block.text}"
            if len(text) <= longest:
                joined[place] = replace(before, text=text, marks=before.marks + block.marks)
                continue
        joined.append(block)
        if not block.note:
            place = len(joined) - 1
    return joined


def _is_rest(before: Block, block: Block, after: Block | None) -> bool:
    """Whether ``block`` is the rest of the sentence that ``before`` begins."""
    plain = all(
        each.kind != "table-row"
        and each.level is None
        and not each.bold
        and not each.text.isupper()
        for each in (before, block)
    )
    least = _LEAST if block.gap else _LEAST_NEAR
    if not plain or len(before.text) < least or not _UNFINISHED.match(before.text[-3:]):
        return False
    if _DASH.match(block.text):
        return after is None or not after.text.startswith(block.text[:1])
    if find_marker(block.text) is not None or block.lead:
        return False
    figure = block.text[:1].isdigit() and not block.gap
    return block.text[:1].islower() or (figure and _ANNOUNCES.search(before.text) is not None)
