"""Ruled tables of PDF pages.

Assigns words to cells and cells to rows, and joins tables that continue over pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from ..blocks import Block
from .assemble import Run, paragraph
from .pdf_lines import PdfLine, TextFragment, join_lines
from .pdf_rulings import Grid, Region
from .table_groups import NUMBER
from .tables import Cell, Table, is_layout

_MIDDLE = 0.3  # of the font size above the baseline: the middle of a lower-case letter
_FILLED = 0.3  # minimum share of cells with words; else a form or a drawing
_ENDS = ".;:!?…"  # end of a sentence
_NUMBERED = 4  # minimum numbered rows, so that one without is the rest of another
_ALIGNED = 8.0  # points; maximum shift of columns on the next page


@dataclass(slots=True)
class PdfTable:
    """A table on one or more pages: its position, rows, and note marks by row."""

    page: int
    top: float
    left: float
    right: float
    xs: list[float]
    rows: list[list[Cell]]
    marks: list[list[tuple[int, str]]] = field(default_factory=list)
    last_page: int = 0
    at_top: bool = False
    bordered: bool = True
    aligned: bool = False  # found by alignment, without ruling lines

    @property
    def table(self) -> Table:
        """The table in the form that all readers use."""
        return Table(self.rows, borders=True if self.bordered else None)


def take_tables(
    number: int, lines: list[PdfLine], grids: Sequence[Grid]
) -> tuple[list[PdfLine], list[PdfTable]]:
    """The lines of a page outside its tables, and the tables."""
    tables: list[PdfTable] = []
    for grid in grids:
        inside: dict[Region, list[list[TextFragment]]] = {}
        outside: list[PdfLine] = []
        for line in lines:
            for region, pieces in groupby(line.pieces, key=lambda p: _region(grid, p)):
                some = list(pieces)
                if region is None:
                    whole = len(some) == len(line.pieces)
                    outside.append(line if whole else PdfLine.of(number, some))
                else:
                    inside.setdefault(region, []).append(some)
        table = _table(number, grid, inside)
        if table is None:
            continue
        tables.append(table)
        lines = outside
    return lines, tables


def _region(grid: Grid, piece: TextFragment) -> Region | None:
    x, y = (piece.x0 + piece.x1) / 2, piece.y + _MIDDLE * piece.size
    return grid.region(x, y) if grid.holds(x, y) else None


def _table(
    number: int, grid: Grid, inside: dict[Region, list[list[TextFragment]]]
) -> PdfTable | None:
    if len(inside) < 2 or len(inside) < _FILLED * len(grid.regions):
        return None
    rows: list[list[Cell]] = []
    marks: list[list[tuple[int, str]]] = []
    for row in range(len(grid.ys) - 1):
        here = sorted((r for r in grid.regions if r.row == row), key=lambda r: r.column)
        lines = {region: cell_lines(number, inside.get(region, [])) for region in here}
        rows.append([table_cell(number, region, lines[region]) for region in here])
        marks.append(
            [(number, label) for found in lines.values() for line in found for label in line.marks]
        )
    table = PdfTable(
        number, grid.ys[0], grid.xs[0], grid.xs[-1], grid.xs, rows, marks, last_page=number
    )
    filled = [row for row in rows if any(cell.blocks for cell in row)]
    if len(filled) > 1 and is_layout(table.table, filled):
        return None
    return table


def cell_lines(number: int, parts: Sequence[list[TextFragment]]) -> list[PdfLine]:
    """The lines of a cell from the top down; parts at one height form one line."""
    lines: list[PdfLine] = []
    for part in sorted((PdfLine.of(number, p) for p in parts), key=lambda line: -line.y):
        if lines and lines[-1].y - part.y < 0.5 * max(part.size, 1):
            pieces = sorted([*lines[-1].pieces, *part.pieces], key=lambda p: p.x0)
            lines[-1] = PdfLine.of(number, pieces)
        else:
            lines.append(part)
    return lines


def table_cell(number: int, region: Region, lines: Sequence[PdfLine]) -> Cell:
    """A cell of ``lines`` with the extent of ``region``."""
    runs: list[Run] = join_lines(lines)
    block = paragraph(runs, page=number)
    return Cell([block] if block else [], columns=region.columns, rows=region.rows)


def continues(before: PdfTable, table: PdfTable) -> bool:
    """Whether ``table`` continues the table ``before`` from the previous page.

    It has the same columns, and nothing is above it. Columns found by alignment may shift more.
    """
    return (
        table.page == before.last_page + 1
        and table.at_top
        and len(before.xs) == len(table.xs)
        and before.aligned == table.aligned
        and (before.aligned or _is_aligned(before.xs, table.xs))
    )


def _is_aligned(xs: Sequence[float], others: Sequence[float]) -> bool:
    return all(abs(a - b) < _ALIGNED for a, b in zip(xs, others, strict=True))


def append(before: PdfTable, table: PdfTable) -> None:
    """Add the rows of the next page.

    Repeated headings are dropped, and a row cut by the page break is joined.
    """
    rows, marks = table.rows, table.marks
    same = 0
    while same < min(len(rows), len(before.rows)) and _texts(rows[same]) == _texts(
        before.rows[same]
    ):
        same += 1
    rows, marks = rows[same:], marks[same:]
    if rows and before.rows and _is_rest(before.rows[-1], rows[0], [*before.rows, *rows]):
        for cell, rest in zip(before.rows[-1], rows[0], strict=True):
            cell.blocks = _joined(cell, rest)
        before.marks[-1] += marks[0]
        rows, marks = rows[1:], marks[1:]
    before.rows += rows
    before.marks += marks
    before.last_page = table.last_page


def _texts(row: Sequence[Cell]) -> list[str]:
    return [cell.text for cell in row]


def _is_rest(row: Sequence[Cell], rest: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether a page's first row is the rest of the last row of the page before.

    It fills only cells that are filled above, none with figures below figures, and continues in
    lower case, or has no number although all other ``rows`` have one.
    """
    if len(row) != len(rest):
        return False
    pairs = [(a.text, b.text) for a, b in zip(row, rest, strict=True) if b.text]
    if not pairs or not all(above for above, _ in pairs):
        return False
    small = [
        below[:1].islower() and not above[:1].islower() and above[-1] not in _ENDS
        for above, below in pairs
    ]
    if rest[0].text or not row[0].text:
        return any(small) and all(
            goes_on or (below[0].isdigit() and not NUMBER.match(below) and above[-1] not in _ENDS)
            for goes_on, (above, below) in zip(small, pairs, strict=True)
        )
    if any(small):
        return True
    numbered = [some for some in rows if some is not rest and any(cell.text for cell in some)]
    return (
        len(numbered) >= _NUMBERED
        and all(some[0].text for some in numbered)
        and not any(NUMBER.match(above) and NUMBER.match(below) for above, below in pairs)
    )


def _joined(cell: Cell, rest: Cell) -> list[Block]:
    if not (cell.blocks and rest.blocks):
        return cell.blocks + rest.blocks
    last = cell.blocks[-1]
    return [*cell.blocks[:-1], replace(last, text=f"{last.text} {rest.blocks[0].text}")]
