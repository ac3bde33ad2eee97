"""Verify checksums of a tantivy index before its files are used.

tantivy writes a checksum at the end of each file but never verifies it: a flipped bit in postings
or columns would change search results, and a merge would give it a valid checksum. Stored documents
have their own checksums, verified by every read, so their files are skipped.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from ...errors import StorageError
from . import storage as files

# Bytes of postings and columns that are verified when an index is opened, about 20 ms or 30,000
# passages; a larger index is verified by a thread while it is searched.
AT_OPEN = 1 << 24


class Verifier:
    """Verifies the checksums of segment files, each file once.

    Thread-safe.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sound: set[str] = set()
        self._fault: StorageError | None = None
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    def _pending(self, known: Iterable[files.Segment]) -> list[str]:
        names = (name for segment in known for name in segment.files())
        return [name for name in names if name not in self._sound and not name.endswith(".store")]

    def verify(self, known: Iterable[files.Segment]) -> None:
        """Verify all files not yet verified. Raises IndexDamaged, StorageError."""
        for name in self._pending(known):
            files.compare_checksum(self._folder, name)
            self._sound.add(name)

    def verify_at_open(self, known: Iterable[files.Segment]) -> bool:
        """Verify a small index; False if it is larger than :data:`AT_OPEN`."""
        known = list(known)
        try:
            size = sum((self._folder / name).stat().st_size for name in self._pending(known))
        except OSError:
            size = 0  # verification reports it
        if size > AT_OPEN:
            return False
        self.verify(known)
        return True

    def start(self, known: Iterable[files.Segment]) -> None:
        """Verify in a thread; :meth:`raise_fault` raises the error it finds."""
        if self._thread is not None and self._thread.is_alive():
            return
        listed = list(known)
        if not self._pending(listed):
            return
        self._thread = threading.Thread(
            target=self._run, args=(listed,), name="tracuu-checksums", daemon=True
        )
        try:
            self._thread.start()
        except RuntimeError:  # no thread available
            self._thread = None

    def _run(self, known: list[files.Segment]) -> None:
        for segment in known:
            if self._stopped.is_set():
                return
            try:
                self.verify([segment])
            except StorageError as error:
                if (self._folder / f"{segment.name}.idx").exists():  # else merged meanwhile
                    self._fault = error
                return

    def raise_fault(self) -> None:
        """Raise the error found by the thread, if any."""
        if self._fault is not None:
            raise type(self._fault)(self._fault.path, self._fault.reason)

    def stop(self) -> None:
        """Stop the thread after its current segment."""
        self._stopped.set()
