"""Blocks of terms with their postings, compact and fast to read.

The sorted terms of a field are divided into blocks. The name of a block is its last term; the block
of a term is found in the list of names. A block has three parts, compressed separately since most
reads need only the first or second: the dictionary (terms and document frequencies), the documents
(as gaps) with term frequencies, and the positions. Numbers have the narrowest type that fits, split
by bytes: all lowest bytes first, then the next ones (mostly equal, so they compress well). A term
with many documents has its own block.
"""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, compress, pairwise
from operator import sub
from zlib import crc32

from .encoding import TermData, TornError, join_columns

TERMS = 128  # maximum terms in a block
POSTINGS = 1024  # approximate postings in a block of several terms
LARGE = 256  # a term with this many documents has its own block

_HEAD = struct.Struct("<III")  # checksum of the rest, sizes of the first two parts
_KINDS = {array(kind).itemsize: kind.encode() for kind in "BHIQ"}
_COLUMN = struct.Struct("<cI")  # type and number of a column's values
_PLAIN, _PACKED = b"\0", b"\1"
_LEVEL = 6
_OFTEN = 64  # names are decoded once they are fewer than lookups × this


class TermBlock:
    """A block, whose parts are unpacked on first use. Thread-safe."""

    __slots__ = ("_documents", "_places", "_starts", "_unpacked", "frequencies", "size", "terms")

    def __init__(self, data: bytes) -> None:
        """Raises TornError, or struct.error (truncated bytes)."""
        check, first, second = _HEAD.unpack_from(data)
        if crc32(memoryview(data)[4:]) != check:
            raise TornError("a checksum is wrong")
        at = _HEAD.size
        dictionary = _unpacked(data[at : at + first])
        self._documents = data[at + first : at + first + second]
        self._places = data[at + first + second :]
        self.frequencies, at = _column(dictionary, 0)
        lengths, at = _column(dictionary, at)
        ends = list(accumulate(lengths, initial=at))
        self.terms = [dictionary[start:end] for start, end in pairwise(ends)]
        # in order; ``frequencies`` holds their document frequencies
        self._unpacked: tuple[array[int], array[int], array[int]] | None = None
        self._starts = list(accumulate(self.frequencies, initial=0))
        self.size = len(data) + 8 * self._starts[-1] + 80 * len(self.terms)

    def find(self, term: bytes) -> int | None:
        """Index of the term in the block, or None."""
        at = bisect_left(self.terms, term)
        return at if at < len(self.terms) and self.terms[at] == term else None

    def term(self, at: int, *, places: bool) -> TermData:
        """The postings of the term at ``at``, with positions if ``places`` is true."""
        gaps, several, times = self._numbers()
        start, end = self._starts[at], self._starts[at + 1]
        docs = array("I", accumulate(gaps[start:end]))
        tfs = None
        if several[at]:
            first = sum(compress(self.frequencies[:at], several))
            tfs = times[first : first + len(docs)]
        where = None
        if places and self._places:
            column, _ = _column(_unpacked(self._places), 0)
            # sum of frequencies: 1 per document, except for terms with explicit frequencies
            before = start + self._surplus(at, several, times)
            where = column[before : before + (sum(tfs) if tfs is not None else len(docs))]
        return TermData(docs, tfs, where)

    def all(self) -> Iterator[tuple[bytes, TermData]]:
        """Every term with its postings."""
        gaps, several, times = self._numbers()
        column = _column(_unpacked(self._places), 0)[0] if self._places else None
        counted = placed = 0
        for at, term in enumerate(self.terms):
            docs = array("I", accumulate(gaps[self._starts[at] : self._starts[at + 1]]))
            tfs, occurrences = None, len(docs)
            if several[at]:
                tfs = times[counted : counted + len(docs)]
                counted += len(docs)
                occurrences = sum(tfs)
            where = None if column is None else column[placed : placed + occurrences]
            placed += occurrences
            yield term, TermData(docs, tfs, where)

    def _numbers(self) -> tuple[array[int], array[int], array[int]]:
        """Gaps; for each term, whether it has frequencies; frequencies."""
        found = self._unpacked
        if found is None:
            body = _unpacked(self._documents)
            gaps, at = _column(body, 0)
            several, at = _column(body, at)
            found = gaps, several, _column(body, at)[0]
            if len(self.terms) > 1:  # a large term is cached elsewhere, unpacked
                self._unpacked = found
        return found

    def _surplus(self, at: int, several: Sequence[int], times: Sequence[int]) -> int:
        first = sum(compress(self.frequencies[:at], several))
        return sum(times[:first]) - first


def blocks(terms: Iterable[tuple[bytes, TermData]]) -> Iterator[tuple[bytes, bytes]]:
    """Write the sorted terms of one field in blocks; yield their names and bytes."""
    waiting: list[tuple[bytes, TermData]] = []
    postings = 0
    for term, data in terms:
        count = len(data.docs)
        if waiting and (count >= LARGE or postings + count > POSTINGS or len(waiting) == TERMS):
            yield waiting[-1][0], pack_block(waiting)
            waiting, postings = [], 0
        waiting.append((term, data))
        postings += count if count < LARGE else POSTINGS
    if waiting:
        yield waiting[-1][0], pack_block(waiting)


def pack_block(terms: Sequence[tuple[bytes, TermData]]) -> bytes:
    """Pack terms into a block."""
    data = [one for _, one in terms]
    times = [one.tfs for one in data if one.tfs is not None]
    frequencies = array("I", [len(one.docs) for one in data])
    dictionary = _packed(
        _column_bytes(frequencies),
        _column_bytes(array("I", [len(term) for term, _ in terms])),
        *(term for term, _ in terms),
    )
    documents = _packed(
        _column_bytes(_gaps(join_columns([one.docs for one in data], "I"), frequencies)),
        _column_bytes(array("I", [one.tfs is not None for one in data])),
        _column_bytes(join_columns(times, "I")),
    )
    places = b""
    if data[0].places is not None:
        column = join_columns([one.places for one in data if one.places is not None], "I")
        places = _packed(_column_bytes(column))
    rest = _HEAD.pack(0, len(dictionary), len(documents))[4:] + dictionary + documents + places
    return struct.pack("<I", crc32(rest)) + rest


def pack_names(names: Sequence[bytes]) -> bytes:
    """Pack the block names of a field."""
    body = _packed(_column_bytes(array("I", map(len, names))), *names)
    return struct.pack("<I", crc32(body)) + body


class BlockNames(Sequence[bytes]):
    """Names of blocks, packed by :func:`pack_names`.

    Each is decoded when read, and all of them after many lookups.
    """

    __slots__ = ("_body", "_ends", "_listed", "_sought")

    def __init__(self, data: bytes) -> None:
        """Raises TornError."""
        if len(data) <= 4 or crc32(memoryview(data)[4:]) != struct.unpack_from("<I", data)[0]:
            raise TornError("a checksum is wrong")
        self._body = _unpacked(data[4:])
        lengths, at = _column(self._body, 0)
        self._ends = list(accumulate(lengths, initial=at))
        self._listed: list[bytes] | None = None
        self._sought = 0

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> bytes:  # type: ignore[override]  # never sliced
        return self._body[self._ends[number] : self._ends[number + 1]]

    def find(self, term: bytes) -> int:
        """Index of the block that would contain ``term``."""
        body, ends = self._body, self._ends
        if self._listed is not None:
            return bisect_left(self._listed, term)
        self._sought += 1
        if self._sought * _OFTEN > len(self):
            self._listed = [body[start:end] for start, end in pairwise(ends)]
        return bisect_left(
            range(len(self)), term, key=lambda number: body[ends[number] : ends[number + 1]]
        )


def _gaps(joined: array[int], frequencies: array[int]) -> array[int]:
    """Gaps between the documents of each term, after its first document.

    ``joined`` are the documents of one term after the other.
    """
    docs = joined.tolist()
    gaps = list(map(sub, docs, chain((0,), docs)))
    for start in accumulate(frequencies[:-1], initial=0):
        gaps[start] = docs[start]
    return array("I", gaps)


def _packed(*parts: bytes) -> bytes:
    body = b"".join(parts)
    packed = zlib.compress(body, _LEVEL)
    return _PACKED + packed if len(packed) < len(body) else _PLAIN + body


def _unpacked(data: bytes) -> bytes:
    return zlib.decompress(memoryview(data)[1:]) if data[:1] == _PACKED else data[1:]


def _column_bytes(values: array[int]) -> bytes:
    """Pack non-negative numbers in the narrowest type that fits."""
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    raw, width = values.tobytes(), values.itemsize
    planes = [raw[at::width] for at in range(width)]
    while len(planes) > 1 and not b"".join(planes[len(planes) // 2 :]).strip(b"\0"):
        del planes[len(planes) // 2 :]
    return _COLUMN.pack(_KINDS[len(planes)], len(values)) + b"".join(planes)


def _column(data: bytes, at: int) -> tuple[array[int], int]:
    """The column that starts at ``at``, and its end."""
    kind, count = _COLUMN.unpack_from(data, at)
    column = array(kind.decode())
    width, at = column.itemsize, at + _COLUMN.size
    end = at + count * width
    if width == 1:
        column.frombytes(memoryview(data)[at:end])
        return column, end
    raw = bytearray(count * width)
    for plane in range(width):
        raw[plane::width] = data[at + plane * count : at + (plane + 1) * count]
    column.frombytes(raw)
    if sys.byteorder == "big":
        column.byteswap()
    return column, end
