"""Engines: what stores and ranks passages, one module an engine, all behind one contract."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import cast

from ..errors import MissingExtra, OptionError
from .contract import Engine

ENGINES = {
    "whoosh": ("whoosh", "WhooshEngine"),
    "tantivy": ("tantivy", "TantivyEngine"),
    "memory": ("memory", "MemoryEngine"),
}
"""Name of an engine → its module in this package and its class."""

_OF_NO_USE = {"tantivy": " (it needs Python 3.11 or newer)" if sys.version_info < (3, 11) else ""}


def engine_class(name: str) -> type[Engine]:
    """The engine called ``name``, imported now and not before.

    Raises OptionError for an unknown name, MissingExtra when its packages are not installed.
    """
    if name not in ENGINES:
        raise OptionError(f"no engine is called {name!r}; there are: {', '.join(sorted(ENGINES))}")
    module, attribute = ENGINES[name]
    try:
        return cast("type[Engine]", getattr(import_module(f".{module}", __name__), attribute))
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"the engine {name!r} needs the package {error.name!r}; install it with: pip install 'tracuu[{name}]'"
            + _OF_NO_USE.get(name, "")
        ) from error
