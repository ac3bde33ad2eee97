"""``tracuu compare``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from .. import compare
from . import values
from .connection import open_index
from .console import Console, say
from .language import N_, _
from .manual import Command
from .options import full_option, later_index_option, output_options

# ``--csv``; ``what``: a kind of match, ``gone``, ``fresh``, ``new-topic``, ``dropped-topic``
COLUMNS = ("area", "what", "similarity", "shared", "older", "newer", "older_text", "newer_text")
_FATES = (N_("mended"), N_("persisting"), N_("worsened"), N_("repeated"))


@click.command("compare", cls=Command)
@click.argument(
    "reports", nargs=-1, required=True, metavar="REPORT REPORT…", shell_complete=values.reports
)
@click.option(
    "--area",
    multiple=True,
    metavar="NAME",
    help="Only this area: its id, its label or part of either, with or without diacritics. "
    "Repeatable.",
    shell_complete=values.areas,
)
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(_FATES),
    metavar="WHAT",
    help="Only matches of this kind: mended, persisting, worsened, repeated. Repeatable.",
)
@full_option
@output_options("json", "csv")
@later_index_option
def command(
    reports: tuple[str, ...],
    area: tuple[str, ...],
    only: tuple[str, ...],
    full: bool,
    console: Console,
) -> None:
    """Compare reports on two or more terms: the same areas then and now.

    For each area: shortcomings that have become achievements (mended) or have remained
    (persisting), achievements that have become shortcomings (worsened) or have remained (repeated);
    shortcomings in the older report only, and new ones; words that only one of the reports uses.
    The term or date determines the older report; without either it is the first.

    Of three reports or more, each is compared with the next newer one, and the shortcomings that
    return term after term come first.

    REPORT is a report's id or a part of it.

    \b
    Examples:
      tracuu compare huyen-uy-2015-2020 huyen-uy-2020-2025
      tracuu compare huyen-uy-2010-2015 huyen-uy-2015-2020 huyen-uy-2020-2025
      tracuu compare huyen-uy-2015 huyen-uy-2020 --area kinh-te --width 120
      tracuu compare huyen-uy-2015 huyen-uy-2020 --only mended --only worsened --full
      tracuu compare huyen-uy-2015 huyen-uy-2020 --csv
    """

    if len(reports) < 2:
        raise click.UsageError(_("Missing argument 'REPORT': name two reports or more."))
    with open_index() as index:
        series = index.compare_terms(reports, area=area or None)
    several = len(series.comparisons) > 1
    if console.format == "json":
        console.json(series.to_dict() if several else series.comparisons[0].to_dict())
    elif console.format == "csv":
        console.csv(COLUMNS, (row for found in series.comparisons for row in _rows(found)))
    else:
        from .compare_page import lines, verdict

        console.lines(verdict(console, series))
        for found in series.comparisons:
            console.lines(lines(console, found, only=only or None, full=full))
    if any(found.ordered_by == "given" for found in series.comparisons):
        say(_("Neither report has a term or date; the first is taken to be the older one."))
    if len(series.bodies) > 1:
        say(_("These reports are by different bodies: {bodies}.", bodies="; ".join(series.bodies)))


def _rows(found: compare.Comparison) -> Iterator[tuple[object, ...]]:
    for area in found.areas:
        for match in area.matches:
            older, newer = match.older, match.newer
            similarity, shared = round(match.similarity, 6), " · ".join(match.shared)
            yield (
                area.area,
                match.fate,
                similarity,
                shared,
                older.id,
                newer.id,
                older.text,
                newer.text,
            )
        for passage in area.gone:
            yield area.area, "gone", "", "", passage.id, "", passage.text, ""
        for passage in area.fresh:
            yield area.area, "fresh", "", "", "", passage.id, "", passage.text
        for topic in area.new_topics:
            yield area.area, "new-topic", "", topic.text, "", " ".join(topic.passages), "", ""
        for topic in area.dropped_topics:
            yield area.area, "dropped-topic", "", topic.text, " ".join(topic.passages), "", "", ""
