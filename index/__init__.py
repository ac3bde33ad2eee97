"""The index on disk.

Holds the facade ``Index`` and its parts: writer, folder, generations, lock, rebuild, copy, check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .check import Finding
    from .copy import Copied
    from .corrections import list_corrections
    from .directory import IndexDirectory
    from .extra import read_extras
    from .facade import Index
    from .ignore import ignore_rules, ignored_patterns
    from .info import Info
    from .originals import original_of
    from .saved import Alert, AlertFinder, SavedSearch, SavedSearches
    from .vectors import embed, search_in
    from .writer import IndexWriter

__all__ = [
    "Alert",
    "AlertFinder",
    "Copied",
    "Finding",
    "Index",
    "IndexDirectory",
    "IndexWriter",
    "Info",
    "SavedSearch",
    "SavedSearches",
    "embed",
    "ignore_rules",
    "ignored_patterns",
    "list_corrections",
    "original_of",
    "read_extras",
    "search_in",
]

# most searches need neither the writer, with the readers of files behind it, nor vectors
__getattr__, __dir__ = lazily(
    __name__,
    {
        **dict.fromkeys(("Alert", "AlertFinder", "SavedSearch", "SavedSearches"), "saved"),
        "Copied": "copy",
        "Finding": "check",
        "Index": "facade",
        "IndexDirectory": "directory",
        "IndexWriter": "writer",
        "Info": "info",
        "embed": "vectors",
        "ignore_rules": "ignore",
        "ignored_patterns": "ignore",
        "list_corrections": "corrections",
        "original_of": "originals",
        "read_extras": "extra",
        "search_in": "vectors",
    },
)
