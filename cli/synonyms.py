"""``tracuu synonyms``."""

from __future__ import annotations

import click

from . import values
from .connection import open_index
from .console import Console, say
from .language import _
from .manual import Command
from .options import later_index_option, output_options, wait_option


@click.command("synonyms", cls=Command)
@click.argument("file", required=False, type=click.Path(), shell_complete=values.files)
@click.option("--remove", is_flag=True, help="Remove the synonyms of the index.")
@wait_option
@output_options(paged=False)
@later_index_option
def command(file: str | None, remove: bool, wait: float, console: Console) -> None:
    """Print, replace or remove the synonyms kept with the index.

    FILE is a TOML file of words with the same meaning, and of abbreviations of your own. It is
    copied into the index's folder. A search for one word finds the others too, and names them;
    words in quotation marks are found as they stand. Nothing has to be indexed again.

    \b
    In the file:
      [[synonym]]
      words = ["ngập nước", "úng ngập", "triều cường"]
      [[abbreviation]]
      short = "NTM"
      long = ["nông thôn mới"]

    \b
    Examples:
      tracuu synonyms words.toml
      tracuu synonyms > words.toml
      tracuu synonyms --remove
    """

    if file is not None and remove:
        raise click.UsageError(_("FILE and --remove exclude each other; give one of them"))
    with open_index() as index:
        if file is not None or remove:
            index.replace_synonyms(file, wait=wait)
            say(
                _("The synonyms are removed.")
                if remove
                else _("The synonyms of {file} are kept.", file=file)
            )
        elif text := index.synonyms:
            console.raw(text)
        else:
            say(_("The index has no synonyms; keep some with: tracuu synonyms FILE"))
