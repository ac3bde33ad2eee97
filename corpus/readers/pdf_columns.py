"""Tables without ruling lines on PDF pages, found by the alignment of their words.

The lines of a cell are joined by their distance, or by the level rules between rows, where the
table has some.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from .pdf_layout import find_gutter
from .pdf_lines import PdfLine
from .pdf_rulings import Region, Ruling
from .pdf_runs import (
    STAGGERED,
    TIGHT,
    WIDE,
    RowRun,
    find_runs,
    has_rows,
    pitch_of,
    set_columns,
    text_of,
    trim,
)
from .pdf_tables import PdfTable, cell_lines, table_cell
from .table_groups import NUMBER
from .tables import FIRST_HEADING, LETTER, Cell

_LEAST_ROWS = 3  # minimum rows with at least two cells, including the headings
_LONGEST_CELL = 9  # maximum average lines of a cell; longer ones are columns of prose
_FULL = 0.5  # share of lines continuing the one before, in a column of prose
_RULED = 0.6  # minimum share of the table's width that a rule between rows covers
_FIGURES = 0.6  # minimum share of figures in a column of figures
_SHORT_CELL = 8  # maximum average words of a cell, without other evidence of a table
_HEAD = 0.3  # share of the page's height, from the top, for a letterhead
_CONTENTS = re.compile(r"mục\s+lục\s*[:.]?$", re.IGNORECASE)
_MARKER = re.compile(r"(?:[-–—+*•●○▪◦·]|\(?(?:\d{1,3}|[a-zđ]|[IVX]{1,5})[.)/:]*)$")
_FIGURE = re.compile(r"[\d.,%+()/–-]+(?:\s?(?:%|[^\W\d_]{1,5}\.?))?(?:\s[^\W\d_]{1,5})?$")
_DATE = re.compile(r"ngày\s+[\d….]+\s+tháng", re.IGNORECASE)


def take_columns(
    number: int, height: float, lines: list[PdfLine], level: Sequence[Ruling]
) -> tuple[list[PdfLine], list[PdfTable], bool]:
    """The lines outside the unruled tables of a page, and the tables.

    The third value is whether any table is unclear. Each row of an unclear table becomes a table of
    one row, so that none of its lines becomes a heading.
    """
    if not has_rows(lines):
        return lines, [], False
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
        for run in find_runs(side):
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
    long = [line for line in lines if line.x1 - line.x0 > WIDE * width]
    ordered = sorted(long, key=lambda line: -line.y)
    continued = sum(
        after.text[:1].islower() and before.x1 > right - 3 * before.size
        for before, after in pairwise(ordered)
    )
    return continued >= _FULL * (len(ordered) - 1)


def _read_run(
    number: int, height: float, run: RowRun, level: Sequence[Ruling], *, contents: bool
) -> tuple[PdfTable | None, bool]:
    """The table of a run, and whether its columns are unclear; None without one."""
    set_columns(run)
    while run.borders and trim(run):
        set_columns(run)
    if not run.borders or len(run.rows) < 2:
        return None, False
    rules = _rules(run, level)
    groups = _logical_rows(run, rules)
    header = _header(run, groups, rules)
    if header:
        _spread_headings(run, groups[0])
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


def _rules(run: RowRun, level: Sequence[Ruling]) -> list[float]:
    """The heights of the level rules between the rows of a run."""
    left, right = min(row.x0 for row in run.rows), max(row.x1 for row in run.rows)
    return [
        rule.at
        for rule in level
        if run.rows[-1].y < rule.at < run.rows[0].y
        and min(rule.end, right) - max(rule.start, left) >= _RULED * (right - left)
    ]


def _logical_rows(run: RowRun, rules: Sequence[float]) -> list[list[int]]:
    """The rows of the table, each as indices of lines of the run."""
    pitch = pitch_of(run)
    gaps = [a.y - b.y for a, b in pairwise(run.rows)]
    ruled = len(rules) >= 3
    spaced = any(gap > TIGHT * pitch for gap in gaps)
    groups = [[0]]
    for place, gap in enumerate(gaps, start=1):
        above, here = run.rows[place - 1], run.rows[place]
        if any(here.y < rule < above.y for rule in rules):
            new = True
        elif ruled or gap < STAGGERED * pitch:
            new = False
        elif gap > TIGHT * pitch:
            new = True
        else:
            new = _begins_row(run, groups[-1], place, spaced=spaced)
        if new:
            groups.append([place])
        else:
            groups[-1].append(place)
    return groups


def _begins_row(run: RowRun, group: Sequence[int], place: int, *, spaced: bool) -> bool:
    """Whether the line at ``place`` begins a row.

    A line as near to the one before as lines of one cell does not.
    """
    here, before = run.cells[place], run.cells[place - 1]
    firsts = {first for first, _ in here}
    if any(first != last for first, last in before) and not spaced:
        return False  # below a heading over several columns
    number = next((text_of(words) for (first, _), words in here.items() if first == 0), "")
    if _MARKER.match(number) and _is_numbered(run):
        return True
    full = len(firsts) == run.columns and {f for f, _ in run.cells[group[0]]} == firsts
    if spaced:
        return full and all(
            _FIGURE.match(text_of(here[(c, c)])) is not None
            for c in range(1, run.columns)
            if (c, c) in here
        )
    if _is_numbered(run):
        return False
    return 0 in firsts and len(firsts) * 2 > run.columns


def _is_numbered(run: RowRun) -> bool:
    """Whether the first column numbers the rows."""
    texts = [
        text_of(words)
        for cells in run.cells
        for (first, last), words in cells.items()
        if first == last == 0
    ]
    return len(texts) > 2 and sum(bool(_MARKER.match(text)) for text in texts) * 3 > 2 * len(texts)


def _cells(number: int, run: RowRun, group: Sequence[int], *, apart: bool) -> list[Cell]:
    """The cells of a row; words across a border make one cell over its columns.

    With ``apart`` (a row of headings) each column has a cell, and such words are repeated in each.
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
    """Join the cells of a row whose columns have no headings."""
    blocks = [block for cell in row for block in cell.blocks]
    text = " ".join(block.text for block in blocks)
    block = replace(blocks[0], text=text, kind="table-row", lead=0, bold=False)
    return Cell([block])


def _marks(number: int, run: RowRun, group: Sequence[int]) -> list[tuple[int, str]]:
    """The note marks in a row."""
    return [
        (number, label)
        for place in group
        for segment in run.rows[place].segments
        for label in PdfLine.of(number, segment).marks
    ]


def _header(run: RowRun, groups: Sequence[Sequence[int]], rules: Sequence[float]) -> bool:
    """Whether the first row holds headings: bold, above a rule, or begun by "TT"."""
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
    first = next(
        (text_of(w) for place in groups[0] for (f, _), w in run.cells[place].items() if f == 0), ""
    )
    if FIRST_HEADING.match(first):
        return True
    last = run.rows[groups[0][-1]].y
    below = run.rows[groups[1][0]].y
    return len(rules) < len(groups) - 1 and any(below < rule < last for rule in rules)


def _spread_headings(run: RowRun, group: Sequence[int]) -> None:
    """Apply a heading between two columns to both, above their own headings."""
    pitch = pitch_of(run)
    for i, place in enumerate(group[:-1]):
        clear = run.rows[place].y - STAGGERED * pitch
        below = {
            key for later in group[i + 1 :] if run.rows[later].y < clear for key in run.cells[later]
        }
        for (first, last), words in list(run.cells[place].items()):
            for border in range(len(run.borders)):
                low, high = _strip_below(run, place, border)
                left, right = words[0].x0, max(piece.x1 for piece in words)
                between = min(right, high) - max(left, low) > (right - left) / 2
                pair = {(border, border), (border + 1, border + 1)}
                free = len(pair & set(run.cells[place])) == 1
                if first == last and (first, last) in pair and between and pair <= below and free:
                    del run.cells[place][(first, last)]
                    run.cells[place][(border, border + 1)] = words
                    break


def _strip_below(run: RowRun, place: int, border: int) -> tuple[float, float]:
    """The blank strip at a border in the rows below a row."""
    left, right = (
        [words for cells in run.cells[place + 1 :] for key, words in cells.items() if key == (c, c)]
        for c in (border, border + 1)
    )
    low = max((piece.x1 for words in left for piece in words), default=0.0)
    return low, min((words[0].x0 for words in right), default=low)


def _evidence(
    run: RowRun, groups: Sequence[Sequence[int]], rows: Sequence[Sequence[Cell]], *, header: bool
) -> str:
    """The evidence that a run is a table; empty if there is none.

    One of ``heading``, ``figures``, ``labels`` and ``cells``.
    """
    filled = [row for row in rows if sum(bool(cell.text) for cell in row) > 1]
    body = filled[1:] if header else filled
    if run.columns == 2 and all(_MARKER.match(row[0].text) for row in body):
        return ""  # a list with its numbers in a column
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


def _is_vague(run: RowRun) -> bool:
    """Whether a run looks like a table of three columns or more.

    There is no other evidence of one.
    """
    wide = sum(len(cells) > 2 for cells in run.cells)
    return run.columns > 2 and wide >= _LEAST_ROWS and not _is_flowing(run)


def _is_flowing(run: RowRun) -> bool:
    """Whether most cells begin with a lower-case letter, as in columns of prose."""
    texts = [text_of(words) for cells in run.cells for words in cells.values()]
    return sum(text[:1].islower() for text in texts) * 2 > len(texts)


def _is_letter(run: RowRun, height: float, *, figures: bool) -> bool:
    """Whether a run is a letterhead, or recipients and signature beside each other."""
    if run.columns > 3:
        return False
    texts = [text_of(segment) for row in run.rows for segment in row.segments]
    if any(LETTER.search(text) or _DATE.search(text) for text in texts):
        return True
    top = run.rows[0].y > height * (1 - _HEAD)
    return run.columns == 2 and top and not figures and run.rows[0].text.isupper()
