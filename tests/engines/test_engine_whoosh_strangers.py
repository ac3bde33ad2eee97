"""An index from a stranger runs no code and reads no file outside of its folder."""

from __future__ import annotations

import io
import os
import pickle
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracuu import engines as c
from tracuu import errors
from tracuu.engines.whoosh import toc
from tracuu.engines.whoosh.codec import TracuuSegment
from tracuu.engines.whoosh.engine import WhooshEngine

SCHEMA = c.Schema((c.TextField("body", positions=True),), ("area",), ("year",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "store"
    where.mkdir()
    engine = WhooshEngine.create(where, SCHEMA)
    for at in range(2):
        with engine.writer() as writer:
            writer.add(
                c.Document(f"k{at}", {"body": [("a", 0)]}, {"area": ["x"]}, {"year": at}, "s")
            )
    engine.close()
    return where


class Touch:
    """Unpickled by Python's own pickle, creates a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, (str(self.path),)


def replaced(folder: Path, segments: bytes, schema: bytes | None = None) -> None:
    """Write the last table of contents again with other pickles, and seal it again."""
    path = max(folder.glob("*.toc"), key=lambda path: int(path.stem.rsplit("_", 1)[1]))
    number = int(path.stem.rsplit("_", 1)[1])
    body, seals = toc._unseal(path.read_bytes())
    file = io.BytesIO(body)
    for _ in range(3):
        toc._varint(file)
    file.seek(8, io.SEEK_CUR)
    for _ in range(3):
        toc._varint(file)
    head = body[: file.tell()]
    size = toc._varint(file)
    kept = schema if schema is not None else file.read(size)
    path.write_bytes(head + varint(len(kept)) + kept + struct.pack("!ii", number, 0) + segments)
    toc.seal(path, seals)


def varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def opened(folder: Path) -> int:
    engine = WhooshEngine.open(folder, SCHEMA)
    try:
        with engine.snapshot() as snapshot:
            return snapshot.search(c.Request(c.Term("body", "a"))).total
    finally:
        engine.close()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_that_would_run_a_command(folder: Path, tmp_path: Path, protocol: int) -> None:
    made = tmp_path / "made"
    replaced(folder, pickle.dumps([Touch(made)], protocol))
    with pytest.raises(errors.IndexDamaged, match="mkdir"):
        opened(folder)
    with pytest.raises(errors.IndexDamaged):
        WhooshEngine(folder, SCHEMA).writer()
    assert [problem.what for problem in WhooshEngine.integrity_check(folder, SCHEMA)]
    assert not made.exists()


def test_a_schema_that_would_run_a_command_is_never_read(folder: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    number = max(int(path.stem.rsplit("_", 1)[1]) for path in folder.glob("*.toc"))
    segments = [TracuuSegment.of(segment) for segment in toc.read_segments(folder, number)[0]]
    replaced(folder, pickle.dumps(segments), pickle.dumps(Touch(made)))
    assert opened(folder) == 2
    assert not made.exists()


NAMES = [
    b"cbuiltins\neval\n(S'1'\ntR.",
    b"cbuiltins\ngetattr\n.",
    b"c__builtin__\nexec\n.",
    b"cos\nsystem\n(S'true'\ntR.",
    b"csubprocess\nPopen\n.",
    b"ctracuu.engines.whoosh.codec\nTracuuSegment.codec\n.",
    b"ctracuu.engines.whoosh.codec\nTracuuCodec\n.",
    b"ctracuu.index\nIndex\n.",
    b"ccopyreg\n_reconstructor\n.",
    b"c_codecs\ndecode\n.",
    b"c_codecs\nencode\n(S'x'\nS'idna'\ntR.",
    b"P0\n.",  # an object outside of the pickle
    b"\x80\x04\x8c\x08builtins\x8c\x04eval\x93.",
    b"\x80\x04\x8c\x02os\x8c\x06system\x93.",
    b"\x82\x01.",  # a number of the registry of extensions
]


@pytest.mark.parametrize("data", NAMES)
def test_nothing_but_segments_is_named(folder: Path, data: bytes) -> None:
    replaced(folder, data)
    with pytest.raises(errors.IndexDamaged):
        opened(folder)


def test_what_a_pickle_sets_changes_no_class(folder: Path) -> None:
    name = b"ctracuu.engines.whoosh.codec\nTracuuSegment\n"
    # BUILD with a pair as the state sets attributes of the class itself
    replaced(folder, b"\x80\x02" + name + b"N}U\x05codecK\x01s\x86b.")
    with pytest.raises(errors.IndexDamaged):
        opened(folder)
    assert callable(TracuuSegment.codec)


@pytest.mark.parametrize(
    "values",
    [
        {"segid": "../../etc/passwd"},
        {"segid": "a/b"},
        {"segid": 5},
        {"_doccount": -1},
        {"_doccount": True},
        {"_doccount": "1"},
        {"_doccount": 10**9},
        {"_deleted": {7}},
        {"_deleted": {"a"}},
        {"_deleted": 3},
        {"indexname": "OTHER"},
    ],
)
def test_a_segment_with_impossible_values(folder: Path, values: dict[str, Any]) -> None:
    number = max(int(path.stem.rsplit("_", 1)[1]) for path in folder.glob("*.toc"))
    (segment, *_) = toc.read_segments(folder, number)[0]
    made = TracuuSegment.of(segment)
    vars(made).update(values)
    replaced(folder, pickle.dumps([made]))
    with pytest.raises(errors.IndexDamaged):
        opened(folder)


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "MAIN_a/../../x.tra", "_MAIN_1.toc"])
def test_seals_name_files_of_the_index_only(folder: Path, name: str) -> None:
    (folder.parent / "outside").write_bytes(b"12345")
    path = max(folder.glob("*.toc"))
    body, seals = toc._unseal(path.read_bytes())
    path.write_bytes(body)
    toc.seal(path, {**seals, name: (5, zlib.crc32(b"12345"))})
    with pytest.raises(errors.IndexDamaged, match="not a file of an index"):
        opened(folder)


def test_the_folder_may_be_read_only(folder: Path) -> None:
    for path in [*folder.iterdir(), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert opened(folder) == 2
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
