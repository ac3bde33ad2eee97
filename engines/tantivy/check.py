"""Integrity check of a tantivy index: checksums of files, and documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import tantivy

from ...errors import Message, StorageError
from ..document import Schema
from ..engine import IntegrityProblem
from ..scoring.forward_index import Packer
from . import meta
from . import storage as files
from .schema import KEY, READABLE, open_index, written_as

_PAGE = 1000


def integrity_check(folder: Path, schema: Schema) -> Iterator[IntegrityProblem]:
    """Problems of the store in ``folder``."""
    try:
        known = meta.segments(folder)
        sealed = meta.seal_fault(folder)
    except StorageError as error:
        yield IntegrityProblem(error.reason)
        return
    if sealed is not None:
        yield IntegrityProblem(sealed[0], leftover=sealed[1])
    broken = False
    for name in sorted(name for segment in known for name in segment.files()):
        wrong = files.file_fault(folder / name)
        if wrong:
            broken = True
            yield IntegrityProblem(Message("{name} {wrong}", name=name, wrong=wrong))
    if not broken:  # else the damaged files are reported above
        yield from _content_faults(
            folder, schema, sum(one.documents - one.deleted for one in known)
        )
    for name in files.leftovers(folder, known):
        yield IntegrityProblem(Message("{name} belongs to no commit", name=name), leftover=True)


def _content_faults(folder: Path, schema: Schema, wanted: int) -> Iterator[IntegrityProblem]:
    try:
        data = meta.data_field(folder, READABLE)
        with files.reading(folder), files.Openable(folder) as place:
            index = open_index(place.path())
            searcher, packer = index.searcher(), Packer(schema, READABLE[data])
            if searcher.num_docs != wanted:
                yield IntegrityProblem(
                    Message(
                        "{found:,} of {wanted:,} documents can be read",
                        found=searcher.num_docs,
                        wanted=wanted,
                    )
                )
            for offset in range(0, searcher.num_docs, _PAGE):
                page = searcher.search(
                    tantivy.Query.all_query(), _PAGE, False, KEY, offset, tantivy.Order.Asc
                ).hits
                for key, address in page:
                    document = packer.read(searcher.doc(address)[data][0])
                    if written_as(document.key) != key or not _is_whole(
                        document.key, document.stored
                    ):
                        yield IntegrityProblem(
                            Message("the stored text belongs to another document"), key
                        )
    except StorageError as error:
        yield IntegrityProblem(error.reason)


def _is_whole(key: str, stored: str) -> bool:
    return isinstance(key, str) and isinstance(stored, str)
