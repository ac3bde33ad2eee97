"""All changes to an index.

Each method is one transaction under the write lock.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from typing import Any

from ..corpus import Limits, Passage, Report
from ..corpus.readers.source import ocr_languages
from ..engines.engine import Snapshot, Writer
from ..errors import OptionError, StorageError
from ..indexer import Change, DocumentWriter
from ..indexer.corrections import Correction
from ..indexer.validate import check_extra, checked
from ..indexer.writer import add_passages
from ..records import known_record, read_records
from ..vietnamese import Analyser
from . import corrections
from .corrections import StoredCorrections
from .directory import IndexDirectory
from .extra import set_extra
from .generation import OpenIndex, write_transaction
from .ignore import forget, ignore
from .journal import FileJournal
from .update import known_sources, update
from .uploads import FOLDER, Uploads


class IndexWriter:
    """Writes to an open index; :class:`.Index` documents arguments and errors."""

    def __init__(self, directory: IndexDirectory, opened: OpenIndex, analyser: Analyser) -> None:
        self._directory = directory
        self._opened = opened
        self._analyser = analyser

    def update(self, paths: Iterable[str | os.PathLike[str]], **given: Any) -> Iterator[Change]:
        """Bring the index up to date with files and folders."""
        given_paths = [paths] if isinstance(paths, (str, os.PathLike)) else paths
        roots = [os.fspath(path) for path in given_paths]
        return update(self._directory, self._opened, roots, **given)

    def add(
        self, passages: Iterable[Passage], report: Report | None, *, classify: bool, wait: float
    ) -> int:
        """Add passages without files; return their number."""
        examples = StoredCorrections(self._directory).examples()
        reader = self._opened.reader(examples)
        groups = checked(passages, report, reader, classify=classify)
        with self.transaction(wait) as (writer, snapshot):
            known = StoredCorrections(self._directory)
            documents = DocumentWriter(writer, self._analyser, known)
            add_passages(documents, snapshot, groups, report)
            known.save()
            self._directory.remember_added(groups, self._generation())
        return sum(len(mine) for mine in groups.values())

    def put(
        self,
        content: bytes,
        name: str,
        report: str | None,
        *,
        wait: float,
        limits: Limits | None,
        ocr: bool | str,
        extra: Mapping[str, str] | None,
    ) -> Change:
        """Add a report from bytes, and keep them."""
        languages = ocr_languages(ocr)
        if extra is not None:
            check_extra(extra, name, OptionError)
        try:
            with self.transaction(wait) as (writer, snapshot):
                known = StoredCorrections(self._directory)
                change = Uploads(self._directory).put(
                    content,
                    name,
                    report,
                    writer=DocumentWriter(writer, Analyser(), known),
                    reader=self._opened.reader(known.examples()),
                    records=list(read_records(snapshot)),
                    limits=limits,
                    ocr=languages,
                    extra=extra,
                )
                known.save()
            return change
        finally:
            self._sweep_uploads()

    def set_extra(self, extras: Mapping[str, Mapping[str, str]], *, wait: float) -> int:
        """Replace the metadata of reports; return the number changed."""
        for name, extra in extras.items():
            check_extra(extra, name, OptionError)
        with self.transaction(wait) as (writer, snapshot):
            documents = DocumentWriter(writer, Analyser())
            changed = set_extra(extras, documents, snapshot, Uploads(self._directory))
        return changed

    def remove(self, reports: str | Iterable[str], *, wait: float) -> int:
        """Remove reports by id; return the number of their passages."""
        names = list(dict.fromkeys([reports] if isinstance(reports, str) else reports))
        with self.transaction(wait) as (writer, snapshot):
            records = [known_record(snapshot, name) for name in names]
            DocumentWriter(writer, self._analyser).remove(names)
        self._directory.forget_added(names, self._generation())
        self._sweep_uploads()
        return sum(record.report.passages for record in records)

    def correct(self, passage: str, *, wait: float, **given: Any) -> Correction:
        """Correct the area or assessment of a passage."""
        with self.transaction(wait) as (writer, snapshot):
            return corrections.correct(
                self._directory,
                writer,
                snapshot,
                self._analyser,
                self._opened.resolve,
                passage,
                **given,
            )

    def undo_correction(self, passage: str, *, wait: float) -> Correction:
        """Restore the reader's decision on a passage."""
        journal = self._journal()
        transaction = write_transaction(self._directory, self._opened, wait, journal=journal)
        with transaction as (writer, snapshot):
            return corrections.undo(
                self._directory, writer, snapshot, self._analyser, passage, undone=journal.undone
            )

    def forget(
        self, folder: str | os.PathLike[str], *, remove: bool, wait: float
    ) -> tuple[str, ...]:
        """Remove a source; return the ids of the reports read from there."""
        with self.transaction(wait) as (writer, snapshot):
            records = read_records(snapshot)
            sources = known_sources(self._directory, records)
            mine = forget(
                self._directory,
                sources,
                os.fspath(folder),
                records,
                self._generation(),
                again=remove,
            )
            names = tuple(one.report.id for one in mine)
            if remove:
                DocumentWriter(writer, self._analyser).remove(names)
        return names

    def ignore(self, patterns: str | Iterable[str], *, wait: float) -> tuple[str, ...]:
        """Exclude files from later updates; return all patterns."""
        given = [patterns] if isinstance(patterns, str) else list(patterns)
        with self._directory.lock(wait):
            return ignore(self._directory, self._directory.sources(), given)

    def _sweep_uploads(self) -> None:
        """Remove originals without a report, unless another writer is at work."""
        if not os.path.isdir(self._directory.folder / FOLDER):
            return
        with (
            suppress(StorageError),
            self._directory.lock(),
            self._opened.take(lambda engine: engine.snapshot()) as snapshot,
        ):
            Uploads(self._directory).sweep(list(read_records(snapshot)))

    def transaction(self, wait: float) -> AbstractContextManager[tuple[Writer, Snapshot]]:
        """The engine's writer and the snapshot before its changes.

        Changes are committed at the end.
        """
        return write_transaction(self._directory, self._opened, wait, journal=self._journal())

    def _journal(self) -> FileJournal:
        return FileJournal(self._directory, self._analyser)

    def _generation(self) -> int:
        return self._opened.generation().manifest.generation
