"""Translate query trees to tantivy's queries.

Matches and counts are exact. Scores approximate the contract: the boost of each term is chosen so
that tantivy's idf and constants give the same score for a document of mean length with one
occurrence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import permutations
from math import log
from operator import itemgetter

import tantivy

from ..document import Schema
from ..query import (
    And,
    AndMaybe,
    AndNot,
    ConstantScore,
    DisMax,
    MatchAll,
    Node,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
    TermIn,
)
from ..scoring.evaluator import scoreless
from ..scoring.rerank import Figures
from .schema import written_as

# Phrases with more possible arrangements of tokens are verified document by document.
MOST_WAYS = 128

_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
_EVERYTHING = MatchAll()
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1


class Translator:
    """Translates queries for one state of an index. Thread-safe.

    ``doc_freq`` returns a term's document frequency as counted by tantivy, including deleted
    documents, out of ``documents``; ``verify`` returns a query for those matches of a candidate
    query that contain a phrase.
    """

    def __init__(
        self,
        own: tantivy.Schema,
        schema: Schema,
        figures: Figures,
        doc_freq: Callable[[str, str], int],
        documents: int,
        verify: Callable[[Phrase, tantivy.Query], tantivy.Query],
    ) -> None:
        self._own = own
        self._figures = figures
        self._frequency = doc_freq
        self._documents = documents
        self._verify = verify
        self._fields = {field.name: field for field in schema.text}

    def query(self, node: Node) -> tantivy.Query:
        """The scoring query of a whole tree."""
        return self._filter(node) if scoreless(node) else self._query(node, scored=True)

    def matching(self, node: Node) -> tantivy.Query:
        """The query of a whole tree, without scores."""
        return self._query(node, scored=False)

    def _filter(self, node: Node) -> tantivy.Query:
        """The query of a node, with score 0."""
        return tantivy.Query.const_score_query(self._query(node, scored=False), 0.0)

    def _query(self, node: Node, *, scored: bool) -> tantivy.Query:
        if isinstance(node, Term):
            return self._term(node, scored=scored)
        if isinstance(node, Phrase):
            return self._phrase(node, scored=scored)
        if isinstance(node, Prefix):
            terms = [Term(node.field, token, node.boost) for token in self._figures.expand(node)]
            return self._best(terms, scored=scored)
        if isinstance(node, (Or, And)):
            return self._sum(node, scored=scored)
        if isinstance(node, DisMax):
            return self._best(node.children, scored=scored)
        if isinstance(node, AndMaybe):
            required = self._part(node.required, scored=scored)
            if not scored or scoreless(node.optional):
                return required
            return _boolean([(_MUST, required), (_SHOULD, self._query(node.optional, scored=True))])
        if isinstance(node, AndNot):
            wanted = self._part(node.wanted, scored=scored)
            return _boolean([(_MUST, wanted), (_NOT, self._query(node.unwanted, scored=False))])
        if isinstance(node, ConstantScore):
            return self._query(node.child, scored=False)
        return self._values(node)

    def _part(self, node: Node, *, scored: bool) -> tantivy.Query:
        """The query of a child; filters among scored nodes score 0."""
        return (
            self._filter(node) if scored and scoreless(node) else self._query(node, scored=scored)
        )

    def _values(self, node: Node) -> tantivy.Query:
        if isinstance(node, TermIn):
            return self.exact(f"k_{node.field}", map(written_as, node.values))
        if isinstance(node, Range):
            low = _LOWEST if node.low is None else max(node.low, _LOWEST)
            high = _HIGHEST if node.high is None else min(node.high, _HIGHEST)
            if low > high:
                return tantivy.Query.empty_query()
            return tantivy.Query.range_query(
                self._own, f"n_{node.field}", tantivy.FieldType.Integer, low, high
            )
        return tantivy.Query.all_query()

    def exact(self, field: str, values: Iterable[str]) -> tantivy.Query:
        """Documents with one of the values in a field."""
        listed = list(dict.fromkeys(values))
        if len(listed) == 1:
            return tantivy.Query.term_query(self._own, field, listed[0], "basic")
        return (
            tantivy.Query.term_set_query(self._own, field, listed)
            if listed
            else tantivy.Query.empty_query()
        )

    def _sum(self, node: Or | And, *, scored: bool) -> tantivy.Query:
        children, count = node.children, len(node.children)
        min_should_match = node.min_should_match if isinstance(node, Or) else max(count, 1)
        if min_should_match > count:
            return tantivy.Query.empty_query()
        if count == 1 and min_should_match == 1:
            return self._query(children[0], scored=scored)
        occur = _MUST if min_should_match == count and count else _SHOULD
        parts = [(occur, self._part(child, scored=scored)) for child in children]
        if min_should_match < 1:  # matches documents without a matching child too
            return _boolean([(_MUST, self._filter(_EVERYTHING)), *parts])
        if occur is _MUST or min_should_match == 1:
            return _boolean(parts)
        if min_should_match == 2 and not scored:
            rising = sorted(zip(map(self.about, children), parts, strict=True), key=itemgetter(0))
            return _two_of([part for _, (_, part) in rising])
        return tantivy.Query.boolean_query(parts, minimum_number_should_match=min_should_match)

    def about(self, node: Node) -> int:
        """A rough upper bound of the number of matches."""
        if isinstance(node, Term):
            return self._frequency(node.field, node.token)
        if isinstance(node, (Or, DisMax)):
            return min(sum(map(self.about, node.children)), self._documents)
        if isinstance(node, And):
            return min(map(self.about, node.children), default=0)
        if isinstance(node, AndMaybe):
            return self.about(node.required)
        if isinstance(node, ConstantScore):
            return self.about(node.child)
        if isinstance(node, AndNot):
            return self.about(node.wanted)
        return self._documents

    def _best(self, children: Sequence[Node], *, scored: bool) -> tantivy.Query:
        if not children:
            return tantivy.Query.empty_query()
        parts = [self._part(child, scored=scored) for child in children]
        if len(parts) == 1:
            return self._query(children[0], scored=scored)
        if scored:
            return tantivy.Query.disjunction_max_query(parts)
        return _boolean([(_SHOULD, part) for part in parts])

    # --- leaves ---

    def _term(self, node: Term, *, scored: bool) -> tantivy.Query:
        field, token = f"t_{node.field}", written_as(node.token)
        if not scored:
            return tantivy.Query.term_query(self._own, field, token, "basic")
        query = tantivy.Query.term_query(self._own, field, token, "freq")
        return tantivy.Query.boost_query(query, self._boost(node.field, (node.token,), node.boost))

    def _boost(self, name: str, tokens: Iterable[str], boost: float) -> float:
        """The boost that makes tantivy's score of the tokens closest to the contract's."""
        documents = self._figures.field_stats(name).doc_count
        wanted = native = 0.0
        for token in tokens:
            wanted += _idf(documents, self._figures.doc_freq(name, token))
            native += _idf(self._documents, self._frequency(name, token))
        return boost * wanted / native if native else boost

    def _phrase(self, node: Phrase, *, scored: bool) -> tantivy.Query:
        if not node.tokens or not all(self._frequency(node.field, token) for token in node.tokens):
            return tantivy.Query.empty_query()
        if len(node.tokens) == 1:
            return self._term(Term(node.field, node.tokens[0], node.boost), scored=scored)
        ways = list(_ways(node))
        if len(ways) > MOST_WAYS:
            terms = [
                (_MUST, self._term(Term(node.field, token), scored=False))
                for token in set(node.tokens)
            ]
            return self._verify(node, _boolean(terms))
        words = [written_as(token) for token in node.tokens]
        found = [self._standing(node.field, words, way) for way in ways]
        query = found[0] if len(found) == 1 else tantivy.Query.disjunction_max_query(found)
        if not scored:
            return query
        return tantivy.Query.boost_query(query, self._boost(node.field, node.tokens, node.boost))

    def _standing(self, name: str, words: Sequence[str], way: Sequence[int]) -> tantivy.Query:
        """The words at these offsets from the start of the phrase."""
        placed: list[str | tuple[int, str]] = [*sorted(zip(way, words, strict=True))]
        return tantivy.Query.phrase_query(self._own, f"t_{name}", placed)


def _ways(node: Phrase) -> Iterator[tuple[int, ...]]:
    """The offsets that the tokens can have in a phrase.

    At most one more than ``MOST_WAYS``.
    """
    count, slop = len(node.tokens), max(node.slop, 0)
    left = MOST_WAYS + 1
    seen = set()
    for places in _rising(count, count - 1 + slop):
        for way in [places] if node.ordered else permutations(places):
            same = tuple(sorted(zip(way, node.tokens, strict=True)))
            if same not in seen:
                seen.add(same)
                yield way
                left -= 1
                if not left:
                    return


def _rising(count: int, reach: int) -> Iterator[tuple[int, ...]]:
    """All sequences of ``count`` ascending numbers from 0 to at most ``reach``."""
    row = list(range(count))
    while True:
        yield tuple(row)
        at = count - 1
        while at > 0 and row[at] >= reach - (count - 1 - at):
            at -= 1
        if at <= 0:
            return
        row[at:] = range(row[at] + 1, row[at] + 1 + count - at)


def _two_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Documents that match at least two of the queries.

    The queries are sorted by frequency; each is combined with those before it.

    tantivy's own minimum_should_match takes twice as long for two; for three it is faster.
    """
    pairs = []
    for at in range(1, len(queries)):
        rarer = queries[0] if at == 1 else _boolean([(_SHOULD, query) for query in queries[:at]])
        pairs.append((_SHOULD, _boolean([(_MUST, queries[at]), (_MUST, rarer)])))
    return _boolean(pairs)


def _boolean(parts: list[tuple[tantivy.Occur, tantivy.Query]]) -> tantivy.Query:
    return tantivy.Query.boolean_query(parts)


def _idf(documents: int, df: int) -> float:
    return log(1 + (max(documents, df) - df + 0.5) / (df + 0.5))
