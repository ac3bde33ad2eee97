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
from ...engines.query import All, Boosted, Node, Request, Silent, Sum, Without
from ...errors import OptionError, QueryError, UnknownReport
from ...vietnamese import Analyser, fold
from .. import filters
from ..abbreviations import Abbreviations
from ..matching import Holding, any_of, enough, every, required
from ..patterns import Pattern, Spot, spots_of
from ..scoring import Evidence
from ..statistics import Lexicon
from ..term_weights import is_question_word
from .ast import Both, Either, Filter, Fuzzy, InField, Not, Query, Quoted, Signed, Stem, Text, Together, Value
from .ast import Node as Syntax
from .clauses import PASSAGES, Signs
from .terms import Places, Slot, is_typed_without_marks, load_pairs, look_up, read_places
from .words import Unit, cut, framing_units

LONG_QUERY = 12
"""From this many words on a query is a pasted text, and its phrases need not all be held."""
MAX_SCORED = 256
"""Most nodes that add to the score."""


class Leniency(IntEnum):
    """How strictly the plain words of a query are taken."""

    ASKED = 0
    FEWER = 1
    ANY = 2


@dataclass(frozen=True, slots=True)
class Word:
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
    words: tuple[Word, ...]
    least: int
    unknown: tuple[Slot, ...]
    folded: bool
    plain: bool

    def node(self, restrictions: Sequence[Node] = ()) -> Node:
        """The whole of it within some filters."""
        match = self.match if self.match is not None else PASSAGES
        if restrictions:
            match = All((match, *(Silent(node) for node in restrictions)))
        return Boosted(match, Sum(self.scoring)) if self.scoring else match


@dataclass(frozen=True, slots=True)
class Sources:
    """What planning draws on."""

    snapshot: Snapshot
    lexicon: Lexicon
    analyser: Analyser
    abbreviations: Abbreviations
    resolve_area: Callable[[str], str]


def make_plan(query: Query, sources: Sources, leniency: Leniency = Leniency.ASKED) -> Plan:
    """The plan of a query.

    Raises:
        QueryError: a field with a value it does not take.
    """
    return _Planner(query, sources, leniency).plan()


class _Planner:
    """One query, planned once."""

    def __init__(self, query: Query, sources: Sources, leniency: Leniency) -> None:
        self.query = query
        self.sources = sources
        self.leniency = leniency
        self.folded = is_typed_without_marks(_texts(query.root))
        self.holding = Holding(sources.lexicon, folded=self.folded)
        self.evidence = Evidence(sources.lexicon, folded=self.folded)
        self.signs = Signs(
            sources.snapshot,
            sources.lexicon,
            sources.analyser,
            folded=self.folded,
            loosely=leniency > Leniency.ASKED,
        )
        self.scoring: list[Node] = []
        self.patterns: list[Pattern] = []
        self.words: list[Word] = []
        self.unknown: list[Slot] = []
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

    def _node(self, node: Syntax, *, wanted: bool) -> Node | None:
        """Passages that match; None where the node says nothing, such as ``(***)``."""
        match node:
            case Text() | Signed():
                return self._together((node,), wanted=wanted)
            case Together(items=items):
                return self._together(items, wanted=wanted)
            case Both(children=children):
                return self._both(children, wanted=wanted)
            case Either(children=children):
                nodes = [found for child in children if (found := self._node(child, wanted=wanted))]
                return Sum(tuple(nodes)) if nodes else None
            case Not(child=child):
                return self._without(None, [self._node(child, wanted=False)])
            case Filter():
                return Silent(All((PASSAGES, self._filter(node))))
            case Quoted() | Stem() | Fuzzy() | InField():
                return self._leaf(node, wanted=wanted)

    def _leaf(self, node: Quoted | Stem | Fuzzy | InField, *, wanted: bool) -> Node | None:
        found, patterns = self.signs.leaf(node)
        if wanted:
            self.patterns.extend(patterns)
        return found

    def _both(self, children: Sequence[Syntax], *, wanted: bool) -> Node | None:
        musts = [self._node(child, wanted=wanted) for child in children if not isinstance(child, Not)]
        nots = [self._node(child.child, wanted=False) for child in children if isinstance(child, Not)]
        return self._without(every([node for node in musts if node is not None]), nots)

    def _without(self, wanted: Node | None, unwanted: Sequence[Node | None]) -> Node | None:
        nodes = [node for node in unwanted if node is not None]
        if not nodes:
            return wanted
        return Without(wanted if wanted is not None else PASSAGES, Sum(tuple(nodes)))

    def _together(self, items: Sequence[Syntax], *, wanted: bool) -> Node | None:
        texts: list[Text] = []
        said: list[Text] = []
        begins: set[int] = set()
        musts: list[Node | None] = []
        nots: list[Node | None] = []
        phrases: list[Node] = []
        for item in self.signs.extended(items):
            if isinstance(item, Text):
                texts.append(item)
            elif isinstance(item, Signed) and isinstance(item.child, Text):
                if item.wanted:
                    texts.append(item.child)
                    begins.add(item.child.start)
                else:
                    unit, rest = self._split(item.child)
                    nots.append(unit)
                    texts.extend(rest)
            elif isinstance(item, Signed):
                found = self._node(item.child, wanted=wanted and item.wanted)
                (musts if item.wanted else nots).append(found)
            elif isinstance(item, Not):
                nots.append(self._node(item.child, wanted=False))
            elif isinstance(item, Quoted):
                words = Text(item.text, item.start + 1, item.start + 1 + len(item.text))
                phrase = self._leaf(item, wanted=wanted)
                if phrase is None:
                    continue
                if wanted and self.leniency is Leniency.ANY and self._forgives() and not self._occurs(phrase):
                    texts.append(words)
                else:
                    # Side by side, its words score as they do without the marks: 'định nghĩa của "lao động"'.
                    phrases.append(phrase if item.slop else Silent(phrase))
                    said += [] if item.slop else [words]
            else:
                musts.append(self._node(item, wanted=wanted))
        matches = self._plain(texts, begins, phrases, said, wanted=wanted)
        return self._without(every([node for node in (*matches, *musts) if node is not None]), nots)

    def _occurs(self, phrase: Node) -> bool:
        """Whether any passage of the index holds a phrase."""
        return self.sources.snapshot.search(Request(Silent(All((PASSAGES, phrase))), limit=0)).total > 0

    def _read(self, texts: Sequence[Text]) -> tuple[Places, tuple[Unit, ...]]:
        lexicon = self.sources.lexicon
        places = look_up(read_places(texts, self.sources.analyser), lexicon, folded=self.folded)
        load_pairs(places.slots, lexicon)
        return places, cut(places, lexicon, self.sources.abbreviations, folded=self.folded)

    def _split(self, text: Text) -> tuple[Node | None, list[Text]]:
        """The first word of a text as a condition, and what comes after it."""
        places, units = self._read((text,))
        if not units:
            return None, []
        condition = self.holding.unit(units[0], places.slots)
        if len(units) == 1:
            return condition, []
        start = places.slots[units[1].first].start
        return condition, [Text(self.query.source[start : text.end], start, text.end)]

    def _plain(
        self, texts: Sequence[Text], begins: set[int], phrases: list[Node], said: Sequence[Text], *, wanted: bool
    ) -> list[Node]:
        """What plain words ask for: signed ones all, the others enough of them.

        ``said`` are the words of ``phrases``: they add to the score as they would without marks.
        """
        places, units = self._read(texts)
        slots = places.slots
        musts: list[Node] = []
        free: list[Unit] = []
        conditions: list[Node] = []
        signed = _signed_units(texts, begins, slots, units)
        asks = wanted and self._asks(units, slots)
        evidence = self._read(sorted((*texts, *said), key=lambda text: text.start)) if said else (places, units)
        framing = framing_units(units, slots, evidence[0].slots, alone=not phrases, folded=self.folded)
        for unit in units:
            condition = self.holding.unit(unit, slots, anywhere=asks and unit not in signed)
            if unit in signed:
                musts.append(Silent(condition))
            elif unit.counted and unit not in framing:
                free.append(unit)
                conditions.append(condition)
            if wanted:
                typed = self.query.source[slots[unit.first].start : slots[unit.last - 1].end]
                counted = unit in signed or (unit.counted and unit not in framing)
                self.words.append(Word(typed, counted, condition))
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
        wishes = bool(phrases) and len(free) < LONG_QUERY and wanted and self.leniency is Leniency.ANY
        if conditions and not (musts and signed) and not wishes:
            least = required(len(conditions), question=asks) if wanted else len(conditions)
            musts.append(self._enough(conditions, free, slots, least, strict=not wanted))
        return musts

    def _forgives(self) -> bool:
        """Whether fewer words may do. Whoever writes operators wants what they say."""
        return isinstance(self.query.root, Text | Together)

    def _asks(self, units: Sequence[Unit], slots: Sequence[Slot]) -> bool:
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
        free: Sequence[Unit],
        slots: Sequence[Slot],
        least: int,
        *,
        strict: bool,
    ) -> Node:
        if not strict:
            self.plain = self._forgives()
            if self.leniency is Leniency.ANY:
                alone = [slot for unit in free for slot in slots[unit.first : unit.last]]
                conditions = conditions + self.holding.any_syllable(alone)
                least = 1
            elif self.leniency is Leniency.FEWER:
                least = max(1, least // 2)
            self.least = max(self.least, least)
        titles = [self.holding.in_title(unit, slots) for unit in free] if least > 1 else []
        titles += [None] * (len(conditions) - len(titles))
        return enough(conditions, least, titles)

    def _show(self, places: Places, units: Sequence[Unit]) -> None:
        """What to highlight, and which words the index does not know."""
        self.unknown.extend(slot for slot in places.slots if not slot.known)
        for unit in units:
            if not unit.counted:
                continue
            own = places.slots[unit.first : unit.last]
            code = unit.code and (fold(unit.code) if self.folded else unit.code)
            least = 1 if self.leniency is Leniency.ANY else min(2, len(unit))
            if code:
                self.patterns.append(Pattern(spots_of([code], folded=self.folded)))
                least = max(least, 1 if self.leniency is Leniency.ANY else len(unit))
            self.patterns.append(Pattern(tuple(map(_spot, own)), whole=False, least=least))
            for other in unit.others:
                self.patterns.append(Pattern(spots_of(other, folded=self.folded)))

    def _filter(self, node: Filter) -> Node:
        """The condition of a field. Several values: any of them."""
        return any_of([self._value(node.field, value) for value in node.values])

    def _value(self, field: str, value: Value) -> Node:
        sources = self.sources
        try:
            match field:
                case "area":
                    return filters.area_filter((value.text,), sources.resolve_area)
                case "assessment":
                    return filters.assessment_filter((value.text,))
                case "report":
                    return filters.report_filter((value.text,), sources.snapshot)
                case "number":
                    return filters.number_filter(value.text)
                case "kind":
                    return filters.kind_filter((value.text,))
                case "year":
                    return filters.year_filter(value.text)
                case _:
                    return filters.term_filter(value.text)
        except (OptionError, UnknownReport) as error:
            raise QueryError(str(error), query=self.query.source, position=value.start) from error


def _signed_units(texts: Sequence[Text], begins: set[int], slots: Sequence[Slot], units: Sequence[Unit]) -> set[Unit]:
    """The first unit of each text that had a ``+`` before it."""
    signed: set[Unit] = set()
    for text in texts:
        if text.start in begins:
            inside = [unit for unit in units if text.start <= slots[unit.first].start < text.end]
            signed.update(inside[:1])
    return signed


def _spot(slot: Slot) -> Spot:
    exact = {form.token for form in slot.forms if not form.folded}
    folded = {form.token for form in slot.forms if form.folded}
    return Spot(exact=frozenset(exact or {slot.text}), folded=frozenset(folded))


def _texts(node: Syntax | None) -> Iterator[str]:
    """All words of a query, without those of fields that hold names."""
    match node:
        case Text(text=text) | Quoted(text=text) | Stem(text=text) | Fuzzy(text=text):
            yield text
        case Signed(child=child) | Not(child=child) | InField(child=child):
            yield from _texts(child)
        case Together(items=children) | Both(children=children) | Either(children=children):
            for child in children:
                yield from _texts(child)
        case _:
            return
