"""A rebuild loses nothing that can be read, and names what cannot."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracuu import Index, Passage, Report, check, rebuild, upgrade
from tracuu.cli import main
from tracuu.engines.memory import MemoryWriter
from tracuu.errors import WriteFailed
from tracuu.index.directory import IndexDirectory

PASSAGES = 60
LETTER = "BÁO CÁO\n\nTuyển quân đạt chỉ tiêu từng năm.\n\nChợ mới đã xây xong.\n".encode()


def sentence(number: int) -> str:
    return f"Đoạn {number} nói về giải ngân vốn đầu tư công, mã {number * 7919 % 1000}."


@pytest.fixture
def added(tmp_path: Path, each_engine: str) -> Path:
    """An index of one report that has no file."""
    passages = [Passage("app", number, sentence(number)) for number in range(1, PASSAGES + 1)]
    with Index.create(tmp_path / "added") as index:
        index.add(passages, report=Report("app", title="Ứng dụng"))
    return tmp_path / "added"


@pytest.fixture
def uploaded(tmp_path: Path, each_engine: str) -> Path:
    """An index of one report that was put as bytes."""
    with Index.create(tmp_path / "uploaded") as index:
        index.put(LETTER, name="Thư.txt", report="thu")
    return tmp_path / "uploaded"


def readable(path: Path) -> dict[int, str]:
    """Position → text of the passages of ``app`` that can be read one at a time."""
    found = {}
    with Index.open(path) as index:
        for number in range(1, PASSAGES + 1):
            try:
                found[number] = index.passage(f"app#{number}").text
            except Exception:
                continue
    return found


def reports(path: Path) -> dict[str, int]:
    with Index.open(path) as index:
        return {report.id: report.passages for report in index.reports()}


def stored_files(path: Path) -> list[Path]:
    """The files that hold the texts."""
    data = path / "data-0001"
    return sorted([*data.glob("*.tra"), *data.glob("*.store")])


def stored_bytes(file: Path) -> range:
    """Where in such a file texts lie: in Whoosh's, at the beginning."""
    return range(8, 1500) if file.suffix == ".tra" else range(file.stat().st_size)


def test_a_flipped_bit_costs_what_it_hits_and_no_more(added: Path, tmp_path: Path) -> None:
    chance = random.Random(3)
    lossy = 0
    for trial in range(6):
        place = tmp_path / f"trial-{trial}"
        shutil.copytree(added, place)
        (file,) = stored_files(place)
        data = bytearray(file.read_bytes())
        data[chance.choice(stored_bytes(file))] ^= 1 << chance.randrange(8)
        file.write_bytes(data)
        try:
            before = readable(place)
        except Exception:
            before = {}
        changes = list(rebuild(place))
        try:
            after = readable(place)
        except Exception:
            after = {}
        assert set(before) <= set(after)
        if set(after) < set(range(1, PASSAGES + 1)):
            lossy += 1
            assert [change.kind for change in changes if change.reports == ("app",)] == ["lost"]
            assert (place / "data-0001").is_dir()
        assert [one for one in check(place) if one.kind == "damage"] == []
    assert lossy


def tear_out(path: Path) -> bytes:
    """Spoil the middle of the texts; the bytes as they were."""
    (file,) = stored_files(path)
    before = file.read_bytes()
    places = stored_bytes(file)
    middle = places[len(places) // 2]
    file.write_bytes(before[:middle] + bytes(40) + before[middle + 40 :])
    return before


def test_old_data_stay_until_they_are_given_up(added: Path) -> None:
    tear_out(added)
    (change,) = rebuild(added)
    assert change.kind == "lost"
    assert change.reports == ("app",)
    assert 0 < change.passages <= PASSAGES
    assert "app" in str(change.error)
    assert "cannot be read" in str(change.error)
    assert {one.kind for one in check(added)} == {"kept"}
    with Index.open(added) as index:  # a later writer leaves them alone
        index.add([Passage("other", 1, "Một đoạn khác.")])
    assert (added / "data-0001").is_dir()
    assert list(rebuild(added)) == []
    assert (added / "data-0001").is_dir()
    list(rebuild(added, accept_loss=True))
    assert not (added / "data-0001").exists()
    assert check(added) == []


def test_kept_data_that_are_mended_are_read_again(added: Path) -> None:
    (torn,) = stored_files(added)
    aside = torn.with_name("aside")
    torn.rename(aside)
    kinds = [change.kind for change in rebuild(added)]
    assert kinds == ["lost"]
    assert reports(added) == {}
    aside.rename(added / "data-0001" / torn.name)
    assert [(one.kind, one.reports) for one in rebuild(added)] == [("added", ("app",))]
    assert reports(added) == {"app": PASSAGES}
    assert not (added / "data-0001").exists()
    assert check(added) == []


def test_a_loss_has_an_exit_code_of_its_own(added: Path) -> None:
    tear_out(added)
    result = CliRunner().invoke(main, ["rebuild", "--index", str(added)])
    assert result.exit_code == 6
    assert "lost" in result.stderr
    assert "--accept-loss" in result.stderr
    result = CliRunner().invoke(main, ["rebuild", "--index", str(added), "--accept-loss"])
    assert result.exit_code == 0
    assert not (added / "data-0001").exists()


def test_memory_that_runs_out_is_no_damage(added: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracuu.index import salvage

    def exhausted(stored: str) -> None:
        raise MemoryError

    monkeypatch.setattr(salvage, "read_passage", exhausted)
    with pytest.raises((MemoryError, WriteFailed)):
        list(rebuild(added))
    monkeypatch.undo()
    assert reports(added) == {"app": PASSAGES}


_AS_NOBODY = """
import os, sys
from tracuu import rebuild
from tracuu.errors import WriteFailed
list(rebuild(sys.argv[2]))  # imports all that this user may not be able to read
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    print([change.kind for change in rebuild(sys.argv[1])])
except WriteFailed as error:
    print("refused:", error)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_files_that_may_not_be_read_are_no_damage(added: Path) -> None:
    with tempfile.TemporaryDirectory() as place:  # pytest closes its own folder to other users
        os.chmod(place, 0o755)
        index, copy = Path(place, "index"), Path(place, "copy")
        shutil.copytree(added, index)
        shutil.copytree(added, copy)
        for path in Path(place).rglob("*"):
            path.chmod(0o777 if path.is_dir() else 0o666)
        (file,) = stored_files(index)
        file.chmod(0)
        done = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, str(index), str(copy)],
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=False,
        )
        assert done.stdout.startswith("refused:"), done.stdout + done.stderr
        assert "would be lost" in done.stdout
        file.chmod(0o666)
        assert reports(index) == {"app": PASSAGES}


# --- originals ----------------------------------------------------------------------------------


def test_without_the_folder_of_uploads(uploaded: Path) -> None:
    shutil.rmtree(uploaded / "uploads")
    assert [(one.kind, one.reports) for one in rebuild(uploaded)] == [("kept", ("thu",))]
    assert reports(uploaded) == {"thu": 2}


def test_an_upload_whose_record_is_lost_is_read_from_its_original(
    uploaded: Path, tmp_path: Path
) -> None:
    with Index.open(uploaded) as index:
        for number in range(3):
            index.add([Passage(f"app{number}", 1, sentence(number))])
    for trial, at in enumerate((20, 90, 150, 210, 254, 300, 380, 460)):
        place = tmp_path / f"trial-{trial}"
        shutil.copytree(uploaded, place)
        for file in stored_files(place):
            data = bytearray(file.read_bytes())
            data[at % len(data)] ^= 1 << 6
            file.write_bytes(data)
        lost = {each.reports[0] for each in rebuild(place) if each.kind == "lost" if each.reports}
        held = reports(place)
        assert held["thu"] == 2
        assert {"app0", "app1", "app2"} <= {*held, *lost}
        assert "thu" not in lost


def test_an_upgrade_that_would_lose_an_upload_is_refused(uploaded: Path) -> None:
    with Index.open(uploaded) as index:
        index.add([Passage("app", 1, sentence(1))])
    for file in stored_files(uploaded):
        data = file.read_bytes()
        file.write_bytes(data[:8] + bytes(len(data) - 16) + data[-8:])
    with pytest.raises(WriteFailed, match="would be lost") as caught:
        list(upgrade(uploaded))
    assert "thu" in str(caught.value)
    list(rebuild(uploaded))
    assert reports(uploaded)["thu"] == 2


def test_with_an_empty_list_of_uploads(uploaded: Path) -> None:
    IndexDirectory(uploaded).write_json("uploads/uploads.json", {"uploads": []})
    assert [(one.kind, one.reports) for one in rebuild(uploaded)] == [("added", ("thu",))]
    assert reports(uploaded) == {"thu": 2}


def test_a_moved_index_that_misses_an_original(uploaded: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    uploaded.rename(moved)
    for path in (moved / "uploads").glob("thu-*"):
        path.unlink()
    kinds = [change.kind for change in rebuild(moved)]
    assert kinds in (["failed"], ["kept"])
    assert reports(moved) == {"thu": 2}


def test_an_original_with_other_bytes_is_not_read(uploaded: Path, held) -> None:
    before = held(uploaded)
    (original,) = (uploaded / "uploads").glob("thu-*")
    original.write_bytes(original.read_bytes().replace("đạt".encode(), "hụt".encode()))
    assert [(one.kind, one.reports) for one in rebuild(uploaded)] == [("kept", ("thu",))]
    assert held(uploaded) == before
    assert any("changed since it was uploaded" in one.what for one in check(uploaded))


# --- lists of sources ---------------------------------------------------------------------------


def test_with_an_empty_list_of_sources(own: Path, held, each_engine: str) -> None:
    before = held(own)
    IndexDirectory(own).write_json("sources-0001.json", {"paths": [], "ids": {}})
    list(rebuild(own))
    assert held(own) == before


def test_a_flipped_id_renames_nothing(own: Path, held, each_engine: str) -> None:
    before = held(own)
    file = own / "sources-0001.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"mot"', '"mou"'), encoding="utf-8")
    assert any("sources-0001.json" in one.what for one in check(own))
    list(rebuild(own))
    assert held(own) == before
    assert check(own) == []


def test_killed_between_sources_and_manifest(
    own: Path, held, write, tmp_path: Path, each_engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(own)
    (tmp_path / "new").mkdir()
    write(tmp_path / "new" / "moi.txt", "Một đoạn mới.")

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(IndexDirectory, "save_manifest", killed)
    monkeypatch.setattr(IndexDirectory, "drop_generation", lambda *_: None)
    with pytest.raises(Killed):
        list(rebuild(own, [tmp_path / "new"]))
    monkeypatch.undo()
    assert (own / "sources-0002.json").exists()
    list(rebuild(own))
    assert held(own) == before
    assert json.loads((own / "tracuu.json").read_text())["generation"] == 3
    assert check(own) == []


def test_the_old_index_goes_only_when_the_new_one_is_read_back(
    own: Path, held, each_engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(own)
    add = MemoryWriter.add
    monkeypatch.setattr(
        MemoryWriter, "add", lambda self, one: add(self, one) if one.key != "mot#2" else None
    )
    with pytest.raises(WriteFailed, match="'mot'"):
        list(rebuild(own, engine="memory"))
    assert held(own) == before
    assert check(own) == []


@pytest.mark.parametrize("name", ["tracuu.json", "sources-0001.json", "uploads/uploads.json"])
def test_check_sees_every_flipped_bit_in_a_small_file(uploaded: Path, name: str) -> None:
    file = uploaded / name
    before = file.read_bytes()
    chance = random.Random(1)
    unseen = []
    for _ in range(12):
        data = bytearray(before)
        at, bit = chance.randrange(len(data)), chance.randrange(8)
        data[at] ^= 1 << bit
        file.write_bytes(data)
        blank = before[at : at + 1].isspace() or b"checksum" in before[max(0, at - 10) : at + 10]
        if not blank and not check(uploaded):
            unseen.append((at, bit))
        file.write_bytes(before)
    assert unseen == []
    assert check(uploaded) == []
