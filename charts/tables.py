"""Tables of the numbers of a chart, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .numbers import ASSESSMENT_KEYS, Matrix, Picture, Timeline
from .panels import moment_label, percent
from .words import ChartLabels, Lang, words_in


@dataclass(frozen=True, slots=True)
class ChartTable:
    """A header and rows of cells.

    The first column is the label of the row, the others are numbers as text.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table_of(picture: Picture, lang: Lang = "vi") -> tuple[ChartTable, ...]:
    """The numbers of a chart as labelled tables, one per section.

    Raises OptionError for an unknown language.
    """
    words = words_in(lang)
    if isinstance(picture, Matrix):
        return (_matrix(picture, words),)
    if isinstance(picture, Timeline):
        return tuple(
            _moments(title, moments, words)
            for title, moments in ((words.years, picture.years), (words.terms, picture.terms))
            if moments
        )
    header = (words.columns["label"], *(one.report.id for one in picture.reports))
    rows = [
        (
            label,
            *(f"{one.counts.get(area, 0)} ({percent(one.share(area))})" for one in picture.reports),
        )
        for area, label in picture.areas
    ]
    rows.append((words.columns["all"], *(str(one.matches) for one in picture.reports)))
    return (ChartTable(words.shares, header, tuple(rows)),)


def _matrix(picture: Matrix, words: ChartLabels) -> ChartTable:
    header = (
        words.columns["label"],
        *(words.assessments[key] for key in ASSESSMENT_KEYS),
        words.columns["all"],
    )
    rows = [
        (row.label, *(str(row.counts[key]) for key in ASSESSMENT_KEYS), str(row.passages))
        for row in picture.rows
    ]
    sums = [sum(row.counts[key] for row in picture.rows) for key in ASSESSMENT_KEYS]
    rows.append((words.columns["all"], *map(str, sums), str(sum(sums))))
    return ChartTable(words.matrix, header, tuple(rows))


def _moments(title: str, moments: tuple[Any, ...], words: ChartLabels) -> ChartTable:
    names = [words.columns[name] for name in ("period", "reports", "passages", "matches", "share")]
    rows = [
        (
            moment_label(one),
            str(one.reports),
            str(one.passages),
            str(one.matches),
            percent(one.matches / one.passages) if one.passages else "",
            *(str(one.counts[key]) for key in ASSESSMENT_KEYS),
        )
        for one in moments
    ]
    return ChartTable(
        title, (*names, *(words.assessments[key] for key in ASSESSMENT_KEYS)), tuple(rows)
    )


def records_of(picture: Picture) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The numbers of a chart as a CSV header and rows.

    One number or combination of values per row.
    """
    if isinstance(picture, Matrix):
        rows = [
            (row.area, row.label, *(row.counts[key] for key in ASSESSMENT_KEYS), row.passages)
            for row in picture.rows
        ]
        return ("area", "label", *ASSESSMENT_KEYS, "passages"), rows
    if isinstance(picture, Timeline):
        spans = [("year", one) for one in picture.years] + [("term", one) for one in picture.terms]
        figures = ("first", "last", "reports", "passages", "matches", *ASSESSMENT_KEYS, "share")
        return ("by", *figures), [
            (by, *(one.to_dict()[name] for name in figures)) for by, one in spans
        ]
    return ("report", "title", "area", "label", "matches", "share"), [
        (
            one.report.id,
            one.report.title,
            area,
            label,
            one.counts.get(area, 0),
            round(one.share(area), 6),
        )
        for one in picture.reports
        for area, label in picture.areas
    ]
