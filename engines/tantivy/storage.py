"""Files of a tantivy index, their checksums, and tantivy's errors."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import weakref
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from ...errors import (
    IndexDamaged,
    Message,
    StorageError,
    TracuuError,
    WriteFailed,
)
from ..base import missing_store, passing_error, sync_folder

META = "meta.json"
SEAL = "tracuu-seal.json"  # checksum of META, see meta.py
LOCK = "tracuu-write.lock"
_META_LOCK = ".tantivy-meta.lock"
_MANAGED = ".managed.json"
_OWN = (META, SEAL, _MANAGED, ".tantivy-writer.lock", _META_LOCK)
PARTS = ("idx", "pos", "term", "store", "fast", "fieldnorm")
_MAGIC = 1337
_CHUNK = 1 << 20
# EPERM, EACCES, EMFILE
_DENIED = re.compile(r"[Pp]ermission ?[Dd]enied|(?:os error|code:) (?:1|13|24)\b")


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment listed in ``meta.json``."""

    name: str
    documents: int
    deleted: int
    opstamp: int | None

    def files(self) -> list[str]:
        """Names of its files."""
        names = [f"{self.name}.{part}" for part in PARTS]
        deletes = self.deletes()
        return names if deletes is None else [*names, deletes]

    def deletes(self) -> str | None:
        """Name of the file that marks its deleted documents, or None."""
        return None if self.opstamp is None else f"{self.name}.{self.opstamp}.del"


def stamp(folder: Path) -> tuple[int, int, int]:
    """Identity of the last commit. Raises IndexNotFound, NotAnIndex, IndexDamaged."""
    try:
        status = os.stat(folder / META)
    except OSError as error:
        raise missing(folder) from error
    return status.st_mtime_ns, status.st_ino, status.st_size


def force_commit(folder: Path) -> None:
    """Sync the files of a commit, and set their permissions.

    tantivy renames ``meta.json`` without syncing it, and makes replaced files readable by their
    owner only; they get the permissions of the others.
    """
    with suppress(OSError):
        mode = stat.S_IMODE(os.stat(folder / LOCK).st_mode)
        for name in (META, _MANAGED):
            os.chmod(folder / name, mode)
    sync_folder(folder)


class Openable:
    """A path under which tantivy opens a folder; close it when the index is closed.

    tantivy creates a lock file even to read. For a read-only folder the path is a temporary folder
    of symbolic links to its files, deleted by ``close`` or at exit.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._links: Path | None = None
        self._deleted: weakref.finalize[..., Openable] | None = None

    def path(self) -> str:
        """The path, with links to all present files."""
        if self._links is None:
            if not self._is_read_only():
                return str(self._folder)
            self._links = Path(mkdtemp(prefix="tracuu-"))
            self._deleted = weakref.finalize(self, shutil.rmtree, self._links, ignore_errors=True)
        there = set(os.listdir(self._links))
        for name in os.listdir(self._folder):
            if name not in there and name != _MANAGED and not name.endswith(".lock"):
                os.symlink(os.path.abspath(self._folder / name), self._links / name)
        return str(self._links)

    def _is_read_only(self) -> bool:
        lock = self._folder / _META_LOCK
        if not os.access(self._folder, os.W_OK):
            return self._folder.exists()  # else a rebuild has just removed it
        return lock.exists() and not os.access(lock, os.W_OK)

    def close(self) -> None:
        """Delete the links."""
        if self._deleted is not None:
            self._deleted()

    def __enter__(self) -> Openable:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def missing(folder: Path) -> StorageError:
    """The error for a folder without ``meta.json``."""
    lost = Message("{meta} is missing; rebuild the index", meta=META)
    return missing_store(folder, "tantivy", LOCK, _is_own, lost)


def _is_own(name: str) -> bool:
    return name in _OWN or name.endswith(PARTS)


def leftovers(folder: Path, known: list[Segment]) -> list[str]:
    """Files that are in no commit: of a killed writer, or not yet deleted."""
    keep = {*_OWN, LOCK, *(name for segment in known for name in segment.files())}
    return sorted(name for name in os.listdir(folder) if name not in keep)


def file_fault(path: Path) -> str | None:
    """The problem of a file, by the checksum at its end; None if it is intact."""
    try:
        return _checksum_fault(path)
    except FileNotFoundError:
        return Message("is missing")
    except OSError as error:
        return Message("cannot be read: {strerror}", strerror=error.strerror)
    except (ValueError, LookupError, TypeError):
        return Message("is torn")


def compare_checksum(folder: Path, name: str) -> None:
    """Verify the checksum of a file.

    Raises IndexDamaged, StorageError (access is denied).
    """
    fault = file_fault(folder / name)
    if fault is None:
        return
    try:
        with open(folder / name, "rb"):
            pass
    except OSError as error:
        if passing := passing_error(folder, error):
            raise passing from error
    raise IndexDamaged(
        folder, "{name} {fault}; rebuild the index with: tracuu rebuild", name=name, fault=fault
    )


def _checksum_fault(path: Path) -> str | None:
    with open(path, "rb") as stream:
        end = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, end - 8))
        tail = stream.read(8)
        size, magic = int.from_bytes(tail[:4], "little"), int.from_bytes(tail[4:], "little")
        if len(tail) < 8 or magic != _MAGIC or size > end - 8:
            return Message("is torn")
        stream.seek(end - 8 - size)
        footer = json.loads(stream.read(size))
        stream.seek(0)
        left, check = end - 8 - size, 0
        while left and (chunk := stream.read(min(left, _CHUNK))):
            check = zlib.crc32(chunk, check)
            left -= len(chunk)
    if not left and check == footer["crc"]:
        return None
    return Message("has other bytes than were written")


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Convert tantivy's read errors to IndexDamaged, denied access to StorageError.

    Catches every exception, since damaged bytes may raise any.
    """
    try:
        yield
    except (TracuuError, MemoryError):
        raise
    except BaseException as error:  # a panic of Rust is not an Exception
        if not isinstance(error, Exception) and not _panic(error):
            raise
        if _DENIED.search(str(error)):
            raise StorageError(
                folder,
                "the index cannot be read ({first}); check the permissions of its files",
                first=_first(error),
            ) from error
        raise IndexDamaged(
            folder, "the index cannot be read ({first}); rebuild it", first=_first(error)
        ) from error


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Convert tantivy's errors to WriteFailed; the index is then unchanged."""
    try:
        yield
    except StorageError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        raise _unwritten(folder, error) from error
    except BaseException as error:  # a panic of Rust is not an Exception
        if not _panic(error):
            raise
        raise _unwritten(folder, error) from error


@contextmanager
def forcing(folder: Path) -> Iterator[None]:
    """Convert errors of syncing a commit to WriteFailed: it is visible already."""
    try:
        yield
    except OSError as error:
        raise WriteFailed(
            folder,
            "cannot be written: {reason}; {end}",
            reason=error.strerror or str(error),
            end=Message("a power cut may undo the last change"),
        ) from error


def _unwritten(folder: Path, error: BaseException) -> WriteFailed:
    return WriteFailed(
        folder,
        "the index could not be written ({first}) and stays as it was; check the "
        "disk and its permissions",
        first=_first(error),
    )


def _panic(error: BaseException) -> bool:
    """Whether Rust code panicked.

    Such an error is not an Exception, and its class cannot be imported.
    """
    return type(error).__name__ == "PanicException"


def _first(error: BaseException) -> str:
    """The first line of an error, short enough for a message."""
    text = str(error).partition("\n")[0]
    return text if len(text) < 200 else f"{text[:200]}…"
