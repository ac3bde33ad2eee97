"""What :class:`tracuu.Index` tells of an index besides search results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import markup
from .corpus import Passage, Report


@dataclass(frozen=True, slots=True)
class Info:
    """An index in figures: ``size`` in bytes, ``areas`` and ``assessments`` map to numbers of passages."""

    path: str
    engine: str
    version: str
    fingerprint: str
    reports: int
    passages: int
    size: int
    taxonomy: str
    areas: dict[str, int]
    assessments: dict[str, int]
    sources: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain data for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


class Reports(tuple[Report, ...]):
    """Reports, as a tuple that notebooks show as a table."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return markup.table(
            f"{len(self):,} {'report' if len(self) == 1 else 'reports'}",
            ("id", "title", "number", "issued by", "date", "term", "passages"),
            (
                (
                    markup.text(report.id),
                    markup.text(report.title),
                    markup.text(report.number or ""),
                    markup.text(report.issuing_body or ""),
                    report.date.isoformat() if report.date else "",
                    "–".join(map(str, report.term)) if report.term else "",
                    str(report.passages),
                )
                for report in self
            ),
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A passage with those before and after it in its report, all in reading order."""

    report: Report
    passages: tuple[Passage, ...]
    passage: Passage

    def to_dict(self) -> dict[str, Any]:
        """The passages as plain data for JSON."""
        return {
            "report": self.report.to_dict(),
            "passage": self.passage.to_dict(),
            "passages": [passage.to_dict() for passage in self.passages],
        }

    def _repr_html_(self) -> str:
        return markup.table(
            self.report.title or self.report.id,
            ("", "area", "assessment", "text"),
            (
                (
                    f"{'▶ ' if passage.position == self.passage.position else ''}#{passage.position}",
                    markup.text(passage.area),
                    markup.told(passage.assessment, passage.cause_of),
                    f"{markup.small(markup.headings(passage.heading_path))}<br>{markup.text(passage.text)}",
                )
                for passage in self.passages
            ),
        )
