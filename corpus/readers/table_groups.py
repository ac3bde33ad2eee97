"""Rows of tables that are headings of the rows below them, by their texts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..numbering import roman_value

NUMBER = re.compile(r"[-+(]?\d[\d.,\s]*%?\)?$")
COUNTER = re.compile(r"\(?(?:\d{1,2}|[A-ZĐ]|[ivxIVX]+)\)?(?:\s*=.*)?$")
# The number of a group of rows: "I", "A."; a bare figure numbers a row.
_GROUP_NUMBER = re.compile(r"(?P<number>[IVXLC]{1,6}|[A-HĐ])\s*[.)/:–-]*$")
_GROUP_TITLE = re.compile(r"(?P<number>[IVXLC]{1,6}|[A-HĐ])\s*[.)/:–-]\s*(?=[^\W\d_])")
_REMARK = re.compile(
    r"(?:ghi chú|lưu ý|chú thích|nguồn|đơn vị(?: tính)?|tổng(?: số| cộng)?)\b", re.IGNORECASE
)
_LONGEST_GROUP = 150  # characters
_LONGEST_FIGURE = 15  # characters of a cell with a figure ("100 %", "12 tỷ đồng", "x")


def group_depths(
    filled: Sequence[Sequence[tuple[str, int]]], bold: Sequence[bool], width: int
) -> list[int]:
    """The depth of each row that is a heading of the rows below it, else 0.

    ``filled`` are the texts of each row, with the number of columns that each covers. A heading
    holds one text and perhaps its number, as a cell across the table, in bold, or behind
    a Roman numeral or a letter; or, behind one of these, figures that sum up the rows below it.
    Kinds of number nest in the order in which they come.
    """
    strong = sum(bold) * 2 < len(filled)  # bold distinguishes a row
    kinds: list[str] = []
    depths: list[int] = []
    for texts, is_bold in zip(filled, bold, strict=True):
        if len(texts) > 2:
            kind = _sum_kind(texts, kinds)
        else:
            kind = _group_kind(texts, width, bold=strong and is_bold, kinds=kinds)
        if kind is not None and kind not in kinds:
            kinds.append(kind)
        depths.append(kinds.index(kind) + 1 if kind is not None else 0)
    sums = [len(texts) > 2 for texts in filled]
    over = {depths[at] for at, below in enumerate(depths[1:]) if sums[at] and not below}
    for place in range(len(depths) - 1, -1, -1):  # a heading has rows below it, or figures
        if depths[place] and (
            depths[place] not in over if sums[place] else not _has_rows(depths, sums, place)
        ):
            depths[place] = 0
    return depths


def _has_rows(depths: Sequence[int], sums: Sequence[bool], place: int) -> bool:
    """Whether another row comes before the next heading of the same depth or higher."""
    for at in range(place + 1, len(depths)):
        if not depths[at] or (sums[at] and depths[at] > depths[place]):
            return True
        if depths[at] <= depths[place]:
            return False
    return False


def may_head(text: str) -> bool:
    """Whether a text is short, with a word, and neither a sentence nor a remark."""
    return (
        len(text) <= _LONGEST_GROUP
        and text[-1:] not in (".", ";")
        and not text[:1].islower()
        and not _REMARK.match(text)
        and re.search(r"[^\W\d_]{2}", text) is not None
    )


def _group_kind(
    texts: Sequence[tuple[str, int]], width: int, *, bold: bool, kinds: Sequence[str]
) -> str | None:
    """The kind of number of a row that may be a heading of others (""), or None."""
    if not 1 <= len(texts) <= 2 or width < 2:
        return None
    title, columns = texts[-1]
    if not may_head(title):
        return None
    number = ""
    if len(texts) == 2:
        if not COUNTER.match(texts[0][0]):
            return None
        number = texts[0][0]
    found = _GROUP_NUMBER.match(number) or _GROUP_TITLE.match(title)
    across = columns + (texts[0][1] if len(texts) == 2 else 0) >= width and columns > 1
    if not (across or (width > 2 and (bold or found))):
        return None
    if found is None:
        return "number" if number else ""
    return _number_kind(found["number"], kinds)


def _sum_kind(texts: Sequence[tuple[str, int]], kinds: Sequence[str]) -> str | None:
    """The kind of number of a row "A | Nông nghiệp | 12 | 15", or None."""
    found = _GROUP_NUMBER.match(texts[0][0])
    title, figures = (texts[1][0], texts[2:]) if found else (texts[0][0], texts[1:])
    found = found or _GROUP_TITLE.match(title)
    if found is None or not may_head(title):
        return None
    if any(len(text) > _LONGEST_FIGURE for text, _ in figures):
        return None
    if not any(NUMBER.match(text) for text, _ in figures):
        return None
    return _number_kind(found["number"], kinds)


def _number_kind(number: str, kinds: Sequence[str]) -> str:
    if number in ("C", "D"):  # a letter or a numeral
        return "upper" if "upper" in kinds else "roman"
    return "roman" if roman_value(number) else "upper"


def group_text(texts: Sequence[tuple[str, int]]) -> str:
    """The number and title of a row that is a heading: "I. Lĩnh vực kinh tế"."""
    number = texts[0][0]
    if len(texts) == 1 or (len(texts) > 2 and not _GROUP_NUMBER.match(number)):
        return number
    return f"{number}{'' if number[-1] in '.):' else '.'} {texts[1][0]}"
