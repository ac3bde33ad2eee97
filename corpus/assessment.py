"""Whether a heading, or a passage's own words, tell an achievement, a shortcoming, a cause, or neither."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

from .model import Assessment, Decision
from .phrases import PhraseBook, words_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Verdict: TypeAlias = Literal["achievement", "shortcoming", "cause", "neutral", "mixed"]
"""What a heading opens; ``neutral``: nothing is weighed below it, ``mixed``: both good and bad."""

_CONFIDENCE = {"pure": 0.98, "named": 0.85, "turned": 0.75}
_LEAST_SCORE = 1.2
_LEAST_SHARE = 0.62
_CONTRAST_REACH = 3  # the words a paragraph may have before its contrast: "Song, bên cạnh đó …"


@dataclass(frozen=True, slots=True)
class HeadingVerdict:
    """What a heading says: its ``verdict``, for a cause what ``of``, and whether it says nothing else
    (``pure``: "Những hạn chế, khuyết điểm", but not "Hạn chế trong công tác dân vận")."""

    verdict: Verdict
    of: Literal["achievement", "shortcoming"] | None
    pure: bool


@lru_cache(maxsize=1)
def _cues() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("assessment.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _heading_book() -> PhraseBook[str]:
    headings = _cues()["headings"]
    kinds = ("achievement", "shortcoming", "cause", "neutral", "contrast", "fillers")
    seen: dict[str, str] = {}
    for kind in kinds:
        for phrase in headings[kind]:
            seen.setdefault(phrase, kind)
    return PhraseBook(seen.items())


@lru_cache(maxsize=1)
def _word_book() -> PhraseBook[tuple[str, str, float]]:
    words = _cues()["words"]
    return PhraseBook((phrase, (kind, phrase, weight)) for kind in words for phrase, weight in words[kind].items())


@lru_cache(maxsize=1)
def _openings() -> tuple[PhraseBook[str], PhraseBook[str]]:
    cues = _cues()
    contrast = PhraseBook((phrase, phrase) for phrase in cues["headings"]["contrast"])
    cause = PhraseBook((phrase, phrase) for phrase in cues["cause-openings"]["phrases"])
    return contrast, cause


def judge_heading(text: str) -> HeadingVerdict | None:
    """What the heading ``text`` (without its number) opens, or None when it says nothing of the kind."""
    words = words_of(text)
    matches = _heading_book().find(words)
    told = [match for match in matches if match.payload != "fillers"]
    kinds = [match.payload for match in told]
    pure = sum(match.end - match.start for match in matches) == len(words)
    good, bad = "achievement" in kinds, "shortcoming" in kinds
    if "cause" in kinds and not _follows(kinds, "cause", ("achievement", "shortcoming")):
        of: Literal["achievement", "shortcoming"] | None = None
        if good != bad:
            of = "achievement" if good else "shortcoming"
        return HeadingVerdict("cause", of, pure)
    if words[:2] == ["nhiệm", "vụ"] or "neutral" in kinds:
        return HeadingVerdict("neutral", None, pure)
    if bad and ("contrast" in kinds or not good):
        return HeadingVerdict("shortcoming", None, pure)
    if good:
        return HeadingVerdict("mixed" if bad else "achievement", None, pure)
    if words[:2] == ["kết", "quả"] or (words[:1] == ["kết"] and len(words) == 2):
        return HeadingVerdict("achievement", None, False)
    return None


def _follows(kinds: Sequence[str], kind: str, others: tuple[str, ...]) -> bool:
    """Whether ``kind`` comes only after one of ``others``: "Tồn tại, hạn chế và nguyên nhân"."""
    return any(other in others for other in kinds[: kinds.index(kind)])


def judge_words(words: Sequence[str]) -> tuple[Assessment | None, Decision]:
    """What a passage tells by its own canonical ``words``, and why.

    Weighted cue words vote (``corpus/assessment.toml``), each phrase once more than once counting less;
    the kind with most weight wins if it is heavy and clear enough.
    """
    cause = _openings()[1].find(words[:12])
    if cause and cause[0].start == 0:
        return "cause", Decision("words", (cause[0].payload,), 0.8)
    counts: dict[tuple[str, str, float], int] = {}
    for match in _word_book().find(words):
        counts[match.payload] = counts.get(match.payload, 0) + 1
    totals: dict[str, float] = {"shortcoming": 0.0, "achievement": 0.0, "neutral": 0.0}
    for (kind, _phrase, weight), count in counts.items():
        totals[kind] += weight * (1 + 0.5 * (min(count, 4) - 1))
    if begins_with_contrast(words):
        totals["shortcoming"] += 2.5
    weight_sum = sum(totals.values())
    best = max(totals, key=lambda kind: totals[kind])
    share = totals[best] / weight_sum if weight_sum else 0.0
    if best == "neutral" or totals[best] < _LEAST_SCORE or share < _LEAST_SHARE:
        return None, Decision("default", (), round(1 - share, 3) if weight_sum else 0.0)
    evidence = sorted((cue for cue in counts if cue[0] == best), key=lambda cue: -cue[2])[:4]
    kind: Assessment = "shortcoming" if best == "shortcoming" else "achievement"
    return kind, Decision("words", tuple(f"{phrase} +{weight:g}" for _, phrase, weight in evidence), share * 0.8)


def begins_with_contrast(words: Sequence[str]) -> bool:
    """Whether the passage opens by turning to the bad: "Tuy nhiên, …", "Bên cạnh đó còn …"."""
    found = _openings()[0].find(words[:12])
    return bool(found) and found[0].start < _CONTRAST_REACH


def confidence(verdict: HeadingVerdict) -> float:
    """How sure a heading's verdict is for the passages below it, from 0 to 1."""
    return _CONFIDENCE["pure" if verdict.pure else "named"]
