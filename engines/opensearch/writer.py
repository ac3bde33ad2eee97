"""One change to an index on a cluster (see :mod:`.commits`)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TypeVar

from ...errors import (
    IndexBusy,
    IndexOutdated,
    Message,
    PassageError,
    SnapshotGone,
    StorageError,
    WriteFailed,
)
from ..base import WriterBase
from ..document import Document, Prepared, prepare
from ..file_lock import WriteLock
from .bulk import Bulk
from .client import Body, Client, Refused
from .commits import BEAT, CommitState, Registry, describe_writer, hidden_by, is_held_here, me
from .names import written
from .point_in_time import Point
from .schema import BATCH, KEY, Layout, keyword, layers_body

_log = logging.getLogger("tracuu.engines.opensearch")
_KNOWN_GROUPS = 2000
_LOGGED = 100_000  # maximum groups listed per commit
_KEYS = 10_000
_PAGE = 1000
T = TypeVar("T")


class OpenSearchWriter(WriterBase):
    """A batch: sent while it is written, visible after commit."""

    def __init__(
        self, client: Client, registry: Registry, layout: Layout, lock: WriteLock, origin: str
    ) -> None:
        """``lock`` is already held; the writer releases it.

        Raises IndexBusy if the index is being rebuilt.
        """
        super().__init__(client.settings.place)
        self._client = client
        self._layout = layout
        self._lock = lock
        self._origin = origin
        self._batch: int | None = None
        self._beat: threading.Event | None = None
        self._bulk: Bulk | None = None
        self._point: Point | None = None
        try:
            begun = registry.read()
            # fixed, even if the alias is switched later
            self._registry = Registry(client, begun.index)
            refuse_locked(registry, begun.state, origin, client)
            left = begun.state.lock
            self.dead_lock = left is not None and not is_held_here(left, origin)
            clear_away(client, self._registry)
            self._point = Point.open(client, self._registry)
            self._base = self._point.read.state.commit
            self._empty = not self._base
        except BaseException as error:  # Ctrl-C too must release the lock
            self._release()
            raise self._translated(error) from None
        self._keys: set[str] = set()
        self._groups: dict[str, set[str]] = {}
        self._added: dict[str, bool] = {}  # group → whether the batch contains all of it
        self._deletes: dict[str, dict[str, None]] = {}
        self._layers: dict[str, int] = {}

    # --- adding and deleting ---

    def add(self, document: Document) -> None:
        """Add a document. Raises PassageError (an existing key, an invalid value)."""
        self._check()
        prepared = prepare(document, self._layout.schema)
        if prepared.key in self._keys or self._is_there(prepared):
            raise PassageError("the index holds {key!r} already; delete it first", key=prepared.key)
        self._keys.add(prepared.key)
        for group in self._groups_of(prepared):
            self._added.setdefault(group, self._is_whole(group))
        try:
            batch = self._number()
            body, layers = self._layout.body(prepared, batch)
            for name, count in layers.items():
                self._layers[name] = max(count, self._layers.get(name, 1))
            assert self._bulk is not None
            self._widen()
            self._bulk.add(f"{batch}-{len(self._keys)}", body)
        except (StorageError, Refused) as error:
            raise self._translated(error) from None

    def delete(self, name: str, value: str) -> None:
        """Delete the committed documents with ``value`` in the keyword field ``name``."""
        self._check()
        if name not in self._layout.schema.keywords:
            raise KeyError(name)
        self._deletes.setdefault(name, {})[value] = None

    def _groups_of(self, document: Prepared) -> Iterable[str]:
        group = self._layout.schema.group
        return document.keywords.get(group, ()) if group else ()

    def _is_there(self, document: Prepared) -> bool:
        """Whether a committed document that this batch does not delete has the key."""
        if self._empty:
            return False
        groups = tuple(self._groups_of(document))
        if len(groups) != 1:
            return bool(self._count([{"term": {KEY: written(document.key)}}]))
        there = self._keys_of(groups[0])
        if document.key in there:
            del self._groups[groups[0]]  # may have been deleted since
            there = self._keys_of(groups[0])
        return document.key in there

    def _keys_of(self, group: str) -> set[str]:
        """The keys of the committed documents of a group that this batch does not delete."""
        known = self._groups.get(group)
        if known is None:
            if len(self._groups) >= _KNOWN_GROUPS:
                self._groups.clear()
            assert self._layout.schema.group
            query = self._kept([{"term": {keyword(self._layout.schema.group): written(group)}}])
            known = self._groups[group] = self._ask(lambda point: self._keys_in(point, query))
        return known

    def _keys_in(self, point: Point, query: Body) -> set[str]:
        pages = point.walk(query, _PAGE)
        return {self._layout.read(hit["_source"]).key for hits in pages for hit in hits}

    def _is_whole(self, group: str) -> bool:
        """Whether the batch replaces the group or adds it."""
        name = self._layout.schema.group or ""
        return group in self._deletes.get(name, ()) or self._empty or not self._keys_of(group)

    def _ask(self, what: Callable[[Point], T]) -> T:
        """Query the state that this batch started with, or a later one.

        ``commit()`` detects changes between the states.
        """
        assert self._point is not None
        try:
            return what(self._point)
        except SnapshotGone:
            self._point.close()
            self._point = Point.open(self._client, self._registry)
            return what(self._point)

    def _kept(self, filters: list[Body]) -> Body:
        gone: list[Body] = [
            {"terms": {keyword(name): list(map(written, values))}}
            for name, values in self._deletes.items()
        ]
        return {"bool": {"filter": filters, "must_not": gone}}

    def _count(self, filters: list[Body]) -> int:
        return self._ask(lambda point: point.counts([self._kept(filters)]))[0]

    # --- the batch ---

    def _number(self) -> int:
        """The number of the batch, assigned with the first document."""
        if self._batch is None:
            mine = {**me(self._origin), "base": self._base}

            def begin(state: CommitState) -> None:
                refuse_locked(self._registry, state, self._origin, self._client)
                state.writers[str(state.next)] = mine
                state.next += 1

            def begun(state: CommitState) -> bool:
                return mine in state.writers.values()

            state = self._registry.change(begin, done=begun).state
            self._batch = next(int(number) for number, who in state.writers.items() if who == mine)
            self._beat = threading.Event()
            beating = (self._registry, str(self._batch), self._beat)
            threading.Thread(
                target=_beat, args=beating, name="tracuu-heartbeat", daemon=True
            ).start()
            self._bulk = Bulk(self._client, self._registry.address)
        return self._batch

    def _widen(self) -> None:
        """Add layers of positions to the mapping if a document needs them."""
        assert self._point is not None
        state = self._point.read.state.layers
        wide = {
            name: count
            for name, count in self._layers.items()
            if count > max(state.get(name, 2), 2)
        }
        if wide:
            fields = {
                key: value
                for name, count in wide.items()
                for key, value in layers_body([name], count).items()
            }
            self._client.call("PUT", f"/{self._registry.address}/_mapping", {"properties": fields})
            state.update(wide)

    # --- the end ---

    def commit(self) -> None:
        """Make the change durable and visible.

        Raises WriteFailed, IndexBusy, EngineUnreachable.
        """
        self._check()
        if self._batch is None and not self._deletes:
            self.rollback()
            return
        try:
            batch = self._number()
            assert self._bulk is not None
            self._bulk.finish()
            refresh(self._client, self._registry.address)
            self._registry.change(self._commit, done=lambda state: str(batch) not in state.writers)
            self._batch = None  # committed from here on
        except BaseException as error:  # Ctrl-C too must roll back
            self.rollback()
            raise self._translated(error) from None
        self._end(batch)
        try:
            clear_away(self._client, self._registry)
        except (StorageError, Refused) as error:
            _log.info(
                "replaced documents are not removed yet (%s); the next writer removes them", error
            )
        finally:
            self._release()

    def _commit(self, state: CommitState) -> None:
        batch = str(self._batch)
        if batch not in state.writers:
            raise WriteFailed(
                self._client.settings.place,
                "this writer was considered dead, because its heartbeat did not reach the "
                "cluster for ten minutes; nothing was changed, run it again",
            )
        base = int(state.writers[batch]["base"])
        deletes = {name: list(values) for name, values in self._deletes.items()}
        replaced = self._replaced(state, base)
        if replaced and self._layout.schema.group:
            name = self._layout.schema.group
            deletes[name] = list(dict.fromkeys([*deletes.get(name, ()), *replaced]))
        spare = state.hidden()
        state.tombstones += [
            {"field": name, "values": values, "until": state.next, "spare": spare}
            for name, values in deletes.items()
        ]
        if not self._layout.schema.group and self._base != state.commit:
            # without groups, each key is a group
            keys = list(self._keys)
            state.tombstones.append(
                {"field": "", "values": keys, "until": state.next, "spare": spare}
            )
        del state.writers[batch]
        state.commit += 1
        for name, count in self._layers.items():
            state.layers[name] = max(count, state.layers.get(name, 1))
        changed = dict.fromkeys(
            [*self._added, *self._deletes.get(self._layout.schema.group or "", ())]
        )
        groups = list(changed) if set(self._deletes) <= {self._layout.schema.group} else None
        if groups is not None and len(groups) > _LOGGED:
            groups = None
        oldest = min((int(who["base"]) for who in state.writers.values()), default=state.commit)
        state.log = [entry for entry in state.log if entry["commit"] > oldest]
        if oldest < state.commit:
            state.log.append(
                {"commit": state.commit, "groups": groups if groups or not self._keys else None}
            )

    def _replaced(self, state: CommitState, base: int) -> list[str]:
        """Groups of this batch that other writers have changed since it began.

        Raises IndexBusy if the batch contains only a part of one.
        """
        if state.commit == base:
            return []
        since = [entry for entry in state.log if entry["commit"] > base]
        all_known = len(since) == state.commit - base and all(
            entry["groups"] is not None for entry in since
        )
        changed = {group for entry in since for group in entry["groups"] or ()}
        touched = [group for group in self._added if not all_known or group in changed]
        for group in touched:
            if not self._added[group]:
                raise IndexBusy(
                    self._client.settings.place,
                    Message(
                        "another machine has changed {group!r} meanwhile, and this change "
                        "contains only a part of it; nothing was changed, run it again",
                        group=group,
                    ),
                )
        return touched

    def rollback(self) -> None:
        """Discard the change."""
        if self._done:
            return
        batch, self._batch = self._batch, None
        try:
            if self._bulk is not None:
                self._bulk.abandon()
            if batch is not None:
                give_up(self._registry, [str(batch)])
                self._end(batch)
                clear_away(self._client, self._registry)
        except (StorageError, Refused) as error:
            _log.info(
                "documents of the failed change are not removed yet (%s); "
                "the next writer removes them",
                error,
            )
        finally:
            self._release()

    def _end(self, batch: int) -> None:
        if self._beat is not None:
            self._beat.set()
        self._registry.unbeat(str(batch))

    def _release(self) -> None:
        self._done = True
        if self._beat is not None:
            self._beat.set()
        point, self._point = self._point, None
        if point is not None:
            point.close()
        self._lock.release()

    def _translated(self, error: BaseException) -> BaseException:
        """Convert ``error`` to an error of tracuu."""
        if not isinstance(error, Refused):
            return error
        place = self._client.settings.place
        if error.status == 404:
            return IndexOutdated(
                place,
                "the index was rebuilt or removed meanwhile; nothing was changed, run it again",
            )
        return WriteFailed(
            place,
            "the cluster refused it ({kind}: {reason}); nothing was changed",
            kind=error.kind,
            reason=error.reason,
        )


# --- shared with the engine ---


def refuse_locked(registry: Registry, state: CommitState, origin: str, client: Client) -> None:
    """Raise IndexBusy while another live process rebuilds or creates the index."""
    lock = state.lock
    if lock is None or registry.is_dead("lock", lock):
        return
    making = bool(lock.get("folder"))
    if making and is_held_here(lock, origin):
        return
    writer = describe_writer(lock)
    raise IndexBusy(
        client.settings.place,
        Message("{writer} is creating it; try again later", writer=writer)
        if making
        else Message(
            "{writer} is rebuilding it; try again later, or wait for it with --wait SECONDS",
            writer=writer,
        ),
        pid=int(lock["pid"]),
        host=str(lock["host"]),
        since=str(lock["since"]),
    )


def refresh(client: Client, index: str) -> None:
    """Refresh the index: make the sent documents searchable.

    Raises WriteFailed (a shard cannot be refreshed).
    """
    answer = client.call("POST", f"/{index}/_refresh")
    if answer["_shards"]["failed"]:
        raise WriteFailed(
            client.settings.place, "a shard could not be refreshed; nothing was changed, try again"
        )


def give_up(registry: Registry, names: list[str]) -> None:
    """Record that these batches are dead."""

    def bury(state: CommitState) -> None:
        for name in names:
            if state.writers.pop(name, None) is not None:
                state.dead = sorted({*state.dead, int(name)})

    registry.change(bury, done=lambda state: not set(names) & set(state.writers))


def clear_away(client: Client, registry: Registry) -> None:
    """Remove documents of dead writers and those deleted by committed batches."""
    state = registry.read().state
    dead = registry.the_dead(state)
    if dead:
        give_up(registry, dead)
        state = registry.read().state
    if not state.tombstones and not state.dead:
        return
    gone: list[Body] = [clause for tombstone in state.tombstones for clause in hidden_by(tombstone)]
    gone += [{"terms": {BATCH: state.dead}}] if state.dead else []
    done = list(state.tombstones)
    if _remove(client, registry, gone) or done:

        def cleared(now: CommitState) -> None:
            now.tombstones = [tombstone for tombstone in now.tombstones if tombstone not in done]
            if done:
                now.purged = max(now.purged, state.commit)

        if done:
            registry.change(cleared)


def _remove(client: Client, registry: Registry, clauses: list[Body]) -> int:
    """Remove the documents that match any of the clauses; return their number."""
    point = Point.raw(client, registry)
    try:
        query: Body = {"bool": {"should": clauses, "minimum_should_match": 1}}
        bulk = Bulk(client, registry.address)
        count = 0
        for hits in point.walk(query, _KEYS, source=False):
            for hit in hits:
                bulk.remove(hit["_id"])
            count += len(hits)
        bulk.finish()
        if count:
            refresh(client, registry.address)
        return count
    finally:
        point.close()


def _beat(registry: Registry, name: str, end: threading.Event) -> None:
    while True:
        # after ten minutes others consider the writer dead
        with suppress(StorageError, Refused):
            registry.beat(name)
        if end.wait(BEAT):
            return
