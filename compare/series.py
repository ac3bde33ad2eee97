"""Series of reports on several terms: shortcomings that persist or return."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..corpus.model import Passage, Report
from ..vietnamese import fold
from .model import Comparison

LEAST_TERMS = 3  # number of reports from which a shortcoming counts as returning


@dataclass(frozen=True, slots=True)
class Thread:
    """One shortcoming followed through the reports.

    ``passages`` are its passages, oldest first, each matching one of the report before;
    ``mended_by`` is a passage of a later report that presents the same matter as an achievement.
    """

    area: str
    label: str
    passages: tuple[Passage, ...]
    mended_by: Passage | None = None

    @property
    def reports(self) -> int:
        """Number of reports that contain the shortcoming."""
        return len({passage.report for passage in self.passages})

    def to_dict(self) -> dict[str, Any]:
        """The thread as plain data for JSON."""
        return {
            "area": self.area,
            "label": self.label,
            "reports": self.reports,
            "passages": [passage.to_dict() for passage in self.passages],
            "mended_by": self.mended_by.to_dict() if self.mended_by else None,
        }


@dataclass(frozen=True, slots=True)
class Series:
    """Two or more reports, oldest first, and comparisons of neighbours.

    ``threads`` are the shortcomings that occur in at least two reports or were resolved, those in
    most reports first.
    """

    reports: tuple[Report, ...]
    comparisons: tuple[Comparison, ...]
    threads: tuple[Thread, ...]

    @property
    def mended(self) -> tuple[Thread, ...]:
        """Shortcomings that a later report presents as achievements.

        Without those that the newest report still presents as shortcomings.
        """
        return tuple(one for one in self.threads if one.mended_by and not self._is_open(one))

    @property
    def persisting(self) -> tuple[Thread, ...]:
        """Shortcomings of an earlier report that the newest report still has."""
        return tuple(one for one in self.threads if one.reports > 1 and self._is_open(one))

    @property
    def returning(self) -> tuple[Thread, ...]:
        """Shortcomings in three reports or more."""
        return tuple(one for one in self.threads if one.reports >= LEAST_TERMS)

    @property
    def bodies(self) -> tuple[str, ...]:
        """The issuing bodies of the reports; with several, a comparison is doubtful.

        A name without a place ("Ban Chấp hành Đảng bộ huyện") matches any body of its level.
        """
        named = {
            body_key(report.issuing_body): report.issuing_body
            for report in self.reports
            if report.issuing_body
        }
        return tuple(
            name
            for key, name in named.items()
            if not any(other != key and other.startswith(f"{key} ") for other in named)
        )

    def _is_open(self, thread: Thread) -> bool:
        return thread.passages[-1].report == self.reports[-1].id

    def to_dict(self) -> dict[str, Any]:
        """The series as plain data for JSON."""
        return {
            "reports": [report.to_dict() for report in self.reports],
            "bodies": list(self.bodies),
            "counts": {
                "mended": len(self.mended),
                "persisting": len(self.persisting),
                "returning": len(self.returning),
            },
            "threads": [thread.to_dict() for thread in self.threads],
            "comparisons": [comparison.to_dict() for comparison in self.comparisons],
        }


def body_key(name: str) -> str:
    """One key for all names of one body.

    "Ban Chấp hành Đảng bộ huyện X" is "Huyện ủy X".

    >>> body_key("BAN CHẤP HÀNH ĐẢNG BỘ HUYỆN TÂN SƠN") == body_key("Huyện uỷ Tân Sơn")
    True
    """
    folded = " ".join(re.findall(r"\w+", fold(name).lower()))
    folded = re.sub(r"\bban (chap hanh|thuong vu)\b ?", "", folded)
    folded = re.sub(r"\bdang bo (thanh pho|huyen|quan|tinh|xa|phuong|thi xa)\b", r"\1 uy", folded)
    return folded.replace("thanh pho uy", "thanh uy").strip()


def series_of(comparisons: Sequence[Comparison]) -> Series:
    """Build the series from comparisons of neighbours.

    The newer report of each is the older one of the next.
    """
    reports = (comparisons[0].older, *(one.newer for one in comparisons))
    threads = sorted(
        _threads(comparisons), key=lambda one: (-one.reports, one.area, one.passages[0].position)
    )
    return Series(reports, tuple(comparisons), tuple(threads))


def _threads(comparisons: Iterable[Comparison]) -> Iterator[Thread]:
    """Threads: passages joined, directly or in steps, by matched shortcomings."""
    joined: dict[str, str] = {}
    passages: dict[str, Passage] = {}
    labels: dict[str, str] = {}
    mended: dict[str, Passage] = {}

    def root(name: str) -> str:
        while joined.setdefault(name, name) != name:
            name = joined[name]
        return name

    for comparison in comparisons:
        for area in comparison.areas:
            labels[area.area] = area.label
            for match in area.matches:
                if match.fate == "persisting":
                    passages[match.older.id], passages[match.newer.id] = match.older, match.newer
                    joined[root(match.newer.id)] = root(match.older.id)
                elif match.fate == "mended":
                    passages[match.older.id] = match.older
                    mended.setdefault(match.older.id, match.newer)
    order = {
        report.id: place
        for place, report in enumerate(
            report for one in comparisons for report in (one.older, one.newer)
        )
    }
    groups: defaultdict[str, list[Passage]] = defaultdict(list)
    for name, passage in passages.items():
        groups[root(name)].append(passage)
    for group in groups.values():
        group.sort(key=lambda one: (order[one.report], one.position))
        last = [one for one in group if one.report == group[-1].report]
        mended_by = next((mended[one.id] for one in last if one.id in mended), None)
        if len({one.report for one in group}) > 1 or mended_by:
            yield Thread(group[0].area, labels[group[0].area], tuple(group), mended_by)
