"""Compare a committee's reports side by side, by area.

The committee is chosen first, then two or more of its reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from markupsafe import Markup
from starlette.responses import Response

from ...compare import AreaComparison, Comparison
from ...compare.matching import places_of
from ...compare.series import Series, Thread, body_key
from ...corpus.model import Passage, Report
from ...index import Index
from ...search import snippet
from .highlight import highlight
from .looks import Looks, PassageView
from .search_page import newest_first
from .visit import Visit

FATES = ("mended", "persisting", "worsened", "repeated")
MOST = 6  # maximum reports compared
SHOWN = 50  # pairs of one kind shown per area; the page of one area shows all
_EXCERPT = 400  # maximum characters of a passage
_READY = 12  # committees offered before one is chosen
_THREADS = 30  # returning shortcomings shown
_OTHERS = "-"  # key of reports without an issuing body


@dataclass(frozen=True, slots=True)
class Committee:
    """An issuing body and its reports, newest first.

    ``key`` names it in an address.
    """

    key: str
    name: str
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A passage and the part of its text to show."""

    shown: PassageView
    text: Markup
    cut: bool


Pair = tuple["Side | None", "Side | None"]
Group = tuple[str, list[Pair], int]  # kind of change, pairs shown, number not shown


def compare_page(index: Index, visit: Visit) -> Response:
    """The comparison, or the form to choose a committee and then its reports."""
    params = visit.request.query_params
    chosen = [params.get(name, "").strip() for name in ("a", "b")] + params.getlist("r")
    chosen = list(dict.fromkeys(name for name in chosen if name))[:MOST]
    looks = Looks(index, visit.query.bare())
    committees = committees_of(looks.reports)
    body = params.get("body", "").strip() or _body_of(chosen, committees)
    whole = params.get("all") == "1"
    alone = params.get("area", "").strip() or None
    series = None
    if len(chosen) > 1:
        key = ("compare", *chosen, alone)
        series = visit.site.access.cached(
            index, key, lambda: index.compare_terms(chosen, area=alone)
        )
        chosen = [report.id for report in series.reports]
    steps = (
        [_step(one, looks, bool(alone) or whole) for one in series.comparisons] if series else []
    )
    left_out = 0 if whole or not series else max(0, len(series.returning) - _THREADS)
    return visit.render(
        "compare.html",
        chosen=chosen,
        committees=committees,
        body=next((one for one in committees if one.key == body), None),
        ready=[] if chosen or body else ready_series(committees),
        series=series,
        alone=alone,
        steps=steps,
        threads=_threads(series, looks, None if whole else _THREADS),
        left_out=left_out,
        cut=left_out
        or any(more for _, areas in steps for *_, groups in areas for *_, more in groups),
        fates=FATES,
        looks=looks,
    )


def ready_series(committees: Sequence[Committee]) -> list[tuple[Committee, tuple[Report, ...]]]:
    """Committees with reports of two terms or more, and the reports, oldest first."""
    found = []
    for one in committees:
        terms = {report.term: report for report in reversed(one.reports) if report.term}
        if one.key != _OTHERS and len(terms) > 1:
            found.append((one, tuple(terms[term] for term in sorted(terms)[-MOST:])))
    return found[:_READY]


def committees_of(reports: Sequence[Report]) -> list[Committee]:
    """The issuing bodies by number of reports; reports without one last."""
    groups: dict[str, list[Report]] = {}
    for report in newest_first(list(reports)):
        groups.setdefault(_key(report), []).append(report)
    found = [
        Committee(key, mine[0].issuing_body or "", tuple(mine)) for key, mine in groups.items()
    ]
    return sorted(found, key=lambda one: (one.key == _OTHERS, -len(one.reports), one.name))


def _key(report: Report) -> str:
    return body_key(report.issuing_body or "").replace(" ", "-") or _OTHERS


def _body_of(chosen: Sequence[str], committees: Sequence[Committee]) -> str:
    return next(
        (one.key for one in committees for report in one.reports if report.id in chosen[:1]), ""
    )


def _threads(
    series: Series | None, looks: Looks, most: int | None
) -> list[tuple[Thread, list[Side]]]:
    """Recurring shortcomings, with a passage of each report that states them."""
    if series is None:
        return []
    found = []
    for thread in series.returning[:most]:
        one_each = {passage.report: passage for passage in reversed(thread.passages)}
        found.append((thread, [_side(one, (), looks) for one in reversed(one_each.values())]))
    return found


def _step(
    found: Comparison, looks: Looks, whole: bool
) -> tuple[Comparison, list[tuple[AreaComparison, int, list[Group]]]]:
    return found, [_area(area, looks, None if whole else SHOWN) for area in found.areas]


def _area(
    area: AreaComparison, looks: Looks, most: int | None
) -> tuple[AreaComparison, int, list[Group]]:
    """An area with the index of its colour, and groups of pairs by assessment.

    The number of pairs in a group is limited.
    """
    by_fate: dict[str, list[tuple[Passage | None, Passage | None, Sequence[str]]]] = {
        fate: [
            (match.older, match.newer, match.shared) for match in area.matches if match.fate == fate
        ]
        for fate in FATES
    }
    by_fate["alone"] = [(gone, fresh, ()) for gone, fresh in zip_longest(area.gone, area.fresh)]
    groups = []
    for name, rows in by_fate.items():
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
    text, spans = snippet(passage.text, places_of(passage.text, shared), _EXCERPT)
    return Side(looks.passage(passage), highlight(text, spans), len(text) < len(passage.text))
