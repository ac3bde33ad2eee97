"""What one report speaks of in an area, and the other nowhere.

A topic is a phrase of one to three words (two to six syllables, cut as underthesea cuts them, with no punctuation
inside and no function word at its ends) that stands at least twice in the area's passages and not once in the
other report. That it is telling, and no accident, is decided against the index as background, by the
log-likelihood ratio G² of Dunning ("Accurate methods for the statistics of surprise and coincidence", Computational
Linguistics 19, 1993) over passages, as corpus linguists find keywords (Rayson & Garside, "Comparing corpora using
frequency profiling", 2000):

    G² = 2 · (k · ln(k / e) + (K - k) · ln((K - k) / f)),   e = n · K / N,   f = (N - n) · K / N

for a phrase in ``k`` of the area's ``n`` passages and ``K`` of the index's ``N``. For ``K`` the rarest pair of
neighbours in the phrase stands, which is never too small, so that the ratio is never too great.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ..corpus.model import Passage
from ..fields import PAIR, SYLLABLE
from ..search.lexicon import Lexicon
from ..search.weights import is_function_word
from ..vietnamese import Analyser, Token
from .model import Topic

LEAST_TIMES = 2
LEAST_SCORE = 6.63
"""G² that chance exceeds once in a hundred (chi-squared, one degree of freedom)."""
MOST = 8
"""Topics told of an area."""
_WORDS, _SYLLABLES = 3, 6
_PLAIN = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")


class Phrases:
    """The phrases of one passage: canonical syllables → how often, and how the text spells them first."""

    def __init__(self, passage: Passage, analyser: Analyser) -> None:
        self.passage = passage
        analysis = analyser.analyse(passage.text)
        self._tokens = [token for token in analysis.tokens if token.kind != "code"]
        self.line = f" {' '.join(token.text for token in self._tokens)} "
        self.times: dict[tuple[str, ...], int] = {}
        self.spelt: dict[tuple[str, ...], str] = {}
        words = list(_words(len(self._tokens), analysis.word_spans))
        for first in range(len(words)):
            for last in range(first, min(first + _WORDS, len(words))):
                self._take(words[first][0], words[last][1])

    def _take(self, first: int, end: int) -> None:
        tokens: Sequence[Token] = self._tokens[first:end]
        if not 2 <= len(tokens) <= _SYLLABLES or any(
            is_function_word(t.text, folded=False) for t in (tokens[0], tokens[-1])
        ):
            return
        text = self.passage.text[tokens[0].start : tokens[-1].end]
        if _PLAIN.fullmatch(text):
            key = tuple(token.text for token in tokens)
            self.times[key] = self.times.get(key, 0) + 1
            self.spelt.setdefault(key, text)


def _words(tokens: int, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """All words as spans: those of several syllables, and single syllables between them."""
    place = 0
    for first, last in spans:
        yield from ((at, at + 1) for at in range(place, first))
        yield first, last
        place = last
    yield from ((at, at + 1) for at in range(place, tokens))


def find_topics(area: Sequence[Phrases], other: Sequence[Phrases], lexicon: Lexicon) -> tuple[Topic, ...]:
    """The topics of an area's passages in one report that the ``other`` report (all of it) does not hold."""
    elsewhere = " ".join(one.line for one in other)
    times: dict[tuple[str, ...], int] = {}
    for one in area:
        for key, count in one.times.items():
            times[key] = times.get(key, 0) + count
    often = {
        key: count for key, count in times.items() if count >= LEAST_TIMES and f" {' '.join(key)} " not in elsewhere
    }
    lexicon.load(PAIR, [f"{left} {right}" for key in often for left, right in pairwise(key)])
    topics: list[tuple[tuple[str, ...], Topic]] = []
    for key, count in often.items():
        holding = [one for one in area if key in one.times]
        score = log_likelihood(len(holding), len(area), _frequency(key, lexicon), lexicon.documents(SYLLABLE))
        if score >= LEAST_SCORE:
            ids = tuple(one.passage.id for one in holding)
            topics.append((key, Topic(holding[0].spelt[key], count, ids, score)))
    return tuple(_apart(topics))


def _frequency(key: tuple[str, ...], lexicon: Lexicon) -> int:
    return min(lexicon.count(PAIR, f"{left} {right}") for left, right in pairwise(key))


def log_likelihood(k: int, n: int, in_all: int, passages: int) -> float:
    """G² of a phrase in ``k`` of ``n`` passages of an area, and in ``in_all`` of all ``passages``; 0 where it is
    rarer in the area than elsewhere.

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


def _apart(topics: list[tuple[tuple[str, ...], Topic]]) -> Iterator[Topic]:
    """The best topics, without parts of one another: of nested ones the longer that stands as often."""
    # As often as a longer one means: only inside it.
    whole = [
        (key, topic)
        for key, topic in topics
        if not any(len(other) > len(key) and _holds(other, key) and more.times == topic.times for other, more in topics)
    ]
    chosen: list[tuple[str, ...]] = []
    for key, topic in sorted(whole, key=lambda one: (-one[1].score, -one[1].times, -len(one[0]), one[0])):
        if len(chosen) < MOST and not any(set(key) & set(other) for other in chosen):
            chosen.append(key)
            yield topic


def _holds(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    return any(longer[at : at + len(shorter)] == shorter for at in range(len(longer) - len(shorter) + 1))
