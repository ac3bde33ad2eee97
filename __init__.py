"""tracuu: full-text search for Vietnamese committee reports.

>>> from tracuu import Index
>>> with Index.open("my-index") as index:                            # doctest: +SKIP
...     results = index.search("giải ngân vốn đầu tư", area="kinh-te", assessment="shortcoming")
...     for hit in results:
...         print(hit.score, hit.passage.heading_path, hit.passage.text)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .lazy import lazily

if TYPE_CHECKING:
    from .checking import Finding, check
    from .corpus import Area, Decision, Limits, Passage, Reader, Reading, Report, Taxonomy, read_blocks
    from .errors import TracuuError
    from .index import Index
    from .indexer import Change
    from .rebuilding import rebuild
    from .search import Hit, Results
    from .views import Info, Surroundings
    from .watching import watch

_HOMES = {
    "Area": "corpus",
    "Change": "indexer",
    "Copied": "copying",
    "Decision": "corpus",
    "Finding": "checking",
    "Hit": "search",
    "Index": "index",
    "Info": "views",
    "Limits": "corpus",
    "Passage": "corpus",
    "Reader": "corpus",
    "Reading": "corpus",
    "Report": "corpus",
    "Results": "search",
    "Surroundings": "views",
    "Taxonomy": "corpus",
    "TracuuError": "errors",
    "check": "checking",
    "copy": "copying",
    "read_blocks": "corpus",
    "rebuild": "rebuilding",
    "watch": "watching",
}

__all__ = [
    "Area",
    "Change",
    "Copied",
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
    "Surroundings",
    "Taxonomy",
    "TracuuError",
    "check",
    "copy",
    "read_blocks",
    "rebuild",
    "watch",
]


__getattr__, __dir__ = lazily(__name__, _HOMES)  # `tracuu --help` loads none of them
