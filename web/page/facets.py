"""The filters beside the results: values with counts, and active filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from ...errors import QueryError
from ...index import Index
from ...search import Results
from ...search.empty_results import ALL
from ...search.facets import count_terms, count_years
from ...search.query.parser import parse
from ...search.query.walk import conditions_of
from .looks import Looks
from .query import PageQuery
from .wording import Wording

SHOWN_REPORTS = 8
SHOWN_YEARS = 12
SHOWN_TERMS = 6
SHOWN_ORIGINS = 8
ORIGINS = ("body", "place", "folder")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter.

    ``number`` is the index of an area's colour; ``url`` is the search narrowed to the value.
    """

    value: str
    label: str
    count: int
    chosen: bool
    url: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter: its label, and the address of the search without it."""

    room: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class WiderSearch:
    """A wider search with matches, offered if this one has none.

    ``url`` is None if there is no link.
    """

    label: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Facets:
    """All filters of one page of results."""

    areas: tuple[Choice, ...]
    assessments: tuple[Choice, ...]
    reports: tuple[Choice, ...]
    all_reports: int
    years: tuple[Choice, ...]
    terms: tuple[Choice, ...]
    origins: tuple[tuple[str, tuple[Choice, ...]], ...]
    chips: tuple[Chip, ...]


def make_facets(
    index: Index, query: PageQuery, results: Results, looks: Looks, t: Wording
) -> Facets:
    """The filters of ``results``.

    Counts for an active filter ignore it, so that another value can be chosen.
    """
    counts = {
        name: _counts(index, query, results, name)
        for name in ("area", "assessment", "report", *ORIGINS)
    }
    by_year = count_years(_counts(index, query, results, "year"), looks.known_report)
    by_term = count_terms(_counts(index, query, results, "term"), looks.known_report)
    named = {area.id: area.label for area in index.areas()}
    return Facets(
        areas=tuple(
            Choice(
                name,
                label,
                counts["area"].get(name, 0),
                name in query.area,
                "",
                looks.area_number(name),
            )
            for name, label in named.items()
            if counts["area"].get(name) or name in query.area
        ),
        assessments=tuple(
            Choice(
                name,
                t(f"assessment.{name}"),
                counts["assessment"].get(name, 0),
                name in query.assessment,
                "",
            )
            for name in ("achievement", "shortcoming", "cause", "none")
            if counts["assessment"].get(name) or name in query.assessment
        ),
        reports=_reports(query, counts["report"], looks),
        all_reports=len(counts["report"]),
        years=tuple(_year(query, year, count) for year, count in by_year.items()),
        terms=_terms(query, by_term),
        origins=tuple(_origins(query, counts, looks)),
        chips=tuple(make_chips(query, looks, t)),
    )


def _counts(index: Index, query: PageQuery, results: Results, name: str) -> Mapping[str, int]:
    """Matches by value of a facet, without the filter ``name``."""
    facet = name if name in results.facets else "report"
    if not getattr(query, name):
        return results.facets.get(facet, {})
    options = {key: value for key, value in query.filters.items() if key != name}
    return index.search(query.q, **options, literal=query.literal, limit=0).facets.get(facet, {})


def _reports(query: PageQuery, counts: Mapping[str, int], looks: Looks) -> tuple[Choice, ...]:
    """The chosen reports, then those with most matches."""
    shown = list(dict.fromkeys([*query.report, *counts]))[: max(SHOWN_REPORTS, len(query.report))]
    return tuple(
        Choice(name, looks.title(looks.report(name)), counts.get(name, 0), name in query.report, "")
        for name in shown
    )


def _origins(
    query: PageQuery, counts: Mapping[str, Mapping[str, int]], looks: Looks
) -> Iterator[tuple[str, tuple[Choice, ...]]]:
    """Bodies, places and folders to choose from, if there are several."""
    for name in ORIGINS:
        chosen: tuple[str, ...] = getattr(query, name)
        values = list(dict.fromkeys([*chosen, *counts[name]]))
        if chosen or len(values) > 1:
            yield (
                name,
                tuple(
                    Choice(
                        value,
                        looks.origin_label(name, value),
                        counts[name].get(value, 0),
                        value in chosen,
                        "",
                    )
                    for value in values[: max(SHOWN_ORIGINS, len(chosen))]
                ),
            )


def _year(query: PageQuery, year: int, count: int) -> Choice:
    name = str(year)
    return Choice(
        name,
        name,
        count,
        query.year == name,
        query.but(year="" if query.year == name else name).url(),
    )


def _terms(query: PageQuery, counts: Mapping[tuple[int, int], int]) -> tuple[Choice, ...]:
    known = {f"{first}-{last}": count for (first, last), count in counts.items()}
    if query.term:
        known.setdefault(query.term, 0)
    return tuple(
        Choice(name, name.replace("-", "–"), count, name == query.term, query.but(term=name).url())
        for name, count in known.items()
    )


def make_chips(query: PageQuery, looks: Looks, t: Wording) -> list[Chip]:
    """One chip for every value of an active filter."""
    names: dict[str, Callable[[str], str]] = {
        "area": looks.area_label,
        "assessment": lambda value: (
            t(f"assessment.{value}") if f"assessment.{value}" in t.words else value
        ),
        "report": lambda value: looks.title(looks.report(value)),
        "year": lambda value: value.replace("..", "–"),
        "term": lambda value: value.replace("-", "–"),
        **{name: partial(looks.origin_label, name) for name in ORIGINS},
    }
    chips: list[Chip] = []
    for room, value in query.filters.items():
        for one in (value,) if isinstance(value, str) else value:
            label = names[room](one) if room in names else one
            chips.append(Chip(t(f"filter.{room}"), label, query.without(room, one).url()))
    if query.literal:
        chips.append(Chip(t("box.label"), t("filter.literal"), query.but(literal=False).url()))
    return chips


def wider_searches(query: PageQuery, results: Results, t: Wording) -> list[WiderSearch]:
    """Searches without one of the active filters that have matches, with counts."""
    wider: list[WiderSearch] = []
    for name, total in results.without_filters.items():
        if name == ALL:
            label, found = (
                t("results.none_without_all", n=total),
                _without_fields(query.unfiltered()),
            )
        elif name in query.filters:
            label = t("results.none_without", name=t(f"filter.{name}"), n=total)
            found = query.without(name)
        else:
            label = t("results.none_without", name=name, n=total)
            found = _without_fields(query, name)
        wider.append(WiderSearch(label, found.url() if found is not None else None))
    return wider


def _without_fields(query: PageQuery, key: str | None = None) -> PageQuery | None:
    """The search without the query's field ``key``, or without any field.

    None if the rest is not a valid query (``chè AND năm:2003`` without its year).
    """
    rest = query.q
    try:
        fields = list(conditions_of(parse(rest, literal=query.literal).root))
        for field in sorted(fields, key=lambda field: field.start, reverse=True):
            if key is None or query.q[field.start : field.end] == key:
                rest = f"{rest[: field.start].removesuffix('+')} {rest[field.end :]}"
        rest = " ".join(rest.split()) if fields else rest
        parse(rest, literal=query.literal)
    except QueryError:
        return None
    return query.but(q=rest)
