"""Preview a report before it is stored."""

from __future__ import annotations

import os
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from ...corpus import Limits, Reader, slug
from ...corpus.members import parse_contents
from ...corpus.readers.formats import MEDIA_TYPES, SUFFIXES
from ...errors import UnsupportedFormat
from ...index import Index
from ...indexer.isolated import IsolatedReader
from ...messages import in_language
from ..problems import language_of
from . import models
from .answers import Data, as_json
from .openapi import body_of, given
from .parameters import IndexAccess, settings_of
from .reports import headings_of
from .writing import Name, check_token, received

router = APIRouter(tags=["writing"], dependencies=[Depends(check_token)])


@router.post(
    "/preview",
    responses=given(models.Preview, 401, 403, 413, 415, cached=False),
    openapi_extra=body_of(MEDIA_TYPES),
)
async def preview(request: Request, access: IndexAccess, name: Name = "") -> Response:
    """Read a file and return its reports; nothing is stored."""
    settings = settings_of(request)
    with access.uploading():
        named, content = await received(request, settings, name)
        limits = Limits(file_bytes=settings.upload_bytes)
        data = await access.read_slowly(lambda index: preview_of(index, content, named, limits))
    language = language_of(request.headers)
    data["notes"] = [in_language(note, language) for note in data["notes"]]
    return Response(
        as_json(data), 200, {"Cache-Control": "no-store"}, media_type="application/json"
    )


def preview_of(index: Index, content: bytes, name: str, limits: Limits) -> Data:
    """Return the reports in a file, with their headings.

    The file is stored in the index's folder while a separate process reads it. Raises a ReadError
    for a file that cannot be read.
    """
    stem, suffix = os.path.splitext(name)
    if suffix.lower() not in SUFFIXES:
        raise UnsupportedFormat(
            name,
            "its name ends in none of: {suffixes}",
            suffixes=", ".join(sorted(SUFFIXES)),
        )
    with tempfile.TemporaryDirectory(dir=index.path, prefix="preview-") as folder:
        path = Path(folder) / f"report{suffix.lower()}"
        path.write_bytes(content)
        with closing(IsolatedReader()) as reader:
            contents = reader.read(str(path), limits=limits)
    readings = parse_contents(
        Reader(index.taxonomy), contents, id=slug(stem) or "report", name=stem
    )
    return {
        "format": contents.format,
        "notes": list(contents.notes),
        "reports": [_data(reading.report, list(reading.passages)) for reading in readings],
    }


def _data(report: Any, passages: list[Any]) -> Data:
    return {
        "title": report.title,
        "kind": report.kind,
        "number": report.number,
        "issuing_body": report.issuing_body,
        "date": report.date.isoformat() if report.date else None,
        "term": list(report.term) if report.term else None,
        "passages": len(passages),
        "headings": list(headings_of(passages)),
    }
