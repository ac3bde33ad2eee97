"""The open generation of an index: engine, taxonomy, searcher, transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from .. import corpus, search
from ..corpus.model import Report
from ..corpus.naming import resolve, shipped_labels, shipped_text
from ..engines import ENGINES, engine_kind
from ..engines.engine import Engine, Remote, Snapshot, Writer
from ..errors import (
    COMMITTED,
    IndexClosed,
    IndexDamaged,
    IndexNotFound,
    IndexOutdated,
    Message,
    NotAnIndex,
    SnapshotGone,
    StorageError,
    TracuuError,
)
from ..records import Record
from .directory import IndexDirectory
from .fingerprint import difference, fingerprint, schema_of
from .manifest import Manifest
from .sources import Relocation

T = TypeVar("T")
_ATTEMPTS = 20  # attempts to open a generation while rebuilds replace it
_SEARCHES = 5  # attempts of one search if a server drops its snapshot


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation, open.

    ``taxonomy`` is the text of its own taxonomy (None: the package's), ``stamp`` the identity of
    its manifest, ``options`` the engine's options in addition to those in the manifest.
    ``outdated`` explains why it can only be searched; empty if it is up to date.
    """

    manifest: Manifest
    taxonomy: str | None
    engine: Engine
    stamp: tuple[int, int] | None
    options: Mapping[str, Any] | None
    outdated: str = ""


class OpenIndex:
    """An index's current generation.

    Follows rebuilds, in this process or another.

    Thread-safe. A replaced generation is closed; its snapshots stay usable until they are closed.
    """

    def __init__(
        self, directory: IndexDirectory, generation: Generation, moved: Callable[[], None]
    ) -> None:
        """``moved`` is called after the generation has been replaced."""
        self._directory = directory
        self._current: Generation | None = generation
        self._moved = moved
        self._lock = threading.Lock()
        self._taxonomy: tuple[Generation, corpus.Taxonomy] | None = None
        self._reader: corpus.Reader | None = None
        self._relocation: tuple[Generation, Relocation] | None = None

    def generation(self) -> Generation:
        """The current generation.

        Raises IndexClosed, and the errors of :func:`open_generation`.
        """
        current = self._current
        if current is not None and self._directory.stamp() != current.stamp:
            current = self._follow()
        if current is None:
            raise IndexClosed(self._directory.folder, "this index has been closed; open it again")
        return current

    def take(self, use: Callable[[Engine], T]) -> T:
        """Return ``use(engine)``.

        Calls it again if a rebuild replaced the engine meanwhile.
        """
        for attempt in range(_ATTEMPTS):
            current = self.generation()
            try:
                return use(current.engine)
            except StorageError:
                gone = self._current is not current or self._directory.stamp() != current.stamp
                if not gone or attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def located(self, record: Record) -> Report:
        """The report of a record, with the path its file has after a move of the index."""
        current = self.generation()
        if self._relocation is None or self._relocation[0] is not current:
            self._relocation = current, self._directory.relocation()
        return self._relocation[1].record(record).report

    def close(self) -> None:
        """Close the files; later calls raise IndexClosed."""
        with self._lock:
            current, self._current = self._current, None
        if current is not None:
            current.engine.close()

    def _follow(self) -> Generation | None:
        with self._lock:
            old = self._current
            if old is None or self._directory.stamp() == old.stamp:
                return old
            known = old.manifest.options
            given = {
                name: value
                for name, value in (old.options or {}).items()
                if value != known.get(name)
            }
            new = self._current = open_generation(self._directory, given)
        self._moved()
        old.engine.close()
        return new

    # --- its taxonomy ---

    def labels(self) -> dict[str, str]:
        """Id → label of the areas, in order.

        Raises TaxonomyError, IndexDamaged, IndexClosed.
        """
        if self.generation().taxonomy is None:
            return shipped_labels()
        return {area.id: area.label for area in self.taxonomy().areas}

    def resolve(self, name: str) -> str:
        """The id of the area called ``name``.

        Raises UnknownArea, and the errors of :meth:`labels`.
        """
        return resolve(name, self.labels())

    def taxonomy(self) -> corpus.Taxonomy:
        """The whole taxonomy. Raises TaxonomyError, IndexDamaged, IndexClosed."""
        generation = self.generation()
        known = self._taxonomy
        if known is None or known[0] is not generation:
            text, number = generation.taxonomy, generation.manifest.generation
            own = (
                None
                if text is None
                else corpus.Taxonomy.parse(text, str(self._directory.taxonomy_file(number)))
            )
            known = self._taxonomy = generation, own or corpus.default_taxonomy()
        return known[1]

    def reader(self, examples: Sequence[tuple[str, str]] = ()) -> corpus.Reader:
        """A reader with this taxonomy, trained on corrections as ``examples``."""
        taxonomy, known = self.taxonomy(), self._reader
        if known is None or known.taxonomy is not taxonomy or known.examples != tuple(examples):
            known = self._reader = corpus.Reader(taxonomy, examples=examples)
        return known


def open_generation(
    directory: IndexDirectory, options: Mapping[str, Any] | None = None
) -> Generation:
    """The current generation of the index in ``directory``.

    ``options`` are the engine's, besides those in the manifest. Raises the errors of Index.open.
    """
    for attempt in range(_ATTEMPTS):
        stamp = directory.stamp()
        try:
            return _open(directory, stamp, options)
        except StorageError:  # a rebuild may just have replaced it
            if directory.stamp() == stamp or attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt returns or raises")


def _open(
    directory: IndexDirectory, stamp: tuple[int, int] | None, options: Mapping[str, Any] | None
) -> Generation:
    manifest = directory.manifest()
    own = directory.taxonomy(manifest.generation) if manifest.own_taxonomy else None
    wanted = fingerprint(shipped_text() if own is None else own)
    outdated = ""
    if manifest.fingerprint != wanted:
        changes = difference(manifest.fingerprint, wanted)
        outdated = Message(
            "made by tracuu {version} with another analysis ({changes}); bring it up to "
            "date with: tracuu upgrade --index {folder}, or read its reports again "
            "with: tracuu rebuild --index {folder}",
            version=manifest.version or "?",
            changes=changes,
            folder=directory.folder,
        )
    schema = schema_of(manifest.fingerprint)
    if schema is None:
        raise IndexOutdated(directory.folder, outdated)
    data = directory.data(manifest.generation)
    try:
        if manifest.engine not in ENGINES:
            raise NotAnIndex(data, "no engine is called {engine!r}", engine=manifest.engine)
        engine = engine_kind(
            manifest.engine, options, kept=manifest.options, fingerprint=manifest.fingerprint
        ).open(data, schema)
    except (IndexNotFound, NotAnIndex) as error:  # the folder is an index, but its data are missing
        raise IndexDamaged(
            directory.folder,
            "{name} cannot be read ({error}); rebuild the index from its reports with: "
            "tracuu rebuild --index {folder}",
            name=data.name,
            error=error,
            folder=directory.folder,
        ) from error
    return Generation(manifest, own, engine, stamp, options, outdated)


class SearcherLease:
    """A searcher, its snapshot, and the number of searches using it.

    ``reports`` is filled on demand.
    """

    def __init__(self, snapshot: Snapshot, searcher: search.Searcher) -> None:
        self.snapshot = snapshot
        self.searcher = searcher
        self.reports: tuple[Report, ...] | None = None
        self.users = 0
        self.retired = False


class SearcherCache:
    """Shares one searcher per committed state among all searches.

    Thread-safe.
    """

    def __init__(self, opened: OpenIndex, make: Callable[[Snapshot], search.Searcher]) -> None:
        self._opened = opened
        self._make = make
        self._lock = threading.Lock()
        self._lease: SearcherLease | None = None

    def close(self) -> None:
        """Release the last state; running searches finish."""
        with self._lock:
            lease, self._lease = self._lease, None
        if lease is not None:
            self._retire(lease)

    def run(self, use: Callable[[search.Searcher], T]) -> T:
        """Return ``use(searcher)`` for the current searcher.

        Calls it again on a new snapshot if a server dropped this one.
        """
        for _ in range(_SEARCHES - 1):
            try:
                with self.lease() as lease:
                    return use(lease.searcher)
            except SnapshotGone:
                continue
        with self.lease() as lease:
            return use(lease.searcher)

    @contextmanager
    def lease(self) -> Iterator[SearcherLease]:
        """Hold the searcher of the last committed state during a search."""
        lease = self._opened.take(self._acquire)
        try:
            yield lease
        finally:
            with self._lock:
                lease.users -= 1
                unused = lease.retired and lease.users == 0
            if unused:
                lease.snapshot.close()

    def _acquire(self, engine: Engine) -> SearcherLease:
        snapshot = engine.snapshot()
        old = None
        with self._lock:
            if self._lease is not None and self._lease.snapshot.state is snapshot.state:
                lease = self._lease
            else:
                old, lease = self._lease, self._make_lease(snapshot)
                self._lease = lease
            lease.users += 1
        if lease.snapshot is not snapshot:
            snapshot.close()
        if old is not None:
            self._retire(old)
        return lease

    def _make_lease(self, snapshot: Snapshot) -> SearcherLease:
        try:
            return SearcherLease(snapshot, self._make(snapshot))
        except BaseException:
            snapshot.close()
            raise

    def _retire(self, lease: SearcherLease) -> None:
        with self._lock:
            lease.retired = True
            unused = lease.users == 0
        if unused:
            lease.snapshot.close()


def refuse_outdated(directory: IndexDirectory, generation: Generation) -> None:
    """Raise IndexOutdated if the generation can only be searched."""
    if generation.outdated:
        raise IndexOutdated(directory.folder, generation.outdated)


class Journal(Protocol):
    """Files beside the engine that change with it. Requires the index's write lock."""

    def recover(self, engine: Engine) -> None:
        """Complete the changes of a killed writer, before the transaction begins."""

    def commit(self) -> None:
        """Called when the engine has committed."""

    def rollback(self) -> None:
        """Called when the transaction failed and the engine has not changed."""


@contextmanager
def write_transaction(
    directory: IndexDirectory,
    opened: OpenIndex,
    wait: float,
    *,
    journal: Journal,
    committed: Callable[[object], None] | None = None,
) -> Iterator[tuple[Writer, Snapshot]]:
    """Yield the writer of the current generation and the snapshot before.

    The changes are committed at the end. ``journal`` keeps the files beside the engine in
    agreement. ``committed`` is called with the identity of the new state, if no other writer can
    have changed it.

    Ctrl-C leaves the index unchanged; if the change is already committed, the KeyboardInterrupt has
    the message ``COMMITTED``. Raises IndexBusy (after ``wait`` seconds), WriteFailed.
    """
    refuse_outdated(directory, opened.generation())
    with directory.lock(wait):
        # the rebuild that held the lock may have replaced it
        generation = opened.generation()
        directory.sweep(generation.manifest.generations)
        engine = generation.engine
        journal.recover(engine)
        before: object = None
        try:
            with engine.writer(wait=wait) as writer, engine.snapshot() as snapshot:
                before = snapshot.state
                yield writer, snapshot
            journal.commit()
            if committed is not None and not isinstance(engine, Remote):
                after = _state(engine)
                if after not in (None, before):
                    committed(after)
        except BaseException as error:
            after = None if before is None else _state(engine)
            if isinstance(error, KeyboardInterrupt) and after not in (None, before):
                raise KeyboardInterrupt(COMMITTED) from error
            if after == before and not isinstance(engine, Remote):
                journal.rollback()
            raise


def _state(engine: Engine) -> object:
    """Identity of the engine's last committed state; None if unknown."""
    try:
        with engine.snapshot() as snapshot:
            return snapshot.state
    except TracuuError:
        return None
