"""A lock between processes and threads.

The system frees it when its holder dies.
"""

from __future__ import annotations

import os
import sys
import time
import weakref
from pathlib import Path

_PAUSE = 0.05


class WriteLock:
    """The right to write to one folder.

    It is not reentrant, and also exclusive within one process.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        _LOCKS.add(self)

    def acquire(self, wait: float) -> bool:
        """Take the lock, trying for ``wait`` seconds.

        Raises OSError if the file cannot be made.
        """
        deadline = time.monotonic() + wait
        handle = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o666)
        while not _try(handle):
            left = deadline - time.monotonic()
            if left <= 0:
                os.close(handle)
                return False
            time.sleep(min(_PAUSE, left))
        self._handle = handle
        return True

    def release(self) -> None:
        """Give the lock back; nothing happens if it is not held."""
        handle, self._handle = self._handle, None
        if handle is not None:
            try:
                _unlock(handle)
            finally:
                os.close(handle)

    def let_go(self) -> None:
        """Forget the lock in a forked process: it belongs to the parent."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def __del__(self) -> None:
        self.release()  # a writer that was never closed must not lock the index for good


_LOCKS: weakref.WeakSet[WriteLock] = weakref.WeakSet()


def _let_go() -> None:
    for lock in list(_LOCKS):
        lock.let_go()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
