"""Imports stand at the top; laziness is for the doors of packages."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HELP = "--help and completion load no index, engine or report"
COLD = "a search in a new process does without it"
IN_FUNCTIONS = {
    "cli/__init__.py": HELP,
    "cli/check.py": HELP,
    "cli/compare.py": HELP,
    "cli/copy.py": HELP,
    "cli/hits.py": HELP,
    "cli/options.py": HELP,
    "cli/rebuild.py": HELP,
    "cli/search.py": HELP,
    "cli/upgrade.py": HELP,
    "cli/values.py": HELP,
    "cli/watch.py": HELP,
    "engines/scoring/snapshot.py": COLD,
    "engines/whoosh/engine.py": COLD,
    "engines/whoosh/reader.py": "only indexes of an earlier format need it",
    "search/searcher.py": COLD,
    "vietnamese/analysis.py": COLD,
}
MOST_BLOCKS = 27  # TYPE_CHECKING: doors, extras that may be missing, modules that COLD leaves out


OUTSIDE = {"tests", "benchmarks", "browser", "docs", "examples", "build", "dist"}


def modules(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*.py")):
        room = path.relative_to(root).parts[0]
        if room not in OUTSIDE and not room.startswith("."):
            yield path


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def relative_in_functions(tree: ast.Module) -> Iterator[ast.ImportFrom]:
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom) and node.level:
                    yield node


def is_for_checkers(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def test_only_listed_modules_import_others_of_the_package_inside_functions(root: Path) -> None:
    found = {
        path.relative_to(root).as_posix()
        for path in modules(root)
        if any(relative_in_functions(parsed(path)))
    }
    assert sorted(found) == sorted(IN_FUNCTIONS)


def test_few_blocks_are_for_type_checkers_alone(root: Path) -> None:
    blocks = [
        path
        for path in modules(root)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.stmt) and is_for_checkers(node)
    ]
    assert len(blocks) <= MOST_BLOCKS, sorted(blocks)


def imported(root: Path, path: Path, names: set[str]) -> Iterator[str]:
    """The modules of the package that a module imports as it is loaded."""
    here = ["tracuu", *path.relative_to(root).parts[:-1]]
    pending = [*parsed(path).body]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Try):
            pending += node.body
        if isinstance(node, ast.ImportFrom) and node.level:
            base = importlib.util.resolve_name(
                "." * node.level + (node.module or ""), ".".join(here)
            )
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in names else base


def test_no_modules_import_each_other_in_a_circle(root: Path) -> None:
    paths = {
        ".".join(["tracuu", *path.relative_to(root).with_suffix("").parts]).removesuffix(
            ".__init__"
        ): path
        for path in modules(root)
    }
    waiting = {name: set(imported(root, path, set(paths))) - {name} for name, path in paths.items()}
    waiting = {name: needed & set(waiting) for name, needed in waiting.items()}
    while free := {name for name, needed in waiting.items() if not needed & set(waiting)}:
        for name in free:
            del waiting[name]
    assert sorted(waiting) == []
