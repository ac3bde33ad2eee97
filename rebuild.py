"""Making an index anew from its reports, beside the old one, and switching at once."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from .corpus import Limits, Reader, Taxonomy, default_taxonomy
from .engines import engine_class
from .engines.contract import Snapshot
from .errors import IndexDamaged, OptionError, StorageError, TracuuError
from .fields import SCHEMA
from .indexer import Change, Intake, Record, Updater, read_records
from .indexer.files import is_within
from .indexer.words import KnownWords, RememberingAnalyser
from .lookup import passages_of
from .settings import fingerprint, tracuu_version
from .storage import Manifest, Sources, Storage

_log = logging.getLogger("tracuu.rebuild")
_UNREADABLE = (TracuuError, LookupError, TypeError, ValueError)  # of a damaged index, or of another version's


def rebuild(
    path: str | os.PathLike[str],
    *,
    taxonomy: Taxonomy | str | os.PathLike[str] | None = None,
    engine: str | None = None,
    wait: float = 0.0,
    limits: Limits | None = None,
    jobs: int | None = None,
) -> Iterator[Change]:
    """Make the index at ``path`` anew from the files it was made from; yields one Change a file.

    Nothing of the old index need be readable. Reports keep their ids; passages that an application added
    without files are carried over where the old index can still be read, and so is what it holds of files
    that cannot be read now. The index keeps its taxonomy and engine unless others are given. Searches see
    the old index until the new one is whole; leaving the generator early leaves the old one. ``jobs`` is as
    for ``Index.update``. Raises IndexNotFound, NotAnIndex, IndexBusy, WriteFailed, TaxonomyError.
    """
    if jobs is not None and jobs < 1:
        raise OptionError("jobs counts processes: 1 or more")
    storage = Storage(path)
    old = _old_manifest(storage)
    with storage.lock(wait):
        chosen = Taxonomy.choose(taxonomy) if taxonomy is not None else _old_taxonomy(storage, old)
        generation = _latest_generation(storage) + 1
        name = engine or old.engine
        made = engine_class(name).create(storage.new_data(generation), SCHEMA)
        try:
            with (
                KnownWords(storage.words) as words,
                _old_snapshot(storage, old) as snapshot,
                made.writer() as writer,
            ):
                records = _old_records(storage, snapshot)
                sources = _old_sources(storage, records)
                carrier = _Carrier(snapshot, Intake(writer, RememberingAnalyser(words)))
                carried = [record for record in records if record.digest is None and carrier.carry(record)]
                updater = Updater(
                    carrier.intake,
                    Reader(chosen),
                    carried,
                    limits=limits,
                    known_ids=sources.ids,
                    own_folder=str(storage.folder),
                    jobs=jobs,
                    words=words,
                )
                failed: list[str] = []
                for change in updater.run(sources.paths):
                    if change.kind == "failed":
                        failed.append(change.path)
                    else:
                        sources.ids[change.path] = change.reports[0]
                    yield change
                for record in records:  # what cannot be read now stays as it was read before
                    if record.digest is not None and is_within(record.report.source or "", failed):
                        carrier.carry(record)
                words.save()
            made.close()
        except BaseException:
            made.close()
            storage.drop_data(generation)
            raise
        own = chosen is not default_taxonomy()
        if own:
            storage.save_taxonomy(chosen.text)
        storage.save_manifest(Manifest(name, fingerprint(chosen.text), generation, tracuu_version(), own))
        storage.save_sources(sources)
        if not own:
            storage.drop_taxonomy()
        storage.drop_other_data(generation)


def _old_manifest(storage: Storage) -> Manifest:
    """The old manifest, or what can be told without it where it is torn or of another format."""
    if not storage.exists():
        return storage.manifest()  # raises
    try:
        return storage.manifest()
    except StorageError:
        return Manifest("whoosh", "", _latest_generation(storage), own_taxonomy=storage.has_taxonomy())


def _old_taxonomy(storage: Storage, old: Manifest) -> Taxonomy:
    if not old.own_taxonomy:
        return default_taxonomy()
    try:
        text = storage.taxonomy()
    except IndexDamaged as error:
        raise IndexDamaged(
            storage.folder, "taxonomy.toml is missing or torn; give the taxonomy again, with --taxonomy FILE"
        ) from error
    return Taxonomy.parse(text, str(storage.folder / "taxonomy.toml"))


def _latest_generation(storage: Storage) -> int:
    numbers = [int(folder.name[5:]) for folder in storage.folder.glob("data-*") if folder.name[5:].isdecimal()]
    return max(numbers, default=0)


@contextmanager
def _old_snapshot(storage: Storage, old: Manifest) -> Iterator[Snapshot | None]:
    """The old index as it stands, or None where it cannot be read."""
    with ExitStack() as stack:
        snapshot = None
        try:
            engine = engine_class(old.engine).open(storage.data(old.generation), SCHEMA)
            stack.callback(engine.close)
            snapshot = stack.enter_context(engine.snapshot())
        except TracuuError as error:
            _log.warning("%s: what was added without files is lost: %s", storage.folder, error)
        yield snapshot


def _old_records(storage: Storage, snapshot: Snapshot | None) -> list[Record]:
    try:
        return list(read_records(snapshot)) if snapshot is not None else []
    except _UNREADABLE as error:
        _log.warning("%s: what was added without files is lost: %s", storage.folder, error)
        return []


def _old_sources(storage: Storage, records: list[Record]) -> Sources:
    """Where the reports came from, as remembered, or else as the old index tells."""
    try:
        return storage.known_sources()
    except IndexDamaged:
        first = [record for record in records if record.report.source is not None and record.part == 1]
        if not records:
            raise
        ids = {record.report.source or "": record.report.id for record in first if record.digest is not None}
        return Sources(sorted(ids), ids)


class _Carrier:
    """Puts reports of the old index into the new one."""

    def __init__(self, snapshot: Snapshot | None, intake: Intake) -> None:
        self._snapshot = snapshot
        self.intake = intake

    def carry(self, record: Record) -> bool:
        """Take a report over; False where its passages cannot be read."""
        assert self._snapshot is not None, "there is no record without a snapshot"
        try:
            passages = list(passages_of(self._snapshot, record.report.id))
        except _UNREADABLE as error:
            _log.warning("report %s is lost: %s", record.report.id, error)
            return False
        self.intake.put(record, passages)
        return True
