"""A snapshot of the contract over any source."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from ...errors import Message
from ..base import Shared, SnapshotBase
from ..document import Schema
from ..engine import FACET_SCORE_DEPTH, FieldStats, Response, ScoredDocument, TermExplanation
from ..query import (
    AndMaybe,
    AndNot,
    ConstantScore,
    MatchAll,
    Node,
    Phrase,
    Prefix,
    Range,
    Request,
    Term,
    TermIn,
)
from .collector import TopDocsCollector
from .evaluator import Evaluator, scoreless
from .masks import match
from .source import Source
from .top import TopScorer


class SharedState(Shared):
    """One frozen state and its caches, shared by snapshots.

    Closed when its last user leaves.
    """

    def __init__(
        self, source: Source, schema: Schema, folder: Path, release: Callable[[], None]
    ) -> None:
        super().__init__(release)
        self.source = source
        self.schema = schema
        self.folder = folder
        self.evaluator = Evaluator(source, schema)
        self.top = TopScorer(self.evaluator)
        self.ranking = TopDocsCollector(source, schema)


class SharedSnapshot(SnapshotBase[SharedState]):
    """A snapshot over a source; several may share one :class:`SharedState`."""

    def __init__(self, state: SharedState) -> None:
        super().__init__(state, state.folder)

    def search(self, request: Request) -> Response:
        """Rank, count and fetch documents. Raises KeyError (unknown field)."""
        state = self._state
        check_request(request, state.schema)
        if isinstance(request.query, MatchAll) and request.limit < 1:
            return Response(
                len(state.source.live_docs()), (), state.ranking.all_facets(request.facets)
            )
        offset = max(request.offset, 0)
        end = offset + max(request.limit, 0)
        voting = bool(request.facets) and not scoreless(request.query)
        first = max(0 if request.order else end, FACET_SCORE_DEPTH if voting else 0)
        docs: Collection[int]
        ranked: list[tuple[int, float]] = []
        if first > 0:
            docs, scored = state.top.score(request.query, first)
            ranked = state.ranking.best(scored, request.tie_breakers, first)
        else:
            docs = match(state.evaluator, request.query)
        voters = ranked[:FACET_SCORE_DEPTH] if voting else []
        counted = docs if request.facet_counts else [doc for doc, _ in voters]
        facets = state.ranking.facets(counted, voters, request.facets) if request.facets else {}
        page = (self._in_order(docs, request, end) if request.order else ranked)[offset:end]
        records = state.source.fetch([doc for doc, _ in page])
        hits = tuple(
            ScoredDocument(key, score, stored)
            for (_, score), (key, stored) in zip(page, records, strict=True)
        )
        return Response(len(docs), hits, facets)

    def _in_order(
        self, docs: Collection[int], request: Request, first: int
    ) -> list[tuple[int, float]]:
        """The first ``first`` of ``docs`` in the order of ``request``, with scores."""
        state = self._state
        chosen = state.ranking.ordered(docs, (*request.order, *request.tie_breakers), first)
        scores = dict(zip(*state.evaluator.score(request.query, set(chosen)), strict=True))
        return [(doc, scores[doc]) for doc in chosen]

    def explain(self, query: Node, key: str) -> tuple[TermExplanation, ...]:
        """The score of each leaf of ``query`` in the document ``key``, in query order.

        The scores add up to the document's score. Filters are omitted; of a :class:`DisMax` only
        the best child is included.
        """
        from .explain import explain  # not needed by searches

        state = self._state
        check_nodes(query, state.schema)
        doc = state.source.find(key)
        explained = None if doc is None else explain(state.evaluator, query, doc)
        return explained[1] if explained else ()

    def get(self, key: str) -> str | None:
        """The stored text of the document ``key``, or None."""
        source = self._state.source
        doc = source.find(key)
        return None if doc is None else source.fetch((doc,))[0][1]

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of a text field over live documents."""
        state = self._state
        text_field(name, state.schema)
        return state.evaluator.scorer.field_stats(name)

    def doc_freqs(self, name: str, tokens: Sequence[str]) -> list[int]:
        """Document frequency of each token in the text field ``name``."""
        state = self._state
        text_field(name, state.schema)
        return state.source.doc_freqs(name, tokens)

    def vocabulary(self, name: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Tokens of a text field starting with ``prefix``, with document frequencies."""
        state = self._state
        text_field(name, state.schema)
        return state.source.vocabulary(name, prefix)


def check_request(request: Request, schema: Schema) -> None:
    """Raise KeyError for a field that is not in the schema."""
    check_nodes(request.query, schema)
    sortable = (*schema.keywords, *schema.numbers)
    check_names((order.field for order in (*request.order, *request.tie_breakers)), sortable)
    check_names(request.facets, schema.keywords)


def check_nodes(query: Node, schema: Schema) -> None:
    """Raise KeyError for an unknown field anywhere in ``query``.

    All nodes are checked before evaluation, since an empty filter would skip the others.
    """
    positions = {field.name: field.positions for field in schema.text}
    todo: list[Node] = [query]
    while todo:
        node = todo.pop()
        if isinstance(node, (Term, Phrase, Prefix)):
            if not positions[node.field] and isinstance(node, Phrase):
                raise KeyError(
                    Message("{field} (a phrase needs a field with positions)", field=node.field)
                )
        elif isinstance(node, TermIn):
            check_names((node.field,), schema.keywords)
        elif isinstance(node, Range):
            check_names((node.field,), schema.numbers)
        elif isinstance(node, AndMaybe):
            todo += (node.required, node.optional)
        elif isinstance(node, AndNot):
            todo += (node.wanted, node.unwanted)
        elif isinstance(node, ConstantScore):
            todo.append(node.child)
        elif not isinstance(node, MatchAll):
            todo += node.children


def text_field(name: str, schema: Schema) -> bool:
    """Whether the text field has positions. Raises KeyError (unknown field)."""
    for field in schema.text:
        if field.name == name:
            return field.positions
    raise KeyError(name)


def check_names(names: Iterable[str], known: Iterable[str]) -> None:
    """Raise KeyError for a name that is not in ``known``."""
    known = set(known)
    for name in names:
        if name not in known:
            raise KeyError(name)
