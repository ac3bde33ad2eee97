"""The events of an update, one per file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ..errors import TracuuError

ChangeKind = Literal[
    "added", "changed", "identical", "unchanged", "moved", "removed", "failed", "kept", "lost"
]


@dataclass(frozen=True, slots=True)
class Change:
    """The result of an update or a rebuild for one file.

    ``reports`` are the ids of the reports in the file (before, if it was removed), ``passages`` is
    the number of their passages; ``notes`` list repairs made while reading. An ``identical`` file
    has the same bytes as another and shares its report (``Report.copies``). ``error`` is set for
    ``failed`` (the index keeps the earlier content of the file) and ``lost``; ``known`` is set if
    the file failed in the same way in the last update. Only a rebuild yields ``kept`` (the file was
    not read again; its report was carried over) and ``lost`` (``passages`` passages of a report
    could not be read from the old index and are in no file).
    """

    kind: ChangeKind
    path: str
    reports: tuple[str, ...] = ()
    passages: int = 0
    notes: tuple[str, ...] = ()
    error: TracuuError | None = None
    known: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data for JSON, with message and class of the error."""
        return {
            "kind": self.kind,
            "path": self.path,
            "reports": list(self.reports),
            "passages": self.passages,
            "notes": list(self.notes),
            "error": str(self.error) if self.error else None,
            "error_class": type(self.error).__name__ if self.error else None,
            "known": self.known,
        }
