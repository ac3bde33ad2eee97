"""What :class:`tracuu.Index` tells of an index besides search results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .corpus import Passage, Report


@dataclass(frozen=True, slots=True)
class Info:
    """An index in figures: ``size`` in bytes, ``areas`` and ``assessments`` map to numbers of passages."""

    path: str
    engine: str
    version: str
    fingerprint: str
    reports: int
    passages: int
    size: int
    taxonomy: str
    areas: dict[str, int]
    assessments: dict[str, int]
    sources: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain data for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A passage with those before and after it in its report, all in reading order."""

    report: Report
    passages: tuple[Passage, ...]
    passage: Passage

    def to_dict(self) -> dict[str, Any]:
        """The passages as plain data for JSON."""
        return {
            "report": self.report.to_dict(),
            "passage": self.passage.to_dict(),
            "passages": [passage.to_dict() for passage in self.passages],
        }
