"""Manual corrections, and matching them to passages of a new reading."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any, Literal

from ..corpus.model import Assessment, Decision, Passage
from ..errors import Message

# difflib ratio over words from which texts are nearly the same
NEAR = 0.8
_FIELDS = ("area", "assessment", "cause_of", "area_decision", "assessment_decision")


@dataclass(frozen=True, slots=True)
class Correction:
    """An area or assessment set by a person, overriding the reader's decision.

    ``report`` and ``position`` identify the passage; its ``text`` and ``heading_path`` are used to
    find it again after a change. ``area`` is an area's id, ``assessment`` an assessment or
    ``"none"``; None keeps the reader's decision. ``who`` and ``note`` are free text, ``when`` is
    UTC in ISO 8601. ``before`` holds the reader's decision, which undoing restores. ``fits`` is
    False if the index no longer has the passage.
    """

    report: str
    position: int
    text: str
    heading_path: tuple[str, ...] = ()
    area: str | None = None
    assessment: Assessment | Literal["none"] | None = None
    cause_of: Literal["achievement", "shortcoming"] | None = None
    note: str = ""
    who: str = ""
    when: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    fits: bool = True

    @property
    def passage(self) -> str:
        """The passage's id, ``REPORT#POSITION``."""
        return f"{self.report}#{self.position}"

    @property
    def sha256(self) -> str:
        """SHA-256 of the passage's text, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """The correction as plain data for JSON."""
        data = {"passage": self.passage, **asdict(self), "sha256": self.sha256}
        return {**data, "heading_path": list(self.heading_path), "before": dict(self.before)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Correction:
        """The inverse of :meth:`to_dict`.

        Raises KeyError, TypeError, ValueError.
        """
        given = {name: data[name] for name in cls.__slots__ if name in data and name != "fits"}
        given["heading_path"] = tuple(map(str, given.get("heading_path", ())))
        correction = cls(**given)
        if type(correction.position) is not int or not isinstance(correction.before, dict):
            raise ValueError("position is a number, before an object")
        for name in ("report", "text", "note", "who", "when"):
            if not isinstance(getattr(correction, name), str):
                raise ValueError(f"{name} is a string")
        return correction

    def applied(self, passage: Passage) -> Passage:
        """``passage`` with the correction; its decisions name the person and the note."""
        decision = Decision("hand", tuple(filter(None, (self.who, self.note))), 1.0)
        if self.area is not None:
            passage = replace(passage, area=self.area, area_decision=decision)
        if self.assessment is not None:
            assessment: Assessment | None = None if self.assessment == "none" else self.assessment
            passage = replace(
                passage, assessment=assessment, cause_of=self.cause_of, assessment_decision=decision
            )
        return passage

    def is_applied(self, passage: Passage) -> bool:
        """Whether ``passage`` has the values of the correction."""
        wanted = self.applied(passage)
        named = ("area", "assessment", "cause_of")
        return all(getattr(wanted, name) == getattr(passage, name) for name in named)

    def undone(self, passage: Passage) -> Passage:
        """``passage`` with the reader's decisions restored."""
        known = {**passage.to_dict(), **self.before}
        return Passage.from_dict(known)


def decided_by_reader(passage: Passage, known: Correction | None) -> dict[str, Any]:
    """The value of ``Correction.before`` for ``passage``.

    ``known`` is an earlier correction of the passage, or None.
    """
    data = passage.to_dict()
    before = {name: data[name] for name in _FIELDS}
    if known is not None:
        if passage.area_decision.source == "hand":
            before.update(_of(known.before, "area", "area_decision"))
        if passage.assessment_decision.source == "hand":
            before.update(_of(known.before, "assessment", "cause_of", "assessment_decision"))
    return before


def _of(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}


class Corrections:
    """All corrections of an index, by report."""

    def __init__(self, corrections: Iterable[Correction] = ()) -> None:
        self._by_report: dict[str, list[Correction]] = {}
        self._unfit: dict[str, list[Correction]] = {}
        for each in corrections:
            self._by_report.setdefault(each.report, []).append(each)

    def __contains__(self, report: str) -> bool:
        return report in self._by_report

    def all(self) -> list[Correction]:
        """All corrections, sorted by report and position."""
        mine = (each for group in self._by_report.values() for each in group)
        return sorted(mine, key=lambda each: (each.report, each.position))

    def examples(self) -> tuple[tuple[str, str], ...]:
        """Training examples: (text, area) of passages with a corrected area, sorted."""
        return tuple((each.text, each.area) for each in self.all() if each.area is not None)

    def of(self, passage: str) -> Correction | None:
        """The correction of the passage with this id, or None."""
        report, _, _ = passage.rpartition("#")
        group = self._by_report.get(report, [])
        return next((each for each in group if each.passage == passage), None)

    def put(self, correction: Correction) -> None:
        """Add a correction, replacing one of the same passage."""
        self.drop(correction.passage)
        self._by_report.setdefault(correction.report, []).append(correction)

    def drop(self, passage: str) -> None:
        """Remove the correction of a passage."""
        report, _, _ = passage.rpartition("#")
        left = [each for each in self._by_report.get(report, []) if each.passage != passage]
        if left:
            self._by_report[report] = left
        else:
            self._by_report.pop(report, None)

    def apply(self, report: str, passages: Sequence[Passage]) -> list[Passage]:
        """Passages of ``report`` with the corrections applied.

        Corrections move with their passage to its new position.
        """
        given = self._by_report.get(report)
        if not given:
            return list(passages)
        places = _matched(given, passages)
        corrected = {passage.position: passage for passage in passages}
        moved, unfit = [], []
        for correction, place in zip(given, places, strict=True):
            if place is None:
                unfit.append(correction)
                moved.append(correction)
                continue
            corrected[place.position] = correction.applied(place)
            moved.append(
                replace(
                    correction,
                    position=place.position,
                    text=place.text,
                    heading_path=tuple(place.heading_path),
                    before=decided_by_reader(place, correction),
                )
            )
        self._by_report[report] = moved
        self._unfit[report] = unfit
        return [corrected[passage.position] for passage in passages]

    def unfit(self, reports: Iterable[str]) -> list[Correction]:
        """Corrections whose passage was not found when the report was last indexed."""
        return [each for report in reports for each in self._unfit.get(report, ())]


def unfit_note(corrections: Sequence[Correction]) -> str:
    """A message about corrections that no longer fit."""
    listed = ", ".join(each.passage for each in corrections[:5])
    more = " …" if len(corrections) > 5 else ""
    return Message(
        "1 correction no longer fits a passage: {listed}; it is kept, `tracuu correct --list` "
        "shows it"
        if len(corrections) == 1
        else "{count} corrections no longer fit a passage: {listed}{more}; they are kept, `tracuu "
        "correct --list` shows them",
        count=len(corrections),
        listed=listed,
        more=more,
    )


def _matched(
    corrections: Sequence[Correction], passages: Sequence[Passage]
) -> list[Passage | None]:
    """The passage of each correction: with the same text, else the most similar."""
    taken: set[int] = set()
    found: list[Passage | None] = [None] * len(corrections)
    by_text: dict[str, list[Passage]] = {}
    for passage in passages:
        by_text.setdefault(passage.text, []).append(passage)
    for number, correction in enumerate(corrections):
        same = [one for one in by_text.get(correction.text, ()) if one.position not in taken]
        if same:
            best = min(same, key=lambda one: _distance(correction, one))
            found[number] = best
            taken.add(best.position)
    for number, correction in enumerate(corrections):
        if found[number] is None:
            near = _nearest(correction, [one for one in passages if one.position not in taken])
            if near is not None:
                found[number] = near
                taken.add(near.position)
    return found


def _distance(correction: Correction, passage: Passage) -> tuple[bool, int]:
    """The same headings first, then the smallest move."""
    return (
        tuple(passage.heading_path) != correction.heading_path,
        abs(passage.position - correction.position),
    )


def _nearest(correction: Correction, passages: Iterable[Passage]) -> Passage | None:
    """The passage with nearly the same words as the correction's, or None."""
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(correction.text.casefold().split())
    best: tuple[float, bool, int, Passage] | None = None
    for passage in passages:
        matcher.set_seq1(passage.text.casefold().split())
        if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
            continue
        ratio = matcher.ratio()
        elsewhere, move = _distance(correction, passage)
        rank = (ratio, not elsewhere, -move, passage)
        if ratio >= NEAR and (best is None or rank[:3] > best[:3]):
            best = rank
    return best[3] if best else None
