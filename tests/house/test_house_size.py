"""Modules and functions that can be read at a sitting, and no fragments."""

from __future__ import annotations

import ast

import pytest
from sources import Source

LINES = 600
FUNCTION = 50
FRAGMENT = 60  # a shorter module has several importers, or is one of a family
# one module a command, a format or step of reading, a group of routes, a page, a part of an engine
FAMILIES = ("cli/", "corpus/readers/", "engines/", "web/api/", "web/page/")
FORMULAS = {  # short, but a concept with its source or its patterns
    "corpus/table_ratings.py",
    "search/area_ranking.py",
    "search/more_like_this.py",
}


@pytest.fixture
def modules(repository: list[Source]) -> list[Source]:
    """All modules but tests, which are long lists of cases."""
    return [source for source in repository if source.room != "tests"]


def test_no_module_is_too_long_to_be_read_at_a_sitting(modules: list[Source]) -> None:
    sizes = {source.name: len(source.text.splitlines()) for source in modules}
    assert len(sizes) > 50
    assert {name: size for name, size in sizes.items() if size > LINES} == {}


def importers(package: list[Source]) -> dict[str, set[str]]:
    """Module → the modules that import it."""
    found: dict[str, set[str]] = {source.module: set() for source in package}
    for source in package:
        for node in source.nodes:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    inner = f"{source.base(node)}.{alias.name}"
                    name = inner if inner in found else source.base(node)
                    found.get(name, set()).add(source.module)
    return found


def test_no_module_is_a_fragment_of_its_only_importer(package: list[Source]) -> None:
    users = importers(package)
    fragments = {
        source.name
        for source in package
        if len(source.text.splitlines()) < FRAGMENT
        and len(users[source.module]) == 1
        and not source.name.startswith(FAMILIES)
        and not source.name.endswith("__init__.py")
    }
    assert fragments == FORMULAS


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function without its docstring and its signature, which options make long."""
    body = (
        node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
    )
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_every_function_fits_a_glance(modules: list[Source]) -> None:
    long = {}
    for source in modules:
        for node in source.nodes:
            if (
                isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                and (size := body_lines(node)) > FUNCTION
            ):
                long[f"{source.name}:{node.lineno} {node.name}"] = size
    assert long == {}
