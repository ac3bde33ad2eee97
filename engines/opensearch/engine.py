"""The engine built on an OpenSearch cluster, for collections beyond one machine.

The data are in an index on the cluster; the folder holds a small file with its name. See
:mod:`.schema` for the layout of documents, :mod:`.commits` for transactions and concurrent writers,
and :mod:`.reader` for searching. No plugins or scripts are needed.

**Names.** The index called NAME is an alias of ``NAME-000001``; a rebuild makes ``NAME-000002``,
switches the alias atomically, and deletes the old index. Indexes and aliases that tracuu did not
create are never touched.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any, ClassVar

from ...errors import (
    EngineUnreachable,
    IndexBusy,
    IndexClosed,
    IndexDamaged,
    IndexExists,
    IndexNotFound,
    IndexOutdated,
    NotAnIndex,
    StorageError,
    WriteFailed,
)
from ..base import check_empty, missing_store
from ..document import Schema
from ..engine import IntegrityProblem
from ..file_lock import writer_lock
from . import cluster as cluster
from .client import Client, Refused
from .commits import Registry, damaged, describe_writer, host, me
from .point_in_time import Point
from .reader import PointInTimeReader
from .schema import FORMAT, Layout, schema_digest
from .settings import ClusterSettings, settings_of
from .snapshot import OpenSearchSnapshot, SharedPointInTime
from .writer import OpenSearchWriter

_POINTER = "opensearch.json"
_LOCK = "write.lock"
_PAUSE = 0.5  # seconds between checks of an index being rebuilt


class OpenSearchKind:
    """The engine with its options."""

    name: ClassVar[str] = "opensearch"

    def __init__(self, kept: Mapping[str, Any], given: Mapping[str, Any], fingerprint: str) -> None:
        self._options = (dict(kept), dict(given))
        self._fingerprint = fingerprint
        self._origin = str(
            given.get("origin") or kept.get("origin") or f"{host()}-{token_hex(4)}"[-100:]
        )

    def _settings(self, *, rebuilt: bool) -> ClusterSettings:
        kept, given = self._options
        origin = {} if "origin" in kept else {"origin": self._origin}
        return settings_of(kept, {**given, **origin}, rebuilt=rebuilt)

    @property
    def kept(self) -> dict[str, Any]:
        """The options saved in the index's folder."""
        return self._settings(rebuilt=True).kept()

    def create(self, folder: Path, schema: Schema) -> OpenSearchEngine:
        """Create an empty index on the cluster, and a file in ``folder`` naming it.

        If options were saved, the index exists already: the new one then replaces it when
        published.
        """
        check_empty(folder)
        settings = self._settings(rebuilt=True)
        engine = OpenSearchEngine(folder, schema, settings, self._fingerprint)
        try:
            engine.make()
            _point(folder, settings)
        except BaseException:
            engine.discard()
            engine.close()
            raise
        return engine

    def open(self, folder: Path, schema: Schema) -> OpenSearchEngine:
        """Open the index made by ``create``, or its replacement."""
        _check_folder(folder)
        engine = OpenSearchEngine(folder, schema, self._settings(rebuilt=False), self._fingerprint)
        try:
            engine.meet()
        except BaseException:
            engine.close()
            raise
        return engine

    def integrity_check(self, folder: Path, schema: Schema) -> Iterator[IntegrityProblem]:
        """Problems of the index on the cluster, and its leftovers."""
        client = Client(self._settings(rebuilt=False))
        try:
            yield from cluster.integrity_check(client)
        finally:
            client.close()


class OpenSearchEngine:
    """An index on a cluster.

    Thread-safe; any number of machines may use one index.
    """

    name: ClassVar[str] = "opensearch"

    def __init__(
        self, folder: Path, schema: Schema, settings: ClusterSettings, fingerprint: str
    ) -> None:
        self.origin = settings.origin
        self._folder = folder
        self._schema = schema
        self._settings = settings
        self._meta = {"format": FORMAT, "name": settings.name, "schema": schema_digest(schema)}
        self._fingerprint = fingerprint
        self._layout = Layout(schema)
        self._client = Client(settings)
        self._address = settings.name
        self._new: str | None = None
        self._locked: str | None = None
        self._making = False  # holds the lock of an index that is not yet in a folder's manifest
        self._beat: threading.Event | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._met: set[str] = set()
        self._current: tuple[object, SharedPointInTime] | None = None

    @classmethod
    def configured(
        cls, kept: Mapping[str, Any], given: Mapping[str, Any], fingerprint: str
    ) -> OpenSearchKind:
        """The engine with its options. Raises OptionError."""
        kind = OpenSearchKind(kept, given, fingerprint)
        _ = kind.kept
        return kind

    # --- the index on the cluster ---

    def make(self) -> None:
        """Create the index on the cluster, or its replacement.

        Raises IndexExists, NotAnIndex or IndexBusy.
        """
        meta = {**self._meta, "fingerprint": self._fingerprint}
        try:
            if self._settings.made:
                self._succeed(meta)
            elif not cluster.make(self._client, self._schema, meta, self._maker()):
                self._join()
            else:
                self._new = self._locked = cluster.current(self._client)
                self._making = True
                self._beat = cluster.beat_lock(Registry(self._client, self._address))
        except Refused as error:
            raise self._translated(error) from None

    def _maker(self) -> dict[str, Any]:
        """This process and its folder, as the creator of an index."""
        return {**me(self.origin), "folder": os.path.abspath(self._folder.parent)}

    def _succeed(self, meta: dict[str, Any]) -> None:
        there = cluster.current(self._client)
        if there is not None:
            self._locked = there
            self._beat = cluster.lock(self._client, Registry(self._client, there), me(self.origin))
        locked = there is not None
        self._new = self._address = cluster.make_next(
            self._client, self._schema, meta, locked=locked
        )

    def _join(self) -> None:
        """Use an index that exists already."""
        if not self._settings.join:
            killed = cluster.killed_maker(Registry(self._client, self._address))
            if killed is not None:
                raise IndexExists(
                    self._settings.place,
                    "the index on the cluster was created for the folder {folder} by {writer}, "
                    "which was killed; create it in that folder again, or choose another name "
                    "(--name)",
                    folder=killed["folder"],
                    writer=describe_writer(killed),
                )
            raise IndexExists(
                self._settings.place,
                "the cluster has an index of this name already; to add to it from here too, give "
                "the option join (--join), or choose another name (--name)",
            )
        self.meet()
        cluster.wait_until_made(
            self._client, Registry(self._client, self._address), self._settings.origin
        )

    def meet(self) -> None:
        """Check that the index can be used.

        Raises IndexNotFound, NotAnIndex or IndexOutdated.
        """
        try:
            read = Registry(self._client, self._address).read()
            self._check_meta(read.index)
        except Refused as error:
            raise self._translated(error) from None

    def _check_meta(self, index: str) -> None:
        if index in self._met:
            return
        meta = cluster.meta(self._client, index)
        if meta is None:
            raise NotAnIndex(self._settings.place, cluster.NOT_OURS)
        if meta.get("format") != FORMAT or meta.get("schema") != self._meta["schema"]:
            raise IndexOutdated(
                self._settings.place,
                "the index on the cluster was made by another version of tracuu; use that "
                "version here, or rebuild it with: tracuu rebuild",
            )
        found = str(meta.get("fingerprint", ""))
        if self._fingerprint and found and found != self._fingerprint:
            raise IndexOutdated(
                self._settings.place,
                "the index on the cluster was made with another analysis ({difference}), so its "
                "words would not match the query's; use the same version and taxonomy on all "
                "machines, or rebuild it with: tracuu rebuild",
                difference=_difference(found, self._fingerprint),
            )
        self._met.add(index)

    def publish(self) -> None:
        """Point the alias to the new index, atomically, and delete the old one.

        The first index of a name already has the alias, and is locked until :meth:`close`.
        """
        if self._making:
            return
        new, old = self._new, self._locked
        if new is None or new == self._settings.name or self._address == self._settings.name:
            self._new = None
            return
        try:
            if old is not None:
                cluster.check_lock(self._client, Registry(self._client, old), me(self.origin))
            cluster.switch(self._client, old, new)
        except Refused as error:
            raise self._translated(error) from None
        self._new, self._address = None, self._settings.name
        self._unlock()
        if old is not None:
            cluster.drop(self._client, old)

    def discard(self) -> None:
        """Delete the new index if it has not been published."""
        new, self._new = self._new, None
        with suppress(StorageError, Refused):
            if new is not None:
                cluster.drop(self._client, new)
        with suppress(StorageError, Refused):
            if self._locked is not None and not self._making:
                cluster.unlock(Registry(self._client, self._locked), me(self.origin))
        self._unlock()

    def _unlock(self) -> None:
        self._locked, self._making = None, False
        if self._beat is not None:
            self._beat.set()

    # --- reading ---

    def snapshot(self) -> OpenSearchSnapshot:
        """The last committed state.

        Reads only the registry if nothing was committed since.
        """
        with self._lock:
            self._check()
            try:
                shared = self._latest()
            except Refused as error:
                raise self._translated(error) from None
            return OpenSearchSnapshot(shared)

    def _latest(self) -> SharedPointInTime:
        registry = Registry(self._client, self._address)
        if self._current is not None:
            read = registry.read()
            if self._current[0] == (read.index, read.state.commit):
                return self._current[1]
        point = Point.open(self._client, registry)
        try:
            self._check_meta(point.read.index)
        except BaseException:
            point.close()
            raise
        reading = PointInTimeReader(point, self._layout)
        shared = SharedPointInTime(reading, self._schema, self._settings.place)
        shared.take()
        old, self._current = self._current, ((point.read.index, point.read.state.commit), shared)
        if old is not None:
            old[1].leave()
        return shared

    # --- writing ---

    def writer(self, *, wait: float = 0.0) -> OpenSearchWriter:
        """Open the only writer of this folder.

        Waits up to ``wait`` seconds for another writer or a rebuild. Raises IndexBusy.
        """
        with self._lock:
            self._check()
        deadline = time.monotonic() + wait
        while True:
            lock = writer_lock(self._folder / _LOCK, max(0.0, deadline - time.monotonic()))
            try:
                registry = Registry(self._client, self._address)
                made = OpenSearchWriter(self._client, registry, self._layout, lock, self.origin)
                if made.dead_lock:
                    with suppress(StorageError, Refused):  # else the next writer does it
                        cluster.clear_lock(self._client, registry)
                return made
            except IndexBusy:
                if time.monotonic() + _PAUSE > deadline:
                    raise
            time.sleep(_PAUSE)

    def close(self) -> None:
        """Close the connection, and release the lock of an index that was created here.

        Earlier snapshots stay usable until they are closed.
        """
        with self._lock:
            self._closed = True
            current, self._current = self._current, None
        if self._making and self._locked is not None:
            with suppress(StorageError, Refused):  # else the first writer finds the lock dead
                cluster.unlock(Registry(self._client, self._locked), me(self.origin))
        self._unlock()
        if current is not None:
            current[1].leave()

    def _check(self) -> None:
        if self._closed:
            raise IndexClosed(self._folder, "this index has been closed; open it again")

    def _translated(self, error: Refused) -> StorageError:
        place = self._settings.place
        if error.status == 404:
            return IndexNotFound(
                place,
                "the cluster has no such index ({kind}); create it with: tracuu index PATH…",
                kind=error.kind,
            )
        if error.kind == "illegal_argument_exception" and "more than one" in error.reason:
            return damaged(self._client)
        return EngineUnreachable(
            place,
            "the cluster refused a request ({kind}: {reason})",
            kind=error.kind,
            reason=error.reason,
        )


def _check_folder(folder: Path) -> None:
    if not os.path.isfile(folder / _POINTER):
        raise missing_store(folder, "opensearch", _LOCK)
    try:
        if json.loads((folder / _POINTER).read_text(encoding="utf-8"))["format"] != FORMAT:
            raise IndexOutdated(
                folder, "made by another version of tracuu; rebuild it with: tracuu rebuild"
            )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            folder,
            "{pointer} is torn; rebuild the index with: tracuu rebuild",
            pointer=_POINTER,
        ) from error


def _point(folder: Path, settings: ClusterSettings) -> None:
    """Write the file with the name of the index on the cluster."""
    text = json.dumps(
        {"format": FORMAT, "url": list(settings.url), "name": settings.name}, indent=1
    )
    try:
        with (folder / _POINTER).open("w", encoding="utf-8") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise WriteFailed(
            folder,
            "cannot be written: {strerror}; nothing was changed",
            strerror=error.strerror,
        ) from error


def _difference(made: str, wanted: str) -> str:
    now = dict(part.partition("=")[::2] for part in wanted.split(";"))
    then = dict(part.partition("=")[::2] for part in made.split(";"))
    names = [name for name in {**then, **now} if then.get(name) != now.get(name)]
    return "; ".join(
        f"{name} {then.get(name, 'none')}, here {now.get(name, 'none')}" for name in names
    )
