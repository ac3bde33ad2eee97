"""The folder of a Whoosh index: file names, leftovers, and errors."""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from ...errors import (
    IndexDamaged,
    Message,
    StorageError,
    TracuuError,
    WriteFailed,
)
from ..base import missing_store, passing_error

NAME = "MAIN"  # the index name that Whoosh's open_dir looks for by default
LOCK = f"{NAME}_WRITELOCK"  # Whoosh's own lock file, to exclude Whoosh's writers too
_SCRATCH = f"{NAME}.scratch"


class Scratch:
    """A folder for temporary files inside the index, created on first use."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _SCRATCH
        self._made = False

    def path(self) -> Path:
        """The folder, created if it is missing."""
        if not self._made:
            self._path.mkdir(exist_ok=True)
            self._made = True
        return self._path

    def remove(self) -> None:
        """Delete the folder and its files."""
        if self._made:
            _remove(self._path)
            self._made = False


def generation(folder: Path) -> int:
    """The number of the last commit, -1 if there is none."""
    found = -1
    for name in os.listdir(folder):
        if name.startswith(f"_{NAME}_") and name.endswith(".toc"):
            number = name[len(NAME) + 2 : -4]
            if number.isdigit():
                found = max(found, int(number))
    return found


def checksum(path: Path) -> int:
    """The CRC-32 of a file."""
    check = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            check = zlib.crc32(chunk, check)
    return check


def missing(folder: Path) -> StorageError:
    """The error for a folder without a table of contents."""
    lost = Message("the table of contents is missing; rebuild the index")
    return missing_store(folder, "whoosh", LOCK, _is_own, lost)


def _is_own(name: str) -> bool:
    return name.startswith((f"{NAME}_", f"_{NAME}_"))


def sweep(folder: Path) -> None:
    """Delete the temporary files of a writer that was killed.

    Its segments are deleted by the next commit.
    """
    for name in os.listdir(folder):
        if name.startswith(f"_{NAME}_") and ".toc." in name:
            with contextlib.suppress(OSError):
                os.remove(folder / name)
    for temporary in (f"{NAME}.tmp", _SCRATCH):  # the first is from format 1
        _remove(folder / temporary)


def _remove(temporary: Path) -> None:
    """Delete a folder of temporary files, if it exists."""
    if temporary.is_dir():
        with contextlib.suppress(OSError):
            for entry in temporary.iterdir():
                entry.unlink()
            temporary.rmdir()


class reading:  # noqa: N801  # a context manager is named like a function
    """Convert errors of damaged data to IndexDamaged, of access to StorageError.

    Catches every exception, since damaged bytes make zlib, struct and pickle raise almost any.
    MemoryError is not converted: every part is checked before it is unpacked. Reentrant and
    thread-safe.
    """

    __slots__ = ("_folder",)

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not isinstance(error, Exception) or isinstance(error, (TracuuError, MemoryError)):
            return
        if passing := passing_error(self._folder, error):
            raise passing from error
        detail = str(error) or type(error).__name__
        raise IndexDamaged(
            self._folder, "the index cannot be read ({detail}); rebuild it", detail=detail
        ) from error


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Convert every exception of writing an index to WriteFailed."""
    try:
        yield
    except TracuuError:
        raise
    except Exception as error:  # Whoosh raises almost any exception
        detail = "out of memory" if isinstance(error, MemoryError) else str(error)
        detail = getattr(error, "strerror", None) or detail or type(error).__name__
        raise WriteFailed(
            folder,
            "the index could not be written ({detail}) and stays as it was; check the disk",
            detail=detail,
        ) from error
