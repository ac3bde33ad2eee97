"""Repair paragraphs that were decoded with the wrong encoding."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import Message
from .score import Score, has_vietnamese_letters, score
from .tables import Legacy, convert

_CANDIDATES: tuple[Legacy, ...] = ("utf-8", "tcvn3", "vni", "windows-1258", "viscii")
_NAMES = {
    "tcvn3": "TCVN3 (ABC)",
    "vni": "VNI-Windows",
    "viscii": "VISCII",
    "windows-1258": "windows-1258",
    "utf-8": "UTF-8 read as windows-1252",
}
# A paragraph indicates an encoding if at least this many of its distinct words are marked, nearly
# all of them become Vietnamese, and at most half were before. Measured on 100,000 paragraphs of
# law and on French, German and English text: none changed.
_ENOUGH_WORDS = 4
_AFTER = 0.8
_BEFORE = 0.5
_GARBLED_WORDS = 40


@dataclass(frozen=True, slots=True)
class RepairedTexts:
    """The repaired texts of a document, one for each original, and notes."""

    texts: tuple[str, ...]
    notes: tuple[str, ...] = ()


def repair_texts(texts: Sequence[str]) -> RepairedTexts:
    """Repair the paragraphs of a document in a legacy encoding read as windows-1252.

    Clean text is unchanged: a paragraph is converted only if its non-ASCII words are Vietnamese
    after the conversion and were not before, or if it is short and its document is in that
    encoding. Pass the texts before :func:`tidy`, since TCVN3 encodes ``ư`` as a soft hyphen.
    """
    suspects = {
        i: before for i, text in enumerate(texts) if (before := _suspicion(text)) is not None
    }
    if not suspects:
        return RepairedTexts(tuple(texts))
    result = list(texts)
    votes: Counter[Legacy] = Counter()
    for i, before in suspects.items():
        found = _best(texts[i], before, tuple(_CANDIDATES))
        if found is not None:
            votes[found[0]] += before.marked
            result[i] = found[1]
    if votes:
        _follow(result, texts, suspects, votes.most_common(1)[0][0])
    changed = sum(1 for old, new in zip(texts, result, strict=True) if old != new)
    notes = []
    if changed:
        names = ", ".join(_NAMES[encoding] for encoding, _ in votes.most_common())
        notes.append(
            Message(
                "{changed} of {count} paragraphs converted to Unicode from {names}",
                changed=changed,
                count=len(texts),
                names=names,
            )
        )
    garbled = _garbled(result, suspects)
    if garbled:
        notes.append(
            Message(
                "{garbled} paragraphs hold text in no known encoding: they are kept as they are",
                garbled=garbled,
            )
        )
    return RepairedTexts(tuple(result), tuple(notes))


def _suspicion(text: str) -> Score | None:
    """The score of a text that may be in a legacy encoding; None for clean text."""
    if text.isascii() or has_vietnamese_letters(unicodedata.normalize("NFC", text)):
        return None
    before = score(text)
    return before if before.marked or before.words else None


def _best(text: str, before: Score, candidates: Sequence[Legacy]) -> tuple[Legacy, str] | None:
    """The encoding in which ``text`` is Vietnamese and the result, or None if unsure."""
    if before.marked < _ENOUGH_WORDS or before.rate > _BEFORE:
        return None
    best: tuple[float, Legacy, str] | None = None
    for encoding in candidates:
        converted = convert(text, encoding)
        if converted is None or converted == text:
            continue
        after = score(converted)
        # Conversion may merge words: at least as many words as before must be Vietnamese.
        if (
            after.rate >= _AFTER
            and after.valid * 2 >= before.marked
            and (best is None or after.rate > best[0])
        ):
            best = (after.rate, encoding, converted)
    return best[1:] if best else None


def _follow(
    result: list[str], texts: Sequence[str], suspects: dict[int, Score], encoding: Legacy
) -> None:
    """Convert paragraphs too short to judge, in a document known to be ``encoding``."""
    for i, before in suspects.items():
        if result[i] != texts[i]:
            continue
        converted = convert(texts[i], encoding)
        if converted is None or converted == texts[i]:
            continue
        after = score(converted)
        if after.rate > before.rate or (not before.marked and len(suspects) == len(texts)):
            result[i] = converted


def _garbled(result: Sequence[str], suspects: dict[int, Score]) -> int:
    """The number of paragraphs that remain unintelligible.

    Hardly any of their marked words are Vietnamese. They are counted only if the document has many
    such words and most words are marked, as in Vietnamese but hardly any other language in Latin
    script.
    """
    bad = []
    for i in suspects:
        after = score(result[i])
        if after.marked >= _ENOUGH_WORDS and after.rate < 0.2 and after.marked * 2 >= after.words:
            bad.append(after.marked)
    return len(bad) if sum(bad) >= _GARBLED_WORDS else 0
