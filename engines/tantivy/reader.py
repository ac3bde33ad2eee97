"""One committed state of a tantivy index, and the contract's snapshot over it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import tantivy

from ...errors import IndexClosed
from ..document import Schema
from ..engine import FACET_SCORE_DEPTH, FacetCount, Response, ScoredDocument, TermExplanation
from ..query import Node, Phrase, Prefix, Request
from ..scoring.bm25 import most_frequent
from ..scoring.evaluator import scoreless
from ..scoring.forward_index import Packed, Packer
from ..scoring.rerank import Candidates, depth
from ..scoring.snapshot import check_nodes, check_request, text_field
from ..scoring.source import Cache
from . import storage as files
from .collector import Lists
from .query import Translator
from .schema import DATA, KEY, READABLE, beginning_as, read_as, written_as

KEPT_FREQUENCIES = 100_000
"""Document frequencies that a state keeps, in tokens."""
KEPT_VERIFIED = 1_000_000
"""Documents of verified phrases that it keeps."""
_MOST_CANDIDATES = 1 << 16


class IndexState:
    """One committed state: it holds its segments' files open. Safe to share by threads."""

    def __init__(
        self, folder: Path, index: tantivy.Index, schema: Schema, deleted: int, data: str = DATA
    ) -> None:
        """``data`` names the field of stored documents; ``deleted`` counts deleted documents."""
        self.folder = folder
        self.schema = schema
        self.own = index.schema
        self.searcher = index.searcher()
        self.data = data
        self.packer = Packer(schema, READABLE[data])
        self.deleted = deleted
        self.lists = Lists(self)
        self.translator = Translator(
            self.own,
            schema,
            self,
            self.native_frequency,
            self.searcher.num_docs + deleted,
            self._verified,
        )
        self._sizes: dict[str, tuple[int, int]] = {}
        self._native: dict[tuple[str, str], int] = {}
        self._frequencies: Cache[int] = Cache(KEPT_FREQUENCIES)
        self._expansions: Cache[tuple[str, ...]] = Cache(10_000)
        self._phrases: Cache[list[str]] = Cache(KEPT_VERIFIED)

    # --- figures of the whole index -------------------------------------------------------------

    def size(self, name: str) -> tuple[int, int]:
        """Documents with a token in a text field, and the tokens in all of them."""
        known = self._sizes.get(name)
        if known is None:
            field = f"l_{name}"
            asked = {
                "tokens": {"sum": {"field": field}},
                "documents": {"value_count": {"field": field}},
            }
            with files.reading(self.folder):
                found = self.searcher.aggregate(tantivy.Query.all_query(), asked)
            known = self._sizes[name] = (
                round(found["documents"]["value"]),
                round(found["tokens"]["value"]),
            )
        return known

    def native_frequency(self, name: str, token: str) -> int:
        """In how many documents the token stands, those included that have been deleted since."""
        key = (name, token)
        known = self._native.get(key)
        if known is None:
            with files.reading(self.folder):
                known = self._doc_freq(name, token)
            if len(self._native) >= KEPT_FREQUENCIES:
                self._native = {}  # another thread may be reading the old one
            self._native[key] = known
        return known

    def _doc_freq(self, name: str, token: str) -> int:
        return self.searcher.doc_freq(f"t_{name}", written_as(token))

    def doc_freq(self, name: str, token: str) -> int:
        """In how many living documents the token stands."""
        return self.frequencies(name, (token,))[0]

    def frequencies(self, name: str, tokens: Sequence[str]) -> list[int]:
        """For each token in how many living documents it stands."""
        found = [self.native_frequency(name, token) for token in tokens]
        if self.deleted:
            return [
                self._living(name, token) if count else 0
                for token, count in zip(tokens, found, strict=True)
            ]
        return found

    def _living(self, name: str, token: str) -> int:
        known = self._frequencies.get((name, token))
        if known is None:
            query = tantivy.Query.term_query(self.own, f"t_{name}", written_as(token), "basic")
            known = self.count(query)
            self._frequencies.put((name, token), known, 1)
        return known

    def expand(self, prefix: Prefix) -> tuple[str, ...]:
        """The most frequent terms that begin with the prefix."""
        key = (prefix.field, prefix.prefix, str(prefix.limit))
        known = self._expansions.get(key)
        if known is None:
            words = self.terms(prefix.field, prefix.prefix)
            known = tuple(most_frequent(words, prefix.limit))
            self._expansions.put(key, known, len(known) + 1)
        return known

    def terms(self, name: str, prefix: str) -> list[tuple[str, int]]:
        """All tokens of a text field that begin with ``prefix``, with their document frequencies; in no order."""
        with files.reading(self.folder):
            listed = self.searcher.terms_with_prefix(f"t_{name}", beginning_as(prefix))
        found = []
        for written, count in listed:
            token = read_as(written)
            if token is None:
                token = self._long_token(name, written)
            if token is not None and token.startswith(prefix):
                found.append((token, count))
        return found

    def _long_token(self, name: str, written: str) -> str | None:
        """A token too long to stand in the index, from a document that holds it."""
        query = tantivy.Query.term_query(self.own, f"t_{name}", written, "basic")
        for document in self.documents(query, 1):
            return next(
                (token for token in document.tokens(name) if written_as(token) == written), None
            )
        return None

    # --- documents ------------------------------------------------------------------------------

    def count(self, query: tantivy.Query) -> int:
        """How many living documents match."""
        with files.reading(self.folder):
            return int(self.searcher.search(query, 1).count)  # type: ignore[attr-defined]

    def documents(self, query: tantivy.Query, limit: int) -> list[Packed]:
        """The best of the documents that match, by tantivy's score."""
        return self.ranked(query, limit)[2]

    def ranked(self, query: tantivy.Query, limit: int) -> tuple[int, list[float], list[Packed]]:
        """How many documents match, and the best of them by tantivy's score, with these scores."""
        with files.reading(self.folder):
            found = self.searcher.search(query, max(limit, 1))
            best = found.hits[:limit]
            hits = self._read(best)
        return int(found.count), [score for score, _ in best], hits  # type: ignore[attr-defined]

    def by_key(self, query: tantivy.Query, offset: int, limit: int) -> list[Packed]:
        """Some of the documents that match, in the order of their keys."""
        with files.reading(self.folder):
            order = tantivy.Order.Asc
            found = self.searcher.search(query, limit, False, KEY, offset, order)
            return self._read(found.hits)

    def _read(self, hits: Iterable[tuple[Any, tantivy.DocAddress]]) -> list[Packed]:
        doc, data = self.searcher.doc, self.data
        return self.packer.read_all(doc(address)[data][0] for _, address in hits)

    def find(self, key: str) -> Packed | None:
        """The document with this key."""
        query = tantivy.Query.term_query(self.own, KEY, written_as(key), "basic")
        return next(iter(self.documents(query, 1)), None)

    def _verified(self, phrase: Phrase, candidates: tantivy.Query) -> tantivy.Query:
        """The documents among the candidates that hold the phrase, every one of them looked at."""
        key = (phrase.field, str(phrase.slop), str(phrase.ordered), *phrase.tokens)
        keys = self._phrases.get(key)
        if keys is None:
            total = self.count(candidates)
            holding = Candidates(self.documents(candidates, total), self.schema, self)
            keys = [written_as(holding.documents[doc].key) for doc in holding.matching(phrase)]
            self._phrases.put(key, keys, len(keys) + 1)
        return self.translator.exact(KEY, keys)


class TantivySnapshot:
    """A snapshot as the contract describes it; many share one :class:`IndexState`."""

    def __init__(self, state: IndexState) -> None:
        self._folder = state.folder
        self._held: IndexState | None = state
        self._lock = threading.Lock()

    @property
    def _state(self) -> IndexState:
        held = self._held
        if held is None:
            raise IndexClosed(
                self._folder, "this snapshot was used after it had been closed; take another"
            )
        return held

    @property
    def state(self) -> object:
        """The same object in all snapshots of one committed state."""
        return self._state

    def search(self, request: Request) -> Response:
        """Rank, count and bring back. An unknown field is a programming error (KeyError).

        Totals and counts are of all matches. Ranked are the best :func:`depth` of tantivy's own list.
        """
        state = self._state
        check_request(request, state.schema)
        with files.reading(state.folder):
            return self._search(state, request)

    def _search(self, state: IndexState, request: Request) -> Response:
        query = state.translator.query(request.query)
        offset, limit = max(request.offset, 0), max(request.limit, 0)
        scored = not scoreless(request.query)
        voting = scored and bool(request.facets)
        ranked: list[tuple[Packed, float]] = []
        matching = state.translator.matching(request.query)
        counting = None
        if request.facets:
            counting = state.lists.counting(
                matching, request.facets, state.translator.about(request.query)
            )
        if scored and (voting or (limit and not request.order)):
            end = 0 if request.order else offset + limit
            total, ranked = _best(state, request, query, end)
        else:
            total = state.count(query)
        if request.order or not scored:
            page = state.lists.page(
                query, (*request.order, *request.tie_breakers), total, offset, limit
            )
            hits = list(zip(page, _scores(state, request.query, page), strict=True))
        else:
            hits = ranked[offset : offset + limit]
        voters = ranked[:FACET_SCORE_DEPTH] if voting else []
        facets: dict[str, dict[str, FacetCount]] = {name: {} for name in request.facets}
        if total and counting:
            facets = state.lists.facets(matching, counting(), voters)
        return Response(
            total, tuple(ScoredDocument(one.key, score, one.stored) for one, score in hits), facets
        )

    def explain(self, query: Node, key: str) -> tuple[TermExplanation, ...]:
        """What each leaf of ``query`` gave the document ``key``, in the query's order."""
        state = self._state
        check_nodes(query, state.schema)
        with files.reading(state.folder):
            document = state.find(key)
            if document is None:
                return ()
            explained = Candidates([document], state.schema, state).explain(query, 0)
        return explained[1] if explained else ()

    def get(self, key: str) -> str | None:
        """What was stored with the document ``key``, or None."""
        state = self._state
        with files.reading(state.folder):
            document = state.find(key)
            return None if document is None else document.stored

    def size(self, name: str) -> tuple[int, int]:
        """Documents with a token in the text field ``name``, and the tokens in all of them."""
        state = self._state
        text_field(name, state.schema)
        return state.size(name)

    def frequencies(self, name: str, tokens: Sequence[str]) -> list[int]:
        """For each token the number of documents that hold it in the text field ``name``."""
        state = self._state
        text_field(name, state.schema)
        return state.frequencies(name, tokens)

    def vocabulary(self, name: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Tokens of a text field that begin with ``prefix``, with their document frequencies."""
        state = self._state
        text_field(name, state.schema)
        return iter(sorted(state.terms(name, prefix)))

    def close(self) -> None:
        """Let go of files; a second time does nothing."""
        with self._lock:
            self._held = None

    def __enter__(self) -> TantivySnapshot:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _best(
    state: IndexState, request: Request, query: tantivy.Query, end: int
) -> tuple[int, list[tuple[Packed, float]]]:
    """How many documents match, and the best of them by our own score and the request's ties.

    More candidates are taken where those at the end of what is asked for have the score of the last one, by our
    formula or by tantivy's, which gives all the same where it is asked for a list of documents.
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
