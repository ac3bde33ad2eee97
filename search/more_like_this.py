"""More like this: a query of a passage's most informative syllables and pairs."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from ..corpus.model import Passage
from ..engines.query import AndNot, Node, Or, Term, TermIn
from ..schema import KEY, PAIR, SYLLABLE
from ..vietnamese import Analyser
from . import tuning
from .patterns import Pattern, pattern_tokens
from .statistics import TermStatistics
from .term_weights import is_function_word


@dataclass(frozen=True, slots=True)
class SimilarPlan:
    """A query for an engine, and the patterns to highlight."""

    node: Node
    patterns: tuple[Pattern, ...]


def similar_plan(
    passage: Passage, analyser: Analyser, statistics: TermStatistics
) -> SimilarPlan | None:
    """The most informative syllables and pairs of the passage.

    ``tuning.SIMILAR_TERMS`` of them, by ``(1 + ln tf) · idf``.

    None if it has nothing in common with any other passage.
    """
    analysis = analyser.analyse(passage.text, words=False)
    chosen: list[tuple[float, str, str]] = []
    for field, tokens, factor in (
        (SYLLABLE, [token.text for token in analysis.tokens], 1.0),
        (PAIR, analysis.pairs, tuning.SIMILAR_PAIR_WEIGHT),
    ):
        times = Counter(tokens)
        statistics.load(field, times)
        for token, tf in times.items():
            syllables = token.split()
            stop = all(is_function_word(syllable) for syllable in syllables)
            if not stop and statistics.doc_freq(field, token) > 1:
                chosen.append(
                    (factor * (1 + math.log(tf)) * statistics.idf(field, token), field, token)
                )
    chosen = sorted(chosen, key=lambda one: (-one[0], one[1:]))[: tuning.SIMILAR_TERMS]
    if not chosen:
        return None
    factors = {SYLLABLE: 1.0, PAIR: tuning.SIMILAR_PAIR_WEIGHT}
    terms = tuple(Term(field, token, factors[field]) for _, field, token in chosen)
    least = min(len(terms), max(2, round(tuning.SIMILAR_SHARE * len(terms))))
    patterns = tuple(Pattern(pattern_tokens(token.split(), folded=False)) for _, _, token in chosen)
    return SimilarPlan(AndNot(Or(terms, least), TermIn(KEY, (passage.id,))), patterns)
