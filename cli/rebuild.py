"""``tracuu rebuild``."""

from __future__ import annotations

from typing import Any

import click

from . import values
from .changes import follow
from .connection import chosen, connection, engine_options
from .console import Console
from .manual import READS_FILES, Command
from .options import (
    index_path,
    jobs_option,
    later_index_option,
    limit_option,
    limits_of,
    ocr_options,
    output_options,
    quiet_option,
    wait_option,
)


@click.command("rebuild", cls=Command, exits=READS_FILES)
@click.argument("paths", nargs=-1, metavar="[PATH]...", shell_complete=values.files)
@click.option(
    "--taxonomy",
    metavar="FILE",
    help="Change to this taxonomy.  [default: the index's]",
    shell_complete=values.files,
)
@click.option(
    "--engine",
    metavar="NAME",
    help="Change to this engine.  [default: the index's]",
    shell_complete=values.engines,
)
@engine_options()
@ocr_options
@jobs_option
@limit_option
@wait_option
@quiet_option
@output_options("json", "jsonl", paged=False)
@later_index_option
def command(
    paths: tuple[str, ...],
    taxonomy: str | None,
    engine: str | None,
    ocr: bool | str,
    jobs: int | None,
    limits: tuple[str, ...],
    wait: float,
    quiet: bool,
    console: Console,
    **given: Any,
) -> None:
    """Make the index anew from its reports.

    All files and folders that were indexed are read again, or, where PATHs are given, those instead; reports
    keep their ids. Nothing of the old index need be readable, and it serves searches until the new one is
    whole. Needed when an index is outdated or damaged, or to change its taxonomy or engine.

    \b
    Examples:
      tracuu rebuild
      tracuu rebuild --taxonomy taxonomy.toml
      tracuu rebuild reports/ --index damaged.idx
    """
    from ..index.rebuild import rebuild

    changes = rebuild(
        index_path(),
        paths or None,
        taxonomy=taxonomy,
        engine=engine,
        options=connection(engine=engine, given=chosen(given)),
        wait=wait,
        jobs=jobs,
        limits=limits_of(limits),
        ocr=ocr,
    )
    click.get_current_context().exit(follow(changes, console, quiet=quiet, files=0))
