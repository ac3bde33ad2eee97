"""Translate query trees to OpenSearch queries.

Matches are exact, scores approximate. Lucene's BM25 omits the factor ``k1 + 1``, so boosts include
it. Phrases are span queries over the layers of positions. In unordered phrases spans may share a
position, which the contract forbids: where that can happen, each match is verified (``verify``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ..document import TextField
from ..query import (
    And,
    AndMaybe,
    AndNot,
    ConstantScore,
    DisMax,
    Node,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
    TermIn,
)
from ..scoring.evaluator import scoreless
from .client import Body
from .names import written
from .schema import BATCH, keyword, layer, number, text

NOTHING: Body = {"match_none": {}}
# Excludes the registry, which has no batch.
EVERYTHING: Body = {"range": {BATCH: {"gte": 0}}}
_LOW, _HIGH = -(2**63), 2**63 - 1
_MANY = 10_000  # values in one filter; the cluster takes 65,536


class Queries:
    """Translates queries for one state of an index."""

    def __init__(
        self,
        fields: Mapping[str, TextField],
        layers: Mapping[str, int],
        expand: Callable[[Prefix], Sequence[str]],
        verify: Callable[[Phrase, Body], Body],
    ) -> None:
        self._fields = fields
        self._layers = layers
        self._expand = expand
        self._verify = verify

    def filter(self, node: Node) -> Body:
        """The query of ``node``, without scores."""
        return self._query(node, scored=False)

    def scored(self, node: Node) -> Body:
        """The query of ``node``, with scores close to the contract's."""
        return self._query(node, scored=True)

    def _query(self, node: Node, *, scored: bool) -> Body:
        scored = scored and not scoreless(node)
        if isinstance(node, Term):
            return self._term(node, scored=scored)
        if isinstance(node, Phrase):
            return self._phrase(node, scored=scored)
        if isinstance(node, Prefix):
            tokens = self._expand(node)
            if not scored:
                return self._terms(text(node.field), tokens)
            return self._best(
                [Term(node.field, token, node.boost) for token in tokens], scored=True
            )
        if isinstance(node, (Or, And)):
            return self._sum(node, scored=scored)
        if isinstance(node, DisMax):
            return self._best(node.children, scored=scored)
        if isinstance(node, AndMaybe):
            required = self._query(node.required, scored=scored)
            if not scored or scoreless(node.optional):
                return required
            return {
                "bool": {
                    **self._one(node.required, "must"),
                    "should": [self._query(node.optional, scored=True)],
                }
            }
        if isinstance(node, AndNot):
            unwanted = {"must_not": [self._query(node.unwanted, scored=False)]}
            return {"bool": {**self._one(node.wanted, "must" if scored else "filter"), **unwanted}}
        if isinstance(node, ConstantScore):
            return self._query(node.child, scored=False)
        return self._values(node)

    def _one(self, node: Node, place: str) -> Body:
        place = "filter" if scoreless(node) else place
        return {place: [self._query(node, scored=place == "must")]}

    def _values(self, node: Node) -> Body:
        if isinstance(node, TermIn):
            return self._terms(keyword(node.field), node.values)
        if isinstance(node, Range):
            low = _LOW if node.low is None else node.low
            high = _HIGH if node.high is None else node.high
            if low > high or low > _HIGH or high < _LOW:
                return NOTHING
            return {"range": {number(node.field): {"gte": max(low, _LOW), "lte": min(high, _HIGH)}}}
        return EVERYTHING

    @staticmethod
    def _terms(field: str, values: Iterable[str]) -> Body:
        listed = list(dict.fromkeys(map(written, values)))
        if not listed:
            return NOTHING
        parts: list[Body] = [
            {"terms": {field: listed[at : at + _MANY]}} for at in range(0, len(listed), _MANY)
        ]
        return (
            parts[0] if len(parts) == 1 else {"bool": {"should": parts, "minimum_should_match": 1}}
        )

    def _sum(self, node: Or | And, *, scored: bool) -> Body:
        children, count = node.children, len(node.children)
        min_should_match = node.min_should_match if isinstance(node, Or) else max(count, 1)
        if min_should_match > count:
            return NOTHING
        if min_should_match < 1:  # matches documents without a matching child too
            parts = (
                [self._query(child, scored=True) for child in children if not scoreless(child)]
                if scored
                else []
            )
            return {"bool": {"filter": [EVERYTHING], "should": parts}}
        if min_should_match == count:
            filters = [child for child in children if not scored or scoreless(child)]
            ranking = [child for child in children if scored and not scoreless(child)]
            return {
                "bool": {
                    "filter": [self._query(child, scored=False) for child in filters],
                    "must": [self._query(child, scored=True) for child in ranking],
                }
            }
        if (
            not scored
            and min_should_match == 1
            and all(isinstance(child, Term) for child in children)
        ):
            return self._any_term(children)
        shoulds = [self._part(child, scored=scored) for child in children]
        return {"bool": {"should": shoulds, "minimum_should_match": min_should_match}}

    def _any_term(self, children: Iterable[Node]) -> Body:
        """Documents with any of several terms: one clause per field."""
        tokens: dict[str, list[str]] = {}
        for child in children:
            if isinstance(child, Term):
                tokens.setdefault(text(child.field), []).append(child.token)
        parts = [self._terms(field, values) for field, values in tokens.items()]
        return (
            parts[0] if len(parts) == 1 else {"bool": {"should": parts, "minimum_should_match": 1}}
        )

    def _part(self, node: Node, *, scored: bool) -> Body:
        """The query of a child; filters among scored nodes score 0."""
        query = self._query(node, scored=scored)
        return {"bool": {"filter": [query]}} if scored and scoreless(node) else query

    def _best(self, children: Sequence[Node], *, scored: bool) -> Body:
        if not children:
            return NOTHING
        if len(children) == 1:
            return self._query(children[0], scored=scored)
        if not scored and all(isinstance(child, Term) for child in children):
            return self._any_term(children)
        parts = [self._part(child, scored=scored) for child in children]
        if scored:
            return {"dis_max": {"queries": parts}}
        return {"bool": {"should": parts, "minimum_should_match": 1}}

    # --- leaves ---

    def _term(self, node: Term, *, scored: bool) -> Body:
        clause: Body = {"value": written(node.token)}
        if scored:
            clause["boost"] = node.boost * (self._fields[node.field].k1 + 1)
        return {"term": {text(node.field): clause}}

    def _phrase(self, node: Phrase, *, scored: bool) -> Body:
        if not node.tokens:
            return NOTHING
        if len(node.tokens) == 1:
            return self._term(Term(node.field, node.tokens[0], node.boost), scored=scored)
        query = self._standing(node)
        # Unordered spans may share a position: of a repeated token, or of two layers of tokens.
        shares = len(set(node.tokens)) < len(node.tokens) or self._layers.get(node.field, 1) > 1
        if not node.ordered and shares:
            query = self._verify(node, query)
        if not scored:
            return query
        boost = node.boost * (self._fields[node.field].k1 + 1)
        return {"bool": {"must": [query], "boost": boost}}

    def _standing(self, node: Phrase) -> Body:
        count, field = max(self._layers.get(node.field, 1), 1), layer(node.field, 0)
        words = list(map(written, node.tokens))
        if count == 1 and node.ordered and node.slop <= 0:
            return {"match_phrase": {field: " ".join(words)}}
        clauses = [self._spans(node.field, word, count) for word in words]
        return {
            "span_near": {"clauses": clauses, "slop": max(node.slop, 0), "in_order": node.ordered}
        }

    @staticmethod
    def _spans(name: str, word: str, count: int) -> Body:
        """Spans of a word in any of the layers."""
        field = layer(name, 0)
        first: Body = {"span_term": {field: word}}
        others: list[Body] = [
            {
                "span_field_masking": {
                    "query": {"span_term": {layer(name, at): word}},
                    "field": field,
                }
            }
            for at in range(1, count)
        ]
        return {"span_or": {"clauses": [first, *others]}} if others else first
