"""Impacts: term frequencies and document lengths in one byte per document.

As in Lucene, an impact is a term frequency together with a document length. Both are rounded here
to classes, so the impacts of a term are a column of one byte per document, and a table of 256
entries turns them into upper bounds of the term's scores.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Sequence
from itertools import repeat
from math import ceil
from typing import NamedTuple

from .source import Postings

_LENGTH_BITS = 5  # of a length class; the rest is the frequency class
_LENGTHS = 1 << _LENGTH_BITS
_FREQUENCIES = 256 >> _LENGTH_BITS  # 0: the term does not occur; the last has no upper limit
# translation table from impacts: 1 where the term occurs
PRESENT = bytes(_LENGTHS) + b"\1" * (256 - _LENGTHS)
# translation table from frequencies to their classes in the upper bits
_CLASS_OF = bytes(min(times, _FREQUENCIES - 1) << _LENGTH_BITS for times in range(256))
_LONG = 0.9  # of the documents; longer ones are one class


class LengthClasses(NamedTuple):
    """Classes of the lengths of a field.

    ``column`` is the class of each document as an integer of one byte per document, the first in
    the lowest; ``norms`` is the least norm in each class.
    """

    column: int
    norms: Sequence[float]

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
        return cls(int.from_bytes(column, "little"), [norms[length] for length in firsts])


class Impacts(NamedTuple):
    """Impacts of a term by document: frequency class, then length class.

    ``limit`` is the limit of its scores for boost 1 as the frequency grows, ``most`` its greatest
    frequency.
    """

    column: bytes
    limit: float
    most: int
    norms: Sequence[float]

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
        return cls(merged.to_bytes(count, "little"), limit, most, lengths.norms)

    def bounds(self, unit: float) -> bytes:
        """Table of the scores for boost 1, rounded up to multiples of ``unit``."""
        table, limit, last = bytearray(256), self.limit / unit, _FREQUENCIES - 1
        for times in range(1, min(self.most, last) + 1):
            tf = times if times < last else self.most
            start = times << _LENGTH_BITS
            for at, norm in enumerate(self.norms, start):
                table[at] = ceil(limit * tf / (tf + norm))
        return bytes(table)

    def greatest(self) -> float:
        """Upper bound of all scores for boost 1."""
        return self.limit * self.most / (self.most + self.norms[0])

    def frequencies(self, docs: Collection[int]) -> list[tuple[int, int]]:
        """Those of ``docs`` that contain the term, and how often.

        0 stands for a frequency in the last class.
        """
        column, absent, last = self.column, _LENGTHS - 1, _FREQUENCIES - 1
        return [
            (doc, (impact >> _LENGTH_BITS) % last)
            for doc in docs
            if (impact := column[doc]) > absent
        ]
