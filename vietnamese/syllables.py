"""Orthography of Vietnamese syllables: onset + rhyme + tone.

The tables are written out from the orthography: the onsets and rhymes of Hoàng Phê (ed.), *Từ điển
tiếng Việt* and *Từ điển vần*, and the rules for c/k, g/gh, ng/ngh, i/y and for tone marks of the
1984 orthography. They hold the spellings of running text, not of every possible sound.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from .folding import fold
from .letters import LETTER, TONED, WITHOUT_TONE, Tone, listed

Style = Literal["old", "new"]

LONGEST = 8  # maximum characters of a syllable (`nghiêng` has seven)

# Onsets, longest first. The `u` of `qu` belongs to the onset.
ONSETS = listed("ngh ch gh gi kh ng nh ph qu th tr b c d đ g h k l m n p r s t v x")

# Rhymes without tone, as they follow a consonant.
RHYMES = frozenset(
    listed("""
    a ac ach ai am an ang anh ao ap at au ay
    ăc ăm ăn ăng ăp ăt  âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et  ê êch êm ên ênh êp êt êu
    i ia ich im in inh ip it iu  iêc iêm iên iêng iêp iêt iêu
    o oc oi om on ong op ot ooc oong  ô ôc ôi ôm ôn ông ôp ôt  ơ ơi ơm ơn ơp ơt
    u ua uc ui um un ung up ut  uôc uôi uôm uôn uông uôt
    ư ưa ưc ưi ưm ưng ưt ưu  ươc ươi ươm ươn ương ươp ươt ươu
    oa oac oach oai oam oan oang oanh oao oap oat oay  oăc oăm oăn oăng oăt  oe oen oeo oet
    uê uêch uênh  uơ  uân uâng uât uây  uy uya uych uyn uynh uyp uyt uyu  uyên uyêt
    y
    """)
)

_ZERO_ONSET_ONLY = frozenset(listed("yêm yên yêng yêt yêu"))
_AFTER_QU = frozenset(
    listed("""
    a ac ach ai am an ang anh ao ap at au ay  ăc ăm ăn ăng ăp ăt  ân âng ât âu ây
    e en eo et  ê êch ên ênh êt êu  i ich in inh ip it iu
    y ych yn ynh yp yt yên yêt  ô ôc  ơ ơi ơn ơt
    """)
)
_FRONT = ("e", "ê", "i", "y")
_ONLY_BEFORE_FRONT = frozenset(("k", "gh", "ngh"))
_NEVER_BEFORE_FRONT = frozenset(("c", "ng"))
_STOPS = ("c", "ch", "p", "t")
_GLIDE_PAIRS = frozenset(("oa", "oe", "uy"))

# Rhyme without diacritics → rhymes.
_RHYMES_OF: dict[str, list[str]] = {}
for _rhyme in sorted(RHYMES | _ZERO_ONSET_ONLY | _AFTER_QU):
    _RHYMES_OF.setdefault(fold(_rhyme), []).append(_rhyme)


@lru_cache(maxsize=1 << 14)
def split(bare: str) -> tuple[str, str] | None:
    """Split a syllable into ``(onset, rhyme)``; None if it is not a syllable.

    ``bare`` is in lower case, without tone mark.

    >>> split("quyên"), split("gi"), split("giêng"), split("uy"), split("web")
    (('qu', 'yên'), ('g', 'i'), ('g', 'iêng'), ('', 'uy'), None)
    """
    if not 0 < len(bare) <= LONGEST:
        return None
    for onset in ONSETS:
        if bare.startswith(onset) and _fits(onset, bare[len(onset) :]):
            return onset, bare[len(onset) :]
    return ("", bare) if _fits("", bare) else None


def _fits(onset: str, rhyme: str) -> bool:
    """Whether the rhyme may be written after the onset."""
    if onset == "qu":
        return rhyme in _AFTER_QU
    if not onset:
        # At the start of a syllable iê is written yê: yêu, never "iêu".
        return rhyme in _ZERO_ONSET_ONLY or (rhyme in RHYMES and not rhyme.startswith("iê"))
    if rhyme not in RHYMES:
        return False
    front = rhyme.startswith(_FRONT)
    if onset == "gi":
        return not front or rhyme[0] in "eê"
    if onset == "g":
        # gì, gìn, giêng: the i of the onset gi and that of the rhyme are written once.
        return not front or rhyme[0] == "i"
    if onset in _ONLY_BEFORE_FRONT:
        return front
    return not (front and onset in _NEVER_BEFORE_FRONT)


def tone_of(text: str) -> Tone:
    """Tone of the first letter with a tone mark (NFC), else ``Tone.NGANG``."""
    for character in text:
        if character in TONED:
            return TONED[character][1]
    return Tone.NGANG


def strip_tone(text: str) -> str:
    """Remove tone marks from ``text`` (NFC); keeps ă â ê ô ơ ư đ and the length.

    >>> strip_tone("Ủy viên")
    'Uy viên'
    """
    return text if text.isascii() else text.translate(WITHOUT_TONE)


def place_tone(bare: str, tone: Tone, *, style: Style = "old") -> str:
    """Put ``tone`` on the right letter of the syllable ``bare``.

    ``bare`` is without tone mark, in any case.

    ``style`` matters for the open rhymes oa, oe and uy only: ``old`` writes hòa, ``new`` hoà.

    Raises:
        ValueError: ``bare`` is not the bare form of a Vietnamese syllable.

    >>> place_tone("hoa", Tone.HUYEN), place_tone("hoa", Tone.HUYEN, style="new")
    ('hòa', 'hoà')
    >>> place_tone("QUY", Tone.SAC), place_tone("hoan", Tone.HUYEN)
    ('QUÝ', 'hoàn')
    """
    parts = split(bare.lower())
    if parts is None:
        raise ValueError(f"not a Vietnamese syllable without tone: {bare!r}")
    if tone is Tone.NGANG:
        return bare
    at = _tone_position(*parts, style)
    return bare[:at] + LETTER[bare[at], tone] + bare[at + 1 :]


def _tone_position(onset: str, rhyme: str, style: Style) -> int:
    """0-based index in the syllable of the letter that carries the tone mark."""
    first = len(onset)
    for at in range(len(rhyme) - 1, -1, -1):
        if rhyme[at] in "ăâêôơ":
            return first + at
    vowels = rhyme.rstrip("bcdghmnpt")
    if vowels[0] == "ư" or len(vowels) == 1:
        return first
    if len(vowels) == 3 or vowels != rhyme:
        # oai, uyu: the middle one. oan, uyt, oong: the one before the final.
        return first + 1
    return first + (1 if style == "new" and vowels in _GLIDE_PAIRS else 0)


def is_syllable(text: str) -> bool:
    """Whether ``text`` (NFC, any case) is a correctly written Vietnamese syllable.

    Both placements of the tone mark are correct (hòa, hoà). A syllable that ends in p, t, c or ch
    must have the tone sắc or nặng.

    >>> [is_syllable(word) for word in ("Nghiêng", "hoà", "hòa", "tòan")]
    [True, True, True, False]
    >>> [is_syllable(word) for word in ("các", "càc", "cac", "web")]
    [True, False, False, False]
    """
    return 0 < len(text) <= LONGEST and _is_spelt(text.lower())


def has_syllable_letters(text: str) -> bool:
    """Whether ``text`` (NFC, lower case) is a Vietnamese syllable, with any tone.

    >>> [has_syllable_letters(word) for word in ("các", "cac", "web")]
    [True, True, False]
    """
    return split(strip_tone(text)) is not None


@lru_cache(maxsize=1 << 14)
def is_folded_syllable(text: str) -> bool:
    """Whether ``text``, lower case, is a Vietnamese syllable without diacritics.

    >>> [is_folded_syllable(word) for word in ("nguoi", "dang", "người", "web")]
    [True, True, False, False]
    """
    return any(
        _fits(onset, rhyme)
        for onset in ("", *ONSETS)
        if text.startswith(onset)
        for rhyme in _RHYMES_OF.get(text[len(onset) :], ())
    )


@lru_cache(maxsize=32_768)
def _is_spelt(word: str) -> bool:
    """Whether a word in lower case, not too long, is a syllable."""
    tone = tone_of(word)
    bare = strip_tone(word)
    if split(bare) is None:
        return False
    if bare.endswith(_STOPS) and tone not in (Tone.SAC, Tone.NANG):
        return False
    return word in (place_tone(bare, tone), place_tone(bare, tone, style="new"))
