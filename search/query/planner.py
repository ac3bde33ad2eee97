"""From what a query says to what an engine is asked.

Every sign is obeyed: a phrase, ``+``, ``AND``, a field must hold. Of the plain words that stand
together a passage must hold enough (:mod:`..matching`). What it holds besides only adds to the score
(:mod:`..scoring`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from ...engines.engine import Snapshot
from ...engines.query import And, AndMaybe, AndNot, ConstantScore, Node, Or, Request
from ...errors import OptionError, QueryError, UnknownReport
from ...vietnamese import Analyser, fold
from .. import filters, tuning
from ..abbreviations import Abbreviations
from ..matching import MatchBuilder, all_of, any_of, at_least, min_should_match
from ..patterns import Pattern, PatternToken, pattern_tokens
from ..scoring import ScoreBuilder
from ..statistics import TermStatistics
from ..term_weights import is_question_word
from . import ast
from .clauses import PASSAGES, ClauseBuilder
from .terms import QueryTerm, QueryTerms, is_typed_without_marks, load_pairs, look_up, read_terms
from .words import QueryWord, framing_words, segment_query


class Strictness(IntEnum):
    """How strictly the plain words of a query are taken."""

    STRICT = 0
    RELAXED = 1
    ANY_TERM = 2


@dataclass(frozen=True, slots=True)
class PlannedWord:
    """A word of the query as :meth:`Searcher.explain` tells of it, and the condition to hold it."""

    text: str
    counted: bool
    condition: Node


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask an engine.

    ``match`` finds and may score, ``scoring`` adds to the score; ``match`` is None when the query
    says nothing at all. ``patterns`` are for highlighting, ``words`` and ``least`` for explaining,
    ``unknown`` the terms that the index does not know as they were typed.
    """

    match: Node | None
    scoring: tuple[Node, ...]
    patterns: tuple[Pattern, ...]
    words: tuple[PlannedWord, ...]
    least: int
    unknown: tuple[QueryTerm, ...]
    folded: bool
    plain: bool

    def node(self, restrictions: Sequence[Node] = ()) -> Node:
        """The whole of it within some filters."""
        match = self.match if self.match is not None else PASSAGES
        if restrictions:
            match = And((match, *(ConstantScore(node) for node in restrictions)))
        return AndMaybe(match, Or(self.scoring)) if self.scoring else match


@dataclass(frozen=True, slots=True)
class QueryContext:
    """What planning draws on."""

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
        QueryError: a field with a value it does not take.
    """
    return _Planner(query, context, strictness).plan()


class _Planner:
    """One query, planned once."""

    def __init__(self, query: ast.Query, context: QueryContext, strictness: Strictness) -> None:
        self.query = query
        self.context = context
        self.strictness = strictness
        self.folded = is_typed_without_marks(_texts(query.root))
        self.matcher = MatchBuilder(context.statistics, folded=self.folded)
        self.scorer = ScoreBuilder(context.statistics, folded=self.folded)
        self.clauses = ClauseBuilder(
            context.snapshot,
            context.statistics,
            context.analyser,
            folded=self.folded,
            loosely=strictness > Strictness.STRICT,
        )
        self.scoring: list[Node] = []
        self.patterns: list[Pattern] = []
        self.words: list[PlannedWord] = []
        self.unknown: list[QueryTerm] = []
        self.least = 0
        self.plain = False

    def plan(self) -> Plan:
        match = self._node(self.query.root, positive=True) if self.query.root is not None else None
        return Plan(
            match,
            tuple(self.scoring[: tuning.MAX_SCORED]),
            tuple(self.patterns),
            tuple(self.words),
            self.least,
            tuple(self.unknown),
            self.folded,
            self.plain,
        )

    def _node(self, node: ast.Node, *, positive: bool) -> Node | None:
        """Passages that match; None where the node says nothing, such as ``(***)``."""
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
        texts: list[ast.Words] = []
        quoted: list[ast.Words] = []
        required_starts: set[int] = set()
        musts: list[Node | None] = []
        nots: list[Node | None] = []
        phrases: list[Node] = []
        for item in self.clauses.extended(items):
            if isinstance(item, ast.Words):
                texts.append(item)
            elif isinstance(item, ast.Clause) and isinstance(item.child, ast.Words):
                if item.required:
                    texts.append(item.child)
                    required_starts.add(item.child.start)
                else:
                    word, rest = self._split(item.child)
                    nots.append(word)
                    texts.extend(rest)
            elif isinstance(item, ast.Clause):
                found = self._node(item.child, positive=positive and item.required)
                (musts if item.required else nots).append(found)
            elif isinstance(item, ast.Not):
                nots.append(self._node(item.child, positive=False))
            elif isinstance(item, ast.Phrase):
                words = ast.Words(item.text, item.start + 1, item.start + 1 + len(item.text))
                phrase = self._leaf(item, positive=positive)
                if phrase is None:
                    continue
                if (
                    positive
                    and self.strictness is Strictness.ANY_TERM
                    and self._may_relax()
                    and not self._occurs(phrase)
                ):
                    texts.append(words)
                else:
                    # Side by side, its words score as they do without the marks: 'định nghĩa của "lao động"'.
                    phrases.append(phrase if item.slop else ConstantScore(phrase))
                    quoted += [] if item.slop else [words]
            else:
                musts.append(self._node(item, positive=positive))
        matches = self._plain(texts, required_starts, phrases, quoted, positive=positive)
        return self._without(
            all_of([node for node in (*matches, *musts) if node is not None]), nots
        )

    def _occurs(self, phrase: Node) -> bool:
        """Whether any passage of the index holds a phrase."""
        return (
            self.context.snapshot.search(
                Request(ConstantScore(And((PASSAGES, phrase))), limit=0)
            ).total
            > 0
        )

    def _read(self, texts: Sequence[ast.Words]) -> tuple[QueryTerms, tuple[QueryWord, ...]]:
        statistics = self.context.statistics
        query_terms = look_up(
            read_terms(texts, self.context.analyser), statistics, folded=self.folded
        )
        load_pairs(query_terms.terms, statistics)
        return query_terms, segment_query(
            query_terms, statistics, self.context.abbreviations, folded=self.folded
        )

    def _split(self, text: ast.Words) -> tuple[Node | None, list[ast.Words]]:
        """The first word of a text as a condition, and what comes after it."""
        query_terms, words = self._read((text,))
        if not words:
            return None, []
        condition = self.matcher.word(words[0], query_terms.terms)
        if len(words) == 1:
            return condition, []
        start = query_terms.terms[words[1].first].start
        return condition, [ast.Words(self.query.source[start : text.end], start, text.end)]

    def _plain(
        self,
        texts: Sequence[ast.Words],
        required_starts: set[int],
        phrases: list[Node],
        quoted: Sequence[ast.Words],
        *,
        positive: bool,
    ) -> list[Node]:
        """What plain words ask for: required ones all, the others enough of them.

        ``quoted`` are the words of ``phrases``: they add to the score as they would without marks.
        """
        query_terms, words = self._read(texts)
        terms = query_terms.terms
        musts: list[Node] = []
        free: list[QueryWord] = []
        conditions: list[Node] = []
        required = _required_words(texts, required_starts, terms, words)
        is_question = positive and self._is_question(words, terms)
        scored = (
            self._read(sorted((*texts, *quoted), key=lambda text: text.start))
            if quoted
            else (query_terms, words)
        )
        framing = framing_words(
            words, terms, scored[0].terms, alone=not phrases, folded=self.folded
        )
        for word in words:
            condition = self.matcher.word(
                word, terms, anywhere=is_question and word not in required
            )
            if word in required:
                musts.append(ConstantScore(condition))
            elif word.counted and word not in framing:
                free.append(word)
                conditions.append(condition)
            if positive:
                typed = self.query.source[terms[word.first].start : terms[word.last - 1].end]
                counted = word in required or (word.counted and word not in framing)
                self.words.append(PlannedWord(typed, counted, condition))
        if len(free) < tuning.LONG_QUERY:
            musts.extend(phrases)
            self.plain = self.plain or (positive and bool(phrases) and self._may_relax())
        else:
            conditions.extend(phrases)
        if positive:
            self.scoring.extend(self.scorer.nodes(*scored) if scored[1] else ())
            self._show(query_terms, words)
        # Beside a word with a plus the others are wishes.
        # So are words beside a phrase that is held, when no passage holds both.
        wishes = (
            bool(phrases)
            and len(free) < tuning.LONG_QUERY
            and positive
            and self.strictness is Strictness.ANY_TERM
        )
        if conditions and not (musts and required) and not wishes:
            least = (
                min_should_match(len(conditions), question=is_question)
                if positive
                else len(conditions)
            )
            musts.append(self._enough(conditions, free, terms, least, strict=not positive))
        return musts

    def _may_relax(self) -> bool:
        """Whether fewer words may do. Whoever writes operators wants what they say."""
        return isinstance(self.query.root, ast.Words | ast.Clauses)

    def _is_question(self, words: Sequence[QueryWord], terms: Sequence[QueryTerm]) -> bool:
        """Whether this is a question: it has a question word that is part of no other word."""
        return any(
            is_question_word(term.folded if self.folded else term.text, folded=self.folded)
            for word in words
            if not word.counted
            for term in terms[word.first : word.last]
        )

    def _enough(
        self,
        conditions: list[Node],
        free: Sequence[QueryWord],
        terms: Sequence[QueryTerm],
        least: int,
        *,
        strict: bool,
    ) -> Node:
        if not strict:
            self.plain = self._may_relax()
            if self.strictness is Strictness.ANY_TERM:
                alone = [term for word in free for term in terms[word.first : word.last]]
                conditions = conditions + self.matcher.any_syllable(alone)
                least = 1
            elif self.strictness is Strictness.RELAXED:
                least = max(1, least // 2)
            self.least = max(self.least, least)
        titles = [self.matcher.in_title(word, terms) for word in free] if least > 1 else []
        titles += [None] * (len(conditions) - len(titles))
        return at_least(conditions, least, titles)

    def _show(self, query_terms: QueryTerms, words: Sequence[QueryWord]) -> None:
        """What to highlight, and which words the index does not know."""
        self.unknown.extend(term for term in query_terms.terms if not term.known)
        for word in words:
            if not word.counted:
                continue
            own = query_terms.terms[word.first : word.last]
            code = word.code and (fold(word.code) if self.folded else word.code)
            least = 1 if self.strictness is Strictness.ANY_TERM else min(2, len(word))
            if code:
                self.patterns.append(Pattern(pattern_tokens([code], folded=self.folded)))
                least = max(least, 1 if self.strictness is Strictness.ANY_TERM else len(word))
            self.patterns.append(Pattern(tuple(map(_pattern_token, own)), whole=False, least=least))
            for other in word.others:
                self.patterns.append(Pattern(pattern_tokens(other, folded=self.folded)))

    def _filter(self, node: ast.Filter) -> Node:
        """The condition of a field. Several values: any of them."""
        return any_of([self._value(node.field, value) for value in node.values])

    def _value(self, field: str, value: ast.Value) -> Node:
        try:
            return filters.make_filter(field, value.text, self.context)
        except (OptionError, UnknownReport) as error:
            raise QueryError(str(error), query=self.query.source, position=value.start) from error


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


def _pattern_token(term: QueryTerm) -> PatternToken:
    exact = {variant.token for variant in term.variants if not variant.folded}
    folded = {variant.token for variant in term.variants if variant.folded}
    return PatternToken(exact=frozenset(exact or {term.text}), folded=frozenset(folded))


def _texts(node: ast.Node | None) -> Iterator[str]:
    """All words of a query, without those of fields that hold names."""
    match node:
        case (
            ast.Words(text=text)
            | ast.Phrase(text=text)
            | ast.Prefix(text=text)
            | ast.Fuzzy(text=text)
        ):
            yield text
        case ast.Clause(child=child) | ast.Not(child=child) | ast.FieldScope(child=child):
            yield from _texts(child)
        case ast.Clauses(items=children) | ast.And(children=children) | ast.Or(children=children):
            for child in children:
                yield from _texts(child)
        case _:
            return
