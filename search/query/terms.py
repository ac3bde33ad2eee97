"""The terms of a query: syllables and numbers, with their matches in the index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ...schema import FOLDED, FOLDED_MARK, FOLDED_PAIR, PAIR, SYLLABLE, TITLE
from ...vietnamese import Analyser, fold, is_folded, marked_forms
from ...vietnamese.syllables import has_syllable_letters, is_folded_syllable
from .. import tuning
from ..spelling import near
from ..statistics import TermStatistics
from .ast import Words


class TermVariant(NamedTuple):
    """A token that a term, or a pair of terms, may match in a field of the index."""

    token: str
    field: str = SYLLABLE
    weight: float = 1.0


class QueryTerm(NamedTuple):  # made and changed for every word: faster than a dataclass
    """A term of the query.

    ``text`` is canonical, ``folded`` without diacritics; ``start`` and ``end`` are its span in the
    query. ``joined`` means that it directly follows the previous term, in the same sentence.
    ``marked``: whether it was typed with diacritics; ``title_token``: its token in titles.
    ``variants`` are the tokens it may match: none for a word missing from the index (``known`` is
    then false, unless it is in a title). ``substitutes`` may be used instead, which the results
    must report.
    """

    text: str
    folded: str
    start: int
    end: int
    joined: bool
    number: bool
    capitals: bool
    marked: bool
    title_token: str
    variants: tuple[TermVariant, ...] = ()
    substitutes: tuple[TermVariant, ...] = ()
    known: bool = True

    @property
    def taken(self) -> tuple[TermVariant, ...]:
        """The variants, or the substitutes if there are none."""
        return self.variants or self.substitutes

    @property
    def native(self) -> bool:
        """Whether it is a Vietnamese syllable, or one typed without diacritics."""
        return (has_syllable_letters if self.marked else is_folded_syllable)(self.text)


class DocumentNumber(NamedTuple):
    """A document number or date written as one.

    Consists of the token and the terms ``first`` to ``last - 1``.
    """

    text: str
    first: int
    last: int


class QueryTerms(NamedTuple):
    """The terms of plain words, and the document numbers among them.

    ``pairs`` holds, for each term, the variants of its pair with the next one that occur in the
    index.
    """

    terms: tuple[QueryTerm, ...]
    codes: tuple[DocumentNumber, ...]
    pairs: tuple[tuple[TermVariant, ...], ...]


def read_terms(
    nodes: Iterable[Words],
    analyser: Analyser,
    statistics: TermStatistics,
    *,
    folded: bool,
    literal: bool = False,
) -> QueryTerms:
    """The terms of plain words with their matches in the index.

    At most ``tuning.MAX_TERMS``, the most informative ones. ``folded`` means that the whole query
    was typed without diacritics, so only the folded field is searched; ``literal`` disables
    substitutes.
    """
    terms, codes = _analysed(nodes, analyser, folded=folded)
    statistics.load(FOLDED, [term.folded for term in terms])
    statistics.load(TITLE, [term.title_token for term in terms])
    if not folded:
        statistics.load(SYLLABLE, [term.text for term in terms])
    if len(terms) > tuning.MAX_TERMS:
        terms, codes = _most_informative(terms, statistics), ()
    terms = _looked_up(terms, statistics, folded=folded, literal=literal)
    return QueryTerms(tuple(terms), tuple(codes), _pairs(terms, statistics))


def _analysed(
    nodes: Iterable[Words], analyser: Analyser, *, folded: bool
) -> tuple[list[QueryTerm], Sequence[DocumentNumber]]:
    terms: list[QueryTerm] = []
    codes: list[DocumentNumber] = []
    for node in nodes:
        analysis = analyser.analyse(node.text, words=False)
        joined = False
        base = len(terms)
        for token, (plain, _) in zip(analysis.tokens, analysis.folded, strict=True):
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
            raw, marked = node.text[token.start : token.end], token.text != plain
            terms.append(
                QueryTerm(
                    text=token.text,
                    folded=plain,
                    start=node.start + token.start,
                    end=node.start + token.end,
                    joined=joined and not token.break_before,
                    number=token.kind == "number",
                    capitals=raw.isupper(),
                    marked=marked,
                    title_token=token.text if marked and not folded else FOLDED_MARK + plain,
                )
            )
            joined = True
    return terms, codes


def _looked_up(
    terms: Sequence[QueryTerm], statistics: TermStatistics, *, folded: bool, literal: bool
) -> list[QueryTerm]:
    """The terms with their variants and substitutes."""
    joined = [(left, right) for left, right in pairwise(terms) if right.joined]
    statistics.load(FOLDED_PAIR, [f"{left.folded} {right.folded}" for left, right in joined])
    terms = [
        term._replace(variants=_typed_variants(terms, at, statistics, folded=folded))
        for at, term in enumerate(terms)
    ]
    corrected = 0
    for at, term in enumerate(terms):
        # A name in a title is not a typing error, though in no passage.
        if term.variants or statistics.doc_freq(TITLE, term.title_token):
            continue
        found: tuple[TermVariant, ...] = ()
        if not literal and corrected < tuning.MAX_CORRECTED and not term.number:
            corrected += 1
            found = _substitutes(terms, at, statistics, folded=folded)
        terms[at] = term._replace(substitutes=found, known=False)
    return terms


def _typed_variants(
    terms: Sequence[QueryTerm], at: int, statistics: TermStatistics, *, folded: bool
) -> tuple[TermVariant, ...]:
    """The tokens of a term as typed, allowing for omitted marks."""
    term = terms[at]
    if folded:
        known = statistics.doc_freq(FOLDED, term.folded)
        return (TermVariant(term.folded, FOLDED),) if known else ()
    exact = statistics.doc_freq(SYLLABLE, term.text)
    variants = (TermVariant(term.text),) if exact else ()
    # "uy ban nhân dân": a word without marks that is mostly written with them has lost them, if it
    # then occurs beside its neighbour ("ma túy" is not "mà").
    lost = (
        not term.marked and not term.number and 2 * exact < statistics.doc_freq(FOLDED, term.folded)
    )
    if lost and any(
        statistics.doc_freq(FOLDED_PAIR, f"{left.folded} {right.folded}")
        for left, right in pairwise(terms[max(0, at - 1) : at + 2])
        if right.joined
    ):
        variants = (*variants, TermVariant(term.folded, FOLDED, tuning.UNMARKED_WEIGHT))
    return variants


def _substitutes(
    terms: Sequence[QueryTerm], at: int, statistics: TermStatistics, *, folded: bool
) -> tuple[TermVariant, ...]:
    """Substitutes for a term missing from the index, most frequent first.

    These are the same letters with other marks, and words at distance 1, if they occur beside a
    neighbour of the term. Without such a neighbour a Vietnamese syllable is kept: only a query of
    one word may get other marks, and only text that is not a syllable another letter.
    """
    term = terms[at]
    remarked = (
        {}
        if folded or not term.marked
        else statistics.doc_freqs(SYLLABLE, marked_forms(term.folded))
    )
    others = {other.text for other in terms}
    same = sorted(
        (token for token in remarked if token not in others), key=lambda token: -remarked[token]
    )
    near_ = (
        [
            token
            for token in near(
                statistics, term.folded if folded else term.text, limit=tuning.SPELLING_CANDIDATES
            )
            if token not in others
        ]
        if len(term.folded) >= tuning.MIN_CORRECTED
        else []
    )
    if folded or not term.marked:
        found = [TermVariant(token, FOLDED, tuning.FORGIVEN_WEIGHT) for token in near_]
    else:
        found = [
            TermVariant(token, SYLLABLE, tuning.FORGIVEN_WEIGHT)
            for token in dict.fromkeys((*same, *near_))
        ]
    supported = [variant for variant in found if _stands_beside(variant, terms, at, statistics)]
    if not supported and not term.native:
        supported = found[len(same) :]
    elif not supported and len(terms) == 1:
        supported = found[: len(same)]
    return tuple(supported[: tuning.NEAREST])


def _stands_beside(
    variant: TermVariant, terms: Sequence[QueryTerm], at: int, statistics: TermStatistics
) -> bool:
    """Whether a variant occurs beside a neighbour of the term at ``at``."""
    term = terms[at]._replace(variants=(variant,), known=False)
    beside = []
    if terms[at].joined and at:
        beside.append((terms[at - 1], term))
    if at + 1 < len(terms) and terms[at + 1].joined:
        beside.append((term, terms[at + 1]))
    return any(_pair_variants(left, right, statistics, typed=True) for left, right in beside)


def _most_informative(terms: Sequence[QueryTerm], statistics: TermStatistics) -> list[QueryTerm]:
    """The ``tuning.MAX_TERMS`` terms with the rarest tokens of the index."""
    seen: set[str] = set()
    kept: set[int] = set()
    idfs = [statistics.idf(FOLDED, term.folded) for term in terms]
    for at in sorted(range(len(terms)), key=lambda at: (-idfs[at], at)):
        token = terms[at].folded
        # Repetitions of a word add nothing, and would displace others.
        if len(kept) < tuning.MAX_TERMS and token not in seen and idfs[at]:
            seen.add(token)
            kept.add(at)
    return [
        term._replace(joined=term.joined and at - 1 in kept)
        for at, term in enumerate(terms)
        if at in kept
    ]


def _pairs(
    terms: Sequence[QueryTerm], statistics: TermStatistics
) -> tuple[tuple[TermVariant, ...], ...]:
    """For each term the variants of its pair with the next one."""
    joined = [(left, right) for left, right in pairwise(terms) if right.joined]
    statistics.load(FOLDED_PAIR, [f"{left.folded} {right.folded}" for left, right in joined])
    exact = [
        f"{left.text} {right.text}"
        for left, right in joined
        if any(variant.field == SYLLABLE for variant in (*left.taken, *right.taken))
    ]
    statistics.load(PAIR, exact)
    return tuple(_pair_variants(left, right, statistics) for left, right in pairwise(terms))


def _pair_variants(
    left: QueryTerm, right: QueryTerm, statistics: TermStatistics, *, typed: bool = False
) -> tuple[TermVariant, ...]:
    """The variants of a pair of adjacent terms that occur in the index.

    Variants of different fields are combined in folded form. ``typed`` excludes substitutes.
    """
    found: dict[tuple[str, str], float] = {}
    for first in left.variants if typed else left.taken:
        for second in right.variants if typed else right.taken:
            if FOLDED in (first.field, second.field):
                field, token = FOLDED_PAIR, f"{fold(first.token)} {fold(second.token)}"
            else:
                field, token = PAIR, f"{first.token} {second.token}"
            weight = min(first.weight, second.weight)
            if statistics.doc_freq(field, token):
                found[field, token] = max(weight, found.get((field, token), 0.0))
    # Two terms typed with marks must match as typed; one without may have lost its marks.
    unmarked = not (left.marked and right.marked) and not (left.number and right.number)
    if unmarked and left.known and right.known:
        exact = sum(statistics.doc_freq(field, token) for field, token in found if field == PAIR)
        token = f"{left.folded} {right.folded}"
        loose = statistics.doc_freq(FOLDED_PAIR, token)
        if loose and 2 * exact < loose and (FOLDED_PAIR, token) not in found:
            found[FOLDED_PAIR, token] = tuning.UNMARKED_WEIGHT
    return tuple(TermVariant(token, field, weight) for (field, token), weight in found.items())


def is_typed_without_marks(texts: Iterable[str]) -> bool:
    """Whether these texts have no diacritics."""
    return all(map(is_folded, texts))
