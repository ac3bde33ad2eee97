"""Detect files of watched folders that are ready to be read or gone.

Compares consecutive scans.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from .files import find_files, is_within
from .ignore import IgnoreRules

# Size, modification time and inode of a file, which change while it is written.
FileState = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Ready:
    """Files to read now, and files that have vanished; sorted absolute paths."""

    files: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.files or self.gone)


class FolderScanner:
    """The state of the files below ``folders`` between scans.

    A file is ready after it has not changed for ``settle`` seconds, so that none is read half
    written; a vanished file is gone after the same time, so that one replaced by renaming, or moved
    in two steps, is not. ``known`` are the files whose reports are in the index. If a folder is
    missing or on another disk than before, as when a network drive is disconnected, no file below
    it counts as gone.
    """

    def __init__(
        self,
        folders: Iterable[str],
        settle: float,
        *,
        known: Iterable[str] = (),
        outside: str | None = None,
        rules: IgnoreRules | None = None,
    ) -> None:
        self._folders = tuple(folders)
        self._settle = settle
        self._outside = outside
        self._rules = rules
        self._devices = {folder: _device(folder) for folder in self._folders}
        self._seen: dict[str, tuple[FileState | None, float]] = {}
        self._done: dict[str, FileState | None] = dict.fromkeys(known)
        self.missing: tuple[str, ...] = ()  # watched folders that are unavailable

    def scan(self, now: float, clock: float | None = None) -> Ready:
        """Scan all files; ``now`` is the time in seconds of a monotonic clock.

        ``clock`` is the time of day at the first scan: a file last modified more than ``settle``
        seconds before is ready at once.
        """
        self.missing = tuple(folder for folder in self._folders if self._is_away(folder))
        there = [folder for folder in self._folders if folder not in self.missing]
        states: dict[str, FileState | None] = {}
        unread: list[str] = []
        for found in find_files(there, outside=self._outside, rules=self._rules):
            if found.error is not None:
                unread.append(found.path)  # an unreadable folder hides its files
            elif (seen := _state_of(found.path)) is not None:
                states[found.path] = seen
        for path in {*self._done, *self._seen} - states.keys():
            if is_within(path, there) and not is_within(path, unread):
                states[path] = None
        files: list[str] = []
        gone: list[str] = []
        for path in sorted(states):
            if self._is_settled(path, states[path], now, clock):
                (files if states[path] else gone).append(path)
        return Ready(tuple(files), tuple(gone))

    def _is_settled(
        self, path: str, state: FileState | None, now: float, clock: float | None
    ) -> bool:
        """Whether ``path`` has changed since it was last read, and has settled."""
        if path in self._done and self._done[path] == state and state is not None:
            self._seen.pop(path, None)
            return False
        before = self._seen.get(path)
        if before is None or before[0] != state:
            old = clock is not None and state is not None and state[1] / 1e9 < clock - self._settle
            if state is None and path not in self._done:  # appeared and vanished
                self._seen.pop(path, None)
                return False
            self._seen[path] = state, now
            return old
        return now >= before[1] + self._settle

    def done(self, ready: Ready) -> None:
        """Mark ``ready`` as read: its files are not returned before they change."""
        for path in (*ready.files, *ready.gone):
            state, _ = self._seen.pop(path, (None, 0.0))
            if state is None:
                self._done.pop(path, None)
            else:
                self._done[path] = state

    def again(self, path: str, now: float) -> None:
        """Return ``path`` again later, since it could not be read."""
        self._seen[path] = self._done.get(path), now
        self._done[path] = None

    def next(self) -> float | None:
        """Time when the next file may have settled, or None."""
        times = [since + self._settle for _, since in self._seen.values()]
        return min(times, default=None)

    def _is_away(self, folder: str) -> bool:
        device = _device(folder)
        if device is not None and self._devices[folder] is None:
            self._devices[folder] = device
        return device is None or device != self._devices[folder]


def _device(folder: str) -> int | None:
    """The device of a folder; None if it is not a folder."""
    try:
        return os.stat(folder).st_dev if os.path.isdir(folder) else None
    except OSError:
        return None


def _state_of(path: str) -> FileState | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino
