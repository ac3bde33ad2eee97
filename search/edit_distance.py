"""Words one typing error away, by Damerau–Levenshtein distance 1 (Damerau, 1964; Norvig, 2007).

Candidates are made and looked up rather than the vocabulary scanned: the work depends on the length
of the word and not on the size of the index.
"""

from __future__ import annotations

from ..schema import FOLDED, SYLLABLE
from ..vietnamese import fold
from .statistics import TermStatistics

LONGEST = 20
"""Longer words are not corrected, in characters."""

_PLAIN = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_MARKED = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"


def edits(word: str, alphabet: str) -> set[str]:
    """All words at distance 1: one letter less, two swapped, another letter, one letter more."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    fewer = {left + right[1:] for left, right in halves if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    other = {left + letter + right[1:] for left, right in halves if right for letter in alphabet}
    more = {left + letter + right for left, right in halves for letter in alphabet}
    return (fewer | swapped | other | more) - {word, ""}


def near(statistics: TermStatistics, word: str, *, limit: int) -> list[str]:
    """At most ``limit`` tokens of the index one error away from ``word``, the most frequent first.

    A word with diacritics is compared in the field ``syllable``, one without in ``folded``; nothing
    is near to a number or to a word of over ``LONGEST`` characters.
    """
    if len(word) > LONGEST or word[:1].isdigit():
        return []
    alphabet = _PLAIN
    if any(character.isdigit() for character in word):
        alphabet += _DIGITS
    field = FOLDED
    if word != fold(word):
        field, alphabet = SYLLABLE, alphabet + _MARKED
    counts = statistics.doc_freqs(field, sorted(edits(word, alphabet)))
    candidates = [token for token in counts if not token[0].isdigit()]
    return sorted(candidates, key=lambda token: (-counts[token], token))[:limit]
