"""Copy an index to another folder or engine, without its source files."""

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

QUERIES = 25  # searches compared at the end, made of first words of passages
ALIKE = 0.95  # share of their ten best hits that must be the same
_WORDS = 3  # words in each of these searches


@dataclass(frozen=True, slots=True)
class Copied:
    """Progress of a copy: report id, its passages, total number of reports."""

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

    Yields one :class:`Copied` per report, as it is copied. The source files are not needed.
    Passages are analysed again using the cached word segmentation; everything else is copied, so a
    later update of the copy finds its files unchanged. ``engine`` is the engine of the copy (None:
    the same), ``options`` are its options, ``source_options`` those that open the source index.

    Searches continue meanwhile and writers wait; an index on read-only media is copied without a
    lock. At the end all reports and passages, the counts by area and assessment, and the ten best
    hits of some searches are compared; the copy becomes an index only if they agree. An error, or
    leaving the generator early, removes everything written; the remains of a killed copy in ``to``
    are removed by the next one.

    Raises the errors of Index.open, IndexExists (``to`` is not empty), IndexBusy (after ``wait``
    seconds another writer, or another copy into ``to``, is still at work), WriteFailed (also if the
    copy differs), OptionError (unknown engine or option), MissingExtra.
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
            if isinstance(engine, Verifiable):  # searches do not verify every checksum
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
    """Copy everything to the new folder; the manifest, written last, commits it."""
    kind = engine_kind(engine, options, fingerprint=old.manifest.fingerprint)
    _copy_files(old.directory, target)
    with closing(kind.create(target.new_data(1), SCHEMA)) as made, old.engine.snapshot() as before:
        try:
            _check_empty(made, target)
            move = _move(old.directory, target, made)
            with made.writer() as writer:
                yield from _fill(DocumentWriter(writer, Analyser()), move.records(before), before)
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
    """Raise IndexExists if the index on the server already holds reports."""
    with made.snapshot() as snapshot:
        if snapshot.search(Request(MatchAll(), limit=0)).total:
            raise IndexExists(
                target.folder,
                "the index on the cluster holds reports already; choose another name (--name)",
            )


@dataclass(frozen=True, slots=True)
class _Move:
    """Adapts records to the new folder: origin of files, folder of uploads."""

    origins: tuple[str, str]
    folders: tuple[str, str]
    relocation: Relocation

    def records(self, snapshot: Snapshot) -> list[Record]:
        """All reports, as stored in the new folder."""
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
    """Copy the files beside the engine: uploads, vectors, corrections, alerts…"""
    with target.writing():
        for name in (*PEOPLE, ALERTS, UPLOADS):
            take_over(source.folder / name, target.folder / name)
    if os.path.isfile(source.folder / VECTORS):
        _copy_cache(source.folder / VECTORS, target.folder / VECTORS)


def _copy_cache(old: Path, new: Path) -> None:
    """Copy a cache database, skipping one that cannot be read."""
    try:
        with (
            closing(sqlite3.connect(f"{old.as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(new)) as target,
        ):
            source.backup(target)
    except (sqlite3.Error, OSError):
        with suppress(OSError):
            new.unlink()


# --- verify the copy ---


def _compare(before: Snapshot, after: Snapshot, move: _Move, target: IndexDirectory) -> None:
    """Raise WriteFailed if the copy differs from the index."""
    records = {record.report.id: record for record in move.records(before)}
    copies = {record.report.id: record for record in read_records(after)}
    if records != copies:
        names = sorted(
            name for name in {**records, **copies} if records.get(name) != copies.get(name)
        )
        raise _unequal(target, Message("report {name!r} differs", name=names[0]))
    for name in records:
        if list(passages_of(before, name)) != list(passages_of(after, name)):
            raise _unequal(target, Message("passages of report {name!r} differ", name=name))
    counts = [_counts(snapshot) for snapshot in (before, after)]
    if counts[0] != counts[1]:
        raise _unequal(target, "the numbers of passages by area or assessment differ")
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
                    "{query!r} finds {found:,} passages instead of {wanted:,}",
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
                "only {same} of {total} passages among the ten best hits are the same",
                total=seen["all"],
                same=seen["same"],
            ),
        )


def _some_queries(snapshot: Snapshot) -> Iterator[str]:
    """First words of passages, sampled evenly over the index."""
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
        "the copy differs from the index and was removed: {what}; please report this",
        what=what,
    )
