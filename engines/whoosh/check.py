"""Integrity check of the files of a Whoosh index."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ...errors import Message, StorageError
from ..engine import IntegrityProblem
from . import storage as files
from . import toc
from .reader import WhooshSource


def integrity_check(folder: Path) -> Iterator[IntegrityProblem]:
    """Verify all checksums of the store in ``folder`` and yield its problems."""
    try:
        number = files.generation(folder)
    except OSError:
        number = -1
    if number < 0:
        yield IntegrityProblem(files.missing(folder).reason)
        return
    try:
        with files.reading(folder):
            seals = toc.read_seals(folder, number)
    except StorageError as error:
        yield IntegrityProblem(
            Message("{name}: {reason}", name=toc.toc_name(number), reason=error.reason)
        )
        return
    broken = False
    for name, (size, check) in sorted(seals.items()):
        wrong = _file_fault(folder / name, size, check)
        if wrong:
            broken = True
            yield IntegrityProblem(Message("{name} {wrong}", name=name, wrong=wrong))
    if not broken:  # else the damaged files are reported above
        yield from _content_faults(folder, number)
    yield from _leftovers(folder, number, set(seals))


def _file_fault(path: Path, size: int, check: int | None) -> str | None:
    try:
        now = path.stat().st_size
        if now != size:
            return Message("has {now:,} bytes instead of {size:,}", now=now, size=size)
        if check is not None and files.checksum(path) != check:
            return Message("has other bytes than were written")
    except FileNotFoundError:
        return Message("is missing")
    except OSError as error:
        return Message("cannot be read: {strerror}", strerror=error.strerror)
    return None


def _content_faults(folder: Path, number: int) -> Iterator[IntegrityProblem]:
    """Problems in segments with complete files."""
    source = None
    try:
        with files.reading(folder):
            source = WhooshSource.open(folder, toc.read_segments(folder, number)[0])
        keys = source.keys()
        for doc in source.live_docs():
            ((key, _),) = source.fetch((doc,))
            if key != keys[doc]:
                yield IntegrityProblem(
                    Message(
                        "document {doc} is stored as {key!r} and listed as {keys!r}",
                        doc=doc,
                        key=key,
                        keys=keys[doc],
                    )
                )
        counted = Counter(keys[doc] for doc in source.live_docs())
        for key, times in counted.items():
            if times > 1:
                yield IntegrityProblem(
                    Message("{key!r} is stored {times} times", key=key, times=times), key
                )
    except StorageError as error:
        yield IntegrityProblem(error.reason)
    finally:
        if source is not None:
            source.close()


def _leftovers(folder: Path, number: int, named: set[str]) -> Iterator[IntegrityProblem]:
    try:
        with files.reading(folder):
            names = sorted(os.listdir(folder))
    except StorageError as error:
        yield IntegrityProblem(error.reason)
        return
    for name in names:
        if name not in named and name not in (toc.toc_name(number), files.LOCK):
            yield IntegrityProblem(Message("{name} belongs to no commit", name=name), leftover=True)
