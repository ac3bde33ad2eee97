"""Near-identical passages: drafts of a report, paragraphs repeated every year."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Reversible
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import ceil
from string import digits
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


def group(passages: Iterable[tuple[str, str]]) -> list[DuplicateGroup]:
    """Groups of (id, text), in order. The work is linear in the number of passages."""
    groups: list[DuplicateGroup] = []
    by_digits: dict[str, deque[_Head]] = {}
    for place, (key, text) in enumerate(passages):
        # Heads with the same digits, of those compared.
        heads = by_digits.setdefault(_digits(text), deque(maxlen=COMPARED))
        mine = _Head(text, len(groups), DuplicateGroup(place))
        same = _latest_alike(mine, heads) if heads else None
        if same is not None:
            same.group.duplicates.append(key)
            continue
        heads.append(mine)
        groups.append(mine.group)
    return groups


def _latest_alike(mine: _Head, heads: Reversible[_Head]) -> _Head | None:
    """The last of the heads compared that is nearly the same."""
    least, most = _near(mine.words.length)
    begin = mine.number - COMPARED
    for head in reversed(heads):
        if least <= head.words.length <= most and head.number >= begin and _alike(mine, head):
            return head
    return None


def _digits(text: str) -> str:
    """Which digits the text holds. Passages nearly the same hold the same: see :func:`_alike`.

    Few others do, which saves splitting most texts into words.
    """
    return "".join(filter(text.__contains__, digits))


class _Words(NamedTuple):
    """How many words a text has, which ones, and all in order if they are few."""

    length: int
    kinds: frozenset[str]
    few: list[str] | None


def _words_of(text: str) -> _Words:
    words = text.casefold().split()
    return _Words(len(words), frozenset(words), words if len(words) < SHORT else None)


# The next page or search often compares the same passages.
_kept_words = lru_cache(maxsize=1024)(_words_of)


@dataclass(eq=False)
class _Head:
    """A passage that is shown, the number of groups before it, and its group."""

    text: str
    number: int
    group: DuplicateGroup

    @cached_property
    def words(self) -> _Words:
        """Its words, split when they are first compared."""
        return _kept_words(self.text) if len(self.text) <= _KEPT_LENGTH else _words_of(self.text)


def _near(size: int) -> tuple[int, int]:
    """Range of lengths of near-identical passages to one of ``size`` words.

    In words, or in distinct words.
    """
    return ceil(SIMILAR * size), int(size / SIMILAR)


def _alike(mine: _Head, other: _Head) -> bool:
    """Whether two passages of about as many words are nearly the same."""
    one, two = mine.words, other.words
    if one.few is not None or two.few is not None:
        return one.few == two.few
    fewest, greatest = _near(len(one.kinds))
    if not fewest <= len(two.kinds) <= greatest:
        return False
    common = len(one.kinds & two.kinds)
    differing = len(one.kinds) + len(two.kinds) - 2 * common
    if common < SIMILAR * (common + differing):
        return False
    # The same sentence with another year or sum has another meaning.
    return not any(character.isdigit() for word in one.kinds ^ two.kinds for character in word)
