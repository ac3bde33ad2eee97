"""Escaping of tokens and values for OpenSearch, which any string survives.

Text fields are split at white space by the built-in ``whitespace`` analyzer, which also cuts tokens
after 255 characters; JSON cannot hold half a surrogate pair; Lucene refuses terms of more than
32,766 bytes. So white space and surrogates are written as a character that sorts just before them,
and a second one that identifies it: the result sorts by code points as the original does, and
begins alike where the original does. Ordinary syllables and ids are written as they are. Of a long
token the beginning and a hash are written; the whole token is found in a document that holds it.
"""

from __future__ import annotations

import re
from hashlib import sha256

# Stands where no token does; never the written form of a token.
FILLER = "\2"

# UTF-16 units; the analyzer cuts at 255.
LONGEST = 200
# Characters written of a long token, before its digest.
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
    """Written form of a token or a value in OpenSearch.

    >>> written("giải ngân") == "giải\\x01Bngân"
    True
    """
    plain = beginning(token) if token else _EMPTY
    if len(plain) > LONGEST // 2 and _units(plain) > LONGEST:
        digest = sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
        return plain[:_KEPT] + _HASHED + digest
    return plain


def beginning(prefix: str) -> str:
    """Prefix of every written form of a token that begins with ``prefix``."""
    return _SPECIAL.sub(_escape, prefix)


def _escape(match: re.Match[str]) -> str:
    return _WRITTEN[ord(match[0])]


def is_shortened(text: str) -> bool:
    """Whether ``text`` was written for a token that it does not hold the whole of."""
    return _HASHED in text


def original(text: str) -> str:
    """The token that ``text`` was written for, if it is not shortened."""
    if text == _EMPTY:
        return ""
    return _ESCAPED.sub(lambda match: _READ[match[0]], text)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
