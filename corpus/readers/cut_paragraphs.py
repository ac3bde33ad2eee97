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
_TAIL = 40  # characters at the end of a text that are examined
# the last three characters
_UNFINISHED = re.compile(r".*(?:[^\W_]|[,%]|[^\W_]\s?[-–])$", re.DOTALL)
# words that do not end a heading, before a figure
_ANNOUNCES = re.compile(
    r"\b(?:với|và|của|cho|tại|theo|từ|gồm|khoảng|gần|hơn|trên|dưới|ước|bằng|cả|các|những|trong|"
    r"tổng số|lần thứ|có)$"
)
_YEAR = re.compile(r"(?:19|20)\d\d\b")
# words before a name; they do not end a heading either
_BEFORE_NAME = re.compile(r"\b(?:của|với|và|tại|ở|từ|cho|các|những|số)$")
# the same in prose, perhaps with the first syllable: "… giữa xã", "… giữa xã Bình"
_NAME_CUT = re.compile(
    r"\b(?<!hợp tác )(?:xã|phường|thị trấn|huyện|quận|tỉnh|thôn|bản|xóm|ấp|chợ|ông|bà|đồng chí)"
    r"(?: (?P<first>[^\W\d_]+))?$"
)
_PROSE = re.compile(r"[.;]\s")  # a sentence has ended
_DASH = re.compile(r"[-–—]\s(?=[^\W\d_])")
_NAME_END = re.compile(r"\s[^\W\d_]+$")


def join_cut(blocks: Sequence[Block], longest: int) -> list[Block]:
    """``blocks`` with the rest of a sentence joined to its beginning.

    The first part ends without punctuation, or in a comma or a dash; the rest begins with a small
    letter, a percent sign, a figure that a word such as "với" announces, the rest of a name that is
    cut, or with a dash where no list of such items is. Results have at most ``longest`` characters.
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
        listed = any(each and each.text[:1] == block.text[:1] for each in (before, after))
        return not listed and (block.text[2].islower() or _ends_in_name(before.text))
    if find_marker(block.text) is not None or block.lead:
        return False
    first = block.text[:1]
    if block.gap or not (first.isdigit() or first.isupper()):
        return first.islower() or first == "%"
    if _YEAR.match(block.text) and before.text.endswith(" năm"):
        return True
    announces = _ANNOUNCES if first.isdigit() else _BEFORE_NAME
    return announces.search(before.text[-_TAIL:]) is not None or (
        first.isupper() and _ends_within_name(before.text)
    )


def _ends_within_name(text: str) -> bool:
    """Whether prose, not a heading, ends before a name or after its first syllable."""
    marker = find_marker(text)
    prose = _PROSE.search(marker.rest if marker else text)
    cut = _NAME_CUT.search(text[-_TAIL:]) if prose else None
    return cut is not None and (cut["first"] is None or cut["first"].istitle())


def _ends_in_name(text: str) -> bool:
    """Whether the last word has a capital, as within "xã Tân Lộc – An Lạc"."""
    last = _NAME_END.search(text[-_TAIL:])
    return last is not None and last[0].strip().istitle()
