"""Reports that come as bytes: Index.put."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from tracuu import Index, Limits, Passage, check, rebuild
from tracuu.errors import (
    EmptyFile,
    IndexBusy,
    IndexDamaged,
    OptionError,
    ReportExists,
    StorageError,
    TooLarge,
    UnknownReport,
    UnsupportedFormat,
    WriteFailed,
)
from tracuu.index.directory import IndexDirectory
from tracuu.index.extra import set_extra


@pytest.fixture
def body(make, tmp_path):
    """The bytes of a report."""

    def give(year=2010, more="các khoản chi đều đúng Luật"):
        return make(tmp_path / "elsewhere" / "x.txt", year, more).read_bytes()

    return give


def kept(index: Index) -> list[str]:
    folder = Path(index.path) / "uploads"
    return (
        sorted(path.name for path in folder.iterdir() if path.name != "uploads.json")
        if folder.is_dir()
        else []
    )


def test_a_report_is_put_found_and_kept(index, body):
    change = index.put(body(2011), name="Báo cáo năm 2011.txt")
    assert (change.kind, change.reports, change.passages) == ("added", ("bao-cao-nam-2011",), 3)
    assert index.search("dự toán 2011").hits[0].passage.report == "bao-cao-nam-2011"
    assert [
        name.endswith(".txt") and name.startswith("bao-cao-nam-2011-") for name in kept(index)
    ] == [True]
    assert (Path(index.path) / "uploads" / kept(index)[0]).read_bytes() == body(2011)
    assert check(index.path) == []


def test_a_folder_of_originals_that_may_not_be_listed_is_no_damage(index, body, monkeypatch):
    index.put(body(2011), name="a.txt")
    listed = Path.iterdir

    def refused(path):
        if path.name == "uploads":
            raise PermissionError(errno.EACCES, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refused)
    with pytest.raises(StorageError, match="Permission denied") as caught:
        index.put(body(2012), name="b.txt")
    assert not isinstance(caught.value, IndexDamaged)
    monkeypatch.undo()
    assert [report.id for report in index.reports()] == ["a"]
    assert index.put(body(2012), name="b.txt").kind == "added"


def test_the_same_again_changes_nothing_and_another_of_the_name_gets_an_id_of_its_own(index, body):
    assert index.put(body(2011), name="a.txt").kind == "added"
    assert index.put(body(2011), name="b.txt").reports == ("a",)
    assert index.put(body(2011), name="b.txt").kind == "unchanged"
    assert index.put(body(2012), name="a.txt").reports == ("a-2",)
    assert len(kept(index)) == 2


def test_put_in_place_of_what_was_put_before(index, body):
    assert index.put(body(2011), name="x.txt", report="nam").kind == "added"
    assert index.put(body(2011), name="x.txt", report="nam").kind == "unchanged"
    assert index.put(body(2012), name="y.md.txt", report="nam").kind == "changed"
    assert [report.id for report in index.reports()] == ["nam"]
    assert not index.search('"năm 2011"').total
    assert len(kept(index)) == 1


def test_reports_of_folders_are_not_overwritten(index, folder, body):
    list(index.update([folder]))
    with pytest.raises(ReportExists, match="'mot'"):
        index.put(body(2020), name="x.txt", report="mot")
    assert index.put(body(2020), name="mot.txt").reports == ("mot-2",)
    with pytest.raises(ReportExists, match="mot-2"):
        index.put(body(2020), name="mot.txt", report="khac")
    assert len(kept(index)) == 1


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x.txt",
        "/abs/x.txt",
        "..\\..\\x.txt",
        "x\0.txt",
        "CON.txt",
        "\ud800.txt",
    ],
)
def test_a_name_is_no_place(index, body, name, tmp_path):
    before = {path for path in tmp_path.rglob("*") if "index" not in path.parts}
    body(2011)
    index.put(body(2011), name=name)
    assert len(kept(index)) == 1
    assert all(set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") for stem in kept(index))
    assert {path for path in tmp_path.rglob("*") if "index" not in path.parts} - before <= {
        tmp_path / "elsewhere", tmp_path / "elsewhere" / "x.txt"
    }  # fmt: skip


@pytest.mark.parametrize(
    "id", ["", "..", "a/b", "A", "a b", "a--b", "-a", "x" * 101, "ngân", "a#1", "con.txt"]
)
def test_ids_are_plain(index, body, id):
    with pytest.raises(OptionError):
        index.put(body(), name="x.txt", report=id)
    assert kept(index) == []


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"", "x.txt", EmptyFile),
        (b"  \n", "x.txt", EmptyFile),
        (b"x", "x.exe", UnsupportedFormat),
        (b"x", "x", UnsupportedFormat),
        (b"PK\x03\x04 no zip", "x.docx", Exception),
        (b"%PDF-1.4 torn", "x.pdf", Exception),
    ],
)
def test_what_cannot_be_read_leaves_nothing_and_names_no_folder(index, content, name, error):
    index.add([])
    with pytest.raises(error) as caught:
        index.put(content, name=name)
    assert str(index.path) not in str(caught.value)
    assert index.reports() == ()
    assert kept(index) == []


def test_what_cannot_be_read_leaves_what_was_there(index, body):
    index.put(body(2011), name="x.txt", report="nam")
    with pytest.raises(EmptyFile):
        index.put(b" ", name="x.txt", report="nam")
    assert index.search('"năm 2011"').total
    assert len(kept(index)) == 1


def test_too_large(index, body):
    with pytest.raises(TooLarge):
        index.put(body(), name="x.txt", limits=Limits(file_bytes=10))


def test_a_writer_at_work_keeps_others_out(index, body):
    with IndexDirectory(index.path).lock(), pytest.raises(IndexBusy):
        index.put(body(), name="x.txt")
    assert kept(index) == []


def test_what_is_removed_is_gone_for_good(index, body, folder):
    list(index.update([folder]))
    index.put(body(2011), name="x.txt")
    index.remove("x")
    assert kept(index) == []
    list(rebuild(index.path))
    assert [report.id for report in index.reports()] == ["hai", "mot"]
    with pytest.raises(UnknownReport):
        index.remove("x")


def test_a_rebuild_reads_uploads_again_and_keeps_ids_and_titles(index, body, folder):
    list(index.update([folder]))
    index.put(
        b"Kh\xc3\xb4ng c\xc3\xb3 ti\xc3\xaau \xc4\x91\xe1\xbb\x81 n\xc3\xa0o c\xe1\xba\xa3, ch\xe1\xbb\x89 c\xc3\xb3 m\xe1\xbb\x99t c\xc3\xa2u.",
        name="Tên riêng.txt",
        report="rieng",
    )
    index.put(body(2011), name="x.txt", report="nam")
    before = index.reports()
    assert {report.id: report.title for report in before}["rieng"] == "Tên riêng"
    changes = list(rebuild(index.path))
    assert {change.kind for change in changes} == {"added"}
    assert index.reports() == before
    list(rebuild(index.path, [folder / "mot.txt"]))
    assert [report.id for report in index.reports()] == ["hai", "mot", "nam", "rieng"]
    assert index.put(body(2011), name="x.txt", report="nam").kind == "unchanged"
    assert check(index.path) == []


def test_an_index_with_uploads_alone_can_be_rebuilt_and_moved(index, body, tmp_path):
    index.put(body(2011), name="x.txt", report="nam")
    index.close()
    shutil.move(index.path, tmp_path / "moved")
    list(rebuild(tmp_path / "moved"))
    with Index.open(tmp_path / "moved") as moved:
        assert [report.id for report in moved.reports()] == ["nam"]
        assert moved.put(body(2012), name="x.txt", report="nam").kind == "changed"
        assert moved.remove("nam") == 3
        assert kept(moved) == []


@pytest.mark.parametrize("lost", ["uploads/uploads.json", "sources-0001.json", "tracuu.json"])
def test_uploads_survive_the_loss_of_a_list(index, body, lost):
    index.put(body(2011), name="x.txt", report="nam")
    index.close()
    path = Path(index.path)
    (path / lost).write_text("{", encoding="utf-8")
    list(rebuild(path))
    with Index.open(path) as again:
        assert [report.id for report in again.reports()] == ["nam"]


def test_check_tells_of_originals_that_are_gone_or_changed(index, body):
    index.put(body(2011), name="a.txt")
    index.put(body(2012), name="b.txt")
    folder = Path(index.path) / "uploads"
    first, second = (folder / name for name in kept(index))
    first.unlink()
    second.write_bytes(b"another")
    found = {finding.report: finding.what for finding in check(index.path)}
    assert "missing" in found["a"]
    assert "changed since it was" in found["b"]


def test_an_upload_that_was_never_committed_is_swept(index, body):
    index.put(body(2011), name="a.txt")
    folder = Path(index.path) / "uploads"
    (folder / "b-0123456789ab.txt").write_bytes(body(2012))
    list(rebuild(index.path))
    assert [report.id for report in index.reports()] == ["a"]
    index.put(body(2013), name="c.txt")
    assert [name[0] for name in kept(index)] == ["a", "c"]


def test_an_update_of_the_folder_the_index_lies_in_leaves_uploads_alone(index, body, tmp_path):
    index.put(body(2011), name="a.txt", report="nam")
    shutil.rmtree(tmp_path / "elsewhere")
    (tmp_path / "r").mkdir()
    list(index.update([tmp_path], prune=True))
    assert [report.id for report in index.reports()] == ["nam"]
    list(rebuild(index.path))
    assert [report.id for report in index.reports()] == ["nam"]


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_first_upload_that_is_cut_off_leaves_no_damage(index, body, steps, monkeypatch):
    put, left = IndexDirectory.put, [steps]

    def cut_off(self, name, content):
        if name.startswith("uploads/"):
            left[0] -= 1
            if not left[0]:
                raise KeyboardInterrupt
        put(self, name, content)

    index.add([Passage("app", 1, "một đoạn")])
    with monkeypatch.context() as patched:
        patched.setattr(IndexDirectory, "put", cut_off)
        with pytest.raises(KeyboardInterrupt):
            index.put(body(2011), name="a.txt")
    assert check(index.path) == []
    index.put(body(2011), name="a.txt")
    assert check(index.path) == []
    assert len(kept(index)) == 1


def test_metadata_that_could_not_be_committed_is_not_used_by_a_rebuild(index, body, monkeypatch):
    def then_full(*given):
        set_extra(*given)
        raise WriteFailed(index.path, "no room")

    (id,) = index.put(body(2011), name="a.txt", extra={"so": "1"}).reports
    with monkeypatch.context() as patched:
        patched.setattr("tracuu.index.writer.set_extra", then_full)
        with pytest.raises(WriteFailed):
            index.set_extra({id: {"so": "2"}})
    list(rebuild(index.path, jobs=1))
    assert dict(index.report(id).extra) == {"so": "1"}
    index.set_extra({id: {"so": "2"}})
    list(rebuild(index.path, jobs=1))
    assert dict(index.report(id).extra) == {"so": "2"}
