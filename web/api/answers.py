"""JSON responses made in the searching thread, with ETags and page links."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from starlette.responses import Response

from ...corpus import Passage, Report
from ...index import Index
from ..access import Access
from ..guard import path_of

Data = dict[str, Any]


async def answer(
    request: Request, access: Access, work: Callable[[Index], Data], *, slow: bool = False
) -> Response:
    """Return the result of ``work`` as JSON, or 304 if the client has it.

    ``slow`` work has a separate thread and queue.
    """
    wanted = request.headers.get("if-none-match", "")

    def do(index: Index) -> tuple[str, bytes | None]:
        # taken first: a commit during the work makes the tag too old, never too new
        tag = access.tag(index)
        return tag, None if tag in wanted else as_json(work(index))

    tag, body = await (access.read_slowly if slow else access.read)(do)
    headers = {"ETag": f'W/"{tag}"', "Cache-Control": "private, no-cache"}
    if body is None:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def as_json(data: Any) -> bytes:
    """Serialise to JSON in the form of the API."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def passage_data(request: Request, passage: Passage) -> Data:
    """A passage with a link to its surroundings."""
    return {**passage.to_dict(), "link": _passage_link(request, passage)}


def report_data(request: Request, report: Report) -> Data:
    """A report with its link; its file name has no folders."""
    data = report.to_dict()
    if report.source is not None:
        data["source"] = _bare(report.source)
    data["copies"] = [{**copy, "source": _bare(copy["source"])} for copy in data["copies"]]
    return {**data, "link": report_link(request, report.id)}


def _bare(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def report_link(request: Request, report: str) -> str:
    """The link to a report."""
    return f"{_root(request)}/api/v1/reports/{quote(report, safe='')}"


def _passage_link(request: Request, passage: Passage) -> str:
    return f"{report_link(request, passage.report)}/passages/{passage.position}"


def page_links(request: Request, offset: int, limit: int, total: int) -> Data:
    """Links to this, the first, the previous and the next page of a list.

    They hold only path and parameters: the client knows the host name it used.
    """
    given = [
        (name, value) for name, value in request.query_params.multi_items() if name != "offset"
    ]
    path = _root(request) + quote(path_of(request.scope))

    def at(place: int) -> str:
        pairs = [*given, ("offset", str(place))] if place else given
        return path + (f"?{urlencode(pairs)}" if pairs else "")

    most = request.app.state.settings.offset
    further = limit and offset + limit < total and offset + limit <= most
    return {
        "self": at(offset),
        "first": at(0),
        "previous": at(max(0, offset - limit)) if offset and limit else None,
        "next": at(offset + limit) if further else None,
    }


def _root(request: Request) -> str:
    """The path at which the service is mounted, or published by a proxy."""
    return str(request.scope.get("root_path") or request.app.state.settings.root_path)
