"""Repair of words in a faulty text layer.

Words may lack spaces between syllables, be split, or have accents beside letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from ...errors import Message
from ...vietnamese.syllables import is_syllable

_SPACING = {
    "´": "\u0301", "ˊ": "\u0301", "`": "\u0300", "ˋ": "\u0300", "ˆ": "\u0302", "˘": "\u0306",
    "˜": "\u0303",  "ˀ": "\u0309", "ʼ": "\u031b",
}  # fmt: skip
_ACCENTED = re.compile(
    rf"[^\W\d_](?:[^\W\d_]|[{''.join(_SPACING)}]|\s?[\u0300-\u0323\u031b])*"
    rf"(?:[{''.join(_SPACING)}]|\s[\u0300-\u0323\u031b])(?:[^\W\d_]|[{''.join(_SPACING)}]|\s?[\u0300-\u0323\u031b])*"
)
_MARK = re.compile(rf"[{''.join(_SPACING)}\u0300-\u0323\u031b]")
_BESIDE = re.compile(rf"[{''.join(_SPACING)}]|\s[\u0300-\u0323\u031b]")
_ZERO_WIDTH = re.compile("(?<=[^\\W\\d_])[\u200b\u2060\ufeff]+(?=[^\\W\\d_])")
_LETTERS_AROUND = re.compile(r"[^\W\d_]+")
_LONGER = 7  # minimum characters; shorter words may be names
_LONG = re.compile(rf"[^\W\d_]{{{_LONGER},}}")
_ENOUGH = 3  # syllables that are certainly joined; two may be a typing error or a name
_MANY = 3  # joined words in a document from which words of two syllables are split too


def mend_words(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """``texts`` with accents on their letters and joined syllables split, and notes.

    Only words with Vietnamese letters change, and only if the result consists of syllables.
    """
    visible = [_mend_zero_width(text) for text in texts]
    mended = [_mend_accents(text) for text in visible]
    accents = visible != mended
    longer = {part for text in mended for part in text.split() if len(part) >= _LONGER}
    glued = {word for part in longer for word in _LONG.findall(part)}
    cuts = {word: cut for word in glued if (cut := cut_glued(word)) is not None}
    if sum(len(cut) >= _ENOUGH for cut in cuts.values()) < _MANY:
        cuts = {word: cut for word, cut in cuts.items() if len(cut) >= _ENOUGH}
    if not cuts:
        return mended, ["accents were put on their letters"] if accents else []
    split = [
        _LONG.sub(lambda found: " ".join(cuts.get(found[0], (found[0],))), text) for text in mended
    ]
    notes = ["accents were put on their letters"] if accents else []
    return split, [
        *notes,
        Message("{count} words without blanks between their syllables were cut", count=len(cuts)),
    ]


def _mend_accents(text: str) -> str:
    """Put accents beside or after their letter onto it: ``Khuye´ˆn`` → ``Khuyến``."""
    if not _MARK.search(text) or not _BESIDE.search(text):
        return text

    def whole(found: re.Match[str]) -> str:
        marks = "".join(_SPACING.get(char, char) for char in found[0].replace("ı", "i"))
        plain = unicodedata.normalize(
            "NFC", _ordered(re.sub(r"\s(?=[\u0300-\u0323\u031b])", "", marks))
        )
        return plain if is_syllable(plain.lower()) else found[0]

    return _ACCENTED.sub(whole, text)


def _ordered(text: str) -> str:
    """``text`` with other diacritics before the tone, the order of composition."""
    return re.sub(
        "[\u0300-\u0323\u031b]{2,}",
        lambda found: "".join(sorted(found[0], key=lambda mark: mark not in "\u0302\u0306\u031b")),
        unicodedata.normalize("NFD", text),
    )


def _mend_zero_width(text: str) -> str:
    """Replace zero-width spaces by blanks between syllables; remove others."""
    if "\u200b" not in text and "\ufeff" not in text and "\u2060" not in text:
        return text

    def blank(found: re.Match[str]) -> str:
        before = re.search(r"[^\W\d_]+$", text[: found.start()])
        after = _LETTERS_AROUND.match(text, found.end())
        if before is None or after is None:
            return ""
        whole = is_syllable((before[0] + after[0]).lower())
        parts = is_syllable(before[0].lower()) and is_syllable(after[0].lower())
        return " " if parts and not whole else ""

    return _ZERO_WIDTH.sub(blank, text)


@lru_cache(maxsize=4096)
def cut_glued(word: str) -> tuple[str, ...] | None:
    """Split ``word`` into the fewest syllables.

    None if it is a single syllable, or cannot be split into syllables.

    >>> cut_glued("khuyếnkhích"), cut_glued("khuyến"), cut_glued("Canada")
    (('khuyến', 'khích'), None, None)
    """
    lower = unicodedata.normalize("NFC", word).lower()
    if lower.isascii() or is_syllable(lower) or len(lower) != len(word):
        return None
    if not (word.islower() or word.isupper() or word[1:].islower()):
        return None
    best: list[tuple[float, int] | None] = [(0.0, 0), *[None] * len(lower)]
    for end in range(1, len(lower) + 1):
        for start in range(max(0, end - 8), end):
            before = best[start]
            if before is None or not is_syllable(lower[start:end]):
                continue
            cost = (
                before[0] + 1 + (0.5 if end - start == 1 else 0) + 0.1 * lower[start:end].isascii()
            )
            known = best[end]
            if known is None or cost < known[0]:
                best[end] = (cost, start)
    if best[-1] is None:
        return None
    cut: list[str] = []
    end = len(lower)
    while end:
        found = best[end]
        if found is None:
            return None
        cut.append(word[found[1] : end])
        end = found[1]
    marked = sum(not part.isascii() for part in cut)
    return tuple(reversed(cut)) if 2 * marked >= len(cut) else None  # keeps "kilôgam"
