"""Rank areas by their relevance to a query."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..engines.engine import FacetCount
from .results import AreaShare


def rank_areas(
    found: Mapping[str, FacetCount], passages: Mapping[str, int]
) -> tuple[AreaShare, ...]:
    """The areas with a match, most relevant first.

    ``found`` maps an area to its matches and the sum of the scores of the best of them (the engine
    contract's ``FACET_SCORE_DEPTH``, over all areas together), ``passages`` to the number of its
    passages, matching or not. Each of the best matches votes for its area with its score (CombSUM
    over the head of the list; Macdonald & Ounis, "Voting for candidates", CIKM 2006). The votes
    alone favour large areas, and the part of an area's passages that match favours tiny ones: an
    area of two passages with one match. The score is the geometric mean of both,

        score(a) = sqrt(votes(a) / votes · matches(a) / passages(a)),

    which is the Ochiai coefficient of the two sets, the matches and the area (the cosine of their
    indicator vectors; Ochiai, 1957), with the best matches weighted by their scores. It is 1 when
    the area holds all that matches and nothing else. Ties are sorted by area id.
    """
    votes = sum(count.score for count in found.values())
    matches = sum(count.matches for count in found.values())
    rows: list[AreaShare] = []
    for area, count in found.items():
        if not count.matches:
            continue
        share = count.score / votes if votes > 0 else count.matches / matches
        density = count.matches / max(count.matches, passages.get(area, 0))
        rows.append(
            AreaShare(
                area=area,
                matches=count.matches,
                passages=max(count.matches, passages.get(area, 0)),
                share=share,
                density=density,
                score=math.sqrt(share * density),
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.score, row.area)))
