"""Who may import whom: ``corpus → vietnamese → indexer → engines ← search ← cli``."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

BELOW = {"errors", "_lazy", "_html"}  # what every room may import
_READING = {"corpus", "vietnamese", "engines"}
_STORED = {*_READING, "schema", "records"}
_INDEX = {*_STORED, "indexer", "search", "compare", "index"}
# the rooms that each room may import, besides BELOW
MAY: dict[str, set[str]] = {
    "errors": set(),
    "_lazy": set(),
    "_html": set(),
    "vietnamese": set(),
    "corpus": {"vietnamese"},
    "engines": set(),
    "export": set(),
    "messages": set(),
    "schema": _READING,
    "records": {*_READING, "schema"},
    "indexer": _STORED,
    "search": {*_READING, "schema"},
    "compare": {*_STORED, "search"},
    "index": _INDEX,
    "charts": {"corpus", "search", "index"},
    "analysis": {"vietnamese", "engines"},  # for applications: no room imports it
    "agents": {"corpus", "search", "index"},
    "web": {*_INDEX, "charts", "export", "messages"},
    "cli": {*_INDEX, "agents", "charts", "export", "messages", "web"},
    "__init__": {"corpus", "index", "indexer", "search"},
}

# third-party package → the one room that imports it
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


def modules(root: Path) -> Iterator[tuple[str, Path]]:
    """Room and file of every module that is installed."""
    for path in sorted(root.glob("*.py")):
        yield path.stem, path
    for door in sorted(root.glob("*/__init__.py")):
        for path in sorted(door.parent.rglob("*.py")):
            yield door.parent.name, path


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


def test_every_room_and_module_of_the_root_is_in_the_table(root: Path) -> None:
    assert sorted(MAY) == sorted({room for room, _ in modules(root)})


def test_arrows_point_one_way(root: Path) -> None:
    wrong = sorted(
        f"{path.relative_to(root)} imports {name}"
        for room, path in modules(root)
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
