"""``tracuu plot``."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from .. import charts
from ..charts.home import spare_home
from .connection import Index, open_index
from .console import Console, confirmed, is_terminal, say
from .hits import NO_WORD, counting_notices
from .language import _, system_reason
from .manual import Command
from .options import (
    filter_options,
    filters,
    later_index_option,
    literal_option,
    output_options,
    query_of,
)
from .text import cells, clean, columns

_KINDS = ("matrix", "timeline", "shares")
_FORMATS = {".svg": "svg", ".png": "png"}


@click.command("plot", cls=Command)
@click.argument("picture", type=click.Choice(_KINDS))
@click.argument("query", nargs=-1)
@filter_options()
@literal_option
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Draw into this file; its name ends in .svg or .png.",
)
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.option(
    "--terminal",
    is_flag=True,
    help="Draw with lines of text here.  [default: without --out and formats]",
)
@click.option(
    "--most",
    type=click.IntRange(1),
    default=6,
    show_default=True,
    help="With shares: the greatest number of reports.",
)
@click.option(
    "--lang",
    type=click.Choice(["vi", "en"]),
    default="vi",
    show_default=True,
    help="Language of the fixed words.",
)
@output_options("json", "csv")
@later_index_option
def command(picture: str, query: tuple[str, ...], console: Console, **given: Any) -> None:
    """Draw charts of the matches: by area, over the years, by report.

    \b
    matrix    areas by assessment: achievement, shortcoming, cause, none
    timeline  matches over the years and the terms of office that reports are about
    shares    the areas' shares of the matches in each report, side by side

    It counts the passages that `tracuu search` would find with the same QUERY and filters; without
    a query, all that pass the filters. With --out the numbers are printed as a table, or as --json
    or --csv.

    \b
    Examples:
      tracuu plot matrix --out areas.svg
      tracuu plot matrix giải ngân --terminal
      tracuu plot timeline cải cách hành chính --out over-time.png
      tracuu plot shares --report kiem-diem --report chinh-tri -o shares.svg --force
      tracuu plot timeline --area kinh-te --csv
    """

    out: Path | None = given["out"]
    _check(out, given["force"], console)
    with open_index() as index:
        numbers = _count(index, picture, query_of(query), given)
    if out is not None:
        if not numbers.request.total:
            raise click.ClickException(
                _("nothing matches, so no picture was made; try other words or fewer filters")
            )
        _write(out, _drawn(numbers, _FORMATS[out.suffix.lower()], given["lang"]))
    _print(console, numbers, given["lang"], terminal=given["terminal"] or out is None)
    if numbers.request.wordless:
        say(_(NO_WORD, query=numbers.request.query))
    elif not numbers.request.total:
        say(_("Nothing matches."))
    for note in counting_notices(numbers.request):
        say(note)
    if out is not None:
        say(_("Drawn: {out}", out=out))


def _check(out: Path | None, force: bool, console: Console) -> None:
    """Check the options before counting. Raises UsageError."""
    if out is None:
        return
    if out.suffix.lower() not in _FORMATS:
        raise click.UsageError(
            _("{out!r} ends in neither .svg nor .png; the ending chooses the format", out=str(out))
        )
    if out.exists() and not force:
        if console.format != "text" or not is_terminal(sys.stdin) or not is_terminal(sys.stdout):
            raise click.UsageError(_("{out!r} exists already; --force overwrites it", out=str(out)))
        if not confirmed(_("{out} exists already. Overwrite it?", out=str(out))):
            raise click.Abort


def _count(index: Index, picture: str, query: str, given: dict[str, Any]) -> charts.Picture:
    chosen = filters(given)
    if picture == "shares":
        return charts.shares(index, query, most=given["most"], literal=given["literal"], **chosen)
    count: Callable[..., charts.Picture] = charts.matrix if picture == "matrix" else charts.timeline
    return count(index, query, literal=given["literal"], **chosen)


def _drawn(numbers: charts.Picture, format: str, lang: Any) -> bytes:
    spare_home(os.environ)
    return charts.draw(numbers, format, lang=lang)


def _write(path: Path, content: bytes) -> None:
    """Write the file completely, or not at all."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(name, 0o666 & ~mask)
            os.replace(name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise click.ClickException(
            _("{path} cannot be written: {error}", path=path, error=system_reason(error))
        ) from error


def _print(console: Console, numbers: charts.Picture, lang: Any, *, terminal: bool) -> None:
    if console.format == "json":
        console.json(numbers.to_dict())
        return
    if console.format == "csv":
        console.csv(*charts.records_of(numbers))
        return
    if not numbers.request.total:
        return
    if terminal:
        plain = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace(
            "-", ""
        ) != "utf8"
        sheet = charts.panels_of(numbers, lang)
        console.lines(
            charts.lines_of(
                sheet,
                width=console.width,
                ascii=plain,
                strong=console.strong,
                clean=clean,
                cells=cells,
            )
        )
        return
    lines: list[str] = []
    for table in charts.table_of(numbers, lang):
        lines += ["", console.strong(table.title)] if lines else [console.strong(table.title)]
        figures = range(1, len(table.header))
        lines += columns(
            table.header,
            table.rows,
            numbers=figures,
            flexible=(0, *figures),
            width=console.width,
            style=console.strong,
        )
    console.lines(lines)
