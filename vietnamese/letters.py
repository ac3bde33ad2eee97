"""The letters of Vietnamese: twelve vowels, six tones, and all precomposed pairs.

Source: the Vietnamese alphabet (quốc ngữ) as laid down in the schoolbook orthography of 1984, and
the precomposed letters of Unicode's Latin-1, Latin Extended-A and Latin Extended Additional blocks.
"""

from __future__ import annotations

import unicodedata
from enum import Enum

VOWELS = "aăâeêioôơuưy"  # The twelve vowel letters, without tone


class Tone(Enum):
    """The six tones; the value is the combining mark, empty for the level tone."""

    NGANG = ""
    HUYEN = "\u0300"
    SAC = "\u0301"
    HOI = "\u0309"
    NGA = "\u0303"
    NANG = "\u0323"


def _compose() -> dict[tuple[str, Tone], str]:
    """(vowel, tone) → one precomposed letter, in both cases."""
    return {
        (vowel, tone): unicodedata.normalize("NFC", vowel + tone.value)
        for vowel in VOWELS + VOWELS.upper()
        for tone in Tone
    }


LETTER = _compose()  # (vowel, tone) → letter: 12 vowels × 6 tones × 2 cases = 144 letters

# Letter bearing a tone mark → (vowel, tone): 120 letters.
TONED = {letter: pair for pair, letter in LETTER.items() if pair[1] is not Tone.NGANG}


def listed(text: str) -> tuple[str, ...]:
    """The words of ``text``.

    A string is easier to read in a module than a list of quoted words.
    """
    return tuple(text.split())


# For `str.translate`: removes tone marks, keeps vowels (ế → ê).
WITHOUT_TONE = str.maketrans({letter: vowel for letter, (vowel, _) in TONED.items()})
