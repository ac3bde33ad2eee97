"""``tracuu areas``."""

from __future__ import annotations

from typing import Any

import click

from .connection import Index, open_index
from .console import Console, say
from .hits import notices, ranking
from .language import _
from .manual import Command
from .options import (
    filter_options,
    filters,
    later_index_option,
    output_options,
    query_of,
)
from .text import columns

_ASSESSMENTS = ("achievement", "shortcoming", "cause")


@click.command("areas", cls=Command)
@click.argument("query", nargs=-1)
@filter_options(area=False)
@output_options("json", "jsonl", "csv")
@later_index_option
def command(query: tuple[str, ...], console: Console, **given: Any) -> None:
    """Count the leadership areas, or rank them for a query.

    Without a query: each area with its numbers of passages, achievements, shortcomings and causes.
    With one: the areas of the matching passages. Their score, from 0 to 1, is the geometric mean of
    the area's share of all matches and the share of the area that matches.

    \b
    Examples:
      tracuu areas
      tracuu areas --report kiem-diem
      tracuu areas giải ngân
      tracuu areas giai ngan --year 2015-2020 --csv
    """

    text = query_of(query)
    with open_index() as index:
        if text.strip():
            _rank(console, index, text, filters(given))
        else:
            _count(console, index, filters(given))


def _rank(console: Console, index: Index, query: str, chosen: dict[str, Any]) -> None:
    results = index.search(query, **chosen, limit=0)
    labels = index.labels()
    if console.format == "text":
        if results.areas:
            console.lines(ranking(console, results.areas, labels))
    else:
        rows = [_labelled(share.to_dict(), labels) for share in results.areas]
        _data(console, ("area", "label", "matches", "passages", "share", "density", "score"), rows)
    for notice in notices(results):
        say(notice)


def _labelled(row: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    area = row.pop("area")
    return {"area": area, "label": labels.get(area, area), **row}


def _count(console: Console, index: Index, chosen: dict[str, Any]) -> None:
    all_passages = index.search("", **chosen, limit=0).facets.get("area", {})
    by_assessment = {
        name: index.search("", **{**chosen, "assessment": name}, limit=0).facets.get("area", {})
        for name in _ASSESSMENTS
        if "assessment" not in chosen
    }
    rows = [
        {
            "area": area,
            "label": label,
            "passages": all_passages.get(area, 0),
            **{name: counts.get(area, 0) for name, counts in by_assessment.items()},
        }
        for area, label in index.labels().items()
    ]
    header = ("area", "label", "passages", *by_assessment)
    if console.format != "text":
        _data(console, header, rows)
        return
    table = [[str(row[name]) for name in header] for row in rows]
    numbers = range(2, len(header))
    total = [str(sum(int(row[number]) for row in table)) for number in numbers]
    table.append(["", _("all"), *total])
    console.lines(
        columns(
            [_(name) for name in header],
            table,
            numbers=numbers,
            flexible=(1,),
            width=console.width,
            style=console.strong,
        )
    )


def _data(console: Console, header: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    if console.format == "json":
        console.json(rows)
    elif console.format == "jsonl":
        console.jsonl(rows)
    else:
        console.csv(header, [[row[name] for name in header] for row in rows])
