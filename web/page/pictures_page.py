"""What was found as pictures, each with its numbers as a table."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from ...charts import Picture, draw, matrix, shares, table_of, timeline
from .asked import Asked
from .facets import make_chips
from .looks import Looks
from .visit import Visit

if TYPE_CHECKING:
    from ...index.facade import Index

SHARES = 6
"""Reports in the picture of shares: those with most matches."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For a picture opened by itself: what matplotlib draws has its styles within. Scripts run in none."""


def _shares(index: Index, query: str, **options: object) -> Picture:
    return shares(index, query, most=SHARES, **options)  # type: ignore[arg-type]


KINDS: dict[str, Callable[..., Picture]] = {
    "matrix": matrix,
    "timeline": timeline,
    "shares": _shares,
}


def pictures_page(index: Index, visit: Visit) -> Response:
    """All pictures of a search; of the whole index where nothing is asked for."""
    asked = visit.asked
    counted = {kind: _count(index, asked, kind) for kind in KINDS}
    return visit.render(
        "pictures.html",
        tables={kind: table_of(picture, visit.t.lang) for kind, picture in counted.items()},  # type: ignore[arg-type]
        total=counted["matrix"].asked.total,
        chips=make_chips(asked, Looks(index, asked), visit.t),
        drawn=find_spec("matplotlib") is not None,
    )


def picture_file(index: Index, visit: Visit) -> Response:
    """One picture as SVG."""
    kind = visit.request.path_params["kind"]
    if kind not in KINDS:
        raise HTTPException(404)
    picture = _count(index, visit.asked, kind)
    content = draw(picture, "svg", lang=visit.t.lang)  # type: ignore[arg-type]
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
    return Response(content, headers=headers, media_type="image/svg+xml")


def _count(index: Index, asked: Asked, kind: str) -> Picture:
    return KINDS[kind](index, asked.q, literal=asked.literal, **asked.filters)
