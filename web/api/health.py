"""Whether the service is there, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from . import models
from .asked import Asked
from .described import given

router = APIRouter(tags=["service"])
_FRESH = {"Cache-Control": "no-store"}


@router.get("/healthz", responses={200: {"model": models.Health}})
async def healthz() -> Response:
    """The process lives; says nothing of the index."""
    return JSONResponse({"status": "ok"}, headers=_FRESH)


@router.get("/readyz", responses=given(models.Readiness, cached=False))
async def readyz(access: Asked) -> Response:
    """The index opens and answers."""
    found = await access.read(lambda index: index.search("", limit=0).total)
    return JSONResponse({"status": "ok", "passages": found}, headers=_FRESH)
