"""Set phrases found in running text, compared as tracuu compares all words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Generic, TypeVar

from ..vietnamese import tokenise

Payload = TypeVar("Payload")


def words_of(text: str) -> list[str]:
    """The canonical syllables and numbers of ``text``, without punctuation and codes."""
    # by number: by name it takes twice the time
    return [token[0] for token in tokenise(text) if token[4] != "code"]


def words_behind(text: str, offset: int) -> list[str]:
    """The words of ``text[offset:]``.

    They are taken from the remembered words of ``text`` where no token lies across the cut.
    """
    tokens = tokenise(text)
    if any(token[2] > offset for token in takewhile(lambda token: token[1] < offset, tokens)):
        return words_of(text[offset:])
    return [token[0] for token in tokens if token[1] >= offset and token[4] != "code"]


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
        self._by_first: dict[str, list[tuple[tuple[str, ...], Payload]]] = {}
        for phrase, payload in entries:
            key = tuple(words_of(phrase))
            if key:
                self._by_first.setdefault(key[0], []).append((key, payload))
        for phrases in self._by_first.values():
            phrases.sort(key=lambda entry: -len(entry[0]))

    def find(self, words: Sequence[str]) -> list[PhraseMatch[Payload]]:
        """The phrases in ``words`` (see :func:`words_of`) from left to right."""
        found: list[PhraseMatch[Payload]] = []
        place = 0
        size = len(words)
        while place < size:
            for key, payload in self._by_first.get(words[place], ()):
                if tuple(words[place : place + len(key)]) == key:
                    found.append(PhraseMatch(place, place + len(key), payload))
                    place += len(key)
                    break
            else:
                place += 1
        return found
