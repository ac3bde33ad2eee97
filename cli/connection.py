"""Options of remote engines, from the command line and the environment.

A password is never taken from the command line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

import click

from .. import index
from . import values
from .environment import opening_options
from .options import index_path

Function = TypeVar("Function", bound=Callable[..., Any])

Index: TypeAlias = "index.Index"  # for annotations only: --help does not import the index

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
        help="Name for this machine's files, if others add theirs.  [default: generated]",
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
    """Add the options for making a remote index.

    :func:`chosen` extracts them from the command's arguments.
    """

    def decorate(function: Function) -> Function:
        wrapped: Any = function
        for option in reversed((*_OPTIONS, *((_JOIN,) if join else ()))):
            wrapped = option(wrapped)
        return cast(Function, wrapped)

    return decorate


def chosen(given: dict[str, Any]) -> dict[str, Any]:
    """The engine's options among the options given."""
    return {name: given[name] for name in _NAMES if given.get(name) is not None}


def connection(
    path: str | None = None, *, engine: str | None = None, given: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """The options for opening the index at ``path`` (None: the command's).

    See :func:`opening_options`.
    """
    place = path if path is not None else index_path()
    return opening_options(place, engine=engine, given=given)


def open_index(path: str | None = None, **given: Any) -> Index:
    """Open the index in ``path`` (None: the command's) with the options of its engine.

    ``given`` are further arguments of ``Index.open``.
    """
    place = path if path is not None else index_path()
    return index.Index.open(place, **{"options": opening_options(place), **given})


def create_index(path: str, engine: str, **given: Any) -> Index:
    """Make a new index in ``path``.

    ``given`` are further arguments of ``Index.create``.
    """
    return index.Index.create(path, engine=engine, **given)
