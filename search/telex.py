"""Raw Telex and VNI typing: ``tieengs Vieejt``, ``tie61ng Vie65t``.

Sources: the Telex and VNI typing methods as Unikey and macOS implement them.
"""

from __future__ import annotations

from ..vietnamese import Tone, is_syllable, place_tone

_TELEX_TONES = {"s": Tone.SAC, "f": Tone.HUYEN, "r": Tone.HOI, "x": Tone.NGA, "j": Tone.NANG}
_VNI_TONES = {"1": Tone.SAC, "2": Tone.HUYEN, "3": Tone.HOI, "4": Tone.NGA, "5": Tone.NANG}
_TELEX_LETTERS = (
    ("uow", "ươ"),
    ("uwow", "ươ"),
    ("dd", "đ"),
    ("aa", "â"),
    ("ee", "ê"),
    ("oo", "ô"),
    ("aw", "ă"),
    ("ow", "ơ"),
    ("uw", "ư"),
)
_VNI_LETTERS = {
    "6": (("a", "â"), ("e", "ê"), ("o", "ô")),
    "7": (("uo", "ươ"), ("o", "ơ"), ("u", "ư")),
    "8": (("a", "ă"),),
    "9": (("d", "đ"),),
}
_VOWELS = frozenset("aăâeêioôơuưy")
_LONGEST = 12


def decode(word: str) -> str | None:
    """Decode raw typing to a syllable in lower case, or None.

    >>> decode("tieengs"), decode("Vieejt"), decode("Vie65t"), decode("d9u7o7ng2"), decode("kinh")
    ('tiếng', 'việt', 'việt', 'đường', None)
    """
    word = word.lower()
    if not word.isascii() or not word.isalnum() or len(word) > _LONGEST:
        return None
    for method in (_telex, _vni):
        found = method(word)
        if found is not None and found != word and is_syllable(found):
            return found
    return None


def _telex(word: str) -> str | None:
    tone = Tone.NGANG
    letters: list[str] = []
    vowel_seen = False
    for letter in word:
        # After a vowel these letters are tones: no syllable ends in them.
        if vowel_seen and letter in _TELEX_TONES:
            tone = _TELEX_TONES[letter]
        else:
            vowel_seen = vowel_seen or letter in _VOWELS
            letters.append(letter)
    bare = "".join(letters)
    for raw, letter in _TELEX_LETTERS:
        bare = bare.replace(raw, letter)
    return _with_tone(bare.replace("uơ", "ươ"), tone)


def _vni(word: str) -> str | None:
    tone = Tone.NGANG
    bare = ""
    for character in word:
        if character in _VNI_TONES:
            tone = _VNI_TONES[character]
        elif character in _VNI_LETTERS:
            bare = _changed(bare, _VNI_LETTERS[character])
        else:
            bare += character
    return _with_tone(bare.replace("uơ", "ươ").replace("ưo", "ươ"), tone)


def _changed(bare: str, changes: tuple[tuple[str, str], ...]) -> str:
    for plain, letter in changes:
        at = bare.rfind(plain)
        if at >= 0:
            return bare[:at] + letter + bare[at + len(plain) :]
    return bare


def _with_tone(bare: str, tone: Tone) -> str | None:
    try:
        return place_tone(bare, tone)
    except ValueError:
        return None
