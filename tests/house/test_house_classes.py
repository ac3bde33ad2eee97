"""One name for one concept, and comments on constants in one form."""

from __future__ import annotations

import ast
from collections import defaultdict
from itertools import pairwise

from sources import Source

# nodes of a query as typed (search/query/ast.py) and as an engine evaluates it (engines/query.py)
MIRRORS = {"And", "Or", "Phrase", "Prefix"}


def test_no_public_class_name_stands_for_two_things(package: list[Source]) -> None:
    """``web/`` mirrors the library's classes as models of its JSON, and is left out."""
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for source in package:
        if source.room == "web":
            continue
        for node in source.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(source.name)
    assert {
        name: where for name, where in homes.items() if len(where) > 1 and name not in MIRRORS
    } == {}


def test_a_comment_on_a_constant_is_no_string(package: list[Source]) -> None:
    """``# unit, source`` on the line or above it, instead of a string below."""
    below = []
    for source in package:
        for node in source.nodes:
            body = getattr(node, "body", [])
            for one, two in pairwise(body if isinstance(body, list) else []):
                if (
                    isinstance(one, (ast.Assign, ast.AnnAssign))
                    and isinstance(two, ast.Expr)
                    and isinstance(two.value, ast.Constant)
                    and isinstance(two.value.value, str)
                ):
                    below.append(f"{source.name}:{two.lineno}")
    assert below == []
