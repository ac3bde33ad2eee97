"""Pairs of reports annotated for comparison.

The annotation names passages about the same matter, and new or dropped topics.
``tests/data/comparisons/README.md`` describes the files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tracuu import Index, Passage, Report

_SIDE = re.compile(r"== (then|now) (\d{4})-(\d{4})")
_PASSAGE = re.compile(
    r"(?P<area>[a-z-]+) (?P<sign>[+-]) (?P<name>[ab]\d+)(?: < (?P<same>[a\d ]+))? \| (?P<text>.+)"
)
_TOPIC = re.compile(r"(new|dropped) ([a-z-]+): (.+)")
_ASSESSMENTS = {"+": "achievement", "-": "shortcoming"}
Topic = tuple[str, str, tuple[str, ...]]  # ``new`` or ``dropped``, area, alternative names


@dataclass
class AnnotatedPair:
    """Two reports and their annotation."""

    name: str
    reports: dict[str, Report] = field(default_factory=dict)
    passages: dict[str, list[Passage]] = field(default_factory=dict)
    same: set[tuple[int, int]] = field(default_factory=set)  # positions in older and newer report
    topics: list[Topic] = field(default_factory=list)

    def ids(self) -> tuple[str, str]:
        """The older report, the newer one."""
        return f"{self.name}-then", f"{self.name}-now"

    def put(self, index: Index) -> None:
        """Add both reports to an index, with the annotated areas and assessments."""
        for side, report in self.reports.items():
            index.add(self.passages[side], report=report, classify=False)


def read_pair(path: Path) -> AnnotatedPair:
    """Read the pair of one file. Raises ValueError for an invalid line."""
    title, *lines = path.read_text(encoding="utf-8").splitlines()
    pair, side, places = AnnotatedPair(path.stem), "", {}
    for line in lines:
        if found := _SIDE.fullmatch(line):
            side = found[1]
            name = f"{pair.name}-{side}"
            pair.reports[side] = Report(name, title=title, term=(int(found[2]), int(found[3])))
            pair.passages[side] = []
        elif found := _PASSAGE.fullmatch(line):
            passages = pair.passages[side]
            place = places[found["name"]] = len(passages) + 1
            assessment = _ASSESSMENTS[found["sign"]]
            passages.append(
                Passage(
                    f"{pair.name}-{side}",
                    place,
                    found["text"],
                    area=found["area"],
                    assessment=assessment,  # type: ignore[arg-type]
                )
            )
            pair.same |= {(places[one], place) for one in (found["same"] or "").split()}
        elif found := _TOPIC.fullmatch(line):
            pair.topics.append((found[1], found[2], tuple(found[3].split(" / "))))
        elif line != "== topics":
            raise ValueError(f"{path}: {line!r} is no line of this format")
    return pair


def names(shown: str, ways: tuple[str, ...]) -> bool:
    """Whether a displayed phrase names a topic.

    It equals or contains one of the topic's names, or is one without surrounding words.
    """
    phrase = f" {shown.casefold()} "
    return any(f" {way} " in phrase or phrase in f" {way} " for way in ways)
