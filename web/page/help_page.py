"""How to search: the query language, filters, keys."""

from __future__ import annotations

from starlette.responses import Response

from ...index import Index
from .visit import Visit


def help_page(index: Index, visit: Visit) -> Response:
    """The help, in the visitor's language."""
    areas = [(area.id, area.label) for area in index.areas()]
    return visit.render(f"help.{visit.query.lang}.html", areas=areas)
