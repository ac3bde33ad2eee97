"""Spelling correction: "did you mean …" with words of the index.

Candidates for a word are: decoded raw Telex or VNI typing, syllables with a missing space, and
words of the index at edit distance 1. A Viterbi search chooses the sequence whose neighbours
co-occur best in the index. The number of words examined is bounded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..schema import FOLDED, FOLDED_PAIR, PAIR, SYLLABLE
from ..vietnamese import fold, is_syllable, marked_forms, tokenise
from ..vietnamese.syllables import LONGEST, has_syllable_letters, split
from . import tuning
from .statistics import TermStatistics
from .telex import decode
from .term_weights import is_function_word

_CHUNK = re.compile(r"[^\W_]+")


_PLAIN = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_MARKED = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"


def edits(word: str, alphabet: str) -> set[str]:
    """All words at distance 1.

    Deletions, transpositions, substitutions, insertions.
    """
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    fewer = {left + right[1:] for left, right in halves if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    other = {left + letter + right[1:] for left, right in halves if right for letter in alphabet}
    more = {left + letter + right for left, right in halves for letter in alphabet}
    return (fewer | swapped | other | more) - {word, ""}


def near(statistics: TermStatistics, word: str, *, limit: int, unmarked: bool = False) -> list[str]:
    """Tokens of the index at distance 1 from ``word``, most frequent first.

    Returns up to ``limit``. With ``unmarked`` syllables without their diacritics count as words
    ("luat"), else only valid syllables ("lut").

    A word with diacritics is compared in the field ``syllable``, one without in ``folded``; numbers
    and words of over ``tuning.LONGEST_CORRECTED`` characters return nothing.
    """
    if len(word) > tuning.LONGEST_CORRECTED or word[:1].isdigit():
        return []
    alphabet = _PLAIN
    if any(character.isdigit() for character in word):
        alphabet += _DIGITS
    field = FOLDED
    if word != fold(word):
        field, alphabet = SYLLABLE, alphabet + _MARKED
    counts = statistics.near(field, word, lambda: sorted(edits(word, alphabet)))
    candidates = [
        token
        for token in counts
        if _is_word(token, like=word) or (unmarked and marked_forms(token))
    ]
    return sorted(candidates, key=lambda token: (-counts[token], token))[:limit]


def _is_word(token: str, *, like: str) -> bool:
    """Whether a token is a syllable, or letters that are not joined syllables.

    Files contain words with lost spaces ("nghiệphoặcgiấy"), which are not candidates.
    """
    if token[0].isdigit():
        return False
    if has_syllable_letters(token):
        return True
    return not has_syllable_letters(like) and token.isascii()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A replacement of a word, as text and as tokens, with its ``cost``.

    ``exact`` means that it was typed with marks, so missing marks are intended.
    """

    text: str
    tokens: tuple[str, ...]
    cost: float
    exact: bool = False


def suggest(
    source: str, spans: Sequence[tuple[int, int]], statistics: TermStatistics, *, suspicious: bool
) -> str | None:
    """Correct the words in ``spans`` of ``source``; None if there is no correction.

    ``spans`` are those of the plain words of a query. Words in the index are kept, unless
    ``suspicious``: then those that never occur beside a neighbour are corrected too.
    """
    words = [
        (match.start(), match.end())
        for start, end in spans
        for match in _CHUNK.finditer(source, start, end)
    ]
    if not 0 < len(words) <= tuning.MAX_SUGGESTED_WORDS:
        return None
    texts = [source[start:end] for start, end in words]
    lattice = _lattice(texts, statistics, suspicious=suspicious)
    best = _best_row(lattice, statistics)
    if [candidate.text for candidate in best] == texts:
        return None
    result = source
    for (start, end), candidate in zip(reversed(words), reversed(best), strict=True):
        result = result[:start] + candidate.text + result[end:]
    return result


def _lattice(
    texts: Sequence[str], statistics: TermStatistics, *, suspicious: bool
) -> list[list[_Candidate]]:
    tokens = [_tokens(text) for text in texts]
    statistics.load(FOLDED, (fold(token) for row in tokens for token in row))
    doubtful = _doubtful(tokens, statistics) if suspicious else set()
    unmarked = all(token == fold(token) for row in tokens for token in row)
    repaired = 0
    lattice: list[list[_Candidate]] = []
    for at, text in enumerate(texts):
        known = _is_known(tokens[at], statistics)
        function = len(tokens[at]) == 1 and is_function_word(tokens[at][0])
        candidates = [
            _Candidate(text, tuple(tokens[at]), _own_cost(tokens[at], known=known or function))
        ]
        if function:
            pass
        elif (not known or at in doubtful) and repaired < tuning.MAX_REPAIRED:
            repaired += 1
            candidates += _repairs(text, tokens[at], statistics, unmarked=unmarked)
        elif known and (typed := decode(text)) and statistics.doc_freq(SYLLABLE, typed):
            # In the index by chance: beside other raw typing it is raw typing too.
            candidates.append(_Candidate(typed, tuple(_tokens(typed)), tuning.TYPING_COST))
        if not unmarked and not function and (marked := _marked(tokens[at], statistics)):
            candidates = [replace(candidates[0], cost=tuning.RARE_COST), *candidates[1:], *marked]
        lattice.append(candidates)
    return lattice


def _marked(tokens: Sequence[str], statistics: TermStatistics) -> list[_Candidate]:
    """Forms with marks of a syllable that the index has only with marks.

    Beside words typed with marks, ``cham`` may be no other word, but half typed.
    """
    if len(tokens) != 1 or tokens[0] != fold(tokens[0]) or statistics.doc_freq(SYLLABLE, tokens[0]):
        return []
    counts = statistics.doc_freqs(SYLLABLE, marked_forms(tokens[0]))
    forms = sorted(counts, key=lambda form: (-counts[form], form))[: tuning.SPELLING_CANDIDATES]
    return [
        _Candidate(form, (form,), tuning.TYPING_COST + 0.01 * at, exact=True)
        for at, form in enumerate(forms)
    ]


def _own_cost(tokens: Sequence[str], *, known: bool) -> float:
    """Cost of keeping a word; a well-spelt one may just be rare."""
    if known:
        return 0.0
    well_spelt = all(
        has_syllable_letters(token) if token == fold(token) else is_syllable(token)
        for token in tokens
    )
    return tuning.RARE_COST if well_spelt else tuning.UNKNOWN_COST


def _tokens(text: str) -> list[str]:
    return [token.text for token in tokenise(text) if token.kind != "code"]


def _is_known(tokens: Sequence[str], statistics: TermStatistics) -> bool:
    return all(
        statistics.doc_freq(FOLDED if token == fold(token) else SYLLABLE, token)
        or token[0].isdigit()
        for token in tokens
    )


def _doubtful(tokens: Sequence[Sequence[str]], statistics: TermStatistics) -> set[int]:
    """Words that never occur beside a neighbour in the index."""
    row = [fold(parts[0]) if len(parts) == 1 else "" for parts in tokens]
    pairs = [f"{left} {right}" for left, right in pairwise(row)]
    statistics.load(FOLDED_PAIR, pairs)
    stands = [bool(statistics.doc_freq(FOLDED_PAIR, pair)) for pair in pairs]
    return {
        at
        for at, token in enumerate(row)
        if token and len(row) > 1 and not any(stands[max(0, at - 1) : at + 1])
    }


def _repairs(
    text: str, tokens: Sequence[str], statistics: TermStatistics, *, unmarked: bool
) -> list[_Candidate]:
    candidates: list[_Candidate] = []
    typed = decode(text)
    if typed and (statistics.doc_freq(SYLLABLE, _tokens(typed)[0])):
        candidates.append(_Candidate(typed, tuple(_tokens(typed)), tuning.TYPING_COST))
    if len(tokens) != 1:
        return candidates
    token = tokens[0]
    joined = _split(text.lower(), statistics)
    if joined:
        parts = tuple(part for row in joined for part in _tokens(row))
        candidates.append(
            _Candidate(" ".join(joined), parts, tuning.SPACE_COST + 0.2 * len(joined))
        )
    # In a query without marks "kiem" is a word, though no syllable is spelt so.
    others = near(statistics, token, limit=tuning.SPELLING_CANDIDATES, unmarked=unmarked)
    if token == fold(token) and len(token) < 3:
        # Words of one or two letters have too many words at distance 1.
        others = []
    exact = token != fold(token)
    candidates += [_Candidate(other, (other,), tuning.LETTER_COST, exact) for other in others]
    return candidates


def _split(text: str, statistics: TermStatistics) -> list[str] | None:
    """Split ``text`` without spaces into syllables of the index, or None.

    Adjacent syllables must co-occur in the index. Of the splits with the fewest syllables, the one
    whose neighbours co-occur most is chosen.
    """
    if not 4 <= len(text) <= tuning.LONGEST_JOINED or not text.isalpha():
        return None
    pieces = {
        (first, last)
        for first in range(len(text))
        for last in range(first + 1, min(first + LONGEST, len(text)) + 1)
        if _is_piece(text[first:last], statistics)
    }
    best: list[tuple[float, list[str]] | None] = [(0.0, [])]
    for end in range(1, len(text) + 1):
        choice: tuple[float, list[str]] | None = None
        for first in range(max(0, end - LONGEST), end):
            before = best[first]
            if before is None or (first, end) not in pieces:
                continue
            part, value = text[first:end], before[0] - 1.0
            if before[1]:
                together = _togetherness(before[1][-1], part, statistics)
                if not together:
                    continue
                value += 0.5 * together
            if choice is None or value > choice[0]:
                choice = (value, [*before[1], part])
        best.append(choice)
    found = best[-1]
    return found[1] if found is not None and len(found[1]) > 1 else None


def _is_piece(text: str, statistics: TermStatistics) -> bool:
    """Whether a part of such a text is a syllable of the index.

    With or without diacritics.
    """
    if len(text) < 2 or not (is_syllable(text) or (text.isascii() and split(text) is not None)):
        return False
    return _is_known(_tokens(text), statistics)


def _togetherness(
    left: str, right: str, statistics: TermStatistics, *, exact: tuple[bool, bool] = (False, False)
) -> float:
    """Co-occurrence from 0 (never side by side) to about 1 (in every passage).

    Diacritics count if both have some; a token without may have lost them, unless ``exact``.
    """
    count = statistics.doc_freq(PAIR, f"{left} {right}")
    plain_left, plain_right = fold(left), fold(right)
    plain = left == plain_left, right == plain_right
    if not count and any(plain) and not (plain[0] and exact[0]) and not (plain[1] and exact[1]):
        count = statistics.doc_freq(FOLDED_PAIR, f"{plain_left} {plain_right}")
    return math.log1p(count) / math.log1p(max(2, statistics.doc_count(FOLDED_PAIR)))


def _best_row(
    lattice: Sequence[Sequence[_Candidate]], statistics: TermStatistics
) -> list[_Candidate]:
    """The sequence of candidates with the least cost (Viterbi, 1967)."""
    rows = [
        (candidate.cost - _inner(candidate, statistics), [candidate]) for candidate in lattice[0]
    ]
    for candidates in lattice[1:]:
        rows = [_extend(rows, candidate, statistics) for candidate in candidates]
    return min(rows, key=lambda row: row[0])[1]


def _extend(
    rows: Sequence[tuple[float, list[_Candidate]]],
    candidate: _Candidate,
    statistics: TermStatistics,
) -> tuple[float, list[_Candidate]]:
    own = candidate.cost - _inner(candidate, statistics)
    cost, row = min(
        ((cost + own - _link(row[-1], candidate, statistics), row) for cost, row in rows),
        key=lambda pair: pair[0],
    )
    return cost, [*row, candidate]


def _link(left: _Candidate, right: _Candidate, statistics: TermStatistics) -> float:
    if not left.tokens or not right.tokens:
        return 0.0
    exact = left.exact, right.exact
    together = _togetherness(left.tokens[-1], right.tokens[0], statistics, exact=exact)
    return 3.0 * together + (1.0 if together else 0.0)


def _inner(candidate: _Candidate, statistics: TermStatistics) -> float:
    pairs = pairwise(candidate.tokens)
    return sum(_togetherness(left, right, statistics) for left, right in pairs)
