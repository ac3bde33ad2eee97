"""``tracuu copy``."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import closing
from typing import Any, cast

import click

from .. import index
from . import values
from .connection import chosen, connection, engine_options, open_index
from .console import Console, is_terminal, say
from .language import _
from .manual import WRITES, Command
from .options import index_path, later_index_option, output_options, quiet_option, wait_option
from .text import clean, counted

_EVERY = 0.2  # seconds between updates of the progress line


@click.command("copy", cls=Command, exits=WRITES)
@click.argument("source", required=False, metavar="[INDEX]", shell_complete=values.folders)
@click.option(
    "--to", metavar="DIR", required=True, help="The new folder.", shell_complete=values.folders
)
@click.option(
    "--engine",
    metavar="NAME",
    help="Engine of the copy.  [default: the index's]",
    shell_complete=values.engines,
)
@engine_options()
@wait_option
@quiet_option
@output_options("json", paged=False)
@later_index_option
def command(
    source: str | None,
    to: str,
    engine: str | None,
    wait: float,
    quiet: bool,
    console: Console,
    **given: Any,
) -> None:
    """Copy the index to another folder or engine.

    The files it was made from are not needed. Searches continue during the copy. The copy is
    compared with the original before it is used: every report and passage, the passages of each
    area and assessment, the best of some searches. An interrupted copy leaves nothing behind.

    \b
    Examples:
      tracuu copy --to big.idx --engine tantivy
      tracuu copy reports.idx --to ~/backup/reports.idx
    """
    from ..index.copy import copy

    place = source if source is not None else index_path()
    options = connection(engine=engine, given=chosen(given))
    made = copy(
        place, to, engine=engine, options=options, source_options=connection(place), wait=wait
    )
    shown = not quiet and is_terminal(sys.stderr)
    reports = passages = 0
    last = 0.0
    with closing(cast("Generator[index.Copied, None, None]", made)) as running:
        for copied in running:
            reports, passages = reports + 1, passages + copied.passages
            if shown and (time.monotonic() - last > _EVERY or reports == copied.of):
                last = time.monotonic()
                what = _("comparing …") if reports == copied.of else counted(passages, "passage")
                done = _("{done:,} of {all:,} reports", done=reports, all=copied.of)
                click.echo(f"\r{done}, {what}   ", nl=False, err=True)
    if shown:
        click.echo("\r" + " " * 79 + "\r", nl=False, err=True)
    with open_index(to) as index:
        info = index.info()
    if console.format == "json":
        console.json(
            {
                "from": place,
                "to": info.path,
                "engine": info.engine,
                "reports": reports,
                "passages": passages,
            }
        )
    if not quiet:
        say(
            clean(
                _(
                    "Copied {reports}, {passages} to {path} (engine {engine}), and compared "
                    "them: all are equal.",
                    reports=counted(reports, "report"),
                    passages=counted(passages, "passage"),
                    path=info.path,
                    engine=info.engine,
                )
            )
        )
