"""Topics of one report in an area that the other report lacks.

A topic is a phrase of one to three words (two to six syllables, cut as underthesea cuts them, with
no punctuation inside and no function word or word of counting at its ends), or a word that is not
spelt like a Vietnamese syllable (STEM, homestay). It occurs at least twice in the area's passages
and never in the other report. Where phrases overlap, the occurrence counts for the longer one; a
phrase left with fewer than two occurrences is dropped. A topic must be characteristic of the area,
compared with the whole index, by the log-likelihood ratio G² of Dunning ("Accurate methods for the
statistics of surprise and coincidence", Computational Linguistics 19, 1993) over passages, the
usual measure of keywords in corpus linguistics (Rayson & Garside, "Comparing corpora using
frequency profiling", 2000):

    G² = 2 · (k · ln(k / e) + (K - k) · ln((K - k) / f)),   e = n · K / N,   f = (N - n) · K / N

for a phrase in ``k`` of the area's ``n`` passages and ``K`` of the index's ``N``. ``K`` is taken
from the rarest adjacent pair in the phrase, an upper bound, so that the ratio is never
overestimated.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ..corpus.model import Passage
from ..schema import PAIR, SYLLABLE
from ..search.statistics import TermStatistics
from ..search.term_weights import is_function_word
from ..vietnamese import Analysis, canonical, is_folded
from ..vietnamese.letters import listed
from ..vietnamese.syllables import has_syllable_letters
from .model import Topic

LEAST_TIMES = 2
LEAST_SCORE = 6.63  # G² that chance exceeds once in a hundred (chi-squared, one degree of freedom)
MOST = 8  # maximum topics listed per area
_WORDS, _SYLLABLES = 3, 6
_SHORTEST_LOAN = 3
# Words of counting or comparison, which are not topics: ``số đoàn viên``, ``lượt em``.
_COUNTING = frozenset(
    canonical(word)
    for word in listed(
        "số lượt lần tổng mức tỷ phần mỗi từng vài nhiều ít hơn gần khoảng thêm hết đủ"
    )
)
_ROMAN = re.compile(r"[ivxlcdm]+")
Key = tuple[str, ...]


class Phrases:
    """The phrases of one passage: canonical syllables → start positions."""

    def __init__(self, passage: Passage, analysis: Analysis) -> None:
        self.passage = passage
        self._tokens = [token for token in analysis.tokens if token.kind != "code"]
        self.syllables = tuple(token.text for token in self._tokens)
        self.places: defaultdict[Key, list[int]] = defaultdict(list)
        words = list(_words(len(self._tokens), analysis.word_spans))
        bare = {first for first, end in words if self._is_general(first, end)}
        follows = [self._follows(place) for place in range(len(self.syllables))]
        marked = not is_folded(passage.text)
        for place, (first, end) in enumerate(words):
            if first in bare or not self.syllables[first].isalpha():
                continue
            if marked and end - first == 1 and _is_loan(self.syllables[first]):
                self.places[self.syllables[first:end]].append(first)
            for last, end in words[place : place + _WORDS]:
                if end - first > _SYLLABLES or not all(follows[first + 1 : end]):
                    break
                if end - first > 1 and last not in bare:
                    self.places[self.syllables[first:end]].append(first)

    def _is_general(self, first: int, end: int) -> bool:
        """Whether a word cannot begin or end a topic."""
        syllable = self.syllables[first]
        return end - first == 1 and (is_function_word(syllable) or syllable in _COUNTING)

    def _follows(self, place: int) -> bool:
        """Whether a token is made of letters, and only space precedes it.

        The space is the text between it and the previous token.
        """
        gap = self.passage.text[self._tokens[place - 1].end : self._tokens[place].start]
        return gap.isspace() and self.syllables[place].isalpha()

    def spelt(self, key: Key) -> str:
        """The spelling of a phrase at its first occurrence."""
        first = self.places[key][0]
        text = self.passage.text[self._tokens[first].start : self._tokens[first + len(key) - 1].end]
        return " ".join(text.split())


def _is_loan(syllable: str) -> bool:
    """Whether letters are neither a Vietnamese syllable nor a Roman numeral."""
    return (
        len(syllable) >= _SHORTEST_LOAN
        and not has_syllable_letters(syllable)
        and not _ROMAN.fullmatch(syllable)
    )


def _words(tokens: int, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """All words as spans, with the single syllables between them."""
    place = 0
    for first, last in spans:
        yield from ((at, at + 1) for at in range(place, first))
        yield first, last
        place = last
    yield from ((at, at + 1) for at in range(place, tokens))


def find_topics(
    area: Sequence[Phrases], other: Sequence[Phrases], statistics: TermStatistics
) -> tuple[Topic, ...]:
    """The topics of an area's passages in one report that ``other`` lacks.

    ``other`` is the whole other report.
    """
    holding: defaultdict[Key, list[Phrases]] = defaultdict(list)
    for one in area:
        for key in one.places:
            holding[key].append(one)
    often = {
        key: held
        for key, held in holding.items()
        if sum(len(one.places[key]) for one in held) >= LEAST_TIMES
    }
    for key in _held(often, other):
        del often[key]
    _load(often, statistics)
    scored = [(key, held, _score(key, held, area, statistics)) for key, held in often.items()]
    return _apart([one for one in scored if one[2] >= LEAST_SCORE])


def _held(keys: Iterable[Key], report: Iterable[Phrases]) -> set[Key]:
    """The ``keys`` that occur in a report."""
    wanted = set(keys)
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for key in wanted:
        lengths[key[0]].add(len(key))
    found: set[Key] = set()
    for one in report:
        for place, start in enumerate(one.syllables):
            if start in lengths:
                found.update(one.syllables[place : place + length] for length in lengths[start])
    return found & wanted


def _load(keys: Iterable[Key], statistics: TermStatistics) -> None:
    """Load all frequencies in one request."""
    keys = list(keys)
    statistics.load(PAIR, [f"{left} {right}" for key in keys for left, right in pairwise(key)])
    statistics.load(SYLLABLE, [key[0] for key in keys if len(key) == 1])


def _score(
    key: Key, held: Sequence[Phrases], area: Sequence[Phrases], statistics: TermStatistics
) -> float:
    if len(key) == 1:
        in_all = statistics.doc_freq(SYLLABLE, key[0])
    else:
        in_all = min(statistics.doc_freq(PAIR, f"{left} {right}") for left, right in pairwise(key))
    return log_likelihood(len(held), len(area), in_all, statistics.doc_count(SYLLABLE))


def log_likelihood(k: int, n: int, in_all: int, passages: int) -> float:
    """G² of a phrase in ``k`` of ``n`` passages, and ``in_all`` of all ``passages``.

    The ``n`` are an area's passages. 0 where it is rarer in the area than elsewhere.

    >>> round(log_likelihood(2, 4, 2, 100), 2)
    12.88
    """
    in_all, passages = max(in_all, k), max(passages, n)
    expected = n * in_all / passages
    if k <= expected:
        return 0.0
    rest = in_all - k
    among_rest = rest * math.log(rest / ((passages - n) * in_all / passages)) if rest else 0.0
    return 2 * (k * math.log(k / expected) + among_rest)


def _apart(scored: Iterable[tuple[Key, Sequence[Phrases], float]]) -> tuple[Topic, ...]:
    """The best topics. Each occurrence counts for the longest phrase only."""
    taken: set[tuple[str, int]] = set()
    chosen: list[tuple[Key, Topic]] = []
    for key, held, score in sorted(scored, key=lambda one: (-len(one[0]), -one[2], one[0])):
        covered = [
            {(one.passage.id, at) for at in range(first, first + len(key))}
            for one in held
            for first in one.places[key]
        ]
        own = [places for places in covered if taken.isdisjoint(places)]
        if len(own) >= LEAST_TIMES:
            taken.update(*own)
            ids = tuple(one.passage.id for one in held)
            chosen.append((key, Topic(held[0].spelt(key), len(covered), ids, score)))
    best = sorted(chosen, key=lambda one: (-one[1].score, -one[1].times, -len(one[0]), one[0]))
    return tuple(topic for _, topic in best[:MOST])
