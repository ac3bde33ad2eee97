"""Modules and functions that can be read at a sitting, and no fragments."""

from __future__ import annotations

import ast

import pytest
from sources import Source

LINES = 600
FUNCTION = 50


@pytest.fixture
def modules(repository: list[Source]) -> list[Source]:
    """All modules but tests, which are long lists of cases."""
    return [source for source in repository if source.room != "tests"]


def test_no_module_is_too_long_to_be_read_at_a_sitting(modules: list[Source]) -> None:
    sizes = {source.name: len(source.text.splitlines()) for source in modules}
    assert len(sizes) > 50
    assert {name: size for name, size in sizes.items() if size > LINES} == {}


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
