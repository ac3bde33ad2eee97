"""The terms of one field of a new segment, in their order: from memory, and from what was spilt to disk.

They can be sent to another process (:mod:`._whoosh_packing`): what is in memory goes as a few long columns,
since a hundred thousand small arrays would take longer to send than to work on.
"""

from __future__ import annotations

import heapq
import struct
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import IO, NamedTuple

from ._whoosh_blobs import TermData, encode, join_columns
from ._whoosh_blocks import Block, pack_block

Item = tuple[bytes, TermData]

PLACE_BITS = 32
"""An occurrence that has a place is one number: the document's, and behind it the place."""

_PLACE = (1 << PLACE_BITS) - 1
_CHUNK = 1000  # terms of a run that are read at once
_SIZE = struct.Struct("<I")


class Run(NamedTuple):
    """The terms of one field in a file, from ``start`` to ``end``."""

    path: str
    start: int
    end: int

    @classmethod
    def write(cls, file: IO[bytes], items: Iterable[Item]) -> Run:
        """Write the terms at the end of a named file."""
        start, coming = file.seek(0, 2), iter(items)
        while chunk := list(islice(coming, _CHUNK)):
            packed = pack_block(chunk, level=0)
            file.write(_SIZE.pack(len(packed)) + packed)
        file.flush()
        return cls(file.name, start, file.tell())

    def items(self) -> Iterator[Item]:
        """The terms again."""
        with open(self.path, "rb") as file:
            file.seek(self.start)
            while file.tell() < self.end:
                (size,) = _SIZE.unpack(file.read(_SIZE.size))
                yield from Block(file.read(size)).all()


class Flat(NamedTuple):
    """Terms in no order: term, how many occurrences it has, and the occurrences of one term after the other."""

    terms: list[str]
    counts: array[int]
    occurrences: array[int]


class FieldTerms(NamedTuple):
    """All terms of one field: of each run, and of what is in memory; document numbers rise from one to the next."""

    name: str
    placed: bool
    runs: tuple[Run, ...]
    memory: Mapping[str, array[int]] | Flat

    def items(self) -> Iterator[Item]:
        """The terms in their order."""
        terms = _unflattened(self.memory) if isinstance(self.memory, Flat) else self.memory
        return merged([*(run.items() for run in self.runs), in_order(terms, placed=self.placed)])

    def flat(self) -> FieldTerms:
        """The same in a form that is quickly sent."""
        if isinstance(self.memory, Flat):
            return self
        columns = list(self.memory.values())
        kind = "Q" if self.placed else "I"
        counts = array("I", map(len, columns))
        return self._replace(memory=Flat(list(self.memory), counts, join_columns(columns, kind)))


def _unflattened(flat: Flat) -> dict[str, array[int]]:
    terms, start = {}, 0
    for term, count in zip(flat.terms, flat.counts, strict=True):
        terms[term] = flat.occurrences[start : start + count]
        start += count
    return terms


def in_order(terms: Mapping[str, array[int]], *, placed: bool) -> Iterator[Item]:
    """Terms by their occurrences, in order."""
    for term in sorted(terms):  # the order of the code points is that of their bytes
        docs, places = _parted(terms[term]) if placed else (terms[term], None)
        if len(docs) == 1 or len(set(docs)) == len(docs):
            yield encode(term), TermData(docs, None, places)
        else:
            times = Counter(docs)  # keeps the order of first occurrence, which rises
            yield encode(term), TermData(array("I", times), array("I", times.values()), places)


def _parted(occurrences: array[int]) -> tuple[array[int], array[int]]:
    """Documents and places of occurrences that have both."""
    if len(occurrences) == 1:
        (one,) = occurrences
        return array("I", (one >> PLACE_BITS,)), array("I", (one & _PLACE,))
    halves = array("I", occurrences.tobytes())
    places, docs = halves[0::2], halves[1::2]
    return (docs, places) if sys.byteorder == "little" else (places, docs)


def merged(streams: Sequence[Iterator[Item]]) -> Iterator[Item]:
    """One stream of terms; document numbers rise from each stream to the next."""
    if len(streams) == 1:
        yield from streams[0]
        return
    numbered = (_numbered(at, stream) for at, stream in enumerate(streams))
    # The stream's number decides between equal tokens: terms themselves have no order.
    for token, group in groupby(heapq.merge(*numbered, key=itemgetter(0, 1)), itemgetter(0)):
        terms = [term for _, _, term in group]
        yield token, terms[0] if len(terms) == 1 else _joined(terms)


def _numbered(at: int, stream: Iterator[Item]) -> Iterator[tuple[bytes, int, TermData]]:
    for token, term in stream:
        yield token, at, term


def _joined(terms: Sequence[TermData]) -> TermData:
    docs = join_columns([term.docs for term in terms], "I")
    tfs = places = None
    if any(term.tfs is not None for term in terms):
        counts = [term.tfs if term.tfs is not None else array("B", b"\1" * len(term.docs)) for term in terms]
        tfs = join_columns(counts, "I")
    if all(term.places is not None for term in terms):
        places = join_columns([term.places for term in terms if term.places is not None], "I")
    return TermData(docs, tfs, places)
