"""Copying an index to another place or engine, without its source files."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from ..engines import engine_kind, kept_options
from ..engines.engine import Engine, Remote, Snapshot, Verifiable
from ..engines.query import MatchAll, Request, SortKey, TermIn
from ..errors import IndexExists, Message, WriteFailed
from ..indexer import DocumentWriter
from ..indexer.word_cache import CachingAnalyser, SegmentationCache
from ..records import Record, passages_of, read_records
from ..schema import AREA, ASSESSMENT, KIND, PASSAGE_KIND, REPORT, SCHEMA, read_passage
from ..search import Searcher
from ..vietnamese import Analyser, tokenise
from .directory import ALERTS, PEOPLE, UPLOADS, VECTORS, IndexDirectory
from .disk import take_over
from .fingerprint import tracuu_version
from .generation import open_generation, refuse_outdated
from .manifest import Manifest
from .sources import Relocation

QUERIES = 25  # searches compared at the end: first words of passages from all over the index
ALIKE = 0.95  # share of the ten best hits of these searches that must be the same
_WORDS = 3  # of each such search


@dataclass(frozen=True, slots=True)
class Copied:
    """Progress of a copy: a report's id, its passages, and the number of reports."""

    report: str
    passages: int
    of: int


def copy(
    path: str | os.PathLike[str],
    to: str | os.PathLike[str],
    *,
    engine: str | None = None,
    options: Mapping[str, Any] | None = None,
    source_options: Mapping[str, Any] | None = None,
    wait: float = 0.0,
) -> Iterator[Copied]:
    """Copy the index at ``path`` to the new folder ``to``.

    Yields one :class:`Copied` a report, as it happens. The files it was made from are not needed.
    Passages are analysed again with the words that the index remembers; all else is taken over, so
    that a later update of the copy finds its files unchanged. ``engine`` is another one to keep it
    (None: the same), ``options`` are that engine's, ``source_options`` those to open the index
    with.

    Searches go on meanwhile, writers wait; an index on read-only media is copied without a lock.
    At the end every report and passage, the counts by area and assessment and the ten best of some
    searches are compared; only then the copy is an index. Leaving the generator early, or an error,
    leaves nothing behind; what a killed copy left in ``to`` is removed by the next one.

    Raises what Index.open does, IndexExists (``to`` is not empty), IndexBusy after waiting ``wait``
    seconds for another writer or while another copy is made in ``to``, WriteFailed (also for a copy
    that is not equal), OptionError (unknown engine or option), MissingExtra.
    """
    source, target = IndexDirectory(path), IndexDirectory(to, outcome=Message("no copy was made"))
    was_there = os.path.isdir(target.folder)
    with (
        source.reading(wait),
        ExitStack() as unlocked,
        closing(_Source(source, source_options)) as old,
        target.making(),
    ):
        try:
            yield from _copied(old, target, engine or old.manifest.engine, options)
        except BaseException:
            if not target.exists():
                target.abandon(remove_folder=not was_there)
                if sys.platform == "win32":
                    unlocked.callback(target.abandon, remove_folder=not was_there)
            raise


class _Source:
    """The index to copy, open."""

    def __init__(self, directory: IndexDirectory, options: Mapping[str, Any] | None) -> None:
        generation = open_generation(directory, options)
        try:
            refuse_outdated(directory, generation)
            engine = type(generation.engine)
            if isinstance(engine, Verifiable):  # searching does not compare every checksum
                engine.verify(directory.data(generation.manifest.generation))
        except BaseException:
            generation.engine.close()
            raise
        self.directory = directory
        self.manifest = generation.manifest
        self.taxonomy = generation.taxonomy
        self.engine = generation.engine

    def close(self) -> None:
        """Close its files."""
        self.engine.close()


def _copied(
    old: _Source, target: IndexDirectory, engine: str, options: Mapping[str, Any] | None
) -> Iterator[Copied]:
    """Move everything to the new folder, the manifest last: it makes an index of it."""
    kind = engine_kind(engine, options, fingerprint=old.manifest.fingerprint)
    _copy_files(old.directory, target)
    with closing(kind.create(target.new_data(1), SCHEMA)) as made, old.engine.snapshot() as before:
        try:
            _check_empty(made, target)
            move = _move(old.directory, target, made)
            with made.writer() as writer, closing(SegmentationCache(target.words)) as words:
                yield from _fill(
                    DocumentWriter(writer, CachingAnalyser(words)), move.records(before), before
                )
            with made.snapshot() as after:
                _compare(before, after, move, target)
            if old.taxonomy is not None:
                target.save_taxonomy(old.taxonomy, 1)
            target.save_sources(old.directory.sources(), 1)
            own, version, kept = old.taxonomy is not None, tracuu_version(), kept_options(kind)
            target.save_manifest(
                Manifest(engine, old.manifest.fingerprint, 1, version, own, options=kept)
            )
        except BaseException:
            if isinstance(made, Remote) and not target.exists():
                made.discard()
            raise


def _check_empty(made: Engine, target: IndexDirectory) -> None:
    """Raise IndexExists for an index on a server that others have filled already."""
    with made.snapshot() as snapshot:
        if snapshot.search(Request(MatchAll(), limit=0)).total:
            raise IndexExists(
                target.folder,
                "the index on the cluster holds reports already; choose another name (--name)",
            )


@dataclass(frozen=True, slots=True)
class _Move:
    """Changes to a record by the move: the origin of its files, the uploads' folder."""

    origins: tuple[str, str]
    folders: tuple[str, str]
    relocation: Relocation

    def records(self, snapshot: Snapshot) -> list[Record]:
        """All reports as the new folder has them."""
        return [self._moved(record) for record in read_records(snapshot)]

    def _moved(self, record: Record) -> Record:
        if record.origin != self.origins[0]:
            return record
        record = self.relocation.record(record)
        source, (old, new) = record.report.source or "", self.folders
        if source.startswith(old):
            record = replace(record, report=replace(record.report, source=new + source[len(old) :]))
        return replace(record, origin=self.origins[1])


def _move(old: IndexDirectory, target: IndexDirectory, made: Engine) -> _Move:
    origins = old.origin(), made.origin if isinstance(made, Remote) else ""
    return _Move(
        origins,
        (os.path.join(old.folder, UPLOADS, ""), os.path.join(target.folder, UPLOADS, "")),
        old.relocation(),
    )


def _fill(writer: DocumentWriter, records: list[Record], before: Snapshot) -> Iterator[Copied]:
    for record in records:
        passages = list(passages_of(before, record.report.id))
        writer.add(record, passages)
        yield Copied(record.report.id, len(passages), len(records))


def _copy_files(source: IndexDirectory, target: IndexDirectory) -> None:
    """Copy the files beside the engine: uploads, vectors, words, corrections, alerts…"""
    with target.writing():
        for name in (*PEOPLE, ALERTS, UPLOADS):
            take_over(source.folder / name, target.folder / name)
    for name in (os.path.basename(source.words), VECTORS):
        if os.path.isfile(source.folder / name):
            _copy_cache(source.folder / name, target.folder / name)


def _copy_cache(old: Path, new: Path) -> None:
    """Copy a database that may be deleted: one that cannot be read is left out."""
    try:
        with (
            closing(sqlite3.connect(f"{old.as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(new)) as target,
        ):
            source.backup(target)
    except (sqlite3.Error, OSError):
        with suppress(OSError):
            new.unlink()


# --- is it the same? ---


def _compare(before: Snapshot, after: Snapshot, move: _Move, target: IndexDirectory) -> None:
    """Raises WriteFailed where the copy is not what the index was."""
    records = {record.report.id: record for record in move.records(before)}
    copies = {record.report.id: record for record in read_records(after)}
    if records != copies:
        names = sorted(
            name for name in {**records, **copies} if records.get(name) != copies.get(name)
        )
        raise _unequal(target, Message("report {name!r} is not the same", name=names[0]))
    for name in records:
        if list(passages_of(before, name)) != list(passages_of(after, name)):
            raise _unequal(
                target, Message("passages of the report {name!r} are not the same", name=name)
            )
    counts = [_counts(snapshot) for snapshot in (before, after)]
    if counts[0] != counts[1]:
        raise _unequal(target, "areas or assessments have other numbers of passages")
    _compare_rankings(before, after, target)


def _counts(snapshot: Snapshot) -> dict[str, dict[str, int]]:
    found = snapshot.search(
        Request(TermIn(KIND, (PASSAGE_KIND,)), limit=0, facets=(AREA, ASSESSMENT))
    )
    return {
        name: {value: count.matches for value, count in facet.items()}
        for name, facet in found.facets.items()
    }


def _compare_rankings(before: Snapshot, after: Snapshot, target: IndexDirectory) -> None:
    searchers = [Searcher(snapshot, Analyser(), str) for snapshot in (before, after)]
    seen: Counter[str] = Counter()
    for query in _some_queries(before):
        old, new = (searcher.search(query, literal=True, collapse=False) for searcher in searchers)
        if old.total != new.total:
            raise _unequal(
                target,
                Message(
                    "{query!r} finds {found:,} passages and not {wanted:,}",
                    query=query,
                    found=new.total,
                    wanted=old.total,
                ),
            )
        seen["same"] += len({hit.passage.id for hit in old} & {hit.passage.id for hit in new})
        seen["all"] += len(old)
    if seen["same"] < ALIKE * seen["all"]:
        raise _unequal(
            target,
            Message(
                "of {total} passages among the ten best only {same} are the same",
                total=seen["all"],
                same=seen["same"],
            ),
        )


def _some_queries(snapshot: Snapshot) -> Iterator[str]:
    """The first words of passages, from all over the index."""
    total = snapshot.search(Request(TermIn(KIND, (PASSAGE_KIND,)), limit=0)).total
    for number in range(min(QUERIES, total)):
        offset = number * total // QUERIES if total > QUERIES else number
        request = Request(
            TermIn(KIND, (PASSAGE_KIND,)), limit=1, offset=offset, order=(SortKey(REPORT),)
        )
        for hit in snapshot.search(request).hits:
            words = [
                token.text
                for token in tokenise(read_passage(hit.stored).text)
                if token.kind != "code"
            ]
            if words:
                yield " ".join(islice(words, _WORDS))


def _unequal(target: IndexDirectory, what: str) -> WriteFailed:
    return WriteFailed(
        target.folder,
        "the copy is not equal to the index and was not kept: {what}; please report it",
        what=what,
    )
