"""Checksums of a tantivy index, compared before its files are used.

tantivy ends each file with a checksum and never compares it: a flipped bit in postings or columns
would change what a search finds, and a merge would give it a valid checksum. Stored documents carry
checksums of their own, which every read compares, so their files are left out.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from ...errors import StorageError
from . import storage as files

# Bytes of postings and columns that opening an index compares at once, about 20 ms or 30,000
# passages; those of a larger one are compared by a thread while it is searched.
AT_OPEN = 1 << 24


class Verifier:
    """Compares the files of segments with their checksums, each file once.

    Safe to share by threads.
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
        """Compare all that is not known to be sound. Raises IndexDamaged, StorageError."""
        for name in self._pending(known):
            files.compare_checksum(self._folder, name)
            self._sound.add(name)

    def verify_at_open(self, known: Iterable[files.Segment]) -> bool:
        """Compare all of a small index; False if it is larger than :data:`AT_OPEN`."""
        known = list(known)
        try:
            size = sum((self._folder / name).stat().st_size for name in self._pending(known))
        except OSError:
            size = 0  # the comparison finds out
        if size > AT_OPEN:
            return False
        self.verify(known)
        return True

    def start(self, known: Iterable[files.Segment]) -> None:
        """Compare in a thread; :meth:`raise_fault` raises what it finds."""
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
        except RuntimeError:  # no more threads can be had
            self._thread = None

    def _run(self, known: list[files.Segment]) -> None:
        for segment in known:
            if self._stopped.is_set():
                return
            try:
                self.verify([segment])
            except StorageError as error:
                if (self._folder / f"{segment.name}.idx").exists():  # else a commit merged it away
                    self._fault = error
                return

    def raise_fault(self) -> None:
        """Raise what the thread found."""
        if self._fault is not None:
            raise type(self._fault)(self._fault.path, self._fault.reason)

    def stop(self) -> None:
        """Let the thread end after the segment it is at."""
        self._stopped.set()
