"""The contract's snapshot over one state of an index on a cluster."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from types import TracebackType

from ...errors import IndexClosed
from ..document import Schema
from ..engine import Response, TermExplanation
from ..query import Node, Request
from ..scoring.snapshot import check_nodes, check_request, text_field
from .reader import PointInTimeReader


class SharedPointInTime:
    """One state and what was looked up in it, let go of when its last user has gone."""

    def __init__(self, reading: PointInTimeReader, schema: Schema, place: str) -> None:
        self.reading = reading
        self.schema = schema
        self.place = place
        self._users = 0
        self._lock = threading.Lock()

    def take(self) -> None:
        """Count one more user."""
        with self._lock:
            self._users += 1

    def leave(self) -> None:
        """Count one user less; the last one closes the state."""
        with self._lock:
            self._users -= 1
            last = self._users == 0
        if last:
            self.reading.close()


class OpenSearchSnapshot:
    """A snapshot as the contract describes it; many share one :class:`SharedPointInTime`."""

    def __init__(self, shared: SharedPointInTime) -> None:
        shared.take()
        self._held: SharedPointInTime | None = shared
        self._place = shared.place
        self._lock = threading.Lock()

    @property
    def _shared(self) -> SharedPointInTime:
        held = self._held
        if held is None:
            raise IndexClosed(
                self._place, "this snapshot was used after it had been closed; take another"
            )
        return held

    @property
    def state(self) -> object:
        """The same object in all snapshots of one committed state."""
        return self._shared

    def search(self, request: Request) -> Response:
        """Rank, count and bring back. An unknown field is a programming error (KeyError)."""
        shared = self._shared
        check_request(request, shared.schema)
        return shared.reading.search(request)

    def explain(self, query: Node, key: str) -> tuple[TermExplanation, ...]:
        """What each leaf of ``query`` gave the document ``key``, in the query's order."""
        shared = self._shared
        check_nodes(query, shared.schema)
        return shared.reading.explain(query, key)

    def get(self, key: str) -> str | None:
        """What was stored with the document ``key``, or None."""
        found = self._shared.reading.find(key)
        return None if found is None else found.stored

    def size(self, name: str) -> tuple[int, int]:
        """Documents with a token in the text field ``name``, and the tokens in all of them."""
        shared = self._shared
        text_field(name, shared.schema)
        return shared.reading.size(name)

    def frequencies(self, name: str, tokens: Sequence[str]) -> list[int]:
        """For each token the number of documents that hold it in the text field ``name``."""
        shared = self._shared
        text_field(name, shared.schema)
        return shared.reading.frequencies(name, tokens)

    def vocabulary(self, name: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Tokens of a text field that begin with ``prefix``, with their document frequencies."""
        shared = self._shared
        text_field(name, shared.schema)
        return iter(shared.reading.vocabulary(name, prefix))

    def close(self) -> None:
        """Let go of the state; a second time does nothing."""
        with self._lock:
            held, self._held = self._held, None
        if held is not None:
            held.leave()

    def __enter__(self) -> OpenSearchSnapshot:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
