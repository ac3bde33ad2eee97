"""Remove spaces inside syllables in text from PDFs: ``ĐIỀ U``, ``quyế t``.

They occur where a letter was drawn at a small distance, mostly because it is from another font.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ...vietnamese.syllables import is_syllable

_LETTERS = re.compile(r"[^\W\d_]+")
_END = re.compile(r"[^\W\d_]+$")
_MANY = 5
_MOST_PIECES = 8  # letters of a syllable, and a full stop
_GAP_WEIGHT = 3.0  # cost of a gap in font sizes, compared with one more syllable


@dataclass(slots=True)
class SpacedWord:
    """A word of a line.

    ``drawn`` is true if a blank character precedes it in the file, not only a distance;
    ``distance`` is the distance to the word before in units of the font size.
    """

    text: str
    drawn: bool = True
    distance: float = 0.25


def mend_gaps(lines: Sequence[list[SpacedWord]]) -> int:
    """Join, in place, words of ``lines`` that are pieces of one syllable.

    Returns how many were joined.

    Two pieces are joined only if together they form a syllable and one of them is not a syllable.
    If that piece is a single letter (``5 m ở`` is not ``mở``), the gap must also be a small
    distance without a blank character, or the file must contain many broken syllables.
    """
    regrouped = sum(_regroup(words) for words in lines)
    sure = regrouped + sum(_mend(words, broken=False) for words in lines)
    if sure >= _MANY:
        sure += sum(_mend(words, broken=True) for words in lines)
    return sure


def _regroup(words: list[SpacedWord]) -> int:
    """Regroup a line of mostly pieces of syllables; return the number of joints.

    The best grouping has the most syllables, with small distances within and large ones between.
    """
    letters = [word.text for word in words if _LETTERS.match(word.text)]
    broken = sum(_is_piece(text) for text in letters)
    drawn = sum(word.drawn for word in words[1:])
    if broken < _MANY or broken * 2 < len(letters) or drawn * 4 > len(words):
        return 0
    usual = median(word.distance for word in words[1:])
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        options = []
        for start in range(max(0, end - _MOST_PIECES), end):
            gap = _GAP_WEIGHT * (usual - words[start].distance) if start else 0.0
            joints = sum(words[i].distance - usual for i in range(start + 1, end))
            text = "".join(word.text for word in words[start:end])
            options.append((best[start][0] + _cost(text) + gap + _GAP_WEIGHT * joints, start))
        best.append(min(options))
    groups: list[tuple[int, int]] = []
    end = len(words)
    while end:
        groups.append((best[end][1], end))
        end = best[end][1]
    joined = len(words) - len(groups)
    for start, end in groups:
        words[start].text = "".join(word.text for word in words[start:end])
    words[:] = [words[start] for start, _ in reversed(groups)]
    return joined


def _is_piece(text: str) -> bool:
    """Whether a word contains letters and is not a syllable."""
    found = _LETTERS.match(text)
    return found is not None and not (is_syllable(found[0].lower()) and len(found[0]) > 1)


def _cost(text: str) -> float:
    """The cost of a group of pieces; lowest for a syllable with its punctuation."""
    core = text.strip("“”\"'()[].,;:!?…-–")
    if not core or core[0].isdigit():
        return 1.0 if core == text or not core or text.rstrip(".,;:)%") == core else 1.5
    cased = core.islower() or core.isupper() or core[1:].islower()
    inside = text.rstrip("”\"').,;:!?…]").lstrip("“\"'([-–") == core
    return 1.0 if is_syllable(core.lower()) and cased and inside else 3.0 + 0.5 * len(core)


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
