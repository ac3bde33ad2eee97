"""The JSON API, version 1: stable names; what is added later is new fields and new routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import health, search

if TYPE_CHECKING:
    from fastapi import FastAPI

V1 = "/api/v1"


def add_api(app: FastAPI) -> None:
    """Add all routes to the application."""
    app.include_router(search.router, prefix=V1)
    app.include_router(health.router)
