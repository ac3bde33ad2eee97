"""``tracuu forget``."""

from __future__ import annotations

import click

from . import values
from .connection import open_index
from .console import Console, say
from .language import _
from .manual import WRITES, Command
from .options import later_index_option, output_options, wait_option
from .text import clean, counted


@click.command("forget", cls=Command, exits=WRITES)
@click.argument("folder", metavar="FOLDER", shell_complete=values.files)
@click.option("--remove", is_flag=True, help="Also remove the reports that were read from there.")
@wait_option
@output_options("json", paged=False)
@later_index_option
def command(folder: str, remove: bool, wait: float, console: Console) -> None:
    """Remove a folder from the sources of the index.

    FOLDER is a folder or file that was indexed, as `tracuu info` lists it; it need not be there any
    more. A rebuild then no longer looks for it. Its reports stay unless --remove is given.

    \b
    Examples:
      tracuu forget /mnt/old-share
      tracuu forget reports/2003 --remove
    """

    with open_index() as index:
        reports = index.forget(folder, remove=remove, wait=wait)
    if console.format == "json":
        console.json({"folder": folder, "reports": list(reports), "removed": remove})
    say(
        clean(
            _(
                "Forgot {folder}; {reports} removed."
                if remove
                else "Forgot {folder}; {reports} stay in the index.",
                folder=folder,
                reports=counted(len(reports), "report"),
            )
        )
    )
