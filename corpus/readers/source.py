"""The bytes of one file, read once and safely, with notes and properties."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import stat
from dataclasses import dataclass, field

from ...errors import EmptyFile, Message, OptionError, TooLarge, UnreadableFile
from .limits import Limits

# Without O_NONBLOCK opening a FIFO waits for a writer, perhaps forever.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_PIECE = 1 << 20
_OCR_LANGUAGE = "vie"
OCR_LOG = logging.getLogger("tracuu.ocr")  # logs each page read
PAGE_READ = Message("%s: page %d of %d read by OCR")
# tesseract's: vie, vie+eng, script/Latin
_LANGUAGES = re.compile(r"\w[\w/.]*(?:\+\w[\w/.]*)*", re.ASCII)


def ocr_languages(ocr: bool | str) -> str:
    """Languages for tesseract: ``ocr`` itself, ``"vie"`` for True, empty for False.

    Raises OptionError.
    """
    if isinstance(ocr, bool):
        return _OCR_LANGUAGE if ocr else ""
    if ocr and (not _LANGUAGES.fullmatch(ocr) or ".." in ocr):
        raise OptionError(
            "{ocr!r} names no language of tesseract; write one such as vie, or several as vie+eng",
            ocr=ocr,
        )
    return ocr


@dataclass(slots=True)
class MemberCount:
    """Files and bytes taken from a container so far, from those within it too."""

    files: int = 0
    unpacked: int = 0


@dataclass(slots=True)
class SourceFile:
    """The bytes of one file, and the notes of its reader.

    ``path`` is for error messages only. ``notes`` collects repairs and remaining faults;
    ``properties`` the document's own metadata (``"title"``, ``"author"``, ``"subject"``,
    ``"created"``, ``"modified"``, …). ``ocr`` are the languages for OCR of scanned pages, in
    tesseract's notation; empty: no OCR. ``depth`` is the number of containers around the file,
    ``taken`` counts the members read from the outermost. ``jobs`` pages are recognised in parallel.
    """

    path: str
    data: bytes
    limits: Limits
    suffix: str = ""
    ocr: str = ""
    notes: list[str] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    depth: int = 0
    taken: MemberCount = field(default_factory=MemberCount)
    jobs: int = 1

    def member(self, name: str, data: bytes) -> SourceFile:
        """The file ``name`` within this one. Raises TooLarge if there are too many."""
        self.taken.files += 1
        self.taken.unpacked += len(data)
        if self.taken.files > self.limits.members:
            raise TooLarge(
                self.path,
                "there are over {members:,} files in it (Limits.members)",
                members=self.limits.members,
            )
        if self.taken.unpacked > self.limits.unpacked_bytes:
            raise TooLarge(
                self.path,
                "it unpacks to over {unpacked_bytes:,} bytes (Limits.unpacked_bytes)",
                unpacked_bytes=self.limits.unpacked_bytes,
            )
        return SourceFile(
            f"{self.path}/{name}",
            data,
            self.limits,
            os.path.splitext(name)[1].lower(),
            self.ocr,
            depth=self.depth + 1,
            taken=self.taken,
            jobs=self.jobs,
        )

    def note(self, text: str) -> None:
        """Add a note, once."""
        if text not in self.notes:
            self.notes.append(text)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def load(path: str | os.PathLike[str], limits: Limits) -> tuple[str, bytes]:
    """The path as a string, and the bytes of the regular file there.

    Follows links; never blocks on a FIFO or a device. Raises ``UnreadableFile`` (missing, no
    permission, not a regular file, changed while it was read), ``TooLarge`` and ``EmptyFile``.
    """
    name = os.fspath(path)
    try:
        _refuse_special(name, os.stat(name))
        handle = os.open(name, _FLAGS)
    except ValueError as error:  # the name contains a NUL
        raise UnreadableFile(name.replace("\0", "?"), "no file can have such a name") from error
    except OSError as error:
        raise UnreadableFile(name, _reason(error)) from error
    try:
        before = os.fstat(handle)
        _refuse_special(name, before)
        if before.st_size > limits.file_bytes:
            raise TooLarge(name, _too_many_bytes(before.st_size, limits))
        data = _read(handle, limits.file_bytes + 1)
        after = os.fstat(handle)
    except OSError as error:
        raise UnreadableFile(name, _reason(error)) from error
    finally:
        os.close(handle)
    if len(data) > limits.file_bytes:
        raise TooLarge(name, _too_many_bytes(len(data), limits))
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(
        data
    ) != after.st_size:
        raise UnreadableFile(
            name, "the file changed while it was read; try again when it is finished"
        )
    if not data:
        raise EmptyFile(
            name, "the file is empty (0 bytes); copy it again from its source, or remove it"
        )
    return name, data


def _read(handle: int, most: int) -> bytes:
    pieces: list[bytes] = []
    left = most
    while left > 0:
        piece = os.read(handle, min(_PIECE, left))
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _refuse_special(name: str, status: os.stat_result) -> None:
    mode = status.st_mode
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        kind = Message("a folder, not a file")
    elif stat.S_ISFIFO(mode):
        kind = Message("a named pipe, not a file")
    else:
        kind = Message("a device or socket, not a file")
    raise UnreadableFile(name, "it is {kind}", kind=kind)


def _too_many_bytes(size: int, limits: Limits) -> str:
    return Message(
        "the file has {size:,} bytes, over the limit of {file_bytes:,} "
        "(Limits.file_bytes); raise the limit or split the file",
        size=size,
        file_bytes=limits.file_bytes,
    )


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return Message("there is no such file")
    if isinstance(error, PermissionError):
        return Message("no permission to read it")
    return (error.strerror or str(error)).lower()
