"""The ruling lines of a scanned page, found in its pixels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .pdf_rulings import Ruling, merge_rulings

_DARK = 140  # of 255; darker pixels are ink
_INK = bytes(1 if value < _DARK else 0 for value in range(256))
# inches of unbroken ink: longer than any stroke of a letter
_LEVEL = 0.35
_UPRIGHT = 0.25
_POINTS = 72  # points per inch
_MOST = 20_000  # maximum runs of ink; a picture has more


def scan_rulings(
    pixels: bytes, width: int, height: int, scale: float
) -> tuple[list[Ruling], list[Ruling]]:
    """The horizontal and the vertical lines of a page, in points from the bottom left.

    ``pixels`` are the grey values row by row, ``scale`` is the number of pixels per point. Lines
    that slant by more than about 0.3 degrees are not found.
    """
    ink = pixels.translate(_INK)
    rows = (ink[y * width : (y + 1) * width] for y in range(height))
    level = [
        Ruling((height - y) / scale, start / scale, end / scale)
        for y, start, end in _runs(rows, round(_LEVEL * _POINTS * scale))
    ]
    columns = (ink[x::width] for x in range(width))
    upright = [
        Ruling(x / scale, (height - end) / scale, (height - start) / scale)
        for x, start, end in _runs(columns, round(_UPRIGHT * _POINTS * scale))
    ]
    if len(level) > _MOST or len(upright) > _MOST:
        return [], []
    return merge_rulings(level), merge_rulings(upright)


def _runs(strips: Iterator[bytes], least: int) -> Iterator[tuple[int, int, int]]:
    """The runs of ink of at least this length: strip, start and end."""
    whole = b"\x01" * max(least, 1)
    long = re.compile(rb"\x01{%d,}" % max(least, 1))
    for place, strip in enumerate(strips):
        if whole in strip:
            for found in long.finditer(strip):
                yield place, found.start(), found.end()
