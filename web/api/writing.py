"""Adding and removing reports, for holders of the token."""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Security
from fastapi.security import HTTPBearer
from starlette.responses import Response

from ...corpus import Limits
from ...corpus.readers.formats import MEDIA_TYPES
from ...errors import Message, OptionError, ReportExists
from ...index.facade import Index
from ...index.saved import AlertFinder
from ...indexer import Change
from ...messages import in_language
from ..problems import Problem, language_of
from ..settings import Settings
from . import models
from .answers import Data, as_json, report_data, report_link
from .forms import FORM, HOW, REFUSED, file_of_form
from .openapi import body_of, given
from .parameters import IndexAccess, ReportId, access_of, settings_of
from .reports import found

_bearer = HTTPBearer(auto_error=False, description="The token of the service.")


def check_token(request: Request, _: Annotated[object, Security(_bearer)]) -> None:
    """Check the token; raise Problem 403 for a read-only service, 401 without it."""
    token = settings_of(request).token
    if token is None:
        raise Problem(
            403, "read-only", "it was started without a token, so nothing can be added or removed"
        )
    scheme, _space, sent = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secrets.compare_digest(
        sent.strip().encode(), token.encode()
    ):
        raise Problem(
            401,
            "unauthorised",
            "send the header Authorization: Bearer TOKEN",
            headers={"WWW-Authenticate": "Bearer"},
        )


router = APIRouter(tags=["writing"], dependencies=[Depends(check_token)])
NewId = Annotated[
    str,
    Path(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=100,
        description="Id for the report.",
        examples=["bao-cao-2020"],
    ),
]
Name = Annotated[
    str,
    Query(
        max_length=250,
        description="File name without a path: gives the format, and the title of a document "
        "without one.",
    ),
]
Ocr = Annotated[
    str | None,
    Query(
        max_length=50,
        pattern=r"^\w+(\+\w+)*$",
        description="Read scanned pages with tesseract in these languages.",
        examples=["vie", "vie+eng"],
    ),
]
Extra = Annotated[
    list[str] | None,
    Query(
        description="Metadata of the application for the report, as key=value. Repeatable. If "
        "omitted, a replaced report keeps its metadata.",
        examples=[["nguon=van-thu"]],
    ),
]
_WRITTEN = (401, 403, 409, 413, 415)


@router.post(
    "/reports",
    status_code=201,
    responses=given(
        models.Change,
        *_WRITTEN,
        status=201,
        cached=False,
        also={200: "The same file is there already"},
    ),
    openapi_extra=body_of(MEDIA_TYPES),
)
async def add_report(
    request: Request, access: IndexAccess, name: Name = "", ocr: Ocr = None, extra: Extra = None
) -> Response:
    """Add a report from the file in the body; its id is derived from its name."""
    return await _put(request, name, None, ocr, extra)


@router.put(
    "/reports/{report:path}",
    responses=given(models.Change, 404, *_WRITTEN, cached=False, also={201: "Added"}),
    openapi_extra=body_of(MEDIA_TYPES),
)
async def put_report(
    request: Request,
    access: IndexAccess,
    report: NewId,
    name: Name = "",
    ocr: Ocr = None,
    extra: Extra = None,
) -> Response:
    """Add a report under an id, or replace the one with that id."""
    return await _put(request, name, report, ocr, extra)


@router.delete(
    "/reports/{report:path}", responses=given(models.Removed, 401, 403, 404, cached=False)
)
async def remove_report(request: Request, access: IndexAccess, report: ReportId) -> Response:
    """Remove a report.

    A report read from a folder of the server returns when that folder is indexed again.
    """

    def work(index: Index) -> Data:
        with found():
            return {"report": report, "passages": index.remove(report, wait=access.settings.wait)}

    return _json(await access.write(work))


async def _put(
    request: Request, name: str, report: str | None, ocr: str | None, extra: list[str] | None
) -> Response:
    access, settings = access_of(request), settings_of(request)
    limits = Limits(file_bytes=settings.upload_bytes)

    def work(index: Index) -> tuple[Change, list[Any]]:
        try:
            with AlertFinder(index) as finder:
                change = index.put(
                    content,
                    name=name,
                    report=report,
                    wait=settings.wait,
                    limits=limits,
                    ocr=ocr or False,
                    extra=None if extra is None else _pairs(extra),
                )
                list(finder.alerts([change]))  # for the feed
        except ReportExists as error:
            raise Problem(409, "conflict", error.args[0]) from error
        except OptionError as error:
            raise Problem(422, "bad-value", error.args[0]) from error
        return change, [report_data(request, index.report(one)) for one in change.reports]

    with access.uploading():
        name, content = await received(request, settings, name, report)
        change, reports = await access.write(work)
    data = {
        "kind": change.kind,
        "reports": reports,
        "passages": change.passages,
        "notes": [in_language(note, language_of(request.headers)) for note in change.notes],
    }
    headers = {"Location": report_link(request, change.reports[0])}
    return _json(data, 201 if change.kind == "added" else 200, headers)


def _pairs(extra: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in extra]
    for text, (_, mark, value) in zip(extra, pairs, strict=True):
        if not mark or not value:
            raise OptionError("extra: {text!r} is not key=value", text=text)
    return {key: value for key, _, value in pairs}


async def received(
    request: Request, settings: Settings, name: str, report: str | None = None
) -> tuple[str, bytes]:
    """Name and bytes of the file in a request, as its body or in a form.

    ``name`` is the one in the address; if empty, the form's name or the id is used. Raises Problem.
    """
    content_type = request.headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in REFUSED:
        refused = Message("{media_type} is not a report; {how}", media_type=media_type, how=HOW)
        raise Problem(415, "unsupported-format", refused)
    content = await _body(request, settings)
    if media_type == FORM:
        given, content = file_of_form(content, content_type)
        name = name or given
    name = name or report or ""
    if not name:
        raise Problem(422, "bad-value", "name: give the file's name, as ?name=bao-cao.docx")
    if "." not in name[-10:]:
        name += MEDIA_TYPES.get(media_type, "")
    return name, content


async def _body(request: Request, settings: Settings) -> bytes:
    """Read the request's body.

    Raises Problem for a body that is too large, as soon as that is known, or too slow.
    """
    most = settings.upload_bytes
    large = Problem(
        413,
        "too-large",
        Message("the limit for a report is {most:,} bytes here", most=most),
        headers={"Connection": "close"},
    )
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:18]) > most:
        raise large

    async def receive() -> bytes:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise large
        return bytes(body)

    try:
        return await asyncio.wait_for(receive(), settings.write_timeout)
    except (asyncio.TimeoutError, TimeoutError) as error:
        late = Message("the body took over {seconds:g} seconds", seconds=settings.write_timeout)
        raise Problem(400, "bad-request", late) from error


def _json(data: Data, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(as_json(data), status, kept, media_type="application/json")
