"""``tracuu extra``."""

from __future__ import annotations

import click

from .. import corpus, index
from . import values
from .connection import open_index
from .console import Console, say
from .language import N_, _
from .manual import WRITES, Command
from .options import later_index_option, output_options, wait_option
from .text import columns, counted


@click.command("extra", cls=Command, exits=WRITES)
@click.argument("report", required=False, shell_complete=values.reports)
@click.argument("pairs", nargs=-1, metavar="[KEY=VALUE]...")
@click.option(
    "--file",
    metavar="FILE",
    help="A CSV table with one report a line: a column `report` or `file`, and one for each key.",
    shell_complete=values.files,
)
@wait_option
@output_options("json", "jsonl", "csv")
@later_index_option
def command(
    report: str | None, pairs: tuple[str, ...], file: str | None, wait: float, console: Console
) -> None:
    """Set your own metadata on reports, to filter by.

    KEY=VALUE sets the value of a key of the report, KEY= removes the key. Without any, the
    metadata of REPORT is shown, or that of all reports. Updates, rebuilds and copies keep it, and
    `tracuu search --extra KEY=VALUE` filters by it.

    \b
    Examples:
      tracuu extra bao-cao-2003 case=A-12 "shelf=Kho 2"
      tracuu extra --csv > list.csv
      tracuu extra --file list.csv
    """
    if file is not None and report is not None:
        raise click.UsageError(_("FILE and REPORT exclude each other; give one of them"))
    with open_index() as opened:
        if file is not None:
            extras = index.read_extras(file, opened.reports())
            changed = opened.set_extra(extras, wait=wait)
            say(_("Changed {changed} of {reports}.", changed=changed, reports=_reports(extras)))
            return
        if report is not None and pairs:
            opened.set_extra({report: _changed(opened.report(report), pairs)}, wait=wait)
        known = list(opened.reports()) if report is None else [opened.report(report)]
    _print(console, known)


def _reports(extras: dict[str, dict[str, str]]) -> str:
    return counted(len(extras), "report")


def _changed(report: corpus.Report, pairs: tuple[str, ...]) -> dict[str, str]:
    """The metadata of a report with ``KEY=VALUE`` applied."""
    extra = dict(report.extra)
    for text in pairs:
        key, mark, value = (part.strip() for part in text.partition("="))
        if not mark or not key:
            raise click.UsageError(_("{text!r} is not KEY=VALUE", text=text))
        extra.pop(key, None)
        if value:
            extra[key] = value
    return extra


def _print(console: Console, reports: list[corpus.Report]) -> None:
    if console.format == "json":
        console.json([{"report": one.id, "extra": dict(one.extra)} for one in reports])
    elif console.format == "jsonl":
        console.jsonl({"report": one.id, "extra": dict(one.extra)} for one in reports)
    elif console.format == "csv":
        keys = sorted({key for one in reports for key in one.extra})
        rows = [
            [one.id, one.path or "", *(one.extra.get(key, "") for key in keys)] for one in reports
        ]
        console.csv(["report", "file", *keys], rows)
    else:
        _print_table(console, [one for one in reports if one.extra])


def _print_table(console: Console, reports: list[corpus.Report]) -> None:
    if not reports:
        say(_("No metadata of your own; set some with: tracuu extra REPORT KEY=VALUE"))
        return
    header = tuple(map(_, (N_("report"), N_("key"), N_("value"))))
    rows = [(one.id, *pair) for one in reports for pair in sorted(one.extra.items())]
    width = console.width or 120
    console.lines(columns(header, rows, flexible=(0, 2), width=width, style=console.strong))
