"""Passages into an engine: what changed, in which order, with what progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .changes import Change
    from .files import FoundFile, find_files
    from .update import Updater
    from .writer import DocumentWriter

_HOMES = {
    "Change": "changes",
    "FoundFile": "files",
    "DocumentWriter": "writer",
    "Updater": "update",
    "find_files": "files",
}

__all__ = ["Change", "DocumentWriter", "FoundFile", "Updater", "find_files"]

__getattr__, __dir__ = lazily(__name__, _HOMES)  # a search needs none of the reading behind it
