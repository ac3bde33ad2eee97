"""The engine contract: storing analysed documents, and ranking them.

An engine knows nothing of files, languages or query syntax. It takes documents whose fields are
lists of tokens, and queries that are trees of the node classes below. Every engine gives the same
answer to the same request; ``tests/contract/`` runs the same cases against each.

**Scores.** A matching leaf gives ``boost * idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length /
mean))`` (Okapi BM25; Robertson & Zaragoza, *The Probabilistic Relevance Framework: BM25 and
Beyond*, 2009) with ``idf = ln(1 + (N - df + 0.5) / (df + 0.5))``, which is never negative. ``N`` is
the number of documents that have at least one token in the field, ``mean`` their mean length in
tokens, ``length`` the document's own (an engine may store lengths in one byte and so round them),
``k1`` and ``b`` the field's. For a phrase ``tf`` is the number of its occurrences and ``idf`` the
sum over its tokens. Inner nodes add, take the greatest, or only filter: see each class.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Protocol, runtime_checkable

from .document import Document, Schema
from .query import Node, Phrase, Prefix, Request, Term


@dataclass(frozen=True, slots=True)
class ScoredDocument:
    """A matching document: its key, its score, and its stored text."""

    key: str
    score: float
    stored: str


# Matches, best first, whose scores are summed by facet value. Engines that skip documents which
# cannot be among the best do not know the scores of all.
FACET_SCORE_DEPTH = 64


@dataclass(frozen=True, slots=True)
class FacetCount:
    """Matching documents that have a keyword value, and a sum of scores.

    ``score`` sums over the best :data:`FACET_SCORE_DEPTH` matches by falling score, then
    ``tie_breakers``, then key, whatever the order of the hits.
    """

    matches: int
    score: float


@dataclass(frozen=True, slots=True)
class Response:
    """``total`` counts all matches.

    ``facets`` maps field → value → :class:`FacetCount`.
    """

    total: int
    hits: tuple[ScoredDocument, ...]
    facets: Mapping[str, Mapping[str, FacetCount]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TermExplanation:
    """Score of one matching leaf in a document, with the values of the formula."""

    leaf: Term | Phrase | Prefix
    score: float
    tf: float
    idf: float
    length: float
    mean_length: float


@dataclass(frozen=True, slots=True)
class IntegrityProblem:
    """A problem with an engine's files.

    ``what`` describes it, ``key`` is the document concerned (or None); ``leftover`` marks files
    that only take space.
    """

    what: str
    key: str | None = None
    leftover: bool = False


@dataclass(frozen=True, slots=True)
class FieldStats:
    """Statistics of a text field: documents with a token, tokens, greatest length.

    ``max_length`` is not below the length of any document; 0 where an engine does not keep it.
    """

    doc_count: int
    total_terms: int
    max_length: int = field(default=0, compare=False)

    @classmethod
    def of(cls, lengths: array[int]) -> FieldStats:
        """The statistics of a field with these lengths."""
        return cls(len(lengths) - lengths.count(0), sum(lengths), max(lengths, default=0))


class Snapshot(Protocol):
    """One committed state: later commits do not show. Safe to share by threads."""

    @property
    def state(self) -> object:
        """The same object in all snapshots of one committed state."""

    def search(self, request: Request) -> Response:
        """Rank, count and fetch documents. Raises KeyError for an unknown field."""

    def explain(self, query: Node, key: str) -> tuple[TermExplanation, ...]:
        """Score of each matching leaf of ``query`` in the document ``key``, in order."""

    def get(self, key: str) -> str | None:
        """The stored text of the document ``key``, or None."""

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of the text field ``name``."""

    def doc_freqs(self, name: str, tokens: Sequence[str]) -> list[int]:
        """For each token the number of documents that hold it in the text field ``name``."""

    def vocabulary(self, name: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Tokens of a text field that begin with ``prefix``, with document frequencies.

        In code-point order.

        An engine may go on counting deleted documents here, and so choose a :class:`Prefix`'s terms
        by them, until it next rewrites its files; :meth:`doc_freqs` and all scores leave them out.
        """

    def close(self) -> None:
        """Release the state; other snapshots of it stay usable."""

    def __enter__(self) -> Snapshot: ...

    def __exit__(self, *_: object) -> None: ...


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it is stored, found without postings.

    ``number`` identifies it in its scan. ``certain`` is false where it is not known for certain
    that it was not deleted.
    """

    key: str
    stored: str
    number: int = 0
    certain: bool = True


class StoredScan(Protocol):
    """A pass over all stored documents; close it afterwards."""

    def documents(self) -> Iterator[StoredDocument | None]:
        """The living documents; None for each that cannot be read."""

    def read(self, number: int) -> str | None:
        """The stored text of a document; None where it cannot be read."""

    def close(self) -> None:
        """Release the files."""


class Writer(Protocol):
    """One change to the index: all of it becomes visible at commit, or none.

    As a context manager it commits on a clean exit and rolls back on an exception.
    """

    def add(self, document: Document) -> None:
        """Add a document.

        Its key must not be in the index (delete it first in the same writer).

        Raises PassageError for a key that is, and for values that cannot be kept; KeyError for a
        field that the schema does not have. Either way nothing of the document is taken.
        """

    def delete(self, name: str, value: str) -> None:
        """Delete the committed documents with ``value`` in the keyword field ``name``.

        Documents added by this same writer are not touched.
        """

    def commit(self) -> None:
        """Make the change durable and visible. Raises WriteFailed."""

    def rollback(self) -> None:
        """Leave the index as it was."""

    def __enter__(self) -> Writer: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Engine(Protocol):
    """Storage and ranking behind one interface.

    An object is made by its class's ``create`` or ``open``.

    Every method raises errors of :mod:`tracuu.errors` only: IndexNotFound, IndexExists, NotAnIndex,
    IndexDamaged, IndexBusy, IndexClosed, WriteFailed.
    """

    name: ClassVar[str]

    @classmethod
    def create(cls, folder: Path, schema: Schema) -> Engine:
        """A new empty store in ``folder``, which exists and is empty."""

    @classmethod
    def open(cls, folder: Path, schema: Schema) -> Engine:
        """The store that ``create`` made in ``folder`` with the same schema."""

    @classmethod
    def integrity_check(cls, folder: Path, schema: Schema) -> Iterator[IntegrityProblem]:
        """Problems of the store in ``folder``, every byte of it read.

        Raises nothing for damage.
        """

    def snapshot(self) -> Snapshot:
        """The last committed state. Cheap when nothing was committed since the last call."""

    def writer(self, *, wait: float = 0.0, jobs: int = 1) -> Writer:
        """The one writer.

        Waits up to ``wait`` seconds for another to finish, then raises IndexBusy. Large commits may
        use up to ``jobs`` processes.
        """

    def close(self) -> None:
        """Close the files. Snapshots taken before stay usable until they are closed."""


@runtime_checkable
class Verifiable(Protocol):
    """An engine whose files can be read without its postings.

    The methods are those of the class. Whatever copies an index calls ``verify`` first; a rebuild
    reads a damaged one by ``scan``.
    """

    def verify(self, folder: Path) -> None:
        """Compare what lies in ``folder`` with its checksums. Raises IndexDamaged."""

    def scan(self, folder: Path, schema: Schema) -> StoredScan:
        """A pass over the stored documents. Raises IndexDamaged."""


@runtime_checkable
class Remote(Protocol):
    """An engine whose data is remote and shared by folders on several machines.

    Data that it was the first to create are its own until it is closed, after the folder's manifest
    is written: others must not write to them, and may drop them if this process is killed.
    """

    origin: str
    """Identifies the folder whose files the reports added here come from; unique."""

    def publish(self) -> None:
        """Replace the data that all folders use with the data created here, atomically."""

    def discard(self) -> None:
        """Delete the data that was created and not published."""
