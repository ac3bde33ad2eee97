"""``tracuu mcp``."""

from __future__ import annotations

import logging
import os
import socket

import click

from .. import agents
from . import values
from .connection import Index, open_index
from .console import say
from .language import _, system_reason
from .manual import Command
from .options import later_index_option

_HERE = "127.0.0.1"


@click.command("mcp", cls=Command)
@click.argument("folder", metavar="[INDEX]", required=False, shell_complete=values.folders)
@click.option(
    "--http",
    "port",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="Serve streamable HTTP at http://127.0.0.1:PORT/mcp, to this machine only.  [default: "
    "stdin and stdout]",
)
@later_index_option
def command(folder: str | None, port: int | None) -> None:
    """Give agents tools to search the index (MCP).

    An agent's program starts this command and uses the Model Context Protocol over stdin
    and stdout. The tools search, read, count and compare; none of them changes anything. INDEX is
    the index's folder, as --index is; give its full path, since the agent's program decides where
    this command is started. Updates and rebuilds of the index need no restart.

    \b
    Examples:
      tracuu mcp reports.idx
      tracuu mcp reports.idx --http 8765
    """

    with open_index(folder) as index:
        _serve(index, port)


def _serve(index: Index, port: int | None) -> None:
    # prevents the SDK from logging everything twice
    logging.getLogger().addHandler(logging.NullHandler())
    server = agents.make_server(index)
    if port is None:
        say(
            _(
                "Serving {path} by MCP over stdin and stdout; the end of input stops it.",
                path=index.path,
            )
        )
        server.run()
    else:
        _must_be_free(port)
        say(
            _(
                "Serving {path} by MCP at http://{here}:{port}/mcp; Ctrl-C stops it.",
                here=_HERE,
                port=port,
                path=index.path,
            )
        )
        server.run(
            "streamable-http", host=_HERE, port=port, stateless_http=True, json_response=True
        )


def _must_be_free(port: int) -> None:
    """Check that the port is free: the server would exit with another code."""
    with socket.socket() as trial:
        if os.name != "nt":  # on Windows it would share a used port
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((_HERE, port))
        except OSError as error:
            raise click.ClickException(
                _(
                    "cannot listen on port {port} of {here} ({reason}); choose another with --http",
                    port=port,
                    here=_HERE,
                    reason=system_reason(error),
                )
            ) from error
