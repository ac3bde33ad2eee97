"""Scan of the stored documents of a Whoosh index, without postings.

Every part of a segment has a checksum, so searches never use damaged data; but the block with the
list of all passages may itself be damaged. Stored texts are at the start of a segment's file, block
by block, and are found there even without the directory at its end.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from ...errors import IndexDamaged
from ..engine import StoredDocument
from . import encoding as blobs
from . import storage as files
from . import toc
from .reader import SegmentFiles
from .segment import MAGIC, SUFFIX

_CHUNK = 1 << 14  # bytes passed to zlib at once


def verify(folder: Path) -> None:
    """Compare each file with the checksum in the table of contents.

    Raises IndexDamaged.
    """
    with files.reading(folder):
        seals = toc.read_seals(folder, files.generation(folder))
        for name, (size, check) in seals.items():
            path = folder / name
            if path.stat().st_size != size or (check is not None and files.checksum(path) != check):
                raise IndexDamaged(
                    folder,
                    "{name} {fault}; rebuild the index with: tracuu rebuild",
                    name=name,
                    fault="has other bytes than were written",
                )


class RecordScan:
    """The readable documents of every segment.

    Documents are numbered consecutively. Close it to close the files.
    """

    def __init__(self, folder: Path) -> None:
        """Raises IndexDamaged if the table of contents cannot be read."""
        self._folder = folder
        self._stack = ExitStack()
        with files.reading(folder):
            self._segments = toc.listed_segments(folder, files.generation(folder))
        self._open: dict[int, list[_Records]] = {}

    def documents(self) -> Iterator[StoredDocument | None]:
        """The live documents; None for each that cannot be read."""
        base = 0
        for at, segment in enumerate(self._segments):
            for doc in range(segment.count):
                if doc not in segment.deleted:
                    found = self._read(at, doc)
                    yield found and replace(found, number=base + doc)
            base += segment.count

    def read(self, number: int) -> str | None:
        """The stored text of a document; None if it cannot be read."""
        for at, segment in enumerate(self._segments):
            if number < segment.count:
                found = self._read(at, number)
                return None if found is None else found.stored
            number -= segment.count
        return None

    def _read(self, at: int, doc: int) -> StoredDocument | None:
        if at not in self._open:
            self._open[at] = list(self._ways(self._segments[at]))
        for records in self._open[at]:
            try:
                with files.reading(self._folder):
                    return StoredDocument(*records.records((doc,))[0])
            except IndexDamaged:
                continue
        return None

    def _ways(self, segment: toc.SegmentInfo) -> Iterator[_Records]:
        """Ways to read the stored texts of a segment, best first."""
        path = self._folder / (segment.name + SUFFIX)
        try:
            opened = SegmentFiles.open(self._folder, segment)
            self._stack.callback(opened.close)
            yield opened
        except IndexDamaged:
            pass
        if not segment.legacy and path.is_file():
            yield _Walk(path)

    def close(self) -> None:
        """Close the files."""
        self._open.clear()
        self._stack.close()


class _Records(Protocol):
    def records(self, docs: Iterable[int]) -> list[tuple[str, str]]:
        """Key and stored text of documents."""


class _Walk:
    """Reads the stored texts of a segment without its directory, block by block."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: list[bytes] | None = None
        self._block = lru_cache(maxsize=8)(self._decoded)

    def _blocks(self) -> list[bytes]:
        if self._found is None:
            data, at = self._path.read_bytes(), len(MAGIC)
            self._found = []
            while size := _block_size(data, at):
                self._found.append(data[at : at + size])
                at += size
        return self._found

    def _decoded(self, number: int) -> blobs.StoredBlock:
        blocks = self._blocks()
        if number >= len(blocks):
            raise blobs.TornError("a stored text is missing")
        return blobs.StoredBlock(blocks[number])

    def records(self, docs: Iterable[int]) -> list[tuple[str, str]]:
        """Key and stored text of documents. Raises TornError."""
        places = (divmod(doc, blobs.RECORDS) for doc in docs)
        return [record for number, at in places for record in self._block(number).take((at,))]


def _block_size(data: bytes, at: int) -> int:
    """The size of the sealed block at ``at``.

    0 if no compressed block starts there.
    """
    start = at + blobs.CHECK_SIZE + 1
    if data[start - 1 : start] != b"z":
        return 0
    stream, view = zlib.decompressobj(), memoryview(data)
    try:
        for begin in range(start, len(data), _CHUNK):
            chunk = view[begin : begin + _CHUNK]
            stream.decompress(chunk)
            if stream.eof:
                return begin + len(chunk) - len(stream.unused_data) - at
    except zlib.error:
        pass
    return 0
