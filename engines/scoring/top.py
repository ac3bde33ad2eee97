"""Score the top documents of a query, and find all matches.

Only documents whose upper bound reaches the lowest of the top scores are scored (dynamic pruning;
cf. MaxScore, Turtle & Flood, *Query Evaluation: Strategies and Optimizations*, 1995), so the top
documents and their scores are those of a full evaluation. Bounds are columns of one byte per
document. Sums and maxima of columns are operations on long integers: in Python far faster than
loops over postings.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Sequence
from itertools import compress
from math import ceil
from typing import NamedTuple

from ..query import AndMaybe, DisMax, Node, Or, Term
from .bm25 import DocScores
from .evaluator import Evaluator, positive, scoreless
from .impacts import Impacts
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
            few = list(docs)
            return docs, (few, _Bounds(evaluator, scoring, set(few)).scores(few))
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
            chosen = list(compress(docs, values.translate(inside)))
            found += chosen
            scores += bounds.scores(chosen)
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


class _Part(NamedTuple):
    """A part of a sum.

    It is a term with impacts, a sum or maximum of parts, or any other node.
    ``greatest`` is an upper bound of its scores; ``roundings`` the number of bounds in it, each
    rounded up. ``scored`` are the scores of other nodes.
    """

    node: Node
    greatest: float
    roundings: int = 1
    impacts: Impacts | None = None
    children: tuple[_Part, ...] = ()
    scored: DocScores = ((), ())

    @property
    def is_dense(self) -> bool:
        """Whether a term in it has impacts."""
        return self.impacts is not None or bool(self.children)


class _Bounds:
    """Upper bounds of the scores of one query, in multiples of ``unit``.

    The query is a sum of positive leaves, sums and maxima; of ``allowed`` documents if given.
    """

    def __init__(
        self, evaluator: Evaluator, query: Or, allowed: Collection[int] | None = None
    ) -> None:
        self._evaluator = evaluator
        self._allowed = allowed
        self._count = evaluator.source.count
        self._parts = list(map(self._part, query.children))
        # each bound is rounded up by less than one unit
        roundings = sum(part.roundings for part in self._parts)
        self.unit = sum(part.greatest for part in self._parts) / (_HIGHEST - roundings)

    def _part(self, node: Node) -> _Part:
        if isinstance(node, Term):
            impacts = self._evaluator.scorer.impacts(node.field, node.token, self._allowed)
            if impacts is not None:
                return _Part(node, node.boost * impacts.greatest(), impacts=impacts)
        elif isinstance(node, (Or, DisMax)):
            parts = tuple(map(self._part, node.children))
            if any(part.is_dense for part in parts):
                greatest = (sum if isinstance(node, Or) else max)(part.greatest for part in parts)
                return _Part(node, greatest, sum(part.roundings for part in parts), None, parts)
        scored = self._evaluator.score(node, self._allowed)
        return _Part(node, max(scored[1], default=0.0), scored=scored)

    def column(self) -> bytearray:
        """The bound of every document; 0 if and only if it does not match."""
        dense = (self._sum(part) for part in self._parts if part.is_dense)
        bounds = bytearray(sum(dense).to_bytes(self._count, "little"))
        for part in self._parts:
            if not part.is_dense:
                self._add(bounds, part)
        return bounds

    def _sum(self, part: _Part) -> int:
        """The bounds of one part as an integer, the first document in the lowest byte."""
        if part.children:
            parts = list(map(self._sum, part.children))
            return sum(parts) if isinstance(part.node, Or) else _greatest(parts, self._count)
        if part.impacts is not None and isinstance(part.node, Term):
            table = part.impacts.bounds(self.unit / part.node.boost)
            return int.from_bytes(part.impacts.column.translate(table), "little")
        column = bytearray(self._count)
        self._add(column, part)
        return int.from_bytes(column, "little")

    def _add(self, bounds: bytearray, part: _Part) -> None:
        unit = self.unit
        for doc, score in zip(*part.scored, strict=True):
            bounds[doc] += ceil(score / unit)

    def scores(self, docs: Sequence[int]) -> list[float]:
        """The scores of some documents."""
        chosen = _Chosen(docs, {doc: at for at, doc in enumerate(docs)}, {})
        return self._added(self._parts, chosen)

    def _added(self, parts: Iterable[_Part], chosen: _Chosen) -> list[float]:
        """The sums of the scores of the parts."""
        sums = [0.0] * len(chosen.docs)
        for part in parts:
            for at, score in self._scores(part, chosen):
                sums[at] += score
        return sums

    def _scores(self, part: _Part, chosen: _Chosen) -> Iterable[tuple[int, float]]:
        """The scores of one part by index; 0 for other documents."""
        node, docs, norms, places = part.node, chosen.docs, chosen.norms, chosen.places
        if part.impacts is not None and isinstance(node, Term):
            scorer = self._evaluator.scorer
            if node.field not in norms:
                norms[node.field] = scorer.norms_of(node.field, docs)
            return scorer.scores_at(node, part.impacts, docs, norms[node.field], node.boost)
        if not part.children:
            rows = zip(*part.scored, strict=True)
            return [(places[doc], score) for doc, score in rows if doc in places]
        if isinstance(node, Or):
            return enumerate(self._added(part.children, chosen))
        greatest = [0.0] * len(docs)
        for child in part.children:
            for at, score in self._scores(child, chosen):
                greatest[at] = max(greatest[at], score)
        return enumerate(greatest)


class _Chosen(NamedTuple):
    """Documents to score, their indices, and their norms by field."""

    docs: Sequence[int]
    places: dict[int, int]
    norms: dict[str, list[float]]


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
