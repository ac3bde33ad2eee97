"""Who may import whom: ``corpus → vietnamese → indexer → engines ← search ← cli``."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOMS = ("agents", "corpus", "vietnamese", "engines", "indexer", "search", "compare", "charts", "cli", "index", "web")
MAY: dict[str, set[str]] = {
    "errors": set(),
    "lazy": set(),
    "markup": set(),
    "processes": set(),
    "tables": set(),
    "values": set(),
    "vietnamese": {"errors", "lazy", "tables", "values"},
    "corpus": {"errors", "lazy", "tables", "values", "vietnamese"},
    "engines": {"errors", "lazy", "processes", "tables", "values"},
    "fields": {"errors", "corpus", "vietnamese", "engines"},
    "indexer": {"errors", "lazy", "processes", "tables", "values", "corpus", "vietnamese", "engines", "fields"},
    "comparing": {"errors", "corpus", "vietnamese", "engines", "fields", "search", "lookup"},
    "pictures": {"errors", "lazy", "corpus", "search", "index"},
    "search": {"errors", "lazy", "markup", "tables", "values", "corpus", "vietnamese", "engines", "fields"},
}
"""What each room may import of the others. Those not named here bring the rooms together."""

OUTSIDE = {
    "whoosh": "engines",
    "tantivy": "engines",
    "opensearchpy": "engines",
    "underthesea": "vietnamese",
    "underthesea_core": "vietnamese",
    "click": "commands",
    "docx": "web",
    "fastapi": "web",
    "jinja2": "web",
    "matplotlib": "pictures",
    "mcp": "agents",
    "mcp_types": "agents",
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


def imports(root: Path, path: Path) -> Iterator[tuple[str, bool]]:
    """Every import of a module: the dotted name, and whether it is only for type checkers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    here = ["tracuu", *path.relative_to(root).parts[:-1]]
    typing = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in typing
        elif isinstance(node, ast.ImportFrom):
            base = (
                importlib.util.resolve_name("." * node.level + (node.module or ""), ".".join(here))
                if node.level
                else node.module or ""
            )
            for alias in node.names:
                yield f"{base}.{alias.name}", id(node) in typing


def room_of(name: str) -> str | None:
    """The room of this package that a dotted name belongs to, or None."""
    parts = name.split(".")
    return parts[1] if parts[0] == "tracuu" and len(parts) > 1 else None


def test_arrows_point_one_way(root: Path) -> None:
    wrong = sorted(
        f"{path.relative_to(root)} imports {name}"
        for room, path in modules(root)
        if room in MAY
        for name, _ in imports(root, path)
        if (other := room_of(name)) is not None and other != room and other not in MAY[room]
    )
    assert wrong == []


def test_only_one_room_knows_a_package_from_elsewhere(root: Path) -> None:
    wrong = []
    for room, path in modules(root):
        for name, _ in imports(root, path):
            home = OUTSIDE.get(name.split(".")[0])
            if home is not None and home != room and not (home == "commands" and room == "cli"):
                wrong.append(f"{path.relative_to(root)} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("package", ["whoosh", "tantivy", "opensearchpy"])
def test_only_the_engine_s_own_modules_know_its_package(root: Path, package: str) -> None:
    knowing = {
        path.name
        for room, path in modules(root)
        for name, _ in imports(root, path)
        if name.split(".")[0] == package and room == "engines"
    }
    assert knowing
    assert {name for name in knowing if package.removesuffix("py") not in name} == set()
