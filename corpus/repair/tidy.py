"""The normal form of all text from readers.

NFC, one line, single blanks, no invisible characters.
"""

from __future__ import annotations

import re
import unicodedata

from ...vietnamese.syllables import is_syllable

# Control characters, soft hyphens, zero-width spaces and direction marks are invisible, never typed
# in queries, and would make equal words differ. Joiners (U+200C, U+200D) shape visible characters
# and are kept.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)

# Ligatures and full-width forms are variants of letters; queries contain the usual ones.
_SHAPES = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0xFB00, 0xFB07), *range(0xFF01, 0xFF5F))
}
_SHAPED = re.compile("[\ufb00-\ufb06\uff01-\uff5e]")
_BREAK = re.compile(r"(?<![^\W\d_])([^\W\d_]+)\u200b(?=([^\W\d_]+))")


def tidy(text: str) -> str:
    """``text`` in NFC on a single line, with single blanks and none at the ends.

    Control, zero-width and other invisible characters and lone surrogates are removed; a zero-width
    space between two syllables becomes a blank. Ligatures and full-width letters and digits are
    replaced by usual ones. Other visible characters are unchanged, including doubled tone marks.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = unicodedata.normalize("NFC", text)
    if _SHAPED.search(text):  # much faster than translating every text
        text = text.translate(_SHAPES)
    if "\u200b" in text:
        text = _BREAK.sub(_parted, text)
    if text.isprintable() and "  " not in text and "\ufffc" not in text:
        return text.strip(" ")  # no invisible character, and no blank but single spaces
    if _INVISIBLE.search(text):
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(text.split())


def _parted(found: re.Match[str]) -> str:
    """A word before a zero-width space, and a blank if both sides are syllables."""
    both = is_syllable(found[1].lower()) and is_syllable(found[2].lower())
    return found[1] + (" " if both else "\u200b")
