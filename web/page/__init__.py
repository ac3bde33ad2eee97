"""The web page: search, read and quote in a browser, JavaScript or not."""

from __future__ import annotations

from starlette.applications import Starlette

from ...errors import MissingExtra, install_extra
from ..access import Access
from ..settings import Settings

try:
    from .routes import routes
    from .visit import Site
except ModuleNotFoundError as error:
    raise MissingExtra(
        "the web page needs the package {name!r}; {how}",
        name=error.name,
        how=install_extra("web"),
    ) from error

__all__ = ["add_page"]


def add_page(app: Starlette, access: Access, settings: Settings) -> None:
    """Add the page's routes to the application."""
    site = Site(access, settings)
    app.router.routes.extend(routes(site))
    app.state.problem_page = site.problem_page
