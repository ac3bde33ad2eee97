"""Vectors of passages for semantic search, in ``vectors.sqlite``.

Computed on demand only.

A row holds a passage's id, the hash of the embedded text, and the vector in int8. Rows whose text
has changed are computed again; those of deleted passages are removed. The file may be deleted:
searches then rank by words only.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Any

from ..engines.engine import Snapshot
from ..errors import EmbedderFailed, IndexDamaged, WriteFailed
from ..records import passages_of, read_records
from ..search import Results, Searcher, search_by_meaning
from ..search.embedder import Embedder, failures_of, named
from ..search.vectors import PassageVector, embedded_text
from .directory import IndexDirectory

FILE = "vectors.sqlite"
_BATCH = 64  # passages per call of the embedder, and per commit
_MOST_PARAMETERS = 500
_TABLES = """
create table if not exists made_by (name text not null, dimensions integer not null);
create table if not exists vector (
    passage text primary key, text blob not null, scale real not null, data blob not null
) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Embedded:
    """Progress of embedding: ``done`` of ``total`` passages have a vector.

    ``made`` vectors are new.
    """

    done: int
    total: int
    made: int


class StoredVectors:
    """The vectors of one index, for searches. Thread-safe."""

    def __init__(self, directory: IndexDirectory) -> None:
        self._directory = directory

    @property
    def name(self) -> str:
        """Name of the embedder; empty without vectors. Raises IndexDamaged."""
        if not (self._directory.folder / FILE).is_file():
            return ""
        with _reading(self._directory) as connection:
            row = connection.execute("select name from made_by").fetchone()
        return row[0] if row else ""

    def of(self, passages: Iterable[str]) -> dict[str, PassageVector]:
        """Vectors of these passages, omitting missing ones. Raises IndexDamaged."""
        found: dict[str, PassageVector] = {}
        names = iter(list(passages))
        with _reading(self._directory) as connection:
            while batch := list(islice(names, _MOST_PARAMETERS)):
                marks = ",".join("?" * len(batch))
                rows = connection.execute(
                    f"select passage, data, scale from vector where passage in ({marks})",
                    batch,
                )
                found.update((name, _vector(data, scale)) for name, data, scale in rows)
        return found

    def all(self) -> Iterator[tuple[str, PassageVector]]:
        """All passage ids with their vectors. Raises IndexDamaged."""
        with _reading(self._directory) as connection:
            rows = connection.execute("select passage, data, scale from vector").fetchall()
        for name, data, scale in rows:
            yield name, _vector(data, scale)


def search_in(
    directory: IndexDirectory,
    embedder: Embedder | None,
    searcher: Searcher,
    query: str,
    options: dict[str, Any],
) -> Results:
    """Run a semantic search.

    Raises OptionError (no embedder), and the errors of ``Index.search``.
    """
    return search_by_meaning(searcher, StoredVectors(directory), embedder, query, **options)


def embed(
    directory: IndexDirectory, snapshot: Snapshot, embedder: Embedder | None
) -> Iterator[Embedded]:
    """Compute the missing vectors.

    Yields one Embedded per batch; each batch is saved at once.

    Vectors of another embedder are removed first. Raises EmbedderFailed (saved batches stay),
    WriteFailed, OptionError (no embedder).
    """
    embedder = named(embedder)
    with _writing(directory) as connection:
        _begin(connection, embedder)
        known: dict[str, bytes] = dict(connection.execute("select passage, text from vector"))
        wanted: list[tuple[str, bytes, str]] = []
        names: set[str] = set()
        for record in read_records(snapshot):
            for passage in passages_of(snapshot, record.report.id):
                names.add(passage.id)
                text = embedded_text(passage)
                mark = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
                if known.get(passage.id) != mark:
                    wanted.append((passage.id, mark, text))
        gone = [(name,) for name in known if name not in names]
        with connection:
            connection.executemany("delete from vector where passage = ?", gone)
        ready = len(names) - len(wanted)
        yield Embedded(ready, len(names), 0)
        for at in range(0, len(wanted), _BATCH):
            batch = wanted[at : at + _BATCH]
            vectors = _made(embedder, [text for *_, text in batch])
            with connection:
                connection.executemany(
                    "insert or replace into vector values (?, ?, ?, ?)",
                    [
                        (name, mark, vector.scale, vector.values.tobytes())
                        for (name, mark, _), vector in zip(batch, vectors, strict=True)
                    ],
                )
            made = at + len(batch)
            yield Embedded(ready + made, len(names), made)


def _begin(connection: sqlite3.Connection, embedder: Embedder) -> None:
    made_by = connection.execute("select name, dimensions from made_by").fetchone()
    try:
        wanted = (embedder.name, embedder.dimensions)
    except EmbedderFailed:
        raise
    except Exception as error:  # code of the application
        raise EmbedderFailed("the embedder failed: {error!r}", error=error) from error
    if made_by != wanted:
        with connection:
            connection.execute("delete from vector")
            connection.execute("delete from made_by")
            connection.execute("insert into made_by values (?, ?)", wanted)


def _made(embedder: Embedder, texts: Sequence[str]) -> list[PassageVector]:
    with failures_of(embedder):
        vectors = [list(map(float, numbers)) for numbers in embedder.passages(texts)]
        sizes = {len(numbers) for numbers in vectors}
        if len(vectors) != len(texts) or sizes != {embedder.dimensions}:
            raise EmbedderFailed(
                "the embedder {name} gave {vectors} vectors of {sizes} numbers for {texts} "
                "texts; its vectors have {dimensions}",
                name=embedder.name,
                vectors=len(vectors),
                sizes=sorted(sizes),
                texts=len(texts),
                dimensions=embedder.dimensions,
            )
        return [PassageVector.of(numbers) for numbers in vectors]


def _vector(data: bytes, scale: float) -> PassageVector:
    values = array("b")
    values.frombytes(data)
    return PassageVector(values, scale)


@contextmanager
def _reading(directory: IndexDirectory) -> Iterator[sqlite3.Connection]:
    """Open the file for reading. Raises IndexDamaged."""
    try:
        with closing(sqlite3.connect(directory.folder / FILE)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise IndexDamaged(
            directory.folder,
            "{file} cannot be read ({error}); remove it and create it again",
            file=FILE,
            error=error,
        ) from error


@contextmanager
def _writing(directory: IndexDirectory) -> Iterator[sqlite3.Connection]:
    """Open the file for writing, creating it if missing. Raises WriteFailed."""
    try:
        with closing(sqlite3.connect(directory.folder / FILE)) as connection:
            connection.executescript(_TABLES)
            yield connection
    except (sqlite3.Error, OSError) as error:
        raise WriteFailed(
            directory.folder, "{file} cannot be written: {error}", file=FILE, error=error
        ) from error
