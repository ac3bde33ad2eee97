"""``tracuu tally``."""

from __future__ import annotations

from typing import Any

import click

from .connection import open_index
from .console import Console, say
from .hits import counting_notices
from .language import N_, _
from .manual import Command
from .options import (
    check_out,
    filter_options,
    filters,
    later_index_option,
    out_option,
    output_options,
    query_of,
    write_out,
)
from .text import columns, counted

NAMES = (
    "area", "assessment", "report", "term", "kind", N_("body"), N_("place"), N_("folder"),
    N_("extra"),
)  # fmt: skip


def _by(context: click.Context, option: click.Parameter, value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(","))
    if not set(names) <= set(NAMES) or not 1 <= len(names) <= 2 or len(set(names)) < len(names):
        raise click.BadParameter(
            _("name one or two of {names}, such as area,term", names=", ".join(NAMES))
        )
    return names


@click.command("tally", cls=Command)
@click.argument("query", nargs=-1)
@click.option(
    "--by",
    default="area",
    show_default=True,
    metavar="NAMES",
    callback=_by,
    help="Count by one or two of area, assessment, report, term, kind, body, place, folder, extra, "
    "joined by a comma.",
)
@filter_options()
@out_option
@output_options("json", "jsonl", "csv")
@later_index_option
def command(
    query: tuple[str, ...], by: Any, out: str | None, console: Console, **given: Any
) -> None:
    """Count the passages that match, by one or two of their properties.

    Without a query, all passages that pass the filters are counted. A combination that no passage
    has is left out, and so are passages without a value, such as those of a report without a term.

    \b
    Examples:
      tracuu tally --by area,assessment
      tracuu tally giải ngân --by area,term --csv
      tracuu tally --by report --assessment shortcoming --out shortcomings.xlsx
    """

    check_out(out, console)
    with open_index() as index:
        tally = index.tally(query_of(query), by=by, **filters(given))
        labels = index.labels()
    if out is not None:
        write_out(out, tally.columns, tally.rows())
    elif console.format == "json":
        console.json(tally.to_dict())
    elif console.format == "jsonl":
        console.jsonl(tally.to_dict()["counts"])
    elif console.format == "csv":
        console.csv(tally.columns, tally.rows())
    elif not tally.counts:
        say(_("No passage matches."))
    else:
        area = tally.by.index("area") if "area" in tally.by else -1
        rows = [
            [
                labels.get(str(cell), str(cell)) if at == area else _shown(tally.columns[at], cell)
                for at, cell in enumerate(row)
            ]
            for row in tally.rows()
        ]
        number = len(tally.by)
        table = columns(
            [_(name) for name in tally.columns], rows, numbers=(number,), flexible=range(number),
            width=console.width, style=console.strong,
        )  # fmt: skip
        console.lines([*table, "", console.strong(counted(tally.total, "passage"))])
    for note in counting_notices(tally):
        say(note)


def _shown(column: str, cell: Any) -> str:
    return _(str(cell)) if column == "assessment" else str(cell)
