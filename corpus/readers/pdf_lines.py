"""The lines of a PDF page: its characters, put together to words and lines by where they stand."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..repair.gaps import Word
from .assemble import Run

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_SOFT_HYPHENS = "\x02\ufffe\u00ad"
_WIDE_GAP = 2.5
_BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "black", "heavy", "demi")


@dataclass(slots=True)
class Piece:
    """A word with its look."""

    word: Word
    bold: bool
    font: str | None
    x0: float
    x1: float


@dataclass(slots=True)
class Line:
    """One line of a page (or its part in one column). Lengths in points, ``y`` (of the baseline) upwards."""

    page: int
    pieces: list[Piece] = field(default_factory=list)
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
class _Char:
    text: str
    index: int
    x0: float
    x1: float
    y0: float
    size: float


class PageText:
    """Reads the characters of one page and groups them, in the order of the file."""

    def __init__(self, page: PdfPage, number: int, raw: Any) -> None:
        self.number = number
        self.raw = raw
        self.textpage = page.get_textpage()
        self.handle = self.textpage.raw
        self.box = [ctypes.c_double() for _ in range(4)]
        self.origin = [ctypes.c_double() for _ in range(2)]
        self.buffer = ctypes.create_string_buffer(256)
        self.flags = ctypes.c_int()

    def close(self) -> None:
        """Free the page's text."""
        self.textpage.close()

    def lines(self) -> list[Line]:
        """The lines of the page; text in other columns at the same height makes lines of its own."""
        lines: list[Line] = []
        line = Line(self.number)
        word: list[_Char] = []
        drawn = False
        previous: _Char | None = None
        for index in range(self.textpage.count_chars()):
            code = self.raw.FPDFText_GetUnicode(self.handle, index)
            text = chr(code) if 0 < code < 0x110000 else ""
            if text in _SOFT_HYPHENS and text:
                text = "\u00ad"
            if not text or text in "\r\n" or text.isspace():
                self._end_word(line, word, drawn, previous)
                previous = word[-1] if word else previous
                drawn = bool(text) and text not in "\r\n" and not self._is_generated(index)
                word = []
                if text == "\n":
                    line, previous = self._end_line(lines, line), None
                continue
            char = self._char(text, index)
            last = word[-1] if word else previous
            if last is not None and self._is_elsewhere(last, char):
                self._end_word(line, word, drawn, previous)
                word, drawn, previous = [], False, None
                line = self._end_line(lines, line)
            word.append(char)
        self._end_word(line, word, drawn, previous)
        self._end_line(lines, line)
        return lines

    def _is_generated(self, index: int) -> bool:
        return bool(self.raw.FPDFText_IsGenerated(self.handle, index) == 1)

    def _char(self, text: str, index: int) -> _Char:
        left, right, bottom, top = self.box
        self.raw.FPDFText_GetCharBox(self.handle, index, left, right, bottom, top)
        size = self.raw.FPDFText_GetFontSize(self.handle, index)
        height = abs(top.value - bottom.value)
        # Some programs draw in a font of size 1 and scale it: the letters' own height tells then.
        if size < 3 or size > 200:
            size = height * 1.4 or 10.0
        x, y = self.origin
        found = self.raw.FPDFText_GetCharOrigin(self.handle, index, x, y)
        return _Char(text, index, left.value, right.value, y.value if found else bottom.value, size)

    def _is_elsewhere(self, last: _Char, char: _Char) -> bool:
        """Whether ``char`` stands in another line or column than the character before it."""
        size = max(last.size, char.size)
        gap = char.x0 - last.x1
        return abs(char.y0 - last.y0) > 0.6 * size or gap > _WIDE_GAP * size or gap < -3 * size

    def _end_word(self, line: Line, word: list[_Char], drawn: bool, previous: _Char | None) -> None:
        if not word:
            return
        first, last = word[0], word[-1]
        name, bold = self._font(first.index)
        distance = (first.x0 - previous.x1) / first.size if previous else 1.0
        text = Word("".join(char.text for char in word), drawn, distance)
        if not line.pieces:
            line.x0, line.y, line.size = first.x0, first.y0, first.size
        line.pieces.append(Piece(text, bold, name, first.x0, last.x1))
        line.x1 = max(line.x1, last.x1)
        line.size = max(line.size, first.size)

    def _end_line(self, lines: list[Line], line: Line) -> Line:
        if line.pieces:
            lines.append(line)
        return Line(self.number)

    def _font(self, index: int) -> tuple[str | None, bool]:
        length = self.raw.FPDFText_GetFontInfo(self.handle, index, self.buffer, 256, ctypes.byref(self.flags))
        name = self.buffer.value.decode("utf-8", "replace") if 0 < length <= 256 else None
        weight = self.raw.FPDFText_GetFontWeight(self.handle, index)
        named = name is not None and any(part in name.lower() for part in _BOLD_NAMES)
        return name, named or weight >= _BOLD_WEIGHT
