"""Making an index anew from its reports, beside the old one, and switching at once."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

from .corpus import Limits, Reader, Taxonomy, default_taxonomy
from .engines import engine_class
from .errors import StorageError, TracuuError
from .fields import SCHEMA
from .indexer import Change, Intake, Record, Updater, read_records
from .lookup import passages_of
from .settings import fingerprint, load_taxonomy, tracuu_version
from .storage import Manifest, Sources, Storage
from .vietnamese import Analyser

_log = logging.getLogger("tracuu.rebuild")


def rebuild(
    path: str | os.PathLike[str],
    *,
    taxonomy: Taxonomy | str | os.PathLike[str] | None = None,
    engine: str | None = None,
    wait: float = 0.0,
    limits: Limits | None = None,
) -> Iterator[Change]:
    """Make the index at ``path`` anew from the files it was made from; yields one Change a file.

    Nothing of the old index need be readable. Reports keep their ids; passages that an application added
    without files are carried over where the old index can still be read. The index keeps its taxonomy and
    engine unless others are given. Searches see the old index until the new one is whole; leaving the
    generator early leaves the old one. Raises IndexNotFound, NotAnIndex, IndexBusy, WriteFailed,
    TaxonomyError.
    """
    storage = Storage(path)
    old = _old_manifest(storage)
    with storage.lock(wait):
        chosen = load_taxonomy(taxonomy) if taxonomy is not None else _old_taxonomy(storage, old)
        generation = _next_generation(storage)
        name = engine or old.engine
        made = engine_class(name).create(storage.new_data(generation), SCHEMA)
        sources = storage.sources()
        ids: dict[str, str] = {}
        try:
            with made.writer() as writer:
                intake = Intake(writer, Analyser())
                updater = Updater(
                    intake,
                    Reader(chosen),
                    _carry_over(storage, old, intake),
                    limits=limits,
                    known_ids=sources.ids,
                    own_folder=str(storage.folder),
                )
                for change in updater.run(sources.paths):
                    if change.reports and change.kind != "failed":
                        ids[change.path] = change.reports[0]
                    yield change
        finally:
            made.close()
        own = chosen is not default_taxonomy()
        if own:
            storage.save_taxonomy(chosen.text)
        storage.save_manifest(Manifest(name, fingerprint(chosen), generation, tracuu_version(), own))
        storage.save_sources(Sources(sources.paths, ids))
        storage.drop_other_data(generation)


def _old_manifest(storage: Storage) -> Manifest:
    """The old manifest, or a plain one where it is torn or of another format."""
    if not storage.exists():
        return storage.manifest()  # raises
    try:
        return storage.manifest()
    except StorageError:
        return Manifest("whoosh", "")


def _old_taxonomy(storage: Storage, old: Manifest) -> Taxonomy:
    if not old.own_taxonomy:
        return default_taxonomy()
    return Taxonomy.parse(storage.taxonomy(), str(storage.folder / "taxonomy.toml"))


def _next_generation(storage: Storage) -> int:
    numbers = [int(folder.name[5:]) for folder in storage.folder.glob("data-*") if folder.name[5:].isdigit()]
    return max(numbers, default=0) + 1


def _carry_over(storage: Storage, old: Manifest, intake: Intake) -> list[Record]:
    """Put reports that came from no file into the new index, if the old one can still be read."""
    carried = []
    try:
        engine = engine_class(old.engine).open(storage.data(old.generation), SCHEMA)
    except TracuuError as error:
        _log.warning("%s: reports added without files are lost: %s", storage.folder, error)
        return []
    try:
        with engine.snapshot() as snapshot:
            for record in read_records(snapshot):
                if record.report.source is None:
                    intake.put(record, passages_of(snapshot, record.report.id))
                    carried.append(record)
    except TracuuError as error:
        _log.warning("%s: some reports added without files are lost: %s", storage.folder, error)
    finally:
        engine.close()
    return carried
