"""The application: one index, its API and its page."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ..errors import MissingExtra, install_extra
from ..index.fingerprint import tracuu_version
from .settings import Settings

try:
    from fastapi import FastAPI
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException
    from starlette.middleware.cors import CORSMiddleware
    from starlette.middleware.gzip import GZipMiddleware
    from starlette.requests import Request
    from starlette.responses import Response
except ModuleNotFoundError as error:
    raise MissingExtra(
        "the HTTP service needs the package {name!r}; {how}",
        name=error.name,
        how=install_extra("web"),
    ) from error

from ..errors import TracuuError
from .access import Access, Overloaded, TookTooLong
from .api import add_api
from .guard import Guard, answer_for
from .metrics import Metrics, RequestObserver
from .page import add_page
from .problems import Problem, of_http, of_validation, problem_of

DESCRIPTION = (
    "Search, browse and keep Vietnamese committee reports by leadership area and assessment."
)


def create_app(index_path: str | os.PathLike[str], *, settings: Settings | None = None) -> FastAPI:
    """Make the ASGI application over the index in the folder ``index_path``.

    The index need not exist yet: until then, requests that need it get a 503 response. The
    application closes the index when its lifespan ends. Raises MissingExtra.
    """
    settings = settings or Settings()
    access = Access(index_path, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        access.close()

    app = FastAPI(
        title="tracuu",
        summary="Full-text search for Vietnamese committee reports",
        description=DESCRIPTION,
        version=tracuu_version(),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        servers=[{"url": settings.root_path}] if settings.root_path else None,
        lifespan=lifespan,
    )
    app.state.access = access
    app.state.settings = settings
    app.state.metrics = Metrics(access)
    _add_problems(app, access)
    add_api(app, settings)
    add_page(app, access, settings)
    if settings.cors:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors),
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-None-Match"],
            expose_headers=["ETag", "Location", "Retry-After"],
        )
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Guard, index=access.path, settings=settings)
    app.add_middleware(RequestObserver, metrics=app.state.metrics, log=settings.access_log)
    return app


def _add_problems(app: FastAPI, access: Access) -> None:
    """Convert errors to problem responses."""

    async def respond(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            problem = of_http(error)
        elif isinstance(error, RequestValidationError):
            problem = of_validation(error)
        else:
            problem = problem_of(error, index=access.path, timeout=access.settings.timeout)
        return answer_for(request, problem)

    for kind in (
        HTTPException,
        RequestValidationError,
        TracuuError,
        Problem,
        Overloaded,
        TookTooLong,
    ):
        app.add_exception_handler(kind, respond)
