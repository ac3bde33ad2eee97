"""Write reports and passages as documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..corpus import Passage, Report
from ..engines.document import Document
from ..engines.engine import Snapshot, Writer
from ..records import Record, find_record, passages_of
from ..schema import (
    KEY,
    REPORT,
    passage_documents,
    read_passage,
    redecided_document,
    report_key,
)
from ..vietnamese import Analyser
from .corrections import Corrections


class DocumentWriter:
    """Adds and deletes reports.

    Nothing is visible before the writer commits.
    """

    def __init__(
        self, writer: Writer, analyser: Analyser, corrections: Corrections | None = None
    ) -> None:
        """``corrections`` are applied to every report that is added."""
        self._writer = writer
        self._analyser = analyser
        self.corrections = corrections or Corrections()

    @property
    def is_warm(self) -> bool:
        """Whether the analyser is ready, which takes a quarter of a second."""
        return self._analyser.is_warm

    def add(self, record: Record, passages: Iterable[Passage]) -> None:
        """Add a report that is not in the index, or was removed by this writer."""
        self.add_documents(record, self.documents(record.report, passages))

    def documents(self, report: Report, passages: Iterable[Passage]) -> Iterator[Document]:
        """The documents of a report's passages, created lazily."""
        return passage_documents(passages, report, self._analyser)

    def add_documents(self, record: Record, documents: Iterable[Document]) -> None:
        """As :meth:`add`, with passages analysed elsewhere."""
        self._writer.add(record.document())
        self.add_passages(record, documents)

    def add_passages(self, record: Record, documents: Iterable[Document]) -> None:
        """Add the passages of a report, but not its record; see :meth:`replace_records`."""
        if record.report.id in self.corrections:
            documents = self._corrected(record.report.id, list(documents))
        for document in documents:
            self._writer.add(document)

    def _corrected(self, report: str, documents: Sequence[Document]) -> Iterator[Document]:
        before = [read_passage(document.stored) for document in documents]
        after = self.corrections.apply(report, before)
        for document, old, new in zip(documents, before, after, strict=True):
            yield document if new is old else redecided_document(document, new)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove reports with all their passages."""
        for report in ids:
            self._writer.delete(REPORT, report)

    def replace_records(self, records: Iterable[Record]) -> None:
        """Replace the records of reports; their passages are unchanged."""
        for record in records:
            self._writer.delete(KEY, report_key(record.report.id))
            self._writer.add(record.document())


def add_passages(
    documents: DocumentWriter,
    snapshot: Snapshot,
    groups: Mapping[str, Iterable[Passage]],
    report: Report | None,
) -> None:
    """Add ``groups`` (report → passages).

    Each passage replaces the one at its position, if any.
    """
    for name, mine in groups.items():
        record = find_record(snapshot, name)
        merged = {old.position: old for old in passages_of(snapshot, name)} if record else {}
        merged.update((passage.position, passage) for passage in mine)
        base = report or (record.report if record else Report(name))
        kept = record or Record(base)
        if record:
            before = record.report  # still the report of its file
            base = replace(
                base, source=before.source or base.source, folder=before.folder or base.folder
            )
            documents.remove([name])
        ordered = [merged[position] for position in sorted(merged)]
        documents.add(replace(kept, report=replace(base, passages=len(ordered))), ordered)
