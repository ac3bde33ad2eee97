"""Shared parts of routes: access to the index, parameters and their checks."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import Depends, Path, Query, Request

from ..access import Access
from ..problems import Problem
from ..settings import Settings

MOST_VALUES = 50  # maximum parameter values of a request


def access_of(request: Request) -> Access:
    """The application's access to the index."""
    return cast(Access, request.app.state.access)


def settings_of(request: Request) -> Settings:
    """The application's settings."""
    return cast(Settings, request.app.state.settings)


def parameters_of(request: Request) -> set[str]:
    """Names of the operation's parameters, from the application's own description."""
    known: dict[str, set[str]] = request.app.state.parameters
    if not known:
        for methods in request.app.openapi()["paths"].values():
            for operation in methods.values():
                names = (
                    one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"
                )
                known[operation["operationId"]] = set(names)
    return known.get(request.scope["endpoint"].__name__, set())


def check_values(request: Request) -> None:
    """Check the names and sizes of a request's parameters.

    Raises Problem for a parameter unknown to the route, and for values over the limits.
    """
    settings = settings_of(request)
    given = request.query_params.multi_items()
    if len(given) > MOST_VALUES:
        raise _wrong("", f"a request has at most {MOST_VALUES} parameters")
    known = parameters_of(request)
    most = {
        "limit": settings.page_size,
        "offset": settings.offset,
        "before": settings.page_size,
        "after": settings.page_size,
    }
    for name, value in given:
        if name not in known:
            raise _wrong(
                name[:50],
                f"there is no such parameter; there are: {', '.join(sorted(known)) or 'none'}",
            )
        if len(value) > settings.query_length:
            raise _wrong(
                name, f"it has {len(value)} characters; the limit is {settings.query_length}"
            )
        if name in most and value.isdecimal() and (len(value) > 9 or int(value) > most[name]):
            raise _wrong(name, f"the limit is {most[name]}")
        if name not in _SEVERAL and len(request.query_params.getlist(name)) > 1:
            raise _wrong(name, "it can be given once")


def _wrong(name: str, detail: str) -> Problem:
    message = f"{name}: {detail}" if name else detail
    return Problem(422, "bad-value", message, errors=[{"parameter": name, "detail": detail}])


IndexAccess = Annotated[Access, Depends(access_of)]
Limits = Annotated[Settings, Depends(settings_of)]

_SEVERAL = ("area", "assessment", "report", "kind", "body", "place", "folder", "extra", "by")
Text = Annotated[
    str,
    Query(
        description="What to search for; see the query language. Diacritics may be left out.",
        examples=["giải ngân vốn đầu tư"],
    ),
]
Names = list[str] | None
AreaNames = Annotated[
    Names,
    Query(
        description="Only these areas: id, label or part of either. Repeatable.",
        examples=[["kinh-te"]],
    ),
]
AssessmentNames = Annotated[
    Names,
    Query(
        description="achievement, shortcoming, cause or none; Vietnamese names too. Repeatable.",
        examples=[["shortcoming"]],
    ),
]
ReportNames = Annotated[
    Names, Query(description="Only these reports, by id or part of one. Repeatable.")
]
Year = Annotated[
    str | None,
    Query(
        description="Only reports about these years: 2003, 2003..2005, 2003.., ..2005.",
        examples=["2015..2020"],
    ),
]
Term = Annotated[
    str | None, Query(description="Only reports on this term of office.", examples=["2015-2020"])
]
KindNames = Annotated[
    Names, Query(description="What reports call themselves: báo cáo, nghị quyết … Repeatable.")
]
Number = Annotated[
    str | None, Query(description="The document number, whole or in part.", examples=["15-BC/QU"])
]
BodyNames = Annotated[
    Names,
    Query(
        description="Issuing body of the report: a name or whole words of one. Repeatable.",
        examples=[["UBND xã"]],
    ),
]
PlaceNames = Annotated[Names, Query(description="Place of issue. Repeatable.")]
FolderNames = Annotated[
    Names,
    Query(
        description="Folders that contain the report's file: 2024, xa-a/2024. Repeatable.",
        examples=[["2024"]],
    ),
]
Extra = Annotated[
    Names,
    Query(
        description="Metadata of the application, as key=value. Repeatable: any value of a key, "
        "and all keys.",
        examples=[["nguon=van-thu"]],
    ),
]
Literally = Annotated[bool, Query(description="Treat q as plain words, without operators.")]
Limit = Annotated[int, Query(ge=0, description="Maximum number of results.")]
Offset = Annotated[int, Query(ge=0, description="Number of results to skip.")]
Width = Annotated[int, Query(ge=20, le=2000, description="Maximum characters of a snippet.")]
Few = Annotated[int, Query(ge=0, description="Maximum passages of one report.")]
ReportId = Annotated[
    str, Path(min_length=1, description="Id of a report.", examples=["bao-cao-2020"])
]
Position = Annotated[
    int, Path(ge=1, lt=2**31, description="Position of a passage in its report, from 1.")
]


class Filters:
    """The filters of a search, as arguments of ``Index.search``."""

    def __init__(
        self,
        area: AreaNames = None,
        assessment: AssessmentNames = None,
        report: ReportNames = None,
        year: Year = None,
        term: Term = None,
        kind: KindNames = None,
        number: Number = None,
        body: BodyNames = None,
        place: PlaceNames = None,
        folder: FolderNames = None,
        extra: Extra = None,
    ) -> None:
        given = {
            "area": area,
            "assessment": assessment,
            "report": report,
            "year": year,
            "term": term,
            "kind": kind,
            "number": number,
            "body": body,
            "place": place,
            "folder": folder,
            "extra": extra,
        }
        self.given: dict[str, Any] = {name: value for name, value in given.items() if value}


Filtered = Annotated[Filters, Depends()]
