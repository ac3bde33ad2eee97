"""``tracuu ignore``."""

from __future__ import annotations

import click

from . import values
from .connection import open_index
from .console import Console
from .manual import WRITES, Command
from .options import later_index_option, output_options, wait_option


@click.command("ignore", cls=Command, exits=WRITES)
@click.argument("patterns", nargs=-1, metavar="[PATTERN]...", shell_complete=values.files)
@wait_option
@output_options("json", paged=False)
@later_index_option
def command(patterns: tuple[str, ...], wait: float, console: Console) -> None:
    """Keep files out of the index.

    PATTERN is written as in .gitignore and matched from each indexed folder; the path of an
    existing file or folder matches just that. Without a PATTERN those of the index are listed,
    which are in the file `ignore` of its folder. An indexed folder may also hold a file
    .tracuuignore. Reports that are in the index already stay: see `tracuu remove`.

    \b
    Examples:
      tracuu ignore "drafts/" "*-nhap.docx"
      tracuu ignore
    """

    with open_index() as index:
        known = index.ignore(patterns, wait=wait) if patterns else index.ignored()
    if console.format == "json":
        console.json(list(known))
    else:
        console.lines(list(known))
