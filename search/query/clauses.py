"""Phrases, stems, fuzzy words and words in titles and headings, as an engine is asked for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...engines.engine import Snapshot
from ...engines.query import All, Best, Exact, Node, Phrase, Prefix, Request, Silent, Sum, Term, Without
from ...schema import FOLDED, FOLDED_MARK, HEADING, KIND, PASSAGE_KIND, SYLLABLE, TITLE
from ...vietnamese import Analyser, fold, is_folded, normalise
from ..edit_distance import near
from ..patterns import Part, Pattern, Spot, spots_of
from ..statistics import Lexicon
from .ast import Both, Either, Filter, Fuzzy, InField, Not, Quoted, Signed, Stem, Text, Together
from .ast import Node as Syntax
from .terms import FORGIVEN, LOOSE

MAX_PHRASE = 32
"""Tokens of one phrase that an engine is asked for; longer ones are asked for piece by piece."""
MAX_EXPANSIONS = 64
"""Words that ``word*`` stands for at most, the most frequent ones."""
MAX_NEAR = 32
"""Words that ``word~`` stands for at most, the most frequent ones."""

PASSAGES = Exact(KIND, (PASSAGE_KIND,))
"""All passages, and no reports."""

_FIELDS: dict[str, tuple[str, Part]] = {"title": (TITLE, "title"), "heading": (HEADING, "heading")}
_CHUNK = re.compile(r"\S+")
_LONGEST_WORD = 4
Planned = tuple[Node | None, list[Pattern]]


class Signs:
    """Makes nodes and patterns of what bears a sign; None where it says nothing, such as ``""``."""

    def __init__(
        self, snapshot: Snapshot, lexicon: Lexicon, analyser: Analyser, *, folded: bool, loosely: bool
    ) -> None:
        self.snapshot = snapshot
        self.lexicon = lexicon
        self.analyser = analyser
        self.folded = folded
        self.loosely = loosely

    def leaf(self, node: Quoted | Stem | Fuzzy | InField) -> Planned:
        """The node and its patterns."""
        match node:
            case Quoted():
                return self._quoted(node)
            case Stem():
                return self._stem(node)
            case Fuzzy():
                return self._fuzzy(node)
            case InField():
                field, part = _FIELDS[node.field]
                inner, patterns = self._in_field(node.child, field)
                node_in = Silent(inner) if inner is not None else None
                return node_in, [replace(pattern, part=part) for pattern in patterns]

    def extended(self, items: Sequence[Syntax]) -> list[Syntax]:
        """``title:nghị quyết`` takes two syllables where a title has them side by side.

        The parser gave the field its first syllable alone; what a word is only the index can tell.
        """
        result: list[Syntax] = []
        for item in items:
            last = result[-1] if result else None
            if isinstance(item, Text) and isinstance(last, InField) and isinstance(last.child, Text):
                field, rest = self._extend(last, item)
                result[-1:] = [field, rest] if rest is not None else [field]
            else:
                result.append(item)
        return result

    def _extend(self, field: InField, text: Text) -> tuple[InField, Text | None]:
        name, _ = _FIELDS[field.field]
        value, end = field.child, field.child.end
        assert isinstance(value, Text)
        for number, match in enumerate(_CHUNK.finditer(text.text), start=2):
            if number > _LONGEST_WORD:
                break
            longer = f"{value.text} {text.text[: match.end()]}"
            tokens = tuple(self._both_forms(longer))
            if len(tokens) < 2 or not self._stands(Phrase(name, tokens)):
                break
            end = text.start + match.end()
        if end == value.end:
            return field, text
        taken = text.text[: end - text.start]
        quoted = Quoted(f"{value.text} {taken}", value.start, end)
        remaining = text.text[len(taken) :]
        rest = Text(remaining, end, text.end) if remaining.strip() else None
        return InField(field.field, quoted, field.start, end), rest

    def _stands(self, node: Node) -> bool:
        return self.snapshot.search(Request(node, limit=0)).total > 0

    def _tokens(self, text: str) -> list[str]:
        analysis = self.analyser.analyse(text, words=False)
        return [token.text for token in analysis.tokens if token.kind != "code"]

    def _ways(self, text: str) -> list[tuple[bool, float]]:
        """(without diacritics?, weight): in which field to look for a text, and how much it counts."""
        if self.folded:
            return [(True, 1.0)]
        if is_folded(normalise(text).text):
            return [(False, 1.0), (True, LOOSE)]
        return [(False, 1.0), (True, FORGIVEN)] if self.loosely else [(False, 1.0)]

    def _quoted(self, node: Quoted) -> Planned:
        tokens = self._tokens(node.text)
        if not tokens:
            return None, []
        choices: list[Node] = []
        patterns: list[Pattern] = []
        for folded, weight in self._ways(node.text):
            choices.append(self._phrase(tokens, node.slop, folded=folded, weight=weight))
            patterns.append(Pattern(spots_of(tokens, folded=folded), slop=node.slop))
        return _best(choices), patterns

    def _phrase(self, tokens: Sequence[str], slop: int, *, folded: bool, weight: float) -> Node:
        field = FOLDED if folded else SYLLABLE
        if folded:
            tokens = [fold(token) for token in tokens]
        pieces = [tuple(tokens[at : at + MAX_PHRASE]) for at in range(0, len(tokens), MAX_PHRASE)]
        nodes: list[Node] = [
            Term(field, piece[0], weight)
            if len(piece) == 1
            else Phrase(field, piece, slop, ordered=not slop, boost=weight)
            for piece in pieces
        ]
        return _every(nodes)

    def _stem(self, node: Stem) -> Planned:
        begins = self._beginnings(node.text)
        if begins is None:
            return None, []
        before, stems, folded = begins
        field = FOLDED if folded else SYLLABLE
        last = _best([Prefix(field, stem, MAX_EXPANSIONS) for stem in stems])
        spot = Spot(begins_folded=tuple(stems)) if folded else Spot(begins=tuple(stems))
        pattern = Pattern((*spots_of(before, folded=folded), spot))
        return _every([*(Term(field, token) for token in before), last]), [pattern]

    def _beginnings(self, text: str) -> tuple[list[str], list[str], bool] | None:
        """Whole tokens before the last one, how that may begin, and whether diacritics are ignored.

        The canonical spelling of a whole syllable need not be how a longer one begins: hoà* is
        hoàn too, and canonically "hòa".
        """
        tokens = self._tokens(text)
        if not tokens:
            return None
        typed = normalise(text).text.lower()
        folded = is_folded(typed)
        stems = {tokens[-1]}
        if len(tokens) == 1 and typed.isalnum():
            stems.add(typed)
        if folded:
            tokens, stems = [fold(token) for token in tokens], {fold(stem) for stem in stems}
        return tokens[:-1], sorted(stems), folded

    def _fuzzy(self, node: Fuzzy) -> Planned:
        tokens = self._tokens(node.text)
        if not tokens:
            return None, []
        folded = is_folded(normalise(node.text).text)
        if folded:
            tokens = [fold(token) for token in tokens]
        field = FOLDED if folded else SYLLABLE
        others = near(self.lexicon, tokens[-1], limit=MAX_NEAR)
        choices: list[Node] = [Term(field, tokens[-1]), *(Term(field, other, LOOSE) for other in others)]
        taken = frozenset((tokens[-1], *others))
        spot = Spot(folded=taken) if folded else Spot(exact=taken)
        pattern = Pattern((*spots_of(tokens[:-1], folded=folded), spot))
        return _every([*(Term(field, token) for token in tokens[:-1]), _best(choices)]), [pattern]

    def _in_field(self, node: Syntax, field: str) -> Planned:
        """The same signs, asked of a short field that holds both forms of every token."""
        match node:
            case Text(text=text):
                tokens = self._both_forms(text)
                terms = [Term(field, token) for token in tokens]
                return (_every(terms) if terms else None), [_single(token) for token in tokens]
            case Quoted(text=text, slop=slop):
                tokens = self._both_forms(text)[:MAX_PHRASE]
                if not tokens:
                    return None, []
                phrase = Phrase(field, tuple(tokens), slop, ordered=not slop)
                spots = tuple(spot for token in tokens for spot in _single(token).spots)
                return (phrase if len(tokens) > 1 else Term(field, tokens[0])), [Pattern(spots, slop=slop)]
            case Stem(text=text):
                begins = self._beginnings(text)
                if begins is None:
                    return None, []
                _, stems, folded = begins
                mark = FOLDED_MARK if folded else ""
                spot = Spot(begins_folded=tuple(stems)) if folded else Spot(begins=tuple(stems))
                prefixes = [Prefix(field, mark + stem, MAX_EXPANSIONS) for stem in stems]
                return _best(prefixes), [Pattern((spot,))]
            case Signed(wanted=False, child=child) | Not(child=child):
                return self._not_in_field([child], field)
            case Signed(child=child) | InField(child=child):
                return self._in_field(child, field)
            case Fuzzy(text=text):
                return self._fuzzy_in_field(text, field)
            case Together(items=items) | Both(children=items):
                return self._all_in_field(items, field)
            case Either(children=children):
                planned = [self._in_field(child, field) for child in children]
                nodes = [found for found, _ in planned if found is not None]
                return (Sum(tuple(nodes)) if nodes else None), [p for _, found in planned for p in found]
            case Filter():
                return None, []

    def _all_in_field(self, items: Sequence[Syntax], field: str) -> Planned:
        """All of them, as title:(a -b) says."""
        nots = [item for item in items if _is_negative(item)]
        planned = [self._in_field(item, field) for item in items if not _is_negative(item)]
        nodes = [found for found, _ in planned if found is not None]
        patterns = [pattern for _, found in planned for pattern in found]
        unwanted = [found for item in _children(nots) if (found := self._in_field(item, field)[0])]
        if not nodes:
            return self._not_in_field(_children(nots), field) if unwanted else (None, [])
        wanted = _every(nodes)
        return (Without(wanted, Sum(tuple(unwanted))) if unwanted else wanted), patterns

    def _not_in_field(self, children: Sequence[Syntax], field: str) -> Planned:
        nodes = [found for child in children if (found := self._in_field(child, field)[0])]
        return (Without(PASSAGES, Sum(tuple(nodes))) if nodes else None), []

    def _fuzzy_in_field(self, text: str, field: str) -> Planned:
        tokens = self._both_forms(text)
        if not tokens:
            return None, []
        mark = FOLDED_MARK if tokens[-1].startswith(FOLDED_MARK) else ""
        others = [mark + other for other in near(self.lexicon, tokens[-1].removeprefix(mark), limit=MAX_NEAR)]
        nodes = [Term(field, token) for token in (tokens[-1], *others)]
        return _best(nodes), [_single(token) for token in (tokens[-1], *others)]

    def _both_forms(self, text: str) -> list[str]:
        """Tokens as the short fields hold them: without diacritics where none were typed."""
        return [token if token != fold(token) else FOLDED_MARK + fold(token) for token in self._tokens(text)]


def _single(token: str) -> Pattern:
    """The pattern of one token of a short field."""
    if token.startswith(FOLDED_MARK):
        return Pattern((Spot(folded=frozenset((token.removeprefix(FOLDED_MARK),))),))
    return Pattern((Spot(exact=frozenset((token,))),))


def _is_negative(node: Syntax) -> bool:
    return isinstance(node, Not) or (isinstance(node, Signed) and not node.wanted)


def _children(nodes: Sequence[Syntax]) -> list[Syntax]:
    return list(_unwrap(nodes))


def _unwrap(nodes: Sequence[Syntax]) -> Iterator[Syntax]:
    for node in nodes:
        if isinstance(node, Not | Signed):
            yield node.child


def _best(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Best(tuple(nodes))


def _every(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else All(tuple(nodes))
