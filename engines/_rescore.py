"""Ranks the candidates of an engine once more, by our own formula.

An engine made for speed finds what matches, counts it, and ranks it by a formula near to ours, with
constants of its own and lengths rounded to a byte. The best of its list are scored again here, exactly as
the contract says: the one evaluator runs over the candidates' own tokens (:mod:`._packed`), with the
figures of the whole index. What the engine's list has too far down to be a candidate is the only
difference from an engine that scores everything; :func:`depth` says how far down that is.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from ._explain import Explained, explain
from ._packed import Packed, needle
from ._ranking import Ranking
from ._scoring import Scored, Scorer
from ._source import POSITION_BITS, KeywordColumn, Postings
from .contract import VOTERS, All, Boosted, Node, Prefix, Request, Schema, Sum, Term, Without
from .evaluate import Evaluator, scoreless

SPARE = 2
"""So many times as many candidates are taken as are asked for, or ``VOTERS``, if that is more."""


class Figures(Protocol):
    """What the formula needs of the whole index: living documents only, as the contract says."""

    def size(self, name: str) -> tuple[int, int]:
        """Documents with a token in a text field, and the tokens in all of them."""

    def frequency(self, name: str, token: str) -> int:
        """In how many documents the token stands."""

    def expand(self, prefix: Prefix) -> Sequence[str]:
        """The terms that a prefix stands for."""


def depth(end: int) -> int:
    """How many candidates a page that ends with the ``end``-th hit needs: powers of two, so that the pages of one
    list nearly always come from the same candidates."""
    wanted, found = SPARE * end, VOTERS
    while found < wanted:
        found *= 2
    return found


class Candidates:
    """Some documents of an index as a source of their own: their tokens, but the whole index's figures."""

    def __init__(self, documents: Sequence[Packed], schema: Schema, figures: Figures) -> None:
        self.documents = documents
        self.count = len(documents)
        self.schema = schema
        self.figures = figures
        self.scorer = _Scorer(self, schema)
        self.evaluator = Evaluator(self, schema, self.scorer)
        self._places: dict[tuple[int, str], dict[str, array[int]]] = {}

    def scores(self, query: Node) -> list[float]:
        """What ``query`` gives each document, all of which are known to match it."""
        node = known_to_match(query)
        if node is None:
            return [0.0] * self.count
        docs, scores = self.evaluator.score(node)
        found = [0.0] * self.count
        for doc, score in zip(docs, scores, strict=True):
            found[doc] = score
        return found

    def best(self, query: Node, request: Request, first: int) -> list[tuple[int, float]]:
        """The first ``first`` documents by falling score and the ties of ``request``, with their scores."""
        matches: Scored = (range(self.count), self.scores(query))
        return Ranking(self, self.schema).best(matches, replace(request, order=()), first)

    def matching(self, node: Node) -> list[int]:
        """The documents that match ``node``, rising."""
        return sorted(self.evaluator.match(node))

    def explain(self, query: Node, doc: int) -> Explained | None:
        """The score of a document and what makes it; None if it does not match."""
        return explain(self.evaluator, query, doc)

    # --- as a source ----------------------------------------------------------------------------

    def live(self) -> Collection[int]:
        """The numbers of all documents."""
        return range(self.count)

    def postings(self, name: str, token: str) -> Postings:
        """The documents that hold a token, and how often."""
        wanted = needle(token)
        found = [document.frequency(name, wanted) for document in self.documents]
        docs = array("I", [doc for doc, times in enumerate(found) if times])
        return Postings(docs, array("I", filter(None, found)))

    def places(self, name: str, token: str) -> array[int]:
        """Where the token stands: document number << POSITION_BITS | position."""
        found = array("Q")
        for doc in self.postings(name, token).docs:
            if (doc, name) not in self._places:
                self._places[doc, name] = self.documents[doc].positions(name)
            base = doc << POSITION_BITS
            found.extend(base | place for place in self._places[doc, name][token])
        return found

    def frequency(self, name: str, token: str) -> int:
        """In how many documents of the whole index the token stands."""
        return self.figures.frequency(name, token)

    def lengths(self, name: str) -> array[int]:
        """The length of a text field by document."""
        return array("I", [document.length(name) for document in self.documents])

    def vocabulary(self, name: str, prefix: str) -> Iterator[tuple[str, int]]:
        """Not known of candidates; prefixes are expanded by :class:`Figures`."""
        raise NotImplementedError

    def keyword_docs(self, name: str, value: str) -> array[int]:
        """The documents that have the value in a keyword field."""
        return array("I", [doc for doc, one in enumerate(self.documents) if value in one.keywords.get(name, ())])

    def keyword_column(self, name: str) -> KeywordColumn:
        """The values of a keyword field by document."""
        numbering: dict[tuple[str, ...], int] = {(): 0}
        values = (tuple(document.keywords.get(name, ())) for document in self.documents)
        ordinals = array("I", [numbering.setdefault(value, len(numbering)) for value in values])
        return KeywordColumn(ordinals, list(numbering))

    def number_column(self, name: str) -> Sequence[int | None]:
        """The number by document."""
        return [document.numbers.get(name) for document in self.documents]

    def keys(self) -> Sequence[str]:
        """The key by document."""
        return [document.key for document in self.documents]

    def find(self, key: str) -> int | None:
        """The number of the document with this key."""
        return next((doc for doc, document in enumerate(self.documents) if document.key == key), None)

    def fetch(self, doc: int) -> tuple[str, str]:
        """Key and stored text of a document."""
        return self.documents[doc].key, self.documents[doc].stored


class _Scorer(Scorer):
    """Scores candidates by the figures of the whole index."""

    def __init__(self, candidates: Candidates, schema: Schema) -> None:
        super().__init__(candidates, schema)
        self._whole = candidates.figures

    def size(self, name: str, lengths: array[int]) -> tuple[int, int]:
        return self._whole.size(name)

    def frequency(self, name: str, token: str, postings: Postings) -> int:
        return self._whole.frequency(name, token)

    def expand(self, node: Prefix) -> list[Term]:
        return [Term(node.field, token, node.boost) for token in self._whole.expand(node)]


def known_to_match(node: Node) -> Node | None:
    """What scores a document that is known to match ``node``: without its filters; None if nothing does."""
    if scoreless(node):
        return None
    if isinstance(node, Without):
        return known_to_match(node.wanted)
    if isinstance(node, Boosted):
        parts = [known_to_match(node.required), None if scoreless(node.optional) else node.optional]
        kept = tuple(part for part in parts if part is not None)
        return kept[0] if len(kept) == 1 else Sum(kept)
    if isinstance(node, All):
        kept = tuple(part for child in node.children if (part := known_to_match(child)) is not None)
        return kept[0] if len(kept) == 1 else Sum(kept)
    if isinstance(node, Sum):
        kept = tuple(child for child in node.children if not scoreless(child))
        return kept[0] if len(kept) == 1 else Sum(kept)
    return node
