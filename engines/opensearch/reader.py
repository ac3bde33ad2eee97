"""Searches over one state of an index.

The cluster finds, counts and sorts; the best candidates are reranked here.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from ...errors import IndexDamaged
from ..engine import (
    FACET_SCORE_DEPTH,
    FacetCount,
    FieldStats,
    Response,
    ScoredDocument,
    TermExplanation,
)
from ..query import Node, Phrase, Prefix, Request, SortKey, Term
from ..scoring.evaluator import scoreless
from ..scoring.forward_index import Packed
from ..scoring.rerank import Candidates, depth, votes
from .client import Body
from .names import SURELY_WRITTEN, beginning, is_shortened, original, written
from .point_in_time import WINDOW, Point
from .query import EVERYTHING, Queries
from .schema import KEY, PACKED, Layout, first, keyword, length, number, text

T = TypeVar("T")
_AT_ONCE = 250  # queries counted in one request
_FEW = 48  # up to this many tokens are counted without checking which of them occur
_SAMPLE = 200
_PAGE = 1000
_VALUES = 10_000  # facet values fetched with the search itself
_GAPS = 200
_ALIKE = 1024  # documents ranked of a list without scores
_LOOKED_UP = 20_000  # tokens of a prefix; with more, documents are scanned
_KEPT = {"doc_freq": 200_000, "prefix": 500, "phrase": 50, "document": 2000, "cursor": 200}


class PointInTimeReader:
    """Reads one state, with bounded caches. Thread-safe."""

    def __init__(self, point: Point, layout: Layout) -> None:
        self.point = point
        self.layout = layout
        self._queries = Queries(layout.fields, point.read.state.layers, self.expand, self._verified)
        self._sizes: dict[str, FieldStats] | None = None
        self._kept: dict[str, OrderedDict[Hashable, Any]] = {name: OrderedDict() for name in _KEPT}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the point in time on the cluster."""
        self.point.close()

    # --- caches ---

    def _known(self, kind: str, key: Hashable) -> Any:
        with self._lock:
            kept = self._kept[kind]
            if key in kept:
                kept.move_to_end(key)
            return kept.get(key)

    def _remember(self, kind: str, key: Hashable, value: T) -> T:
        with self._lock:
            kept = self._kept[kind]
            kept[key] = value
            while len(kept) > _KEPT[kind]:
                kept.popitem(last=False)
        return value

    # --- statistics ---

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of a text field over live documents."""
        if self._sizes is None:
            aggregations: Body = {}
            for field in self.layout.fields:
                aggregations[f"d_{field}"] = {"value_count": {"field": length(field)}}
                aggregations[f"s_{field}"] = {"sum": {"field": length(field)}}
            found = self.point.search(
                {"query": EVERYTHING, "size": 0, "track_total_hits": False, "aggs": aggregations}
            )
            figures = found["aggregations"]
            self._sizes = {
                field: FieldStats(
                    int(figures[f"d_{field}"]["value"]), int(figures[f"s_{field}"]["value"])
                )
                for field in self.layout.fields
            }
        return self._sizes[name]

    def doc_freq(self, name: str, token: str) -> int:
        """Document frequency of a token."""
        return self.doc_freqs(name, (token,))[0]

    def doc_freqs(self, name: str, tokens: Sequence[str]) -> list[int]:
        """Document frequencies of many tokens, in few requests."""
        found = {token: self._known("doc_freq", (name, token)) for token in tokens}
        missing = [token for token, times in found.items() if times is None]
        there = missing if len(missing) <= _FEW else self._occurring(name, missing)
        counts = dict.fromkeys(missing, 0)
        for some in _chunks(there, _AT_ONCE):
            queries: list[Body] = [{"term": {text(name): written(token)}} for token in some]
            counts.update(zip(some, self.point.counts(queries), strict=True))
        for token, times in counts.items():
            found[token] = self._remember("doc_freq", (name, token), times)
        return [found[token] for token in tokens]

    def _occurring(self, name: str, tokens: Iterable[str]) -> list[str]:
        """The tokens that occur at all, usually few of very many."""
        left = dict.fromkeys(tokens)
        there: list[str] = []
        while left:
            seen = self._sample(name, {"terms": {text(name): list(map(written, left))}})
            if not seen:
                break
            there += [token for token in left if token in seen]
            left = {token: None for token in left if token not in seen}
        return there

    def _sample(self, name: str, query: Body) -> set[str]:
        """The tokens of some matches; empty without matches."""
        hits = self.point.search({"query": query, "size": _SAMPLE, "track_total_hits": False})[
            "hits"
        ]["hits"]
        return {token for hit in hits for token in self.document(hit).tokens(name)}

    def vocabulary(self, name: str, prefix: str) -> list[tuple[str, int]]:
        """Tokens with this prefix in code-point order, with document frequencies."""
        there = self._words(name, prefix) if prefix else None
        if there is None:
            return self._read_through(name, EVERYTHING, prefix)
        return sorted(zip(there, self.doc_freqs(name, there), strict=True))

    def _words(self, name: str, prefix: str) -> list[str] | None:
        """The tokens that start with ``prefix``; None if there are very many.

        OpenSearch has no standard request that lists the terms of a field. So documents with a term
        between two known ones are fetched, until no gap has any.
        """
        low = beginning(prefix)[:SURELY_WRITTEN]
        gaps = [(low, low + "\U0010ffff")]
        found: dict[str, str] = {}
        while gaps:
            some, gaps = gaps[:_GAPS], gaps[_GAPS:]
            ranges: list[Body] = [
                {"range": {text(name): {"gte": one, "lt": other}}} for one, other in some
            ]
            seen = self._sample(name, {"bool": {"should": ranges, "minimum_should_match": 1}})
            if seen:
                words = {written(token): token for token in seen}
                new = sorted(word for word in words if word not in found and word.startswith(low))
                found.update((word, words[word]) for word in new)
                gaps = [part for gap in some for part in _split(gap, new)] + gaps
            if len(found) > _LOOKED_UP:
                return None
        return [token for token in found.values() if token.startswith(prefix)]

    def _read_through(self, name: str, query: Body, prefix: str) -> list[tuple[str, int]]:
        counts: Counter[str] = Counter()
        for hits in self.point.walk(query, _PAGE):
            for hit in hits:
                counts.update(
                    token for token in self.document(hit).tokens(name) if token.startswith(prefix)
                )
        return sorted(counts.items())

    def expand(self, node: Prefix) -> Sequence[str]:
        """The most frequent terms with the prefix; ties in code-point order."""
        key = (node.field, node.prefix, node.limit)
        known: list[str] | None = self._known("prefix", key)
        if known is None:
            words = sorted(
                self.vocabulary(node.field, node.prefix), key=lambda word: (-word[1], word[0])
            )
            known = self._remember(
                "prefix", key, [token for token, _ in words[: max(node.limit, 0)]]
            )
        return known

    def _verified(self, node: Phrase, query: Body) -> Body:
        """A query for the matches of ``query`` that contain the phrase; reads each."""
        ids: list[str] | None = self._known("phrase", node)
        if ids is None:
            ids = []
            for hits in self.point.walk(query, _PAGE):
                candidates = self._candidates(hits)
                ids += [hits[at]["_id"] for at in candidates.matching(node)]
            self._remember("phrase", node, ids)
        return {"ids": {"values": ids}}

    # --- documents ---

    def document(self, hit: Body) -> Packed:
        """Unpack the document of a hit."""
        try:
            return self.layout.read(hit["_source"])
        except (KeyError, ValueError) as error:
            raise IndexDamaged(
                self.point.read.index,
                "a document on the cluster is torn ({error}); rebuild the index",
                error=error,
            ) from error

    def find(self, key: str) -> Packed | None:
        """The document with this key, or None."""
        known: Packed | None = self._known("document", key)
        if known is None:
            query = {"term": {KEY: written(key)}}
            hits = self.point.search({"query": query, "size": 1, "track_total_hits": False})[
                "hits"
            ]["hits"]
            known = self._remember("document", key, self.document(hits[0])) if hits else None
        return known

    def _candidates(self, hits: Sequence[Body]) -> Candidates:
        return Candidates([self.document(hit) for hit in hits], self.layout.schema, self)

    def explain(self, query: Node, key: str) -> tuple[TermExplanation, ...]:
        """Score of each matching leaf in a document."""
        found = self.find(key)
        if found is None:
            return ()
        self._load(query)
        explained = Candidates([found], self.layout.schema, self).explain(query, 0)
        return explained[1] if explained else ()

    # --- searching ---

    def search(self, request: Request) -> Response:
        """Rank, count and fetch documents; field names have been checked."""
        limit, offset = max(request.limit, 0), max(request.offset, 0)
        scored = not scoreless(request.query)
        if scored and (limit or request.facets):
            self._load(request.query)
        if scored and not request.order and (limit or request.facets):
            return self._ranked(request, limit, offset)
        body = self._body(request, self._queries.filter(request.query))
        hits, found = self._page(request, body, limit, offset)
        documents = [self.document(hit) for hit in hits]
        scores = (
            Candidates(documents, self.layout.schema, self).scores(request.query)
            if scored
            else [0.0] * len(hits)
        )
        voters = self._voters(request) if scored and request.facets else []
        return self._response(request, found, zip(documents, scores, strict=True), voters)

    def _ranked(self, request: Request, limit: int, offset: int) -> Response:
        """Hits by descending score: the cluster's candidates, reranked."""
        end = offset + limit if limit else 0
        count = depth(end)
        body = self._body(request, self._queries.scored(request.query))
        body["sort"] = [{"_score": "desc"}, *self._sorting(request.tie_breakers)]
        hits, found = self._first(body, count, {"search_type": "dfs_query_then_fetch"})
        fewer = count < _ALIKE and len(hits) < found["hits"]["total"]["value"]
        if fewer and hits and hits[0]["sort"][0] == hits[-1]["sort"][0]:
            # A list of keys has constant scores on the cluster: the best may be anywhere.
            plain = {key: value for key, value in body.items() if key != "aggs"}
            hits, _ = self._first(plain, _ALIKE, {"search_type": "dfs_query_then_fetch"})
        best = self._best(hits, request)
        return self._response(
            request, found, best[offset:end], best[:FACET_SCORE_DEPTH] if request.facets else []
        )

    def _best(self, hits: Sequence[Body], request: Request) -> list[tuple[Packed, float]]:
        """The candidates by the contract's formula, best first."""
        candidates = self._candidates(hits)
        return [
            (candidates.documents[doc], score)
            for doc, score in candidates.best(request.query, request.tie_breakers)
        ]

    def _voters(self, request: Request) -> list[tuple[Packed, float]]:
        ranked = Request(request.query, FACET_SCORE_DEPTH, tie_breakers=request.tie_breakers)
        body = self._body(ranked, self._queries.scored(request.query))
        body["sort"] = [{"_score": "desc"}, *self._sorting(request.tie_breakers)]
        hits = self._first(body, depth(FACET_SCORE_DEPTH), {"search_type": "dfs_query_then_fetch"})[
            0
        ]
        return self._best(hits, ranked)[:FACET_SCORE_DEPTH]

    def _body(self, request: Request, query: Body) -> Body:
        body: Body = {"query": query, "track_total_hits": True, "_source": [PACKED]}
        if request.facets:
            body["aggs"] = {
                name: {"terms": {"field": keyword(name), "size": _VALUES}}
                for name in dict.fromkeys(request.facets)
            }
        return body

    def _sorting(self, orders: Iterable[SortKey]) -> list[Body]:
        keys: list[Body] = []
        for order in orders:
            field = (
                number(order.field)
                if order.field in self.layout.schema.numbers
                else first(order.field)
            )
            keys.append(
                {field: {"order": "desc" if order.descending else "asc", "missing": "_last"}}
            )
        return [*keys, {KEY: "asc"}]

    def _first(self, body: Body, count: int, params: Body) -> tuple[list[Body], Body]:
        """The first ``count`` hits, and the first response, with the counts."""
        found = self.point.search({**body, "size": min(count, WINDOW)}, **params)
        hits: list[Body] = list(found["hits"]["hits"])
        rest = {key: value for key, value in body.items() if key != "aggs"}
        last = hits
        while len(hits) < count and len(last) == WINDOW:
            size = min(count - len(hits), WINDOW)
            more = self.point.search(
                {**rest, "size": size, "search_after": hits[-1]["sort"]}, **params
            )
            last = more["hits"]["hits"]
            hits += last
        return hits, found

    def _page(
        self, request: Request, body: Body, limit: int, offset: int
    ) -> tuple[list[Body], Body]:
        """One page in the request's order, and the response with the counts."""
        body["sort"] = self._sorting((*request.order, *request.tie_breakers))
        if offset + limit <= WINDOW:
            found = self.point.search({**body, "from": offset, "size": limit})
            return found["hits"]["hits"], found
        found = self.point.search({**body, "size": 0})
        if offset >= found["hits"]["total"]["value"]:
            return [], found
        uncounted = {key: value for key, value in body.items() if key != "aggs"}
        shape = (request.query, request.order, request.tie_breakers)
        after = self._cursor(uncounted, shape, offset)
        hits: list[Body] = []
        while len(hits) < limit:
            size = min(limit - len(hits), _PAGE)
            more = self.point.search(
                {**uncounted, "size": size, **({"search_after": after} if after else {})}
            )
            hits += more["hits"]["hits"]
            if len(more["hits"]["hits"]) < size:
                break
            after = hits[-1]["sort"]
        if hits:
            self._remember("cursor", (shape, offset + len(hits)), hits[-1]["sort"])
        return hits, found

    def _cursor(self, body: Body, shape: Hashable, offset: int) -> list[Any] | None:
        """Sort values of the hit before the ``offset``-th.

        Cached by the previous page, or fetched.
        """
        known: list[Any] | None = self._known("cursor", (shape, offset))
        at, after = 0, known
        while known is None and at < offset:
            size = min(offset - at, WINDOW)
            body = {
                **body,
                "size": size,
                "_source": False,
                **({"search_after": after} if after else {}),
            }
            hits = self.point.search(body)["hits"]["hits"]
            after, at = hits[-1]["sort"], at + size
        return after

    # --- responses ---

    def _response(
        self,
        request: Request,
        found: Body,
        hits: Iterable[tuple[Packed, float]],
        voters: Sequence[tuple[Packed, float]],
    ) -> Response:
        listed = tuple(
            ScoredDocument(document.key, score, document.stored) for document, score in hits
        )
        facets = {
            name: self._facet(request, name, found, voters)
            for name in dict.fromkeys(request.facets)
        }
        return Response(int(found["hits"]["total"]["value"]), listed, facets)

    def _facet(
        self, request: Request, name: str, found: Body, voters: Sequence[tuple[Packed, float]]
    ) -> Any:
        counted = found["aggregations"][name]
        counts = {str(one["key"]): int(one["doc_count"]) for one in counted["buckets"]}
        if counted.get("sum_other_doc_count"):
            counts = self._all_values(request, name)
        scores = {written(value): one.score for value, one in votes(voters, name).items()}
        values = {
            value: FacetCount(times, scores.get(value, 0.0)) for value, times in counts.items()
        }
        return {self._value(name, value): values[value] for value in sorted(values)}

    def _value(self, name: str, value: str) -> str:
        """The value with this written form.

        A very long one is read from a document that contains it.
        """
        if not is_shortened(value):
            return original(value)
        found = self.point.search(
            {"query": {"term": {keyword(name): value}}, "size": 1, "track_total_hits": False}
        )
        values = self.document(found["hits"]["hits"][0]).keywords[name]
        return next(one for one in values if written(one) == value)

    def _all_values(self, request: Request, name: str) -> dict[str, int]:
        """All values with their counts, page by page."""
        counts: dict[str, int] = {}
        after: Body = {}
        while True:
            pages: Body = {
                "size": _VALUES,
                "sources": [{"value": {"terms": {"field": keyword(name)}}}],
                **after,
            }
            body = {
                "query": self._queries.filter(request.query),
                "size": 0,
                "track_total_hits": False,
            }
            counted = self.point.search({**body, "aggs": {"all": {"composite": pages}}})[
                "aggregations"
            ]["all"]
            counts.update(
                (str(one["key"]["value"]), int(one["doc_count"])) for one in counted["buckets"]
            )
            if "after_key" not in counted:
                return counts
            after = {"after": counted["after_key"]}

    def _load(self, query: Node) -> None:
        """Load the statistics of all leaves in few requests."""
        wanted: dict[str, dict[str, None]] = {}
        for leaf in _leaves(query, self.expand):
            wanted.setdefault(leaf.field, {}).update(
                dict.fromkeys(leaf.tokens if isinstance(leaf, Phrase) else (leaf.token,))
            )
        for name, needed in wanted.items():
            self.doc_freqs(name, list(needed))


def _leaves(node: Node, expand: Callable[[Prefix], Sequence[str]]) -> Iterator[Term | Phrase]:
    if scoreless(node):
        return
    if isinstance(node, (Term, Phrase)):
        yield node
    elif isinstance(node, Prefix):
        yield from (Term(node.field, token) for token in expand(node))
    else:
        inner = [
            getattr(node, name)
            for name in ("child", "wanted", "required", "optional")
            if hasattr(node, name)
        ]
        for child in (*getattr(node, "children", ()), *inner):
            yield from _leaves(child, expand)


def _split(gap: tuple[str, str], words: Sequence[str]) -> list[tuple[str, str]]:
    """The parts of a gap between these words, inclusive."""
    low, high = gap
    parts = []
    for word in words[bisect_left(words, low) : bisect_left(words, high)]:
        parts.append((low, word))
        low = word + "\0"  # the least possible successor
    return [(one, other) for one, other in (*parts, (low, high)) if one < other]


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    listed = iter(items)
    while some := list(islice(listed, size)):
        yield some
