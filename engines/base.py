"""Base classes of snapshots and writers, and errors of an engine's folder."""

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

# Errors of the operating system that mean damage: the data are missing or unreadable. All others
# (no permission, too many open files, a stale network share) are temporary.
_LOST = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EIO)


def passing_error(folder: str | PathLike[str], error: BaseException) -> StorageError | None:
    """The error to raise if reading ``folder`` failed for a temporary reason.

    None if the data are missing, torn or unreadable. Examines the causes of ``error`` too.
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
    """Sync a folder, so that renames in it survive a power cut.

    Does nothing on Windows, where a folder cannot be opened.
    """
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_empty(folder: Path) -> None:
    """Check that ``folder`` is an empty folder.

    Raises IndexNotFound, NotAnIndex, IndexExists.
    """
    try:
        names = os.listdir(folder)
    except FileNotFoundError as error:
        raise IndexNotFound(folder, "there is no such folder; create it first") from error
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
    """The error for a folder that lacks the main file of a store.

    ``is_own`` recognises other files of the store; with one of them the message is ``lost``.
    """
    try:
        names = set(os.listdir(folder)) - {lock}
    except FileNotFoundError:
        return IndexNotFound(folder, "there is no such folder; create the index first")
    except NotADirectoryError:
        return NotAnIndex(folder, "this is not a folder and therefore not an index")
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
            "this folder holds something other than an index of the engine {engine}",
            engine=engine,
        )
    return IndexNotFound(folder, "the folder is empty; create the index first")


class Shared:
    """A reference-counted resource, released when the last user leaves.

    Safe to share by threads.
    """

    def __init__(self, release: Callable[[], None]) -> None:
        self._release = release
        self._users = 0
        self._users_lock = threading.Lock()

    def take(self) -> None:
        """Add a user."""
        with self._users_lock:
            self._users += 1

    def leave(self) -> None:
        """Remove a user; the last one releases the resource."""
        with self._users_lock:
            self._users -= 1
            last = self._users == 0
        if last:
            self._release()


class SnapshotBase(Generic[State]):
    """A snapshot of one state, usable until closed."""

    def __init__(self, state: State, place: str | PathLike[str]) -> None:
        self._place = place
        self._held: State | None = state
        self._close_lock = threading.Lock()
        if isinstance(state, Shared):
            state.take()

    @property
    def _state(self) -> State:
        """The state. Raises IndexClosed."""
        held = self._held
        if held is None:
            raise IndexClosed(
                self._place, "this snapshot was used after it had been closed; take a new one"
            )
        return held

    @property
    def state(self) -> object:
        """The same object in all snapshots of one committed state."""
        return self._state

    def close(self) -> None:
        """Release the state; a second call does nothing."""
        with self._close_lock:
            held, self._held = self._held, None
        if isinstance(held, Shared):
            held.leave()

    def __enter__(self: SelfSnapshot) -> SelfSnapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class WriterBase:
    """Base of writers: ends with ``commit`` or ``rollback``, once."""

    def __init__(self, place: str | PathLike[str]) -> None:
        self._place = place
        self._done = False

    def _check(self) -> None:
        """Raise IndexClosed if the writer has ended."""
        if self._done:
            raise IndexClosed(
                self._place, "this writer has been committed or rolled back; take a new one"
            )

    def commit(self) -> None:
        """Make the change durable and visible.

        Raises WriteFailed; the index is then unchanged.
        """
        raise NotImplementedError

    def rollback(self) -> None:
        """Discard the change."""
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
