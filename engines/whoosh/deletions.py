"""Remove deleted documents from postings and columns, and join segments."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import filterfalse

from ..scoring.bm25 import FEW, find
from ..scoring.source import POSITION_BITS, KeywordColumn
from . import encoding as blobs
from .encoding import TermData


class LiveDocs(Collection[int]):
    """The numbers of all documents except deleted ones."""

    def __init__(self, count: int, deleted: Collection[int]) -> None:
        self._count = count
        self._deleted = deleted

    def __len__(self) -> int:
        return self._count - len(self._deleted)

    def __iter__(self) -> Iterator[int]:
        return filterfalse(self._deleted.__contains__, range(self._count))

    def __contains__(self, doc: object) -> bool:
        return doc not in self._deleted


def living(term: TermData, deleted: frozenset[int]) -> TermData:
    """Postings without deleted documents; positions are left unchanged."""
    if not deleted:
        return term
    among = deleted if len(deleted) * FEW < len(term.docs) else deleted.intersection(term.docs)
    gone = sorted(at for doc in among if (at := find(term.docs, doc)) >= 0)
    if not gone:
        return term
    return TermData(
        _without(term.docs, gone),
        None if term.tfs is None else _without(term.tfs, gone),
        term.places,
    )


def _without(column: array[int], gone: Sequence[int]) -> array[int]:
    """The column without the values at the ascending indices ``gone``."""
    left, start = array(column.typecode), 0
    for at in gone:
        left += column[start:at]
        start = at + 1
    left += column[start:]
    return left


def living_places(places: array[int], deleted: Iterable[int]) -> array[int]:
    """Ascending positions (see :data:`POSITION_BITS`) without deleted documents."""
    left, start = array(places.typecode), 0
    for doc in sorted(deleted):
        end = bisect_left(places, doc << POSITION_BITS, start)
        left += places[start:end]
        start = bisect_left(places, (doc + 1) << POSITION_BITS, end)
    left += places[start:]
    return left


def term_freq(column: KeywordColumn, docs: Iterable[int]) -> Counter[str]:
    """Number of the documents with each value of a keyword field."""
    counts = Counter[str]()
    for ordinal, times in Counter(map(column.ordinals.__getitem__, docs)).items():
        counts.update(dict.fromkeys(column.table[ordinal], times))
    return counts


def joined(parts: Sequence[array[int]]) -> array[int]:
    """Concatenate the columns of all segments, in the widest type among them."""
    return (
        parts[0]
        if len(parts) == 1
        else blobs.join_columns(parts, blobs.widest(parts) if parts else "I")
    )


def shifted(parts: Sequence[tuple[int, array[int]]]) -> array[int]:
    """Concatenate documents of segments, given with their first numbers."""
    if len(parts) == 1 and parts[0][0] == 0:
        return parts[0][1]
    docs = array("I")
    for base, part in parts:
        docs.extend(
            map(base.__add__, part) if base else part if part.typecode == "I" else array("I", part)
        )
    return docs
