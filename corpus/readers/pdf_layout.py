"""Join lines to paragraphs: find columns and the ends of paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ...vietnamese.syllables import is_syllable
from .contents import LEADERS
from .lines import begins_item, continues_sentence, item_number, note_item
from .pdf_furniture import Page
from .pdf_lines import PdfLine
from .pdf_tables import PdfTable

_HEADING = re.compile(
    r"(?:PHẦN|Phần|CHƯƠNG|Chương|MỤC|Mục|ĐIỀU|Điều|PHỤ LỤC|Phụ lục|Nơi nhận|Độc lập\s*-)"
    r"\s*(?:[\dIVXA-Z]|thứ|THỨ|:|T)"
)
_LETTERHEAD_LINES = (
    re.compile(
        r"CỘNG\s+H(?:ÒA|OÀ)\s+XÃ\s+HỘI\s+CHỦ\s+NGHĨA\s+VIỆT\s+NAM|ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT\s+NAM"
    ),
    re.compile(r"Độc lập\s*[-–]\s*Tự do\s*[-–]\s*Hạnh phúc", re.IGNORECASE),
    re.compile(
        r"[^,;:]{2,40},\s*ngày\s*[\d….]{0,4}\s*tháng\s*[\d….]{0,4}\s*năm\s*\d{4}", re.IGNORECASE
    ),
)
_LEFT = 0.15  # minimum share of lines that begin at a column's left margin
_RIGHT = 0.25  # minimum share that end at its right margin in justified text
_FEWEST = 4  # minimum lines at a margin
_HALF = 6  # font sizes: wider than any indent
_LARGER = 1.6  # times the text's size: an initial letter over two lines or more
_PUNCTUATION = ",.;:!?()“”\"'"
_BEGUN = 20  # characters; a shorter line before a small letter may be a label
_LONGEST_WORD = 4.5  # font sizes: wider than any syllable
_UNFINISHED = re.compile(r"[^.:;!?…]$")


@dataclass(slots=True)
class Column:
    """The left and right edge of a column's text, in points from the left.

    In a ``justified`` column all lines but the last of a paragraph end at its right margin.
    """

    left: float
    right: float
    justified: bool = False

    @property
    def width(self) -> float:
        """Its width."""
        return max(self.right - self.left, 1.0)


def order(page: Page) -> list[Column]:
    """Sort the lines of ``page`` into reading order; return its columns.

    Pages of one column keep the order of the file, which is cell after cell and paragraph after
    paragraph. On a page of two columns, the lines between two full-width lines are read left, then
    right.
    """
    lines = page.lines
    gutter = find_gutter(lines)
    if gutter is None:
        return [_column(lines, page)]
    left = [line for line in lines if line.x1 <= gutter]
    right = [line for line in lines if line.x0 >= gutter]
    ordered: list[PdfLine] = []
    wide = sorted((line for line in lines if line.x0 < gutter < line.x1), key=lambda line: -line.y)
    bounds = [float("inf"), *(line.y for line in wide), float("-inf")]
    for i, (top, bottom) in enumerate(pairwise(bounds)):
        for side in (left, right):
            band = [line for line in side if bottom <= line.y < top]
            ordered += sorted(band, key=lambda line: (-round(line.y), line.x0))
        if i < len(wide):
            ordered.append(wide[i])
    page.lines = ordered
    return [_column(left, page), _column(right, page)]


def join_initials(lines: list[PdfLine]) -> list[PdfLine]:
    """``lines`` with each large first letter of a paragraph joined to its word.

    The lines beside the letter are moved to its left edge, where the paragraph begins.
    """
    gone: set[int] = set()
    for initial in lines:
        if len(initial.pieces) != 1 or not (len(initial.text) == 1 and initial.text.isupper()):
            continue
        beside = [
            line
            for line in lines
            if line.size * _LARGER < initial.size
            and -0.2 * line.size < line.x0 - initial.x1 < 1.2 * line.size
            and initial.y - 0.5 * line.size < line.y < initial.y + initial.size
        ]
        if len(beside) < 2:
            continue
        first = max(beside, key=lambda line: line.y)
        word = first.pieces[0].word
        whole = initial.text + word.text
        if is_syllable(whole.strip(_PUNCTUATION).lower()):
            word.text = whole
        else:  # a word of one letter
            first.pieces.insert(0, initial.pieces[0])
        for line in beside:
            line.x0 = initial.x0
        gone.add(id(initial))
    return [line for line in lines if id(line) not in gone]


def find_gutter(lines: Sequence[PdfLine]) -> float | None:
    """The middle of the gap between two columns of running text, or None."""
    if len(lines) < 12:
        return None
    low, high = min(line.x0 for line in lines), max(line.x1 for line in lines)
    best: tuple[int, float] | None = None
    for step in range(30, 71, 2):
        x = low + (high - low) * step / 100
        crossing = sum(line.x0 < x < line.x1 for line in lines)
        left = [line for line in lines if line.x1 <= x]
        right = [line for line in lines if line.x0 >= x]
        if crossing * 5 > len(lines) or min(len(left), len(right)) < 5:
            continue
        # Columns of prose hold more words than those of a table.
        if min(median(len(line.text) for line in side) for side in (left, right)) < 18:
            continue
        if best is None or crossing < best[0]:
            best = (crossing, x)
    return best[1] if best else None


def _column(lines: Sequence[PdfLine], page: Page) -> Column:
    if not lines:
        return Column(0.0, page.width)
    rights = sorted((line.x1 for line in lines), reverse=True)
    lefts = sorted(line.x0 for line in lines)
    right = _margin(rights, _RIGHT)
    at_margin = sum(abs(x1 - right) <= 1.5 for x1 in rights)
    return Column(_margin(lefts, _LEFT), right, at_margin >= max(_FEWEST, 0.5 * len(lines)))


def _margin(edges: Sequence[float], share: float) -> float:
    """The outermost of ``edges`` (from outside in) shared by many lines.

    Letterheads and signatures may extend beyond it. In ragged text it excludes the outermost
    twentieth of the edges.
    """
    counts = Counter(map(round, edges))
    least = max(_FEWEST, share * len(edges))
    for edge in edges:
        if sum(counts[round(edge) + d] for d in (-1, 0, 1)) >= least:
            return edge
    return edges[len(edges) // 20]


def usual_starts(pages: Sequence[Page]) -> frozenset[int]:
    """Common starts of lines (margins, indents), in points.

    A line that begins there is not centred.
    """
    counts = Counter(round(line.x0) for page in pages for line in page.lines)
    total = sum(counts.values())
    return frozenset(
        x for x in counts if sum(counts[x + d] for d in (-1, 0, 1)) >= max(4, total // 30)
    )


def is_centred(line: PdfLine, columns: Sequence[Column], starts: frozenset[int]) -> bool:
    """Whether a line is centred in its column.

    It is clear of both sides and not at a usual indent.
    """
    if round(line.x0) in starts:
        return False
    middle = (line.x0 + line.x1) / 2
    for column in columns:
        if column.left - 5 <= line.x0 and line.x1 <= column.right + 5:
            inset = min(line.x0 - column.left, column.right - line.x1)
            return (
                inset > 1.8 * line.size
                and abs(middle - (column.left + column.right) / 2) < 1.2 * line.size
            )
    return False


@dataclass(slots=True)
class LineGroup:
    """The lines of one paragraph, and whether a wider gap precedes it; or a table."""

    lines: list[PdfLine] = field(default_factory=list)
    gap: bool = False
    table: PdfTable | None = None


@dataclass(frozen=True, slots=True)
class _Habits:
    """The layout habits of a file.

    Common starts of lines, the distance of lines (in font sizes), and whether the first line of a
    paragraph is indented.
    """

    starts: frozenset[int]
    pitch: float
    indents: bool


def paragraphs(pages: Sequence[Page], columns: Sequence[Sequence[Column]]) -> Iterator[LineGroup]:
    """Group lines into paragraphs; return these and the tables in reading order.

    ``columns`` are those of each page, whose lines :func:`order` has sorted.
    """
    habits = _Habits(usual_starts(pages), _pitch(pages), _indents(pages, columns))
    current: list[PdfLine] = []
    old: Sequence[Column] = []
    seen: dict[str, int] = {}
    gap = False
    for page, here in zip(pages, columns, strict=True):
        for item in _items(page):
            if isinstance(item, PdfTable):
                if current:
                    yield LineGroup(current, gap)
                current, gap = [], True
                yield LineGroup(table=item)
                continue
            if current and _joins(current, item, (old, here), habits, seen):
                current.append(item)
            else:
                if current:
                    yield LineGroup(current, gap)
                    gap = _is_wide(current[-1], item, habits)
                current = [item]
                note_item(item.text, seen)
            old = here
    if current:
        yield LineGroup(current, gap)


def _items(page: Page) -> Iterator[PdfLine | PdfTable]:
    """Lines and tables in reading order.

    A table is placed so that the fewest lines before it are below it and the fewest after it above:
    running lines may come first or last in the file.
    """
    places = [(_place(page.lines, table), table) for table in page.tables]
    for at, line in enumerate(page.lines):
        yield from (table for place, table in places if place == at)
        yield line
    yield from (table for place, table in places if place >= len(page.lines))


def _place(lines: Sequence[PdfLine], table: PdfTable) -> int:
    """The index of the line that follows a table; ``len(lines)`` if none does."""
    sides = [
        0 if line.x1 <= table.left or line.x0 >= table.right else 1 if line.y > table.top else -1
        for line in lines
    ]
    best = wrong = sum(side == 1 for side in sides)
    place = 0
    for at, side in enumerate(sides, start=1):
        wrong -= side
        if wrong < best:
            best, place = wrong, at
    return place


def _is_wide(last: PdfLine, line: PdfLine, habits: _Habits) -> bool:
    """Whether two lines of a page are further apart than the usual distance."""
    step = last.y - line.y
    return last.page == line.page and step > 1.7 * habits.pitch * max(last.size, line.size)


def _joins(
    current: Sequence[PdfLine],
    line: PdfLine,
    columns: tuple[Sequence[Column], Sequence[Column]],
    habits: _Habits,
    seen: dict[str, int],
) -> bool:
    """Whether ``line`` belongs to the paragraph of ``current``."""
    last = current[-1]
    if _is_wide(last, line, habits) or LEADERS.search(last.text):
        return False
    if _completes_letterhead(last, line):
        return True
    if begins_item(line.text) or _HEADING.match(line.text):
        column = _column_of(last, columns[0])
        if not _is_inside_sentence(current, line, column, seen):
            return False
    return _goes_on(current, line, columns, habits)


def _completes_letterhead(last: PdfLine, line: PdfLine) -> bool:
    """Whether two centred lines are one split line of a letterhead.

    This is the nation's name, or place and date, in one column.
    """
    step = last.y - line.y
    stacked = abs(last.x0 + last.x1 - line.x0 - line.x1) < line.size and 0 < step < 2 * line.size
    if last.page != line.page or not stacked:
        return False
    whole = f"{last.text} {line.text}"
    return any(
        pattern.fullmatch(whole) and not pattern.fullmatch(last.text)
        for pattern in _LETTERHEAD_LINES
    )


def _is_inside_sentence(
    current: Sequence[PdfLine], line: PdfLine, column: Column, seen: dict[str, int]
) -> bool:
    """Whether a line that begins with a number continues a sentence.

    For example "… lần thứ" / "XIII. Diện tích …".
    """
    last = current[-1]
    if line.bold or _is_loud(line) or all(part.bold for part in current):
        return False
    usual = current[1].x0 if len(current) > 1 else min(current[0].x0, column.left + 2)
    if line.page == last.page and line.x0 > usual + 0.5 * line.size:
        return False
    if begins_item(current[0].text) and abs(line.x0 - current[0].x0) < 2 and len(current) > 1:
        found = item_number(line.text)
        if found is None or found[1] in (1, seen.get(found[0], 0) + 1):
            return False
    return _is_full(last, line, column) and continues_sentence(last.text, line.text, seen)


def _indents(pages: Sequence[Page], columns: Sequence[Sequence[Column]]) -> bool:
    """Whether the first line of a paragraph is commonly indented."""
    begun = indented = 0
    for page, here in zip(pages, columns, strict=True):
        for last, line in pairwise(page.lines):
            column = _column_of(last, here)
            if _UNFINISHED.search(last.text) or _is_full(last, line, column):
                continue
            begun += 1
            indented += line.x0 - _column_of(line, here).left > 0.9 * line.size
    return indented >= 3 and indented * 10 >= begun * 6


def _pitch(pages: Sequence[Page]) -> float:
    """The usual distance of two lines of a paragraph, in units of the font size."""
    steps = [
        (a.y - b.y) / max(a.size, b.size)
        for page in pages
        for a, b in pairwise(page.lines)
        if 0.8 < (a.y - b.y) / max(a.size, b.size, 1.0) < 2.5 and abs(a.size - b.size) < 1
    ]
    # The median would be too high, since gaps between paragraphs are included.
    return sorted(steps)[len(steps) // 3] if steps else 1.2


def _column_of(line: PdfLine, columns: Sequence[Column]) -> Column:
    return next(
        (c for c in columns if line.x0 >= c.left - 10 and line.x1 <= c.right + 10), columns[-1]
    )


def _goes_on(
    current: Sequence[PdfLine],
    line: PdfLine,
    columns: tuple[Sequence[Column], Sequence[Column]],
    habits: _Habits,
) -> bool:
    """Whether ``line`` continues ``current``.

    ``columns`` are those of the last line and of this one.
    """
    last = current[-1]
    if abs(last.y - line.y) < 0.5 * last.size and last.page == line.page:
        return False  # another column or cell at the same height
    if _looks_differ(current, line):
        return False
    old, new = _column_of(last, columns[0]), _column_of(line, columns[1])
    if last.page != line.page or last.y < line.y:
        return _goes_on_elsewhere(current, line, (old, new), habits)
    apart = min(last.x1, line.x1) <= max(last.x0, line.x0)
    if apart and abs(last.x0 - line.x0) > _HALF * line.size:
        return False  # side by side, like the two halves of a letterhead
    step = last.y - line.y
    if is_centred(line, columns[1], habits.starts):
        # The first line of a centred title may be as wide as the page.
        wide = (
            last.bold == line.bold
            and round(last.x0) not in habits.starts
            and _is_full(last, line, old)
        )
        near = step < 1.35 * habits.pitch * last.size
        return near and (wide or is_centred(last, columns[0], habits.starts))
    if step > 1.35 * habits.pitch * max(last.size, line.size):
        return False
    begun = _UNFINISHED.search(last.text) is not None and len(last.text) >= _BEGUN
    if begun and line.text[:1].islower() and abs(line.x0 - last.x0) < 0.3 * line.size:
        return True  # in a box narrower than its column, too
    indented = line.x0 - new.left > 0.9 * line.size
    hanging = len(current) > 1 and abs(line.x0 - last.x0) < 0.5 * line.size
    after_label = len(current) == 1 and begins_item(last.text)
    if indented and not hanging and not after_label and line.x0 > last.x0 + 0.5 * line.size:
        return False
    if (
        indented
        and len(current) == 1
        and abs(line.x0 - last.x0) < 0.3 * line.size
        and _starts_all(old, last)
    ):
        return _is_full(last, line, old) and _UNFINISHED.search(last.text) is not None
    return _is_full(last, line, old)


def _goes_on_elsewhere(
    current: Sequence[PdfLine], line: PdfLine, columns: tuple[Column, Column], habits: _Habits
) -> bool:
    """Whether a paragraph continues in the next column or on the next page.

    It does if its sentence is incomplete, or if its last line is full and the next line is not
    indented although paragraphs are.
    """
    last = current[-1]
    if all(part.bold for part in current) or _is_loud(last):
        return False
    unfinished = _UNFINISHED.search(last.text) is not None
    if unfinished and line.text[:1].islower():
        return True
    if not _is_full(last, line, columns[0]):
        return False
    if last.text.endswith((";", ":", ",")) and line.text[:1].islower():
        return True
    if line.x0 - columns[1].left > 0.9 * line.size:
        return False  # indented
    return unfinished or (habits.indents and not line.bold)


def _starts_all(column: Column, line: PdfLine) -> bool:
    return line.x0 - column.left > 0.9 * line.size


def _is_full(last: PdfLine, line: PdfLine, column: Column) -> bool:
    """Whether the first word of ``line`` would not have fitted on ``last``.

    Otherwise the line break ends a paragraph.
    """
    if column.justified and last.x1 < column.right - 0.25 * last.size:
        ended = _UNFINISHED.search(last.text) is None
        if ended and line.text[:1].isupper():
            return False
    first = line.pieces[0]
    wide = min(first.x1 - first.x0, _LONGEST_WORD * line.size)  # longer: words without spaces
    return last.x1 + wide + 0.15 * last.size > column.right - 0.02 * column.width


def _looks_differ(current: Sequence[PdfLine], line: PdfLine) -> bool:
    """Whether size, boldness or capitals change, as at the end or start of a heading."""
    last = current[-1]
    if abs(last.size - line.size) > 1.2:
        return True
    if _UNFINISHED.search(last.text) and line.text[:1].islower() and not _is_loud(last):
        return False  # a sentence that continues in bold
    if (
        last.bold != line.bold
        and all(part.bold for part in current) != line.bold
        and len(line.pieces) > 1
    ):
        # A bold start of a paragraph may extend into its second line, which is then not all bold.
        return line.bold or not any(piece.bold for piece in line.pieces)
    return _is_loud(last) != _is_loud(line) and len(line.pieces) > 1


def _is_loud(line: PdfLine) -> bool:
    """Whether a line is in capitals."""
    return line.text.isupper() and sum(map(str.isalpha, line.text)) > 3
