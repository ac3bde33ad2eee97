"""The one form of text every reader hands on: NFC, one line, single blanks, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

# Control characters, soft hyphens, zero-width spaces and marks of writing direction: nobody sees
# them, and each would make two equal words differ. Joiners (U+200C, U+200D) shape visible signs and
# stay.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)


def tidy(text: str) -> str:
    """``text`` in NFC on a single line, runs of blanks of any kind as one space, none at the ends.

    Control, zero-width and other invisible characters go, lone surrogates too. What can be seen
    stays as it was written, doubled tone marks included.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())
