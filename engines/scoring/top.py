"""Score the top documents of a query, and find all matches.

Only documents whose upper bound reaches the lowest of the top scores are scored (dynamic pruning;
cf. MaxScore, Turtle & Flood, *Query Evaluation: Strategies and Optimizations*, 1995), so the top
documents and their scores are those of a full evaluation. Bounds are columns of one byte per
document. Sums and maxima of columns are operations on long integers: in Python far faster than
loops over postings.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Sequence
from itertools import compress
from math import ceil

from ..query import AndMaybe, DisMax, Node, Or, Term
from .bm25 import DocScores
from .evaluator import Evaluator, positive, scoreless
from .masks import match

_HIGHEST = 255  # greatest bound of a document, one byte
_MAX_LEAVES = 100  # more would make bounds too coarse
_FEW = 16  # matches per requested document, up to which all are scored
_SLACK = 1 - 1e-9  # sums of scores and of bounds are rounded differently

_BELOW = [bytes(range(number)) for number in range(_HIGHEST + 1)]


class TopScorer:
    """Scores the top documents of queries over one source. Thread-safe."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def score(self, query: Node, first: int) -> tuple[Collection[int], DocScores]:
        """All matches; and at least the ``first`` of them with the highest scores, scored.

        Documents with the same score as the last of those are included.
        """
        evaluator = self._evaluator
        required = None
        scoring = query
        if isinstance(query, AndMaybe) and scoreless(query.required):
            required, scoring = query.required, query.optional
        if not isinstance(scoring, Or) or not _is_bounded(scoring):
            scored = evaluator.score(query)
            return scored[0], scored
        if required is None:
            if evaluator.estimate(scoring) <= first * _FEW:
                scored = evaluator.score(scoring)
                return scored[0], scored
            bounds = _Bounds(evaluator, scoring)
            column = bounds.column()
            docs: Collection[int] = list(compress(range(len(column)), column))
            return docs, self._pruned(docs, column.translate(None, b"\0"), bounds, first)
        docs = match(evaluator, required)
        if len(docs) <= first * _FEW:
            return docs, evaluator.added(docs, scoring)
        bounds = _Bounds(evaluator, scoring)
        values = bytearray(map(bounds.column().__getitem__, docs))
        return docs, self._pruned(docs, values, bounds, first)

    def _pruned(
        self, docs: Collection[int], values: bytearray, bounds: _Bounds, first: int
    ) -> DocScores:
        """The top documents by score; ``values`` are the bounds of ``docs``.

        Documents are scored in the order of their bounds, as many again in each round.
        """
        found: list[int] = []
        scores: list[float] = []
        low, before, wanted = 0, _HIGHEST + 1, first
        while low < before:
            wanted *= 2
            level = max(low, min(_level(values, wanted), before - 1))
            inside = bytes(level) + b"\1" * (before - level) + bytes(_HIGHEST + 1 - before)
            chosen = set(compress(docs, values.translate(inside)))
            scored = self._evaluator.added(chosen, bounds.query)
            found += scored[0]
            scores += scored[1]
            before = level
            if len(scores) >= first and bounds.unit:
                least = heapq.nlargest(first, scores)[-1]
                low = ceil(least / bounds.unit * _SLACK)
        return found, scores


def _level(values: bytearray, wanted: int) -> int:
    """The highest number reached by at least ``wanted`` values; 0 if there are fewer."""
    low, high = 0, _HIGHEST + 1
    while high - low > 1:
        middle = (low + high) // 2
        above = values.translate(None, _BELOW[middle])
        if len(above) >= wanted:
            low, values = middle, above
        else:
            high = middle
    return low


class _Bounds:
    """Upper bounds of the scores of one query, in multiples of ``unit``.

    The query is a sum of positive leaves, sums and maxima.
    """

    def __init__(self, evaluator: Evaluator, query: Or) -> None:
        self.query = query
        self._evaluator = evaluator
        self._count = evaluator.source.count
        self._scored: dict[Node, DocScores] = {}
        # each leaf is rounded up by less than one unit
        self.unit = self._greatest(query) / (_HIGHEST - _leaves(query))

    def column(self) -> bytearray:
        """The bound of every document; 0 if and only if it does not match."""
        dense: list[Node] = []
        sparse: list[Node] = []
        for node in self.query.children:
            (dense if self._is_dense(node) else sparse).append(node)
        bounds = bytearray(sum(map(self._sum, dense)).to_bytes(self._count, "little"))
        for node in sparse:
            self._add(bounds, node)
        return bounds

    def _sum(self, node: Node) -> int:
        """The bounds of one node as an integer, the first document in the lowest byte."""
        if isinstance(node, (Or, DisMax)) and self._is_dense(node):
            parts = [self._sum(child) for child in node.children]
            return sum(parts) if isinstance(node, Or) else _greatest(parts, self._count)
        if isinstance(node, Term):
            impacts = self._evaluator.scorer.impacts(node.field, node.token)
            if impacts is not None:
                bounds = impacts.column.translate(impacts.bounds(self.unit / node.boost))
                return int.from_bytes(bounds, "little")
        column = bytearray(self._count)
        self._add(column, node)
        return int.from_bytes(column, "little")

    def _add(self, bounds: bytearray, node: Node) -> None:
        unit = self.unit
        for doc, score in zip(*self._score(node), strict=True):
            bounds[doc] += ceil(score / unit)

    def _score(self, node: Node) -> DocScores:
        scored = self._scored.get(node)
        if scored is None:
            scored = self._scored[node] = self._evaluator.score(node)
        return scored

    def _greatest(self, node: Node) -> float:
        """Upper bound of all scores of a node."""
        if isinstance(node, Or):
            return sum(map(self._greatest, node.children))
        if isinstance(node, DisMax):
            return max(map(self._greatest, node.children))
        if isinstance(node, Term):
            impacts = self._evaluator.scorer.impacts(node.field, node.token)
            if impacts is not None:
                return node.boost * impacts.greatest()
        return max(self._score(node)[1], default=0.0)

    def _is_dense(self, node: Node) -> bool:
        """Whether a leaf of the node has impacts."""
        if isinstance(node, (Or, DisMax)):
            return any(map(self._is_dense, node.children))
        return (
            isinstance(node, Term)
            and self._evaluator.scorer.impacts(node.field, node.token) is not None
        )


def _greatest(columns: Sequence[int], count: int) -> int:
    """The greatest byte of each document.

    Even and odd bytes are compared apart. Subtraction in 16 bits, with bit 8 set in the minuend,
    keeps that bit where the minuend is no less.
    """
    ones = int.from_bytes(b"\1\0" * (count // 2 + 1), "little")
    marks, low = ones << 8, ones * _HIGHEST
    best = columns[0]
    for column in columns[1:]:
        found = 0
        for shift in (0, 8):
            left, right = best >> shift & low, column >> shift & low
            no_less = (((left | marks) - right) & marks) >> 8
            found |= (right ^ ((left ^ right) & (no_less * _HIGHEST))) << shift
        best = found
    return best


def _is_bounded(query: Or) -> bool:
    """Whether its scores are sums and maxima of a few positive leaves."""
    return _plain(query) and positive(query) and _leaves(query) <= _MAX_LEAVES


def _plain(node: Node) -> bool:
    if isinstance(node, Or) and node.min_should_match != 1:
        return False
    return not isinstance(node, (Or, DisMax)) or (
        len(node.children) > 0 and all(map(_plain, node.children))
    )


def _leaves(node: Node) -> int:
    """Number of leaves of sums and maxima."""
    return sum(map(_leaves, node.children)) if isinstance(node, (Or, DisMax)) else 1
