"""The command line: the table of commands, error messages and exit codes.

0 done · 1 failed · 2 wrong usage · 3 some files failed · 4 the index is busy or
outdated · 5 pruning refused · 6 a rebuild lost passages · 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import gc
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import Any, cast

import click

from ..errors import (
    COMMITTED,
    IndexBusy,
    IndexOutdated,
    PruneRefused,
    QueryError,
    TracuuError,
    UsageError,
)
from .console import READER_GONE, drop_stdout, prepare_streams, say, with_index
from .language import N_, _, choose, describe, messages_in
from .manual import CompletionItem, TranslatedHelp, help_text, value_words
from .options import index_option
from .text import caret, clean
from .values import NAMED

# command → first line of its help; its module has the same name
COMMANDS = {
    "index": N_("Bring an index up to date with files and folders."),
    "watch": N_("Keep the index up to date as reports arrive."),
    "search": N_("Rank the passages that match a query."),
    "areas": N_("Count the leadership areas, or rank them for a query."),
    "tally": N_("Count the passages that match, by one or two of their properties."),
    "saved": N_("Save searches, run them again, and be alerted of new passages."),
    "reports": N_("List the reports of the index."),
    "show": N_("Show a passage with its neighbours, or a whole report."),
    "similar": N_("Find passages similar to a given one."),
    "compare": N_("Compare reports on two or more terms: the same areas then and now."),
    "plot": N_("Draw charts of the matches: by area, over the years, by report."),
    "serve": N_("Serve an index over HTTP: a JSON API and a web page."),
    "correct": N_("Correct the area or assessment of a passage."),
    "extra": N_("Set your own metadata on reports, to filter by."),
    "remove": N_("Remove reports from the index."),
    "forget": N_("Remove a folder from the sources of the index."),
    "ignore": N_("Keep files out of the index."),
    "info": N_("Show statistics and settings of the index."),
    "rebuild": N_("Rebuild the index from its reports."),
    "upgrade": N_("Bring the index up to date with this version of tracuu."),
    "copy": N_("Copy the index to another folder or engine."),
    "check": N_("Check the index for damaged files and incomplete reports."),
    "outline": N_("Show how a file is read, without indexing it."),
    "embed": N_("Make vectors of the passages, for searches by meaning."),
    "synonyms": N_("Print, replace or remove the synonyms kept with the index."),
    "taxonomy": N_("Print the taxonomy, to start one of your own."),
    "completion": N_("Print a script for shell completion."),
    "mcp": N_("Give agents tools to search the index (MCP)."),
}

# Vietnamese words for commands, without diacritics → the command
VIETNAMESE = {
    "chep": "copy",
    "chi-muc": "index",
    "dem": "tally",
    "kiem-tra": "check",
    "linh-vuc": "areas",
    "so-sanh": "compare",
    "sua": "correct",
    "tim": "search",
    "tim-kiem": "search",
    "tra-cuu": "search",
    "ve": "plot",
    "xem": "show",
    "xoa": "remove",
}

# Commands that only read. They do not log, so ``logging`` is not imported, except with
# ``--verbose``; garbage collection is disabled while they run.
LOOKING = frozenset(("search", "areas", "tally", "reports", "show", "similar"))

# click's names of number types → those displayed
_NUMBERS = {
    "integer": N_("whole number"),
    "integer range": N_("whole number"),
    "float": N_("number"),
    "float range": N_("number"),
}

FAILED, USAGE, BUSY_OR_OUTDATED, PRUNE_REFUSED, STOPPED = 1, 2, 4, 5, 130


class Commands(TranslatedHelp, click.Group):
    """The group of all commands; each one's module is imported when it is used."""

    named_index: str | None = None  # the index that a failed command named

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name not in COMMANDS:
            return None
        return cast(click.Command, import_module(f".{cmd_name}", __name__).command)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands and options with this prefix, without importing the commands."""
        from click import shell_completion

        commands = [
            shell_completion.CompletionItem(name, help=_(what))
            for name, what in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*commands, *TranslatedHelp.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve the typed command; logging starts here."""
        try:
            name, command, rest = super().resolve_command(ctx, args)
        except click.UsageError as error:
            if hint := _suggestion(args[0]):
                raise click.UsageError(f"{error.format_message()} {hint}", ctx) from error
            raise
        if name in LOOKING:
            gc.disable()  # until _collecting_as_before restores it
        else:
            _logs().log_to_stderr(_logs().is_verbose())
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(what)) for name, what in COMMANDS.items()])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, and the list of commands."""
        with formatter.section(_("Options")):
            formatter.write_dl([record for _option, record in self.option_records(ctx)])
        self.format_commands(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Exit codes and environment variables."""
        formatter.write_paragraph()
        formatter.write_text(help_text(self.epilog or ""))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line, and exit with one of the codes above."""
        start = super().main

        def run() -> Any:
            return start(
                args,
                "tracuu",
                complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                **extra,
            )

        if not standalone_mode:
            with _collecting_as_before(), messages_in(choose(os.environ)):
                return run()
        prepare_streams()
        if f"{__name__}.logs" in sys.modules:  # if one process runs several commands
            _logs().log_to_stderr(False)
        with _collecting_as_before(), messages_in(choose(os.environ)):
            code = _exit_code(run)
            gc.freeze()  # avoids three collections at the end of the process
        sys.exit(code)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; detect a closed pipe before click treats it as a failure."""
        try:
            return super().invoke(ctx)
        except TracuuError:
            self.named_index = ctx.meta.get(NAMED)
            raise
        except OSError as error:
            if error.errno in READER_GONE:
                raise _ReaderGone from error
            raise


@contextmanager
def _collecting_as_before() -> Iterator[None]:
    """Restore the garbage collector's state after the command."""
    collects = gc.isenabled()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class _ReaderGone(Exception):
    """Stdout was closed by its reader, as after ``| head``."""


def _say_stopped(cause: BaseException | None) -> None:
    if cause is not None and COMMITTED in cause.args:
        say(_("Stopped; the change had been committed already."))
    else:
        say(_("Stopped. An index that was being written is unchanged."))


def _exit_code(run: Callable[[], Any]) -> int:
    """Run, print errors on stderr, and return the exit code."""
    try:
        code = run()
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except _ReaderGone:
        drop_stdout()
        return 0
    except click.ClickException as error:
        return _show(error)
    except click.Abort as stopped:
        if stopped.__cause__ is None:  # after a prompt, whose line has no end
            say("")
        cause = stopped.__cause__ or stopped.__context__
        _say_stopped(cause)
        return STOPPED if isinstance(cause, KeyboardInterrupt) else FAILED
    except KeyboardInterrupt as stopped:
        _say_stopped(stopped)
        return STOPPED
    except TracuuError as error:
        return _complain(error)
    except OSError as error:
        if error.errno in READER_GONE:
            drop_stdout()
            return 0
        return _unexpected(error, _("the operating system refused: {error}", error=error))
    except ModuleNotFoundError as error:
        if (error.name or "tracuu").partition(".")[0] == "tracuu":
            return _unexpected(
                error,
                _("a part of tracuu is missing ({name}); install it again", name=error.name),
            )
        return _unexpected(
            error,
            _(
                "the package {name} is not installed; install it with: pip install {name}",
                name=error.name,
            ),
        )
    except MemoryError as error:
        return _unexpected(error, _("there is not enough memory for this"))
    except Exception as error:  # a bug must not print a traceback
        return _unexpected(
            error,
            _(
                "this is a bug in tracuu ({kind}: {error}); please report it",
                kind=type(error).__name__,
                error=error,
            ),
        )


def _show(error: click.ClickException) -> int:
    """Show an error of the command line, with arguments named as in the help."""
    if isinstance(error, click.BadParameter) and isinstance(error.param, click.Argument):
        hint = error.param_hint or error.param.get_error_hint(cast(click.Context, error.ctx))
        error.param_hint = value_words(hint) if isinstance(hint, str) else hint
    if isinstance(error, click.BadParameter) and error.param is not None:
        name = error.param.type.name
        if name in _NUMBERS:
            message = error.message.replace(name, _(_NUMBERS[name]))
            error = click.BadParameter(message, error.ctx, error.param, error.param_hint)
    error.show()
    return error.exit_code


def _logs() -> ModuleType:
    return import_module(".logs", __name__)


def _suggestion(typed: str) -> str:
    """Suggest commands for a mistyped one, or for a Vietnamese word."""
    from difflib import get_close_matches

    from ..vietnamese import fold

    word = fold(unicodedata.normalize("NFC", typed)).lower()
    if word in VIETNAMESE:
        return _("Did you mean {names}?", names=VIETNAMESE[word])
    near = get_close_matches(word, COMMANDS, n=2)
    return _("Did you mean {names}?", names=_(" or ").join(near)) if near else ""


def _complain(error: TracuuError) -> int:
    message = describe(error)
    if main.named_index:
        message = with_index(message, main, main.named_index)
    say(_("Error: {message}", message=message), style="red")
    if isinstance(error, QueryError):
        for line in caret(error.query, error.position):
            say(f"  {line}")
    if isinstance(error, PruneRefused):
        return PRUNE_REFUSED
    if isinstance(error, (IndexBusy, IndexOutdated)):
        return BUSY_OR_OUTDATED
    return USAGE if isinstance(error, UsageError) else FAILED


def _unexpected(error: BaseException, message: str) -> int:
    verbose = _logs().is_verbose()
    if verbose:
        import traceback

        for line in "".join(traceback.format_exception(error)).splitlines():
            say(line)
    more = "" if verbose else _("; --verbose shows where it happened")
    say(_("Error: {message}{more}", message=message, more=more), style="red")
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    return FAILED


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        # takes as long to import as click
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("tracuu")
        except PackageNotFoundError:
            number = "(not installed)"
        click.echo(clean(f"tracuu {number}"))
        ctx.exit()


@click.group(
    "tracuu",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some files failed, 4 index busy or "
    "outdated, 5 pruning refused, 6 passages lost. Environment: TRACUU_INDEX, "
    "TRACUU_ABBREVIATIONS, TRACUU_TOKEN, TRACUU_READING_TOKEN, TRACUU_EMBEDDER, "
    "TRACUU_EMBEDDER_MODEL, TRACUU_EMBEDDER_KEY, TRACUU_LANG, NO_COLOR, PAGER.",
)
@index_option
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
def main() -> None:
    """Full-text search for Vietnamese committee reports.

    Reports are cut into passages along their own headings. Each passage has a leadership area
    (lĩnh vực) and, where its text has one, an assessment: achievement (mặt được), shortcoming (mặt
    tồn tại) or cause.

    \b
    Examples:
      tracuu index reports/
      tracuu search giải ngân vốn đầu tư
      tracuu search --area kinh-te --assessment shortcoming
      tracuu areas giải ngân
    """
