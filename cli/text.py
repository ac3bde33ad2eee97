"""Clean, measure, wrap, highlight and align text for a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from .language import ENGLISH, _, language, written

Span: TypeAlias = tuple[int, int]

# Control characters (reports may contain escape sequences), direction controls, lone surrogates.
_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANKS = "\t\n\x0b\x0c\r\x85\u2028\u2029"


def clean(text: str) -> str:
    """``text`` safe for any terminal; its length is unchanged, so spans remain valid."""
    return _HARMFUL.sub(lambda found: " " if found.group() in _BLANKS else "\ufffd", text)


def cells(text: str) -> int:
    """The number of terminal columns of ``text``."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fit(text: str, width: int) -> str:
    """``text`` cut to ``width`` columns, with ``…`` for the rest.

    A width of 0 cuts nothing.
    """
    if not width or cells(text) <= width:
        return text
    taken = 0
    for place, character in enumerate(text):
        taken += _cells(character)
        if taken > width - 1:
            return text[:place].rstrip() + "…"
    return text


def wrap(text: str, width: int) -> list[Span]:
    """The lines of ``text``, at most ``width`` columns each, as spans of it.

    A width of 0 gives one line. A word longer than a line gets a separate line.
    """
    lines: list[Span] = []
    taken = 0
    for word in re.finditer(r"\S+", text):
        long = cells(word.group())
        gap = word.start() - lines[-1][1] if lines else 0
        if lines and (not width or taken + gap + long <= width):
            lines[-1] = (lines[-1][0], word.end())
            taken += gap + long
        else:
            lines.append((word.start(), word.end()))
            taken = long
    return lines


def highlighted(text: str, spans: Iterable[Span], line: Span, style: Callable[[str], str]) -> str:
    """The part ``line`` of ``text``, with ``spans`` styled by ``style``."""
    pieces: list[str] = []
    place, end = line
    for first, last in sorted(spans):
        first, last = max(first, place), min(last, end)
        if first < last:
            pieces += [text[place:first], style(text[first:last])]
            place = last
    return "".join([*pieces, text[place:end]])


def paragraph(
    text: str,
    width: int,
    indent: str = "",
    spans: Iterable[Span] = (),
    style: Callable[[str], str] = str,
) -> list[str]:
    """``text`` as indented lines of at most ``width`` columns (0: one line).

    ``spans`` are styled by ``style``.
    """
    text = clean(text)
    spans = list(spans)
    room = max(20, width - cells(indent)) if width else 0
    return [indent + highlighted(text, spans, line, style) for line in wrap(text, room)]


def columns(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Sequence[int] = (),
    flexible: Sequence[int] = (),
    width: int = 0,
    style: Callable[[str], str] = str,
) -> list[str]:
    """A table as lines, its ``header`` in ``style``.

    ``numbers`` are right-aligned columns; ``flexible`` ones are cut, the widest first, if the table
    is wider than ``width`` (0: unlimited).
    """
    table = [[clean(cell) for cell in row] for row in (header, *rows)]
    widths = [max(cells(row[column]) for row in table) for column in range(len(header))]
    spare = sum(widths) + 2 * (len(widths) - 1) - width
    while width and flexible and spare > 0:
        widest = max(flexible, key=lambda column: widths[column])
        if widths[widest] <= 12:
            break
        widths[widest] -= 1
        spare -= 1
    lines = []
    for number, row in enumerate(table):
        set_out = []
        for column, cell in enumerate(row):
            cell = fit(cell, widths[column])
            blank = " " * (widths[column] - cells(cell))
            set_out.append(blank + cell if column in numbers else cell + blank)
        line = "  ".join(set_out).rstrip()
        lines.append(line if number else style(line))
    return lines


def counted(number: int, one: str, many: str = "") -> str:
    """``1 passage``, ``2 passages``, ``1,200 passages``; Vietnamese has one form."""
    if language() != ENGLISH:
        return f"{written(number)} {_(one)}"
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def caret(query: str, position: int, width: int = 72) -> list[str]:
    """The line of ``query`` with ``position``, and a caret below that.

    A long line is cut around the position.
    """
    position = max(0, min(position, len(query)))
    start = max(query.rfind("\n", 0, position), query.rfind("\r", 0, position)) + 1
    line = clean(re.split(r"[\r\n]", query[start:], maxsplit=1)[0])
    place = min(position - start, len(line))
    first = max(0, place - width // 2)
    shown, before = line[first : first + width], line[first:place]
    left = "…" if first else ""
    right = "…" if first + width < len(line) else ""
    return [left + shown + right, " " * cells(left + before) + "^"]
