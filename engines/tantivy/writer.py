"""One change to a tantivy index."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

import tantivy

from ...errors import IndexBusy, PassageError, TracuuError
from ..base import WriterBase
from ..document import Document, Prepared, prepare
from ..file_lock import WriteLock
from . import meta
from . import storage as files
from .schema import CHANGE, KEY, tantivy_document, written_as
from .state import IndexState

HEAP = 200_000_000  # bytes of documents that tantivy buffers per segment


class TantivyWriter(WriterBase):
    """Adds and deletes documents.

    The first change starts tantivy's writer, which allocates memory.
    """

    def __init__(
        self, folder: Path, index: tantivy.Index, state: IndexState, lock: WriteLock
    ) -> None:
        super().__init__(folder)
        self._folder = folder
        self._index = index
        self._state = state
        self._lock = lock
        self._native: tantivy.IndexWriter | None = None
        self._change = secrets.randbits(63)
        self._added: set[str] = set()
        self._deleted: set[tuple[str, str]] = set()

    def _writer(self) -> tantivy.IndexWriter:
        if self._native is None:
            meta.expect_change(self._folder)
            try:
                self._native = self._index.writer(HEAP, 1)
            except ValueError as error:
                if "LockBusy" not in str(error):
                    raise
                raise IndexBusy(
                    self._folder,
                    "another program is writing to the index with tantivy; wait "
                    "until it has finished",
                ) from error
        return self._native

    def add(self, document: Document) -> None:
        """Add a document. Raises PassageError (an existing key, an invalid value)."""
        self._check()
        prepared = prepare(document, self._state.schema)
        if document.key in self._added or self._is_there(prepared):
            raise PassageError("the index holds {key!r} already; delete it first", key=document.key)
        with files.writing(self._folder):
            self._writer().add_document(
                tantivy_document(prepared, self._state.packer, self._change)
            )
        self._added.add(document.key)

    def _is_there(self, document: Prepared) -> bool:
        """Whether a committed document has the key and this writer did not delete it."""
        with files.reading(self._folder):
            if not self._state.searcher.doc_freq(KEY, written_as(document.key)):
                return False
            known = self._state.find(document.key)
        if known is None:
            return False
        return not any(
            (name, value) in self._deleted
            for name, values in known.keywords.items()
            for value in values
        )

    def delete(self, name: str, value: str) -> None:
        """Delete the committed documents with ``value`` in the keyword field ``name``."""
        self._check()
        if name not in self._state.schema.keywords:
            raise KeyError(name)
        own, query = self._state.own, tantivy.Query
        field, written = f"k_{name}", written_as(value)
        with files.writing(self._folder):
            if self._added:
                mine = query.term_query(own, CHANGE, self._change, "basic")
                having = query.term_query(own, field, written, "basic")
                occur = tantivy.Occur
                others = query.boolean_query([(occur.Must, having), (occur.MustNot, mine)])
                self._writer().delete_documents_by_query(others)
            elif (name, value) not in self._deleted and self._state.searcher.doc_freq(
                field, written
            ):
                self._writer().delete_documents_by_term(field, written)
        self._deleted.add((name, value))

    def commit(self) -> None:
        """Make the change durable and visible.

        Raises WriteFailed; the index is then unchanged, unless the message says otherwise.
        """
        self._check()
        try:
            if self._native is not None:
                with files.writing(self._folder):
                    self._native.commit()
                with files.forcing(self._folder):
                    files.force_commit(self._folder)
                self._tidy()
        finally:
            self.rollback()

    def _tidy(self) -> None:
        """Finish merges and delete old files, after the commit."""
        native, self._native = self._native, None
        assert native is not None
        with suppress(TracuuError), files.writing(self._folder):
            native.wait_merging_threads()
            self._seal()

    def _seal(self) -> None:
        """Sync files replaced by a merge, and seal."""
        files.force_commit(self._folder)
        meta.seal(self._folder)

    def rollback(self) -> None:
        """Discard the change."""
        self._done = True
        native, self._native = self._native, None
        self._added, self._deleted = set(), set()
        try:
            if native is not None:
                with suppress(TracuuError), files.writing(self._folder):
                    native.rollback()
                    native.garbage_collect_files()
                    native.wait_merging_threads()  # a fork must not inherit threads
                    self._seal()
        finally:
            del native
            self._lock.release()
