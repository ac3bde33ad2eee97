"""Update an index from files, detecting changes by content, not by date."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain
from typing import Literal, NamedTuple

from ..corpus import Limits, Reader, Reading, Report, slug
from ..corpus.members import free_id, parse_contents, renamed
from ..corpus.model import READING_VERSION
from ..corpus.readers.formats import is_container
from ..engines.document import Document
from ..engines.processes import available_jobs
from ..errors import (
    EmptyFile,
    Message,
    MissingExtra,
    ReadError,
    TooLarge,
)
from ..records import Record
from .changes import Change
from .containers import (
    ALL,
    Extras,
    by_container,
    extras_of,
    members_gone,
    summary,
    with_extra,
)
from .copies import FileCopies
from .corrections import unfit_note
from .files import FoundFile, absolute, find_files, folder_of, is_within
from .ignore import IgnoreRules
from .isolated import IsolatedReader
from .pool import Details, RefusedFile, Task, WorkerConfig, details_of
from .prefetch import PendingFile, Prefetcher
from .pruning import check_doomed, is_gone, missing_root
from .writer import DocumentWriter

_LARGE = 4 << 20  # bytes; larger texts are read in this process, to send no documents
_NOTHING = Message("it has no passages, only headings or page furniture")
_TEXT = (".txt", ".md", ".htm", ".html")


class Updater:
    """One update of an index, within one transaction.

    ``records`` are the reports of the index, ``known_ids`` earlier ids of files (file → id;
    preserved by rebuilds), ``known_digests`` earlier ids of vanished files (SHA-256 and member →
    id), ``reserved`` ids that no new report may get, ``own_folder`` the index's folder, which is
    never read. ``jobs`` is the maximum number of processes that read in parallel (None: one per
    processor); ``empty`` maps a file without passages to a key of its content, and is updated;
    ``names`` are titles for files with meaningless names; ``origin`` is the owner of these files if
    several machines write to one index: reports of others are not touched; ``ocr`` are the
    languages of OCR (empty: no OCR); ``roots`` are folders given earlier: a report's ``folder``
    starts at the outermost; ``extras`` is the metadata of reports, by path of the file.
    """

    def __init__(
        self,
        documents: DocumentWriter,
        reader: Reader,
        records: Iterable[Record],
        *,
        limits: Limits | None = None,
        ocr: str = "",
        known_ids: dict[str, str] | None = None,
        known_digests: Mapping[tuple[str, str | None], str] | None = None,
        reserved: Iterable[str] = (),
        own_folder: str | None = None,
        jobs: int | None = 1,
        empty: dict[str, str] | None = None,
        names: Mapping[str, str] | None = None,
        origin: str = "",
        rules: IgnoreRules | None = None,
        roots: Iterable[str] = (),
        extras: Mapping[str, Extras] | None = None,
    ) -> None:
        self._documents = documents
        self._roots = list(roots)
        self._origin = origin
        self._rules = rules
        self._reader = reader
        self._limits = limits
        self._ocr = ocr
        # everything that affects how files are read
        self._read_by = f"{READING_VERSION} {limits} {ocr} {reader.taxonomy.text}"
        self._known_ids = known_ids or {}
        self._known_digests = known_digests or {}
        self._known_members = by_container(self._known_ids, self._known_digests)
        self._names = names or {}
        self._extras = extras or {}
        self._own_folder = own_folder
        self._empty = {} if empty is None else empty
        config = WorkerConfig(reader.taxonomy.text, limits, ocr, reader.examples)
        self._prefetcher = Prefetcher(
            jobs if jobs is not None else available_jobs(),
            config,
            self._task,
            wanted=self._wanted,
            warm=documents.is_warm,
        )
        self._isolated = IsolatedReader(jobs)
        self._by_source: dict[str, list[Record]] = {}
        self._by_digest: dict[str | None, list[str]] = {}  # including files that have changed since
        self._ids: set[str] = {*self._known_ids.values(), *reserved}
        self._promised: set[str] = set()  # ids given to workers, which may prove to be taken
        self._held: set[str] = set()
        self._copies = FileCopies()
        self._unwritten: dict[str, Record] = {}  # changed records by id, written at the end
        self._fresh: set[str] = set()  # reports whose passages were written in this update
        self._awaited: dict[tuple[str, str], str] = {}  # digest, suffix → file a worker is reading
        self._left: list[Change] = []  # members that a container no longer has
        self._others: list[Record] = []  # added by an application, or from files of another machine
        self._take(records)

    def _take(self, records: Iterable[Record]) -> None:
        """Sort the records of the index by file."""
        for record in records:
            self._ids.add(record.report.id)
            self._held.add(record.report.id)
            # read from a file of this origin
            if (
                record.report.source is not None
                and record.digest is not None
                and record.origin == self._origin
            ):
                self._by_source.setdefault(record.report.source, []).append(record)
                self._copies.note(record)
            else:
                self._others.append(record)
        for mine in self._by_source.values():
            mine.sort(key=lambda record: record.part)
        for source, mine in self._by_source.items():
            self._by_digest.setdefault(mine[0].digest, []).append(source)

    def run(
        self,
        paths: Iterable[str | os.PathLike[str]],
        *,
        prune: bool | Literal["all"] = False,
        strict: bool = False,
        within: Iterable[str] | None = None,
    ) -> Iterator[Change]:
        """Read new and changed files; remove vanished ones if ``prune`` is set.

        Raises PruneRefused if more than half of the reports of a folder (of ``within``, else of
        ``paths``) would be removed, unless ``prune`` is ``"all"``. With ``strict`` the first file
        that fails raises its ReadError.
        """
        roots = [absolute(path) for path in paths]
        self._roots = list(dict.fromkeys((*self._roots, *roots)))
        seen: set[str] = set()
        closed: list[str] = []  # unreadable folders: their files may still exist
        gone = {
            root for root in roots if prune and self._is_known(root) and not os.path.lexists(root)
        }
        there = [root for root in roots if root not in gone]
        with closing(self._isolated), self._prefetcher as prefetcher:
            for file in prefetcher.walk(
                find_files(there, outside=self._own_folder, rules=self._rules)
            ):
                found = file.found
                seen.add(found.path)
                if found.error is not None and os.path.lexists(found.path):
                    closed.append(found.path)
                change = self._one(file)
                if change.kind == "failed" and strict and change.error is not None:
                    raise change.error
                yield change
                yield from self._left
                self._left.clear()
        if prune:
            # a missing folder may be on a disconnected disk, so its reports are not pruned
            folders = [root for root in roots if os.path.isdir(root) or root in gone]
            yield from self._prune_copies(folders, seen, closed)
            doomed = self._vanished(folders, seen, closed)
            if prune != "all":
                guarded = list(within) if within is not None else roots
                check_doomed(
                    doomed, [root for root in guarded if root not in gone], self._by_source
                )
            yield from self._remove(doomed)
        self._documents.replace_records(self._unwritten.values())
        self._unwritten.clear()

    def rewrite(self, records: Iterable[Record]) -> None:
        """Write these records at the end of the update, even if their files are unchanged."""
        self._unwritten.update((record.report.id, record) for record in records)

    def records(self) -> list[Record]:
        """All reports of the index after the update."""
        return [*self._others, *chain.from_iterable(self._by_source.values())]

    def _one(self, file: PendingFile) -> Change:
        """Process one file."""
        path = file.found.path
        try:
            if file.error is not None:
                raise file.error
            before = self._before(path)
            if before and before[0].digest == file.digest:
                return Change("unchanged", path, *summary(before))
            before = self._parted(path)
            moved = self._moved(file.digest) if not before else None
            if moved is not None:
                return self._move(file, moved)
            source = self._same_file(file) if not before else None
            if source is not None:
                return self._add_copy(file, source)
            return self._read(file, before)
        except (ReadError, MissingExtra) as error:
            if path in self._roots and not os.path.lexists(path):
                error = missing_root(path, {*self._by_source, *self._known_ids}) or error
            return Change("failed", path, *summary(self._before(path)), error=error)

    def _is_known(self, path: str) -> bool:
        return path in self._by_source or self._copies.source_of(path) is not None

    def _before(self, path: str) -> list[Record]:
        """The records of a file, or of the file it was a copy of."""
        return self._by_source.get(self._copies.source_of(path) or path, [])

    def _parted(self, path: str) -> list[Record]:
        """The records to replace; none if copies of ``path`` with its old bytes keep them."""
        source = self._copies.source_of(path)
        if source is not None:
            self._copies.drop(path)
            self._refresh(source)
            return []
        other = self._copies.remaining(path)
        if other is None:
            self._copies.end(path)
            return self._by_source.get(path, [])
        self._promote(path, other)
        return []

    def _same_file(self, file: PendingFile) -> str | None:
        """A file of the index with the same bytes and suffix, neither of them an upload."""
        path = file.found.path
        if path in self._names:
            return None
        for source in self._by_digest.get(file.digest, ()):
            records = self._by_source.get(source)
            if (
                records is not None
                and records[0].digest == file.digest
                and _suffix(source) == _suffix(path)
                and source not in self._names
                and not (self._own_folder and is_within(source, [self._own_folder]))
            ):
                return source
        return None

    def _add_copy(self, file: PendingFile, source: str) -> Change:
        path = file.found.path
        self._copies.add(path, source)
        records = self._refresh(source)
        return Change("identical", path, *summary(records))

    def _refresh(self, source: str) -> list[Record]:
        """Update the copies listed in the records of ``source``."""
        now = [
            replace(one, report=self._copies.placed(one.report, source, self._folder))
            for one in self._by_source[source]
        ]
        self._by_source[source] = now
        self._unwritten.update((record.report.id, record) for record in now)
        return now

    def _readable(self, source: str, digest: str | None) -> PendingFile | None:
        """``source`` or a copy of it that is readable and has this digest."""
        for path in (source, *self._copies.of(source)):
            file = PendingFile(FoundFile(path))
            if file.error is None and file.digest == digest:
                return file
        return None

    def _promote(self, source: str, copy: str) -> list[Record]:
        """Make ``copy`` the file of the reports of ``source``, which is gone or changed.

        If it is in another folder, the passages are indexed again, since the folder is one of
        their fields.
        """
        records = self._by_source.pop(source)
        self._copies.move(source, copy)
        self._remember(copy, records)
        now = self._refresh(copy)
        if [one.report.folder for one in now] == [one.report.folder for one in records]:
            return now
        file = self._readable(copy, records[0].digest)
        if file is None or not self._fresh.isdisjoint(one.report.id for one in records):
            return now
        reading = self._read_here(file, records[0].report.id, now, source=copy)
        return self._put(copy, reading.complete(), now)

    def _prune_copies(
        self, roots: list[str], seen: set[str], closed: list[str]
    ) -> Iterator[Change]:
        """Remove copies that are gone, and replace vanished files by a copy."""
        for path in self._copies.paths():
            source = self._copies.source_of(path)
            if source is not None and is_gone(path, roots, seen, closed):
                self._copies.drop(path)
                note = Message("{path}, a copy of it, is gone", path=path)
                yield Change("moved", source, *summary(self._refresh(source)), (note,))
        for source in self._vanished(roots, seen, closed):
            copy = self._copies.remaining(source)
            if copy is not None:
                note = Message("{path} is gone; this is a copy of it", path=source)
                yield Change("moved", copy, *summary(self._promote(source, copy)), (note,))

    def _wanted(self, file: PendingFile) -> bool:
        """Whether a file must be read and a worker process can read it."""
        path = file.found.path
        before = self._before(path)
        if before and before[0].digest == file.digest:
            return False
        if not before and (self._moved(file.digest) or self._same_file(file)) is not None:
            return False
        if self._is_known_empty(file):
            return False
        return file.size <= _LARGE or not path.lower().endswith(_TEXT)

    def _is_known_empty(self, file: PendingFile) -> bool:
        """Whether a file with the same bytes is known to have no passages."""
        known = self._empty.get(file.found.path)
        return known is not None and known == self._key_of_empty(file)

    def _key_of_empty(self, file: PendingFile) -> str:
        key = f"{file.digest} {self._read_by}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(key).hexdigest()

    def _task(self, file: PendingFile) -> Task | None:
        """The worker's task for a file, or None."""
        if not self._wanted(file):
            return None
        path = file.found.path
        if self._awaited.setdefault((file.digest, _suffix(path)), path) != path:
            return None  # most likely a copy of that file
        before = [] if self._copies.source_of(path) else self._by_source.get(path, [])
        name = self._names.get(path) or os.path.splitext(os.path.basename(path))[0]
        base = (
            before[0].report.id
            if before
            else self._known_id(file) or free_id(slug(name), self._ids, self._promised)
        )
        self._promised.add(base)
        ids = self._member_ids(file, before)
        extras = self._extras_of(path, before)
        return Task(path, base, name, self._folder(path), ids, path in self._names, extras)

    def _read(self, file: PendingFile, before: list[Record]) -> Change:
        path = file.found.path
        if self._is_known_empty(file):
            raise EmptyFile(path, _NOTHING)
        name = self._names.get(path) or os.path.splitext(os.path.basename(path))[0]
        base = before[0].report.id if before else self._known_id(file) or self._new_id(slug(name))
        with self._prefetcher.working():
            reading = self._answered(file, base, before) or self._read_here(file, base, before)
            if not any(report.passages for report, _ in reading.reports):
                if reading.sha256 == file.digest:
                    self._empty[path] = self._key_of_empty(file)
                raise EmptyFile(path, _NOTHING)
            records = self._put(path, reading.complete(), before)
            self._empty.pop(path, None)
        notes = reading.notes
        if unfit := self._documents.corrections.unfit(record.report.id for record in records):
            notes = (*notes, unfit_note(unfit))
        return Change("changed" if before else "added", path, *summary(records), notes)

    def _put(self, path: str, reading: FileReports, before: list[Record]) -> list[Record]:
        """Replace the old reading of a file."""
        self._documents.remove([record.report.id for record in before])
        for record in before:
            self._unwritten.pop(record.report.id, None)
        records = [
            Record(
                report,
                reading.sha256,
                part,
                *reading.details[report.member or ""],
                self._origin,
            )
            for part, (report, _) in enumerate(reading.reports, 1)
        ]
        for record, (_, documents) in zip(records, reading.reports, strict=True):
            self._documents.add_passages(record, documents)
            self._unwritten[record.report.id] = record
            self._fresh.add(record.report.id)
            self._ids.add(record.report.id)
            self._held.add(record.report.id)
        self._remember(path, records)
        self._left += members_gone(path, before, records)
        return records

    def _answered(
        self, file: PendingFile, base: str, before: Sequence[Record]
    ) -> FileReports | None:
        """The worker's result, unless its ids prove to be taken."""
        answer = file.answer()
        if isinstance(answer, RefusedFile):
            raise TooLarge(file.found.path, answer.reason)
        if answer is None or answer.id != base:
            return None
        reports = answer.reports()
        mine = {base, *(record.report.id for record in before)}
        mine.update(self._member_ids(file, before).values())
        if any(report.id in self._ids and report.id not in mine for report, _ in reports):
            return None
        return FileReports(answer.sha256, answer.details, reports)

    def _read_here(
        self, file: PendingFile, base: str, before: Sequence[Record], *, source: str | None = None
    ) -> FileReports:
        """Read a file in this process, or its copy ``source`` if given."""
        path = source or file.found.path
        contents = self._isolated.read(file.found.path, limits=self._limits, ocr=self._ocr)
        ids = self._member_ids(file, before)
        readings = parse_contents(
            self._reader,
            contents,
            id=base,
            source=path,
            name=self._names.get(path) or os.path.splitext(os.path.basename(path))[0],
            ids=ids,
            below=path in self._names,
        )
        mine = {base, *ids.values(), *(record.report.id for record in before)}
        readings = with_extra(readings, self._extras_of(path, before))
        readings = self._named_apart(readings, mine)
        readings = self._copies.all_placed(readings, path, self._folder)
        documents = [
            (reading.report, self._documents.documents(reading.report, reading.passages))
            for reading in readings
        ]
        return FileReports(contents.sha256, details_of(contents), documents)

    def _extras_of(self, path: str, before: Sequence[Record]) -> Extras:
        """Metadata of the reports of a file: as given, else unchanged."""
        held = extras_of(one.report for one in before)
        given = self._extras.get(path, {})
        return dict(given) if ALL in given else {**held, **given}

    def _named_apart(self, readings: Sequence[Reading], mine: set[str]) -> list[Reading]:
        """``readings`` with unique ids."""
        apart = []
        for reading in readings:
            name = reading.report.id
            if name not in mine and name in self._ids:
                name = self._new_id(name)
            apart.append(renamed(reading, name))
        return apart

    def _member_ids(self, file: PendingFile, before: Sequence[Record]) -> dict[str, str]:
        """Earlier ids of files in a container, by member."""
        if not is_container(file.found.path):
            return {}
        found: dict[str, str] = {}
        for record in before:
            if record.report.member is not None:
                found.setdefault(record.report.member, record.report.id)
        known = {
            **self._known_members.get(file.digest, {}),
            **self._known_members.get(file.found.path, {}),
        }
        for member, id in known.items():
            if id not in self._held:
                found.setdefault(member, id)
        return found

    def _known_id(self, file: PendingFile) -> str | None:
        """The earlier id of the file's report, unless a moved file has taken it."""
        known = self._known_ids.get(file.found.path)
        known = known or self._known_digests.get((file.digest, None))
        return None if known in self._held else known

    def _new_id(self, name: str) -> str:
        """``name``, or ``name-2``, ``name-3`` … if it is taken."""
        wanted = free_id(name, self._ids)
        self._ids.add(wanted)
        return wanted

    def _moved(self, digest: str) -> list[Record] | None:
        """The records of a file with the same bytes that no longer exists."""
        for source in self._by_digest.get(digest, ()):
            records = self._by_source.get(source)
            if records is not None and records[0].digest == digest and not os.path.lexists(source):
                return records
        return None

    def _remember(self, path: str, records: list[Record]) -> None:
        self._by_source[path] = records
        self._by_digest.setdefault(records[0].digest, []).append(path)

    def _folder(self, path: str) -> str | None:
        """The folder of the report read from ``path``; None for an upload."""
        return None if path in self._names else folder_of(path, self._roots)

    def _move(self, file: PendingFile, records: list[Record]) -> Change:
        path, before = file.found.path, records[0].report.source or ""
        return Change("moved", path, *summary(self._promote(before, path)))

    def _vanished(self, roots: list[str], seen: set[str], closed: list[str]) -> list[str]:
        """Files of the index that no longer exist below ``roots``."""
        return [
            source for source in sorted(self._by_source) if is_gone(source, roots, seen, closed)
        ]

    def _remove(self, sources: list[str]) -> Iterator[Change]:
        for source in sources:
            records = self._by_source.pop(source)
            self._copies.end(source)
            self._documents.remove([record.report.id for record in records])
            for record in records:
                self._unwritten.pop(record.report.id, None)
            yield Change("removed", source, *summary(records))


class FileReports(NamedTuple):
    """A file that was read: its reports, each with the documents of its passages."""

    sha256: str
    details: Details
    reports: Sequence[tuple[Report, Iterable[Document]]]

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on the file, and on files in it with their names."""
        listed: list[str] = [
            Message("{member}: {note}", member=member, note=note) if member else note
            for member, (_, notes) in self.details.items()
            for note in notes
        ]
        empty = [report.member for report, _ in self.reports if not report.passages]
        listed += [
            Message("{member}: {note}", member=member, note=_NOTHING) for member in empty if member
        ]
        return tuple(listed)

    def complete(self) -> FileReports:
        """Without members of a container that have no passages."""
        kept = [one for one in self.reports if one[0].passages or len(self.details) == 1]
        return self._replace(reports=kept)


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()
