"""Tokenise like underthesea, without importing it (half a second).

Handles plain syllables, numbers, dates, document numbers, domains and marks; other text
(``http://so-y-te.vn``, other scripts, an unknown version) is left to underthesea. The rules are
underthesea's: the first that matches at a position wins. A test compares both.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from .letters import LETTER

# SHA-256 of the supported tokeniser modules: those of underthesea 9.5.
_KNOWN = frozenset({"5cb4fdc04fc806ac51842d9ec96834e9647262361bf865bacc164e96dc898a76"})

_LETTERS = "".join(
    sorted(
        {
            "đ",
            "ˆ",  # left of text in a wrong font
            *(letter.lower() for letter in LETTER.values()),
            *map(chr, range(ord("a"), ord("z") + 1)),
            *(letter for letter in map(chr, range(0xDF, 0x180)) if letter.islower()),
        }
        - {"ð"}  # underthesea makes đ of it
    )
)
_WORD = f"[{_LETTERS}0-9]+"
# A mark, or runs of letters and digits joined by marks. A dot before a letter from a to z and a
# slash may be parts of a URL.
_SIMPLE = re.compile(
    rf"{_WORD}(?:[-/,]{_WORD}|\.[0-9đ][{_LETTERS}0-9]*)*|{_WORD}(?:[-,.]{_WORD})*"
    r"|[.,;:?!()\[\]\"'“”‘’«»–—/%&+*…-]"
)

_PART = re.compile(
    r"""
    \d+x\d+                                            # 3x4
    | v\.v\.?
    | e-mail
    | [a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z]{2,13}\b      # a domain
    | \d{2,}-\d{3,}-\d{3,}                             # a telephone number
    | \d{1,2}([/.-])\d{1,2}\1\d+ | \d{4}/\d{1,2}/\d{1,2}  # a date
    | \d{1,2}[/-]\d{1,4}                               # a month of a year
    | \d+(?:(?:\.\d+)+(?:,\d+)? | (?:,\d+)*)           # a number
    | \b\w+-[\w-]*\w                                   # words that hyphens join
    | \w+ | [^\w\s]
    """,
    re.VERBOSE,
)


def parts_of(token: str) -> tuple[str, ...] | None:
    """Split a token in lower case into the parts underthesea makes of it.

    None if only underthesea can decide.

    >>> parts_of("62/2017/nđ-cp")
    ('62', '/', '2017', '/', 'nđ-cp')
    """
    if _SIMPLE.fullmatch(token) is None:
        return None
    return (token,) if token.isalpha() else tuple(match.group() for match in _PART.finditer(token))


def is_known(module: Path) -> bool:
    """Whether :func:`parts_of` supports the installed tokeniser of underthesea.

    Raises OSError.
    """
    return hashlib.sha256(module.read_bytes()).hexdigest() in _KNOWN
