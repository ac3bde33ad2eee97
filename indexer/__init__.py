"""Update an index from files: find changes, read, analyse and write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .changes import Change
    from .corrections import Correction
    from .files import FoundFile, find_files
    from .isolated import IsolatedReader
    from .update import Updater
    from .writer import DocumentWriter

_HOMES = {
    "Change": "changes",
    "Correction": "corrections",
    "FoundFile": "files",
    "DocumentWriter": "writer",
    "IsolatedReader": "isolated",
    "Updater": "update",
    "find_files": "files",
}

__all__ = [
    "Change",
    "Correction",
    "DocumentWriter",
    "FoundFile",
    "IsolatedReader",
    "Updater",
    "find_files",
]

__getattr__, __dir__ = lazily(__name__, _HOMES)  # imported on first use: searches read no files
