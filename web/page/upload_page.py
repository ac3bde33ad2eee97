"""Uploading a report in the browser, for holders of the token."""

from __future__ import annotations

from starlette.responses import Response

from ...corpus.readers.formats import FORMATS, readable_suffixes
from ...index import Index
from .visit import Visit


def upload_page(index: Index, visit: Visit) -> Response:
    """The form; its script sends the file to the API for preview and storage."""
    settings = visit.site.settings
    readable = readable_suffixes()
    return visit.render(
        "upload.html",
        writable=settings.token is not None,
        suffixes=sorted(readable),
        usual=[each.suffixes[0] for each in FORMATS if each.suffixes[0] in readable],
        most=settings.upload_bytes >> 20,
    )
