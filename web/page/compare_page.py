"""Two reports side by side, area by area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.responses import Response

from ...corpus.model import Passage
from ...search import snippet
from .looks import Looks, Shown
from .marked import marked
from .search_page import newest_first
from .visit import Visit

if TYPE_CHECKING:
    from ...compare import AreaComparison
    from ...index.facade import Index

FATES = ("mended", "persisting", "worsened", "repeated")
LISTED = 300
"""Most reports to choose from in a list; where there are more, they are named by hand."""
SHOWN = 50
"""Pairs of one kind shown of an area; all of them where the area is asked for alone."""
_EXCERPT = 400


@dataclass(frozen=True, slots=True)
class Side:
    """A passage and the part of its text to show."""

    shown: Shown
    text: Markup
    cut: bool


Pair = tuple["Side | None", "Side | None"]
Group = tuple[str, list[Pair], int]
"""What became of the pairs, those shown, and how many are not."""


def compare_page(index: Index, visit: Visit) -> Response:
    """Two reports compared; or only the form that asks which."""
    query = visit.request.query_params
    one, other = query.get("a", "").strip(), query.get("b", "").strip()
    looks = Looks(index, visit.asked.bare())
    reports = newest_first(looks.reports)
    alone = query.get("area", "").strip() or None
    found = index.compare(one, other, area=alone) if one and other else None
    areas = [_area(area, looks, None if alone else SHOWN) for area in found.areas] if found else []
    return visit.render(
        "compare.html",
        one=one,
        other=other,
        reports=reports if len(reports) <= LISTED else [],
        found=found,
        alone=alone,
        areas=areas,
        fates=FATES,
        looks=looks,
    )


def _area(
    area: AreaComparison, looks: Looks, most: int | None
) -> tuple[AreaComparison, int, list[Group]]:
    """An area with the number of its colour, and groups of pairs by what they tell, at most so many of each."""
    told: dict[str, list[tuple[Passage | None, Passage | None, Sequence[str]]]] = {
        fate: [
            (match.older, match.newer, match.shared) for match in area.matches if match.fate == fate
        ]
        for fate in FATES
    }
    told["alone"] = [(gone, fresh, ()) for gone, fresh in zip_longest(area.gone, area.fresh)]
    groups = []
    for name, rows in told.items():
        pairs: list[Pair] = [
            (
                _side(then, shared, looks) if then else None,
                _side(now, shared, looks) if now else None,
            )
            for then, now, shared in rows[:most]
        ]
        if pairs:
            groups.append((name, pairs, len(rows) - len(pairs)))
    return area, looks.area_number(area.area), groups


def _side(passage: Passage, shared: Sequence[str], looks: Looks) -> Side:
    from ...compare.matching import places_of

    text, spans = snippet(passage.text, places_of(passage.text, shared), _EXCERPT)
    return Side(looks.passage(passage), marked(text, spans), len(text) < len(passage.text))
