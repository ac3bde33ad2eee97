"""The sources of an index, and their paths after a move."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ..records import Record, first_ids

_EXAMINED = 1000  # files


@dataclass(slots=True)
class Sources:
    """The sources of an index.

    ``paths`` are the folders and files given to updates; ``ids`` maps a file to the id of its
    (first) report (for a container, each file in it as a path below it); ``added`` lists reports
    that an application added without files (None: unknown); ``failed`` maps a file that could not
    be read in the last update to the error message; ``empty`` maps one without passages to a key
    of its content, so that it is not read again.
    """

    paths: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    added: list[str] | None = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    empty: dict[str, str] = field(default_factory=dict)

    def note_failure(self, path: str, error: str | None) -> bool:
        """Record a file's error, or None; return whether it had the same one before."""
        before = self.failed.pop(path, None)
        if error is not None:
            self.failed[path] = error
        return error is not None and before == error

    def forget_vanished(self) -> None:
        """Forget failed and empty files that no longer exist."""
        for paths in (self.failed, self.empty):
            for path in [path for path in paths if not os.path.lexists(path)]:
                del paths[path]

    def remember(self, paths: Iterable[str]) -> None:
        """Add absolute paths, except those at or below a known one."""
        known = set(self.paths)
        for path in paths:
            if path not in known and known.isdisjoint(map(str, Path(path).parents)):
                known.add(path)
                self.paths.append(path)

    def note(self, kind: str, path: str, reports: Sequence[str]) -> None:
        """Record the file of a report's id.

        A rebuild that cannot read the index needs it.
        """
        if kind in ("added", "changed", "identical", "moved", "unchanged"):
            self.ids[path] = reports[0]
        elif kind == "removed":
            inside = os.path.join(path, "")
            self.ids = {
                name: id
                for name, id in self.ids.items()
                if name != path and not name.startswith(inside)
            }
            self.paths = [other for other in self.paths if other != path]

    def note_members(self, records: Iterable[Record]) -> None:
        """Record the ids of files in containers, which no Change names."""
        self.ids.update(first_ids(one for one in records if one.report.member is not None))


class Relocation(NamedTuple):
    """New places of folders and files that were moved or copied with their index.

    ``roots`` are pairs of old and new path; empty if nothing moved.
    """

    roots: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, old: str, new: str, sources: Sources) -> Relocation:
        """The relocation for an index moved from the folder ``old`` to ``new``.

        A source next to the index, below its parent folder, or containing it is expected at the
        same place relative to the index. If none of its files is found there, it keeps its path:
        only the index was moved.
        """
        found = []
        for path in sources.paths:
            moved = _beside(path, old, new)
            if moved is not None and _holds_known(path, moved, sources.ids):
                found.append((path, moved))
            before = _beside(path, new, old)
            if moved is None and before is not None:  # recorded by an interrupted update
                found.append((before, path))
        return cls(tuple(found))

    def path(self, path: str) -> str:
        """The present path of a file."""
        for old, new in self.roots:
            if path == old:
                return new
            if path.startswith(os.path.join(old, "")):
                return os.path.join(new, path[len(os.path.join(old, "")) :])
        return path

    def sources(self, sources: Sources) -> Sources:
        """``sources`` with their new paths."""
        if not self.roots:
            return sources
        return Sources(
            list(dict.fromkeys(map(self.path, sources.paths))),
            {self.path(path): name for path, name in sources.ids.items()},
            sources.added,
            {self.path(path): error for path, error in sources.failed.items()},
            {self.path(path): key for path, key in sources.empty.items()},
        )

    def record(self, record: Record) -> Record:
        """``record`` with the new paths of its file and copies."""
        report = record.report
        if not self.roots or report.source is None or record.digest is None:
            return record
        copies = tuple(replace(copy, source=self.path(copy.source)) for copy in report.copies)
        moved = replace(report, source=self.path(report.source), copies=copies)
        return record if moved == report else replace(record, report=moved)

    def records(self, records: Iterable[Record]) -> list[Record]:
        """:meth:`record` for several records."""
        return [self.record(record) for record in records]


def _beside(path: str, old: str, new: str) -> str | None:
    """The path relative to ``new`` as ``path`` is to ``old``; None if unrelated."""
    home = os.path.dirname(old)
    if old.startswith(os.path.join(path, "")):  # around
        end = old[len(path) :]
        return new[: -len(end)] or None if new.endswith(end) else None
    if path.startswith(os.path.join(home, "")):
        return os.path.join(os.path.dirname(new), os.path.relpath(path, home))
    return None


def _holds_known(old: str, new: str, ids: Mapping[str, str]) -> bool:
    """Whether one of the first known files of ``old`` is found below ``new``.

    ``old`` is a source of the index.
    """
    start = os.path.join(old, "")
    mine = (name for name in ids if name == old or name.startswith(start))
    places = [new + name[len(old) :] for name in islice(mine, _EXAMINED)]
    return any(map(os.path.lexists, places or [new]))
