"""Reports and passages as documents, into one writer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..corpus import Passage
from ..engines.contract import Writer
from ..fields import KEY, REPORT, passage_document, report_key
from ..vietnamese import Analyser
from .records import Record


class Intake:
    """Puts reports into a writer and takes them out; nothing shows before the writer commits."""

    def __init__(self, writer: Writer, analyser: Analyser) -> None:
        self._writer = writer
        self._analyser = analyser

    def put(self, record: Record, passages: Iterable[Passage]) -> None:
        """Add a report that is not there (or was taken out through this same intake)."""
        self._writer.add(record.document())
        for passage in passages:
            self._writer.add(passage_document(passage, record.report, self._analyser))

    def take_out(self, ids: Sequence[str]) -> None:
        """Remove reports, all their passages with them."""
        for report in ids:
            self._writer.delete(REPORT, report)

    def replace_record(self, record: Record) -> None:
        """Change what is remembered of a report; its passages stay as they are."""
        self._writer.delete(KEY, report_key(record.report.id))
        self._writer.add(record.document())
