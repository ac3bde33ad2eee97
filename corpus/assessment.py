"""Whether a heading, or a passage's own words, tell an achievement, a shortcoming, a cause, or neither."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

from .linear_model import shipped_model
from .model import ASSESSMENTS, Assessment, Decision
from .phrases import PhraseBook, PhraseMatch, words_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Verdict: TypeAlias = Literal["achievement", "shortcoming", "cause", "neutral", "mixed"]
"""What a heading opens; ``neutral``: nothing is weighed below it, ``mixed``: both good and bad."""

_CONFIDENCE = {"pure": 0.98, "named": 0.85}
_LEAST_CONFIDENCE = 0.35
_SHORT = 4_000  # characters; the words of so short a text are remembered, those of a longer one looked for
_OPENING_CHARACTERS = 160  # hold that many words
_OPENING = 12  # words of a paragraph that are looked at for how it begins
_FEWEST_WORDS = 4  # fewer say nothing: the model would only tell what most passages are
_CONTRAST_REACH = 3  # the words a paragraph may have before its contrast: "Song, bên cạnh đó …"


@dataclass(frozen=True, slots=True)
class HeadingVerdict:
    """What a heading says: its ``verdict``, for a cause what ``of``, and whether it says nothing else
    (``pure``: "Những hạn chế, khuyết điểm", but not "Hạn chế trong công tác dân vận"). A neutral one that ``yields``
    only tells what it is about where a pure one above has told what is good or bad; an ``opening`` one only introduces
    the report ("Đặc điểm tình hình")."""

    verdict: Verdict
    of: Literal["achievement", "shortcoming"] | None
    pure: bool
    yields: bool = False
    opening: bool = False


@lru_cache(maxsize=1)
def _cues() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("assessment.toml").read_text(encoding="utf-8"))


def set_phrases() -> Iterator[str]:
    """Every phrase that speaks of an assessment."""
    for phrases in (*_cues()["headings"].values(), *_cues()["cause-openings"].values()):
        yield from phrases


@lru_cache(maxsize=1)
def _heading_book() -> PhraseBook[str]:
    headings = _cues()["headings"]
    kinds = ("achievement", "shortcoming", "cause", "neutral", "contrast", "fillers", "remedies")
    seen: dict[str, str] = {}
    for kind in kinds:
        for phrase in headings[kind]:
            seen.setdefault(phrase, kind)
    return PhraseBook(seen.items())


@lru_cache(maxsize=1)
def _openings() -> tuple[PhraseBook[str], PhraseBook[str]]:
    cues = _cues()
    contrast = PhraseBook((phrase, phrase) for phrase in cues["headings"]["contrast"])
    cause = PhraseBook((phrase, phrase) for phrase in cues["cause-openings"]["phrases"])
    return contrast, cause


def judge_heading(words: Sequence[str]) -> HeadingVerdict | None:
    """What the heading of these ``words`` (without its number) opens, or None when it says nothing of the kind."""
    matches = _heading_book().find(words)
    told = [match for match in matches if match.payload not in ("fillers", "remedies")]
    kinds = [match.payload for match in told]
    numbers = sum(word.isdigit() for word in words)
    pure = sum(match.end - match.start for match in matches) + numbers == len(words)
    good, bad = "achievement" in kinds, "shortcoming" in kinds
    if "cause" in kinds and not _follows(kinds, "cause", ("achievement", "shortcoming")):
        of: Literal["achievement", "shortcoming"] | None = None
        if good != bad:
            of = "achievement" if good else "shortcoming"
        return HeadingVerdict("cause", of, pure)
    if words[:2] == ["nhiệm", "vụ"] or "neutral" in kinds:
        return HeadingVerdict(
            "neutral",
            None,
            pure,
            _says_only("yielding", words, told),
            _says_only("opening", words, told),
        )
    if bad and ("contrast" in kinds or not good):
        return HeadingVerdict("shortcoming", None, pure)
    if good:
        return HeadingVerdict("mixed" if bad else "achievement", None, pure)
    if words[:2] == ["kết", "quả"] or (words[:1] == ["kết"] and len(words) == 2):
        return HeadingVerdict("achievement", None, False)
    return None


def _says_only(kind: str, words: Sequence[str], told: Sequence[PhraseMatch[str]]) -> bool:
    """Whether a neutral heading says nothing but phrases of this ``kind`` of them."""
    said = [
        " ".join(words[match.start : match.end]) for match in told if match.payload == "neutral"
    ]
    return bool(said) and all(phrase in _cues()["headings"][kind] for phrase in said)


def _follows(kinds: Sequence[str], kind: str, others: tuple[str, ...]) -> bool:
    """Whether ``kind`` comes only after one of ``others``: "Tồn tại, hạn chế và nguyên nhân"."""
    return any(other in others for other in kinds[: kinds.index(kind)])


def judge_words(text: str) -> tuple[Assessment | None, Decision]:
    """What a passage tells by its own words, and why: the learnt weights vote (see ``linear.py``)."""
    words = _opening(text)
    cause = _cause(words)
    if cause is not None:
        return "cause", cause
    vote = shipped_model("assessments").vote(text)
    if len(words) < _FEWEST_WORDS or not vote.evidence:
        return None, Decision("default")
    if vote.name == "none" or vote.confidence < _LEAST_CONFIDENCE:
        return None, Decision("default", (), round(vote.confidence, 3))
    kind: Assessment = next(name for name in ASSESSMENTS if name == vote.name)
    return kind, Decision("words", vote.evidence, round(vote.confidence, 3))


def opens_with_cause(text: str) -> Decision | None:
    """Why a passage tells a cause, if it says so first of all: "Nguyên nhân là …", "Sở dĩ …"."""
    return _cause(_opening(text))


def _cause(words: Sequence[str]) -> Decision | None:
    found = _openings()[1].find(words[:_OPENING])
    return Decision("words", (found[0].payload,), 0.8) if found and found[0].start == 0 else None


def _opening(text: str) -> list[str]:
    return words_of(text if len(text) <= _SHORT else text[:_OPENING_CHARACTERS])


def begins_with_contrast(words: Sequence[str]) -> bool:
    """Whether the passage opens by turning to the bad: "Tuy nhiên, …", "Bên cạnh đó còn …"."""
    found = _openings()[0].find(words[:_OPENING])
    return bool(found) and found[0].start < _CONTRAST_REACH


def confidence(verdict: HeadingVerdict) -> float:
    """How sure a heading's verdict is for the passages below it, from 0 to 1."""
    return _CONFIDENCE["pure" if verdict.pure else "named"]
