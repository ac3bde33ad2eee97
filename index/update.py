"""Update an index from files in one transaction."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Literal

from ..corpus import Limits
from ..corpus.readers.source import ocr_languages
from ..errors import IndexBusy, IndexDamaged, OptionError, ReadError, WriteFailed
from ..indexer import Change, DocumentWriter, Updater
from ..indexer.files import absolute
from ..records import Record, first_ids, read_records, remember_records
from ..vietnamese import Analyser
from .corrections import StoredCorrections
from .directory import IndexDirectory
from .generation import OpenIndex, write_transaction
from .ignore import ignore_rules
from .journal import FileJournal
from .sources import Sources

_WAIT = 5.0  # seconds for another writer


def update(
    directory: IndexDirectory,
    opened: OpenIndex,
    roots: Sequence[str],
    *,
    within: Iterable[str | os.PathLike[str]] | None,
    prune: bool | Literal["all"],
    strict: bool,
    wait: float,
    limits: Limits | None,
    ocr: bool | str,
    jobs: int | None,
) -> Iterator[Change]:
    """Read new and changed files below ``roots``; see ``Index.update``."""
    if jobs is not None and jobs < 1:
        raise OptionError("jobs counts processes: 1 or more")
    languages = ocr_languages(ocr)
    folders = None if within is None else [absolute(path) for path in within]
    updater: Updater | None = None

    def committed(state: object) -> None:
        if updater is not None:
            remember_records(state, updater.records())

    journal = FileJournal(directory, Analyser())
    writing = write_transaction(directory, opened, wait, journal=journal, committed=committed)
    with writing as (writer, snapshot):
        before = read_records(snapshot)
        records = directory.relocation().records(before)
        moved = [new for old, new in zip(before, records, strict=True) if new is not old]
        sources = known_sources(directory, records)
        known = StoredCorrections(directory)
        updater = Updater(
            DocumentWriter(writer, Analyser(), known),
            opened.reader(known.examples()),
            records,
            limits=limits,
            ocr=languages,
            known_ids=sources.ids,
            own_folder=str(directory.folder),
            jobs=jobs,
            empty=sources.empty,
            origin=directory.origin(),
            rules=ignore_rules(directory),
            roots=[*sources.paths, *(folders or ())],
        )
        updater.rewrite(moved)
        for change in updater.run(roots, prune=prune, strict=strict, within=folders):
            sources.note(change.kind, change.path, change.reports)
            known_before = sources.note_failure(change.path, _reason(change.error))
            yield replace(change, known=known_before)
        sources.forget_vanished()
        sources.note_members(updater.records())
        places = roots if folders is None else folders
        sources.remember(absolute(path) for path in places if os.path.lexists(path))
        directory.save_sources(sources, opened.generation().manifest.generation)
        known.save()
    _note_folder(directory, opened)


def _reason(error: Exception | None) -> str | None:
    """The message without the file's path, which may change."""
    if isinstance(error, ReadError):
        return error.reason
    return None if error is None else str(error)


def _note_folder(directory: IndexDirectory, opened: OpenIndex) -> None:
    """Record the present path of the index.

    The paths in its records now refer to it.
    """
    manifest = opened.generation().manifest
    if manifest.folder != str(directory.folder):
        # else the next update records it; this one is committed
        with suppress(IndexBusy, WriteFailed), directory.lock(_WAIT):
            if directory.is_at(manifest.generation):
                directory.save_manifest(manifest)


def known_sources(directory: IndexDirectory, records: Iterable[Record]) -> Sources:
    """The sources of the index, taken from its reports if the list is torn."""
    records = list(records)
    try:
        sources = directory.known_sources()
    except IndexDamaged:
        files = [one for one in records if one.digest is not None]
        paths = sorted({one.report.source or "" for one in files})
        sources = Sources(paths, first_ids(files))
    sources.added = [one.report.id for one in records if one.digest is None]
    return sources
