"""Impacts: term frequencies and document lengths in one byte per document.

As in Lucene, an impact is a term frequency together with a document length. Both are rounded here
to classes, so the impacts of a term are a column of one byte per document, and a table of 256
entries turns them into upper bounds of the term's scores.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import repeat
from math import ceil
from typing import NamedTuple

from .source import Postings

_LENGTH_BITS = 5  # of a length class; the rest is the frequency class
_LENGTHS = 1 << _LENGTH_BITS
_FREQUENCIES = 256 >> _LENGTH_BITS  # 0: the term does not occur; the last has no upper limit
MANY_TIMES = _FREQUENCIES - 1  # stands for this frequency and all above
_FREQUENCY_OF = bytes(impact >> _LENGTH_BITS for impact in range(256))
# translation table from impacts: 1 where the term occurs
PRESENT = bytes(_LENGTHS) + b"\1" * (256 - _LENGTHS)
# translation table from frequencies to their classes in the upper bits
_CLASS_OF = bytes(min(times, MANY_TIMES) << _LENGTH_BITS for times in range(256))
_LONG = 0.9  # of the documents; longer ones are one class


class LengthClasses(NamedTuple):
    """Classes of the lengths of a field.

    ``column`` is the class of each document as an integer of one byte per document, the first in
    the lowest; ``norms`` is the least norm in each class. ``shares`` are the greatest scores of
    impacts below the last frequency class, as parts of their limit.
    """

    column: int
    norms: Sequence[float]
    shares: Sequence[float]

    @classmethod
    def of(cls, lengths: array[int], norms: Sequence[float]) -> LengthClasses:
        """Classes of similar scores; ``norms`` are by length."""
        ordered = sorted(filter(None, lengths))
        ends = (ordered[0], ordered[int(_LONG * len(ordered))]) if ordered else (0, 0)
        least, long = (min(length, len(norms) - 1) for length in ends)  # deleted ones may be longer
        ratio = ((1 + norms[long]) / (1 + norms[least])) ** (1 / (_LENGTHS - 1))
        firsts = [least]
        for length in range(least + 1, long + 1):
            if 1 + norms[length] >= (1 + norms[firsts[-1]]) * ratio and len(firsts) < _LENGTHS:
                firsts.append(length)
        classes = [max(bisect_right(firsts, n) - 1, 0) for n in range(max(lengths, default=0) + 1)]
        column = bytes(map(classes.__getitem__, lengths))
        kept = [norms[length] for length in firsts]
        shares = [0.0] * _LENGTHS
        for tf in range(1, MANY_TIMES):
            shares += [tf / (tf + norm) for norm in kept]
            shares += [0.0] * (_LENGTHS - len(kept))
        return cls(int.from_bytes(column, "little"), kept, shares)


class Impacts(NamedTuple):
    """Impacts of a term by document: frequency class, then length class.

    ``limit`` is the limit of its scores for boost 1 as the frequency grows, ``most`` its greatest
    frequency.
    """

    column: bytes
    limit: float
    most: int
    lengths: LengthClasses

    @classmethod
    def of(cls, postings: Postings, limit: float, lengths: LengthClasses, count: int) -> Impacts:
        """The impacts of a term that occurs; ``count`` is the number of documents."""
        column = bytearray(count)
        if postings.tfs is None:
            most = 1
            for doc in postings.docs:
                column[doc] = 1 << _LENGTH_BITS
        else:
            most = max(postings.tfs)
            if postings.tfs.typecode == "B":
                tfs = postings.tfs.tobytes()
            else:
                tfs = bytes(map(min, postings.tfs, repeat(255)))
            for doc, times in zip(postings.docs, tfs.translate(_CLASS_OF), strict=True):
                column[doc] = times
        merged = int.from_bytes(column, "little") | lengths.column
        return cls(merged.to_bytes(count, "little"), limit, most, lengths)

    def bounds(self, unit: float) -> bytes:
        """Table of the scores for boost 1, rounded up to multiples of ``unit``."""
        limit, norms, rest = self.limit / unit, self.lengths.norms, b""
        frequent = min(self.most, MANY_TIMES - 1)
        shares = self.lengths.shares[: (frequent + 1) << _LENGTH_BITS]
        table = bytes(map(ceil, map(limit.__mul__, shares)))
        if self.most > frequent:
            rest = bytes([ceil(limit * self.most / (self.most + norm)) for norm in norms])
        return (table + rest).ljust(256, b"\0")

    def greatest(self) -> float:
        """Upper bound of all scores for boost 1."""
        return self.limit * self.most / (self.most + self.lengths.norms[0])

    def frequencies(self, docs: Iterable[int]) -> Sequence[int]:
        """How often the term occurs in each of ``docs``, at most MANY_TIMES."""
        return bytes(map(self.column.__getitem__, docs)).translate(_FREQUENCY_OF)
