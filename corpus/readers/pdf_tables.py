"""Ruled tables of PDF pages.

Assigns words to cells and cells to rows, and joins tables that continue over pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from ..blocks import Block
from .assemble import Run, paragraph
from .pdf_inner_tables import Band, find_bands, inner_rows
from .pdf_lines import PdfLine, TextFragment, join_lines
from .pdf_rulings import Grid, Region
from .table_groups import NUMBER
from .tables import Cell, Table, is_layout, table_blocks

_MIDDLE = 0.3  # of the font size above the baseline: the middle of a lower-case letter
_FILLED = 0.3  # minimum share of cells with words; else a form or a drawing
_ENDS = ".;:!?…"  # end of a sentence
_NUMBERED = 4  # minimum numbered rows, so that one without is the rest of another
_RUNNING = 2  # maximum lines above the rest of a table: a page number, a running title
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
        return Table(self.rows, borders=True if self.bordered else None, nested=self.nested)

    @property
    def nested(self) -> bool:
        """Whether a cell holds the rows of another table."""
        return any(b.kind == "table-row" for row in self.rows for c in row for b in c.blocks)


def take_tables(
    number: int, lines: list[PdfLine], grids: Sequence[Grid], before: Sequence[PdfTable] = ()
) -> tuple[list[PdfLine], list[PdfTable]]:
    """The lines of a page outside its tables, and the tables.

    ``before`` are the tables of the previous page: the first one here may go on with the last of
    them, and so hold only the rest of a row. Tables within a cell become rows of that cell.
    """
    tables: list[PdfTable] = []
    waiting = list(grids)
    edges = before[-1].xs if before and before[-1].page == number - 1 else []
    while waiting:
        grid = waiting.pop(0)
        above = sum(line.y > grid.ys[0] for line in lines)
        rest = _widened(grid, edges) if above <= _RUNNING else None
        grid, edges = rest or grid, []
        inner = [other for other in waiting if grid.region_around(other) is not None]
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
        table = _table(number, grid, inside, inner, rest=rest is not None)
        if table is None:
            continue
        waiting = [other for other in waiting if other not in inner]
        tables.append(table)
        lines = outside
    return lines, tables


def _widened(grid: Grid, xs: Sequence[float]) -> Grid | None:
    """``grid`` with the columns ``xs`` of the page before; None if it differs.

    The rest of a table may lack edges that divide only some cells.
    """
    places: list[int] = []
    for edge in grid.xs:
        near = [i for i, x in enumerate(xs) if abs(x - edge) < _ALIGNED]
        if not near:
            return None
        places.append(near[0])
    if places[0] != 0 or places[-1] != len(xs) - 1:
        return None
    regions = [
        replace(
            region,
            column=places[region.column],
            columns=places[region.column + region.columns] - places[region.column],
        )
        for region in grid.regions
    ]
    return Grid(list(xs), grid.ys, regions)


def _region(grid: Grid, piece: TextFragment) -> Region | None:
    x, y = (piece.x0 + piece.x1) / 2, piece.y + _MIDDLE * piece.size
    return grid.region(x, y) if grid.holds(x, y) else None


def _table(
    number: int,
    grid: Grid,
    inside: dict[Region, list[list[TextFragment]]],
    inner: Sequence[Grid],
    *,
    rest: bool,
) -> PdfTable | None:
    """The table of ``grid``; None if it is a form, a drawing or a layout.

    ``inner`` are the grids within its cells; ``rest`` is True if it may continue another.
    """
    if not rest and (len(inside) < 2 or len(inside) < _FILLED * len(grid.regions)):
        return None
    lines = {region: cell_lines(number, inside.get(region, [])) for region in grid.regions}
    cells: dict[Region, Cell] = {}
    for region, found in lines.items():
        within = [other for other in inner if grid.region_around(other) == region]
        plain, nested = take_tables(number, found, within)
        cells[region] = table_cell(number, region, plain)
        for each in nested:
            cells[region].blocks += table_blocks(each.table)
    rows: list[list[Cell]] = []
    marks: list[list[tuple[int, str]]] = []
    for here, row in _rows(grid, cells):
        rows.append(row)
        marks.append([(number, mark) for r in here for line in lines[r] for mark in line.marks])
    table = PdfTable(
        number, grid.ys[0], grid.xs[0], grid.xs[-1], grid.xs, rows, marks, last_page=number
    )
    filled = [row for row in rows if any(cell.blocks for cell in row)]
    if len(filled) > 1 and not table.nested and is_layout(table.table, filled):
        return None
    return table


def _rows(grid: Grid, cells: dict[Region, Cell]) -> Iterator[tuple[list[Region], list[Cell]]]:
    """The cells of the grid in each row, and those of the table.

    An inner table is in one cell.
    """
    bands = find_bands(grid, {region: cell.text for region, cell in cells.items()})
    for row in range(len(grid.ys) - 1):
        here = sorted((r for r in grid.regions if r.row == row), key=lambda r: r.column)
        band = next((band for band in bands if band.first <= row < band.end), None)
        if band is None:
            yield here, [cells[region] for region in here]
        elif row == band.first:
            parts = sorted(filter(band.holds, grid.regions), key=lambda r: (r.row, r.column))
            inner = _inner_cell(grid, band, cells)
            beside = [(r.column, replace(cells[r], rows=1)) for r in here if r not in parts]
            both = sorted([*beside, (band.column.column, inner)], key=lambda pair: pair[0])
            yield [*here, *(r for r in parts if r not in here)], [cell for _, cell in both]


def _inner_cell(grid: Grid, band: Band, cells: dict[Region, Cell]) -> Cell:
    """The cell that holds an inner table, and the text above and below it."""
    rows = inner_rows(grid, band)
    divided = {region.row for row in rows for region in row}
    plain = [r for r in grid.regions if band.holds(r) and r.row not in divided]
    above = [b for r in plain if r.row < min(divided) for b in cells[r].blocks]
    below = [b for r in plain if r.row > min(divided) for b in cells[r].blocks]
    table = table_blocks(Table([[cells[region] for region in row] for row in rows], borders=True))
    return Cell([*above, *table, *below], columns=band.column.columns)


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
    if rows and before.rows:
        row = before.rows[-1]
        rest = _below(row, rows[0])
        numbered = _are_numbered([*before.rows[:-1], row if row[0].text else rows[0], *rows[1:]])
        if len(row) == len(rest) and (
            _is_rest(row, rest, numbered=numbered) or (numbered and _is_start(row, rest))
        ):
            for cell, below in zip(row, rest, strict=True):
                cell.blocks = _joined(cell, below)
            before.marks[-1] += marks[0]
            rows, marks = rows[1:], marks[1:]
    before.rows += rows
    before.marks += marks
    before.last_page = table.last_page


def _texts(row: Sequence[Cell]) -> list[str]:
    return [cell.text for cell in row]


def _below(row: Sequence[Cell], rest: Sequence[Cell]) -> Sequence[Cell]:
    """The cells of ``rest`` below those of ``row``; ``rest`` if they are not aligned.

    Empty cells below those that span down to ``row`` are left out, and those below one cell joined.
    """
    left = sum(cell.columns for cell in rest) - sum(cell.columns for cell in row)
    waiting = list(rest)
    while left > 0 and waiting and not waiting[0].text:
        left -= waiting.pop(0).columns
    found: list[Cell] = []
    for cell in row:
        below = Cell([], columns=0)
        while waiting and below.columns < cell.columns:
            part = waiting.pop(0)
            below = Cell([*below.blocks, *part.blocks], columns=below.columns + part.columns)
        found.append(below)
    aligned = all(a.columns == b.columns for a, b in zip(row, found, strict=True))
    return found if aligned and not left and not waiting else rest


def _is_start(row: Sequence[Cell], rest: Sequence[Cell]) -> bool:
    """Whether the last row of a page is the start of the row on the next.

    Its number is there, as where cells are centred, and its texts go on below.
    """
    pairs = [(a.text, b.text) for a, b in zip(row, rest, strict=True) if a.text]
    return bool(pairs and rest[0].text and not row[0].text) and all(
        above[-1] not in _ENDS and below[:1].islower() for above, below in pairs
    )


def _are_numbered(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether all rows with text, and enough of them, begin with a number or name.

    The last one may lack it, cut by the end of its page.
    """
    filled = [row for row in rows if any(cell.text for cell in row)]
    return len(filled) >= _NUMBERED and all(row[0].text for row in filled[:-1])


def _is_rest(row: Sequence[Cell], rest: Sequence[Cell], *, numbered: bool) -> bool:
    """Whether a page's first row is the rest of the last row of the page before.

    It fills only cells that are filled above, none with figures below figures, and continues in
    lower case, or has no number although all other rows have one (``numbered``).
    """
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
    figures = any(NUMBER.match(above) and NUMBER.match(below) for above, below in pairs)
    return numbered and not figures


def _joined(cell: Cell, rest: Cell) -> list[Block]:
    if not (cell.blocks and rest.blocks) or rest.blocks[0].kind == "table-row":
        return cell.blocks + rest.blocks
    last = cell.blocks[-1]
    return [*cell.blocks[:-1], replace(last, text=f"{last.text} {rest.blocks[0].text}")]
