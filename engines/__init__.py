"""Engines store and rank passages. All of them implement one contract."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from ..errors import (
    IndexNotFound,
    Message,
    MissingExtra,
    NotAnIndex,
    OptionError,
    StorageError,
    install_extra,
)
from .document import Document, Schema, TextField, TokenStream
from .engine import (
    FACET_SCORE_DEPTH,
    Engine,
    FacetCount,
    FieldStats,
    IntegrityProblem,
    Remote,
    Response,
    ScoredDocument,
    Snapshot,
    TermExplanation,
    Writer,
)
from .query import (
    And,
    AndMaybe,
    AndNot,
    ConstantScore,
    DisMax,
    MatchAll,
    Node,
    Or,
    Phrase,
    Prefix,
    Range,
    Request,
    SortKey,
    Term,
    TermIn,
)

__all__ = [
    "ENGINES",
    "FACET_SCORE_DEPTH",
    "And",
    "AndMaybe",
    "AndNot",
    "ConstantScore",
    "DisMax",
    "Document",
    "Engine",
    "FacetCount",
    "FieldStats",
    "IntegrityProblem",
    "Kind",
    "MatchAll",
    "Node",
    "Or",
    "Phrase",
    "Prefix",
    "Range",
    "Remote",
    "Request",
    "Response",
    "Schema",
    "ScoredDocument",
    "Snapshot",
    "SortKey",
    "Term",
    "TermExplanation",
    "TermIn",
    "TextField",
    "TokenStream",
    "Writer",
    "engine_class",
    "engine_kind",
    "engine_of",
    "kept_options",
]

# Engine name → module in this package, and class.
ENGINES = {
    "whoosh": ("whoosh.engine", "WhooshEngine"),
    "tantivy": ("tantivy.engine", "TantivyEngine"),
    "opensearch": ("opensearch.engine", "OpenSearchEngine"),
    "memory": ("memory", "MemoryEngine"),
}

_OF_NO_USE = {
    "tantivy": Message(" (it needs Python 3.11 or newer)") if sys.version_info < (3, 11) else ""
}


class Kind(Protocol):
    """Creates and opens engines: an engine class, or one bound to its options."""

    @property
    def name(self) -> str:
        """The engine's name."""

    def create(self, folder: Path, schema: Schema) -> Engine:
        """As :meth:`Engine.create`."""

    def open(self, folder: Path, schema: Schema) -> Engine:
        """As :meth:`Engine.open`."""

    def integrity_check(self, folder: Path, schema: Schema) -> Iterator[IntegrityProblem]:
        """As :meth:`Engine.integrity_check`."""


def engine_class(name: str) -> type[Engine]:
    """Import and return the engine called ``name``.

    Raises OptionError for an unknown name, MissingExtra when its packages are not installed.
    """
    if name not in ENGINES:
        raise OptionError(
            "no engine is called {name!r}; there are: {engines}",
            name=name,
            engines=", ".join(sorted(ENGINES)),
        )
    module, attribute = ENGINES[name]
    try:
        return cast("type[Engine]", getattr(import_module(f".{module}", __name__), attribute))
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "the engine {name!r} needs the package {package!r}; {how}{but}",
            name=name,
            package=error.name,
            how=install_extra(name),
            but=_OF_NO_USE.get(name, ""),
        ) from error


def engine_kind(
    name: str,
    options: Mapping[str, Any] | None = None,
    *,
    kept: Mapping[str, Any] | None = None,
    fingerprint: str = "",
) -> Kind:
    """The engine called ``name``, bound to its saved and new options.

    ``kept`` are the options saved with the index. ``fingerprint`` identifies the analysis that
    produces tokens; an engine shared by several machines stores it with the data and raises
    IndexOutdated on a mismatch. Raises OptionError for unknown options or options that contradict
    ``kept``, and the errors of :func:`engine_class`.
    """
    made = engine_class(name)
    configured = getattr(made, "configured", None)
    if configured is not None:
        return cast(Kind, configured({**(kept or {})}, {**(options or {})}, fingerprint))
    if options:
        raise OptionError(
            "the engine {name!r} has no options, but was given: {options}",
            name=name,
            options=", ".join(sorted(options)),
        )
    return made


def kept_options(kind: Kind) -> dict[str, Any]:
    """Options to store with the index: no secrets, nothing specific to one machine."""
    return dict(getattr(kind, "kept", {}))


def engine_of(folder: Path, schema: Schema) -> str | None:
    """The name of the engine whose files are in ``folder``, else None.

    The files may be damaged.
    """
    for name in ENGINES:
        try:
            made = engine_class(name)
            if hasattr(made, "configured"):  # its data are not in a folder
                continue
            made.open(folder, schema).close()
        except (NotAnIndex, IndexNotFound, MissingExtra):
            continue
        except StorageError:
            pass
        return name
    return None
