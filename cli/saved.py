"""``tracuu saved``."""

from __future__ import annotations

from typing import Any

import click

from .. import index
from . import hits
from .connection import open_index
from .console import Console, say
from .language import N_, _
from .manual import WRITES, Command
from .options import (
    check_out,
    count_option,
    filter_options,
    filters,
    later_index_option,
    out_option,
    output_options,
    query_of,
    wait_option,
)
from .text import columns


@click.command("saved", cls=Command, exits=WRITES)
@click.argument("action", type=click.Choice(["add", "list", "run", "remove"]))
@click.argument("name", required=False)
@click.argument("query", nargs=-1)
@filter_options()
@count_option
@wait_option
@out_option
@output_options("json", "jsonl", "csv")
@later_index_option
def command(
    action: str,
    name: str | None,
    query: tuple[str, ...],
    limit: int,
    wait: float,
    out: str | None,
    console: Console,
    **given: Any,
) -> None:
    """Save searches, run them again, and be alerted of new passages.

    `saved add NAME QUERY`, with filters, keeps a search in the index's folder. From then on `tracuu
    index` and `tracuu watch` name the new passages that match it, and hand them to the command of
    `--on-alert`; the service has them as a feed, /alerts.atom. `saved run NAME` repeats it.

    \b
    Examples:
      tracuu saved add cham-giai-ngan giải ngân --assessment shortcoming
      tracuu saved list
    """
    chosen = filters(given)
    if (name is None) != (action == "list") or (query and action != "add"):
        raise click.UsageError(
            _("write: saved add NAME QUERY, saved list, saved run NAME, or saved remove NAME")
        )
    if chosen and action != "add":
        raise click.UsageError(_("filters are saved with the search: give them to `saved add`"))
    check_out(out, console)
    with open_index() as opened:
        saved = index.SavedSearches(opened)
        if name is None:
            _list(console, saved.list())
        elif action == "add":
            found = saved.add(name, query_of(query), wait=wait, **chosen)
            _print_outcome(console, found, N_("Saved {name}: {search}"))
        elif action == "remove":
            _print_outcome(console, saved.remove(name, wait=wait), N_("Removed {name}: {search}"))
        else:
            hits.print_results(console, opened, saved.run(name, limit=limit), out)


def _print_outcome(console: Console, search: index.SavedSearch, what: str) -> None:
    if console.format == "text":
        say(_(what, name=search.name, search=_text(search)))
    else:
        _list(console, (search,))


def _text(search: index.SavedSearch) -> str:
    parts = [f"{name}={', '.join(map(str, value)) if isinstance(value, (list, tuple)) else value}"
             for name, value in search.filters.items()]  # fmt: skip
    return " ".join([search.query or _("(all passages)"), *parts])


def _list(console: Console, searches: tuple[index.SavedSearch, ...]) -> None:
    if console.format == "json":
        console.json([one.to_dict() for one in searches])
    elif console.format == "jsonl":
        console.jsonl(one.to_dict() for one in searches)
    elif console.format == "csv":
        console.csv(("name", "search"), [(one.name, _text(one)) for one in searches])
    elif searches:
        rows = [(one.name, _text(one)) for one in searches]
        console.lines(
            columns(
                (_("name"), _("search")),
                rows,
                flexible=(1,),
                width=console.width,
                style=console.strong,
            )
        )
    else:
        say(_("No searches are saved; save one with: `tracuu saved add NAME QUERY`"))
