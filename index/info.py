"""Descriptions of an index that :class:`tracuu.Index` returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import _html
from ..corpus.model import Passage, Report
from ..engines.engine import Snapshot
from ..errors import OptionError
from ..records import known_passage, known_record, passages_of
from .directory import IndexDirectory
from .manifest import Manifest

# Engine → number of passages up to which its searches are fast, and the engine beyond that;
# measured in docs/which-engine.md, the last number extrapolated from a million.
COMFORTABLE = {
    "memory": (2_000, "whoosh"),
    "whoosh": (100_000, "tantivy"),
    "tantivy": (10_000_000, "opensearch"),
}


@dataclass(frozen=True, slots=True)
class Info:
    """Statistics of an index.

    ``size`` is in bytes; ``areas`` and ``assessments`` map ids to numbers of passages.
    """

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
        """The statistics as plain data for JSON."""
        return {
            **{name: getattr(self, name) for name in self.__slots__},
            "recommended": self.recommended,
        }

    @property
    def recommended(self) -> str | None:
        """The recommended engine for this size; None if it is the present one."""
        limit, larger = COMFORTABLE.get(self.engine, (None, None))
        return larger if limit is not None and self.passages > limit else None


class Reports(tuple[Report, ...]):
    """A tuple of reports, shown as a table in notebooks."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return _html.table(
            f"{len(self):,} {'report' if len(self) == 1 else 'reports'}",
            ("id", "title", "number", "issued by", "date", "term", "passages"),
            (
                (
                    _html.text(report.id),
                    _html.text(report.title),
                    _html.text(report.number or ""),
                    _html.text(report.issuing_body or ""),
                    report.date.isoformat() if report.date else "",
                    "–".join(map(str, report.term)) if report.term else "",
                    str(report.passages),
                )
                for report in self
            ),
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A passage with its neighbours in the report, in reading order."""

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
        here = self.passage.position
        return _html.table(
            self.report.title or self.report.id,
            ("", "area", "assessment", "text"),
            (
                (
                    f"{'▶ ' if passage.position == here else ''}#{passage.position}",
                    _html.text(passage.area),
                    _html.assessment_badge(passage.assessment, passage.cause_of),
                    _html.small(_html.headings(passage.heading_path))
                    + f"<br>{_html.text(passage.text)}",
                )
                for passage in self.passages
            ),
        )


def info_of(
    directory: IndexDirectory,
    manifest: Manifest,
    reports: int,
    passages: int,
    facets: Mapping[str, Mapping[str, int]],
) -> Info:
    """Build the statistics of an index.

    ``facets`` are counts over all passages.
    """
    return Info(
        str(directory.folder),
        manifest.engine,
        manifest.version,
        manifest.fingerprint,
        reports,
        passages,
        directory.size(),
        "own" if manifest.own_taxonomy else "default",
        dict(facets["area"]),
        dict(facets["assessment"]),
        tuple(directory.sources().paths),
    )


def surroundings_of(snapshot: Snapshot, passage: str, before: int, after: int) -> Surroundings:
    """The passage with this id and its neighbours in the report.

    Raises UnknownPassage, OptionError.
    """
    if before < 0 or after < 0:
        raise OptionError("before and after count passages: 0 or more")
    found = known_passage(snapshot, passage)
    first, last = found.position - before, found.position + after
    mine = tuple(
        other for other in passages_of(snapshot, found.report) if first <= other.position <= last
    )
    return Surroundings(known_record(snapshot, found.report).report, mine, found)
