"""One name for one concept."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

MIRRORS = {"And", "Or", "Phrase", "Prefix"}
"""Nodes of what a user typed (search/query/ast.py) and of what an engine evaluates (engines/query.py)."""


def test_no_public_class_name_stands_for_two_things(root: Path) -> None:
    """``web/`` mirrors the library's classes as models of its JSON, and is left out."""
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(root.rglob("*.py")):
        room = path.relative_to(root).parts[0]
        if room in {
            "tests",
            "benchmarks",
            "browser",
            "docs",
            "examples",
            "build",
            "web",
        } or room.startswith("."):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(str(path.relative_to(root)))
    assert {
        name: where for name, where in homes.items() if len(where) > 1 and name not in MIRRORS
    } == {}
