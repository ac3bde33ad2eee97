"""Damaged and unreadable files of a tantivy index, and those that a killed writer left."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tantivy_stores import SCHEMA, TantivyEngine, answers, document, everything, total, what

from tracuu import errors
from tracuu.engines.tantivy import storage as _tantivy_files


def test_a_whole_index_has_no_faults(whole: tuple[Path, list[object]]) -> None:
    assert what(whole[0]) == []


@pytest.mark.parametrize(
    "harm", ["removed", "emptied", "half", "one byte less", "garbage", "zeros"]
)
@pytest.mark.parametrize(
    "kind", [".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm", "meta.json"]
)
def test_a_damaged_file_is_noticed(
    whole: tuple[Path, list[object]], tmp_path: Path, kind: str, harm: str
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole[0], folder)
    path = min(path for path in folder.iterdir() if path.name.endswith(kind))
    data = path.read_bytes()
    changed = {
        "removed": b"",
        "emptied": b"",
        "half": data[: len(data) // 2],
        "one byte less": data[:-1],
        "garbage": random.Random(harm).randbytes(len(data)),
        "zeros": bytes(len(data)),
    }[harm]
    path.write_bytes(changed)
    if harm == "removed":
        path.unlink()
    assert any(path.name in fault for fault in what(folder))
    with pytest.raises(errors.IndexDamaged):
        answers(folder)


@pytest.mark.parametrize("kind", [".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm"])
def test_a_flipped_byte_is_found_by_checking(
    whole: tuple[Path, list[object]], tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole[0], folder)
    path = min(path for path in folder.iterdir() if path.name.endswith(kind))
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 64
    path.write_bytes(data)
    assert what(folder) == [f"{path.name} has other bytes than were written"]


def test_what_a_killed_writer_left_is_a_leftover_and_goes(
    whole: tuple[Path, list[object]], tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole[0], folder)
    code = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import tantivy_stores as here
writer = here.TantivyEngine.open(Path(sys.argv[1]), here.SCHEMA).writer()
writer.delete("area", "x")
for at in range(500):
    writer.add(here.document(f"new/{at}"))
print("ready", flush=True)
os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
"""
    subprocess.run(
        [sys.executable, "-c", code, str(folder), str(Path(__file__).parent)],
        check=False,
        stdout=subprocess.DEVNULL,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    assert answers(folder) == whole[1]
    assert what(folder) == []
    (folder / "0123456789abcdef0123456789abcdef.store").write_bytes(b"left")
    left = [fault.what for fault in TantivyEngine.integrity_check(folder, SCHEMA) if fault.leftover]
    assert "0123456789abcdef0123456789abcdef.store belongs to no commit" in left
    engine = TantivyEngine.open(folder, SCHEMA)
    with engine.writer() as writer:
        writer.add(document("more"))
    assert total(engine) == 601
    engine.close()


def test_what_may_not_be_read_is_no_damage(tmp_path: Path) -> None:
    with (
        pytest.raises(errors.StorageError, match="permissions") as caught,
        _tantivy_files.reading(tmp_path),
    ):
        raise ValueError(
            "Failed to open file for read: 'IoError { io_error: Os { code: 13, kind: PermissionDenied }'"
        )
    assert not isinstance(caught.value, errors.IndexDamaged)
    with pytest.raises(MemoryError), _tantivy_files.reading(tmp_path):
        raise MemoryError


def test_flipped_bits_never_bring_back_another_text(
    whole: tuple[Path, list[object]], tmp_path: Path
) -> None:
    chance = random.Random(5)
    for turn in range(40):
        folder = tmp_path / f"store-{turn}"
        shutil.copytree(whole[0], folder)
        path = chance.choice(sorted(folder.glob("*.store")))
        data = bytearray(path.read_bytes())
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        try:
            hits = everything(folder)
        except errors.IndexDamaged:
            continue
        assert all(hit.stored == hit.key for hit in hits)
        assert len(hits) == 600
