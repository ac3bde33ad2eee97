"""Walks over the tree of a query: its words, phrases and conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from . import ast

# A part of a query that must be there as typed.
Leaf: TypeAlias = "ast.Phrase | ast.Prefix | ast.Fuzzy | ast.FieldScope"


def words_in(node: ast.Node | None, *, excluded: bool = True) -> Iterator[str]:
    """The words of a query, except values of keyword fields.

    ``excluded`` includes those of ``-word`` and ``NOT word``.
    """
    match node:
        case ast.Words() | ast.Phrase() | ast.Prefix() | ast.Fuzzy():
            yield node.text
        case ast.Clause(occur=ast.Occur.MUST, child=child) | ast.FieldScope(child=child):
            yield from words_in(child, excluded=excluded)
        case ast.Clause(child=child) | ast.Not(child=child):
            if excluded:
                yield from words_in(child)
        case ast.Clauses(items=children) | ast.And(children=children) | ast.Or(children=children):
            for child in children:
                yield from words_in(child, excluded=excluded)


def plain_spans(node: ast.Node | None) -> Iterator[tuple[int, int]]:
    """Spans of the plain words of a query that are not excluded."""
    match node:
        case ast.Words(start=start, end=end):
            yield start, end
        case ast.Clauses(items=children) | ast.And(children=children) | ast.Or(children=children):
            for child in children:
                yield from plain_spans(child)
        case ast.Clause(occur=ast.Occur.MUST, child=child):
            yield from plain_spans(child)


def leaves_of(root: ast.Node | None) -> Iterator[Leaf]:
    """The parts of a query, except plain words, that are not excluded."""
    match root:
        case ast.Phrase() | ast.Prefix() | ast.Fuzzy() | ast.FieldScope():
            yield root
        case ast.Clauses(items=children) | ast.And(children=children) | ast.Or(children=children):
            for child in children:
                yield from leaves_of(child)
        case ast.Clause(occur=ast.Occur.MUST, child=child):
            yield from leaves_of(child)


# A part of a query that only narrows what it finds.
Condition: TypeAlias = "ast.Filter | ast.Clause | ast.Not"


def conditions_of(root: ast.Node | None) -> Iterator[Condition]:
    """The fields that every passage must match, and the excluded parts.

    Without ``-a b``, which excludes the first word of ``a b`` only.
    """
    match root:
        case ast.Filter() | ast.Not():
            yield root
        case ast.Clauses(items=children) | ast.And(children=children):
            for child in children:
                yield from conditions_of(child)
        case ast.Clause(occur=ast.Occur.MUST, child=child):
            yield from conditions_of(child)
        case ast.Clause(child=ast.Words(text=text)) if len(text.split()) > 1:
            pass
        case ast.Clause():
            yield root


def fields_of(root: ast.Node | None) -> Iterator[ast.Filter]:
    """The fields of a query that every passage must match."""
    return (found for found in conditions_of(root) if isinstance(found, ast.Filter))


def without(root: ast.Node | None, removed: Sequence[Condition]) -> ast.Node | None:
    """The tree without these conditions; None if nothing is left."""
    if any(root is one for one in removed):
        return None
    match root:
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
