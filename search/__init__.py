"""Search: the query language, ranking, results, highlighting, facets, suggestions.

Data flows one way: ``lexer → language → plan → engine → pages → results``. Nothing here imports an
engine, click or underthesea: the words of a query are told by the index's own.
"""

from __future__ import annotations

from .abbreviations import Abbreviations, load_abbreviations
from .explanation import Explanation, Part, WordHeld
from .highlight import highlight, snippet
from .language import parse
from .results import AreaShare, Hit, Results
from .searcher import SORTS, Searcher, Sort

__all__ = [
    "SORTS",
    "Abbreviations",
    "AreaShare",
    "Explanation",
    "Hit",
    "Part",
    "Results",
    "Searcher",
    "Sort",
    "WordHeld",
    "highlight",
    "load_abbreviations",
    "parse",
    "snippet",
]
