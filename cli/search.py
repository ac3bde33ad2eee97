"""``tracuu search``."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import click

from .. import search
from . import hits, values
from .connection import Index, open_index
from .console import Console, say
from .embedding import embedder_options, take_embedder
from .language import _
from .manual import Command
from .options import (
    abbreviations_option,
    check_out,
    count_option,
    filter_options,
    filters,
    full_option,
    later_index_option,
    literal_option,
    out_option,
    output_options,
    query_of,
    read_queries,
    write_out,
)
from .text import clean

_MINUS_WORD = re.compile(r"-[^\W\d_]{2}")


class _Command(Command):
    """Explains ``--`` when a query begins with a minus and looks like an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, with a hint for words that begin with a minus."""
        words = [word for word in args if _MINUS_WORD.match(word)]
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if not words:
                raise
            hint = "Put -- before a query with such a word: tracuu search -- ngân -sách"
            raise click.UsageError(f"{error.format_message()} {hint}", ctx) from error


@click.command("search", cls=_Command)
@click.argument("query", nargs=-1)
@filter_options()
@literal_option
@click.option(
    "--sort",
    type=click.Choice(["relevance", "reading", "date"]),
    default="relevance",
    show_default=True,
    help="Best first, in the order of the reports' text, or newest report first.",
)
@count_option
@click.option(
    "--offset", type=click.IntRange(0), metavar="N", help="Leave out the first N passages."
)
@click.option(
    "--page", type=click.IntRange(1), metavar="N", help="Show the N-th page of --limit passages."
)
@click.option(
    "--facets/--no-facets", default=True, help="Show or hide the counts below the passages."
)
@click.option("--explain", is_flag=True, help="Explain the score of each passage.")
@full_option
@abbreviations_option
@click.option(
    "--queries",
    metavar="FILE",
    help="Run each line of FILE (- is stdin) as a query, and print one table of all hits.",
    shell_complete=values.files,
)
@out_option
@embedder_options
@output_options("json", "jsonl", "csv")
@later_index_option
def command(query: tuple[str, ...], console: Console, **given: Any) -> None:
    """Rank the passages that match a query.

    The words of QUERY are joined by spaces; a single - reads the query from stdin. Without a query,
    all passages that pass the filters are listed in reading order. Diacritics may be left out.

    \b
    In a query:
      "giải ngân"          these words as a phrase; write its quotation marks as \\" in a shell,
                           and in PowerShell the whole query as '"giải ngân"'
      +must -without       required, excluded
      a AND b, a OR b      and VÀ, HOẶC, KHÔNG, parentheses
      ngân*                words with this beginning
      heading:…  title:…   words in headings, in the report's title
      number:15-BC/QU      the report's number

    \b
    Examples:
      tracuu search giải ngân vốn đầu tư
      tracuu search giai ngan von dau tu --area kinh-te
      tracuu search --area "quốc phòng" --assessment shortcoming
      tracuu search "\\"cải cách hành chính\\"" --year 2003-2005 --full
      tracuu search ngập nước --jsonl -n 100
      tracuu search ngập nước -n 1000 --out ngap-nuoc.xlsx
      tracuu search --queries queries.txt -n 3
    """

    text = query_of(query)
    if given["page"] is not None and given["offset"] is not None:
        raise click.UsageError(_("--page and --offset exclude each other; give one of them"))
    if given["explain"] and (console.format in ("csv", "jsonl") or not text.strip()):
        raise click.UsageError(_("--explain needs a query, and text or --json as output"))
    check_out(given["out"], console)
    if given["queries"] is not None:
        _run_queries(console, text, given)
        return
    limit, page = given["limit"], given["page"] or 1
    embedder = take_embedder(given)
    with open_index(abbreviations=given["abbreviations"], embedder=embedder) as index:
        results = index.search(
            text,
            **filters(given),
            literal=given["literal"],
            sort=given["sort"],
            limit=limit,
            offset=(page - 1) * limit if given["offset"] is None else given["offset"],
            meaning=embedder is not None,
            partial=given["out"] is None and console.format in ("text", "json"),
        )
        reasons = _reasons(index, text, results, given["literal"]) if given["explain"] else []
        _print(console, index, results, given, reasons)


def _run_queries(console: Console, text: str, given: dict[str, Any]) -> None:
    """Run many queries; each hit is a row that begins with its query."""
    from ..search.table import COLUMNS, row

    if text or given["explain"] or given["page"] or given["offset"] or console.format == "json":
        raise click.UsageError(
            _("--queries takes filters and --limit; no QUERY, --explain, pages or --json")
        )
    queries = read_queries(given["queries"])
    rows: list[tuple[Any, ...]] = []
    with open_index(abbreviations=given["abbreviations"]) as index:
        labels = index.labels()
        for query in queries:
            results = index.search(
                query,
                **filters(given),
                literal=given["literal"],
                sort=given["sort"],
                limit=given["limit"],
            )
            rows += [(query, results.total, *row(hit, labels)) for hit in results]
            if not results.total:
                say(_("{query}: no passage matches", query=query))
            elif results.relaxed == "apart":
                say(f"{query}: {_(hits.APART)}")
            elif results.relaxed:
                say(_("{query}: no passage matches all of it; these match part of it", query=query))
    header = ("query", "total", *COLUMNS)
    if given["out"] is not None:
        write_out(given["out"], header, rows)
    elif console.format == "jsonl":
        console.jsonl(dict(zip(header, map(_plain, one), strict=True)) for one in rows)
    else:
        console.csv(header, rows)


def _plain(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, date) else cell


def _reasons(index: Index, query: str, results: search.Results, literal: bool) -> list[Any]:
    return [index.explain(query, hit.passage.id, literal=literal) for hit in results]


def _print(
    console: Console,
    index: Index,
    results: search.Results,
    given: dict[str, Any],
    reasons: list[Any],
) -> None:
    if given["out"] is None and console.format == "json":
        console.json(hits.json_of(results, reasons))
    elif given["out"] is not None or console.format != "text":
        hits.print_table(console, results, index.labels(), given["out"])
    elif results.total:
        looks = hits.ListStyle(console, index, full=given["full"])
        console.lines(looks.page(results, facets=given["facets"], reasons=reasons))
        return
    for line in hits.notices(results):
        say(clean(line))
