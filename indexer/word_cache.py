"""A cache of the word segmentation of paragraphs, beside the index.

Segmentation is the most expensive part of an analysis.

An SQLite file that maps the hash of a paragraph to the spans of its words, and also holds the
hashes of files without passages, so that they are not read again. It belongs to one fingerprint of
the analysis and is emptied when that changes, or when it has grown too large. It may be deleted at
any time; an unreadable file is ignored and replaced.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pathlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from ..vietnamese import Analyser, Analysis, fingerprint
from ..vietnamese.analysis import segmenter
from ..vietnamese.tokens import TokenColumns, columns_of

if TYPE_CHECKING:
    import sqlite3

LIMIT = 400_000  # paragraphs kept, about 80 bytes each

_SHORTEST = 20  # tokens; shorter paragraphs are segmented as fast as looked up
_HASH = 12  # bytes; two of 400 000 paragraphs collide once in 10^18 indexes
_CHECK = 4  # bytes of a CRC-32 at the end of each row
_FORM = 2  # raised when the format of rows changes
_TABLES = (
    "CREATE TABLE IF NOT EXISTS made_by (fingerprint TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS words (paragraph BLOB PRIMARY KEY, spans BLOB "
    "NOT NULL) WITHOUT ROWID",
)

Spans = tuple[tuple[int, int], ...]


class SegmentationCache:
    """Words of paragraphs.

    Not thread-safe; one process writes, others may read meanwhile.
    """

    def __init__(self, path: str | None) -> None:
        """Open the file at ``path``; empty if it is missing or unreadable."""
        self.path = path
        self._known = _opened(path) if path is not None and os.path.isfile(path) else None
        self._new: dict[bytes, bytes] = {}

    def find(self, key: bytes) -> Spans | None:
        """The words of the paragraph with this key, or None."""
        packed = self._new.get(key)
        if packed is None and self._known is not None:
            import sqlite3

            try:
                row = self._known.execute(
                    "SELECT spans FROM words WHERE paragraph = ?", (key,)
                ).fetchone()
            except sqlite3.Error:
                self.close()
                return None
            packed = _checked(key, row[0]) if row else None
        return _unpacked(packed) if packed is not None else None

    def learn(self, key: bytes, spans: Sequence[tuple[int, int]]) -> None:
        """Cache the words of a paragraph, if they fit the compact format."""
        if self.path is not None and (packed := _packed(spans)) is not None:
            self._new[key] = packed

    def take_new(self) -> list[tuple[bytes, bytes]]:
        """New entries since the last call, for :meth:`add` of another cache."""
        taken = list(self._new.items())
        self._new.clear()
        return taken

    def add(self, learnt: Iterable[tuple[bytes, bytes]]) -> None:
        """Add the entries of another cache."""
        self._new.update(learnt)

    def save(self) -> None:
        """Write the new words.

        Failures are ignored: they only cost time in the next run.
        """
        self.close()
        if self.path is None or not self._new:
            return
        try:
            import sqlite3
        except ImportError:  # a Python without it
            return
        learnt = self.take_new()
        for _ in range(2):
            try:
                _write(self.path, learnt)
                return
            # torn or not a database: deleted, then tried once more
            except sqlite3.DatabaseError:
                with contextlib.suppress(OSError):
                    os.remove(self.path)
            except (sqlite3.Error, OSError):
                return

    @staticmethod
    def is_sound(path: str) -> bool:
        """Whether each row of the file at ``path`` matches its checksum.

        True if there is no file.
        """
        if not os.path.isfile(path):
            return True
        connection = None
        try:
            import sqlite3

            connection = sqlite3.connect(f"{pathlib.Path(path).as_uri()}?mode=ro", uri=True)
            (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            made_by = connection.execute("SELECT fingerprint FROM made_by").fetchone()
            rows = connection.execute("SELECT paragraph, spans FROM words")
            if made_by is None or not str(made_by[0]).endswith(f";rows={_FORM}"):
                return bool(result == "ok")  # of another version: the next writer empties it
            return bool(result == "ok") and all(_checked(*row) is not None for row in rows)
        except ImportError:
            return True
        except (sqlite3.Error, OSError):
            return False
        finally:
            if connection is not None:
                connection.close()

    def close(self) -> None:
        """Close the file."""
        known, self._known = self._known, None
        if known is not None:
            known.close()

    def __enter__(self) -> SegmentationCache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def key_of(text: str) -> bytes:
    """The key of a text in the cache."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_HASH).digest()


class CachingAnalyser(Analyser):
    """An analyser that caches the words of paragraphs."""

    def __init__(self, words: SegmentationCache) -> None:
        self._words = words

    def analyse(self, text: str, *, words: bool = True) -> Analysis:
        """As :meth:`Analyser.analyse`."""
        if not words:
            return super().analyse(text, words=False)
        columns = columns_of(text)
        if len(columns.texts) < _SHORTEST:
            return super().analyse(text)
        return Analysis(columns, self._spans(text, columns))

    def _spans(self, text: str, columns: TokenColumns) -> Spans:
        key = key_of(text)
        spans = self._words.find(key)
        if spans is None or (spans and spans[-1][1] > len(columns.texts)):
            spans = tuple(segmenter().segment_columns(text, columns))
            self._words.learn(key, spans)
        return spans


def _sealed(key: bytes, packed: bytes) -> bytes:
    """The content of a row: the spans, and a checksum of key and spans."""
    return packed + zlib.crc32(key + packed).to_bytes(_CHECK, "little")


def _checked(key: object, row: object) -> bytes | None:
    """The spans in a row; None if the checksum is wrong."""
    if not isinstance(key, bytes) or not isinstance(row, bytes) or len(row) < _CHECK:
        return None
    packed = row[:-_CHECK]
    return packed if _sealed(key, packed) == row else None


def _made_by() -> str:
    """Versions of everything that the contents of the file depend on."""
    return f"{fingerprint()};rows={_FORM}"


def _packed(spans: Sequence[tuple[int, int]]) -> bytes | None:
    """Two bytes per word: distance from the previous word, and length."""
    steps, at = [], 0
    for first, last in spans:
        steps.append((first - at, last - first))
        at = last
    numbers = list(chain.from_iterable(steps))
    return bytes(numbers) if max(numbers, default=0) < 256 else None


def _unpacked(packed: bytes) -> Spans:
    return tuple(_walk(packed))


def _walk(packed: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    for gap, length in zip(packed[::2], packed[1::2], strict=False):
        yield at + gap, at + gap + length
        at += gap + length


def _opened(path: str) -> sqlite3.Connection | None:
    """Open a read-only connection, or return None.

    None if the file belongs to another analysis or cannot be read.
    """
    try:
        import sqlite3
    except ImportError:
        return None
    connection = None
    try:
        connection = sqlite3.connect(
            f"{pathlib.Path(path).as_uri()}?mode=ro", uri=True, check_same_thread=False
        )
        row = connection.execute("SELECT fingerprint FROM made_by").fetchone()
        if row == (_made_by(),):
            return connection
    except sqlite3.Error:
        pass
    if connection is not None:
        connection.close()
    return None


def _write(path: str, learnt: list[tuple[bytes, bytes]]) -> None:
    import sqlite3

    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")  # a file torn by a power cut is replaced
        connection.execute("BEGIN IMMEDIATE")
        for table in _TABLES:
            connection.execute(table)
        (count,) = connection.execute("SELECT count(*) FROM words").fetchone()
        same = connection.execute("SELECT fingerprint FROM made_by").fetchone() == (_made_by(),)
        if not same or count + len(learnt) > LIMIT:
            connection.execute("DELETE FROM words")
            connection.execute("DELETE FROM made_by")
            connection.execute("INSERT INTO made_by VALUES (?)", (_made_by(),))
        rows = ((key, _sealed(key, packed)) for key, packed in sorted(learnt)[:LIMIT])
        connection.executemany("INSERT OR REPLACE INTO words VALUES (?, ?)", rows)
        connection.execute("COMMIT")
