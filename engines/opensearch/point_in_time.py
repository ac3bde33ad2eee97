"""One committed state of an index on a cluster, as a point in time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from ...errors import EngineUnreachable, SnapshotGone, StorageError
from .client import Body, Client, Refused, described
from .commits import Read, Registry

# Time the cluster keeps an unused state; each search extends it.
KEEP = "10m"
# Maximum documents that one request may skip and return: the cluster's default limit.
WINDOW = 10_000
_RENEWALS = 3
_GONE = (
    "search_context_missing", "index_not_found", "no_such_index", "node_not_connected",
    "node_disconnected", "no node found for id",
)  # fmt: skip


class Point:
    """One state. Thread-safe; closed once, by its last user."""

    def __init__(self, client: Client, read: Read, pit: str) -> None:
        self._client = client
        self.read = read
        self._pit = pit
        self._lock = threading.Lock()
        self._filters = [] if read.state.is_plain() else read.state.visible()
        self._closed = False

    @classmethod
    def open(cls, client: Client, registry: Registry) -> Point:
        """Open the last committed state. Raises Refused (404: no such index)."""
        for _ in range(50):
            read = registry.read()
            pit = _open_pit(client, read.index)
            if registry.read().version == read.version:
                return cls(client, read, pit)
            _close_pit(client, pit)
        # Commits never pause: hide documents of later batches; those deleted since are lost.
        raise StorageError(
            client.settings.place, "the index changes too often to be read; try again"
        )

    @classmethod
    def raw(cls, client: Client, registry: Registry) -> Point:
        """Open a state of all searchable documents, committed or not."""
        read = registry.read()
        point = cls(client, read, _open_pit(client, read.index))
        point._filters = []
        return point

    def close(self) -> None:
        """Close the point in time on the cluster."""
        with self._lock:
            closed, self._closed = self._closed, True
        if not closed:
            _close_pit(self._client, self._pit)

    # --- requests ---

    def visible(self, query: Body) -> Body:
        """``query``, restricted to documents committed in this state."""
        return {"bool": {"must": [query], "filter": self._filters}} if self._filters else query

    def search(self, body: Body, **params: Any) -> Body:
        """One search; ``body["query"]`` is restricted to committed documents."""
        options = {"allow_partial_search_results": "false", **params}

        def send(pit: str, patience: float | None) -> Any:
            full = {
                **body,
                "query": self.visible(body["query"]),
                "pit": {"id": pit, "keep_alive": KEEP},
            }
            return self._client.call("POST", "/_search", full, options, patience=patience)

        found: Body = self._held(send)
        return found

    def counts(self, queries: Sequence[Body]) -> list[int]:
        """Number of documents that match each query."""

        def send(pit: str, patience: float | None) -> list[int]:
            lines: list[Body] = []
            for query in queries:
                committed = (
                    {"bool": {"filter": [query, *self._filters]}} if self._filters else query
                )
                lines += [
                    {},
                    {"query": committed, "size": 0, "track_total_hits": True, "pit": {"id": pit}},
                ]
            answers = self._client.call("POST", "/_msearch", _lines(lines), patience=patience)[
                "responses"
            ]
            for answer in answers:
                if "error" in answer or answer["_shards"]["failed"]:
                    kind, reason = described(answer) or (
                        "search",
                        "a part of the index did not answer",
                    )
                    raise Refused(int(answer.get("status", 503)), kind, reason, answer)
            return [int(answer["hits"]["total"]["value"]) for answer in answers]

        found: list[int] = self._held(send) if queries else []
        return found

    def walk(self, query: Body, size: int, *, source: bool = True) -> Iterator[list[Body]]:
        """All documents that match, in pages of ``size``, unordered."""
        after: list[Any] | None = None
        while True:
            body: Body = {
                "query": query,
                "size": size,
                "sort": [{"_shard_doc": "asc"}],
                "track_total_hits": False,
            }
            body["_source"] = source
            if after is not None:
                body["search_after"] = after
            hits = self.search(body)["hits"]["hits"]
            if hits:
                yield hits
            if len(hits) < size:
                return
            after = hits[-1]["sort"]

    # --- the point in time ---

    def _held(self, send: Any) -> Any:
        """Send with the point in time, or with a new one if the cluster lost it."""
        for attempt in range(_RENEWALS + 1):
            pit = self._pit
            try:
                return send(pit, 0.0 if attempt == 0 else None)
            except Refused as error:
                if not _is_gone(error):
                    raise self._refused(error) from None
                last: Exception = error
            except EngineUnreachable as error:
                last = error
            if attempt < _RENEWALS:
                self._renew(pit)
        raise self._refused(last) from None

    def _renew(self, lost: str) -> None:
        """Open another point in time of the same state, unless documents were removed."""
        with self._lock:
            if self._pit != lost or self._closed:
                return
            registry = Registry(self._client, self.read.index)
            try:
                pit = _open_pit(self._client, self.read.index)
                now = registry.read().state
            except Refused as error:
                if error.status == 404:
                    raise self._gone() from None
                raise self._refused(error) from None
            if now.purged > self.read.state.commit:
                _close_pit(self._client, pit)
                raise self._gone()
            self._pit = pit
            self._filters = self.read.state.visible()  # there may be later batches now
        _close_pit(self._client, lost)

    def _gone(self) -> SnapshotGone:
        return SnapshotGone(
            self._client.settings.place,
            "the state that this search started with is no longer on the cluster: the index was "
            "changed or rebuilt meanwhile; search again",
        )

    def _refused(self, error: Exception) -> Exception:
        if isinstance(error, Refused):
            return EngineUnreachable(
                self._client.settings.place,
                "the cluster refused a search ({kind}: {reason})",
                kind=error.kind,
                reason=error.reason,
            )
        return error


def _is_gone(error: Refused) -> bool:
    text = f"{error.kind} {error.body}"
    return any(kind in text for kind in _GONE)


def _open_pit(client: Client, index: str) -> str:
    answer = client.call("POST", f"/{index}/_search/point_in_time", params={"keep_alive": KEEP})
    return str(answer["pit_id"])


def _close_pit(client: Client, pit: str) -> None:
    with suppress(Refused, EngineUnreachable):  # it expires anyway
        client.call("DELETE", "/_search/point_in_time", {"pit_id": [pit]}, patience=0)


def _lines(bodies: Iterable[Body]) -> bytes:
    import json

    return b"".join(json.dumps(body).encode("utf-8") + b"\n" for body in bodies)
