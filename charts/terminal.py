"""Draws a sheet of panels as lines of text, bars made of block elements.

All that is needed are labels and numbers in columns beside bars: less than a plotting library for
terminals would bring, plotext among them, whose figure is one for the whole process.
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
    """The sheet as lines of at most ``width`` columns (0: 80), as far as labels allow.

    ``ascii`` makes bars of ``#``; ``strong`` marks headings; ``clean`` makes text
    harmless; ``cells`` measures text in columns of the terminal.
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
    """The bars of a panel, the section's longest ``room`` columns long."""
    most = section.greatest or 1.0
    return [
        Row(label, _bar(bar.value / most * room, ascii=ascii), bar.text)
        for label, bar in zip(section.labels, panel.bars, strict=True)
    ]


def _bar(columns: float, *, ascii: bool) -> str:
    """A bar of so many columns, to the eighth; any number above 0 is visible."""
    if columns <= 0:
        return ""
    if ascii:
        return "#" * max(1, round(columns))
    eighths = max(1, round(columns * 8))
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")
