"""All pairs of vectors above a cosine threshold, without computing all cosines.

Vectors of length 1 are mappings key → weight. The newer ones are kept as posting lists. For an
older one the lists are read from the rarest key on; the commonest keys, whose lists are longest,
are left out as long as their possible contribution to any cosine stays below the threshold: by the
Cauchy–Schwarz inequality, no more than the length of the older vector's part on those keys times
the greatest length of a newer one's. Vectors that have shared too little by then are dismissed by
the same bound with their own length; of the others the whole cosine is computed. No pair is lost:
this is the all-pairs search with bounds of lengths of Bayardo, Ma & Srikant ("Scaling up all pairs
similarity search", 2007) and Anastasiu & Karypis ("L2AP", 2014).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Posting = list[tuple[int, float]]

_SLACK = 1e-9  # above the rounding error of a bound
# Levels of commonness per doubling of a list's length: finer ones give tighter bounds and take more
# memory.
_STEPS = 3


def alike(
    older: Sequence[Mapping[Key, float]], newer: Sequence[Mapping[Key, float]], threshold: float
) -> Iterator[tuple[int, int, float]]:
    """All pairs with a cosine of at least ``threshold`` (> 0).

    Yields (index in ``older``, index in ``newer``, cosine).

    >>> list(alike([{"a": 0.6, "b": 0.8}], [{"c": 1.0}, {"b": 1.0}], 0.5))
    [(0, 1, 0.8)]
    """
    if not older or not newer:
        return
    numbers: dict[Key, int] = {}
    now = [
        {numbers.setdefault(key, len(numbers)): weight for key, weight in one.items()}
        for one in newer
    ]
    lists = _Lists(now, threshold - _SLACK)
    for place, whole in enumerate(older):
        then = {
            number: weight
            for key, weight in whole.items()
            if (number := numbers.get(key)) is not None
        }
        for other in lists.candidates(then):
            cosine = _cosine(then, now[other])
            if cosine >= threshold:
                yield place, other, cosine


def _cosine(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """The cosine, summed exactly, so that the order of keys does not matter."""
    return min(1.0, math.fsum([one[key] * other[key] for key in one.keys() & other.keys()]))


class _Lists:
    """Posting lists of the newer vectors, and norms of their common parts.

    The common part of a vector is its projection on common keys.
    """

    def __init__(self, vectors: Sequence[Mapping[int, float]], least: float) -> None:
        self._vectors = vectors
        self._least = least
        lists: defaultdict[int, Posting] = defaultdict(list)
        for place, one in enumerate(vectors):
            for key, weight in one.items():
                lists[key].append((place, weight))
        # The numbers of a list are recreated to be contiguous in memory, which makes reading three
        # times faster.
        self._lists = {
            key: [(place, weight + 0.0) for place, weight in posting]
            for key, posting in lists.items()
        }
        self._level = {key: int(_STEPS * math.log2(len(posting))) for key, posting in lists.items()}
        self._top = max(self._level.values(), default=0) + 1
        # By level, then by vector: norm of its part on keys of this level or a more common one.
        self._lengths = list(zip(*map(self._from_each_level, vectors), strict=True))
        self._longest = [max(level) for level in self._lengths]

    def _from_each_level(self, one: Mapping[int, float]) -> list[float]:
        squares = [0.0] * (self._top + 1)
        for key, weight in one.items():
            squares[self._level[key]] += weight * weight
        return [math.sqrt(total) for total in accumulate(reversed(squares))][::-1]

    def candidates(self, one: Mapping[int, float]) -> Iterator[int]:
        """Vectors whose cosine with ``one`` may reach the threshold.

        ``one`` has known keys only. The result contains all such vectors and few others.
        """
        keys = sorted((self._level[key], key, weight) for key, weight in one.items())
        end, length = self._needed(keys)
        shared = [0.0] * len(self._vectors)
        for _, key, weight in keys[:end]:
            for place, theirs in self._lists[key]:
                shared[place] += weight * theirs
        lengths = self._lengths[keys[end][0] if end < len(keys) else self._top]
        rest = {key: weight for _, key, weight in keys[end:]}
        for place, total in enumerate(shared):
            if total and total + length * lengths[place] >= self._least:
                other = self._vectors[place]
                if (
                    total + sum([rest[key] * other[key] for key in rest.keys() & other.keys()])
                    >= self._least
                ):
                    yield place

    def _needed(self, keys: Sequence[tuple[int, int, float]]) -> tuple[int, float]:
        """The number of ``keys``, sorted by level, that must be read.

        Also returns the norm of the part on the others.
        """
        end, square = len(keys), 0.0
        while end:
            level, _, weight = keys[end - 1]
            if math.sqrt(square + weight * weight) * self._longest[level] >= self._least:
                break
            square += weight * weight
            end -= 1
        return end, math.sqrt(square)
