"""Files with the same bytes as another file of the index.

They share the report of that file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace

from ..corpus import Reading, Report
from ..corpus.model import FileCopy
from ..records import Record
from .containers import member_folder


class FileCopies:
    """Tracks copies: the source file that was read, and the other paths."""

    def __init__(self) -> None:
        self._source: dict[str, str] = {}  # copy → source
        self._copies: dict[str, list[str]] = {}  # source → copies, in order

    def note(self, record: Record) -> None:
        """Register the copies listed in a record."""
        for copy in record.report.copies:
            self.add(copy.source, record.report.source or "")

    def add(self, path: str, source: str) -> None:
        """Make ``path`` a copy of ``source``."""
        self._source[path] = source
        mine = self._copies.setdefault(source, [])
        if path not in mine:
            mine.append(path)
            mine.sort()

    def drop(self, path: str) -> None:
        """Remove a copy."""
        source = self._source.pop(path, None)
        if source is not None:
            self._copies[source].remove(path)

    def move(self, source: str, path: str) -> None:
        """Make ``path`` the source of the copies of ``source``."""
        self.drop(path)
        copies = self._copies.pop(source, [])
        for copy in copies:
            self._source[copy] = path
        self._copies[path] = copies

    def end(self, source: str) -> None:
        """Remove a source and its copies."""
        for copy in self._copies.pop(source, []):
            self._source.pop(copy, None)

    def of(self, source: str) -> tuple[str, ...]:
        """The copies of a source."""
        return tuple(self._copies.get(source, ()))

    def source_of(self, path: str) -> str | None:
        """The source of the copy ``path``, or None."""
        return self._source.get(path)

    def paths(self) -> list[str]:
        """All copies, in order."""
        return sorted(self._source)

    def remaining(self, source: str) -> str | None:
        """The first existing copy of a source, or None."""
        return next((copy for copy in self.of(source) if os.path.lexists(copy)), None)

    def placed(self, report: Report, source: str, folder: Callable[[str], str | None]) -> Report:
        """``report`` of the file ``source``, with its folder and its copies set.

        ``folder`` maps the path of a file to its folder.
        """
        copies = tuple(
            FileCopy(path, member_folder(report, folder(path), path)) for path in self.of(source)
        )
        own = member_folder(report, folder(source), source)
        return replace(report, source=source, folder=own, copies=copies)

    def all_placed(
        self, readings: Iterable[Reading], source: str, folder: Callable[[str], str | None]
    ) -> list[Reading]:
        """:meth:`placed` for readings."""
        return [replace(one, report=self.placed(one.report, source, folder)) for one in readings]
