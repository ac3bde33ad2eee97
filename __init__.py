"""tracuu: full-text search for Vietnamese committee reports.

>>> from tracuu import Index
>>> with Index.open("my-index") as index:                            # doctest: +SKIP
...     results = index.search("giải ngân vốn đầu tư", area="kinh-te", assessment="shortcoming")
...     for hit in results:
...         print(hit.score, hit.passage.heading_path, hit.passage.text)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._lazy import lazily

if TYPE_CHECKING:
    from .corpus import (
        Area,
        Decision,
        Limits,
        Passage,
        Reader,
        Reading,
        Report,
        Taxonomy,
        read_blocks,
    )
    from .errors import TracuuError
    from .index.check import Finding, check
    from .index.copy import Copied, copy
    from .index.facade import Index
    from .index.info import Info, Surroundings
    from .index.rebuild import rebuild, upgrade
    from .index.saved import Alert, AlertFinder, SavedSearch, SavedSearches
    from .index.watch import watch
    from .indexer import Change
    from .indexer.corrections import Correction
    from .search import Hit, Results

_HOMES = {
    "Alert": "index.saved",
    "AlertFinder": "index.saved",
    "SavedSearch": "index.saved",
    "SavedSearches": "index.saved",
    "Area": "corpus",
    "Change": "indexer",
    "Copied": "index.copy",
    "Correction": "indexer.corrections",
    "Decision": "corpus",
    "Finding": "index.check",
    "Hit": "search",
    "Index": "index.facade",
    "Info": "index.info",
    "Limits": "corpus",
    "Passage": "corpus",
    "Reader": "corpus",
    "Reading": "corpus",
    "Report": "corpus",
    "Results": "search",
    "Surroundings": "index.info",
    "Taxonomy": "corpus",
    "TracuuError": "errors",
    "check": "index.check",
    "copy": "index.copy",
    "read_blocks": "corpus",
    "rebuild": "index.rebuild",
    "upgrade": "index.rebuild",
    "watch": "index.watch",
}

__all__ = [
    "Alert",
    "AlertFinder",
    "Area",
    "Change",
    "Copied",
    "Correction",
    "Decision",
    "Finding",
    "Hit",
    "Index",
    "Info",
    "Limits",
    "Passage",
    "Reader",
    "Reading",
    "Report",
    "Results",
    "SavedSearch",
    "SavedSearches",
    "Surroundings",
    "Taxonomy",
    "TracuuError",
    "check",
    "copy",
    "read_blocks",
    "rebuild",
    "upgrade",
    "watch",
]


if not TYPE_CHECKING:  # type checkers would treat every name as public
    __getattr__, __dir__ = lazily(__name__, _HOMES)  # on first use: `tracuu --help` needs none
