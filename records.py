"""Reports and passages as stored in an index, read by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from weakref import WeakKeyDictionary

from .corpus.model import Passage, Report
from .engines.document import Document
from .engines.engine import Snapshot
from .engines.query import And, Request, SortKey, TermIn
from .errors import UnknownPassage, UnknownReport
from .schema import (
    KIND,
    PASSAGE_KIND,
    POSITION,
    REPORT,
    REPORT_KIND,
    read_passage,
    read_report,
    report_document,
    report_key,
    stored_of,
)

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Record:
    """A report and its origin.

    ``digest`` is the SHA-256 of its file (None: added by an application), ``part`` its number, from
    1, among the documents in that file (bound into one file, or members of a container); ``origin``
    is the folder that added it, if several machines write to one index.
    """

    report: Report
    digest: str | None = None
    part: int = 1
    format: str | None = None
    notes: tuple[str, ...] = ()
    origin: str = ""

    def document(self) -> Document:
        """The document of this record for the engine."""
        extra = asdict(self)
        del extra["report"]
        return report_document(self.report, extra)

    @classmethod
    def from_stored(cls, stored: str) -> Record:
        """The record that :meth:`document` stored."""
        report, extra = read_report(stored)
        fields: dict[str, Any] = {**extra, "notes": tuple(extra.get("notes", ()))}
        return cls(report, **fields)


def first_ids(records: Iterable[Record]) -> dict[str, str]:
    """Path → id of the first report of the file.

    Members of containers count as files.
    """
    found: dict[str, str] = {}
    for record in sorted(records, key=lambda one: one.part):
        found.setdefault(record.report.path or "", record.report.id)
    return found


# Records by committed state (the object that identifies it), while it is in use.
_READ: WeakKeyDictionary[object, tuple[Record, ...]] = WeakKeyDictionary()


def read_records(snapshot: Snapshot) -> tuple[Record, ...]:
    """All reports of the index, sorted by id; cached per committed state."""
    state = snapshot.state
    known = _READ.get(state)
    if known is None:
        known = _READ[state] = tuple(_read(snapshot))
    return known


def remember_records(state: object, records: Iterable[Record]) -> None:
    """Cache the results of :func:`read_records` for a committed state."""
    _READ[state] = tuple(sorted(records, key=lambda record: record.report.id))


def _read(snapshot: Snapshot) -> Iterator[Record]:
    offset = 0
    query = TermIn(KIND, (REPORT_KIND,))
    while True:
        response = snapshot.search(
            Request(query, limit=_PAGE, offset=offset, order=(SortKey(REPORT),))
        )
        for hit in response.hits:
            yield Record.from_stored(hit.stored)
        offset += _PAGE
        if offset >= response.total:
            return


def find_record(snapshot: Snapshot, report: str) -> Record | None:
    """The record of the report with this id, or None."""
    stored = stored_of(snapshot, report_key(report))
    return Record.from_stored(stored) if stored is not None else None


def known_record(snapshot: Snapshot, report: str) -> Record:
    """The record of the report with this id. Raises UnknownReport."""
    record = find_record(snapshot, report)
    if record is None:
        raise UnknownReport(
            "no report has the id {report!r}; `tracuu reports` lists them", report=report
        )
    return record


def passages_of(snapshot: Snapshot, report: str) -> Iterator[Passage]:
    """The passages of a report, by position."""
    query = And((TermIn(KIND, (PASSAGE_KIND,)), TermIn(REPORT, (report,))))
    offset = 0
    while True:
        response = snapshot.search(
            Request(query, limit=_PAGE, offset=offset, order=(SortKey(POSITION),))
        )
        for hit in response.hits:
            yield read_passage(hit.stored)
        offset += _PAGE
        if offset >= response.total:
            return


def known_passage(snapshot: Snapshot, passage: str) -> Passage:
    """The passage with this id (``REPORT#POSITION``). Raises UnknownPassage."""
    report, mark, position = passage.rpartition("#")
    stored = stored_of(snapshot, passage) if mark and position.isdigit() else None
    if stored is not None:
        return read_passage(stored)
    if not mark or not position.isdigit():
        raise UnknownPassage(
            "{passage!r} is not a passage id, such as REPORT#12; `tracuu search` prints them",
            passage=passage,
        )
    record = find_record(snapshot, report)
    if record is None:
        raise UnknownPassage(
            "no passage {passage!r}: there is no report {report!r}; `tracuu reports` lists them",
            passage=passage,
            report=report,
        )
    raise UnknownPassage(
        "no passage {passage!r}: the report has {passages} passages",
        passage=passage,
        passages=record.report.passages,
    )
