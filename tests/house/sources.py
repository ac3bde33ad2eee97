"""The repository's own source, read and parsed once for all tests of this folder."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# folders of Python that is not installed
OUTSIDE = {"tests", "benchmarks", "browser", "docs", "examples"}


@dataclass(frozen=True)
class Source:
    """One file of Python."""

    path: Path
    name: str  # relative to the root, with slashes
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file parsed."""
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of the tree."""
        return list(ast.walk(self.tree))

    @property
    def room(self) -> str:
        """Its folder at the root; a module of the root is a room of its own."""
        return self.name.split("/")[0].removesuffix(".py")

    @property
    def installed(self) -> bool:
        """Whether it belongs to the package."""
        return self.room not in OUTSIDE

    @property
    def module(self) -> str:
        """The name it is imported by."""
        parts = self.name.removesuffix(".py").split("/")
        return ".".join(["tracuu", *parts]).removesuffix(".__init__")

    def base(self, node: ast.ImportFrom) -> str:
        """The module that ``from … import`` names, dots resolved."""
        if not node.level:
            return node.module or ""
        here = ".".join(["tracuu", *self.name.split("/")[:-1]])
        return importlib.util.resolve_name("." * node.level + (node.module or ""), here)


def python_files(root: Path) -> Iterator[Path]:
    """Every file of Python in the repository, but for artefacts such as ``build/``."""
    yield from sorted(root.glob("*.py"))
    for folder in sorted(root.iterdir()):
        if folder.name in OUTSIDE or (folder / "__init__.py").exists():
            yield from sorted(folder.rglob("*.py"))


def sources(root: Path) -> list[Source]:
    """What those files hold."""
    return [
        Source(path, path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in python_files(root)
    ]
