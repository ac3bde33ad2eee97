"""Tables in crawled Markdown with their borders on separate lines.

Some web crawlers write each cell as text between two lines that consist of ``|``; two consecutive
borders end a row, or surround an empty cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_BORDER = "|"
_COUNTER = re.compile(r"[*_(]*(?:\d{1,3}|[IVXLC]{1,6}|[A-ZĐ]|[a-zđ])[*_.)]*$")
_LONGEST_CELL = 80  # maximum lines of a cell between two borders
_LABELS = 0.3  # share of cells ending with a colon from which a table is a form


@dataclass(slots=True)
class CrawledCell:
    """The text of a cell, line breaks kept, and its line in the file (from 0)."""

    text: str
    line: int


@dataclass(slots=True)
class CrawledTable:
    """A table: its first and last line (from 0), and its rows.

    ``ragged`` are the indices of rows that lack cells, as beside a cell that spans rows.
    """

    first: int
    last: int
    width: int
    rows: list[list[CrawledCell]] = field(default_factory=list)
    ragged: set[int] = field(default_factory=set)


def find_tables(lines: Sequence[str]) -> Iterator[CrawledTable]:
    """The tables of a text with at least two rows and two columns, in order."""
    start = 0
    while start < len(lines):
        if lines[start].strip() != _BORDER:
            start += 1
            continue
        last = _end(lines, start)
        table = _parsed(lines, start, last)
        if table is not None:
            yield table
        start = last + 1


def _end(lines: Sequence[str], start: int) -> int:
    """Index of the last border of the table at ``start``; a blank line follows."""
    last = start
    while last + 1 < len(lines) and lines[last + 1].strip():
        inner = (
            i
            for i in range(last + 1, min(len(lines), last + 2 + _LONGEST_CELL))
            if lines[i].strip() == _BORDER
        )
        found = next(inner, None)
        if found is None or _has_wide_gap(lines[last + 1 : found]):
            break
        last = found
    return last


def _has_wide_gap(lines: Sequence[str]) -> bool:
    return any(not a.strip() and not b.strip() for a, b in pairwise(lines))


def _parsed(lines: Sequence[str], start: int, last: int) -> CrawledTable | None:
    cells: list[tuple[int, CrawledCell]] = []  # the borders before a cell, and the cell
    borders = 0
    place = start
    while place <= last:
        if lines[place].strip() == _BORDER:
            borders += 1
            place += 1
            continue
        end = next(i for i in range(place, last + 1) if lines[i].strip() == _BORDER)
        cells.append((borders, CrawledCell("\n".join(lines[place:end]).strip(), place)))
        borders, place = 0, end
    width = _width(cells)
    if width < 2:
        return None
    table = CrawledTable(start, last, width)
    _fill(table, cells)
    texts = [cell.text for row in table.rows for cell in row if cell.text]
    labels = sum(text.rstrip("* ").endswith(":") for text in texts)
    if len(table.rows) < 2 or labels > _LABELS * len(texts):
        return None
    return table


def _width(cells: Sequence[tuple[int, CrawledCell]]) -> int:
    """The number of columns: the longest run of filled cells."""
    width = run = 0
    for borders, _ in cells:
        run = run + 1 if borders == 1 else 1
        width = max(width, run)
    return width


def _fill(table: CrawledTable, cells: Sequence[tuple[int, CrawledCell]]) -> None:
    row: list[CrawledCell] = []
    for place, (borders, cell) in enumerate(cells):
        empty = borders - 1
        if place == 0 or borders == 1:
            pass
        elif len(row) + empty + 1 > table.width or _COUNTER.match(cell.text):
            spare = borders - 2  # borders of empty cells: at the end of this row, then of the next
            trailing = min(spare, max(0, table.width - len(row)))
            row += [CrawledCell("", cell.line)] * trailing
            _close(table, row)
            row, empty = [], spare - trailing
        row += [CrawledCell("", cell.line)] * empty
        row.append(cell)
    _close(table, row)


def _close(table: CrawledTable, row: list[CrawledCell]) -> None:
    filled = [cell for cell in row if cell.text]
    heading = len(filled) == 2 and _COUNTER.match(filled[0].text) is not None  # "I", its title
    if len(row) < table.width and len(filled) > 1 and not heading:
        table.ragged.add(len(table.rows))
    table.rows.append(row)
