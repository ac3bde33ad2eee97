"""What all engines share: base classes of snapshots and writers, errors of a folder."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

from ..errors import (
    IndexClosed,
    IndexDamaged,
    IndexExists,
    IndexNotFound,
    NotAnIndex,
    StorageError,
)

State = TypeVar("State")
SelfSnapshot = TypeVar("SelfSnapshot", bound="SnapshotBase[Any]")
SelfWriter = TypeVar("SelfWriter", bound="WriterBase")

# Errors of the operating system after which bytes are missing or lost: damage. All others
# (no permission, too many open files, a stale network share) may pass.
_LOST = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EIO)


def passing_error(folder: str | PathLike[str], error: BaseException) -> StorageError | None:
    """The error to raise if reading ``folder`` failed for a reason that may pass.

    None where bytes are missing, torn or not readable by the disk. The causes of ``error`` are
    looked at too.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno is not None and cause.errno not in _LOST:
            return StorageError(
                folder,
                "the index cannot be read ({strerror}); check the permissions of its files, then "
                "try again",
                strerror=cause.strerror,
            )
        cause = cause.__cause__ or cause.__context__
    return None


def sync_folder(folder: Path) -> None:
    """Force the folder's names to the disk: a rename in it lasts then.

    Nothing happens on Windows, where a folder cannot be opened.
    """
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_empty(folder: Path) -> None:
    """Raise IndexNotFound, NotAnIndex or IndexExists unless ``folder`` is an empty folder."""
    try:
        names = os.listdir(folder)
    except FileNotFoundError as error:
        raise IndexNotFound(folder, "there is no such folder; make it first") from error
    except OSError as error:
        raise NotAnIndex(
            folder, "the folder cannot be used: {strerror}", strerror=error.strerror
        ) from error
    if names:
        raise IndexExists(folder, "the folder is not empty; choose another, or empty it first")


def missing_store(
    folder: Path,
    engine: str,
    lock: str,
    is_own: Callable[[str], bool] = lambda _: False,
    lost: str = "",
) -> StorageError:
    """The error for a folder without the file that names the rest of a store.

    ``is_own`` is whether a file is one of the store's others; ``lost`` is the message then.
    """
    try:
        names = set(os.listdir(folder)) - {lock}
    except FileNotFoundError:
        return IndexNotFound(folder, "there is no such folder; create the index first")
    except NotADirectoryError:
        return NotAnIndex(folder, "this is not a folder, and so no index")
    except OSError as error:
        damaged = IndexDamaged(
            folder, "the folder cannot be read: {strerror}", strerror=error.strerror
        )
        return passing_error(folder, error) or damaged
    if any(map(is_own, names)):
        return IndexDamaged(folder, lost)
    if names:
        return NotAnIndex(
            folder,
            "this folder holds something else than an index of the engine {engine}",
            engine=engine,
        )
    return IndexNotFound(folder, "the folder is empty; create the index first")


class Shared:
    """Something with users, released when the last of them has left.

    Safe to share by threads.
    """

    def __init__(self, release: Callable[[], None]) -> None:
        self._release = release
        self._users = 0
        self._users_lock = threading.Lock()

    def take(self) -> None:
        """Count one more user."""
        with self._users_lock:
            self._users += 1

    def leave(self) -> None:
        """Count one user less; the last one releases it."""
        with self._users_lock:
            self._users -= 1
            last = self._users == 0
        if last:
            self._release()


class SnapshotBase(Generic[State]):
    """A snapshot over the state it was made with, until it is closed."""

    def __init__(self, state: State, place: str | PathLike[str]) -> None:
        self._place = place
        self._held: State | None = state
        self._close_lock = threading.Lock()
        if isinstance(state, Shared):
            state.take()

    @property
    def _state(self) -> State:
        """Raises IndexClosed."""
        held = self._held
        if held is None:
            raise IndexClosed(
                self._place, "this snapshot was used after it had been closed; take another"
            )
        return held

    @property
    def state(self) -> object:
        """The same object in all snapshots of one committed state."""
        return self._state

    def close(self) -> None:
        """Release the state; a second time does nothing."""
        with self._close_lock:
            held, self._held = self._held, None
        if isinstance(held, Shared):
            held.leave()

    def __enter__(self: SelfSnapshot) -> SelfSnapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class WriterBase:
    """A writer that ends with ``commit`` or ``rollback``, which its class has."""

    def __init__(self, place: str | PathLike[str]) -> None:
        self._place = place
        self._done = False

    def _check(self) -> None:
        """Raises IndexClosed once the writer has ended."""
        if self._done:
            raise IndexClosed(
                self._place, "this writer has been committed or rolled back; take a new one"
            )

    def commit(self) -> None:
        """Make the change durable and visible.

        Raises WriteFailed, the index staying as it was.
        """
        raise NotImplementedError

    def rollback(self) -> None:
        """Leave the index as it was."""
        raise NotImplementedError

    def __enter__(self: SelfWriter) -> SelfWriter:
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
