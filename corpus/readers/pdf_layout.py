"""From lines to paragraphs: columns, running headers and footers, and where a paragraph ends."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from .lines import begins_item
from .pdf_lines import PdfLine

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:trang|page)?\s*[-–—|]?\s*(\d{1,4})\s*[-–—|.]?(?:\s*(?:/|of)\s*\d+)?$", re.IGNORECASE
)
_HEADING = re.compile(
    r"(?:PHẦN|Phần|CHƯƠNG|Chương|MỤC|Mục|ĐIỀU|Điều|PHỤ LỤC|Phụ lục|Nơi nhận|Độc lập\s*-)"
    r"\s*(?:[\dIVXA-Z]|thứ|THỨ|:|T)"
)
_UNFINISHED = re.compile(r"[^.:;!?…]$")
_MARGIN = 0.12


@dataclass(slots=True)
class Page:
    """One page: its lines in reading order, its size in points."""

    number: int
    width: float
    height: float
    lines: list[PdfLine] = field(default_factory=list)


@dataclass(slots=True)
class Column:
    """Where the text of a column begins and ends, in points from the left."""

    left: float
    right: float

    @property
    def width(self) -> float:
        """Its width."""
        return max(self.right - self.left, 1.0)


def drop_running(pages: Sequence[Page]) -> int:
    """Take page numbers and lines repeated at the top or bottom of the pages away; how many went."""
    edges: list[tuple[Page, PdfLine]] = []
    for page in pages:
        rows = sorted({round(line.y) for line in page.lines})
        outer = {*rows[:2], *rows[-2:]}
        for line in page.lines:
            in_margin = line.y < page.height * _MARGIN or line.y > page.height * (1 - _MARGIN)
            if in_margin and round(line.y) in outer:
                edges.append((page, line))
    places: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    shifts: Counter[int] = Counter()
    for page, line in edges:
        places[_place(page, line)].add(page.number)
        number = _PAGE_NUMBER.match(line.text.strip())
        if number:
            shifts[int(number[1]) - page.number] += 1
    shift, count = shifts.most_common(1)[0] if shifts else (0, 0)
    dropped = 0
    for page, line in edges:
        number = _PAGE_NUMBER.match(line.text.strip())
        is_number = number is not None and count > 1 and int(number[1]) - page.number == shift
        repeated = len(places[_place(page, line)])
        if is_number or repeated >= 3 or (repeated == 2 and len(pages) <= 3):
            page.lines.remove(line)
            dropped += 1
    return dropped


def _place(page: Page, line: PdfLine) -> tuple[str, int]:
    """What makes a running line the same on another page: its words without numbers, and its height."""
    words = _DIGITS.sub("#", re.sub(r"\s+", "", line.text.lower()))
    return words, round(line.y / 6)


def order(page: Page) -> list[Column]:
    """Put the lines of ``page`` in reading order; its columns.

    The order of the file is kept on pages of one column: programs write cell after cell and paragraph
    after paragraph. On a page of two, what stands between two full-width lines is read left, then right.
    """
    lines = page.lines
    gutter = _gutter(lines)
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


def _gutter(lines: Sequence[PdfLine]) -> float | None:
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
        # Columns of prose are full of words; those of a table are not.
        if min(median(len(line.text) for line in side) for side in (left, right)) < 18:
            continue
        if best is None or crossing < best[0]:
            best = (crossing, x)
    return best[1] if best else None


def _column(lines: Sequence[PdfLine], page: Page) -> Column:
    if not lines:
        return Column(0.0, page.width)
    rights = sorted(line.x1 for line in lines)
    lefts = sorted(line.x0 for line in lines)
    return Column(lefts[len(lefts) // 20], rights[max(0, len(rights) - 1 - len(rights) // 20)])


def usual_starts(pages: Sequence[Page]) -> frozenset[int]:
    """Where lines commonly begin (margins, indents), in points: a line there is not centred by design."""
    counts = Counter(round(line.x0) for page in pages for line in page.lines)
    total = sum(counts.values())
    return frozenset(
        x for x in counts if sum(counts[x + d] for d in (-1, 0, 1)) >= max(4, total // 30)
    )


def is_centred(line: PdfLine, columns: Sequence[Column], starts: frozenset[int]) -> bool:
    """Whether a line stands in the middle of its column, clear of both sides, not at a usual indent."""
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


def paragraphs(pages: Sequence[Page]) -> Iterator[tuple[list[PdfLine], bool]]:
    """Groups of lines that are one paragraph each, and whether a wider gap stands before."""
    pitch = _pitch(pages)
    starts = usual_starts(pages)
    current: list[PdfLine] = []
    columns: list[Column] = []
    gap = False
    for page in pages:
        here = order(page)
        for line in page.lines:
            if not current:
                current, columns = [line], here
                continue
            last = current[-1]
            wide = last.page == line.page and last.y - line.y > 1.7 * pitch * max(
                last.size, line.size
            )
            if not wide and _goes_on(current, line, (columns, here), starts, pitch):
                current.append(line)
            else:
                yield current, gap
                current, gap = [line], wide
            columns = here
    if current:
        yield current, gap


def _pitch(pages: Sequence[Page]) -> float:
    """The usual distance of two lines of a paragraph, in units of the font size."""
    steps = [
        (a.y - b.y) / max(a.size, b.size)
        for page in pages
        for a, b in pairwise(page.lines)
        if 0.8 < (a.y - b.y) / max(a.size, b.size, 1.0) < 2.5 and abs(a.size - b.size) < 1
    ]
    # Gaps between paragraphs are in there too, so the middle would be too high.
    return sorted(steps)[len(steps) // 3] if steps else 1.2


def _column_of(line: PdfLine, columns: Sequence[Column]) -> Column:
    return next(
        (c for c in columns if line.x0 >= c.left - 10 and line.x1 <= c.right + 10), columns[-1]
    )


def _goes_on(
    current: Sequence[PdfLine],
    line: PdfLine,
    columns: tuple[Sequence[Column], Sequence[Column]],
    starts: frozenset[int],
    pitch: float,
) -> bool:
    """Whether ``line`` belongs to the paragraph of ``current``; ``columns`` of the last line and of this."""
    last = current[-1]
    if abs(last.y - line.y) < 0.5 * last.size and last.page == line.page:
        return False  # another column or cell at the same height
    if begins_item(line.text) or _HEADING.match(line.text) or _looks_differ(current, line):
        return False
    old, new = _column_of(last, columns[0]), _column_of(line, columns[1])
    moved = last.page != line.page or last.y < line.y
    near = not moved and last.y - line.y < 1.35 * pitch * last.size
    if is_centred(line, columns[1], starts):
        # Of a centred title the first line may be as wide as the page.
        wide = last.bold == line.bold and round(last.x0) not in starts and _is_full(last, line, old)
        return near and (wide or is_centred(last, columns[0], starts))
    indented = line.x0 - new.left > 0.9 * line.size
    if moved:
        # Over a page or column break only a sentence that is cut in its middle goes on.
        return (
            _is_full(last, line, old) and not indented and _UNFINISHED.search(last.text) is not None
        )
    if last.y - line.y > 1.35 * pitch * max(last.size, line.size):
        return False
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


def _starts_all(column: Column, line: PdfLine) -> bool:
    return line.x0 - column.left > 0.9 * line.size


def _is_full(last: PdfLine, line: PdfLine, column: Column) -> bool:
    """Whether the first word of ``line`` would not have fitted on ``last``: the reason for its break."""
    first = line.pieces[0]
    return last.x1 + (first.x1 - first.x0) + 0.15 * last.size > column.right - 0.02 * column.width


def _looks_differ(current: Sequence[PdfLine], line: PdfLine) -> bool:
    """Whether size, boldness or capitals change: a heading ends, or begins."""
    last = current[-1]
    if abs(last.size - line.size) > 1.2:
        return True
    if (
        last.bold != line.bold
        and all(part.bold for part in current) != line.bold
        and len(line.pieces) > 1
    ):
        # A bold start of a paragraph may reach into its second line; then that one is not all bold.
        return line.bold or not any(piece.bold for piece in line.pieces)
    loud = [text.isupper() and sum(map(str.isalpha, text)) > 3 for text in (last.text, line.text)]
    return loud[0] != loud[1] and len(line.pieces) > 1
