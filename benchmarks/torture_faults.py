"""Harm to a process that writes an index, at one of its operations on files.

Python notifies an audit hook of every file it opens, renames and removes; ``os.fsync`` is wrapped.
A hook cannot be removed again, so this is for processes that end soon.
"""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import sys
from os.path import basename
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
_IN_FOLDER = ("os.remove", "os.rmdir")  # rmtree names files by the folder it has open
_TAKES_ROOM = {"open", "os.mkdir", "fsync"}
_armed: IntegrityProblem | None = None
_installed = False


class IntegrityProblem:
    """The harm at the operation number ``at`` on files in ``folder``.

    One of ``HARMS`` of torture.py.
    """

    def __init__(self, folder: Path, harm: str, at: int, chance: random.Random) -> None:
        self._folder = str(folder)
        self.harm = harm
        self.at = at
        self.count = 0
        self._chance = chance
        self._unsafe: set[str] = set()

    def event(self, name: str, args: tuple[Any, ...]) -> None:
        """An operation that is about to happen."""
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
            if path.startswith(self._folder) or (name in _IN_FOLDER and basename(path) == path)
        ]
        if not mine:
            return
        self.count += 1
        self._strike(name)
        if name == "open":
            self._unsafe.add(mine[0])
        elif name == "fsync":
            self._unsafe.discard(mine[0])
        elif name == "os.rename" and mine[0] in self._unsafe:
            self._unsafe.discard(mine[0])
            self._unsafe.add(mine[-1])

    def _strike(self, name: str) -> None:
        if self.harm == "full" and self.count >= self.at and name in _TAKES_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self.count != self.at:
            return
        if self.harm == "operation":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.harm == "power":
            self._tear()
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.harm == "denied":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        elif self.harm == "interrupt":
            raise KeyboardInterrupt

    def _tear(self) -> None:
        """Lose all data not forced to the disk, as in a power failure."""
        self.harm = "none"
        for name in self._unsafe:
            if os.path.isfile(name) and not name.endswith("LOCK") and not name.endswith(".lock"):
                os.truncate(name, self._chance.randint(0, os.path.getsize(name)))


def arm(fault: IntegrityProblem | None) -> None:
    """Let ``fault`` watch this process from now on."""
    global _armed, _installed
    _armed = fault
    if _installed:
        return
    _installed = True
    sys.addaudithook(_hook)
    fsync = os.fsync

    def told(handle: Any) -> None:
        number = handle if isinstance(handle, int) else handle.fileno()
        if _armed is not None:
            _armed.event("fsync", (os.readlink(f"/proc/self/fd/{number}"),))
        fsync(handle)

    os.fsync = told


def _hook(name: str, args: tuple[Any, ...]) -> None:
    if _armed is not None and (name == "open" or name in _PATHS):
        _armed.event(name, args)


def limit_file_size(size: int) -> None:
    """Let no file of this process grow over ``size`` bytes.

    Further writes are refused, as on a full disk.
    """
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
