"""Indexes of format 1 ask for a rebuild, which carries over what only they hold.

``tests/data/format-1.zip`` was made by the last commit that wrote format 1: reports "mot", "hai" and
"ba" were added without files, each in a segment of its own, and "hai" removed again.
"""

from __future__ import annotations

import random
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tracuu import Index, errors
from tracuu.engines.whoosh.engine import WhooshEngine
from tracuu.index.rebuild import rebuild
from tracuu.schema import SCHEMA


@pytest.fixture
def old(tmp_path: Path, root: Path) -> Path:
    with zipfile.ZipFile(root / "tests" / "data" / "format-1.zip") as archive:
        archive.extractall(tmp_path / "old")
    return tmp_path / "old"


def test_it_is_searched_after_a_rebuild(old: Path) -> None:
    with pytest.raises(errors.IndexOutdated, match="tracuu rebuild"):
        Index.open(old)
    assert list(rebuild(old)) == []
    with Index.open(old) as index:
        hits = [hit.passage.id for hit in index.search("chỉ có trong chỉ mục")]
        assert sorted(hits) == ["ba#1", "ba#2", "mot#1", "mot#2"]
        assert index.passage("ba#2").text == "Đoạn thứ 2 của báo cáo ba, chỉ có trong chỉ mục."


def test_its_data_is_read_and_never_written(old: Path) -> None:
    engine = WhooshEngine.open(old / "data-0001", SCHEMA)
    with engine.snapshot() as snapshot:
        assert snapshot.get("mot#1")
        assert snapshot.get("hai#1") is None
        assert snapshot.doc_freqs("syllable", ["mục", "hai"]) == [4, 0]
    with pytest.raises(errors.IndexOutdated):
        engine.writer()
    engine.close()


def test_damage_in_it_comes_out_as_damage(old: Path) -> None:
    chance = random.Random(1)
    for path in sorted((old / "data-0001").glob("MAIN_*.*")):
        data = path.read_bytes()
        for _ in range(10):
            spoilt = bytearray(data)
            for _ in range(chance.choice((1, 20))):
                spoilt[chance.randrange(len(data))] = chance.randrange(256)
            path.write_bytes(spoilt)
            try:
                engine = WhooshEngine.open(old / "data-0001", SCHEMA)
                with closing(engine), engine.snapshot() as snapshot:
                    for key in ("mot#1", "ba#2"):
                        assert snapshot.get(key) is None or "chỉ mục" in str(snapshot.get(key))
                    list(snapshot.vocabulary("syllable"))
            except errors.IndexDamaged:
                continue
        path.write_bytes(data)
