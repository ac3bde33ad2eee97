"""Scanned pages, read by the program tesseract with its Vietnamese data."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import DamagedFile, MissingExtra
from ..blocks import Block
from ..repair import decode
from .source import SourceFile
from .text import text_blocks

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_DOTS_PER_INCH = 300
_MOST_PIXELS = 50_000_000
_SECONDS = 120


def recognise(source: SourceFile, page: PdfPage, number: int) -> list[Block]:
    """The blocks of one page by OCR, at 300 dots an inch (less for posters), within two minutes.

    Raises ``MissingExtra`` without tesseract or its Vietnamese data.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise MissingExtra(
            "OCR needs the program tesseract with Vietnamese: apt install tesseract-ocr tesseract-ocr-vie"
        )
    width, height = page.get_size()
    scale = _DOTS_PER_INCH / 72
    scale = min(scale, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    rows = bytes(bitmap.buffer)
    stride = bitmap.stride
    pixels = b"".join(rows[y * stride : y * stride + bitmap.width] for y in range(bitmap.height))
    picture = b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + pixels
    try:
        done = subprocess.run(
            [program, "stdin", "stdout", "-l", "vie"],
            input=picture,
            capture_output=True,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        source.note(f"OCR of page {number} took over {_SECONDS} s and was stopped")
        return []
    if done.returncode != 0:
        message = decode(done.stderr).text.strip().splitlines()[-1:] if done.stderr else []
        if b"vie" in done.stderr:
            raise MissingExtra("tesseract has no Vietnamese data: apt install tesseract-ocr-vie")
        raise DamagedFile(source.path, f"OCR of page {number} failed: {' '.join(message)[:200]}")
    text = decode(done.stdout).text if done.stdout.strip() else ""
    return [replace(block, page=number, line=0) for block in text_blocks(text)[0]]
