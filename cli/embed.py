"""``tracuu embed``."""

from __future__ import annotations

from typing import Any

import click

from .connection import open_index
from .console import Console, say
from .embedding import embedder_options, take_embedder
from .language import _
from .manual import Command
from .options import later_index_option, output_options
from .text import counted


@click.command("embed", cls=Command)
@embedder_options
@output_options("json", paged=False)
@later_index_option
def command(console: Console, **given: Any) -> None:
    """Make vectors of the passages, for searches by meaning.

    The texts go to the embedder that --embedder names, and nowhere else; the vectors are kept
    beside the index. Only passages that are new or changed are sent: run it after each `tracuu
    index`. Ctrl-C keeps the vectors made so far. With another model all vectors are made again.

    \b
    Examples:
      tracuu embed --embedder http://localhost:11434/v1 --model bge-m3
      tracuu search "thiếu nước sạch" --embedder http://localhost:11434/v1 --model bge-m3
    """

    embedder = take_embedder(given)
    if embedder is None:
        raise click.UsageError(_("name an embedder: --embedder URL --model NAME"))
    with open_index(embedder=embedder) as index:
        done = None
        for done in index.embed():
            if console.format != "json" and done.made:
                say(
                    _(
                        "{done:,} of {passages}",
                        done=done.done,
                        passages=counted(done.total, "passage"),
                    )
                )
    assert done is not None  # the first step states the total
    if console.format == "json":
        console.json({"done": done.done, "total": done.total, "made": done.made})
    else:
        say(
            _(
                "{vectors} made; {done:,} of {passages}",
                vectors=counted(done.made, "vector"),
                done=done.done,
                passages=counted(done.total, "passage"),
            )
        )
