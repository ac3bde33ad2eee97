"""The places of a query: its syllables and numbers, and what each may match in the index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ...schema import FOLDED, FOLDED_MARK, FOLDED_PAIR, PAIR, SYLLABLE, TITLE
from ...vietnamese import Analyser, fold, is_folded
from ..edit_distance import near
from ..statistics import TermStatistics
from .ast import Words

MAX_SLOTS = 256
"""Syllables of one query that are looked at; of a longer one the most telling."""
FORGIVEN = 0.8
"""Weight of a form without diacritics, or one letter off, for a word that the index does not hold."""
LOOSE = 0.7
"""Weight of a form without diacritics for a word typed without them among words with them."""
_MAX_CORRECTED = 8
_MIN_CORRECTED = 4
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class TermVariant:
    """Something a place may match: a token in the field ``syllable`` or, if ``folded``, ``folded``."""

    token: str
    folded: bool = False
    weight: float = 1.0

    @property
    def field(self) -> str:
        """The index field of the token."""
        return FOLDED if self.folded else SYLLABLE


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One place of the query.

    ``text`` is canonical, ``folded`` the same without diacritics; ``start`` and ``end`` bound it in
    the query. ``joined`` tells that it directly follows the slot before, in the same sentence.
    ``forms`` is what it may match: nothing for a word the index does not know.
    """

    text: str
    folded: str
    start: int
    end: int
    joined: bool
    number: bool
    capitals: bool
    forms: tuple[TermVariant, ...] = ()
    known: bool = True

    @property
    def marked(self) -> bool:
        """Whether it was typed with diacritics."""
        return self.text != self.folded


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number or date written as one: the token and the slots ``first`` to ``last - 1``."""

    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The slots of a stretch of plain words, and the codes among them."""

    slots: tuple[QueryTerm, ...]
    codes: tuple[DocumentNumber, ...] = ()


def read_places(nodes: Iterable[Words], analyser: Analyser) -> QueryTerms:
    """The slots of plain words, before they are looked up in an index."""
    slots: list[QueryTerm] = []
    codes: list[DocumentNumber] = []
    for node in nodes:
        analysis = analyser.analyse(node.text, words=False)
        folded = [text for text, _ in analysis.folded]
        joined = False
        base = len(slots)
        for token, plain in zip(analysis.tokens, folded, strict=True):
            if token.kind == "code":
                length = sum(
                    1
                    for other in analysis.tokens
                    if other.kind != "code"
                    and token.start <= other.start
                    and other.end <= token.end
                )
                codes.append(
                    DocumentNumber(
                        token.text, base + token.position, base + token.position + length
                    )
                )
                continue
            raw = node.text[token.start : token.end]
            slots.append(
                QueryTerm(
                    text=token.text,
                    folded=plain,
                    start=node.start + token.start,
                    end=node.start + token.end,
                    joined=joined and not token.break_before,
                    number=token.kind == "number",
                    capitals=raw.isupper(),
                )
            )
            joined = True
    return QueryTerms(tuple(slots), tuple(codes))


def look_up(places: QueryTerms, statistics: TermStatistics, *, folded: bool) -> QueryTerms:
    """The same places with their forms; at most ``MAX_SLOTS`` of them, the most telling.

    ``folded``: the whole query was typed without diacritics, so only ``folded`` is asked.
    """
    statistics.load(FOLDED, (slot.folded for slot in places.slots))
    statistics.load(TITLE, (FOLDED_MARK + slot.folded for slot in places.slots))
    if not folded:
        statistics.load(SYLLABLE, (slot.text for slot in places.slots))
    places = _most_telling(places, statistics)
    corrected = 0
    slots: list[QueryTerm] = []
    for slot in places.slots:
        forms = _known_forms(slot, statistics, folded=folded)
        known = bool(forms)
        # A name in a title is no typing error, though no passage holds it.
        if statistics.doc_freq(TITLE, FOLDED_MARK + slot.folded):
            known = True
        elif not known and corrected < _MAX_CORRECTED and len(slot.folded) >= _MIN_CORRECTED:
            corrected += 1
            forms = tuple(
                TermVariant(token, True, FORGIVEN)
                for token in near(statistics, slot.folded, limit=_NEAREST)
            )
        exact = folded or not forms or any(not form.folded for form in forms)
        slots.append(replace(slot, forms=forms, known=known and exact))
    return QueryTerms(tuple(slots), places.codes)


def _known_forms(
    slot: QueryTerm, statistics: TermStatistics, *, folded: bool
) -> tuple[TermVariant, ...]:
    loose = statistics.doc_freq(FOLDED, slot.folded)
    if folded:
        return (TermVariant(slot.folded, True),) if loose else ()
    exact = statistics.doc_freq(SYLLABLE, slot.text)
    if not exact:
        return (TermVariant(slot.folded, True, FORGIVEN),) if loose else ()
    # "uy ban nhân dân": where a word without marks is mostly written with them, they were left out.
    if not slot.marked and not slot.number and 2 * exact < loose:
        return (TermVariant(slot.text), TermVariant(slot.folded, True, LOOSE))
    return (TermVariant(slot.text),)


def _most_telling(places: QueryTerms, statistics: TermStatistics) -> QueryTerms:
    """At most ``MAX_SLOTS`` slots: those whose tokens are rarest in the index."""
    if len(places.slots) <= MAX_SLOTS:
        return places
    seen: set[str] = set()
    order = sorted(
        range(len(places.slots)),
        key=lambda at: (-statistics.idf(FOLDED, places.slots[at].folded), at),
    )
    kept: set[int] = set()
    for at in order:
        token = places.slots[at].folded
        # Again and again the same word tells nothing more, and would push out the others.
        if len(kept) < MAX_SLOTS and token not in seen and statistics.doc_freq(FOLDED, token):
            seen.add(token)
            kept.add(at)
    slots = [
        replace(slot, joined=slot.joined and at - 1 in kept)
        for at, slot in enumerate(places.slots)
        if at in kept
    ]
    return QueryTerms(tuple(slots))


def pair_variants(
    left: QueryTerm, right: QueryTerm, statistics: TermStatistics
) -> list[tuple[str, str, float]]:
    """What the pair of two neighbouring slots may match, as (field, token, weight).

    Only what occurs. Forms of different fields meet without diacritics.
    """
    found: dict[tuple[str, str], float] = {}
    for first in left.forms:
        for second in right.forms:
            if first.folded or second.folded:
                field, token = FOLDED_PAIR, f"{fold(first.token)} {fold(second.token)}"
            else:
                field, token = PAIR, f"{first.token} {second.token}"
            weight = min(first.weight, second.weight)
            if statistics.doc_freq(field, token):
                found[field, token] = max(weight, found.get((field, token), 0.0))
    if not (left.marked and right.marked) and not (left.number and right.number):
        exact = sum(statistics.doc_freq(field, token) for field, token in found if field == PAIR)
        token = f"{left.folded} {right.folded}"
        loose = statistics.doc_freq(FOLDED_PAIR, token)
        if loose and 2 * exact < loose and (FOLDED_PAIR, token) not in found:
            found[FOLDED_PAIR, token] = LOOSE
    return [(field, token, weight) for (field, token), weight in found.items()]


def load_pairs(slots: Sequence[QueryTerm], statistics: TermStatistics) -> None:
    """Look up all neighbouring pairs in one call a field."""
    joined = [(left, right) for left, right in pairwise(slots) if right.joined]
    statistics.load(FOLDED_PAIR, (f"{left.folded} {right.folded}" for left, right in joined))
    exact = [
        (left, right)
        for left, right in joined
        if any(not form.folded for form in (*left.forms, *right.forms))
    ]
    statistics.load(PAIR, (f"{left.text} {right.text}" for left, right in exact))


def is_typed_without_marks(texts: Iterable[str]) -> bool:
    """Whether nothing in these texts bears a diacritic."""
    return all(is_folded(text) for text in texts)
