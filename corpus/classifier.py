"""The area and the assessment of a passage.

Evidence is taken from the headings above it, the report, and its own words.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from ..errors import Message
from .areas import NO_SUBJECT, AreaClassifier, Subject
from .assessment import (
    HeadingVerdict,
    begins_with_contrast,
    confidence,
    judge_words,
    opens_with_cause,
)
from .model import Assessment, Decision
from .outline import Heading
from .phrases import words_of
from .table_ratings import judge_row

Judgement: TypeAlias = Literal["achievement", "shortcoming"]
Assessed: TypeAlias = tuple[Assessment | None, Judgement | None, Decision]

_SURE = 0.97  # an area that the innermost heading names
_FAR = 0.93  # factor for each heading between the one that decides and the passage
_DONE = frozenset({"đã", "đạt", "tăng", "vượt"})  # words of a passage about results
_OVERRULES = 0.6  # confidence of a passage's own words that overrules "Kết quả thực hiện …"


def choose_area(
    areas: AreaClassifier, path: tuple[Heading, ...], text: str, subject: Subject = NO_SUBJECT
) -> tuple[str, Decision]:
    """The area of a passage, and why.

    The innermost heading that names one area decides; one that names several leaves the choice to
    the words, and so does one in the report of a body whose own work is an area. Where no heading
    names any, the words decide, in favour of the report's ``subject``.
    """
    sure = _SURE
    for heading in reversed(path):
        named = heading.areas
        if named.own_work and subject.by_issuer and subject.area:
            return subject.area, Decision(
                "report", (*subject.evidence, heading.text), round(sure, 3)
            )
        if named.area and subject.by_issuer and subject.area:
            return areas.words(text, (named.area,), subject)
        if named.area:
            return named.area, Decision("heading", (heading.text, *named.evidence), round(sure, 3))
        if named.among:
            return areas.words(text, named.among, subject)
        sure *= _FAR
    return areas.words(text, subject=subject)


def assess(
    path: tuple[Heading, ...], text: str, *, by_words: bool = True, row: bool = False
) -> Assessed:
    """The assessment of a passage, the effect of a cause, and why.

    The innermost heading with a verdict decides; where none has, the words do, if ``by_words``.
    A ``row`` of a table may hold its own rating.
    """
    if row and by_words and (rated := judge_row(text)):
        return rated[0], None, rated[1]
    for depth, heading in enumerate(reversed(path)):
        above = path[: len(path) - depth - 1]
        verdict = heading.verdict
        if verdict is None or (verdict.yields and _is_weighed(above)):
            continue
        why = Decision("heading", (heading.text,), round(confidence(verdict) * _FAR**depth, 3))
        return _below(verdict, above, text, why)
    if not by_words:
        return (
            None,
            None,
            Decision("default", (Message("documents of this kind weigh nothing"),), 0.8),
        )
    own, reason = judge_words(text)
    return own, None, reason


def _below(
    verdict: HeadingVerdict, above: tuple[Heading, ...], text: str, why: Decision
) -> Assessed:
    """The assessment of a passage below a heading with this verdict.

    A passage that turns to the bad is a shortcoming even below achievements, and one that begins
    with a cause is one of the shortcomings it stands below.
    """
    if verdict.verdict == "neutral":
        return None, None, why
    if verdict.verdict == "cause":
        lesson = verdict.yields and "nguyên nhân" not in text.lower()
        if lesson and judge_words(text)[0] is None:  # below "Nguyên nhân và bài học"
            return None, None, why
        return "cause", verdict.of or _effect(above), why
    if verdict.verdict == "shortcoming":
        cause = opens_with_cause(text)
        return ("cause", "shortcoming", cause) if cause else ("shortcoming", None, why)
    own, reason = judge_words(text)
    if verdict.verdict == "mixed" or own == "cause":
        return own, None, reason
    words = words_of(text)
    if own == "shortcoming" and (
        begins_with_contrast(words) or (not verdict.pure and reason.confidence >= _OVERRULES)
    ):
        return own, None, reason
    if own is None and not verdict.pure and "chưa" in words and not _DONE.intersection(words):
        return "shortcoming", None, Decision("words", ("chưa",), 0.5)
    return "achievement", None, why


def _is_weighed(path: tuple[Heading, ...]) -> bool:
    """Whether the innermost verdict of ``path`` is achievement or shortcoming."""
    verdict = next((heading.verdict for heading in reversed(path) if heading.verdict), None)
    return verdict is not None and verdict.verdict in ("achievement", "shortcoming")


def _effect(path: tuple[Heading, ...]) -> Judgement | None:
    """The effect of a cause, by the innermost heading of ``path`` that names one."""
    for heading in reversed(path):
        verdict = heading.verdict
        if verdict is None:
            continue
        if verdict.verdict == "cause" and verdict.of:
            return verdict.of
        if verdict.pure and (verdict.verdict == "achievement" or verdict.verdict == "shortcoming"):
            return verdict.verdict
    return None
