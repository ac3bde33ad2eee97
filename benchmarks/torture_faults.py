"""Inject faults into a process that writes an index, at file operations.

Python notifies an audit hook of every file it opens, renames and removes; ``os.fsync`` is wrapped.
Hooks cannot be removed, so use this only in short-lived processes.

A power cut loses data not synced to the disk: bytes of files, and entries of folders. Files
created, renamed or removed since the last sync of their folder may be as before; each folder loses
a random number of its last changes.
"""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import signal
import sys
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from os.path import basename, dirname
from pathlib import Path
from typing import Any

_PATHS = {
    "os.rename": 2,
    "os.remove": 1,
    "os.rmdir": 1,
    "os.mkdir": 1,
    "os.truncate": 1,
    "os.listdir": 1,
    "os.scandir": 1,
}
_IN_FOLDER = ("os.remove", "os.rmdir")  # rmtree names files relative to an open folder
_TAKES_ROOM = {"open", "os.mkdir", "fsync"}
_armed: Fault | None = None
_installed = False


class FolderEntries:
    """Changes to the entries of folders that are not yet synced to the disk."""

    def __init__(self, aside: Path) -> None:
        """``aside`` keeps links to files that are removed or replaced."""
        self._aside = aside
        self._pending: dict[str, list[Callable[[], None]]] = defaultdict(list)
        self._links = 0

    def created(self, path: str) -> None:
        """Record a file or folder that is about to be created."""
        if not os.path.lexists(path):
            self._pending[dirname(path)].append(partial(_delete, path))

    def renamed(self, source: str, target: str) -> None:
        """Record a file that is about to be renamed."""
        if os.path.isfile(source):
            undo = partial(_rename_back, source, target, self._keep(target))
            self._pending[dirname(target)].append(undo)

    def removed(self, path: str) -> None:
        """Record a file that is about to be removed."""
        self._pending[dirname(path)].append(partial(_restore, path, self._keep(path)))

    def _keep(self, path: str) -> str:
        if not os.path.isfile(path):
            return ""
        self._aside.mkdir(exist_ok=True)
        self._links += 1
        kept = str(self._aside / str(self._links))
        os.link(path, kept)
        return kept

    def forced(self, folder: str) -> None:
        """Record a folder that was synced to the disk."""
        self._pending.pop(folder, None)

    def lose(self, chance: random.Random) -> None:
        """Undo the last changes of each folder."""
        for folder in sorted(self._pending, key=len, reverse=True):
            changes = self._pending[folder]
            for undo in reversed(changes[chance.randint(0, len(changes)) :]):
                with suppress(OSError):
                    undo()
        shutil.rmtree(self._aside, ignore_errors=True)


def _delete(path: str) -> None:
    shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)


def _rename_back(source: str, target: str, kept: str) -> None:
    os.rename(target, source)
    _restore(target, kept)


def _restore(path: str, kept: str) -> None:
    if kept:
        os.link(kept, path)


class Fault:
    """A fault at file operation number ``at`` in ``folder``.

    One of ``HARMS`` of torture.py.
    """

    def __init__(self, folder: Path, harm: str, at: int, chance: random.Random) -> None:
        self._folder = str(folder)
        self.harm = harm
        self.at = at
        self.count = 0
        self._chance = chance
        self._unsafe: set[str] = set()
        self._busy = False
        self._entries = FolderEntries(folder.with_name("entries"))

    def event(self, name: str, args: tuple[Any, ...]) -> None:
        """Handle an operation that is about to happen."""
        if self._busy:  # made by this module
            return
        if name == "open":
            path, mode, flags = args[0], args[1], args[2]
            writing = (
                bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
                if isinstance(flags, int)
                else "r" not in mode
            )
            paths = [path] if writing else []
        else:
            paths = list(args[: _PATHS.get(name, 1)])
        named = [os.fspath(path) for path in paths if isinstance(path, (str, os.PathLike))]
        mine = [
            path
            for path in named
            if path.startswith(self._folder)
            or (name in _IN_FOLDER and basename(path) == path)
            or (name == "fsync" and path == dirname(self._folder))  # holds a new index
        ]
        if not mine:
            return
        self.count += 1
        self._strike(name)
        if self.harm == "power":
            self._busy = True
            self._record(name, mine, args)
            self._busy = False

    def _record(self, name: str, mine: list[str], args: tuple[Any, ...]) -> None:
        """Record changes that a power cut would lose from now on."""
        path = mine[0]
        if name in _IN_FOLDER and basename(path) == path and args[-1] >= 0:
            path = os.path.join(os.readlink(f"/proc/self/fd/{args[-1]}"), path)
        if name in ("open", "os.mkdir"):
            if name == "open":
                self._unsafe.add(path)
            self._entries.created(path)
        elif name == "fsync":
            self._unsafe.discard(path)
            self._entries.forced(path)
        elif name == "os.remove":
            self._entries.removed(path)
        elif name == "os.rename":
            self._entries.renamed(path, mine[-1])
            if path in self._unsafe:
                self._unsafe.discard(path)
                self._unsafe.add(mine[-1])

    def _strike(self, name: str) -> None:
        if self.harm == "full" and self.count >= self.at and name in _TAKES_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self.count != self.at:
            return
        if self.harm == "operation":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.harm == "power":
            self.cut_power()
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.harm == "denied":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        elif self.harm == "interrupt":
            raise KeyboardInterrupt

    def cut_power(self) -> None:
        """Lose all data not synced to the disk, as in a power failure."""
        self.harm = "none"
        self._busy = True
        for name in self._unsafe:
            if os.path.isfile(name) and not name.endswith("LOCK") and not name.endswith(".lock"):
                os.truncate(name, self._chance.randint(0, os.path.getsize(name)))
        self._entries.lose(self._chance)


def arm(fault: Fault | None) -> None:
    """Activate ``fault`` in this process from now on."""
    global _armed, _installed
    _armed = fault
    if _installed:
        return
    _installed = True
    sys.addaudithook(_hook)
    fsync = os.fsync

    def counted(handle: Any) -> None:
        number = handle if isinstance(handle, int) else handle.fileno()
        if _armed is not None:
            _armed.event("fsync", (os.readlink(f"/proc/self/fd/{number}"),))
        fsync(handle)

    os.fsync = counted


def _hook(name: str, args: tuple[Any, ...]) -> None:
    if _armed is not None and (name == "open" or name in _PATHS):
        _armed.event(name, args)


def limit_file_size(size: int) -> None:
    """Limit files of this process to ``size`` bytes.

    Further writes fail, as on a full disk.
    """
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    sys.dont_write_bytecode = True  # else bytecode would be truncated, and read by the next process
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
