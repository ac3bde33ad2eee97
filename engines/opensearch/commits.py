"""Commits to an index on a cluster, which many machines may write to at once.

OpenSearch commits single documents, not changes of many documents. So a change is a **batch** with
a number, every document stores the number of its batch, and one small document of the index, the
**registry**, lists the committed numbers. It is replaced only in the version it was read in
(``if_seq_no``, optimistic concurrency control), so that its states are totally ordered::

    next         the number that the next batch gets
    commit       number of committed batches
    writers      number → the process that writes it, since when, and the commits when it began
    dead         numbers of writers that were killed or failed: their documents are ignored
    tombstones   deletions of committed batches, until they are carried out: values of a keyword
                 field, in batches with numbers below ``until`` except those in ``spare``, which
                 were not committed then
    purged       the last commit whose deletions have been carried out
    log          of each commit since the oldest writer began, which groups it changed
    layers       the number of layers of positions of each text field
    lock         the process that rebuilds the index, or creates it (then with the ``folder`` it is
                 created for); no other process may write meanwhile

**A reader** reads the registry, opens a point in time, reads the registry again, and takes the two
together if it has not changed. It sees documents of batches below ``next`` that are neither being
written nor dead, except those hidden by a tombstone. **A writer** takes a number, sends its
documents, refreshes the index to make them searchable, and then commits by one change of the
registry: its number is removed from ``writers``, and its deletions become tombstones. Before that
none of its changes is visible, afterwards all are. Then it deletes the hidden documents, and the
tombstones; if it is killed, the next writer does. Documents of a writer that was killed before its
commit are invisible to readers. The next writer, or ``tracuu check``, recognises dead writers by
their process (on the same host) and by a heartbeat that has stopped for ten minutes, adds them to
``dead``, and deletes their documents. A live writer that was considered dead fails when it commits.

**Two machines, one report.** Where the schema names a group (reports), the commit of a batch with a
whole group deletes the documents of that group that others have committed since it began, so the
last commit replaces earlier ones completely. A batch with a part of such a group fails (IndexBusy)
and may be retried.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field

from ...errors import EngineUnreachable, IndexDamaged, Message, WriteFailed
from .client import Body, Client, Refused
from .names import written
from .schema import BATCH, KEY, REGISTRY, keyword

ID = "registry"
STALE = 600.0  # seconds without a heartbeat after which a writer is considered dead
BEAT = 30.0
# Each index is written through its own alias, so that writing never recreates a deleted index.
ALIAS = {"require_alias": "true"}
_ATTEMPTS = 200
_TERMS = 10_000  # values in one filter; the cluster takes 65,536


@dataclass(slots=True)
class CommitState:
    """The contents of the registry."""

    next: int = 1
    commit: int = 0
    purged: int = 0
    writers: dict[str, Body] = field(default_factory=dict)
    dead: list[int] = field(default_factory=list)
    tombstones: list[Body] = field(default_factory=list)
    log: list[Body] = field(default_factory=list)
    layers: dict[str, int] = field(default_factory=dict)
    lock: Body | None = None

    def hidden(self) -> list[int]:
        """Numbers of uncommitted batches."""
        return sorted({*map(int, self.writers), *self.dead})

    def visible(self) -> list[Body]:
        """Filters for committed documents."""
        hides: list[Body] = [{"terms": {BATCH: self.hidden()}}] if self.hidden() else []
        hides += [clause for tombstone in self.tombstones for clause in hidden_by(tombstone)]
        return [
            {"range": {BATCH: {"lt": self.next}}},
            *([{"bool": {"must_not": hides}}] if hides else []),
        ]

    def is_plain(self) -> bool:
        """Whether all documents are committed, so that no filter is needed."""
        return not self.writers and not self.dead and not self.tombstones


@dataclass(frozen=True, slots=True)
class Read:
    """A state of the registry with its version."""

    state: CommitState
    index: str
    version: tuple[int, int]


class Registry:
    """The registry of the index ``address`` (an alias or an index)."""

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self.address = address

    def create(self, state: CommitState) -> None:
        """Write the first registry of a new index."""
        body = {REGISTRY: {"state": asdict(state)}}
        try:
            self._client.call("PUT", f"/{self.address}.w/_create/{ID}", body, ALIAS)
        except Refused as error:
            if error.status != 409:
                raise

    def read(self) -> Read:
        """Read the registry. Raises Refused (404: no such index), IndexDamaged."""
        found = self._client.call("GET", f"/{self.address}/_doc/{ID}", params={"realtime": "true"})
        try:
            state = CommitState(**found["_source"][REGISTRY]["state"])
            return Read(
                state, str(found["_index"]), (int(found["_seq_no"]), int(found["_primary_term"]))
            )
        except (KeyError, TypeError, ValueError) as error:
            raise damaged(self._client) from error

    def change(
        self,
        how: Callable[[CommitState], None],
        *,
        done: Callable[[CommitState], bool] | None = None,
    ) -> Read:
        """Change the registry by ``how``.

        ``how`` modifies the state in place or raises; it is called again after a version conflict.

        ``done`` tests whether the change has already been made: the answer to an earlier attempt
        may have been lost.
        """
        pause = 0.01
        for attempt in range(_ATTEMPTS):
            read = self.read()
            if attempt and done is not None and done(read.state):
                return read
            how(read.state)
            params = {**ALIAS, "if_seq_no": read.version[0], "if_primary_term": read.version[1]}
            try:
                body = {REGISTRY: {"state": asdict(read.state)}}
                answer = self._client.call("PUT", f"/{read.index}.w/_doc/{ID}", body, params)
            except Refused as error:
                if error.status != 409:
                    raise
                time.sleep(pause)
                pause = min(2 * pause, 0.5)
                continue
            return Read(
                read.state, read.index, (int(answer["_seq_no"]), int(answer["_primary_term"]))
            )
        raise WriteFailed(
            self._client.settings.place,
            "too many machines write at the same time; nothing was changed, try again",
        )

    # --- heartbeats ---

    def beat(self, name: str) -> None:
        """Record that the writer ``name`` is alive."""
        body = {REGISTRY: {"beat": time.time()}}
        self._client.call("PUT", f"/{self.address}.w/_doc/beat-{name}", body, ALIAS, patience=10)

    def unbeat(self, name: str) -> None:
        """Record that the writer has ended."""
        with suppress(Refused, EngineUnreachable):  # a failure is harmless
            self._client.call("DELETE", f"/{self.address}.w/_doc/beat-{name}", patience=5)

    def is_dead(self, name: str, who: Body) -> bool:
        """Whether a writer will never commit.

        The heartbeat is checked for processes of this machine too, since process ids are reused.
        """
        if who.get("host") == host() and not _runs(int(who.get("pid", 0))):
            return True
        try:
            found = self._client.call("GET", f"/{self.address}/_doc/beat-{name}")
            last = float(found["_source"][REGISTRY]["beat"])
        except Refused as error:
            if error.status != 404:
                raise
            last = float(who.get("time", 0.0))  # no heartbeat yet
        except (KeyError, TypeError, ValueError):
            last = 0.0
        return time.time() - last > STALE

    def the_dead(self, state: CommitState) -> list[str]:
        """The dead writers."""
        return [name for name, who in state.writers.items() if self.is_dead(name, who)]


def me(origin: str) -> Body:
    """Describe this process as a writer, for the registry."""
    since = time.strftime("%Y-%m-%d %H:%M:%S")
    return {
        "origin": origin,
        "host": host(),
        "pid": os.getpid(),
        "since": since,
        "time": time.time(),
    }


def is_held_here(lock: Body, origin: str) -> bool:
    """Whether a lock is held by this process for this folder."""
    holder = (lock.get("origin"), lock.get("host"), lock.get("pid"))
    return holder == (origin, host(), os.getpid())


def host() -> str:
    """The name of this machine."""
    return socket.gethostname()


def describe_writer(who: Body) -> str:
    """Describe a writer in words."""
    return Message(
        "process {pid} on {host} (since {since})",
        pid=who.get("pid"),
        host=who.get("host"),
        since=who.get("since"),
    )


def hidden_by(tombstone: Body) -> Iterable[Body]:
    """Filters for the documents that a tombstone hides."""
    values = list(map(written, tombstone["values"]))
    spare = [{"terms": {BATCH: tombstone["spare"]}}] if tombstone["spare"] else []
    name = keyword(tombstone["field"]) if tombstone["field"] else KEY
    for at in range(0, len(values), _TERMS):
        among = [
            {"terms": {name: values[at : at + _TERMS]}},
            {"range": {BATCH: {"lt": tombstone["until"]}}},
        ]
        yield {"bool": {"filter": among, "must_not": spare}}


def damaged(client: Client) -> IndexDamaged:
    """The error for a missing or invalid registry."""
    return IndexDamaged(
        client.settings.place,
        "the registry of the index is missing or torn; rebuild the index with: tracuu rebuild",
    )


def _runs(pid: int) -> bool:
    """Whether the process exists on this machine."""
    if pid <= 0 or os.name == "nt":
        return pid > 0
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True
