"""What was found, to be taken along: a table for spreadsheets, quotations for a text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from .citation import citation
from .looks import Looks, Shown
from .search_page import CSV_ROWS, DOCX_ROWS, find
from .visit import Visit

if TYPE_CHECKING:
    from ...index.facade import Index

COLUMNS = (
    "rank",
    "id",
    "report_title",
    "issuing_body",
    "kind",
    "number",
    "date",
    "term",
    "heading_path",
    "area",
    "assessment",
    "text",
    "citation",
    "url",
)
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def csv_file(index: Index, visit: Visit) -> Response:
    """The results as CSV: UTF-8 with a byte order mark, as Excel wants it, and no cell that it takes for a formula."""
    results = find(index, visit.asked, size=CSV_ROWS)
    looks = Looks(index, visit.asked)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for hit in results:
        shown = looks.hit(hit)
        writer.writerow([harmless(cell) for cell in _row(shown, visit)])
    return _download(
        "\ufeff" + text.getvalue(),
        "text/csv; charset=utf-8",
        "tracuu.csv",
        len(results),
        results.total,
    )


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


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it.

    See OWASP, "CSV Injection".
    """
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_DANGEROUS) else cell


def _row(shown: Shown, visit: Visit) -> Iterable[Any]:
    passage, report = shown.passage, shown.report
    return (
        shown.rank,
        passage.id,
        report.title,
        report.issuing_body or "",
        report.kind or "",
        report.number or "",
        report.date.isoformat() if report.date else "",
        f"{report.term[0]}–{report.term[1]}" if report.term else "",
        " › ".join(passage.heading_path),
        shown.area,
        visit.t(shown.tells) if passage.assessment else "",
        passage.text,
        citation(passage, report),
        str(visit.request.base_url).rstrip("/") + shown.url.removeprefix(visit.asked.base),
    )


def _download(content: str | bytes, media_type: str, name: str, rows: int, total: int) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-cache",
        "X-Rows": f"{rows}/{total}",
    }
    return Response(content, headers=headers, media_type=media_type)
