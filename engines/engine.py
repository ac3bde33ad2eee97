"""The engine contract: store analysed documents and rank them.

An engine is independent of files, languages and query syntax. It takes documents whose fields are
lists of tokens, and queries that are trees of the classes in :mod:`.query`. Every engine returns
the same response to the same request; ``tests/contract/`` runs the same cases against each.

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
from typing import ClassVar, NamedTuple, Protocol, runtime_checkable

from .document import Document, Schema
from .query import Node, Phrase, Prefix, Request, Term


class ScoredDocument(NamedTuple):
    """A matching document: its key, its score, and its stored text."""

    key: str
    score: float
    stored: str


# Number of best matches whose scores are summed per facet value: engines that skip documents which
# cannot be among the best do not compute all scores.
FACET_SCORE_DEPTH = 64


class FacetCount(NamedTuple):  # made by the thousand, three times as fast as a dataclass
    """Number of matches with a keyword value, and a sum of scores.

    ``score`` sums over the best :data:`FACET_SCORE_DEPTH` matches by descending score, then
    ``tie_breakers``, then key, independent of the order of the hits.
    """

    matches: int
    score: float


@dataclass(frozen=True, slots=True)
class Response:
    """Hits, and counts over all matches.

    ``total`` is the number of all matches; ``facets`` maps field → value → :class:`FacetCount`.
    """

    total: int
    hits: tuple[ScoredDocument, ...]
    facets: Mapping[str, Mapping[str, FacetCount]] = field(default_factory=dict)


class TermExplanation(NamedTuple):
    """Score of one matching leaf in a document, with the values of the formula."""

    leaf: Term | Phrase | Prefix
    score: float
    tf: float
    idf: float
    length: float
    mean_length: float


class IntegrityProblem(NamedTuple):
    """A problem with an engine's files.

    ``what`` is the description, ``key`` the document concerned (or None); ``leftover`` marks
    superfluous but harmless files.
    """

    what: str
    key: str | None = None
    leftover: bool = False


@dataclass(frozen=True, slots=True)
class FieldStats:
    """Statistics of a text field: documents with a token, tokens, maximum length.

    ``max_length`` is an upper bound of document lengths, in tokens; 0 if the engine does not keep
    it.
    """

    doc_count: int
    total_terms: int
    max_length: int = field(default=0, compare=False)

    @classmethod
    def of(cls, lengths: array[int]) -> FieldStats:
        """The statistics of a field from its document lengths."""
        return cls(len(lengths) - lengths.count(0), sum(lengths), max(lengths, default=0))


class Snapshot(Protocol):
    """One committed state; later commits are not visible. Thread-safe."""

    @property
    def state(self) -> object:
        """The same object in all snapshots of one committed state."""

    def search(self, request: Request) -> Response:
        """Rank, count and fetch documents. Raises KeyError (unknown field)."""

    def explain(self, query: Node, key: str) -> tuple[TermExplanation, ...]:
        """Score of each matching leaf of ``query`` in the document ``key``, in order."""

    def get(self, key: str) -> str | None:
        """The stored text of the document ``key``, or None."""

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of the text field ``name``."""

    def doc_freqs(self, name: str, tokens: Sequence[str]) -> list[int]:
        """Document frequency of each token in the text field ``name``."""

    def vocabulary(self, name: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Tokens of a text field starting with ``prefix``, with document frequencies.

        In code-point order.

        The frequencies may include deleted documents until the engine next rewrites its files, and
        a :class:`Prefix` is expanded by them; :meth:`doc_freqs` and all scores exclude deleted
        documents.
        """

    def close(self) -> None:
        """Release the state; other snapshots of it stay usable."""

    def __enter__(self) -> Snapshot: ...

    def __exit__(self, *_: object) -> None: ...


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A stored document, found without postings.

    ``number`` identifies it in its scan. ``certain`` is false if the document may have been
    deleted.
    """

    key: str
    stored: str
    number: int = 0
    certain: bool = True


class StoredScan(Protocol):
    """A scan of all stored documents; close it afterwards."""

    def documents(self) -> Iterator[StoredDocument | None]:
        """The live documents; None for each that cannot be read."""

    def read(self, number: int) -> str | None:
        """The stored text of a document; None if it cannot be read."""

    def close(self) -> None:
        """Release the files."""


class Writer(Protocol):
    """One atomic change to the index.

    As a context manager it commits on a clean exit and rolls back on an exception.
    """

    def add(self, document: Document) -> None:
        """Add a document.

        Its key must not be in the index (delete it first with the same writer).

        Raises PassageError (an existing key, an invalid value), KeyError (a field missing from the
        schema); the document is then not added.
        """

    def delete(self, name: str, value: str) -> None:
        """Delete the committed documents with ``value`` in the keyword field ``name``.

        Documents added by the same writer are not affected.
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
    """Storage and ranking of documents.

    Instances come from the class methods ``create`` and ``open``.

    Every method raises errors of :mod:`tracuu.errors` only: IndexNotFound, IndexExists, NotAnIndex,
    IndexDamaged, IndexBusy, IndexClosed, WriteFailed.
    """

    name: ClassVar[str]

    @classmethod
    def create(cls, folder: Path, schema: Schema) -> Engine:
        """Create an empty store in ``folder``, which exists and is empty."""

    @classmethod
    def open(cls, folder: Path, schema: Schema) -> Engine:
        """Open the store created in ``folder`` with the same schema."""

    @classmethod
    def integrity_check(cls, folder: Path, schema: Schema) -> Iterator[IntegrityProblem]:
        """Read every byte of the store in ``folder`` and yield its problems.

        Damage is yielded, not raised.
        """

    def snapshot(self) -> Snapshot:
        """The last committed state. Cheap if nothing was committed since the last call."""

    def writer(self, *, wait: float = 0.0) -> Writer:
        """Open the only writer.

        Waits up to ``wait`` seconds for another writer to finish, then raises IndexBusy.
        """

    def close(self) -> None:
        """Close the files. Earlier snapshots stay usable until they are closed."""


@runtime_checkable
class Verifiable(Protocol):
    """An engine whose files can be read without its postings.

    Both are class methods. Copying an index calls ``verify`` first; a rebuild reads a damaged index
    by ``scan``.
    """

    def verify(self, folder: Path) -> None:
        """Compare the files in ``folder`` with their checksums. Raises IndexDamaged."""

    def scan(self, folder: Path, schema: Schema) -> StoredScan:
        """Scan the stored documents. Raises IndexDamaged."""


@runtime_checkable
class Remote(Protocol):
    """An engine whose data are on a server, shared by folders on several machines.

    Data it has created belong to it until it is closed, after the folder's manifest is written:
    others must not write to them, and may delete them if this process is killed.
    """

    origin: str  # unique id of the folder, recorded with the reports added through it

    def publish(self) -> None:
        """Replace the data that all folders use with the data created here, atomically."""

    def discard(self) -> None:
        """Delete data that were created and not published."""
