"""Query words in no passage that are part of a body, place or title.

A name such as "Huyện ủy Mường La" may occur only in the letterhead of a report, which is in no
passage. Such words are applied as a filter, and the results report it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from ..engines.engine import Snapshot
from ..engines.query import And, ConstantScore, Node, Phrase, Request, Term, TermIn
from ..schema import BODY, NUMBER, PLACE, TITLE
from ..vietnamese import fold
from ..vietnamese.places import UNITS
from .abbreviations import Abbreviations
from .filters import keyword_values
from .own_numbers import is_label
from .query import ast
from .query.clauses import PASSAGES
from .query.parser import parse
from .query.planner import QueryContext, Readings, read_words
from .query.terms import QueryTerm, QueryTerms, is_typed_without_marks
from .query.words import equalled_terms
from .results import MissingWord, NameField

_WORD = re.compile(r"\w+")
_FIELDS: dict[NameField, str] = {"body": BODY, "place": PLACE}
_UNITS = frozenset(" ".join(map(fold, unit)) for unit in UNITS)
_YEAR = re.compile(r"(?:19|20)\d\d")  # part of many numbers, so identifies none
_LONGEST_QUERY = 160  # characters; longer queries are not a name with a few words
_LONGEST_TITLE = 12  # maximum syllables of a name in a title


class NamedReports(NamedTuple):
    """A name in a query: its display form, its filter, and the rest of the query."""

    missing: MissingWord
    node: Node
    rest: ast.Query


class _Name(NamedTuple):
    """A body or place as in its keyword field, and its words."""

    value: str
    words: tuple[str, ...]
    folded: tuple[str, ...]


class Letterheads:
    """The issuing bodies and places of one snapshot. Thread-safe."""

    def __init__(self, context: QueryContext) -> None:
        self._context = context
        # Field → word without diacritics → names that contain it.
        self._names: dict[NameField, dict[str, list[_Name]]] | None = None

    def name_in(self, query: ast.Query, reads: Readings) -> NamedReports | None:
        """The name in a query without operators that is in no passage, or None.

        ``reads`` caches the analysis of its words.
        """
        texts = _plain_texts(query.root)
        if not texts or sum(len(text.text) for text in texts) > _LONGEST_QUERY:
            return None
        folded = is_typed_without_marks(text.text for text in texts)
        query_terms, words = read_words(texts, self._context, reads, folded=folded)
        terms = query_terms.terms
        equalled = equalled_terms(words, self._context.statistics, folded=folded)
        absent = list(_absent(query_terms, equalled))
        # In "huyện Mường La", "Mường La" is more specific than "huyện Mường".
        absent.sort(key=lambda span: span[1] - span[0] > 1 and _unit_before(terms, span[0] + 1))
        for first, last in absent:
            for field in self._fields_by_reach(terms[first:last]):
                found = self._named(field, query_terms, first, last)
                if found is not None and not _goes_on(terms, found[0], found[1], absent):
                    return self._as_filter(query, terms, found, field)
        for first, last in absent:
            if last - first == 1 and (numbered := self._numbered(query, query_terms, first)):
                return numbered
        if absent and self._is_title(terms):
            node = ConstantScore(_title(terms))
            word = MissingWord(query.source.strip(), field="title", taken=True)
            return NamedReports(word, node, ast.Query("", None))
        return None

    def _holding(self, field: NameField, terms: Sequence[QueryTerm]) -> list[_Name]:
        """Names that contain the terms side by side."""
        if self._names is None:
            self._names = {
                name: _by_word(
                    keyword_values(self._context.snapshot, key), self._context.abbreviations
                )
                for name, key in _FIELDS.items()
            }
        by_word = self._names[field]
        few = min((by_word.get(term.folded, []) for term in terms), key=len)
        return [name for name in few if _places(name, terms)]

    def _fields_by_reach(self, terms: Sequence[QueryTerm]) -> list[NameField]:
        """Fields with these words, by descending number of passages."""
        reach: dict[NameField, int] = {}
        for field, key in _FIELDS.items():
            if names := self._holding(field, terms):
                node = TermIn(key, tuple(name.value for name in names))
                reach[field] = _total(self._context.snapshot, node)
        return sorted(reach, key=lambda field: -reach[field])

    def _named(
        self, field: NameField, query_terms: QueryTerms, first: int, last: int
    ) -> tuple[int, int, list[_Name]] | None:
        """The longest run around some terms that is part of names, and these names."""
        terms = query_terms.terms
        names = self._holding(field, terms[first:last])
        if not names:
            return None
        while last < len(terms) and terms[last].joined:
            longer = [name for name in names if _places(name, terms[first : last + 1])]
            if not longer:
                break
            names, last = longer, last + 1
        while first and terms[first].joined:
            if unit := _unit_before(terms, first):
                words = {term.folded for term in terms[first - unit : first]}
                names = [name for name in names if words.issubset(name.folded)] or names
                break
            longer = [name for name in names if _places(name, terms[first - 1 : last])]
            if not longer:
                break
            names, first = longer, first - 1
        size = last - first
        ending = [
            name
            for name in names
            if any(at + size == len(name.words) for at in _places(name, terms[first:last]))
        ]
        # "nhân dân xã" is part of the names of all communes, so identifies none; and "quận Gò Vấp"
        # is not the start of "quận Gò Mây".
        goes_on = last < len(terms) and terms[last].joined and query_terms.pairs[last - 1]
        alone = len({name.value for name in names}) == 1
        names = ending or (names if alone and not goes_on else [])
        return (first, last, names) if names else None

    def _as_filter(
        self,
        query: ast.Query,
        terms: Sequence[QueryTerm],
        found: tuple[int, int, list[_Name]],
        field: NameField,
    ) -> NamedReports:
        first, last, names = found
        first -= _unit_before(terms, first)
        start, end = terms[first].start, terms[last - 1].end
        values = tuple(dict.fromkeys(name.value for name in names))
        word = MissingWord(query.source[start:end], field=field, values=values, taken=True)
        rest = parse(f"{query.source[:start]} {query.source[end:]}".strip())
        return NamedReports(word, TermIn(_FIELDS[field], values), rest)

    def _numbered(self, query: ast.Query, query_terms: QueryTerms, at: int) -> NamedReports | None:
        """Reports whose number contains this term and its neighbours: "QĐ 2820"."""
        terms = query_terms.terms
        if not terms[at].number:
            return None
        first, last = at, at + 1
        node: Node = TermIn(NUMBER, (terms[at].folded,))
        found = _numbers(self._context.snapshot, node)
        while found and last < len(terms) and terms[last].joined:
            longer = And((node, TermIn(NUMBER, (terms[last].folded,))))
            if not (more := _numbers(self._context.snapshot, longer)):
                break
            found, node, last = more, longer, last + 1
        while found and first and terms[first].joined:
            longer = And((node, TermIn(NUMBER, (terms[first - 1].folded,))))
            if not (more := _numbers(self._context.snapshot, longer)):
                break
            found, node, first = more, longer, first - 1
        if not found or (last - first == 1 and _YEAR.fullmatch(terms[at].text)):
            return None
        # "covid-19" is one word.
        if any(
            code.first <= at < code.last and (code.first < first or last < code.last)
            for code in query_terms.codes
        ):
            return None
        start, end = terms[first].start, terms[last - 1].end
        word = MissingWord(query.source[start:end], field="number", values=found, taken=True)
        others = f"{query.source[:start]} {query.source[end:]}".strip()
        rest = ast.Query("", None) if is_label(others) else parse(others)
        return NamedReports(word, node, rest)

    def _is_title(self, terms: Sequence[QueryTerm]) -> bool:
        statistics = self._context.statistics
        if len(terms) > _LONGEST_TITLE:
            return False
        if not all(statistics.doc_freq(TITLE, term.title_token) for term in terms):
            return False
        return _total(self._context.snapshot, _title(terms)) > 0


def left_alone(named: NamedReports) -> MissingWord:
    """The name as a suggested filter that was not applied."""
    return replace(named.missing, taken=False)


def _plain_texts(root: ast.Node | None) -> list[ast.Words]:
    """The plain words of a query of only words, phrases and fields."""
    match root:
        case ast.Words():
            return [root]
        case ast.Clauses(items=items) if not any(
            isinstance(item, ast.FieldScope)
            for item in items  # its words continue after it
        ):
            return [item for item in items if isinstance(item, ast.Words)]
    return []


def _absent(query_terms: QueryTerms, equalled: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Adjacent pairs in no passage, then single terms in none, as (first, last + 1).

    Without terms ``equalled`` by an equivalent, and their pairs.
    """
    terms = query_terms.terms
    for at, (left, right) in enumerate(pairwise(terms)):
        known = left.variants and right.variants and query_terms.pairs[at]
        if right.joined and not known and equalled.isdisjoint((at, at + 1)):
            yield at, at + 2
    for at, term in enumerate(terms):
        if not term.variants and at not in equalled:
            yield at, at + 1


def _goes_on(
    terms: Sequence[QueryTerm], first: int, last: int, absent: Sequence[tuple[int, int]]
) -> bool:
    """Whether words in no passage are next to a name: then it is another name."""
    first -= _unit_before(terms, first)
    return (first > 0 and terms[first].joined and (first - 1, first) in absent) or (
        last < len(terms) and terms[last].joined and (last, last + 1) in absent
    )


def _unit_before(terms: Sequence[QueryTerm], first: int) -> int:
    """Number of terms before a name that are its unit.

    "huyện Mường La" is "huyện ủy mường la" without "ủy".
    """
    for size in (2, 1):
        unit = terms[first - size : first] if first >= size else ()
        joined = all(term.joined for term in (*unit[1:], terms[first]))
        if joined and " ".join(term.folded for term in unit) in _UNITS:
            return size
    return 0


def _by_word(values: Sequence[str], abbreviations: Abbreviations) -> dict[str, list[_Name]]:
    """Word without diacritics → names that contain it, in all their spellings."""
    found: dict[str, list[_Name]] = {}
    for name in (name for value in values for name in _spellings(value, abbreviations)):
        for word in set(name.folded):
            found.setdefault(word, []).append(name)
    return found


def _spellings(value: str, abbreviations: Abbreviations) -> Iterator[_Name]:
    """A name as it is, and with its first words short or long: ``ubnd xã a``."""
    name = _name_of(value)
    yield name
    words = name.words
    for size in range(1, min(abbreviations.longest, len(words)) + 1):
        starts = abbreviations.short_forms(words[:size])
        if size == 1:
            starts += abbreviations.expansions(words[:1], capitals=False)
        for start in starts:
            spelt = (*start, *words[size:])
            yield _Name(value, spelt, tuple(map(fold, spelt)))


def _numbers(snapshot: Snapshot, node: Node) -> tuple[str, ...]:
    """The complete document numbers of matching reports."""
    request = Request(ConstantScore(And((PASSAGES, node))), limit=0, facets=(NUMBER,))
    values = snapshot.search(request).facets.get(NUMBER, {})
    return tuple(value.upper() for value in values if "-" in value or "/" in value)


def _name_of(value: str) -> _Name:
    words = tuple(_WORD.findall(value))
    return _Name(value, words, tuple(map(fold, words)))


def _places(name: _Name, terms: Sequence[QueryTerm]) -> list[int]:
    """Positions of the terms side by side in a name; typed marks must match."""
    size = len(terms)
    return [
        at
        for at in range(len(name.words) - size + 1)
        if all(
            term.text == name.words[at + n] if term.marked else term.folded == name.folded[at + n]
            for n, term in enumerate(terms)
        )
    ]


def _title(terms: Sequence[QueryTerm]) -> Node:
    """Passages of reports whose title contains the terms side by side."""
    tokens = tuple(term.title_token for term in terms)
    phrase = Phrase(TITLE, tokens) if len(tokens) > 1 else Term(TITLE, tokens[0])
    return And((PASSAGES, phrase))


def _total(snapshot: Snapshot, node: Node) -> int:
    return snapshot.search(Request(ConstantScore(And((PASSAGES, node))), limit=0)).total
