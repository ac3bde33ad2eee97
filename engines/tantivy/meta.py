"""``meta.json``, tantivy's list of segments, and a checksum for it.

``tracuu-seal.json`` holds a copy of ``meta.json`` and a checksum, which tantivy does not keep.
tantivy replaces ``meta.json`` at every commit and after every merge, so a writer marks the seal as
pending, durably, before tantivy's writer starts, and writes a new seal after that writer has ended
and ``meta.json`` is synced. Without the mark ``meta.json`` must equal its copy. With it, as after a
kill, ``meta.json`` is used unverified until the next change seals it. An index of an older version
has no seal.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import IndexDamaged, IndexOutdated, Message, StorageError
from ..base import passing_error, sync_folder
from . import storage as files
from .storage import META, SEAL, Segment

_ATTEMPTS = 20  # attempts to read meta.json and its seal while others commit
_NEW = ".new"  # suffix of a file until it is complete


@dataclass(frozen=True, slots=True)
class _Seal:
    """The sealed bytes of ``meta.json``; ``pending`` if tantivy may replace it."""

    meta: bytes
    pending: bool


def segments(folder: Path) -> list[Segment]:
    """The segments of the last commit. Raises as :func:`storage.stamp`."""
    return segments_in(folder, _checked(folder))


def segments_in(folder: Path, data: bytes) -> list[Segment]:
    """The segments listed in ``data``, the bytes of a ``meta.json``.

    Raises IndexDamaged.
    """
    try:
        return [_segment(entry) for entry in json.loads(data)["segments"]]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _unreadable(folder, error) from error


def _segment(entry: dict[str, Any]) -> Segment:
    deletes = entry["deletes"] or {"num_deleted_docs": 0, "opstamp": None}
    name = entry["segment_id"].replace("-", "")
    return Segment(
        name, int(entry["max_doc"]), int(deletes["num_deleted_docs"]), deletes["opstamp"]
    )


def data_field(folder: Path, readable: Iterable[str]) -> str:
    """The first of these fields that is in the index.

    Raises IndexOutdated if it has none of them, IndexDamaged.
    """
    return data_field_in(folder, _checked(folder), readable)


def data_field_in(folder: Path, data: bytes, readable: Iterable[str]) -> str:
    """As :func:`data_field`, for the schema in ``data``."""
    try:
        names = {entry["name"] for entry in json.loads(data)["schema"]}
    except (ValueError, LookupError, TypeError) as error:
        raise _unreadable(folder, error) from error
    for field in readable:
        if field in names:
            return field
    raise IndexOutdated(
        folder,
        "its passages were packed by another version of tracuu; rebuild it with: tracuu rebuild",
    )


def set_block(folder: Path, size: int) -> None:
    """Set the block size of stored documents in a new index, and seal it.

    tantivy-py has no argument for it.
    """
    meta = json.loads((folder / META).read_bytes())
    meta["index_settings"] = {**meta.get("index_settings", {}), "docstore_blocksize": size}
    _write(folder / META, json.dumps(meta))
    seal(folder)


def sweep(folder: Path) -> None:
    """Delete the files of a writer that was killed.

    They would make the next writer fail once. The caller holds the write lock; readers need only
    files named in a commit.
    """
    with suppress(StorageError, OSError):
        for name in files.leftovers(folder, segments(folder)):
            with suppress(OSError):
                os.remove(folder / name)


# --- the seal ---


def seal(folder: Path) -> None:
    """Seal ``meta.json``, which is synced and not being replaced. Raises OSError."""
    _write_seal(folder, _Seal((folder / META).read_bytes(), pending=False))


def expect_change(folder: Path) -> None:
    """Mark the seal as pending before tantivy replaces ``meta.json``.

    Raises OSError.
    """
    known = _read_seal(folder)
    if known is None or not known.pending:
        meta = (folder / META).read_bytes() if known is None else known.meta
        _write_seal(folder, _Seal(meta, pending=True))


def salvaged(folder: Path) -> bytes:
    """The bytes of ``meta.json``, or of its copy if it is damaged or missing.

    Raises IndexDamaged if neither is known to be valid.
    """
    known = _read_seal(folder)
    return _read(folder) if known is None or known.pending else known.meta


def seal_fault(folder: Path) -> tuple[str, bool] | None:
    """A problem of the seal, and whether it is just a leftover of a killed writer."""
    known = _read_seal(folder)
    if known is None:
        torn = (folder / SEAL).exists()
        return (Message("{name} is torn", name=SEAL), False) if torn else None
    if known.pending:
        what = Message(
            "{name} has no checksum yet, because a writer was killed; the next change writes one",
            name=META,
        )
        return what, True
    return None


def _checked(folder: Path) -> bytes:
    """The bytes of ``meta.json``, verified by the seal.

    Raises IndexDamaged and the errors of :func:`storage.stamp`.
    """
    for _ in range(_ATTEMPTS):
        mark = files.stamp(folder)
        data = _read(folder)
        known = _read_seal(folder)  # read second: a commit writes them in the reverse order
        if known is None or known.pending or known.meta == data:
            return data
        if files.stamp(folder) == mark:
            break
    raise IndexDamaged(
        folder,
        "{name} {fault}; rebuild the index with: tracuu rebuild",
        name=META,
        fault=Message("has other bytes than were written"),
    )


def _read(folder: Path) -> bytes:
    try:
        return (folder / META).read_bytes()
    except FileNotFoundError as error:
        raise files.missing(folder) from error
    except OSError as error:
        raise _unreadable(folder, error) from error


def _unreadable(folder: Path, error: BaseException) -> StorageError:
    damaged = IndexDamaged(folder, "{meta} cannot be read; rebuild the index", meta=META)
    return passing_error(folder, error) or damaged


def _read_seal(folder: Path) -> _Seal | None:
    """The seal; None if it is missing or torn."""
    try:
        data = json.loads((folder / SEAL).read_bytes())
        meta, pending = data["meta"].encode("utf-8", "surrogateescape"), bool(data["pending"])
        return _Seal(meta, pending) if data["checksum"] == _checksum(meta, pending) else None
    except OSError as error:
        if passing := passing_error(folder, error):
            raise passing from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    return None


def _write_seal(folder: Path, new: _Seal) -> None:
    text = new.meta.decode("utf-8", "surrogateescape")
    data = {"checksum": _checksum(new.meta, new.pending), "pending": new.pending, "meta": text}
    _write(folder / SEAL, json.dumps(data))


def _checksum(meta: bytes, pending: bool) -> int:
    return zlib.crc32(meta + (b"pending" if pending else b"sealed"))


def _write(path: Path, text: str) -> None:
    """Replace a file atomically and sync it."""
    made = path.with_name(path.name + _NEW)
    with made.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())  # before it replaces the old file
    os.replace(made, path)
    sync_folder(path.parent)
