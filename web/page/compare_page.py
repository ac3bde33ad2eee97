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
    from ...comparing import AreaComparison
    from ...index import Index

FATES = ("mended", "persisting", "worsened", "repeated")
LISTED = 300
"""Most reports to choose from in a list; where there are more, they are named by hand."""
_EXCERPT = 400


@dataclass(frozen=True, slots=True)
class Side:
    """A passage and the part of its text to show."""

    shown: Shown
    text: Markup
    cut: bool


Pair = tuple["Side | None", "Side | None"]


def compare_page(index: Index, visit: Visit) -> Response:
    """Two reports compared; or only the form that asks which."""
    query = visit.request.query_params
    one, other = query.get("a", "").strip(), query.get("b", "").strip()
    looks = Looks(index, visit.asked.bare())
    reports = newest_first(looks.reports)
    found = index.compare(one, other) if one and other else None
    areas = [_area(area, looks) for area in found.areas] if found else []
    return visit.render(
        "compare.html",
        one=one,
        other=other,
        reports=reports if len(reports) <= LISTED else [],
        found=found,
        areas=areas,
        fates=FATES,
        looks=looks,
    )


def _area(area: AreaComparison, looks: Looks) -> tuple[AreaComparison, int, list[tuple[str, list[Pair]]]]:
    """An area with the number of its colour, and groups of pairs by what they tell."""
    groups: list[tuple[str, list[Pair]]] = []
    for fate in FATES:
        pairs: list[Pair] = [
            (_side(match.older, match.shared, looks), _side(match.newer, match.shared, looks))
            for match in area.matches
            if match.fate == fate
        ]
        groups.append((fate, pairs))
    alone: list[Pair] = [
        (_side(gone, (), looks) if gone else None, _side(fresh, (), looks) if fresh else None)
        for gone, fresh in zip_longest(area.gone, area.fresh)
    ]
    groups.append(("alone", alone))
    return area, looks.area_number(area.area), [(name, pairs) for name, pairs in groups if pairs]


def _side(passage: Passage, shared: Sequence[str], looks: Looks) -> Side:
    from ...comparing.matching import places_of

    text, spans = snippet(passage.text, places_of(passage.text, shared), _EXCERPT)
    return Side(looks.passage(passage), marked(text, spans), len(text) < len(passage.text))
