"""What was found, to be taken along: a table for spreadsheets, quotations for a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from ...export import MEDIA_TYPES, table_bytes
from ...search.table import COLUMNS as TABLE
from ...search.table import row
from .looks import Looks
from .search_page import CSV_ROWS, DOCX_ROWS, find
from .visit import Visit

if TYPE_CHECKING:
    from ...index.facade import Index

COLUMNS = (*TABLE, "url")
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def csv_file(index: Index, visit: Visit) -> Response:
    """The results as CSV for Excel: UTF-8 with a byte order mark, and no cell that is taken for a formula."""
    return _table(index, visit, "csv")


def xlsx_file(index: Index, visit: Visit) -> Response:
    """The results as an Excel workbook."""
    return _table(index, visit, "xlsx")


def _table(index: Index, visit: Visit, format: str) -> Response:
    results = find(index, visit.asked, size=CSV_ROWS)
    looks, labels = Looks(index, visit.asked), index.labels()
    base = str(visit.request.base_url).rstrip("/")
    rows = (
        (*row(hit, labels), base + looks.hit(hit).url.removeprefix(visit.asked.base))
        for hit in results
    )
    content = table_bytes(format, COLUMNS, rows)
    name = f"tracuu.{format}"
    return _download(content, MEDIA_TYPES[format], name, len(results), results.total)


def docx_file(index: Index, visit: Visit) -> Response:
    """The results as a Word document of quotations with their citations."""
    from .quotations import quotations

    results = find(index, visit.asked, size=DOCX_ROWS)
    looks = Looks(index, visit.asked)
    content = quotations(
        [looks.hit(hit) for hit in results],
        asked=visit.asked,
        total=results.total,
        looks=looks,
        t=visit.t,
    )
    return _download(content, _DOCX, "tracuu.docx", len(results), results.total)


def _download(content: str | bytes, media_type: str, name: str, rows: int, total: int) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-cache",
        "X-Rows": f"{rows}/{total}",
    }
    return Response(content, headers=headers, media_type=media_type)
