"""Search: the query language, ranking, results, highlighting, facets, suggestions.

Data flows one way: ``lexer → language → plan → engine → pages → results``. Nothing here imports an
engine, click or underthesea: a query is segmented by the index's own words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily
from .abbreviations import Abbreviations, load_abbreviations
from .highlight import highlight, snippet
from .query.parser import parse
from .results import AreaShare, Hit, MissingWord, Results
from .searcher import SORTS, Searcher, Sort

if TYPE_CHECKING:
    from .explain import Explanation, Part, WordHeld
    from .facets import By, Tally
    from .meaning import search_by_meaning
    from .names import Completion

__all__ = [
    "SORTS",
    "Abbreviations",
    "AreaShare",
    "By",
    "Completion",
    "Explanation",
    "Hit",
    "MissingWord",
    "Part",
    "Results",
    "Searcher",
    "Sort",
    "Tally",
    "WordHeld",
    "highlight",
    "load_abbreviations",
    "parse",
    "search_by_meaning",
    "snippet",
]

# most searches need no explanation, counts or completions
__getattr__, _ = lazily(
    __name__,
    {
        "By": "facets",
        "Completion": "names",
        "Tally": "facets",
        "search_by_meaning": "meaning",
        **dict.fromkeys(("Explanation", "Part", "WordHeld"), "explain"),
    },
)
