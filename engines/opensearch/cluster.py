"""Whole indexes on a cluster: creation, alias, rebuild lock, integrity check."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ...errors import EngineUnreachable, IndexBusy, Message, NotAnIndex, StorageError, WriteFailed
from ..document import Schema
from ..engine import IntegrityProblem
from .client import Body, Client, Refused
from .commits import BEAT, CommitState, Registry, describe_writer
from .point_in_time import Point
from .schema import BATCH, index_body
from .writer import refuse_locked

NOT_OURS = Message(
    "the cluster has an index or alias of this name that tracuu did not create, and it is not "
    "touched; choose another name (--name)"
)
_MANIFEST = "tracuu.json"  # in the folder of an index, written when it is complete
_ATTEMPTS = 20
_MAKING = 10.0  # seconds to wait for another process to create the index (empty: less)
_PAUSE = 0.1


def current(client: Client) -> str | None:
    """The index that the alias points to, or None.

    Raises NotAnIndex (not created by tracuu).
    """
    name = client.settings.name
    try:
        found = client.call("GET", f"/{name}/_mapping")
    except Refused as error:
        if error.status == 404:
            return None
        raise
    if len(found) != 1 or name in found or _meta(found, next(iter(found)), name) is None:
        raise NotAnIndex(client.settings.place, NOT_OURS)
    return str(next(iter(found)))


def meta(client: Client, index: str) -> Body | None:
    """Metadata of an index; None if tracuu did not create it under this name."""
    return _meta(client.call("GET", f"/{index}/_mapping"), index, client.settings.name)


def _meta(found: Body, index: str, name: str) -> Body | None:
    noted = found.get(index, {}).get("mappings", {}).get("_meta", {}).get("tracuu")
    return noted if isinstance(noted, dict) and noted.get("name") == name else None


def numbered(client: Client) -> dict[str, bool]:
    """All indexes of this name created by tracuu → whether the alias points to it."""
    name = client.settings.name
    pattern = re.compile(re.escape(name) + r"-\d{6,}")
    found = client.call("GET", f"/{name}-*", params={"expand_wildcards": "all"})
    return {
        index: name in entry.get("aliases", {})
        for index, entry in found.items()
        if pattern.fullmatch(index) and _meta(found, index, name) is not None
    }


def make(client: Client, schema: Schema, noted: Body, maker: Body) -> bool:
    """Create the first index of this name, locked by ``maker``; False if it exists.

    An index begun by a killed process is deleted first.
    """
    for _ in range(_ATTEMPTS):
        there = current(client)
        if there is not None and not _is_abandoned(client, there, maker):
            return False
        index = _next(client)  # before deleting anything, so that no number is used twice
        if there is not None:
            drop(client, there)
        clear_orphans(client)
        try:
            _create(client, index, schema, noted, maker)
        except Refused as error:
            if (
                error.kind != "resource_already_exists_exception"
                and "already exists" not in error.reason
            ):
                raise
            if current(client) is not None:
                return False
            continue
        if len([one for one, is_named in numbered(client).items() if is_named]) == 1:
            return True
        with suppress(Refused):  # two created at the same time: the one with the lower number stays
            if index != min(one for one, is_named in numbered(client).items() if is_named):
                drop(client, index)
                return False
        return True
    raise WriteFailed(
        client.settings.place,
        "other processes are creating indexes of this name at the same time; try again",
    )


def _is_abandoned(client: Client, index: str, maker: Body) -> bool:
    """Whether an index was begun by a killed process and no folder uses it.

    Its lock is held until the folder's manifest is written, so no other process has written to it.
    A process in another folder may have been killed just after that: its index must be empty, or
    its folder be on this machine and have no manifest.
    """
    registry = Registry(client, index)
    try:
        state = registry.read().state
        who = state.lock if state.lock is not None and state.lock.get("folder") else None
    except Refused as error:
        if error.status != 404:
            raise
        state, who = CommitState(), (meta(client, index) or {}).get("maker")
    if who is None or not registry.is_dead("lock", who):
        return False
    here = who.get("host") == maker["host"]
    folder = str(who["folder"])
    unused = os.path.isdir(folder) and not os.path.lexists(os.path.join(folder, _MANIFEST))
    return not state.commit or (here and (folder == maker["folder"] or unused))


def killed_maker(registry: Registry) -> Body | None:
    """The process that was killed while it held the lock of a new index, or None."""
    who = registry.read().state.lock
    if who is None or not who.get("folder") or not registry.is_dead("lock", who):
        return None
    return who


def make_next(client: Client, schema: Schema, noted: Body, *, locked: bool) -> str:
    """Create the next index, without the alias; return its name.

    With the rebuild lock held, leftovers of a killed rebuild are deleted.
    """
    for _ in range(_ATTEMPTS):
        index = _next(client)
        for orphan, is_named in numbered(client).items() if locked else ():
            if not is_named:
                drop(client, orphan)
        try:
            _create(client, index, schema, noted)
        except Refused as error:
            if error.kind != "resource_already_exists_exception":
                raise
            continue
        return index
    raise WriteFailed(
        client.settings.place,
        "other processes are creating indexes of this name at the same time; try again",
    )


def _next(client: Client) -> str:
    last = max((int(index.rpartition("-")[2]) for index in numbered(client)), default=0)
    return f"{client.settings.name}-{last + 1:06d}"


def _create(
    client: Client, index: str, schema: Schema, noted: Body, maker: Body | None = None
) -> None:
    """Create an index; with a ``maker``, locked by it and with the alias."""
    noted = noted if maker is None else {**noted, "maker": maker}
    body = index_body(schema, client.settings.shards, client.settings.replicas, noted)
    body["aliases"] = {f"{index}.w": {}, **({client.settings.name: {}} if maker else {})}
    try:
        client.call("PUT", f"/{index}", body)
    except Refused:  # a retried request whose first answer was lost
        if maker is None or (meta(client, index) or {}).get("maker") != maker:
            raise
    Registry(client, index).create(CommitState(lock=maker))


def switch(client: Client, old: str | None, new: str) -> None:
    """Point the alias to the new index instead of the old one, atomically."""
    name = client.settings.name
    actions: list[Body] = (
        [{"remove": {"index": old, "alias": name, "must_exist": True}}] if old else []
    )
    client.call(
        "POST", "/_aliases", {"actions": [*actions, {"add": {"index": new, "alias": name}}]}
    )


def drop(client: Client, index: str) -> None:
    """Delete an index."""
    try:
        client.call("DELETE", f"/{index}")
    except Refused as error:
        if error.status != 404:
            raise


# --- the lock of a rebuild, or of the process that creates the index ---


def lock(client: Client, registry: Registry, who: Body) -> threading.Event:
    """Take the rebuild lock, which excludes all writers.

    Set the returned event to end its heartbeat.

    Raises IndexBusy.
    """

    def take(state: CommitState) -> None:
        refuse_locked(registry, state, who["origin"], client)
        for name, other in state.writers.items():
            if not registry.is_dead(name, other):
                raise IndexBusy(
                    client.settings.place,
                    Message(
                        "{writer} is writing to it; rebuild it when that has finished",
                        writer=describe_writer(other),
                    ),
                    pid=int(other["pid"]),
                    host=str(other["host"]),
                    since=str(other["since"]),
                )
        state.lock = who

    registry.change(take, done=lambda state: state.lock == who)
    return beat_lock(registry)


def beat_lock(registry: Registry) -> threading.Event:
    """Start the heartbeat of a lock; set the returned event to end it."""
    end = threading.Event()

    def beat() -> None:
        while True:
            with suppress(StorageError, Refused):
                registry.beat("lock")
            if end.wait(BEAT):
                return

    threading.Thread(target=beat, name="tracuu-heartbeat", daemon=True).start()
    return end


def check_lock(client: Client, registry: Registry, who: Body) -> None:
    """Raise WriteFailed if another process has taken over the rebuild lock."""
    found = registry.read().state.lock
    if found is None or (found["origin"], found["pid"]) != (who["origin"], who["pid"]):
        raise WriteFailed(
            client.settings.place,
            "this rebuild was considered dead, because its heartbeat did not reach the cluster "
            "for ten minutes; the index is unchanged, run it again",
        )


def unlock(registry: Registry, who: Body) -> None:
    """Release the rebuild lock."""

    def release(state: CommitState) -> None:
        if state.lock is not None and (state.lock["origin"], state.lock["pid"]) == (
            who["origin"],
            who["pid"],
        ):
            state.lock = None

    registry.change(release)
    registry.unbeat("lock")


def clear_lock(client: Client, registry: Registry) -> None:
    """Remove the lock of a killed process, and the index it was creating."""
    found = registry.read().state.lock
    if found is None or not registry.is_dead("lock", found):
        return

    def release(state: CommitState) -> None:
        if state.lock == found:
            state.lock = None

    registry.change(release)
    registry.unbeat("lock")
    clear_orphans(client)


def wait_until_made(client: Client, registry: Registry, origin: str) -> None:
    """Wait for a process that is creating the index.

    Raises IndexBusy if that takes longer than for an empty index: it is then a copy.
    """
    deadline = time.monotonic() + _MAKING
    while True:
        state = registry.read().state
        if state.lock is None or not state.lock.get("folder"):
            return
        try:
            refuse_locked(registry, state, origin, client)
        except IndexBusy:
            if time.monotonic() + _PAUSE > deadline:
                raise
        else:
            clear_lock(client, registry)
            return
        time.sleep(_PAUSE)


# --- integrity check ---


def orphans(client: Client) -> list[str]:
    """Indexes left by an interrupted or finished rebuild."""
    found = numbered(client)
    named = [index for index, is_named in found.items() if is_named]
    for index in named:
        registry = Registry(client, index)
        state = registry.read().state
        if state.lock is not None and not registry.is_dead("lock", state.lock):
            return []  # the new one is being created
    return [index for index, is_named in found.items() if not is_named]


def clear_orphans(client: Client) -> None:
    """Delete the indexes of :func:`orphans`."""
    with suppress(Refused):
        for index in orphans(client):
            drop(client, index)


def integrity_check(client: Client) -> Iterator[IntegrityProblem]:
    """Problems of the index, and harmless leftovers."""
    try:
        index = current(client)
        if index is None:
            yield IntegrityProblem(
                Message("the cluster has no index {name}; rebuild it", name=client.settings.name)
            )
            return
        yield from _shards(client, index)
        registry = Registry(client, index)
        state = registry.read().state
        yield from _leftovers(client, registry, state)
        for orphan in orphans(client):
            yield IntegrityProblem(
                Message("the index {orphan} was left by an interrupted rebuild", orphan=orphan),
                leftover=True,
            )
    except EngineUnreachable:
        raise
    except (Refused, StorageError) as error:
        yield IntegrityProblem(getattr(error, "reason", str(error)))


def _shards(client: Client, index: str) -> Iterator[IntegrityProblem]:
    health: dict[str, Any] = client.call(
        "GET", f"/_cluster/health/{index}", params={"level": "indices"}
    )
    if health["status"] == "red":
        yield IntegrityProblem(
            Message(
                "a shard of {index} is on no running node: start the nodes that hold it, or "
                "restore or rebuild the index",
                index=index,
            )
        )


def _leftovers(
    client: Client, registry: Registry, state: CommitState
) -> Iterator[IntegrityProblem]:
    for name in registry.the_dead(state):
        yield IntegrityProblem(
            Message(
                "{writer} was killed while it wrote",
                writer=describe_writer(state.writers[name]),
            ),
            leftover=True,
        )
    if state.lock is not None and registry.is_dead("lock", state.lock):
        yield IntegrityProblem(
            Message(
                "{writer} was killed while it created or rebuilt the index",
                writer=describe_writer(state.lock),
            ),
            leftover=True,
        )
    if state.dead:
        point = Point.raw(client, registry)
        try:
            count = point.counts([{"terms": {BATCH: state.dead}}])[0]
        finally:
            point.close()
        if count:
            yield IntegrityProblem(
                Message("{count} documents were left by writers that were killed", count=count),
                leftover=True,
            )
    if state.tombstones:
        yield IntegrityProblem(
            Message("documents that were deleted have not been removed yet"), leftover=True
        )
