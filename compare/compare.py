"""Compare two reports area by area: shared and different passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cmp_to_key
from itertools import pairwise
from typing import Literal

from ..corpus.model import ASSESSMENTS, Passage, Report
from ..corpus.taxonomy import Area
from ..errors import OptionError
from ..records import known_record, passages_of
from ..search.filters import names_of, report_id
from ..search.query.planner import QueryContext
from ..search.statistics import TermStatistics
from ..vietnamese import Analyser
from .matching import match_passages, unmatched, vectors
from .model import AreaComparison, Comparison
from .series import Series, series_of
from .topics import Phrases, find_topics

MOST = 8  # maximum reports of a series
ASSESSMENT_KEYS = (*ASSESSMENTS, "none")
Whole = tuple[Report, Sequence[Passage]]


def compare_in(
    sources: QueryContext,
    areas: Sequence[Area],
    one: str,
    other: str,
    chosen: str | Sequence[str] | None = None,
) -> Comparison:
    """Compare two reports of a snapshot, given by id or part of it.

    Compares all ``areas``, or those ``chosen`` by name. Raises UnknownReport, UnknownArea,
    MissingExtra, OptionError (both are the same report).
    """
    snapshot = sources.snapshot
    first, second = (report_id(name, snapshot) for name in (one, other))
    if first == second:
        raise OptionError(
            "{one!r} and {other!r} are the same report, {first}; name two",
            one=one,
            other=other,
            first=first,
        )
    labels = {area.id: area.label for area in areas}
    then, now = (
        (known_record(snapshot, name).report, tuple(passages_of(snapshot, name)))
        for name in (first, second)
    )
    for passage in (*then[1], *now[1]):
        labels.setdefault(passage.area, passage.area)
    wanted = labels if chosen is None else {sources.resolve_area(name) for name in names_of(chosen)}
    listed = [(area, label) for area, label in labels.items() if area in wanted]
    return compare_reports(
        then, now, listed, analyser=sources.analyser, statistics=sources.statistics
    )


def series_in(
    sources: QueryContext,
    areas: Sequence[Area],
    names: Sequence[str],
    chosen: str | Sequence[str] | None = None,
) -> Series:
    """Compare two or more reports of a snapshot, each with the next newer one.

    Raises the errors of :func:`compare_in`; OptionError also for fewer than two reports or more
    than :data:`MOST`.
    """
    snapshot = sources.snapshot
    ids = list(dict.fromkeys(report_id(name, snapshot) for name in names))
    if len(ids) < len(names):
        same = next(
            name for name in ids if [report_id(one, snapshot) for one in names].count(name) > 1
        )
        raise OptionError(
            "{names}: two are the same report, {same}",
            names=" and ".join(map(repr, names)),
            same=same,
        )
    if not 2 <= len(ids) <= MOST:
        raise OptionError("name 2 to {most} reports, not {count}", most=MOST, count=len(ids))
    reports = [known_record(snapshot, one).report for one in ids]
    in_order = sorted(reports, key=cmp_to_key(_by_age))
    return series_of(
        [
            compare_in(sources, areas, older.id, newer.id, chosen)
            for older, newer in pairwise(in_order)
        ]
    )


def _by_age(one: Report, other: Report) -> int:
    """Negative if ``one`` is older, 0 if that is unknown."""
    older, _, ordered_by = _ordered((one, ()), (other, ()))
    if ordered_by == "given":
        return 0
    return -1 if older[0] is one else 1


def compare_reports(
    first: Whole,
    second: Whole,
    areas: Iterable[tuple[str, str]],
    *,
    analyser: Analyser,
    statistics: TermStatistics,
) -> Comparison:
    """Compare two reports, each given with all its passages.

    Compares each of ``areas`` (id, label) with passages in either report. Raises MissingExtra if
    underthesea is not installed, which segments topics into words.
    """
    older, newer, ordered_by = _ordered(first, second)
    read = {
        one.id: (one, analyser.analyse(one.text))
        for _, passages in (older, newer)
        for one in passages
    }
    known = vectors(
        {name: (one.text, analysis.tokens) for name, (one, analysis) in read.items()}, statistics
    )
    phrases = {name: Phrases(one, analysis) for name, (one, analysis) in read.items()}
    then_all, now_all = ([phrases[one.id] for one in passages] for _, passages in (older, newer))
    compared = []
    for area, label in areas:
        then, now = (
            [one for one in passages if one.area == area] for _, passages in (older, newer)
        )
        if not then and not now:
            continue
        matches = match_passages(then, now, known)
        matched = {one.id for match in matches for one in (match.older, match.newer)}
        compared.append(
            AreaComparison(
                area,
                label,
                _counts(then),
                _counts(now),
                tuple(matches),
                unmatched(then, matched),
                unmatched(now, matched),
                find_topics([phrases[one.id] for one in now], then_all, statistics),
                find_topics([phrases[one.id] for one in then], now_all, statistics),
            )
        )
    return Comparison(older[0], newer[0], tuple(compared), ordered_by)


def _ordered(first: Whole, second: Whole) -> tuple[Whole, Whole, Literal["term", "date", "given"]]:
    """The two reports, the older one first.

    By term of office, else by the years covered and the date, else in the given order.
    """
    one, other = first[0], second[0]
    if one.term and other.term and one.term != other.term:
        return (first, second, "term") if one.term < other.term else (second, first, "term")
    if one.date and other.date and one.date != other.date:
        return (first, second, "date") if one.date < other.date else (second, first, "date")
    if one.years and other.years and one.years[1] != other.years[1]:
        return (first, second, "date") if one.years[1] < other.years[1] else (second, first, "date")
    return first, second, "given"


def _counts(passages: Sequence[Passage]) -> dict[str, int]:
    return {
        key: sum((one.assessment or "none") == key for one in passages) for key in ASSESSMENT_KEYS
    }
