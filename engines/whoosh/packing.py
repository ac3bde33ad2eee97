"""Pack the terms of a segment into blocks, half of the fields in a process.

The process receives the terms of its fields, writes their blocks to a temporary file, and answers
with the offsets of each field's blocks. The result is the same bytes; if no process can be started,
or it dies, all fields are packed in this process.

Packing is 9.4 of the 69 CPU seconds of indexing 30,000 paragraphs of law, and comes after all
analysis: with it halved, a build on two processors takes about a tenth less, on four a sixth.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ..processes import Process, ProcessGoneError, can_start, serve_requests
from .blocks import blocks
from .storage import Scratch
from .terms import FieldTerms, Flat, Item

MUCH = 400_000  # term occurrences from which starting a process pays off

_TERM = 8  # cost of a term, in occurrences
_SIZES = struct.Struct("<II")

# Field → start and end of its blocks in the file.
Packed = dict[str, tuple[int, int]]


class PackJob(NamedTuple):
    """A request to the process: the blocks of these fields, in a file at ``path``."""

    path: str
    fields: list[FieldTerms]


class Packing:
    """Packs the blocks of some fields. A context manager that ends the process."""

    def __init__(self, fields: Sequence[FieldTerms], scratch: Scratch, jobs: int) -> None:
        """``jobs`` is the maximum number of processes, including this one."""
        self._fields = {field.name: field for field in fields}
        much = jobs > 1 and can_start() and sum(map(_weight, fields)) >= MUCH
        self._to_send = _second_half(fields) if much else []
        self._scratch = scratch
        self._path: Path | None = None
        self._process: Process | None = None
        self._packed: Packed | None = None
        self._sent: set[str] = set()

    def __enter__(self) -> Packing:
        try:
            if self._to_send:
                self._send(self._to_send, self._scratch.path() / "packed")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.end()

    def _send(self, fields: Sequence[FieldTerms], path: Path) -> None:
        with suppress(ProcessGoneError):
            self._process = Process(__name__)
            self._process.send(PackJob(os.fspath(path), [field.flat() for field in fields]))
            self._sent, self._path = {field.name for field in fields}, path

    def terms(self, name: str) -> Iterator[Item]:
        """The terms of a field, in order."""
        return self._fields[name].items()

    def blocks(self, name: str) -> Iterator[tuple[bytes, bytes]]:
        """Names and blocks of a field; request fields packed in this process first."""
        where = self._lying().get(name) if name in self._sent else None
        return (
            blocks(self.terms(name))
            if where is None or self._path is None
            else _read(self._path, *where)
        )

    def _lying(self) -> Packed:
        if self._packed is None:
            self._packed = {}
            if self._process is not None:
                with suppress(ProcessGoneError):
                    self._packed = self._process.receive()
        return self._packed


def _read(path: Path, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    with open(path, "rb") as file:
        file.seek(start)
        while file.tell() < end:
            name, block = _SIZES.unpack(file.read(_SIZES.size))
            yield file.read(name), file.read(block)


def _weight(field: FieldTerms) -> int:
    """Approximate cost of packing a field, in occurrences."""
    spilt = sum(run.end - run.start for run in field.runs) // 8
    if isinstance(field.memory, Flat):
        return spilt + _TERM * len(field.memory.terms) + len(field.memory.occurrences)
    return spilt + _TERM * len(field.memory) + sum(map(len, field.memory.values()))


def _second_half(fields: Sequence[FieldTerms]) -> list[FieldTerms]:
    """The last fields, with about half of the total cost."""
    weights = [_weight(field) for field in fields]
    half, rest = sum(weights) / 2, 0
    for at in range(len(fields) - 1, 0, -1):
        if abs(rest + weights[at] - half) > abs(rest - half):
            return list(fields[at + 1 :])
        rest += weights[at]
    return list(fields[1:])


def _answer(order: PackJob) -> Packed:
    """Write the blocks; empty if that fails, and the parent then packs them."""
    packed: Packed = {}
    try:
        with open(order.path, "wb") as file:
            for field in order.fields:
                start = file.tell()
                for name, block in blocks(field.items()):
                    file.write(_SIZES.pack(len(name), len(block)) + name + block)
                packed[field.name] = start, file.tell()
    except Exception:
        return {}
    return packed


def main() -> None:
    """Serve requests."""
    serve_requests(_answer)
