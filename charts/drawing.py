"""Draw a sheet of panels as SVG or PNG, with matplotlib (extra ``plot``).

Positions are in inches on one canvas, with matplotlib's bundled fonts and default settings, so that
the same numbers give the same bytes on every machine. Only ``Figure`` is used, never pyplot.
matplotlib's settings are global: they are set under a lock while a picture is written, and restored
afterwards.
"""

from __future__ import annotations

import io
import re
import textwrap
import threading
import warnings
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtra, OptionError, install_extra
from .numbers import Picture
from .panels import Panel, Section, Sheet, panels_of
from .words import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = ("svg", "png")
# Fill and pattern. Colours of Okabe & Ito, "Color Universal Design" (2008), distinct to
# colour-blind people; the patterns are distinct in black and white.
LOOKS: Mapping[str, tuple[str, str]] = {
    "achievement": ("#56B4E9", "//"),
    "shortcoming": ("#D55E00", "xx"),
    "cause": ("#F0E442", "--"),
    "none": ("#FFFFFF", ""),
    "plain": ("#B8B8B8", ""),
}

WIDTH, MARGIN, LABELS, ROW = 9.2, 0.25, 2.75, 0.3  # inches: sheet, margin, label column, row height
_PANELS = 4
_TALL, _GAP = 0.75, 0.42  # inches: longest upright bar, space for its title and number
_DPI = {"svg": 72, "png": 150}
_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "svg.fonttype": "none",
    "svg.hashsalt": "tracuu",
    "hatch.linewidth": 0.6,
    "path.simplify": False,
}
_GREY = "#555555"
_UNDRAWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_lock = threading.Lock()


def draw(picture: Picture, format: str = "svg", *, lang: Lang = "vi") -> bytes:
    """Return the picture as an SVG or PNG file, reproducible byte for byte.

    Thread-safe.

    Raises:
        OptionError: a format other than ``"svg"`` and ``"png"``, or an unknown language.
        MissingExtra: matplotlib is not installed.
    """
    if format not in FORMATS:
        raise OptionError(
            "pictures are drawn as {formats}, not {format!r}",
            formats=" or ".join(FORMATS),
            format=format,
        )
    sheet = panels_of(picture, lang)
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra(
            "drawing pictures needs {error}: {how}",
            error=error.name or error,
            how=install_extra("plot"),
        ) from error
    buffer = io.BytesIO()
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about characters without a glyph in DejaVu
        base: dict[Any, Any] = {
            name: value
            for name, value in matplotlib.rcParamsDefault.items()
            if not name.startswith("backend")
        }
        with matplotlib.rc_context({**base, **_STYLE}):
            height = sheet_height(sheet)
            width = max([WIDTH, *(_needed(section) for section in sheet.sections)])
            figure = Figure(figsize=(width, height), dpi=_DPI[format], facecolor="white")
            canvas = figure.add_axes((0, 0, 1, 1))
            canvas.set_axis_off()
            canvas.set_xlim(0, width)
            canvas.set_ylim(height, 0)  # y grows downwards, in inches
            _Pen(canvas, width).sheet(sheet)
            about = _about(sheet, format)
            figure.savefig(buffer, format=format, dpi=_DPI[format], metadata=about)
    return _accessible(buffer.getvalue(), sheet, lang) if format == "svg" else buffer.getvalue()


def sheet_height(sheet: Sheet) -> float:
    """The height of a sheet, in inches."""
    sections = sum(_section_height(section) for section in sheet.sections)
    return (
        MARGIN * 2
        + 0.32
        + 0.22 * len(_lines(sheet.subtitle, 110, 3))
        + 0.2 * len(sheet.notes)
        + sections
        + 0.1
    )


def _section_height(section: Section) -> float:
    head = 0.35 if section.title else 0.1
    if section.upright:
        return head + len(section.panels) * (_TALL + _GAP + 0.08) + 0.5
    lines = -(-len(section.panels) // _abreast(section))
    return head + lines * (_title_height(section.panels) + len(section.labels) * ROW + 0.2)


def _abreast(section: Section) -> int:
    """Number of panels side by side: fewer if their titles are long."""
    return _PANELS if all(len(panel.title) <= 20 for panel in section.panels) else _PANELS - 1


def _title_height(panels: Sequence[Panel]) -> float:
    return 0.12 + 0.16 * max((len(_lines(panel.title, 23, 4)) for panel in panels), default=1)


def _needed(section: Section) -> float:
    """Width needed by upright bars."""
    return 2 * MARGIN + 0.2 + 0.17 * len(section.labels) if section.upright else 0.0


class _Pen:
    """Draws sheets on a canvas in inches, y growing downwards."""

    def __init__(self, canvas: Axes, width: float) -> None:
        self._canvas = canvas
        self._width = width
        self._y = MARGIN

    def sheet(self, sheet: Sheet) -> None:
        """Draw a whole sheet, from the top down."""
        self._text(MARGIN, self._y + 0.14, sheet.title, size=13, weight="bold")
        self._y += 0.32
        for line in _lines(sheet.subtitle, 110, 3):
            self._text(MARGIN, self._y + 0.1, line, size=9, color=_GREY)
            self._y += 0.22
        for section in sheet.sections:
            if section.title:
                self._text(MARGIN, self._y + 0.22, section.title, size=10.5, weight="bold")
            self._y += 0.35 if section.title else 0.1
            if section.upright:
                self._upright(section)
            else:
                abreast = _abreast(section)
                for first in range(0, len(section.panels), abreast):
                    self._lying(section, section.panels[first : first + abreast])
        for note in sheet.notes:
            self._text(MARGIN, self._y + 0.12, note, size=8, color=_GREY)
            self._y += 0.2

    def _lying(self, section: Section, panels: Sequence[Panel]) -> None:
        """Draw panels side by side, with horizontal bars."""
        top = self._y + _title_height(section.panels)
        step = (self._width - 2 * MARGIN - LABELS) / min(
            _abreast(section), max(2, len(section.panels))
        )
        room = (
            step
            - 0.15
            - 0.09 * max((len(bar.text) for panel in panels for bar in panel.bars), default=1)
        )
        scale = room / section.greatest if section.greatest else 0.0
        for row, label in enumerate(section.labels):
            middle = top + (row + 0.5) * ROW
            lines = _lines(label, 36, 2)
            for line, text in enumerate(lines):
                up = (len(lines) - 1) / 2 - line
                self._text(
                    MARGIN + LABELS - 0.12, middle - up * 0.135, text, size=8.5, align="right"
                )
        for number, panel in enumerate(panels):
            left = MARGIN + LABELS + number * step
            for line, text in enumerate(_lines(panel.title, 23, 4)):
                self._text(left, self._y + 0.1 + 0.16 * line, text, size=7.5, weight="bold")
            for row, bar in enumerate(panel.bars):
                y = top + row * ROW
                self._bar(left, y + ROW * 0.17, bar.value * scale, ROW * 0.66, panel.look)
                self._text(
                    left + bar.value * scale + 0.05,
                    y + ROW / 2,
                    bar.text,
                    size=8,
                    color="black" if bar.value else _GREY,
                )
            self._line((left, top), (left, top + len(section.labels) * ROW))
        self._y = top + len(section.labels) * ROW + 0.2

    def _upright(self, section: Section) -> None:
        """Draw panels below one another, with vertical bars."""
        step = min(1.3, (self._width - 2 * MARGIN) / max(1, len(section.labels)))
        tight = step < 0.09 * max(map(len, section.labels), default=1)
        scale = _TALL / section.greatest if section.greatest else 0.0
        for panel in section.panels:
            self._text(MARGIN, self._y + 0.14, panel.title, size=8.5, weight="bold")
            base = self._y + _GAP + _TALL
            for column, bar in enumerate(panel.bars):
                left = MARGIN + column * step
                high = bar.value * scale
                self._bar(left + step * 0.14, base - high, step * 0.72, high, panel.look)
                size = 6 if step < 0.25 else 8
                turned = 90 if step < 0.08 * len(bar.text) else 0
                colour = "black" if bar.value else _GREY
                self._text(
                    left + step / 2,
                    base - high - 0.03,
                    bar.text,
                    size=size,
                    align="center",
                    over=True,
                    turned=turned,
                    color=colour,
                )
            self._line((MARGIN, base), (MARGIN + len(section.labels) * step, base))
            self._y = base + 0.08
        for column, label in enumerate(section.labels):
            x = MARGIN + (column + 0.5) * step
            place = (x, self._y)
            self._canvas.text(
                *place,
                _clean(label),
                size=7 if tight else 8,
                ha="center",
                va="top",
                rotation=90 if tight else 0,
                parse_math=False,
            )
        self._y += 0.5

    def _bar(self, x: float, y: float, wide: float, high: float, look: str) -> None:
        from matplotlib.patches import Rectangle

        fill, hatch = LOOKS[look]
        if wide > 0 and high > 0:
            patch = Rectangle(
                (x, y),
                wide,
                high,
                facecolor=fill,
                edgecolor="black",
                linewidth=0.6,
                hatch=hatch or None,
            )
            self._canvas.add_patch(patch)

    def _line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self._canvas.plot((start[0], end[0]), (start[1], end[1]), color="black", linewidth=0.8)

    def _text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        weight: str = "normal",
        align: str = "left",
        color: str = "black",
        over: bool = False,
        turned: int = 0,
    ) -> None:
        options: dict[str, Any] = {
            "ha": align,
            "va": "bottom" if over else "center",
            "rotation": turned,
        }
        self._canvas.text(
            x, y, _clean(text), size=size, weight=weight, color=color, parse_math=False, **options
        )


def _clean(text: str) -> str:
    """``text`` without XML control characters and bidi controls."""
    return _UNDRAWABLE.sub(" ", text)


def _lines(text: str, width: int, most: int) -> list[str]:
    """Wrap ``text`` to ``width`` characters and ``most`` lines, cut with ``…``."""
    return textwrap.wrap(_clean(text), width, max_lines=most, placeholder=" …") or [""]


def _about(sheet: Sheet, format: str) -> dict[str, str | None]:
    """Metadata of the file, without dates."""
    title = _clean(sheet.title)
    if format == "svg":
        return {"Title": title, "Creator": "tracuu", "Date": None}
    return {"Title": title, "Description": _clean(sheet.description), "Software": "tracuu"}


def _accessible(svg: bytes, sheet: Sheet, lang: Lang) -> bytes:
    """The SVG with role, language, title and description for screen readers."""
    text = svg.decode("utf-8")
    title, description = (
        escape(_clean(part), quote=False) for part in (sheet.title, sheet.description)
    )
    text = text.replace(
        "<svg ",
        f'<svg role="img" aria-labelledby="tracuu-title tracuu-desc" lang="{lang}" '
        f'xml:lang="{lang}" ',
        1,
    )
    head = f'<title id="tracuu-title">{title}</title>\n <desc id="tracuu-desc">{description}</desc>'
    return re.sub(r"<title>.*?</title>", lambda _: head, text, count=1, flags=re.DOTALL).encode(
        "utf-8"
    )
