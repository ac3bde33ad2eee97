"""Reconstruct the lines of a PDF page from the positions of its characters."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ...vietnamese.syllables import is_syllable
from ..repair.gaps import SpacedWord
from .assemble import LABEL, MARK, POWER, UNIT, Run

if TYPE_CHECKING:  # the package may be missing
    from pypdfium2 import PdfBitmap as PdfBitmap
    from pypdfium2 import PdfDocument as PdfDocument
    from pypdfium2 import PdfPage as PdfPage
else:
    PdfBitmap = PdfDocument = PdfPage = Any

_SOFT_HYPHENS = "\x02\ufffe\u00ad"
_TIGHT = 0.09  # font sizes: closer letters form one word, even if PDFium divides them
_NEAR = 0.35  # font sizes: a closer full stop belongs to its word
_WIDE_GAP = 2.5  # font sizes: maximum gap between two words of a line
_BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "black", "heavy", "demi")
_BLANK = 0.16  # font sizes: a wider gap between two letters is a blank
_SCALES = (0.1, 10.0)  # ratio of drawn size to font size; others are errors in the file
_BROKEN = 4  # characters per line, with its end: PDFium mistook a narrow table for vertical text
_MANY_LATE = 3  # minimum late words on a page; also one word in fifty
_SLANT = 0.06  # radians from the nearest right angle; less is a crooked scan
# A note mark is smaller than its word by this factor, and raised by these shares of the word's
# size.
_SMALLER = 0.88
_RAISED = (0.12, 0.75)
_MARKABLE = re.compile(r"[\d*†‡]")
_LETTER_BEFORE = re.compile(r"([^\W\d_]+)-$")
_STOPS = ",.;:)!?…”\"'"


@dataclass(slots=True)
class TextFragment:
    """A word and its formatting; ``raised`` marks a reference to a note."""

    word: SpacedWord
    bold: bool
    font: str | None
    x0: float
    x1: float
    y: float = 0.0
    size: float = 0.0
    raised: bool = False


@dataclass(slots=True)
class PdfLine:
    """One line of a page (or its part in one column).

    Lengths in points, ``y`` (baseline) upwards.
    """

    page: int
    pieces: list[TextFragment] = field(default_factory=list)
    x0: float = 0.0
    x1: float = 0.0
    y: float = 0.0
    size: float = 0.0

    @classmethod
    def of(cls, page: int, pieces: list[TextFragment]) -> PdfLine:
        """Make a line of ``pieces`` (at least one)."""
        main = _main(pieces)
        return cls(
            page, pieces, min(p.x0 for p in pieces), max(p.x1 for p in pieces), main.y, main.size
        )

    @property
    def words(self) -> list[TextFragment]:
        """The words without the marks of notes."""
        return [piece for piece in self.pieces if not piece.raised]

    @property
    def marks(self) -> list[str]:
        """The labels of the notes referred to: ``1``, ``*``."""
        return [
            label
            for piece in self.pieces
            if piece.raised
            for label in LABEL.findall(piece.word.text)
        ]

    @property
    def text(self) -> str:
        """The words, separated by single blanks."""
        return " ".join(piece.word.text for piece in self.words)

    @property
    def bold(self) -> bool:
        """Whether all words are bold."""
        spoken = False
        for piece in self.pieces:
            if not piece.raised and any(map(str.isalnum, piece.word.text)):
                if not piece.bold:
                    return False
                spoken = True
        return spoken

    def runs(self) -> Iterator[Run]:
        """The words as runs of uniform formatting, including the blanks between them."""
        blank = ""
        for (bold, font), words in groupby(self.words, key=lambda p: (p.bold, p.font)):
            yield Run(blank + " ".join(piece.word.text for piece in words), bold, font=font)
            blank = " "


def _main(pieces: Sequence[TextFragment]) -> TextFragment:
    """A word in the most common size of the line."""
    sizes: Counter[float] = Counter()
    for piece in pieces:
        sizes[piece.size] += 0 if piece.raised else len(piece.word.text)
    usual = max(sizes, key=lambda size: (sizes[size], size))
    return next(piece for piece in pieces if piece.size == usual)


@dataclass(slots=True)
class _Spot:
    """The position of a character: left edge, baseline, and font size."""

    x0: float
    y: float
    size: float


@dataclass(slots=True)
class _Letter:
    """A character with its position, its right edge and its index on the page."""

    text: str
    spot: _Spot
    right: float
    index: int

    def is_raised(self, main: _Spot) -> bool:
        """Whether it is smaller and higher than its line."""
        up = self.spot.y - main.y
        return self.spot.size < _SMALLER * main.size and up > _RAISED[0] * main.size


def _is_in_row(letter: _Letter, main: _Letter) -> bool:
    """Whether a letter is on the baseline of ``main``, or raised or lowered beside it."""
    off = (letter.spot.y - main.spot.y) / main.spot.size
    small = letter.spot.size < _SMALLER * main.spot.size
    return abs(off) < 0.15 or (small and -0.3 < off < 0.6)


class PageText:
    """Reads the characters of one page and groups them, in the order of the file.

    PDFium inserts a space or line end before each character at a distance, so only the first and
    last character of each word, and its digits, need to be examined. Pages with rotated text are
    turned. Slanted words are collected in ``slanted``.
    """

    def __init__(self, page: PdfPage, number: int, raw: Any) -> None:
        self.number = number
        self.raw = raw
        self.textpage = page.get_textpage()
        self.handle = self.textpage.raw
        width, height = page.get_size()
        self.paper = (height, width) if page.get_rotation() in (90, 270) else (width, height)
        self.box = [ctypes.c_double() for _ in range(4)]
        self.origin = [ctypes.c_double() for _ in range(2)]
        self.buffer = ctypes.create_string_buffer(256)
        self.flags = ctypes.c_int()
        self.turn = 0  # quarter turns of the text to the right
        self.scales: dict[float, float] = {}
        self._start()

    def _start(self) -> None:
        self.found: list[PdfLine] = []
        self.slanted: list[str] = []
        self.turns: Counter[int] = Counter()
        self.line = PdfLine(self.number)
        self.end = _Spot(0.0, 0.0, 0.0)
        self.broken = False
        self.extents: dict[int, tuple[float, float]] = {}  # baseline → leftmost and rightmost point
        self.breaks = 0
        self.late = 0  # words that follow others to their right in the file

    def close(self) -> None:
        """Release the page's text."""
        self.textpage.close()

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as its text is read."""
        return self.paper if self.turn % 2 == 0 else (self.paper[1], self.paper[0])

    def place(self, x: float, y: float) -> tuple[float, float]:
        """The position of a point after rotating the page so that its text is horizontal."""
        width, height = self.paper
        if self.turn == 1:
            return height - y, x
        if self.turn == 2:
            return width - x, height - y
        return (y, width - x) if self.turn == 3 else (x, y)

    def lines(self, most: int) -> list[PdfLine]:
        """The lines of the page.

        Text in other columns at the same height makes separate lines.

        Stops after ``most`` characters.
        """
        self._read(most)
        usual = max(self.turns, key=lambda turn: self.turns[turn], default=0)
        if usual != self.turn:
            self.turn = usual
            self._start()
            self._read(most)
        characters = min(self.textpage.count_chars(), most)
        upright = self.breaks > _MANY_LATE and self.breaks * _BROKEN > characters
        if upright or (self.late >= _MANY_LATE and self.late * 50 > sum(self.turns.values())):
            self._start()
            self._read_by_place(most, loose=upright)
        return self.found

    def _read(self, most: int) -> None:
        unicode, handle = self.raw.FPDFText_GetUnicode, self.handle
        word = ""
        start = 0
        drawn = False
        count = min(self.textpage.count_chars(), most)
        for index in range(count):
            code = unicode(handle, index)
            text = chr(code) if 0 < code < 0x110000 else ""
            if text and text in _SOFT_HYPHENS:
                text = "\u00ad"
            if text and not text.isspace():
                if not word:
                    start = index
                word += text
                if text != "\u00ad":
                    continue
                # PDFium omits the line break after a hyphen.
                self._end_word(word, start, index, drawn)
                word, drawn = "", False
                continue
            if word:
                self._end_word(word, start, index - 1, drawn)
                word, drawn = "", False
            if text == "\n":
                self.broken = True
                self.breaks += 1
            elif text and text != "\r":
                drawn = self.raw.FPDFText_IsGenerated(handle, index) != 1
        if word:
            self._end_word(word, start, count - 1, drawn)
        self._end_line()

    def _read_by_place(self, most: int, *, loose: bool) -> None:
        """Read a page whose letters are out of order, or each on a line.

        Some programs set letters with diacritics in another font and write them after the rest of
        the line. ``loose`` is as for :meth:`_letters`.
        """
        rows: list[list[_Letter]] = []
        for letter in sorted(
            self._letters(most, loose=loose), key=lambda letter: -letter.spot.size
        ):
            row = next((row for row in reversed(rows) if _is_in_row(letter, row[0])), None)
            if row is None:
                rows.append([letter])
            else:
                row.append(letter)
        for row in sorted(rows, key=lambda row: -row[0].spot.y):
            self._read_row(sorted(row, key=lambda letter: letter.spot.x0), row[0].spot)

    def _letters(self, most: int, *, loose: bool) -> Iterator[_Letter]:
        """The letters of the page; ``loose`` includes the side bearings of glyphs."""
        box = self.raw.FS_RECTF()
        for index in range(min(self.textpage.count_chars(), most)):
            code = self.raw.FPDFText_GetUnicode(self.handle, index)
            text = chr(code) if 0 < code < 0x110000 else ""
            if not text or self.raw.FPDFText_IsGenerated(self.handle, index) == 1:
                continue
            angle = self.raw.FPDFText_GetCharAngle(self.handle, index)
            if angle > 0 and divmod(angle + _SLANT, math.pi / 2)[1] > 2 * _SLANT:
                self.slanted.append(text)
                continue
            text = "\u00ad" if text in _SOFT_HYPHENS else text
            spot, right = self._spot(index)
            if loose and not self.turn:
                self.raw.FPDFText_GetLooseCharBox(self.handle, index, box)
                spot, right = _Spot(box.left, spot.y, spot.size), box.right
            yield _Letter(text, spot, right, index)

    def _read_row(self, row: Sequence[_Letter], main: _Spot) -> None:
        """Make lines of the letters at one height, from left to right."""
        word: list[_Letter] = []
        drawn = False

        def end_word() -> None:
            if word:
                text = "".join(letter.text for letter in word)
                raised = word[0].is_raised(main) and MARK.match(text) is not None
                self._add(text, word[0].spot, word[-1].right, word[0].index, drawn, raised)
                word.clear()

        for letter in row:
            last = word[-1] if word else None
            if (
                last
                and letter.text == last.text
                and letter.spot.x0 - last.spot.x0 < 0.15 * main.size
            ):
                continue  # printed twice to appear bold
            if letter.text.isspace():
                end_word()
                drawn = True
                continue
            gap = letter.spot.x0 - last.right if last else 0.0
            if last and (
                gap > _BLANK * main.size or last.is_raised(main) != letter.is_raised(main)
            ):
                end_word()
                drawn = False
            word.append(letter)
        end_word()
        self._end_line()

    def _spot(self, index: int) -> tuple[_Spot, float]:
        """The position of a character, and its right edge."""
        left, right, bottom, top = self.box
        self.raw.FPDFText_GetCharBox(self.handle, index, left, right, bottom, top)
        size = self.raw.FPDFText_GetFontSize(self.handle, index)
        scale = self.scales.get(size)
        size *= self._scale(size, index) if scale is None else scale
        # Some programs scale a font of size 1: then use the height of the letters.
        if not 3 <= size <= 200:
            size = abs(top.value - bottom.value) * 1.4 or 10.0
        x, y = self.origin
        found = self.raw.FPDFText_GetCharOrigin(self.handle, index, x, y)
        base = y.value if found else bottom.value
        if not self.turn:
            return _Spot(left.value, base, size), right.value
        corners = (
            self.place(left.value, bottom.value),
            self.place(right.value, top.value),
        )
        level = self.place(x.value, y.value) if found else corners[0]
        return _Spot(min(c[0] for c in corners), level[1], size), max(c[0] for c in corners)

    def _right(self, index: int) -> float:
        """The right edge of a character."""
        if self.turn:
            return self._spot(index)[1]
        left, right, bottom, top = self.box
        self.raw.FPDFText_GetCharBox(self.handle, index, left, right, bottom, top)
        return right.value

    def _scale(self, size: float, index: int) -> float:
        """Ratio of drawn size to font size of a character; 0.75 in files of Chrome.

        It is the same for all text of a page in one size.
        """
        matrix = self.raw.FS_MATRIX()
        found = self.raw.FPDFText_GetMatrix(self.handle, index, matrix)
        scale = math.hypot(matrix.c, matrix.d) if found else 1.0
        self.scales[size] = scale = scale if _SCALES[0] <= scale <= _SCALES[1] else 1.0
        return scale

    def _is_elsewhere(self, spot: _Spot) -> bool:
        """Whether ``spot`` is in another line or column than the word before it."""
        size = max(self.end.size, spot.size)
        gap = spot.x0 - self.end.x0
        off = abs(spot.y - self.end.y)
        if self.broken and not self.line.pieces[-1].raised:
            # The same line only if it continues here.
            return off > 0.1 * size or not -0.3 * size < gap < 0.6 * size
        return off > 0.6 * size or gap > _WIDE_GAP * size or gap < -3 * size

    def _end_word(self, text: str, first: int, last: int, drawn: bool) -> None:
        angle = self.raw.FPDFText_GetCharAngle(self.handle, first)
        turn, off = divmod(angle + _SLANT, math.pi / 2)
        if angle > 0 and off > 2 * _SLANT:
            self.slanted.append(text)
            self._end_line()
            return
        self.turns[int(turn) % 4] += 1
        for part, start, end, raised in self._parts(text, first, last):
            spot, right = self._spot(start)
            if end != start:
                right = self._right(end)
            self._note_late(spot, right)
            self._add(part, spot, right, start, drawn and start == first, raised)

    def _note_late(self, spot: _Spot, right: float) -> None:
        """Count a word left of an earlier one at its height, or with letters out of order."""
        low, high = self.extents.get(round(spot.y), (spot.x0, spot.x0))
        if right <= spot.x0 or low <= spot.x0 < high - 0.3 * spot.size:
            self.late += 1
        self.extents[round(spot.y)] = min(low, spot.x0), max(high, right)

    def _parts(self, text: str, first: int, last: int) -> list[tuple[str, int, int, bool]]:
        """A word's text, first and last character, and whether it is raised.

        A note mark is split off.
        """
        if len(text) == 1 or last - first + 1 != len(text) or not _MARKABLE.search(text):
            return [(text, first, last, False)]
        spots = [self._spot(index)[0] for index in range(first, last + 1)]
        main = max(spots, key=lambda spot: spot.size)
        raised = [
            spot.size < _SMALLER * main.size and spot.y - main.y > _RAISED[0] * main.size
            for spot in spots
        ]
        parts: list[tuple[str, int, int, bool]] = []
        begin = 0
        for i in range(1, len(text) + 1):
            if i == len(text) or raised[i] != raised[begin]:
                piece = text[begin:i]
                is_mark = raised[begin] and MARK.match(piece) is not None
                parts.append((piece, first + begin, first + i - 1, is_mark))
                begin = i
        return parts if any(part[3] for part in parts) else [(text, first, last, False)]

    def _add(
        self, text: str, spot: _Spot, right: float, index: int, drawn: bool, raised: bool
    ) -> None:
        """Add a word to the line, or begin a new one."""
        line = self.line
        begun = bool(line.pieces)
        if begun and not raised and spot.size < _SMALLER * line.size:
            raised = self._is_mark(text, spot)
        if (
            begun
            and not raised
            and line.size < _SMALLER * spot.size
            and self._is_text_of_mark(spot)
        ):
            for piece in line.pieces:
                piece.raised = True
            line.y, line.size = spot.y, spot.size
        elif line.pieces and not raised and self._is_elsewhere(spot):
            self._end_line()
            line = self.line
        self.broken = False
        distance = (spot.x0 - self.end.x0) / spot.size if line.pieces else 1.0
        if self._belongs_to_word(text, right, distance, drawn, raised):
            self.end = _Spot(right, line.y if raised else spot.y, line.size)
            return
        if not line.pieces:
            line.x0, line.y, line.size = spot.x0, spot.y, spot.size
        name, bold = self._font(index)
        word = SpacedWord(text, drawn, distance)
        line.pieces.append(
            TextFragment(word, bold, name, spot.x0, right, spot.y, spot.size, raised)
        )
        line.x1 = max(line.x1, right)
        if not raised:
            line.size = max(line.size, spot.size)
        self.end = _Spot(right, line.y if raised else spot.y, line.size if raised else spot.size)

    def _is_mark(self, text: str, spot: _Spot) -> bool:
        """Whether a word looks like the mark of a note: smaller than its line and raised."""
        line = self.line
        if MARK.match(text) is None:
            return False
        up = (spot.y - line.y) / line.size
        gap = (spot.x0 - self.end.x0) / line.size
        return _RAISED[0] < up < _RAISED[1] and -0.5 < gap < 1.2

    def _is_text_of_mark(self, spot: _Spot) -> bool:
        """Whether the line so far is only a note mark, followed by its text at ``spot``."""
        line = self.line
        up = (line.y - spot.y) / spot.size
        gap = (spot.x0 - self.end.x0) / spot.size
        return (
            _RAISED[0] < up < _RAISED[1]
            and -0.3 < gap < 1.5
            and all(MARK.match(piece.word.text) for piece in line.pieces)
        )

    def _belongs_to_word(
        self, text: str, right: float, distance: float, drawn: bool, raised: bool
    ) -> bool:
        """Append ``text`` to the word before it if it belongs to that word.

        Exponents, full stops and touching letters do.
        """
        last = next((piece for piece in reversed(self.line.pieces) if not piece.raised), None)
        if last is None:
            return False
        power = raised and POWER.match(text) and UNIT.search(last.word.text)
        after_mark = self.line.pieces[-1].raised
        near = after_mark or (distance < _NEAR and len(text) <= 2)
        stop = near and not drawn and not raised and text[0] in _STOPS
        hyphen = not drawn and not raised and last.word.text.endswith("\u00ad")
        both = last.word.text[-1].isalpha() and text[0].isalpha()
        touches = (
            not drawn and -_TIGHT < distance < _TIGHT and both and not raised and not after_mark
        )
        if not (power or stop or hyphen or touches):
            return False
        last.word.text += text
        last.x1 = self.line.x1 = right
        return True

    def _end_line(self) -> None:
        self.broken = False
        if self.line.pieces:
            self.line.size = _main(self.line.pieces).size
            self.found.append(self.line)
            self.line = PdfLine(self.number)

    def _font(self, index: int) -> tuple[str | None, bool]:
        length = self.raw.FPDFText_GetFontInfo(
            self.handle, index, self.buffer, 256, ctypes.byref(self.flags)
        )
        name, named = _font_name(self.buffer.value) if 0 < length <= 256 else (None, False)
        return name, named or self.raw.FPDFText_GetFontWeight(self.handle, index) >= _BOLD_WEIGHT


@lru_cache(maxsize=1_000)
def _font_name(raw: bytes) -> tuple[str, bool]:
    """A font's name, and whether it names a bold font."""
    name = raw.decode("utf-8", "replace")
    return name, names_bold(name)


def names_bold(name: str | None) -> bool:
    """Whether the name of a font is that of a bold one."""
    return name is not None and any(part in name.lower() for part in _BOLD_NAMES)


def join_lines(lines: Sequence[PdfLine]) -> list[Run]:
    """The runs of a paragraph; words divided at a line end are joined."""
    runs: list[Run] = []
    for line in lines:
        new = list(line.runs())
        if runs and new:
            ending = runs[-1].text
            if ending.endswith("\u00ad"):
                runs[-1].text = _undivided(ending.removesuffix("\u00ad") + "-", new[0].text)
            elif ending.endswith("-") and len(ending.rpartition(" ")[2]) > 1:
                runs[-1].text = _undivided(ending, new[0].text)
            else:
                runs.append(Run(" ", runs[-1].bold and new[0].bold))
        runs += new
    return runs


def _undivided(ending: str, follower: str) -> str:
    """``ending`` without its hyphen, unless that belongs to the word.

    It does in ``QĐ-`` ``UBND``.
    """
    found = _LETTER_BEFORE.search(ending)
    start = re.match(r"[^\W\d_]+", follower)
    if (
        found is None
        or start is None
        or not (found[1].islower() or found[1].istitle())
        or not start[0].islower()
    ):
        return ending
    both = is_syllable(found[1].lower()) and is_syllable(start[0])
    return ending if both and not is_syllable(found[1].lower() + start[0]) else ending[:-1]
