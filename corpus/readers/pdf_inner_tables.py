"""Tables within the cells of a ruled table, whose lines form one grid with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .pdf_rulings import Grid, Region


@dataclass(frozen=True, slots=True)
class Band:
    """The rows of a grid that form one row of its table.

    They are those from ``first`` up to ``end``.
    ``column`` is the heading of the column that holds an inner table in them.
    """

    first: int
    end: int
    column: Region

    def holds(self, region: Region) -> bool:
        """Whether a cell of the grid belongs to the inner table."""
        return self.first <= region.row < self.end and _is_below(region, self.column)


def find_bands(grid: Grid, texts: Mapping[Region, str]) -> list[Band]:
    """The rows of ``grid`` with an inner table.

    ``texts`` are those of its cells. A column with one heading is divided in some rows only, which
    all other cells span; or in all of them, each time with the same first line. Columns with a
    common heading are divided throughout, and have names of their own below it.
    """
    for column in grid.regions:
        if column.row or column.columns < 2 or column.columns == len(grid.xs) - 1:
            continue
        bands = list(_bands(grid, column))
        if not bands or bands[-1].end < len(grid.ys) - 1:
            continue
        divided = [band for band in bands if inner_rows(grid, band)]
        if any(band.end - band.first == 1 for band in divided):
            continue
        names = [[texts.get(r, "") for r in inner_rows(grid, band)[0]] for band in divided]
        repeated = len(names) > 1 and all(some == names[0] and all(some) for some in names)
        if divided and (len(divided) < len(bands) or repeated):
            return divided
    return []


def inner_rows(grid: Grid, band: Band) -> list[list[Region]]:
    """The cells of the inner table of ``band``, by row: they divide its column."""
    rows: dict[int, list[Region]] = {}
    for region in sorted(grid.regions, key=lambda r: r.column):
        if band.holds(region) and region.columns < band.column.columns:
            rows.setdefault(region.row, []).append(region)
    return [rows[row] for row in sorted(rows)]


def _bands(grid: Grid, column: Region) -> Iterator[Band]:
    """The rows below a heading, in the groups that the cells beside it span."""
    first = column.rows
    whole = len(grid.xs) - 1
    while first < len(grid.ys) - 1:
        starts = [r for r in grid.regions if r.row == first]
        beside = [r for r in starts if not _is_below(r, column)]
        heights = {r.rows for r in beside}
        covered = sum(r.columns for r in beside)
        if len(heights) != 1 or covered not in (whole, whole - column.columns):
            return
        end = first + heights.pop()
        if covered < whole:
            yield Band(first, end, column)
        first = end


def _is_below(region: Region, column: Region) -> bool:
    end = column.column + column.columns
    return column.column <= region.column and region.column + region.columns <= end
