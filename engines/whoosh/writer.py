"""The one writer of a Whoosh index: a new segment, marks on deleted documents, and the switch."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from ...errors import IndexClosed, PassageError, WriteFailed
from ..document import Document, Schema, prepare
from ..file_lock import WriteLock
from . import encoding as blobs
from . import storage as files
from .blocks import blocks, pack_names
from .buffer import DocValues, PostingsBuffer
from .encoding import encode
from .merge import OldSegment, select_merges, term_writer
from .packing import Packing
from .reader import BLOCKS, COLUMN, FIGURES, WhooshSource
from .terms import joined, merged

_log = logging.getLogger("tracuu.engines")


class WhooshWriter:
    """One change to the index, as the contract describes it. Holds the lock until it is done."""

    def __init__(self, folder: Path, schema: Schema, lock: WriteLock, jobs: int = 1) -> None:
        self._folder = folder
        self._schema = schema
        self._lock = lock
        self._jobs = jobs
        self._done = False
        self._count = 0  # documents in the new segment
        self._records: list[tuple[str, str]] = []  # of the last documents, not yet handed to Whoosh
        self._added: set[str] = set()
        self._deleted: set[int] = set()
        self._committed: set[str] | None = None  # keys of living documents; read at the first add
        self._storage = files.DurableStorage(folder)
        self._source: WhooshSource | None = None
        self._writer: Any = None
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
            segments = files.read_segments(self._storage, files.generation(self._folder))
            self._source = WhooshSource(self._folder, segments)
            index = FileIndex(self._storage, schema=files.whoosh_schema())  # type: ignore[no-untyped-call]
        self._writer = SegmentWriter(index, codec=files.codec(), compound=False, _lk=False)  # type: ignore[no-untyped-call]

    def _check(self) -> WhooshSource:
        if self._done or self._source is None:
            raise IndexClosed(
                self._folder, "this writer has been committed or rolled back; take a new one"
            )
        return self._source

    def add(self, document: Document) -> None:
        """Add a document. Raises PassageError if its key is there already or a value cannot be kept."""
        source = self._check()
        prepared = prepare(document, self._schema)
        if self._committed is None:
            keys = source.keys()
            self._committed = {keys[doc] for doc in source.live_docs() if doc not in self._deleted}
        if prepared.key in self._added or prepared.key in self._committed:
            raise PassageError(f"the index holds {prepared.key!r} already; delete it first")
        with files.writing(self._folder):
            doc = self._store((prepared.key, prepared.stored))
            self._columns.add(prepared)
            self._batch.add(doc, prepared)
        self._added.add(prepared.key)

    def _store(self, record: tuple[str, str]) -> int:
        """Keep a document's key and stored text; the document's number."""
        self._records.append(record)
        if len(self._records) == blobs.RECORDS:
            self._store_records()
        self._count += 1
        return self._count - 1

    def _store_records(self) -> None:
        """Write what is waiting: all with the first document, nothing with the others."""
        for packed in (blobs.pack_records(self._records), *[b""] * (len(self._records) - 1)):
            self._writer.add_document(**{files.STORED: packed})
        self._records.clear()

    def delete(self, name: str, value: str) -> None:
        """Delete every committed document that has ``value`` in the keyword field ``name``."""
        source = self._check()
        if name not in self._schema.keywords:
            raise KeyError(name)
        for doc in source.keyword_docs(name, value):
            if doc not in self._deleted:
                self._deleted.add(doc)
                self._writer.delete_document(doc)
                if self._committed is not None:
                    self._committed.discard(source.keys()[doc])

    def commit(self) -> None:
        """Make the change durable and visible. Raises WriteFailed, the index staying as it was."""
        self._check()
        if not self._added and not self._deleted:
            self.rollback()
            return
        try:
            with files.writing(self._folder):
                self._write()
        except BaseException as error:
            self._abandon()
            if not self._storage.switched or not isinstance(error, WriteFailed):
                raise
            _log.warning("committed, but cleaning up after it failed: %s", error)
        else:
            self._finish()

    def _write(self) -> None:
        """Merge, write the segment, and let Whoosh switch its table of contents."""
        old = select_merges(self._writer.segments, len(self._added))
        kept = [segment for segment in self._writer.segments if segment not in old]
        with contextlib.ExitStack() as stack:
            sources = [
                WhooshSource(self._folder, [segment]) for segment in old if segment.doc_count()
            ]
            for source in sources:
                stack.callback(source.close)
            parts = [self._take_over(source) for source in sources]
            if self._records:
                self._store_records()
            if self._count:
                self._write_terms(parts)
        self._storage.named = {segment.segment_id() for segment in kept}
        if self._count:
            self._storage.named.add(self._writer.newsegment.segment_id())
        if old:
            _log.debug("%s: merging %d segments, keeping %d", self._folder, len(old), len(kept))
        self._writer.commit(mergetype=lambda writer, segments: kept)

    def _take_over(self, source: WhooshSource) -> OldSegment:
        part = OldSegment(source, self._count)
        part.copy_documents(self._columns, self._schema, self._store)
        return part

    def _write_terms(self, parts: list[OldSegment]) -> None:
        writer, field = self._writer.fieldwriter, self._writer.schema[files.TERMS]
        columns = {**self._columns.values(), FIGURES: blobs.pack_json(self._columns.figures())}
        with Packing(
            self._batch.field_terms(), self._scratch, 1 if parts else self._jobs
        ) as packing:
            for name in self._batch.fields:
                write, names = term_writer(writer, name, field), []
                for block_name, block in self._blocks(name, packing, parts):
                    write(block_name, block)
                    names.append(block_name)
                writer.finish_field()
                columns[BLOCKS + name] = pack_names(names)
        write = term_writer(writer, COLUMN, field)
        for name in sorted(columns):
            write(encode(name), columns[name])
        writer.finish_field()

    def _blocks(
        self, name: str, packing: Packing, parts: list[OldSegment]
    ) -> Iterator[tuple[bytes, bytes]]:
        if not parts:
            return packing.blocks(name)
        return blocks(merged([packing.terms(name), *(part.terms(name) for part in parts)], joined))

    def rollback(self) -> None:
        """Leave the index as it was."""
        if not self._done:
            self._abandon()

    def _abandon(self) -> None:
        with contextlib.suppress(Exception):
            self._writer.cancel()
        if not self._storage.switched:
            self._storage.discard()
        with contextlib.suppress(OSError):
            files.sweep(self._folder)
        self._finish()

    def _finish(self) -> None:
        self._done = True
        self._batch.close()
        self._scratch.remove()
        if self._source is not None:
            self._source.close()
        self._storage.close_files()
        self._lock.release()

    def __enter__(self) -> WhooshWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.rollback()
        elif not self._done:
            self.commit()
