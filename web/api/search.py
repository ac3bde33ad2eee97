"""Searching: ranked passages, and words to search for."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from .asked import Asked

router = APIRouter(tags=["search"])


@router.get("/search")
async def search(access: Asked, q: str = "", limit: int = 10, offset: int = 0) -> Response:
    """Rank the passages that match a query."""
    results = await access.read(lambda index: index.search(q, limit=limit, offset=offset))
    return JSONResponse(results.to_dict())
