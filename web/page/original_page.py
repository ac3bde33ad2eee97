"""The files that reports were read from, if the settings allow it.

A file is shown whole, or a page of a PDF as a picture. Requests name a report by id and a passage
by position, never a path.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response

from ...corpus import Limits
from ...corpus.model import Passage, Report
from ...corpus.readers.formats import BY_NAME
from ...corpus.readers.pdf_picture import page_picture
from ...index import Index
from .visit import Visit

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
_PRIVATE = "private, no-cache"


def original_link(visit: Visit, report: Report, passage: Passage | None = None) -> str | None:
    """The address of a report's file, of a PDF at the passage's page, or None."""
    if not visit.site.settings.originals or not report.source:
        return None
    address = f"{visit.query.base}/originals/{quote(report.id, safe='')}"
    page = passage.page if passage is not None else None
    return f"{address}#page={page}" if page is not None and _is_pdf(report) else address


def picture_link(visit: Visit, report: Report, passage: Passage) -> str | None:
    """The address of the picture of a PDF's page with the passage marked, or None."""
    if original_link(visit, report) is None or passage.page is None or not _is_pdf(report):
        return None
    return f"{visit.query.base}/originals/{quote(report.id, safe='')}/{passage.position}.png"


def original_file(index: Index, visit: Visit) -> Response:
    """A report's file: PDF files are displayed, others downloaded."""
    _check(visit)
    original = index.original(visit.request.path_params["report"], limits=_limits(visit))
    known = BY_NAME.get(original.format)
    media_type = known.media_types[0] if known and known.media_types else "application/octet-stream"
    shown = "inline" if original.format == "pdf" else "attachment"
    headers = {
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(original.name, safe='')}",
        "Content-Security-Policy": _POLICY,
        "Cache-Control": _PRIVATE,
    }
    if original.format != "pdf":
        media_type = "application/octet-stream" if original.format == "html" else media_type
    return Response(original.content, headers=headers, media_type=media_type)


def page_file(index: Index, visit: Visit) -> Response:
    """The page of a PDF on which a passage begins, with the passage marked, as PNG."""

    _check(visit)
    name, position = visit.request.path_params["report"], visit.request.path_params["position"]
    passage = index.passage(f"{name}#{position}")
    number = passage.page

    def make() -> bytes:
        original = index.original(name, limits=_limits(visit))
        if number is None or original.format != "pdf":
            raise HTTPException(404)
        return page_picture(original.content, number, passage.text, name=original.name)

    content = visit.site.access.cached(index, ("page", passage.id), make)
    return Response(content, headers={"Cache-Control": _PRIVATE}, media_type="image/png")


def _check(visit: Visit) -> None:
    if not visit.site.settings.originals:
        raise HTTPException(404)


def _limits(visit: Visit) -> Limits:
    return Limits(file_bytes=visit.site.settings.upload_bytes)


def _is_pdf(report: Report) -> bool:
    return (report.member or report.source or "").lower().endswith(".pdf")
