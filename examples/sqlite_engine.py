"""An engine over SQLite, as described in `docs/writing-an-engine.md`.

The tables hold postings and columns; search, facets, sorting and explanations come from
``tracuu.engines.scoring``. It passes the contract suite (``tests/contract/``). It is an example:
every posting is a row, so indexes are large and slow.
"""

from __future__ import annotations

import sqlite3
import threading
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from tracuu.engines.base import WriterBase
from tracuu.engines.document import Document, Schema, prepare
from tracuu.engines.engine import FieldStats, IntegrityProblem
from tracuu.engines.file_lock import WriteLock
from tracuu.engines.scoring.snapshot import SharedSnapshot, SharedState
from tracuu.engines.scoring.source import POSITION_BITS, KeywordColumn, NumberColumn, Postings
from tracuu.errors import (
    IndexBusy,
    IndexClosed,
    IndexDamaged,
    IndexExists,
    IndexNotFound,
    NotAnIndex,
    PassageError,
    StorageError,
    WriteFailed,
)

FILE, LOCK = "index.sqlite", "write.lock"
TABLES = """
CREATE TABLE commits (number INTEGER);
INSERT INTO commits VALUES (0);
CREATE TABLE documents (doc INTEGER PRIMARY KEY, key BLOB UNIQUE, stored BLOB);
CREATE TABLE postings (field TEXT, token BLOB, doc INTEGER, tf INTEGER, positions BLOB,
                       PRIMARY KEY (field, token, doc)) WITHOUT ROWID;
CREATE TABLE lengths (field TEXT, doc INTEGER, length INTEGER,
                      PRIMARY KEY (field, doc)) WITHOUT ROWID;
CREATE TABLE keywords (field TEXT, value BLOB, doc INTEGER, place INTEGER,
                       PRIMARY KEY (field, value, doc)) WITHOUT ROWID;
CREATE TABLE numbers (field TEXT, doc INTEGER, number INTEGER,
                      PRIMARY KEY (field, doc)) WITHOUT ROWID;
"""


def encode(text: str) -> bytes:
    """UTF-8, which sorts by code points; lone surrogates are kept."""
    return text.encode("utf-8", "surrogatepass")


def decode(data: bytes) -> str:
    """The inverse of :func:`encode`."""
    return data.decode("utf-8", "surrogatepass")


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Convert errors of SQLite to errors of the package."""
    try:
        yield
    except sqlite3.Error as error:
        raise IndexDamaged(folder, f"the index cannot be read ({error}); rebuild it") from error


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Convert errors of SQLite to errors of the package."""
    try:
        yield
    except sqlite3.Error as error:
        raise WriteFailed(folder, f"the index could not be written ({error})") from error


def connect(folder: Path) -> sqlite3.Connection:
    """A connection usable by all threads, with manual transactions."""
    return sqlite3.connect(folder / FILE, isolation_level=None, check_same_thread=False)


class SqliteSource:
    """One committed state, as a read transaction (a ``scoring.source.Source``)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._connection = connect(folder)
        try:
            self._rows("BEGIN")  # later commits are invisible from the first read on
            ((self.commit,),) = self._rows("SELECT number FROM commits")
            ((self.count,),) = self._rows("SELECT coalesce(max(doc) + 1, 0) FROM documents")
            self._docs = frozenset(doc for (doc,) in self._rows("SELECT doc FROM documents"))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the transaction."""
        self._connection.close()

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, reading(self._folder):
            return self._connection.execute(statement, values).fetchall()

    def live_docs(self) -> frozenset[int]:
        """Documents that are not deleted; their numbers need not be consecutive."""
        return self._docs

    def postings(self, name: str, token: str) -> Postings:
        """Documents, ascending, and the frequency of the token in each."""
        rows = self._rows(
            "SELECT doc, tf FROM postings WHERE field = ? AND token = ? ORDER BY doc",
            name, encode(token)
        )  # fmt: skip
        return Postings(array("I", [doc for doc, _ in rows]), array("I", [tf for _, tf in rows]))

    def positions(self, name: str, token: str) -> array[int]:
        """Document number << POSITION_BITS | position, ascending."""
        found = array("Q")
        for doc, packed in self._rows(
            "SELECT doc, positions FROM postings WHERE field = ? AND token = ? ORDER BY doc",
            name, encode(token)
        ):  # fmt: skip
            found.extend(doc << POSITION_BITS | position for position in array("I", packed))
        return found

    def doc_freqs(self, name: str, tokens: Sequence[str]) -> list[int]:
        """Document frequency of each token."""
        return [len(self.postings(name, token).docs) for token in tokens]

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of a text field."""
        return FieldStats.of(self.lengths(name))

    def lengths(self, name: str) -> array[int]:
        """The field's length by document number."""
        found = array("I", bytes(4 * self.count))
        for doc, length in self._rows("SELECT doc, length FROM lengths WHERE field = ?", name):
            found[doc] = length
        return found

    def vocabulary(self, name: str, prefix: str) -> Iterator[tuple[str, int]]:
        """Tokens in code-point order with document frequencies."""
        start = encode(prefix)
        for token, df in self._rows(
            "SELECT token, count(*) FROM postings WHERE field = ? AND token >= ? GROUP BY token",
            name, start
        ):  # fmt: skip
            if not token.startswith(start):
                return
            yield decode(token), df

    def keyword_docs(self, name: str, value: str) -> array[int]:
        """Documents that have the value, ascending."""
        statement = "SELECT doc FROM keywords WHERE field = ? AND value = ? ORDER BY doc"
        return array("I", [doc for (doc,) in self._rows(statement, name, encode(value))])

    def keyword_doc_freq(self, name: str, value: str) -> int:
        """The number of documents that have the value."""
        return len(self.keyword_docs(name, value))

    def keyword_column(self, name: str) -> KeywordColumn:
        """The values by document number."""
        values: dict[int, tuple[str, ...]] = {}
        for doc, value in self._rows(
            "SELECT doc, value FROM keywords WHERE field = ? ORDER BY doc, place", name
        ):
            values[doc] = (*values.get(doc, ()), decode(value))
        table: dict[tuple[str, ...], int] = {(): 0}
        entries = (values.get(doc, ()) for doc in range(self.count))
        ordinals = array("I", [table.setdefault(entry, len(table)) for entry in entries])
        return KeywordColumn(ordinals, list(table))

    def number_column(self, name: str) -> NumberColumn:
        """The number by document number."""
        numbers = dict(self._rows("SELECT doc, number FROM numbers WHERE field = ?", name))
        return NumberColumn.of(numbers.get(doc) for doc in range(self.count))

    def keys(self) -> Sequence[str]:
        """The key by document number."""
        keys = dict(self._rows("SELECT doc, key FROM documents"))
        return [decode(keys.get(doc, b"")) for doc in range(self.count)]

    def find(self, key: str) -> int | None:
        """The document number of a key."""
        rows = self._rows("SELECT doc FROM documents WHERE key = ?", encode(key))
        return rows[0][0] if rows else None

    def fetch(self, docs: Sequence[int]) -> list[tuple[str, str]]:
        """Key and stored text of each document."""
        query = "SELECT key, stored FROM documents WHERE doc = ?"
        return [
            (decode(key), decode(stored)) for doc in docs for key, stored in self._rows(query, doc)
        ]


class SqliteWriter(WriterBase):
    """One change: a write transaction. Deletions are applied at the end."""

    def __init__(self, folder: Path, schema: Schema, lock: WriteLock) -> None:
        super().__init__(folder)
        self._folder, self._schema, self._lock = folder, schema, lock
        self._connection = connect(folder)
        self._deleted: set[int] = set()
        self._first = 0  # the number of the first new document
        try:
            with writing(folder):
                self._connection.execute("BEGIN IMMEDIATE")
                (self._first,) = self._connection.execute(
                    "SELECT coalesce(max(doc) + 1, 0) FROM documents"
                ).fetchone()
        except BaseException:
            self.rollback()
            raise
        self._next = self._first

    def add(self, document: Document) -> None:
        """Add a document with a new key."""
        self._check()
        one, doc = prepare(document, self._schema), self._next
        with writing(self._folder):
            run = self._connection.execute
            there = run("SELECT doc FROM documents WHERE key = ?", (encode(one.key),)).fetchone()
            if there and there[0] not in self._deleted:
                raise PassageError(f"the index holds {one.key!r} already; delete it first")
            self._remove(there)
            run(
                "INSERT INTO documents VALUES (?, ?, ?)", (doc, encode(one.key), encode(one.stored))
            )
            for name, (tokens, positions) in one.tokens.items():
                where: dict[str, array[int]] = {}
                for token, position in zip(tokens, positions or (), strict=False):
                    where.setdefault(token, array("I")).append(position)
                run("INSERT INTO lengths VALUES (?, ?, ?)", (name, doc, len(tokens)))
                for token, tf in Counter(tokens).items():
                    packed = where.get(token, array("I")).tobytes()
                    run(
                        "INSERT INTO postings VALUES (?, ?, ?, ?, ?)",
                        (name, encode(token), doc, tf, packed),
                    )
            for name, values in one.keywords.items():
                for place, value in enumerate(values):
                    run(
                        "INSERT INTO keywords VALUES (?, ?, ?, ?)",
                        (name, encode(value), doc, place),
                    )
            for name, number in one.numbers.items():
                run("INSERT INTO numbers VALUES (?, ?, ?)", (name, doc, number))
        self._next += 1

    def delete(self, name: str, value: str) -> None:
        """Delete the committed documents with a keyword value; new ones stay."""
        self._check()
        if name not in self._schema.keywords:
            raise KeyError(name)
        statement = "SELECT doc FROM keywords WHERE field = ? AND value = ? AND doc < ?"
        with writing(self._folder):
            rows = self._connection.execute(statement, (name, encode(value), self._first))
            self._deleted.update(doc for (doc,) in rows)

    def _remove(self, docs: Sequence[int] | None) -> None:
        for doc in docs or ():
            for table in ("documents", "postings", "lengths", "keywords", "numbers"):
                self._connection.execute(f"DELETE FROM {table} WHERE doc = ?", (doc,))

    def commit(self) -> None:
        """Make the change durable and visible."""
        self._check()
        try:
            with writing(self._folder):
                self._remove(sorted(self._deleted))
                if self._deleted or self._next > self._first:
                    self._connection.execute("UPDATE commits SET number = number + 1")
                self._connection.execute("COMMIT")
        finally:
            self.rollback()

    def rollback(self) -> None:
        """Discard uncommitted changes."""
        self._done = True
        self._connection.close()
        self._lock.release()


class SqliteEngine:
    """Storage in one SQLite file; thread-safe."""

    name: ClassVar[str] = "sqlite"

    def __init__(self, folder: Path, schema: Schema) -> None:
        self._folder, self._schema = folder, schema
        self._lock = threading.Lock()
        self._closed = False
        self._current: tuple[int, SharedState] | None = None

    @classmethod
    def create(cls, folder: Path, schema: Schema) -> SqliteEngine:
        """Create an empty store in an empty folder."""
        _check_folder(folder)
        if any(folder.iterdir()):
            raise IndexExists(folder, "the folder is not empty; choose another, or empty it first")
        connection = connect(folder)
        try:
            with writing(folder):
                connection.execute("PRAGMA journal_mode = WAL")  # concurrent readers and one writer
                connection.executescript(TABLES)
        finally:
            connection.close()
        return cls(folder, schema)

    @classmethod
    def open(cls, folder: Path, schema: Schema) -> SqliteEngine:
        """Open the store in ``folder``."""
        _check_folder(folder)
        engine = cls(folder, schema)
        engine.snapshot().close()
        return engine

    @classmethod
    def integrity_check(cls, folder: Path, schema: Schema) -> Iterator[IntegrityProblem]:
        """SQLite's own check."""
        try:
            cls.open(folder, schema).close()
            connection = connect(folder)
            with reading(folder):
                found = connection.execute("PRAGMA integrity_check").fetchall()
            connection.close()
        except StorageError as error:
            yield IntegrityProblem(error.reason)
        else:
            yield from (IntegrityProblem(text) for (text,) in found if text != "ok")

    def snapshot(self) -> SharedSnapshot:
        """A snapshot of the last committed state; reused until the next commit."""
        with self._lock:
            self._check()
            if not (self._folder / FILE).is_file():
                raise _missing(self._folder)
            source = SqliteSource(self._folder)
            if self._current is not None and self._current[0] == source.commit:
                source.close()
            else:
                self._leave()
                shared = SharedState(source, self._schema, self._folder, source.close)
                shared.take()  # one reference is the engine's
                self._current = source.commit, shared
            return SharedSnapshot(self._current[1])

    def _leave(self) -> None:
        current, self._current = self._current, None
        if current is not None:
            current[1].leave()

    def _check(self) -> None:
        if self._closed:
            raise IndexClosed(self._folder, "the index was used after it had been closed")

    def writer(self, *, wait: float = 0.0) -> SqliteWriter:
        """The one writer."""
        self._check()
        lock = WriteLock(self._folder / LOCK)
        if not lock.acquire(wait):
            raise IndexBusy(self._folder, "another writer is at work; wait until it has finished")
        return SqliteWriter(self._folder, self._schema, lock)

    def close(self) -> None:
        """Close the files; snapshots taken before stay usable."""
        with self._lock:
            self._closed = True
            self._leave()


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        error = NotAnIndex if folder.exists() else IndexNotFound
        raise error(folder, "there is no folder of this name")


def _missing(folder: Path) -> StorageError:
    if folder.is_dir() and any(path.name != LOCK for path in folder.iterdir()):
        return NotAnIndex(folder, "the folder holds no index of the engine sqlite")
    return IndexNotFound(folder, "there is no index; create it first")
