"""Find the matches of boolean queries with frequent terms.

Matches are columns of one byte per document, 1 for a match. As in :mod:`.top`, operations on whole
columns are operations on long integers. Rare terms are faster as sets of documents, by
:class:`.evaluator.Evaluator`.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from itertools import compress
from operator import and_, or_

from ..query import And, AndMaybe, AndNot, ConstantScore, DisMax, Node, Or, Term
from .evaluator import Evaluator
from .impacts import PRESENT

_MANY = 2  # columns are used if the postings are more than this part of the index
_MOST = 255  # children that can be counted in a byte


def match(evaluator: Evaluator, query: Node) -> Collection[int]:
    """The documents that match ``query``."""
    count = evaluator.source.count
    if _postings(evaluator, query) * _MANY <= count:
        return evaluator.match(query)
    column = _column(evaluator, query).to_bytes(count, "little")
    return list(compress(range(count), column))


def _postings(evaluator: Evaluator, node: Node) -> int:
    """Number of postings that the evaluator would read, roughly."""
    if isinstance(node, (ConstantScore, AndMaybe, AndNot)):
        return _postings(evaluator, _condition(node))
    if isinstance(node, (Or, DisMax)):
        return sum(_postings(evaluator, child) for child in node.children)
    return evaluator.estimate(node) if isinstance(node, (Term, And)) else 0


def _condition(node: ConstantScore | AndMaybe | AndNot) -> Node:
    if isinstance(node, ConstantScore):
        return node.child
    return node.required if isinstance(node, AndMaybe) else node.wanted


def _column(evaluator: Evaluator, node: Node) -> int:
    """1 in the byte of every match, the first document in the lowest byte."""
    count = evaluator.source.count
    if isinstance(node, Term):
        impacts = evaluator.scorer.impacts(node.field, node.token)
        if impacts is not None:
            return int.from_bytes(impacts.column.translate(PRESENT), "little")
    elif isinstance(node, (ConstantScore, AndMaybe)):
        return _column(evaluator, _condition(node))
    elif isinstance(node, AndNot):
        wanted = _column(evaluator, node.wanted)
        return wanted & ~_column(evaluator, node.unwanted)
    elif isinstance(node, (Or, And, DisMax)) and 0 < len(node.children) <= _MOST:
        least = node.min_should_match if isinstance(node, Or) else 1
        columns = [_column(evaluator, child) for child in node.children]
        if least == 1 and not isinstance(node, And):
            return reduce(or_, columns)
        if isinstance(node, And) or least == len(columns):
            return reduce(and_, columns)
        if 1 < least < len(columns):
            sums = sum(columns).to_bytes(count, "little")
            enough = bytes(least) + b"\1" * (256 - least)
            return int.from_bytes(sums.translate(enough), "little")
    found = bytearray(count)
    for doc in evaluator.match(node):
        found[doc] = 1
    return int.from_bytes(found, "little")
