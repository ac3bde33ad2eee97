"""Sort documents by several keys, and count them by value."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

import tantivy

from ..engine import FacetCount
from ..query import SortKey
from ..scoring.forward_index import Packed
from ..scoring.rerank import sort_key, votes
from . import storage as files
from .schema import is_plain, read_as, written_as
from .state import IndexState

_SORTED = 512  # up to this many documents are sorted in Python, more grouped by first key
BUCKETS = 65_000  # maximum values that tantivy counts in one aggregation
_PAGE = 10_000
ASIDE = 10_000  # matches from which counting in another thread pays off


class Lists:
    """Sorts and counts over one state of an index. Thread-safe."""

    def __init__(self, state: IndexState) -> None:
        self._state = state

    # --- order ---

    def page(
        self, query: tantivy.Query, orders: Sequence[SortKey], total: int, offset: int, limit: int
    ) -> list[Packed]:
        """Matches ``offset`` to ``offset + limit`` by ``orders``, then by key.

        Matches are counted by their first sort key, to skip whole groups before the page.
        """
        if limit <= 0 or offset >= total:
            return []
        if total <= _SORTED:
            documents = self._state.documents(query, total)
            documents.sort(key=sort_key(orders))
            return documents[offset : offset + limit]
        if not orders:
            return self._state.by_key(query, offset, limit)
        found: list[Packed] = []
        for group, count in self._groups(query, orders[0], total):
            if count <= offset:
                offset -= count
                continue
            found += self.page(group(), orders[1:], count, offset, limit - len(found))
            offset = 0
            if len(found) >= limit:
                break
        return found

    def _groups(
        self, query: tantivy.Query, order: SortKey, total: int
    ) -> Iterator[tuple[Callable[[], tantivy.Query], int]]:
        """For each value, in order: a query for its documents, and their number.

        Documents without a value come last.
        """
        numeric = order.field in self._state.schema.numbers
        field = f"n_{order.field}" if numeric else f"f_{order.field}"
        left = total
        for value, count in self._values(query, field, descending=order.descending):
            left -= count
            yield (lambda value=value: self._having(query, field, value, numeric=numeric)), count  # type: ignore[misc]
        if left > 0:
            yield (
                (lambda: _both(query, tantivy.Query.exists_query(field), tantivy.Occur.MustNot)),
                left,
            )

    def _having(
        self, query: tantivy.Query, field: str, value: Any, *, numeric: bool
    ) -> tantivy.Query:
        own = self._state.own
        if numeric:
            same = tantivy.Query.range_query(own, field, tantivy.FieldType.Integer, value, value)
        else:
            same = tantivy.Query.term_query(own, field, value, "basic")
        return _both(query, same, tantivy.Occur.Must)

    def _values(
        self, query: tantivy.Query, field: str, *, descending: bool = False
    ) -> Iterator[tuple[Any, int]]:
        """All values of a field among the matches, in order, with counts."""
        sources = [{"v": {"terms": {"field": field, "order": "desc" if descending else "asc"}}}]
        pages: dict[str, Any] = {"size": _PAGE, "sources": sources}
        while True:
            with files.reading(self._state.folder):
                found = self._state.searcher.aggregate(query, {"c": {"composite": pages}})["c"]
            yield from ((bucket["key"]["v"], bucket["doc_count"]) for bucket in found["buckets"])
            if len(found["buckets"]) < _PAGE:
                return
            pages["after"] = found["after_key"]

    # --- facets ---

    def counting(
        self, query: tantivy.Query, names: Sequence[str], about: int
    ) -> Callable[[], dict[str, Any]]:
        """Start counting matches by keyword; ``about`` is their estimated number.

        Pass the result to :meth:`facets`.
        """
        terms = {"size": BUCKETS, "segment_size": BUCKETS, "order": {"_key": "asc"}}
        aggregations = {
            name: {"terms": {"field": f"k_{name}", **terms}} for name in dict.fromkeys(names)
        }

        def count() -> dict[str, Any]:
            with files.reading(self._state.folder):
                return self._state.searcher.aggregate(query, aggregations)

        return Aside(count).result if about >= ASIDE else count

    def facets(
        self, query: tantivy.Query, found: dict[str, Any], voters: Sequence[tuple[Packed, float]]
    ) -> dict[str, dict[str, FacetCount]]:
        """Field → value → count of matches and sum of the voters' scores, sorted by value.

        ``found`` is the result of :meth:`counting`.
        """
        return {name: self._facet(query, name, counts, voters) for name, counts in found.items()}

    def _facet(
        self,
        query: tantivy.Query,
        name: str,
        found: dict[str, Any],
        voters: Sequence[tuple[Packed, float]],
    ) -> dict[str, FacetCount]:
        matches: dict[str, int] = {
            bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]
        }
        if found["sum_other_doc_count"]:
            matches = dict(self._values(query, f"k_{name}"))
        if not is_plain("".join(matches)):
            spelt = (
                (self._spelt(f"k_{name}", written), count) for written, count in matches.items()
            )
            matches = dict(sorted(spelt))
        counts = {value: _unvoted(count) for value, count in matches.items()}
        for value, votes_of in votes(voters, name).items():
            counts[value] = FacetCount(matches[value], votes_of.score)
        return counts

    def _spelt(self, field: str, written: str) -> str:
        """The value that is indexed as ``written``."""
        value = read_as(written)
        if value is not None:
            return value
        query = tantivy.Query.term_query(self._state.own, field, written, "basic")
        holders = self._state.documents(query, 1)
        values = (value for holder in holders for value in holder.keywords[field[2:]])
        return next(value for value in values if written_as(value) == written)


class Aside:
    """A result computed in another thread.

    tantivy releases the GIL meanwhile.
    """

    def __init__(self, work: Callable[[], dict[str, Any]]) -> None:
        self._work = work
        self._found: dict[str, Any] | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="tracuu-counting", daemon=True)
        with suppress(RuntimeError):  # no thread available: result() computes it
            self._thread.start()

    def _run(self) -> None:
        try:
            self._found = self._work()
        except BaseException as error:  # raised again by result()
            self._error = error

    def result(self) -> dict[str, Any]:
        """Wait for the result. Raises the error of the computation."""
        if self._thread.ident is None:
            return self._work()
        self._thread.join()
        if self._error is not None:
            raise self._error
        assert self._found is not None
        return self._found


@lru_cache(maxsize=4096)
def _unvoted(matches: int) -> FacetCount:
    return FacetCount(matches, 0.0)


def _both(query: tantivy.Query, other: tantivy.Query, occur: tantivy.Occur) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (occur, other)])
