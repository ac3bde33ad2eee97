"""Sort the top documents, and count all matches by keyword."""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from ..document import Schema
from ..engine import FacetCount
from ..query import SortKey
from .bm25 import DocScores
from .source import KeywordColumn, Source

_MISSING = 1 << 80  # above every number and rank: documents without a value come last
_FEW_VALUES = 256  # combinations of columns that are always counted together
_MORE_VALUES = 1.25  # or this many times the values of the largest of them
_SAMPLED = 8  # one document in so many

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
        self._joint: dict[tuple[str, ...], list[_JointColumn]] = {}

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
        if len({score for _, score in pairs}) == len(pairs):
            return pairs[:first]
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
        # a column whose table has one entry has no values
        columns = {name: column for name, column in columns.items() if len(column.table) > 1}
        counts: dict[str, Mapping[int, int]] = {}
        if names in self._requested and len(columns) > 1:
            if names not in self._joint:
                self._joint[names] = _join(columns)
            for joint in self._joint[names]:
                counts |= joint.count(docs)
        else:  # joining is worthwhile from the second call on
            self._requested.add(names)
            for name, column in columns.items():
                counts[name] = Counter(map(column.ordinals.__getitem__, docs))
        return {
            name: _spell(columns[name], counts[name], voters) if name in columns else {}
            for name in names
        }

    def all_facets(self, names: Sequence[str]) -> dict[str, dict[str, FacetCount]]:
        """As :meth:`facets` for all live documents, without scores."""
        tables = {name: self._source.keyword_column(name).table for name in names}
        found = {}
        for name, table in tables.items():
            values = sorted({value for values in table for value in values})
            sizes = ((value, self._source.keyword_doc_freq(name, value)) for value in values)
            found[name] = {value: FacetCount(size, 0.0) for value, size in sizes if size}
        return found


@dataclass(frozen=True, slots=True)
class _JointColumn:
    """Columns that are counted together.

    ``ordinals`` are indices into ``entries``, which are the ordinals of each column.
    """

    names: tuple[str, ...]
    ordinals: array[int]
    entries: list[tuple[int, ...]]

    def joins(self, column: KeywordColumn) -> bool:
        """Whether one more column gives few combinations, in a sample of documents."""
        ordinals = self.ordinals[::_SAMPLED], column.ordinals[::_SAMPLED]
        combinations = len(set(zip(*ordinals, strict=True)))
        return combinations <= max(_FEW_VALUES, _MORE_VALUES * len(self.entries))

    def with_column(self, name: str, column: KeywordColumn) -> _JointColumn:
        """With one more column."""
        size = len(column.table)
        codes = list(map(int.__add__, map(size.__mul__, self.ordinals), column.ordinals))
        numbering = {code: at for at, code in enumerate(dict.fromkeys(codes))}
        return _JointColumn(
            (*self.names, name),
            array("I", map(numbering.__getitem__, codes)),
            [(*self.entries[code // size], code % size) for code in numbering],
        )

    def count(self, docs: Collection[int]) -> dict[str, Mapping[int, int]]:
        """Name → ordinal → number of ``docs``."""
        counts = Counter(map(self.ordinals.__getitem__, docs))
        if len(self.names) == 1:
            return {self.names[0]: counts}
        rows = [(self.entries[entry], times) for entry, times in counts.items()]
        found: dict[str, Mapping[int, int]] = {}
        for at, name in enumerate(self.names):
            sums: dict[int, int] = {}
            for entry, times in rows:
                ordinal = entry[at]
                sums[ordinal] = sums.get(ordinal, 0) + times
            found[name] = sums
        return found


def _join(columns: Mapping[str, KeywordColumn]) -> list[_JointColumn]:
    """Join columns that have few combinations, such as a report and its issuing body."""
    groups: list[_JointColumn] = []
    for name, column in sorted(columns.items(), key=lambda item: -len(item[1].table)):
        for at, group in enumerate(groups):
            if group.joins(column):
                groups[at] = group.with_column(name, column)
                break
        else:
            entries: list[tuple[int, ...]] = [(ordinal,) for ordinal in range(len(column.table))]
            groups.append(_JointColumn((name,), column.ordinals, entries))
    return groups


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
