"""The score: BM25 of syllables and of neighbouring pairs, in one sum.

::

    score = Σ w(s) · BM25(s)  +  0.318 · Σ w(p) · BM25(p) · sqrt(idf(p) / 4)

over the distinct syllables ``s`` and neighbouring pairs ``p`` of the query, headings and text taken as
one field. This is the sequential dependence model (Metzler & Croft, 2005) without its unordered
windows, which gave nothing, on BM25 (Robertson & Zaragoza, 2009); the factor at the end raises the idf
of pairs to the power 1.5, because a rare pair is more often a name. ``w`` is told in
:mod:`.weights`. Where a place has several forms, the best of them counts. Scores add over what a
passage holds: nothing here decides whether it matches.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..engines.query import DisMax, Node, Or, Term
from ..schema import FOLDED, FOLDED_MARK, FOLDED_PAIR, PAIR, SYLLABLE, TITLE
from ..vietnamese import canonical, fold
from .query.terms import QueryTerm, QueryTerms, pair_variants
from .query.words import QueryWord
from .statistics import TermStatistics
from .term_weights import DEFINITION_WEIGHT, context_weights, pair_weight, syllable_weight

PAIR_WEIGHT = 0.318
"""0.35 for BM25 without the factor k1 + 1, as it was chosen, is this with it (k1 1.0 and 1.2)."""
TITLE_WEIGHT = 0.25
"""Of a syllable in the report's title, which all passages of a report share."""
SAME_WEIGHT = 0.9
"""Of what only says the same: what an abbreviation stands for, or the abbreviation."""
MAX_GROUPS = 128
"""Most syllables and pairs that are scored: those that can give most."""
_USUAL_IDF = 4.0


@dataclass(slots=True)
class _Group:
    """Forms of one syllable or pair, of which the best counts: (field, token, boost)."""

    first: int
    last: int
    leaves: tuple[tuple[str, str, float], ...]
    most: float

    def node(self) -> Node:
        terms = [Term(field, token, boost) for field, token, boost in self.leaves]
        return terms[0] if len(terms) == 1 else DisMax(tuple(terms))


class ScoreBuilder:
    """Makes the scoring nodes of a stretch of plain words."""

    def __init__(self, statistics: TermStatistics, *, folded: bool) -> None:
        self.statistics = statistics
        self.folded = folded

    def nodes(self, places: QueryTerms, units: Sequence[QueryWord]) -> list[Node]:
        """What adds to the score of a passage, where it matches."""
        groups = sorted(self._groups(places.slots, units), key=lambda group: -group.most)[
            :MAX_GROUPS
        ]
        nodes: list[Node] = []
        for unit in units:
            if unit.others or unit.code is not None:
                inner = [
                    group
                    for group in groups
                    if unit.first <= group.first and group.last <= unit.last
                ]
                groups = [group for group in groups if group not in inner]
                nodes.append(self._same(unit, inner))
        nodes.extend(group.node() for group in groups)
        nodes.extend(self._titles(places.slots, units))
        return nodes

    def _groups(self, slots: Sequence[QueryTerm], units: Sequence[QueryWord]) -> list[_Group]:
        texts = [slot.folded if self.folded else slot.text for slot in slots]
        context, term_end = context_weights([slot.text for slot in slots], folded=self.folded)
        # In a word that counts, no syllable is a function word: tư in đầu tư, do in tự do.
        word_of = [-1] * len(slots)
        for number, unit in enumerate(units):
            if unit.counted:
                word_of[unit.first : unit.last] = [number] * len(unit)
        best: dict[tuple[str, ...], _Group] = {}

        def add(key: tuple[str, ...], group: _Group | None) -> None:
            # Every distinct syllable or pair counts once, however often the query repeats it.
            if group is not None and (key not in best or group.most > best[key].most):
                best[key] = group

        for at, slot in enumerate(slots):
            weight = 1.0 if word_of[at] >= 0 else syllable_weight(texts[at], folded=self.folded)
            leaves = [(form.field, form.token, form.weight) for form in slot.forms]
            add((texts[at],), self._group(at, at + 1, leaves, min(weight, context[at]), pair=False))
        for at in range(len(slots) - 1):
            if not slots[at + 1].joined:
                continue
            same_word = word_of[at] >= 0 and word_of[at] == word_of[at + 1]
            weight = 1.0 if same_word else pair_weight(texts[at], texts[at + 1], folded=self.folded)
            weight = min(weight, context[at], context[at + 1])
            leaves = pair_variants(slots[at], slots[at + 1], self.statistics)
            add((texts[at], texts[at + 1]), self._group(at, at + 2, leaves, weight, pair=True))
        if term_end is not None:
            is_ = fold(canonical("là")) if self.folded else canonical("là")
            field = FOLDED_PAIR if self.folded else PAIR
            leaves = [(field, f"{texts[term_end]} {is_}", 1.0)]
            group = self._group(term_end, term_end + 1, leaves, DEFINITION_WEIGHT, pair=True)
            add((texts[term_end], is_), group)
        return list(best.values())

    def _group(
        self,
        first: int,
        last: int,
        leaves: Sequence[tuple[str, str, float]],
        weight: float,
        *,
        pair: bool,
    ) -> _Group | None:
        """The forms that occur, with boosts; None where none does or all weigh nothing."""
        weighted = []
        most = 0.0
        for field, token, form_weight in leaves:
            if not weight or not self.statistics.doc_freq(field, token):
                continue
            idf = self.statistics.idf(field, token)
            boost = (
                weight * form_weight * (PAIR_WEIGHT * math.sqrt(idf / _USUAL_IDF) if pair else 1.0)
            )
            weighted.append((field, token, boost))
            most = max(most, boost * idf)
        return _Group(first, last, tuple(weighted), most) if weighted else None

    def _same(self, unit: QueryWord, inner: Sequence[_Group]) -> Node:
        """The best of the unit as typed and of what says the same.

        Both are given the same weight against each other, so that neither spelling ranks higher
        because its syllables are rarer.
        """
        choices: list[Node] = []
        most = sum(group.most for group in inner)
        if inner:
            choices.append(Or(tuple(group.node() for group in inner)))
        for tokens in (*unit.others, *(((unit.code,),) if unit.code is not None else ())):
            groups = self._token_groups([fold(token) if self.folded else token for token in tokens])
            own = sum(group.most for group in groups)
            if not groups or not own:
                continue
            factor = SAME_WEIGHT * (most / own if most else 1.0)
            choices.append(
                Or(
                    tuple(
                        Term(field, token, boost * factor)
                        for group in groups
                        for field, token, boost in group.leaves
                    )
                )
            )
        return choices[0] if len(choices) == 1 else DisMax(tuple(choices))

    def _token_groups(self, tokens: Sequence[str]) -> list[_Group]:
        syllable, pair = (FOLDED, FOLDED_PAIR) if self.folded else (SYLLABLE, PAIR)
        groups = [
            self._group(at, at + 1, [(syllable, token, 1.0)], 1.0, pair=False)
            for at, token in enumerate(tokens)
        ]
        groups += [
            self._group(at, at + 2, [(pair, f"{left} {right}", 1.0)], 1.0, pair=True)
            for at, (left, right) in enumerate(pairwise(tokens))
        ]
        # An abbreviation's long form counts as a whole or not at all.
        return [group for group in groups if group is not None] if all(groups) else []

    def _titles(self, slots: Sequence[QueryTerm], units: Sequence[QueryWord]) -> list[Node]:
        """What stands in the title of the report."""
        tokens: dict[str, None] = {}
        for unit in units:
            if unit.counted:
                for slot in slots[unit.first : unit.last]:
                    exact = slot.marked and not self.folded
                    tokens[slot.text if exact else FOLDED_MARK + slot.folded] = None
        if not self.statistics.doc_count(TITLE):
            return []
        self.statistics.load(TITLE, tokens)
        return [
            Term(TITLE, token, TITLE_WEIGHT)
            for token in tokens
            if self.statistics.doc_freq(TITLE, token)
        ]
