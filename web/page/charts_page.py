"""Matches as bars in HTML, each a link to its passages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from starlette.exceptions import HTTPException
from starlette.responses import Response

from ...charts import Picture, draw, matrix, shares, timeline
from ...charts.numbers import ASSESSMENT_KEYS, ChartRequest, Moment
from ...charts.panels import moment_label
from ...index import Index
from .facets import make_chips
from .looks import Looks
from .query import PageQuery
from .visit import Visit

SHARES = 6  # reports in the downloaded chart of shares, those with most matches
SHORT = 4  # terms in the small chart above the results, the latest ones
_TERMS = 4  # columns of the chart of areas by term, the latest ones
_YEARS = 15  # rows of the chart by year; earlier ones are collapsed
# SVG of matplotlib has inline styles
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True)
class Bar:
    """One number of a chart.

    ``width`` is in per cent of the longest bar of its scale; ``url`` finds its passages.
    """

    count: int
    width: str
    url: str
    tone: str


@dataclass(frozen=True, slots=True)
class Row:
    """Bars of one term, year or area.

    ``url`` finds all its passages, ``number`` is the index of an area's colour.
    """

    label: str
    url: str
    total: int
    bars: tuple[Bar, ...]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A table of bars.

    ``columns`` are headers (keys of the wording for assessments).
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    folded: tuple[Row, ...] = ()

    @property
    def total(self) -> int:
        """The number of passages in all rows."""
        return sum(row.total for row in (*self.rows, *self.folded))


KINDS: dict[str, Callable[..., Picture]] = {
    "matrix": matrix,
    "timeline": timeline,
    "shares": lambda index, query, **options: shares(index, query, most=SHARES, **options),
}


def charts_page(index: Index, visit: Visit) -> Response:
    """All charts of a search; of the whole index without a query and filters."""
    query = visit.query
    looks = Looks(index, query)
    charts, counted = visit.site.access.cached(
        index,
        ("charts", *query.pairs("page", "sort", "size"), query.base),
        lambda: _charts(index, query, looks),
    )  # fmt: skip
    return visit.render(
        "charts.html",
        charts=charts,
        counted=counted,
        chips=make_chips(query, looks, visit.t),
        drawn=find_spec("matplotlib") is not None,
    )


def short_chart(index: Index, visit: Visit, query: PageQuery) -> tuple[Row, ...]:
    """Achievements against shortcomings in the latest terms.

    Shown above the results.
    """

    def make() -> tuple[Row, ...]:
        tally = index.tally(
            query.q, by=("term", "assessment"), literal=query.literal, **query.filters
        )
        counts: dict[str, dict[str, int]] = {}
        for (term, assessment), count in tally.counts.items():
            if assessment in ("achievement", "shortcoming"):
                counts.setdefault(term, {})[assessment] = count
        named = [(term, term, counts[term]) for term in sorted(counts)[-SHORT:]]
        return _rows(query, "term", named, ("achievement", "shortcoming"))

    key = ("short", *query.pairs("page", "sort", "size"), query.base)
    rows = visit.site.access.cached(index, key, make)
    return rows if len(rows) > 1 else ()


def picture_file(index: Index, visit: Visit) -> Response:
    """One chart as an SVG download, drawn by matplotlib."""
    kind = visit.request.path_params["kind"]
    if kind not in KINDS:
        raise HTTPException(404)
    query, lang = visit.query, visit.t.lang

    def make() -> bytes:
        picture = KINDS[kind](index, query.q, literal=query.literal, **query.filters)
        return draw(picture, "svg", lang=lang)  # type: ignore[arg-type]

    key = ("svg", kind, *query.pairs("page", "sort", "size"))
    content = visit.site.access.cached(index, key, make)
    headers = {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="tracuu-{kind}.svg"',
    }
    return Response(content, headers=headers, media_type="image/svg+xml")


def _charts(index: Index, query: PageQuery, looks: Looks) -> tuple[list[Chart], ChartRequest]:
    options = {"literal": query.literal, **query.filters}
    over_time = timeline(index, query.q, **options)
    areas = matrix(index, query.q, **options)
    years = [one for one in _moments(over_time.years) if sum(one[2].values())]
    by_area = [(row.area, row.label, row.counts) for row in areas.rows if row.passages]
    year_rows = _rows(query, "year", list(reversed(years)), ASSESSMENT_KEYS)
    found = [
        Chart(
            "terms",
            ASSESSMENT_KEYS,
            _rows(query, "term", list(_moments(over_time.terms)), ASSESSMENT_KEYS),
        ),
        Chart("areas", ASSESSMENT_KEYS, _rows(query, "area", by_area, ASSESSMENT_KEYS, looks)),
        _areas_by_term(index, query, by_area, looks),
        Chart("years", ASSESSMENT_KEYS, year_rows[:_YEARS], year_rows[_YEARS:]),
    ]
    return [chart for chart in found if chart.rows], areas.request


def _moments(moments: Sequence[Moment]) -> list[tuple[str, str, Mapping[str, int]]]:
    """Terms or years with matches: (filter value, label, counts) each."""
    return [
        (moment_label(one).replace("–", "-"), moment_label(one), one.counts)
        for one in moments
        if one.matches
    ]


def _areas_by_term(
    index: Index,
    query: PageQuery,
    areas: Sequence[tuple[str, str, Mapping[str, int]]],
    looks: Looks,
) -> Chart:
    """Passages by area and term, for the latest terms."""
    tally = index.tally(query.q, by=("area", "term"), literal=query.literal, **query.filters)
    terms = sorted({term for _, term in tally.counts})[-_TERMS:]
    longest = max((n for (_, term), n in tally.counts.items() if term in terms), default=1)
    rows = tuple(
        Row(
            label,
            query.but(area=(area,)).url(),
            sum(tally.counts.get((area, term), 0) for term in terms),
            tuple(
                _bar(
                    tally.counts.get((area, term), 0),
                    longest,
                    query.but(area=(area,), term=term).url(),
                    "plain",
                )
                for term in terms
            ),
            looks.area_number(area),
        )
        for area, label, _ in areas
        if any(tally.counts.get((area, term)) for term in terms)
    )
    columns = tuple(term.replace("-", "–") for term in terms)
    return Chart("areas_terms", columns, rows if len(terms) > 1 else ())


def _rows(
    query: PageQuery,
    room: str,
    counted: Sequence[tuple[str, str, Mapping[str, int]]],
    tones: Sequence[str],
    looks: Looks | None = None,
) -> tuple[Row, ...]:
    """Rows of bars by assessment.

    Unassessed passages, by far the most, have a separate scale.
    """
    scales = {
        tone: max(
            (
                counts.get(other, 0)
                for _, _, counts in counted
                for other in tones
                if (other == "none") == (tone == "none")
            ),
            default=1,
        )
        for tone in tones
    }
    rows = []
    for value, label, counts in counted:
        narrowed = query.but(**{room: (value,) if room == "area" else value})
        bars = tuple(
            _bar(counts.get(tone, 0), scales[tone], narrowed.but(assessment=(tone,)).url(), tone)
            for tone in tones
        )
        number = looks.area_number(value) if looks else None
        rows.append(
            Row(label.replace("-", "–"), narrowed.url(), sum(counts.values()), bars, number)
        )
    return tuple(rows)


def _bar(count: int, longest: int, url: str, tone: str) -> Bar:
    width = max(100 * count / longest, 1.5) if count and longest else 0.0
    return Bar(count, f"{width:.1f}%", url, tone)
