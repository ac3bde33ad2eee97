"""The file of a segment: terms, columns, stored texts, and their directory.

::

    magic   stored texts   field after field: its blocks   columns   directory   tail

Every part has its own checksum (see :mod:`.encoding` and :mod:`.blocks`). The blocks of a field are
contiguous, so the directory stores only their sizes.
"""

from __future__ import annotations

import os
import struct
import threading
from array import array
from collections.abc import Callable, Iterable
from itertools import accumulate
from pathlib import Path
from typing import IO, Any, Protocol, cast

from ...errors import Message
from . import encoding as blobs
from .blocks import BlockNames, pack_names

SUFFIX = ".tra"
MAGIC = b"tracuu2\n"
_TAIL = struct.Struct("<QI8s")  # offset and size of the directory; then the magic
_UNREADABLE = struct.error, ValueError, KeyError, TypeError, IndexError


class SegmentOutput:
    """Writes a segment's file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._at = file.write(MAGIC)
        self._records = array("I")  # sizes
        self._fields: dict[str, list[list[int]]] = {}
        self._columns: dict[str, list[int]] = {}

    def _put(self, data: bytes) -> list[int]:
        self._file.write(data)
        start, self._at = self._at, self._at + len(data)
        return [start, len(data)]

    def add_records(self, packed: bytes) -> None:
        """Write stored texts (see :func:`~.encoding.pack_records`).

        They must come first.
        """
        self._records.append(self._put(packed)[1])

    def add_field(self, name: str, blocks: Iterable[tuple[bytes, bytes]]) -> None:
        """Write the blocks of a field, given with their names."""
        start, names, sizes = self._at, [], array("I")
        for last, block in blocks:
            names.append(last)
            sizes.append(self._put(block)[1])
        packed = blobs.pack_array(blobs.narrow(sizes))
        self._fields[name] = [[start], self._put(pack_names(names)), self._put(packed)]

    def add_column(self, name: str, packed: bytes) -> None:
        """Write a column."""
        self._columns[name] = self._put(packed)

    def finish(self, figures: object) -> None:
        """Write the directory, including ``figures``, and close the file."""
        packed = blobs.pack_array(blobs.narrow(self._records))
        directory = {
            "records": self._put(packed),
            "fields": self._fields,
            "columns": self._columns,
            "figures": figures,
        }
        start, size = self._put(blobs.pack_json(directory))
        self._file.write(_TAIL.pack(start, size, MAGIC))
        self._file.close()


class FieldBlocks:
    """The blocks of one field: names and offsets."""

    def __init__(self, start: int, names: BlockNames, sizes: array[int]) -> None:
        """Raises TornError."""
        if len(names) != len(sizes):
            raise blobs.TornError("a field has not as many blocks as names of blocks")
        self.names = names
        self.ends = list(accumulate(sizes, initial=start))


class SegmentParts(Protocol):
    """Access to the parts of a segment, independent of its layout."""

    figures: dict[str, Any]

    def column(self, name: str) -> bytes:
        """A column as it was written."""

    def field(self, name: str) -> FieldBlocks:
        """Where the blocks of a field lie."""

    def block(self, field: FieldBlocks, number: int) -> bytes:
        """One block of a field."""

    def records(self, number: int) -> bytes:
        """The ``number``-th block of stored texts."""

    def close(self) -> None:
        """Close the files."""


class Bytes(Protocol):
    """A source of bytes of a segment."""

    size: int

    def read(self, start: int, size: int) -> bytes:
        """Up to ``size`` bytes from ``start`` on."""

    def close(self) -> None:
        """Close the file."""


class DiskFile:
    """An open file that threads and forked processes may read concurrently."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._lock = threading.Lock()
        self.size = os.fstat(self._file.fileno()).st_size

    def read(self, start: int, size: int) -> bytes:
        """Bytes from ``start`` on."""
        if hasattr(os, "pread"):  # does not move the file position shared by forked processes
            return os.pread(self._file.fileno(), size, start)
        with self._lock:
            self._file.seek(start)
            return self._file.read(size)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class SegmentInput:
    """Reads a segment's file.

    Methods raise TornError for damage. Thread-safe.
    """

    def __init__(self, file: Bytes) -> None:
        """``file`` is closed with this object, or if it is torn."""
        self._file = file
        self._record_ends: list[int] | None = None
        try:
            self._directory = self._read_directory()
            self.figures: dict[str, Any] = dict(self._directory["figures"])
        except _UNREADABLE as error:
            file.close()
            raise blobs.TornError("the directory of a segment is torn") from error
        except BaseException:
            file.close()
            raise

    def _read_directory(self) -> dict[str, Any]:
        file = self._file
        start, size, magic = _TAIL.unpack(file.read(file.size - _TAIL.size, _TAIL.size))
        if magic != MAGIC or file.read(0, len(MAGIC)) != MAGIC:
            raise blobs.TornError("a file is not that of a segment")
        return cast("dict[str, Any]", blobs.unpack_json(self._get([start, size])))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _get(self, extent: list[int]) -> bytes:
        start, size = extent
        if not 0 <= start <= start + size <= self._file.size:
            raise blobs.TornError("a part of a segment lies outside of its file")
        return self._file.read(start, size)

    def _entry(self, kind: str, name: str, make: Callable[[Any], Any]) -> Any:
        try:
            return make(self._directory[kind][name])
        except _UNREADABLE as error:
            raise blobs.TornError(Message("{name!r} is missing", name=name)) from error

    def column_names(self, prefix: str) -> list[str]:
        """Names of columns with ``prefix``, without the prefix."""
        return [
            name[len(prefix) :] for name in self._directory["columns"] if name.startswith(prefix)
        ]

    def column(self, name: str) -> bytes:
        """A column as it was written."""
        return cast(bytes, self._entry("columns", name, self._get))

    def field(self, name: str) -> FieldBlocks:
        """Where the blocks of a field lie."""

        def make(entry: list[list[int]]) -> FieldBlocks:
            (start,), names, sizes = entry
            return FieldBlocks(
                start, BlockNames(self._get(names)), blobs.unpack_array(self._get(sizes))
            )

        return cast(FieldBlocks, self._entry("fields", name, make))

    def block(self, field: FieldBlocks, number: int) -> bytes:
        """One block of a field."""
        start = field.ends[number]
        return self._get([start, field.ends[number + 1] - start])

    def records(self, number: int) -> bytes:
        """The ``number``-th block of stored texts."""
        if self._record_ends is None:
            sizes = blobs.unpack_array(self._get(self._directory["records"]))
            self._record_ends = list(accumulate(sizes, initial=len(MAGIC)))
        if not 0 <= number < len(self._record_ends) - 1:
            raise blobs.TornError("a stored text is missing")
        start = self._record_ends[number]
        return self._get([start, self._record_ends[number + 1] - start])
