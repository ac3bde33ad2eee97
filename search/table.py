"""Hits and counts as rows of a table: the same columns in every export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..corpus.citation import citation
from ..corpus.model import Report
from ..errors import MissingExtra

if TYPE_CHECKING:
    from pandas import DataFrame

    from .results import Hit

COLUMNS = (
    "rank",
    "score",
    "id",
    "report",
    "report_title",
    "issuing_body",
    "kind",
    "number",
    "date",
    "term",
    "position",
    "heading_path",
    "area",
    "area_label",
    "assessment",
    "assessment_label",
    "cause_of",
    "line",
    "page",
    "text",
    "citation",
)

PATH = " › "  # between the headings of ``heading_path``
ASSESSMENT_LABELS = {
    "achievement": "Mặt được",
    "shortcoming": "Mặt tồn tại",
    "cause": "Nguyên nhân",
}


def row(hit: Hit, labels: Mapping[str, str] | None = None) -> tuple[Any, ...]:
    """A hit as a row of :data:`COLUMNS`.

    Missing values are None, dates are ``datetime.date``.

    ``labels`` maps areas to labels; an area without a label is shown by its id.
    """
    passage = hit.passage
    report = hit.report or Report(passage.report, hit.report_title)
    return (
        hit.rank,
        round(hit.score, 6),
        passage.id,
        passage.report,
        hit.report_title,
        report.issuing_body,
        report.kind,
        report.number,
        report.date,
        f"{report.term[0]}-{report.term[1]}" if report.term else None,
        passage.position,
        PATH.join(passage.heading_path),
        passage.area,
        (labels or {}).get(passage.area, passage.area),
        passage.assessment or "none",
        ASSESSMENT_LABELS.get(passage.assessment or ""),
        passage.cause_of,
        passage.line or None,
        passage.page,
        passage.text,
        citation(passage, report),
    )


def record(hit: Hit, labels: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A hit as column → value, for JSON: the date in ISO 8601."""
    data = dict(zip(COLUMNS, row(hit, labels), strict=True))
    if data["date"] is not None:
        data["date"] = data["date"].isoformat()
    return data


def dataframe(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> DataFrame:
    """A pandas DataFrame. Raises MissingExtra without pandas."""
    try:
        from pandas import DataFrame
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "a DataFrame needs the package {name!r}; install it with: pip install pandas",
            name=error.name,
        ) from error
    return DataFrame(list(rows), columns=list(columns))
