"""Draw a sheet of panels as text, with bars of block elements.

Plotting libraries for terminals do more than is needed here; plotext also keeps one global figure
per process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .panels import Panel, Section, Sheet

_EIGHTHS = " ▏▎▍▌▋▊▉"
_LEAST, _MOST = 8, 40


@dataclass(frozen=True, slots=True)
class Row:
    """One bar as text: its label, the bar itself, its number."""

    label: str
    bar: str
    number: str


def lines_of(
    sheet: Sheet,
    *,
    width: int = 80,
    ascii: bool = False,
    strong: Callable[[str], str] = str,
    clean: Callable[[str], str] = str,
    cells: Callable[[str], int] = len,
) -> list[str]:
    """The sheet as lines of up to ``width`` columns (0: 80) if labels allow.

    ``ascii`` draws bars of ``#``; ``strong`` formats headings; ``clean`` sanitises text; ``cells``
    returns the width of a text in columns.
    """
    lines = [strong(sheet.title), clean(sheet.subtitle)]
    for section in sheet.sections:
        if section.title:
            lines += ["", strong(section.title)]
        labels = max(map(cells, section.labels), default=0)
        numbers = max((len(bar.text) for panel in section.panels for bar in panel.bars), default=0)
        room = max(_LEAST, min(_MOST, (width or 80) - labels - numbers - 5))
        for panel in section.panels:
            lines += ["", strong(clean(panel.title))]
            for row in rows_of(section, panel, room, ascii=ascii):
                gap = " " * (labels - cells(row.label))
                lines.append(
                    f"  {clean(row.label)}{gap} {row.bar}{' ' if row.bar else ''}{row.number}"
                )
    return [*lines, *(["", *sheet.notes] if sheet.notes else [])]


def rows_of(section: Section, panel: Panel, room: int, *, ascii: bool = False) -> Sequence[Row]:
    """The bars of a panel; the longest bar of the section has ``room`` columns."""
    most = section.greatest or 1.0
    return [
        Row(label, _bar(bar.value / most * room, ascii=ascii), bar.text)
        for label, bar in zip(section.labels, panel.bars, strict=True)
    ]


def _bar(columns: float, *, ascii: bool) -> str:
    """A bar rounded to an eighth of a column; numbers above 0 are visible."""
    if columns <= 0:
        return ""
    if ascii:
        return "#" * max(1, round(columns))
    eighths = max(1, round(columns * 8))
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")
