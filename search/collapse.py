"""Near-identical passages: drafts of a report, paragraphs repeated every year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    sizes: list[tuple[int, int]] = []
    for place, (key, text) in enumerate(passages):
        words, kinds = _kept_words(text) if len(text) <= _KEPT_LENGTH else _words_of(text)
        mine = _Head(words, kinds, DuplicateGroup(place))
        size = len(words), len(mine.kinds)
        (least, most), (fewest, greatest) = map(_near, size)
        begin = max(0, len(heads) - COMPARED)
        near = [
            at
            for at, (length, kinds) in enumerate(sizes[begin:], begin)
            if fewest <= kinds <= greatest and least <= length <= most
        ]
        same = (
            next((heads[at] for at in reversed(near) if _alike(mine, heads[at])), None)
            if near
            else None
        )
        if same is not None:
            same.group.duplicates.append(key)
            continue
        heads.append(mine)
        sizes.append(size)
        yield mine.group


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
