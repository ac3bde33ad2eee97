"""A forward index: documents packed into bytes, for reranking.

An engine without access to postings stores these bytes with each document and reads those of its
candidates. Reranking needs the frequencies of a few tokens, so the format allows finding a token
without unpacking::

    head     unsigned 32-bit numbers: of each text field where its tokens begin, where its positions
             begin, and its length in tokens; then where the values begin, and where the stored text
    tokens   of each distinct token: NUL, the token, SOH, and its frequency if not 1; at last NUL
    places   of each distinct token in turn its positions, each as the distance from the one before
    values   separated by SOH: the key, each keyword field's values with a NUL before each, and
             each number
    stored   the stored text
    check    the CRC-32 of all before it, 32 bits (from packing 3 on)

A NUL, SOH or STX in a token or a value is written as STX and another letter.
"""

from __future__ import annotations

import re
import struct
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from operator import sub
from zlib import crc32

from ..document import Prepared, Schema

_SPECIAL = re.compile("[\0-\2]")
_ESCAPED = ((b"\2", b"\2c"), (b"\0", b"\2a"), (b"\1", b"\2b"))

PACKING = 3  # raised when the format of packed documents changes
CHECKED = 3  # the first packing with a checksum
_CHECK = struct.Struct("<I")


class Packer:
    """Packs and unpacks documents of one schema. Thread-safe."""

    def __init__(self, schema: Schema, packing: int = PACKING) -> None:
        self._checked = packing >= CHECKED
        self.fields = {field.name: 3 * at for at, field in enumerate(schema.text)}
        self.keywords = {name: at for at, name in enumerate(schema.keywords, 1)}
        self.numbers = {
            name: at for at, name in enumerate(schema.numbers, 1 + len(schema.keywords))
        }
        self.values = 1 + len(schema.keywords) + len(schema.numbers)
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
        values = self._values(document)
        head += (end, end + len(values))
        stored = document.stored.encode("utf-8", "surrogatepass")
        packed = b"".join((self._head.pack(*head), *parts, values, stored))
        return packed + _CHECK.pack(crc32(packed)) if self._checked else packed

    def _values(self, document: Prepared) -> bytes:
        parts = [_escaped(document.key)]
        for name in self.keywords:
            parts.append(
                b"".join(b"\0%b" % _escaped(value) for value in document.keywords.get(name, ()))
            )
        parts += [
            b"%d" % document.numbers[name] if name in document.numbers else b""
            for name in self.numbers
        ]
        return b"\1".join(parts)

    def read(self, data: bytes) -> Packed:
        """Unpack a document. Raises ValueError (damaged bytes)."""
        return self.read_all((data,))[0]

    def read_all(self, packed: Iterable[bytes]) -> list[Packed]:
        """Unpack documents.

        Raises ValueError (a checksum does not match).
        """
        head = self._head.unpack_from
        if self._checked:
            packed = map(_verified, packed)
        try:
            return [Packed(data, head(data), self) for data in packed]
        except struct.error as error:
            raise ValueError("a document's head is torn") from error


def _verified(data: bytes) -> bytes:
    """The document without its checksum. Raises ValueError if that is wrong."""
    body = data[: -_CHECK.size]
    if len(data) < _CHECK.size or _CHECK.unpack_from(data, len(body))[0] != crc32(body):
        raise ValueError("a stored document has other bytes than were written")
    return body


class Packed:
    """One packed document."""

    __slots__ = ("_data", "_head", "_packer", "_parts", "_stored")

    def __init__(self, data: bytes, head: Sequence[int], packer: Packer) -> None:
        self._data = data
        self._head = head
        self._packer = packer
        self._parts: list[bytes] | None = None
        self._stored: str | None = None

    def length(self, name: str) -> int:
        """Length of a text field, in tokens."""
        return self._head[self._packer.fields[name] + 2]

    def section(self, name: str) -> tuple[bytes, int]:
        """The packed distinct tokens of a text field, and its length in tokens."""
        at = self._packer.fields[name]
        head = self._head
        return self._data[head[at] : head[at + 1]], head[at + 2]

    def positions(self, name: str) -> dict[str, array[int]]:
        """Token → ascending positions, in a field with positions."""
        at = self._packer.fields[name]
        places = _numbers(self._data[self._head[at + 1] : self._head[at + 3]])
        found: dict[str, array[int]] = {}
        first = 0
        for token, times in self.tokens(name).items():
            found[token] = array("I", accumulate(places[first : first + times]))
            first += times
        return found

    def tokens(self, name: str) -> dict[str, int]:
        """Token → frequency in a text field."""
        parts = (entry.partition(b"\1") for entry in self.section(name)[0].split(b"\0")[1:-1])
        return {_unescaped(token): int(times or 1) for token, _, times in parts}

    @property
    def key(self) -> str:
        """The document's key."""
        return _unescaped(self._values()[0])

    @property
    def keywords(self) -> Mapping[str, Sequence[str]]:
        """Keyword field → values."""
        parts = self._values()
        return {
            name: values_of(parts[at]) for name, at in self._packer.keywords.items() if parts[at]
        }

    @property
    def numbers(self) -> Mapping[str, int]:
        """Number field → number."""
        return {
            name: number
            for name in self._packer.numbers
            if (number := self.number(name)) is not None
        }

    def number(self, name: str) -> int | None:
        """The number in a field, or None; the field need not be a number field."""
        at = self._packer.numbers.get(name)
        packed = b"" if at is None else self._values()[at]
        return int(packed) if packed else None

    def packed_values(self, name: str) -> bytes:
        """A keyword field's values as packed (see :func:`values_of`).

        Empty for other fields.
        """
        at = self._packer.keywords.get(name)
        return b"" if at is None else self._values()[at]

    @property
    def stored(self) -> str:
        """The stored text."""
        if self._stored is None:
            self._stored = self._data[self._head[-1] :].decode("utf-8", "surrogatepass")
        return self._stored

    def _values(self) -> list[bytes]:
        parts = self._parts
        if parts is None:
            parts = self._data[self._head[-2] : self._head[-1]].split(b"\1")
            if len(parts) != self._packer.values:
                raise ValueError("a document's values are torn")
            self._parts = parts
        return parts


def values_of(packed: bytes) -> list[str]:
    """Unpack the values of a keyword field."""
    return [_unescaped(value) for value in packed.split(b"\0")[1:]]


def term_freq(section: bytes, token_key: bytes) -> int:
    """Frequency of a token in a :meth:`~Packed.section`, by its :func:`token_key`."""
    at = section.find(token_key)
    if at < 0:
        return 0
    at += len(token_key)
    return 1 if not section[at] else int(section[at : section.index(b"\0", at)])


def token_key(token: str) -> bytes:
    """The packed form of a token."""
    return b"\0%b\1" % _escaped(token)


def _distinct(tokens: Sequence[str], positions: Sequence[int] | None) -> tuple[bytes, bytes]:
    """Packed distinct tokens with their frequencies, and packed positions."""
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
        entries = [
            b"\0%b\1%b" % (_escaped(token), b"%d" % n if n > 1 else b"")
            for token, n in times.items()
        ]
        return b"".join((*entries, b"\0"))
    written = [f"\0{token}\1{n}" if n > 1 else f"\0{token}\1" for token, n in times.items()]
    return "".join((*written, "\0")).encode("utf-8", "surrogatepass")


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
    """Pack numbers as variable-length integers (LEB128, high bit: more follows)."""
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
