"""Find set phrases in running text, by canonical tokens."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from ..vietnamese.tokens import columns_of

Payload = TypeVar("Payload")

_CACHED_LENGTH = 4_000  # characters; the words of longer texts are not cached


def words_of(text: str) -> list[str]:
    """The canonical syllables and numbers of ``text``, without punctuation and codes."""
    # the rules examine the words of a paragraph a dozen times
    return _cached(text).copy() if len(text) <= _CACHED_LENGTH else columns_of(text).plain_texts


@lru_cache(maxsize=2048)
def _cached(text: str) -> list[str]:
    return columns_of(text).plain_texts


def words_behind(text: str, offset: int) -> list[str]:
    """The words of ``text[offset:]``.

    They are taken from the cached words of ``text`` if no token crosses ``offset``.
    """
    columns = columns_of(text)
    first = bisect_left(columns.starts, offset)
    if any(end > offset for end in columns.ends[:first]):
        return words_of(text[offset:])
    return columns.plain_texts_from(first)


@dataclass(frozen=True)
class PhraseMatch(Generic[Payload]):
    """A phrase found, from token ``start`` to ``end`` (exclusive), and its meaning."""

    start: int
    end: int
    payload: Payload


class PhraseBook(Generic[Payload]):
    """Phrases and their meanings.

    Of overlapping phrases the first wins, then the longest.
    """

    def __init__(self, entries: Iterable[tuple[str, Payload]]) -> None:
        self._by_first: dict[str, list[tuple[list[str], Payload]]] = {}
        for phrase, payload in entries:
            key = words_of(phrase)
            if key:
                self._by_first.setdefault(key[0], []).append((key, payload))
        for phrases in self._by_first.values():
            phrases.sort(key=lambda entry: -len(entry[0]))

    def begins(self, word: str) -> bool:
        """Whether a phrase begins with ``word``."""
        return word in self._by_first

    def find(self, words: Sequence[str]) -> list[PhraseMatch[Payload]]:
        """The phrases in ``words`` (see :func:`words_of`) from left to right."""
        by_first = self._by_first
        if not isinstance(words, list):
            words = list(words)
        starts = [place for place, word in enumerate(words) if word in by_first]
        found: list[PhraseMatch[Payload]] = []
        end = 0  # end of the last phrase
        for place in starts:
            if place < end:
                continue
            for key, payload in by_first[words[place]]:
                if words[place : place + len(key)] == key:
                    end = place + len(key)
                    found.append(PhraseMatch(place, end, payload))
                    break
        return found
