"""Explain empty results: the number of matches without each filter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from ..engines.query import Node
from .query import ast

ALL = "all"  # the key for the count without any filter

Count: TypeAlias = "Callable[[Sequence[Node], ast.Query], int]"  # within conditions


def count_without(filters: Mapping[str, Node], query: ast.Query, count: Count) -> dict[str, int]:
    """Matches of a search that found nothing, without each of its filters.

    The keys are names of options, and fields as written in the query (``năm:2003``). Filters whose
    removal finds nothing are omitted; if that leaves none of several filters, ``"all"`` counts
    without any. Counts relax strictness like a search.
    """
    fields = list(fields_of(query.root))

    def rest(removed: Sequence[ast.Filter]) -> ast.Query:
        return ast.Query(query.source, without(query.root, removed))

    found: dict[str, int] = {}
    for name in filters:
        others = [node for other, node in filters.items() if other != name]
        found[name] = count(others, query)
    for field in fields:
        key = query.source[field.start : field.end]
        found[key] = count(list(filters.values()), rest([field]))
    found = {name: total for name, total in found.items() if total}
    if not found and len(filters) + len(fields) > 1:
        total = count([], rest(fields))
        found = {ALL: total} if total else {}
    return found


def fields_of(root: ast.Node | None) -> Iterator[ast.Filter]:
    """The fields of a query that every passage must match."""
    match root:
        case ast.Filter():
            yield root
        case ast.Clauses(items=children) | ast.And(children=children):
            for child in children:
                yield from fields_of(child)
        case ast.Clause(occur=ast.Occur.MUST, child=child):
            yield from fields_of(child)


def without(root: ast.Node | None, removed: Sequence[ast.Filter]) -> ast.Node | None:
    """The tree without these fields; None if nothing is left."""
    match root:
        case ast.Filter():
            return None if any(root is one for one in removed) else root
        case ast.Clauses(items=children):
            left = [node for child in children if (node := without(child, removed)) is not None]
            return replace(root, items=tuple(left)) if left else None
        case ast.And(children=children):
            left = [node for child in children if (node := without(child, removed)) is not None]
            return replace(root, children=tuple(left)) if left else None
        case ast.Clause(occur=ast.Occur.MUST, child=child):
            inner = without(child, removed)
            return replace(root, child=inner) if inner is not None else None
    return root
