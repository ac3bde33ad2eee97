"""``tracuu info``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click

from .. import index
from .connection import open_index
from .console import Console, say
from .language import N_, _, written
from .manual import Command
from .options import later_index_option, output_options
from .text import cells, paragraph


@click.command("info", cls=Command)
@output_options("json")
@later_index_option
def command(console: Console) -> None:
    """Show statistics and settings of the index.

    \b
    Examples:
      tracuu info
      tracuu info --index reports.idx --json
    """

    with open_index() as index:
        info = index.info()
    if console.format == "json":
        console.json(info.to_dict())
    else:
        console.lines(_lines(console, info))
        if info.recommended:
            say(
                _(
                    "For {passages:,} passages {engine} is quicker (docs/which-engine.md); "
                    "change to it with: {move}",
                    passages=info.passages,
                    engine=info.recommended,
                    move=f"tracuu copy --to DIR --engine {info.recommended}",
                )
            )


def _lines(console: Console, info: index.Info) -> Iterator[str]:
    facts = {
        _("index"): info.path,
        _("reports"): written(info.reports),
        _("passages"): written(info.passages),
        _("size"): _size(info.size),
        _("engine"): info.engine,
        _("taxonomy"): _("its own (tracuu taxonomy prints it)")
        if info.taxonomy == "own"
        else _("the package's"),
        _("made by"): f"tracuu {info.version}",
        _("analysis"): info.fingerprint.replace(";", ", "),
        _("areas"): _counts(info.areas),
        _("assessments"): _counts({_(name): count for name, count in info.assessments.items()}),
        _("made from"): "; ".join(info.sources) or _("no files"),
    }
    room = max(map(cells, facts)) + 2
    for name, value in facts.items():
        first, *others = paragraph(value, console.width, " " * room) or [""]
        yield console.strong(f"{name:<{room}}") + first[room:]
        yield from others


def _counts(counts: Mapping[str, int]) -> str:
    return " · ".join(f"{name} {written(number)}" for name, number in counts.items()) or _("none")


def _size(size: int) -> str:
    """A number of bytes with a unit."""
    amount = float(size)
    for unit in (N_("bytes"), "kB", "MB"):
        if amount < 1000:
            return (
                f"{written(amount, ',.0f')} {_(unit)}"
                if unit == "bytes"
                else f"{written(amount, ',.1f')} {unit}"
            )
        amount /= 1000
    return f"{written(amount, ',.1f')} GB"
