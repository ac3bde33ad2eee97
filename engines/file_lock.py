"""A lock between processes and threads.

The operating system frees it when its holder dies.
"""

from __future__ import annotations

import os
import sys
import time
import weakref
from pathlib import Path

from ..errors import IndexBusy, WriteFailed

_PAUSE = 0.05  # seconds between two attempts
_REOPENED = 100  # maximum retries if the lock file is replaced meanwhile


class WriteLock:
    """The right to write to one folder.

    Not reentrant; exclusive within one process too.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        _LOCKS.add(self)

    def acquire(self, wait: float, *, read_only: bool = False) -> bool:
        """Take the lock, trying for ``wait`` seconds.

        ``read_only`` opens an existing file for reading, for read-only media. Raises OSError if the
        file cannot be made, or opened.
        """
        deadline = time.monotonic() + wait
        flags = os.O_RDONLY if read_only else os.O_CREAT | os.O_RDWR
        handle = os.open(self._path, flags, 0o666)
        reopened = 0
        while True:
            if _try(handle):
                if reopened == _REOPENED or self._is_current(handle):
                    break
                os.close(handle)  # deleted by its last holder, perhaps with the folder
                handle = os.open(self._path, flags, 0o666)
                reopened += 1
                continue
            left = deadline - time.monotonic()
            if left <= 0:
                os.close(handle)
                return False
            time.sleep(min(_PAUSE, left))
        self._handle = handle
        return True

    def _is_current(self, handle: int) -> bool:
        """Whether the open file is still the one at the path."""
        if sys.platform == "win32":
            return True  # an open file cannot be deleted there
        try:
            return os.path.samestat(os.fstat(handle), os.stat(self._path))
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Release the lock; does nothing if it is not held."""
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
        self.release()  # a writer that was never closed must not keep the lock


_LOCKS: weakref.WeakSet[WriteLock] = weakref.WeakSet()


def writer_lock(path: Path, wait: float) -> WriteLock:
    """Acquire the write lock of an index; ``path`` is its lock file.

    Waits up to ``wait`` seconds for another holder, then raises IndexBusy. Raises WriteFailed if
    the file cannot be created.
    """
    lock = WriteLock(path)
    try:
        free = lock.acquire(wait)
    except OSError as error:
        raise WriteFailed(
            path.parent,
            "the index cannot be locked: {strerror}",
            strerror=error.strerror,
        ) from error
    if not free:
        raise IndexBusy(
            path.parent,
            "another process or thread is writing to the index; wait until it has finished",
        )
    return lock


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
