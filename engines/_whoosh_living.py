"""What is left of a segment's columns and postings when deleted documents are taken out, segments put together."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Sequence
from itertools import compress, filterfalse

from . import _whoosh_blobs as blobs
from ._scoring import FEW, find
from ._whoosh_blobs import TermData


class Living(Collection[int]):
    """The numbers of all documents but the deleted ones."""

    def __init__(self, count: int, deleted: Collection[int]) -> None:
        self._count = count
        self._deleted = deleted

    def __len__(self) -> int:
        return self._count - len(self._deleted)

    def __iter__(self) -> Iterator[int]:
        return filterfalse(self._deleted.__contains__, range(self._count))

    def __contains__(self, doc: object) -> bool:
        return doc not in self._deleted


def living(term: TermData, deleted: Collection[int]) -> TermData:
    """The postings without deleted documents (places are left as they are)."""
    if not deleted:
        return term
    if len(deleted) < len(term.docs) // FEW:
        gone = [at for doc in deleted if (at := find(term.docs, doc)) >= 0]
        alive = bytearray(b"\1" * len(term.docs))
        for at in gone:
            alive[at] = 0
    else:
        alive = bytearray(doc not in deleted for doc in term.docs)
    if all(alive):
        return term
    docs = array(term.docs.typecode, compress(term.docs, alive))
    tfs = None if term.tfs is None else array(term.tfs.typecode, compress(term.tfs, alive))
    return TermData(docs, tfs, term.places)


def joined(parts: Sequence[array[int]]) -> array[int]:
    """The columns of all segments; most indexes have one, which stays as narrow as it is."""
    return parts[0] if len(parts) == 1 else blobs.join_columns(parts, "I")


def shifted(parts: Sequence[tuple[int, array[int]]]) -> array[int]:
    """The documents of all segments, each part with its segment's first number."""
    if len(parts) == 1 and parts[0][0] == 0:
        return parts[0][1]
    docs = array("I")
    for base, part in parts:
        docs.extend(map(base.__add__, part) if base else part if part.typecode == "I" else array("I", part))
    return docs
