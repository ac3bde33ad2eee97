"""``tracuu similar``."""

from __future__ import annotations

import click

from . import hits, values
from .connection import open_index
from .console import Console, say
from .language import _
from .manual import Command
from .options import (
    check_out,
    count_option,
    full_option,
    later_index_option,
    out_option,
    output_options,
)


@click.command("similar", cls=Command)
@click.argument("passage", metavar="REPORT#12", shell_complete=values.passages)
@count_option
@full_option
@out_option
@output_options("json", "jsonl", "csv")
@later_index_option
def command(passage: str, limit: int, full: bool, out: str | None, console: Console) -> None:
    """Find passages similar to a given one.

    REPORT#12 is a passage's id, as a search shows it. The passages that share the most informative
    words with it come first.

    \b
    Examples:
      tracuu similar "bao-cao-kiem-diem-quan-uy-nhiem-ky-xi#12"
      tracuu similar "bao-cao-kiem-diem-quan-uy-nhiem-ky-xi#12" -n 3 --json
    """
    check_out(out, console)
    with open_index() as index:
        results = index.similar(passage, limit=limit)
        if out is None and console.format == "json":
            console.json(hits.json_of(results))
        elif out is not None or console.format != "text":
            hits.print_table(console, results, index.labels(), out)
        elif results:
            console.lines(hits.ListStyle(console, index, full=full).page(results, facets=False))
    if not results.total:
        say(_("No passage shares informative words with {passage}.", passage=passage))
