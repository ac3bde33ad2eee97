"""``tracuu serve``."""

from __future__ import annotations

import ipaddress
import logging
from pathlib import Path
from typing import Any

import click

from .. import web
from ..errors import OptionError
from . import values
from .connection import connection, open_index
from .console import say
from .embedding import embedder_options, take_embedder
from .ending import ended_politely
from .language import _
from .logs import log_to_stderr
from .manual import Command
from .options import abbreviations_option, index_path, later_index_option

_LOCAL = ("localhost", "127.0.0.1", "[::1]")


@click.command("serve", cls=Command)
@click.argument("folders", nargs=-1, metavar="[INDEX]…", shell_complete=values.folders)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Name or address to listen on, IPv4 or IPv6.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port; 0 takes a free one.",
)
@click.option(
    "--token-file",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Clients that send the token in this file may add and remove reports.  "
    "[env: TRACUU_TOKEN, the "
    "token itself]",
)
@click.option(
    "--token",
    envvar="TRACUU_TOKEN",
    hidden=True,
    help="Give it in the environment: other users can see command lines.",
)
@click.option(
    "--reading-token-file",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Only clients that send this token, or the other one, may read.  [env: "
    "TRACUU_READING_TOKEN]",
)
@click.option(
    "--reading-token",
    envvar="TRACUU_READING_TOKEN",
    hidden=True,
    help="Give it in the environment: other users can see command lines.",
)
@click.option(
    "--user-header",
    default="",
    metavar="NAME",
    help="Header in which your proxy names the user; requests without it are refused.",
)
@click.option(
    "--originals",
    is_flag=True,
    help="Show the files that reports were read from, and pages of PDFs as pictures.",
)
@click.option(
    "--cors",
    multiple=True,
    metavar="ORIGIN",
    help="Let pages of this origin read the API. Repeatable.",
)
@click.option(
    "--allowed-host",
    multiple=True,
    metavar="NAME",
    help="Answer only requests to this name. Repeatable.  [default: this machine's own, where "
    "--host is one of them]",
)
@click.option(
    "--root-path", default="", metavar="PATH", help="Path below which a proxy shows the service."
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Number of processes.",
)
@click.option(
    "--threads",
    type=click.IntRange(1),
    default=4,
    show_default=True,
    help="Requests that one process handles at a time.",
)
@click.option(
    "--backlog",
    type=click.IntRange(1),
    default=64,
    show_default=True,
    help="Requests that may wait for a process.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.01),
    default=10.0,
    show_default=True,
    help="Time limit of a request, in seconds.",
)
@click.option(
    "--slow-timeout",
    type=click.FloatRange(0.01),
    default=30.0,
    show_default=True,
    help="Time limit of a comparison or a picture, in seconds.",
)
@click.option(
    "--max-query",
    type=click.IntRange(1),
    default=1000,
    show_default=True,
    help="Maximum characters of a query.",
)
@click.option(
    "--max-page",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="Maximum passages of one response.",
)
@click.option(
    "--max-offset",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    help="Maximum offset of a page.",
)
@click.option(
    "--max-upload",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    help="Maximum size of a report, in megabytes.",
)
@abbreviations_option
@click.option(
    "--access-log/--no-access-log",
    default=True,
    help="One line on stderr for each request, or none.",
)
@embedder_options
@click.option("--open", "browse", is_flag=True, help="Open the page in the browser.")
@later_index_option
def command(
    folders: tuple[str, ...],
    host: str,
    port: int,
    token_file: str | None,
    token: str | None,
    reading_token_file: str | None,
    reading_token: str | None,
    user_header: str,
    originals: bool,
    cors: tuple[str, ...],
    allowed_host: tuple[str, ...],
    root_path: str,
    workers: int,
    threads: int,
    backlog: int,
    timeout: float,
    slow_timeout: float,
    max_query: int,
    max_page: int,
    max_offset: int,
    max_upload: int,
    abbreviations: str | None,
    access_log: bool,
    browse: bool,
    **given: Any,
) -> None:
    """Serve an index over HTTP: a JSON API and a web page.

    Several indexes are served below the names of their folders, with a page to choose one.

    The service only reads, unless a token is given. It follows updates and rebuilds. Ctrl-C ends it
    when running requests are answered. If others can reach it, put a proxy with TLS in front of it.

    \b
    Examples:
      tracuu serve
      tracuu serve reports.idx --port 8080 --open
      tracuu serve --host 0.0.0.0 --allowed-host reports.example.vn --token-file /run/secrets/tracuu
    """
    paths = list(folders) or [index_path()]
    settings = web.Settings(
        token=_read_token(token_file, token),
        reading_token=_read_token(reading_token_file, reading_token),
        user_header=user_header,
        originals=originals,
        cors=cors,
        hosts=allowed_host or (_LOCAL if _is_local(host) else ()),
        root_path=root_path.rstrip("/"),
        abbreviations=abbreviations,
        options=connection(paths[0]),
        embedder=take_embedder(given),
        query_length=max_query,
        page_size=max_page,
        offset=max_offset,
        upload_bytes=max_upload << 20,
        timeout=timeout,
        slow_timeout=slow_timeout,
        threads=threads,
        backlog=backlog,
        access_log=access_log,
    )
    for number, path in enumerate(paths):
        with open_index(path, abbreviations=abbreviations, options=settings.options) as opened:
            paths[number] = opened.path  # an error of the index is reported now, not later

    def ready(address: str) -> None:
        how = _("adding and removing with the token") if settings.token else _("read-only")
        say(
            _(
                "Serving {paths} at {address}/ ({how})",
                paths=", ".join(paths),
                address=address,
                how=how,
            )
        )
        if browse:
            click.launch(f"{address}/")

    with ended_politely():
        web.serve(
            paths, settings, host=host, port=port, workers=workers, ready=ready, setup=log_requests
        )
    say(_("Ended."))


def log_requests() -> None:
    """Log each request, and errors, to stderr.

    Called in each serving process.
    """
    log_to_stderr(False)
    shown = logging.StreamHandler()
    shown.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%dT%H:%M:%S"))
    access = logging.getLogger("tracuu.web.access")
    access.setLevel(logging.INFO)
    access.addHandler(shown)
    access.propagate = False
    failures = logging.getLogger("uvicorn.error")
    failures.setLevel(logging.WARNING)
    failures.addHandler(shown)


def _read_token(file: str | None, given: str | None) -> str | None:
    if file is None:
        return given or None
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise OptionError(
            "the token in {file} cannot be read: {error}", file=file, error=error
        ) from error


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
