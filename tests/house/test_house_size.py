from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

LINES = 600
FUNCTION = 50


def modules(root: Path) -> Iterator[Path]:
    yield from sorted(root.glob("*.py"))
    for door in sorted(root.glob("*/__init__.py")):
        yield from sorted(door.parent.rglob("*.py"))
    for folder in ("benchmarks", "browser", "docs", "examples"):
        yield from sorted((root / folder).rglob("*.py"))


def test_no_module_is_too_long_to_be_read_at_a_sitting(root: Path) -> None:
    sizes = {
        str(path.relative_to(root)): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules(root)
    }
    assert len(sizes) > 50
    assert {name: size for name, size in sizes.items() if size > LINES} == {}


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function without its docstring and its signature, which options make long."""
    body = (
        node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
    )
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_every_function_fits_a_glance(root: Path) -> None:
    long = {}
    for path in modules(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                and (size := body_lines(node)) > FUNCTION
            ):
                long[f"{path.relative_to(root)}:{node.lineno} {node.name}"] = size
    assert long == {}
