"""Recover the readable reports and passages of a damaged index."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from ..corpus.model import Passage, Report
from ..engines.engine import Snapshot, StoredDocument, StoredScan
from ..engines.query import And, Node, Request, SortKey, TermIn
from ..errors import (
    EngineUnreachable,
    IndexBusy,
    Message,
    MissingExtra,
    StorageError,
    TracuuError,
    WriteFailed,
)
from ..records import Record
from ..schema import (
    KIND,
    PASSAGE_KIND,
    POSITION,
    REPORT,
    REPORT_KIND,
    read_passage,
    report_key,
    stored_of,
)

T = TypeVar("T")
UNREADABLE = (TracuuError, LookupError, TypeError, ValueError)  # raised for damaged bytes
_log = logging.getLogger("tracuu.index.salvage")
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EIO)  # the data are gone
_PAGE = 512
_FURTHER = 1000  # positions tried beyond the number of passages: applications may leave gaps


@dataclass(slots=True)
class Salvaged:
    """The readable part of one report, and the number of its lost passages.

    ``whole`` is false if the record could not be read: title and dates are lost.
    """

    record: Record
    passages: list[Passage] = field(default_factory=list)
    missing: int = 0
    whole: bool = True

    @property
    def lost(self) -> str:
        """Description of the loss; empty if there is none."""
        if not self.missing:
            return "" if self.whole else Message("its title and dates cannot be read")
        return Message(
            "{missing:,} of {total:,} passages cannot be read"
            if self.whole
            else "its title and dates, and {missing:,} of {total:,} passages, cannot be read",
            missing=self.missing,
            total=self.missing + len(self.passages),
        )


class Salvage:
    """Reads a snapshot of an index that may be damaged.

    Only damaged data count as unreadable. A temporary cause (no permission, no memory, too many
    open files, a server that does not answer) raises WriteFailed, so that nothing is lost.
    """

    def __init__(self, folder: Path, snapshot: Snapshot | None) -> None:
        self._folder = folder
        self._snapshot = snapshot
        self.records: list[Record] = []
        self.damaged: list[Salvaged] = []  # reports whose record cannot be read
        # Whether the id of every report is known.
        self.complete = snapshot is not None and self._read_records(snapshot)

    def _read_records(self, snapshot: Snapshot) -> bool:
        texts, missing = self._stored(snapshot, TermIn(KIND, (REPORT_KIND,)), SortKey(REPORT))
        for text in texts:
            record = self._attempt(partial(Record.from_stored, text))
            if record is not None:
                self.records.append(record)
            elif missing is not None:
                missing += 1
        if missing != 0:
            known = {record.report.id for record in self.records}
            counts = self._counts(snapshot)
            for name, passages in (counts or {}).items():
                if name in known:
                    continue
                record = self._attempt(partial(_record, snapshot, name))
                if record is not None:
                    self.records.append(record)
                else:
                    lost = Record(Report(name, passages=passages))
                    self.damaged.append(Salvaged(lost, whole=False))
            found = len(self.records) + len(self.damaged) - len(known)
            missing = None if missing is None or counts is None else max(0, missing - found)
        self.records.sort(key=lambda record: record.report.id)
        return missing == 0

    def read(self, record: Record, *, whole: bool = True) -> Salvaged:
        """A report with all of its passages that can be read."""
        assert self._snapshot is not None, "there is no record without a snapshot"
        found: dict[int, Passage] = {}
        query = And((TermIn(KIND, (PASSAGE_KIND,)), TermIn(REPORT, (record.report.id,))))
        texts, _ = self._stored(self._snapshot, query, SortKey(POSITION))
        for text in texts:
            passage = self._attempt(partial(read_passage, text))
            if passage is not None and passage.report == record.report.id:
                found[passage.position] = passage
        wanted = record.report.passages
        if len(found) < wanted:
            self._read_by_key(self._snapshot, record, found)
        return _salvaged(record, found, whole)

    def _read_by_key(self, snapshot: Snapshot, record: Record, found: dict[int, Passage]) -> None:
        wanted = record.report.passages
        for position in range(1, wanted + _FURTHER):
            if len(found) >= wanted:
                return
            if position not in found:
                passage = self._attempt(partial(_passage, snapshot, record.report.id, position))
                if passage is not None:
                    found[position] = passage

    def _counts(self, snapshot: Snapshot) -> dict[str, int] | None:
        """Report → number of its passages, from the keywords of the passages."""
        request = Request(TermIn(KIND, (PASSAGE_KIND,)), limit=0, facets=(REPORT,))
        response = self._attempt(partial(snapshot.search, request))
        if response is None:
            return None
        return {name: count.matches for name, count in response.facets.get(REPORT, {}).items()}

    def _stored(
        self, snapshot: Snapshot, query: Node, order: SortKey
    ) -> tuple[list[str], int | None]:
        """Stored texts of the matches of ``query``, and the number unreadable.

        The number is None if unknown.
        """
        counted = self._attempt(partial(snapshot.search, Request(query, limit=0)))
        if counted is None:
            return [], None
        total = counted.total
        for keys in ((order,), ()):  # the sort column may be damaged
            request = Request(query, limit=1, order=keys)
            samples = (replace(request, offset=at) for at in {0, total // 2, max(0, total - 1)})
            if any(self._attempt(partial(snapshot.search, one)) is not None for one in samples):
                return self._bisected(snapshot, request, total)
        return [], total

    def _bisected(
        self, snapshot: Snapshot, request: Request, total: int
    ) -> tuple[list[str], int | None]:
        """As :meth:`_stored`, by pages, bisecting those that fail."""
        texts: list[str] = []
        missing = 0
        ranges = [(at, min(_PAGE, total - at)) for at in range(0, total, _PAGE)][::-1]
        while ranges:
            offset, count = ranges.pop()
            page = replace(request, limit=count, offset=offset)
            response = self._attempt(partial(snapshot.search, page))
            if response is not None:
                texts += [hit.stored for hit in response.hits]
            elif count == 1:
                missing += 1
            else:
                half = count // 2
                ranges += [(offset + half, count - half), (offset, half)]
        return texts, missing

    def _attempt(self, read: Callable[[], T]) -> T | None:
        """Return ``read()``, or None if the data are damaged."""
        try:
            return read()
        except UNREADABLE as error:
            check_for_damage(error, self._folder)
            return None


class ScannedSalvage(Salvage):
    """Reads all stored documents of an index with unreliable postings.

    A document that may have been deleted is taken only if it completes its report.
    """

    def __init__(self, folder: Path, scan: StoredScan) -> None:
        super().__init__(folder, None)
        self._scan = scan
        self._places: dict[str, dict[int, list[StoredDocument]]] = {}
        records: dict[str, list[StoredDocument]] = {}
        self.complete = True
        for document in scan.documents():
            if document is None:
                self.complete = False
                continue
            report, mark, position = document.key.rpartition("#")
            if document.key == report_key(report):
                records.setdefault(report, []).append(document)
            elif mark and position.isdigit():
                places = self._places.setdefault(report, {})
                places.setdefault(int(position), []).append(replace(document, stored=""))
        for report, found in records.items():
            one = _only(found)
            if one is None:
                continue
            record = self._attempt(partial(Record.from_stored, one.stored))
            if record is not None and record.report.id == report:
                self.records.append(record)
        known = {record.report.id for record in self.records}
        for report in sorted({*self._places, *records} - known):
            lost = Record(Report(report, passages=len(self._places.get(report, ()))))
            self.damaged.append(Salvaged(lost, whole=False))
        self.records.sort(key=lambda record: record.report.id)

    def read(self, record: Record, *, whole: bool = True) -> Salvaged:
        """A report with all of its passages that can be read."""
        places = self._places.get(record.report.id, {})
        chosen = {position: _only(documents) for position, documents in places.items()}
        if len(chosen) > record.report.passages:  # some were deleted
            chosen = {at: one for at, one in chosen.items() if one is not None and one.certain}
        found: dict[int, Passage] = {}
        for position, document in chosen.items():
            stored = None if document is None else self._scan.read(document.number)
            passage = None if stored is None else self._attempt(partial(read_passage, stored))
            if passage is not None and passage.report == record.report.id:
                found[position] = passage
        return _salvaged(record, found, whole)


def _only(documents: list[StoredDocument]) -> StoredDocument | None:
    """The only document that was not deleted, or None."""
    certain = [one for one in documents if one.certain]
    listed = certain or documents
    return listed[0] if len(listed) == 1 else None


def _salvaged(record: Record, found: dict[int, Passage], whole: bool) -> Salvaged:
    passages = [found[position] for position in sorted(found)]
    missing = max(0, record.report.passages - len(passages))
    if missing:
        record = replace(record, report=replace(record.report, passages=len(passages)))
    return Salvaged(record, passages, missing, whole)


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Suppress damage in the block, with a warning about ``folder``.

    Execution continues after the block.
    """
    try:
        yield
    except UNREADABLE as error:
        check_for_damage(error, folder)
        _log.warning("%s cannot be read: %s", folder, error)


def check_for_damage(error: BaseException, folder: Path) -> None:
    """Raise WriteFailed if ``error`` may have another cause than damaged bytes."""
    if isinstance(error, (EngineUnreachable, MissingExtra, IndexBusy, WriteFailed)):
        raise error
    cause: BaseException | None = error
    while cause is not None:
        passing = isinstance(cause, MemoryError) or (
            isinstance(cause, OSError)
            and not isinstance(cause, StorageError)
            and cause.errno not in _ABSENT
        )
        if passing:
            reason = getattr(cause, "strerror", None) or "out of memory"
            raise WriteFailed(
                folder,
                "the old index cannot be read ({reason}), and reports that only it holds would "
                "be lost; fix that first; nothing was changed",
                reason=reason,
            ) from error
        cause = cause.__cause__ or cause.__context__


def check_access(folder: Path) -> None:
    """Raise WriteFailed if this user may not read a file in ``folder``."""
    try:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_file() and not path.name.endswith((".lock", "LOCK")):
                with path.open("rb"):
                    pass
    except OSError as error:
        check_for_damage(error, folder.parent)


def _passage(snapshot: Snapshot, report: str, position: int) -> Passage | None:
    stored = _by_key(snapshot, f"{report}#{position}")
    return None if stored is None else read_passage(stored)


def _record(snapshot: Snapshot, report: str) -> Record | None:
    stored = _by_key(snapshot, report_key(report))
    return None if stored is None else Record.from_stored(stored)


def _by_key(snapshot: Snapshot, key: str) -> str | None:
    """The stored text of a key, found by key column or keyword."""
    try:
        return snapshot.get(key)
    except UNREADABLE:
        return stored_of(snapshot, key)
