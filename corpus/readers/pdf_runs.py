"""Rows of words on a PDF page that are aligned in columns, and the borders.

Words at one height form a row of segments; blank strips common to all rows of a run are the borders
of its columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from .contents import LEADERS
from .lines import begins_item
from .pdf_lines import PdfLine, TextFragment
from .tables import FIRST_HEADING

_GAP = 0.8  # font sizes: minimum gap between two segments of a row
_RIVER = 0.6  # font sizes: minimum width of a blank strip between two columns
_CUT = 0.42  # font sizes: minimum gap between two words that a strip separates
_COVERED = 0.4  # share of a column, or of the words, that must overlap
_SAME_ROW = 0.35  # font sizes: maximum distance of the baselines of one row
WIDE = 0.6  # share of the text's width: a wider single segment is running text
_DENSE = 0.08  # share of a row: with less space between segments it is justified text
_JUSTIFIED = 1.2  # font sizes: maximum gap between two words of a justified line
_SIGNATURE = re.compile(
    r"nơi\s+nhận\s*:|(?<!\w)(?:T/?M|K/?T|T/?L|TUQ)\s*\.\s+[A-ZĐ]", re.IGNORECASE
)
_BREAK = 3.5  # font sizes: a larger distance between two rows ends a run
_LOOSE = 1.5  # font sizes: maximum distance of two single segments in one cell
STAGGERED = 0.8  # of the pitch
_BESIDE = 1.0  # font sizes: less than the distance of two lines of a cell
_LEAST_PITCH = 0.6  # font sizes; some programs state a larger font size than printed
TIGHT = 1.12  # of the pitch: closer rows are lines of one cell


@dataclass(slots=True)
class TextRow:
    """The words at one height, in segments from left to right.

    ``beside`` marks a single segment slightly above or below a row of several: a line of a cell
    whose neighbours are centred vertically.
    """

    y: float
    size: float
    segments: list[list[TextFragment]]
    beside: bool = False

    @property
    def text(self) -> str:
        """The words, one blank between them."""
        return " ".join(text_of(segment) for segment in self.segments)

    @property
    def x0(self) -> float:
        """The left edge of its first word."""
        return self.segments[0][0].x0

    @property
    def x1(self) -> float:
        """The right edge of its last word."""
        return max(piece.x1 for piece in self.segments[-1])


@dataclass(slots=True)
class RowRun:
    """Rows that may be a table, the borders of its columns, and its cells.

    ``rivers`` are the blank strips with the borders in their middle. ``cells`` has one mapping per
    row: first and last column of a segment → its words.
    """

    rows: list[TextRow]
    borders: list[float] = field(default_factory=list)
    rivers: list[tuple[float, float]] = field(default_factory=list)
    cells: list[dict[tuple[int, int], list[TextFragment]]] = field(default_factory=list)

    @property
    def columns(self) -> int:
        """The number of columns."""
        return len(self.borders) + 1


def has_rows(lines: Sequence[PdfLine]) -> bool:
    """Whether at least two rows of a page may consist of segments."""
    count = 0
    for line in lines:
        gap = _GAP * line.size
        count += any(b.x0 - a.x1 >= gap for a, b in pairwise(line.pieces) if not b.raised)
    ys = sorted(line.y for line in lines)
    size = max((line.size for line in lines), default=0.0)
    count += sum(b - a < _SAME_ROW * size for a, b in pairwise(ys))
    return count > 1


def find_runs(lines: Sequence[PdfLine]) -> Iterator[RowRun]:
    """The longest runs of rows that consist of segments, or are parts of a row."""
    rows = list(_rows(lines))
    if not rows:
        return
    width = max(row.x1 for row in rows) - min(row.x0 for row in rows)
    for above, row in pairwise(rows):
        if above.y - row.y < _BESIDE * row.size:
            above.beside = above.beside or len(above.segments) == 1 < len(row.segments)
            row.beside = row.beside or len(row.segments) == 1 < len(above.segments)
    kinds = [_row_kind(row, width) for row in rows]
    for i, kind in enumerate(kinds):  # one wide row inside a table is a heading
        inner = 0 < i < len(rows) - 1 and "m" in kinds[max(0, i - 2) : i] and kinds[i + 1] == "m"
        if kind == "w" and inner and kinds[i - 1] != "w" and rows[i].text[-1:] not in ".;:,":
            kinds[i] = "p"
    start = 0
    for i in range(1, len(rows) + 1):
        inside = i < len(rows) and {kinds[i], kinds[i - 1]} <= {"m", "p"}
        if inside and not _is_apart(rows[i - 1], rows[i]):
            continue
        if kinds[start:i].count("m") >= 2:
            yield RowRun(rows[start:i])
        start = i


def _row_kind(row: TextRow, width: float) -> str:
    """The kind of a row, as a letter.

    ``m``: several segments, ``p``: a part of a row, ``w``: running text, ``x``: neither.
    """
    if LEADERS.search(row.text):
        return "x"
    if len(row.segments) > 1:
        gaps = [b[0].x0 - a[-1].x1 for a, b in pairwise(row.segments)]
        dense = sum(gaps) < _DENSE * (row.x1 - row.x0) and row.x1 - row.x0 > WIDE * width
        return "w" if dense and max(gaps) < _JUSTIFIED * row.size else "m"
    return "p" if row.x1 - row.x0 < WIDE * width else "w"


def _is_apart(above: TextRow, row: TextRow) -> bool:
    """Whether a run ends between two rows.

    It does if they are far apart, if both are headings, or if recipients and signature begin.
    """
    if _SIGNATURE.search(row.text):
        return True
    size = max(row.size, above.size)
    step = above.y - row.y
    lone = (
        not (row.beside or above.beside)
        and len(row.segments) == len(above.segments) == 1
        and abs(row.x0 - above.x0) > 2
    )
    return step > _BREAK * size or (lone and step > _LOOSE * size)


def _rows(lines: Sequence[PdfLine]) -> Iterator[TextRow]:
    groups: list[list[PdfLine]] = []
    for line in sorted(lines, key=lambda line: -line.y):
        first = groups[-1][0] if groups else None
        if first and first.y - line.y < _SAME_ROW * max(first.size, line.size):
            groups[-1].append(line)
        else:
            groups.append([line])
    for group in groups:
        size = max(line.size for line in group)
        pieces = sorted((piece for line in group for piece in line.pieces), key=lambda p: p.x0)
        segments: list[list[TextFragment]] = []
        for piece in pieces:
            end = max((p.x1 for p in segments[-1]), default=0.0) if segments else 0.0
            if segments and (piece.raised or piece.x0 - end < _GAP * size):
                segments[-1].append(piece)
            else:
                segments.append([piece])
        yield TextRow(group[0].y, size, segments)


def set_columns(run: RowRun) -> None:
    """Find the blank strips between the columns of a run and put its words into cells."""
    rows = [row for row in run.rows if len(row.segments) > 1 or row.beside]
    size = median(row.size for row in run.rows)
    spared = 1 if len(rows) >= 4 else 0  # rows that may cross: headings over several columns
    run.rivers = [river for river in _strips(rows, spared) if river[1] - river[0] >= _RIVER * size]
    while run.rivers:
        run.borders = [(low + high) / 2 for low, high in run.rivers]
        run.cells = [_row_cells(row, run) for row in run.rows]
        weak = _weak_border(run)
        if weak is None:
            return
        del run.rivers[weak]
    run.borders = []
    run.cells = []


def _strips(rows: Sequence[TextRow], spared: int) -> Iterator[tuple[float, float]]:
    """The blank strips of all rows, or else of all but ``spared`` rows."""
    clear = _rivers(rows, 0)
    for low, high in _rivers(rows, spared):
        inner = [river for river in clear if low <= river[0] and river[1] <= high]
        yield from inner or [(low, high)]


def _rivers(rows: Sequence[TextRow], spared: int) -> list[tuple[float, float]]:
    """The strips between the outermost segments that at most ``spared`` cross."""
    events: list[tuple[float, int]] = []
    for row in rows:
        for segment in row.segments:
            events.append((segment[0].x0, 1))
            events.append((max(piece.x1 for piece in segment), -1))
    events.sort()
    found: list[tuple[float, float]] = []
    count, begun, start = 0, False, 0.0
    for x, step in events:
        before, count = count, count + step
        if before > spared >= count:
            start, begun = x, True
        elif before <= spared < count and begun:
            found.append((start, x))
            begun = False
    return found


def _weak_border(run: RowRun) -> int | None:
    """The index of a border with words on both sides in fewer than two rows."""
    beside = [set(cells) for cells in run.cells]
    for i, (above, row) in enumerate(pairwise(run.rows)):
        if above.y - row.y < _BESIDE * row.size:  # lines beside a vertically centred cell
            beside[i] |= set(run.cells[i + 1])
    for place in range(len(run.borders)):
        both = sum(
            any(last == place for _, last in cells) and any(f == place + 1 for f, _ in cells)
            for cells in beside
        )
        if both < 2:
            return place
    return None


def _row_cells(row: TextRow, run: RowRun) -> dict[tuple[int, int], list[TextFragment]]:
    """The words of a row by column; a segment across a border covers several columns."""
    cells: dict[tuple[int, int], list[TextFragment]] = {}
    for segment in row.segments:
        for part in _parts(segment, row.size, run.rivers):
            cells.setdefault(_columns(part, run.borders), []).extend(part)
    return cells


def _parts(
    segment: list[TextFragment], size: float, rivers: Sequence[tuple[float, float]]
) -> Iterator[list[TextFragment]]:
    """Split a segment in the strips where the gap is wider than a blank."""
    part = [segment[0]]
    for before, piece in pairwise(segment):
        wide = piece.x0 - before.x1 > _CUT * size and not piece.raised
        if wide and any(before.x1 < high and low < piece.x0 for low, high in rivers):
            yield part
            part = []
        part.append(piece)
    yield part


def _columns(part: Sequence[TextFragment], borders: Sequence[float]) -> tuple[int, int]:
    """The first and the last column that words mostly cover."""
    left, right = part[0].x0, max(piece.x1 for piece in part)
    edges = [min(left, borders[0]) - 1, *borders, max(right, borders[-1]) + 1]
    shares = [
        (min(right, high) - max(left, low)) / max(min(right - left, high - low), 1)
        for low, high in pairwise(edges)
    ]
    covered = [column for column, share in enumerate(shares) if share > _COVERED]
    usual = max(range(len(shares)), key=lambda column: shares[column])
    return (covered[0], covered[-1]) if covered else (usual, usual)


def trim(run: RowRun) -> bool:
    """Drop a row at the top or foot outside the table; return whether there was one."""
    pitch = pitch_of(run)
    if len(run.rows) > 2 and _is_heading_above(run):
        del run.rows[0], run.cells[0]
        return True
    for end, near in ((0, 1), (-1, -2)):
        if len(run.rows) < 3:
            return False
        row, cells = run.rows[end], run.cells[end]
        if len(cells) > 1:
            continue
        ((first, last),) = cells
        step = abs(row.y - run.rows[near].y)
        tight = step <= TIGHT * pitch
        staggered = step < STAGGERED * pitch  # beside the lines of a vertically centred cell
        below = any(a <= first <= b for a, b in run.cells[near])
        inside = first == last and (staggered or (below and (end == -1 or first > 0)))
        begins = end == -1 and (begins_item(row.text) or all(p.bold for p in row.segments[0]))
        if not (tight and inside) or begins:
            del run.rows[end], run.cells[end]
            return True
    return False


def _is_heading_above(run: RowRun) -> bool:
    """Whether the first row is a heading above the table that looks like segments."""
    row, below = run.rows[:2]
    first = next((words for (column, _), words in run.cells[1].items() if column == 0), None)
    headed = first is not None and FIRST_HEADING.match(text_of(first)) is not None
    if len(row.segments) == 2:  # a number and its heading, separated by a tab
        return headed and begins_item(row.text)
    return len(row.segments) == 1 and (
        begins_item(row.text) or (headed and len(below.segments) > 1)
    )


def pitch_of(run: RowRun) -> float:
    """The distance of two lines of a cell: the minimum within a column."""
    steps: list[float] = []
    for column in range(run.columns):
        ys = [
            row.y
            for row, cells in zip(run.rows, run.cells, strict=True)
            if any(first <= column <= last for first, last in cells)
        ]
        steps += [a - b for a, b in pairwise(ys)]
    size = median(row.size for row in run.rows)
    return min((step for step in steps if step > _LEAST_PITCH * size), default=1.2 * size)


def text_of(words: Sequence[TextFragment]) -> str:
    """The text of words, without note marks."""
    return " ".join(piece.word.text for piece in words if not piece.raised)
