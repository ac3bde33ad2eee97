"""BM25 scores of the leaves of a query, cached.

The formula is documented in :mod:`tracuu.engines.engine`. All statistics count live documents only:
``df``, ``N`` and the mean length exclude deleted documents on every engine.
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from math import log
from typing import NamedTuple

from ..document import Schema, TextField
from ..engine import FieldStats
from ..query import Phrase, Prefix, Term
from .impacts import MANY_TIMES, Impacts, LengthClasses
from .phrases import phrase_frequencies
from .source import Cache, Postings, Source

KEPT_POSTINGS = 4_000_000  # postings cached per snapshot with scores, up to 13 bytes each
KEPT_POSITIONS = 2_000_000  # positions cached per snapshot, 8 bytes each
KEPT_IMPACTS = 32_000_000  # impacts cached per snapshot, 1 byte each

# Distinct document numbers, and their scores in parallel.
DocScores = tuple[Sequence[int], Sequence[float]]

FEW = 16  # look up each allowed document if postings are this many times more
_LOOK_UP = 4  # the same with impacts
_SPARSE = 32  # a term in a smaller part of the index has no impacts


@dataclass(slots=True)
class ScoredPostings:
    """Postings of a term and, once computed, their scores for boost 1."""

    postings: Postings
    idf: float
    scores: array[float] | None = None


class FieldFigures(NamedTuple):
    """Statistics of a field as the formula needs them.

    ``norms`` is ``k1 * (1 - b + b * length / mean)`` by length.
    """

    field: TextField
    documents: int
    tokens: int
    mean: float
    norms: Sequence[float]


class Scorer:
    """Postings, positions and scores of leaves over one source.

    Thread-safe.
    """

    def __init__(self, source: Source, schema: Schema) -> None:
        self.source = source
        self.fields = {field.name: field for field in schema.text}
        self._figures: dict[str, FieldFigures] = {}
        self._leaves: Cache[ScoredPostings] = Cache(KEPT_POSTINGS)
        self._places: Cache[array[int]] = Cache(KEPT_POSITIONS)
        self._impacts: Cache[Impacts] = Cache(KEPT_IMPACTS)
        self._lengths: dict[str, LengthClasses] = {}
        self._prefixes: Cache[list[str]] = Cache(10_000)

    def figures(self, name: str) -> FieldFigures:
        """Statistics of a text field, computed once."""
        known = self._figures.get(name)
        if known is None:
            known = self._figures[name] = self._count(name)
        return known

    def _count(self, name: str) -> FieldFigures:
        field, sizes = self.fields[name], self.source.field_stats(name)
        documents, tokens = sizes.doc_count, sizes.total_terms
        mean = tokens / documents if documents else 0.0
        k1, b = field.k1, field.b
        norms = (
            [k1 * (1 - b + b * length / mean) for length in range(sizes.max_length + 1)]
            if documents
            else []
        )
        return FieldFigures(field, documents, tokens, mean, norms)

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of a text field: documents with a token, tokens, maximum length."""
        figures = self.figures(name)
        return FieldStats(figures.documents, figures.tokens, max(len(figures.norms) - 1, 0))

    def idf(self, name: str, df: int) -> float:
        """The inverse document frequency for the document frequency ``df``."""
        return log(1 + (self.figures(name).documents - df + 0.5) / (df + 0.5))

    def doc_freq(self, name: str, token: str, postings: Postings) -> int:
        """Number of live documents in the postings of a token."""
        return len(postings.docs)

    def leaf(self, name: str, token: str) -> ScoredPostings:
        """Postings of a term in live documents, cached."""
        leaf = self._leaves.get((name, token))
        if leaf is None:
            postings = self.source.postings(name, token)
            leaf = ScoredPostings(
                postings,
                self.idf(name, self.doc_freq(name, token, postings)) if postings.docs else 0.0,
            )
            self._leaves.put((name, token), leaf, len(postings.docs) + 1)
        return leaf

    def docs(self, name: str, token: str) -> array[int]:
        """The documents that contain the token, ascending."""
        return self.leaf(name, token).postings.docs

    def impacts(
        self, name: str, token: str, allowed: Collection[int] | None = None
    ) -> Impacts | None:
        """The impacts of a term, cached.

        None if it occurs in few documents, or in far more than the ``allowed`` ones and its impacts
        are not cached.
        """
        impacts = self._impacts.get((name, token))
        if impacts is None:
            leaf, count = self.leaf(name, token), self.source.count
            if not leaf.postings.docs or len(leaf.postings.docs) * _SPARSE < count:
                return None
            if allowed is not None and len(allowed) * FEW < len(leaf.postings.docs):
                return None
            figures = self.figures(name)
            if name not in self._lengths:
                self._lengths[name] = LengthClasses.of(self.source.lengths(name), figures.norms)
            limit = leaf.idf * (figures.field.k1 + 1)
            impacts = Impacts.of(leaf.postings, limit, self._lengths[name], count)
            self._impacts.put((name, token), impacts, count)
        return impacts

    def term(self, node: Term, allowed: Collection[int] | None) -> DocScores:
        """Allowed documents that match the term, and their scores."""
        leaf = self.leaf(node.field, node.token)
        docs = leaf.postings.docs
        if not docs:
            return (), ()
        docs_here: Sequence[int] = docs
        scores: Sequence[float]
        impacts = None
        if allowed is not None and len(allowed) * _LOOK_UP < len(docs):
            impacts = self._impacts.get((node.field, node.token))
        if impacts is not None and allowed is not None:
            listed = list(allowed)
            norms = self.norms_of(node.field, listed)
            found = self.scores_at(node, impacts, listed, norms, 1.0)
            docs_here, scores = [listed[at] for at, _ in found], [score for _, score in found]
        elif leaf.scores is None and allowed is not None and len(allowed) * FEW < len(docs):
            few = _taken(leaf.postings, [at for doc in allowed if (at := find(docs, doc)) >= 0])
            docs_here, scores = few.docs, self._score(node.field, ScoredPostings(few, leaf.idf))
        else:
            if leaf.scores is None:
                leaf.scores = self._score(node.field, leaf)
            scores = leaf.scores
            if allowed is not None:
                docs_here, scores = restrict(docs, scores, allowed)
        if node.boost != 1.0:
            scores = list(map(float(node.boost).__mul__, scores))
        return docs_here, scores

    def scores_at(
        self,
        node: Term,
        impacts: Impacts,
        docs: Sequence[int],
        norms: Sequence[float],
        boost: float,
    ) -> list[tuple[int, float]]:
        """Those of ``docs`` that contain the term, by index, and their scores.

        ``norms`` are those of the documents: see :meth:`norms_of`.
        """
        leaf = self.leaf(node.field, node.token)
        tfs = impacts.frequencies(docs)
        found: Iterable[tuple[int, int]] = compress(enumerate(tfs), tfs)
        if MANY_TIMES in tfs and leaf.postings.tfs is not None:
            known, places = leaf.postings.tfs, leaf.postings.docs
            found = [
                (at, known[find(places, docs[at])] if tf == MANY_TIMES else tf) for at, tf in found
            ]
        top = leaf.idf * (self.fields[node.field].k1 + 1)
        return [(at, boost * (top * tf / (tf + norms[at]))) for at, tf in found]

    def norms_of(self, name: str, docs: Iterable[int]) -> list[float]:
        """The norm of each document in a field."""
        norms, lengths = self.figures(name).norms, self.source.lengths(name)
        return [norms[lengths[doc]] for doc in docs]

    def _score(self, name: str, leaf: ScoredPostings) -> array[float]:
        figures, postings = self.figures(name), leaf.postings
        norms, top = figures.norms, leaf.idf * (figures.field.k1 + 1)
        lengths = map(self.source.lengths(name).__getitem__, postings.docs)
        if postings.tfs is not None:
            return array(
                "d",
                [
                    top * tf / (tf + norms[length])
                    for tf, length in zip(postings.tfs, lengths, strict=True)
                ],
            )
        if len(norms) > len(postings.docs):
            return array("d", [top / (1 + norms[length]) for length in lengths])
        by_length = [top / (1 + norm) for norm in norms]
        return array("d", map(by_length.__getitem__, lengths))

    def phrase(self, node: Phrase, allowed: Collection[int] | None) -> DocScores:
        """Allowed documents that match the phrase, and their scores."""
        found = self.phrase_frequencies(node, allowed)
        if not found:
            return (), ()
        figures, idf = self.figures(node.field), self.phrase_idf(node)
        norms, lengths = figures.norms, self.source.lengths(node.field)
        top = node.boost * idf * (figures.field.k1 + 1)
        return list(found), [top * tf / (tf + norms[lengths[doc]]) for doc, tf in found.items()]

    def phrase_idf(self, node: Phrase) -> float:
        """Sum of the inverse document frequencies of the tokens."""
        return sum(self.leaf(node.field, token).idf for token in node.tokens)

    def phrase_frequencies(self, node: Phrase, allowed: Collection[int] | None) -> dict[int, int]:
        """Document → number of occurrences of the phrase."""
        sizes = [(len(self.docs(node.field, token)), token) for token in node.tokens]
        if not sizes or not min(sizes)[0]:
            return {}  # avoids reading positions
        places = [self._where(node.field, token) for token in node.tokens]
        return dict(phrase_frequencies(places, node.slop, node.ordered, allowed))

    def _where(self, name: str, token: str) -> array[int]:
        places = self._places.get((name, token))
        if places is None:
            places = self.source.positions(name, token)
            self._places.put((name, token), places, len(places) + 1)
        return places

    def expand(self, node: Prefix) -> list[Term]:
        """The most frequent terms with the prefix; ties in code-point order."""
        key = (node.field, node.prefix, str(node.limit))
        tokens = self._prefixes.get(key)
        if tokens is None:
            words = self.source.vocabulary(node.field, node.prefix)
            tokens = most_frequent(words, node.limit)
            self._prefixes.put(key, tokens, len(tokens) + 1)
        return [Term(node.field, token, node.boost) for token in tokens]


def _taken(postings: Postings, places: Sequence[int]) -> Postings:
    """The postings at these indices."""
    docs, tfs = postings.docs, postings.tfs
    return Postings(
        array(docs.typecode, map(docs.__getitem__, places)),
        None if tfs is None else array(tfs.typecode, map(tfs.__getitem__, places)),
    )


def most_frequent(words: Iterable[tuple[str, int]], limit: int) -> list[str]:
    """The most frequent tokens; ties in code-point order."""
    most = heapq.nsmallest(max(limit, 0), words, key=lambda word: (-word[1], word[0]))
    return [token for token, _ in most]


def restrict(
    docs: array[int], scores: Sequence[float], allowed: Collection[int]
) -> tuple[Sequence[int], Sequence[float]]:
    """The allowed part of ascending ``docs``, with its scores."""
    if len(allowed) * FEW < len(docs):
        kept = [(doc, scores[at]) for doc in allowed if (at := find(docs, doc)) >= 0]
    else:
        inside = list(map(allowed.__contains__, docs))
        return list(compress(docs, inside)), list(compress(scores, inside))
    return [doc for doc, _ in kept], [score for _, score in kept]


def find(docs: array[int], doc: int) -> int:
    """Index of ``doc`` in ascending ``docs``, or -1."""
    at = bisect_left(docs, doc)
    return at if at < len(docs) and docs[at] == doc else -1
