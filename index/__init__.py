"""An index on disk: facade, writer, folder, generations, lock, rebuilds, copies, checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .corrections import list_corrections
    from .facade import Index
    from .ignore import ignore_rules, ignored_patterns
    from .originals import original_of
    from .vectors import embed, search_in
    from .writer import IndexWriter

__all__ = [
    "Index",
    "IndexWriter",
    "embed",
    "ignore_rules",
    "ignored_patterns",
    "list_corrections",
    "original_of",
    "search_in",
]

# most searches need neither the writer, with the readers of files behind it, nor vectors
__getattr__, __dir__ = lazily(
    __name__,
    {
        "Index": "facade",
        "IndexWriter": "writer",
        "embed": "vectors",
        "ignore_rules": "ignore",
        "ignored_patterns": "ignore",
        "list_corrections": "corrections",
        "original_of": "originals",
        "search_in": "vectors",
    },
)
