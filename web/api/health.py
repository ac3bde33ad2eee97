"""Liveness, readiness and metrics of the service."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from ..metrics import CONTENT_TYPE, Metrics
from . import models
from .openapi import given
from .parameters import IndexAccess

router = APIRouter(tags=["service"])
_FRESH = {"Cache-Control": "no-store"}


@router.get("/healthz", responses={200: {"model": models.Health}})
async def healthz() -> Response:
    """Report that the process is alive, without using the index."""
    return JSONResponse({"status": "ok"}, headers=_FRESH)


@router.get("/readyz", responses=given(models.Readiness, cached=False))
async def readyz(access: IndexAccess) -> Response:
    """Report that the index opens and answers."""
    found = await access.read(lambda index: index.search("", limit=0).total)
    return JSONResponse({"status": "ok", "passages": found}, headers=_FRESH)


@router.get(
    "/metrics",
    responses={
        200: {
            "description": "Prometheus text format",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }
    },
    response_class=Response,
)
async def metrics(request: Request) -> Response:
    """Return requests by route and status, their times, and figures of the index."""
    counted: Metrics = request.app.state.metrics
    text = await run_in_threadpool(counted.text)
    return Response(text, headers={**_FRESH, "Content-Type": CONTENT_TYPE})
