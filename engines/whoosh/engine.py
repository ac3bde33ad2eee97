"""The engine built on Whoosh (``whoosh3``, or the original ``whoosh`` 2.7.4).

The folder is a Whoosh index: Whoosh writes the table of contents of every commit, and its own
searcher reads the segments through :mod:`.codec`. Searches of this package read the same segments
through :mod:`.reader` and rank by :mod:`..scoring`, without importing Whoosh.

Opening an index here never runs code stored in it, see :mod:`.toc`. Whoosh's own ``open_dir``
unpickles the table of contents: use it only with trusted indexes.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from ...errors import IndexBusy, IndexClosed, IndexDamaged, StorageError
from ..base import check_empty, passing_error
from ..document import Schema
from ..engine import IntegrityProblem
from ..file_lock import WriteLock
from ..scoring.snapshot import SharedSnapshot, SharedState
from . import storage as files
from . import toc
from .reader import WhooshSource

if TYPE_CHECKING:
    from .scan import RecordScan
    from .writer import WhooshWriter

_ATTEMPTS = 40
_PAUSE = 0.05  # seconds between attempts, while a commit deletes files being opened


class WhooshEngine:
    """Storage in a Whoosh index.

    Thread-safe; other processes may read while one writes.
    """

    name: ClassVar[str] = "whoosh"

    def __init__(self, folder: Path, schema: Schema) -> None:
        self._folder = folder
        self._schema = schema
        self._lock = threading.Lock()
        self._current: tuple[int, SharedState] | None = None
        self._closed = False

    @classmethod
    def create(cls, folder: Path, schema: Schema) -> WhooshEngine:
        """Create an empty store in ``folder``, which exists and is empty."""
        _check_folder(folder)
        check_empty(folder)
        with files.writing(folder):
            from .commit import DurableStorage  # imports Whoosh, which searches do not need

            DurableStorage(folder).commit([], schema, 0)
        return cls(folder, schema)

    @classmethod
    def open(cls, folder: Path, schema: Schema) -> WhooshEngine:
        """Open the store created in ``folder`` with the same schema."""
        _check_folder(folder)
        engine = cls(folder, schema)
        engine._latest().leave()
        return engine

    @classmethod
    def integrity_check(cls, folder: Path, schema: Schema) -> Iterator[IntegrityProblem]:
        """Read every byte of the store in ``folder`` and yield its problems."""
        from .check import integrity_check  # not needed by searches

        return integrity_check(folder)

    @classmethod
    def verify(cls, folder: Path) -> None:
        """Compare each file with its checksum. Raises IndexDamaged."""
        from .scan import verify  # not needed by searches

        verify(folder)

    @classmethod
    def scan(cls, folder: Path, schema: Schema) -> RecordScan:
        """Scan the stored documents, without using postings."""
        from .scan import RecordScan

        return RecordScan(folder)

    def snapshot(self) -> SharedSnapshot:
        """The last committed state; lists the folder if nothing was committed since."""
        shared = self._latest()
        try:
            return SharedSnapshot(shared)
        finally:
            shared.leave()

    def _latest(self) -> SharedState:
        """The current state, with the caller added as a user."""
        with self._lock:
            if self._closed:
                raise IndexClosed(self._folder, "this index has been closed; open it again")
            for attempt in range(_ATTEMPTS):
                number = self._generation()
                if number >= 0 and self._current is not None and self._current[0] == number:
                    break
                if number >= 0 and self._load(number):
                    break
                if attempt > 2 and number < 0:
                    raise files.missing(self._folder)
                time.sleep(_PAUSE)
            else:
                raise IndexDamaged(self._folder, "files of the index are missing; rebuild it")
            assert self._current is not None
            shared = self._current[1]
            shared.take()
            return shared

    def _generation(self) -> int:
        try:
            return files.generation(self._folder)
        except OSError as error:
            raise passing_error(self._folder, error) or files.missing(self._folder) from error

    def _load(self, number: int) -> bool:
        """Open the commit ``number``; False if a later commit has deleted it."""
        try:
            with files.reading(self._folder):
                segments, _ = toc.read_segments(self._folder, number)
                source = WhooshSource.open(self._folder, segments)
        except StorageError as error:
            if isinstance(error.__cause__, FileNotFoundError) and self._generation() != number:
                return False
            raise
        shared = SharedState(source, self._schema, self._folder, source.close)
        shared.take()
        previous, self._current = self._current, (number, shared)
        if previous is not None:
            previous[1].leave()
        return True

    def writer(self, *, wait: float = 0.0) -> WhooshWriter:
        """Open the only writer; raises IndexBusy after ``wait`` seconds."""
        if self._closed:
            raise IndexClosed(self._folder, "this index has been closed; open it again")
        from .writer import WhooshWriter

        lock = WriteLock(self._folder / files.LOCK)
        with files.writing(self._folder):
            free = lock.acquire(wait)
        if not free:
            raise IndexBusy(
                self._folder,
                "another process or thread is writing to the index; wait until it has finished",
            )
        return WhooshWriter(self._folder, self._schema, lock)

    def close(self) -> None:
        """Close the files. Earlier snapshots stay usable until they are closed."""
        with self._lock:
            self._closed = True
            current, self._current = self._current, None
        if current is not None:
            current[1].leave()


def _check_folder(folder: Path) -> None:
    if not os.path.isdir(folder):
        raise files.missing(folder)
