"""Comparison of reports, area by area.

:mod:`.matching` finds passages of two reports about the same matter, :mod:`.topics` the topics of
only one of them, :mod:`.compare` combines both by area, :mod:`.series` follows shortcomings through
several terms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
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

# imported on first use: most processes compare nothing
__getattr__, __dir__ = lazily(
    __name__,
    {
        **dict.fromkeys(("compare_in", "compare_reports", "series_in"), "compare"),
        **dict.fromkeys(("AreaComparison", "Comparison", "Fate", "Match", "Topic"), "model"),
        **dict.fromkeys(("Series", "Thread"), "series"),
    },
)
