"""The lines of a PDF page: its characters, put together to words and lines by where they stand."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..repair.gaps import SpacedWord
from .assemble import Run

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_SOFT_HYPHENS = "\x02\ufffe\u00ad"
_WIDE_GAP = 2.5
_BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "black", "heavy", "demi")


@dataclass(slots=True)
class TextFragment:
    """A word with its look."""

    word: SpacedWord
    bold: bool
    font: str | None
    x0: float
    x1: float


@dataclass(slots=True)
class PdfLine:
    """One line of a page (or its part in one column). Lengths in points, ``y`` (of the baseline) upwards."""

    page: int
    pieces: list[TextFragment] = field(default_factory=list)
    x0: float = 0.0
    x1: float = 0.0
    y: float = 0.0
    size: float = 0.0

    @property
    def text(self) -> str:
        """The words, one blank between them."""
        return " ".join(piece.word.text for piece in self.pieces)

    @property
    def bold(self) -> bool:
        """Whether all words are bold."""
        spoken = [piece for piece in self.pieces if any(map(str.isalnum, piece.word.text))]
        return bool(spoken) and all(piece.bold for piece in spoken)

    def runs(self) -> Iterator[Run]:
        """The words as runs, blanks between them included."""
        for i, piece in enumerate(self.pieces):
            yield Run((" " if i else "") + piece.word.text, piece.bold, font=piece.font)


@dataclass(slots=True)
class _Spot:
    """Where a character stands: its left edge, its baseline, the size of its font."""

    x0: float
    y: float
    size: float


class PageText:
    """Reads the characters of one page and groups them, in the order of the file.

    PDFium puts a blank or a line end of its own wherever the next character stands apart, so only the
    first and last character of each word have to be looked at.
    """

    def __init__(self, page: PdfPage, number: int, raw: Any) -> None:
        self.number = number
        self.raw = raw
        self.textpage = page.get_textpage()
        self.handle = self.textpage.raw
        self.box = [ctypes.c_double() for _ in range(4)]
        self.origin = [ctypes.c_double() for _ in range(2)]
        self.buffer = ctypes.create_string_buffer(256)
        self.flags = ctypes.c_int()
        self.found: list[PdfLine] = []
        self.line = PdfLine(number)
        self.end = _Spot(0.0, 0.0, 0.0)

    def close(self) -> None:
        """Free the page's text."""
        self.textpage.close()

    def lines(self, most: int) -> list[PdfLine]:
        """The lines of the page; text in other columns at the same height makes lines of its own.

        Stops after ``most`` characters.
        """
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
                # After a hyphen at a line end PDFium goes on without any sign of the break.
                self._end_word(word, start, index, drawn)
                word, drawn = "", False
                continue
            if word:
                self._end_word(word, start, index - 1, drawn)
                word, drawn = "", False
            if text == "\n":
                self._end_line()
            elif text and text != "\r":
                drawn = self.raw.FPDFText_IsGenerated(handle, index) != 1
        if word:
            self._end_word(word, start, count - 1, drawn)
        self._end_line()
        return self.found

    def _spot(self, index: int) -> _Spot:
        left, right, bottom, top = self.box
        self.raw.FPDFText_GetCharBox(self.handle, index, left, right, bottom, top)
        size = self.raw.FPDFText_GetFontSize(self.handle, index)
        # Some programs draw in a font of size 1 and scale it: the letters' own height tells then.
        if not 3 <= size <= 200:
            size = abs(top.value - bottom.value) * 1.4 or 10.0
        x, y = self.origin
        found = self.raw.FPDFText_GetCharOrigin(self.handle, index, x, y)
        return _Spot(left.value, y.value if found else bottom.value, size)

    def _right(self, index: int) -> float:
        left, right, bottom, top = self.box
        self.raw.FPDFText_GetCharBox(self.handle, index, left, right, bottom, top)
        return float(right.value)

    def _is_elsewhere(self, spot: _Spot) -> bool:
        """Whether ``spot`` is in another line or column than the word before it."""
        size = max(self.end.size, spot.size)
        gap = spot.x0 - self.end.x0
        return abs(spot.y - self.end.y) > 0.6 * size or gap > _WIDE_GAP * size or gap < -3 * size

    def _end_word(self, text: str, first: int, last: int, drawn: bool) -> None:
        spot, right = self._spot(first), self._right(last)
        if self.line.pieces and self._is_elsewhere(spot):
            self._end_line()
        line = self.line
        if line.pieces and not drawn and line.pieces[-1].word.text.endswith("\u00ad"):
            line.pieces[-1].word.text += text
            line.pieces[-1].x1 = line.x1 = right
            self.end = _Spot(right, spot.y, spot.size)
            return
        distance = (spot.x0 - self.end.x0) / spot.size if line.pieces else 1.0
        if not line.pieces:
            line.x0, line.y, line.size = spot.x0, spot.y, spot.size
        name, bold = self._font(first)
        line.pieces.append(
            TextFragment(SpacedWord(text, drawn, distance), bold, name, spot.x0, right)
        )
        line.x1 = max(line.x1, right)
        line.size = max(line.size, spot.size)
        self.end = _Spot(right, spot.y, spot.size)

    def _end_line(self) -> None:
        if self.line.pieces:
            self.found.append(self.line)
            self.line = PdfLine(self.number)

    def _font(self, index: int) -> tuple[str | None, bool]:
        length = self.raw.FPDFText_GetFontInfo(
            self.handle, index, self.buffer, 256, ctypes.byref(self.flags)
        )
        name = self.buffer.value.decode("utf-8", "replace") if 0 < length <= 256 else None
        weight = self.raw.FPDFText_GetFontWeight(self.handle, index)
        named = name is not None and any(part in name.lower() for part in _BOLD_NAMES)
        return name, named or weight >= _BOLD_WEIGHT
