"""The table of contents (TOC) of a commit, read without running code.

Whoosh stores the schema and the list of segments as pickles in the TOC, so its own ``open_dir``
runs any code they contain. Here the schema is skipped and the segments are unpickled through an
allow-list, into plain objects whose values are then checked.

Whoosh's part is followed by a trailer, which Whoosh ignores: size and checksum of each segment
file, and a checksum over the whole TOC. A torn TOC or a truncated file is detected before anything
is unpickled.
"""

from __future__ import annotations

import io
import json
import pickle
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ...errors import IndexDamaged, Message
from .storage import NAME

# Size and CRC-32 of a file; None in an index of a version without checksums.
Seal = tuple[int, "int | None"]

_MAGIC = b"tracuu2\n"
_TAIL = struct.Struct("<II8s")  # length and checksum of the list of files; then the magic
_MENDABLE = 1 << 13  # maximum bytes of a TOC to repair by trying every bit, about a second
_TOC_VERSION = -111  # Whoosh 2.7.4 and whoosh3
_BYTE_ORDER = -12345
_INT = struct.Struct("!i")
_CODEC = "tracuu.engines.whoosh.codec"
_SEGMENT_ID = re.compile(r"[0-9a-z]+")
_FILE_NAME = re.compile(rf"{NAME}_[0-9a-z]+(\.\w+)+")


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """A segment listed in the TOC; ``legacy`` if its files have format 1."""

    segid: str
    count: int
    deleted: frozenset[int] = frozenset()
    legacy: bool = False

    @property
    def name(self) -> str:
        """The common prefix of the names of its files."""
        return f"{NAME}_{self.segid}"

    @property
    def live_count(self) -> int:
        """Number of documents that are not deleted."""
        return self.count - len(self.deleted)


def toc_name(number: int) -> str:
    """The file name of a commit's table of contents."""
    return f"_{NAME}_{number}.toc"


def read_seals(folder: Path, number: int) -> dict[str, Seal]:
    """Size and checksum of each segment file.

    Raises ValueError or struct.error (a torn TOC).
    """
    return _unseal((folder / toc_name(number)).read_bytes())[1]


def read_segments(folder: Path, number: int) -> tuple[list[SegmentInfo], dict[str, Seal]]:
    """Segments of a commit, with the seals of their files; checks that they exist.

    Raises FileNotFoundError (a later commit has deleted them), IndexDamaged or any other exception
    (torn data).
    """
    body, seals = _unseal((folder / toc_name(number)).read_bytes())
    for name, (size, _) in seals.items():
        if (folder / name).stat().st_size != size:
            raise IndexDamaged(
                folder,
                "{name} does not have its original size; rebuild the index",
                name=name,
            )
    return _parse(body, number), seals


def listed_segments(folder: Path, number: int) -> list[SegmentInfo]:
    """Segments of a commit, whose files may be missing or torn.

    A single flipped bit in the TOC is corrected by its checksum. Raises ValueError or any other
    exception for a TOC with more damage.
    """
    data = (folder / toc_name(number)).read_bytes()
    try:
        body, _ = _unseal(data)
    except (ValueError, struct.error):
        mended = _mended(data)
        if mended is None:
            raise
        body, _ = _unseal(mended)
    return _parse(body, number)


def _mended(data: bytes) -> bytes | None:
    """Correct a single flipped bit by the checksum; None if that fails.

    For so few bytes, the CRC-32 identifies the flipped bit uniquely.
    """
    spoilt = bytearray(data)
    for at in range(len(data) if len(data) <= _MENDABLE else 0):
        for bit in range(8):
            spoilt[at] ^= 1 << bit
            try:
                _unseal(bytes(spoilt))
                return bytes(spoilt)
            except (ValueError, struct.error):
                spoilt[at] ^= 1 << bit
    return None


def seal(path: Path, files: Mapping[str, Seal]) -> None:
    """Append the trailer to a TOC that Whoosh has written."""
    body = path.read_bytes()
    listed = json.dumps(files).encode("ascii")
    tail = listed + _TAIL.pack(len(listed), zlib.crc32(body + listed), _MAGIC)
    with path.open("ab") as file:
        file.write(tail)


def _unseal(data: bytes) -> tuple[bytes, dict[str, Seal]]:
    """Whoosh's part of a TOC, and the seals.

    Raises ValueError or struct.error (a torn TOC).
    """
    length, check, magic = _TAIL.unpack_from(data, len(data) - _TAIL.size)
    body = data[: -_TAIL.size]
    if magic != _MAGIC or length > len(body) or zlib.crc32(body) != check:
        raise ValueError("the table of contents is torn")
    listed: dict[str, Any] = json.loads(body[len(body) - length :])
    seals: dict[str, Seal] = {
        name: (each, None) if isinstance(each, int) else (int(each[0]), int(each[1]))
        for name, each in listed.items()
    }
    for name in seals:
        if not _FILE_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a file of an index")
    return body[: len(body) - length], seals


def _parse(body: bytes, number: int) -> list[SegmentInfo]:
    """The segments in Whoosh's part of a TOC.

    Raises ValueError and the errors of pickle.
    """
    file = io.BytesIO(body)
    for _ in range(3):  # sizes of C types of the machine that wrote it
        _varint(file)
    order, version = _int(file), _int(file)
    for _ in range(3):  # Whoosh's own version
        _varint(file)
    if order != _BYTE_ORDER or version != _TOC_VERSION:
        raise ValueError("the table of contents has an unknown layout")
    file.seek(_varint(file), io.SEEK_CUR)  # the schema
    if _int(file) != number:
        raise ValueError("the table of contents is that of another commit")
    _int(file)  # unused
    segments = restricted_load(file, _SEGMENTS)
    if not isinstance(segments, list):
        raise ValueError("the table of contents lists no segments")
    return list(map(_segment_info, segments))


def _int(file: io.BytesIO) -> int:
    value: int = _INT.unpack(file.read(_INT.size))[0]
    return value


def _varint(file: io.BytesIO) -> int:
    value = shift = 0
    while True:
        byte = file.read(1)[0]
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value


class _Plain:
    """Replaces an object of a pickle: has its attributes but no methods."""


def _segment_info(segment: object) -> SegmentInfo:
    """Convert a segment. Raises ValueError (impossible values)."""
    values = vars(segment) if isinstance(segment, _Plain) else {}
    segid, count = values.get("segid"), values.get("_doccount")
    deleted = values.get("_deleted") or ()
    if not isinstance(segid, str) or not _SEGMENT_ID.fullmatch(segid):
        raise ValueError("a segment has no valid name")
    if type(count) is not int or count < 0 or values.get("indexname") != NAME:
        raise ValueError(Message("the segment {segid} is not one of this index", segid=segid))
    if not all(type(doc) is int and 0 <= doc < count for doc in deleted):
        raise ValueError(
            Message(
                "the segment {segid} lists deleted documents that it does not have", segid=segid
            )
        )
    return SegmentInfo(segid, count, frozenset(deleted), type(segment).__name__ == "W3Segment")


_SEGMENTS = frozenset(
    {
        (_CODEC, "TracuuSegment"),
        ("whoosh.codec.whoosh3", "W3Segment"),  # format 1
        ("whoosh.codec.whoosh3", "W3Codec"),
    }
)
_TYPES = {"set": set, "int": int}
_BUILTINS = {"builtins", "__builtin__"}  # the second name is from pickle protocol 2


def restricted_load(file: io.BytesIO, classes: frozenset[tuple[str, str]] = frozenset()) -> object:
    """Unpickle plain values, and objects of ``classes`` as bare attributes.

    Plain values are containers, numbers, strings and bytes.

    No class of a pickle is imported: each is replaced by an empty class created for this call, so
    that a pickle can neither call nor change anything. Raises pickle.UnpicklingError for any other
    name.
    """
    return _Unpickler(file, classes).load()


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, classes: frozenset[tuple[str, str]]) -> None:
        super().__init__(file)
        self._classes = classes

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in self._classes:
            return type(name, (_Plain,), {})
        if module in _BUILTINS and name in _TYPES:
            return _TYPES[name]
        if (module, name) == ("collections", "defaultdict"):  # in segments of format 1
            return partial(_empty)
        if (module, name) == ("_codecs", "encode"):  # how protocol 2 encodes bytes
            return partial(_latin1)  # a copy: a pickle may set attributes on it
        raise pickle.UnpicklingError(
            Message(
                "the index names {module}.{name}, which no index needs", module=module, name=name
            )
        )

    def persistent_load(self, pid: Any) -> Any:
        raise pickle.UnpicklingError("the index refers to an object outside of it")


def _empty(*_: object) -> dict[object, object]:
    return {}


def _latin1(text: object, encoding: object = "latin1") -> bytes:
    if not isinstance(text, str) or encoding != "latin1":
        raise pickle.UnpicklingError("the index encodes bytes in an unknown way")
    return text.encode("latin-1")
