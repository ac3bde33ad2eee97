"""The checksum of ``meta.json``, tantivy's list of segments."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from tantivy_stores import (
    SCHEMA,
    TantivyEngine,
    document,
    everything,
    remove,
    what,
)

from tracuu import errors
from tracuu.engines.tantivy import meta as _tantivy_meta


def test_without_its_list_of_segments_the_rest_is_damage(
    engine: TantivyEngine, tmp_path: Path
) -> None:
    (tmp_path / "store" / "meta.json").unlink()
    with pytest.raises(errors.IndexDamaged, match=r"meta\.json"):
        TantivyEngine.open(tmp_path / "store", SCHEMA)


def test_every_flipped_bit_of_the_list_of_segments_is_noticed(
    whole: tuple[Path, list[object]], tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole[0], folder)
    path, chance = folder / "meta.json", random.Random(8)
    data = path.read_bytes()
    for at in chance.sample(range(len(data)), 60):
        spoilt = bytearray(data)
        spoilt[at] ^= 1 << chance.randrange(7)
        path.write_bytes(spoilt)
        with pytest.raises(errors.IndexDamaged, match=r"meta\.json"):
            TantivyEngine.open(folder, SCHEMA)
        assert any("meta.json" in fault for fault in what(folder))
        scan = TantivyEngine.scan(folder, SCHEMA)  # by the copy
        assert sum(one is not None for one in scan.documents()) == 600
        scan.close()
    path.write_bytes(data)
    assert what(folder) == []


@pytest.mark.parametrize("harm", ["flipped", "torn", "emptied"])
def test_a_damaged_seal_harms_no_search_and_is_replaced(
    engine: TantivyEngine, tmp_path: Path, harm: str
) -> None:
    engine.close()
    seal = tmp_path / "store" / "tracuu-seal.json"
    data = bytearray(seal.read_bytes())
    data[len(data) // 2] ^= 1
    seal.write_bytes({"flipped": bytes(data), "torn": data[:90], "emptied": b""}[harm])
    assert len(everything(tmp_path / "store")) == 3
    assert what(tmp_path / "store") == ["tracuu-seal.json is torn"]
    remove(tmp_path / "store", "0")
    assert what(tmp_path / "store") == []


def test_a_kill_between_a_commit_and_its_seal_raises_no_alarm(
    engine: TantivyEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"

    def killed(folder: Path) -> None:
        raise OSError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(_tantivy_meta, "seal", killed)
        with engine.writer() as writer:
            writer.add(document("new"))
    assert len(everything(store)) == 4
    assert what(store) == []
    left = [fault.what for fault in TantivyEngine.integrity_check(store, SCHEMA) if fault.leftover]
    assert any("meta.json has no checksum yet" in each for each in left)
    with engine.writer() as writer:  # the next change seals it
        writer.add(document("newer"))
    assert list(TantivyEngine.integrity_check(store, SCHEMA)) == []
    flipped = bytearray((store / "meta.json").read_bytes())
    flipped[10] ^= 1
    (store / "meta.json").write_bytes(flipped)
    with pytest.raises(errors.IndexDamaged, match="other bytes"):
        TantivyEngine.open(store, SCHEMA)


def test_an_index_without_a_seal_is_read_and_gets_one(
    engine: TantivyEngine, tmp_path: Path
) -> None:
    seal = tmp_path / "store" / "tracuu-seal.json"
    seal.unlink()
    assert len(everything(tmp_path / "store")) == 3
    assert list(TantivyEngine.integrity_check(tmp_path / "store", SCHEMA)) == []
    remove(tmp_path / "store", "0")
    assert seal.exists()
    assert what(tmp_path / "store") == []


def test_a_change_that_is_given_up_leaves_a_seal(engine: TantivyEngine, tmp_path: Path) -> None:
    writer = engine.writer()
    writer.add(document("new"))
    writer.rollback()
    assert list(TantivyEngine.integrity_check(tmp_path / "store", SCHEMA)) == []
