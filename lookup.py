"""Reports and passages of a snapshot, by id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .corpus.model import Passage
from .engines.contract import All, Exact, Order, Request, Snapshot
from .errors import OptionError, UnknownPassage, UnknownReport
from .fields import KIND, PASSAGE_KIND, POSITION, REPORT, read_passage, report_key, stored_of
from .indexer.records import Record

if TYPE_CHECKING:
    from .views import Surroundings

_PAGE = 1000


def find_record(snapshot: Snapshot, report: str) -> Record | None:
    """The record of the report with this id, or None."""
    stored = stored_of(snapshot, report_key(report))
    return Record.from_stored(stored) if stored is not None else None


def known_record(snapshot: Snapshot, report: str) -> Record:
    """The record of the report with this id. Raises UnknownReport."""
    record = find_record(snapshot, report)
    if record is None:
        raise UnknownReport(f"no report has the id {report!r}; `tracuu reports` lists them")
    return record


def passages_of(snapshot: Snapshot, report: str) -> Iterator[Passage]:
    """The passages of a report, by position."""
    query = All((Exact(KIND, (PASSAGE_KIND,)), Exact(REPORT, (report,))))
    offset = 0
    while True:
        response = snapshot.search(Request(query, limit=_PAGE, offset=offset, order=(Order(POSITION),)))
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
        raise UnknownPassage(f"{passage!r} is no passage id; it looks like REPORT#12, as `tracuu search` prints it")
    record = find_record(snapshot, report)
    if record is None:
        raise UnknownPassage(f"no passage {passage!r}: there is no report {report!r}; `tracuu reports` lists them")
    raise UnknownPassage(f"no passage {passage!r}: the report has {record.report.passages} passages")


def surroundings_of(snapshot: Snapshot, passage: str, before: int, after: int) -> Surroundings:
    """The passage with this id and its neighbours in the report. Raises UnknownPassage, OptionError."""
    from .views import Surroundings

    if before < 0 or after < 0:
        raise OptionError("before and after count passages: 0 or more")
    found = known_passage(snapshot, passage)
    first, last = found.position - before, found.position + after
    mine = tuple(other for other in passages_of(snapshot, found.report) if first <= other.position <= last)
    return Surroundings(known_record(snapshot, found.report).report, mine, found)
