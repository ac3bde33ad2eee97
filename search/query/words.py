"""Segment a query into words, using the words of the index.

No segmenter is loaded.

The syllables of a query are divided into disjoint words. Candidates are the spans of 2 to 4
syllables that are words in the index, pairs that mostly occur together, abbreviations and their
long forms, document numbers and dates. Dynamic programming chooses the segmentation that joins most
syllables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...schema import TITLE, WORD
from .. import tuning
from ..abbreviations import Abbreviations, Syllables
from ..results import MissingWord
from ..statistics import TermStatistics
from ..term_weights import FunctionWords, is_stop_phrase
from .equivalents import equivalents, occurs
from .terms import DocumentNumber, QueryTerm, QueryTerms

_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_YEAR = re.compile(r"\d{4}")
_NAME_LENGTHS = range(2, 5)  # syllables of a name


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of the terms ``first`` to ``last - 1``.

    ``counted`` is false for function and question words, which are not required. ``others`` are
    equivalent tokens: the long form of an abbreviation, or the abbreviation. ``code`` is a document
    number or date as one token. ``variants`` are those of ``others`` that are displayed: names of
    places before and since 2025, and the user's synonyms.
    """

    first: int
    last: int
    counted: bool = True
    others: tuple[Syllables, ...] = ()
    code: str | None = None
    variants: tuple[str, ...] = ()

    def __len__(self) -> int:
        return self.last - self.first


def segment_query(
    query_terms: QueryTerms,
    statistics: TermStatistics,
    abbreviations: Abbreviations,
    functions: FunctionWords,
) -> tuple[QueryWord, ...]:
    """The words of a query, in order."""
    terms, folded = query_terms.terms, functions.folded
    typed = [term.folded if folded else term.text for term in terms]
    general = functions.general(typed)
    # Document frequency of each term with the next one.
    together = [
        sum(statistics.doc_freq(variant.field, variant.token) for variant in variants)
        for variants in query_terms.pairs
    ]
    values: dict[tuple[int, int], float] = {}
    for span, value in _words(terms, together, statistics):
        values[span] = max(value, values.get(span, 0.0))
    for span, value in _pairs(terms, together, general, statistics):
        values[span] = max(value, values.get(span, 0.0))
    others = dict(_abbreviations(terms, abbreviations, folded=folded))
    variants: dict[tuple[int, int], tuple[str, ...]] = {}
    for same in equivalents(terms, query_terms.codes, statistics, abbreviations, folded=folded):
        span = same.first, same.last
        others[span] = (*others.get(span, ()), same.tokens)
        if same.shown:
            variants[span] = (*variants.get(span, ()), same.shown)
    for first, last in others:
        values[first, last] = max(values.get((first, last), 0.0), (last - first) - 0.9)
    for code in query_terms.codes:
        if spelt := _spelt_date(code.text):
            others[code.first, code.last] = (*others.get((code.first, code.last), ()), spelt)
    codes = {(code.first, code.last): code.text for code in (*query_terms.codes, *_dates(terms))}
    for first, last in codes:
        values[first, last] = 2.0 * (last - first)
    words = [
        QueryWord(*span, True, tuple(others.get(span, ())), codes.get(span), variants.get(span, ()))
        for span in _best_cut(len(terms), values)
    ]
    return _count(words, typed, general, folded=folded)


def _words(
    terms: Sequence[QueryTerm], together: Sequence[int], statistics: TermStatistics
) -> Iterator[tuple[tuple[int, int], float]]:
    """Spans that are words in the index.

    Their value is the number of syllables minus one, plus a little for frequent words, to decide
    between segmentations that join equally many.
    """
    forms = [term.folded for term in terms]
    spans = {
        (first, last): "_".join(forms[first:last])
        for first, last in _spans(terms, tuning.LONGEST_WORD)
    }
    counts = statistics.doc_freqs(WORD, spans.values())
    documents = max(2, statistics.doc_count(WORD))
    for (first, last), word in spans.items():
        count = counts.get(word, 0)
        rarest = min(together[first : last - 1]) if count else 0
        if rarest and count >= tuning.MIN_WORD_SHARE * rarest:
            yield (first, last), (last - first) - 1 + 0.2 * min(1.0, count / documents) ** 0.25


def _pairs(
    terms: Sequence[QueryTerm],
    together: Sequence[int],
    general: Sequence[bool],
    statistics: TermStatistics,
) -> Iterator[tuple[tuple[int, int], float]]:
    """Adjacent terms that mostly occur together: words missed by the segmenter."""
    # Two adjacent words must be adjacent, if they ever occur so.
    alone = len(terms) == 2
    for first, last in _spans(terms, 2):
        if not together[first]:
            continue
        if not alone:
            # "Lady Gaga" may be "Gaga" elsewhere: any part of a foreign name matches.
            span = terms[first:last]
            if any(general[first:last]) or not all(term.number or term.native for term in span):
                continue
            rarer = min(_count_of(term, statistics) for term in terms[first:last])
            if together[first] < tuning.MIN_COHESION * rarer:
                continue
        yield (first, last), 0.8


def _count_of(term: QueryTerm, statistics: TermStatistics) -> int:
    return max(
        (statistics.doc_freq(variant.field, variant.token) for variant in term.taken), default=0
    )


def _abbreviations(
    terms: Sequence[QueryTerm], abbreviations: Abbreviations, *, folded: bool
) -> Iterator[tuple[tuple[int, int], tuple[Syllables, ...]]]:
    # In a query all in capitals, capitals are no evidence.
    shouted = all(term.capitals for term in terms if not term.number) and len(terms) > 2
    forms = tuple(term.folded for term in terms)
    for first, last in _spans(terms, abbreviations.longest, shortest=1):
        if forms[first:last] not in abbreviations.forms:
            continue
        syllables = [term.folded if folded else term.text for term in terms[first:last]]
        capitals = not shouted and all(term.capitals for term in terms[first:last])
        found = abbreviations.expansions(syllables, capitals=capitals)
        found += abbreviations.short_forms(syllables)
        if found:
            yield (first, last), tuple(found)


def _dates(terms: Sequence[QueryTerm]) -> Iterator[DocumentNumber]:
    """``21 tháng 9 năm 2023`` as the token that ``21/9/2023`` is."""
    for first in range(len(terms) - 4):
        day, month_word, month, year_word, year = terms[first : first + 5]
        if (month_word.folded, year_word.folded) != ("thang", "nam") or not _YEAR.fullmatch(
            year.text
        ):
            continue
        if (
            day.number
            and month.number
            and all(term.joined for term in terms[first + 1 : first + 5])
        ):
            yield DocumentNumber(f"{day.text}/{month.text}/{year.text}", first, first + 5)


def _spelt_date(code: str) -> Syllables | None:
    """``21/9/2023`` as the tokens that ``21 tháng 9 năm 2023`` is."""
    match = _DATE.fullmatch(code)
    return (match[1], "tháng", match[2], "năm", match[3]) if match else None


def _spans(
    terms: Sequence[QueryTerm], longest: int, shortest: int = 2
) -> Iterator[tuple[int, int]]:
    for first in range(len(terms)):
        for last in range(first + 1, min(first + longest, len(terms)) + 1):
            if last - first > 1 and not terms[last - 1].joined:
                break
            if last - first >= shortest:
                yield first, last


def _best_cut(length: int, values: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    """The cut of the greatest total value; single terms are worth nothing."""
    by_end: dict[int, list[tuple[int, float]]] = {}
    for (first, last), value in values.items():
        by_end.setdefault(last, []).append((first, value))
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, length + 1):
        choice = (best[end - 1][0], end - 1)
        for first, value in by_end.get(end, ()):
            choice = max(choice, (best[first][0] + value, first))
        best.append(choice)
    spans: list[tuple[int, int]] = []
    end = length
    while end:
        spans.append((best[end][1], end))
        end = best[end][1]
    return spans[::-1]


def _count(
    words: list[QueryWord], typed: Sequence[str], general: Sequence[bool], *, folded: bool
) -> tuple[QueryWord, ...]:
    """Mark the words that need not be held, unless that would leave none."""
    marked = []
    for word in words:
        stop = (
            general[word.first]
            if len(word) == 1
            else is_stop_phrase(typed[word.first : word.last], folded=folded)
        )
        counted = not stop or bool(word.others) or word.code is not None
        marked.append(word if counted == word.counted else replace(word, counted=counted))
    return tuple(marked) if any(word.counted for word in marked) else tuple(words)


def equalled_terms(
    words: Sequence[QueryWord], statistics: TermStatistics, *, folded: bool
) -> frozenset[int]:
    """Indices of terms of words that the index has otherwise: 20 for ``khóa XX``."""
    return frozenset(
        at
        for word in words
        if any(occurs(other, statistics, folded=folded) for other in word.others)
        for at in range(word.first, word.last)
    )


def missing_in(
    word: QueryWord,
    query_terms: QueryTerms,
    statistics: TermStatistics,
    source: str,
    *,
    folded: bool,
) -> Iterator[MissingWord]:
    """The parts of a word that no passage contains, as written in ``source``.

    A document number and an abbreviation (``U.B.N.D``) are named as a whole.
    """
    if equalled_terms((word,), statistics, folded=folded):
        return
    own = query_terms.terms[word.first : word.last]
    if word.code is not None or word.others:  # not replaced by a word like it
        if not _stands(word, query_terms, statistics, folded=folded):
            yield MissingWord(source[own[0].start : own[-1].end])
        return
    for term in own:
        if not term.known:
            instead = tuple(variant.token for variant in term.substitutes)
            yield MissingWord(source[term.start : term.end], instead)


def absent_names(
    query_terms: QueryTerms,
    words: Sequence[QueryWord],
    statistics: TermStatistics,
    source: str,
    *,
    folded: bool,
) -> Iterator[MissingWord]:
    """Names whose syllables the index has, but not side by side: ``Hà Giang``.

    A name is two to four syllables with capitals, as written in ``source``.
    """
    terms = query_terms.terms
    equalled = equalled_terms(words, statistics, folded=folded)
    first = 0
    for last in range(1, len(terms) + 1):
        if last < len(terms) and terms[last].joined and _is_capital(terms[last], source):
            continue
        first, start = last, first + (not _is_capital(terms[first], source))
        run = range(start, last)
        if len(run) not in _NAME_LENGTHS or not equalled.isdisjoint(run):
            continue
        in_title = all(statistics.doc_freq(TITLE, terms[at].title_token) for at in run)
        apart = any(not query_terms.pairs[at] for at in run[:-1])
        if apart and not in_title and all(terms[at].variants for at in run):
            yield MissingWord(source[terms[start].start : terms[last - 1].end])


def _is_capital(term: QueryTerm, source: str) -> bool:
    return source[term.start : term.end].istitle()


def _stands(
    word: QueryWord, query_terms: QueryTerms, statistics: TermStatistics, *, folded: bool
) -> bool:
    """Whether the index contains a document number, or a word of several terms."""
    if word.code is not None and occurs((word.code,), statistics, folded=folded):
        return True
    own = query_terms.terms[word.first : word.last]
    if all(term.variants for term in own):
        return all(query_terms.pairs[word.first : word.last - 1])
    return all(term.known for term in own)  # by a title
