"""Plain text: each line is a paragraph, unless the file is hard-wrapped."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...errors import Message, NotText
from ..blocks import Block
from ..repair import UndecodableError, decode
from .lines import continues_sentence, needs_number, note_item
from .source import SourceFile

# The start of an item, as numbered in Vietnamese administration: `PHẦN THỨ NHẤT`, `Điều 5.`,
# `I.`, `IV-`, `1.`, `1.2.`, `a)`, `(1)`, bullets.
_ITEM = re.compile(
    r"""(?:[-–—+*•●○▪◦·]+\s
        |\(?\d{1,2}(?:\.\d{1,2}){0,4}\s?[.):/-](?=\s|[^\W\d])
        |\d{1,2}(?:\.\d{1,2}){1,4}\s
        |\(?[a-zđA-ZĐ]\s?[.):]\s
        |\(?[IVXLivxl]{1,6}\s?[.):/-](?=\s|[^\W\d])
        |(?:BƯỚC|Bước)\s+\d{1,2}\s?[.:)]
        |(?:PHẦN|Phần|CHƯƠNG|Chương|MỤC|Mục|ĐIỀU|Điều|PHỤ\s+LỤC|Phụ\s+lục)\s+(?:[\dIVXLA-Z]+\b|THỨ|thứ)
        )""",
    re.VERBOSE,
)
# A letter beyond ASCII as HTML writes it: "&#7885;", "&#x1ECD;", "&agrave;".
_ENTITY = re.compile(
    r"&(?:#(?:[1-9]\d{2,4}|x[\da-f]{2,4})|[a-z](?:grave|acute|tilde|circ));", re.IGNORECASE
)
_ENTITIES = 3  # minimum references in a file; fewer may be intended as text
_RULE = re.compile(r"[\s\-–—_=*~.·•]+$")
_COLUMNS = re.compile(r"\S(?: {4,}|\t+)\S")
_BLANKS = " \t\ufeff\f\v"
_PAGE = re.compile(
    r"(?:trang\s+)?[-–—]?\s?(\d{1,4})\s?[-–—]?$|trang\s+(\d{1,4})\s*/\s*\d+$", re.IGNORECASE
)
_TT = re.compile(r"(?:số\s*)?(?:s?tt|thứ tự)\.?$", re.IGNORECASE)
_FARTHEST_ROW = 40  # maximum lines between the numbers of two rows
_UNFINISHED = re.compile(r"[^.:;!?…\"”»)]$")
_FINISHED = re.compile(r"[.;!?]$")
_RAGGED = 0.1  # share of continued lines that are not full, in text of a proportional font
_LONG = 0.75  # share of the width that a line of such text has at least
_WIDTHS = range(40, 121)
_CLAUSE = 4  # minimum words of a line whose comma joins it to the next
_ADDRESS = re.compile(r"(?:kính )?(?:thưa|gửi)\b|căn cứ\b", re.IGNORECASE)
_TAB = 8
_CENTRE = 20  # columns; more than the indent of a paragraph


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    indent: int
    width: int
    raw: str  # including blanks and tabs

    @property
    def first_word(self) -> int:
        return len(self.text.split(" ", 1)[0])


def read(source: SourceFile) -> Iterator[Block]:
    """The paragraphs of a plain text file.

    Raises ``NotText`` for bytes in no known encoding.
    """
    text = decode_source(source)
    if len(_ENTITY.findall(text)) >= _ENTITIES:
        text = html.unescape(text)
        source.note("character references such as &#7885; are read as the letters they stand for")
    blocks, width = text_blocks(text)
    if width:
        source.note(
            Message("lines broken at about {width} columns joined into paragraphs", width=width)
        )
    yield from blocks


def text_blocks(text: str) -> tuple[list[Block], int]:
    """The paragraphs of a text, and the column at which its lines were broken.

    0: its lines are paragraphs.
    """
    lines = [_line(i, raw) for i, raw in enumerate(_split_lines(text), start=1)]
    lines = _without_page_numbers(lines)
    width = wrap_width(lines)
    return list(_paragraphs(lines, width)), width


def decode_source(source: SourceFile, declared: str | None = None, *, fonts: bool = False) -> str:
    """The text of ``source``; notes the encoding where it is not UTF-8.

    Raises ``NotText``.
    """
    try:
        decoded = decode(source.data, declared, fonts=fonts)
    except UndecodableError as error:
        raise NotText(source.path, "not text in a known encoding: {error}", error=error) from error
    if declared is not None and _same(declared, decoded.encoding):
        pass  # the declaration is correct
    elif declared is not None and decoded.encoding == "utf-8":
        source.note(Message("declared as {declared}, but it is UTF-8", declared=declared[:40]))
    elif decoded.encoding != "utf-8":
        source.note(Message("read as {encoding}", encoding=decoded.encoding))
    for note in decoded.notes:
        source.note(note)
    return decoded.text


def _same(declared: str, encoding: str) -> bool:
    try:
        return codecs.lookup(declared).name in (codecs.lookup(encoding).name, "iso8859-1", "ascii")
    except LookupError:
        return False


def _split_lines(text: str) -> list[str]:
    """Split into lines as editors count them."""
    return re.split("\r\n|[\n\r\u2028\u2029]", text)


def _line(number: int, raw: str) -> _Line:
    expanded = raw.expandtabs(_TAB) if "\t" in raw else raw
    # A no-break space may be half a letter of wrongly decoded text: it is kept here.
    text = expanded.strip(_BLANKS)
    return _Line(
        number,
        text,
        len(expanded) - len(expanded.lstrip(_BLANKS)),
        len(expanded.rstrip(_BLANKS)),
        raw,
    )


def _without_page_numbers(lines: list[_Line]) -> list[_Line]:
    """``lines`` without the page numbers of a text file made by printing.

    Page numbers are alone on a line, with blank lines around them or after "Trang", and increase by
    one. Blank lines around a number are removed too if the sentence before it continues after it.
    """
    numbered = [
        (i, int(match[1] or match[2]))
        for i, line in enumerate(lines)
        if (match := _PAGE.match(line.text)) and (line.text[:1] in "Tt" or _is_alone(lines, i))
    ]
    pages = [
        i
        for n, (i, number) in enumerate(numbered)
        if (n > 0 and number == numbered[n - 1][1] + 1)
        or (n + 1 < len(numbered) and number == numbered[n + 1][1] - 1)
    ]
    dropped: set[int] = set()
    for i in _outside_tables(lines, pages):
        before = next((k for k in range(i - 1, -1, -1) if lines[k].text), -1)
        after = next((k for k in range(i + 1, len(lines)) if lines[k].text), len(lines))
        dropped.add(i)
        if before < 0 or after == len(lines):
            continue
        if _UNFINISHED.search(lines[before].text) and not _ITEM.match(lines[after].text):
            dropped.update(range(before + 1, after))
    return [line for i, line in enumerate(lines) if i not in dropped]


def _outside_tables(lines: Sequence[_Line], numbers: Sequence[int]) -> Iterator[int]:
    """The indices of ``numbers`` outside tables with one cell per line.

    Such a table begins with "TT" alone, and its row numbers follow each other closely.
    """
    heads = {i for i, line in enumerate(lines) if _TT.match(line.text)}
    near = -_FARTHEST_ROW - 1  # of the last heading or row number
    for i in sorted({*numbers, *heads}):
        in_table = i - near <= _FARTHEST_ROW
        if i in heads or in_table:
            near = i
        if i not in heads and not in_table:
            yield i


def _is_alone(lines: Sequence[_Line], i: int) -> bool:
    """Whether a line stands alone.

    It has blank lines around it, or one blank line and is in the middle or on the right of the
    page.
    """
    around = (i == 0 or not lines[i - 1].text), (i + 1 == len(lines) or not lines[i + 1].text)
    return all(around) or (any(around) and lines[i].indent >= _CENTRE)


def wrap_width(lines: Sequence[_Line]) -> int:
    """The column the file was hard-wrapped at, or 0 if its lines are paragraphs.

    A wrapped line was broken because the next word would not have fitted. So at the correct width
    nearly every line followed by another of its paragraph is full in this sense, no line is longer,
    and most lines are followed by another: a file with ragged lines is not wrapped.
    """
    used = [
        line
        for line in lines
        if line.text and not _RULE.match(line.text) and not _COLUMNS.search(line.text)
    ]
    if len(used) < 4:
        return 0
    widths = sorted(line.width for line in used)
    longest = widths[min(len(widths) - 1, int(len(widths) * 0.99))]
    if longest not in _WIDTHS:
        return 0
    pairs = [
        (a, b) for a, b in pairwise(lines) if a.text and b.text and not _starts_paragraph(a, b)
    ]
    full = [a for a, b in pairs if _is_full(a, b, longest)]
    prose = [line for line in used if line.width > longest * 0.6]
    if len(full) < 2 or len(full) * 4 < len(prose):
        return 0
    # Examine only lines of running text: letterheads always have short lines.
    running = [
        a
        for a, b in pairs
        if a.width > longest * 0.6
        and (_is_full(a, b, longest) or not (_FINISHED.search(a.text) and b.text[:1].isupper()))
    ]
    return longest if running and len(full) >= 0.8 * len(running) else 0


def is_ragged(lines: Sequence[_Line], width: int) -> bool:
    """Whether lines of one paragraph differ in length, as in text taken from a PDF.

    These are lines followed by one with a small letter.
    """
    pairs = [
        (a, b)
        for a, b in pairwise(lines)
        if b.text[:1].islower() and _UNFINISHED.search(a.text) and not _starts_paragraph(a, b)
    ]
    short = sum(not _is_full(a, b, width) for a, b in pairs)
    return short > _RAGGED * len(pairs)


def _is_cut(line: _Line, width: int) -> bool:
    """Whether a line of ragged text ends within a sentence."""
    return line.width > _LONG * width and _UNFINISHED.search(line.text) is not None


def _goes_on_after_comma(line: _Line, following: _Line) -> bool:
    """Whether a sentence continues on the next line after its comma.

    The lines of the file are paragraphs otherwise. Web pages give such lines at links: "Theo đồng
    chí A," / "Chủ tịch Hội …".
    """
    clause = line.text.endswith(",") and len(line.text.split()) >= _CLAUSE
    listed = following.text.endswith((",", ";")) or _starts_paragraph(line, following)
    address = _ADDRESS.match(line.text) is not None
    return clause and not listed and not address and following.text[:1].isalpha()


def _is_full(line: _Line, following: _Line, width: int) -> bool:
    """Whether the next word would not have fitted on ``line``.

    Allows for editors that differ by a column or two.
    """
    return line.width + 1 + following.first_word > width - _slack(width)


def _slack(width: int) -> int:
    return max(2, width // 25)


def _starts_paragraph(line: _Line, following: _Line) -> bool:
    """Whether ``following`` begins a new paragraph, for any length of ``line``."""
    if _ITEM.match(following.text) and not needs_number(line.text):
        return True
    if _RULE.match(following.text) or _RULE.match(line.text):
        return True
    if _COLUMNS.search(following.text) or _COLUMNS.search(line.text):
        return True  # columns side by side, as in a letterhead or a table
    if _is_capitals(line.text) != _is_capitals(following.text):
        return True
    return following.indent > line.indent and not _ITEM.match(line.text)


def _joins_page(line: _Line, following: _Line) -> bool:
    """Whether a page break between two lines is inside a paragraph.

    A page number between them was removed.
    """
    return following.number > line.number + 1 and _UNFINISHED.search(line.text) is not None


def _is_capitals(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 1 and all(char.isupper() for char in letters)


def _paragraphs(lines: Sequence[_Line], width: int) -> Iterator[Block]:
    """Blocks of ``lines``; a full line is joined to the next if that continues it."""
    gap = False
    ragged = width > 0 and is_ragged(lines, width)
    margin = min((line.indent for line in lines if line.text), default=0)
    parts: list[_Line] = []
    seen: dict[str, int] = {}
    for line in lines:
        if not line.text:
            if parts:
                yield _block(parts, gap)
                parts = []
                gap = False
            gap = True
            continue
        if (
            parts
            and (width or _joins_page(parts[-1], line))
            and _goes_on(parts, line, width, margin, seen, ragged=ragged)
        ) or (parts and not width and _goes_on_after_comma(parts[-1], line)):
            parts.append(line)
            continue
        if parts:
            yield _block(parts, gap)
            gap = False
        parts = [line]
        note_item(line.text, seen)
    if parts:
        yield _block(parts, gap)


def _goes_on(
    parts: Sequence[_Line],
    line: _Line,
    width: int,
    margin: int,
    seen: dict[str, int],
    *,
    ragged: bool,
) -> bool:
    last = parts[-1]
    if _joins_page(last, line):
        return True
    if len(parts) == 1 and line.indent == last.indent > margin and _FINISHED.search(last.text):
        return False  # two paragraphs whose first lines are indented
    full = _is_full(last, line, width) or (ragged and _is_cut(last, width))
    if not full or _RULE.match(line.text):
        return False
    if _ITEM.match(line.text):
        prose = not _is_capitals(last.text) and line.indent <= parts[-1].indent
        return prose and continues_sentence(last.text, line.text, seen)
    if _starts_paragraph(last, line):
        # A hanging indent of an item does not begin a new paragraph.
        return len(parts) > 1 and line.indent == last.indent and not _COLUMNS.search(line.text)
    return True


def _block(parts: Sequence[_Line], gap: bool) -> Block:
    if len(parts) == 1:  # possibly a row of a table drawn with blanks
        return Block(parts[0].raw, line=parts[0].number, gap=gap)
    return Block(" ".join(part.text for part in parts), line=parts[0].number, gap=gap)
