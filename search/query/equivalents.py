"""Equivalents of words: Roman and Arabic numbers, synonyms, renamed places.

Places are those before and after the reform of 2025.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from ...schema import FOLDED, FOLDED_PAIR, PAIR, SYLLABLE
from ...vietnamese import fold, tokenise
from ...vietnamese.places import renamed_places
from ...vietnamese.syllables import is_syllable
from ..abbreviations import Abbreviations, Syllables
from ..statistics import TermStatistics
from .terms import DocumentNumber, QueryTerm

_ROMAN = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})")
_GREATEST = 39  # the largest number that _ROMAN matches
_UNITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
# Syllable before a possibly Roman number → the syllable before that (None: any).
_NUMBERED: dict[str, str | None] = {
    "khóa": None, "quý": None, "thứ": None, "chương": None, "phần": None, "hạng": None, "tw": None,
    "ương": "trung", "hội": "đại", "kỳ": "nhiệm",
}  # fmt: skip
_NUMBERED_FOLDED: dict[str, str | None] = {
    "khoa": None, "chuong": None, "quy": None, "tw": None, "uong": "trung", "hoi": "dai",
    "thu": "lan", "ky": "nhiem",
}  # fmt: skip
_PERIOD = re.compile(r"([ivx]+|\d{1,2})/((?:19|20)\d\d)")  # 6/2022: a month or a quarter
_PERIODS = ("quy", "thang")
_CENTRAL = re.compile(r"(?:tw|tư)(\d{1,2})")  # TW4: trung ương 4


class Equivalent(NamedTuple):
    """``tokens`` are equivalent to the terms ``first`` to ``last - 1``.

    ``shown`` is the text to display, if any.
    """

    first: int
    last: int
    tokens: Syllables
    shown: str = ""


def equivalents(
    terms: Sequence[QueryTerm],
    codes: Sequence[DocumentNumber],
    statistics: TermStatistics,
    abbreviations: Abbreviations,
    *,
    folded: bool,
) -> Iterator[Equivalent]:
    """Equivalents of query words, except abbreviations."""
    yield from _numbers(terms, folded=folded)
    yield from _periods(terms, codes, statistics, folded=folded)
    yield from _synonyms(terms, abbreviations, folded=folded)
    yield from _places(terms, statistics, folded=folded)


def roman(number: int) -> str:
    """A number from 1 to 39 as a Roman numeral in lower case.

    >>> roman(13), roman(4)
    ('xiii', 'iv')
    """
    return "x" * (number // 10) + _UNITS[number % 10]


def from_roman(text: str) -> int | None:
    """The value of a Roman numeral up to 39 in lower case, or None."""
    found = _ROMAN.fullmatch(text)
    if found is None or not text:
        return None
    return 10 * len(found[1]) + _UNITS.index(found[2])


def _numbers(terms: Sequence[QueryTerm], *, folded: bool) -> Iterator[Equivalent]:
    # In a query all in capitals, capitals mean nothing.
    shouted = len(terms) > 2 and all(term.capitals for term in terms if not term.number)
    for at, term in enumerate(terms):
        counter = _counter(terms, at, folded=folded) if term.joined else ()
        central = _CENTRAL.fullmatch(term.text)
        if central:
            yield Equivalent(at, at + 1, ("trung", "ương", str(int(central[1]))))
        elif counter and term.number and term.text.isdecimal():
            if 0 < (number := int(term.text)) <= _GREATEST:
                yield _numbered(at, counter, roman(number))
        elif (other := from_roman(term.text)) is not None:
            word = is_syllable(term.text) or len(term.text) == 1  # vi phạm, số v
            if counter and (not word or (term.capitals and not shouted)):
                yield _numbered(at, counter, str(other))
            elif term.capitals and not word:
                yield Equivalent(at, at + 1, (str(other),))


def _periods(
    terms: Sequence[QueryTerm],
    codes: Sequence[DocumentNumber],
    statistics: TermStatistics,
    *,
    folded: bool,
) -> Iterator[Equivalent]:
    """``quý IV/2023`` as ``quý IV năm 2023``, ``quý 4/2023``, and the other way round."""
    for code in codes:
        if (found := _PERIOD.fullmatch(code.text)) is not None:
            number, year = found.groups()
            for form in _forms(number):
                yield Equivalent(code.first, code.last, (form, "năm", year))
                yield Equivalent(code.first, code.last, (f"{form}/{year}",))
    for at in range(len(terms) - 3):
        period, term, word, last = terms[at : at + 4]
        if (
            (period.folded in _PERIODS and word.folded == "nam" and last.number)
            and all(one.joined for one in terms[at + 1 : at + 4])
            and _PERIOD.fullmatch(f"{term.text}/{last.text}")
        ):
            for form in _forms(term.text):
                tokens = (f"{form}/{last.text}",)
                if occurs(tokens, statistics, folded=folded):
                    yield Equivalent(at, at + 2, tokens)
                    yield Equivalent(at + 2, at + 4, tokens)


def _forms(number: str) -> tuple[str, ...]:
    """A number as written, and in Roman or Arabic numerals."""
    if not number.isdecimal():
        value = from_roman(number)
        return (number,) if value is None else (number, str(value))
    return (number, roman(int(number))) if 0 < int(number) <= _GREATEST else (number,)


def _numbered(at: int, counter: Sequence[str], number: str) -> Equivalent:
    """A number with its noun: "quý 4" is one word, "đại hội" one without its number.

    Texts also have "Đại hội đại biểu toàn quốc lần thứ XIII".
    """
    if len(counter) > 1:
        return Equivalent(at, at + 1, (number,))
    return Equivalent(at - 1, at + 1, (*counter, number))


def _counter(terms: Sequence[QueryTerm], at: int, *, folded: bool) -> tuple[str, ...]:
    """The one or two words before a term that take a number: khóa, quý, trung ương."""
    known = _NUMBERED_FOLDED if folded else _NUMBERED
    words = [term.folded if folded else term.text for term in terms[max(0, at - 2) : at]]
    if not words or words[-1] not in known:
        return ()
    before = known[words[-1]]
    if before is None:
        return (terms[at - 1].text,)
    return tuple(term.text for term in terms[at - 2 : at]) if words[0] == before else ()


def _synonyms(
    terms: Sequence[QueryTerm], abbreviations: Abbreviations, *, folded: bool
) -> Iterator[Equivalent]:
    longest = abbreviations.longest_synonym
    for first in range(len(terms) if longest else 0):
        for last in range(first + 1, min(first + longest, len(terms)) + 1):
            if last - first > 1 and not terms[last - 1].joined:
                break
            words = [term.folded if folded else term.text for term in terms[first:last]]
            for tokens in abbreviations.synonyms(words):
                yield Equivalent(first, last, tokens, " ".join(tokens))


def _places(
    terms: Sequence[QueryTerm], statistics: TermStatistics, *, folded: bool
) -> Iterator[Equivalent]:
    words = [term.folded if folded else term.text for term in terms]
    for first, length, names in renamed_places(words):
        if any(not term.joined for term in terms[first + 1 : first + length]):
            continue
        for name in names:
            tokens = tuple(token.text for token in tokenise(name) if token.kind != "code")
            if occurs(tokens, statistics, folded=folded):
                yield Equivalent(first, first + length, tokens, name)


def occurs(tokens: Syllables, statistics: TermStatistics, *, folded: bool) -> bool:
    """Whether the index contains all adjacent pairs of ``tokens``."""
    if folded:
        tokens = tuple(map(fold, tokens))
    if len(tokens) == 1:
        return bool(statistics.doc_freq(FOLDED if folded else SYLLABLE, tokens[0]))
    field = FOLDED_PAIR if folded else PAIR
    return all(statistics.doc_freq(field, f"{one} {two}") for one, two in pairwise(tokens))
