"""Which leadership area a heading names, and which a passage's own words speak of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .linear_model import shipped_model
from .model import Decision
from .phrases import PhraseBook, words_of
from .taxonomy import BUILT_IN, Taxonomy, default_taxonomy

_CLEAR_HEADING = 3.0  # one area in a heading wins over another if it has three times the words
_LEAST_CONFIDENCE = 0.3
_EVIDENCE = 5
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


def _weights(taxonomy: Taxonomy) -> dict[str, dict[str, float]]:
    """Phrase → area → weight, for running text."""
    weights: dict[str, dict[str, float]] = {}
    for area in taxonomy.areas:
        for phrases, weight in (
            (area.terms, _TERM_WEIGHT),
            (area.headings, _HEADING_WEIGHT),
            (area.strong, _STRONG_WEIGHT),
        ):
            for phrase in phrases:
                owners = weights.setdefault(" ".join(words_of(phrase)), {})
                owners[area.id] = max(weight, owners.get(area.id, 0.0))
    return weights


class AreaClassifier:
    """Decides areas by one taxonomy. Deterministic; every decision carries its evidence."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._default = taxonomy.default.id
        self._order = [area.id for area in taxonomy.areas]
        headings: dict[str, tuple[str, tuple[str, ...]]] = {}
        for area in taxonomy.areas:
            for phrase in (*area.headings, *area.strong):
                headings.setdefault(phrase, ("area", (area.id,)))
        for group in taxonomy.groups:
            headings.update((phrase, ("group", group.areas)) for phrase in group.headings)
        headings.update((phrase, ("silent", ())) for phrase in taxonomy.silent)
        self._headings = PhraseBook(
            (phrase, (phrase, kind, ids)) for phrase, (kind, ids) in headings.items()
        )
        self._model = shipped_model("areas") if taxonomy.model == BUILT_IN else None
        weights = _weights(taxonomy)
        if (
            self._model is not None
        ):  # it has learnt of the phrases that the package's own taxonomy has
            known = _weights(default_taxonomy())
            weights = {
                phrase: owners for phrase, owners in weights.items() if known.get(phrase) != owners
            }
        self._has_words = bool(weights)
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
            if kind == "silent":
                continue
            if kind == "group":
                return HeadingAreas(None, ids, True, (phrase,))
            spoken[ids[0]] = spoken.get(ids[0], 0) + match.end - match.start
            evidence.setdefault(ids[0], []).append(phrase)
        ranked = sorted(spoken, key=lambda area: (-spoken[area], self._order.index(area)))
        phrases = tuple(phrase for area in ranked for phrase in evidence[area])
        if not ranked:
            return _SILENT
        if len(ranked) == 1 or spoken[ranked[0]] >= _CLEAR_HEADING * spoken[ranked[1]]:
            return HeadingAreas(ranked[0], tuple(ranked), False, phrases)
        return HeadingAreas(None, tuple(ranked), False, phrases)

    def words(self, text: str, among: Collection[str] = ()) -> tuple[str, Decision]:
        """The area that a passage's own words speak of, and why; the default area rather than a wild
        guess. With ``among`` only those areas stand for election."""
        own = self._own_votes(text)
        if self._model is None:
            return self._count(own, among)
        bonus = {area: sum(voices.values()) for area, voices in own.items()}
        vote = self._model.vote(text, among=among, bonus=bonus)
        if vote.name == self._default or vote.confidence < _LEAST_CONFIDENCE:
            return self._default, Decision("default", (), round(vote.confidence, 3))
        phrases = tuple(
            f"{phrase} +{weight:g}" for phrase, weight in _loudest(own.get(vote.name, {}))
        )
        return vote.name, Decision(
            "words", (*phrases, *vote.evidence)[:_EVIDENCE], round(vote.confidence, 3)
        )

    def _own_votes(self, text: str) -> dict[str, dict[str, float]]:
        """Area → phrase of the taxonomy → its weight here; phrases the model has learnt of are left out."""
        voices: dict[str, dict[str, float]] = {}
        if not self._has_words:
            return voices
        for match in self._words.find(words_of(text)):
            phrase, owners = match.payload
            for area, weight in owners.items():
                mine = voices.setdefault(area, {})
                mine[phrase] = weight + 0.5 * mine.get(
                    phrase, 0.0
                )  # said again it counts, but less
        return voices

    def _count(
        self, voices: dict[str, dict[str, float]], among: Collection[str]
    ) -> tuple[str, Decision]:
        """Without a model the phrases' weights alone decide."""
        scores = {
            area: sum(mine.values()) for area, mine in voices.items() if not among or area in among
        }
        total = sum(scores.values())
        best = max(
            scores, key=lambda area: (scores[area], -self._order.index(area)), default=self._default
        )
        share = scores[best] / total if total else 0.0
        if share < _LEAST_SHARE or scores[best] < (_LEAST_SCORE / 2 if among else _LEAST_SCORE):
            return self._default, Decision("default", (), round(1 - share, 3))
        sure = share * min(1.0, scores[best] / 6) ** 0.5 * 0.9
        phrases = tuple(f"{phrase} +{weight:g}" for phrase, weight in _loudest(voices[best]))
        return best, Decision("words", phrases, round(sure, 3))


def _loudest(voices: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(voices.items(), key=lambda voice: (-voice[1], voice[0]))[:_EVIDENCE]
