"""What an update did, one event a file."""

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

    ``reports`` are the ids of the reports the file holds (or held), ``passages`` the number of
    their passages; ``notes`` list what was repaired in reading. ``identical`` is a file with the
    same bytes as another, whose report stands for both (``Report.copies``). ``error`` is set for
    ``failed`` (the index still holds what it held of that file before) and ``lost``; ``known`` is
    set where the file failed in the same way in the last update. Only a rebuild has ``kept`` (the
    file was not read again; its report was carried over) and ``lost`` (``passages`` passages of a
    report could not be read from the old index, and no file holds them).
    """

    kind: ChangeKind
    path: str
    reports: tuple[str, ...] = ()
    passages: int = 0
    notes: tuple[str, ...] = ()
    error: TracuuError | None = None
    known: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data for JSON; the error as its message and class."""
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
