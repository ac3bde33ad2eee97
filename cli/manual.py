"""Layout of a command's help: options in groups, then its exit codes."""

from __future__ import annotations

from typing import Any

import click

PLAIN = "0 done, 1 failed, 2 wrong usage"
LOOKS = f"{PLAIN}, 4 index outdated"
WRITES = f"{PLAIN}, 4 index busy or outdated"
READS_FILES = f"{PLAIN}, 3 some files failed, 4 index busy or outdated"
UPDATES = f"{READS_FILES}, 5 pruning refused"
REBUILDS = f"{READS_FILES}, 6 reports lost passages"

# heading of a group of options → their names; all others stand first
_GROUPS = {
    "Which passages": {"area", "assessment", "report", "year", "term"},
    "Output": {"as_json", "as_jsonl", "as_csv", "excel", "out", "width", "color", "no_pager"},
    "General": {"index", "verbose", "help"},
}


class Command(click.Command):
    """A command whose help groups its options and ends with exit codes, ``exits``."""

    def __init__(self, *args: Any, exits: str = LOOKS, **given: Any) -> None:
        super().__init__(*args, **given)
        self.exits = exits

    def grouped_options(self, ctx: click.Context) -> dict[str, list[tuple[str, str]]]:
        """Heading → each option's form and help."""
        groups: dict[str, list[tuple[str, str]]] = {
            "Options": [],
            **{heading: [] for heading in _GROUPS},
        }
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                name = "help" if "--help" in parameter.opts else parameter.name
                heading = next((one for one, names in _GROUPS.items() if name in names), "Options")
                groups[heading].append(record)
        return {heading: records for heading, records in groups.items() if records}

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, group by group."""
        for heading, records in self.grouped_options(ctx).items():
            with formatter.section(heading):
                formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The exit codes."""
        formatter.write_paragraph()
        formatter.write_text(f"Exit codes: {self.exits}.")
