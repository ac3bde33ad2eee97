"""A committed state of a Whoosh index as a source over its segments.

All files are opened at once and stay open, so that a later commit may delete them (they exist until
closed; Windows refuses to delete them, and the next commit tries again).
"""

from __future__ import annotations

import contextlib
import heapq
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, groupby, repeat, takewhile
from operator import itemgetter
from pathlib import Path
from typing import Any, cast

from ...errors import IndexClosed, IndexDamaged
from ..engine import FieldStats
from ..scoring.source import POSITION_BITS, Cache, KeywordColumn, NumberColumn, Postings
from . import blocks
from . import encoding as blobs
from . import storage as files
from .deletions import LiveDocs, joined, living, living_places, shifted, term_freq
from .encoding import TermData, decode, encode
from .segment import SUFFIX, DiskFile, FieldBlocks, SegmentInput, SegmentParts
from .toc import SegmentInfo

TEXT, KEYWORD = "t:", "k:"  # prefixes of fields with terms in a segment

LENGTHS, VALUES, TABLE, NUMBERS, GIVEN = "length:", "value:", "table:", "number:", "given:"
KEYS = "keys"
_KEPT_BLOCKS = 8_000_000  # bytes per segment
_KEPT_RECORDS = 24_000_000  # bytes per segment
_KEPT_VALUES = 1_000_000  # documents in cached posting lists of keywords
_KEPT_LIVING = 500_000  # documents in cached posting lists of segments with deletions


class SegmentFiles:
    """One open segment. Thread-safe."""

    def __init__(self, folder: Path, info: SegmentInfo, segment: SegmentParts) -> None:
        """``segment`` is closed together with this object."""
        self.folder = folder
        self._reading = files.reading(folder)
        self.id = info.segid
        self.count = info.count
        self.deleted = info.deleted
        self._input: SegmentParts | None = segment
        self._fields: dict[str, FieldBlocks] = {}
        self._blocks: Cache[blocks.TermBlock] = Cache(_KEPT_BLOCKS)
        self._records: Cache[blobs.StoredBlock] = Cache(_KEPT_RECORDS)
        try:
            self.sizes = self._field_stats(segment.figures)
        except BaseException:
            self.close()
            raise

    def _field_stats(self, figures: dict[str, Any]) -> dict[str, FieldStats]:
        """Statistics of text fields, including deleted documents; empty in old indexes."""
        if figures.get("documents") != self.count:
            raise IndexDamaged(
                self.folder,
                "a segment does not have the expected number of documents; rebuild the index",
            )
        return {name: FieldStats(*sizes) for name, sizes in figures.get("text", {}).items()}

    @classmethod
    def open(cls, folder: Path, info: SegmentInfo) -> SegmentFiles:
        """Open a segment's files.

        Raises IndexDamaged, with FileNotFoundError as its cause.
        """
        with files.reading(folder):
            if info.legacy:
                from .legacy import LegacyInput  # imports Whoosh, which other searches do not need

                return cls(folder, info, LegacyInput(folder, info))
            return cls(folder, info, SegmentInput(DiskFile(folder / (info.name + SUFFIX))))

    def close(self) -> None:
        """Close the files, ignoring errors of a damaged index."""
        segment, self._input = self._input, None
        if segment is not None:
            with contextlib.suppress(Exception):
                segment.close()

    def _open(self) -> SegmentParts:
        segment = self._input
        if segment is None:
            raise IndexClosed(
                self.folder, "this snapshot was used after it had been closed; take a new one"
            )
        return segment

    def column(self, token: str) -> bytes:
        """The bytes of a column. Every column exists in every segment."""
        with self._reading:
            return self._open().column(token)

    def _field(self, name: str) -> FieldBlocks:
        field = self._fields.get(name)
        if field is None:
            with self._reading:
                field = self._fields[name] = self._open().field(name)
        return field

    def _block(self, name: str, field: FieldBlocks, number: int) -> blocks.TermBlock:
        key = name, number
        block = self._blocks.get(key)
        if block is None:
            with self._reading:
                block = blocks.TermBlock(self._open().block(field, number))
            if len(block.terms) > 1:
                self._blocks.put(key, block, block.size)
        return block

    def _find(self, name: str, token: bytes) -> tuple[blocks.TermBlock, int] | None:
        field = self._field(name)
        number = field.names.find(token)
        if number == len(field.names):
            self._open()
            return None
        block = self._block(name, field, number)
        at = block.find(token)
        return None if at is None else (block, at)

    def term(self, name: str, token: bytes, *, places: bool = False) -> TermData | None:
        """Postings of a term, including deleted documents."""
        found = self._find(name, token)
        if found is None:
            return None
        with self._reading:
            return found[0].term(found[1], places=places)

    def doc_freqs(self, name: str, tokens: Sequence[bytes]) -> list[int]:
        """Document frequencies of the terms, including deleted documents."""
        field = self._field(name)
        find, end = field.names.find, len(field.names)
        found: list[int] = []
        block, last = None, -1
        for token in tokens:
            number = find(token)
            if number == end:
                self._open()
                found.append(0)
                continue
            if number != last or block is None:
                block, last = self._block(name, field, number), number
            at = block.find(token)
            found.append(0 if at is None else block.frequencies[at])
        return found

    def terms(self, name: str, start: bytes = b"") -> Iterator[tuple[bytes, int]]:
        """Terms from ``start`` on with document frequencies, including deleted documents."""
        field = self._field(name)
        for number in range(field.names.find(start), len(field.names)):
            self._open()
            block = self._block(name, field, number)
            first = bisect_left(block.terms, start)
            yield from zip(block.terms[first:], block.frequencies[first:], strict=True)

    def postings(self, name: str) -> Iterator[tuple[bytes, TermData]]:
        """All terms in order with their postings, including deleted documents.

        Damage may raise any exception.
        """
        field = self._open().field(name)
        for number in range(len(field.names)):
            yield from blocks.TermBlock(self._open().block(field, number)).all()

    def records(self, docs: Iterable[int]) -> list[tuple[str, str]]:
        """Key and stored text of documents, given by ascending numbers."""
        found: list[tuple[str, str]] = []
        with self._reading:
            for number, group in groupby(docs, lambda doc: doc // blobs.RECORDS):
                block = self._stored_block(number)
                found += block.take([doc % blobs.RECORDS for doc in group])
        return found

    def _stored_block(self, number: int) -> blobs.StoredBlock:
        block = self._records.get(number)
        if block is None:
            block = blobs.StoredBlock(self._open().records(number))
            self._records.put(number, block, block.size)
        return block


class WhooshSource:
    """All segments of one commit, numbered consecutively."""

    def __init__(self, folder: Path, segments: Iterable[SegmentFiles]) -> None:
        """``segments`` are closed with this object, or if one cannot be opened."""
        self._folder = folder
        self.segments: list[SegmentFiles] = []
        self._bases: list[int] = []
        self.count = 0
        self._kept: dict[tuple[str, str], Any] = {}
        self._values: Cache[array[int]] = Cache(_KEPT_VALUES)
        self._living: Cache[TermData] = Cache(_KEPT_LIVING)
        try:
            for segment in segments:
                self.segments.append(segment)
                self._bases.append(self.count)
                self.count += segment.count
        except BaseException:
            self.close()
            raise
        self._deleted = frozenset(
            base + doc for base, part in self._parts() for doc in part.deleted
        )

    @classmethod
    def open(cls, folder: Path, segments: Iterable[SegmentInfo]) -> WhooshSource:
        """The source of these segments. Raises IndexDamaged."""
        return cls(folder, (SegmentFiles.open(folder, info) for info in segments))

    def _parts(self) -> Iterator[tuple[int, SegmentFiles]]:
        return zip(self._bases, self.segments, strict=True)

    def close(self) -> None:
        """Close all files."""
        for segment in self.segments:
            segment.close()

    def live_docs(self) -> Collection[int]:
        """The numbers of the documents that are not deleted."""
        return LiveDocs(self.count, self._deleted) if self._deleted else range(self.count)

    # --- postings ---

    def postings(self, name: str, token: str) -> Postings:
        """The postings of a token of a text field."""
        parts = []
        for base, segment in self._parts():
            term = self._term(segment, TEXT + name, token)
            if term is not None:
                parts.append((base, term))
        docs = shifted([(base, term.docs) for base, term in parts])
        if all(term.tfs is None for _, term in parts):
            return Postings(docs)
        once = [
            term.tfs if term.tfs is not None else array("B", b"\1" * len(term.docs))
            for _, term in parts
        ]
        return Postings(docs, once[0] if len(once) == 1 else blobs.join_columns(once, "I"))

    def positions(self, name: str, token: str) -> array[int]:
        """Positions of the token: document number << POSITION_BITS | position."""
        found: array[int] = array("Q")
        for base, segment in self._parts():
            term = segment.term(TEXT + name, encode(token), places=True)
            if term is None or term.places is None:
                continue
            starts: Iterator[int] = map((1 << POSITION_BITS).__mul__, map(base.__add__, term.docs))
            if term.tfs is not None:
                starts = chain.from_iterable(map(repeat, starts, term.tfs))
            keys = array("Q", map(int.__add__, starts, term.places))
            found += (
                living_places(keys, map(base.__add__, segment.deleted)) if segment.deleted else keys
            )
        return found

    def doc_freqs(self, name: str, tokens: Sequence[str]) -> list[int]:
        """Number of live documents that contain each token."""
        field = TEXT + name
        rows = sorted((encode(token), at) for at, token in enumerate(tokens))
        found = [0] * len(rows)
        for segment in self.segments:
            if segment.deleted:
                for at, token in enumerate(tokens):
                    term = self._term(segment, field, token)
                    found[at] += len(term.docs) if term else 0
            else:
                counts = segment.doc_freqs(field, [token for token, _ in rows])
                for (_, at), count in zip(rows, counts, strict=True):
                    found[at] += count
        return found

    def _term(self, segment: SegmentFiles, name: str, token: str) -> TermData | None:
        """Postings of a term in a segment, live documents only."""
        if not segment.deleted:
            return segment.term(name, encode(token))
        key = (segment.id, name, token)
        term = self._living.get(key)
        if term is None:
            found = segment.term(name, encode(token))
            term = found and living(found, segment.deleted)
            if term:
                self._living.put(key, term, len(term.docs) + 1)
        return term

    def vocabulary(self, name: str, prefix: str) -> Iterator[tuple[str, int]]:
        """Tokens in code-point order with document frequencies.

        Deleted documents count until their segment is merged: otherwise every posting list would
        have to be read. :meth:`doc_freqs` is exact.
        """
        start = encode(prefix)
        streams = [
            takewhile(lambda term: term[0].startswith(start), segment.terms(TEXT + name, start))
            for segment in self.segments
        ]
        for token, group in groupby(heapq.merge(*streams), itemgetter(0)):
            with files.reading(self._folder):
                text = decode(token)
            yield text, sum(df for _, df in group)

    def keyword_docs(self, name: str, value: str) -> array[int]:
        """Live documents with a value in a keyword field, ascending."""
        docs = self._values.get((name, value))
        if docs is None:
            docs = shifted(
                [
                    (base, term.docs)
                    for base, segment in self._parts()
                    if (term := self._term(segment, KEYWORD + name, value))
                ]
            )
            self._values.put((name, value), docs, len(docs) + 1)
        return docs

    def keyword_doc_freq(self, name: str, value: str) -> int:
        """Number of live documents with a value in a keyword field."""
        encoded, key = encode(value), (KEYWORD, name)
        df = sum(segment.doc_freqs(KEYWORD + name, [encoded])[0] for segment in self.segments)
        if self._deleted and key not in self._kept:
            self._kept[key] = term_freq(self.keyword_column(name), self._deleted)
        return df - cast("Counter[str]", self._kept[key])[value] if self._deleted else df

    # --- columns ---

    def field_stats(self, name: str) -> FieldStats:
        """Statistics of a text field over live documents."""
        if all(segment.sizes for segment in self.segments):
            parts = [segment.sizes[name] for segment in self.segments]
        else:
            parts = [FieldStats.of(self.lengths(name))]
        gone = list(map(self.lengths(name).__getitem__, self._deleted)) if self._deleted else []
        return FieldStats(
            sum(part.doc_count for part in parts) - len(gone) + gone.count(0),
            sum(part.total_terms for part in parts) - sum(gone),
            max((part.max_length for part in parts), default=0),
        )

    def lengths(self, name: str) -> array[int]:
        """Length of a text field in tokens, by number; undefined if deleted."""
        key = (LENGTHS, name)
        if key not in self._kept:
            self._kept[key] = joined(
                [self._numbers(part, LENGTHS + name) for part in self.segments]
            )
        return cast("array[int]", self._kept[key])

    def keyword_column(self, name: str) -> KeywordColumn:
        """The values of a keyword field by document."""
        key = (VALUES, name)
        if key not in self._kept:
            numbering: dict[tuple[str, ...], int] = {(): 0}
            parts: list[array[int]] = []
            for segment in self.segments:
                table = [tuple(values) for values in self._table(segment, TABLE + name)]
                own = [numbering.setdefault(values, len(numbering)) for values in table]
                column = self._numbers(segment, VALUES + name)
                if own != list(range(len(own))):  # always so in the first segment
                    with files.reading(self._folder):
                        column = blobs.narrowest(map(own.__getitem__, column))
                parts.append(column)
            self._kept[key] = KeywordColumn(joined(parts), list(numbering))
        return cast(KeywordColumn, self._kept[key])

    def number_column(self, name: str) -> NumberColumn:
        """The values of a number field by document."""
        key = (NUMBERS, name)
        if key not in self._kept:
            values, given = (
                joined([self._numbers(part, kind + name) for part in self.segments])
                for kind in (NUMBERS, GIVEN)
            )
            self._kept[key] = NumberColumn(values, given)
        return cast(NumberColumn, self._kept[key])

    def keys(self) -> Sequence[str]:
        """The keys by document."""
        key = (KEYS, "")
        if key not in self._kept:
            parts = (self._table(segment, KEYS) for segment in self.segments)
            self._kept[key] = list(chain.from_iterable(parts))
        return cast("Sequence[str]", self._kept[key])

    def find(self, key: str) -> int | None:
        """The number of the live document with this key, or None."""
        kept = (KEYS, "found")
        if kept not in self._kept:
            keys = self.keys()
            self._kept[kept] = {keys[doc]: doc for doc in self.live_docs()}
        numbers: dict[str, int] = self._kept[kept]
        return numbers.get(key)

    def fetch(self, docs: Sequence[int]) -> list[tuple[str, str]]:
        """Key and stored text of each document, in the given order."""
        rising = sorted(docs)
        found: list[tuple[str, str]] = []
        for at, group in groupby(rising, lambda doc: bisect_right(self._bases, doc) - 1):
            base = self._bases[at]
            found += self.segments[at].records([doc - base for doc in group])
        by_number = dict(zip(rising, found, strict=True))
        return [by_number[doc] for doc in docs]

    def _numbers(self, segment: SegmentFiles, token: str) -> array[int]:
        value = segment.column(token)
        with files.reading(self._folder):
            numbers = blobs.unpack_array(value)
            if len(numbers) != segment.count:
                raise IndexDamaged(
                    self._folder,
                    "the column {token!r} is too short; rebuild the index",
                    token=token,
                )
            return numbers

    def _table(self, segment: SegmentFiles, token: str) -> list[Any]:
        value = segment.column(token)
        with files.reading(self._folder):
            return cast("list[Any]", blobs.unpack_json(value))
