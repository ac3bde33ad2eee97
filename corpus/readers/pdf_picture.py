"""Render a PDF page as PNG with a passage marked, by PDFium."""

from __future__ import annotations

import ctypes
import math
import struct
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from ...errors import OptionError, UnreadableFile
from .limits import Limits
from .pdf import _lock as pdfium_lock
from .pdf import _open
from .pdf_lines import PdfBitmap, PdfPage
from .source import SourceFile

WIDTH = 1100  # pixels
_MOST = 4_000_000  # maximum pixels of a picture
_RGBA = 4  # FPDFBitmap_BGRA, with bytes in reverse order
# Translation tables of red, green and blue for the effect of a yellow marker.
_YELLOW = tuple(bytes(round(value * part) for value in range(256)) for part in (1.0, 0.88, 0.45))
_FAR = 500  # maximum letters of other text in between
_PIECE, _STEP = 24, 12  # letters compared at a time, and the step between comparisons
_BEGINNINGS = (400, 200, 100, 50, _PIECE)  # letters of a passage's beginning, longest first
Box = tuple[float, float, float, float]  # left, bottom, right, top, in points of the page


def page_picture(content: bytes, page: int, text: str = "", *, name: str = "report.pdf") -> bytes:
    """Page number ``page`` (from 1) as PNG, with the passage ``text`` marked on it.

    ``name`` is used in errors. Raises OptionError (no such page), the errors of reading the PDF
    (EncryptedFile, DamagedFile, TooLarge), and UnreadableFile where PDFium cannot draw the page.
    """
    import pypdfium2

    source = SourceFile(name, content, Limits())
    with pdfium_lock:
        document = _open(source, pypdfium2)
        try:
            if not 1 <= page <= len(document):
                raise OptionError(
                    "the file has {count} pages; there is no page {page}",
                    count=len(document),
                    page=page,
                )
            handle = document[page - 1]
            bitmap = _drawn(handle)
            boxes = _lines(_boxes(handle, text, pypdfium2.raw)) if text else iter(())
            return _png(bitmap, list(_areas(handle, bitmap, boxes, pypdfium2.raw)))
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile(
                name, "page {page} cannot be drawn ({error})", page=page, error=error
            ) from error
        finally:
            document.close()


def _drawn(page: PdfPage) -> PdfBitmap:
    wide, high = page.get_size()
    scale = min(WIDTH / max(wide, 1.0), math.sqrt(_MOST / max(wide * high, 1.0)))
    return page.render(scale=scale, rev_byteorder=True, force_bitmap_format=_RGBA)


def _areas(
    page: PdfPage, bitmap: PdfBitmap, boxes: Iterator[Box], raw: Any
) -> Iterator[tuple[int, int, int, int]]:
    """The boxes as (left, top, right, bottom) in pixels."""
    for left, bottom, right, top in boxes:
        one = _pixel(page, bitmap, left, top, raw)
        other = _pixel(page, bitmap, right, bottom, raw)
        yield (*map(min, one, other), *map(max, one, other))  # type: ignore[misc]


def _pixel(page: PdfPage, bitmap: PdfBitmap, x: float, y: float, raw: Any) -> tuple[int, int]:
    """The pixel of a point of the page, whatever the rotation of the page."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, bitmap.width, bitmap.height, 0, x, y, across, down)
    return across.value, down.value


def _boxes(page: PdfPage, text: str, raw: Any) -> Iterator[Box]:
    """The boxes of the letters that belong to the passage."""
    letters = page.get_textpage()
    try:
        found: list[int] = []
        signs: list[str] = []
        for index in range(letters.count_chars()):
            sign = _folded(chr(raw.FPDFText_GetUnicode(letters, index)))
            signs.append(sign)
            found += [index] * len(sign)
        for at in _places("".join(signs), _folded(text)):
            yield letters.get_charbox(found[at], loose=True)
    finally:
        letters.close()


def _folded(text: str) -> str:
    """Letters and digits only, in lower case and without diacritics.

    So line ends, hyphens and blanks are ignored.
    """
    plain = unicodedata.normalize("NFD", text).lower().replace("đ", "d")
    return "".join(sign for sign in plain if sign.isalnum())


def _places(page: str, passage: str) -> Iterator[int]:
    """The indices of the passage's letters on the page, in order.

    Other text, such as a page's footer, may be in between.
    """
    beginnings = (passage[:length] for length in (len(passage), *_BEGINNINGS))
    start = next((at for one in beginnings if one and (at := page.find(one)) >= 0), -1)
    if start < 0:
        return
    at, end = start, start
    for first in range(0, len(passage), _STEP):
        whole, part = passage[first : first + _PIECE], passage[first : first + _STEP]
        piece, place = whole, page.find(whole, at, at + _FAR)
        if place < 0 and len(part) == _STEP:  # the passage continues on the next page
            piece, place = part, page.find(part, at, at + _FAR)
        if place < 0:
            continue
        yield from range(max(end, place), place + len(piece))
        end = max(end, place + len(piece))
        at = place + min(_STEP, len(piece))


def _lines(boxes: Iterator[Box]) -> Iterator[Box]:
    """The boxes of one line as one box."""
    line: Box | None = None
    for box in boxes:
        left, bottom, right, top = box
        if line is not None and bottom < (line[1] + line[3]) / 2 < top and left >= line[0]:
            line = line[0], min(line[1], bottom), max(line[2], right), max(line[3], top)
            continue
        if line is not None:
            yield line
        line = box
    if line is not None:
        yield line


def _png(bitmap: PdfBitmap, areas: Sequence[tuple[int, int, int, int]]) -> bytes:
    """A bitmap of four bytes a pixel as PNG, with ``areas`` in yellow.

    Opacity is dropped (ISO/IEC 15948, filter 0).
    """
    wide, high, stride = bitmap.width, bitmap.height, bitmap.stride
    data = memoryview(bitmap.buffer).cast("B")
    rows = bytearray()
    for row in range(high):
        pixels = bytes(data[row * stride : row * stride + 4 * wide])
        colours = bytearray(3 * wide)
        for channel, darker in enumerate(_YELLOW):
            values = bytearray(pixels[channel::4])
            for left, top, right, bottom in areas:
                if top <= row <= bottom:
                    values[left : right + 1] = values[left : right + 1].translate(darker)
            colours[channel::3] = values
        rows += b"\0" + colours
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    parts = (
        chunk(b"IHDR", head),
        chunk(b"IDAT", zlib.compress(bytes(rows), 6)),
        chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
