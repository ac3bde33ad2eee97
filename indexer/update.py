"""Bringing an index up to date with files, by their content and not their date."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..corpus import Limits, Reader, Reading, Report, read_blocks, slug
from ..errors import EmptyFile, MissingExtra, ReadError, UnreadableFile
from .changes import Change
from .files import Found, absolute, find_files, is_within
from .intake import Intake
from .records import Record

_CHUNK = 1 << 20


class Updater:
    """One update of an index, inside one writer.

    ``records`` are the reports the index holds, ``known_ids`` the ids that files had before (file → id;
    kept when an index is rebuilt), ``own_folder`` the index's folder, which is never read.
    """

    def __init__(
        self,
        intake: Intake,
        reader: Reader,
        records: Iterable[Record],
        *,
        limits: Limits | None = None,
        known_ids: dict[str, str] | None = None,
        own_folder: str | None = None,
    ) -> None:
        self._intake = intake
        self._reader = reader
        self._limits = limits
        self._known_ids = known_ids or {}
        self._own_folder = own_folder
        self._by_source: dict[str, list[Record]] = {}
        self._ids: set[str] = set(self._known_ids.values())
        self._held: set[str] = set()
        for record in records:
            self._ids.add(record.report.id)
            self._held.add(record.report.id)
            if record.report.source is not None and record.digest is not None:  # read from a file, not added
                self._by_source.setdefault(record.report.source, []).append(record)
        for mine in self._by_source.values():
            mine.sort(key=lambda record: record.part)

    def run(
        self, paths: Iterable[str | os.PathLike[str]], *, prune: bool = False, strict: bool = False
    ) -> Iterator[Change]:
        """Read what is new or changed; with ``prune`` remove reports whose files are gone from the
        folders named; with ``strict`` the first file that fails ends the update with its ReadError."""
        roots = [absolute(path) for path in paths]
        seen: set[str] = set()
        closed: list[str] = []  # folders that cannot be read: what they hide may be there still
        gone = {root for root in roots if prune and root in self._by_source and not os.path.lexists(root)}
        for found in find_files([root for root in roots if root not in gone], outside=self._own_folder):
            seen.add(found.path)
            if found.error is not None and os.path.lexists(found.path):
                closed.append(found.path)
            change = self._one(found)
            if change.kind == "failed" and strict and change.error is not None:
                raise change.error
            yield change
        if prune:
            # a folder that is itself away may be on a disk that is: it says nothing of its reports
            folders = [root for root in roots if os.path.isdir(root) or root in gone]
            yield from self._prune(folders, seen, closed)

    def _one(self, found: Found) -> Change:
        """What becomes of one file."""
        try:
            if found.error is not None:
                raise found.error
            digest = _digest(found.path)
            before = self._by_source.get(found.path, [])
            if before and before[0].digest == digest:
                return Change("unchanged", found.path, *_summary(before))
            moved = self._moved(digest) if not before else None
            if moved is not None:
                return self._move(found.path, moved)
            return self._read(found.path, before)
        except (ReadError, MissingExtra) as error:
            return Change("failed", found.path, *_summary(self._by_source.get(found.path, [])), error=error)

    def _read(self, path: str, before: list[Record]) -> Change:
        contents = read_blocks(path, limits=self._limits)
        name = os.path.splitext(os.path.basename(path))[0]
        base = before[0].report.id if before else self._known_id(path) or self._new_id(slug(name))
        readings = self._reader.understand(list(contents.blocks), id=base, source=path, name=name)
        if not any(reading.passages for reading in readings):
            raise EmptyFile(path, "there is no passage in it, only headings or page furniture")
        readings = self._named_apart(readings, {record.report.id for record in before} | {base})
        self._intake.take_out([record.report.id for record in before])
        records = [
            Record(reading.report, contents.sha256, part, contents.format, contents.notes)
            for part, reading in enumerate(readings, 1)
        ]
        for record, reading in zip(records, readings, strict=True):
            self._intake.put(record, reading.passages)
            self._ids.add(record.report.id)
            self._held.add(record.report.id)
        self._by_source[path] = records
        return Change("changed" if before else "added", path, *_summary(records), contents.notes)

    def _named_apart(self, readings: Sequence[Reading], mine: set[str]) -> list[Reading]:
        """``readings`` with ids that no other report has."""
        apart = []
        for reading in readings:
            name = reading.report.id
            if name not in mine and name in self._ids:
                name = self._new_id(name)
            apart.append(reading if name == reading.report.id else _renamed(reading, name))
        return apart

    def _known_id(self, path: str) -> str | None:
        """The id the file's report had before, unless it went elsewhere with a file that moved away."""
        known = self._known_ids.get(path)
        return None if known in self._held else known

    def _new_id(self, name: str) -> str:
        """``name``, or ``name-2``, ``name-3`` … where that is taken."""
        number = 1
        wanted = name
        while wanted in self._ids:
            number += 1
            wanted = f"{name}-{number}"
        self._ids.add(wanted)
        return wanted

    def _moved(self, digest: str) -> list[Record] | None:
        """The records of a file with the same bytes that is no longer at its place."""
        for source, records in self._by_source.items():
            if records[0].digest == digest and not os.path.lexists(source):
                return records
        return None

    def _move(self, path: str, records: list[Record]) -> Change:
        del self._by_source[records[0].report.source or ""]
        moved = [replace(record, report=replace(record.report, source=path)) for record in records]
        for record in moved:
            self._intake.replace_record(record)
        self._by_source[path] = moved
        return Change("moved", path, *_summary(moved))

    def _prune(self, roots: list[str], seen: set[str], closed: list[str]) -> Iterator[Change]:
        for source in sorted(self._by_source):
            if source in seen or not is_within(source, roots) or is_within(source, closed):
                continue
            if not os.path.lexists(source):
                records = self._by_source.pop(source)
                self._intake.take_out([record.report.id for record in records])
                yield Change("removed", source, *_summary(records))


def _summary(records: Sequence[Record]) -> tuple[tuple[str, ...], int]:
    return tuple(record.report.id for record in records), sum(record.report.passages for record in records)


def _renamed(reading: Reading, name: str) -> Reading:
    report: Report = replace(reading.report, id=name)
    elements = tuple(
        replace(element, passage=replace(element.passage, report=name)) if element.passage else element
        for element in reading.elements
    )
    return Reading(report, elements)


def _digest(path: str) -> str:
    """SHA-256 of the file's bytes, in hexadecimal. Raises UnreadableFile."""
    if not os.path.isfile(path):
        raise UnreadableFile(path, "not a regular file")
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise UnreadableFile(path, f"cannot be read: {error.strerror or error}") from error
    return digest.hexdigest()
