"""The OpenAPI description: responses and problems of routes, and limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from ..problems import MEDIA_TYPE
from ..settings import Settings
from . import models
from .parameters import MOST_VALUES

_PROBLEMS = {
    400: "The request is not well-formed, or its host name is not allowed",
    401: "A token is missing or wrong",
    403: "The service only reads",
    404: "No such report or passage",
    409: "The id is of a report that was not uploaded, or the file has another id",
    413: "The report is too large",
    415: "This kind of file cannot be read",
    422: "A parameter, the query or the report is invalid",
    503: "The index is unavailable or the service overloaded; try again after Retry-After",
}

Responses = dict[int | str, dict[str, Any]]


def given(
    model: type[BaseModel],
    *others: int,
    query: bool = False,
    status: int = 200,
    cached: bool = True,
    also: Mapping[int, str] | None = None,
) -> Responses:
    """The responses of a route.

    They are ``model`` (for the codes ``also`` too), the problems of any route, and ``others``.
    """
    responses: Responses = {status: {"model": model, "description": (model.__doc__ or "").strip()}}
    if cached:
        responses[status]["headers"] = {
            "ETag": {
                "description": "The state of the index",
                "schema": {"type": "string"},
                "required": True,
            }
        }
        responses[304] = {"description": "Not modified (If-None-Match)"}
    for code, description in (also or {}).items():
        responses[code] = {"model": model, "description": description}
    detail = " (bad-query has its position)" if query else ""
    for code in sorted({400, 422, 503, *others}):
        responses[code] = {
            "description": _PROBLEMS[code] + (detail if code == 422 else ""),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return responses


def file_of(media_types: Mapping[str, str]) -> Responses:
    """The responses of a route that returns a file of one of these types."""
    file = {"schema": {"type": "string", "format": "binary"}}
    types = (kind.partition(";")[0] for kind in media_types.values())
    responses: Responses = {200: {"description": "The file", "content": dict.fromkeys(types, file)}}
    for code in (400, 415, 422, 503):
        responses[code] = {
            "description": _PROBLEMS[code],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return responses


def body_of(media_types: Iterable[str]) -> dict[str, Any]:
    """The request body of a route that takes a file."""
    file = {"schema": {"type": "string", "format": "binary"}}
    content = dict.fromkeys(("application/octet-stream", *media_types), file)
    return {
        "requestBody": {
            "required": True,
            "description": "The bytes of the file.",
            "content": content,
        }
    }


def describe(app: FastAPI, settings: Settings) -> None:
    """Generate the description with its limits, once."""
    make = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = make()
            components = schema.setdefault("components", {}).setdefault("schemas", {})
            components["Problem"] = models.Problem.model_json_schema(
                ref_template="#/components/schemas/{model}"
            )
            for unused in ("HTTPValidationError", "ValidationError"):
                components.pop(unused, None)
            for operations in schema["paths"].values():
                for operation in operations.values():
                    for parameter in operation.get("parameters", ()):
                        _without_null(parameter)
                        _bound(parameter, settings)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _without_null(parameter: dict[str, Any]) -> None:
    """Remove null from a parameter's types: in a URL it is omitted instead."""
    schema = parameter["schema"]
    kinds = [one for one in schema.pop("anyOf", ()) if one.get("type") != "null"]
    for one in kinds[:1]:
        schema.update(one)


def _bound(parameter: dict[str, Any], settings: Settings) -> None:
    most = {
        "limit": settings.page_size,
        "offset": settings.offset,
        "before": settings.page_size,
        "after": settings.page_size,
    }
    schema = parameter["schema"]
    if parameter["name"] in most:
        schema["maximum"] = most[parameter["name"]]
    if parameter["in"] != "query":
        return
    if schema.get("type") == "array":
        schema.setdefault("maxItems", MOST_VALUES // 2)
        schema = schema["items"]
    if schema.get("type") == "string" and "enum" not in schema:
        schema.setdefault("maxLength", settings.query_length)
