"""Tables of formats that mark the ends of cells and rows in text (.doc, .rtf)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..blocks import Block
from .tables import Cell, Table, table_blocks


@dataclass(slots=True)
class CellShape:
    """One cell of a row: its edges, merging and lines.

    Edges are in twips from the left.
    """

    left: int
    right: int
    merged: bool = False
    continued: bool = False
    bordered: bool = False


@dataclass(slots=True)
class RowShape:
    """One row: its cells, and whether it is a heading row or has lines."""

    cells: list[CellShape] = field(default_factory=list)
    header: bool = False
    bordered: bool = False


class TableBuilder:
    """Collects paragraphs into cells, cells into rows and rows into a table.

    End marks in the text close cells and rows.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[list[Cell], RowShape]] = []
        self._cells: list[Cell] = []
        self._blocks: list[Block] = []
        self._nested = False

    def add(self, blocks: Iterable[Block], *, is_end: bool, nested: bool = False) -> None:
        """Add a paragraph's blocks to the cell; ``is_end`` closes the cell."""
        self._blocks += blocks
        self._nested = self._nested or nested
        if is_end:
            self._cells.append(Cell(self._blocks))
            self._blocks = []

    def end_row(self, shape: RowShape) -> None:
        """Close the row."""
        for cell, part in zip(self._cells, shape.cells, strict=False):
            cell.continued = part.continued or part.merged
        for cell in self._cells:
            cell.heading = shape.header
        self._rows.append((self._cells, shape))
        self._cells = []

    def finish(self) -> Iterator[Block]:
        """Close the table; return its blocks, if one was open."""
        if self._blocks:
            self._cells.append(Cell(self._blocks))
        if self._cells:
            self._rows.append((self._cells, RowShape()))
        rows, nested = self._rows, self._nested
        self._rows, self._cells, self._blocks, self._nested = [], [], [], False
        if not rows:
            return
        edges = sorted(
            {edge for _, shape in rows for part in shape.cells for edge in (part.left, part.right)}
        )
        for cells, shape in rows:
            for cell, part in zip(cells, shape.cells, strict=False):
                cell.columns = max(1, sum(part.left < edge <= part.right for edge in edges))
        borders = any(
            shape.bordered or any(part.bordered for part in shape.cells) for _, shape in rows
        )
        yield from table_blocks(Table([cells for cells, _ in rows], borders, nested))
