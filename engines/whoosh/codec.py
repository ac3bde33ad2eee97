"""A Whoosh codec over this package's segments, for Whoosh's own searcher.

::

    from whoosh import index, query
    with index.open_dir("my-index/data-0001").searcher() as searcher:
        searcher.search(query.Phrase("syllable", ["giải", "ngân"]))

The table of contents holds the full schema: text fields with frequencies or positions, keyword
fields as ``ID``, number fields as ``NUMERIC``, and ``key`` and ``stored`` as stored fields.
Document frequencies and field lengths exclude deleted documents, like the scores of
:mod:`..scoring`; document lengths are exact. Only :class:`~.writer.WhooshWriter` can write.

This is the slow path, for applications that use Whoosh's API; searches of this package read the
same blocks through :mod:`.reader`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from whoosh import columns, fields, formats
from whoosh.analysis.tokenizers import SpaceSeparatedTokenizer
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import ReadOnlyError
from whoosh.matching.mcore import ListMatcher
from whoosh.reading import TermInfo, TermNotFound
from whoosh.system import pack_uint

from ..document import Schema
from .deletions import living
from .encoding import TermData, encode
from .reader import KEYWORD, LENGTHS, NUMBERS, TEXT, VALUES, SegmentFiles, WhooshSource
from .segment import SUFFIX, SegmentInput
from .storage import NAME, reading
from .toc import SegmentInfo

STORED, KEY = "stored", "key"
Term = tuple[str, bytes]


def whoosh_schema(schema: Schema) -> fields.Schema:
    """The schema of an index as a Whoosh schema.

    Queries for text fields are split at spaces only; they must be given as indexed tokens.
    """
    spaces = SpaceSeparatedTokenizer()
    whole: dict[str, Any] = {}
    for text in schema.text:
        whole[text.name] = fields.TEXT(analyzer=spaces, phrase=text.positions)
    for name in schema.keywords:
        whole[name] = fields.ID(sortable=True)
    for name in schema.numbers:
        whole[name] = fields.NUMERIC(int, bits=64, shift_step=0, sortable=True)
    for name in (KEY, STORED):
        whole.setdefault(name, fields.STORED)
    return fields.Schema(**whole)


class TracuuSegment(W3Segment):
    """A segment that Whoosh opens with :class:`TracuuCodec`."""

    @classmethod
    def of(cls, info: SegmentInfo) -> TracuuSegment:
        """The Whoosh segment for ``info``."""
        deleted = set(info.deleted) or None
        return cls(None, NAME, info.count, info.segid, deleted)

    def codec(self, **_: Any) -> TracuuCodec:
        """The codec that reads this segment."""
        return TracuuCodec()


class TracuuCodec(base.Codec):
    """Reads segments; all methods that write raise ReadOnlyError."""

    def terms_reader(self, storage: Any, segment: Any) -> TracuuTermsReader:
        """The terms and postings of a segment."""
        return TracuuTermsReader(*_open(storage, segment))

    def per_document_reader(self, storage: Any, segment: Any) -> TracuuDocumentReader:
        """The lengths, columns and stored fields of a segment."""
        return TracuuDocumentReader(*_open(storage, segment))

    def supports_columns(self) -> bool:
        """Keyword and number fields have columns."""
        return True

    def _read_only(self, *_: Any, **__: Any) -> Any:
        raise ReadOnlyError("write to an index of tracuu with tracuu")

    per_document_writer = field_writer = postings_writer = postings_reader = _read_only
    new_segment = _read_only


class _StorageFile:
    """A file of any Whoosh storage, possibly in memory."""

    def __init__(self, file: Any, size: int) -> None:
        self._file = file
        self.size = size

    def read(self, start: int, size: int) -> bytes:
        return bytes(self._file.get(start, size))

    def close(self) -> None:
        self._file.close()


# Field → kind of its terms: a prefix of :mod:`.reader`, or "" for numbers.
Kinds = dict[str, str]


def _open(storage: Any, segment: Any) -> tuple[WhooshSource, Kinds]:
    """Raises FileNotFoundError (Whoosh then retries), IndexDamaged."""
    name = segment.make_filename(SUFFIX)
    file = _StorageFile(storage.open_file(name), storage.file_length(name))
    folder = Path(getattr(storage, "folder", "."))
    info = SegmentInfo(segment.segid, segment.doc_count_all(), frozenset(segment.deleted_docs()))
    with reading(folder):
        parts = SegmentInput(file)
        kinds: Kinds = {}
        for prefix, kind in ((NUMBERS, ""), (VALUES, KEYWORD), (LENGTHS, TEXT)):
            kinds |= dict.fromkeys(parts.column_names(prefix), kind)
        return WhooshSource(folder, [SegmentFiles(folder, info, parts)]), kinds


class _Numbers:
    """Terms of a number field, computed from its column, as ``NUMERIC`` encodes them."""

    def __init__(self, source: WhooshSource, name: str) -> None:
        field = fields.NUMERIC(int, bits=64, shift_step=0)
        column = source.number_column(name)
        docs: dict[int, array[int]] = {}
        for doc in source.live_docs():
            number = column[doc]
            if number is not None:
                docs.setdefault(number, array("I")).append(doc)
        self.docs = {field.to_bytes(value): docs[value] for value in sorted(docs)}


class TracuuTermsReader(base.TermsReader):
    """The terms of one segment for Whoosh, counting live documents only."""

    def __init__(self, source: WhooshSource, kinds: Kinds) -> None:
        self._source = source
        (self._segment,) = source.segments
        self._kinds = kinds
        self._numbers: dict[str, _Numbers] = {}

    def close(self) -> None:
        """Close the segment."""
        self._source.close()

    def indexed_field_names(self) -> list[str]:
        """The names of all fields with terms."""
        return sorted(self._kinds)

    def _number_docs(self, name: str) -> dict[bytes, array[int]]:
        if name not in self._numbers:
            self._numbers[name] = _Numbers(self._source, name)
        return self._numbers[name].docs

    def _postings(self, name: str, token: bytes, *, positions: bool = False) -> TermData | None:
        """Postings of a term, including deleted documents (except for numbers)."""
        kind = self._kinds.get(name)
        if kind is None:
            return None
        if kind == "":
            docs = self._number_docs(name).get(token)
            return None if docs is None else TermData(docs, None, None)
        return self._segment.term(kind + name, token, places=positions)

    def _term(self, name: str, token: bytes) -> TermData | None:
        """Postings of a term in live documents; None if there are none."""
        term = self._postings(name, token)
        if term is not None and self._segment.deleted:
            term = living(term, self._segment.deleted)
        return term if term is not None and term.docs else None

    def __contains__(self, term: Term) -> bool:
        return self._term(*term) is not None

    def _tokens(self, name: str, start: bytes = b"") -> Iterator[bytes]:
        """Terms of a field from ``start`` on, contained in live documents."""
        kind = self._kinds.get(name)
        if kind == "":
            yield from (token for token in self._number_docs(name) if token >= start)
        elif kind is not None:
            for token, _ in self._segment.terms(kind + name, start):
                if not self._segment.deleted or self._term(name, token) is not None:
                    yield token

    def terms(self) -> Iterator[Term]:
        """All terms, sorted by field and text."""
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        """Terms from ``prefix`` in ``fieldname`` on, and those of the fields after it."""
        for name in self.indexed_field_names():
            if name >= fieldname:
                start = prefix if name == fieldname else b""
                yield from ((name, token) for token in self._tokens(name, start))

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        """All terms with their statistics."""
        return self.items_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        """As :meth:`terms_from`, with the terms' statistics."""
        for term in self.terms_from(fieldname, prefix):
            yield term, self.term_info(*term)

    def cursor(self, fieldname: str, fieldobj: Any) -> TracuuCursor:
        """A cursor over the terms of a field."""
        return TracuuCursor(self, fieldname, list(self._tokens(fieldname)), fieldobj)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Statistics of a term. Raises TermNotFound."""
        term = self._term(fieldname, text)
        if term is None:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return self._info(fieldname, term)

    def _info(self, name: str, term: TermData) -> TermInfo:
        tfs = _frequencies(term)
        shortest = longest = 1
        if self._kinds[name] == TEXT:
            lengths = self._source.lengths(name)
            own = [lengths[doc] for doc in term.docs]
            shortest, longest = min(own), max(own)
        return TermInfo(  # type: ignore[no-untyped-call]
            weight=float(sum(tfs)),
            df=len(term.docs),
            minlength=shortest,
            maxlength=longest,
            maxweight=float(max(tfs)),
            minid=term.docs[0],
            maxid=term.docs[-1],
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Number of occurrences of the term."""
        term = self._term(fieldname, text)
        return 0.0 if term is None else float(sum(_frequencies(term)))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Number of live documents that contain the term."""
        term = self._term(fieldname, text)
        return 0 if term is None else len(term.docs)

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Any:
        """A matcher over a term's postings; Whoosh's reader skips deleted documents.

        Raises TermNotFound.
        """
        positional = isinstance(format_, formats.Positions)
        term = self._postings(fieldname, text, positions=positional)
        if term is None or (fieldname, text) not in self:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        values: Sequence[bytes] | None = None
        if term.places is not None:
            values = _PositionValues(_frequencies(term), term.places, format_)
        elif self._kinds[fieldname] == TEXT:
            values = [pack_uint(tf) for tf in _frequencies(term)]
        return ListMatcher(  # type: ignore[no-untyped-call]
            term.docs.tolist(),
            [float(tf) for tf in _frequencies(term)],
            values=values,
            format=format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self._info(fieldname, term),
        )


def _frequencies(term: TermData) -> Sequence[int]:
    return term.tfs if term.tfs is not None else (1,) * len(term.docs)


class _PositionValues(Sequence[bytes]):
    """The positions in each document in Whoosh's encoding, encoded on access."""

    def __init__(self, tfs: Sequence[int], positions: array[int], format_: Any) -> None:
        self._ends = [0]
        for tf in tfs:
            self._ends.append(self._ends[-1] + tf)
        self._positions = positions
        self._format = format_

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, at: int) -> bytes:  # type: ignore[override]  # never sliced
        own = self._positions[self._ends[at] : self._ends[at + 1]].tolist()
        return cast(bytes, self._format.encode(own))


class TracuuCursor(base.FieldCursor):
    """A cursor over the sorted terms of a field."""

    def __init__(
        self, reader: TracuuTermsReader, name: str, tokens: list[bytes], field: Any
    ) -> None:
        self._reader = reader
        self._name = name
        self._tokens = tokens
        self._field = field
        self._at = 0

    def is_valid(self) -> bool:
        """Whether the cursor is at a term."""
        return self._at < len(self._tokens)

    def text(self) -> str | None:
        """The term here, None behind the last one."""
        if not self.is_valid():
            return None
        return cast(str, self._field.from_bytes(self._tokens[self._at]))

    def term(self) -> str | None:
        """The term here, None behind the last one."""
        return self.text()

    def term_info(self) -> TermInfo | None:
        """Statistics of the current term."""
        return (
            self._reader.term_info(self._name, self._tokens[self._at]) if self.is_valid() else None
        )

    def first(self) -> str | None:
        """Move to the first term."""
        self._at = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        """Move to the first term ≥ ``term``."""
        token = term if isinstance(term, bytes) else encode(term)
        self._at = bisect_left(self._tokens, token)
        return self.text()

    def next(self) -> str | None:
        """Move to the next term."""
        self._at += 1
        return self.text()


class TracuuDocumentReader(base.PerDocumentReader):
    """The documents of one segment for Whoosh."""

    def __init__(self, source: WhooshSource, kinds: Kinds) -> None:
        self._source = source
        (self._segment,) = source.segments
        self._kinds = kinds

    def close(self) -> None:
        """Close the segment."""
        self._source.close()

    def doc_count(self) -> int:
        """Number of live documents."""
        return self._segment.count - len(self._segment.deleted)

    def doc_count_all(self) -> int:
        """Number of all documents, including deleted ones."""
        return self._segment.count

    def has_deletions(self) -> bool:
        """Whether documents are deleted."""
        return bool(self._segment.deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Whether the document is deleted."""
        return docnum in self._segment.deleted

    def deleted_docs(self) -> Iterable[int]:
        """The numbers of deleted documents."""
        return self._segment.deleted

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Length of the field in the document, in tokens."""
        if self._kinds.get(fieldname) != TEXT:
            return default
        return self._source.lengths(fieldname)[docnum]

    def field_length(self, fieldname: str) -> int:
        """Total length of the field over live documents, in tokens."""
        if self._kinds.get(fieldname) != TEXT:
            return 0
        return self._source.field_stats(fieldname).total_terms

    def min_field_length(self, fieldname: str) -> int:
        """Minimum length of the field, in tokens."""
        return min(self._lengths(fieldname), default=0)

    def max_field_length(self, fieldname: str) -> int:
        """Maximum length of the field, in tokens."""
        return max(self._lengths(fieldname), default=0)

    def _lengths(self, name: str) -> Sequence[int]:
        return self._source.lengths(name) if self._kinds.get(name) == TEXT else ()

    def supports_columns(self) -> bool:
        """Keyword and number fields have columns."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Whether it is a keyword or number field."""
        return self._kinds.get(fieldname) in (KEYWORD, "")

    def list_columns(self) -> list[str]:
        """The keyword and number fields."""
        return sorted(name for name in self._kinds if self.has_column(name))

    def column_reader(self, fieldname: str, column: Any) -> TracuuColumn:
        """Number or first keyword value of each document, for sorting by Whoosh."""
        if self._kinds[fieldname] == KEYWORD:
            keywords = self._source.keyword_column(fieldname)
            first = [encode(values[0]) if values else b"" for values in keywords.table]
            return TracuuColumn([first[ordinal] for ordinal in keywords.ordinals])
        numbers = self._source.number_column(fieldname)
        given = (numbers[doc] for doc in range(self._segment.count))
        absent = column.default_value()
        return TracuuColumn([absent if one is None else one + (1 << 63) for one in given])

    def stored_fields(self, docnum: int) -> dict[str, str]:
        """Key and stored text of the document."""
        ((key, stored),) = self._segment.records((docnum,))
        return {KEY: key, STORED: stored}


class TracuuColumn(columns.ColumnReader):
    """A column in memory."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values
        self._doccount = len(values)
        self._reverse = False

    def __getitem__(self, docnum: int) -> Any:
        return self._values[docnum]

    def sort_key(self, docnum: int) -> Any:
        """The sort key of the document."""
        value = self._values[docnum]
        return -value if self._reverse and isinstance(value, int) else value

    def load(self) -> list[Any]:
        """All values."""
        return self._values

    def set_reverse(self) -> None:
        """Sort numbers in descending order."""
        self._reverse = True
