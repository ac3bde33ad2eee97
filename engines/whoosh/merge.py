"""The merge policy, and copying of old segments into a new one."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import count

from ..document import Schema
from .buffer import DocValues
from .encoding import TermData
from .reader import WhooshSource
from .terms import Item
from .toc import SegmentInfo

FANOUT = 6  # segments of one size merged into one of the next size

_SMALLEST = 256  # documents; segments up to here count as one size
_SIZES = 16
_LARGEST = 1_000_000  # larger segments are not merged: Whoosh's columns are limited to 2 GB
_DELETED = 3  # a segment is rewritten when more than a third of it is deleted


def select_merges(segments: Sequence[SegmentInfo], added: int) -> list[SegmentInfo]:
    """Segments to merge into the new one, which has ``added`` new documents.

    Logarithmic merging (Büttcher, Clarke & Cormack, *Information Retrieval*, 2010, ch. 7; compare
    Lucene's LogMergePolicy): ``FANOUT`` segments of one size are merged into one of the next,
    ``FANOUT`` times as large. Each document is thus rewritten O(log n) times, even after many small
    commits.
    """
    chosen = [
        segment
        for segment in segments
        if len(segment.deleted) * _DELETED > segment.count and segment.count < _LARGEST
    ]
    rest = [segment for segment in segments if segment not in chosen]
    total = added + sum(segment.live_count for segment in chosen)
    for size in range(_SIZES):
        alike = [segment for segment in rest if _size(segment.live_count) == size]
        if len(alike) + (total > 0 and _size(total) == size) >= FANOUT:
            chosen += alike
            total += sum(segment.live_count for segment in alike)
    return chosen


def _size(documents: int) -> int:
    size, limit = 0, _SMALLEST
    while documents > limit:
        size, limit = size + 1, limit * FANOUT
    return size if documents < _LARGEST else _SIZES


class OldSegment:
    """A segment being rewritten: its live documents get numbers from ``base`` on."""

    def __init__(self, source: WhooshSource, base: int) -> None:
        (self._files,) = source.segments
        self._source = source
        self._base = base
        self._numbers: list[int] | None = None
        if self._files.deleted:
            places = count(base)
            gone = self._files.deleted
            self._numbers = [-1 if doc in gone else next(places) for doc in range(source.count)]

    def copy_documents(
        self, columns: DocValues, schema: Schema, store: Callable[[tuple[str, str]], object]
    ) -> None:
        """Copy the columns and the stored texts."""
        source = self._source
        lengths = {field.name: source.lengths(field.name) for field in schema.text}
        values = {name: source.keyword_column(name) for name in schema.keywords}
        figures = {name: source.number_column(name) for name in schema.numbers}
        keys = source.keys()
        for doc in sorted(source.live_docs()):
            columns.copy(
                keys[doc],
                {name: column[doc] for name, column in lengths.items()},
                {name: column.table[column.ordinals[doc]] for name, column in values.items()},
                {
                    name: number
                    for name, column in figures.items()
                    if (number := column[doc]) is not None
                },
            )
            store(*self._files.records((doc,)))

    def terms(self, name: str) -> Iterator[Item]:
        """Terms of a field with new document numbers, without deleted documents."""
        for token, term in self._files.postings(name):
            if self._numbers is None:
                yield (
                    token,
                    TermData(array("I", map(self._base.__add__, term.docs)), term.tfs, term.places),
                )
            elif (kept := _renumbered(term, self._numbers)) is not None:
                yield token, kept


def _renumbered(term: TermData, numbers: Sequence[int]) -> TermData | None:
    after = [numbers[doc] for doc in term.docs]
    if min(after) >= 0:
        return TermData(array("I", after), term.tfs, term.places)
    kept = [at for at, doc in enumerate(after) if doc >= 0]
    if not kept:
        return None
    docs = array("I", [after[at] for at in kept])
    tfs = None if term.tfs is None else array("I", [term.tfs[at] for at in kept])
    return TermData(docs, tfs, None if term.places is None else _kept_places(term, after))


def _kept_places(term: TermData, after: Sequence[int]) -> array[int]:
    assert term.places is not None
    places, at = array("I"), 0
    for doc, tf in zip(after, term.tfs if term.tfs is not None else (1,) * len(after), strict=True):
        if doc >= 0:
            places.extend(array("I", term.places[at : at + tf]))
        at += tf
    return places
