"""The Vietnamese language: normalisation, spelling, folding, tokens, words.

Data flows one way: ``normalise → tokens (tones, variants) → segmentation → analysis``. Only this
package imports underthesea, and only for words. Offsets always count characters of
the original text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily
from .analysis import ANALYSIS_VERSION, Analyser, Analysis, fingerprint
from .folding import fold, is_folded
from .letters import Tone
from .normalise import Normalised, normalise
from .syllables import is_syllable, place_tone, strip_tone, tone_of
from .tokens import Token, tokenise
from .tones import canonical, marked_forms, new_style
from .variants import unify

if TYPE_CHECKING:
    from .segmentation import Segmenter

__all__ = [
    "ANALYSIS_VERSION",
    "Analyser",
    "Analysis",
    "Normalised",
    "Segmenter",
    "Token",
    "Tone",
    "canonical",
    "fingerprint",
    "fold",
    "is_folded",
    "is_syllable",
    "marked_forms",
    "new_style",
    "normalise",
    "place_tone",
    "strip_tone",
    "tokenise",
    "tone_of",
    "unify",
]

__getattr__, _ = lazily(__name__, {"Segmenter": "segmentation"})  # queries need no words
