"""Reports in archives and messages: updates, rebuilds, removal, uploads and originals."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from pathlib import Path

import pytest

from tracuu import Index, check, rebuild
from tracuu.errors import UnknownReport

Make = Callable[..., Path]
Pack = Callable[[Mapping[str, int]], Path]


@pytest.fixture
def pack(tmp_path: Path, make: Make) -> Pack:
    """Writes ``reports/nam.zip`` with a report for each member → year."""

    def write(files: Mapping[str, int]) -> Path:
        path = tmp_path / "reports" / "nam.zip"
        path.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(path, "w") as archive:
            for name, year in files.items():
                archive.writestr(name, make(tmp_path / "text.txt", year).read_bytes())
        return path

    return write


def ids(index: Index) -> dict[str, str]:
    return {report.member or "": report.id for report in index.reports()}


def test_each_file_of_an_archive_is_a_report(index: Index, pack: Pack) -> None:
    path = pack({"xa-a/bao-cao.txt": 2001, "xa-b/bao-cao.txt": 2002, "nam.txt": 2003})
    (change,) = index.update([path.parent])
    assert (change.kind, change.passages) == ("added", 9)
    assert ids(index) == {
        "nam.txt": "nam",
        "xa-a/bao-cao.txt": "bao-cao",
        "xa-b/bao-cao.txt": "bao-cao-2",
    }
    report = index.report("bao-cao-2")
    assert (report.source, report.folder) == (str(path), "reports/nam.zip/xa-b")
    assert index.search("giải ngân", folder="xa-b").hits[0].passage.report == "bao-cao-2"
    assert [change.kind for change in index.update([path.parent])] == ["unchanged"]


def test_a_member_that_is_gone_is_removed_and_the_others_keep_their_ids(
    index: Index, pack: Pack, fates
) -> None:
    folder = pack({"xa-a/bao-cao.txt": 2001, "xa-b/bao-cao.txt": 2002}).parent
    list(index.update([folder]))
    pack({"xa-b/bao-cao.txt": 2002, "xa-c/bao-cao.txt": 2003})
    assert fates(index, [folder]) == [
        ("changed", "nam.zip", ("bao-cao-2", "bao-cao-3")),
        ("removed", "bao-cao.txt", ("bao-cao",)),
    ]
    assert index.search("2001", literal=True).total == 0
    pack({"xa-a/bao-cao.txt": 2001, "xa-b/bao-cao.txt": 2002, "xa-c/bao-cao.txt": 2003})
    list(index.update([folder]))
    assert ids(index)["xa-b/bao-cao.txt"] == "bao-cao-2"
    assert ids(index)["xa-c/bao-cao.txt"] == "bao-cao-3"


def test_an_archive_that_is_gone_goes_with_prune_and_one_that_moved_keeps_its_reports(
    index: Index, pack: Pack, make: Make, fates
) -> None:
    path = pack({"a.txt": 2001, "b.txt": 2002})
    for year in range(2003, 2006):
        make(path.parent / f"{year}.txt", year)
    list(index.update([path.parent]))
    moved = path.rename(path.with_name("khac.zip"))
    found = fates(index, [path.parent])
    assert ("moved", "khac.zip", ("a", "b")) in found
    assert [kind for kind, *_ in found] == ["unchanged"] * 3 + ["moved"]
    assert index.report("a").folder == "reports/khac.zip"
    moved.unlink()
    assert ("removed", "khac.zip", ("a", "b")) in fates(index, [path.parent], prune=True)
    with pytest.raises(UnknownReport):
        index.report("a")


def test_a_rebuild_keeps_the_ids_of_members(tmp_path: Path, index: Index, pack: Pack) -> None:
    folder = pack({"xa-a/bao-cao.txt": 2001, "xa-b/bao-cao.txt": 2002}).parent
    list(index.update([folder]))
    pack({"xa-b/bao-cao.txt": 2002, "xa-c/bao-cao.txt": 2003})
    changes = [(change.kind, change.reports) for change in rebuild(index.path)]
    assert changes == [
        ("added", ("bao-cao-2", "bao-cao-3")),
        ("removed", ("bao-cao",)),
    ]
    assert ids(index) == {"xa-b/bao-cao.txt": "bao-cao-2", "xa-c/bao-cao.txt": "bao-cao-3"}
    elsewhere = shutil.move(folder, tmp_path / "khac")
    list(rebuild(index.path, [elsewhere]))
    assert ids(index) == {"xa-b/bao-cao.txt": "bao-cao-2", "xa-c/bao-cao.txt": "bao-cao-3"}
    shutil.rmtree(Path(index.path) / "data-0003")  # ids do not hang on the index's data
    list(rebuild(index.path))
    with Index.open(index.path) as again:
        assert ids(again) == {"xa-b/bao-cao.txt": "bao-cao-2", "xa-c/bao-cao.txt": "bao-cao-3"}
    assert check(index.path) == []


def test_helpers_read_archives_as_this_process_does(tmp_path: Path, pack: Pack) -> None:
    path = pack({f"xa-{number}/bao-cao.txt": 2000 + number for number in range(1)})
    for number in range(26):
        shutil.copy(path, path.with_name(f"{number}.zip"))
        with zipfile.ZipFile(path.with_name(f"{number}.zip"), "a") as archive:
            archive.writestr("so.txt", f"Xã số {number} đã nộp báo cáo đúng hạn.")
    path.unlink()
    found = []
    for jobs in (1, 2):
        with Index.create(tmp_path / f"index-{jobs}") as index:
            list(index.update([path.parent], jobs=jobs))
            found.append([(report.id, report.member, report.source) for report in index.reports()])
    assert found[0] == found[1]
    assert len(found[0]) == 52


def test_one_removed_report_leaves_the_others(index: Index, pack: Pack) -> None:
    folder = pack({"a.txt": 2001, "b.txt": 2002}).parent
    list(index.update([folder]))
    index.remove("a")
    assert [change.kind for change in index.update([folder])] == ["unchanged"]
    assert list(ids(index).values()) == ["b"]


def test_a_damaged_member_is_a_note_and_the_index_keeps_what_it_held(
    index: Index, pack: Pack
) -> None:
    path = pack({"a.txt": 2001})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("b.docx", b"PK\x03\x04")
    (change,) = index.update([path.parent])
    assert [note.partition(":")[0] for note in change.notes] == ["b.docx"]
    path.write_bytes(path.read_bytes()[:-20])
    (change,) = index.update([path.parent])
    assert change.kind == "failed"
    assert list(ids(index).values()) == ["a"]


def test_an_archive_without_a_report_says_why(index: Index, tmp_path: Path) -> None:
    path = tmp_path / "anh.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("1.jpg", b"x")
    (change,) = index.update([path])
    assert change.kind == "failed"
    assert "files of other formats in it are left out: .jpg 1" in str(change.error)


def test_a_put_archive_is_replaced_as_one(index: Index, pack: Pack) -> None:
    first = pack({"a.txt": 2001, "b.txt": 2002}).read_bytes()
    second = pack({"b.txt": 2003, "c.txt": 2004}).read_bytes()
    alone = pack({"c.txt": 2004}).read_bytes()
    assert index.put(first, name="nam.zip", report="nam-2024").reports == (
        "nam-2024-a",
        "nam-2024-b",
    )
    assert index.put(first, name="nam.zip").kind == "unchanged"
    change = index.put(second, name="nam.zip", report="nam-2024")
    assert (change.kind, change.reports) == ("changed", ("nam-2024-b", "nam-2024-c"))
    list(rebuild(index.path))
    assert list(ids(index).values()) == ["nam-2024-b", "nam-2024-c"]
    assert index.original("nam-2024-c").name == "c.txt"
    assert index.put(alone, name="mot.zip").reports == ("mot",)
    index.remove(["nam-2024-b", "nam-2024-c"])
    kept = [path.name for path in (Path(index.path) / "uploads").iterdir() if path.suffix == ".zip"]
    assert len(kept) == 1
    assert check(index.path) == []


def test_the_original_of_a_member_is_the_member(
    index: Index, pack: Pack, make: Make, tmp_path: Path
) -> None:
    folder = pack({"xa-a/bao-cao.txt": 2001}).parent
    list(index.update([folder]))
    original = index.original("bao-cao")
    assert (original.name, original.format) == ("bao-cao.txt", "txt")
    assert original.content == make(tmp_path / "text.txt", 2001).read_bytes()


def test_a_message_and_its_attachments(index: Index, tmp_path: Path, make: Make, fates) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Gửi báo cáo quý III"
    mail["Date"] = "Tue, 03 Oct 2023 08:00:00 +0700"
    mail.set_content("Kính gửi Văn phòng,\n\nXã Mai còn thiếu biểu thống kê hộ nghèo.\n")
    report = make(tmp_path / "text.txt", 2023)
    mail.add_attachment(report.read_text("utf-8"), filename="quý III.txt")
    folder = tmp_path / "thu"
    folder.mkdir()
    (folder / "thu-01.eml").write_bytes(mail.as_bytes())
    assert fates(index, [folder]) == [("added", "thu-01.eml", ("thu-01", "quy-iii"))]
    hit = index.search("biểu thống kê hộ nghèo").hits[0]
    assert hit.passage.report == "thu-01"
    letter = index.report("thu-01")
    assert letter.title == "Gửi báo cáo quý III"
    assert str(letter.date) == "2023-10-03"
    assert index.report("quy-iii").folder == "thu"
    assert index.search("đảng viên", report="quy-iii").total == 1
