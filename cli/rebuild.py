"""``tracuu rebuild``."""

from __future__ import annotations

from typing import Any

import click

from .. import corpus
from . import values
from .changes import LOST, follow
from .connection import chosen, connection, engine_options
from .console import Console, say
from .language import _
from .manual import REBUILDS, Command
from .options import (
    index_path,
    later_index_option,
    output_options,
    quiet_option,
    reading_options,
)


@click.command("rebuild", cls=Command, exits=REBUILDS)
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
@click.option(
    "--accept-loss",
    is_flag=True,
    help="Remove old data that hold passages which cannot be read.  [default: keep them]",
)
@engine_options()
@reading_options
@quiet_option
@output_options("json", "jsonl", paged=False)
@later_index_option
def command(
    paths: tuple[str, ...],
    taxonomy: str | None,
    engine: str | None,
    accept_loss: bool,
    ocr: bool | str,
    jobs: int | None,
    limits: corpus.Limits | None,
    wait: float,
    quiet: bool,
    console: Console,
    **given: Any,
) -> None:
    """Rebuild the index from its reports.

    All files and folders that were indexed are read again, or, if PATHs are given, those instead.
    All other reports are carried over: those an application added, those whose file is gone or
    cannot be read. Reports keep their ids. The old index may be damaged, and it serves searches
    until the new one is whole. Needed when an index is outdated or damaged, or to change its
    taxonomy or engine.

    If passages that only the old index held cannot be read, each report is named, the exit code is
    6, and the old data stay in the folder: the next rebuild tries them again, and --accept-loss
    removes them.

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
        limits=limits,
        ocr=ocr,
        accept_loss=accept_loss,
    )
    code = follow(changes, console, quiet=quiet, files=0)
    if code == LOST and not accept_loss:
        say(
            _(
                "The old data stay in the index's folder. If a damaged file can be restored, put "
                "it back and rebuild again; to give the passages up: tracuu rebuild --accept-loss"
            )
        )
    click.get_current_context().exit(code)
