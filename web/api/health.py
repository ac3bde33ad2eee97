"""Whether the service is there, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from .asked import Asked

router = APIRouter(tags=["service"])


@router.get("/healthz")
async def healthz() -> Response:
    """The process lives; says nothing of the index."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
async def readyz(access: Asked) -> Response:
    """The index opens and answers."""
    found = await access.read(lambda index: index.search("", limit=0).total)
    return JSONResponse({"status": "ok", "passages": found})
