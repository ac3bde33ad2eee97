"""Validate reports and passages given by an application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import get_args

from ..corpus import ASSESSMENTS, Decision, Passage, Reader, Report
from ..corpus.model import PassageKind
from ..errors import Message, PassageError, UsageError

_KEPT = ("given", "hand")  # decisions of people, not of the reader
_SOURCES = ("heading", "words", "report", "given", "hand", "default")
_LONGEST_ID = 250  # characters, as in file names
_LONGEST_EXTRA = 1000  # characters of a value
_POSITIONS = 2**31


def checked(
    passages: Iterable[Passage], report: Report | None, reader: Reader, *, classify: bool
) -> dict[str, list[Passage]]:
    """Validate passages and group them by report.

    With ``classify``, ``reader`` decides missing areas and assessments.

    Raises PassageError, UnknownArea (an area missing from the reader's taxonomy).
    """
    if report is not None:
        check_report(report)
    groups: dict[str, list[Passage]] = {}
    seen: set[str] = set()
    for passage in passages:
        check_passage(passage, report)
        reader.taxonomy.area(passage.area)
        if passage.id in seen:
            raise PassageError(
                "passage {id!r} is given twice; each position of a report holds one", id=passage.id
            )
        seen.add(passage.id)
        groups.setdefault(passage.report, []).append(
            _classified(passage, reader) if classify else passage
        )
    return groups


def _classified(passage: Passage, reader: Reader) -> Passage:
    """``passage`` with missing area and assessment decided by headings and words."""
    decided = reader.classify(passage)
    if passage.area != reader.taxonomy.default.id or passage.area_decision.source in _KEPT:
        decided = replace(decided, area=passage.area, area_decision=passage.area_decision)
    if passage.assessment is not None or passage.assessment_decision.source in _KEPT:
        decided = replace(
            decided,
            assessment=passage.assessment,
            cause_of=passage.cause_of,
            assessment_decision=passage.assessment_decision,
        )
    return decided


def check_passage(passage: Passage, report: Report | None) -> None:
    """Raise PassageError for a passage that cannot be indexed."""
    if not isinstance(passage, Passage):
        raise PassageError(
            "a {name} is not a passage; make each one with tracuu.Passage(…)",
            name=type(passage).__name__,
        )
    _check_id(passage.report)
    if report is not None and report.id != passage.report:
        raise PassageError(
            "passage {id!r} belongs to another report than {report!r}",
            id=passage.id,
            report=report.id,
        )
    what = Message("passage {id!r}", id=passage.id)
    if type(passage.position) is not int or not 1 <= passage.position < _POSITIONS:
        raise PassageError(
            "{what}: position counts from 1 and is below {positions:,}",
            what=what,
            positions=_POSITIONS,
        )
    if not isinstance(passage.text, str) or not passage.text.strip():
        raise PassageError("{what} has no text", what=what)
    if not isinstance(passage.heading_path, (tuple, list)):
        raise PassageError(
            "{what}: heading_path is a tuple of headings, the outermost first", what=what
        )
    for text in (passage.text, *passage.heading_path):
        _check_text(text, what)
    for name, value, values in (
        ("assessment", passage.assessment, (None, *ASSESSMENTS)),
        ("cause_of", passage.cause_of, (None, "achievement", "shortcoming")),
        ("kind", passage.kind, get_args(PassageKind)),
    ):
        if value not in values:
            raise PassageError(
                "{what}: {name} is one of {values}, not {value!r}",
                what=what,
                name=name,
                values=", ".join(map(str, values)),
                value=value,
            )
    if type(passage.line) is not int or passage.line < 0 or not _is_page(passage.page):
        raise PassageError("{what}: line is a number from 0, page one from 1 or None", what=what)
    for decision in (passage.area_decision, passage.assessment_decision):
        _check_decision(decision, what)


def check_report(report: Report) -> None:
    """Raise PassageError for a report that cannot be indexed."""
    if not isinstance(report, Report):
        raise PassageError(
            "a {name} is not a report; make it with tracuu.Report(…)", name=type(report).__name__
        )
    _check_id(report.id)
    what = Message("report {id!r}", id=report.id)
    _check_text(report.title, what)
    check_extra(report.extra, what)
    for name in ("source", "kind", "number", "issuing_body", "place", "signer"):
        if (value := getattr(report, name)) is not None:
            _check_text(value, f"{what}, {name}")
    if report.date is not None and (
        not isinstance(report.date, date) or isinstance(report.date, datetime)
    ):
        raise PassageError(
            "{what}: date is a datetime.date, not {date!r}", what=what, date=report.date
        )
    term = report.term
    if term is not None and not (
        isinstance(term, (tuple, list))
        and len(term) == 2
        and all(type(year) is int and 1 <= year <= 9999 for year in term)
        and term[0] <= term[1]
    ):
        raise PassageError(
            "{what}: term is the first and the last year, like (2000, 2005), not {term!r}",
            what=what,
            term=term,
        )


def check_extra(
    extra: Mapping[str, str], what: str, error: type[UsageError] = PassageError
) -> None:
    """Raise ``error`` for invalid metadata."""
    if not isinstance(extra, Mapping):
        raise error("{what}: extra maps keys to values, both texts", what=what)
    for key, value in extra.items():
        if not isinstance(key, str) or not key.strip() or "=" in key or not key.isprintable():
            raise error(
                "{what}: {key!r} is not a key of extra: it needs letters, and may not hold '=' "
                "or control characters",
                what=what,
                key=key,
            )
        if not isinstance(value, str) or not value or len(value) > _LONGEST_EXTRA:
            raise error(
                "{what}: the value of {key!r} in extra is a text of 1 to {longest:,} characters",
                what=what,
                key=key,
                longest=_LONGEST_EXTRA,
            )
        _check_text(key, what)
        _check_text(value, what)


def _check_id(name: object) -> None:
    if not isinstance(name, str) or not name.strip() or "#" in name or not name.isprintable():
        raise PassageError(
            "{name!r} is not a report id: it needs letters, and may not hold '#' or "
            "control characters",
            name=name,
        )
    if len(name) > _LONGEST_ID:
        raise PassageError(
            "the report id {name!r}… is too long: the limit is {longest_id} characters",
            name=name[:20],
            longest_id=_LONGEST_ID,
        )


def _check_text(text: object, what: str) -> None:
    if not isinstance(text, str):
        raise PassageError("{what}: {text!r} is not text", what=what, text=text)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise PassageError(
            "{what}: the character at {start} is half of a surrogate pair, not text",
            what=what,
            start=error.start,
        ) from None


def _check_decision(decision: object, what: str) -> None:
    if not isinstance(decision, Decision) or decision.source not in _SOURCES:
        raise PassageError(
            "{what}: a decision is a tracuu.Decision whose source is one of {sources}",
            what=what,
            sources=", ".join(_SOURCES),
        )
    if not isinstance(decision.evidence, (tuple, list)):
        raise PassageError("{what}: the evidence of a decision is a tuple of texts", what=what)
    for text in decision.evidence:
        _check_text(text, what)
    if not isinstance(decision.confidence, (int, float)) or not 0 <= decision.confidence <= 1:
        raise PassageError("{what}: the confidence of a decision runs from 0 to 1", what=what)


def _is_page(page: object) -> bool:
    return page is None or (type(page) is int and page >= 1)
