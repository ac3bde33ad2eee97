"""``tracuu correct``."""

from __future__ import annotations

import getpass
from contextlib import suppress
from typing import Literal

import click

from .. import indexer
from . import values
from .connection import Index, open_index
from .console import Console, say
from .language import N_, _
from .manual import WRITES, Command
from .options import later_index_option, output_options, wait_option
from .text import clean, columns, counted

COLUMNS = (
    "passage", "area", "assessment", "cause_of", "note", "who", "when", "fits", "text", "sha256",
)  # fmt: skip


@click.command("correct", cls=Command, exits=WRITES)
@click.argument("passage", required=False, shell_complete=values.passages)
@click.option(
    "--area",
    metavar="NAME",
    help="The right area: its id, its label or part of either.",
    shell_complete=values.areas,
)
@click.option(
    "--assessment",
    metavar="NAME",
    help="achievement, shortcoming, cause or none; Vietnamese names too.",
    shell_complete=values.assessments,
)
@click.option(
    "--cause-of",
    type=click.Choice(["achievement", "shortcoming"]),
    help="With --assessment cause: its effect.",
)
@click.option("--note", default="", metavar="TEXT", help="The reason, kept with the correction.")
@click.option(
    "--by", "who", metavar="NAME", help="Name of the corrector.  [default: your login name]"
)
@click.option("--list", "as_list", is_flag=True, help="List all corrections.")
@click.option("--undo", is_flag=True, help="Restore the reader's decision for PASSAGE.")
@wait_option
@output_options("json", "jsonl", "csv")
@later_index_option
def command(
    passage: str | None,
    area: str | None,
    assessment: str | None,
    cause_of: Literal["achievement", "shortcoming"] | None,
    note: str,
    who: str | None,
    as_list: bool,
    undo: bool,
    wait: float,
    console: Console,
) -> None:
    """Correct the area or assessment of a passage.

    PASSAGE is an id like REPORT#12, as `tracuu search` prints it. The correction is kept in the
    index's folder, in corrections.jsonl, and survives updates, rebuilds and copies for as long as
    the passage's text is nearly the same. The reader's own decision is kept too, and --undo
    restores it. From twenty corrected areas on, reports that are read later are classified by the
    corrections too, where a passage's own words decide.

    \b
    Examples:
      tracuu correct bao-cao-kiem-diem-quan-uy-nhiem-ky-xi#12 --area kinh-te
      tracuu correct bao-cao-kiem-diem-quan-uy-nhiem-ky-xi#12 --assessment none --note "a plan"
      tracuu correct --list
    """

    given = area is not None or assessment is not None
    if as_list and (passage or given or undo):
        raise click.UsageError(_("--list cannot be combined with a PASSAGE or a correction"))
    if not as_list and passage is None:
        raise click.UsageError(_("name a PASSAGE, such as REPORT#12, or give --list"))
    if undo and given:
        raise click.UsageError(_("--undo takes no --area and no --assessment"))
    if not as_list and not undo and not given:
        raise click.UsageError(_("give the right --area, the right --assessment, or both"))
    with open_index() as index:
        if passage is None:
            _print(console, index.corrections())
            return
        if undo:
            done = index.undo_correction(passage, wait=wait)
        else:
            done = index.correct(
                passage,
                area=area,
                assessment=assessment,
                cause_of=cause_of,
                note=note,
                who=_user() if who is None else who,
                wait=wait,
            )
        _print_outcome(console, index, done, undo)


def _user() -> str:
    with suppress(KeyError, OSError, ImportError):  # no such account, for example in a container
        return getpass.getuser()
    return ""


def _print_outcome(console: Console, index: Index, done: indexer.Correction, undone: bool) -> None:
    if console.format != "text":
        _print(console, (done,))
    elif undone and not done.fits:
        say(
            _(
                "Removed the correction of {passage}; the index has no such passage any more.",
                passage=done.passage,
            )
        )
    else:
        passage = index.passage(done.passage)
        label = index.labels().get(passage.area, passage.area)
        kind = _(passage.assessment or "none")
        say(
            _(
                "Restored {id}: {area} · {assessment}",
                id=passage.id,
                area=clean(label),
                assessment=kind,
            )
            if undone
            else _(
                "Corrected {id}: {area} · {assessment}",
                id=passage.id,
                area=clean(label),
                assessment=kind,
            )
        )


def _print(console: Console, corrections: tuple[indexer.Correction, ...]) -> None:
    rows = [{name: each.to_dict()[name] for name in COLUMNS} for each in corrections]
    if console.format == "json":
        console.json([each.to_dict() for each in corrections])
    elif console.format == "jsonl":
        console.jsonl(each.to_dict() for each in corrections)
    elif console.format == "csv":
        console.csv(COLUMNS, [["" if one is None else one for one in row.values()] for row in rows])
    elif not corrections:
        say(_("There are no corrections."))
    else:
        header = tuple(
            map(
                _,
                (
                    N_("passage"),
                    "area",
                    N_("assessment"),
                    N_("by"),
                    N_("when"),
                    N_("note"),
                    N_("text"),
                ),
            )
        )
        table = [
            (
                each.passage,
                each.area or "",
                _(each.assessment) if each.assessment else "",
                each.who,
                each.when[:10],
                each.note if each.fits else _("(no longer fits) {note}", note=each.note).strip(),
                each.text,
            )
            for each in corrections
        ]
        lines = columns(
            header, table, flexible=(0, 5, 6), width=console.width or 120, style=console.strong
        )
        unfit = sum(not each.fits for each in corrections)
        more = _(", {count} of which no longer fit a passage", count=unfit) if unfit else ""
        console.lines([*lines, "", counted(len(corrections), "correction") + more])
