"""Explain empty and relaxed results: the number of matches without each filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from ..engines.query import Node
from .query import ast
from .query.walk import Condition, conditions_of, without

ALL = "all"  # the key for the count without any filter

Count: TypeAlias = "Callable[[Sequence[Node], ast.Query], int]"  # within conditions


def count_without(filters: Mapping[str, Node], query: ast.Query, count: Count) -> dict[str, int]:
    """Matches of a search that found nothing as typed, without each of its filters.

    The keys are names of options, and fields and excluded parts as written in the query
    (``năm:2003``, ``-chậm``). Those whose removal finds nothing are omitted; if that leaves none of
    several, ``"all"`` counts without any.
    """
    fields = list(conditions_of(query.root))

    def rest(removed: Sequence[Condition]) -> ast.Query:
        return replace(query, root=without(query.root, removed))

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
