"""Interpret line breaks inside a paragraph (Word's Shift+Enter, ``<br>``).

A line break may begin a new paragraph or item, or only break a line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .assemble import Run

_ITEM = re.compile(
    r"\s*(?:[-–—+*•●○▪◦\uf020-\uf0ff]\s*[^\W_]|\(?\d{1,2}(?:\.\d{1,2}){0,4}\s?[.)]\s|"
    r"\(?[a-zđ]\s?\)\s|[IVX]{1,5}\s?[.-]\s|(?:Bước|BƯỚC)\s\d{1,2}\s?[.:)])"
)
# The same without a blank, and letters with a dash, before a capital.
_CLOSE_ITEM = re.compile(
    r"\s*(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]|[a-zđ]\)|[a-zđ]\s?[-–/]\s)(?P<first>[^\W\d_])"
)
_RULE = re.compile(r"\s*[-–—_=*~]{3,}\s*$")
_MOTTO = re.compile(
    r"\s*(?:Độc\s+lập\s*[-–—]\s*Tự\s+do|ĐỘC\s+LẬP\s*[-–—]\s*TỰ\s+DO|Doc\s+lap\s*[-–—]\s*Tu\s+do)"
)
_NUMBER = re.compile(
    r"\s*\(?(?:(?P<arabic>\d{1,2}(?:\.\d{1,2}){0,4})|(?P<roman>[IVXLC]{1,6})|"
    r"(?P<letter>[a-zđ]))\s?[.):/-]"
)
# Words before a number that belongs to the sentence and does not begin an item.
_NEEDS_NUMBER = re.compile(
    r"(?:\b(?:thứ|khóa|khoá|kỳ|số|năm|tháng|ngày|quý|tuần|lần|đến|tới|từ|là|đạt|được|có|còn|trên|"
    r"dưới|hơn|gần|khoảng|ước|tăng|giảm|bằng|gồm|với|và|của|cho|tại|ở|theo|do|điều|khoản|điểm|mục|"
    r"phần|chương|phụ lục|cả|các|những)|[,(–-])\s*$",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*[-–—]\s*\d")
_COMPLETE = re.compile(r"[.:;!?…]\s*$")


def begins_item(text: str) -> bool:
    """Whether a line begins like an item of a list.

    Items begin with a bullet, a number, or a letter in brackets.
    """
    if _ITEM.match(text):
        return True
    found = _CLOSE_ITEM.match(text)
    return found is not None and found["first"].isupper()


def is_complete(text: str) -> bool:
    """Whether a line ends where a sentence or clause may end."""
    return _COMPLETE.search(text) is not None


def note_item(text: str, seen: dict[str, int]) -> None:
    """Record the number that a paragraph begins with, if any, in ``seen``.

    ``seen`` maps each kind of number to its last value.
    """
    found = item_number(text)
    if found is not None:
        seen[found[0]] = found[1]


def item_number(text: str) -> tuple[str, int] | None:
    """The kind and value of the number that a line begins with.

    For example ``("roman", 13)`` for "XIII. …".
    """
    found = _NUMBER.match(text)
    if found is None:
        return None
    if found["roman"]:
        return "roman", _roman(found["roman"])
    if found["letter"]:
        return "letter", "abcdđefghijklmnopqrstuvwxyz".find(found["letter"].lower())
    return f"arabic {found['arabic'].count('.')}", int(found["arabic"].rsplit(".", 1)[-1])


def continues_sentence(before: str, text: str, seen: dict[str, int]) -> bool:
    """Whether a line that looks like an item continues the sentence ``before`` it.

    It does if the sentence is unfinished and needs a number ("… lần thứ" / "XIII. Diện tích"), or
    if the number continues no list so far (``seen``: kind of number → last value).
    """
    if is_complete(before) or not before.strip():
        return False
    if needs_number(before):
        return True
    if _RANGE.match(text):
        return before.rstrip()[-1:].isdigit()
    found = item_number(text)
    if found is None or found[0] == "letter":
        return False
    return found[1] not in (1, seen.get(found[0], 0) + 1)


def needs_number(text: str) -> bool:
    """Whether a line ends in a comma, or in a word that a number follows.

    For example "… lần thứ" or "… tăng".
    """
    return _NEEDS_NUMBER.search(text) is not None


def _roman(text: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}[letter] for letter in text.upper()]
    return sum(
        -value if any(value < later for later in values[i + 1 : i + 2]) else value
        for i, value in enumerate(values)
    )


def split_lines(runs: Sequence[Run]) -> list[list[Run]]:
    """Split ``runs`` at those ``\\n`` that end or start a paragraph.

    These are before an item, after a sentence, at a rule of dashes (which is removed), where
    capitals end or begin, and before the motto of a letterhead. Other line breaks, as inside a
    title on two lines, become blanks.
    """
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *further = run.text.split("\n")
        lines[-1].append(_part(run, first))
        for piece in further:
            lines.append([_part(run, piece)])
    if len(lines) == 1:
        return [list(runs)]
    paragraphs: list[list[Run]] = []
    begins = True
    for line in lines:
        text = _text(line)
        if _RULE.match(text):
            begins = True
            continue
        if begins or _is_break(_text(paragraphs[-1]), text) or _looks_differ(paragraphs[-1], line):
            paragraphs.append(line)
        else:
            paragraphs[-1] += [Run(" ", paragraphs[-1][-1].bold), *line]
        begins = False
    return paragraphs


def _is_break(before: str, text: str) -> bool:
    if not before.strip() or not text.strip():
        return False
    if begins_item(text) or is_complete(before) or _MOTTO.match(text):
        return True
    return _is_capitals(before) != _is_capitals(text)


def _looks_differ(before: Sequence[Run], line: Sequence[Run]) -> bool:
    """Whether one of two lines is all bold and the other not bold at all."""
    looks = [
        {run.bold for run in runs if any(map(str.isalnum, run.text))} for runs in (before, line)
    ]
    return looks in ([{True}, {False}], [{False}, {True}])


def _is_capitals(text: str) -> bool:
    return text.isupper() and sum(map(str.isalpha, text)) > 1


def _text(runs: Sequence[Run]) -> str:
    return "".join(run.text for run in runs)


def _part(run: Run, text: str) -> Run:
    return Run(text, run.bold, run.underlined, run.font, run.raised)
