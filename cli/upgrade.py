"""``tracuu upgrade``."""

from __future__ import annotations

import click

from ..errors import IndexOutdated
from .changes import follow
from .connection import connection, open_index
from .console import Console, say
from .language import _
from .manual import WRITES, Command
from .options import (
    index_path,
    jobs_option,
    later_index_option,
    output_options,
    quiet_option,
    wait_option,
)


@click.command("upgrade", cls=Command, exits=WRITES)
@click.option("--force", is_flag=True, help="Make it again even if it is up to date.")
@jobs_option
@wait_option
@quiet_option
@output_options("json", "jsonl", paged=False)
@later_index_option
def command(force: bool, jobs: int | None, wait: float, quiet: bool, console: Console) -> None:
    """Bring the index up to date with this version of tracuu.

    The new index is made beside the old one, from the passages in the old one: no report is read,
    and searches continue. Passages, areas and ids do not change. To read the reports again with the
    readers of this version, use `tracuu rebuild`.

    \b
    Examples:
      tracuu upgrade
      tracuu upgrade --index reports.idx --quiet
    """
    from ..index.rebuild import upgrade

    options = connection()
    if not force:
        try:
            with open_index(options=options) as index:
                current = index.outdated is None
        except IndexOutdated:
            current = False
        if current:
            if not quiet:
                say(_("The index is up to date."))
            return
    changes = upgrade(index_path(), options=options, wait=wait, jobs=jobs)
    click.get_current_context().exit(follow(changes, console, quiet=quiet, files=0))
