"""Charts of matches: areas by assessment, over time, and shares per report.

``numbers → panels → drawing``: :mod:`.numbers` counts, with nothing but an index; :mod:`.panels`
lays the counts out as rows of bars with their labels, which :mod:`.drawing` (matplotlib, extra
``plot``) draws as SVG or PNG and :mod:`.terminal` as lines of text. Only :mod:`.drawing` imports
matplotlib.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .drawing import FORMATS, draw
    from .numbers import ChartRequest, Matrix, Picture, Shares, Timeline, matrix, shares, timeline
    from .panels import panels_of
    from .tables import records_of, table_of
    from .terminal import lines_of

_HOMES = {
    "ChartRequest": "numbers",
    "FORMATS": "drawing",
    "Matrix": "numbers",
    "Picture": "numbers",
    "Shares": "numbers",
    "Timeline": "numbers",
    "draw": "drawing",
    "lines_of": "terminal",
    "matrix": "numbers",
    "panels_of": "panels",
    "records_of": "tables",
    "shares": "numbers",
    "table_of": "tables",
    "timeline": "numbers",
}

__all__ = [
    "FORMATS",
    "ChartRequest",
    "Matrix",
    "Picture",
    "Shares",
    "Timeline",
    "draw",
    "lines_of",
    "matrix",
    "panels_of",
    "records_of",
    "shares",
    "table_of",
    "timeline",
]

__getattr__, __dir__ = lazily(__name__, _HOMES)  # numbers do not need matplotlib
