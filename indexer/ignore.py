"""Rules for files to skip, in the syntax of .gitignore."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from ..errors import OptionError

NAME = ".tracuuignore"  # a file in an indexed folder, with rules for files below it


class IgnoreRules:
    """The rules of one index, and those of files ``.tracuuignore`` in folders.

    Paths are matched relative to the indexed folder, as git matches them relative to the root of a
    repository. Files that were given individually are never ignored.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        """Raises OptionError (invalid pattern)."""
        self._patterns = [line for line in patterns if line.strip()]
        self._specs: dict[str, Any] = {}
        if self._patterns:
            _compiled(self._patterns)

    def ignores(self, root: str, path: str, *, folder: bool = False) -> bool:
        """Whether ``path`` below the indexed folder ``root`` is ignored."""
        spec = self._spec(root)
        if spec is None:
            return False
        name = os.path.relpath(path, root).replace(os.sep, "/")
        return bool(spec.match_file(f"{name}/" if folder else name))

    def _spec(self, root: str) -> Any:
        if root not in self._specs:
            lines = [*self._patterns, *_lines(os.path.join(root, NAME))]
            self._specs[root] = _compiled(lines) if lines else None
        return self._specs[root]


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return [line for line in stream.read().splitlines() if line.strip()]
    except (OSError, ValueError):
        return []


def _compiled(lines: list[str]) -> Any:
    from pathspec import GitIgnoreSpec  # loaded only if there are patterns

    try:
        return GitIgnoreSpec.from_lines(lines)
    except (ValueError, TypeError) as error:
        raise OptionError(
            "a pattern of files to ignore cannot be read: {error}", error=error
        ) from error
