"""What tracuu asks of an engine: to keep analysed documents and to rank them.

An engine knows nothing of files, languages or query syntax. It takes documents whose fields are
lists of tokens, and queries that are trees of the node classes below. Every engine gives the same
answer to the same request; ``tests/contract/`` runs the same cases against each.

**Scores.** A matching leaf gives ``boost * idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean))``
(Okapi BM25; Robertson & Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond*, 2009)
with ``idf = ln(1 + (N - df + 0.5) / (df + 0.5))``, which is never negative. ``N`` is the number of
documents that have at least one token in the field, ``mean`` their mean length in tokens, ``length``
the document's own (an engine may store lengths in one byte and so round them), ``k1`` and ``b`` the
field's. For a phrase ``tf`` is the number of places it stands at and ``idf`` the sum over its tokens.
Inner nodes add, take the greatest, or only filter, as each class says.
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
    """One document found: its key, its score, and what was stored with it."""

    key: str
    score: float
    stored: str


FACET_SCORE_DEPTH = 64
"""So many of the best matches share out their scores to the values of a facet. No engine made for speed can add
up the scores of all: it skips what cannot be among the best, and ranks only those exactly."""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many matching documents have a keyword value, and the sum of the scores of those among the best
    ``VOTERS`` matches, by falling score, then ``ties``, then key, whatever the order of the hits."""

    matches: int
    score: float


@dataclass(frozen=True, slots=True)
class Response:
    """``total`` counts all matches; ``facets`` maps field → value → :class:`FacetCount`, of every value found."""

    total: int
    hits: tuple[ScoredDocument, ...]
    facets: Mapping[str, Mapping[str, FacetCount]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TermExplanation:
    """What one matching leaf gave a document: the leaf and the figures of the formula above."""

    leaf: Term | Phrase | Prefix
    score: float
    tf: float
    idf: float
    length: float
    mean_length: float


@dataclass(frozen=True, slots=True)
class IntegrityProblem:
    """Something wrong with an engine's files: ``what`` in words, ``key`` the document it is about (or None);
    ``leftover`` for what only takes room."""

    what: str
    key: str | None = None
    leftover: bool = False


@dataclass(frozen=True, slots=True)
class FieldStats:
    """Statistics of a text field: documents with a token in it, their tokens, and a greatest length.

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
    """The index as it stood at one moment: later commits do not show. Safe to share by threads."""

    @property
    def state(self) -> object:
        """The same object in all snapshots of one committed state."""

    def search(self, request: Request) -> Response:
        """Rank, count and bring back. An unknown field is a programming error (KeyError)."""

    def explain(self, query: Node, key: str) -> tuple[TermExplanation, ...]:
        """What each matching leaf of ``query`` gave the document ``key``, in the query's order."""

    def get(self, key: str) -> str | None:
        """What was stored with the document ``key``, or None."""

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of the text field ``name``."""

    def doc_freqs(self, name: str, tokens: Sequence[str]) -> list[int]:
        """For each token the number of documents that hold it in the text field ``name``."""

    def vocabulary(self, name: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """The tokens of a text field that begin with ``prefix``, in code-point order, with their
        document frequencies.

        An engine may go on counting deleted documents here, and so choose a :class:`Prefix`'s terms by
        them, until it next rewrites its files; :meth:`doc_freqs` and all scores leave them out.
        """

    def close(self) -> None:
        """Let go of files. Other users of the same reader are not disturbed."""

    def __enter__(self) -> Snapshot: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Writer(Protocol):
    """One change to the index: all of it becomes visible at commit, or none.

    As a context manager it commits on a clean exit and rolls back on an exception.
    """

    def add(self, document: Document) -> None:
        """Add a document. Its key must not be in the index (delete it first in the same writer).

        Raises PassageError for a key that is, and for values that cannot be kept; KeyError for a field
        that the schema does not have. Either way nothing of the document is taken.
        """

    def delete(self, name: str, value: str) -> None:
        """Delete every committed document that has ``value`` in the keyword field ``name``.

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
    """Storage and ranking behind one interface; made by its class's ``create`` or ``open``.

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
        """Problems of the store in ``folder``, every byte of it read; raises nothing for damage."""

    def snapshot(self) -> Snapshot:
        """The last committed state. Cheap when nothing was committed since the last call."""

    def writer(self, *, wait: float = 0.0, jobs: int = 1) -> Writer:
        """The one writer; waits up to ``wait`` seconds for another to finish, then IndexBusy. ``jobs`` processes at
        the most may work at once on what it writes, if there is much."""

    def close(self) -> None:
        """Let go of files. Snapshots taken before stay usable until they are closed."""


@runtime_checkable
class Remote(Protocol):
    """What an engine has besides whose data lies elsewhere and is shared by folders on many machines."""

    origin: str
    """Which folder's files the reports added here come from: no other folder has this name."""

    def publish(self) -> None:
        """Put what this engine was created for in the place of what all the folders use now, at once."""

    def discard(self) -> None:
        """Remove what was created and not published."""
