"""What an update did, one event a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ..errors import TracuuError

ChangeKind = Literal["added", "changed", "unchanged", "moved", "removed", "failed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One file's fate in an update.

    ``reports`` are the ids of the reports the file holds (or held), ``passages`` how many passages they
    have together. ``notes`` tell what was repaired in reading. ``error`` is set for ``failed`` only; what
    the index held of that file before is still there.
    """

    kind: ChangeKind
    path: str
    reports: tuple[str, ...] = ()
    passages: int = 0
    notes: tuple[str, ...] = ()
    error: TracuuError | None = None

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data for JSON; the error as its message."""
        return {
            "kind": self.kind,
            "path": self.path,
            "reports": list(self.reports),
            "passages": self.passages,
            "notes": list(self.notes),
            "error": str(self.error) if self.error else None,
        }
