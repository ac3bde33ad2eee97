"""The streams and tables of a Word 97–2003 file ([MS-DOC]) in its OLE container."""

from __future__ import annotations

import io
import struct
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from ...errors import DamagedFile, EncryptedFile, UnsupportedFormat
from .source import SourceFile

_PAGE = 512
_MAGIC = 0xA5EC
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_FIRST_PAIR = 0x9A
_PIECES, _CHPX, _PAPX = 33, 12, 13
_PROPERTIES = ("title", "author", "subject", "keywords")
# windows-1252, its five unassigned codes decoded as control characters.
_WESTERN = [bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(256)]


@dataclass(slots=True)
class Piece:
    """A piece of the text in the main stream.

    Characters ``start``–``end`` are stored at ``offset``, ``width`` bytes each.
    """

    start: int
    end: int
    offset: int
    width: int


@dataclass(slots=True)
class Spans:
    """Properties by offset in the main stream.

    ``data[i]`` applies from ``starts[i]`` up to ``ends[i]``.
    """

    starts: list[int]
    ends: list[int]
    data: list[bytes]

    def at(self, offset: int) -> tuple[bytes, int]:
        """The properties at ``offset``, and where they end."""
        i = bisect_right(self.starts, offset) - 1
        if i >= 0 and offset < self.ends[i]:
            return self.data[i], self.ends[i]
        return b"", self.starts[i + 1] if i + 1 < len(self.starts) else 1 << 62


class DocFile:
    """An open Word file: text by character position, and properties by offset.

    Raises ``EncryptedFile``, ``UnsupportedFormat`` (an Excel file, Word 95 …) and ``DamagedFile``.
    """

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        ole = _open(source)
        try:
            self.main = ole.openstream("WordDocument").read()
            self._read_head()
            name = "1Table" if self.flags & _TABLE_1 else "0Table"
            if not ole.exists(name):
                raise DamagedFile(source.path, "the stream with its tables is missing")
            self.table = ole.openstream(name).read()
            self.extra = ole.openstream("Data").read() if ole.exists("Data") else b""
            _read_properties(ole, source)
        finally:
            ole.close()
        self.pieces = self._read_pieces()
        self._piece_starts = [piece.start for piece in self.pieces]
        self.text = self._read_text()
        self.characters = self._read_spans(_CHPX, is_paragraph=False)
        self.paragraphs = self._read_spans(_PAPX, is_paragraph=True)

    def _read_head(self) -> None:
        if len(self.main) < _FIRST_PAIR + 8 * 75:
            raise DamagedFile(self.source.path, "truncated; copy it again from its source")
        magic, version = struct.unpack_from("<HH", self.main)
        (self.flags,) = struct.unpack_from("<H", self.main, 0x0A)
        if magic != _MAGIC or version < 0xC1:
            raise UnsupportedFormat(
                self.source.path, "written by Word 95 or older; save it as .docx"
            )
        if self.flags & _ENCRYPTED:
            raise EncryptedFile(self.source.path, "it is locked by a password; save it without one")
        lengths = struct.unpack_from("<8i", self.main, 0x4C)
        body, notes, header, macro, comments, endnotes, boxes, _ = (
            max(0, length) for length in lengths
        )
        self.body = (0, body)
        self.footnotes = (body, body + notes)
        at = body + notes + header + macro + comments
        self.endnotes = (at, at + endnotes)
        self.boxes = (at + endnotes, at + endnotes + boxes)

    def pair(self, index: int) -> bytes:
        """The part of the table stream at entry ``index`` of ``FibRgFcLcb97``."""
        start, length = struct.unpack_from("<II", self.main, _FIRST_PAIR + 8 * index)
        return self.table[start : start + length] if length else b""

    def after(self, index: int) -> bytes:
        """The table stream after entry ``index``, where list levels are stored."""
        start, length = struct.unpack_from("<II", self.main, _FIRST_PAIR + 8 * index)
        return self.table[start + length :] if length else b""

    def places(self, index: int, extra: int) -> list[int]:
        """The character positions of a PLC whose entries have ``extra`` bytes besides."""
        data = self.pair(index)
        count = (len(data) - 4) // (4 + extra) if len(data) >= 4 else -1
        return list(struct.unpack_from(f"<{count + 1}i", data)) if count >= 0 else []

    def piece_at(self, place: int) -> int:
        """The index of the piece with the character at ``place``, else of the nearest."""
        return max(0, bisect_right(self._piece_starts, place) - 1)

    def _read_pieces(self) -> list[Piece]:
        data = self.pair(_PIECES)
        at = 0
        while at + 3 <= len(data) and data[at] == 1:  # property modifications of pieces: not needed
            at += 3 + struct.unpack_from("<H", data, at + 1)[0]
        if at + 5 > len(data) or data[at] != 2:
            raise DamagedFile(self.source.path, "its piece table is missing: truncated or damaged")
        (length,) = struct.unpack_from("<I", data, at + 1)
        table = data[at + 5 : at + 5 + length]
        count = (len(table) - 4) // 12
        if count < 1:
            raise DamagedFile(self.source.path, "its piece table is empty")
        starts = struct.unpack_from(f"<{count + 1}i", table)
        pieces: list[Piece] = []
        for i in range(count):
            (place,) = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * i + 2)
            narrow = bool(place & 0x40000000)
            offset = (place & 0x3FFFFFFF) // 2 if narrow else place & 0x3FFFFFFF
            if not 0 <= starts[i] <= starts[i + 1] or (pieces and starts[i] != pieces[-1].end):
                raise DamagedFile(self.source.path, "its piece table is damaged")
            pieces.append(Piece(starts[i], starts[i + 1], offset, 1 if narrow else 2))
        return pieces

    def _read_text(self) -> str:
        """All text, one UTF-16 code unit per position."""
        parts: list[str] = []
        for piece in self.pieces:
            length = piece.end - piece.start
            if length > len(self.main):
                raise DamagedFile(self.source.path, "a piece of its text is longer than the file")
            raw = self.main[piece.offset : piece.offset + length * piece.width]
            if piece.width == 1:
                text = "".join(map(_WESTERN.__getitem__, raw))
            else:
                units = array("H", raw[: len(raw) // 2 * 2])
                if units.itemsize != 2 or struct.pack("=H", 1) != b"\x01\x00":
                    units.byteswap()
                text = "".join(map(chr, units))
            if len(text) < length:
                self.source.note("the file is cut short: part of its text is missing")
                text = text.ljust(length, "\x00")
            parts.append(text)
        return "".join(parts)

    def _read_spans(self, index: int, *, is_paragraph: bool) -> Spans:
        """The runs of properties, from the 512-byte pages that a PLC lists."""
        data = self.pair(index)
        count = (len(data) - 4) // 8 if len(data) >= 12 else 0
        entries: list[tuple[int, int, bytes]] = []
        for i in range(count):
            (number,) = struct.unpack_from("<I", data, 4 * (count + 1) + 4 * i)
            page = self.main[(number & 0x3FFFFF) * _PAGE : (number & 0x3FFFFF) * _PAGE + _PAGE]
            if len(page) == _PAGE:
                entries += _page_entries(page, is_paragraph)
        entries.sort(key=lambda entry: entry[0])
        return Spans([e[0] for e in entries], [e[1] for e in entries], [e[2] for e in entries])


def _page_entries(page: bytes, is_paragraph: bool) -> list[tuple[int, int, bytes]]:
    count = page[511]
    step = 13 if is_paragraph else 1
    if 4 * (count + 1) + step * count > 511:
        return []
    places = struct.unpack_from(f"<{count + 1}I", page)
    entries: list[tuple[int, int, bytes]] = []
    for i in range(count):
        at = page[4 * (count + 1) + step * i] * 2
        data = b""
        if at:
            if not is_paragraph:
                data = page[at + 1 : at + 1 + page[at]]
            elif page[at]:
                data = page[at + 1 : at + 2 * page[at]]
            elif at + 1 < _PAGE:
                data = page[at + 2 : at + 2 + 2 * page[at + 1]]
        entries.append((places[i], places[i + 1], data))
    return entries


def _open(source: SourceFile) -> Any:
    import olefile

    try:
        ole = olefile.OleFileIO(io.BytesIO(source.data))
    except Exception as error:  # olefile raises various exceptions for damaged containers
        raise DamagedFile(
            source.path,
            "its OLE container is truncated or damaged ({error}); copy it again from its source",
            error=error,
        ) from error
    if ole.exists("WordDocument"):
        return ole
    try:
        if ole.exists("EncryptedPackage"):
            raise EncryptedFile(source.path, "it is locked by a password; save it without one")
        if ole.exists("Workbook") or ole.exists("Book"):
            raise UnsupportedFormat(source.path, "it is an Excel file, not a text document")
        if ole.exists("PowerPoint Document"):
            raise UnsupportedFormat(source.path, "it is a PowerPoint file, not a text document")
        raise UnsupportedFormat(source.path, "its contents are not a Word document")
    finally:
        ole.close()


def _read_properties(ole: Any, source: SourceFile) -> None:
    try:
        data = ole.get_metadata()
    except Exception:  # properties are optional
        return
    page = getattr(data, "codepage", None) or 1252
    for name in _PROPERTIES:
        raw = getattr(data, name, None)
        if not isinstance(raw, bytes):
            continue
        try:
            text = raw.decode("utf-8" if page in (65001, -535) else f"cp{page & 0xFFFF}")
        except (LookupError, UnicodeDecodeError):
            text = raw.decode("cp1252", "replace")
        if text.strip("\x00 "):
            source.properties[name] = text.strip("\x00 ")
    for name, attribute in (("created", "create_time"), ("modified", "last_saved_time")):
        moment = getattr(data, attribute, None)
        if moment is not None and hasattr(moment, "isoformat"):
            source.properties[name] = moment.isoformat()
