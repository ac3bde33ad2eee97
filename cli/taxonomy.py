"""``tracuu taxonomy``."""

from __future__ import annotations

import os

import click

from .. import corpus
from .connection import open_index
from .console import Console, say
from .language import _
from .manual import Command
from .options import index_path, later_index_option, named_index, output_options


@click.command("taxonomy", cls=Command)
@click.option(
    "--default", "default", is_flag=True, help="The package's own, even where there is an index."
)
@output_options(paged=False)
@later_index_option
def command(default: bool, console: Console) -> None:
    """Print the taxonomy, to start one of your own.

    It is the index's, where there is an index, else the package's own: a TOML file whose comments
    describe how areas are recognised. Change it, and give it with --taxonomy FILE to `tracuu
    index` for a new index, or to `tracuu rebuild`.

    \b
    Examples:
      tracuu taxonomy --default > taxonomy.toml
      tracuu outline report.docx --taxonomy taxonomy.toml
      tracuu rebuild --taxonomy taxonomy.toml
    """
    if default or not (named_index() or os.path.isdir(index_path())):
        chosen = corpus.default_taxonomy()
    else:
        with open_index() as index:
            chosen = index.taxonomy
            say(_("The taxonomy of the index {path}:", path=index.path))
    console.raw(chosen.text)
