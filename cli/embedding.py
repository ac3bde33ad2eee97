"""Options that name an embedder.

Texts are sent only to a server named by these options or the environment.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

import click

from .. import search
from .language import _

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--embedder",
        metavar="URL",
        envvar="TRACUU_EMBEDDER",
        show_envvar=True,
        help="Rank by meaning too: an OpenAI-compatible address that makes vectors, such as "
        "http://localhost:11434/v1.",
    ),
    click.option(
        "--model",
        metavar="NAME",
        envvar="TRACUU_EMBEDDER_MODEL",
        show_envvar=True,
        help="Name of the model on that server.",
    ),
)


def embedder_options(function: Function) -> Function:
    """``--embedder`` and ``--model``; :func:`take_embedder` makes an embedder of them."""
    wrapped: Any = function
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return cast(Function, wrapped)


def take_embedder(given: dict[str, Any]) -> search.HttpEmbedder | None:
    """Remove the embedder's options from ``given``; return the embedder, or None.

    The key of the server, if it needs one, is in ``TRACUU_EMBEDDER_KEY``.
    """
    address, model = given.pop("embedder", None), given.pop("model", None)
    if not address:
        return None
    if not model:
        raise click.UsageError(_("--embedder needs --model, the model's name at that address"))
    return search.HttpEmbedder(address, model, key=os.environ.get("TRACUU_EMBEDDER_KEY") or None)
