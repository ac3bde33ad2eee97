"""``tracuu remove``."""

from __future__ import annotations

import os
import sys

import click

from . import values
from .connection import open_index
from .console import Console, confirmed, is_terminal, say
from .language import _
from .manual import WRITES, Command
from .options import later_index_option, output_options, wait_option
from .text import clean, counted

_SHOWN = 5  # maximum files listed after a removal


@click.command("remove", cls=Command, exits=WRITES)
@click.argument(
    "reports", nargs=-1, required=True, metavar="REPORT...", shell_complete=values.reports
)
@click.option("-y", "--yes", is_flag=True, help="Remove without confirmation.")
@wait_option
@output_options("json", paged=False)
@later_index_option
def command(reports: tuple[str, ...], yes: bool, wait: float, console: Console) -> None:
    """Remove reports from the index.

    REPORT is a report's whole id, as `tracuu reports` lists it. Its file is left alone; while it is
    there, the next `tracuu index` of its folder brings it back. On a terminal the command asks
    you to confirm.

    \b
    Examples:
      tracuu remove bao-cao-kiem-diem-quan-uy-nhiem-ky-xi
      tracuu remove bao-cao-2003 bao-cao-2004 --yes
    """

    names = list(dict.fromkeys(reports))
    with open_index() as index:
        known = [index.report(name) for name in names]
        if not yes:
            for report in known:
                say(f"{report.id}: {report.title} ({counted(report.passages, 'passage')})")
            if not is_terminal(sys.stdin):
                raise click.UsageError(
                    _(
                        "stdin is not a terminal, so nothing can be confirmed; give --yes to "
                        "remove without confirmation"
                    )
                )
            if not confirmed(
                _(
                    "Remove {reports} from {path}?",
                    reports=counted(len(names), "report"),
                    path=index.path,
                )
            ):
                say(_("Nothing was removed."))
                click.get_current_context().exit(1)
        passages = index.remove(names, wait=wait)
    if console.format == "json":
        console.json({"reports": names, "passages": passages})
    say(
        _(
            "Removed {reports}, {passages}.",
            reports=counted(len(names), "report"),
            passages=counted(passages, "passage"),
        )
    )
    there = [one.source for one in known if one.source and os.path.isfile(one.source)]
    for path in there[:_SHOWN]:
        say(
            clean(
                _(
                    "{path} is still there: the next update brings it back, unless: tracuu "
                    "ignore {path}",
                    path=path,
                )
            )
        )
    if len(there) > _SHOWN:
        say(_("… and {count:,} more files", count=len(there) - _SHOWN))
