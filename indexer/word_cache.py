"""The words of paragraphs seen before, cached beside the index.

Finding them is the most expensive part of an analysis.

The file is SQLite's: for a paragraph's hash where its words lie; and the hashes of files without a
passage, so that they need not be read again to say so. It belongs to one fingerprint of the
analysis and is emptied when that changes, or when it has grown too large. Deleting it costs
time and nothing else; a file that cannot be read is ignored and made anew.
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

from ..vietnamese import Analyser, Analysis, Token, fingerprint, tokenise
from ..vietnamese.analysis import segmenter

if TYPE_CHECKING:
    import sqlite3

LIMIT = 400_000  # paragraphs kept, about 80 bytes each

_SHORTEST = 20  # tokens; shorter paragraphs are segmented as quickly as they are looked up
_HASH = 12  # bytes; two of 400 000 paragraphs collide once in 10^18 indexes
_CHECK = 4  # bytes of a CRC-32 at the end of each row
_FORM = 2  # raised when rows are written in another way
_TABLES = (
    "CREATE TABLE IF NOT EXISTS made_by (fingerprint TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS words (paragraph BLOB PRIMARY KEY, spans BLOB "
    "NOT NULL) WITHOUT ROWID",
)

Spans = tuple[tuple[int, int], ...]


class SegmentationCache:
    """Words by paragraph.

    Not to be shared by threads; one process writes, others may read meanwhile.
    """

    def __init__(self, path: str | None) -> None:
        """The words in the file at ``path``; none where it is missing or unreadable."""
        self.path = path
        self._known = _opened(path) if path is not None and os.path.isfile(path) else None
        self._new: dict[bytes, bytes] = {}

    def find(self, key: bytes) -> Spans | None:
        """The words of the paragraph with this key, if it was seen before."""
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
        """Remember the words of a paragraph, if they can be written shortly."""
        if self.path is not None and (packed := _packed(spans)) is not None:
            self._new[key] = packed

    def take_new(self) -> list[tuple[bytes, bytes]]:
        """Words found since the last call, for :meth:`add` of another cache."""
        taken = list(self._new.items())
        self._new.clear()
        return taken

    def add(self, learnt: Iterable[tuple[bytes, bytes]]) -> None:
        """Take what another has learnt."""
        self._new.update(learnt)

    def save(self) -> None:
        """Write the new words.

        Failures are ignored: they cost no more than time in the next run.
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
            # torn, or no database at all: the second time there is none
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
    """An analyser that looks a paragraph's words up before it looks for them."""

    def __init__(self, words: SegmentationCache) -> None:
        self._words = words

    def analyse(self, text: str, *, words: bool = True) -> Analysis:
        """As :meth:`Analyser.analyse`."""
        if not words:
            return super().analyse(text, words=False)
        tokens = tokenise(text)
        if len(tokens) < _SHORTEST:
            return super().analyse(text)
        return Analysis(tuple(tokens), self._spans(text, tokens))

    def _spans(self, text: str, tokens: list[Token]) -> Spans:
        key = key_of(text)
        spans = self._words.find(key)
        if spans is None or (spans and spans[-1][1] > len(tokens)):
            spans = tuple(segmenter().segment(text, tokens))
            self._words.learn(key, spans)
        return spans


def _sealed(key: bytes, packed: bytes) -> bytes:
    """What a row holds: the spans and a checksum of key and spans."""
    return packed + zlib.crc32(key + packed).to_bytes(_CHECK, "little")


def _checked(key: object, row: object) -> bytes | None:
    """The spans in a row; None for a wrong checksum."""
    if not isinstance(key, bytes) or not isinstance(row, bytes) or len(row) < _CHECK:
        return None
    packed = row[:-_CHECK]
    return packed if _sealed(key, packed) == row else None


def _made_by() -> str:
    """Versions of everything the contents of the file depend on."""
    return f"{fingerprint()};rows={_FORM}"


def _packed(spans: Sequence[tuple[int, int]]) -> bytes | None:
    """Two bytes a word: how far it begins behind the one before, and how long it is."""
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
    """A read-only connection, or None.

    None where the file is of another analysis, or cannot be read.
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
        connection.execute("PRAGMA synchronous = OFF")  # torn by a power cut, it is made anew
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
