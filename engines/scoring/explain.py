"""Explain a document's score by the matching leaves of the query."""

from __future__ import annotations

from ..engine import TermExplanation
from ..query import And, AndMaybe, AndNot, DisMax, Node, Or, Phrase, Prefix, Term
from .bm25 import find
from .evaluator import Evaluator, scoreless

Explained = tuple[float, tuple[TermExplanation, ...]]


def explain(evaluator: Evaluator, node: Node, doc: int) -> Explained | None:
    """The score of ``doc`` and the terms that sum to it; None without a match."""
    if scoreless(node):
        return (0.0, ()) if doc in evaluator.match(node, {doc}) else None
    if isinstance(node, (Term, Phrase, Prefix)):
        return _leaf(evaluator, node, doc)
    if isinstance(node, (Or, And)):
        parts = [part for child in node.children if (part := explain(evaluator, child, doc))]
        min_should_match = node.min_should_match if isinstance(node, Or) else len(node.children)
        return _together(parts) if len(parts) >= min_should_match else None
    if isinstance(node, DisMax):
        parts = [part for child in node.children if (part := explain(evaluator, child, doc))]
        return max(parts, key=lambda part: part[0], default=None)
    if isinstance(node, AndMaybe):
        required = explain(evaluator, node.required, doc)
        optional = explain(evaluator, node.optional, doc)
        return _together([required, optional] if optional else [required]) if required else None
    assert isinstance(node, AndNot)
    return (
        None
        if doc in evaluator.match(node.unwanted, {doc})
        else explain(evaluator, node.wanted, doc)
    )


def _together(parts: list[Explained]) -> Explained:
    leaves = tuple(leaf for _, contributions in parts for leaf in contributions)
    return sum(score for score, _ in parts), leaves


def _leaf(evaluator: Evaluator, node: Term | Phrase | Prefix, doc: int) -> Explained | None:
    if isinstance(node, Prefix):
        terms = (_leaf(evaluator, term, doc) for term in evaluator.scorer.expand(node))
        best = max((term for term in terms if term), key=lambda term: term[0], default=None)
        if best is None:
            return None
        found = best[1][0]
        leaf = TermExplanation(
            node, found.score, found.tf, found.idf, found.length, found.mean_length
        )
        return best[0], (leaf,)
    docs, scores = evaluator.score(node, {doc})
    if not docs:
        return None
    scorer = evaluator.scorer
    if isinstance(node, Term):
        known = scorer.leaf(node.field, node.token)
        tfs, idf = known.postings.tfs, known.idf
        tf = 1 if tfs is None else tfs[find(known.postings.docs, doc)]
    else:
        idf, tf = scorer.phrase_idf(node), scorer.phrase_frequencies(node, {doc})[doc]
    length = evaluator.source.lengths(node.field)[doc]
    mean = scorer.figures(node.field).mean
    return scores[0], (TermExplanation(node, scores[0], float(tf), idf, float(length), mean),)
