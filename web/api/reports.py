"""Reports, their passages, and views of one report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...corpus import Passage
from ...errors import UnknownPassage, UnknownReport
from ...index import Index
from ..problems import Problem
from . import models
from .answers import Data, answer, page_links, passage_data, report_data
from .openapi import given
from .parameters import (
    Few,
    Filtered,
    IndexAccess,
    Limit,
    Literally,
    Offset,
    Position,
    ReportId,
    Text,
    Width,
)

router = APIRouter(tags=["reports"])
_ALL = 2**31 - 1


@contextmanager
def found() -> Iterator[None]:
    """Raise Problem 404 if the report or passage of the address does not exist."""
    try:
        yield
    except UnknownReport as error:
        raise Problem(
            404, "not-found", "no report has this id; GET /api/v1/reports lists them"
        ) from error
    except UnknownPassage as error:
        raise Problem(
            404, "not-found", "the report has no passage at this position, or there is no report"
        ) from error


@router.get("/reports", responses=given(models.Reports))
async def reports(
    request: Request, access: IndexAccess, filters: Filtered, limit: Limit = 20, offset: Offset = 0
) -> Response:
    """List the reports by id; with filters, those with matching passages."""

    def work(index: Index) -> Data:
        listed = index.reports()
        if filters.given:
            there = index.search("", **filters.given, limit=0).facets.get("report", {})
            listed = tuple(report for report in listed if report.id in there)
        page = listed[offset : offset + limit]
        return {
            "total": len(listed),
            "offset": offset,
            "limit": limit,
            "reports": [report_data(request, report) for report in page],
            "links": page_links(request, offset, limit, len(listed)),
        }

    return await answer(request, access, work)


@router.get("/reports/{report:path}/outline", responses=given(models.Outline, 404))
async def outline(request: Request, access: IndexAccess, report: ReportId) -> Response:
    """List the headings of a report, and the passages below each."""

    def work(index: Index) -> Data:
        with found():
            known = index.report(report)
        hits = index.search(
            "", report=known.id, sort="reading", limit=max(known.passages, 1), width=20
        )
        return {
            "report": report_data(request, known),
            "headings": list(headings_of([hit.passage for hit in hits])),
        }

    return await answer(request, access, work)


def headings_of(passages: list[Passage]) -> Iterator[Data]:
    """The headings with passages directly below them, and the kinds of these."""
    start = 0
    for at, passage in enumerate(passages):
        last = at + 1 == len(passages)
        if last or passages[at + 1].heading_path != passage.heading_path:
            below = passages[start : at + 1]
            yield {
                "path": list(passage.heading_path),
                "first": below[0].position,
                "last": passage.position,
                "passages": len(below),
                "areas": dict(Counter(one.area for one in below)),
                "assessments": dict(Counter(one.assessment or "none" for one in below)),
            }
            start = at + 1


@router.get("/reports/{report:path}/passages", responses=given(models.Passages, 404))
async def passages(
    request: Request, access: IndexAccess, report: ReportId, limit: Limit = 50, offset: Offset = 0
) -> Response:
    """List the passages of a report in reading order."""

    def work(index: Index) -> Data:
        with found():
            known = index.report(report)
        results = index.search(
            "", report=known.id, sort="reading", limit=limit, offset=offset, width=20
        )
        return {
            "total": results.total,
            "offset": offset,
            "limit": limit,
            "report": report_data(request, known),
            "passages": [passage_data(request, hit.passage) for hit in results],
            "links": page_links(request, offset, limit, results.total),
        }

    return await answer(request, access, work)


@router.get("/reports/{report:path}/passages/{position}", responses=given(models.Surroundings, 404))
async def passage(
    request: Request,
    access: IndexAccess,
    report: ReportId,
    position: Position,
    before: Few = 2,
    after: Few = 2,
) -> Response:
    """Return a passage and its neighbours in the report."""

    def work(index: Index) -> Data:
        with found():
            around = index.surroundings(f"{report}#{position}", before=before, after=after)
        return {
            "report": report_data(request, around.report),
            "passage": passage_data(request, around.passage),
            "passages": [passage_data(request, one) for one in around.passages],
        }

    return await answer(request, access, work)


@router.get(
    "/reports/{report:path}/passages/{position}/similar", responses=given(models.Results, 404)
)
async def similar(
    request: Request,
    access: IndexAccess,
    report: ReportId,
    position: Position,
    limit: Limit = 10,
    offset: Offset = 0,
    width: Width = 240,
) -> Response:
    """List passages similar to this one, most similar first."""

    def work(index: Index) -> Data:
        with found():
            results = index.similar(f"{report}#{position}", limit=limit, offset=offset, width=width)
        data = results.to_dict()
        for hit, item in zip(results, data["hits"], strict=True):
            item["passage"] = passage_data(request, hit.passage)
        return {**data, "links": page_links(request, offset, limit, results.total)}

    return await answer(request, access, work)


@router.get(
    "/reports/{report:path}/passages/{position}/explain",
    responses=given(models.Explanation, 404, query=True),
)
async def explain(
    request: Request,
    access: IndexAccess,
    report: ReportId,
    position: Position,
    q: Text,
    literal: Literally = False,
) -> Response:
    """Explain the passage's score for a query, or why it does not match."""

    def work(index: Index) -> Data:
        with found():
            return index.explain(q, f"{report}#{position}", literal=literal).to_dict()

    return await answer(request, access, work)


@router.get("/reports/{report:path}", responses=given(models.Report, 404))
async def report(request: Request, access: IndexAccess, report: ReportId) -> Response:
    """Return the metadata of a report: title, number, date, issuing body."""

    def work(index: Index) -> Data:
        with found():
            return report_data(request, index.report(report))

    return await answer(request, access, work)
