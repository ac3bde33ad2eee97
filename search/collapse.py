"""Near-identical passages: drafts of a report, paragraphs repeated every year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil
from typing import NamedTuple

# Jaccard similarity of the words from which two passages are nearly the same.
SIMILAR = 0.9
# Passages of fewer words are the same only when every word is.
SHORT = 8
# A passage is compared with this many before it in the list. Passages nearly the same have nearly
# the same score, and so stand close together.
COMPARED = 50

_KEPT_LENGTH = 2000  # characters; the words of longer texts are not kept


@dataclass(slots=True)
class DuplicateGroup:
    """A passage that is shown, and the ids of those left out for it.

    ``place`` is its place in the list.
    """

    place: int
    duplicates: list[str] = field(default_factory=list)


def group(passages: Iterable[tuple[str, str]]) -> Iterator[DuplicateGroup]:
    """Groups of (id, text), in order. The work is linear in the number of passages.

    Every group is complete only when the iteration ends.
    """
    heads: list[_Head] = []
    # Number of distinct words → the heads that have so many, rising.
    by_kinds: dict[int, list[int]] = {}
    for place, (key, text) in enumerate(passages):
        words, kinds = _kept_words(text) if len(text) <= _KEPT_LENGTH else _words_of(text)
        mine = _Head(words, kinds, DuplicateGroup(place))
        same = _latest_alike(mine, heads, by_kinds)
        if same is not None:
            same.group.duplicates.append(key)
            continue
        by_kinds.setdefault(len(kinds), []).append(len(heads))
        heads.append(mine)
        yield mine.group


def _latest_alike(
    mine: _Head, heads: Sequence[_Head], by_kinds: Mapping[int, Sequence[int]]
) -> _Head | None:
    """The last of the heads compared that is nearly the same."""
    begin = len(heads) - COMPARED
    least, most = _near(len(mine.words))
    fewest, greatest = _near(len(mine.kinds))
    near = [
        at
        for size in range(fewest, greatest + 1)
        if size in by_kinds
        for at in by_kinds[size]
        if at >= begin and least <= len(heads[at].words) <= most
    ]
    near.sort(reverse=True)
    return next((heads[at] for at in near if _alike(mine, heads[at])), None)


def _words_of(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    words = tuple(text.casefold().split())
    return words, frozenset(words)


# The next page or search often compares the same passages.
_kept_words = lru_cache(maxsize=1024)(_words_of)


class _Head(NamedTuple):
    """A passage that is shown: its words, which of them are distinct, and its group."""

    words: tuple[str, ...]
    kinds: frozenset[str]
    group: DuplicateGroup


def _near(size: int) -> tuple[int, int]:
    """Range of lengths of near-identical passages to one of ``size`` words.

    In words, or in distinct words.
    """
    return ceil(SIMILAR * size), int(size / SIMILAR)


def _alike(one: _Head, other: _Head) -> bool:
    """Whether two passages of about as many words are nearly the same."""
    if len(one.words) < SHORT or len(other.words) < SHORT:
        return one.words == other.words
    common = len(one.kinds & other.kinds)
    differing = len(one.kinds) + len(other.kinds) - 2 * common
    if common < SIMILAR * (common + differing):
        return False
    # The same sentence with another year or sum has another meaning.
    return not any(character.isdigit() for word in one.kinds ^ other.kinds for character in word)
