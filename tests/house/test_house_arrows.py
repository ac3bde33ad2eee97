"""Who may import whom: ``corpus → vietnamese → indexer → engines ← search ← cli``."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOMS = (
    "agents",
    "analysis",
    "charts",
    "cli",
    "compare",
    "corpus",
    "engines",
    "export",
    "index",
    "indexer",
    "search",
    "vietnamese",
    "web",
)
BELOW = {"errors", "_lazy", "_html"}
MAY: dict[str, set[str]] = {
    "errors": set(),
    "_lazy": set(),
    "_html": set(),
    "vietnamese": set(),
    "corpus": {"vietnamese"},
    "engines": set(),
    "export": set(),
    "schema": {"corpus", "vietnamese", "engines"},
    "records": {"corpus", "engines", "schema"},
    "indexer": {"corpus", "vietnamese", "engines", "schema", "records"},
    "search": {"corpus", "vietnamese", "engines", "schema"},
    "compare": {"corpus", "vietnamese", "engines", "schema", "search", "records"},
    "index": {
        "corpus",
        "vietnamese",
        "engines",
        "schema",
        "records",
        "indexer",
        "search",
        "compare",
    },
    "charts": {"corpus", "search", "index"},
    "analysis": {"vietnamese", "engines"},  # a door for applications: nothing imports it
}
"""What each room may import of the others, besides :data:`BELOW`. Those not named here bring the rooms together."""

OUTSIDE = {
    "whoosh": "engines",
    "tantivy": "engines",
    "opensearchpy": "engines",
    "underthesea": "vietnamese",
    "underthesea_core": "vietnamese",
    "click": "cli",
    "docx": "web",
    "fastapi": "web",
    "jinja2": "web",
    "matplotlib": "charts",
    "mcp": "agents",
    "mcp_types": "agents",
    "pandas": "search",
    "pyarrow": "export",
    "xlsxwriter": "export",
    "prometheus_client": "web",
    "starlette": "web",
    "uvicorn": "web",
}
"""A package from elsewhere, and the one room that knows it."""


def modules(root: Path) -> Iterator[tuple[str, Path]]:
    """Room and file of every module that is installed."""
    for path in sorted(root.glob("*.py")):
        yield path.stem, path
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            yield room, path


@cache
def imports(root: Path, path: Path) -> tuple[str, ...]:
    """The dotted name of every import of a module."""
    here = ["tracuu", *path.relative_to(root).parts[:-1]]
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = (
                importlib.util.resolve_name("." * node.level + (node.module or ""), ".".join(here))
                if node.level
                else node.module or ""
            )
            found += [f"{base}.{alias.name}" for alias in node.names]
    return tuple(found)


def room_of(name: str) -> str | None:
    """The room of this package that a dotted name belongs to, or None."""
    parts = name.split(".")
    return parts[1] if parts[0] == "tracuu" and len(parts) > 1 else None


def test_arrows_point_one_way(root: Path) -> None:
    wrong = sorted(
        f"{path.relative_to(root)} imports {name}"
        for room, path in modules(root)
        if room in MAY
        for name in imports(root, path)
        if (other := room_of(name)) is not None and other != room and other not in MAY[room] | BELOW
    )
    assert wrong == []


def test_only_one_room_knows_a_package_from_elsewhere(root: Path) -> None:
    wrong = []
    for room, path in modules(root):
        for name in imports(root, path):
            home = OUTSIDE.get(name.split(".")[0])
            if home is not None and home != room:
                wrong.append(f"{path.relative_to(root)} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("package", ["whoosh", "tantivy", "opensearchpy"])
def test_only_the_engine_s_own_package_knows_its_library(root: Path, package: str) -> None:
    knowing = {
        path.relative_to(root).parts[:2]
        for _, path in modules(root)
        for name in imports(root, path)
        if name.split(".")[0] == package
    }
    assert knowing == {("engines", package.removesuffix("py"))}
