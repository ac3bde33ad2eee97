"""Page numbers and running lines of PDF pages.

Running lines are repeated at the top or the foot of pages.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .pdf_lines import PdfLine
from .pdf_rulings import Grid, Ruling
from .pdf_tables import PdfTable

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:trang|page)?\s*[-–—|]?\s*(\d{1,4})\s*[-–—|.]?(?:\s*(?:/|of)\s*\d+)?$", re.IGNORECASE
)
# Stamps: draft, secrecy, urgency, digital signature, date of arrival.
_STAMP = re.compile(
    r"\(?(?:BẢN\s+)?DỰ\s+THẢO(?:\s+LẦN\s+[\w.]+)?\)?|(?:TỐI |TUYỆT )?MẬT|HỎA TỐC|THƯỢNG KHẨN|KHẨN|"
    r"(?:Ký bởi|Người ký|Thời gian ký|Ngày ký|Giờ ký|Cơ quan|Email|E-mail)\s*:.{0,100}|"
    r"CÔNG VĂN ĐẾN|VĂN BẢN ĐẾN"
)
_NATION = re.compile(
    r"CỘNG\s+H(?:ÒA|OÀ)\s+XÃ\s+HỘI|ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT\s+NAM|Độc\s+lập\s*[-–]\s*Tự\s+do"
)
_LETTERHEAD = 0.3  # share of the page's height, from the top, for the start of a letterhead
_MARGIN = 0.12  # share of the page's height of each margin, top and foot
_OUTER_ROWS = 2  # rows from the top and from the foot
# Minimum pages of a running line; two in a file of up to three pages, or of up to six if both are
# left pages or both right ones.
_ENOUGH = 3
_WIDE = 0.5  # minimum width of a rule below a running head, as a share of the page's
_NEAR = 9.0  # points; maximum difference of its height


@dataclass(slots=True)
class Page:
    """One page: its size in points, its lines in order, its tables from the top down.

    ``level`` are the horizontal lines drawn on it, ``grids`` the ruled tables, still without words.
    """

    number: int
    width: float
    height: float
    lines: list[PdfLine] = field(default_factory=list)
    tables: list[PdfTable] = field(default_factory=list)
    level: list[Ruling] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)


def drop_running(pages: Sequence[Page]) -> int:
    """Remove page numbers and running lines from pages; return how many."""
    edges = [(page, line, outer) for page in pages for line, outer in _edge_lines(page)]
    shifts: Counter[int] = Counter()
    groups: defaultdict[str, list[tuple[Page, PdfLine]]] = defaultdict(list)
    for page, line, _ in edges:
        groups[_DIGITS.sub("#", re.sub(r"\s+", "", line.text.lower()))].append((page, line))
        number = _PAGE_NUMBER.match(line.text.strip())
        if number:
            shifts[int(number[1]) - page.number] += 1
    shift, count = shifts.most_common(1)[0] if shifts else (0, 0)
    running = {id(line) for group in groups.values() for line in _running(group, len(pages))}
    running |= {id(line) for line in _interrupting(pages)}
    running |= _ruled_off(pages, edges)
    dropped = 0
    for page in pages:
        kept = [line for line in page.lines if not _STAMP.fullmatch(line.text.strip())]
        dropped += len(page.lines) - len(kept)
        page.lines = kept
    for page, line, outer in edges:
        if line not in page.lines:
            continue
        number = _PAGE_NUMBER.match(line.text.strip())
        is_number = number is not None and (
            (count > 1 and int(number[1]) - page.number == shift)
            or (outer and int(number[1]) == page.number > 1)
        )
        if is_number or id(line) in running:
            page.lines.remove(line)
            dropped += 1
    return dropped


def _ruled_off(pages: Sequence[Page], edges: Sequence[tuple[Page, PdfLine, bool]]) -> set[int]:
    """The ids of lines outside a wide rule at one height on several pages.

    Such running heads may differ from page to page, for example by chapter.
    """
    rules = {page.number: _wide_rules(page) for page in pages}
    heights = Counter(round(at) for some in rules.values() for at in some)
    found: set[int] = set()
    for page, line, _ in edges:
        for at in rules[page.number]:
            on = sum(heights[round(at) + d] for d in (-1, 0, 1))
            beyond = line.y > at if at > page.height / 2 else line.y < at
            if beyond and on >= min(_ENOUGH, len(pages)) and on > 1:
                found.add(id(line))
    return found


def _wide_rules(page: Page) -> list[float]:
    """The heights of the wide rules in the margins that belong to no table."""
    return [
        ruling.at
        for ruling in page.level
        if ruling.end - ruling.start > _WIDE * page.width
        and not page.height * _MARGIN < ruling.at < page.height * (1 - _MARGIN)
        and not any(abs(ruling.at - y) <= _NEAR for grid in page.grids for y in grid.ys)
    ]


def _interrupting(pages: Sequence[Page]) -> list[PdfLine]:
    """Lines at the top of a page that interrupt a sentence of the page before."""
    found: list[PdfLine] = []
    for before, page in pairwise(pages):
        if page.number != before.number + 1 or len(page.lines) < _OUTER_ROWS + 1:
            continue
        body = [line for line in before.lines if not _PAGE_NUMBER.match(line.text.strip())]
        top, *rest = sorted(page.lines, key=lambda line: -line.y)
        if not body or top.y < page.height * (1 - _MARGIN):
            continue
        last = min(body, key=lambda line: line.y)
        inside = last.text[-1:].isalnum() or last.text.endswith(",")
        numbered = _PAGE_NUMBER.match(rest[0].text.strip()) is not None
        follower = rest[1] if numbered else rest[0]
        apart = abs(top.size - follower.size) >= 1 or top.y - follower.y > 1.9 * follower.size
        narrow = top.x1 - top.x0 < 0.8 * max(line.x1 - line.x0 for line in page.lines)
        interrupts = follower.text[:1].islower() and not top.text[:1].islower()
        if inside and not last.bold and interrupts and apart and narrow:
            found.append(top)
    return found


def _edge_lines(page: Page) -> list[tuple[PdfLine, bool]]:
    """The lines in the margins, and whether they are the outermost.

    Lines beside or below the name of the state or the Party are excluded: they are a letterhead.
    """
    heads = [line.y for line in page.lines if _NATION.search(line.text)]
    head = max((y for y in heads if y > page.height * (1 - _LETTERHEAD)), default=float("-inf"))
    rows = sorted({round(line.y) for line in page.lines})
    outer = {*rows[:_OUTER_ROWS], *rows[-_OUTER_ROWS:]}
    return [
        (line, round(line.y) in (rows[0], rows[-1]))
        for line in page.lines
        if round(line.y) in outer
        and (line.y < page.height * _MARGIN or line.y > page.height * (1 - _MARGIN))
        and (line.y > head + _NEAR or line.y < page.height / 2)
    ]


def _running(group: Sequence[tuple[Page, PdfLine]], pages: int) -> list[PdfLine]:
    """The lines of a group that are one running line.

    The lines of a group differ only in figures. A running line is always at the same height, with
    the same figures, or with the page number at one end.
    """
    found: list[PdfLine] = []
    for page, line in group:
        alike = [
            (other, its)
            for other, its in group
            if abs(its.y - line.y) <= _NEAR and _same_figures(page, line, other, its)
        ]
        on = len({other.number for other, _ in alike})
        facing = len({other.number % 2 for other, _ in alike}) == 1
        if on >= _ENOUGH or (on == 2 and pages <= _ENOUGH * (2 if facing else 1)):
            found.append(line)
    return found


def _same_figures(page: Page, line: PdfLine, other: Page, its: PdfLine) -> bool:
    mine, theirs = _DIGITS.findall(line.text), _DIGITS.findall(its.text)
    if len(mine) != len(theirs):
        return False  # "1 2" equals "12"
    differ = [i for i, (a, b) in enumerate(zip(mine, theirs, strict=True)) if a != b]
    if not differ:
        return True
    at = differ[0]
    text = line.text.strip(" .-–—|")
    ends = text.startswith(mine[at]) or text.endswith(mine[at])
    rises = int(mine[at]) - page.number == int(theirs[at]) - other.number
    return len(differ) == 1 and ends and rises and len(text) > len(mine[at])
