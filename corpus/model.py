"""Reports and passages: the data model shared by all parts of tracuu."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

from ..errors import Message

# The assessment of a passage: an achievement, a shortcoming, or the cause of either.
Assessment: TypeAlias = Literal["achievement", "shortcoming", "cause"]

ASSESSMENTS: tuple[Assessment, ...] = ("achievement", "shortcoming", "cause")

# Raised when reports are divided into other passages or get other areas.
READING_VERSION = 12

PassageKind: TypeAlias = Literal["paragraph", "list-item", "table-row"]


# evidence of a decision that is neither a heading nor a word
AROUND = Message("passages around it")
CORRECTED = Message("corrections of passages like it")


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a passage has its area or assessment.

    ``source`` is ``"heading"`` (a heading above the passage), ``"words"`` (the passage's own
    words), ``"report"`` (the report's title, issuing body or other passages), ``"given"`` (by the
    application that added it), ``"hand"`` (a person corrected it) or ``"default"`` (no clear
    evidence); ``evidence``
    holds the heading, the title or body, the words with their weights, or who corrected it and the
    note; ``confidence`` runs from 0 (a guess) to 1 (certain).
    """

    source: Literal["heading", "words", "report", "given", "hand", "default"]
    evidence: tuple[str, ...] = ()
    confidence: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The decision as plain data for JSON."""
        return {
            "source": self.source,
            "evidence": list(self.evidence),
            "confidence": round(self.confidence, 3),
        }


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, list item or table row of a report, the unit of every result.

    ``report`` is the report's id, ``position`` counts the report's passages from 1, and ``id`` is
    ``REPORT#POSITION``. ``heading_path`` runs from the outermost heading to the innermost. ``line``
    is the 1-based line of the file the passage begins on (0: unknown), ``page`` the page (None: the
    format has none). ``cause_of`` is set where ``assessment`` is ``"cause"`` and the
    report names the effect.
    """

    report: str
    position: int
    text: str
    heading_path: tuple[str, ...] = ()
    area: str = "chung"
    assessment: Assessment | None = None
    cause_of: Literal["achievement", "shortcoming"] | None = None
    kind: PassageKind = "paragraph"
    line: int = 0
    page: int | None = None
    area_decision: Decision = Decision("default")
    assessment_decision: Decision = Decision("default")

    @property
    def id(self) -> str:
        """``REPORT#POSITION``, unique in an index."""
        return f"{self.report}#{self.position}"

    def to_dict(self) -> dict[str, Any]:
        """The passage as plain data for JSON, its id included."""
        return {
            "id": self.id,
            "report": self.report,
            "position": self.position,
            "text": self.text,
            "heading_path": list(self.heading_path),
            "area": self.area,
            "assessment": self.assessment,
            "cause_of": self.cause_of,
            "kind": self.kind,
            "line": self.line,
            "page": self.page,
            "area_decision": self.area_decision.to_dict(),
            "assessment_decision": self.assessment_decision.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Passage:
        """The inverse of :meth:`to_dict`."""
        fields = {name: value for name, value in data.items() if name != "id"}
        fields["heading_path"] = tuple(fields["heading_path"])
        for name in ("area_decision", "assessment_decision"):
            decision = fields[name]
            fields[name] = Decision(
                decision["source"], tuple(decision["evidence"]), decision["confidence"]
            )
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class FileCopy:
    """Another file with the same bytes: its path, and its folders."""

    source: str
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One document, as its own text describes it.

    ``source`` is the file it came from (None for passages added by an application); ``kind`` the
    type of document, as written in it, in lower case (``"báo cáo"``, ``"nghị quyết"`` …);
    ``number`` its document number (``"15-BC/QU"``); ``issuing_body`` the organisation that issued
    it; ``date`` the date of issue; ``term`` the first and last year of the term it covers;
    ``passages`` the number of its passages; ``period`` the first and last year in its title ("6
    tháng đầu năm 2022", "giai đoạn 2021-2023"); ``folder`` the folders of its file, starting with
    the indexed one, joined by ``/``. ``member`` is the file's path within ``source`` if that is a
    container (.zip, .eml, .msg); ``copies`` are other files with the same bytes; ``extra`` is the
    application's own metadata, by which searches can filter.
    """

    id: str
    title: str = ""
    source: str | None = None
    kind: str | None = None
    number: str | None = None
    issuing_body: str | None = None
    place: str | None = None
    date: date | None = None
    term: tuple[int, int] | None = None
    signer: str | None = None
    passages: int = 0
    period: tuple[int, int] | None = None
    folder: str | None = None
    member: str | None = None
    copies: tuple[FileCopy, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def path(self) -> str | None:
        """The path of its file.

        Of a member of a container: its path below the container's.
        """
        if self.source is None or self.member is None:
            return self.source
        return os.path.join(self.source, *self.member.split("/"))

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders of its file and of all copies, each once."""
        found = (self.folder, *(copy.folder for copy in self.copies))
        return tuple(dict.fromkeys(folder for folder in found if folder))

    @property
    def years(self) -> tuple[int, int] | None:
        """First and last year of the report's title, else of its term, else of its date."""
        if self.period is not None or self.term is not None:
            return self.period or self.term
        return (self.date.year, self.date.year) if self.date else None

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data for JSON; the date in ISO 8601."""
        data = asdict(self)
        data["date"] = self.date.isoformat() if self.date else None
        for name in ("term", "period"):
            data[name] = list(data[name]) if data[name] else None
        data["copies"] = list(data["copies"])
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Report:
        """The inverse of :meth:`to_dict`."""
        fields = dict(data)
        if fields["date"]:
            fields["date"] = date.fromisoformat(fields["date"])
        for name in ("term", "period"):
            if fields.get(name):
                first, last = fields[name]
                fields[name] = (first, last)
        fields["copies"] = tuple(FileCopy(**copy) for copy in fields.get("copies") or ())
        return cls(**fields)
