"""Unicode normalisation, the first step of every analysis.

NFC; special spaces become spaces; zero-width, control and surrogate characters are removed;
look-alikes of Đ become Đ; vowels with two tone marks are repaired. Offsets map back to the
original.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from typing import NamedTuple

from .letters import LETTER, TONED, Tone
from .syllables import LONGEST, is_syllable

# Icelandic eth and African d are used for đ in text from old fonts and keyboards.
_REPLACED = {"\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ", "\u0256": "đ"}
_REPLACED |= dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000\x1c\x1d\x1e\x1f", " ")
_REPLACED |= {chr(code): " " for code in range(0x2000, 0x200B)}
# Line and page breaks separate words: dropping them would join the words.
_REPLACED |= dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n")

_REMOVED = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff"
)
_IS_REMOVED = re.compile(f"[{_REMOVED}]")
_TONED = "".join(TONED)
_TWO_TONES = re.compile(f"[{_TONED}][{_TONED}]")
# A carriage return is half of a line end or, alone, the line end of an old Macintosh.
_SUSPECT = re.compile(f"[{_REMOVED}\r{''.join(_REPLACED)}\u0300-\u036f]|[{_TONED}][{_TONED}]")
# Unchanged characters: printable ASCII and precomposed Latin letters. The last of a run is left to
# the loop, which checks whether a mark follows.
_STAYS = re.compile(
    "["
    + re.escape(
        "".join(
            letter
            for letter in map(
                chr, (*range(0x20, 0x7F), *range(0xC0, 0x180), *range(0x1EA0, 0x1EFA))
            )
            if letter not in _REPLACED and unicodedata.normalize("NFC", letter) == letter
        )
    )
    + "]{2,}"
)
_QUALITY = {
    "a\u0302": "â",
    "e\u0302": "ê",
    "o\u0302": "ô",
    "a\u0306": "ă",
    "o\u031b": "ơ",
    "u\u031b": "ư",
}
_TONE_MARKS = frozenset(tone.value for tone in Tone if tone is not Tone.NGANG)

# VNI fonts wrote the tone as a second letter (có was "coù"). Half-converted text has both the toned
# vowel and that letter, which reads as one of these. Source: the VNI Windows code table.
_VNI_MARK = {
    "ù": frozenset(letter for letter, (vowel, tone) in TONED.items() if tone is Tone.SAC),
    "õ": frozenset(letter for letter, (vowel, tone) in TONED.items() if tone is Tone.NGA),
    "á": frozenset("ấếố"),
    "à": frozenset("ầềồ"),
    "ã": frozenset("ẫễỗ"),
    "é": frozenset("ắ"),
    "è": frozenset("ằ"),
    "ú": frozenset("ẳ"),
}


class Normalised(NamedTuple):
    """A normalised text, with offsets into the original.

    ``starts[i]`` and ``ends[i]`` delimit the source of character ``i``, in characters of the
    original; both are None if no character has moved.
    """

    text: str
    starts: array[int] | None = None
    ends: array[int] | None = None


def normalise(text: str) -> Normalised:
    """Normalise ``text`` to the form that this package expects.

    Accepts any string.

    Idempotent; takes time linear in the length of the text.

    >>> normalise("\\u00d0a\\u0309ng\\u00a0bo\\u0323\\u0302").text
    'Đảng bộ'
    """
    if looks_normal(text):
        return Normalised(text)
    characters, starts, ends = _compose_all(text)
    result = "".join(characters)
    if _TWO_TONES.search(result):
        result = _repair_tones(result, starts, ends)
    # Equal length proves nothing: one letter may be removed and another decomposed.
    if len(result) == len(text) and all(start == at for at, start in enumerate(starts)):
        return Normalised(result)
    return Normalised(result, starts, ends)


def looks_normal(text: str) -> bool:
    """A quick test without false positives."""
    return not _SUSPECT.search(text) and (text.isascii() or unicodedata.is_normalized("NFC", text))


def _compose_all(text: str) -> tuple[list[str], array[int], array[int]]:
    """Clean and compose each cluster (a base and its marks)."""
    characters: list[str] = []
    starts, ends = array("q"), array("q")
    cluster: list[str] = []
    begin = end = 0
    is_removed, stays = _IS_REMOVED.match, _STAYS.match

    def flush() -> None:
        composed = cluster[0] if len(cluster) == 1 and cluster[0].isascii() else _compose(cluster)
        characters.extend(composed)
        starts.extend([begin] * len(composed))
        ends.extend([end] * len(composed))

    done = 0
    for at, character in enumerate(text):
        if at < done:
            continue
        if (run := stays(text, at)) and (not cluster or not _attaches(character)):
            if cluster:
                flush()
                cluster.clear()
            done = run.end() - 1
            characters.extend(text[at:done])
            starts.extend(range(at, done))
            ends.extend(range(at + 1, done + 1))
            continue
        if character == "\r":
            if text.startswith("\n", at + 1):
                continue
            character = "\n"
        elif not character.isascii() or not character.isprintable():
            if is_removed(character):
                continue
            character = _REPLACED.get(character, character)
        if cluster and not _attaches(character):
            flush()
            cluster.clear()
        if not cluster:
            begin = at
        cluster.append(character)
        end = at + 1
    if cluster:
        flush()
    return characters, starts, ends


def _attaches(character: str) -> bool:
    """Whether NFC may join the character to the one before it."""
    if character < "\u0300":
        return False
    # Marks of every script, and the vowels and finals of Hangul, which are letters.
    if unicodedata.category(character)[0] == "M":
        return True
    return "\u1160" <= character <= "\u11ff"


def _compose(cluster: list[str]) -> str:
    """NFC of a base and its marks; at most one tone mark on a Vietnamese vowel.

    Marks also come in an order that NFC cannot compose (e, acute, circumflex) and twice.
    """
    composed = unicodedata.normalize("NFC", "".join(cluster))
    if len(composed) == 1 or composed[0] not in TONED:
        return composed
    vowel, tone = TONED[composed[0]]
    rest = ""
    for mark in composed[1:]:
        better = _QUALITY.get(vowel.lower() + mark)
        if better and not rest:
            vowel = better if vowel.islower() else better.upper()
        elif mark not in _TONE_MARKS:
            rest += mark
    return LETTER[vowel, tone] + rest


def _repair_tones(text: str, starts: array[int], ends: array[int]) -> str:
    """Repair syllables with a tone on two adjacent vowels; updates the arrays."""
    pieces: list[str] = []
    dropped: list[int] = []
    done = 0
    for match in _TWO_TONES.finditer(text):
        at = match.start()
        if at < done:
            continue
        first, last = _run_around(text, at)
        repaired = _repair(text[first:last], at - first) if first < last else None
        if repaired is None:
            continue
        if len(repaired) < last - first:
            dropped.append(at + 1)
            # The removed letter stays part of the syllable's highlight.
            ends[at] = ends[at + 1]
        pieces += (text[done:first], repaired)
        done = last
    pieces.append(text[done:])
    for column in (starts, ends):
        if dropped:
            column[:] = array("q", (v for i, v in enumerate(column) if not _among(dropped, i)))
    return "".join(pieces)


def _among(ordered: list[int], value: int) -> bool:
    at = bisect_left(ordered, value)
    return at < len(ordered) and ordered[at] == value


def _run_around(text: str, at: int) -> tuple[int, int]:
    """Bounds of the run of letters around ``at``, up to a syllable in each direction."""
    first, last = at, at + 2
    while first > 0 and at - first <= LONGEST and text[first - 1].isalpha():
        first -= 1
    while last < len(text) and last - at <= LONGEST and text[last].isalpha():
        last += 1
    if last < len(text) and _attaches(text[last]):
        return at, at  # a stray mark would land on another letter
    return first, last


def _repair(run: str, at: int) -> str | None:
    """The syllable ``run`` with one of its two tones removed, or None to keep it.

    The tones are at ``at`` and ``at + 1``.

    The first tone is kept. The second letter is dropped if it is a remnant of VNI (cóù) or repeats
    the vowel (cóó), else only its mark (hòà). The result must be a syllable, so that joined words
    (màở) and foreign ones are unchanged.
    """
    first, second = run[at], run[at + 1]
    without_letter = run[: at + 1] + run[at + 2 :]
    without_mark = run[: at + 1] + TONED[second][0] + run[at + 2 :]
    leftover = first.lower() in _VNI_MARK.get(second.lower(), frozenset())
    repeated = TONED[first][0].lower() == TONED[second][0].lower()
    for candidate, applies in (
        (without_letter, leftover),
        (without_mark, True),
        (without_letter, repeated),
    ):
        if applies and is_syllable(candidate):
            return candidate
    return None
