"""Match passages of two reports about the same matter.

A passage is a vector of its syllables and its pairs of adjacent syllables, weighted by ``(1 + ln
tf) · idf`` with the index's frequencies, without function words and numbers (which change from term
to term). Two passages of an area match if the cosine of their vectors (Salton & McGill,
*Introduction to Modern Information Retrieval*, 1983) reaches :data:`THRESHOLD`, and one of them is
the most similar passage to the other among those of its report with the same assessment. So a
paragraph on two matters may match two paragraphs, but none matches a whole area.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..corpus.model import Passage
from ..schema import PAIR, SYLLABLE
from ..search.statistics import TermStatistics
from ..search.term_weights import is_function_word
from ..vietnamese import Token
from .alike import alike
from .model import Fate, Match

# Chosen, as were the weights and the rule above, on two pairs of invented reports, of which none
# was held out; ``benchmarks/comparing.py`` shows the results of other thresholds.
THRESHOLD = 0.14
SHARED = 5  # maximum words listed per match
_FATES: dict[tuple[str, str], Fate] = {
    ("shortcoming", "achievement"): "mended",
    ("shortcoming", "shortcoming"): "persisting",
    ("achievement", "shortcoming"): "worsened",
    ("achievement", "achievement"): "repeated",
}
_ORDER = list(_FATES.values())
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Vector:
    """A passage as a vector of length 1: weights of its syllables and pairs.

    Also holds its text, and its content tokens, each with whether it forms a pair with the token
    before.
    """

    weights: Mapping[Key, float]
    text: str
    tokens: tuple[tuple[Token, bool], ...]


def vectors(
    texts: Mapping[str, tuple[str, Iterable[Token]]], statistics: TermStatistics
) -> dict[str, Vector]:
    """The vectors of passages, given as id → (text, tokens)."""
    telling = {name: tuple(_informative(tokens)) for name, (_, tokens) in texts.items()}
    times = {name: Counter(_keys(tokens)) for name, tokens in telling.items()}
    idf: dict[Key, float] = {}
    for field in (SYLLABLE, PAIR):
        keys = sorted({key for counts in times.values() for key in counts if key[0] == field})
        statistics.load(field, [token for _, token in keys])
        idf.update((key, statistics.idf(*key)) for key in keys)
    return {
        name: Vector(_scaled(times[name], idf), text, telling[name])
        for name, (text, _) in texts.items()
    }


def _scaled(times: Mapping[Key, int], idf: Mapping[Key, float]) -> dict[Key, float]:
    weights = {key: (1 + math.log(count)) * idf[key] for key, count in times.items()}
    length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return {key: weight / length for key, weight in weights.items()} if length else {}


def _informative(tokens: Iterable[Token]) -> Iterator[tuple[Token, bool]]:
    """The content tokens, and whether each forms a pair with the token before."""
    before: Token | None = None
    for token in tokens:
        if token.kind == "code":
            continue
        informative = not any(letter.isdigit() for letter in token.text) and not is_function_word(
            token.text
        )
        if informative:
            yield token, before is not None and not token.break_before
        before = token if informative else None


def _keys(telling: Sequence[tuple[Token, bool]]) -> Iterator[Key]:
    for place, (token, joined) in enumerate(telling):
        yield SYLLABLE, token.text
        if joined:
            yield _pair(telling, place)


def _pair(telling: Sequence[tuple[Token, bool]], place: int) -> Key:
    return PAIR, f"{telling[place - 1][0].text} {telling[place][0].text}"


def match_passages(
    older: Sequence[Passage],
    newer: Sequence[Passage],
    vectors: Mapping[str, Vector],
    *,
    threshold: float = THRESHOLD,
) -> list[Match]:
    """The matches of one area, by fate, most similar first.

    ``vectors`` holds the vectors of all passages by id.
    """
    close: list[tuple[float, Passage, Passage, Fate]] = []
    best: dict[tuple[str, str], float] = defaultdict(float)
    for (was, now), fate in _FATES.items():
        then_told = [one for one in older if one.assessment == was]
        now_told = [one for one in newer if one.assessment == now]
        then_weights, now_weights = (
            [vectors[one.id].weights for one in side] for side in (then_told, now_told)
        )
        for first, second, score in alike(then_weights, now_weights, threshold):
            one, other = then_told[first], now_told[second]
            close.append((score, one, other, fate))
            for side in (one.id, other.id):
                best[side, fate] = max(best[side, fate], score)
    found = [
        Match(one, other, fate, score, shared_words(vectors[one.id], vectors[other.id]))
        for score, one, other, fate in close
        if score in (best[one.id, fate], best[other.id, fate])
    ]
    return sorted(
        found,
        key=lambda match: (
            _ORDER.index(match.fate),
            -match.similarity,
            match.older.position,
            match.newer.position,
        ),
    )


def shared_words(older: Vector, newer: Vector) -> tuple[str, ...]:
    """The words shared by two vectors, by descending weight.

    The longest runs of the newer text whose pairs are all in both, or single syllables if there are
    none.
    """
    runs: list[list[int]] = []
    for place, (token, joined) in enumerate(newer.tokens):
        if (
            joined
            and runs
            and runs[-1][-1] == place - 1
            and _pair(newer.tokens, place) in older.weights
        ):
            runs[-1].append(place)
        elif (SYLLABLE, token.text) in older.weights:
            runs.append([place])
    weighed: dict[str, float] = {}
    for run in runs:
        first, last = newer.tokens[run[0]][0], newer.tokens[run[-1]][0]
        keys = set(
            _keys([newer.tokens[run[0]], *(newer.tokens[place] for place in run[1:])])
        ) & set(newer.weights)
        gain = math.fsum(newer.weights[key] * older.weights.get(key, 0.0) for key in keys)
        weighed.setdefault(newer.text[first.start : last.end], gain)
    long = {text: gain for text, gain in weighed.items() if " " in text} or weighed
    return tuple(sorted(long, key=lambda text: (-long[text], text))[:SHARED])


def places_of(text: str, shared: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Spans of shared words in a text, ignoring case; adjacent spans are joined."""
    found = [
        match.span()
        for words in shared
        for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE)
    ]
    spans: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if spans and first <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(last, spans[-1][1])
        else:
            spans.append((first, last))
    return tuple(spans)


def unmatched(passages: Iterable[Passage], matched: set[str]) -> tuple[Passage, ...]:
    """The shortcomings among ``passages`` without a match."""
    return tuple(
        one for one in passages if one.assessment == "shortcoming" and one.id not in matched
    )
