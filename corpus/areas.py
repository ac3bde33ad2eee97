"""Classify headings, reports and passages by leadership area."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import log

from ..vietnamese import tokenise
from .corrected import CorrectedWeights, Example, learnt
from .line_types import subject_of
from .linear_model import Vote, shipped_model
from .model import AROUND, CORRECTED, Decision
from .phrases import PhraseBook, PhraseMatch, words_of
from .taxonomy import BUILT_IN, Taxonomy, default_taxonomy

_CLEAR_HEADING = 3.0  # one area in a heading wins over another if it has three times the words
_LEAST_CONFIDENCE = 0.2  # minimum confidence of the model; below it the default area is used
_EVIDENCE = 5
_LEAST_SCORE = 2.4
_LEAST_SHARE = 0.5
_HEADING_WEIGHT = 1.6
_STRONG_WEIGHT = 2.0
_TERM_WEIGHT = 1.0
_STRONG_BONUS = 2.0  # of the issuing body's area, or of the subject of a plan or a rule
_WEAK_BONUS = 1.0  # of the area that a report's title names
_FEWEST_WORDS = 4  # texts with fewer words are not classified
_FEW_CHARACTERS = 40  # a longer text has more words
_OVERVIEW_PENALTY = 1.0  # of the default area below a heading that names several
_NAMED_BONUS = 0.5  # times the log of an area's share of the phrases in a heading

_COORDINATION = re.compile(r"[,;–—&+/-]|\bvà\b|\bvới\b", re.IGNORECASE)
_SUBORDINATION = re.compile(
    r"\b(?:về|trong|của|cho|trên|tại|đối với|ở|bằng|theo|qua|liên quan|thuộc|từ)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class HeadingAreas:
    """The areas named in a heading.

    ``area`` is its subject, or None; ``among`` are all areas it names, in order, or those of its
    group; ``group`` is True for a heading that groups areas; ``own_work`` is True if it names work
    common to all bodies (see the taxonomy); ``evidence`` holds the phrases found.
    """

    area: str | None = None
    among: tuple[str, ...] = ()
    group: bool = False
    evidence: tuple[str, ...] = ()
    own_work: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a whole report.

    ``area`` is derived from its issuing body or title, or None.

    ``keeps`` is True if the whole report is about its subject: that of a body whose own work is an
    area, and rules, plans or guides. A heading in it that names another area leaves the decision to
    the words. ``among`` holds the areas of a title with several; ``evidence`` the title or body,
    and the phrases found in it; ``bonus`` is added to the scores of these areas.
    """

    area: str | None = None
    keeps: bool = False
    evidence: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    bonus: float = 1.0


NO_SUBJECT = Subject()
_NO_AREAS = HeadingAreas()
_Entry = tuple[str, str, tuple[str, ...]]  # phrase, "area", "group" or "silent", areas


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


def _normal(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(" ".join(words_of(phrase)) for phrase in phrases)


def _heading_phrases(taxonomy: Taxonomy) -> PhraseBook[_Entry]:
    entries: dict[str, _Entry] = {}
    for area in taxonomy.areas:
        for phrase in (*area.headings, *area.strong):
            entries.setdefault(phrase, (phrase, "area", (area.id,)))
    for group in taxonomy.groups:
        entries.update((phrase, (phrase, "group", group.areas)) for phrase in group.headings)
    entries.update((phrase, (phrase, "silent", ())) for phrase in taxonomy.silent)
    return PhraseBook(entries.items())


class AreaClassifier:
    """Decides areas by one taxonomy.

    Deterministic; every decision includes its evidence.
    """

    def __init__(self, taxonomy: Taxonomy, examples: Sequence[Example] = ()) -> None:
        """``examples``: (text, area id) of each corrected passage."""
        self._examples = examples
        self._default = taxonomy.default.id
        self._order = [area.id for area in taxonomy.areas]
        self._headings = _heading_phrases(taxonomy)
        self._purposes = PhraseBook((phrase, phrase) for phrase in taxonomy.purposes)
        self._own_work = _normal(taxonomy.own_work)
        self._untitled = _normal(taxonomy.title_silent)
        self._issuers = PhraseBook(
            (phrase, (phrase, area.id)) for area in taxonomy.areas for phrase in area.issuers
        )
        self._model = shipped_model("areas") if taxonomy.model == BUILT_IN else None
        weights = _weights(taxonomy)
        if self._model is not None:  # it was trained with the phrases of the shipped taxonomy
            known = _weights(default_taxonomy())
            weights = {
                phrase: owners for phrase, owners in weights.items() if known.get(phrase) != owners
            }
        self._has_words = bool(weights)
        # a phrase of several areas is weaker evidence for each
        self._words = PhraseBook(
            (phrase, (phrase, {area: weight / len(owners) for area, weight in owners.items()}))
            for phrase, owners in weights.items()
        )

    @cached_property
    def _learnt(self) -> CorrectedWeights | None:
        """Weights learnt from corrections, computed on first use."""
        return learnt(self._model, self._examples, self._order)

    def heading(self, text: str, *, title: bool = False) -> HeadingAreas:
        """The areas named in the heading ``text`` (without its number) or ``title``.

        The head of the phrase counts: words after a preposition only qualify it ("khiếu nại về đất
        đai"), and words after "góp phần", "nhằm" … are its purpose. Several coordinated areas ("văn
        hóa, quốc phòng") leave the decision to the passage.
        """
        words = words_of(text)
        matches = [m for m in self._headings.find(words) if m.payload[1] != "silent"]
        if title:
            matches = [m for m in matches if " ".join(words[m.start : m.end]) not in self._untitled]
        matches = self._before_purpose(words, matches)
        if not matches:
            return _NO_AREAS
        tokens = [token for token in tokenise(text) if token.kind != "code"]
        gaps = [
            text[tokens[before.end - 1].end : tokens[after.start].start]
            for before, after in pairwise(matches)
        ]
        head = [matches[0]]
        for gap, match in zip(gaps, matches[1:], strict=True):
            same = match.payload[2] == head[-1].payload[2]
            if not same and (_SUBORDINATION.search(gap) or not _COORDINATION.search(gap)):
                break
            head.append(match)
        return self._named(head)

    def _before_purpose(
        self, words: Sequence[str], matches: list[PhraseMatch[_Entry]]
    ) -> list[PhraseMatch[_Entry]]:
        """The phrases before a purpose, or those after it if there are none."""
        for purpose in self._purposes.find(words):
            before = [match for match in matches if match.end <= purpose.start]
            if before:
                return before
            matches = [match for match in matches if match.start >= purpose.end]
        return matches

    def _named(self, matches: Sequence[PhraseMatch[_Entry]]) -> HeadingAreas:
        """The areas of coordinated phrases."""
        sizes: dict[str, int] = {}
        for match in matches:
            for area in match.payload[2]:
                sizes[area] = sizes.get(area, 0) + match.end - match.start
        phrases = tuple(match.payload[0] for match in matches)
        own_work = all(" ".join(words_of(phrase)) in self._own_work for phrase in phrases)
        among = tuple(sizes)
        if matches[0].payload[1] == "group":
            return HeadingAreas(None, among, True, phrases)
        most, *others = sorted(sizes, key=lambda area: -sizes[area])
        clear = not others or sizes[most] >= _CLEAR_HEADING * sizes[others[0]]
        return HeadingAreas(most if clear else None, among, False, phrases, own_work)

    def subject(
        self, title: str, issuing_body: str | None = None, *, narrow: bool = False
    ) -> Subject:
        """The subject of a report from its ``title`` and ``issuing_body``.

        ``narrow`` is True for rules, plans and guides, which keep to their subject. A body in the
        title counts first ("Đại hội đại biểu Phụ nữ …"), then the areas in the title, then the
        issuing body. A body that works in all areas (a Party committee) decides none.
        """
        named = self.heading(subject_of(title), title=True)
        by_title = self._issuer(title)
        by_body = self._issuer(issuing_body or "")
        agree = by_title is not None and (by_body is None or by_body[1] == by_title[1])
        if by_title is not None and (agree or named.area in (None, by_title[1]) or named.own_work):
            return Subject(by_title[1], True, (title, by_title[0]), bonus=_STRONG_BONUS)
        if named.area and not (named.own_work and by_body):
            bonus = _STRONG_BONUS if narrow else _WEAK_BONUS
            return Subject(named.area, narrow, (title, *named.evidence), bonus=bonus)
        if by_body is not None and issuing_body:
            return Subject(by_body[1], True, (issuing_body, by_body[0]), bonus=_STRONG_BONUS)
        return Subject(among=named.among, evidence=(title, *named.evidence))

    def body_area(self, heading: str) -> str | None:
        """The area of the body that a heading names: "Công tác của Đoàn xã"."""
        body = self._issuer(heading)
        return body[1] if body else None

    def _issuer(self, text: str) -> tuple[str, str] | None:
        """The first phrase of ``text`` that names a body, and the body's area."""
        found = self._issuers.find(words_of(text))
        return found[0].payload if found and found[0].payload[1] != self._default else None

    def shares(self, text: str) -> dict[str, float]:
        """The confidence of each area by the words of ``text``; empty without a model."""
        return self._model.shares(text) if self._model is not None else {}

    def words(
        self,
        text: str,
        among: Sequence[str] = (),
        subject: Subject = NO_SUBJECT,
        context: Mapping[str, float] | None = None,
    ) -> tuple[str, Decision]:
        """Classify a passage by its own words; return the area and the evidence.

        ``among`` restricts the choice to these areas, favouring the first ones, and to that of a
        report that keeps to its subject (else the default). The report's ``subject`` needs less
        evidence than other areas and is chosen if the words are inconclusive; without one, the
        default area is. ``context`` is added to the scores of its areas.
        """
        own = self._phrase_weights(text)
        other = subject.area if subject.keeps and subject.area else self._default
        running = (*among, other) if among else ()
        if self._model is None:
            area, why = self._count(own, running)
        else:
            bonus = self._bonus(own, among, subject)
            corrected = self._learnt.scores(text) if self._learnt is not None else {}
            if corrected:
                without = self._vote(text, running, _sum(bonus, context or {}), own).name
                bonus = _sum(bonus, corrected)
            vote = self._vote(text, running, _sum(bonus, context or {}), own)
            area, why = vote.name, self._reason(vote, own)
            by_words = bool(context) and why.source == "words"
            if by_words and self._vote(text, running, bonus, own).name != area:
                why = Decision("report", (AROUND, *why.evidence), why.confidence)
            if corrected and area != without:
                evidence = (CORRECTED, *why.evidence)
                why = Decision("words", evidence[:_EVIDENCE], why.confidence)
        if among or subject.area in (None, self._default):
            return area, why
        if area == self._default:
            return subject.area, Decision("report", subject.evidence, round(1 - why.confidence, 3))
        if area == subject.area:
            return area, Decision("report", (*subject.evidence, *why.evidence), why.confidence)
        return area, why

    def _bonus(
        self, own: Mapping[str, Mapping[str, float]], among: Sequence[str], subject: Subject
    ) -> dict[str, float]:
        """Score of each area from phrases, the heading and the report's subject."""
        bonus = {area: sum(weights.values()) for area, weights in own.items()}
        if among:
            bonus = _sum(bonus, {self._default: -_OVERVIEW_PENALTY})
        bonus = _sum(
            bonus, {area: -_NAMED_BONUS * log(1 + place) for place, area in enumerate(among)}
        )
        named = (subject.area,) if subject.area else subject.among
        return _sum(bonus, dict.fromkeys(named, subject.bonus))

    def _vote(
        self,
        text: str,
        among: Collection[str],
        bonus: Mapping[str, float],
        own: Mapping[str, Mapping[str, float]],
    ) -> Vote:
        """The model's vote, for the default area if it is not sure or the text is short."""
        assert self._model is not None
        if len(text) < _FEW_CHARACTERS and len(words_of(text)) < _FEWEST_WORDS and not own:
            return Vote(self._default, 0.0)
        vote = self._model.vote(text, among=among, bonus=bonus)
        return vote if vote.confidence >= _LEAST_CONFIDENCE else vote._replace(name=self._default)

    def _reason(self, vote: Vote, own: Mapping[str, Mapping[str, float]]) -> Decision:
        """The evidence for a vote."""
        sure = round(vote.confidence, 3)
        if vote.name == self._default:
            return Decision("default", (), sure)
        phrases = [f"{phrase} +{weight:g}" for phrase, weight in _loudest(own.get(vote.name, {}))]
        return Decision("words", (*phrases, *vote.evidence)[:_EVIDENCE], sure)

    def _phrase_weights(self, text: str) -> dict[str, dict[str, float]]:
        """Area → phrase → weight, without the phrases that the model learnt."""
        found: dict[str, dict[str, float]] = {}
        if not self._has_words:
            return found
        for match in self._words.find(words_of(text)):
            phrase, owners = match.payload
            for area, weight in owners.items():
                mine = found.setdefault(area, {})
                mine[phrase] = weight + 0.5 * mine.get(phrase, 0.0)  # repeated it counts, but less
        return found

    def _count(
        self, found: dict[str, dict[str, float]], among: Collection[str]
    ) -> tuple[str, Decision]:
        """Classify by the weights of phrases only, without a model."""
        scores = {
            area: sum(mine.values()) for area, mine in found.items() if not among or area in among
        }
        total = sum(scores.values())
        best = max(
            scores, key=lambda area: (scores[area], -self._order.index(area)), default=self._default
        )
        share = scores[best] / total if total else 0.0
        if share < _LEAST_SHARE or scores[best] < (_LEAST_SCORE / 2 if among else _LEAST_SCORE):
            return self._default, Decision("default", (), round(1 - share, 3))
        sure = share * min(1.0, scores[best] / 6) ** 0.5 * 0.9
        phrases = tuple(f"{phrase} +{weight:g}" for phrase, weight in _loudest(found[best]))
        return best, Decision("words", phrases, round(sure, 3))


def _sum(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """Add two scores of each area."""
    return {**one, **{area: one.get(area, 0.0) + score for area, score in other.items()}}


def _loudest(weights: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_EVIDENCE]
