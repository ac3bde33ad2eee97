"""A snapshot of the contract over one state of an index on a cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..base import Shared, SnapshotBase
from ..document import Schema
from ..engine import FieldStats, Response, TermExplanation
from ..query import Node, Request
from ..scoring.snapshot import check_nodes, check_request, text_field
from .reader import PointInTimeReader


class SharedPointInTime(Shared):
    """One state and its caches, closed when its last user leaves."""

    def __init__(self, reading: PointInTimeReader, schema: Schema, place: str) -> None:
        super().__init__(reading.close)
        self.reading = reading
        self.schema = schema
        self.place = place


class OpenSearchSnapshot(SnapshotBase[SharedPointInTime]):
    """A snapshot of the contract.

    Several may share one :class:`SharedPointInTime`.
    """

    def __init__(self, state: SharedPointInTime) -> None:
        super().__init__(state, state.place)

    def search(self, request: Request) -> Response:
        """Rank, count and fetch documents. Raises KeyError (unknown field)."""
        state = self._state
        check_request(request, state.schema)
        return state.reading.search(request)

    def explain(self, query: Node, key: str) -> tuple[TermExplanation, ...]:
        """Score of each matching leaf of ``query`` in the document ``key``, in order."""
        state = self._state
        check_nodes(query, state.schema)
        return state.reading.explain(query, key)

    def get(self, key: str) -> str | None:
        """The stored text of the document ``key``, or None."""
        found = self._state.reading.find(key)
        return None if found is None else found.stored

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of a text field over live documents."""
        state = self._state
        text_field(name, state.schema)
        return state.reading.field_stats(name)

    def doc_freqs(self, name: str, tokens: Sequence[str]) -> list[int]:
        """Document frequency of each token in the text field ``name``."""
        state = self._state
        text_field(name, state.schema)
        return state.reading.doc_freqs(name, tokens)

    def vocabulary(self, name: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Tokens of a text field starting with ``prefix``, with document frequencies."""
        state = self._state
        text_field(name, state.schema)
        return iter(state.reading.vocabulary(name, prefix))
