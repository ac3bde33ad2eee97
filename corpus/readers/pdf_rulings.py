"""The ruling lines drawn on a PDF page, and the grids of cells they form."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]

_SAME = 3.0  # points: maximum distance of lines that count as one, and gap where lines meet
_SHORT = 8.0  # points; shorter lines are dots and dashes
_MOST_PATHS = 20_000
_MOST_POINTS = 4_000
_MOST_LINES = 400  # maximum lines in one direction; more are a drawing
_WHITE = 250
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Ruling:
    """A horizontal or vertical line.

    ``at`` is its position across its direction, ``start`` to ``end`` its extent along it.
    """

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Region:
    """One cell of a grid: its first column and row, and how many of each it spans."""

    column: int
    row: int
    columns: int
    rows: int


@dataclass(slots=True)
class Grid:
    """A ruled table: its edges and its cells.

    ``xs`` are the edges from left to right, ``ys`` from top to bottom.
    """

    xs: list[float]
    ys: list[float]
    regions: list[Region]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is in the table."""
        return self.xs[0] - 1 <= x <= self.xs[-1] + 1 and self.ys[-1] - 1 <= y <= self.ys[0] + 1

    def region_around(self, other: Grid) -> Region | None:
        """The cell that contains another grid."""
        xs, ys = (other.xs[0], other.xs[-1]), (other.ys[-1], other.ys[0])
        if not all(self.holds(x, y) for x in xs for y in ys):
            return None
        first = self.region(xs[0] + _SAME, ys[0] + _SAME)
        return first if first == self.region(xs[1] - _SAME, ys[1] - _SAME) else None

    def region(self, x: float, y: float) -> Region | None:
        """The cell that contains a point."""
        column = sum(edge <= x for edge in self.xs[1:-1])
        row = sum(edge >= y for edge in self.ys[1:-1])
        for region in self.regions:
            if (
                region.column <= column < region.column + region.columns
                and region.row <= row < region.row + region.rows
            ):
                return region
        return None


def find_rulings(
    page: Any, raw: Any, place: Callable[[float, float], Point]
) -> tuple[list[Ruling], list[Ruling]]:
    """The horizontal and the vertical lines of a page, each merged from its pieces.

    ``place`` rotates points, see :meth:`PageText.place`.
    """
    level: list[Ruling] = []
    upright: list[Ruling] = []
    for points, stroked in _outlines(page, raw):
        turned = [place(*point) for point in points]
        left, right = min(x for x, _ in turned), max(x for x, _ in turned)
        low, high = min(y for _, y in turned), max(y for _, y in turned)
        if high - low <= _SAME < right - left:
            level.append(Ruling((low + high) / 2, left, right))
        elif right - left <= _SAME < high - low:
            upright.append(Ruling((left + right) / 2, low, high))
        elif stroked:
            for (x0, y0), (x1, y1) in pairwise(turned):
                if abs(y0 - y1) < 0.5 and abs(x0 - x1) > _SAME:
                    level.append(Ruling(y0, min(x0, x1), max(x0, x1)))
                elif abs(x0 - x1) < 0.5 and abs(y0 - y1) > _SAME:
                    upright.append(Ruling(x0, min(y0, y1), max(y0, y1)))
    return merge_rulings(level), merge_rulings(upright)


def _outlines(page: Any, raw: Any) -> Iterator[tuple[list[Point], bool]]:
    """The points of each outline, and whether it is drawn rather than filled."""
    count = 0
    for handle, matrix in _paths(page.raw, raw, (1, 0, 0, 1, 0, 0), _DEPTH, form=False):
        count += 1
        if count > _MOST_PATHS:
            return
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(handle, fill, stroke)
        stroked = bool(stroke.value)
        if not (stroked or fill.value) or _is_white(handle, raw, stroked=stroked):
            continue
        own = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(handle, own)
        whole = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
        for points in _subpaths(handle, raw, whole):
            yield points, stroked


def _paths(
    parent: Any, raw: Any, matrix: Matrix, depth: int, *, form: bool
) -> Iterator[tuple[Any, Matrix]]:
    """The path objects of a page or form, nested forms included, with their matrix."""
    if form:
        count, get = raw.FPDFFormObj_CountObjects(parent), raw.FPDFFormObj_GetObject
    else:
        count, get = raw.FPDFPage_CountObjects(parent), raw.FPDFPage_GetObject
    for index in range(count):
        handle = get(parent, index)
        kind = raw.FPDFPageObj_GetType(handle)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield handle, matrix
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth:
            own = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(handle, own)
            inner = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
            yield from _paths(handle, raw, inner, depth - 1, form=True)


def _is_white(handle: Any, raw: Any, *, stroked: bool) -> bool:
    colour = [ctypes.c_uint() for _ in range(4)]
    get = raw.FPDFPageObj_GetStrokeColor if stroked else raw.FPDFPageObj_GetFillColor
    return bool(get(handle, *colour)) and all(part.value >= _WHITE for part in colour[:3])


def _subpaths(handle: Any, raw: Any, matrix: Matrix) -> Iterator[list[Point]]:
    points: list[Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(raw.FPDFPath_CountSegments(handle), _MOST_POINTS)):
        segment = raw.FPDFPath_GetPathSegment(handle, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO and points:
            if len(points) > 1:
                yield points
            points = []
        a, b, c, d, e, f = matrix
        points.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def merge_rulings(rulings: Sequence[Ruling]) -> list[Ruling]:
    """Merge lines that overlap or touch end to end; drop dots and dashes."""
    groups: list[list[Ruling]] = []
    for ruling in sorted(rulings, key=lambda r: r.at):
        if groups and ruling.at - groups[-1][0].at <= _SAME:
            groups[-1].append(ruling)
        else:
            groups.append([ruling])
    merged: list[Ruling] = []
    for group in groups:
        at = sum(ruling.at for ruling in group) / len(group)
        start = end = None
        for ruling in sorted(group, key=lambda r: r.start):
            if start is None or end is None:
                start, end = ruling.start, ruling.end
            elif ruling.start <= end + _SAME:
                end = max(end, ruling.end)
            else:
                merged.append(Ruling(at, start, end))
                start, end = ruling.start, ruling.end
        if start is not None and end is not None:
            merged.append(Ruling(at, start, end))
    return [ruling for ruling in merged if ruling.end - ruling.start >= _SHORT]


def find_grids(level: Sequence[Ruling], upright: Sequence[Ruling]) -> list[Grid]:
    """The tables formed by crossing or touching lines, from the top down.

    A table has at least two columns.
    """
    if max(len(level), len(upright)) > _MOST_LINES:
        return []
    groups = _connected(level, upright)
    grids = [grid for lines in groups if (grid := _grid(*lines)) is not None]
    return sorted(grids, key=lambda grid: -grid.ys[0])


def _connected(
    level: Sequence[Ruling], upright: Sequence[Ruling]
) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Group lines that meet."""
    home = list(range(len(level) + len(upright)))

    def root(i: int) -> int:
        while home[i] != i:
            home[i] = home[home[i]]
            i = home[i]
        return i

    for i, across in enumerate(level):
        for j, down in enumerate(upright, start=len(level)):
            if (
                across.start - _SAME <= down.at <= across.end + _SAME
                and down.start - _SAME <= across.at <= down.end + _SAME
            ):
                home[root(i)] = root(j)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for i, ruling in enumerate([*level, *upright]):
        groups.setdefault(root(i), ([], []))[i >= len(level)].append(ruling)
    return [group for group in groups.values() if group[0] and group[1]]


def _grid(level: Sequence[Ruling], upright: Sequence[Ruling]) -> Grid | None:
    """The grid of a group of lines, with open sides closed; None for one column."""
    xs = _edges([r.at for r in upright], min(r.start for r in level), max(r.end for r in level))
    ys = _edges([r.at for r in level], min(r.start for r in upright), max(r.end for r in upright))[
        ::-1
    ]
    if len(xs) < 3 or len(ys) < 2:
        return None
    return Grid(xs, ys, list(_regions(xs, ys, level, upright)))


def _edges(at: Sequence[float], low: float, high: float) -> list[float]:
    edges: list[float] = []
    for value in sorted([*at, low, high]):
        if not edges or value - edges[-1] > 2 * _SAME:
            edges.append(value)
    return edges


def _regions(
    xs: Sequence[float], ys: Sequence[float], level: Sequence[Ruling], upright: Sequence[Ruling]
) -> Iterator[Region]:
    """The cells: squares of the grid, joined where no line separates them."""
    columns, rows = len(xs) - 1, len(ys) - 1

    def is_open(lines: Sequence[Ruling], at: float, middle: float) -> bool:
        return not any(
            abs(r.at - at) <= 2 * _SAME and r.start - _SAME <= middle <= r.end + _SAME
            for r in lines
        )

    right = [
        [is_open(upright, xs[c + 1], (ys[r] + ys[r + 1]) / 2) for c in range(columns - 1)]
        for r in range(rows)
    ]
    below = [
        [is_open(level, ys[r + 1], (xs[c] + xs[c + 1]) / 2) for c in range(columns)]
        for r in range(rows - 1)
    ]
    taken: set[tuple[int, int]] = set()
    for row in range(rows):
        for column in range(columns):
            if (column, row) in taken:
                continue
            wide = 1
            while column + wide < columns and right[row][column + wide - 1]:
                wide += 1
            high = 1
            while row + high < rows and all(
                below[row + high - 1][c] for c in range(column, column + wide)
            ):
                high += 1
            taken |= {(c, r) for c in range(column, column + wide) for r in range(row, row + high)}
            yield Region(column, row, wide, high)
