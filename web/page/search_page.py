"""The main page: overview, results, and the choice of a report to search in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from starlette.responses import Response

from ...corpus.model import Report
from ...index import Index
from ...search import Results
from ...vietnamese import fold
from .charts_page import short_chart
from .facets import (
    SHOWN_REPORTS,
    SHOWN_TERMS,
    SHOWN_YEARS,
    Choice,
    make_chips,
    make_facets,
    wider_searches,
)
from .looks import Looks
from .query import PageQuery
from .visit import Visit

WIDTH = 260  # characters of a snippet: three lines on a desktop, seven on a phone
CSV_ROWS = 1000
DOCX_ROWS = 200
_NEAR = 2
_SHOWN_AREAS = 6
_NEWEST = 5
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Tile:
    """One area on the first page, with its number of passages by assessment."""

    area: str
    label: str
    number: int
    total: int
    tones: tuple[tuple[str, int], ...]


def search_page(index: Index, visit: Visit) -> Response:
    """Results, or the overview if there is no search."""
    query = visit.query
    if query.blank:
        return _home(index, visit)
    reach = visit.site.settings.offset // query.size + 1  # the last page shown
    query = query.but(page=min(query.page, reach))
    looks = Looks(index, query)
    first = (query.page - 1) * query.size
    results = find(
        index, query, size=query.size, offset=first, can_mean=visit.can_mean, partial=True
    )
    pages = min(-(-results.total // query.size), reach)
    return visit.render(
        "search.html",
        query=query,
        results=results,
        can_mean=visit.can_mean,
        hits=[looks.hit(hit, partial=bool(results.relaxed or results.missing)) for hit in results],
        below=[looks.hit(hit, partial=True) for hit in results.partial],
        facets=make_facets(index, query, results, looks, visit.t),
        wider=wider_searches(query, results, visit.t),
        areas=[
            (row, looks.area_label(row.area), looks.area_number(row.area))
            for row in results.areas[:_SHOWN_AREAS]
        ],
        terms=short_chart(index, visit, query) if results.total else (),
        pages=_page_numbers(query.page, pages),
        last_page=pages,
        caps={"csv": CSV_ROWS, "docx": DOCX_ROWS},
        shown={"reports": SHOWN_REPORTS, "years": SHOWN_YEARS, "terms": SHOWN_TERMS},
    )


def find(
    index: Index,
    query: PageQuery,
    *,
    size: int,
    offset: int = 0,
    can_mean: bool = False,
    partial: bool = False,
) -> Results:
    """Search: ``size`` hits from ``offset`` on, by meaning too where possible."""
    return index.search(
        query.q,
        **query.filters,
        literal=query.literal,
        sort=query.sort,  # type: ignore[arg-type]
        limit=size,
        offset=offset,
        width=WIDTH,
        meaning=query.meaning and can_mean,
        partial=partial,
    )


def newest_first(reports: list[Report]) -> list[Report]:
    """Reports by date, latest first; undated ones by term, then the rest.

    The term of an undated report may end in the future: it counts as no later than the latest date.
    """
    latest = max((report.date.year for report in reports if report.date), default=9999)

    def when(report: Report) -> tuple[int, int, int]:
        if report.date:
            return report.date.year, report.date.month, report.date.day
        return (min(report.years[1], latest), 0, 0) if report.years else (0, 0, 0)

    return sorted(sorted(reports, key=lambda report: report.id), key=when, reverse=True)


def _home(index: Index, visit: Visit) -> Response:
    looks = Looks(index, visit.query)
    found = index.search("", limit=0)
    tones: dict[str, Counter[str]] = {}
    for tone in ("achievement", "shortcoming", "cause"):
        counts = index.search("", assessment=tone, limit=0).facets["area"]
        for area, count in counts.items():
            tones.setdefault(area, Counter())[tone] = count
    tiles = [
        Tile(
            area.id,
            area.label,
            looks.area_number(area.id),
            found.facets["area"].get(area.id, 0),
            tuple(tones.get(area.id, Counter()).items()),
        )
        for area in index.areas()
    ]
    return visit.render(
        "home.html",
        tiles=[tile for tile in tiles if tile.total],
        passages=found.total,
        reports=len(looks.reports),
        newest=newest_first(looks.reports)[:_NEWEST],
        looks=looks,
    )


def narrow_page(index: Index, visit: Visit) -> Response:
    """All reports with matches, filtered by words, since there may be thousands."""
    query = visit.query
    looks = Looks(index, query)
    options = {name: value for name, value in query.filters.items() if name != "report"}
    counts = index.search(query.q, **options, literal=query.literal, limit=0).facets["report"]
    wanted = visit.request.query_params.get("find", "").strip()
    found = [
        Choice(
            name,
            looks.title(looks.report(name)),
            count,
            name in query.report,
            query.but(report=(name,)).url(),
        )
        for name, count in counts.items()
        if fits(looks.report(name), wanted)
    ]
    first = (query.page - 1) * _PAGE
    return visit.render(
        "narrow.html",
        wanted=wanted,
        total=len(found),
        choices=found[first : first + _PAGE],
        chips=make_chips(query.but(report=()), looks, visit.t),
        looks=looks,
        more=first + _PAGE < len(found),
    )


def fits(report: Report, wanted: str) -> bool:
    """Whether a report's own data contain all words of ``wanted``, folded.

    Diacritics are ignored.
    """
    text = fold(
        " ".join(
            filter(
                None, (report.title, report.number, report.issuing_body, report.place, report.id)
            )
        )
    )
    return all(fold(word.lower()) in text.lower() for word in wanted.split())


def _page_numbers(now: int, last: int) -> list[int | None]:
    """Pages to offer: first, last and those near; None for a gap."""
    near = {page for page in range(now - _NEAR, now + _NEAR + 1) if 1 <= page <= last}
    shown = sorted(near | ({1, last} if last else set()))
    numbers: list[int | None] = []
    for page in shown:
        if numbers and isinstance(numbers[-1], int) and page - numbers[-1] > 1:
            numbers.append(None)
        numbers.append(page)
    return numbers
