"""Scan of the stored documents of a tantivy index, without postings.

A flipped bit in postings or columns hides documents, and a torn file keeps tantivy from opening the
index at all. Stored documents are in a separate file with their own checksums: each segment is
opened with that file only, the others being replaced by those of an empty segment.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tantivy

from ...errors import IndexDamaged
from ..base import passing_error
from ..document import Schema
from ..engine import StoredDocument
from ..scoring.forward_index import Packer
from . import meta
from . import storage as files
from .schema import READABLE, open_index

_HEAP = 15_000_000  # bytes; the minimum of tantivy
_DELETES = struct.Struct("<I")  # number of documents; then one bit each, set if it is live


class StoreScan:
    """Documents of all segments whose file of stored documents can be opened.

    Documents are numbered consecutively. Close it to delete its temporary folder.
    """

    def __init__(self, folder: Path, schema: Schema) -> None:
        """Raises IndexDamaged if the list of segments cannot be read."""
        self._folder = folder
        self._listed = meta.salvaged(folder)
        self._data = meta.data_field_in(folder, self._listed, READABLE)
        self._packer = Packer(schema, READABLE[self._data])
        self._segments = meta.segments_in(folder, self._listed)
        self._stack = ExitStack()
        temporary = TemporaryDirectory(prefix="tracuu-", ignore_cleanup_errors=True)
        self._place = Path(self._stack.enter_context(temporary))
        self._empty: dict[str, Path] = {}  # suffix → file of a segment without fields
        self._open: dict[int, tantivy.Searcher | None] = {}

    def documents(self) -> Iterator[StoredDocument | None]:
        """The live documents; None for each that cannot be read."""
        base = 0
        for number, segment in enumerate(self._segments):
            living, certain = self._living(segment)
            unknown = living is None and not certain
            for doc in range(segment.documents) if living is None else living:
                found = None if unknown else self._read(number, doc)
                yield found and replace(found, number=base + doc, certain=certain)
            base += segment.documents

    def read(self, number: int) -> str | None:
        """The stored text of a document; None if it cannot be read."""
        for at, segment in enumerate(self._segments):
            if number < segment.documents:
                found = self._read(at, number)
                return None if found is None else found.stored
            number -= segment.documents
        return None

    def _living(self, segment: files.Segment) -> tuple[list[int] | None, bool]:
        """The documents that are not deleted (None: all), and whether this is certain.

        (None, False) means that deletions are unknown.
        """
        name = segment.deletes()
        if name is None:
            return None, True
        path = self._folder / name
        try:
            data = path.read_bytes()
        except OSError as error:
            if passing := passing_error(self._folder, error):
                raise passing from error
            data = b""
        bits = data[_DELETES.size : _DELETES.size + (segment.documents + 7) // 8]
        if len(bits) * 8 < segment.documents:
            return None, False
        living = [doc for doc in range(segment.documents) if bits[doc >> 3] >> (doc & 7) & 1]
        return living, files.file_fault(path) is None

    def _read(self, number: int, doc: int) -> StoredDocument | None:
        searcher = self._searcher(number)
        if searcher is None:
            return None
        try:
            with files.reading(self._folder):
                found = searcher.doc(tantivy.DocAddress(0, doc))
                packed = self._packer.read(found[self._data][0])
                return StoredDocument(packed.key, packed.stored)
        except IndexDamaged:
            return None

    def _searcher(self, number: int) -> tantivy.Searcher | None:
        """A searcher over the stored documents of one segment, if they can be opened."""
        if number not in self._open:
            try:
                with files.reading(self._folder):
                    self._open[number] = self._opened(self._segments[number])
            except IndexDamaged:
                self._open[number] = None
        return self._open[number]

    def _opened(self, segment: files.Segment) -> tantivy.Searcher:
        donor = self._empty_segment()
        place = self._place / segment.name
        place.mkdir()
        for part in files.PARTS:
            name = f"{segment.name}.{part}"
            source = self._folder / name if part == "store" else donor[part]
            _link(source.absolute(), place / name)
        listed = self._meta()
        listed["segments"] = [
            {**one, "deletes": None}
            for one in listed["segments"]
            if one["segment_id"].replace("-", "") == segment.name
        ]
        (place / files.META).write_text(json.dumps(listed), encoding="utf-8")
        return open_index(str(place)).searcher()

    def _empty_segment(self) -> dict[str, Path]:
        """The files of a segment with one document that has no field."""
        if not self._empty:
            place = self._place / "empty"
            place.mkdir(exist_ok=True)
            listed = {**self._meta(), "segments": [], "opstamp": 0}
            (place / files.META).write_text(json.dumps(listed), encoding="utf-8")
            index = open_index(str(place))
            writer = index.writer(_HEAP, 1)
            writer.add_document(tantivy.Document())
            writer.commit()
            writer.wait_merging_threads()
            self._empty = {path.suffix[1:]: path for path in place.iterdir()}
        return self._empty

    def _meta(self) -> dict[str, Any]:
        listed: dict[str, Any] = json.loads(self._listed)
        return listed

    def close(self) -> None:
        """Delete the temporary folder."""
        self._open.clear()
        self._stack.close()


def _link(source: Path, target: Path) -> None:
    try:
        os.symlink(source, target)
    except OSError:  # on Windows only administrators may create links
        shutil.copyfile(source, target)
