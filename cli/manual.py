"""Layout of a command's help, in the chosen language.

Options are grouped; exit codes follow.
"""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from .language import N_, _

if TYPE_CHECKING:  # not imported by --help
    from click.shell_completion import CompletionItem as CompletionItem
else:
    CompletionItem = Any

_DONE = N_("0 done")
_FAILED = N_("1 failed")
_USAGE = N_("2 wrong usage")
_SOME = N_("3 some files failed")
_OUTDATED = N_("4 index outdated")
_BUSY = N_("4 index busy or outdated")
_PRUNING = N_("5 pruning refused")
_LOST = N_("6 reports lost passages")

PLAIN = f"{_DONE}, {_FAILED}, {_USAGE}"
LOOKS = f"{PLAIN}, {_OUTDATED}"
WRITES = f"{PLAIN}, {_BUSY}"
READS_FILES = f"{PLAIN}, {_SOME}, {_BUSY}"
UPDATES = f"{READS_FILES}, {_PRUNING}"
REBUILDS = f"{READS_FILES}, {_LOST}"

# heading of a group of options → their names; other options come first
_GROUPS = {
    N_("Which passages"): {"area", "assessment", "report", "year", "term"},
    N_("Output"): {"as_json", "as_jsonl", "as_csv", "excel", "out", "width", "color", "no_pager"},
    N_("General"): {"index", "verbose", "help"},
}

# click's names for types of option values, longest first
_TYPES = (
    N_("INTEGER RANGE"), N_("FLOAT RANGE"), N_("INTEGER"), N_("FLOAT"), N_("TEXT"), N_("OPTIONS"),
    N_("COMMAND"), N_("ARGS"),
)  # fmt: skip
_VALUE_WORD = re.compile(rf"{'|'.join(_TYPES[:2])}|[A-Z]{{2,}}")


class HelpParagraph(NamedTuple):
    """A paragraph of a help text.

    ``text`` is translated; other lines are unchanged.
    """

    text: str
    set_as_is: bool = False
    rest: str = ""


def parts(text: str) -> Iterator[HelpParagraph]:
    """The paragraphs of a help text; those that begin with ``\\b`` keep their lines.

    Only the heading of a list of examples is translated.
    """
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        lines = paragraph.split("\n")
        if lines[0] != "\b":
            yield HelpParagraph(" ".join(line.strip() for line in lines))
        elif all(line.startswith("  tracuu ") for line in lines[2:]):
            yield HelpParagraph(lines[1], True, "".join(f"\n{line}" for line in lines[2:]))
        else:
            yield HelpParagraph("\n".join(lines[1:]), True)


def help_text(text: str) -> str:
    """A help text in the chosen language."""
    return "\n\n".join(
        f"\b\n{_(part.text)}{part.rest}" if part.set_as_is else _(part.text)
        for part in parts(inspect.cleandoc(text).partition("\f")[0])
    )


def value_words(text: str) -> str:
    """Names of values (``FILE``, ``NAME=NUMBER``) in the chosen language."""
    return _VALUE_WORD.sub(lambda found: _(found[0]), text)


class TranslatedHelp(click.Command):
    """A command whose help and completions are in the chosen language."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The parts of the usage line."""
        return [value_words(piece) for piece in super().collect_usage_pieces(ctx)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the description of the command."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(help_text(self.help or ""))

    def option_records(self, ctx: click.Context) -> Iterator[tuple[click.Option, tuple[str, str]]]:
        """Each option with its form and help."""
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Option):
                shown = copy.copy(parameter)
                shown.help = help_text(shown.help or "")
                if record := shown.get_help_record(ctx):
                    form, text = record
                    yield parameter, (value_words(form), text)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Options, with their help."""
        found = super().shell_complete(ctx, incomplete)
        for item in found:
            item.help = help_text(item.help) if item.help else item.help
        return found


class Command(TranslatedHelp):
    """A command whose help groups its options and ends with exit codes, ``exits``."""

    def __init__(self, *args: Any, exits: str = LOOKS, **given: Any) -> None:
        super().__init__(*args, **given)
        self.exits = exits

    def grouped_options(self, ctx: click.Context) -> dict[str, list[tuple[str, str]]]:
        """Heading → each option's form and help."""
        first = N_("Options")
        groups: dict[str, list[tuple[str, str]]] = {heading: [] for heading in (first, *_GROUPS)}
        for parameter, record in self.option_records(ctx):
            name = "help" if "--help" in parameter.opts else parameter.name
            heading = next((one for one, names in _GROUPS.items() if name in names), first)
            groups[heading].append(record)
        return {_(heading): records for heading, records in groups.items() if records}

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, group by group."""
        for heading, records in self.grouped_options(ctx).items():
            with formatter.section(heading):
                formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The exit codes."""
        formatter.write_paragraph()
        codes = ", ".join(_(code) for code in self.exits.split(", "))
        formatter.write_text(_("Exit codes: {codes}.", codes=codes))
