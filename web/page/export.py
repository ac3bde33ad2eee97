"""Search results as files: tables for spreadsheets, quotations for Word."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from ...export import MEDIA_TYPES, table_bytes
from ...index import Index
from ...search.table import COLUMNS as TABLE
from ...search.table import row
from .looks import Looks
from .quotations import quotations
from .search_page import CSV_ROWS, DOCX_ROWS, find
from .visit import Visit

COLUMNS = (*TABLE, "url")
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def csv_file(index: Index, visit: Visit) -> Response:
    """The results as CSV for Excel.

    UTF-8 with a byte order mark; no cell can be interpreted as a formula.
    """
    return _table(index, visit, "csv")


def xlsx_file(index: Index, visit: Visit) -> Response:
    """The results as an Excel workbook."""
    return _table(index, visit, "xlsx")


def _table(index: Index, visit: Visit, format: str) -> Response:
    def make() -> tuple[bytes, str]:
        results = find(index, visit.query, size=CSV_ROWS, can_mean=visit.can_mean)
        looks, labels = Looks(index, visit.query), index.labels()
        base = str(visit.request.base_url).rstrip("/")
        rows = (
            (
                *row(hit, labels),
                base
                + looks.url(hit.passage.report, hit.passage.position).removeprefix(
                    visit.query.base
                ),
            )
            for hit in results
        )
        content = table_bytes(format, COLUMNS, rows)
        return content, f"{len(results)}/{results.total}"

    return _kept(index, visit, format, MEDIA_TYPES[format], make)


def docx_file(index: Index, visit: Visit) -> Response:
    """The results as a Word document of quotations with their citations."""

    def make() -> tuple[bytes, str]:
        results = find(index, visit.query, size=DOCX_ROWS, can_mean=visit.can_mean)
        looks = Looks(index, visit.query)
        hits = [looks.hit(hit) for hit in results]
        content = quotations(hits, query=visit.query, total=results.total, looks=looks, t=visit.t)
        return content, f"{len(results)}/{results.total}"

    return _kept(index, visit, "docx", _DOCX, make)


def _kept(
    index: Index,
    visit: Visit,
    format: str,
    media_type: str,
    make: Callable[[], tuple[bytes, str]],
) -> Response:
    """The file of a search, its number of rows, and the number of matches.

    Cached for each state of the index.
    """
    key = (
        format,
        CSV_ROWS,
        DOCX_ROWS,
        *visit.query.pairs("page", "size"),
        str(visit.request.base_url),
    )
    content, rows = visit.site.access.cached(index, key, make)
    headers = {
        "Content-Disposition": f'attachment; filename="tracuu.{format}"',
        "Cache-Control": "no-cache",
        "X-Rows": rows,
    }
    return Response(content, headers=headers, media_type=media_type)
