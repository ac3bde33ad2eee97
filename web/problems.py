"""Errors as problem details (RFC 9457), never a traceback.

``type`` is ``urn:tracuu:problem:NAME`` with one of the names of :data:`TITLES`. Responses never
name files or folders of the server: in messages of the library, ``INDEX`` replaces the index's
folder.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from .. import errors
from ..errors import Message
from ..messages import ENGLISH, VIETNAMESE, in_language
from .access import Overloaded, TookTooLong

URN = "urn:tracuu:problem:"
MEDIA_TYPE = "application/problem+json"

# name of a problem → its title
TITLES = {
    "bad-request": "The request is malformed",
    "bad-value": "A value is invalid",
    "bad-query": "The query cannot be understood",
    "unauthorised": "A token is needed",
    "read-only": "This service only reads",
    "not-found": "Not found",
    "bad-method": "The method is not allowed here",
    "conflict": "This would overwrite something else",
    "too-large": "The report is too large",
    "unsupported-format": "This kind of file cannot be read",
    "unreadable-report": "The report cannot be read",
    "overloaded": "Too many requests are waiting",
    "took-too-long": "The response took too long",
    "index-busy": "Another process is writing to the index",
    "index-unavailable": "The index cannot be read now",
    "fault": "An internal error of the service",
}


class Problem(Exception):
    """An error response; ``more`` are further members, such as ``position``."""

    def __init__(
        self,
        status: int,
        name: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.name = name
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = more

    def to_dict(self, language: str = ENGLISH) -> dict[str, Any]:
        """The problem as an RFC 9457 object, with its detail in a language."""
        return {
            "type": URN + self.name,
            "title": TITLES[self.name],
            "status": self.status,
            "detail": in_language(self.detail, language),
            **self.more,
        }

    def response(self, language: str = ENGLISH) -> Response:
        """The response, with its detail in a language."""
        return JSONResponse(
            self.to_dict(language),
            self.status,
            {"Cache-Control": "no-store", "Content-Language": language, **self.headers},
            media_type=MEDIA_TYPE,
        )


def language_of(headers: Mapping[str, str]) -> str:
    """The language of ``Accept-Language``, by default English."""
    first = headers.get("accept-language", "").partition(",")[0].partition(";")[0]
    wanted = first.strip().partition("-")[0].lower()
    return VIETNAMESE if wanted == VIETNAMESE else ENGLISH


def of_http(error: HTTPException) -> Problem:
    """The problem for an error of Starlette: unknown route or method, bad body."""
    if error.status_code == 404:
        return Problem(
            404,
            "not-found",
            "there is nothing at this address; GET /api/v1/openapi.json lists all routes",
        )
    if error.status_code == 405:
        return Problem(
            405,
            "bad-method",
            "this method is not allowed here; the header Allow lists those that are",
            headers=error.headers,
        )
    if error.status_code >= 500:
        return Problem(500, "fault", "this is a bug in the service")
    return Problem(error.status_code, "bad-request", str(error.detail), headers=error.headers)


def of_validation(error: RequestValidationError) -> Problem:
    """The problem for invalid parameters.

    ``parameter`` names the first one, ``errors`` lists all.
    """
    found = [
        {"parameter": ".".join(str(part) for part in one["loc"][1:]), "detail": str(one["msg"])}
        for one in error.errors()
    ]
    first = found[0] if found else {"parameter": "", "detail": "not as described"}
    return Problem(422, "bad-value", f"{first['parameter']}: {first['detail']}", errors=found)


_READ_STATUS: dict[type[errors.ReadError], tuple[int, str]] = {
    errors.TooLarge: (413, "too-large"),
    errors.UnsupportedFormat: (415, "unsupported-format"),
}


def problem_of(error: BaseException, *, index: str = "", timeout: float = 0.0) -> Problem:
    """Convert ``error`` to a problem.

    ``index`` is the index's folder, which is removed from messages.
    """
    if isinstance(error, Problem):
        return error
    if isinstance(error, Overloaded):
        return Problem(
            503,
            "overloaded",
            "more requests are waiting than can be served; try again",
            headers={"Retry-After": "1"},
        )
    if isinstance(error, TookTooLong):
        detail = Message(
            "the limit is {seconds:g} seconds; ask for less (a smaller limit or offset, a shorter "
            "query)",
            seconds=timeout,
        )
        return Problem(
            503, "took-too-long", detail, headers={"Retry-After": str(max(1, math.ceil(timeout)))}
        )
    if isinstance(error, errors.TracuuError):
        problem = _of_library(error)
        if index:
            problem.detail = _without(problem.detail, index)
        return problem
    return Problem(
        500, "fault", "this is a bug in the service, which has been logged; please report it"
    )


def _without(text: str, folder: str) -> str:
    """``text`` without the name of the index's folder; a message remains a Message."""
    if not isinstance(text, Message):
        return text.replace(folder, "INDEX")
    values = {
        name: _without(value, folder) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return Message(text.template.replace(folder, "INDEX"), **values)


def _message(error: errors.TracuuError) -> str:
    """The message of an error, with its template if it has one."""
    first = error.args[0] if error.args else ""
    return first if isinstance(first, Message) else str(error)


def _of_library(error: errors.TracuuError) -> Problem:
    if isinstance(error, errors.QueryError):
        return Problem(422, "bad-query", _message(error), position=error.position)
    if isinstance(error, errors.UnknownArea):
        return Problem(422, "bad-value", _message(error), nearest=list(error.nearest))
    if isinstance(error, errors.MissingExtra):
        return Problem(415, "unsupported-format", Message("on the server, {error}", error=error))
    if isinstance(error, errors.UsageError):
        return Problem(422, "bad-value", _message(error))
    if isinstance(error, errors.ReadError):
        status, name = _READ_STATUS.get(type(error), (422, "unreadable-report"))
        return Problem(status, name, error.reason)
    if isinstance(error, errors.IndexBusy):
        return Problem(
            503,
            "index-busy",
            "another client is writing to it; try again",
            headers={"Retry-After": "5"},
        )
    if isinstance(error, errors.StorageError):
        more = (
            isinstance(error, (errors.IndexDamaged, errors.IndexOutdated))
            and "tracuu rebuild" not in error.reason
        )
        detail: str = error.reason
        if more:
            detail = Message("{reason}: tracuu rebuild --index INDEX", reason=error.reason)
        return Problem(503, "index-unavailable", detail, headers={"Retry-After": "30"})
    return Problem(500, "fault", _message(error))
