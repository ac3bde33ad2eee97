"""Line breaks inside a paragraph (Word's Shift+Enter, ``<br>``): which of them begin something new."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .assemble import Run

_ITEM = re.compile(
    r"\s*(?:[-–—+*•●○▪◦\uf020-\uf0ff]\s*[^\W_]|\(?\d{1,2}(?:\.\d{1,2}){0,4}\s?[.)]\s|\(?[a-zđ]\s?\)\s|[IVX]{1,5}\s?[.-]\s)"
)
_RULE = re.compile(r"\s*[-–—_=*~]{3,}\s*$")
_MOTTO = re.compile(
    r"\s*(?:Độc\s+lập\s*[-–—]\s*Tự\s+do|ĐỘC\s+LẬP\s*[-–—]\s*TỰ\s+DO|Doc\s+lap\s*[-–—]\s*Tu\s+do)"
)
_COMPLETE = re.compile(r"[.:;!?…]\s*$")


def begins_item(text: str) -> bool:
    """Whether a line begins like an item of a list: a bullet, a number, a letter in brackets."""
    return _ITEM.match(text) is not None


def is_complete(text: str) -> bool:
    """Whether a line ends where a sentence or clause may end."""
    return _COMPLETE.search(text) is not None


def split_lines(runs: Sequence[Run]) -> list[list[Run]]:
    """``runs`` cut at those ``\\n`` at which something ends or begins.

    That is before an item, after a sentence, at a rule of dashes (which goes), where capitals end or
    begin, and before the motto of a letterhead. At the others, as inside a title set on two lines, the
    text goes on: they become blanks.
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
    """Whether one of two lines is wholly bold and the other not at all."""
    looks = [
        {run.bold for run in runs if any(map(str.isalnum, run.text))} for runs in (before, line)
    ]
    return looks in ([{True}, {False}], [{False}, {True}])


def _is_capitals(text: str) -> bool:
    return text.isupper() and sum(map(str.isalpha, text)) > 1


def _text(runs: Sequence[Run]) -> str:
    return "".join(run.text for run in runs)


def _part(run: Run, text: str) -> Run:
    return Run(text, run.bold, run.underlined, run.font)
