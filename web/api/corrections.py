"""Correcting the area or assessment of passages, for clients with the token."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from ...index import Index
from ...indexer.corrections import Correction
from . import models
from .answers import Data, as_json, passage_data
from .openapi import given
from .parameters import IndexAccess, Position, ReportId
from .reports import found
from .writing import check_token

router = APIRouter(tags=["writing"], dependencies=[Depends(check_token)])
_PATH = "/reports/{report:path}/passages/{position}/correction"


@router.get("/corrections", responses=given(models.Corrections, 401, 403, cached=False))
async def corrections(request: Request, access: IndexAccess) -> Response:
    """List all corrections by report and position."""

    def work(index: Index) -> Data:
        listed = [_data(each) for each in index.corrections()]
        return {"total": len(listed), "corrections": listed}

    return _json(await access.read(work))


@router.put(_PATH, responses=given(models.Corrected, 401, 403, 404, cached=False))
async def correct(
    request: Request,
    access: IndexAccess,
    report: ReportId,
    position: Position,
    correction: models.NewCorrection,
) -> Response:
    """Correct a passage's area, assessment or both.

    Fields that are left out keep their earlier correction.
    """

    def work(index: Index) -> Data:
        with found():
            done = index.correct(
                f"{report}#{position}",
                area=correction.area,
                assessment=correction.assessment,
                cause_of=correction.cause_of,
                note=correction.note,
                who=correction.who,
                wait=access.settings.wait,
            )
            passage = index.passage(done.passage)
        return {"correction": _data(done), "passage": passage_data(request, passage)}

    return _json(await access.write(work))


@router.delete(_PATH, responses=given(models.Undone, 401, 403, 404, cached=False))
async def undo_correction(
    request: Request, access: IndexAccess, report: ReportId, position: Position
) -> Response:
    """Undo a correction.

    The passage gets the area and the assessment read from the report again.
    """

    def work(index: Index) -> Data:
        with found():
            done = index.undo_correction(f"{report}#{position}", wait=access.settings.wait)
        passage = passage_data(request, index.passage(done.passage)) if done.fits else None
        return {"correction": _data(done), "passage": passage}

    return _json(await access.write(work))


def _data(correction: Correction) -> dict[str, Any]:
    data = correction.to_dict()
    del data["before"]
    return data


def _json(data: Data) -> Response:
    return Response(
        as_json(data), headers={"Cache-Control": "no-store"}, media_type="application/json"
    )
