"""A document's tokens, positions, values and text in one string of bytes, for engines that rank again.

An engine that hands out no postings keeps these bytes with each document and gets them back with its
candidates. What is asked of them is how often a few tokens stand in a field, so a token is found in the
bytes as they are, without taking them apart::

    head     unsigned 32-bit numbers: of each text field where its tokens begin, where its positions begin,
             and its length in tokens; then where the values begin, and where the stored text
    tokens   of each distinct token: NUL, the token, SOH, and how often it stands there if not once
    places   of each distinct token in turn its positions, each as the distance from the one before
    values   JSON: the key, keyword field → values, number field → number
    stored   the stored text

A NUL, SOH or STX in a token is written as STX and another letter.
"""

from __future__ import annotations

import json
import re
import struct
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate
from operator import sub

from ._documents import Prepared
from .contract import Schema

_SPECIAL = re.compile("[\0-\2]")
_ESCAPED = ((b"\2", b"\2c"), (b"\0", b"\2a"), (b"\1", b"\2b"))


class Packer:
    """Packs documents of one schema, and reads what it packed. Safe to share by threads."""

    def __init__(self, schema: Schema) -> None:
        self.fields = {field.name: at for at, field in enumerate(schema.text)}
        self._head = struct.Struct(f"<{3 * len(schema.text) + 2}I")

    def pack(self, document: Prepared) -> bytes:
        """The bytes of one document."""
        head: list[int] = []
        parts: list[bytes] = []
        end = self._head.size
        for name in self.fields:
            tokens, positions = document.tokens.get(name, ((), None))
            names, places = _distinct(tokens, positions)
            head += (end, end + len(names), len(tokens))
            end += len(names) + len(places)
            parts += (names, places)
        values = json.dumps([document.key, document.keywords, document.numbers], separators=(",", ":")).encode("ascii")
        head += (end, end + len(values))
        return b"".join((self._head.pack(*head), *parts, values, document.stored.encode("utf-8", "surrogatepass")))

    def read(self, data: bytes) -> Packed:
        """The document that was packed. Raises ValueError for what this cannot be."""
        try:
            return Packed(data, self._head.unpack_from(data), self.fields)
        except struct.error as error:
            raise ValueError("a document's head is torn") from error


class Packed:
    """One document as it was packed."""

    __slots__ = ("_data", "_fields", "_head", "_values")

    def __init__(self, data: bytes, head: Sequence[int], fields: Mapping[str, int]) -> None:
        self._data = data
        self._head = head
        self._fields = fields
        self._values: tuple[str, dict[str, list[str]], dict[str, int]] | None = None

    def length(self, name: str) -> int:
        """The tokens of a text field."""
        return self._head[3 * self._fields[name] + 2]

    def section(self, name: str) -> tuple[bytes, int, int]:
        """The bytes, and where in them the tokens of a text field begin and end."""
        at = 3 * self._fields[name]
        return self._data, self._head[at], self._head[at + 1]

    def frequency(self, name: str, needle: bytes) -> int:
        """How often the token stands in a text field; ``needle`` is the token's :func:`needle`."""
        at = 3 * self._fields[name]
        data, end = self._data, self._head[at + 1]
        found = data.find(needle, self._head[at], end)
        if found < 0:
            return 0
        start = found + len(needle)
        if start == end or not data[start]:
            return 1
        stop = data.find(b"\0", start, end)
        return int(data[start : stop if stop >= 0 else end])

    def positions(self, name: str) -> dict[str, array[int]]:
        """Token → its positions, rising, in a field that has them."""
        at = 3 * self._fields[name]
        tokens = self._data[self._head[at] : self._head[at + 1]]
        places = _numbers(self._data[self._head[at + 1] : self._head[at + 3]])
        found: dict[str, array[int]] = {}
        first = 0
        for entry in tokens.split(b"\0")[1:]:
            name_, _, times = entry.partition(b"\1")
            last = first + int(times or 1)
            found[_unescaped(name_)] = array("I", accumulate(places[first:last]))
            first = last
        return found

    def tokens(self, name: str) -> dict[str, int]:
        """Token → how often it stands in a text field."""
        at = 3 * self._fields[name]
        entries = self._data[self._head[at] : self._head[at + 1]].split(b"\0")[1:]
        parts = (entry.partition(b"\1") for entry in entries)
        return {_unescaped(token): int(times or 1) for token, _, times in parts}

    @property
    def key(self) -> str:
        """The document's key."""
        return self._read()[0]

    @property
    def keywords(self) -> Mapping[str, Sequence[str]]:
        """Keyword field → values."""
        return self._read()[1]

    @property
    def numbers(self) -> Mapping[str, int]:
        """Number field → number."""
        return self._read()[2]

    @property
    def stored(self) -> str:
        """The stored text."""
        return self._data[self._head[-1] :].decode("utf-8", "surrogatepass")

    def _read(self) -> tuple[str, dict[str, list[str]], dict[str, int]]:
        if self._values is None:
            key, keywords, numbers = json.loads(self._data[self._head[-2] : self._head[-1]])
            self._values = key, keywords, numbers
        return self._values


def needle(token: str) -> bytes:
    """What stands in the bytes where the token does."""
    return b"\0%b\1" % _escaped(token)


def _distinct(tokens: Sequence[str], positions: Sequence[int] | None) -> tuple[bytes, bytes]:
    """The distinct tokens and how often each stands there, and their places."""
    if positions is None:
        return _names(Counter(tokens)), b""
    where: dict[str, list[int]] = {}
    for token, position in zip(tokens, positions, strict=True):
        where.setdefault(token, []).append(position)
    gaps: list[int] = []
    for places in where.values():
        gaps.append(places[0])
        if len(places) > 1:
            gaps += map(sub, places[1:], places)
    return _names({token: len(places) for token, places in where.items()}), _bytes(gaps)


def _names(times: Mapping[str, int]) -> bytes:
    if _SPECIAL.search("".join(times)):
        return b"".join(b"\0%b\1%b" % (_escaped(token), b"%d" % n if n > 1 else b"") for token, n in times.items())
    entries = [f"\0{token}\1{n}" if n > 1 else f"\0{token}\1" for token, n in times.items()]
    return "".join(entries).encode("utf-8", "surrogatepass")


def _escaped(token: str) -> bytes:
    data = token.encode("utf-8", "surrogatepass")
    if not data or min(data) > 2:
        return data
    for plain, written in _ESCAPED:
        data = data.replace(plain, written)
    return data


def _unescaped(data: bytes) -> str:
    if b"\2" in data:
        for plain, written in reversed(_ESCAPED):
            data = data.replace(written, plain)
    return data.decode("utf-8", "surrogatepass")


def _bytes(numbers: list[int]) -> bytes:
    """Numbers of seven bits a byte, the lowest first, the last byte of each below 128."""
    if max(numbers, default=0) < 128:
        return bytes(numbers)
    found = bytearray()
    for number in numbers:
        while number > 127:
            found.append(number & 127 | 128)
            number >>= 7
        found.append(number)
    return bytes(found)


def _numbers(data: bytes) -> Sequence[int]:
    if data.isascii():
        return data
    found = []
    number = shift = 0
    for byte in data:
        number |= (byte & 127) << shift
        if byte < 128:
            found.append(number)
            number = shift = 0
        else:
            shift += 7
    return found
