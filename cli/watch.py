"""``tracuu watch``."""

from __future__ import annotations

import sys
import time
from collections import Counter

import click

from .. import index
from . import values
from .alerts import alert_option, command_of, show_alerts
from .changes import event, print_change, summary
from .console import Console, say
from .ending import ended_politely
from .index import opened
from .language import _
from .manual import WRITES, Command
from .options import later_index_option, ocr_options, output_options, quiet_option


@click.command("watch", cls=Command, exits=WRITES)
@click.argument(
    "folders", nargs=-1, required=True, metavar="FOLDER...", shell_complete=values.folders
)
@click.option(
    "--settle",
    type=click.FloatRange(0),
    default=2.0,
    metavar="SECONDS",
    help="Read a file when it has not changed for this long.  [default: 2]",
)
@click.option(
    "--poll",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="Scan the folders at this interval; needed on network drives.  [default: on file events]",
)
@ocr_options
@alert_option
@quiet_option
@output_options("jsonl", paged=False)
@later_index_option
def command(
    folders: tuple[str, ...],
    settle: float,
    poll: float | None,
    ocr: bool | str,
    on_alert: str | None,
    quiet: bool,
    console: Console,
) -> None:
    """Keep the index up to date as reports arrive.

    The reports below each FOLDER are indexed, and then every file that is added, changed, renamed
    or deleted there, until Ctrl-C. A file that is still being written is read when it is complete;
    while another process writes to the index, files wait. Reports of deleted files are removed; if
    a whole folder is unavailable, such as a network drive, its reports stay.

    \b
    Examples:
      tracuu watch reports/
      tracuu watch /mnt/share/reports --poll 10 --jsonl
    """
    from ..index.watch import watch

    start, ordered = time.monotonic(), command_of(on_alert)
    seen: Counter[str] = Counter()
    passages = 0
    with (
        opened(list(folders), None, None, quiet) as target,
        index.AlertFinder(target) as finder,
        ended_politely(),
    ):
        changes = watch(target, folders, settle=settle, poll=poll, ocr=ocr)
        if not quiet:
            say(_("Watching {folders}; Ctrl-C ends it.", folders=", ".join(folders)))
        for change in changes:
            seen[change.kind] += 1
            passages += change.passages if change.kind in ("added", "changed") else 0
            if change.kind == "failed" or not quiet:
                print_change(change)
            if console.format == "jsonl" and (not quiet or change.kind == "failed"):
                console.jsonl([event(change, time.monotonic() - start)])
                sys.stdout.flush()
            show_alerts(finder.alerts([change]), console, ordered)
    if not quiet:
        say(
            _("Ended. {summary}", summary=summary(seen, passages))
            if seen
            else _("Ended. Nothing changed.")
        )
