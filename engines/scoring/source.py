"""Input of the evaluator: postings, positions, lengths and columns.

Engines provide their data in this form, so that they share the code of ranking. Documents are
numbered from 0 to ``count - 1``; numbers of deleted documents are unused.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

from ..engine import FieldStats

# A posting position is one integer: document number << POSITION_BITS | position.
POSITION_BITS = 32


class Postings(NamedTuple):
    """Documents that contain a token, ascending, with its frequency in each.

    Deleted documents are excluded. ``None`` as frequencies means that all are 1.
    """

    docs: array[int]
    tfs: array[int] | None = None


@dataclass(frozen=True, slots=True)
class KeywordColumn:
    """Values of a keyword field: an index into ``table`` per document number.

    An entry of ``table`` is a tuple of values; entry 0 is ``()``.
    """

    ordinals: array[int]
    table: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """Values of a number field by document; ``given`` is 0 where it has none."""

    values: array[int]
    given: Sequence[int]

    @classmethod
    def of(cls, numbers: Iterable[int | None]) -> NumberColumn:
        """The column of these numbers."""
        listed = list(numbers)
        return cls(
            array("q", [number or 0 for number in listed]),
            bytes(number is not None for number in listed),
        )

    def __getitem__(self, doc: int) -> int | None:
        return self.values[doc] if self.given[doc] else None


class Source(Protocol):
    """One frozen state of an index. Thread-safe.

    Methods raise IndexDamaged for damaged data. The caller has checked field names.
    """

    @property
    def count(self) -> int:
        """One more than the highest document number."""

    def live_docs(self) -> Collection[int]:
        """Numbers of the documents that are not deleted, with fast membership tests."""

    def postings(self, name: str, token: str) -> Postings:
        """The postings of a token of a text field."""

    def positions(self, name: str, token: str) -> array[int]:
        """Ascending positions of a token: document number << POSITION_BITS | position."""

    def doc_freqs(self, name: str, tokens: Sequence[str]) -> list[int]:
        """Number of live documents that contain each token."""

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of a text field over live documents."""

    def lengths(self, name: str) -> array[int]:
        """Length of a text field in tokens, by number; undefined if deleted."""

    def vocabulary(self, name: str, prefix: str) -> Iterator[tuple[str, int]]:
        """Tokens in code-point order with document frequencies."""

    def keyword_docs(self, name: str, value: str) -> array[int]:
        """Live documents with a value in a keyword field, ascending."""

    def keyword_doc_freq(self, name: str, value: str) -> int:
        """Number of live documents with a value in a keyword field."""

    def keyword_column(self, name: str) -> KeywordColumn:
        """The values of a keyword field by document."""

    def number_column(self, name: str) -> NumberColumn:
        """The values of a number field by document."""

    def keys(self) -> Sequence[str]:
        """The keys by document; undefined for deleted documents."""

    def find(self, key: str) -> int | None:
        """The number of the live document with this key, or None."""

    def fetch(self, docs: Sequence[int]) -> list[tuple[str, str]]:
        """Key and stored text of each document, in the given order."""


class StoredColumns(Protocol):
    """A document in memory: its key, columns and stored text."""

    @property
    def key(self) -> str:
        """Its key."""

    @property
    def keywords(self) -> Mapping[str, Sequence[str]]:
        """Keyword field → values."""

    @property
    def numbers(self) -> Mapping[str, int]:
        """Number field → number."""

    @property
    def stored(self) -> str:
        """Its stored text."""


StoredDoc = TypeVar("StoredDoc", bound=StoredColumns)


class DocumentColumns(Generic[StoredDoc]):
    """Columns of a source whose documents are all live and in memory."""

    def __init__(self, documents: Sequence[StoredDoc]) -> None:
        self.documents = documents
        self.count = len(documents)

    def live_docs(self) -> Collection[int]:
        """The numbers of all documents."""
        return range(self.count)

    def keyword_docs(self, name: str, value: str) -> array[int]:
        """The documents that have the value in a keyword field."""
        values = (document.keywords.get(name, ()) for document in self.documents)
        return array("I", [doc for doc, known in enumerate(values) if value in known])

    def keyword_doc_freq(self, name: str, value: str) -> int:
        """The number of documents with the value."""
        return len(self.keyword_docs(name, value))

    def keyword_column(self, name: str) -> KeywordColumn:
        """The values of a keyword field by document."""
        numbering: dict[tuple[str, ...], int] = {(): 0}
        values = (tuple(document.keywords.get(name, ())) for document in self.documents)
        ordinals = array("I", [numbering.setdefault(value, len(numbering)) for value in values])
        return KeywordColumn(ordinals, list(numbering))

    def number_column(self, name: str) -> NumberColumn:
        """The values of a number field by document."""
        return NumberColumn.of(document.numbers.get(name) for document in self.documents)

    def keys(self) -> Sequence[str]:
        """The key by document."""
        return [document.key for document in self.documents]

    def find(self, key: str) -> int | None:
        """The number of the document with this key."""
        return next((doc for doc, known in enumerate(self.keys()) if known == key), None)

    def fetch(self, docs: Sequence[int]) -> list[tuple[str, str]]:
        """Key and stored text of each document, in the given order."""
        return [(self.documents[doc].key, self.documents[doc].stored) for doc in docs]


Kept = TypeVar("Kept")


class Cache(Generic[Kept]):
    """A least-recently-used cache of up to ``budget`` units of size.

    Thread-safe.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._used = 0
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()

    def get(self, key: Hashable) -> Kept | None:
        """The value cached under ``key``, or None."""
        entry = self._values.get(key)
        if entry is None:
            return None
        try:  # noqa: SIM105  # suppress() takes twenty times as long
            self._values.move_to_end(key)
        except KeyError:  # evicted by another thread
            pass
        return entry[0]

    def put(self, key: Hashable, value: Kept, size: int) -> None:
        """Cache ``value``, evicting the least recently used values if needed."""
        if size > self._budget:
            return
        with self._lock:
            old = self._values.pop(key, None)
            self._used += size - (old[1] if old else 0)
            self._values[key] = (value, size)
            while self._used > self._budget:
                _, (_, freed) = self._values.popitem(last=False)
                self._used -= freed
