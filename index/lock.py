"""The write lock of an index.

Allows one writer at a time, and names the process that holds it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..engines.file_lock import WriteLock
from ..errors import IndexBusy, Message

LOCK = "write.lock"
HOLDER = "writer.json"


@contextmanager
def held(folder: Path, wait: float, *, read_only: bool = False) -> Iterator[None]:
    """Hold the write lock of ``folder``.

    Waits up to ``wait`` seconds for another holder, then raises IndexBusy. The operating system
    frees the lock when its holder dies; ``writer.json`` only names the holder. Raises OSError if
    the lock file cannot be created (with ``read_only``: opened).
    """
    lock = WriteLock(folder / LOCK)
    if not lock.acquire(wait, read_only=read_only):
        raise _busy(folder)
    try:
        with suppress(OSError):
            _write_holder(folder)
        yield
    finally:
        with suppress(OSError):
            (folder / HOLDER).unlink()
        lock.release()


def _write_holder(folder: Path) -> None:
    since = time.strftime("%Y-%m-%d %H:%M:%S")
    data = {"pid": os.getpid(), "host": _host(), "since": since}
    temporary = folder / (HOLDER + ".new")
    temporary.write_text(json.dumps(data), encoding="utf-8")
    os.replace(temporary, folder / HOLDER)


def holder(folder: Path) -> tuple[int, str, str] | None:
    """Process id, host and start time of the current writer, or None.

    None without a readable ``writer.json``, or if the process it names is dead.
    """
    try:
        data = json.loads((folder / HOLDER).read_text(encoding="utf-8"))
        pid, host, since = int(data["pid"]), str(data["host"]), str(data["since"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    killed = pid <= 0 or (host == _host() and _is_dead(pid))
    return None if killed else (pid, host, since)


def _busy(folder: Path) -> IndexBusy:
    then = Message("try again later, or wait for it with --wait SECONDS")
    found = holder(folder)
    if found is None:  # the holder has not written the file yet
        return IndexBusy(folder, Message("another process is writing to it; {then}", then=then))
    pid, host, since = found
    reason = Message(
        "process {pid} on {host} is writing to it (since {since}); {then}",
        pid=pid,
        host=host,
        since=since,
        then=then,
    )
    return IndexBusy(folder, reason, pid=pid, host=host, since=since)


def _host() -> str:
    from socket import gethostname  # imported here to keep searches from loading it

    return gethostname()


def _is_dead(pid: int) -> bool:
    """Whether no process on this machine has this id."""
    if os.name == "nt":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass
    return False
