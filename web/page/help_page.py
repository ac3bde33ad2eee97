"""How to search: the query language, filters, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from .visit import Visit

if TYPE_CHECKING:
    from ...index.facade import Index


def help_page(index: Index, visit: Visit) -> Response:
    """The help, in the visitor's language."""
    areas = [(area.id, area.label) for area in index.areas()]
    return visit.render(f"help.{visit.query.lang}.html", areas=areas)
