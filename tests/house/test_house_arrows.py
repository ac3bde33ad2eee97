"""Who may import whom: ``corpus → vietnamese → indexer → engines ← search ← cli``."""

from __future__ import annotations

import ast

import pytest
from sources import Source

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


def imports(source: Source) -> list[str]:
    """The dotted name of every import of a module."""
    found = []
    for node in source.nodes:
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [f"{source.base(node)}.{alias.name}" for alias in node.names]
    return found


def room_of(name: str) -> str | None:
    """The room of this package that a dotted name belongs to, or None."""
    parts = name.split(".")
    return parts[1] if parts[0] == "tracuu" and len(parts) > 1 else None


def test_every_room_and_module_of_the_root_is_in_the_table(package: list[Source]) -> None:
    assert sorted(MAY) == sorted({source.room for source in package})


def test_arrows_point_one_way(package: list[Source]) -> None:
    wrong = sorted(
        f"{source.name} imports {name}"
        for source in package
        for name in imports(source)
        if room_of(name) not in {None, source.room} | MAY[source.room] | BELOW
    )
    assert wrong == []


def test_only_one_room_imports_a_package_from_elsewhere(package: list[Source]) -> None:
    wrong = [
        f"{source.name} imports {name}"
        for source in package
        for name in imports(source)
        if OUTSIDE.get(name.split(".")[0], source.room) != source.room
    ]
    assert wrong == []


@pytest.mark.parametrize("library", ["whoosh", "tantivy", "opensearchpy"])
def test_only_the_engine_s_own_package_imports_its_library(
    package: list[Source], library: str
) -> None:
    folders = {
        source.name.rpartition("/")[0]
        for source in package
        for name in imports(source)
        if name.split(".")[0] == library
    }
    assert folders == {f"engines/{library.removesuffix('py')}"}
