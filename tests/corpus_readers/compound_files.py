"""Compound files ([MS-CFB]), the containers of .doc, .xls and .msg, built byte by byte."""

from __future__ import annotations

import itertools
import struct
from typing import Any

Tree = dict[str, Any]  # name → bytes of a stream, or the tree of a storage

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR, _MINI = 512, 64  # bytes
_SMALL = 4096  # bytes; smaller streams lie in the mini stream
_STORAGE, _STREAM, _ROOT = 1, 2, 5


class CompoundFile:
    """One file under construction."""

    def __init__(self, tree: Tree) -> None:
        self._sectors: list[bytes] = []
        self._fat: list[int] = []
        self._mini, self._mini_fat = bytearray(), list[int]()
        self._entries: list[list[Any]] = []  # name, kind, right, child, start, size
        self._add("Root Entry", tree, _ROOT)

    def data(self) -> bytes:
        """The bytes of the file."""
        self._entries[0][4:] = [self._store(bytes(self._mini)), len(self._mini)]
        mini_fat = self._store(struct.pack(f"<{len(self._mini_fat)}I", *self._mini_fat), b"\xff")
        directory = self._store(b"".join(map(_entry, self._entries)))
        count = (len(self._sectors) + 1 + 127) // 128
        places = [len(self._sectors) + at for at in range(count)]
        fat = [*self._fat, *[_FAT] * count]
        table = struct.pack(f"<{len(fat)}I", *fat).ljust(_SECTOR * count, b"\xff")
        head = struct.pack(
            "<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0,
            count, directory, 0, _SMALL, mini_fat, -(-len(self._mini_fat) // 128), _END, 0,
        )  # fmt: skip
        where = struct.pack("<109I", *places, *[_FREE] * (109 - count))
        return head + where + b"".join(self._sectors) + table

    def _add(self, name: str, content: Any, kind: int) -> int:
        at = len(self._entries)
        self._entries.append([name, kind, _FREE, _FREE, 0, 0])
        if isinstance(content, bytes):
            small = len(content) < _SMALL
            start = self._store_small(content) if small else self._store(content)
            self._entries[at][4:] = [start, len(content)]
            return at
        children = [
            self._add(one, content[one], _STREAM if isinstance(content[one], bytes) else _STORAGE)
            for one in sorted(content, key=lambda one: (len(one), one.upper()))
        ]
        for child, sibling in itertools.pairwise(children):
            self._entries[child][2] = sibling
        self._entries[at][3] = children[0] if children else _FREE
        return at

    def _store(self, data: bytes, fill: bytes = b"\0") -> int:
        """The first sector of ``data``."""
        if not data:
            return _END
        first, count = len(self._sectors), -(-len(data) // _SECTOR)
        data = data.ljust(count * _SECTOR, fill)
        self._sectors += [data[at : at + _SECTOR] for at in range(0, len(data), _SECTOR)]
        self._fat += [*range(first + 1, first + count), _END]
        return first

    def _store_small(self, data: bytes) -> int:
        """The first sector of ``data`` in the mini stream."""
        if not data:
            return _END
        first, count = len(self._mini_fat), -(-len(data) // _MINI)
        self._mini += data.ljust(count * _MINI, b"\0")
        self._mini_fat += [*range(first + 1, first + count), _END]
        return first


def _entry(fields: list[Any]) -> bytes:
    name, kind, right, child, start, size = fields
    label = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        label, len(label), kind, 1, _FREE, right, child, b"", 0, 0, 0, start, size,
    )  # fmt: skip


def compound_file(tree: Tree) -> bytes:
    """A compound file of these streams and storages."""
    return CompoundFile(tree).data()
