"""A snapshot over one committed state of a tantivy index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import tantivy

from ..base import SnapshotBase
from ..engine import (
    FACET_SCORE_DEPTH,
    FacetCount,
    FieldStats,
    Response,
    ScoredDocument,
    TermExplanation,
)
from ..query import Node, Request
from ..scoring.evaluator import scoreless
from ..scoring.forward_index import Packed
from ..scoring.rerank import Candidates, depth, votes
from ..scoring.snapshot import check_nodes, check_request, text_field
from . import storage as files
from .collector import Lists
from .state import IndexState

_MOST_CANDIDATES = 1 << 16


class TantivySnapshot(SnapshotBase[IndexState]):
    """A snapshot of the contract; several may share one :class:`IndexState`."""

    def __init__(self, state: IndexState) -> None:
        super().__init__(state, state.folder)

    def search(self, request: Request) -> Response:
        """Rank, count and fetch documents. Raises KeyError (unknown field).

        Totals and counts cover all matches; the best :func:`depth` of tantivy's list are reranked.
        """
        state = self._state
        check_request(request, state.schema)
        with files.reading(state.folder):
            return self._search(state, request)

    def _search(self, state: IndexState, request: Request) -> Response:
        lists = Lists(state)
        query = state.translator.query(request.query)
        offset, limit = max(request.offset, 0), max(request.limit, 0)
        scored = not scoreless(request.query)
        voting = scored and bool(request.facets)
        ranked: list[tuple[Packed, float]] = []
        matching = state.translator.matching(request.query)
        counting = None
        if request.facets and request.facet_counts:
            counting = lists.counting(
                matching, request.facets, state.translator.about(request.query)
            )
        if scored and (voting or (limit and not request.order)):
            end = 0 if request.order else offset + limit
            total, ranked = _best(state, request, query, end)
        else:
            total = state.count(query)
        if request.order or not scored:
            page = lists.page(query, (*request.order, *request.tie_breakers), total, offset, limit)
            hits = list(zip(page, _scores(state, request.query, page), strict=True))
        else:
            hits = ranked[offset : offset + limit]
        voters = ranked[:FACET_SCORE_DEPTH] if voting else []
        facets: dict[str, dict[str, FacetCount]] = {name: {} for name in request.facets}
        if total and counting:
            facets = lists.facets(matching, counting(), voters)
        elif total and request.facets:
            facets = {name: votes(voters, name) for name in request.facets}
        return Response(
            total, tuple(ScoredDocument(one.key, score, one.stored) for one, score in hits), facets
        )

    def explain(self, query: Node, key: str) -> tuple[TermExplanation, ...]:
        """The score of each leaf of ``query`` in the document ``key``, in query order."""
        state = self._state
        check_nodes(query, state.schema)
        with files.reading(state.folder):
            document = state.find(key)
            if document is None:
                return ()
            explained = Candidates([document], state.schema, state).explain(query, 0)
        return explained[1] if explained else ()

    def get(self, key: str) -> str | None:
        """The stored text of the document ``key``, or None."""
        state = self._state
        with files.reading(state.folder):
            document = state.find(key)
            return None if document is None else document.stored

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of a text field over live documents."""
        state = self._state
        text_field(name, state.schema)
        return state.field_stats(name)

    def doc_freqs(self, name: str, tokens: Sequence[str]) -> list[int]:
        """Document frequency of each token in the text field ``name``."""
        state = self._state
        text_field(name, state.schema)
        return state.doc_freqs(name, tokens)

    def vocabulary(self, name: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Tokens of a text field starting with ``prefix``, with document frequencies."""
        state = self._state
        text_field(name, state.schema)
        return iter(sorted(state.terms(name, prefix)))


def _best(
    state: IndexState, request: Request, query: tantivy.Query, end: int
) -> tuple[int, list[tuple[Packed, float]]]:
    """Number of matches, and the best by score and the request's tie breakers.

    Takes more candidates while the last hit and the last candidate have equal scores, by the
    contract's formula or by tantivy's, which is constant for lists of keys.
    """
    wanted = depth(end)
    while True:
        total, native, documents = state.ranked(query, wanted)
        candidates = Candidates(documents, state.schema, state)
        ranked = candidates.best(request.query, request.tie_breakers)
        last = max(end, FACET_SCORE_DEPTH if request.facets else 0)
        tied = len(ranked) > last and (
            ranked[last - 1][1] == ranked[-1][1] or native[last - 1] == native[-1]
        )
        if total <= len(documents) or wanted >= max(_MOST_CANDIDATES, end) or not tied:
            return total, [(documents[doc], score) for doc, score in ranked]
        wanted *= 2


def _scores(state: IndexState, query: Node, documents: Sequence[Packed]) -> list[float]:
    if not documents or scoreless(query):
        return [0.0] * len(documents)
    return Candidates(documents, state.schema, state).scores(query)
