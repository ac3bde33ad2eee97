"""Restore diacritics in reports typed without them ("BAO CAO", "Ve kinh te").

The marks are restored before a report is parsed, so that every pattern, phrase and learnt weight
needs only one form. Of all words with the same unmarked form, the most probable sequence is chosen
(bigrams, smoothed by linear interpolation, best path by Viterbi; Jurafsky and Martin, *Speech and
Language Processing*, 3rd edition, chapters 3 and 17). The restored words are used internally only:
the length of the text is unchanged, and a report shows the text as typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from math import log
from typing import NamedTuple

from ..vietnamese import fold

WORD = re.compile(r"[^\W\d_]+")  # A word of letters

# Stands for any number.
NUMBER = "#"

_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_JOINED = re.compile(r"[\s\-–—]*")  # between neighbouring words
_CODE = "/&"  # beside a part of a document number or an abbreviation: "BC/DU", "T/M"
_ABBREVIATION = 4  # maximum capitals of an abbreviation before a full stop or bracket: "TM.", "VI."
_TRUST = 0.9  # weight of the preceding word against the word's own frequency
_PHRASES = 1  # occurrences that a phrase of the taxonomy counts as
_PLAIN_BYTES = 1.1  # UTF-8 bytes a character of unmarked text, at most; Vietnamese has about 1.3
_ENOUGH = 2_000  # words examined, at most
_FEWEST = 8
_MARKED = 0.05  # maximum share of words with marks, such as names or pasted words
_VIETNAMESE = 0.8  # minimum share of Vietnamese words; English text reaches a third


class BigramTable(NamedTuple):
    """Frequencies of words and of word pairs in running text."""

    words: dict[str, float]
    after: dict[str, dict[str, float]]

    @classmethod
    def parse(cls, text: str) -> BigramTable:
        """Parse the table in ``text``.

        A line holds a word and its count, then the words that follow it with their counts.
        """
        table = cls({}, {})
        for line in text.splitlines():
            word, count, *following = line.split(" ")
            table.words[word] = float(count)
            table.after[word] = dict(zip(following[::2], map(float, following[1::2]), strict=True))
        return table

    def write(self) -> str:
        """The text that :meth:`parse` reads."""
        rows = []
        for word, count in sorted(self.words.items()):
            following = sorted(self.after.get(word, {}).items())
            rows.append(
                [
                    word,
                    f"{count:g}",
                    *(part for other, n in following for part in (other, f"{n:g}")),
                ]
            )
        return "".join(" ".join(row) + "\n" for row in rows)

    def learn(self, text: str, times: float = 1) -> None:
        """Count the words of ``text``."""
        before = ""
        for word, joined in _tokens(text.lower()):
            self.words[word] = self.words.get(word, 0) + times
            if joined:
                following = self.after.setdefault(before, {})
                following[word] = following.get(word, 0) + times
            before = word


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """The words of ``text``, each with whether it directly follows the one before.

    Numbers count as one word. Only blanks or a dash may stand between words that follow directly.
    """
    end = 0
    for found in _TOKEN.finditer(text):
        joined = end > 0 and _JOINED.fullmatch(text, end, found.start()) is not None
        yield NUMBER if found[0].isdigit() else found[0], joined
        end = found.end()


@lru_cache(maxsize=1)
def _shipped() -> str:
    return files(__package__).joinpath("models/words.txt").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _bare_words() -> frozenset[str]:
    return frozenset(fold(word) for word in BigramTable.parse(_shipped()).words)


def is_unmarked(texts: Sequence[str]) -> bool:
    """Whether ``texts`` are Vietnamese with (almost) no diacritics."""
    characters = sum(map(len, texts))
    if (
        sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
        > _PLAIN_BYTES * characters
    ):
        return False  # the case of nearly every report
    words = list(
        islice(
            (word for text in texts for word in WORD.findall(text.lower()) if len(word) > 1),
            _ENOUGH,
        )
    )
    marked = sum(fold(word) != word for word in words)
    if len(words) < _FEWEST or marked > _MARKED * len(words):
        return False
    return sum(word in _bare_words() for word in words) >= _VIETNAMESE * len(words)


def marked_words(texts: Iterable[str]) -> frozenset[str]:
    """The words of ``texts`` that have marks."""
    return frozenset(
        word
        for text in texts
        if not text.isascii()
        for word in WORD.findall(text)
        if fold(word) != word
    )


def as_typed(text: str, typed: frozenset[str]) -> str:
    """``text`` without the restored marks.

    ``typed`` are the words that had marks before.
    """
    return (
        WORD.sub(lambda found: found[0] if found[0] in typed else fold(found[0]), text)
        if typed
        else fold(text)
    )


class DiacriticRestorer:
    """Restores diacritics.

    ``phrases`` are set phrases to recognise, besides the words of running text.
    """

    def __init__(self, phrases: Iterable[str] = ()) -> None:
        table = BigramTable.parse(_shipped())
        for phrase in phrases:
            table.learn(phrase, _PHRASES)
        self._after = table.after
        self._count = table.words
        self._total = sum(table.words.values())
        self._meant: dict[str, list[str]] = {}
        for word in table.words:
            self._meant.setdefault(fold(word), []).append(word)

    def mark(self, text: str, typed: frozenset[str] = frozenset()) -> str:
        """Restore the marks of ``text``, keeping its length.

        Words of ``typed`` are never inserted, so that :func:`as_typed` can undo the restoration.
        """
        found = list(_TOKEN.finditer(text))
        joins = [joined for _, joined in _tokens(text)]
        words = self._best([self._choices(text, token) for token in found], joins)
        letters = list(text)
        for token, word in zip(found, words, strict=True):
            if word == NUMBER:
                continue
            put = "".join(
                b.upper() if a.isupper() else b for a, b in zip(token[0], word, strict=True)
            )
            if put not in typed:
                letters[token.start() : token.end()] = put
        return "".join(letters)

    def _choices(self, text: str, token: re.Match[str]) -> list[str]:
        """The possible words for an unmarked word."""
        raw, word = token[0], token[0].lower()
        if word.isdigit():
            return [NUMBER]
        beside = (
            text[max(0, token.start() - 1) : token.start()] + text[token.end() : token.end() + 1]
        )
        stops = text[token.end() : token.end() + 1] in (".", ")", "/", "-", ":")
        short = (raw.isupper() and len(raw) <= _ABBREVIATION) or len(raw) == 1
        if (
            any(mark in beside for mark in _CODE)
            or (short and stops)
            or (len(raw) == 1 and raw.isupper())
        ):
            return [word]
        return self._meant.get(word) or [word]

    def _best(self, choices: Sequence[Sequence[str]], joins: Sequence[bool]) -> list[str]:
        """The most probable sequence with one word of each of ``choices``."""
        scores: dict[str, float] = {"": 0.0}
        ways: list[dict[str, str]] = []
        for words, joined in zip(choices, joins, strict=True):
            reached: dict[str, float] = {}
            way: dict[str, str] = {}
            for word in words:
                alone = (self._count.get(word, 0) + 0.01) / self._total
                reached[word], way[word] = max(
                    (score + log(self._chance(before, word, alone) if joined else alone), before)
                    for before, score in scores.items()
                )
            scores = reached
            ways.append(way)
        last = max(scores, key=scores.__getitem__)
        best = []
        for way in reversed(ways):
            best.append(last)
            last = way[last]
        return best[::-1]

    def _chance(self, before: str, word: str, alone: float) -> float:
        seen = self._after.get(before, {}).get(word, 0) / (self._count.get(before, 0) + 0.1)
        return _TRUST * seen + (1 - _TRUST) * alone
