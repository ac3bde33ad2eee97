"""``tracuu info``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from .connection import connection
from .console import Console
from .manual import Command
from .options import index_path, later_index_option, output_options
from .text import cells, paragraph

if TYPE_CHECKING:
    from ..index.info import Info


@click.command("info", cls=Command)
@output_options("json")
@later_index_option
def command(console: Console) -> None:
    """Show what the index holds and how it was made.

    \b
    Examples:
      tracuu info
      tracuu info --index reports.idx --json
    """
    from ..index.facade import Index

    with Index.open(index_path(), options=connection()) as index:
        info = index.info()
    if console.format == "json":
        console.json(info.to_dict())
    else:
        console.lines(_lines(console, info))


def _lines(console: Console, info: Info) -> Iterator[str]:
    facts = {
        "index": info.path,
        "reports": f"{info.reports:,}",
        "passages": f"{info.passages:,}",
        "size": _size(info.size),
        "engine": info.engine + _advice(info),
        "taxonomy": "its own (tracuu taxonomy prints it)"
        if info.taxonomy == "own"
        else "the package's",
        "made by": f"tracuu {info.version}",
        "analysis": info.fingerprint.replace(";", ", "),
        "areas": _counts(info.areas),
        "assessments": _counts(info.assessments),
        "made from": "; ".join(info.sources) or "no files",
    }
    room = max(map(cells, facts)) + 2
    for name, value in facts.items():
        first, *others = paragraph(value, console.width, " " * room) or [""]
        yield console.strong(f"{name:<{room}}") + first[room:]
        yield from others


def _advice(info: Info) -> str:
    """Which engine would suit better, and how to move to it."""
    if info.recommended is None:
        return ""
    move = f"tracuu copy --to DIR --engine {info.recommended}"
    return (
        f"; for {info.passages:,} passages {info.recommended} is quicker: {move} "
        "(see docs/which-engine.md)"
    )


def _counts(counts: Mapping[str, int]) -> str:
    return " · ".join(f"{name} {number:,}" for name, number in counts.items()) or "none"


def _size(size: int) -> str:
    """Bytes as people read them."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:,.1f} {unit}"
        amount /= 1000
    return f"{amount:,.1f} GB"
