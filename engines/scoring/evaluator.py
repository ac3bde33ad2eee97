"""Evaluate a query tree over a source, term at a time.

Filters are evaluated first, and the documents they allow are passed down, so that only these are
scored. Sums and maxima of many postings use one list as long as the index, which in pure Python is
faster than a dictionary if a large part of the documents match.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import compress
from typing import cast

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
from .bm25 import FEW, DocScores, Scorer, find
from .source import Source

# Document numbers in a container with fast membership tests.
Allowed = Collection[int]

_DENSE = 4  # a dense list is used if postings exceed a quarter of the index


class Evaluator:
    """Evaluates queries over one frozen state of an index. Thread-safe."""

    def __init__(self, source: Source, schema: Schema, scorer: Scorer | None = None) -> None:
        """``scorer`` scores the leaves (None: by the statistics of ``source``)."""
        self.source = source
        self.schema = schema
        self.scorer = scorer or Scorer(source, schema)

    # --- with scores ---

    def score(self, node: Node, allowed: Allowed | None = None) -> DocScores:
        """Allowed documents that match, and their scores."""
        if scoreless(node):
            docs = list(self.match(node, allowed))
            return docs, [0.0] * len(docs)
        if isinstance(node, Term):
            return self.scorer.term(node, allowed)
        if isinstance(node, Phrase):
            return self.scorer.phrase(node, allowed)
        if isinstance(node, Prefix):
            return self._best(self.scorer.expand(node), allowed)
        if isinstance(node, Or):
            return self._sum(node, allowed)
        if isinstance(node, And):
            return self._all(node.children, allowed)
        if isinstance(node, DisMax):
            return self._best(node.children, allowed)
        if isinstance(node, AndMaybe):
            return self._boosted(node, allowed)
        wanted = dict(zip(*self.score(cast(AndNot, node).wanted, allowed), strict=True))
        unwanted = self.match(cast(AndNot, node).unwanted, wanted)
        kept = {doc: score for doc, score in wanted.items() if doc not in unwanted}
        return list(kept), list(kept.values())

    def _sum(self, node: Or, allowed: Allowed | None) -> DocScores:
        children, min_should_match = node.children, node.min_should_match
        if min_should_match > len(children):
            return (), ()
        if min_should_match == len(children) > 0:
            return self._all(children, allowed)
        if min_should_match > 1:
            allowed = self._enough(children, min_should_match, allowed)
        parts = [self.score(child, allowed) for child in children]
        if min_should_match < 1:  # matches documents without a matching child too
            everything = list(self._living(allowed))
            parts.append((everything, [0.0] * len(everything)))
        if len(parts) == 1:
            return parts[0]
        if self._is_dense(parts) and min_should_match == 1 and all(map(positive, children)):
            return _from_dense(_add_dense(parts, self.source.count))
        sums: dict[int, float] = {}
        for docs, scores in parts:
            get = sums.get
            for doc, score in zip(docs, scores, strict=True):
                sums[doc] = get(doc, 0.0) + score
        return list(sums), list(sums.values())

    def _all(self, children: Sequence[Node], allowed: Allowed | None) -> DocScores:
        if not children:
            return (), ()
        for child in self._cheapest(filter(scoreless, children)):
            allowed = self.match(child, allowed)
        ranking = self._cheapest(child for child in children if not scoreless(child))
        if not ranking or (allowed is not None and not allowed):
            kept = list(allowed or ())
            return kept, [0.0] * len(kept)
        if len(ranking) == 1:
            return self.score(ranking[0], allowed)
        sums = dict(zip(*self.score(ranking[0], allowed), strict=True))
        for child in ranking[1:]:
            docs, scores = self.score(child, sums)
            sums = {doc: sums[doc] + score for doc, score in zip(docs, scores, strict=True)}
        return list(sums), list(sums.values())

    def _best(self, children: Sequence[Node], allowed: Allowed | None) -> DocScores:
        parts = [self.score(child, allowed) for child in children]
        parts = [part for part in parts if part[0]]
        if len(parts) <= 1:
            return parts[0] if parts else ((), ())
        if self._is_dense(parts) and all(map(positive, children)):
            return _from_dense(_greatest_dense(parts, self.source.count))
        best = dict(zip(*parts[0], strict=True))
        for docs, scores in parts[1:]:
            get = best.get
            for doc, score in zip(docs, scores, strict=True):
                known = get(doc)
                if known is None or score > known:
                    best[doc] = score
        return list(best), list(best.values())

    def _boosted(self, node: AndMaybe, allowed: Allowed | None) -> DocScores:
        if scoreless(node.required):
            return self.added(self.match(node.required, allowed), node.optional)
        sums = dict(zip(*self.score(node.required, allowed), strict=True))
        if not scoreless(node.optional):
            for doc, score in zip(*self.score(node.optional, sums), strict=True):
                sums[doc] += score
        return list(sums), list(sums.values())

    def added(self, docs: Allowed, optional: Node) -> DocScores:
        """All of ``docs``, scored by ``optional`` (0 where it does not match)."""
        if scoreless(optional):
            return list(docs), [0.0] * len(docs)
        sums = dict.fromkeys(docs, 0.0)
        children: tuple[Node, ...] = (optional,)
        if isinstance(optional, Or) and optional.min_should_match == 1:
            children = optional.children
        for child in children:
            for doc, score in zip(*self.score(child, sums), strict=True):
                sums[doc] += score
        return list(sums), list(sums.values())

    def _is_dense(self, parts: Iterable[DocScores]) -> bool:
        return sum(len(docs) for docs, _ in parts) * _DENSE > self.source.count

    # --- without scores ---

    def match(self, node: Node, allowed: Allowed | None = None) -> Allowed:
        """Allowed documents that match."""
        if isinstance(node, Term):
            return self._among(self.scorer.docs(node.field, node.token), allowed)
        if isinstance(node, Phrase):
            return self.scorer.phrase_frequencies(node, allowed)
        if isinstance(node, Prefix):
            return self._union(self.scorer.expand(node), allowed)
        if isinstance(node, Or):
            return self._at_least(node.children, node.min_should_match, allowed)
        if isinstance(node, And):
            return self._at_least(node.children, max(len(node.children), 1), allowed)
        if isinstance(node, DisMax):
            return self._union(node.children, allowed)
        if isinstance(node, AndMaybe):
            return self.match(node.required, allowed)
        if isinstance(node, AndNot):
            wanted = self.match(node.wanted, allowed)
            unwanted = self.match(node.unwanted, wanted)
            return {doc for doc in wanted if doc not in unwanted} if unwanted else wanted
        if isinstance(node, ConstantScore):
            return self.match(node.child, allowed)
        if isinstance(node, TermIn):
            lists = [self.source.keyword_docs(node.field, value) for value in node.values]
            return set().union(*(self._among(docs, allowed) for docs in lists))
        if isinstance(node, Range):
            return self._between(node, allowed)
        return self._living(allowed)

    def _union(self, children: Iterable[Node], allowed: Allowed | None) -> Allowed:
        return set().union(*(self._matching(child, allowed) for child in children))

    def _matching(self, node: Node, allowed: Allowed | None) -> Iterable[int]:
        """The distinct matching documents, not necessarily as a set."""
        if allowed is None and isinstance(node, Term):
            return self.scorer.docs(node.field, node.token)
        return self.match(node, allowed)

    def _at_least(
        self, children: Sequence[Node], min_should_match: int, allowed: Allowed | None
    ) -> Allowed:
        if min_should_match < 1:
            return self._living(allowed)
        if min_should_match > len(children):
            return frozenset()
        if min_should_match == 1:
            return self._union(children, allowed)
        if min_should_match == len(children):
            found: Allowed | None = allowed
            for child in self._cheapest(children):
                found = self.match(child, found)
                if not found:
                    break
            return found or frozenset()
        return self._enough(children, min_should_match, allowed)

    def _enough(
        self, children: Sequence[Node], min_should_match: int, allowed: Allowed | None
    ) -> Allowed:
        """Documents that match at least ``min_should_match`` children.

        Each of them matches one of the ``n - m + 1`` rarest children.
        """
        ranked = self._cheapest(children)
        first = len(ranked) - min_should_match + 1
        counts: Counter[int] = Counter()
        for child in ranked[:first]:
            counts.update(iter(self._matching(child, allowed)))
        candidates = set(counts)
        for child in ranked[first:]:
            counts.update(iter(self.match(child, candidates)))
        return {doc for doc, times in counts.items() if times >= min_should_match}

    def _between(self, node: Range, allowed: Allowed | None) -> Allowed:
        column = self.source.number_column(node.field)
        low = -(2**64) if node.low is None else node.low
        high = 2**64 if node.high is None else node.high
        values, given = column.values, column.given
        return {doc for doc in self._living(allowed) if low <= values[doc] <= high and given[doc]}

    def _living(self, allowed: Allowed | None) -> Allowed:
        """Every allowed document; only live ones are ever allowed."""
        return self.source.live_docs() if allowed is None else allowed

    @staticmethod
    def _among(docs: array[int], allowed: Allowed | None) -> Allowed:
        """The allowed part of ascending ``docs``."""
        if allowed is None:
            return set(docs)
        if len(allowed) * FEW < len(docs):
            return {doc for doc in allowed if find(docs, doc) >= 0}
        return {doc for doc in docs if doc in allowed}

    # --- order of evaluation ---

    def _cheapest(self, nodes: Iterable[Node]) -> list[Node]:
        """The nodes by estimated number of matches, ascending."""
        listed = list(nodes)
        return sorted(listed, key=self.estimate) if len(listed) > 1 else listed

    def estimate(self, node: Node) -> int:
        """Estimated number of matches; often more."""
        if isinstance(node, Term):
            return len(self.scorer.docs(node.field, node.token))
        if isinstance(node, Phrase):
            return min(
                (len(self.scorer.docs(node.field, token)) for token in node.tokens), default=0
            )
        if isinstance(node, (Or, DisMax)):
            return min(sum(map(self.estimate, node.children)), self.source.count)
        if isinstance(node, And):
            return min(map(self.estimate, node.children), default=0)
        if isinstance(node, TermIn):
            return sum(len(self.source.keyword_docs(node.field, value)) for value in node.values)
        if isinstance(node, ConstantScore):
            return self.estimate(node.child)
        if isinstance(node, AndMaybe):
            return self.estimate(node.required)
        if isinstance(node, AndNot):
            return self.estimate(node.wanted)
        # a range reads more data than MatchAll
        return self.source.count + isinstance(node, Range)


def scoreless(node: Node) -> bool:
    """Whether the node scores every match 0."""
    if isinstance(node, (ConstantScore, TermIn, Range, MatchAll)):
        return True
    if isinstance(node, (Or, And, DisMax)):
        return all(map(scoreless, node.children))
    if isinstance(node, AndMaybe):
        return scoreless(node.required) and scoreless(node.optional)
    return isinstance(node, AndNot) and scoreless(node.wanted)


def positive(node: Node) -> bool:
    """Whether every score of the node is certainly above 0."""
    if isinstance(node, (Term, Phrase, Prefix)):
        return node.boost > 0
    if isinstance(node, (Or, DisMax)):
        return (isinstance(node, DisMax) or node.min_should_match > 0) and all(
            map(positive, node.children)
        )
    if isinstance(node, And):
        ranking = [child for child in node.children if not scoreless(child)]
        return bool(ranking) and all(map(positive, ranking))
    if isinstance(node, AndMaybe):
        return positive(node.required) and (positive(node.optional) or scoreless(node.optional))
    return isinstance(node, AndNot) and positive(node.wanted)


def _add_dense(parts: Iterable[DocScores], count: int) -> list[float]:
    sums = [0.0] * count
    for docs, scores in parts:
        for doc, score in zip(docs, scores, strict=True):
            sums[doc] += score
    return sums


def _greatest_dense(parts: Iterable[DocScores], count: int) -> list[float]:
    best = [0.0] * count
    for docs, scores in parts:
        for doc, score in zip(docs, scores, strict=True):
            if score > best[doc]:
                best[doc] = score
    return best


def _from_dense(scores: list[float]) -> DocScores:
    return list(compress(range(len(scores)), scores)), list(filter(None, scores))
