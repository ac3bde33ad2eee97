"""Near-identical passages: drafts of one report, paragraphs repeated from year to year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from functools import reduce
from math import ceil
from operator import or_

from ..values import dataclass

SIMILAR = 0.9
"""Jaccard similarity of the words from which two passages are nearly the same."""
SHORT = 8
"""Passages of fewer words are the same only when every word is."""
COMPARED = 50
"""A passage is compared with this many before it in the list. Passages nearly the same have nearly
the same score, and so stand close together."""


@dataclass(slots=True)
class Group:
    """The passage that is shown, by its place in the list, and the ids of those left out for it."""

    place: int
    duplicates: list[str] = field(default_factory=list)


def group(passages: Iterable[tuple[str, str]]) -> Iterator[Group]:
    """Groups of (id, text), in order. The work is linear in the number of passages.

    Every group is complete only when the iteration ends.
    """
    heads: list[_Head] = []
    sizes: list[int] = []
    for place, (key, text) in enumerate(passages):
        mine = _Head(text.casefold().split(), Group(place))
        size = len(mine.words)
        least, most = _near(size)
        differing = size * (1 / SIMILAR - 1) + 1e-6
        begin = max(0, len(heads) - COMPARED)
        near = [at for at, other in enumerate(sizes[begin:], begin) if least <= other <= most]
        for at in reversed(near):
            # A bit that only one has stands for words that only one has, and of these there are few.
            if (mine.marks ^ heads[at].marks).bit_count() <= differing and _alike(mine, heads[at]):
                heads[at].group.duplicates.append(key)
                break
        else:
            heads.append(mine)
            sizes.append(size)
            yield mine.group


class _Head:
    """The words of a passage, and its group. ``marks`` has a bit for each word; two words may share one."""

    __slots__ = ("_kinds", "group", "marks", "words")

    def __init__(self, words: list[str], own: Group) -> None:
        self.words = words
        self.group = own
        self.marks = reduce(or_, map(_MARKS.__getitem__, words), 0)
        self._kinds: frozenset[str] | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """The distinct words."""
        if self._kinds is None:
            self._kinds = frozenset(self.words)
        return self._kinds


class _Marks(dict[str, int]):
    """Word → its bit."""

    LIMIT = 1 << 16

    def __missing__(self, word: str) -> int:
        if len(self) >= self.LIMIT:
            self.clear()
        mark = self[word] = 1 << hash(word) % 120
        return mark


_MARKS = _Marks()


def _near(size: int) -> tuple[int, int]:
    """The fewest and the most words of a passage that is nearly the same as one of ``size`` words."""
    if size < SHORT:
        return size, size
    return max(SHORT, ceil(SIMILAR * size)), int(size / SIMILAR)


def _alike(one: _Head, other: _Head) -> bool:
    """Whether two passages of about as many words are nearly the same."""
    if len(one.words) < SHORT:
        return one.words == other.words
    common = len(one.kinds & other.kinds)
    differing = len(one.kinds) + len(other.kinds) - 2 * common
    if common < SIMILAR * (common + differing):
        return False
    # The same sentence with another year or sum tells something else.
    return not any(character.isdigit() for word in one.kinds ^ other.kinds for character in word)
