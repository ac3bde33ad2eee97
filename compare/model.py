"""The result of a comparison, as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ..corpus.model import Passage, Report

# Shortcoming → achievement; shortcoming → shortcoming; achievement → shortcoming; achievement →
# achievement.
Fate: TypeAlias = Literal["mended", "persisting", "worsened", "repeated"]

FATES: tuple[Fate, ...] = ("mended", "persisting", "worsened", "repeated")


@dataclass(frozen=True, slots=True)
class Match:
    """Two passages of one area about the same matter.

    ``similarity`` is a cosine, from 0 to 1; ``shared`` are the words that contribute most, as spelt
    in the newer passage.
    """

    older: Passage
    newer: Passage
    fate: Fate
    similarity: float
    shared: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The match as plain data for JSON."""
        return {
            "fate": self.fate,
            "similarity": round(self.similarity, 6),
            "shared": list(self.shared),
            "older": self.older.to_dict(),
            "newer": self.newer.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Topic:
    """A phrase that one report uses in an area and the other report nowhere.

    It occurs ``times`` times in ``passages`` (ids) of the area; ``score`` is its log-likelihood
    ratio G² against the whole index.
    """

    text: str
    times: int
    passages: tuple[str, ...]
    score: float

    def to_dict(self) -> dict[str, Any]:
        """The topic as plain data for JSON."""
        return {
            "text": self.text,
            "times": self.times,
            "passages": list(self.passages),
            "score": round(self.score, 3),
        }


@dataclass(frozen=True, slots=True)
class AreaComparison:
    """One area in both reports.

    ``older`` and ``newer`` map ``"achievement"``, ``"shortcoming"``, ``"cause"`` and ``"none"`` to
    numbers of passages. ``matches`` are sorted by fate, then most similar first. ``gone`` are
    shortcomings of the older report without a match in the newer one, ``fresh`` those of the newer
    without a match in the older. ``new_topics`` occur only in the newer report, ``dropped_topics``
    only in the older.
    """

    area: str
    label: str
    older: Mapping[str, int]
    newer: Mapping[str, int]
    matches: tuple[Match, ...] = ()
    gone: tuple[Passage, ...] = ()
    fresh: tuple[Passage, ...] = ()
    new_topics: tuple[Topic, ...] = ()
    dropped_topics: tuple[Topic, ...] = ()

    def with_fate(self, fate: Fate) -> tuple[Match, ...]:
        """The matches of one fate."""
        return tuple(match for match in self.matches if match.fate == fate)

    def to_dict(self) -> dict[str, Any]:
        """The area as plain data for JSON."""
        return {
            "area": self.area,
            "label": self.label,
            "older": dict(self.older),
            "newer": dict(self.newer),
            "matches": [match.to_dict() for match in self.matches],
            "gone": [passage.to_dict() for passage in self.gone],
            "fresh": [passage.to_dict() for passage in self.fresh],
            "new_topics": [topic.to_dict() for topic in self.new_topics],
            "dropped_topics": [topic.to_dict() for topic in self.dropped_topics],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reports compared area by area, in the order of the taxonomy.

    ``ordered_by`` is how the older one was determined: ``"term"``, ``"date"``, or ``"given"`` (the
    first argument).
    """

    older: Report
    newer: Report
    areas: tuple[AreaComparison, ...]
    ordered_by: Literal["term", "date", "given"]

    def matches(self, fate: Fate | None = None) -> Iterator[Match]:
        """All matches, or those of one fate, area by area."""
        for area in self.areas:
            yield from (area.matches if fate is None else area.with_fate(fate))

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data for JSON."""
        return {
            "older": self.older.to_dict(),
            "newer": self.newer.to_dict(),
            "ordered_by": self.ordered_by,
            "counts": {fate: sum(1 for _ in self.matches(fate)) for fate in FATES},
            "areas": [area.to_dict() for area in self.areas],
        }
