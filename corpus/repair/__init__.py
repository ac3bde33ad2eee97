"""Repair of text: encodings, legacy Vietnamese fonts, wrongly decoded text.

Clean text is never changed: a repair is applied only if more words become Vietnamese. Remaining
faults are reported in notes.
"""

from __future__ import annotations

from .detect import DecodedText, UndecodableError, decode
from .fonts import decode_runs, font_encoding
from .mojibake import RepairedTexts, repair_texts
from .tidy import tidy
from .words import mend_words

__all__ = [
    "DecodedText",
    "RepairedTexts",
    "UndecodableError",
    "decode",
    "decode_runs",
    "font_encoding",
    "mend_words",
    "repair_texts",
    "tidy",
]
