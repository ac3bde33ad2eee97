"""New documents on their way into a segment: inverted in memory, spilt to disk when they grow too many.

Whoosh's own pool takes a tuple for each posting, sorts them, and writes them one by one: some 4 µs each.
Here a token's postings are one array to which each occurrence adds the document's number, and a segment's
terms are written whole.
"""

from __future__ import annotations

import pickle
import sys
import tempfile
from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from pathlib import Path
from typing import IO

from . import _whoosh_blobs as blobs
from ._documents import Prepared
from ._whoosh_blobs import TermData, encode, narrowest
from ._whoosh_read import GIVEN, KEYS, KEYWORD, LENGTHS, NUMBERS, TABLE, TEXT, VALUES
from .contract import Schema

SPILL_AT = 6_000_000
"""Occurrences of tokens kept in memory, at about 10 bytes each."""

Item = tuple[bytes, TermData]
_CHUNK = 2000
_PLACE_BITS = 32  # an occurrence that has a place is one number: the document's, and behind it the place
_PLACE = (1 << _PLACE_BITS) - 1
_run_through = deque[None](maxlen=0).extend


class Columns:
    """What is kept of each document of a new segment, in order of their numbers."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self.keys: list[str] = []
        self._lengths: dict[str, array[int]] = {field.name: array("I") for field in schema.text}
        self._numbers: dict[str, array[int]] = {name: array("q") for name in schema.numbers}
        self._given = {name: bytearray() for name in schema.numbers}
        self._tables: dict[str, dict[tuple[str, ...], int]] = {name: {(): 0} for name in schema.keywords}
        self._ordinals: dict[str, array[int]] = {name: array("I") for name in schema.keywords}

    def add(self, document: Prepared) -> None:
        """Take a document's columns."""
        self.keys.append(document.key)
        for name, lengths in self._lengths.items():
            entry = document.tokens.get(name)
            lengths.append(len(entry[0]) if entry else 0)
        self._add_values(document.keywords, document.numbers)

    def copy(self, key: str, lengths: dict[str, int], keywords: dict[str, tuple[str, ...]],
             numbers: dict[str, int]) -> None:  # fmt: skip
        """Take a document's columns from an older segment."""
        self.keys.append(key)
        for name, own in self._lengths.items():
            own.append(lengths[name])
        self._add_values(keywords, numbers)

    def _add_values(self, keywords: Mapping[str, tuple[str, ...]], numbers: Mapping[str, int]) -> None:
        for name, table in self._tables.items():
            self._ordinals[name].append(table.setdefault(keywords.get(name, ()), len(table)))
        for name, column in self._numbers.items():
            column.append(numbers.get(name, 0))
            self._given[name].append(name in numbers)

    def values(self) -> dict[str, bytes]:
        """Name of each column → what is written for it."""
        packed = {KEYS: blobs.pack_json(self.keys)}
        for name, lengths in self._lengths.items():
            packed[LENGTHS + name] = blobs.pack_array(narrowest(lengths))
        for name, table in self._tables.items():
            packed[TABLE + name] = blobs.pack_json(list(table))
            packed[VALUES + name] = blobs.pack_array(narrowest(self._ordinals[name]))
        for name, column in self._numbers.items():
            packed[NUMBERS + name] = blobs.pack_array(column)
            packed[GIVEN + name] = blobs.pack_array(array("B", bytes(self._given[name])))
        return packed


class Batch:
    """The postings of the documents added so far."""

    def __init__(self, schema: Schema, folder: Path) -> None:
        self._folder = folder
        self._positional = {TEXT + field.name for field in schema.text if field.positions}
        self.fields = [TEXT + field.name for field in schema.text]
        self.fields += [KEYWORD + name for name in schema.keywords]
        self._runs: list[dict[str, Run]] = []
        self._handles: list[IO[bytes]] = []
        self._clear()

    def _clear(self) -> None:
        empty = {name: _placed if name in self._positional else _plain for name in self.fields}
        self._terms: dict[str, defaultdict[str, array[int]]] = {name: defaultdict(empty[name]) for name in self.fields}
        self._size = 0

    def add(self, doc: int, document: Prepared) -> None:
        """Take a document's tokens and keyword values."""
        for name, (tokens, positions) in document.tokens.items():
            occurrences = repeat(doc) if positions is None else map((doc << _PLACE_BITS).__or__, positions)
            self._take(TEXT + name, tokens, occurrences)
            self._size += len(tokens)
        for name, values in document.keywords.items():
            self._take(KEYWORD + name, values, repeat(doc))
        if self._size >= SPILL_AT:
            self._spill()

    def _take(self, field: str, tokens: Sequence[str], occurrences: Iterable[int]) -> None:
        # The same as a loop over both, in two thirds of its time.
        _run_through(map(array.append, map(self._terms[field].__getitem__, tokens), occurrences))

    def _spill(self) -> None:
        file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115  # closed by close()
        self._handles.append(file)
        self._runs.append({name: Run.write(file, self._sorted(name)) for name in self.fields})
        self._clear()

    def _sorted(self, name: str) -> Iterator[Item]:
        terms, placed = self._terms[name], name in self._positional
        for token in sorted(terms):  # the order of the code points is that of their bytes
            docs, places = _parted(terms[token]) if placed else (terms[token], None)
            if len(docs) == 1 or len(set(docs)) == len(docs):
                yield encode(token), TermData(docs, None, places)
            else:
                times = Counter(docs)  # keeps the order of first occurrence, which rises
                yield encode(token), TermData(array("I", times), array("I", times.values()), places)

    def streams(self, name: str) -> list[Iterator[Item]]:
        """A field's terms from each run and from memory; document numbers rise from one to the next."""
        return [*(run[name].items() for run in self._runs), self._sorted(name)]

    def close(self) -> None:
        """Forget everything and delete what was spilt."""
        for handle in self._handles:
            handle.close()
        self._handles.clear()
        self._runs.clear()
        self._clear()


class Run:
    """The sorted terms of one field in a temporary file."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        self._file, self._start, self._end = file, start, end

    @classmethod
    def write(cls, file: IO[bytes], items: Iterable[Item]) -> Run:
        """Write the terms at the end of the file."""
        start = file.seek(0, 2)
        chunk: list[tuple[bytes, bytes]] = []
        for token, term in items:
            chunk.append((token, blobs.pack_term(term)))
            if len(chunk) == _CHUNK:
                pickle.dump(chunk, file, pickle.HIGHEST_PROTOCOL)
                chunk = []
        pickle.dump(chunk, file, pickle.HIGHEST_PROTOCOL)
        return cls(file, start, file.tell())

    def items(self) -> Iterator[Item]:
        """The terms again. Several runs of one file may be read in turns."""
        at = self._start
        while at < self._end:
            self._file.seek(at)
            chunk = pickle.load(self._file)
            at = self._file.tell()
            for token, blob in chunk:
                yield token, blobs.unpack_term(blob)


def _plain() -> array[int]:
    return array("I")


def _placed() -> array[int]:
    return array("Q")


def _parted(occurrences: array[int]) -> tuple[array[int], array[int]]:
    """Documents and places of occurrences that have both."""
    if len(occurrences) == 1:
        (one,) = occurrences
        return array("I", (one >> _PLACE_BITS,)), array("I", (one & _PLACE,))
    halves = array("I", occurrences.tobytes())
    places, docs = halves[0::2], halves[1::2]
    return (docs, places) if sys.byteorder == "little" else (places, docs)
