"""Tables without ruling lines on PDF pages, found by the alignment of their words.

Words at one height make a row of segments; the blank strips that all rows of a run leave free are
the borders of columns. Lines of a cell are joined by their distance, or by the level rules between
rows, where the table has some.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from .contents import LEADERS
from .lines import begins_item
from .pdf_layout import find_gutter
from .pdf_lines import PdfLine, TextFragment
from .pdf_rulings import Region, Ruling
from .pdf_tables import PdfTable, cell_lines, table_cell
from .tables import FIRST_HEADING, LETTER, NUMBER, Cell

_GAP = 0.8  # font sizes between two segments of a row; blanks between words are narrower
_RIVER = 0.6  # font sizes; the narrowest blank strip between two columns
_CUT = 0.42  # font sizes between two words that a strip may part
_COVERED = 0.4  # share of a column, or of the words, by which words stand in a column too
_SAME_ROW = 0.35  # font sizes between baselines of one row
_WIDE = 0.6  # share of the text's width; a single segment wider than this is running text
_BREAK = 3.5  # font sizes between two rows; more than this ends a run
_LOOSE = 1.5  # font sizes; two single segments farther apart are not lines of one cell
_TIGHT = 1.12  # of the pitch; rows nearer than this are lines of one cell
_LEAST_ROWS = 3  # with at least two cells, the heading row included
_LONGEST_CELL = 9  # lines on average; longer cells are columns of prose
_FULL = 0.5  # share of the lines that continue the one before: a column of prose
_RULED = 0.6  # share of the table's width that a rule between rows covers
_FIGURES = 0.6  # share of the cells of a column of figures
_SHORT_CELL = 8  # words on average in a table that nothing else shows to be one
_HEAD = 0.3  # share of the page's height in which a letterhead stands
_CONTENTS = re.compile(r"mục\s+lục\s*[:.]?$", re.IGNORECASE)
_MARKER = re.compile(r"(?:[-–—+*•●○▪◦·]|\(?(?:\d{1,3}|[a-zđ]|[IVX]{1,5})[.)/:]*)$")
_FIGURE = re.compile(r"[\d.,%+()/–-]+(?:\s?(?:%|[^\W\d_]{1,5}\.?))?(?:\s[^\W\d_]{1,5})?$")
_DATE = re.compile(r"ngày\s+[\d….]+\s+tháng", re.IGNORECASE)


@dataclass(slots=True)
class _Row:
    """The words at one height, in segments from left to right."""

    y: float
    size: float
    segments: list[list[TextFragment]]

    @property
    def text(self) -> str:
        return " ".join(_text(segment) for segment in self.segments)

    @property
    def x0(self) -> float:
        return self.segments[0][0].x0

    @property
    def x1(self) -> float:
        return max(piece.x1 for piece in self.segments[-1])


@dataclass(slots=True)
class _Run:
    """Rows that may be a table, the borders of its columns, and its cells.

    ``rivers`` are the blank strips with the borders in their middle.

    ``cells`` has one mapping a row: first and last column of a segment → its words.
    """

    rows: list[_Row]
    borders: list[float] = field(default_factory=list)
    rivers: list[tuple[float, float]] = field(default_factory=list)
    cells: list[dict[tuple[int, int], list[TextFragment]]] = field(default_factory=list)

    @property
    def columns(self) -> int:
        return len(self.borders) + 1


def take_columns(
    number: int, height: float, lines: list[PdfLine], level: Sequence[Ruling]
) -> tuple[list[PdfLine], list[PdfTable], bool]:
    """The lines of a page outside its unruled tables, the tables, and if one stayed unclear.

    The rows of an unclear table are tables of one row each: no line of it becomes a heading.
    """
    gutter = find_gutter(lines)
    sides = [lines]
    if gutter is not None:
        halves = [
            [line for line in lines if line.x1 <= gutter],
            [line for line in lines if line.x0 >= gutter],
        ]
        if all(_is_prose(half) for half in halves):
            sides = halves
    tables: list[PdfTable] = []
    unclear = False
    contents = any(_CONTENTS.match(line.text.strip(" *_")) for line in lines)
    taken: set[int] = set()
    for side in sides:
        for run in _runs(side):
            table, vague = _read_run(number, height, run, level, contents=contents)
            if table is None:
                continue
            unclear = unclear or vague
            tables.append(table)
            taken |= {
                id(piece) for row in run.rows for segment in row.segments for piece in segment
            }
    if not tables:
        return lines, [], unclear
    return list(_outside(lines, taken)), tables, unclear


def _outside(lines: Sequence[PdfLine], taken: set[int]) -> Iterator[PdfLine]:
    for line in lines:
        left = [piece for piece in line.pieces if id(piece) not in taken]
        if len(left) == len(line.pieces):
            yield line
        elif left:
            yield PdfLine.of(line.page, left)


def _is_prose(lines: Sequence[PdfLine]) -> bool:
    """Whether lines are a column of running text: most continue the one before."""
    if not lines:
        return False
    right = sorted(line.x1 for line in lines)[-1 - len(lines) // 10]
    width = right - min(line.x0 for line in lines)
    long = [line for line in lines if line.x1 - line.x0 > _WIDE * width]
    ordered = sorted(long, key=lambda line: -line.y)
    continued = sum(
        after.text[:1].islower() and before.x1 > right - 3 * before.size
        for before, after in pairwise(ordered)
    )
    return continued >= _FULL * (len(ordered) - 1)


def _runs(lines: Sequence[PdfLine]) -> Iterator[_Run]:
    """Maximal runs of rows that are in segments, or parts of a row."""
    rows = list(_rows(lines))
    if not rows:
        return
    width = max(row.x1 for row in rows) - min(row.x0 for row in rows)
    kinds = [_row_kind(row, width) for row in rows]
    for i, kind in enumerate(kinds):  # one wide row inside a table: a heading within it
        inner = 0 < i < len(rows) - 1 and "m" in kinds[max(0, i - 2) : i] and kinds[i + 1] == "m"
        if kind == "w" and inner and kinds[i - 1] != "w" and rows[i].text[-1:] not in ".;:,":
            kinds[i] = "p"
    start = 0
    for i in range(1, len(rows) + 1):
        if i < len(rows) and {kinds[i], kinds[i - 1]} <= {"m", "p"}:
            if not _is_apart(rows[i - 1], rows[i]):
                continue
        if kinds[start:i].count("m") >= 2:
            yield _Run(rows[start:i])
        start = i


def _row_kind(row: _Row, width: float) -> str:
    """``m``: several segments, ``p``: a part of a row, ``w``: running text, ``x``: neither."""
    if LEADERS.search(row.text):
        return "x"
    if len(row.segments) > 1:
        return "m"
    return "p" if row.x1 - row.x0 < _WIDE * width else "w"


def _is_apart(above: _Row, row: _Row) -> bool:
    """Whether a run ends between two rows: far apart, or two headings below each other."""
    size = max(row.size, above.size)
    step = above.y - row.y
    lone = len(row.segments) == len(above.segments) == 1
    return step > _BREAK * size or (lone and step > _LOOSE * size)


def _rows(lines: Sequence[PdfLine]) -> Iterator[_Row]:
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
        yield _Row(group[0].y, size, segments)


def _read_run(
    number: int, height: float, run: _Run, level: Sequence[Ruling], *, contents: bool
) -> tuple[PdfTable | None, bool]:
    """The table of a run, and whether its columns stayed unclear; None: it is none."""
    _set_columns(run)
    while run.borders and _trim(run):
        _set_columns(run)
    if not run.borders or len(run.rows) < 2:
        return None, False
    rules = _rules(run, level)
    groups = _logical_rows(run, rules)
    header = _header(run, groups, rules)
    rows = [_cells(number, run, group, apart=header and not i) for i, group in enumerate(groups)]
    evidence = _evidence(run, groups, rows, header=header)
    if contents and run.columns == 2:
        return None, False
    if _is_letter(run, height, figures=evidence == "figures"):
        return None, False
    vague = not evidence and _is_vague(run)
    if vague or evidence == "labels":
        rows = [[_whole(row)] for row in rows]
    elif not evidence:
        return None, False
    elif header:
        for cell in rows[0]:
            cell.heading = True
    left, right = min(row.x0 for row in run.rows), max(row.x1 for row in run.rows)
    top = run.rows[0].y + run.rows[0].size
    marks = [_marks(number, run, group) for group in groups]
    xs = [left, *run.borders, right]
    return PdfTable(number, top, left, right, xs, rows, marks, number, aligned=True), vague


def _set_columns(run: _Run) -> None:
    """Find the blank strips between the columns of a run and put its words into cells."""
    rows = [row for row in run.rows if len(row.segments) > 1]
    size = median(row.size for row in run.rows)
    spared = 1 if len(rows) >= 4 else 0  # rows that may cross: a heading over several columns
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


def _strips(rows: Sequence[_Row], spared: int) -> Iterator[tuple[float, float]]:
    """The blank strips, each as narrow as all rows leave it, else as all but ``spared`` do."""
    clear = _rivers(rows, 0)
    for low, high in _rivers(rows, spared):
        inner = [river for river in clear if low <= river[0] and river[1] <= high]
        yield from inner or [(low, high)]


def _rivers(rows: Sequence[_Row], spared: int) -> list[tuple[float, float]]:
    """The strips that at most ``spared`` segments cross, between the outermost segments."""
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


def _weak_border(run: _Run) -> int | None:
    """The place of a border that fewer than two rows have words on both sides of."""
    for place in range(len(run.borders)):
        both = sum(
            any(last == place for _, last in cells) and any(f == place + 1 for f, _ in cells)
            for cells in run.cells
        )
        if both < 2:
            return place
    return None


def _row_cells(row: _Row, run: _Run) -> dict[tuple[int, int], list[TextFragment]]:
    """The words of a row by column; a segment across a border covers several columns."""
    cells: dict[tuple[int, int], list[TextFragment]] = {}
    for segment in row.segments:
        for part in _parts(segment, row.size, run.rivers):
            cells.setdefault(_columns(part, run.borders), []).extend(part)
    return cells


def _parts(
    segment: list[TextFragment], size: float, rivers: Sequence[tuple[float, float]]
) -> Iterator[list[TextFragment]]:
    """A segment, cut in the strips where more than a blank stands between two words."""
    part = [segment[0]]
    for before, piece in pairwise(segment):
        wide = piece.x0 - before.x1 > _CUT * size and not piece.raised
        if wide and any(before.x1 < high and low < piece.x0 for low, high in rivers):
            yield part
            part = []
        part.append(piece)
    yield part


def _columns(part: Sequence[TextFragment], borders: Sequence[float]) -> tuple[int, int]:
    """The first and the last column that words cover for the greater part."""
    left, right = part[0].x0, max(piece.x1 for piece in part)
    edges = [min(left, borders[0]) - 1, *borders, max(right, borders[-1]) + 1]
    shares = [
        (min(right, high) - max(left, low)) / max(min(right - left, high - low), 1)
        for low, high in pairwise(edges)
    ]
    covered = [column for column, share in enumerate(shares) if share > _COVERED]
    usual = max(range(len(shares)), key=lambda column: shares[column])
    return (covered[0], covered[-1]) if covered else (usual, usual)


def _trim(run: _Run) -> bool:
    """Drop a row at the top or foot that is not of the table; whether one was."""
    pitch = _pitch(run)
    for end, near in ((0, 1), (-1, -2)):
        if len(run.rows) < 3:
            return False
        row, cells = run.rows[end], run.cells[end]
        if len(cells) > 1:
            continue
        ((first, last),) = cells
        tight = abs(row.y - run.rows[near].y) <= _TIGHT * pitch
        inside = first == last and any(a <= first <= b for a, b in run.cells[near])
        begins = end == -1 and (begins_item(row.text) or all(p.bold for p in row.segments[0]))
        if not (tight and inside) or begins:
            del run.rows[end], run.cells[end]
            return True
    return False


def _pitch(run: _Run) -> float:
    """The distance of two lines of a cell: the least within a column."""
    steps: list[float] = []
    for column in range(run.columns):
        ys = [
            row.y
            for row, cells in zip(run.rows, run.cells, strict=True)
            if any(first <= column <= last for first, last in cells)
        ]
        steps += [a - b for a, b in pairwise(ys)]
    size = median(row.size for row in run.rows)
    return min((step for step in steps if step > 0.9 * size), default=1.2 * size)


def _rules(run: _Run, level: Sequence[Ruling]) -> list[float]:
    """The heights of the level rules between the rows of a run."""
    left, right = min(row.x0 for row in run.rows), max(row.x1 for row in run.rows)
    return [
        rule.at
        for rule in level
        if run.rows[-1].y < rule.at < run.rows[0].y
        and min(rule.end, right) - max(rule.start, left) >= _RULED * (right - left)
    ]


def _logical_rows(run: _Run, rules: Sequence[float]) -> list[list[int]]:
    """The rows of the table, each with the places of its lines in the run."""
    pitch = _pitch(run)
    gaps = [a.y - b.y for a, b in pairwise(run.rows)]
    ruled = len(rules) >= 3
    spaced = any(gap > _TIGHT * pitch for gap in gaps)
    groups = [[0]]
    for place, gap in enumerate(gaps, start=1):
        above, here = run.rows[place - 1], run.rows[place]
        if any(here.y < rule < above.y for rule in rules):
            new = True
        elif ruled:
            new = False
        elif gap > _TIGHT * pitch:
            new = True
        else:
            new = _begins_row(run, groups[-1], place, spaced=spaced)
        if new:
            groups.append([place])
        else:
            groups[-1].append(place)
    return groups


def _begins_row(run: _Run, group: Sequence[int], place: int, *, spaced: bool) -> bool:
    """Whether the line at ``place``, as near as a line of a cell, begins a row of its own."""
    here, before = run.cells[place], run.cells[place - 1]
    firsts = {first for first, _ in here}
    if any(first != last for first, last in before) and not spaced:
        return False  # below a heading over several columns
    number = next((_text(words) for (first, _), words in here.items() if first == 0), "")
    if _MARKER.match(number) and _is_numbered(run):
        return True
    full = len(firsts) == run.columns and {f for f, _ in run.cells[group[0]]} == firsts
    if spaced:
        return full and all(
            _FIGURE.match(_text(here[(c, c)])) is not None
            for c in range(1, run.columns)
            if (c, c) in here
        )
    if _is_numbered(run):
        return False
    return 0 in firsts and len(firsts) * 2 > run.columns


def _is_numbered(run: _Run) -> bool:
    """Whether the first column numbers the rows."""
    texts = [
        _text(words)
        for cells in run.cells
        for (first, last), words in cells.items()
        if first == last == 0
    ]
    return len(texts) > 2 and sum(bool(_MARKER.match(text)) for text in texts) * 3 > 2 * len(texts)


def _cells(number: int, run: _Run, group: Sequence[int], *, apart: bool) -> list[Cell]:
    """The cells of a row; words across a border make one cell over its columns.

    With ``apart``, each column has a cell, and such words stand in each: a row of headings.
    """
    if len(group) == 1 and len(run.cells[group[0]]) == 1:
        ((first, last),) = run.cells[group[0]]
        if first != last or first == 0:
            words = list(run.cells[group[0]].values())
            region = Region(0, 0, run.columns, 1)
            return [table_cell(number, region, cell_lines(number, words))]
    open_borders = {
        border
        for place in group
        for first, last in run.cells[place]
        for border in range(first, last)
        if not apart
    }
    cells: list[Cell] = []
    start = 0
    for column in range(run.columns):
        if column in open_borders:
            continue
        parts = [
            words
            for place in group
            for (first, last), words in run.cells[place].items()
            if first <= column and last >= start
        ]
        lines = cell_lines(number, parts) if parts else []
        cells.append(table_cell(number, Region(start, 0, column + 1 - start, 1), lines))
        start = column + 1
    return cells


def _whole(row: Sequence[Cell]) -> Cell:
    """The cells of a row as one, for rows whose columns have no headings."""
    blocks = [block for cell in row for block in cell.blocks]
    text = " ".join(block.text for block in blocks)
    block = replace(blocks[0], text=text, kind="table-row", lead=0, bold=False)
    return Cell([block])


def _marks(number: int, run: _Run, group: Sequence[int]) -> list[tuple[int, str]]:
    """The marks of notes in a row."""
    return [
        (number, label)
        for place in group
        for segment in run.rows[place].segments
        for label in PdfLine.of(number, segment).marks
    ]


def _header(run: _Run, groups: Sequence[Sequence[int]], rules: Sequence[float]) -> bool:
    """Whether the first row is a row of headings: bold, above a rule, or begun by "TT"."""
    if len(groups) < 2 or sum(len(run.cells[place]) for place in groups[0]) < 2:
        return False
    words = [piece for place in groups[0] for s in run.rows[place].segments for piece in s]
    rest = [
        piece
        for group in groups[1:]
        for place in group
        for segment in run.rows[place].segments
        for piece in segment
    ]
    if all(piece.bold for piece in words) and not all(piece.bold for piece in rest):
        return True
    first = next((_text(w) for place in groups[0] for (f, _), w in run.cells[place].items() if f == 0), "")
    if FIRST_HEADING.match(first):
        return True
    last = run.rows[groups[0][-1]].y
    below = run.rows[groups[1][0]].y
    return len(rules) < len(groups) - 1 and any(below < rule < last for rule in rules)


def _evidence(
    run: _Run, groups: Sequence[Sequence[int]], rows: Sequence[Sequence[Cell]], *, header: bool
) -> str:
    """Why a run is a table: ``heading``, ``figures``, ``labels``, ``cells``; empty: it is none."""
    filled = [row for row in rows if sum(bool(cell.text) for cell in row) > 1]
    body = filled[1:] if header else filled
    if run.columns == 2 and all(_MARKER.match(row[0].text) for row in body):
        return ""  # a list whose numbers stand apart
    if len(run.rows) > _LONGEST_CELL * len(groups):
        return ""
    labels = [row[0].text for row in rows if row[0].text]
    if run.columns == 2 and len(filled) > 1 and all(text.endswith(":") for text in labels):
        return "labels"
    if len(filled) < _LEAST_ROWS or len(filled) * 2 < len(rows):
        return ""
    for column in range(1, run.columns):
        texts = [row[column].text for row in body if len(row) > column and row[column].text]
        figures = sum(bool(_FIGURE.match(text) or NUMBER.match(text)) for text in texts)
        if len(texts) > 1 and figures >= _FIGURES * len(texts):
            return "figures"
    if header:
        return "heading"
    words = [len(cell.text.split()) for row in filled for cell in row if cell.text]
    starts = [cell.text for row in filled for cell in row if cell.text]
    small = sum(text[:1].islower() for text in starts)
    short = sum(words) <= _SHORT_CELL * len(words) and small * 2 <= len(starts)
    return "cells" if run.columns > 2 and short else ""


def _is_vague(run: _Run) -> bool:
    """Whether a run looks like a table of three columns or more without any other sign of one."""
    wide = sum(len(cells) > 2 for cells in run.cells)
    return run.columns > 2 and wide >= _LEAST_ROWS and not _is_flowing(run)


def _is_flowing(run: _Run) -> bool:
    """Whether most cells begin with a small letter: columns of running text."""
    texts = [_text(words) for cells in run.cells for words in cells.values()]
    return sum(text[:1].islower() for text in texts) * 2 > len(texts)


def _is_letter(run: _Run, height: float, *, figures: bool) -> bool:
    """Whether a run is a letterhead, or recipients and signature beside each other."""
    if run.columns > 3:
        return False
    texts = [_text(segment) for row in run.rows for segment in row.segments]
    if any(LETTER.search(text) or _DATE.search(text) for text in texts):
        return True
    top = run.rows[0].y > height * (1 - _HEAD)
    return run.columns == 2 and top and not figures and run.rows[0].text.isupper()


def _text(words: Sequence[TextFragment]) -> str:
    return " ".join(piece.word.text for piece in words if not piece.raised)
