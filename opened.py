"""The engine of an index that is open: always that of its current generation, whoever made it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .corpus.naming import shipped_text
from .engines import ENGINES, engine_kind
from .engines.contract import Engine
from .errors import (
    IndexClosed,
    IndexDamaged,
    IndexNotFound,
    IndexOutdated,
    NotAnIndex,
    StorageError,
)
from .fields import SCHEMA
from .settings import difference, fingerprint
from .storage import Manifest, Storage
from .values import dataclass

T = TypeVar("T")
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation, open: its manifest, its own taxonomy's text (or None), its engine, the stamp that the
    manifest had, and the engine's options given besides those in the manifest."""

    manifest: Manifest
    taxonomy: str | None
    engine: Engine
    stamp: tuple[int, int] | None
    options: Mapping[str, Any] | None


class Opened:
    """An index's current generation; another one after a rebuild, be it in this process or in another.

    Safe to share by threads. A generation that has been followed by another is closed here, its snapshots
    stay usable until they are closed.
    """

    def __init__(self, storage: Storage, generation: Generation, moved: Callable[[], None]) -> None:
        """``moved`` is called when another generation has taken the place of the last."""
        self._storage = storage
        self._current: Generation | None = generation
        self._moved = moved
        self._lock = threading.Lock()

    def generation(self) -> Generation:
        """The current generation. Raises IndexClosed, and what :func:`open_generation` raises."""
        current = self._current
        if current is not None and self._storage.stamp() != current.stamp:
            current = self._follow()
        if current is None:
            raise IndexClosed(self._storage.folder, "this index has been closed; open it again")
        return current

    def take(self, use: Callable[[Engine], T]) -> T:
        """What ``use`` takes from the engine; once more where a rebuild put another in its place meanwhile."""
        for attempt in range(_ATTEMPTS):
            current = self.generation()
            try:
                return use(current.engine)
            except StorageError:
                gone = self._current is not current or self._storage.stamp() != current.stamp
                if not gone or attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        """Let go of the files; nothing can be taken afterwards."""
        with self._lock:
            current, self._current = self._current, None
        if current is not None:
            current.engine.close()

    def _follow(self) -> Generation | None:
        with self._lock:
            old = self._current
            if old is None or self._storage.stamp() == old.stamp:
                return old
            known = old.manifest.options
            given = {name: value for name, value in (old.options or {}).items() if value != known.get(name)}
            new = self._current = open_generation(self._storage, given)
        self._moved()
        old.engine.close()
        return new


def open_generation(storage: Storage, options: Mapping[str, Any] | None = None) -> Generation:
    """The current generation of the index in ``storage``; ``options`` are the engine's, besides those in the
    manifest. Raises what Index.open does."""
    for attempt in range(_ATTEMPTS):
        stamp = storage.stamp()
        try:
            return _open(storage, stamp, options)
        except StorageError:  # a rebuild may just have put another in its place
            if storage.stamp() == stamp or attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt returns or raises")


def _open(storage: Storage, stamp: tuple[int, int] | None, options: Mapping[str, Any] | None) -> Generation:
    manifest = storage.manifest()
    own = storage.taxonomy(manifest.generation) if manifest.own_taxonomy else None
    wanted = fingerprint(shipped_text() if own is None else own)
    if manifest.fingerprint != wanted:
        raise IndexOutdated(
            storage.folder,
            f"made by tracuu {manifest.version or '?'} with another analysis "
            f"({difference(manifest.fingerprint, wanted)}), so its words would not match the query's; "
            f"rebuild it from its reports with: tracuu rebuild --index {storage.folder}",
        )
    data = storage.data(manifest.generation)
    try:
        if manifest.engine not in ENGINES:
            raise NotAnIndex(data, f"no engine is called {manifest.engine!r}")
        engine = engine_kind(manifest.engine, options, kept=manifest.options, fingerprint=wanted).open(data, SCHEMA)
    except (IndexNotFound, NotAnIndex) as error:  # the index is here, but what it holds is not
        raise IndexDamaged(
            storage.folder,
            f"{data.name} cannot be read ({error}); rebuild the index from its reports with: "
            f"tracuu rebuild --index {storage.folder}",
        ) from error
    return Generation(manifest, own, engine, stamp, options)
