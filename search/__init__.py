"""Search: the query language, ranking, results, highlighting, facets, suggestions.

Data flows one way: ``lexer → parser → planner → engine → collector → results``. Nothing here
imports an engine, click or underthesea: a query is segmented by the index's own words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .abbreviations import (
        AbbreviationFile,
        Abbreviations,
        abbreviations_in,
        load_abbreviations,
    )
    from .embedder import HttpEmbedder
    from .explain import Explanation, Part, WordHeld
    from .facets import By, Tally
    from .filters import FILTER_NAMES
    from .highlighter import highlight, snippet
    from .meaning import search_by_meaning
    from .names import Completion
    from .query.parser import parse
    from .results import AreaShare, Hit, MissingWord, Results
    from .searcher import SORTS, Searcher, Sort

__all__ = [
    "FILTER_NAMES",
    "SORTS",
    "AbbreviationFile",
    "Abbreviations",
    "AreaShare",
    "By",
    "Completion",
    "Explanation",
    "Hit",
    "HttpEmbedder",
    "MissingWord",
    "Part",
    "Results",
    "Searcher",
    "Sort",
    "Tally",
    "WordHeld",
    "abbreviations_in",
    "highlight",
    "load_abbreviations",
    "parse",
    "search_by_meaning",
    "snippet",
]

# imported on first use: --help of the command line must be fast
__getattr__, __dir__ = lazily(
    __name__,
    {
        **dict.fromkeys(
            ("AbbreviationFile", "Abbreviations", "abbreviations_in", "load_abbreviations"),
            "abbreviations",
        ),
        "HttpEmbedder": "embedder",
        **dict.fromkeys(("Explanation", "Part", "WordHeld"), "explain"),
        **dict.fromkeys(("By", "Tally"), "facets"),
        "FILTER_NAMES": "filters",
        **dict.fromkeys(("highlight", "snippet"), "highlighter"),
        "search_by_meaning": "meaning",
        "Completion": "names",
        "parse": "query.parser",
        **dict.fromkeys(("AreaShare", "Hit", "MissingWord", "Results"), "results"),
        **dict.fromkeys(("SORTS", "Searcher", "Sort"), "searcher"),
    },
)
