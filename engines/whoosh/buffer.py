"""Inverts new documents in memory and spills postings to disk.

Whoosh's own pool sorts and writes one tuple per posting, about 4 µs each. Here the postings of a
token are one array of document numbers, and the terms of a segment are written in bulk.
"""

from __future__ import annotations

from array import array
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import repeat
from typing import IO

from ..document import Prepared, Schema
from ..engine import FieldStats
from . import encoding as blobs
from .encoding import narrowest
from .reader import GIVEN, KEYS, KEYWORD, LENGTHS, NUMBERS, TABLE, TEXT, VALUES
from .storage import Scratch
from .terms import PLACE_BITS, FieldTerms, SpillRun

SPILL_AT = 6_000_000  # token occurrences kept in memory, about 10 bytes each

_run_through = deque[None](maxlen=0).extend


class DocValues:
    """Columns of a new segment's documents, by document number."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self.keys: list[str] = []
        self._lengths: dict[str, array[int]] = {field.name: array("I") for field in schema.text}
        self._numbers: dict[str, array[int]] = {name: array("q") for name in schema.numbers}
        self._given = {name: bytearray() for name in schema.numbers}
        self._tables: dict[str, dict[tuple[str, ...], int]] = {
            name: {(): 0} for name in schema.keywords
        }
        self._ordinals: dict[str, array[int]] = {name: array("I") for name in schema.keywords}

    def add(self, document: Prepared) -> None:
        """Add the columns of a document."""
        self.keys.append(document.key)
        for name, lengths in self._lengths.items():
            entry = document.tokens.get(name)
            lengths.append(len(entry[0]) if entry else 0)
        self._add_values(document.keywords, document.numbers)

    def copy(self, key: str, lengths: dict[str, int], keywords: dict[str, tuple[str, ...]],
             numbers: dict[str, int]) -> None:  # fmt: skip
        """Add the columns of a document of an older segment."""
        self.keys.append(key)
        for name, own in self._lengths.items():
            own.append(lengths[name])
        self._add_values(keywords, numbers)

    def _add_values(
        self, keywords: Mapping[str, tuple[str, ...]], numbers: Mapping[str, int]
    ) -> None:
        for name, table in self._tables.items():
            self._ordinals[name].append(table.setdefault(keywords.get(name, ()), len(table)))
        for name, column in self._numbers.items():
            column.append(numbers.get(name, 0))
            self._given[name].append(name in numbers)

    def figures(self) -> dict[str, object]:
        """Statistics of the segment, stored to spare readers counting."""
        sizes = {name: FieldStats.of(lengths) for name, lengths in self._lengths.items()}
        return {
            "documents": len(self.keys),
            "text": {
                name: (size.doc_count, size.total_terms, size.max_length)
                for name, size in sizes.items()
            },
        }

    def values(self) -> dict[str, bytes]:
        """Column name → its packed values."""
        packed = {KEYS: blobs.pack_json(self.keys)}
        for name, lengths in self._lengths.items():
            packed[LENGTHS + name] = blobs.pack_array(narrowest(lengths))
        for name, table in self._tables.items():
            packed[TABLE + name] = blobs.pack_json(list(table))
            packed[VALUES + name] = blobs.pack_array(narrowest(self._ordinals[name]))
        for name, column in self._numbers.items():
            packed[NUMBERS + name] = blobs.pack_array(blobs.narrow_signed(column))
            packed[GIVEN + name] = blobs.pack_array(array("B", bytes(self._given[name])))
        return packed


class PostingsBuffer:
    """The postings of the documents added so far."""

    def __init__(self, schema: Schema, scratch: Scratch) -> None:
        self._scratch = scratch
        self._positional = {TEXT + field.name for field in schema.text if field.positions}
        self.fields = [TEXT + field.name for field in schema.text]
        self.fields += [KEYWORD + name for name in schema.keywords]
        self._runs: defaultdict[str, list[SpillRun]] = defaultdict(list)
        self._file: IO[bytes] | None = None
        self._clear()

    def _clear(self) -> None:
        empty = {name: _placed if name in self._positional else _plain for name in self.fields}
        self._terms: dict[str, defaultdict[str, array[int]]] = {
            name: defaultdict(empty[name]) for name in self.fields
        }
        self._size = 0

    def add(self, doc: int, document: Prepared) -> None:
        """Add the tokens and keyword values of a document."""
        for name, (tokens, positions) in document.tokens.items():
            occurrences = (
                repeat(doc) if positions is None else map((doc << PLACE_BITS).__or__, positions)
            )
            self._take(TEXT + name, tokens, occurrences)
            self._size += len(tokens)
        for name, values in document.keywords.items():
            self._take(KEYWORD + name, values, repeat(doc))
        if self._size >= SPILL_AT:
            self._spill()

    def _take(self, field: str, tokens: Sequence[str], occurrences: Iterable[int]) -> None:
        # equivalent to a loop over both, in two thirds of the time
        _run_through(map(array.append, map(self._terms[field].__getitem__, tokens), occurrences))

    def _spill(self) -> None:
        if self._file is None:
            # closed by close()
            self._file = open(self._scratch.path() / "spilt", "w+b")  # noqa: SIM115
        for name in self.fields:
            self._runs[name].append(
                SpillRun.write(self._file, self._terms[name], placed=name in self._positional)
            )
        self._clear()

    def field_terms(self) -> list[FieldTerms]:
        """Every field with its terms."""
        return [
            FieldTerms(name, name in self._positional, tuple(self._runs[name]), self._terms[name])
            for name in self.fields
        ]

    def close(self) -> None:
        """Discard everything and delete the spilt runs."""
        if self._file is not None:
            with suppress(OSError):  # unwritten data are discarded anyway
                self._file.close()
            self._file = None
        self._runs.clear()
        self._clear()


def _plain() -> array[int]:
    return array("I")


def _placed() -> array[int]:
    return array("Q")
