"""The folder as Whoosh sees it: durable commits, a table of contents with a checksum, and errors of ours.

Whoosh switches to a new state by renaming its table of contents ("TOC"). Here everything a commit wrote
is forced to the disk before that rename, and the TOC gets a trailer: its checksum, and size and checksum of
each segment file. A torn TOC or a truncated file is thus noticed before a pickle in it is read; the files'
checksums are for :mod:`.check`, which has the time to read them.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from ...errors import (
    IndexDamaged,
    IndexNotFound,
    NotAnIndex,
    StorageError,
    TracuuError,
    WriteFailed,
)

NAME = "MAIN"
LOCK = f"{NAME}_WRITELOCK"
TERMS = "terms"
STORED = "stored"
STORED_COLUMN = columns.VarBytesColumn()  # type: ignore[no-untyped-call]
TERM_FORMAT = (
    formats.Positions()
)  # any format whose values have no fixed size; Whoosh does not look inside

_SCRATCH = f"{NAME}.scratch"
_MAGIC = b"tracuu2\n"
_TAIL = struct.Struct("<II8s")  # length and checksum of the sizes; then the magic
_CRC = struct.Struct("<I")


def whoosh_schema() -> fields.Schema:
    """What Whoosh itself needs to know: one column, and one kind of term."""
    term = fields.FieldType(format=TERM_FORMAT, analyzer=None)  # type: ignore[arg-type]
    return fields.Schema(**{STORED: fields.COLUMN(STORED_COLUMN), TERMS: term})


def codec() -> W3Codec:
    """Whoosh's codec; values are packed already, so that compressing them again costs and gains little."""
    return W3Codec(compression=0)  # type: ignore[no-untyped-call]


class DurableStorage(FileStorage):
    """A folder whose TOC is switched only when all it names is safely on the disk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))  # type: ignore[no-untyped-call]
        self.created: set[str] = set()
        self._files: list[Any] = []
        self._temporary: list[DurableStorage] = []
        self._target: Path | None = None
        self.sealed: dict[str, Sealed] = {}
        """What the last TOC says of the files it names."""
        self.named: set[str] = set()
        """Names of the segments that the next TOC will name."""

    def create_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Make a file and remember it."""
        self.created.add(name)
        return self._remember(super().create_file(name, *args, **kwargs))  # type: ignore[no-untyped-call]

    def open_file(self, name: str, **kwargs: Any) -> Any:
        """Open a file and remember it."""
        return self._remember(super().open_file(name, **kwargs))  # type: ignore[no-untyped-call]

    def temp_storage(self, name: str | None = None) -> DurableStorage:
        """A folder for files on the way."""
        storage = DurableStorage(Path(self.folder) / (name or f"{NAME}.tmp"))
        storage.create()  # type: ignore[no-untyped-call]
        self._temporary.append(storage)
        return storage

    def _remember(self, file: Any) -> Any:
        self._files = [known for known in self._files if not known.is_closed]
        self._files.append(file)
        return file

    def close_files(self) -> None:
        """Close what Whoosh left open when something failed half-way."""
        for storage in self._temporary:
            storage.close_files()
        for file in self._files:
            if not file.is_closed:
                with contextlib.suppress(Exception):
                    file.close()
        self._files.clear()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Whoosh renames nothing but a finished TOC: seal it, force everything to the disk, and switch."""
        folder = Path(self.folder)
        names = [
            name for name in sorted(os.listdir(folder)) if name.partition(".")[0] in self.named
        ]
        old = {name: seal for name, seal in self.sealed.items() if name not in self.created}
        listed = {
            name: old.get(name) or (_size(folder / name), checksum(folder / name)) for name in names
        }
        _seal(folder / oldname, listed)
        for name in (*sorted(self.created & listed.keys()), oldname):
            _force(folder / name)
        self._target = folder / newname
        super().rename_file(oldname, newname, safe)  # type: ignore[no-untyped-call]
        self.created.clear()
        _force_folder(folder)

    @property
    def switched(self) -> bool:
        """Whether the new TOC is in its place. The folder knows: Ctrl-C may come right behind the rename."""
        return self._target is not None and self._target.exists()

    def discard(self) -> None:
        """Delete what was made and never committed."""
        self.close_files()
        for name in self.created:
            with contextlib.suppress(OSError):
                os.remove(Path(self.folder) / name)
        self.created.clear()


class Scratch:
    """A folder beside the index for files on the way; made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _SCRATCH
        self._made = False

    def path(self) -> Path:
        """The folder."""
        if not self._made:
            self._path.mkdir(exist_ok=True)
            self._made = True
        return self._path

    def remove(self) -> None:
        """Delete it, with all that is in it."""
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


Sealed = tuple[int, "int | None"]
"""Size and checksum (CRC-32) of a file; no checksum in an index made before they were kept."""


def read_segments(storage: DurableStorage, number: int) -> list[Any]:
    """The segments of a commit, their files being there in full.

    Raises FileNotFoundError when a later commit has cleaned away, IndexDamaged when something is torn.
    """
    folder = Path(storage.folder)
    storage.sealed = read_seals(folder, number)
    for name, (size, _) in storage.sealed.items():
        if (folder / name).stat().st_size != size:
            raise IndexDamaged(
                folder, f"{name} has not the size it was written with; rebuild the index"
            )
    segments: list[Any] = TOC.read(storage, NAME, gen=number, schema=whoosh_schema()).segments  # type: ignore[no-untyped-call]
    return segments


def toc_name(number: int) -> str:
    """The file name of a commit's table of contents."""
    return f"_{NAME}_{number}.toc"


def read_seals(folder: Path, number: int) -> dict[str, Sealed]:
    """What a commit's TOC says of the files of its segments. Raises ValueError or struct.error if it is torn."""
    return _unseal((folder / toc_name(number)).read_bytes())


def checksum(path: Path) -> int:
    """The CRC-32 of a file."""
    check = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            check = zlib.crc32(chunk, check)
    return check


def missing(folder: Path) -> StorageError:
    """What to say when no TOC is found."""
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return IndexNotFound(folder, "there is no such folder; create the index first")
    except NotADirectoryError:
        return NotAnIndex(folder, "this is not a folder, and so no index")
    except OSError as error:
        return IndexDamaged(folder, f"the folder cannot be read: {error.strerror}")
    if any(name.startswith((f"{NAME}_", f"_{NAME}_")) and name != LOCK for name in names):
        return IndexDamaged(folder, "the table of contents is missing; rebuild the index")
    if names and names != [LOCK]:
        return NotAnIndex(
            folder, "this folder holds something else than an index of the engine whoosh"
        )
    return IndexNotFound(folder, "the folder is empty; create the index first")


def sweep(folder: Path) -> None:
    """Clear away what a killed writer left behind; Whoosh itself removes forgotten segments at a commit."""
    for name in os.listdir(folder):
        if name.startswith(f"_{NAME}_") and ".toc." in name:
            with contextlib.suppress(OSError):
                os.remove(folder / name)
    for temporary in (f"{NAME}.tmp", _SCRATCH):
        _remove(folder / temporary)


def _remove(temporary: Path) -> None:
    """Delete a folder for files on the way, if it is there."""
    if temporary.is_dir():
        with contextlib.suppress(OSError):
            for entry in temporary.iterdir():
                entry.unlink()
            temporary.rmdir()


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Turn whatever goes wrong in reading an index into IndexDamaged.

    Damaged bytes make Whoosh and pickle raise nearly anything, so nothing narrower will do.
    """
    try:
        yield
    except TracuuError:
        raise
    except Exception as error:
        detail = str(error) or type(error).__name__
        raise IndexDamaged(folder, f"the index cannot be read ({detail}); rebuild it") from error


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn whatever goes wrong in writing an index into WriteFailed."""
    try:
        yield
    except TracuuError:
        raise
    except Exception as error:
        detail = (
            (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
        )
        raise WriteFailed(
            folder, f"the index could not be written ({detail}) and stays as it was; check the disk"
        ) from error


def _size(path: Path) -> int:
    return path.stat().st_size


def _seal(path: Path, files: dict[str, Sealed]) -> None:
    body = path.read_bytes()
    listed = json.dumps(files).encode("ascii")
    tail = listed + _TAIL.pack(len(listed), zlib.crc32(body + listed), _MAGIC)
    with path.open("ab") as file:
        file.write(tail)


def _unseal(data: bytes) -> dict[str, Sealed]:
    """Size and checksum of the segment files. Raises ValueError or struct.error for a torn TOC."""
    length, check, magic = _TAIL.unpack_from(data, len(data) - _TAIL.size)
    body = data[: -_TAIL.size]
    if magic != _MAGIC or length > len(body) or zlib.crc32(body) != check:
        raise ValueError("the table of contents is torn")
    listed: dict[str, Any] = json.loads(body[len(body) - length :])
    return {
        name: (each, None) if isinstance(each, int) else (each[0], each[1])
        for name, each in listed.items()
    }


def _force(path: Path) -> None:
    with path.open("r+b") as file:  # Windows forces only what is open for writing
        os.fsync(file.fileno())


def _force_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # a folder cannot be opened there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
