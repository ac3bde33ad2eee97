"""Making an index anew from its reports, beside the old one, and switching at once."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from ..corpus import Limits, Reader, Taxonomy, default_taxonomy
from ..corpus.readers.source import ocr_languages
from ..engines import ENGINES, Kind, engine_kind, engine_of, kept_options
from ..engines.engine import Engine, Remote, Snapshot, Writer
from ..engines.processes import available_jobs
from ..errors import (
    COMMITTED,
    EngineUnreachable,
    IndexDamaged,
    OptionError,
    TracuuError,
    WriteFailed,
)
from ..indexer import Change, DocumentWriter, Updater
from ..indexer.files import absolute, is_within
from ..indexer.word_cache import CachingAnalyser, SegmentationCache
from ..records import Record, passages_of, read_records
from ..schema import SCHEMA
from .corrections import StoredCorrections
from .directory import IndexDirectory, Manifest, Sources
from .fingerprint import fingerprint, tracuu_version
from .uploads import Uploads

_log = logging.getLogger("tracuu.index.rebuild")
_PASSING = (errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EINTR)
_UNREADABLE = (
    TracuuError,
    LookupError,
    TypeError,
    ValueError,
)  # of a damaged index, or of another version's


def rebuild(
    path: str | os.PathLike[str],
    paths: Iterable[str | os.PathLike[str]] | None = None,
    *,
    taxonomy: Taxonomy | str | os.PathLike[str] | None = None,
    engine: str | None = None,
    options: Mapping[str, Any] | None = None,
    wait: float = 0.0,
    limits: Limits | None = None,
    ocr: bool | str = False,
    jobs: int | None = None,
) -> Iterator[Change]:
    """Make the index at ``path`` anew from the files it was made from; yields one Change a file.

    Nothing of the old index need be readable. ``paths`` are files and folders to read instead of
    those that the index remembers; reports that were put as bytes are read again in any case.
    Reports keep their ids; passages that an application added without files are carried over where
    the old index can still be read, and so is what it holds of files that cannot be read now or
    that are another machine's. The index keeps its taxonomy, its engine and the engine's
    ``options`` unless others are given. Searches see the old index until the new one is whole;
    leaving the generator early leaves the old one. ``jobs`` and ``ocr`` are as for
    ``Index.update``. Raises IndexNotFound, NotAnIndex, IndexDamaged (it is not known where the
    reports are: name them), IndexBusy, WriteFailed, TaxonomyError, EngineUnreachable.
    """
    if jobs is not None and jobs < 1:
        raise OptionError("jobs counts processes: 1 or more")
    languages = ocr_languages(ocr)
    storage = IndexDirectory(path)
    if not storage.is_ours():
        storage.manifest()  # raises
    with storage.lock(wait):
        old = _Old(storage, options)
        chosen = Taxonomy.choose(taxonomy) if taxonomy is not None else old.taxonomy()
        own = chosen is not default_taxonomy()
        generation = max([*storage.generations(), old.generation]) + 1
        name = engine or old.engine
        made_by = fingerprint(chosen.text)
        kind = engine_kind(
            name, options, kept=old.options if name == old.engine else None, fingerprint=made_by
        )
        try:
            with _building(kind, storage.new_data(generation)) as made:
                with (
                    old.snapshot() as snapshot,
                    made.writer(jobs=jobs or available_jobs()) as writer,
                ):
                    origin = made.origin if isinstance(made, Remote) else ""
                    sources = yield from _fill(
                        writer,
                        chosen,
                        storage,
                        snapshot,
                        _roots(paths),
                        limits,
                        jobs,
                        origin,
                        languages,
                    )
                if own:
                    storage.save_taxonomy(chosen.text, generation)
                storage.save_sources(sources)
            kept = kept_options(kind)
            storage.save_manifest(
                Manifest(name, made_by, generation, tracuu_version(), own, options=kept)
            )
            storage.sweep(generation)
        except BaseException as error:
            if not storage.is_at(generation):
                storage.drop_generation(generation)
            elif isinstance(error, KeyboardInterrupt):
                raise KeyboardInterrupt(COMMITTED) from error
            raise


def _roots(paths: Iterable[str | os.PathLike[str]] | None) -> list[str] | None:
    if paths is None:
        return None
    return [
        absolute(each) for each in ([paths] if isinstance(paths, (str, os.PathLike)) else paths)
    ]


@contextmanager
def _building(kind: Kind, folder: Path) -> Iterator[Engine]:
    """A new engine in ``folder``; where its data is shared, it takes the old one's place if all
    goes well.
    """
    with closing(kind.create(folder, SCHEMA)) as made:
        try:
            yield made
            if isinstance(made, Remote):
                made.publish()
        except BaseException:
            if isinstance(made, Remote):
                made.discard()
            raise


def _fill(
    writer: Writer,
    taxonomy: Taxonomy,
    storage: IndexDirectory,
    snapshot: Snapshot | None,
    roots: list[str] | None,
    limits: Limits | None,
    jobs: int | None,
    origin: str,
    ocr: str,
) -> Generator[Change, None, Sources]:
    """Put everything into the new generation; what it was made from."""
    with SegmentationCache(storage.words) as words:
        records = _old_records(storage, snapshot)
        ours = (origin, storage.origin())
        others = [
            record for record in records if record.digest is None or record.origin not in ours
        ]
        records = [
            record for record in records if record.digest is not None and record.origin in ours
        ]
        uploads = Uploads(storage)
        uploaded = uploads.counting(records)
        sources = _old_sources(storage, records, roots, needed=not uploaded)
        corrections = StoredCorrections(storage)
        intake = DocumentWriter(writer, CachingAnalyser(words), corrections)
        carrier = _Carrier(storage, snapshot, intake)
        carried = [record for record in others if carrier.carry(record)]
        updater = Updater(
            carrier.intake,
            Reader(taxonomy),
            carried,
            limits=limits,
            ocr=ocr,
            known_ids={**sources.ids, **uploads.ids(uploaded)},
            own_folder=str(storage.folder),
            jobs=jobs,
            words=words,
            names=uploads.names(uploaded),
            origin=origin,
        )
        failed: list[str] = []
        for change in updater.run([*sources.paths, *map(uploads.path, uploaded)]):
            if change.kind == "failed":
                failed.append(change.path)
            else:
                sources.ids[change.path] = change.reports[0]
            yield change
        for record in records:  # what cannot be read now stays as it was read before
            if is_within(record.report.source or "", failed):
                carrier.carry(record)
        words.save()
        corrections.save()
    return sources


class _Old:
    """What can be told of the index as it is, however damaged or old: how it was made, and its
    snapshot.
    """

    def __init__(self, storage: IndexDirectory, options: Mapping[str, Any] | None) -> None:
        """``options`` are the engine's, as they are given for the new one; what the old one was
        made with stays.
        """
        self._storage = storage
        manifest = storage.settings()
        self.options = manifest.options if manifest else {}
        self._given = {
            name: value for name, value in (options or {}).items() if name not in self.options
        }
        self._known = manifest is not None
        self.generation = manifest.generation if manifest else 0
        self.engine = (
            manifest.engine if manifest and manifest.engine in ENGINES else self._engine_found()
        )
        self._own_taxonomy = manifest.own_taxonomy if manifest else bool(storage.taxonomies())

    def _engine_found(self) -> str:
        """The engine whose files lie there, where the manifest cannot tell."""
        generations = [self.generation] if self._known else self._storage.generations()
        found = (engine_of(self._storage.data(generation), SCHEMA) for generation in generations)
        return next((name for name in found if name), "whoosh")

    def taxonomy(self) -> Taxonomy:
        """The taxonomy it was made with. Raises IndexDamaged, TaxonomyError."""
        if not self._own_taxonomy:
            return default_taxonomy()
        generation = self.generation if self._known else self._storage.taxonomies()[0]
        text = self._storage.taxonomy(generation)
        return Taxonomy.parse(text, str(self._storage.taxonomy_file(generation)))

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot | None]:
        """The old index as it stands, or None where it cannot be read.

        Without a manifest nobody knows which generation counted: the newest one that holds
        anything.
        """
        generations = [self.generation] if self._known else self._storage.generations()
        with ExitStack() as stack:
            found = None
            for generation in generations:
                try:
                    kind = engine_kind(
                        self.engine, self._given if self.options else None, kept=self.options
                    )
                    engine = kind.open(self._storage.data(generation), SCHEMA)
                    stack.callback(engine.close)
                    snapshot = stack.enter_context(engine.snapshot())
                    if self._known or any(True for _ in read_records(snapshot)):
                        found = snapshot
                        break
                except _UNREADABLE as error:
                    _check_that_it_is_damage(error, self._storage)
                    _log.warning(
                        "%s: what was added without files is lost: %s", self._storage.folder, error
                    )
            yield found


def _old_records(storage: IndexDirectory, snapshot: Snapshot | None) -> list[Record]:
    try:
        return list(read_records(snapshot)) if snapshot is not None else []
    except _UNREADABLE as error:
        _check_that_it_is_damage(error, storage)
        _log.warning("%s: what was added without files is lost: %s", storage.folder, error)
        return []


def _check_that_it_is_damage(error: BaseException, storage: IndexDirectory) -> None:
    """Raises WriteFailed where the old index cannot be read for a reason that passes: nothing need
    be lost then.
    """
    if isinstance(error, EngineUnreachable):
        raise error
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _PASSING:
            raise WriteFailed(
                storage.folder,
                f"the old index cannot be read ({cause.strerror}), and what was added to it without files would "
                "be lost; mend that first",
            ) from error
        cause = cause.__cause__ or cause.__context__


def _old_sources(
    storage: IndexDirectory, records: list[Record], roots: list[str] | None, *, needed: bool
) -> Sources:
    """Where the reports came from, as asked for, or as remembered, or else as the old index
    tells.
    """
    try:
        sources = storage.known_sources()
    except IndexDamaged:
        first = [
            record for record in records if record.report.source is not None and record.part == 1
        ]
        if not records and roots is None and needed:
            raise
        ids = {
            record.report.source or "": record.report.id
            for record in first
            if record.digest is not None
        }
        sources = Sources(sorted(ids), ids)
    return sources if roots is None else _relocated(sources, roots)


def _relocated(sources: Sources, roots: list[str]) -> Sources:
    """``sources`` for other folders: a file at the same place below them keeps its report's id."""
    ids = {path: name for path, name in sources.ids.items() if is_within(path, roots)}
    for path, name in sources.ids.items():
        for old in sources.paths:
            if path.startswith(os.path.join(old, "")):
                for root in roots:
                    place = os.path.join(root, os.path.relpath(path, old))
                    if os.path.lexists(place):
                        ids.setdefault(place, name)
    return Sources(list(dict.fromkeys(roots)), ids)


class _Carrier:
    """Puts reports of the old index into the new one."""

    def __init__(
        self, storage: IndexDirectory, snapshot: Snapshot | None, intake: DocumentWriter
    ) -> None:
        self._storage = storage
        self._snapshot = snapshot
        self.intake = intake

    def carry(self, record: Record) -> bool:
        """Take a report over; False where its passages cannot be read."""
        assert self._snapshot is not None, "there is no record without a snapshot"
        try:
            passages = list(passages_of(self._snapshot, record.report.id))
        except _UNREADABLE as error:
            _check_that_it_is_damage(error, self._storage)
            _log.warning("report %s is lost: %s", record.report.id, error)
            return False
        self.intake.add(record, passages)
        return True
