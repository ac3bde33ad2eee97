"""Sort the top documents, and count all matches by keyword."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from ..document import Schema
from ..engine import FacetCount
from ..query import SortKey
from .bm25 import DocScores
from .source import KeywordColumn, Source

_MISSING = 1 << 80  # above every number and rank: documents without a value come last
_COMBINE = 8  # facets are counted together if matches are an eighth of the index

Getter = Callable[[int], Any]


class TopDocsCollector:
    """Sorting and facets over one source; caches values computed from columns.

    Thread-safe.
    """

    def __init__(self, source: Source, schema: Schema) -> None:
        self._source = source
        self._schema = schema
        self._ranks: dict[str, list[int]] = {}
        self._requested: set[tuple[str, ...]] = set()
        self._combined: dict[tuple[str, ...], tuple[list[int], list[tuple[int, ...]]]] = {}

    # --- order ---

    def best(
        self, matches: DocScores, tie_breakers: Sequence[SortKey], first: int
    ) -> list[tuple[int, float]]:
        """The first ``first`` documents by descending score, with scores."""
        docs, scores = matches
        if first <= 0 or not docs:
            return []
        if len(docs) > first:
            least = (
                heapq.nlargest(first, scores)[-1]
                if first * 8 < len(docs)
                else sorted(scores)[-first]
            )
            pairs = [
                (doc, score) for doc, score in zip(docs, scores, strict=True) if score >= least
            ]
        else:
            pairs = list(zip(docs, scores, strict=True))
        pairs.sort(key=itemgetter(1), reverse=True)
        ranked: list[tuple[int, float]] = []
        for score, group in groupby(pairs, itemgetter(1)):
            equal = [doc for doc, _ in group]
            if len(equal) > 1:
                equal = self.ordered(equal, tie_breakers, first - len(ranked))
            ranked.extend((doc, score) for doc in equal)
            if len(ranked) >= first:
                break
        return ranked[:first]

    def ordered(self, docs: Collection[int], orders: Sequence[SortKey], first: int) -> list[int]:
        """The first of ``docs`` by each order, then by key.

        Further columns are read for ties only.
        """
        if len(docs) <= 1 or first <= 0:
            return list(docs)[: max(first, 0)]
        getter = self._by(orders[0]) if orders else self._source.keys().__getitem__
        pairs = list(zip(map(getter, docs), docs, strict=True))
        if len(pairs) > first:
            keys = [key for key, _ in pairs]
            last = (
                heapq.nsmallest(first, keys)[-1]
                if first * 8 < len(keys)
                else sorted(keys)[first - 1]
            )
            pairs = [pair for pair in pairs if pair[0] <= last]
        pairs.sort(key=itemgetter(0))
        chosen: list[int] = []
        for _, group in groupby(pairs, itemgetter(0)):
            equal = [doc for _, doc in group]
            if len(equal) > 1 and orders:
                equal = self.ordered(equal, orders[1:], first - len(chosen))
            chosen.extend(equal)
            if len(chosen) >= first:
                break
        return chosen[:first]

    def _by(self, order: SortKey) -> Getter:
        sign = -1 if order.descending else 1
        if order.field in self._schema.numbers:
            numbers = self._source.number_column(order.field)
            known, given = numbers.values, numbers.given
            return lambda doc: sign * known[doc] if given[doc] else _MISSING
        column = self._source.keyword_column(order.field)
        ranks, ordinals = self._keyword_ranks(order.field, column), column.ordinals
        return lambda doc: sign * ranks[ordinals[doc]] if ordinals[doc] else _MISSING

    def _keyword_ranks(self, name: str, column: KeywordColumn) -> list[int]:
        """Rank of each table entry's first value among all first values."""
        known = self._ranks.get(name)
        if known is None:
            firsts = [values[0] if values else "" for values in column.table]
            rank = {value: at for at, value in enumerate(sorted(set(firsts)))}
            known = self._ranks[name] = [rank[value] for value in firsts]
        return known

    # --- facets ---

    def facets(
        self, docs: Collection[int], voters: Sequence[tuple[int, float]], names: Sequence[str]
    ) -> dict[str, dict[str, FacetCount]]:
        """Field → value → number of matches, and sum of the voters' scores."""
        names = tuple(dict.fromkeys(names))
        if not docs:
            return {name: {} for name in names}
        columns = {name: self._source.keyword_column(name) for name in names}
        combine = len(names) > 1 and len(docs) * _COMBINE >= self._source.count
        if combine and names not in self._requested:
            self._requested.add(names)
            combine = False  # worthwhile from the second call on
        if not combine:
            counts: Mapping[str, Mapping[int, int]] = {
                name: Counter(map(columns[name].ordinals.__getitem__, docs)) for name in names
            }
        else:
            counts = self._count_together(names, docs)
        return {name: _spell(column, counts[name], voters) for name, column in columns.items()}

    def all_facets(self, names: Sequence[str]) -> dict[str, dict[str, FacetCount]]:
        """As :meth:`facets` for all live documents, without scores."""
        tables = {name: self._source.keyword_column(name).table for name in names}
        found = {}
        for name, table in tables.items():
            values = sorted({value for values in table for value in values})
            sizes = ((value, self._source.keyword_doc_freq(name, value)) for value in values)
            found[name] = {value: FacetCount(size, 0.0) for value, size in sizes if size}
        return found

    def _count_together(
        self, names: tuple[str, ...], docs: Collection[int]
    ) -> Mapping[str, Mapping[int, int]]:
        """Count all fields in one pass: combinations of values, then each value."""
        if names not in self._combined:
            ordinals = [self._source.keyword_column(name).ordinals for name in names]
            numbering: dict[tuple[int, ...], int] = {}
            combined = [
                numbering.setdefault(entry, len(numbering)) for entry in zip(*ordinals, strict=True)
            ]
            self._combined[names] = (combined, list(numbering))
        combined, entries = self._combined[names]
        counts = Counter(map(combined.__getitem__, docs))
        rows = [(entries[entry], times) for entry, times in counts.items()]
        found: dict[str, dict[int, int]] = {}
        for at, name in enumerate(names):
            sums: dict[int, int] = {}
            for entry, times in rows:
                ordinal = entry[at]
                sums[ordinal] = sums.get(ordinal, 0) + times
            found[name] = sums
        return found


def _spell(
    column: KeywordColumn, counts: Mapping[int, int], voters: Iterable[tuple[int, float]]
) -> dict[str, FacetCount]:
    """Convert ordinals to values; a document counts for each of its values.

    Sorted by value.
    """
    matches: dict[str, int] = {}
    for ordinal, times in counts.items():
        for value in column.table[ordinal]:
            matches[value] = matches.get(value, 0) + times
    totals = dict.fromkeys(matches, 0.0)
    for doc, score in voters:
        for value in column.table[column.ordinals[doc]]:
            totals[value] += score
    return {value: FacetCount(matches[value], totals[value]) for value in sorted(matches)}
