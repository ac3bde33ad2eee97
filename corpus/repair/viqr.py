"""VIQR (RFC 1456): Vietnamese written in ASCII, as in old mail.

For example ``Ba'o ca'o Ke^'t qua? thu+.c hie^.n``.
"""

from __future__ import annotations

import re
import unicodedata

from .score import score

_SHAPES = {"^": "\u0302", "(": "\u0306", "+": "\u031b"}
_TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_LETTER = re.compile(
    r"\\(?P<escaped>[\\^(+'`?~.dD])|(?P<d>dd|DD|Dd)"
    r"|(?P<vowel>[aA][\^(]?|[eE]\^?|[oO][\^+]?|[uU]\+?|[iIyY])(?P<tone>[`'~.?])?"
)
_MARKER = re.compile(r"\s*(?:[IVXLC]+|[A-Za-z])\.\s")  # "A. ", "II. ": not a vowel with a tone
_LOOKAHEAD = 80
_SAMPLE = 60_000
# Minimum share of Vietnamese syllables among marked words, and of marked words: every other word
# in Vietnamese; in no other language do these characters follow vowels so often.
_RATE, _SHARE = 0.8, 0.25


def from_viqr(text: str) -> str | None:
    """Decode VIQR in ``text``; None if it contains none.

    A full stop or question mark after a vowel is a tone if a letter, another mark or a word in
    lower case follows, or if the whole line is in capitals (``NHIE^.M VU.``); else it ends a
    sentence.

    >>> from_viqr("Plain English. Is it?")
    """
    if not text.isascii() or not re.search(r"[aeouy][\\^(+]['`?~.]?", text, re.IGNORECASE):
        return None
    sample = _converted(text[:_SAMPLE])
    found, words = score(sample), re.findall(r"[^\W\d_]+", sample)
    marked = sum(not word.isascii() for word in words)
    if not words or found.rate < _RATE or marked < _SHARE * len(words):
        return None
    return _converted(text)


def _converted(text: str) -> str:
    return "".join(_line(line) for line in text.splitlines(keepends=True))


def _line(line: str) -> str:
    loud = line.isupper()

    def letter(found: re.Match[str]) -> str:
        if found["escaped"]:
            return found["escaped"]
        if found["d"]:
            return "đ" if found["d"] == "dd" else "Đ"
        base, shape = found["vowel"][0], found["vowel"][1:]
        tone = found["tone"] or ""
        ends = tone in (".", "?") and not _is_tone(
            found.string[found.end() : found.end() + _LOOKAHEAD]
        )
        mark = "" if not tone or (ends and not loud) else _TONES[tone]
        whole = unicodedata.normalize("NFC", base + "".join(_SHAPES[sign] for sign in shape) + mark)
        return whole + (tone if tone and not mark else "")

    marker = _MARKER.match(line)
    start = marker.end() if marker else 0
    return line[:start] + _LETTER.sub(letter, line[start:])


def _is_tone(after: str) -> bool:
    """Whether a full stop or question mark is the tone of the letter before it.

    The characters after it decide.
    """
    return re.match(r"[A-Za-z.,;:?!)]|[ \t]+[a-z\d(]", after) is not None
