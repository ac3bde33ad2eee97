"""tracuu's service, API and page, mounted in a FastAPI application.

    REPORTS_INDEX=reports.idx uvicorn fastapi_app:make_app --factory

``/reports/`` is the page, ``/reports/api/v1/search?q=…`` the API; ``/staff/reports`` is a route
of the application.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException

from tracuu import Index, TracuuError
from tracuu.errors import UsageError
from tracuu.web import Settings, create_app


def make_app(index_path: str | None = None) -> FastAPI:
    """Make the application over the index at ``index_path``, or REPORTS_INDEX."""
    place = index_path or os.environ["REPORTS_INDEX"]
    index = Index.open(place)
    service = create_app(place, settings=Settings(page_size=50, access_log=False))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Starlette does not run the lifespan of a mounted application
        async with service.router.lifespan_context(service):
            yield
        index.close()

    app = FastAPI(title="intranet", lifespan=lifespan)
    app.mount("/reports", service)

    @app.get("/staff/reports")
    def shortcomings(q: str, area: str | None = None) -> list[dict[str, object]]:
        """List shortcomings, in one of FastAPI's threads, which share the Index."""
        try:
            found = index.search(q[:500], area=area, assessment="shortcoming", limit=5)
        except UsageError as error:
            raise HTTPException(400, str(error)) from error
        except TracuuError as error:
            raise HTTPException(503, "the search is unavailable at the moment") from error
        return [
            {"id": hit.passage.id, "headings": hit.passage.heading_path, "text": hit.snippet}
            for hit in found
        ]

    return app
