"""The share of Vietnamese words in a text, used to judge encodings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from ...vietnamese.syllables import is_syllable

# A word in an unknown encoding: ASCII letters and any non-ASCII character except general
# punctuation (dashes, curly quotes, bullets, ellipses), which legacy encodings do not use in words.
_WORD = re.compile(r"[A-Za-z\x80-\u1fff\u2070-\ufffe]+")
_VIETNAMESE = re.compile("[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
_SAMPLE = 60_000


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of the words of a text that show whether it is Vietnamese.

    ``marked`` counts the distinct words with an ASCII letter and another character, or with two or
    more non-ASCII characters; ``valid`` counts those that are Vietnamese syllables; ``words`` all
    words, including repeated ones.
    """

    marked: int
    valid: int
    words: int

    @property
    def rate(self) -> float:
        """Share of marked words that are Vietnamese syllables, from 0 to 1.

        0 without marked words."""
        return self.valid / self.marked if self.marked else 0.0


@lru_cache(maxsize=20_000)
def _is_valid(word: str) -> bool:
    # Capitals inside a word indicate a wrong table: `CộNG`, but `Cộng` and `CỘNG` are fine.
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    return is_syllable(word.lower())


def score(text: str) -> Score:
    """The :class:`Score` of ``text`` (its first 60,000 characters), compared in NFC."""
    text = unicodedata.normalize("NFC", text[:_SAMPLE])
    words = _WORD.findall(text)
    marked = {word for word in words if not word.isascii() and len(word) > 1}
    return Score(len(marked), sum(1 for word in marked if _is_valid(word)), len(words))


def has_vietnamese_letters(text: str) -> bool:
    """Whether ``text`` (NFC) contains a Vietnamese letter outside windows-1252.

    These are ``ă đ ơ ư ạ … ỹ``.
    """
    return _VIETNAMESE.search(text) is not None
