"""``tracuu reports``."""

from __future__ import annotations

from typing import Any

import click

from .. import corpus
from .connection import Index, open_index
from .console import Console, say
from .language import N_, _
from .manual import Command
from .options import filter_options, filters, later_index_option, output_options
from .text import clean, columns, counted

# columns of ``--csv``
COLUMNS = (
    "id",
    "title",
    "kind",
    "number",
    "issuing_body",
    "place",
    "date",
    "term",
    "signer",
    "passages",
    "source",
    "member",
    "copies",
)


@click.command("reports", cls=Command)
@filter_options(passages=False)
@output_options("json", "jsonl", "csv")
@later_index_option
def command(console: Console, **given: Any) -> None:
    """List the reports of the index.

    With --area only reports that have passages of this area.

    \b
    Examples:
      tracuu reports
      tracuu reports --year 2018 --area xay-dung-dang
      tracuu reports --term 2015-2020 --csv
    """

    with open_index() as index:
        reports = _chosen(index, filters(given))
    if console.format == "json":
        console.json(report.to_dict() for report in reports)
    elif console.format == "jsonl":
        console.jsonl(report.to_dict() for report in reports)
    elif console.format == "csv":
        console.csv(COLUMNS, map(_row, reports))
    elif reports:
        console.lines(_table(console, reports))
    if not reports:
        say(
            _("There are no reports that pass these filters.")
            if filters(given)
            else _("There are no reports in the index.")
        )


def _chosen(index: Index, chosen: dict[str, Any]) -> list[corpus.Report]:
    reports = list(index.reports())
    if chosen:
        found = index.search("", **chosen, limit=0).facets.get("report", {})
        reports = [report for report in reports if found.get(report.id)]
    return reports


def _row(report: corpus.Report) -> list[Any]:
    data = report.to_dict()
    data["term"] = _term(report)
    data["copies"] = "; ".join(copy.source for copy in report.copies)
    return ["" if data[name] is None else data[name] for name in COLUMNS]


def _term(report: corpus.Report) -> str:
    return "-".join(map(str, report.term)) if report.term else ""


def _table(console: Console, reports: list[corpus.Report]) -> list[str]:
    header = tuple(
        map(
            _,
            (
                N_("id"),
                N_("title"),
                N_("number"),
                N_("issued by"),
                N_("date"),
                N_("term"),
                N_("passages"),
            ),
        )
    )
    rows = [
        (
            report.id,
            report.title,
            report.number or "",
            report.issuing_body or "",
            report.date.isoformat() if report.date else "",
            _term(report),
            str(report.passages),
        )
        for report in reports
    ]
    table = columns(
        header, rows, numbers=(6,), flexible=(1, 3), width=console.width, style=console.strong
    )
    total = (
        f"{counted(len(reports), 'report')}, "
        f"{counted(sum(report.passages for report in reports), 'passage')}"
    )
    return [*table, *_places(reports), "", console.strong(total)]


def _places(reports: list[corpus.Report]) -> list[str]:
    """The other paths of reports with several identical files."""
    listed = [
        f"  {clean(report.id)}: {clean(path)}"
        for report in reports
        if report.copies
        for path in (report.path or "", *(copy.source for copy in report.copies))
    ]
    return ["", _("Reports of several identical files:"), *listed] if listed else []
