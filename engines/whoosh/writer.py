"""The writer of a Whoosh index: a new segment, deletions, and the commit."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import IO

from ...errors import IndexOutdated, PassageError, WriteFailed
from ..base import WriterBase
from ..document import Document, Schema, prepare
from ..file_lock import WriteLock
from . import encoding as blobs
from . import storage as files
from . import toc
from .blocks import blocks
from .buffer import DocValues, PostingsBuffer
from .commit import DurableStorage
from .merge import OldSegment, select_merges
from .reader import WhooshSource
from .segment import SUFFIX, SegmentOutput
from .terms import joined, merged
from .toc import SegmentInfo

_log = logging.getLogger("tracuu.engines")


class WhooshWriter(WriterBase):
    """One change to the index, see :class:`~..engine.Writer`.

    Holds the lock until it ends.
    """

    def __init__(self, folder: Path, schema: Schema, lock: WriteLock) -> None:
        super().__init__(folder)
        self._folder = folder
        self._schema = schema
        self._lock = lock
        self._count = 0  # documents in the new segment
        self._records: list[tuple[str, str]] = []  # records of the last documents, not yet written
        self._added: set[str] = set()
        self._deleted: set[int] = set()
        self._committed: set[str] | None = None  # keys of live documents; read on first use
        self._number = -1  # number of the commit that this change is based on
        self._segments: list[SegmentInfo] = []
        self._source: WhooshSource | None = None
        self._new = token_hex(8)  # id of the new segment
        self._output: SegmentOutput | None = None
        self._file: IO[bytes] | None = None
        self._storage = DurableStorage(folder)
        self._scratch = files.Scratch(folder)
        self._batch = PostingsBuffer(schema, self._scratch)
        self._columns = DocValues(schema)
        try:
            with files.writing(folder):
                files.sweep(folder)
                self._start()
        except BaseException:
            self._abandon()
            raise

    def _start(self) -> None:
        with files.reading(self._folder):
            self._number = files.generation(self._folder)
            self._segments, self._storage.seals = toc.read_segments(self._folder, self._number)
            self._source = WhooshSource.open(self._folder, self._segments)
        if any(segment.legacy for segment in self._segments):
            raise IndexOutdated(self._folder, "written by an older version; rebuild the index")

    def _committed_source(self) -> WhooshSource:
        self._check()
        assert self._source is not None
        return self._source

    def add(self, document: Document) -> None:
        """Add a document. Raises PassageError (an existing key, an invalid value)."""
        source = self._committed_source()
        prepared = prepare(document, self._schema)
        if self._committed is None:
            keys = source.keys()
            self._committed = {keys[doc] for doc in source.live_docs() if doc not in self._deleted}
        if prepared.key in self._added or prepared.key in self._committed:
            raise PassageError("the index holds {key!r} already; delete it first", key=prepared.key)
        with files.writing(self._folder):
            doc = self._store((prepared.key, prepared.stored))
            self._columns.add(prepared)
            self._batch.add(doc, prepared)
        self._added.add(prepared.key)

    def _store(self, record: tuple[str, str]) -> int:
        """Store a document's key and text; return the document's number."""
        self._records.append(record)
        if len(self._records) == blobs.RECORDS:
            self._store_records()
        self._count += 1
        return self._count - 1

    def _store_records(self) -> None:
        self._segment().add_records(blobs.pack_records(self._records))
        self._records.clear()

    def _segment(self) -> SegmentOutput:
        """The file of the new segment, created on first use."""
        if self._output is None:
            name = SegmentInfo(self._new, 0).name + SUFFIX
            self._storage.created.add(name)
            self._file = open(self._folder / name, "xb")  # noqa: SIM115  # closed by finish()
            self._output = SegmentOutput(self._file)
        return self._output

    def delete(self, name: str, value: str) -> None:
        """Delete the committed documents with ``value`` in the keyword field ``name``."""
        source = self._committed_source()
        if name not in self._schema.keywords:
            raise KeyError(name)
        for doc in source.keyword_docs(name, value):
            if doc not in self._deleted:
                self._deleted.add(doc)
                if self._committed is not None:
                    self._committed.discard(source.keys()[doc])

    def commit(self) -> None:
        """Make the change durable and visible.

        Raises WriteFailed; the index is then unchanged.
        """
        self._check()
        if not self._added and not self._deleted:
            self.rollback()
            return
        try:
            with files.writing(self._folder):
                self._write()
        except BaseException as error:  # Ctrl-C too must release the lock
            self._abandon()
            if not self._storage.switched or not isinstance(error, WriteFailed):
                raise
            _log.warning("committed, but cleaning up after it failed: %s", error)
        else:
            self._finish()

    def _write(self) -> None:
        """Merge, write the segment, and switch to a new table of contents."""
        segments = self._with_deletions()
        old = select_merges(segments, len(self._added))
        kept = [segment for segment in segments if segment not in old]
        with contextlib.ExitStack() as stack:
            parts = []
            for segment in old:
                if segment.live_count:
                    source = WhooshSource.open(self._folder, [segment])
                    stack.callback(source.close)
                    parts.append(self._take_over(source))
            if self._records:
                self._store_records()
            if self._count:
                self._write_segment(parts)
                kept.append(SegmentInfo(self._new, self._count))
        if old:
            _log.debug("%s: merging %d segments, %d after it", self._folder, len(old), len(kept))
        self._storage.commit(kept, self._schema, self._number + 1)

    def _with_deletions(self) -> list[SegmentInfo]:
        """The committed segments, including the deletions of this change."""
        found, base = [], 0
        for segment in self._segments:
            end = base + segment.count
            gone = {doc - base for doc in self._deleted if base <= doc < end}
            found.append(replace(segment, deleted=segment.deleted | gone) if gone else segment)
            base = end
        return found

    def _take_over(self, source: WhooshSource) -> OldSegment:
        part = OldSegment(source, self._count)
        part.copy_documents(self._columns, self._schema, self._store)
        return part

    def _write_segment(self, parts: list[OldSegment]) -> None:
        output = self._segment()
        for field in self._batch.field_terms():
            streams = [field.items(), *(part.terms(field.name) for part in parts)]
            output.add_field(field.name, blocks(merged(streams, joined)))
        for name, column in sorted(self._columns.values().items()):
            output.add_column(name, column)
        output.finish(self._columns.figures())

    def rollback(self) -> None:
        """Discard the change."""
        if not self._done:
            self._abandon()

    def _abandon(self) -> None:
        self._close_files()
        if not self._storage.switched:
            self._storage.discard()
        with contextlib.suppress(OSError):
            files.sweep(self._folder)
        self._finish()

    def _finish(self) -> None:
        self._done = True
        self._close_files()
        self._scratch.remove()
        if self._source is not None:
            self._source.close()
        self._lock.release()

    def _close_files(self) -> None:
        self._batch.close()
        if self._file is not None:
            with contextlib.suppress(OSError):  # unwritten data are discarded anyway
                self._file.close()
