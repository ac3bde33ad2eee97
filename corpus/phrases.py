"""Finding set phrases in running text, as tracuu compares words everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..vietnamese import tokenise

Payload = TypeVar("Payload")


def words_of(text: str) -> list[str]:
    """The canonical syllables and numbers of ``text``, in order, punctuation and codes left out."""
    return [token.text for token in tokenise(text) if token.kind != "code"]


@dataclass(frozen=True)
class Match(Generic[Payload]):
    """A phrase found: token positions ``start`` to ``end`` (exclusive), and what it stands for."""

    start: int
    end: int
    payload: Payload


class PhraseBook(Generic[Payload]):
    """Phrases and what each stands for; of phrases that overlap the one beginning first and longest wins."""

    def __init__(self, entries: Iterable[tuple[str, Payload]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Payload]]] = {}
        for phrase, payload in entries:
            key = tuple(words_of(phrase))
            if key:
                self._by_first.setdefault(key[0], []).append((key, payload))
        for phrases in self._by_first.values():
            phrases.sort(key=lambda entry: -len(entry[0]))

    def find(self, words: Sequence[str]) -> list[Match[Payload]]:
        """The phrases in ``words`` (as :func:`words_of` gives them), from left to right, none overlapping."""
        found: list[Match[Payload]] = []
        place = 0
        size = len(words)
        while place < size:
            for key, payload in self._by_first.get(words[place], ()):
                if tuple(words[place : place + len(key)]) == key:
                    found.append(Match(place, place + len(key), payload))
                    place += len(key)
                    break
            else:
                place += 1
        return found
