"""The engine built on tantivy, for millions of passages on one machine.

tantivy finds, counts and sorts; the best of its list are reranked by the formula of the contract
(:mod:`..scoring.rerank`), so that results equal those of the other engines. Commits, checksums and
merges are tantivy's. Index files contain only data, no code.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import tantivy

from ...errors import (
    IndexClosed,
    IndexDamaged,
    IndexOutdated,
    NotAnIndex,
    StorageError,
)
from ..base import check_empty
from ..document import Schema
from ..engine import IntegrityProblem
from ..file_lock import writer_lock
from . import meta
from . import storage as files
from .check import integrity_check
from .reader import TantivySnapshot
from .scan import StoreScan
from .schema import DATA, READABLE, open_index, tantivy_schema
from .state import IndexState
from .verify import Verifier
from .writer import TantivyWriter

_ATTEMPTS = 20
_DENIED = 3  # attempts if access is denied: a commit may not have granted it yet
_BLOCK = 4096  # bytes per compressed block; tantivy's default of 16 KB is smaller but slower
_PAUSE = 0.05  # seconds between attempts, while a commit replaces meta.json


class TantivyEngine:
    """Storage in a tantivy index.

    Thread-safe; other processes may read while one writes.
    """

    name: ClassVar[str] = "tantivy"

    def __init__(self, folder: Path, schema: Schema) -> None:
        self._folder = folder
        self._schema = schema
        self._lock = threading.Lock()
        self._closed = False
        self._index: tantivy.Index | None = None
        self._place: files.Openable | None = None
        self._data = DATA
        self._verifier = Verifier(folder)
        self._unverified = False  # postings of the current state have not been verified
        self._current: tuple[tuple[int, int, int], IndexState] | None = None

    @classmethod
    def create(cls, folder: Path, schema: Schema) -> TantivyEngine:
        """Create an empty store in ``folder``, which exists and is empty."""
        _check_folder(folder)
        check_empty(folder)
        with files.writing(folder):
            tantivy.Index(tantivy_schema(schema), path=str(folder), reuse=False)
            meta.set_block(folder, _BLOCK)
        return cls(folder, schema)

    @classmethod
    def open(cls, folder: Path, schema: Schema) -> TantivyEngine:
        """Open the store created in ``folder`` with the same schema."""
        _check_folder(folder)
        engine = cls(folder, schema)
        engine.snapshot().close()
        return engine

    @classmethod
    def integrity_check(cls, folder: Path, schema: Schema) -> Iterator[IntegrityProblem]:
        """Read every byte of the store in ``folder`` and yield its problems."""
        return integrity_check(folder, schema)

    @classmethod
    def verify(cls, folder: Path) -> None:
        """Compare postings and columns with their checksums. Raises IndexDamaged."""
        Verifier(folder).verify(meta.segments(folder))

    @classmethod
    def scan(cls, folder: Path, schema: Schema) -> StoreScan:
        """Scan the stored documents, without using postings."""
        return StoreScan(folder, schema)

    def snapshot(self) -> TantivySnapshot:
        """The last committed state.

        Costs one file status if nothing was committed since the last call.
        """
        return TantivySnapshot(self._state())

    def _state(self) -> IndexState:
        with self._lock:
            if self._closed:
                raise IndexClosed(self._folder, "this index has been closed; open it again")
            self._verifier.raise_fault()
            for attempt in range(_ATTEMPTS):
                mark = files.stamp(self._folder)
                if self._current is not None and self._current[0] == mark:
                    if self._unverified:  # the second snapshot: a long-running process
                        self._unverified = False
                        self._verifier.start(meta.segments(self._folder))
                    return self._current[1]
                try:
                    state = self._load()
                except StorageError as error:
                    if not isinstance(error, IndexDamaged):
                        if attempt >= _DENIED:
                            raise
                        time.sleep(_PAUSE)
                        continue
                    if attempt == _ATTEMPTS - 1 or files.stamp(self._folder) == mark:
                        raise
                    continue
                if files.stamp(self._folder) == mark:
                    self._current = mark, state
                    return state
                time.sleep(_PAUSE)
            raise IndexDamaged(
                self._folder, "the index changes faster than it can be read; try again"
            )

    def _load(self) -> IndexState:
        known = meta.segments(self._folder)
        self._unverified = not self._verifier.verify_at_open(known)
        with files.reading(self._folder):
            index = self._opened()
            index.reload()
            deleted = sum(segment.deleted for segment in known)
            return IndexState(self._folder, index, self._schema, deleted, self._data)

    def _opened(self) -> tantivy.Index:
        if self._place is None:
            self._place = files.Openable(self._folder)
        path = self._place.path()
        if self._index is None:
            self._data = meta.data_field(self._folder, READABLE)
            self._index = open_index(path)
        return self._index

    def writer(self, *, wait: float = 0.0) -> TantivyWriter:
        """Open the only writer; raises IndexBusy after ``wait`` seconds."""
        if self._closed:
            raise IndexClosed(self._folder, "this index has been closed; open it again")
        lock = writer_lock(self._folder / files.LOCK, wait)
        try:
            meta.sweep(self._folder)
            state = self._state()
            self._verifier.verify(meta.segments(self._folder))  # a merge would hide damage
            if self._data != DATA:
                raise IndexOutdated(self._folder, "written by an older version; rebuild the index")
            assert self._index is not None
            return TantivyWriter(self._folder, self._index, state, lock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Close the files. Earlier snapshots stay usable until they are closed."""
        with self._lock:
            self._closed = True
            self._verifier.stop()
            self._current = None
            self._index = None
            if self._place is not None:
                self._place.close()


def _check_folder(folder: Path) -> None:
    try:
        str(folder).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotAnIndex(
            folder,
            "tantivy needs a path in valid UTF-8; choose another folder or engine",
        ) from error
    if not os.path.isdir(folder):
        raise files.missing(folder)
