"""Near-identical passages: drafts of one report, paragraphs repeated from year to year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field

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
    heads: list[tuple[list[str], frozenset[str], Group]] = []
    for place, (key, text) in enumerate(passages):
        words = text.casefold().split()
        kinds = frozenset(words)
        same = next((head for head in reversed(heads[-COMPARED:]) if _alike(words, kinds, *head[:2])), None)
        if same is not None:
            same[2].duplicates.append(key)
            continue
        found = Group(place)
        heads.append((words, kinds, found))
        yield found


def _alike(words: list[str], kinds: frozenset[str], others: list[str], other_kinds: frozenset[str]) -> bool:
    if len(words) < SHORT or len(others) < SHORT:
        return words == others
    if not SIMILAR <= len(words) / len(others) <= 1 / SIMILAR:
        return False
    differing = kinds ^ other_kinds
    common = (len(kinds) + len(other_kinds) - len(differing)) // 2
    if common < SIMILAR * (common + len(differing)):
        return False
    # The same sentence with another year or sum tells something else.
    return not any(character.isdigit() for word in differing for character in word)
