"""Plan engine queries from the tree of a query.

Phrases, ``+``, ``AND`` and fields are required. Of adjacent plain words a passage must contain
enough (:mod:`..matching`). All others only add to the score (:mod:`..scoring`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple, TypeAlias

from ...engines.engine import Snapshot
from ...engines.query import And, AndMaybe, AndNot, ConstantScore, Node, Or
from ...errors import OptionError, QueryError, UnknownReport
from ...schema import FOLDED, SYLLABLE
from ...vietnamese import Analyser, fold
from .. import filters, tuning
from ..abbreviations import Abbreviations
from ..matching import MatchBuilder, all_of, any_of, at_least, min_should_match
from ..patterns import Pattern, PatternToken, Syllable, pattern_tokens
from ..results import MissingWord
from ..scoring import ScoreBuilder
from ..statistics import TermStatistics
from ..term_weights import FunctionWords, is_yes_no_question
from . import ast
from .clauses import PASSAGES, ClauseBuilder
from .terms import (
    QueryTerm,
    QueryTerms,
    TermVariant,
    is_typed_without_marks,
    read_terms,
)
from .walk import words_in
from .words import QueryWord, absent_names, missing_in, segment_query

_CLOSING = " \t\r\n\"“”„‟«»()'."


class Strictness(IntEnum):
    """How strictly the plain words of a query are matched."""

    STRICT = 0
    CORRECTED = 1  # substitutes are used for words missing from the index
    RELAXED = 2  # one word is enough


class PlannedWord(NamedTuple):
    """A word of the query, its match condition, and its highlighting patterns.

    ``syllables`` are its syllables, if it has several and is not a document number.
    """

    text: str
    counted: bool
    condition: Node
    patterns: tuple[Pattern, ...] = ()
    syllables: tuple[Syllable, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The query for an engine, and data to present its results.

    ``match`` selects passages and may score them, ``scoring`` adds to the score; ``match`` is None
    if the query has no words. ``patterns`` are for highlighting, ``words`` to find those a hit
    lacks, ``least`` for explanations. ``missing`` are words in no passage as typed, with their
    substitutes; ``corrects``: whether substitutes could match more, ``plain``: whether fewer words
    may be required. ``variants`` are words of the query with other names that are searched too.
    ``ranked`` is what a question or another long query ranks instead of the passages that match:
    those with any word of it, within what must hold. ``partial``: passages with one word of a query
    of which they must hold two; None for other queries. ``apart``: the query is two syllables that
    no passage has side by side.
    """

    match: Node | None
    scoring: tuple[Node, ...]
    patterns: tuple[Pattern, ...]
    words: tuple[PlannedWord, ...]
    least: int
    missing: tuple[MissingWord, ...]
    corrects: bool
    plain: bool
    strictness: Strictness
    variants: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ranked: Node | None = None
    apart: bool = False
    partial: Node | None = None

    def node(self, restrictions: Sequence[Node] = ()) -> Node:
        """The complete query, restricted by filters."""
        match = self.match if self.match is not None else PASSAGES
        if restrictions:
            match = And((match, *(ConstantScore(node) for node in restrictions)))
        return AndMaybe(match, Or(self.scoring)) if self.scoring else match

    def ranking(self, restrictions: Sequence[Node] = ()) -> Node | None:
        """The query ranked instead of :meth:`node`, which then only counts; usually None."""
        if self.ranked is None or not restrictions:
            return self.ranked
        return And((self.ranked, *(ConstantScore(node) for node in restrictions)))

    def partial_matches(self, restrictions: Sequence[Node] = ()) -> Node | None:
        """Passages with some of the words, but too few to match; None without any."""
        if self.partial is None or self.match is None:
            return None
        rest = AndNot(self.partial, self.match)
        node = And((rest, *(ConstantScore(node) for node in restrictions)))
        return AndMaybe(node, Or(self.scoring)) if self.scoring else node


@dataclass(frozen=True, slots=True)
class QueryContext:
    """The context for planning queries."""

    snapshot: Snapshot
    statistics: TermStatistics
    analyser: Analyser
    abbreviations: Abbreviations
    resolve_area: Callable[[str], str]


def make_plan(
    query: ast.Query, context: QueryContext, strictness: Strictness = Strictness.STRICT
) -> Plan:
    """The plan of a query.

    Raises:
        QueryError: a field with an invalid value.
    """
    return _Planner(query, context, strictness, {}).plan()


def plans(query: ast.Query, context: QueryContext, reads: Readings | None = None) -> Iterator[Plan]:
    """The plans of a query, strictest first.

    Less strict ones follow only if they may find more. ``reads`` is a cache of analysed words.

    Raises:
        QueryError: a field with an invalid value.
    """
    reads = reads if reads is not None else {}
    corrects = plain = True
    for strictness in Strictness:
        if strictness is Strictness.STRICT or (
            corrects if strictness is Strictness.CORRECTED else plain
        ):
            plan = _Planner(query, context, strictness, reads).plan()
            corrects, plain = plan.corrects, plan.plain
            yield plan


Readings: TypeAlias = dict[tuple[ast.Words, ...], tuple[QueryTerms, tuple[QueryWord, ...]]]


def read_words(
    texts: Sequence[ast.Words],
    context: QueryContext,
    reads: Readings,
    *,
    folded: bool,
    literal: bool = False,
) -> tuple[QueryTerms, tuple[QueryWord, ...]]:
    """The terms of plain words and the words they form; ``reads`` caches them."""
    key = tuple(texts)
    found = reads.get(key)
    if found is None:
        statistics = context.statistics
        query_terms = read_terms(
            texts, context.analyser, statistics, folded=folded, literal=literal
        )
        functions = FunctionWords(statistics, folded=folded)
        words = segment_query(query_terms, statistics, context.abbreviations, functions)
        found = reads[key] = query_terms, words
    return found


class _Planner:
    """Plans one query.

    ``reads`` caches the analysis of its words.
    """

    def __init__(
        self, query: ast.Query, context: QueryContext, strictness: Strictness, reads: Readings
    ) -> None:
        self.query = query
        self.context = context
        self.strictness = strictness
        self.reads = reads
        self.folded = is_typed_without_marks(words_in(query.root))
        self.functions = FunctionWords(context.statistics, folded=self.folded)
        self.matcher = MatchBuilder(
            context.statistics, folded=self.folded, substitute=strictness > Strictness.STRICT
        )
        self.scorer = ScoreBuilder(context.statistics, self.functions)
        self.clauses = ClauseBuilder(
            context.snapshot, context.statistics, context.analyser, folded=self.folded
        )
        self.scoring: list[Node] = []
        self.patterns: list[Pattern] = []
        self.words: list[PlannedWord] = []
        self.missing: dict[str, MissingWord] = {}
        self.variants: dict[str, tuple[str, ...]] = {}
        self.least = 0
        self.plain = False
        self.ranked: Node | None = None
        self.apart = False
        self.any_whole_word: Node | None = None
        self.partial: Node | None = None

    def plan(self) -> Plan:
        match = self._node(self.query.root, positive=True) if self.query.root is not None else None
        missing = tuple(self.missing.values())
        return Plan(
            match,
            tuple(self.scoring[: tuning.MAX_SCORED]),
            tuple(self.patterns),
            tuple(self.words),
            self.least,
            missing,
            any(word.replaced_by for word in missing),
            self.plain,
            self.strictness,
            tuple(self.variants.items()),
            self.ranked,
            self.apart,
            self.partial,
        )

    def _node(self, node: ast.Node, *, positive: bool) -> Node | None:
        """Passages that match; None if the node has no words, such as ``(***)``."""
        match node:
            case ast.Words() | ast.Clause():
                return self._clauses((node,), positive=positive)
            case ast.Clauses(items=items):
                return self._clauses(items, positive=positive)
            case ast.And(children=children):
                return self._and(children, positive=positive)
            case ast.Or(children=children):
                nodes = [
                    found for child in children if (found := self._node(child, positive=positive))
                ]
                return Or(tuple(nodes)) if nodes else None
            case ast.Not(child=child):
                return self._without(None, [self._node(child, positive=False)])
            case ast.Filter():
                return ConstantScore(And((PASSAGES, self._filter(node))))
            case ast.Phrase() | ast.Prefix() | ast.Fuzzy() | ast.FieldScope():
                return self._leaf(node, positive=positive)

    def _leaf(
        self, node: ast.Phrase | ast.Prefix | ast.Fuzzy | ast.FieldScope, *, positive: bool
    ) -> Node | None:
        found, patterns = self.clauses.leaf(node)
        if positive:
            self.patterns.extend(patterns)
        return found

    def _and(self, children: Sequence[ast.Node], *, positive: bool) -> Node | None:
        musts = [
            self._node(child, positive=positive)
            for child in children
            if not isinstance(child, ast.Not)
        ]
        nots = [
            self._node(child.child, positive=False)
            for child in children
            if isinstance(child, ast.Not)
        ]
        return self._without(all_of([node for node in musts if node is not None]), nots)

    def _without(self, required: Node | None, excluded: Sequence[Node | None]) -> Node | None:
        nodes = [node for node in excluded if node is not None]
        if not nodes:
            return required
        return AndNot(required if required is not None else PASSAGES, Or(tuple(nodes)))

    def _clauses(self, items: Sequence[ast.Node], *, positive: bool) -> Node | None:
        """Adjacent clauses: plain words, and required or excluded ones."""
        parts = self._sort(self.clauses.extended(items), positive=positive)
        everything = sorted((*parts.texts, *parts.quoted), key=lambda text: text.start)
        scored = self._read(everything)
        asks = positive and self._is_question(*scored)
        phrases: list[Node] = []
        # In a question a word in quotation marks is optional like the others.
        texts = everything if asks else parts.texts
        read = scored if len(texts) == len(everything) else self._read(texts)
        for phrase in parts.phrases:
            if not asks or phrase.slop:
                found = self._leaf(phrase, positive=positive)
                if found is not None:
                    # Its words are scored as without the marks.
                    phrases.append(found if phrase.slop else ConstantScore(found))
        required = _required_words(texts, parts.required_starts, read[0].terms, read[1])
        if positive:
            self.scoring.extend(self.scorer.nodes(*scored) if scored[1] else ())
            self._show(*read)
        held, enough = self._plain(read, required, phrases, asks=asks, positive=positive)
        musts = [*held, *(node for node in parts.musts if node is not None)]
        if positive:
            counted = sum(word.counted for word in read[1])
            long = asks or counted - len(required) >= tuning.RANKED_QUERY
            may_be = not required and self._may_relax()
            self.apart = may_be and _are_apart(*scored, folded=self.folded)
            # The outermost clauses are the last to come here.
            self.ranked = self._any_word(musts, parts.nots) if enough and long else None
            some = self.any_whole_word if self._may_relax() and not self.ranked else None
            self.partial = some and self._without(all_of([*musts, some]), parts.nots)
        if enough is not None:
            musts.insert(len(held), enough)
        return self._without(all_of(musts), parts.nots)

    def _any_word(self, musts: Sequence[Node], nots: Sequence[Node | None]) -> Node | None:
        """Passages with a score, within the required and excluded clauses.

        None in a query with operators, which is taken literally, and where nothing scores.
        """
        if not self.scoring or not self._may_relax():
            return None
        scored = Or(tuple(self.scoring[: tuning.MAX_SCORED]))
        return self._without(all_of([scored, *musts]), nots)

    def _sort(self, items: Sequence[ast.Node], *, positive: bool) -> _Clauses:
        parts = _Clauses()
        for item in items:
            if isinstance(item, ast.Words):
                parts.texts.append(item)
            elif isinstance(item, ast.Clause) and isinstance(item.child, ast.Words):
                if item.required:
                    parts.texts.append(item.child)
                    parts.required_starts.add(item.child.start)
                else:
                    word, rest = self._split(item.child)
                    parts.nots.append(word)
                    parts.texts.extend(rest)
            elif isinstance(item, ast.Clause):
                found = self._node(item.child, positive=positive and item.required)
                (parts.musts if item.required else parts.nots).append(found)
            elif isinstance(item, ast.Not):
                parts.nots.append(self._node(item.child, positive=False))
            elif isinstance(item, ast.Phrase):
                parts.phrases.append(item)
                if not item.slop:
                    end = item.start + 1 + len(item.text)
                    parts.quoted.append(ast.Words(item.text, item.start + 1, end))
            else:
                parts.musts.append(self._node(item, positive=positive))
        return parts

    def _read(self, texts: Sequence[ast.Words]) -> tuple[QueryTerms, tuple[QueryWord, ...]]:
        return read_words(
            texts, self.context, self.reads, folded=self.folded, literal=self.query.literal
        )

    def _split(self, text: ast.Words) -> tuple[Node | None, list[ast.Words]]:
        """The condition of the first word of a text, and the rest."""
        query_terms, words = self._read((text,))
        if not words:
            return None, []
        condition = self.matcher.word(words[0], query_terms, typed=True)
        if len(words) == 1:
            return condition, []
        start = query_terms.terms[words[1].first].start
        return condition, [ast.Words(self.query.source[start : text.end], start, text.end)]

    def _plain(
        self,
        read: tuple[QueryTerms, tuple[QueryWord, ...]],
        required: set[QueryWord],
        phrases: list[Node],
        *,
        asks: bool,
        positive: bool,
    ) -> tuple[list[Node], Node | None]:
        """Conditions of plain words: all required ones, and enough of the others, if any."""
        (query_terms, words), terms = read, read[0].terms
        musts: list[Node] = []
        free: list[QueryWord] = []
        conditions: list[Node] = []
        for word in words:
            must = word in required
            condition = self.matcher.word(
                word, query_terms, anywhere=asks and not must, typed=must or not positive
            )
            if must:
                musts.append(ConstantScore(condition))
            elif word.counted:
                free.append(word)
                conditions.append(condition)
            if positive:
                typed = self.query.source[terms[word.first].start : terms[word.last - 1].end]
                if word.variants:
                    self.variants[typed] = word.variants
                whole = self.matcher.word(word, query_terms, typed=must) if asks else condition
                self.words.append(
                    PlannedWord(
                        typed,
                        must or word.counted,
                        whole,
                        self._word_patterns(word, terms),
                        self._syllables(word, terms),
                    )
                )
        long = len(free) >= tuning.LONG_QUERY
        (conditions if long else musts).extend(phrases)
        may_relax = positive and self._may_relax()
        self.plain = self.plain or (may_relax and bool(phrases) and not long)
        # Beside a word with a plus the others are optional. So are words beside a phrase, if no
        # passage contains both.
        held = phrases and not long and positive and self.strictness is Strictness.RELAXED
        if conditions and not (musts and required) and not held:
            least = (
                min_should_match(len(conditions), question=asks) if positive else len(conditions)
            )
            enough = self._enough(conditions, free, query_terms, least, strict=not positive)
            if asks:
                self.least = 0  # of whole words: a rare syllable is enough
            return musts, enough
        return musts, None

    def _may_relax(self) -> bool:
        """Whether a passage may match with fewer words.

        False for queries with operators.
        """
        return isinstance(self.query.root, ast.Words | ast.Clauses)

    def _is_question(self, query_terms: QueryTerms, words: Sequence[QueryWord]) -> bool:
        """Whether this is a question, by its end or by a question word.

        A question word that is part of another word does not count.
        """
        if self.query.source.rstrip(_CLOSING).endswith("?"):
            return True
        texts = [term.folded if self.folded else term.text for term in query_terms.terms]
        asking = self.functions.asking(texts)
        return is_yes_no_question(texts, folded=self.folded) or any(
            at in asking or self.functions.is_question(texts[at])
            for word in words
            if not word.counted
            for at in range(word.first, word.last)
        )

    def _enough(
        self,
        conditions: list[Node],
        free: Sequence[QueryWord],
        query_terms: QueryTerms,
        least: int,
        *,
        strict: bool,
    ) -> Node:
        if not strict:
            self.plain = self._may_relax()
            if self.strictness is Strictness.RELAXED:
                conditions = conditions + self.matcher.parts(free, query_terms)
                least = 1
            self.least = max(self.least, least)
            self.any_whole_word = at_least(conditions, 1) if least > 1 else None
        terms = query_terms.terms
        titles = [self.matcher.in_title(word, terms) for word in free] if least > 1 else []
        titles += [None] * (len(conditions) - len(titles))
        return at_least(conditions, least, titles)

    def _show(self, query_terms: QueryTerms, words: Sequence[QueryWord]) -> None:
        """Record patterns to highlight, and the words missing from the index."""
        terms, source, statistics = query_terms.terms, self.query.source, self.context.statistics
        for name in absent_names(query_terms, words, statistics, source, folded=self.folded):
            self.missing.setdefault(name.word, name)
        for word in words:
            if not word.counted:
                continue
            own = terms[word.first : word.last]
            for missing in missing_in(word, query_terms, statistics, source, folded=self.folded):
                self.missing.setdefault(missing.word, missing)
            code = word.code and (fold(word.code) if self.folded else word.code)
            least = min(2, len(word))
            if code:
                self.patterns.append(Pattern(pattern_tokens([code], folded=self.folded)))
                least = len(word)
            shown = tuple(_pattern_token(term, term.taken) for term in own)
            self.patterns.append(Pattern(shown, whole=False, least=least))
            for other in word.others:
                self.patterns.append(Pattern(pattern_tokens(other, folded=self.folded)))

    def _word_patterns(self, word: QueryWord, terms: Sequence[QueryTerm]) -> tuple[Pattern, ...]:
        """Highlighting patterns of a word as typed, or of an equivalent."""
        own = terms[word.first : word.last]
        codes = [(word.code,)] if word.code is not None else []
        return (
            Pattern(tuple(_pattern_token(term, term.variants) for term in own)),
            *(
                Pattern(pattern_tokens(other, folded=self.folded))
                for other in (*codes, *word.others)
            ),
        )

    def _syllables(self, word: QueryWord, terms: Sequence[QueryTerm]) -> tuple[Syllable, ...]:
        """The syllables of a word that has several."""
        own = terms[word.first : word.last]
        if len(own) < 2 or word.code is not None:
            return ()
        source = self.query.source
        return tuple(
            Syllable(
                source[term.start : term.end],
                _pattern_token(term, term.variants),
                bool(term.variants),
            )
            for term in own
        )

    def _filter(self, node: ast.Filter) -> Node:
        """The condition of a field. Several values: any of them."""
        return any_of([self._value(node.field, value) for value in node.values])

    def _value(self, field: str, value: ast.Value) -> Node:
        try:
            return filters.make_filter(field, value.text, self.context)
        except (OptionError, UnknownReport) as error:
            # A message keeps its translation.
            message = error.args[0]
            raise QueryError(message, query=self.query.source, position=value.start) from error


@dataclass(slots=True)
class _Clauses:
    """Adjacent clauses of a query, by kind."""

    texts: list[ast.Words] = field(default_factory=list)
    required_starts: set[int] = field(default_factory=set)
    phrases: list[ast.Phrase] = field(default_factory=list)
    quoted: list[ast.Words] = field(default_factory=list)
    musts: list[Node | None] = field(default_factory=list)
    nots: list[Node | None] = field(default_factory=list)


def _are_apart(query_terms: QueryTerms, words: Sequence[QueryWord], *, folded: bool) -> bool:
    """Whether these are two syllables, a word each, that are nowhere side by side.

    A common word and another, as in "các chợ", are no term; typed without marks, any word may be a
    common one, so all count.
    """
    if len(query_terms.terms) != 2 or len(words) != 2 or query_terms.pairs[0]:
        return False
    plain = all(term.text.isalpha() for term in query_terms.terms)
    known = any(word.others or word.code for word in words)
    return plain and not known and (folded or words[0].counted == words[1].counted)


def _required_words(
    texts: Sequence[ast.Words],
    required_starts: set[int],
    terms: Sequence[QueryTerm],
    words: Sequence[QueryWord],
) -> set[QueryWord]:
    """The first word of each text that had a ``+`` before it."""
    required: set[QueryWord] = set()
    for text in texts:
        if text.start in required_starts:
            inside = [word for word in words if text.start <= terms[word.first].start < text.end]
            required.update(inside[:1])
    return required


def _pattern_token(term: QueryTerm, taken: Sequence[TermVariant]) -> PatternToken:
    exact = {variant.token for variant in taken if variant.field == SYLLABLE}
    folded = {variant.token for variant in taken if variant.field == FOLDED}
    return PatternToken(exact=frozenset(exact or {term.text}), folded=frozenset(folded))
