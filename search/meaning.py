"""Combined search by words and meaning, with an embedder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..errors import EmbedderFailed, StorageError
from . import tuning
from .embedder import Embedder, named
from .query import ast
from .query.parser import parse
from .query.walk import words_in
from .results import Hit, Results
from .searcher import Searcher
from .vectors import Vectors, nearest, query_direction, rescore

_EXAMINED = 400  # nearest passages examined per step
_STEPS = 5


def search_by_meaning(
    searcher: Searcher,
    vectors: Vectors,
    embedder: Embedder | None,
    query: str,
    *,
    limit: int,
    offset: int,
    **options: Any,
) -> Results:
    """Results of :meth:`Searcher.search`, the best of them reranked by meaning.

    If words find nothing, and the query does not require certain words (``+``, quotation marks,
    operators), the passages nearest in meaning are returned. ``Results.meaning`` states which of
    the two happened; a failure of the embedder or its vectors leaves the results by words, with the
    reason in ``Results.meaning_problem``. Options and errors are those of ``Searcher.search``.
    """
    embedder = named(embedder)
    depth = max(tuning.MEANING_RESCORED, offset + limit)
    results = searcher.search(query, limit=depth, offset=0, **options)
    if results.wordless or not query.strip() or options.get("sort") in ("reading", "date"):
        return _page(results, results.hits, limit, offset)
    try:
        if not vectors.name:
            raise EmbedderFailed("the index has no vectors yet; make them with: tracuu embed")
        if vectors.name != embedder.name:
            raise EmbedderFailed(
                "the index has vectors of {name}, not of {wanted}; make new ones with: "
                "tracuu embed",
                name=vectors.name,
                wanted=embedder.name,
            )
        direction = query_direction(embedder, _plain(query, literal=bool(options.get("literal"))))
        if results.total:
            hits = rescore(results.hits[: tuning.MEANING_RESCORED], vectors, direction)
            hits += _behind(results.hits[tuning.MEANING_RESCORED :], hits)
            return replace(_page(results, hits, limit, offset), meaning="rescored")
        found = _retrieve(searcher, vectors, direction, query, options)
    except (EmbedderFailed, StorageError) as error:
        page = _page(results, results.hits, limit, offset)
        return replace(page, meaning="failed", meaning_problem=str(error))
    if not found:
        return _page(results, (), limit, offset)
    kept = replace(results, total=len(found), without_filters={}, meaning="retrieved")
    return _page(kept, found, limit, offset)


def _page(results: Results, hits: Sequence[Hit], limit: int, offset: int) -> Results:
    page = tuple(hits[offset : offset + limit])
    partial = results.partial[: limit - len(page)] if page else ()
    return replace(results, hits=page, partial=partial, limit=limit, offset=offset)


def _behind(hits: Sequence[Hit], before: Sequence[Hit]) -> list[Hit]:
    """``hits`` by words, with scores scaled below those of the rescored ones."""
    least = min((hit.score for hit in before), default=0.0)
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    return [replace(hit, score=least * hit.score / best) for hit in hits]


def _plain(query: str, *, literal: bool) -> str:
    """The words of a query, without fields and operators."""
    root = parse(query, literal=literal).root
    return " ".join(words_in(root, excluded=False)) if root is not None else query


def _is_plain(node: ast.Node | None) -> bool:
    """Whether a query has only words and fields, none of them required."""
    match node:
        case ast.Words() | ast.Filter():
            return True
        case ast.Clauses(items=items):
            return all(map(_is_plain, items))
    return False


def _retrieve(
    searcher: Searcher,
    vectors: Vectors,
    direction: Sequence[float],
    query: str,
    options: dict[str, Any],
) -> list[Hit]:
    """Passages nearest in meaning that pass the filters.

    None if the query requires certain words.
    """
    parsed = parse(query, literal=bool(options.get("literal")))
    if not _is_plain(parsed.root):
        return []
    ranked = nearest(vectors, direction)
    found: list[Hit] = []
    for at in range(0, min(len(ranked), _STEPS * _EXAMINED), _EXAMINED):
        step = dict(ranked[at : at + _EXAMINED])
        hits = searcher.passages(step, parsed, options)
        hits.sort(key=lambda hit: (-step[hit.passage.id], hit.passage.id))
        found += [replace(hit, score=round(step[hit.passage.id], 6)) for hit in hits]
        if len(found) >= tuning.MEANING_RETRIEVED:
            break
    return [
        replace(hit, rank=rank) for rank, hit in enumerate(found[: tuning.MEANING_RETRIEVED], 1)
    ]
