"""Blanks inside syllables, as text taken from Vietnamese PDFs has them: ``ĐIỀ U``, ``quyế t``.

They stand where a letter was drawn a little apart, mostly because it came from another font.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...vietnamese.syllables import is_syllable

_LETTERS = re.compile(r"[^\W\d_]+")
_END = re.compile(r"[^\W\d_]+$")
_MANY = 5


@dataclass(slots=True)
class SpacedWord:
    """A word of a line. ``drawn`` tells that a blank character stands before it in the file, rather than
    a mere distance; ``distance`` is the distance to the word before in units of the font size."""

    text: str
    drawn: bool = True
    distance: float = 0.25


def mend_gaps(lines: Sequence[list[SpacedWord]]) -> int:
    """Join, in place, the words of ``lines`` that are pieces of one syllable; how many were joined.

    Two pieces are joined only if together they are a syllable and one of them is none. Where that one
    is a single letter (``5 m ở`` is no ``mở``) the blank must moreover be a mere distance, and a small
    one, or the file be full of broken syllables.
    """
    sure = sum(_mend(words, broken=False) for words in lines)
    if sure >= _MANY:
        sure += sum(_mend(words, broken=True) for words in lines)
    return sure


def _mend(words: list[SpacedWord], *, broken: bool) -> int:
    joined = 0
    i = 1
    while i < len(words):
        if _belong(words, i, broken):
            words[i - 1].text += words[i].text
            del words[i]
            joined += 1
        else:
            i += 1
    return joined


def _belong(words: Sequence[SpacedWord], i: int, broken: bool) -> bool:
    left, right = _END.search(words[i - 1].text), _LETTERS.match(words[i].text)
    if left is None or right is None:
        return False
    a, b = left[0], right[0]
    # `Điề u`, `ĐIỀ U`, but never `điề U`.
    if not (b.islower() or (a.isupper() and b.isupper())) or not is_syllable((a + b).lower()):
        return False
    first, second = is_syllable(a.lower()), is_syllable(b.lower())
    if first and second:
        return False
    if (len(a) > 1 and not first) or (len(b) > 1 and not second):
        return True
    after_number = i > 1 and words[i - 2].text[-1:].isdigit() and len(a) == 1
    if broken:
        return not after_number and left.start() == 0
    return not words[i].drawn and words[i].distance < 0.15
