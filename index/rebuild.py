"""Rebuild an index from its reports beside the old one, then switch."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..corpus import Limits, Reader, Report, Taxonomy, default_taxonomy
from ..corpus.members import free_id
from ..corpus.readers.source import ocr_languages
from ..engines import Kind, engine_kind, kept_options
from ..engines.engine import Engine, Remote
from ..engines.query import Request, TermIn
from ..errors import COMMITTED, IndexDamaged, Message, OptionError, WriteFailed
from ..indexer import Change, DocumentWriter, Updater
from ..indexer.containers import ALL, Extras, extras_of, file_exists
from ..indexer.files import absolute, is_within
from ..records import Record, first_ids, read_records
from ..schema import KIND, PASSAGE_KIND, REPORT, SCHEMA
from ..vietnamese import Analyser
from .corrections import StoredCorrections, finish_undone, settle
from .directory import IndexDirectory
from .fingerprint import fingerprint, tracuu_version
from .ignore import ignore_rules
from .manifest import Manifest
from .old_index import OldIndex
from .salvage import Salvage, Salvaged
from .sources import Sources
from .uploads import Upload, Uploads, file_of

_log = logging.getLogger("tracuu.index")
UNKNOWN = "*"  # in Manifest.kept: reports whose ids cannot be read


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
    accept_loss: bool = False,
) -> Iterator[Change]:
    """Rebuild the index at ``path`` from the files it was made from.

    Yields one Change per file.

    ``paths`` are files and folders to read instead of the known sources; uploaded originals are
    always read. Every report of the old index that is not read again is carried over with its id
    (``kept``): passages added by an application, and reports whose files are gone, unreadable or
    elsewhere. Only a file that was read again replaces its report.

    The old index may be unreadable. Damaged passages that only it held are reported as ``lost``,
    one Change per report; the old data then stay in the folder and the next rebuild tries them
    again, until one with ``accept_loss`` removes them.

    Taxonomy, engine and the engine's ``options`` stay unless given. Searches see the old index
    until the new one is complete and has been read back; leaving the generator early keeps the old
    one. ``jobs`` and ``ocr`` are as for ``Index.update``. Raises IndexNotFound, NotAnIndex,
    IndexDamaged (the sources are unknown: give ``paths``), IndexBusy, WriteFailed, TaxonomyError,
    EngineUnreachable.
    """
    if jobs is not None and jobs < 1:
        raise OptionError("jobs counts processes: 1 or more")
    reading = _Reading(_roots(paths), limits, ocr_languages(ocr), jobs)
    yield from _remake(path, reading, taxonomy, engine, options, wait, accept_loss)


def upgrade(
    path: str | os.PathLike[str],
    *,
    options: Mapping[str, Any] | None = None,
    wait: float = 0.0,
    jobs: int | None = None,
) -> Iterator[Change]:
    """Bring the index at ``path`` up to date from its stored passages.

    No report is read: passages, areas, assessments and ids stay, and their words are analysed
    again. Yields one Change per report, ``"kept"``. To read the reports again with the readers of
    this version, use :func:`rebuild`. Searches see the old index until the new one is complete.
    Raises the errors of :func:`rebuild`, and WriteFailed if passages cannot be read.
    """
    if jobs is not None and jobs < 1:
        raise OptionError("jobs counts processes: 1 or more")
    reading = _Reading(None, None, "", jobs, again=False)
    yield from _remake(path, reading, None, None, options, wait, False)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Which files a rebuild reads, and how; none if ``again`` is False."""

    roots: list[str] | None
    limits: Limits | None
    ocr: str
    jobs: int | None
    again: bool = True


def _remake(
    path: str | os.PathLike[str],
    reading: _Reading,
    taxonomy: Taxonomy | str | os.PathLike[str] | None,
    engine: str | None,
    options: Mapping[str, Any] | None,
    wait: float,
    accept_loss: bool,
) -> Iterator[Change]:
    """Build a new generation and switch to it when it is complete."""
    directory = IndexDirectory(path)
    if not directory.is_ours():
        directory.manifest()  # raises
    with directory.lock(wait):
        old = OldIndex(directory, options)
        chosen = Taxonomy.choose(taxonomy) if taxonomy is not None else old.taxonomy()
        own = chosen is not default_taxonomy()
        generation = max([*directory.generations(), old.generation]) + 1
        name = engine or old.engine
        made_by = fingerprint(chosen.text)
        kept = old.options if name == old.engine else None
        kind = engine_kind(name, options, kept=kept, fingerprint=made_by)
        try:
            work = _Rebuild(directory, old, chosen, reading)
            with _building(kind, directory, generation) as made:
                yield from work.fill(made)
                finish_undone(directory, made)
                if (
                    work.lost
                    and not accept_loss
                    and (isinstance(made, Remote) or not reading.again)
                ):
                    raise _refused(directory, work.lost)
                _read_back(kind, made, directory.data(generation), work)
                if isinstance(made, Remote):
                    made.publish()
                if own:
                    directory.save_taxonomy(chosen.text, generation)
                directory.save_sources(work.sources, generation)
                manifest = Manifest(
                    name, made_by, generation, tracuu_version(), own, options=kept_options(kind),
                    kept={} if accept_loss else work.kept(),
                )  # fmt: skip
                directory.save_manifest(manifest)
            settle(directory)
            directory.sweep(manifest.generations)
        except BaseException as error:
            if not directory.is_at(generation):
                directory.drop_generation(generation)
            elif isinstance(error, KeyboardInterrupt):
                raise KeyboardInterrupt(COMMITTED) from error
            raise


def _roots(paths: Iterable[str | os.PathLike[str]] | None) -> list[str] | None:
    if paths is None:
        return None
    given = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    return [absolute(each) for each in given]


@contextmanager
def _building(kind: Kind, directory: IndexDirectory, generation: int) -> Iterator[Engine]:
    """Create the engine of a new generation.

    Its data on a server are deleted unless the generation is committed.
    """
    with closing(kind.create(directory.new_data(generation), SCHEMA)) as made:
        try:
            yield made
        except BaseException:
            if isinstance(made, Remote) and not directory.is_at(generation):
                made.discard()
            raise


def _read_back(kind: Kind, made: Engine, folder: Path, work: _Rebuild) -> None:
    """Read the new data back; raise WriteFailed unless they are complete."""
    where = work.directory.folder
    with ExitStack() as stack:
        if not isinstance(made, Remote):
            for problem in kind.integrity_check(folder, SCHEMA):
                if not problem.leftover:
                    raise _unproven(where, problem.what)
            made = stack.enter_context(closing(kind.open(folder, SCHEMA)))
        snapshot = stack.enter_context(made.snapshot())
        wanted = {record.report.id: record.report.passages for record in work.records}
        found = {record.report.id: record.report.passages for record in read_records(snapshot)}
        request = Request(TermIn(KIND, (PASSAGE_KIND,)), limit=0, facets=(REPORT,))
        counted = snapshot.search(request).facets.get(REPORT, {})
        passages = {name: counted[name].matches if name in counted else 0 for name in found}
        for name in sorted({*wanted, *found}):
            if wanted.get(name) != found.get(name) or passages[name] != wanted[name]:
                raise _unproven(where, Message("report {name!r} is not complete", name=name))


def _unproven(folder: Path, what: str) -> WriteFailed:
    return WriteFailed(
        folder,
        "the new data cannot be read back ({what}), so the index is unchanged; check the disk",
        what=what,
    )


def _refused(directory: IndexDirectory, lost: Mapping[str, str]) -> WriteFailed:
    names = ", ".join(sorted(lost)[:5])
    return WriteFailed(
        directory.folder,
        "passages of {count} reports cannot be read ({names}) and would be lost, "
        "so the index stays as it was; to rebuild without them: tracuu rebuild "
        "--accept-loss",
        count=len(lost),
        names=names,
    )


@dataclass(slots=True)
class _Rebuild:
    """One rebuild.

    Reads files again, copies all other reports, and records losses.
    """

    directory: IndexDirectory
    old: OldIndex
    taxonomy: Taxonomy
    reading: _Reading
    sources: Sources = field(default_factory=Sources)
    records: list[Record] = field(default_factory=list)  # all records of the new index
    lost: dict[str, str] = field(default_factory=dict)  # report → description of the loss
    fresh: set[str] = field(default_factory=set)  # reports read again from files
    still: dict[str, list[str]] = field(default_factory=dict)  # generation → reports still lost
    uploaded: list[str] = field(default_factory=list)  # reports that were uploaded
    altered: dict[str, str] = field(default_factory=dict)  # originals with other bytes → report

    def kept(self) -> dict[str, list[str]]:
        """Generations to keep, as in :class:`Manifest`."""
        kept = {number: names for number, names in self.still.items() if names}
        if self.lost and self.directory.data(self.old.read).is_dir():
            kept[str(self.old.read)] = sorted(self.lost)
        return kept

    def fill(self, made: Engine) -> Iterator[Change]:
        """Fill the new generation and commit it."""
        with self.old.salvage() as salvage, made.writer() as writer:
            origin = made.origin if isinstance(made, Remote) else ""
            again = self.reading.again
            salvage.records = self.old.relocation().records(salvage.records)
            ours = [one for one in salvage.records if again and self._is_ours(one, origin)]
            others = [one for one in salvage.records if not (again and self._is_ours(one, origin))]
            uploads = Uploads(self.directory)
            uploaded = self._originals(uploads, salvage)
            self.sources = self._old_sources(ours, needed=again and not uploaded)
            corrections = StoredCorrections(self.directory)
            documents = DocumentWriter(writer, Analyser(), corrections)
            for record in others:
                yield from self._carry(documents, salvage.read(record))
                if not again:
                    report = record.report
                    yield Change("kept", report.source or "", (report.id,), report.passages)
            if again:
                updater = self._updater(documents, uploads, uploaded, ours, origin)
                yield from self._read_files(updater, uploads, uploaded, ours, salvage, documents)
            yield from self._carry_damaged(documents, salvage)
            yield from self._carry_kept(documents)
            self.sources.added = [one.report.id for one in self.records if one.digest is None]
            corrections.save()

    def _originals(self, uploads: Uploads, salvage: Salvage) -> list[Upload]:
        """The originals to read again; records altered ones and all ids."""
        found = uploads.counting(salvage.records)
        if salvage.damaged or not salvage.complete:  # the records of some may be lost
            found = uploads.possible(salvage.records)
        self.uploaded = [one.id for one in found]
        if not self.reading.again:
            return []
        self.altered = {uploads.path(one): one.id for one in found if uploads.is_altered(one)}
        return [one for one in found if uploads.path(one) not in self.altered]

    def _is_ours(self, record: Record, origin: str) -> bool:
        """Whether a report was read from a file of this machine."""
        return record.digest is not None and record.origin in (origin, self.directory.origin())

    def _old_sources(self, ours: list[Record], *, needed: bool) -> Sources:
        """The sources given, else the known ones, else those of the old reports."""
        first = first_ids(ours)
        try:
            sources = self.directory.known_sources(self.old.read or None)
        except IndexDamaged:
            if not first and self.reading.roots is None and needed:
                raise
            sources = Sources(sorted(first), first, added=None)
        sources.ids = {**first, **sources.ids}
        return sources if self.reading.roots is None else _relocated(sources, self.reading.roots)

    def _updater(
        self,
        documents: DocumentWriter,
        uploads: Uploads,
        uploaded: list[Upload],
        ours: list[Record],
        origin: str,
    ) -> Updater:
        gone: dict[tuple[str, str | None], str] = {}
        for one in ours:  # in the order of their parts
            if not os.path.lexists(self._place(one, uploads)):
                gone.setdefault((one.digest or "", one.report.member), one.report.id)
        return Updater(
            documents,
            Reader(self.taxonomy, examples=documents.corrections.examples()),
            list(self.records),
            limits=self.reading.limits,
            ocr=self.reading.ocr,
            known_ids={**self.sources.ids, **uploads.ids(uploaded)},
            known_digests=gone,
            reserved=set(first_ids(ours).values()),
            own_folder=str(self.directory.folder),
            jobs=self.reading.jobs,
            empty=self.sources.empty,
            names=uploads.names(uploaded),
            origin=origin,
            rules=ignore_rules(self.directory),
            extras=self._extras(ours, uploads, uploaded),
        )

    def _extras(
        self, ours: list[Record], uploads: Uploads, uploaded: list[Upload]
    ) -> dict[str, Extras]:
        """Metadata of the reports to read again, by path of their file."""
        by_file: dict[str, list[Report]] = {}
        for one in ours:
            by_file.setdefault(self._place(one, uploads), []).append(one.report)
        found: dict[str, Extras] = {place: extras_of(reports) for place, reports in by_file.items()}
        for each in uploaded:
            if each.extra:  # reports missing from the index
                place = uploads.path(each)
                found[place] = {ALL: each.extra, **found.get(place, {})}
        return found

    def _place(self, record: Record, uploads: Uploads) -> str:
        """The path of a report's file or upload; empty without a file."""
        name = file_of(record)
        return str(uploads.folder / name) if name else record.report.source or ""

    def _read_files(
        self,
        updater: Updater,
        uploads: Uploads,
        uploaded: list[Upload],
        ours: list[Record],
        salvage: Salvage,
        documents: DocumentWriter,
    ) -> Iterator[Change]:
        """Read all files again; carry over the reports of those that fail."""
        paths = [*self.sources.paths, *map(uploads.path, uploaded)]
        # the list of sources may be incomplete
        if self.reading.roots is None:
            places = {self._place(one, uploads) for one in ours} - self.altered.keys()
            paths += sorted({one for one in places if not is_within(one, paths) and _is_file(one)})
        failed: list[str] = []
        read: set[str] = set()
        for change in updater.run(paths):
            if change.kind == "failed":
                failed.append(change.path)
            else:
                read.add(change.path)
                self.sources.ids[change.path] = change.reports[0]
            yield change
        self.records = updater.records()
        self.sources.note_members(self.records)
        held = {one.report.id for one in self.records}
        self.fresh = {one.report.id for one in self.records if one.report.source in read}
        again = {one.report.source for one in ours if one.part == 1 and one.report.id in held}
        for record in ours:
            name, place = record.report.id, self._place(record, uploads)
            if place in read or record.report.source in again:
                if name not in held:
                    yield Change("removed", place, (name,), record.report.passages)
                continue
            yield from self._carry(documents, salvage.read(record), free_id(name, held))
            if not is_within(place, failed):
                yield Change("kept", place, (name,), record.report.passages)

    def _carry(
        self, documents: DocumentWriter, salvaged: Salvaged, name: str | None = None
    ) -> Iterator[Change]:
        """Copy a report from the old index, as ``name`` if its id is taken.

        Yields a Change if passages are lost.
        """
        record, passages = salvaged.record, salvaged.passages
        report = record.report
        if name is not None and name != report.id:
            record = replace(record, report=replace(report, id=name))
            passages = [replace(one, report=name) for one in passages]
        if passages or not salvaged.lost:
            documents.add(record, passages)
            self.records.append(record)
        if salvaged.lost:
            self.lost[report.id] = salvaged.lost
            yield self._loss(report.id, report.source, salvaged.missing, salvaged.lost)

    def _loss(self, name: str, source: str | None, passages: int, what: str) -> Change:
        error = IndexDamaged(self.directory.folder, "report {name!r}: {what}", name=name, what=what)
        return Change("lost", source or "", (name,), passages, error=error)

    def _carry_damaged(self, documents: DocumentWriter, salvage: Salvage) -> Iterator[Change]:
        """Copy passages of reports whose record is damaged and file not read."""
        held = {one.report.id for one in self.records}
        files = {name: path for path, name in self.sources.ids.items()}
        for one in salvage.damaged:
            name, source = one.record.report.id, files.get(one.record.report.id)
            if name in held:
                continue
            report = replace(one.record.report, source=source)
            digest = None if source is None else ""  # the next update reads the file
            record = replace(one.record, report=report, digest=digest)
            yield from self._carry(documents, salvage.read(record, whole=False))
        if not salvage.complete:
            held = {one.report.id for one in self.records}
            for name in sorted(
                {*files, *self.altered.values(), *self.uploaded, *(self.sources.added or ())}
                - held
                - self.lost.keys()
            ):
                self.lost[name] = Message("none of it can be read")
                yield self._loss(name, files.get(name), 0, self.lost[name])
        if not salvage.complete and self.sources.added is None:
            self.lost[UNKNOWN] = Message("the old index cannot be read")
            reason = Message("the old index cannot be read; reports without files are lost, if any")
            error = IndexDamaged(self.directory.folder, reason)
            yield Change("lost", str(self.directory.folder), error=error)

    def _carry_kept(self, documents: DocumentWriter) -> Iterator[Change]:
        """Try again the reports that earlier rebuilds could not read."""
        if not self.old.kept:
            return
        with self.old.salvage_kept() as generations:
            self.still = {number: list(names) for number, names in self.old.kept.items()}
            for number, salvage in generations:
                held = {one.report.id for one in self.records}
                done = set(self.fresh) | ({UNKNOWN} if salvage.complete else set())
                for record in salvage.records:
                    name = record.report.id
                    lost = name in self.still[number] or UNKNOWN in self.still[number]
                    found = salvage.read(record) if lost and name not in held else None
                    if found is not None and not found.lost:
                        yield from self._carry(documents, found)
                        yield Change(
                            "added", record.report.source or "", (name,), len(found.passages)
                        )
                        done.add(name)
                self.still[number] = [name for name in self.still[number] if name not in done]


def _is_file(path: str) -> bool:
    return bool(path) and os.path.isfile(path)


def _relocated(sources: Sources, roots: list[str]) -> Sources:
    """``sources`` for other folders.

    A file with the same relative path keeps the id of its report.
    """
    ids = {path: name for path, name in sources.ids.items() if is_within(path, roots)}
    for path, name in sources.ids.items():
        for old in sources.paths:
            if path.startswith(os.path.join(old, "")):
                for root in roots:
                    place = os.path.join(root, os.path.relpath(path, old))
                    if file_exists(place):
                        ids.setdefault(place, name)
    return Sources(list(dict.fromkeys(roots)), ids, sources.added)
