"""Find the headings among the lines of a report's body.

Plain text has no styles, so headings are recognised by several features: a number or letter before
the line, capitals, bold type, length, not being a sentence, named areas and assessments, and text
that follows.
"""

from __future__ import annotations

import re
from collections import Counter

from .areas import AreaClassifier
from .assessment import is_salutation
from .line_types import (
    BYLINE,
    NUMBER,
    is_caption,
    is_organisation,
    is_place_date,
    is_signing_place,
    is_source,
    signs,
)
from .lines import Line, run_in_heading
from .numbering import find_marker

_NUMBERED_WORDS = 40
_NESTED_WORDS = 60  # of "2. …" directly above "2.1. …"
_LETTERED_WORDS = 26
_STOPPED_WORDS = 16  # of a heading that ends with a full stop
_SENTENCE_WORDS = 24  # a longer line with a full stop is a paragraph, even in a heading style
_ENDED_WORDS = 10  # a numbered line that ends like a sentence is a heading only if it is so short
_CAPS_WORDS = 45
_LONG_CAPS_WORDS = 90  # of a numbered heading in capitals: names of resolutions run long
_PLAIN_WORDS = 22
_SILENT_WORDS = 14
_BULLET_WORDS = 14
_LIST = 3  # short lines in a row without area or assessment are a list
_CELL_WORDS = 8
_LABELS = 3  # repetitions from which a line without area or assessment is not a heading
_BODIES = 2  # names of bodies in capitals in a row: a letterhead, or a list
_ITEM_WORDS = 8
_CELLS = 4  # plain lines in a row: a list, or the cells of a table
_TEXT_WORDS = 20  # minimum length of text below a plain heading that is not a sentence

_CAPTION_LINES = 2  # maximum lines from a caption to its table, such as "Đơn vị: triệu đồng"

_ABOUT = re.compile(
    r"(?:về|công tác|lĩnh vực|trên lĩnh vực|trong lĩnh vực|trong công tác|tình hình|đối với|phần|"
    r"lãnh đạo|xây dựng|phát triển)\s",
    re.IGNORECASE,
)
_SHEET = re.compile(r"(?:danh sách|sổ|phiếu|bảng|biểu|mẫu|phụ lục|biên bản)\s", re.IGNORECASE)
EXAMPLE = re.compile(r"ví dụ(?:\s+\d+)?(?!\w)", re.IGNORECASE)
_EXAMPLE_WORDS = 30  # maximum words that introduce an example
_EXAMPLE_LINES = 6  # maximum lines of an example
FIRST_COLUMN = re.compile(r"(?:số\s*)?(?:s?tt|thứ tự)\.?$", re.IGNORECASE)
BLANK_LINE = re.compile(r"\.{4,}|…{2,}|_{4,}")  # a form to be filled in by hand
_TIME = re.compile(r"(?:đến|giai đoạn|năm|từ|trong|ngày|tháng|quý)\s+(?:năm\s+)?\d", re.IGNORECASE)
_MEASURE = re.compile(
    r"\d\s*(?:%|(?:tỷ|triệu|nghìn|đồng|ha|km|m2|m²|m3|tấn|tạ|kg|hộ|người|vụ|lượt|cuộc)(?!\w))",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"(?:về|lĩnh vực|trên lĩnh vực|trong lĩnh vực)\s", re.IGNORECASE)
_SUBJECT = re.compile(r"về\s", re.IGNORECASE)
_SENTENCE_OPENING = re.compile(
    r"(?:bên cạnh|tuy nhiên|ngoài ra|đồng thời|trong đó|như vậy|vì vậy|do đó|theo|cụ thể|ví dụ|"
    r"sau đây|nay|lưu ý|ghi chú)\b",
    re.IGNORECASE,
)


class HeadingFinder:
    """Finds headings; ``areas`` recognises leadership areas in a line."""

    def __init__(self, areas: AreaClassifier) -> None:
        self._areas = areas

    def find(self, lines: list[Line]) -> list[bool]:
        """Whether each line of a report's body is a heading."""
        headings = [self._is_heading(lines, place) for place in range(len(lines))]
        self._drop_lists(lines, headings)
        _drop_examples(lines, headings)
        return headings

    def _is_heading(self, lines: list[Line], place: int) -> bool:
        line = lines[place]
        after = lines[place + 1] if place + 1 < len(lines) else None
        if line.block.kind == "table-row":
            return line.block.group > 0
        if is_caption(line):  # of the table below it; of a figure it is text
            below = lines[place + 1 : place + 1 + _CAPTION_LINES]
            return any(other.block.kind == "table-row" for other in below)
        if BLANK_LINE.search(line.text) or is_salutation(line.text) or is_source(line):
            return False
        if is_signing_place(line):
            return False
        if line.text[:1] == "(" and line.marker is None:
            return False
        if line.block.level is not None:
            return not _is_prose(line)
        if line.kind in ("part", "chapter", "section"):
            return line.size <= (_LONG_CAPS_WORDS if line.caps else _CAPS_WORDS)
        if line.kind == "article":
            return True
        if line.end in (";", ",", "…"):
            return False
        if line.bullet:
            return self._bullet(line, after)
        if line.numbered:
            return self._numbered(line, after)
        return self._unmarked(lines, place)

    def _numbered(self, line: Line, after: Line | None) -> bool:
        if line.kind in ("upper", "roman"):
            longest = _LONG_CAPS_WORDS if line.caps else _NUMBERED_WORDS
            return line.size <= longest and (line.end != "." or line.size <= _STOPPED_WORDS)
        if not _has_text(line, after) or (
            line.rest and not line.capitalised and not line.block.bold
        ):
            return False
        if line.end != "." and _is_nested(line, after):
            return line.size <= _NESTED_WORDS
        if line.end == ".":
            follows = after is not None and after.marker is None and after.size > line.size
            deeper = after is not None and after.marker is not None and after.kind != line.kind
            longest = _STOPPED_WORDS if follows and _ABOUT.match(line.rest) else _ENDED_WORDS
            if line.size > longest or not (follows or deeper):
                return False
            return bool(_SUBJECT.match(line.rest)) or self._is_named(line)
        if line.end == ":" and line.words[-1:] == ["gồm"]:
            return False  # a sentence that announces its list
        lettered = line.kind in ("lower", "bracket") and line.end != "?"
        if line.size > (_LETTERED_WORDS if lettered else _NUMBERED_WORDS):
            return False
        return line.end != ":" or line.size <= _SILENT_WORDS or self._is_named(line)

    def _is_named(self, line: Line) -> bool:
        """Whether a line names an assessment or an area."""
        return bool(line.verdict or self._areas.heading(line.rest).among)

    def _bullet(self, line: Line, after: Line | None) -> bool:
        if line.size > _BULLET_WORDS or line.end == "." or after is None or not line.capitalised:
            return False
        if after.kind == line.kind or not (
            after.sentence or after.size > _TEXT_WORDS or after.marker
        ):
            return False
        if line.verdict and line.verdict.pure:
            return True
        named = bool(self._areas.heading(line.rest).among)
        return named and (line.block.bold or line.kind == "star") and not after.numbered

    def _unmarked(self, lines: list[Line], place: int) -> bool:
        line = lines[place]
        after = lines[place + 1] if place + 1 < len(lines) else None
        if after is None or not 0 < line.size <= _CAPS_WORDS:
            return False
        if line.caps:
            return line.end != "." and not signs(line)
        pure = line.size <= _SILENT_WORDS and line.verdict is not None and line.verdict.pure
        if (
            "@" in line.text
            or line.text.startswith("Nơi nhận")
            or (BYLINE.match(line.text) and line.end != ":")
            or is_place_date(line)
            or NUMBER.match(line.text)
        ):
            return False
        if pure and line.end in ("", ":", "?") and line.capitalised:
            return True
        if not line.capitalised or line.end in (".", "!") or _SENTENCE_OPENING.match(line.text):
            return False
        if _MEASURE.search(line.text) and not line.block.bold:
            return False
        if line.block.bold:
            return True
        if line.size > _PLAIN_WORDS:
            return False
        if ":" in line.text.rstrip(" :") and not pure:
            return False  # "Đơn vị thực hiện: Hội Nông dân xã": a label and its value
        if line.end == ":":
            return line.size <= 10 and self._is_named(line)
        if _ABOUT.match(line.text) or self._is_named(line):
            return True
        return line.size <= _SILENT_WORDS and (
            after.size > _TEXT_WORDS or after.sentence or bool(after.marker)
        )

    def _drop_lists(self, lines: list[Line], headings: list[bool]) -> None:
        """Drop plain short lines in a row: items of a list or cells of a table."""
        rules = (
            (_LIST, self._is_silent),
            (_CELLS, self._is_plain),
            (_CELLS, self._is_cell),
            (_BODIES, self._is_body),
        )
        for least, drops in rules:
            start = 0
            while start < len(lines):
                end = start
                while (
                    end < len(lines)
                    and (headings[end] or _is_item(lines[end]))
                    and drops(lines[end])
                ):
                    end += 1
                if end - start >= least:
                    headings[start:end] = [False] * (end - start)
                start = max(end, start + 1)
        self._drop_repeated(lines, headings)
        _drop_column_names(lines, headings)

    def _drop_repeated(self, lines: list[Line], headings: list[bool]) -> None:
        """Drop repeated lines without area or assessment: labels of a form, not headings."""
        silent = [
            place
            for place, line in enumerate(lines[:-1])
            if headings[place]
            and not line.marker
            and not line.verdict
            and lines[place + 1].size <= _CELL_WORDS
        ]
        counts = Counter(lines[place].text for place in silent)
        for place in silent:
            if (
                counts[lines[place].text] >= _LABELS
                and not self._areas.heading(lines[place].rest).among
            ):
                headings[place] = False

    def _is_silent(self, line: Line) -> bool:
        return self._is_plain(line) and not self._is_named(line)

    def _is_body(self, line: Line) -> bool:
        return is_organisation(line) and not line.verdict

    def _is_cell(self, line: Line) -> bool:
        """Whether a line is short and unnumbered.

        Several in a row are a table's cells, even in capitals or bold.
        """
        if line.marker or line.block.level is not None or _SHEET.match(line.text):
            return False
        return line.size <= _CELL_WORDS and not line.verdict

    def _is_plain(self, line: Line) -> bool:
        looks = line.marker or line.caps or line.block.bold or line.block.level is not None
        return not looks and not (line.verdict and line.verdict.pure)

    def run_in(self, line: Line) -> tuple[str, str] | None:
        """Split a run-in heading from the rest of its line; None if there is none.

        An example is "Về kinh tế: Tăng trưởng …".

        Together the two are the line's text. The text before the colon must be short and look like
        a heading (numbered, "Về …", an area or an assessment), the text after it must be a
        sentence.
        """
        if line.kind == "article":
            return self._article(line)
        if line.block.kind == "table-row":
            return None  # the name of a table's first column is not a heading
        offset = len(line.text) - len(line.rest)
        if line.block.lead:
            cut = line.block.lead
            head = line.text[:cut].rstrip(" :.-–")
            if (
                cut > offset + 1  # more than the number
                and 1 <= len(head.split()) <= _NUMBERED_WORDS
                and len(line.text[cut:].split()) >= 4
                and line.text[cut - 1 : cut + 2].strip()[:1] in ".:"
            ):
                return line.text[:cut].rstrip(), line.text[cut:].lstrip(" :.-–")
        inner = run_in_heading(line.text, offset) if line.numbered else 0
        if inner:
            return line.text[:inner], line.text[inner:].lstrip()
        colon = line.rest.find(":")
        if colon <= 0 or _TIME.match(line.rest):
            return None
        head, tail = line.rest[:colon].strip(), line.rest[colon + 1 :].strip()
        if not self._heads(line, head, tail):
            return None
        return line.text[: offset + colon + 1], tail

    def _heads(self, line: Line, head: str, tail: str) -> bool:
        size = len(head.split())
        if (
            size > _PLAIN_WORDS
            or len(tail.split()) < 6
            or not head[:1].isupper()
            or _SENTENCE_OPENING.match(head)
        ):
            return False
        bare = head.rstrip()
        if any(mark in bare for mark in ".;!?"):
            return False
        begins = tail[:1].isupper()
        about = bool(_TOPIC.match(head)) or (begins and head.lower().startswith("công tác "))
        if line.numbered:
            sure = begins and (about or size <= _SILENT_WORDS)
            may_be = begins
        else:
            sure = about and (size <= _SILENT_WORDS or begins)
            may_be = size <= 8 and begins and not line.bullet
        if sure:
            return True
        verdict = None if line.numbered and not begins else Line(head, [line.block]).verdict
        if verdict is not None and verdict.pure:
            return True
        return may_be and bool(self._areas.heading(head).among)

    def _article(self, line: Line) -> tuple[str, str] | None:
        """Split "Điều 5. …" before a sentence: the number is the heading.

        A short title is part of the heading.
        """
        rest = line.rest
        if not rest or (line.size <= _NUMBERED_WORDS and not line.sentence):
            return None
        cut = len(line.text) - len(rest)
        return line.text[:cut].rstrip(), rest


def _is_prose(line: Line) -> bool:
    """Whether a line marked as a heading is really a paragraph.

    Web pages mark the summary of an article so.
    """
    if line.kind == "article":
        return False
    return line.size > (_SENTENCE_WORDS if line.end == "." else _LONG_CAPS_WORDS)


def _drop_column_names(lines: list[Line], headings: list[bool]) -> None:
    """Drop the short lines from "STT" on: the names of a table's columns."""
    inside = False
    for place, line in enumerate(lines):
        short = line.marker is None and line.block.level is None and line.size <= _CELL_WORDS
        first = short and FIRST_COLUMN.match(line.text) is not None
        inside = short and (first or (inside and line.end == ""))
        if inside:
            headings[place] = False


def _drop_examples(lines: list[Line], headings: list[bool]) -> None:
    """Drop the lines of an example: "Ví dụ:" above "TỈNH ỦY …"."""
    left = 0
    for place, line in enumerate(lines):
        if EXAMPLE.match(line.text) and line.size <= _EXAMPLE_WORDS and line.end not in (".", ";"):
            left = _EXAMPLE_LINES
        elif left and line.marker is None and line.block.level is None and line.end != ".":
            headings[place] = False
            left -= 1
        else:
            left = 0


def _is_item(line: Line) -> bool:
    """Whether a line is a few words and not a sentence.

    The last item of a list looks like a heading of the text after the list.
    """
    return line.marker is None and 0 < line.size <= _ITEM_WORDS and line.end == ""


def _is_nested(line: Line, after: Line | None) -> bool:
    """Whether the first sub-number of a line comes next: "2. …" above "2.1. …"."""
    if line.marker is None or after is None or after.marker is None:
        return False
    number, inner = line.marker.text.strip(" ().:/-"), after.marker.text.strip(" ().:/-")
    return number[:1].isdigit() and inner == f"{number}.1"


def _has_text(line: Line, after: Line | None) -> bool:
    """Whether a numbered line has text below it.

    The next number of its kind, or of an outer kind, is not text.
    """
    if after is None or line.marker is None:
        return False
    other = after.marker
    if other is None:
        return True
    if other.kind == line.kind:
        return False
    if "step" in (other.kind, line.kind):
        return True
    return other.rank > line.marker.rank or after.bullet or find_marker(after.text) is None
