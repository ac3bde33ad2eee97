"""Comparing two reports: the same area then and now.

:mod:`.matching` finds passages of both that speak of the same matter, :mod:`.topics` what only one
of them speaks of, :mod:`.compare` brings both together by area, :mod:`.series` follows shortcomings
through several terms.
"""

from __future__ import annotations

from .compare import compare_in, compare_reports, series_in
from .model import AreaComparison, Comparison, Fate, Match, Topic
from .series import Series, Thread

__all__ = [
    "AreaComparison",
    "Comparison",
    "Fate",
    "Match",
    "Series",
    "Thread",
    "Topic",
    "compare_in",
    "compare_reports",
    "series_in",
]
