"""Escape tokens and values for OpenSearch, losslessly for any string.

The built-in ``whitespace`` analyzer splits text fields at white space and cuts tokens after 255
characters; JSON cannot hold lone surrogates; Lucene rejects terms of more than 32,766 bytes. So
white space and surrogates are escaped by a character that sorts just before them, and a second one
that identifies them: order by code points and common prefixes are preserved. Ordinary syllables and
ids are unchanged. A long token is written as its beginning and a hash; the whole token is in the
documents that contain it.
"""

from __future__ import annotations

import re
from hashlib import sha256

# Fills positions without a token; never the written form of a token.
FILLER = "\2"

# UTF-16 units; the analyzer cuts at 255.
LONGEST = 200
# Characters of a long token that are written before its hash.
SURELY_WRITTEN = 99
_KEPT = SURELY_WRITTEN + 1
_EMPTY = "\1!"
_HASHED = "\1\x7f"

# Escape of a first character, and the characters that are escaped.
_RUNS = (
    (0x01, range(0x00, 0x21)),
    (0x167F, (0x167F, 0x1680)),
    (0x1FFF, range(0x1FFF, 0x200B)),
    (0x2027, range(0x2027, 0x202A)),
    (0x205E, range(0x205E, 0x2060)),
    (0x2FFF, (0x2FFF, 0x3000)),
    (0xD7FF, range(0xD7FF, 0xE000)),
)
_WRITTEN = {
    point: chr(anchor) + chr(0x22 + number)
    for anchor, points in _RUNS
    for number, point in enumerate(points)
}
_READ = {written: chr(point) for point, written in _WRITTEN.items()}
_SPECIAL = re.compile("[" + "".join(re.escape(chr(point)) for point in _WRITTEN) + "]")
_ESCAPED = re.compile(
    "[" + "".join(re.escape(chr(anchor)) for anchor, _ in _RUNS) + "](.)", re.DOTALL
)


def written(token: str) -> str:
    """The written form of a token or a value in OpenSearch.

    >>> written("giải ngân") == "giải\\x01Bngân"
    True
    """
    plain = beginning(token) if token else _EMPTY
    if len(plain) > LONGEST // 2 and _units(plain) > LONGEST:
        digest = sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
        return plain[:_KEPT] + _HASHED + digest
    return plain


def beginning(prefix: str) -> str:
    """The prefix of the written forms of all tokens that start with ``prefix``."""
    return _SPECIAL.sub(_escape, prefix)


def _escape(match: re.Match[str]) -> str:
    return _WRITTEN[ord(match[0])]


def is_shortened(text: str) -> bool:
    """Whether ``text`` is the written form of a token that was cut."""
    return _HASHED in text


def original(text: str) -> str:
    """The token with the written form ``text``, which is not shortened."""
    if text == _EMPTY:
        return ""
    return _ESCAPED.sub(lambda match: _READ[match[0]], text)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
