"""Segments in the layout of index format 1.

They are read so that a rebuild can carry over their documents.

Format 1 stored each block, column and stored text as a value in files of Whoosh's own codec, along
with pickles, which are read through the allow-list of :mod:`.toc`.
"""

from __future__ import annotations

import io
import struct
import threading
import zlib
from array import array
from pathlib import Path
from typing import Any, cast

from whoosh.columns import VarBytesColumn
from whoosh.filedb.filetables import OrderedHashReader
from whoosh.filedb.structfile import StructFile

from . import encoding as blobs
from .blocks import BlockNames
from .segment import FieldBlocks
from .toc import SegmentInfo, restricted_load

_COLUMNS, _FIGURES, _NAMES = "c", "figures", "blocks:"
_TERM_INFO = struct.Struct("!BfIBBfIIqi")  # Whoosh's W3TermInfo: the last two are offset and size
_BLOCK_HEAD = struct.Struct("!4si")


class _SafeFile(StructFile):
    """A file of Whoosh, whose pickles are read through the allow-list."""

    def read_pickle(self) -> object:
        """Unpickle the next value."""
        return restricted_load(cast(io.BytesIO, self))


class LegacyInput:
    """Reads a segment of format 1. Damage may raise any exception."""

    def __init__(self, folder: Path, info: SegmentInfo) -> None:
        self._lock = threading.Lock()
        self._files: list[Any] = []
        try:
            terms, size = self._open_file(folder / f"{info.name}.trm")
            self._index: Any = OrderedHashReader(terms, size)  # type: ignore[no-untyped-call]
            self._field_numbers: dict[str, int] = self._index.extras["fieldmap"]
            self._postings, _ = self._open_file(folder / f"{info.name}.pst")
            stored, size = self._open_file(folder / f"{info.name}.stored.col")
            column: Any = VarBytesColumn()  # type: ignore[no-untyped-call]
            self._stored = column.reader(stored, 0, size, info.count)
            figures = blobs.unpack_json(self.column(_FIGURES))
            self.figures = cast("dict[str, Any]", figures)
        except BaseException:
            self.close()
            raise

    def _open_file(self, path: Path) -> tuple[Any, int]:
        file = path.open("rb")
        self._files.append(file)
        return _SafeFile(file, name=path.name), path.stat().st_size

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.close()

    def _value(self, field: str, token: bytes) -> bytes:
        """The value of the only posting of a Whoosh term."""
        with self._lock:
            entry = self._index[struct.pack("!H", self._field_numbers[field]) + token]
            *_, offset, size = _TERM_INFO.unpack(entry)
            if entry[0]:
                raise blobs.TornError("a value lies where no index has it")
            file = io.BytesIO(self._postings.get(offset, size))
        _BLOCK_HEAD.unpack(file.read(_BLOCK_HEAD.size))
        header = cast("tuple[int, ...]", restricted_load(file))
        packed = file.read()
        values = restricted_load(io.BytesIO(zlib.decompress(packed) if header[3] else packed))
        return cast("tuple[Any, Any, tuple[bytes]]", values)[2][0]

    def column(self, name: str) -> bytes:
        """The bytes of a column."""
        return self._value(_COLUMNS, blobs.encode(name))

    def field(self, name: str) -> FieldBlocks:
        """The blocks of a field."""
        return _LegacyField(name, BlockNames(self.column(_NAMES + name)))

    def block(self, field: FieldBlocks, number: int) -> bytes:
        """One block of a field."""
        assert isinstance(field, _LegacyField)
        return self._value(field.name, field.names[number])

    def records(self, number: int) -> bytes:
        """The ``number``-th block of stored texts."""
        with self._lock:
            return cast(bytes, self._stored[number * blobs.RECORDS])


class _LegacyField(FieldBlocks):
    def __init__(self, name: str, names: BlockNames) -> None:
        super().__init__(0, names, array("I", bytes(4 * len(names))))
        self.name = name
