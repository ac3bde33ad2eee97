"""The query_terms of a query: its syllables and numbers, and what each may match in the index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ...schema import FOLDED, FOLDED_MARK, FOLDED_PAIR, PAIR, SYLLABLE, TITLE
from ...vietnamese import Analyser, fold, is_folded
from .. import tuning
from ..spelling import near
from ..statistics import TermStatistics
from .ast import Words


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
    the query. ``joined`` tells that it directly follows the term before, in the same sentence.
    ``variants`` is what it may match: nothing for a word the index does not know.
    """

    text: str
    folded: str
    start: int
    end: int
    joined: bool
    number: bool
    capitals: bool
    variants: tuple[TermVariant, ...] = ()
    known: bool = True

    @property
    def marked(self) -> bool:
        """Whether it was typed with diacritics."""
        return self.text != self.folded


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number or date written as one: the token and the terms ``first`` to ``last - 1``."""

    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The terms of a stretch of plain words, and the codes among them."""

    terms: tuple[QueryTerm, ...]
    codes: tuple[DocumentNumber, ...] = ()


def read_terms(nodes: Iterable[Words], analyser: Analyser) -> QueryTerms:
    """The terms of plain words, before they are looked up in an index."""
    terms: list[QueryTerm] = []
    codes: list[DocumentNumber] = []
    for node in nodes:
        analysis = analyser.analyse(node.text, words=False)
        folded = [text for text, _ in analysis.folded]
        joined = False
        base = len(terms)
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
            terms.append(
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
    return QueryTerms(tuple(terms), tuple(codes))


def look_up(query_terms: QueryTerms, statistics: TermStatistics, *, folded: bool) -> QueryTerms:
    """The same query_terms with their variants; at most ``tuning.MAX_TERMS`` of them, the most telling.

    ``folded``: the whole query was typed without diacritics, so only ``folded`` is asked.
    """
    statistics.load(FOLDED, (term.folded for term in query_terms.terms))
    statistics.load(TITLE, (FOLDED_MARK + term.folded for term in query_terms.terms))
    if not folded:
        statistics.load(SYLLABLE, (term.text for term in query_terms.terms))
    query_terms = _most_telling(query_terms, statistics)
    corrected = 0
    terms: list[QueryTerm] = []
    for term in query_terms.terms:
        variants = _known_variants(term, statistics, folded=folded)
        known = bool(variants)
        # A name in a title is no typing error, though no passage holds it.
        if statistics.doc_freq(TITLE, FOLDED_MARK + term.folded):
            known = True
        elif (
            not known
            and corrected < tuning.MAX_CORRECTED
            and len(term.folded) >= tuning.MIN_CORRECTED
        ):
            corrected += 1
            variants = tuple(
                TermVariant(token, True, tuning.FORGIVEN_WEIGHT)
                for token in near(statistics, term.folded, limit=tuning.NEAREST)
            )
        exact = folded or not variants or any(not variant.folded for variant in variants)
        terms.append(replace(term, variants=variants, known=known and exact))
    return QueryTerms(tuple(terms), query_terms.codes)


def _known_variants(
    term: QueryTerm, statistics: TermStatistics, *, folded: bool
) -> tuple[TermVariant, ...]:
    loose = statistics.doc_freq(FOLDED, term.folded)
    if folded:
        return (TermVariant(term.folded, True),) if loose else ()
    exact = statistics.doc_freq(SYLLABLE, term.text)
    if not exact:
        return (TermVariant(term.folded, True, tuning.FORGIVEN_WEIGHT),) if loose else ()
    # "uy ban nhân dân": where a word without marks is mostly written with them, they were left out.
    if not term.marked and not term.number and 2 * exact < loose:
        return (TermVariant(term.text), TermVariant(term.folded, True, tuning.UNMARKED_WEIGHT))
    return (TermVariant(term.text),)


def _most_telling(query_terms: QueryTerms, statistics: TermStatistics) -> QueryTerms:
    """At most ``tuning.MAX_TERMS`` terms: those whose tokens are rarest in the index."""
    if len(query_terms.terms) <= tuning.MAX_TERMS:
        return query_terms
    seen: set[str] = set()
    order = sorted(
        range(len(query_terms.terms)),
        key=lambda at: (-statistics.idf(FOLDED, query_terms.terms[at].folded), at),
    )
    kept: set[int] = set()
    for at in order:
        token = query_terms.terms[at].folded
        # Again and again the same word tells nothing more, and would push out the others.
        if (
            len(kept) < tuning.MAX_TERMS
            and token not in seen
            and statistics.doc_freq(FOLDED, token)
        ):
            seen.add(token)
            kept.add(at)
    terms = [
        replace(term, joined=term.joined and at - 1 in kept)
        for at, term in enumerate(query_terms.terms)
        if at in kept
    ]
    return QueryTerms(tuple(terms))


def pair_variants(
    left: QueryTerm, right: QueryTerm, statistics: TermStatistics
) -> list[tuple[str, str, float]]:
    """What the pair of two neighbouring terms may match, as (field, token, weight).

    Only what occurs. Forms of different fields meet without diacritics.
    """
    found: dict[tuple[str, str], float] = {}
    for first in left.variants:
        for second in right.variants:
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
            found[FOLDED_PAIR, token] = tuning.UNMARKED_WEIGHT
    return [(field, token, weight) for (field, token), weight in found.items()]


def load_pairs(terms: Sequence[QueryTerm], statistics: TermStatistics) -> None:
    """Look up all neighbouring pairs in one call a field."""
    joined = [(left, right) for left, right in pairwise(terms) if right.joined]
    statistics.load(FOLDED_PAIR, (f"{left.folded} {right.folded}" for left, right in joined))
    exact = [
        (left, right)
        for left, right in joined
        if any(not variant.folded for variant in (*left.variants, *right.variants))
    ]
    statistics.load(PAIR, (f"{left.text} {right.text}" for left, right in exact))


def is_typed_without_marks(texts: Iterable[str]) -> bool:
    """Whether nothing in these texts bears a diacritic."""
    return all(is_folded(text) for text in texts)
