"""What the index remembers of each report besides its passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any
from weakref import WeakKeyDictionary

from ..corpus.model import Report
from ..engines.contract import Document, Exact, Order, Request, Snapshot
from ..fields import KIND, REPORT, REPORT_KIND, read_report, report_document
from ..values import dataclass

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Record:
    """A report, and where it came from: ``digest`` is the SHA-256 of its file's bytes (None: added by an
    application), ``part`` its place among the documents bound into that file, from 1; ``origin`` is the folder
    that added it, where several machines write to one index."""

    report: Report
    digest: str | None = None
    part: int = 1
    format: str | None = None
    notes: tuple[str, ...] = ()
    origin: str = ""

    def document(self) -> Document:
        """The engine's document for this record."""
        extra = asdict(self)
        del extra["report"]
        return report_document(self.report, extra)

    @classmethod
    def from_stored(cls, stored: str) -> Record:
        """The record that :meth:`document` stored."""
        report, extra = read_report(stored)
        fields: dict[str, Any] = {**extra, "notes": tuple(extra.get("notes", ()))}
        return cls(report, **fields)


_READ: WeakKeyDictionary[object, tuple[Record, ...]] = WeakKeyDictionary()
"""The records of each committed state that is in use, by the object that stands for it."""


def read_records(snapshot: Snapshot) -> tuple[Record, ...]:
    """All reports of the index, by id. They are read once from a committed state."""
    state = snapshot.state
    known = _READ.get(state)
    if known is None:
        known = _READ[state] = tuple(_read(snapshot))
    return known


def remember_records(state: object, records: Iterable[Record]) -> None:
    """What :func:`read_records` gives for a committed state, known to who has written it."""
    _READ[state] = tuple(sorted(records, key=lambda record: record.report.id))


def _read(snapshot: Snapshot) -> Iterator[Record]:
    offset = 0
    query = Exact(KIND, (REPORT_KIND,))
    while True:
        response = snapshot.search(Request(query, limit=_PAGE, offset=offset, order=(Order(REPORT),)))
        for hit in response.hits:
            yield Record.from_stored(hit.stored)
        offset += _PAGE
        if offset >= response.total:
            return
