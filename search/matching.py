"""Match conditions: a passage must contain enough of the query's words.

OR finds far too much for a few keywords, and AND nothing for a question. So a passage must contain
some of the words (:func:`min_should_match`), and the rest only affects the score. A word of several
syllables is contained if they occur side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..engines.query import And, ConstantScore, DisMax, Node, Or, Term
from ..schema import FOLDED, FOLDED_PAIR, PAIR, SYLLABLE, TITLE
from ..vietnamese import fold
from . import tuning
from .query.terms import QueryTerm, QueryTerms, TermVariant
from .query.words import QueryWord
from .statistics import TermStatistics

# Matches no document.
NOTHING = And(())


def min_should_match(words: int, *, question: bool = False) -> int:
    """Number of query words, out of ``words``, that a passage must contain.

    Keywords: two; a question: one, or a rare syllable of one.

    Higher values exclude relevant passages of long queries.
    """
    return 1 if question else min(words, 2)


class MatchBuilder:
    """Builds the conditions that a passage contains a word."""

    def __init__(self, statistics: TermStatistics, *, folded: bool, substitute: bool) -> None:
        self.statistics = statistics
        self.folded = folded
        self.substitute = substitute

    def word(
        self,
        word: QueryWord,
        query_terms: QueryTerms,
        *,
        anywhere: bool = False,
        typed: bool = False,
    ) -> Node:
        """Passages that contain the word or an equivalent.

        ``anywhere`` (for questions): its syllables need not be adjacent, and a rare one is enough.
        ``typed``: substitutes do not match.
        """
        own = query_terms.terms[word.first : word.last]
        # "QPAN" is not a spelling of "quan".
        typed = typed or not self.substitute or bool(word.others)
        choices: list[Node] = []
        if anywhere:
            syllables = [_any_variant(term.variants if typed else term.taken) for term in own]
            choices.append(_all(syllables))
            choices += [
                node for term, node in zip(own, syllables, strict=True) if self._is_rare(term)
            ]
        else:
            choices += _side_by_side(own, query_terms.pairs[word.first : word.last - 1], typed)
        if word.code is not None:
            token = fold(word.code) if self.folded else word.code
            choices.append(Term(FOLDED if self.folded else SYLLABLE, token))
        choices.extend(self.tokens(other) for other in word.others)
        return _any(choices)

    def tokens(self, tokens: Sequence[str]) -> Node:
        """Passages that contain these tokens side by side."""
        if self.folded:
            tokens = [fold(token) for token in tokens]
        syllable, pair = (FOLDED, FOLDED_PAIR) if self.folded else (SYLLABLE, PAIR)
        if len(tokens) == 1:
            return Term(syllable, tokens[0])
        pairs = pairwise(tokens)
        return _all([Term(pair, f"{left} {right}") for left, right in pairs])

    def parts(self, words: Sequence[QueryWord], query_terms: QueryTerms) -> list[Node]:
        """Conditions for two syllables side by side, of long words that are in no passage.

        The long form of an abbreviation is such a word: "quốc phòng an ninh".
        """
        found: list[Node] = []
        for word in words:
            pairs = query_terms.pairs[word.first : word.last - 1]
            if len(word) > 2 and not all(pairs):
                found += [_any_variant(pair) for pair in pairs if pair]
        return found

    def in_title(self, word: QueryWord, terms: Sequence[QueryTerm]) -> Node | None:
        """Reports with every syllable of the word in their title; None if there are none."""
        conditions: list[Node] = []
        for term in terms[word.first : word.last]:
            if not self.statistics.doc_freq(TITLE, term.title_token):
                return None
            conditions.append(Term(TITLE, term.title_token))
        return _all(conditions)

    def _is_rare(self, term: QueryTerm) -> bool:
        """Whether few passages contain any form of the term."""
        found = sum(self.statistics.doc_freq(one.field, one.token) for one in term.taken)
        return found <= tuning.RARE_SHARE * self.statistics.doc_count(SYLLABLE)


def _side_by_side(
    own: Sequence[QueryTerm], pairs: Sequence[Sequence[TermVariant]], typed: bool
) -> list[Node]:
    """Conditions that terms are side by side; empty if they never are."""
    if len(own) == 1:
        return [_any_variant(own[0].variants if typed else own[0].taken)]
    substituted = typed and any(term.substitutes for term in own)
    return [] if substituted or not all(pairs) else [_all(list(map(_any_variant, pairs)))]


def _any_variant(variants: Sequence[TermVariant]) -> Node:
    return _any([Term(variant.field, variant.token) for variant in variants])


def at_least(conditions: Sequence[Node], least: int, in_titles: Sequence[Node | None] = ()) -> Node:
    """Passages that meet at least ``least`` of the conditions, with the score 0.

    A condition may also be met by the title of the report, but not all of them: a title applies to
    every passage of the report, so it does not distinguish them. If titles can meet fewer than
    ``least``, no extra condition is needed.
    """
    if least <= 1 or not any(in_titles):
        return ConstantScore(Or(tuple(conditions), least) if len(conditions) > 1 else conditions[0])
    widened = [
        _any([condition, title]) if title is not None else condition
        for condition, title in zip(conditions, in_titles, strict=True)
    ]
    held = Or(tuple(widened), least)
    by_titles = sum(title is not None for title in in_titles)
    return ConstantScore(held if by_titles < least else And((held, Or(tuple(conditions), 1))))


def _any(nodes: Sequence[Node]) -> Node:
    if not nodes:
        return NOTHING
    return nodes[0] if len(nodes) == 1 else DisMax(tuple(nodes))


def _all(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))


def all_of(nodes: Sequence[Node]) -> Node | None:
    """All of ``nodes`` must match; None if there are none."""
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return And(tuple(nodes))


def any_of(nodes: Sequence[Node]) -> Node:
    """One of ``nodes`` must match."""
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))
