"""Search: ranked passages, counts, and completions."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...export import MEDIA_TYPES as TABLE_TYPES
from ...export import table_bytes
from ...index import Index
from ...search.table import COLUMNS, row
from . import models
from .answers import Data, answer, page_links, passage_data, report_data
from .openapi import file_of, given
from .parameters import AreaNames, Filtered, IndexAccess, Limit, Literally, Offset, Text, Width
from .reports import found

router = APIRouter(tags=["search"])


@router.get("/search", responses=given(models.Results, query=True))
async def search(
    request: Request,
    access: IndexAccess,
    filters: Filtered,
    q: Text = "",
    literal: Literally = False,
    sort: Annotated[
        Literal["relevance", "reading", "date"], Query(description="The order of the hits.")
    ] = "relevance",
    limit: Limit = 10,
    offset: Offset = 0,
    collapse: Annotated[
        bool, Query(description="Collapse near-identical passages into one hit.")
    ] = True,
    width: Width = 240,
    meaning: Annotated[
        bool, Query(description="Rank by meaning too, if the service has an embedder.")
    ] = False,
    partial: Annotated[
        bool, Query(description="Fill the last page with passages that lack some of the words.")
    ] = False,
) -> Response:
    """Rank the passages that match a query and all filters.

    Without a query, list them in reading order.
    """

    def work(index: Index) -> Data:
        results = index.search(
            q,
            **filters.given,
            literal=literal,
            sort=sort,
            limit=limit,
            offset=offset,
            collapse=collapse,
            width=width,
            meaning=meaning,
            partial=partial,
        )
        data = results.to_dict()
        shown = zip((*results, *results.partial), (*data["hits"], *data["partial"]), strict=True)
        for hit, item in shown:
            item["passage"] = passage_data(request, hit.passage)
        return {**data, "links": page_links(request, offset, limit, results.total)}

    return await answer(request, access, work)


@router.get("/table", responses=file_of(TABLE_TYPES))
async def table(
    request: Request,
    access: IndexAccess,
    filters: Filtered,
    q: Text = "",
    literal: Literally = False,
    sort: Annotated[
        Literal["relevance", "reading", "date"], Query(description="The order of the rows.")
    ] = "relevance",
    format: Annotated[
        Literal["csv", "xlsx", "jsonl", "parquet"],
        Query(description="CSV is for Excel; JSON Lines and Parquet keep the types of columns."),
    ] = "csv",
    rows: Annotated[int, Query(ge=0, le=10_000, description="Maximum number of rows.")] = 1000,
) -> Response:
    """Return the matching passages as a file.

    One row per passage, with the columns of all exports.
    """

    def work(index: Index) -> tuple[bytes, int, int]:
        results = index.search(q, **filters.given, literal=literal, sort=sort, limit=rows, width=20)
        labels = index.labels()
        content = table_bytes(format, COLUMNS, (row(hit, labels) for hit in results))
        return content, len(results), results.total

    content, given_rows, total = await access.read_slowly(work)
    headers = {
        "Content-Disposition": f'attachment; filename="tracuu.{format}"',
        "Cache-Control": "private, no-cache",
        "X-Rows": f"{given_rows}/{total}",
    }
    return Response(content, headers=headers, media_type=TABLE_TYPES[format])


@router.get("/suggest", responses=given(models.Suggestions))
async def suggest(
    request: Request,
    access: IndexAccess,
    q: Annotated[str, Query(description="The text typed so far.", examples=["giai ng"])] = "",
    limit: Limit = 8,
) -> Response:
    """Complete a text with words and phrases of the index."""
    return await answer(
        request,
        access,
        lambda index: {
            "query": q,
            "suggestions": [one.to_dict() for one in index.suggest(q, limit=limit)],
        },
    )


@router.get("/areas", responses=given(models.Areas, query=True))
async def areas(
    request: Request,
    access: IndexAccess,
    filters: Filtered,
    q: Text = "",
    literal: Literally = False,
) -> Response:
    """List the leadership areas with their numbers of passages.

    With a query, also the areas relevant to it.
    """

    def work(index: Index) -> Data:
        counts: dict[str, dict[str, int]] = {}
        tally = index.tally(q, by=("area", "assessment"), literal=literal, **filters.given)
        for (area, assessment), number in tally.counts.items():
            counts.setdefault(area, {})[assessment] = number
        found = index.search(q, **filters.given, literal=literal, limit=0)
        listed = [
            {
                "id": area.id,
                "label": area.label,
                "default": area.default,
                "passages": found.facets["area"].get(area.id, 0),
                "assessments": counts.get(area.id, {}),
            }
            for area in index.areas()
        ]
        return {"query": q, "areas": listed, "ranking": [share.to_dict() for share in found.areas]}

    return await answer(request, access, work)


@router.get("/tally", responses=given(models.Tally, query=True))
async def tally(
    request: Request,
    access: IndexAccess,
    filters: Filtered,
    by: Annotated[
        list[
            Literal[
                "area", "assessment", "report", "term", "kind", "body", "place", "folder", "extra"
            ]
        ],
        Query(min_length=1, max_length=2, description="One or two fields to count by."),
    ],
    q: Text = "",
    literal: Literally = False,
) -> Response:
    """Count the matching passages by one or two fields, such as area and assessment."""
    return await answer(
        request,
        access,
        lambda index: index.tally(q, by=by, literal=literal, **filters.given).to_dict(),
    )


@router.get("/compare", responses=given(models.Compared, 404, query=True))
async def compare(
    request: Request,
    access: IndexAccess,
    report: Annotated[
        list[str],
        Query(
            min_length=2, max_length=8, description="Two to eight reports, by id or part of one."
        ),
    ],
    area: AreaNames = None,
) -> Response:
    """Compare reports on several terms.

    Shows shortcomings that were resolved, that remain, and that return.
    """

    def work(index: Index) -> Data:
        with found():
            series = index.compare_terms(report, area=area)
        data = series.to_dict()
        data["reports"] = [report_data(request, one) for one in series.reports]
        for comparison, item in zip(series.comparisons, data["comparisons"], strict=True):
            item["older"] = report_data(request, comparison.older)
            item["newer"] = report_data(request, comparison.newer)
        return data

    return await answer(request, access, work, slow=True)


@router.get("/info", responses=given(models.Info))
async def info(request: Request, access: IndexAccess) -> Response:
    """Return figures of the index."""

    def work(index: Index) -> Data:
        figures = index.info().to_dict()
        return {name: figures[name] for name in models.Info.model_fields}

    return await answer(request, access, work)
