"""Canonical spelling where several are in use.

Tone placement (hoà, hòa) and i/y (tỉ, tỷ).

Source: the two conventions for the tone mark on the open rhymes oa, oe, uy ("kiểu cũ", "kiểu mới"),
and decision 240/QĐ of 1984, which writes i for y after h, k, l, m, s, t where most people keep y.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from .letters import LETTER, TONED, Tone
from .syllables import LONGEST, place_tone, split, strip_tone, tone_of


def _toned(vowel: str) -> str:
    """All letters of one vowel with a tone, in both cases."""
    return "".join(
        LETTER[v, tone] for v in (vowel, vowel.upper()) for tone in Tone if tone is not Tone.NGANG
    )


# An open rhyme with the mark on its first letter: u before y, o before a or e. Nothing may follow:
# hòan is a misspelling, not the old style. "quý" has its mark on the y in both styles.
_OLD_STYLE = re.compile(rf"(?:[{_toned('o')}][aAeE]|[{_toned('u')}][yY])(?!\w)")

_Y_AFTER = frozenset("hklmst")
_Y_RHYMES = {"i": "y", "it": "yt", "ich": "ych", "in": "yn", "inh": "ynh", "ip": "yp"}


def new_style(text: str) -> str:
    """Convert tone marks in ``text`` (NFC) to the new style.

    hòa → hoà, Ủy → Uỷ, thúy → thuý.

    Characters are replaced one for one, so offsets stay valid.

    >>> new_style("Ủy ban hòa giải, quý III, TÒA ÁN, hoàn thành")
    'Uỷ ban hoà giải, quý III, TOÀ ÁN, hoàn thành'
    """
    return text if text.isascii() else _OLD_STYLE.sub(_move_mark, text)


def _move_mark(match: re.Match[str]) -> str:
    cluster = match.group()
    vowel, tone = TONED[cluster[0]]
    return vowel + LETTER[cluster[1], tone]


def canonical(syllable: str) -> str:
    """The canonical spelling of a token.

    Lower case, old-style tone mark, y where both i and y are in use.

    ``syllable`` is one run of letters (NFC). Marks put on a wrong letter (tòan) are moved to the
    right one. Any other text is only lower-cased.

    >>> [canonical(s) for s in ("Hoà", "HÒA", "uỷ", "qui", "tỉ", "lí", "kĩ", "quít", "tòan", "Web")]
    ['hòa', 'hòa', 'ủy', 'quy', 'tỷ', 'lý', 'kỹ', 'quýt', 'toàn', 'web']
    """
    word = syllable.lower()
    if not 0 < len(word) <= LONGEST:
        return word
    bare = strip_tone(word)
    parts = split(bare)
    if parts is None or sum(letter in TONED for letter in word) > 1:
        return word
    onset, rhyme = parts
    # Only the structure counts here, not the tone: folded "quit" must equal folded "quýt".
    if onset == "qu":
        bare = onset + _Y_RHYMES.get(rhyme, rhyme)
    elif rhyme == "i" and onset in _Y_AFTER:
        bare = onset + "y"
    return place_tone(bare, tone_of(word))


_MARKED = {"a": "aăâ", "e": "eê", "o": "oôơ", "u": "uư", "d": "dđ"}


@lru_cache(maxsize=1024)
def marked_forms(plain: str) -> tuple[str, ...]:
    """All canonical syllables that are ``plain`` without diacritics, itself included.

    Empty if ``plain`` is not structured like a Vietnamese syllable.

    >>> [form for form in marked_forms("bao") if form.endswith("o")][:4]
    ['bao', 'bào', 'báo', 'bảo']
    """
    if not 0 < len(plain) <= LONGEST:
        return ()
    spellings = map("".join, product(*(_MARKED.get(letter, letter) for letter in plain)))
    bare = [spelling for spelling in spellings if split(spelling) is not None]
    forms = (canonical(place_tone(spelling, tone)) for spelling in bare for tone in Tone)
    return tuple(dict.fromkeys(forms))
