"""The normal form of all text from readers.

NFC, one line, single blanks, no invisible characters.
"""

from __future__ import annotations

import re
import unicodedata

# Control characters, soft hyphens, zero-width spaces and marks of writing direction: invisible
# them, and each would make two equal words differ. Joiners (U+200C, U+200D) shape visible signs and
# stay.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)


def tidy(text: str) -> str:
    """``text`` in NFC on a single line, with single blanks, none at the ends.

    Control, zero-width and other invisible characters go, lone surrogates too. Visible characters
    stay as written, doubled tone marks included.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())
