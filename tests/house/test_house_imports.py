"""Imports stand at the top; laziness is for the doors of packages."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sources import Source

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


def relative_in_functions(source: Source) -> Iterator[ast.ImportFrom]:
    for function in source.nodes:
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom) and node.level:
                    yield node


def is_for_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def test_only_listed_modules_import_others_of_the_package_inside_functions(
    package: list[Source],
) -> None:
    found = [source.name for source in package if any(relative_in_functions(source))]
    assert sorted(found) == sorted(IN_FUNCTIONS)


def test_few_blocks_are_for_type_checkers_alone(package: list[Source]) -> None:
    blocks = [source.name for source in package for node in source.nodes if is_for_checkers(node)]
    assert len(blocks) <= MOST_BLOCKS, sorted(blocks)


def imported(source: Source, names: set[str]) -> Iterator[str]:
    """The modules of the package that a module imports as it is loaded."""
    pending = [*source.tree.body]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Try):
            pending += node.body
        if isinstance(node, ast.ImportFrom) and node.level:
            for alias in node.names:
                inner = f"{source.base(node)}.{alias.name}"
                yield inner if inner in names else source.base(node)


def test_no_modules_import_each_other_in_a_circle(package: list[Source]) -> None:
    names = {source.module for source in package}
    waiting = {source.module: set(imported(source, names)) - {source.module} for source in package}
    waiting = {name: needed & set(waiting) for name, needed in waiting.items()}
    while free := {name for name, needed in waiting.items() if not needed & set(waiting)}:
        for name in free:
            del waiting[name]
    assert sorted(waiting) == []
