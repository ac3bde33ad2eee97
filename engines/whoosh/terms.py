"""The sorted terms of one field of a new segment, from memory and from spilt runs."""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby, islice, pairwise
from operator import eq, itemgetter
from typing import IO, Generic, NamedTuple, TypeVar

from .encoding import TermData, encode, join_columns

Item = tuple[bytes, TermData]
Given = TypeVar("Given")

PLACE_BITS = 32  # an occurrence with a position is document << PLACE_BITS | position

_PLACE = (1 << PLACE_BITS) - 1
_CHUNK = 1000  # terms read at once
_SIZES = struct.Struct("=III")  # terms of a chunk, bytes of their texts, occurrences


class SpillRun(NamedTuple):
    """A run of one field's terms in a file; ``kind`` is the array type of occurrences."""

    path: str
    start: int
    end: int
    kind: str

    @classmethod
    def write(cls, file: IO[bytes], terms: Mapping[str, array[int]], *, placed: bool) -> SpillRun:
        """Append the terms to a temporary file, in native byte order."""
        start, names = file.seek(0, 2), sorted(terms)
        for at in range(0, len(names), _CHUNK):
            chunk = names[at : at + _CHUNK]
            texts, columns = list(map(encode, chunk)), [terms[name] for name in chunk]
            text, sizes, counts = (
                b"".join(texts),
                array("I", map(len, texts)),
                array("I", map(len, columns)),
            )
            file.write(_SIZES.pack(len(chunk), len(text), sum(counts)))
            file.writelines((sizes, counts, text, b"".join(columns)))
        file.flush()
        return cls(file.name, start, file.tell(), _kind(placed=placed))

    def items(self) -> Iterator[tuple[bytes, array[int]]]:
        """Read the terms back, in order, with their occurrences."""
        with open(self.path, "rb") as file:
            file.seek(self.start)
            while file.tell() < self.end:
                terms, size, occurrences = _SIZES.unpack(file.read(_SIZES.size))
                ends = list(accumulate(_read(file, "I", terms), initial=0))
                bounds = list(accumulate(_read(file, "I", terms), initial=0))
                text, column = file.read(size), _read(file, self.kind, occurrences)
                for (start, end), (first, last) in zip(
                    pairwise(ends), pairwise(bounds), strict=True
                ):
                    yield text[start:end], column[first:last]


def _read(file: IO[bytes], kind: str, count: int) -> array[int]:
    column = array(kind)
    column.fromfile(file, count)
    return column


def _kind(*, placed: bool) -> str:
    return "Q" if placed else "I"


class FieldTerms(NamedTuple):
    """All terms of one field, from spilt runs and memory, by document number."""

    name: str
    placed: bool
    runs: tuple[SpillRun, ...]
    memory: Mapping[str, array[int]]

    def items(self) -> Iterator[Item]:
        """The terms in order."""
        for term, occurrences in merged(
            [*(run.items() for run in self.runs), _in_order(self.memory)], self._one_column
        ):
            yield term, _term_data(occurrences, placed=self.placed)

    def _one_column(self, parts: Sequence[array[int]]) -> array[int]:
        return join_columns(parts, _kind(placed=self.placed))


def _in_order(terms: Mapping[str, array[int]]) -> Iterator[tuple[bytes, array[int]]]:
    for term in sorted(terms):  # code points sort like their UTF-8 bytes
        yield encode(term), terms[term]


def _term_data(occurrences: array[int], *, placed: bool) -> TermData:
    docs, places = _parted(occurrences) if placed else (occurrences, None)
    # documents ascend, so equal ones stand side by side
    if len(docs) == 1 or not any(map(eq, docs, islice(docs, 1, None))):
        return TermData(docs, None, places)
    times = Counter(docs)  # keeps the order of first occurrence, which is ascending
    return TermData(array("I", times), array("I", times.values()), places)


def _parted(occurrences: array[int]) -> tuple[array[int], array[int]]:
    """Split occurrences with positions into documents and positions."""
    if len(occurrences) == 1:
        (one,) = occurrences
        return array("I", (one >> PLACE_BITS,)), array("I", (one & _PLACE,))
    halves = array("I", occurrences.tobytes())
    places, docs = halves[0::2], halves[1::2]
    return (docs, places) if sys.byteorder == "little" else (places, docs)


def merged(
    streams: Sequence[Iterator[tuple[bytes, Given]]], join: Callable[[Sequence[Given]], Given]
) -> Iterator[tuple[bytes, Given]]:
    """Merge streams of terms.

    The postings of a term are concatenated in the order of the streams, whose document numbers
    ascend from stream to stream.
    """
    if len(streams) == 1:
        yield from streams[0]
        return
    streams_left = [_Lookahead(stream) for stream in streams]
    while streams_left := [part for part in streams_left if part.fill()]:
        # All terms up to this bound are loaded; sorting sorted runs merges them (timsort).
        bound = min(part.last() for part in streams_left)
        taken = [item for part in streams_left for item in part.take(bound)]
        taken.sort(key=itemgetter(0))
        for token, group in groupby(taken, itemgetter(0)):
            given = [one for _, one in group]
            yield token, given[0] if len(given) == 1 else join(given)


class _Lookahead(Generic[Given]):
    """A buffer of the next terms of a stream."""

    def __init__(self, stream: Iterator[tuple[bytes, Given]]) -> None:
        self._stream = stream
        self._items: list[tuple[bytes, Given]] = []

    def fill(self) -> bool:
        """Fill the buffer; return whether there are terms."""
        if not self._items:
            self._items = list(islice(self._stream, _CHUNK))
        return bool(self._items)

    def last(self) -> bytes:
        """The last term in the buffer."""
        return self._items[-1][0]

    def take(self, bound: bytes) -> list[tuple[bytes, Given]]:
        """Remove and return the terms up to ``bound``."""
        end = bisect_right(self._items, bound, key=itemgetter(0))
        taken, self._items = self._items[:end], self._items[end:]
        return taken


def joined(terms: Sequence[TermData]) -> TermData:
    """Join the postings of one term in several segments."""
    docs = join_columns([term.docs for term in terms], "I")
    tfs = places = None
    if any(term.tfs is not None for term in terms):
        counts = [
            term.tfs if term.tfs is not None else array("B", b"\1" * len(term.docs))
            for term in terms
        ]
        tfs = join_columns(counts, "I")
    if all(term.places is not None for term in terms):
        places = join_columns([term.places for term in terms if term.places is not None], "I")
    return TermData(docs, tfs, places)
