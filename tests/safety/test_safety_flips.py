"""One flipped bit in the engine's data: no wrong answer, and a rebuild brings back the rest."""

from __future__ import annotations

import random
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from tracuu import Index, Passage, Report, check, copy, rebuild, upgrade
from tracuu.errors import IndexDamaged, StorageError

WORDS = [
    "giải",
    "ngân",
    "vốn",
    "đầu",
    "tư",
    "ngân",
    "sách",
    "chợ",
    "xây",
    "dựng",
    "đảng",
    "viên",
    "tuyển",
    "quân",
    "chi",
    "bộ",
]
QUERIES = ["giải ngân", "ngân sách chợ", '"vốn đầu tư"', "đ*", "số 17", "quân"]
REPORTS, EACH = 3, 24


def sentence(report: int, number: int) -> str:
    chance = random.Random(report * 1000 + number)
    return " ".join([*chance.choices(WORDS, k=9), "số", str(number), "của", str(report)])


TEXTS = {f"r{report}#{at}": sentence(report, at) for report in range(REPORTS) for at in range(1, EACH + 1)}  # fmt: skip


@pytest.fixture
def whole(tmp_path: Path, each_engine: str) -> Path:
    """An index of reports without files, one of several that was removed again."""
    with Index.create(tmp_path / "whole") as index:
        for report in range(REPORTS + 1):
            passages = [
                Passage(f"r{report}", at, sentence(report, at)) for at in range(1, EACH + 1)
            ]
            index.add(passages, report=Report(f"r{report}", title=f"Báo cáo {report}"))
        index.remove(f"r{REPORTS}")
    return tmp_path / "whole"


def data_files(path: Path) -> list[Path]:
    return sorted(one for one in (path / "data-0001").iterdir() if one.stat().st_size)


def flip(file: Path, at: int, bit: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1 << bit
    file.write_bytes(data)


def answers(path: Path) -> list[object]:
    found: list[object] = []
    with Index.open(path) as index:
        for query in QUERIES:
            results = index.search(query, limit=100, collapse=False)
            found.append(sorted((hit.passage.id, hit.passage.text) for hit in results))
    return found


def texts(path: Path) -> dict[str, str]:
    with Index.open(path) as index:
        return {
            hit.passage.id: hit.passage.text
            for report in index.reports()
            for hit in index.search("", report=report.id, limit=100, collapse=False)
        }


def test_a_flipped_bit_changes_no_answer_and_loses_nothing_silently(
    whole: Path, tmp_path: Path
) -> None:
    before, chance = answers(whole), random.Random(9)
    names = [file.name for file in data_files(whole)]
    sizes = [file.stat().st_size for file in data_files(whole)]
    restored = 0
    for turn in range(14):
        place = tmp_path / f"spoilt-{turn}"
        shutil.copytree(whole, place)
        file = place / "data-0001" / chance.choices(names, sizes)[0]
        flip(file, chance.randrange(file.stat().st_size), chance.randrange(8))
        with suppress(IndexDamaged):
            assert answers(place) == before
        changes = list(rebuild(place))
        lost = {each.reports[0] for each in changes if each.kind == "lost"}
        after = texts(place)
        assert after.items() <= TEXTS.items()
        assert {name.partition("#")[0] for name in TEXTS.keys() - after.keys()} <= lost
        assert f"r{REPORTS}" not in lost  # it was removed long before
        restored += after == TEXTS and answers(place) == before
    assert restored


def spoil_all_but_texts(path: Path) -> None:
    """Flip a bit in each part of the index besides its stored texts."""
    for file in data_files(path):
        if file.suffix == ".tra":
            flip(file, file.stat().st_size - 200, 3)  # the directory of the segment
        elif file.suffix in (".idx", ".term", ".fast", ".fieldnorm"):
            flip(file, file.stat().st_size // 2, 3)


def test_a_rebuild_needs_nothing_but_the_texts(whole: Path) -> None:
    before = answers(whole)
    spoil_all_but_texts(whole)
    assert any(one.kind == "damage" for one in check(whole))
    assert list(rebuild(whole)) == []
    assert texts(whole) == TEXTS
    assert answers(whole) == before
    assert check(whole) == []


def test_without_its_deletions_a_segment_is_named_as_lost(whole: Path, each_engine: str) -> None:
    if each_engine != "tantivy":
        pytest.skip("Whoosh lists deletions with the segments")
    with Index.open(whole) as index:
        index.correct("r1#3", area="kinh-te")
    (deletes,) = (whole / "data-0001").glob("*.del")
    deletes.unlink()
    changes = list(rebuild(whole))
    assert [(one.kind, one.reports) for one in changes if one.reports] == [("lost", ("r1",))]
    assert texts(whole) == {name: text for name, text in TEXTS.items() if name[:2] != "r1"} | {
        name: text for name, text in texts(whole).items() if name == "r1#3"
    }


def test_neither_copy_nor_upgrade_carries_damage(whole: Path, tmp_path: Path) -> None:
    spoil_all_but_texts(whole)
    with pytest.raises(IndexDamaged, match="rebuild"):
        list(copy(whole, tmp_path / "copy"))
    assert not (tmp_path / "copy").exists()
    list(upgrade(whole))
    assert texts(whole) == TEXTS


def test_a_writer_does_not_merge_damage(whole: Path) -> None:
    spoil_all_but_texts(whole)
    with pytest.raises(StorageError), Index.open(whole) as index:
        index.add([Passage("neu", 1, "Một đoạn mới.")])
    list(rebuild(whole))
    assert texts(whole) == TEXTS


@pytest.mark.parametrize("share", [0.01, 0.5, 0.999])
def test_a_list_of_segments_with_one_wrong_bit_is_read(
    whole: Path, each_engine: str, share: float
) -> None:
    data = whole / "data-0001"
    (toc,) = data.glob("*.toc") if each_engine == "whoosh" else [data / "meta.json"]
    flip(toc, int(share * toc.stat().st_size), 2)
    with pytest.raises(IndexDamaged):
        answers(whole)
    assert list(rebuild(whole)) == []
    assert texts(whole) == TEXTS
