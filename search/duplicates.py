"""Near-identical passages: drafts of one report, paragraphs repeated from year to year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from math import ceil

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
    of_length: dict[int, list[int]] = {}  # number of words → heads, by their place in the list of heads
    for place, (key, text) in enumerate(passages):
        mine = _Head(text.casefold().split(), Group(place))
        length = len(mine.words)
        near = [at for size in _near(length) for at in of_length.get(size, ()) if at >= len(heads) - COMPARED]
        near.sort(reverse=True)
        same = next((heads[at] for at in near if _alike(mine, heads[at])), None)
        if same is not None:
            same.group.duplicates.append(key)
            continue
        of_length.setdefault(length, []).append(len(heads))
        heads.append(mine)
        yield mine.group


class _Head:
    """The words of a passage, and its group."""

    __slots__ = ("_kinds", "group", "words")

    def __init__(self, words: list[str], own: Group) -> None:
        self.words = words
        self.group = own
        self._kinds: frozenset[str] | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """The distinct words."""
        if self._kinds is None:
            self._kinds = frozenset(self.words)
        return self._kinds


def _near(length: int) -> range:
    """How many words a passage may have to be nearly the same as one of ``length``."""
    if length < SHORT:
        return range(length, length + 1)
    return range(max(SHORT, ceil(SIMILAR * length)), int(length / SIMILAR) + 1)


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
