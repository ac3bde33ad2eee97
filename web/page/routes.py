"""Routes of the pages."""

from __future__ import annotations

from starlette.routing import Match, Route
from starlette.types import Scope

from .charts_page import charts_page, picture_file
from .compare_page import compare_page
from .export import csv_file, docx_file, xlsx_file
from .feed import alerts_feed
from .help_page import help_page
from .original_page import original_file, page_file
from .report_pages import known_passage_or_report, report_page, reports_page
from .search_page import narrow_page, search_page
from .upload_page import upload_page
from .visit import Site, Slowness, Work

# slow pages, made by the helper process if there is one
HELPED = (compare_page, charts_page, picture_file, csv_file, docx_file, xlsx_file, page_file)


class PageRoute(Route):
    """A route that adds itself to the scope, like FastAPI's, for the metrics."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the route matches a request, and its additions to the scope."""
        match, added = super().matches(scope)
        return match, {**added, "route": self}


def routes(site: Site) -> list[Route]:
    """All routes of the page, more specific ones first."""
    pages = {
        "/": search_page,
        "/narrow": narrow_page,
        "/export.csv": csv_file,
        "/export.xlsx": xlsx_file,
        "/export.docx": docx_file,
        "/help": help_page,
        "/charts": charts_page,
        "/charts/{kind}.svg": picture_file,
        "/pictures": charts_page,  # the address of an earlier version
        "/pictures/{kind}.svg": picture_file,
        "/compare": compare_page,
        "/originals/{report:path}/{position:int}.png": page_file,
        "/originals/{report:path}": original_file,
        "/alerts.atom": alerts_feed,
        "/upload": upload_page,
        "/reports": reports_page,
        "/reports/{report:path}/{position:int}": known_passage_or_report,
        "/reports/{report:path}": report_page,
    }
    return [
        PageRoute("/static/{version}/{name}", site.assets.answer, name="asset"),
        PageRoute("/favicon.ico", site.assets.favicon, name="favicon"),
        *(
            PageRoute(path, site.page(work, slow=_slowness(work)), name=f"page:{work.__name__}")
            for path, work in pages.items()
        ),
    ]


def _slowness(work: Work) -> Slowness:
    return "helped" if work in HELPED else "read" if work is original_file else ""
