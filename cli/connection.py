"""Options of engines that run elsewhere: from the command line and the environment, never a
password on the line.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

import click

from ..errors import UsageError
from . import values
from .options import index_path

Function = TypeVar("Function", bound=Callable[..., Any])

ENVIRONMENT = {
    "url": "TRACUU_OPENSEARCH_URL",
    "user": "TRACUU_OPENSEARCH_USER",
    "password": "TRACUU_OPENSEARCH_PASSWORD",
    "token": "TRACUU_OPENSEARCH_TOKEN",
    "ca_file": "TRACUU_OPENSEARCH_CA_FILE",
    "client_cert": "TRACUU_OPENSEARCH_CLIENT_CERT",
    "client_key": "TRACUU_OPENSEARCH_CLIENT_KEY",
    "timeout": "TRACUU_OPENSEARCH_TIMEOUT",
    "patience": "TRACUU_OPENSEARCH_PATIENCE",
    "verify": "TRACUU_OPENSEARCH_VERIFY",
}
"""Option → the variable it is read from, for indexes of the engine opensearch."""

_NAMES = ("url", "name", "shards", "replicas", "origin", "ca_file", "join")
_OPTIONS = (
    click.option(
        "--url",
        metavar="URL",
        help="Address of the OpenSearch cluster.  [env: TRACUU_OPENSEARCH_URL]",
    ),
    click.option(
        "--name", metavar="NAME", help="The index's name on the cluster.  [default: tracuu]"
    ),
    click.option(
        "--shards",
        type=click.IntRange(1),
        metavar="N",
        help="Shards of a new index there.  [default: 1]",
    ),
    click.option(
        "--replicas",
        type=click.IntRange(0),
        metavar="N",
        help="Copies of each shard besides it.  [default: 1]",
    ),
    click.option(
        "--origin",
        metavar="NAME",
        help="Whose files these are, if other machines add theirs.  [default: made up]",
    ),
    click.option(
        "--ca-file",
        metavar="FILE",
        help="Certificates to trust besides the system's.  [env: TRACUU_OPENSEARCH_CA_FILE]",
        shell_complete=values.files,
    ),
)
_JOIN = click.option(
    "--join", is_flag=True, default=None, help="Add to the index that the cluster has already."
)


def engine_options(*, join: bool = False) -> Callable[[Function], Function]:
    """Options of making an index elsewhere; :func:`chosen` takes them from what the command was
    given.
    """

    def decorate(function: Function) -> Function:
        wrapped: Any = function
        for option in reversed((*_OPTIONS, *((_JOIN,) if join else ()))):
            wrapped = option(wrapped)
        return cast(Function, wrapped)

    return decorate


def chosen(given: dict[str, Any]) -> dict[str, Any]:
    """Those of the options given that are an engine's."""
    return {name: given[name] for name in _NAMES if given.get(name) is not None}


def connection(
    path: str | None = None, *, engine: str | None = None, given: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """What the index at ``path``, or a new one of ``engine``, is opened with besides what its
    folder keeps.

    The environment is read for indexes of the engine opensearch only; ``given`` takes precedence. Raises
    UsageError.
    """
    options = {
        name: os.environ[variable]
        for name, variable in ENVIRONMENT.items()
        if os.environ.get(variable)
    }
    if (
        options
        and (engine or _engine_at(path if path is not None else index_path())) == "opensearch"
    ):
        return {**_converted(options), **(given or {})}
    return given or None


def _engine_at(path: str) -> str | None:
    from ..index.directory import IndexDirectory

    settings = IndexDirectory(path).settings()
    return settings.engine if settings else None


def _converted(options: dict[str, str]) -> dict[str, Any]:
    converted: dict[str, Any] = dict(options)
    for name in ("timeout", "patience"):
        if name in options:
            try:
                converted[name] = float(options[name])
            except ValueError:
                raise UsageError(
                    f"{ENVIRONMENT[name]} is a number of seconds, not {options[name]!r}"
                ) from None
    if "verify" in options:
        if options["verify"] not in ("0", "1"):
            raise UsageError(
                f"{ENVIRONMENT['verify']} is 1, or 0 to take any certificate, for trials only"
            )
        converted["verify"] = options["verify"] == "1"
    return converted
