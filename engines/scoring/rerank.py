"""Rerank an engine's candidates by the formula of the contract.

Native engines find, count and rank matches by a similar formula, with other constants and lengths
rounded to one byte. The best of their list are scored again here exactly by the contract: the
evaluator runs over the candidates' own tokens (:mod:`.forward_index`), with the statistics of the
whole index. Results differ from an engine that scores everything only if a document ranks below
:func:`depth` in the native list.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import groupby
from math import log
from operator import add
from typing import Any, Protocol

from ..document import Schema
from ..engine import FACET_SCORE_DEPTH, FacetCount, FieldStats
from ..query import And, AndMaybe, AndNot, DisMax, Node, Or, Phrase, Prefix, SortKey, Term
from .bm25 import Scorer
from .evaluator import Evaluator, positive, scoreless
from .explain import Explained, explain
from .forward_index import Packed, term_freq, token_key, values_of
from .source import POSITION_BITS, DocumentColumns, Postings

_MISSING = (1,)
_NO_VOTES = FacetCount(0, 0.0)
SPARE = 32  # minimum number of extra candidates


class Figures(Protocol):
    """Statistics of the whole index for the formula; live documents only."""

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of a text field: documents with a token, tokens, maximum length."""

    def doc_freq(self, name: str, token: str) -> int:
        """Document frequency of a token."""

    def expand(self, prefix: Prefix) -> Sequence[str]:
        """The terms that a prefix expands to."""


def depth(end: int) -> int:
    """Number of candidates for a page that ends with the ``end``-th hit.

    The largest of 1.5 × ``end``, ``end + SPARE`` and twice :data:`FACET_SCORE_DEPTH`; rounded up in
    steps, so that neighbouring pages mostly use the same candidates. (With 96 candidates the shares
    of areas differed from Whoosh's on 65 of 800 queries, with 128 on 6.)
    """
    wanted = max(2 * FACET_SCORE_DEPTH, end + max(SPARE, end // 2))
    return -(-wanted // SPARE) * SPARE


class Candidates(DocumentColumns[Packed]):
    """A source over some documents, with the statistics of the whole index."""

    def __init__(self, documents: Sequence[Packed], schema: Schema, figures: Figures) -> None:
        super().__init__(documents)
        self.schema = schema
        self.figures = figures
        self.scorer = _Scorer(self, schema)
        self.evaluator = Evaluator(self, schema, self.scorer)
        self._places: dict[tuple[int, str], dict[str, array[int]]] = {}
        self._known_sections: dict[str, list[tuple[bytes, float]]] = {}

    def scores(self, query: Node) -> list[float]:
        """Scores of all documents, which are known to match ``query``."""
        node = known_to_match(query)
        if node is None:
            return [0.0] * self.count
        if isinstance(node, Phrase) and node.slop <= 0 and node.ordered and _demands(query, node):
            return self._exact_phrase(node)
        return self._score(node)

    def best(self, query: Node, tie_breakers: Sequence[SortKey]) -> list[tuple[int, float]]:
        """All documents by descending score, then ``tie_breakers``, then key."""
        scores = self.scores(query)
        order = sorted(range(self.count), key=scores.__getitem__, reverse=True)
        if len(set(scores)) == self.count:
            return [(doc, scores[doc]) for doc in order]
        ranked: list[tuple[int, float]] = []
        for score, group in groupby(order, scores.__getitem__):
            equal = list(group)
            if len(equal) > 1:
                key = sort_key(tie_breakers)
                equal.sort(key=lambda doc: key(self.documents[doc]))
            ranked.extend((doc, score) for doc in equal)
        return ranked

    def _score(self, node: Node) -> list[float]:
        """Score of every document, 0 where the node does not match.

        Sums and maxima of terms, the largest part of most queries, are computed in lists; the
        evaluator does the rest.
        """
        if isinstance(node, Term):
            return self._term(node)
        plain = isinstance(node, DisMax) or (isinstance(node, Or) and node.min_should_match == 1)
        if plain and isinstance(node, (Or, DisMax)) and node.children and positive(node):
            join = max if isinstance(node, DisMax) else add
            parts = [self._score(child) for child in node.children]
            return list(reduce(lambda one, other: list(map(join, one, other)), parts))
        found = [0.0] * self.count
        docs, scores = self.evaluator.score(node)
        for doc, score in zip(docs, scores, strict=True):
            found[doc] = score
        return found

    def _exact_phrase(self, node: Phrase) -> list[float]:
        """Scores of a phrase that every document contains.

        If one of its tokens occurs once, the phrase does too.
        """
        wanted, sections = [token_key(token) for token in node.tokens], self._sections(node.field)
        top = self._top(node, self.scorer.phrase_idf(node))
        found = []
        for document, (section, norm) in zip(self.documents, sections, strict=True):
            tf = min(term_freq(section, token) for token in wanted)
            if tf > 1:
                positions = document.positions(node.field)
                places = (
                    [place - at for place in positions[token]]
                    for at, token in enumerate(node.tokens)
                )
                tf = len(set(next(places)).intersection(*places))
            found.append(top * tf / (tf + norm))
        return found

    def _term(self, node: Term) -> list[float]:
        wanted = token_key(node.token)
        size, found = len(wanted), [0.0] * self.count
        top = 0.0
        for doc, (section, norm) in enumerate(self._sections(node.field)):
            at = section.find(wanted)
            if at < 0:
                continue
            top = top or self._top(
                node, self.scorer.idf(node.field, self.figures.doc_freq(node.field, node.token))
            )
            if section[at + size]:
                tf = term_freq(section, wanted)
                found[doc] = top * tf / (tf + norm)
            else:  # once
                found[doc] = top / (1 + norm)
        return found

    def _top(self, node: Term | Phrase, idf: float) -> float:
        """The limit of a leaf's score as its frequency grows."""
        return node.boost * idf * (self.scorer.fields[node.field].k1 + 1)

    def _sections(self, name: str) -> list[tuple[bytes, float]]:
        """The packed tokens of a field and its norm, for each document."""
        known = self._known_sections.get(name)
        if known is None:
            stats = self.figures.field_stats(name)
            documents, tokens = stats.doc_count, stats.total_terms
            field, mean = self.scorer.fields[name], tokens / documents if documents else 1.0
            k1, b = field.k1, field.b
            sections = [document.section(name) for document in self.documents]
            known = [(section, k1 * (1 - b + b * length / mean)) for section, length in sections]
            self._known_sections[name] = known
        return known

    def matching(self, node: Node) -> list[int]:
        """The documents that match ``node``, ascending."""
        return sorted(self.evaluator.match(node))

    def explain(self, query: Node, doc: int) -> Explained | None:
        """The score of a document and its parts; None if it does not match."""
        return explain(self.evaluator, query, doc)

    # --- as a source ---

    def postings(self, name: str, token: str) -> Postings:
        """Documents that contain a token, with its frequencies."""
        wanted = token_key(token)
        found = [term_freq(section, wanted) for section, _ in self._sections(name)]
        docs = array("I", [doc for doc, times in enumerate(found) if times])
        return Postings(docs, array("I", filter(None, found)))

    def positions(self, name: str, token: str) -> array[int]:
        """Positions of the token: document number << POSITION_BITS | position."""
        found = array("Q")
        for doc in self.postings(name, token).docs:
            if (doc, name) not in self._places:
                self._places[doc, name] = self.documents[doc].positions(name)
            base = doc << POSITION_BITS
            found.extend(base | place for place in self._places[doc, name][token])
        return found

    def doc_freqs(self, name: str, tokens: Sequence[str]) -> list[int]:
        """Document frequency of each token in the whole index."""
        return [self.figures.doc_freq(name, token) for token in tokens]

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of the whole index, but the maximum length of the candidates."""
        return replace(
            self.figures.field_stats(name), max_length=max(self.lengths(name), default=0)
        )

    def lengths(self, name: str) -> array[int]:
        """Length of a text field in tokens, by document number."""
        return array("I", [document.length(name) for document in self.documents])

    def vocabulary(self, name: str, prefix: str) -> Iterator[tuple[str, int]]:
        """Not available for candidates; :class:`Figures` expands prefixes."""
        raise NotImplementedError


class _Scorer(Scorer):
    """Scores candidates by the statistics of the whole index."""

    def __init__(self, candidates: Candidates, schema: Schema) -> None:
        super().__init__(candidates, schema)
        self._whole = candidates.figures

    def idf(self, name: str, df: int) -> float:
        return log(1 + (self._whole.field_stats(name).doc_count - df + 0.5) / (df + 0.5))

    def phrase_idf(self, node: Phrase) -> float:
        return sum(
            self.idf(node.field, self._whole.doc_freq(node.field, token)) for token in node.tokens
        )

    def doc_freq(self, name: str, token: str, postings: Postings) -> int:
        return self._whole.doc_freq(name, token)

    def expand(self, node: Prefix) -> list[Term]:
        return [Term(node.field, token, node.boost) for token in self._whole.expand(node)]


def _demands(query: Node, leaf: Node) -> bool:
    """Whether every match of ``query`` matches ``leaf``.

    Optional clauses do not count.
    """
    if isinstance(query, And):
        return any(_demands(child, leaf) for child in query.children)
    if isinstance(query, AndMaybe):
        return _demands(query.required, leaf)
    if isinstance(query, AndNot):
        return _demands(query.wanted, leaf)
    return query == leaf


def known_to_match(node: Node) -> Node | None:
    """The scoring part of ``node``, without its filters; None if nothing scores."""
    if scoreless(node):
        return None
    if isinstance(node, AndNot):
        return known_to_match(node.wanted)
    if isinstance(node, AndMaybe):
        parts = [known_to_match(node.required), None if scoreless(node.optional) else node.optional]
        kept = tuple(part for part in parts if part is not None)
        return kept[0] if len(kept) == 1 else Or(kept)
    if isinstance(node, And):
        kept = tuple(part for child in node.children if (part := known_to_match(child)) is not None)
        return kept[0] if len(kept) == 1 else Or(kept)
    if isinstance(node, Or):
        kept = tuple(child for child in node.children if not scoreless(child))
        return kept[0] if len(kept) == 1 else Or(kept)
    return node


def votes(voters: Iterable[tuple[Packed, float]], name: str) -> dict[str, FacetCount]:
    """Value of a keyword field → number of voters with it, and sum of their scores."""
    totals: dict[str, FacetCount] = {}
    read: dict[bytes, list[str]] = {}  # most documents share few distinct values
    for document, score in voters:
        packed = document.packed_values(name)
        values = read.get(packed)
        if values is None:
            values = read[packed] = values_of(packed)
        for value in values:
            known = totals.get(value, _NO_VOTES)
            totals[value] = FacetCount(known.matches + 1, known.score + score)
    return totals


def sort_key(orders: Sequence[SortKey]) -> Callable[[Packed], Any]:
    """A key to sort documents by some orders, and then by their own keys."""

    def key(document: Packed) -> list[Any]:
        return [*(_value(document, order) for order in orders), document.key]

    return key


def _value(document: Packed, order: SortKey) -> tuple[Any, ...]:
    number = document.number(order.field)
    if number is not None:
        return (0, -number if order.descending else number)
    values = values_of(document.packed_values(order.field))
    if not values:
        return _MISSING
    return (0, _Falling(values[0]) if order.descending else values[0])


class _Falling:
    """A string that sorts in reverse."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __lt__(self, other: _Falling) -> bool:
        return other.text < self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Falling) and self.text == other.text

    __hash__ = None  # type: ignore[assignment]
