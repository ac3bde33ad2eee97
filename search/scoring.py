"""The score: a sum of BM25 scores of syllables and adjacent pairs.

::

    score = Σ w(s) · BM25(s)  +  λ · Σ w(p) · BM25(p)

over the distinct syllables ``s`` and neighbouring pairs ``p`` of the query, headings and text taken
as one field. This is the sequential dependence model (Metzler & Croft, 2005) without its unordered
windows, which gave nothing, on BM25 (Robertson & Zaragoza, 2009). λ is greater for longer queries:
:func:`weight_of_pairs`. ``w`` damps function and question words (:mod:`.term_weights`), and is
sqrt(idf / 1.8) for names and codes that are not Vietnamese syllables: these are written in one way,
while a rare syllable is often a synonym of the word in the passage. Of several variants of a
term the best counts. This only scores; :mod:`.matching` decides what matches.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ..engines.query import DisMax, Node, Or, Term
from ..schema import FOLDED, FOLDED_PAIR, PAIR, SYLLABLE, TITLE
from ..vietnamese import fold
from ..vietnamese.syllables import has_syllable_letters, is_folded_syllable
from . import tuning
from .query.terms import QueryTerms, TermVariant
from .query.words import QueryWord
from .statistics import TermStatistics
from .term_weights import FunctionWords


@dataclass(slots=True)
class _Group:
    """Forms of a syllable or pair, as (field, token, boost); the best counts."""

    first: int
    last: int
    leaves: tuple[tuple[str, str, float], ...]
    most: float

    def node(self) -> Node:
        terms = [Term(field, token, boost) for field, token, boost in self.leaves]
        return terms[0] if len(terms) == 1 else DisMax(tuple(terms))


@lru_cache(maxsize=4096)
def _is_foreign(field: str, token: str) -> bool:
    """Whether a token is a name or code: no pair, number or Vietnamese syllable."""
    if field not in (SYLLABLE, FOLDED) or token[0].isdigit():
        return False
    return not (is_folded_syllable if field == FOLDED else has_syllable_letters)(token)


def weight_of_pairs(length: int) -> float:
    """λ for a query of ``length`` syllables.

    Increases linearly from short to long queries.

    In short keyword queries pairs add little to their syllables; in questions most syllables are
    common, and the pairs carry the subject.
    """
    first, last = tuning.SHORT_QUERY, tuning.LONG_PAIR_QUERY
    share = min(1.0, max(0.0, (length - first) / (last - first)))
    return tuning.SHORT_PAIR_WEIGHT + share * (tuning.LONG_PAIR_WEIGHT - tuning.SHORT_PAIR_WEIGHT)


class ScoreBuilder:
    """Builds the scoring nodes of plain words."""

    def __init__(self, statistics: TermStatistics, functions: FunctionWords) -> None:
        self.statistics = statistics
        self.functions = functions
        self.folded = functions.folded

    def nodes(self, query_terms: QueryTerms, words: Sequence[QueryWord]) -> list[Node]:
        """The nodes that add to the score of a matching passage."""
        groups = sorted(self._groups(query_terms, words), key=lambda group: -group.most)[
            : tuning.MAX_GROUPS
        ]
        nodes: list[Node] = []
        for word in words:
            if word.others or word.code is not None:
                inner = [
                    group
                    for group in groups
                    if word.first <= group.first and group.last <= word.last
                ]
                groups = [
                    group for group in groups if group.first < word.first or word.last < group.last
                ]
                nodes.append(self._same(word, inner))
        nodes.extend(group.node() for group in groups)
        nodes.extend(self._titles(query_terms, words))
        return nodes

    def _groups(self, query_terms: QueryTerms, words: Sequence[QueryWord]) -> list[_Group]:
        terms = query_terms.terms
        texts = [term.folded if self.folded else term.text for term in terms]
        # In a word that counts, no syllable is a function word: tư in đầu tư, do in tự do.
        word_of = [-1] * len(terms)
        for number, word in enumerate(words):
            if word.counted:
                word_of[word.first : word.last] = [number] * len(word)
        best: dict[tuple[str, ...], _Group] = {}

        def add(key: tuple[str, ...], group: _Group | None) -> None:
            # Every distinct syllable or pair counts once, even if repeated in the query.
            if group is not None and (key not in best or group.most > best[key].most):
                best[key] = group

        functions = self.functions
        asking = functions.asking(texts)
        for at, term in enumerate(terms):
            weight = 1.0 if word_of[at] >= 0 else functions.weight(texts[at])
            if word_of[at] < 0 and at in asking:  # vì sao, điều gì
                weight = tuning.QUESTION_WEIGHT
            add((texts[at],), self._group(at, at + 1, term.taken, weight))
        pair_weight = weight_of_pairs(len(terms))
        for at in range(len(terms) - 1):
            if not terms[at + 1].joined:
                continue
            same_word = word_of[at] >= 0 and word_of[at] == word_of[at + 1]
            weight = 1.0 if same_word else functions.pair_weight(texts[at], texts[at + 1])
            if not same_word and {at, at + 1} <= asking:
                weight = tuning.QUESTION_WEIGHT
            group = self._group(at, at + 2, query_terms.pairs[at], weight, pair_weight)
            add((texts[at], texts[at + 1]), group)
        return list(best.values())

    def _group(
        self,
        first: int,
        last: int,
        variants: Sequence[TermVariant],
        weight: float,
        pair_weight: float = 1.0,
    ) -> _Group | None:
        """The variants that occur, with boosts; None if none occurs or has weight.

        ``pair_weight`` is λ for a pair, 1 for a syllable.
        """
        weighted = []
        most = 0.0
        for variant in variants if weight else ():
            idf = self.statistics.idf(variant.field, variant.token)
            if not idf:
                continue
            boost = weight * variant.weight * pair_weight
            if _is_foreign(variant.field, variant.token):
                boost *= math.sqrt(idf / tuning.USUAL_IDF)
            weighted.append((variant.field, variant.token, boost))
            most = max(most, boost * idf)
        return _Group(first, last, tuple(weighted), most) if weighted else None

    def _same(self, word: QueryWord, inner: Sequence[_Group]) -> Node:
        """The best of the word as typed and its equivalents.

        Both get the same total weight, so that neither spelling ranks higher because its syllables
        are rarer.
        """
        choices: list[Node] = []
        most = sum(group.most for group in inner)
        if inner:
            choices.append(Or(tuple(group.node() for group in inner)))
        for tokens in (*word.others, *(((word.code,),) if word.code is not None else ())):
            groups = self._token_groups([fold(token) if self.folded else token for token in tokens])
            own = sum(group.most for group in groups)
            if not groups or not own:
                continue
            factor = tuning.SAME_WEIGHT * (most / own if most else 1.0)
            choices.append(
                Or(
                    tuple(
                        Term(field, token, boost * factor)
                        for group in groups
                        for field, token, boost in group.leaves
                    )
                )
            )
        return choices[0] if len(choices) == 1 else DisMax(tuple(choices))

    def _token_groups(self, tokens: Sequence[str]) -> list[_Group]:
        syllable, pair = (FOLDED, FOLDED_PAIR) if self.folded else (SYLLABLE, PAIR)
        groups = [
            self._group(at, at + 1, [TermVariant(token, syllable)], 1.0)
            for at, token in enumerate(tokens)
        ]
        groups += [
            self._group(at, at + 2, [TermVariant(both, pair)], 1.0, tuning.SHORT_PAIR_WEIGHT)
            for at, both in enumerate(map(" ".join, pairwise(tokens)))
        ]
        # An abbreviation's long variant counts as a whole or not at all.
        return [group for group in groups if group is not None] if all(groups) else []

    def _titles(self, query_terms: QueryTerms, words: Sequence[QueryWord]) -> list[Node]:
        """Nodes for words in the title of the report."""
        tokens = [
            term.title_token
            for word in words
            if word.counted
            for term in query_terms.terms[word.first : word.last]
        ]
        known = self.statistics.doc_freqs(TITLE, tokens)
        return [Term(TITLE, token, tuning.TITLE_WEIGHT) for token in known]
