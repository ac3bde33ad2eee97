"""The JSON API, version 1: names are stable; later changes only add."""

from __future__ import annotations

from fastapi import Depends, FastAPI

from ..settings import Settings
from . import corrections, health, preview, reports, search, writing
from .openapi import describe
from .parameters import check_values

V1 = "/api/v1"


def add_api(app: FastAPI, settings: Settings) -> None:
    """Add all routes to the application, and their description."""
    app.state.parameters = {}
    checks = [Depends(check_values)]
    for router in (
        search.router,
        corrections.router,
        reports.router,
        preview.router,
        writing.router,
    ):
        app.include_router(router, prefix=V1, dependencies=checks)
    app.include_router(health.router, dependencies=checks)
    describe(app, settings)
