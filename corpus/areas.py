"""Which leadership area a heading names, and which a passage's own words speak of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import log

from .model import Decision
from .phrases import PhraseBook, words_of
from .taxonomy import Taxonomy

_CLEAR_HEADING = 2.0  # one area in a heading wins over another if it has twice the words
_LEAST_SCORE = 2.4
_LEAST_SHARE = 0.5
_HEADING_WEIGHT = 1.6
_STRONG_WEIGHT = 2.0
_TERM_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class HeadingAreas:
    """What a heading says of areas.

    ``area`` is the one it clearly names, else None; ``among`` all it names, or those of the group it
    is; ``group`` tells that it gathers areas; ``evidence`` the phrases that spoke.
    """

    area: str | None = None
    among: tuple[str, ...] = ()
    group: bool = False
    evidence: tuple[str, ...] = ()


_SILENT = HeadingAreas()


class AreaJudge:
    """Decides areas by one taxonomy. Deterministic; every decision carries its evidence."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._default = taxonomy.default.id
        self._order = [area.id for area in taxonomy.areas]
        headings: dict[str, tuple[str, tuple[str, ...]]] = {}
        weights: dict[str, dict[str, float]] = {}
        for area in taxonomy.areas:
            for phrase in (*area.headings, *area.strong):
                headings.setdefault(phrase, ("area", (area.id,)))
            for phrases, weight in (
                (area.terms, _TERM_WEIGHT),
                (area.headings, _HEADING_WEIGHT),
                (area.strong, _STRONG_WEIGHT),
            ):
                for phrase in phrases:
                    owners = weights.setdefault(" ".join(words_of(phrase)), {})
                    owners[area.id] = max(weight, owners.get(area.id, 0.0))
        for group in taxonomy.groups:
            headings.update((phrase, ("group", group.areas)) for phrase in group.headings)
        self._headings = PhraseBook((phrase, (phrase, kind, ids)) for phrase, (kind, ids) in headings.items())
        # a phrase that speaks for several areas says less about each
        self._words = PhraseBook(
            (phrase, (phrase, {area: weight / len(owners) for area, weight in owners.items()}))
            for phrase, owners in weights.items()
        )

    def heading(self, text: str) -> HeadingAreas:
        """What the heading ``text`` (without its number) says of areas."""
        matches = self._headings.find(words_of(text))
        if not matches:
            return _SILENT
        spoken: dict[str, int] = {}
        evidence: dict[str, list[str]] = {}
        for match in matches:
            phrase, kind, ids = match.payload
            if kind == "group":
                return HeadingAreas(None, ids, True, (phrase,))
            spoken[ids[0]] = spoken.get(ids[0], 0) + match.end - match.start
            evidence.setdefault(ids[0], []).append(phrase)
        ranked = sorted(spoken, key=lambda area: (-spoken[area], self._order.index(area)))
        phrases = tuple(phrase for area in ranked for phrase in evidence[area])
        if len(ranked) == 1 or spoken[ranked[0]] >= _CLEAR_HEADING * spoken[ranked[1]]:
            return HeadingAreas(ranked[0], tuple(ranked), False, phrases)
        return HeadingAreas(None, tuple(ranked), False, phrases)

    def words(self, words: Sequence[str], among: Collection[str] = ()) -> tuple[str, Decision]:
        """The area that a passage's canonical ``words`` speak of, and why; the default area rather
        than a wild guess. With ``among`` only those areas stand for election, and less will do."""
        scores: dict[str, float] = {}
        voices: dict[str, dict[str, float]] = {}
        counts: dict[str, int] = {}
        for match in self._words.find(words):
            phrase, owners = match.payload
            counts[phrase] = counts.get(phrase, 0) + 1
            for area, weight in owners.items():
                if not among or area in among:
                    voices.setdefault(area, {})[phrase] = weight
        for area, phrases in voices.items():
            scores[area] = sum(weight * (1 + log(counts[phrase])) for phrase, weight in phrases.items())
        total = sum(scores.values())
        if not total:
            return self._default, Decision("default", (), 0.5)
        best = max(scores, key=lambda area: (scores[area], -self._order.index(area)))
        share = scores[best] / total
        needed = _LEAST_SCORE / 2 if among else _LEAST_SCORE
        if scores[best] < needed or share < _LEAST_SHARE:
            return self._default, Decision("default", (), round(1 - share, 3))
        spoke = sorted(voices[best].items(), key=lambda voice: (-voice[1], voice[0]))[:5]
        sure = share * min(1.0, scores[best] / 6) ** 0.5 * 0.9
        return best, Decision("words", tuple(f"{phrase} +{weight:g}" for phrase, weight in spoke), round(sure, 3))
