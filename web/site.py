"""Several indexes on one server: a page of all, and each below its own name."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from ..corpus import slug
from ..errors import OptionError, TracuuError
from ..index import Index
from .access import Access, Overloaded, TookTooLong
from .app import create_app
from .guard import Guard
from .page.query import PageQuery
from .page.visit import Site, Visit
from .settings import Settings


@dataclass(frozen=True, slots=True)
class Choice:
    """One index to choose.

    ``found`` passages match the query; None if the index cannot be read now.
    """

    name: str
    url: str
    reports: int | None
    found: int | None


def create_site(
    index_paths: Sequence[str | os.PathLike[str]], *, settings: Settings | None = None
) -> Starlette:
    """Make one ASGI application over several indexes, each below its folder's name.

    ``/`` lists them with their numbers of matches. Their rankings are not merged, since each index
    has separate word statistics. Raises MissingExtra, and OptionError for two folders with one
    name.
    """
    settings = settings or Settings()
    apps: dict[str, FastAPI] = {}
    for path in index_paths:
        name = slug(os.path.basename(os.path.abspath(path)))
        if not name or name in apps:
            raise OptionError(
                "two indexes would be served as /{name}/; rename the folder {path}",
                name=name,
                path=path,
            )
        below = f"{settings.root_path}/{name}"
        apps[name] = create_app(path, settings=replace(settings, root_path=below))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        for app in apps.values():
            app.state.access.close()

    site = Site(next(iter(apps.values())).state.access, settings)

    async def choose(request: Request) -> Response:
        return await _choose(request, site, apps)

    async def favicon(request: Request) -> Response:
        return await site.assets.favicon(request)

    mounts = [Mount(f"/{name}", app=app) for name, app in apps.items()]
    joined = Starlette(
        routes=[Route("/", choose), Route("/favicon.ico", favicon), *mounts], lifespan=lifespan
    )
    joined.add_middleware(Guard, index="", settings=settings)
    return joined


async def _choose(request: Request, site: Site, apps: dict[str, FastAPI]) -> Response:
    """The page that lists the indexes; with a query, their numbers of matches."""
    visit = Visit(site, request)
    query = visit.query
    found = await asyncio.gather(
        *(_count(app.state.access, name, query) for name, app in apps.items())
    )
    name = next(iter(apps))
    t = visit.t
    context: dict[str, Any] = {
        "t": t,
        "query": query,
        "choices": found,
        "base": query.base,
        "asset": lambda file: f"{query.base}/{name}{site.assets.url(file)}",
    }
    html = site.templates.get_template("choose.html").render(context)
    return HTMLResponse(html, headers={"Cache-Control": "no-cache"})


async def _count(access: Access, name: str, query: PageQuery) -> Choice:
    def work(index: Index) -> tuple[int, int]:
        total = index.search(query.q, literal=query.literal, limit=0).total
        return len(index.reports()), total

    url = replace(query, base=f"{query.base}/{name}").url()
    try:
        reports, total = await access.read(work)
    except (TracuuError, Overloaded, TookTooLong):
        return Choice(name, url, None, None)
    return Choice(name, url, reports, total)
