"""Decide the area and the assessment of a passage.

The evidence is its headings, its report, and its own words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import Literal, TypeAlias

from ..errors import Message
from .areas import NO_SUBJECT, AreaClassifier, Subject
from .assessment import (
    HeadingVerdict,
    begins_with_contrast,
    confidence,
    falls_short,
    judge_words,
    opens_with_cause,
    states_results,
)
from .model import Assessment, Decision
from .outline import Heading
from .phrases import words_of
from .table_ratings import judge_row

Judgement: TypeAlias = Literal["achievement", "shortcoming"]
Assessed: TypeAlias = tuple[Assessment | None, Judgement | None, Decision]

_SURE = 0.97  # confidence of an area named by the innermost heading
_FAR = 0.93  # factor for each heading between the one that decides and the passage
_DONE = frozenset({"đã", "đạt", "tăng", "vượt"})  # words of a passage about results
_OF_REPORT = 0.5  # weight of the areas of a report's other passages
_OF_SECTION = 0.5  # weight of those of the same section
_BEYOND_SECTION = 3.0  # passages that the whole report counts for in a section
_CONTRAST_SHOWN = 4  # words of a contrast ("Bên cạnh những kết quả …") listed as evidence
_CONTRAST = 0.8  # confidence of a contrast
_CELL_WORDS = 12  # words; a shorter table cell is a name or a figure
_LEAST_AROUND = 0.05  # minimum share of an area among the passages around
_FEWEST_AROUND = 3  # passages; fewer are ignored


class SectionAreas:
    """Areas of the other passages of a section and of the report.

    ``passages`` are heading path and text of each passage of one report; those whose area is
    decided by a heading are ignored. A passage whose words are inconclusive probably has the area
    of the passages around it.
    """

    def __init__(
        self,
        areas: AreaClassifier,
        passages: Sequence[tuple[tuple[Heading, ...], str]],
        subject: Subject,
    ) -> None:
        self._shares = [
            {} if _is_decided(path, subject) else areas.shares(text) for path, text in passages
        ]
        self._paths = [tuple(heading.text for heading in path) for path, _ in passages]
        self._report: dict[str, float] = {}
        self._sections: dict[tuple[str, ...], dict[str, float]] = {}
        for path, shares in zip(self._paths, self._shares, strict=True):
            section = self._sections.setdefault(path, {})
            for area, share in shares.items():
                section[area] = section.get(area, 0.0) + share
                self._report[area] = self._report.get(area, 0.0) + share

    def bonus(self, place: int) -> dict[str, float]:
        """Score bonus of each area for the passage at index ``place``."""
        own = self._shares[place]
        section = self._sections[self._paths[place]]
        count = sum(self._report.values()) - sum(own.values())
        if not own or round(count) < _FEWEST_AROUND:  # a sum of shares
            return {}
        near = sum(section.values()) - sum(own.values()) + _BEYOND_SECTION
        bonus = {}
        for area, share in own.items():
            around = (self._report[area] - share) / count
            within = (section[area] - share + _BEYOND_SECTION * around) / near
            bonus[area] = _OF_REPORT * log(around + _LEAST_AROUND) + _OF_SECTION * log(
                within + _LEAST_AROUND
            )
        return bonus


def _is_decided(path: tuple[Heading, ...], subject: Subject) -> bool:
    """Whether a heading above decides the area of a passage (see :func:`choose_area`)."""
    named = next((heading.areas for heading in reversed(path) if heading.areas.among), None)
    if named is None or named.area is None:
        return False
    return named.own_work or not subject.keeps


def choose_area(
    areas: AreaClassifier,
    path: tuple[Heading, ...],
    text: str,
    subject: Subject = NO_SUBJECT,
    context: Mapping[str, float] | None = None,
) -> tuple[str, Decision]:
    """Decide the area of a passage.

    The innermost heading that names exactly one area decides, unless the report keeps to its
    ``subject``; one of work common to all bodies yields to a body that a heading above names. If it
    names several, or no heading names any, the words decide, favouring the subject and the areas in
    ``context`` (see :class:`SectionAreas`).
    """
    sure = _SURE
    for depth, heading in enumerate(reversed(path), 1):
        named = heading.areas
        if named.own_work and subject.keeps and subject.area:
            return subject.area, Decision(
                "report", (*subject.evidence, heading.text), round(sure, 3)
            )
        if named.own_work and named.area and subject.among:
            return areas.words(text, (*subject.among, named.area), subject, context)
        if named.area and subject.keeps and subject.area:
            return areas.words(text, (named.area,), subject, context)
        if named.area:
            area = (named.own_work and _body_above(areas, path[:-depth])) or named.area
            return area, Decision("heading", (heading.text, *named.evidence), round(sure, 3))
        if named.among:
            return areas.words(text, named.among, subject, context)
        sure *= _FAR
    return areas.words(text, (), subject, context)


def _body_above(areas: AreaClassifier, path: tuple[Heading, ...]) -> str | None:
    """The area of the body named in the innermost heading of ``path`` with an area."""
    above = next((heading for heading in reversed(path) if heading.areas.area), None)
    return areas.body_area(above.text) if above else None


def assess(
    path: tuple[Heading, ...], text: str, *, by_words: bool = True, row: bool = False
) -> Assessed:
    """Decide the assessment of a passage, and the effect of a cause.

    The innermost heading with a verdict decides, else the words, if ``by_words`` is set. A ``row``
    of a table may contain its own rating.
    """
    if row and by_words and (rated := judge_row(text)):
        return rated[0], None, rated[1]
    for depth, heading in enumerate(reversed(path)):
        above = path[: len(path) - depth - 1]
        verdict = heading.verdict
        yields = verdict is not None and verdict.yields and verdict.verdict == "neutral"
        if verdict is None or (yields and _is_weighed(above)):
            continue
        if verdict.weighed and by_words and states_results(text):
            break
        why = Decision("heading", (heading.text,), round(confidence(verdict) * _FAR**depth, 3))
        return _below(verdict, above, text, why)
    if not by_words:
        return (
            None,
            None,
            Decision("default", (Message("documents of this kind are not assessed"),), 0.8),
        )
    if row:  # only a cell with a sentence can have an assessment
        text = max((cell.rpartition(": ")[2] for cell in text.split("; ")), key=len)
        if len(words_of(text)) < _CELL_WORDS:
            return None, None, Decision("default")
    own, reason = judge_words(text)
    short = falls_short(text) if own == "achievement" else None
    return ("shortcoming", None, short) if short else (own, None, reason)


def _below(
    verdict: HeadingVerdict, above: tuple[Heading, ...], text: str, why: Decision
) -> Assessed:
    """The assessment of a passage below a heading with this verdict.

    A passage with a contrast, or whose words clearly report a shortcoming, is a shortcoming even
    below achievements; one that starts with a cause is the cause of the shortcomings above it.
    """
    if verdict.verdict == "neutral":
        return None, None, why
    if verdict.verdict == "cause":
        lesson = verdict.yields and "nguyên nhân" not in text.lower()
        if lesson and judge_words(text)[0] is None:  # a lesson below "Nguyên nhân và bài học"
            return None, None, why
        return "cause", verdict.of or _effect(above), why
    if verdict.verdict == "shortcoming":
        named = any("nguyên nhân" in heading.lower() for heading in why.evidence)
        cause = opens_with_cause(text, below_causes=named)
        return ("cause", "shortcoming", cause) if cause else ("shortcoming", None, why)
    own, reason = judge_words(text)
    if verdict.verdict == "mixed" or own == "cause":
        return own, None, reason
    words = words_of(text)
    if begins_with_contrast(words, 1, firm=True):
        return (
            "shortcoming",
            None,
            Decision("words", (" ".join(words[:_CONTRAST_SHOWN]),), _CONTRAST),
        )
    if own == "shortcoming" and begins_with_contrast(words):
        return own, None, reason
    if short := falls_short(text):
        return "shortcoming", None, short
    if own is None and begins_with_contrast(words, 1):
        return "shortcoming", None, Decision("words", (words[0],), 0.5)
    if own is None and not verdict.pure and "chưa" in words and not _DONE.intersection(words):
        return "shortcoming", None, Decision("words", ("chưa",), 0.5)
    return "achievement", None, why


def _is_weighed(path: tuple[Heading, ...]) -> bool:
    """Whether the innermost verdict of ``path`` is achievement or shortcoming."""
    verdict = next((heading.verdict for heading in reversed(path) if heading.verdict), None)
    return verdict is not None and verdict.verdict in ("achievement", "shortcoming")


def _effect(path: tuple[Heading, ...]) -> Judgement | None:
    """The effect of a cause, from the innermost heading of ``path`` that names one."""
    for heading in reversed(path):
        verdict = heading.verdict
        if verdict is None:
            continue
        if verdict.verdict == "cause" and verdict.of:
            return verdict.of
        if verdict.pure and (verdict.verdict == "achievement" or verdict.verdict == "shortcoming"):
            return verdict.verdict
    return None
