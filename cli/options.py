"""Options that several commands share."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import fields
from typing import Any, TypeVar, cast

import click

from .. import corpus, export, search
from ..errors import UsageError
from . import values
from .console import Console, Format, say
from .language import N_, _, system_reason
from .text import counted
from .values import INDEX, NAMED, index_folder

Function = TypeVar("Function", bound=Callable[..., Any])

_FORMATS = {
    "json": N_("Print one JSON document."),
    "jsonl": N_("Print JSON Lines: one document a line."),
    "csv": N_("Print CSV with a header line."),
}


def _keep_index(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> None:
    if len(given) > 1:
        raise click.BadParameter(
            _("{first} and {second} are two indexes; name one", first=given[0], second=given[1])
        )
    named = given or tuple(filter(None, [os.environ.get("TRACUU_INDEX")]))
    if given or (named and context.parent is None):
        if not named[0].strip():
            raise click.BadParameter(_("the folder's name is empty"))
        context.meta[INDEX] = named[0]
        if given:
            context.meta[NAMED] = named[0]


def _keep_verbose(_: click.Context, __: click.Parameter, value: bool) -> None:
    if value:
        from .logs import log_to_stderr

        log_to_stderr(True)


def verbose_option(function: Function) -> Function:
    """``-v``, before or after the command's name."""
    return click.option(
        "-v",
        "--verbose",
        is_flag=True,
        expose_value=False,
        callback=_keep_verbose,
        help="Log to stderr.",
    )(function)


def index_option(function: Function) -> Function:
    """``--index DIR``, before or after the command's name; see :func:`index_path`."""
    return click.option(
        "--index",
        metavar="DIR",
        multiple=True,
        expose_value=False,
        callback=_keep_index,
        shell_complete=values.folders,
        help="Folder of the index.  [env: TRACUU_INDEX; default: ./.tracuu]",
    )(verbose_option(function))


def later_index_option(function: Function) -> Function:
    """``--index`` after a command's name.

    It takes precedence over the one before the name and the environment.
    """
    return click.option(
        "--index",
        metavar="DIR",
        multiple=True,
        expose_value=False,
        callback=_keep_index,
        shell_complete=values.folders,
        help="Folder of the index.  [env: TRACUU_INDEX; default: ./.tracuu]",
    )(verbose_option(function))


def index_path() -> str:
    """The folder of the running command's index."""
    return index_folder(click.get_current_context())


def named_index() -> str | None:
    """The folder named by ``--index`` or the environment, or None."""
    return cast("str | None", click.get_current_context().meta.get(INDEX))


def output_options(*formats: Format, paged: bool = True) -> Callable[[Function], Function]:
    """Add output options; the command gets a :class:`Console` as ``console``.

    ``formats`` are those supported besides text. With ``paged`` text goes to stdout, through a
    pager.
    """

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def run(*args: Any, **given: Any) -> Any:
            chosen = [name for name in formats if given.pop(f"as_{name}")]
            excel = given.pop("excel", False)
            if excel and chosen not in ([], ["csv"]):
                raise click.UsageError(
                    _("--excel writes CSV and cannot be combined with --{format}", format=chosen[0])
                )
            chosen = ["csv"] if excel else chosen
            if len(chosen) > 1:
                raise click.UsageError(
                    _(
                        "--{first} and --{second} exclude each other; give one of them",
                        first=chosen[0],
                        second=chosen[1],
                    )
                )
            console = Console.choose(
                chosen[0] if chosen else "text",
                colour=given.pop("color", None),
                width=given.pop("width", None),
                pager=not given.pop("no_pager", not paged),
                excel=excel,
            )
            return function(*args, console=console, **given)

        wrapped: Any = run
        if paged:
            for option in reversed(_PAGED):
                wrapped = option(wrapped)
        if "csv" in formats:
            wrapped = click.option(
                "--excel",
                is_flag=True,
                help="Print CSV that Excel opens as it is (UTF-8 with a mark).",
            )(wrapped)
        for name in reversed(formats):
            wrapped = click.option(f"--{name}", f"as_{name}", is_flag=True, help=_FORMATS[name])(
                wrapped
            )
        return cast(Function, wrapped)

    return decorate


_PAGED = (
    click.option(
        "--width",
        type=click.IntRange(20),
        metavar="COLUMNS",
        help="Break lines here.  [default: the terminal's]",
    ),
    click.option(
        "--color/--no-color",
        default=None,
        help="Colours or none.  [default: on a terminal without NO_COLOR]",
    ),
    click.option("--no-pager", is_flag=True, help="Never show long output through a pager."),
)

_FILTERS = (
    click.option(
        "--assessment",
        multiple=True,
        metavar="NAME",
        help="achievement, shortcoming, cause or none; "
        "Vietnamese names too (mặt được, tồn tại, nguyên nhân …). Repeatable.",
        shell_complete=values.assessments,
    ),
    click.option(
        "--report",
        multiple=True,
        metavar="ID",
        help="Only this report, by id or part of it. Repeatable.",
        shell_complete=values.reports,
    ),
)

_ORIGIN = (
    click.option(
        "--body",
        multiple=True,
        metavar="NAME",
        help='Only reports issued by this body: its name or words of it, such as "UBND xã". '
        "Repeatable.",
        shell_complete=values.bodies,
    ),
    click.option(
        "--place",
        multiple=True,
        metavar="NAME",
        help="Only reports issued at this place. Repeatable.",
        shell_complete=values.places,
    ),
    click.option(
        "--folder",
        multiple=True,
        metavar="NAME",
        help="Only reports whose files lie in or below this folder: 2024, xa-a/2024. Repeatable.",
        shell_complete=values.report_folders,
    ),
    click.option(
        "--kind",
        multiple=True,
        metavar="NAME",
        help='Only reports of this kind: "báo cáo", "nghị quyết". Repeatable.',
    ),
    click.option("--number", metavar="NUMBER", help="Only the report of this number: 15-BC/QU."),
    click.option(
        "--extra",
        multiple=True,
        metavar="KEY=VALUE",
        help="Only reports with this metadata of an application's own. Repeatable.",
    ),
)

_TIMES = (
    click.option(
        "--year",
        metavar="YEARS",
        help="Only reports on these years: 2003, 2003-2005, 2003.., ..2005.",
    ),
    click.option(
        "--term",
        metavar="YEARS",
        help="Only reports on this term of office: 2000-2005.",
        shell_complete=values.terms,
    ),
)

_AREA = click.option(
    "--area",
    multiple=True,
    metavar="NAME",
    help="Only this area: its id, its label or part of either, with or without diacritics. "
    "Repeatable.",
    shell_complete=values.areas,
)


def filter_options(*, area: bool = True, passages: bool = True) -> Callable[[Function], Function]:
    """Add the options of filters.

    :func:`filters` converts them to arguments of a search.
    """

    def decorate(function: Function) -> Function:
        wrapped: Any = function
        for option in reversed(
            ((_AREA,) if area else ()) + (_FILTERS if passages else ()) + _TIMES + _ORIGIN
        ):
            wrapped = option(wrapped)
        return cast(Function, wrapped)

    return decorate


def filters(given: dict[str, Any]) -> dict[str, Any]:
    """The filters among the options ``given``, as arguments of ``Index.search``."""
    return {name: given[name] for name in search.FILTER_NAMES if given.get(name) not in (None, ())}


literal_option = click.option(
    "--literal",
    is_flag=True,
    help='Treat the query as plain words, without operators such as " + - ( ) : *',
)
abbreviations_option = click.option(
    "--abbreviations",
    type=click.Path(dir_okay=False),
    envvar="TRACUU_ABBREVIATIONS",
    show_envvar=True,
    metavar="FILE",
    help="A TOML file of your own abbreviations, in addition to the built-in ones.",
)
wait_option = click.option(
    "--wait",
    type=click.FloatRange(0),
    default=0.0,
    metavar="SECONDS",
    help="Wait this long for another writer to finish.  [default: 0]",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    help="Read with at most N processes.  [default: one a processor]",
)
_limit_option = click.option(
    "--limit",
    "limits",
    multiple=True,
    callback=lambda _, __, given: _limits(given),
    metavar="NAME=NUMBER",
    help="Bound on one file, such as pages=10000 or file_bytes=500000000. Repeatable.",
)
_OCR = (
    click.option(
        "--ocr", is_flag=True, help="Read scanned pages with tesseract, which must be installed."
    ),
    click.option(
        "--ocr-language",
        metavar="LANG",
        help="Languages to recognise, such as vie+eng; implies --ocr.  [default: vie]",
    ),
)


def ocr_options(function: Function) -> Function:
    """Add ``--ocr`` and ``--ocr-language``.

    The command gets ``ocr``: False, True or the languages.
    """

    @functools.wraps(function)
    def run(*args: Any, ocr: bool, ocr_language: str | None, **given: Any) -> Any:
        if ocr_language is not None:
            corpus.ocr_languages(ocr_language)  # raises, before an index is made
        return function(*args, ocr=ocr_language or ocr, **given)

    wrapped: Any = run
    for option in reversed(_OCR):
        wrapped = option(wrapped)
    return cast(Function, wrapped)


def reading_options(function: Function) -> Function:
    """Add the options of :func:`ocr_options`, ``--jobs``, ``--limit`` and ``--wait``.

    The command gets ``ocr``, ``jobs``, ``limits`` (``Limits`` or None) and ``wait``.
    """
    return ocr_options(jobs_option(_limit_option(wait_option(function))))


count_option = click.option(
    "-n",
    "--limit",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="Number of passages to show.",
)
full_option = click.option("--full", is_flag=True, help="Show whole passages instead of snippets.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print failures only.")


out_option = click.option(
    "--out",
    metavar="FILE",
    help="Write the table to FILE: .xlsx, .csv (for Excel), .jsonl or .parquet, by its ending.",
    shell_complete=values.files,
)


def check_out(out: str | None, console: Console) -> None:
    """Check ``--out`` before any work is done. Raises UsageError."""
    if out is not None:
        export.check_suffix(out)
        if console.format != "text":
            raise click.UsageError(
                _(
                    "--out writes a file and cannot be combined with --{format}",
                    format=console.format,
                )
            )


def write_out(out: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table to the file of ``--out``, and print a message."""
    listed = list(rows)
    export.write_table(out, header, listed)
    say(_("Wrote {rows} to {out}", rows=counted(len(listed), "row"), out=out))


def _limits(given: tuple[str, ...]) -> corpus.Limits | None:
    """The limits on the command line, with defaults for the others.

    None if none is given. Raises UsageError.
    """
    if not given:
        return None
    known = [field.name for field in fields(corpus.Limits)]
    numbers = {}
    for text in given:
        name, mark, number = text.partition("=")
        plain = number.replace("_", "").strip()
        if name.strip() not in known or not mark or not plain.isdecimal() or not int(plain):
            raise UsageError(
                "--limit {text!r} is not a limit; write NAME=NUMBER with one of: {known}",
                text=text,
                known=", ".join(known),
            )
        numbers[name.strip()] = int(plain)
    return corpus.Limits(**numbers)


def read_queries(file: str) -> list[str]:
    """The queries in a file, one per line.

    Ignores blank lines and those that begin with ``#``.
    """
    try:
        with click.open_file(file, encoding="utf-8-sig", errors="replace") as stream:
            lines = [line.strip() for line in stream]
    except OSError as error:
        raise click.UsageError(
            _("{file}: cannot be read: {error}", file=file, error=system_reason(error))
        ) from error
    queries = [line for line in lines if line and not line.startswith("#")]
    if not queries:
        raise click.UsageError(_("{file}: there is no query in it", file=file))
    return queries


def query_of(words: tuple[str, ...]) -> str:
    """The query on the command line; ``-`` alone means stdin."""
    if words == ("-",):
        with suppress(AttributeError, ValueError):  # replaced by an object that is not a file
            sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
        return sys.stdin.read().strip()
    return " ".join(words)
