"""Automatic numbering as word processors show it, with the state of each list."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .numbers import number_label

_PLACE = re.compile(r"%([1-9])")
LEVELS = 9  # levels of a list
_BULLETS = frozenset("-–—+*")


@dataclass(slots=True)
class Level:
    """One level of a list: its number format and its label."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int | None = None


@dataclass(slots=True)
class ListUse:
    """One list: its kind, which defines levels and counters, and its overrides.

    ``starts`` are the numbers at which levels restart when the list is first used.
    """

    kind: str
    starts: dict[int, int] = field(default_factory=dict)
    changed: dict[int, Level] = field(default_factory=dict)


class Numbering:
    """The lists of one document.

    ``kinds`` are the levels by kind of list, ``lists`` the lists by id.
    """

    def __init__(self, kinds: dict[str, dict[int, Level]], lists: dict[str, ListUse]) -> None:
        self._kinds = kinds
        self._lists = lists
        self._counters: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()

    def label(self, num_id: str | None, level: int | None) -> str:
        """The number or bullet of the next paragraph in list ``num_id``, or ``""``.

        Advances the counter. Bullets of symbol fonts come out as ``-``.
        """
        if num_id is None or num_id == "0" or num_id not in self._lists:
            return ""
        level = min(level or 0, LEVELS - 1)
        found = self._level(num_id, level)
        if found is None:
            return ""
        if found.style == "bullet":
            mark = found.text.strip()
            return mark if mark in _BULLETS else "-"
        counters = self._count(num_id, level, found)

        def fill(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            shown = self._level(num_id, place) or Level()
            number = counters[place]
            style = "decimal" if found.legal and shown.style != "decimalZero" else shown.style
            return number_label(shown.start if number is None else number, style)

        return _PLACE.sub(fill, found.text).strip()

    def restart(self, num_id: str) -> None:
        """Restart the list."""
        used = self._lists.get(num_id)
        if used is not None:
            self._counters.pop(used.kind, None)
            self._begun.discard(num_id)

    def set_number(self, num_id: str, level: int, number: int) -> None:
        """Set the number of the next paragraph at ``level`` of the list."""
        used = self._lists.get(num_id)
        if used is not None and 0 <= level < LEVELS:
            self._counters.setdefault(used.kind, [None] * LEVELS)[level] = number - 1

    def _level(self, num_id: str, level: int) -> Level | None:
        used = self._lists[num_id]
        return used.changed.get(level) or self._kinds.get(used.kind, {}).get(level)

    def _count(self, num_id: str, level: int, found: Level) -> list[int | None]:
        """Increment the counter of ``level`` and reset deeper ones.

        Lists of one kind share counters.
        """
        counters = self._counters.setdefault(self._lists[num_id].kind, [None] * LEVELS)
        if num_id not in self._begun:
            self._begun.add(num_id)
            for place, start in self._lists[num_id].starts.items():
                if place < LEVELS:
                    counters[place] = start - 1
        current = counters[level]
        counters[level] = found.start if current is None else current + 1
        for deeper in range(level + 1, LEVELS):
            below = self._level(num_id, deeper)
            if below is None or below.restart is None or 0 < below.restart >= level + 1:
                counters[deeper] = None
        return counters
