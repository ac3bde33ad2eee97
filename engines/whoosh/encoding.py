"""Encoding of postings, columns and stored texts as bytes.

Columns are little-endian arrays in the narrowest type that fits, so that reading one is a memory
copy. Every value starts with its checksum.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple
from zlib import crc32

_CHECK = struct.Struct("<I")
# bytes before the body of a sealed block; the last is the packing
CHECK_SIZE = _CHECK.size
_WIDTHS = (("B", 1 << 8), ("H", 1 << 16), ("I", 1 << 32), ("Q", 1 << 64))
_SIGNED = (("b", 1 << 7), ("h", 1 << 15), ("i", 1 << 31))
_NARROW = 256  # columns with this many values are compressed


class TornError(Exception):
    """Data differ from those written."""


class TermData(NamedTuple):
    """Ascending documents of a term, frequencies (None: all 1), and positions."""

    docs: array[int]
    tfs: array[int] | None
    places: array[int] | None


def pack_array(values: array[int]) -> bytes:
    """Pack a column of integers."""
    return _seal(values.typecode.encode() + _bytes(values))


def unpack_array(blob: bytes) -> array[int]:
    """Unpack the result of :func:`pack_array`. Raises TornError."""
    body = _unseal(blob)
    values = array(body[:1].decode())
    values.frombytes(memoryview(body)[1:])
    _swap(values)
    return values


def pack_json(value: object) -> bytes:
    """Pack a value as JSON; ASCII, so that lone surrogates are kept."""
    return _seal(json.dumps(value, separators=(",", ":")).encode("ascii"))


def unpack_json(blob: bytes) -> object:
    """Unpack the result of :func:`pack_json`. Raises TornError."""
    value: object = json.loads(_unseal(blob))
    return value


def narrowest(values: Iterable[int]) -> array[int]:
    """Non-negative numbers as an array of the narrowest type that fits."""
    return narrow(array("Q", values))


def _seal(body: bytes) -> bytes:
    packed = zlib.compress(body, 6) if len(body) >= _NARROW else b""
    body = b"z" + packed if packed and len(packed) < len(body) else b"-" + body
    return _CHECK.pack(crc32(body)) + body


def _unseal(blob: bytes) -> bytes:
    _verify(blob)
    body = blob[_CHECK.size + 1 :]
    return zlib.decompress(body) if blob[_CHECK.size : _CHECK.size + 1] == b"z" else body


def _verify(blob: bytes) -> None:
    if (
        len(blob) <= _CHECK.size
        or crc32(memoryview(blob)[_CHECK.size :]) != _CHECK.unpack_from(blob)[0]
    ):
        raise TornError("a checksum is wrong")


def narrow(values: array[int]) -> array[int]:
    """An array of non-negative numbers, converted to the narrowest type."""
    highest = max(values, default=0)
    for kind, limit in _WIDTHS:
        if highest < limit:
            return values if values.typecode == kind else array(kind, values)
    raise OverflowError(highest)


def narrow_signed(values: array[int]) -> array[int]:
    """An array of 64-bit numbers, converted to the narrowest signed type."""
    if values:
        reach = max(max(values), ~min(values))
        for kind, limit in _SIGNED:
            if reach < limit:
                return array(kind, values)
    return values


def _bytes(values: array[int]) -> bytes:
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()


def _swap(values: array[int]) -> None:
    if sys.byteorder == "big":
        values.byteswap()


def _array(kind: str, blob: bytes, at: int, count: int) -> tuple[array[int], int]:
    values = array(kind)
    end = at + count * values.itemsize
    values.frombytes(memoryview(blob)[at:end])
    _swap(values)
    return values, end


def encode(text: str) -> bytes:
    """Encode as UTF-8, sorted like code points; lone surrogates are kept."""
    return text.encode("utf-8", "surrogatepass")


def decode(data: bytes | memoryview) -> str:
    """Decode the result of :func:`encode`."""
    return str(data, "utf-8", "surrogatepass")


RECORDS = 16  # stored texts compressed together


def pack_records(records: Sequence[tuple[str, str]]) -> bytes:
    """Pack keys and stored texts of documents."""
    texts = [encode(text) for record in records for text in record]
    lengths = array("I", map(len, texts))
    return _seal(_bytes(array("I", [len(lengths)])) + _bytes(lengths) + b"".join(texts))


class StoredBlock:
    """Keys and stored texts packed by :func:`pack_records`, decoded on first access.

    ``size`` is the memory of all, in bytes: a decoded text takes up to two bytes per encoded one.
    """

    __slots__ = ("_body", "_decoded", "_ends", "size")

    def __init__(self, packed: bytes) -> None:
        """Raises TornError."""
        self._body = _unseal(packed)
        (count,) = struct.unpack_from("<I", self._body)
        lengths, at = _array("I", self._body, 4, count)
        self._ends = list(accumulate(lengths, initial=at))
        self._decoded: dict[int, tuple[str, str]] = {}
        self.size = 3 * len(self._body)

    def take(self, places: Iterable[int]) -> list[tuple[str, str]]:
        """The records at these indices of the block."""
        decoded = self._decoded
        return [decoded.get(place) or self._decode(place) for place in places]

    def _decode(self, place: int) -> tuple[str, str]:
        body, (start, middle, end) = self._body, self._ends[2 * place : 2 * place + 3]
        record = decode(body[start:middle]), decode(body[middle:end])
        self._decoded[place] = record
        return record


def widest(parts: Iterable[array[int]]) -> str:
    """The widest type among these columns."""
    return max(parts, key=attrgetter("itemsize")).typecode


def join_columns(parts: Sequence[array[int]], kind: str) -> array[int]:
    """Concatenate columns of several segments."""
    joined = array(kind)
    for part in parts:
        joined.extend(part if part.typecode == kind else array(kind, part))
    return joined
