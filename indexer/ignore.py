"""Files below the folders of an index to leave out, in the syntax of .gitignore."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from ..errors import OptionError

NAME = ".tracuuignore"  # of a file in an indexed folder, with rules for what lies below


class IgnoreRules:
    """Rules of one index, and those that folders bring in a file ``.tracuuignore``.

    Paths are matched from the folder that was indexed, as git matches them from the root of a
    repository. Files named one by one are never ignored.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        """Raises OptionError for a pattern that git would not take."""
        self._patterns = [line for line in patterns if line.strip()]
        self._specs: dict[str, Any] = {}
        if self._patterns:
            _compiled(self._patterns)

    def ignores(self, root: str, path: str, *, folder: bool = False) -> bool:
        """Whether ``path`` below the indexed folder ``root`` is left out."""
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
    from pathspec import GitIgnoreSpec  # only for those who ignore something

    try:
        return GitIgnoreSpec.from_lines(lines)
    except (ValueError, TypeError) as error:
        raise OptionError(
            "a pattern of files to ignore cannot be read: {error}", error=error
        ) from error
