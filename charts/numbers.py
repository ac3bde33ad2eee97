"""The numbers shown in charts, counted through the public API of the index.

They count the matches of :meth:`tracuu.Index.search` with the same query and filters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from ..corpus.model import ASSESSMENTS, Report
from ..errors import OptionError
from ..index import Index
from ..search import Tally
from ..search.filters import Filters
from ..search.results import MissingWord

if TYPE_CHECKING:
    from typing_extensions import Unpack

ASSESSMENT_KEYS = (*ASSESSMENTS, "none")  # assessments of passages, in the order shown
# maximum span in years that is filled with empty years
LONGEST_GAP = 60


@dataclass(frozen=True, slots=True)
class ChartRequest:
    """The query and filters of a chart, and how it was matched.

    ``relaxed``, ``wordless`` and ``missing`` are those of :class:`tracuu.Results`.
    """

    query: str
    filters: tuple[tuple[str, str], ...]
    total: int
    relaxed: str | None = None
    wordless: bool = False
    missing: tuple[MissingWord, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The request as plain data for JSON."""
        return {
            "query": self.query,
            "filters": dict(self.filters),
            "total": self.total,
            "relaxed": self.relaxed,
            "wordless": self.wordless,
            "missing": [word.to_dict() for word in self.missing],
        }


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One area.

    ``counts`` maps each of :data:`ASSESSMENT_KEYS` to a number of matching passages; ``passages``
    is their sum.
    """

    area: str
    label: str
    counts: Mapping[str, int]

    @property
    def passages(self) -> int:
        """Matching passages of the area."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Matrix:
    """Areas by assessment: one row per area, in the order of the taxonomy."""

    request: ChartRequest
    rows: tuple[MatrixRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """The numbers as plain data for JSON."""
        rows = [
            {"area": row.area, "label": row.label, **row.counts, "passages": row.passages}
            for row in self.rows
        ]
        return {"picture": "matrix", **self.request.to_dict(), "rows": rows}


@dataclass(frozen=True, slots=True)
class Moment:
    """One year, or one term of office: ``first`` and ``last`` year.

    ``reports`` is the number of reports about it, ``passages`` that of their passages within the
    filters; ``counts`` maps each of :data:`ASSESSMENT_KEYS` to a number of passages that match the
    query, ``matches`` is their sum.
    """

    first: int
    last: int
    reports: int
    passages: int
    counts: Mapping[str, int]

    @property
    def matches(self) -> int:
        """Number of matching passages."""
        return sum(self.counts.values())

    def to_dict(self) -> dict[str, Any]:
        """The row as plain data for JSON; ``share`` is ``matches / passages``."""
        share = self.matches / self.passages if self.passages else 0.0
        figures = {
            "reports": self.reports,
            "passages": self.passages,
            "matches": self.matches,
            **self.counts,
        }
        return {"first": self.first, "last": self.last, **figures, "share": round(share, 6)}


@dataclass(frozen=True, slots=True)
class Timeline:
    """Matches by year and by term of office.

    A report on a term counts for each of its years, as in the filter ``year``, so the counts by
    year do not add up to the total. ``undated`` counts matches in reports without year and term.
    Years without a report are included, with zeros, between the first and the last; years after the
    date of the newest report are not.
    """

    request: ChartRequest
    years: tuple[Moment, ...]
    terms: tuple[Moment, ...]
    undated: int

    def to_dict(self) -> dict[str, Any]:
        """The numbers as plain data for JSON."""
        return {
            "picture": "timeline",
            **self.request.to_dict(),
            "years": [moment.to_dict() for moment in self.years],
            "terms": [moment.to_dict() for moment in self.terms],
            "undated": self.undated,
        }


@dataclass(frozen=True, slots=True)
class ReportShares:
    """One report.

    ``counts`` maps area ids to numbers of matching passages.
    """

    report: Report
    counts: Mapping[str, int]

    @property
    def matches(self) -> int:
        """Matching passages of the report."""
        return sum(self.counts.values())

    def share(self, area: str) -> float:
        """Fraction of the matches in the area, from 0 to 1."""
        return self.counts.get(area, 0) / self.matches if self.matches else 0.0


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of areas in several reports.

    ``areas`` are (id, label) pairs, ``reports`` sorted from oldest to newest; ``left_out`` is the
    number of further reports with matches.
    """

    request: ChartRequest
    areas: tuple[tuple[str, str], ...]
    reports: tuple[ReportShares, ...]
    left_out: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The numbers as plain data for JSON."""
        return {
            "picture": "shares",
            **self.request.to_dict(),
            "left_out": self.left_out,
            "reports": [
                {
                    "report": one.report.id,
                    "title": one.report.title,
                    "matches": one.matches,
                    "areas": [
                        {
                            "area": area,
                            "label": label,
                            "matches": n,
                            "share": round(one.share(area), 6),
                        }
                        for area, label in self.areas
                        for n in (one.counts.get(area, 0),)
                    ],
                }
                for one in self.reports
            ],
        }


Picture: TypeAlias = Matrix | Timeline | Shares  # the numbers of one picture


def matrix(
    index: Index, query: str = "", *, literal: bool = False, **filters: Unpack[Filters]
) -> Matrix:
    """Count areas by assessment.

    Options and errors are those of :meth:`tracuu.Index.search`.
    """
    tally = index.tally(query, by=("area", "assessment"), literal=literal, **filters)
    rows = [
        MatrixRow(area, label, {key: tally.counts.get((area, key), 0) for key in ASSESSMENT_KEYS})
        for area, label in _areas(
            index, {area for area, _ in tally.counts}, whole="area" not in filters
        )
    ]
    return Matrix(_request(tally, filters), tuple(rows))


def timeline(
    index: Index, query: str = "", *, literal: bool = False, **filters: Unpack[Filters]
) -> Timeline:
    """Count matches over years and terms of office.

    Options and errors are those of :meth:`tracuu.Index.search`.
    """
    tally = index.tally(query, by=("report", "assessment"), literal=literal, **filters)
    all_passages = index.tally(by="report", **filters) if query.strip() else None
    reports = {report.id: report for report in index.reports()}
    by_report: dict[str, dict[str, int]] = {}
    for (name, key), count in tally.counts.items():
        by_report.setdefault(name, dict.fromkeys(ASSESSMENT_KEYS, 0))[key] += count
    sizes = {name: sum(counts.values()) for name, counts in by_report.items()}
    if all_passages is not None:
        sizes = {name: count for (name,), count in all_passages.counts.items()}
    years: dict[tuple[int, int], _Sum] = {}
    terms: dict[tuple[int, int], _Sum] = {}
    undated = 0
    for name, size in sizes.items():
        counts = by_report.get(name, {})
        report = reports.get(name)
        span = report.years if report else None
        for year in range(span[0], span[1] + 1) if span else ():
            years.setdefault((year, year), _Sum()).add(size, counts)
        if report and report.term:
            terms.setdefault(report.term, _Sum()).add(size, counts)
        if span is None:
            undated += sum(counts.values())
    last = _last_year(reports[name] for name in sizes if name in reports)
    shown = {span: found for span, found in years.items() if span[0] <= last}
    return Timeline(_request(tally, filters), _moments(shown, fill=True), _moments(terms), undated)


def shares(
    index: Index,
    query: str = "",
    *,
    most: int = 6,
    literal: bool = False,
    **filters: Unpack[Filters],
) -> Shares:
    """Count the areas' matches in each of the ``most`` reports with most matches.

    Arguments and errors are those of :meth:`tracuu.Index.search`; OptionError also for ``most``
    below 1.
    """
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise OptionError("most is a number of reports from 1 on, not {most!r}", most=most)
    tally = index.tally(query, by=("area", "report"), literal=literal, **filters)
    by_report: dict[str, dict[str, int]] = {}
    for (area, name), count in tally.counts.items():
        by_report.setdefault(name, {})[area] = count
    known = {report.id: report for report in index.reports()}
    ranked = sorted(by_report, key=lambda name: (-sum(by_report[name].values()), name))
    chosen = [
        ReportShares(known.get(name) or Report(name), by_report[name]) for name in ranked[:most]
    ]
    chosen.sort(key=lambda one: (one.report.years or (9999, 9999), one.report.id))
    areas = _areas(index, {area for area, _ in tally.counts}, whole="area" not in filters)
    return Shares(_request(tally, filters), areas, tuple(chosen), max(0, len(ranked) - most))


def _last_year(reports: Iterable[Report]) -> int:
    """The last year to show: the year of the newest report, at most this year.

    The current year if no report has a date.
    """
    today = date.today().year
    dated = [report.date.year for report in reports if report.date]
    return min(max(dated, default=today), today)


class _Sum:
    """Sums over the reports about one moment."""

    def __init__(self) -> None:
        self.reports = 0
        self.passages = 0
        self.counts = dict.fromkeys(ASSESSMENT_KEYS, 0)

    def add(self, passages: int, counts: Mapping[str, int]) -> None:
        self.reports += 1
        self.passages += passages
        for key, count in counts.items():
            self.counts[key] += count


def _moments(sums: dict[tuple[int, int], _Sum], *, fill: bool = False) -> tuple[Moment, ...]:
    spans: Iterable[tuple[int, int]] = sorted(sums)
    if fill and sums and (ends := (min(sums)[0], max(sums)[1]))[1] - ends[0] <= LONGEST_GAP:
        spans = [(year, year) for year in range(ends[0], ends[1] + 1)]
    return tuple(
        Moment(*span, one.reports, one.passages, one.counts)
        for span in spans
        for one in (sums.get(span) or _Sum(),)
    )


def _areas(index: Index, found: set[str], *, whole: bool) -> tuple[tuple[str, str], ...]:
    """Id and label of all areas, or of those matched, in taxonomy order."""
    labels = {area.id: area.label for area in index.areas()}
    listed = [area for area in labels if whole or area in found]
    return tuple((area, labels.get(area, area)) for area in (*listed, *sorted(found - set(labels))))


def _request(tally: Tally, filters: Filters) -> ChartRequest:
    chosen = tuple((name, _words(value)) for name, value in filters.items() if value is not None)
    query = tally.query.strip()
    return ChartRequest(query, chosen, tally.total, tally.relaxed, tally.wordless, tally.missing)


def _words(value: object) -> str:
    if isinstance(value, (list, tuple)):
        mark = "–" if any(isinstance(one, int) for one in value) else ", "
        return mark.join("" if one is None else str(one) for one in value)
    return str(value)
