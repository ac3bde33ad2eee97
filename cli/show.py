"""``tracuu show``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from .. import corpus
from . import values
from .connection import Index, open_index
from .console import Console
from .hits import ListStyle, place
from .language import _
from .manual import Command
from .options import later_index_option, output_options
from .text import clean, paragraph

_ENOUGH = 1_000_000  # maximum passages of one report


@click.command("show", cls=Command)
@click.argument("what", metavar="REPORT[#12]", shell_complete=values.passages)
@click.option(
    "--before", type=click.IntRange(0), metavar="N", help="Passages before it.  [default: 2]"
)
@click.option(
    "--after", type=click.IntRange(0), metavar="N", help="Passages after it.  [default: 2]"
)
@output_options("json", "jsonl")
@later_index_option
def command(what: str, before: int | None, after: int | None, console: Console) -> None:
    """Show a passage with its neighbours, or a whole report.

    REPORT#12 is a passage's id, as a search shows it: the passage, marked with ▶, is printed with
    those before and after it. REPORT alone, a report's id or part of it, prints the report's
    headings and all its passages in reading order. Lines and pages are those of the report's file.

    \b
    Examples:
      tracuu show "bao-cao-kiem-diem-quan-uy-nhiem-ky-xi#12"
      tracuu show "bao-cao-kiem-diem-quan-uy-nhiem-ky-xi#12" --before 0 --after 5
      tracuu show kiem-diem
      tracuu show kiem-diem --json
    """

    with open_index() as index:
        if "#" in what:
            _passage(
                console, index, what, 2 if before is None else before, 2 if after is None else after
            )
        elif before is not None or after is not None:
            raise click.UsageError(
                _('--before and --after need a passage, such as "{what}#1"', what=clean(what))
            )
        else:
            _report(console, index, what)


def _passage(console: Console, index: Index, name: str, before: int, after: int) -> None:
    found = index.surroundings(name, before=before, after=after)
    if console.format == "json":
        console.json(found.to_dict())
    elif console.format == "jsonl":
        console.jsonl(passage.to_dict() for passage in found.passages)
    else:
        console.lines(_lines(console, index, found.report, found.passages, marked=found.passage))


def _report(console: Console, index: Index, name: str) -> None:
    hits = index.search("", report=name, limit=_ENOUGH)
    passages = [hit.passage for hit in hits]
    report = index.report(passages[0].report if passages else name)
    if console.format == "json":
        console.json(
            {"report": report.to_dict(), "passages": (passage.to_dict() for passage in passages)}
        )
    elif console.format == "jsonl":
        console.jsonl(passage.to_dict() for passage in passages)
    else:
        console.lines(_lines(console, index, report, passages))


def _lines(
    console: Console,
    index: Index,
    report: corpus.Report,
    passages: Sequence[corpus.Passage],
    *,
    marked: corpus.Passage | None = None,
) -> Iterator[str]:
    yield from head(console, report)
    look = ListStyle(console, index)
    path: tuple[str, ...] = ()
    for passage in passages:
        yield ""
        yield from _headings(console, path, passage.heading_path)
        path = passage.heading_path
        yield from _one(console, look, passage, here=marked is not None and passage.id == marked.id)


def head(console: Console, report: corpus.Report) -> Iterator[str]:
    """A report's metadata, as lines."""
    title = report.title or report.id
    yield from (console.strong(line) for line in paragraph(title, console.width))
    term = (
        _("term {first}–{last}", first=report.term[0], last=report.term[1]) if report.term else None
    )
    day = report.date.isoformat() if report.date else None
    facts = [
        fact
        for fact in (report.number, report.issuing_body, report.place, day, term, report.signer)
        if fact
    ]
    if facts:
        yield from paragraph(" · ".join(facts), console.width)
    yield from paragraph(f"{report.id}: {report.path or _('added without a file')}", console.width)


def _headings(console: Console, before: tuple[str, ...], now: tuple[str, ...]) -> Iterator[str]:
    """The headings that differ from those of the passage before."""
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    for depth in range(same, len(now)):
        for line in paragraph(now[depth], console.width, "  " * depth):
            yield console.strong(line)


def _one(
    console: Console, look: ListStyle, passage: corpus.Passage, *, here: bool
) -> Iterator[str]:
    indent = "  " * len(passage.heading_path)
    mark = console.match("▶ ") if here else ""
    where = console.faint(" ".join(filter(None, (f"#{passage.position}", place(passage)))))
    yield f"{indent}{mark}{where}  {look.kind(passage)}"
    yield from paragraph(
        passage.text,
        console.width,
        indent,
        [(0, len(passage.text))] if here else (),
        console.strong,
    )
