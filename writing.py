"""Writing to an index other than from files and folders: an application's passages, reports as bytes, removals."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING

from .corpus.model import Passage, Report
from .engines.contract import Snapshot, Writer
from .errors import StorageError
from .indexer.records import read_records
from .lookup import known_record

if TYPE_CHECKING:
    from .corpus import Limits
    from .indexer import Change
    from .storage import Storage
    from .taxonomies import Taxonomies
    from .vietnamese import Analyser


class Writing(ABC):
    """The part of an index that adds and removes what is handed to it."""

    _storage: Storage
    _taxonomies: Taxonomies
    _analyser: Analyser

    def add(
        self,
        passages: Iterable[Passage],
        *,
        report: Report | None = None,
        classify: bool = True,
        wait: float = 0.0,
    ) -> int:
        """Add passages of an application's own, without files; how many there were.

        A passage whose id (``report#position``) is in the index is replaced; others of its report stay.
        ``report`` tells more of the report they belong to (its title, date …). With ``classify``, a passage
        left with the default area or without an assessment gets them from its heading path and words.
        Raises PassageError for one that cannot be indexed (nothing is added then), UnknownArea, IndexBusy.
        """
        from .adding import add_passages
        from .indexer import Intake
        from .indexer.check import checked

        groups = checked(passages, report, self._taxonomies.reader(), classify=classify)
        with self._writing(wait) as (writer, snapshot):
            add_passages(Intake(writer, self._analyser), snapshot, groups, report)
        return sum(len(mine) for mine in groups.values())

    def put(
        self, content: bytes, *, name: str, report: str | None = None, wait: float = 0.0, limits: Limits | None = None
    ) -> Change:
        """Add the report whose file's bytes are ``content``, and keep them in the index's folder for rebuilds.

        ``name`` is its file's name; nothing of that name is opened or written. ``report`` is the id it gets, in place
        of the report that was put there before; None makes one of the name. Raises a ReadError for what cannot be
        read, MissingExtra, OptionError (no id), ReportExists (the id or the file is another's), IndexBusy, WriteFailed.
        """
        from .uploads import put_report

        try:
            with self._writing(wait) as (writer, snapshot):
                return put_report(
                    self._storage, writer, snapshot, self._taxonomies.reader(), content, name, report, limits
                )
        finally:
            self._sweep_uploads()

    def remove(self, reports: str | Iterable[str], *, wait: float = 0.0) -> int:
        """Remove reports by id, all their passages with them; how many passages. Raises UnknownReport
        (nothing is removed then), IndexBusy. A removed report whose file is still there comes back with
        the next update; the original of one that was put is removed with it."""
        from .indexer import Intake

        names = list(dict.fromkeys([reports] if isinstance(reports, str) else reports))
        with self._writing(wait) as (writer, snapshot):
            records = [known_record(snapshot, name) for name in names]
            Intake(writer, self._analyser).take_out(names)
        self._sweep_uploads()
        return sum(record.report.passages for record in records)

    def _sweep_uploads(self) -> None:
        """Remove originals that no report was read from; the next writer does, where another is at work."""
        if not os.path.isdir(self._storage.folder / "uploads"):
            return
        from .uploads import Uploads

        with suppress(StorageError), self._storage.lock(), self._snapshot() as snapshot:
            Uploads(self._storage).sweep(list(read_records(snapshot)))

    @abstractmethod
    def _writing(self, wait: float) -> AbstractContextManager[tuple[Writer, Snapshot]]: ...

    @abstractmethod
    def _snapshot(self) -> Snapshot: ...
