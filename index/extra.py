"""An application's metadata, set on reports that are already indexed."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..corpus import Report
from ..engines.engine import Snapshot
from ..errors import Message, OptionError
from ..indexer import DocumentWriter
from ..indexer.files import absolute
from ..records import Record, known_record, passages_of
from .uploads import Uploads, file_of

REPORT, FILE = "report", "file"  # columns of a table that name the report
_DELIMITERS = ",;\t"  # Excel writes ; where a comma is the decimal point


def set_extra(
    extras: Mapping[str, Mapping[str, str]],
    writer: DocumentWriter,
    snapshot: Snapshot,
    uploads: Uploads,
) -> int:
    """Replace the metadata of reports; return the number changed."""
    records = [known_record(snapshot, name) for name in extras]
    changed = [one for one in records if dict(one.report.extra) != dict(extras[one.report.id])]
    for record in changed:
        passages = list(passages_of(snapshot, record.report.id))
        report = replace(record.report, extra=dict(extras[record.report.id]))
        writer.remove([report.id])
        writer.add(replace(record, report=report), passages)
    _note_uploads(changed, extras, uploads)
    return len(changed)


def _note_uploads(
    changed: Iterable[Record], extras: Mapping[str, Mapping[str, str]], uploads: Uploads
) -> None:
    """Save the metadata of uploads with their originals, for rebuilds."""
    mine = {
        file: extras[record.report.id]
        for record in changed
        if record.report.member is None and (file := file_of(record))
    }
    if mine:
        uploads.set_extra(mine)


def read_extras(
    path: str | os.PathLike[str], reports: Iterable[Report]
) -> dict[str, dict[str, str]]:
    """Report id → metadata, from a CSV file with one report per line.

    The column ``report`` holds ids, or the column ``file`` names of files or paths (relative to the
    table's folder); every other column is a key. An empty cell removes its key; keys without a
    column stay. Raises OptionError if the table cannot be read or a row does not name exactly one
    report.
    """
    header, rows = _table(os.fspath(path))
    by = REPORT if REPORT in header else FILE
    if by not in header:
        raise OptionError(
            "{path}: the first line must name the columns, one of them {report!r} or {file!r}",
            path=os.fspath(path), report=REPORT, file=FILE,
        )  # fmt: skip
    known = list(reports)
    finder = _Finder(known, os.path.dirname(absolute(path)))
    before = {one.id: dict(one.extra) for one in known}
    found: dict[str, dict[str, str]] = {}
    for number, cells in rows:
        row = dict(zip(header, cells, strict=False))
        try:
            name = finder.by_id(row[by]) if by == REPORT else finder.by_file(row[by])
        except (KeyError, LookupError) as error:
            reason = (
                error.args[0] if isinstance(error, _NoReport) else Message("no report is named")
            )
            raise OptionError(
                "{path}, line {number}: {reason}",
                path=os.fspath(path),
                number=number,
                reason=reason,
            ) from None
        mine = found.setdefault(name, before[name])
        for key, value in row.items():
            if key not in (REPORT, FILE):
                mine.pop(key, None)
                if value:
                    mine[key] = value
    return found


class _NoReport(LookupError):
    """A cell does not name exactly one report; the argument is the reason."""


class _Finder:
    """Finds reports by id, or by file."""

    def __init__(self, reports: Sequence[Report], folder: str) -> None:
        self._folder = folder
        self._ids = {one.id for one in reports}
        self._paths: dict[str, list[str]] = {}
        self._names: dict[str, list[str]] = {}
        for one in reports:
            for place in (one.path, *(copy.source for copy in one.copies)):
                if place:
                    self._paths.setdefault(place, []).append(one.id)
                    self._names.setdefault(Path(place).name, []).append(one.id)

    def by_id(self, name: str) -> str:
        """``name``, if it is the id of a report. Raises _NoReport."""
        if name not in self._ids:
            raise _NoReport(Message("no report has the id {name!r}", name=name))
        return name

    def by_file(self, name: str) -> str:
        """The report read from a file, by path or file name. Raises _NoReport."""
        place = absolute(os.path.join(self._folder, name)) if name else ""
        found = sorted(set(self._paths.get(place) or self._names.get(name) or ()))
        if not found:
            raise _NoReport(Message("no report was read from {name!r}", name=name))
        if len(found) > 1:
            raise _NoReport(
                Message(
                    "several reports were read from {name!r}: {ids}; name them in a column "
                    "{report!r}",
                    name=name,
                    ids=", ".join(found[:5]),
                    report=REPORT,
                )
            )
        return found[0]


def _table(path: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header of a CSV file, and its rows with the number of their last line."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeError as error:
        raise OptionError(
            "{path} is not UTF-8; save it as “CSV UTF-8” in Excel", path=path
        ) from error
    except OSError as error:
        raise OptionError(
            "{path} cannot be read: {reason}", path=path, reason=error.strerror or str(error)
        ) from error
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(row)]
    except csv.Error as error:
        raise OptionError("{path} is not a CSV table: {error}", path=path, error=error) from error
    if not rows:
        raise OptionError("{path} is empty; its first line must name the columns", path=path)
    return rows[0][1], iter(rows[1:])
