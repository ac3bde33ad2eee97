"""From what a query says to what an engine is asked.

Every sign is obeyed: a phrase, ``+``, ``AND``, a field must hold. Of the plain words that stand
together a passage must hold enough (:mod:`.held`). What it holds besides only adds to the score
(:mod:`.evidence`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from ...engines.engine import Snapshot
from ...engines.query import And, AndMaybe, AndNot, ConstantScore, Node, Or, Request
from ...errors import OptionError, QueryError, UnknownReport
from ...vietnamese import Analyser, fold
from .. import filters
from ..abbreviations import Abbreviations
from ..matching import MatchBuilder, all_of, any_of, at_least, min_should_match
from ..patterns import Pattern, PatternToken, pattern_tokens
from ..scoring import ScoreBuilder
from ..statistics import TermStatistics
from ..term_weights import is_question_word
from . import ast
from .clauses import PASSAGES, ClauseBuilder
from .terms import QueryTerm, QueryTerms, is_typed_without_marks, load_pairs, look_up, read_places
from .words import QueryWord, framing_words, segment_query

LONG_QUERY = 12
"""From this many words on a query is a pasted text, and its phrases need not all be held."""
MAX_SCORED = 256
"""Most nodes that add to the score."""


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
    ``unknown`` the slots that the index does not know as they were typed.
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
    query: ast.Query, sources: QueryContext, strictness: Strictness = Strictness.STRICT
) -> Plan:
    """The plan of a query.

    Raises:
        QueryError: a field with a value it does not take.
    """
    return _Planner(query, sources, strictness).plan()


class _Planner:
    """One query, planned once."""

    def __init__(self, query: ast.Query, sources: QueryContext, strictness: Strictness) -> None:
        self.query = query
        self.sources = sources
        self.strictness = strictness
        self.folded = is_typed_without_marks(_texts(query.root))
        self.holding = MatchBuilder(sources.statistics, folded=self.folded)
        self.evidence = ScoreBuilder(sources.statistics, folded=self.folded)
        self.signs = ClauseBuilder(
            sources.snapshot,
            sources.statistics,
            sources.analyser,
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
        match = self._node(self.query.root, wanted=True) if self.query.root is not None else None
        return Plan(
            match,
            tuple(self.scoring[:MAX_SCORED]),
            tuple(self.patterns),
            tuple(self.words),
            self.least,
            tuple(self.unknown),
            self.folded,
            self.plain,
        )

    def _node(self, node: ast.Node, *, wanted: bool) -> Node | None:
        """Passages that match; None where the node says nothing, such as ``(***)``."""
        match node:
            case ast.Words() | ast.Clause():
                return self._together((node,), wanted=wanted)
            case ast.Clauses(items=items):
                return self._together(items, wanted=wanted)
            case ast.And(children=children):
                return self._both(children, wanted=wanted)
            case ast.Or(children=children):
                nodes = [found for child in children if (found := self._node(child, wanted=wanted))]
                return Or(tuple(nodes)) if nodes else None
            case ast.Not(child=child):
                return self._without(None, [self._node(child, wanted=False)])
            case ast.Filter():
                return ConstantScore(And((PASSAGES, self._filter(node))))
            case ast.Phrase() | ast.Prefix() | ast.Fuzzy() | ast.FieldScope():
                return self._leaf(node, wanted=wanted)

    def _leaf(
        self, node: ast.Phrase | ast.Prefix | ast.Fuzzy | ast.FieldScope, *, wanted: bool
    ) -> Node | None:
        found, patterns = self.signs.leaf(node)
        if wanted:
            self.patterns.extend(patterns)
        return found

    def _both(self, children: Sequence[ast.Node], *, wanted: bool) -> Node | None:
        musts = [
            self._node(child, wanted=wanted) for child in children if not isinstance(child, ast.Not)
        ]
        nots = [
            self._node(child.child, wanted=False)
            for child in children
            if isinstance(child, ast.Not)
        ]
        return self._without(all_of([node for node in musts if node is not None]), nots)

    def _without(self, wanted: Node | None, unwanted: Sequence[Node | None]) -> Node | None:
        nodes = [node for node in unwanted if node is not None]
        if not nodes:
            return wanted
        return AndNot(wanted if wanted is not None else PASSAGES, Or(tuple(nodes)))

    def _together(self, items: Sequence[ast.Node], *, wanted: bool) -> Node | None:
        texts: list[ast.Words] = []
        said: list[ast.Words] = []
        begins: set[int] = set()
        musts: list[Node | None] = []
        nots: list[Node | None] = []
        phrases: list[Node] = []
        for item in self.signs.extended(items):
            if isinstance(item, ast.Words):
                texts.append(item)
            elif isinstance(item, ast.Clause) and isinstance(item.child, ast.Words):
                if item.required:
                    texts.append(item.child)
                    begins.add(item.child.start)
                else:
                    unit, rest = self._split(item.child)
                    nots.append(unit)
                    texts.extend(rest)
            elif isinstance(item, ast.Clause):
                found = self._node(item.child, wanted=wanted and item.required)
                (musts if item.required else nots).append(found)
            elif isinstance(item, ast.Not):
                nots.append(self._node(item.child, wanted=False))
            elif isinstance(item, ast.Phrase):
                words = ast.Words(item.text, item.start + 1, item.start + 1 + len(item.text))
                phrase = self._leaf(item, wanted=wanted)
                if phrase is None:
                    continue
                if (
                    wanted
                    and self.strictness is Strictness.ANY_TERM
                    and self._forgives()
                    and not self._occurs(phrase)
                ):
                    texts.append(words)
                else:
                    # Side by side, its words score as they do without the marks: 'định nghĩa của "lao động"'.
                    phrases.append(phrase if item.slop else ConstantScore(phrase))
                    said += [] if item.slop else [words]
            else:
                musts.append(self._node(item, wanted=wanted))
        matches = self._plain(texts, begins, phrases, said, wanted=wanted)
        return self._without(
            all_of([node for node in (*matches, *musts) if node is not None]), nots
        )

    def _occurs(self, phrase: Node) -> bool:
        """Whether any passage of the index holds a phrase."""
        return (
            self.sources.snapshot.search(
                Request(ConstantScore(And((PASSAGES, phrase))), limit=0)
            ).total
            > 0
        )

    def _read(self, texts: Sequence[ast.Words]) -> tuple[QueryTerms, tuple[QueryWord, ...]]:
        statistics = self.sources.statistics
        places = look_up(read_places(texts, self.sources.analyser), statistics, folded=self.folded)
        load_pairs(places.slots, statistics)
        return places, segment_query(
            places, statistics, self.sources.abbreviations, folded=self.folded
        )

    def _split(self, text: ast.Words) -> tuple[Node | None, list[ast.Words]]:
        """The first word of a text as a condition, and what comes after it."""
        places, units = self._read((text,))
        if not units:
            return None, []
        condition = self.holding.unit(units[0], places.slots)
        if len(units) == 1:
            return condition, []
        start = places.slots[units[1].first].start
        return condition, [ast.Words(self.query.source[start : text.end], start, text.end)]

    def _plain(
        self,
        texts: Sequence[ast.Words],
        begins: set[int],
        phrases: list[Node],
        said: Sequence[ast.Words],
        *,
        wanted: bool,
    ) -> list[Node]:
        """What plain words ask for: signed ones all, the others enough of them.

        ``said`` are the words of ``phrases``: they add to the score as they would without marks.
        """
        places, units = self._read(texts)
        slots = places.slots
        musts: list[Node] = []
        free: list[QueryWord] = []
        conditions: list[Node] = []
        signed = _signed_units(texts, begins, slots, units)
        asks = wanted and self._asks(units, slots)
        evidence = (
            self._read(sorted((*texts, *said), key=lambda text: text.start))
            if said
            else (places, units)
        )
        framing = framing_words(
            units, slots, evidence[0].slots, alone=not phrases, folded=self.folded
        )
        for unit in units:
            condition = self.holding.unit(unit, slots, anywhere=asks and unit not in signed)
            if unit in signed:
                musts.append(ConstantScore(condition))
            elif unit.counted and unit not in framing:
                free.append(unit)
                conditions.append(condition)
            if wanted:
                typed = self.query.source[slots[unit.first].start : slots[unit.last - 1].end]
                counted = unit in signed or (unit.counted and unit not in framing)
                self.words.append(PlannedWord(typed, counted, condition))
        if len(free) < LONG_QUERY:
            musts.extend(phrases)
            self.plain = self.plain or (wanted and bool(phrases) and self._forgives())
        else:
            conditions.extend(phrases)
        if wanted:
            self.scoring.extend(self.evidence.nodes(*evidence) if evidence[1] else ())
            self._show(places, units)
        # Beside a word with a plus the others are wishes.
        # So are words beside a phrase that is held, when no passage holds both.
        wishes = (
            bool(phrases)
            and len(free) < LONG_QUERY
            and wanted
            and self.strictness is Strictness.ANY_TERM
        )
        if conditions and not (musts and signed) and not wishes:
            least = min_should_match(len(conditions), question=asks) if wanted else len(conditions)
            musts.append(self._enough(conditions, free, slots, least, strict=not wanted))
        return musts

    def _forgives(self) -> bool:
        """Whether fewer words may do. Whoever writes operators wants what they say."""
        return isinstance(self.query.root, ast.Words | ast.Clauses)

    def _asks(self, units: Sequence[QueryWord], slots: Sequence[QueryTerm]) -> bool:
        """Whether this is a question: it has a question word that is part of no other word."""
        return any(
            is_question_word(slot.folded if self.folded else slot.text, folded=self.folded)
            for unit in units
            if not unit.counted
            for slot in slots[unit.first : unit.last]
        )

    def _enough(
        self,
        conditions: list[Node],
        free: Sequence[QueryWord],
        slots: Sequence[QueryTerm],
        least: int,
        *,
        strict: bool,
    ) -> Node:
        if not strict:
            self.plain = self._forgives()
            if self.strictness is Strictness.ANY_TERM:
                alone = [slot for unit in free for slot in slots[unit.first : unit.last]]
                conditions = conditions + self.holding.any_syllable(alone)
                least = 1
            elif self.strictness is Strictness.RELAXED:
                least = max(1, least // 2)
            self.least = max(self.least, least)
        titles = [self.holding.in_title(unit, slots) for unit in free] if least > 1 else []
        titles += [None] * (len(conditions) - len(titles))
        return at_least(conditions, least, titles)

    def _show(self, places: QueryTerms, units: Sequence[QueryWord]) -> None:
        """What to highlight, and which words the index does not know."""
        self.unknown.extend(slot for slot in places.slots if not slot.known)
        for unit in units:
            if not unit.counted:
                continue
            own = places.slots[unit.first : unit.last]
            code = unit.code and (fold(unit.code) if self.folded else unit.code)
            least = 1 if self.strictness is Strictness.ANY_TERM else min(2, len(unit))
            if code:
                self.patterns.append(Pattern(pattern_tokens([code], folded=self.folded)))
                least = max(least, 1 if self.strictness is Strictness.ANY_TERM else len(unit))
            self.patterns.append(Pattern(tuple(map(_spot, own)), whole=False, least=least))
            for other in unit.others:
                self.patterns.append(Pattern(pattern_tokens(other, folded=self.folded)))

    def _filter(self, node: ast.Filter) -> Node:
        """The condition of a field. Several values: any of them."""
        return any_of([self._value(node.field, value) for value in node.values])

    def _value(self, field: str, value: ast.Value) -> Node:
        try:
            return filters.make_filter(field, value.text, self.sources)
        except (OptionError, UnknownReport) as error:
            raise QueryError(str(error), query=self.query.source, position=value.start) from error


def _signed_units(
    texts: Sequence[ast.Words],
    begins: set[int],
    slots: Sequence[QueryTerm],
    units: Sequence[QueryWord],
) -> set[QueryWord]:
    """The first unit of each text that had a ``+`` before it."""
    signed: set[QueryWord] = set()
    for text in texts:
        if text.start in begins:
            inside = [unit for unit in units if text.start <= slots[unit.first].start < text.end]
            signed.update(inside[:1])
    return signed


def _spot(slot: QueryTerm) -> PatternToken:
    exact = {form.token for form in slot.forms if not form.folded}
    folded = {form.token for form in slot.forms if form.folded}
    return PatternToken(exact=frozenset(exact or {slot.text}), folded=frozenset(folded))


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
