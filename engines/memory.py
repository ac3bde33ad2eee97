"""The reference engine: dictionaries in memory, one file of JSON lines on disk.

It defines the correct responses, for tests and small collections: a commit rewrites the whole file,
and every process reads all of it.
"""

from __future__ import annotations

import json
import os
import threading
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from ..errors import (
    IndexClosed,
    IndexDamaged,
    PassageError,
    StorageError,
    WriteFailed,
)
from .base import WriterBase, check_empty, missing_store
from .document import Document, Prepared, Schema, prepare
from .engine import FieldStats, IntegrityProblem
from .file_lock import WriteLock, writer_lock
from .scoring.snapshot import SharedSnapshot, SharedState
from .scoring.source import POSITION_BITS, DocumentColumns, Postings

_FILE = "documents.jsonl"
_LOCK = "write.lock"
_FORMAT = "tracuu memory index 1"


class MemorySource(DocumentColumns[Prepared]):
    """Live documents by number, and dictionaries over them."""

    def __init__(self, documents: Sequence[Prepared], schema: Schema) -> None:
        super().__init__(documents)
        self._schema = schema
        self._places: dict[str, dict[str, list[int]]] = {
            field.name: defaultdict(list) for field in schema.text if field.positions
        }
        self._postings: dict[str, dict[str, tuple[list[int], list[int]]]] = {
            field.name: defaultdict(lambda: ([], [])) for field in schema.text
        }
        self._numbers = {document.key: doc for doc, document in enumerate(documents)}
        for doc, document in enumerate(documents):
            for name, (tokens, positions) in document.tokens.items():
                for token, times in Counter(tokens).items():
                    docs, tfs = self._postings[name][token]
                    docs.append(doc)
                    tfs.append(times)
                for token, position in zip(tokens, positions or (), strict=False):
                    self._places[name][token].append(doc << POSITION_BITS | position)

    def postings(self, name: str, token: str) -> Postings:
        """The postings of a token of a text field."""
        docs, tfs = self._postings[name].get(token, ((), ()))
        return Postings(array("I", docs), array("I", tfs))

    def positions(self, name: str, token: str) -> array[int]:
        """Positions of the token: document number << POSITION_BITS | position."""
        return array("Q", self._places[name].get(token, ()))

    def doc_freqs(self, name: str, tokens: Sequence[str]) -> list[int]:
        """Document frequency of each token."""
        return [len(self.postings(name, token).docs) for token in tokens]

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of a text field."""
        return FieldStats.of(self.lengths(name))

    def lengths(self, name: str) -> array[int]:
        """Length of a text field in tokens, by document number."""
        return array("I", (len(document.tokens.get(name, ((),))[0]) for document in self.documents))

    def vocabulary(self, name: str, prefix: str) -> Iterator[tuple[str, int]]:
        """Tokens in code-point order with document frequencies."""
        postings = self._postings[name]
        for token in sorted(token for token in postings if token.startswith(prefix)):
            yield token, len(postings[token][0])

    def find(self, key: str) -> int | None:
        """The number of the document with this key."""
        return self._numbers.get(key)


class MemoryWriter(WriterBase):
    """One change: the documents after the commit."""

    def __init__(self, folder: Path, schema: Schema, lock: WriteLock) -> None:
        super().__init__(folder)
        self._folder = folder
        self._schema = schema
        self._lock = lock
        try:
            self._old = _read(folder)
        except BaseException:
            lock.release()
            raise
        self._kept = {document.key: document for document in self._old}
        self._added: dict[str, Prepared] = {}

    def add(self, document: Document) -> None:
        """Add a document. Raises PassageError (an existing key, an invalid value)."""
        self._check()
        prepared = prepare(document, self._schema)
        if prepared.key in self._kept or prepared.key in self._added:
            raise PassageError("the index holds {key!r} already; delete it first", key=prepared.key)
        self._added[prepared.key] = prepared

    def delete(self, name: str, value: str) -> None:
        """Delete the committed documents with ``value`` in the keyword field ``name``."""
        self._check()
        if name not in self._schema.keywords:
            raise KeyError(name)
        self._kept = {
            key: document
            for key, document in self._kept.items()
            if value not in document.keywords.get(name, ())
        }

    def commit(self) -> None:
        """Make the change durable and visible.

        Raises WriteFailed; the index is then unchanged.
        """
        self._check()
        try:
            if self._added or len(self._kept) < len(self._old):
                _write(self._folder, [*self._kept.values(), *self._added.values()])
        finally:
            self.rollback()

    def rollback(self) -> None:
        """Discard the change."""
        self._done = True
        self._lock.release()


class MemoryEngine:
    """Storage in memory, saved in a file. Thread-safe."""

    name: ClassVar[str] = "memory"

    def __init__(self, folder: Path, schema: Schema) -> None:
        self._folder = folder
        self._schema = schema
        self._lock = threading.Lock()
        self._closed = False
        self._current: tuple[tuple[int, int, int], SharedState] | None = None

    @classmethod
    def create(cls, folder: Path, schema: Schema) -> MemoryEngine:
        """Create an empty store in ``folder``, which exists and is empty."""
        check_empty(folder)
        _write(folder, ())
        return cls(folder, schema)

    @classmethod
    def open(cls, folder: Path, schema: Schema) -> MemoryEngine:
        """Open the store created in ``folder`` with the same schema."""
        engine = cls(folder, schema)
        engine.snapshot().close()
        return engine

    @classmethod
    def integrity_check(cls, folder: Path, schema: Schema) -> Iterator[IntegrityProblem]:
        """Problems of the store in ``folder``."""
        try:
            cls.open(folder, schema).close()
        except StorageError as error:
            yield IntegrityProblem(error.reason)

    def snapshot(self) -> SharedSnapshot:
        """The last committed state.

        Costs one file status if nothing was committed since the last call.
        """
        with self._lock:
            self._check()
            try:
                status = os.stat(self._folder / _FILE)
            except OSError as error:
                raise _missing(self._folder) from error
            mark = (status.st_mtime_ns, status.st_size, status.st_ino)
            if self._current is None or self._current[0] != mark:
                source = MemorySource(_read(self._folder), self._schema)
                self._current = (
                    mark,
                    SharedState(source, self._schema, self._folder, lambda: None),
                )
            return SharedSnapshot(self._current[1])

    def _check(self) -> None:
        if self._closed:
            raise IndexClosed(self._folder, "this index has been closed; open it again")

    def writer(self, *, wait: float = 0.0) -> MemoryWriter:
        """Open the only writer; raises IndexBusy after ``wait`` seconds."""
        self._check()
        lock = writer_lock(self._folder / _LOCK, wait)
        return MemoryWriter(self._folder, self._schema, lock)

    def close(self) -> None:
        """Close the engine. Earlier snapshots stay usable until they are closed."""
        with self._lock:
            self._closed = True
            self._current = None


def _missing(folder: Path) -> StorageError:
    return missing_store(folder, "memory", _LOCK)


def _write(folder: Path, documents: Iterable[Prepared]) -> None:
    lines = [json.dumps(_line(document)) for document in documents]
    body = "".join(f"{line}\n" for line in lines).encode("ascii")
    head = json.dumps({"format": _FORMAT, "documents": len(lines), "check": zlib.crc32(body)})
    temporary = folder / f"{_FILE}.new"
    try:
        with temporary.open("wb") as file:
            file.write(head.encode("ascii") + b"\n" + body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, folder / _FILE)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise WriteFailed(
            folder,
            "the index could not be written ({strerror}) and is unchanged; check the disk",
            strerror=error.strerror,
        ) from error


def _line(document: Prepared) -> list[Any]:
    tokens = {
        name: [list(words), None if positions is None else list(positions)]
        for name, (words, positions) in document.tokens.items()
    }
    return [document.key, tokens, document.keywords, document.numbers, document.stored]


def _read(folder: Path) -> list[Prepared]:
    try:
        head, _, body = (folder / _FILE).read_bytes().partition(b"\n")
        figures = json.loads(head)
        if figures["format"] != _FORMAT or figures["check"] != zlib.crc32(body):
            raise ValueError("the checksum is wrong")
        return [_document(*json.loads(line)) for line in body.splitlines()]
    except FileNotFoundError as error:
        raise _missing(folder) from error
    except Exception as error:  # the file may hold anything
        raise IndexDamaged(
            folder,
            "{file} cannot be read ({error}); rebuild the index",
            file=_FILE,
            error=error,
        ) from error


def _document(
    key: str, tokens: Any, keywords: Any, numbers: dict[str, int], stored: str
) -> Prepared:
    split = {
        name: (words, None if positions is None else array("I", positions))
        for name, (words, positions) in tokens.items()
    }
    return Prepared(
        key, split, {name: tuple(values) for name, values in keywords.items()}, numbers, stored
    )
