"""Occurrences of a phrase.

Occurrences are counted by their start position. An ordered phrase has ascending positions; in an
unordered one each token has its own position. Between the first and the last of the ``n`` positions
lie at most ``n - 2 + slop`` others.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from .source import POSITION_BITS

_MASK = (1 << POSITION_BITS) - 1
# ratio of lengths from which binary search is faster than hashing
_BISECT = 24


def phrase_frequencies(
    places: Sequence[array[int]], slop: int, ordered: bool, allowed: Collection[int] | None
) -> Mapping[int, int]:
    """Document → number of occurrences; ``places`` holds the positions of each token."""
    if not places or not all(places):
        return {}
    if slop <= 0 and (ordered or len(places) == 1):
        return Counter(key >> POSITION_BITS for key in _adjacent(places, allowed))
    found = {}
    for doc, positions in _by_document(places, allowed):
        times = _in_order(positions, slop) if ordered else _in_any_order(positions, slop)
        if times:
            found[doc] = times
    return found


def _adjacent(places: Sequence[array[int]], allowed: Collection[int] | None) -> Iterable[int]:
    """Start positions of the exact phrase.

    Starts from the rarest token and looks for the others around it.
    """
    rarest = min(range(len(places)), key=lambda at: len(places[at]))
    starts: Collection[int] = {key - rarest for key in places[rarest]}
    if allowed is not None:
        starts = [key for key in starts if (key + rarest) >> POSITION_BITS in allowed]
    for at in sorted(range(len(places)), key=lambda at: len(places[at])):
        if at == rarest or not starts:
            continue
        keys = places[at]
        if len(starts) * _BISECT < len(keys):
            starts = [key for key in starts if _holds(keys, key + at)]
        else:
            known = set(keys)
            starts = [key for key in starts if key + at in known]
    return starts


def _holds(keys: array[int], key: int) -> bool:
    at = bisect_left(keys, key)
    return at < len(keys) and keys[at] == key


def _by_document(
    places: Sequence[array[int]], allowed: Collection[int] | None
) -> Iterable[tuple[int, list[list[int]]]]:
    """For each document with all tokens, the ascending positions of each."""
    grouped: list[dict[int, list[int]]] = []
    common: Collection[int] | None = allowed
    for keys in sorted(places, key=len):
        groups: dict[int, list[int]] = defaultdict(list)
        for key in dict.fromkeys(keys):
            doc = key >> POSITION_BITS
            if common is None or doc in common:
                groups[doc].append(key & _MASK)
        grouped.append(groups)
        common = groups
    order = sorted(range(len(places)), key=lambda at: len(places[at]))
    rank = {at: position for position, at in enumerate(order)}
    for doc in common or ():
        yield doc, [grouped[rank[at]][doc] for at in range(len(places))]


def _in_order(positions: Sequence[list[int]], slop: int) -> int:
    """Number of start positions of an ordered phrase.

    Choosing the earliest next token always gives the narrowest window.
    """
    reach = len(positions) - 1 + slop
    times = 0
    for start in positions[0]:
        last = start
        for following in positions[1:]:
            at = bisect_right(following, last)
            if at == len(following):
                return times
            last = following[at]
        times += last - start <= reach
    return times


def _in_any_order(positions: Sequence[list[int]], slop: int) -> int:
    reach = len(positions) - 1 + slop
    return sum(
        _window(positions, start, start + reach) for start in sorted(set().union(*positions))
    )


def _window(positions: Sequence[list[int]], start: int, end: int) -> bool:
    """Whether a token is at ``start`` and the others follow up to ``end``.

    Each token needs its own position.
    """
    inside = [
        places[bisect_right(places, start) : bisect_right(places, end)] for places in positions
    ]
    for first, places in enumerate(positions):
        if _holds_position(places, start):
            others = inside[:first] + inside[first + 1 :]
            if _distinct(others):
                return True
    return False


def _holds_position(places: list[int], position: int) -> bool:
    at = bisect_left(places, position)
    return at < len(places) and places[at] == position


def _distinct(choices: Sequence[Sequence[int]]) -> bool:
    """Whether a distinct number can be chosen from each list (Kuhn's matching)."""
    owner: dict[int, int] = {}

    def place(token: int, tried: set[int]) -> bool:
        for position in choices[token]:
            if position not in tried:
                tried.add(position)
                if position not in owner or place(owner[position], tried):
                    owner[position] = token
                    return True
        return False

    return all(place(token, set()) for token in range(len(choices)))
