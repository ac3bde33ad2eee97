"""Engine queries for phrases, prefixes, fuzzy words, titles and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...engines.engine import Snapshot
from ...engines.query import (
    And,
    AndNot,
    ConstantScore,
    DisMax,
    Node,
    Or,
    Phrase,
    Prefix,
    Request,
    Term,
    TermIn,
)
from ...schema import FOLDED, FOLDED_MARK, HEADING, KIND, PASSAGE_KIND, SYLLABLE, TITLE
from ...vietnamese import Analyser, fold, is_folded, normalise
from .. import tuning
from ..patterns import Part, Pattern, PatternToken, pattern_tokens
from ..spelling import near
from ..statistics import TermStatistics
from . import ast

# Matches all passages, not reports.
PASSAGES = TermIn(KIND, (PASSAGE_KIND,))

_FIELDS: dict[str, tuple[str, Part]] = {"title": (TITLE, "title"), "heading": (HEADING, "heading")}
_CHUNK = re.compile(r"\S+")
Planned = tuple[Node | None, list[Pattern]]


class ClauseBuilder:
    """Builds engine queries and highlighting patterns of clauses.

    A clause without words, such as ``""``, gives None.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        statistics: TermStatistics,
        analyser: Analyser,
        *,
        folded: bool,
    ) -> None:
        self.snapshot = snapshot
        self.statistics = statistics
        self.analyser = analyser
        self.folded = folded

    def leaf(self, node: ast.Phrase | ast.Prefix | ast.Fuzzy | ast.FieldScope) -> Planned:
        """The node and its patterns."""
        match node:
            case ast.Phrase():
                return self._quoted(node)
            case ast.Prefix():
                return self._prefix(node)
            case ast.Fuzzy():
                return self._fuzzy(node)
            case ast.FieldScope():
                field, part = _FIELDS[node.field]
                inner, patterns = self._in_field(node.child, field)
                node_in = ConstantScore(inner) if inner is not None else None
                return node_in, [replace(pattern, part=part) for pattern in patterns]

    def extended(self, items: Sequence[ast.Node]) -> list[ast.Node]:
        """Extend ``title:nghị quyết`` to both syllables if a title has them side by side.

        The parser gave the field only the first syllable: words are those of the index.
        """
        result: list[ast.Node] = []
        for item in items:
            last = result[-1] if result else None
            if (
                isinstance(item, ast.Words)
                and isinstance(last, ast.FieldScope)
                and isinstance(last.child, ast.Words)
            ):
                field, rest = self._extend(last, item)
                result[-1:] = [field, rest] if rest is not None else [field]
            else:
                result.append(item)
        return result

    def _extend(
        self, field: ast.FieldScope, text: ast.Words
    ) -> tuple[ast.FieldScope, ast.Words | None]:
        name, _ = _FIELDS[field.field]
        value, end = field.child, field.child.end
        assert isinstance(value, ast.Words)
        for number, match in enumerate(_CHUNK.finditer(text.text), start=2):
            if number > tuning.LONGEST_WORD:
                break
            longer = f"{value.text} {text.text[: match.end()]}"
            tokens = tuple(self._both_forms(longer))
            if len(tokens) < 2 or not self._stands(Phrase(name, tokens)):
                break
            end = text.start + match.end()
        if end == value.end:
            return field, text
        taken = text.text[: end - text.start]
        quoted = ast.Phrase(f"{value.text} {taken}", value.start, end)
        remaining = text.text[len(taken) :]
        rest = ast.Words(remaining, end, text.end) if remaining.strip() else None
        return ast.FieldScope(field.field, quoted, field.start, end), rest

    def _stands(self, node: Node) -> bool:
        return self.snapshot.search(Request(node, limit=0)).total > 0

    def _tokens(self, text: str) -> list[str]:
        analysis = self.analyser.analyse(text, words=False)
        return [token.text for token in analysis.tokens if token.kind != "code"]

    def _ways(self, text: str) -> list[tuple[bool, float]]:
        """Alternatives for a text: whether folded, and the weight."""
        if self.folded:
            return [(True, 1.0)]
        if is_folded(normalise(text).text):
            return [(False, 1.0), (True, tuning.UNMARKED_WEIGHT)]
        return [(False, 1.0)]

    def _quoted(self, node: ast.Phrase) -> Planned:
        tokens = self._tokens(node.text)
        if not tokens:
            return None, []
        choices: list[Node] = []
        patterns: list[Pattern] = []
        for folded, weight in self._ways(node.text):
            choices.append(self._phrase(tokens, node.slop, folded=folded, weight=weight))
            patterns.append(Pattern(pattern_tokens(tokens, folded=folded), slop=node.slop))
        return _best(choices), patterns

    def _phrase(self, tokens: Sequence[str], slop: int, *, folded: bool, weight: float) -> Node:
        field = FOLDED if folded else SYLLABLE
        if folded:
            tokens = [fold(token) for token in tokens]
        pieces = [
            tuple(tokens[at : at + tuning.MAX_PHRASE])
            for at in range(0, len(tokens), tuning.MAX_PHRASE)
        ]
        nodes: list[Node] = [
            Term(field, piece[0], weight)
            if len(piece) == 1
            else Phrase(field, piece, slop, ordered=not slop, boost=weight)
            for piece in pieces
        ]
        return _every(nodes)

    def _prefix(self, node: ast.Prefix) -> Planned:
        begins = self._beginnings(node.text)
        if begins is None:
            return None, []
        before, prefixes, folded = begins
        field = FOLDED if folded else SYLLABLE
        last = _best([Prefix(field, prefix, tuning.MAX_EXPANSIONS) for prefix in prefixes])
        item = (
            PatternToken(begins_folded=tuple(prefixes))
            if folded
            else PatternToken(begins=tuple(prefixes))
        )
        pattern = Pattern((*pattern_tokens(before, folded=folded), item))
        return _every([*(Term(field, token) for token in before), last]), [pattern]

    def _beginnings(self, text: str) -> tuple[list[str], list[str], bool] | None:
        """The whole tokens, the prefixes of the last one, and whether it is folded.

        The canonical spelling of a syllable may not be a prefix of longer ones: hoà* also matches
        hoàn, but is canonically "hòa".
        """
        tokens = self._tokens(text)
        if not tokens:
            return None
        typed = normalise(text).text.lower()
        folded = is_folded(typed)
        prefixes = {tokens[-1]}
        if len(tokens) == 1 and typed.isalnum():
            prefixes.add(typed)
        if folded:
            tokens, prefixes = (
                [fold(token) for token in tokens],
                {fold(prefix) for prefix in prefixes},
            )
        return tokens[:-1], sorted(prefixes), folded

    def _fuzzy(self, node: ast.Fuzzy) -> Planned:
        tokens = self._tokens(node.text)
        if not tokens:
            return None, []
        folded = is_folded(normalise(node.text).text)
        if folded:
            tokens = [fold(token) for token in tokens]
        field = FOLDED if folded else SYLLABLE
        others = near(self.statistics, tokens[-1], limit=tuning.MAX_NEAR, unmarked=True)
        choices: list[Node] = [
            Term(field, tokens[-1]),
            *(Term(field, other, tuning.UNMARKED_WEIGHT) for other in others),
        ]
        taken = frozenset((tokens[-1], *others))
        item = PatternToken(folded=taken) if folded else PatternToken(exact=taken)
        pattern = Pattern((*pattern_tokens(tokens[:-1], folded=folded), item))
        return _every([*(Term(field, token) for token in tokens[:-1]), _best(choices)]), [pattern]

    def _in_field(self, node: ast.Node, field: str) -> Planned:
        """A clause in a short field, which has both forms of every token."""
        match node:
            case ast.Words(text=text):
                tokens = self._both_forms(text)
                terms = [Term(field, token) for token in tokens]
                return (_every(terms) if terms else None), [_single(token) for token in tokens]
            case ast.Phrase(text=text, slop=slop):
                tokens = self._both_forms(text)[: tuning.MAX_PHRASE]
                if not tokens:
                    return None, []
                phrase = Phrase(field, tuple(tokens), slop, ordered=not slop)
                items = tuple(item for token in tokens for item in _single(token).tokens)
                return (phrase if len(tokens) > 1 else Term(field, tokens[0])), [
                    Pattern(items, slop=slop)
                ]
            case ast.Prefix(text=text):
                begins = self._beginnings(text)
                if begins is None:
                    return None, []
                _, typed, folded = begins
                mark = FOLDED_MARK if folded else ""
                item = (
                    PatternToken(begins_folded=tuple(typed))
                    if folded
                    else PatternToken(begins=tuple(typed))
                )
                prefixes = [Prefix(field, mark + prefix, tuning.MAX_EXPANSIONS) for prefix in typed]
                return _best(prefixes), [Pattern((item,))]
            case ast.Clause(occur=ast.Occur.MUST_NOT, child=child) | ast.Not(child=child):
                return self._not_in_field([child], field)
            case ast.Clause(child=child) | ast.FieldScope(child=child):
                return self._in_field(child, field)
            case ast.Fuzzy(text=text):
                return self._fuzzy_in_field(text, field)
            case ast.Clauses(items=items) | ast.And(children=items):
                return self._all_in_field(items, field)
            case ast.Or(children=children):
                planned = [self._in_field(child, field) for child in children]
                nodes = [found for found, _ in planned if found is not None]
                return (Or(tuple(nodes)) if nodes else None), [
                    p for _, found in planned for p in found
                ]
            case ast.Filter():
                return None, []

    def _all_in_field(self, items: Sequence[ast.Node], field: str) -> Planned:
        """All of the clauses, as in title:(a -b)."""
        nots = [item for item in items if _is_negative(item)]
        planned = [self._in_field(item, field) for item in items if not _is_negative(item)]
        nodes = [found for found, _ in planned if found is not None]
        patterns = [pattern for _, found in planned for pattern in found]
        unwanted = [found for item in _children(nots) if (found := self._in_field(item, field)[0])]
        if not nodes:
            return self._not_in_field(_children(nots), field) if unwanted else (None, [])
        wanted = _every(nodes)
        return (AndNot(wanted, Or(tuple(unwanted))) if unwanted else wanted), patterns

    def _not_in_field(self, children: Sequence[ast.Node], field: str) -> Planned:
        nodes = [found for child in children if (found := self._in_field(child, field)[0])]
        return (AndNot(PASSAGES, Or(tuple(nodes))) if nodes else None), []

    def _fuzzy_in_field(self, text: str, field: str) -> Planned:
        tokens = self._both_forms(text)
        if not tokens:
            return None, []
        mark = FOLDED_MARK if tokens[-1].startswith(FOLDED_MARK) else ""
        others = [
            mark + other
            for other in near(
                self.statistics,
                tokens[-1].removeprefix(mark),
                limit=tuning.MAX_NEAR,
                unmarked=True,
            )
        ]
        nodes = [Term(field, token) for token in (tokens[-1], *others)]
        return _best(nodes), [_single(token) for token in (tokens[-1], *others)]

    def _both_forms(self, text: str) -> list[str]:
        """Tokens as in the short fields: folded if typed without diacritics."""
        return [
            token if token != fold(token) else FOLDED_MARK + fold(token)
            for token in self._tokens(text)
        ]


def _single(token: str) -> Pattern:
    """The pattern of one token of a short field."""
    if token.startswith(FOLDED_MARK):
        return Pattern((PatternToken(folded=frozenset((token.removeprefix(FOLDED_MARK),))),))
    return Pattern((PatternToken(exact=frozenset((token,))),))


def _is_negative(node: ast.Node) -> bool:
    return isinstance(node, ast.Not) or (
        isinstance(node, ast.Clause) and node.occur is ast.Occur.MUST_NOT
    )


def _children(nodes: Sequence[ast.Node]) -> list[ast.Node]:
    return list(_unwrap(nodes))


def _unwrap(nodes: Sequence[ast.Node]) -> Iterator[ast.Node]:
    for node in nodes:
        if isinstance(node, ast.Not | ast.Clause):
            yield node.child


def _best(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else DisMax(tuple(nodes))


def _every(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))
