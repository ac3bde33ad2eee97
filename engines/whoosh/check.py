"""What is wrong with the files of a Whoosh index, found without trusting any of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ...errors import StorageError
from ..document import Schema
from ..engine import IntegrityProblem
from . import storage as files
from .encoding import decode
from .reader import KEYWORD, TEXT, WhooshSource


def faults(folder: Path, schema: Schema) -> Iterator[IntegrityProblem]:
    """The faults of the store in ``folder``: each file against its checksum, each value against its own."""
    try:
        number = files.generation(folder)
    except OSError:
        number = -1
    if number < 0:
        yield IntegrityProblem(files.missing(folder).reason)
        return
    try:
        with files.reading(folder):
            seals = files.read_seals(folder, number)
    except StorageError as error:
        yield IntegrityProblem(f"{files.toc_name(number)}: {error.reason}")
        return
    broken = False
    for name, (size, check) in sorted(seals.items()):
        wrong = _file_fault(folder / name, size, check)
        if wrong:
            broken = True
            yield IntegrityProblem(f"{name} {wrong}")
    if not broken:  # what stands in broken files is told by the files
        unchecked = any(check is None for _, check in seals.values())
        yield from _content_faults(folder, number, schema, deep=unchecked)
    yield from _leftovers(folder, number, set(seals))


def _file_fault(path: Path, size: int, check: int | None) -> str | None:
    try:
        now = path.stat().st_size
        if now != size:
            return f"has {now:,} bytes and should have {size:,}"
        if check is not None and files.checksum(path) != check:
            return "has other bytes than were written"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return None


def _content_faults(
    folder: Path, number: int, schema: Schema, *, deep: bool
) -> Iterator[IntegrityProblem]:
    """Faults of segments whose files are whole, as far as is known; ``deep`` looks at every value in them."""
    source = None
    try:
        with files.reading(folder):
            source = WhooshSource(folder, files.read_segments(files.DurableStorage(folder), number))
        if deep:
            _read_values(source, schema)
        keys = source.keys()
        for doc in source.live_docs():
            key, _ = source.fetch(doc)
            if key != keys[doc]:
                yield IntegrityProblem(
                    f"document {doc} is stored as {key!r} and listed as {keys[doc]!r}"
                )
        counted = Counter(keys[doc] for doc in source.live_docs())
        for key, times in counted.items():
            if times > 1:
                yield IntegrityProblem(f"{key!r} is there {times} times", key)
    except StorageError as error:
        yield IntegrityProblem(error.reason)
    finally:
        if source is not None:
            source.close()


def _read_values(source: WhooshSource, schema: Schema) -> None:
    """Read every column and every posting list. Raises IndexDamaged."""
    for field in schema.text:
        source.lengths(field.name)
    for name in schema.keywords:
        source.keyword_column(name)
    for name in schema.numbers:
        source.number_column(name)
    names = [TEXT + field.name for field in schema.text] + [
        KEYWORD + name for name in schema.keywords
    ]
    for segment in source.segments:
        for name in names:
            for token, _ in segment.terms(name):
                with files.reading(segment.folder):
                    segment.term(name, decode(token), places=True)


def _leftovers(folder: Path, number: int, named: set[str]) -> Iterator[IntegrityProblem]:
    for path in sorted(folder.iterdir()):
        if path.name not in named and path.name not in (files.toc_name(number), files.LOCK):
            yield IntegrityProblem(f"{path.name} belongs to no commit", leftover=True)
