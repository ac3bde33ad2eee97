"""Making an index anew, whatever has become of the old one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tracuu import Index, Passage, Report
from tracuu.errors import (
    IndexDamaged,
    IndexNotFound,
    IndexOutdated,
    NotAnIndex,
    StorageError,
    TaxonomyError,
)
from tracuu.index.rebuild import rebuild

Make = Callable[..., Path]

OWN = """version = 1
[[area]]
id = "tien"
label = "Tiền"
headings = ["kinh tế", "ngân sách"]
[[area]]
id = "khac"
label = "Khác"
default = true
"""


@pytest.fixture
def place(tmp_path: Path, folder: Path) -> Path:
    """An index of two files and one report that an application added."""
    with Index.create(tmp_path / "place") as index:
        list(index.update([folder]))
        index.add(
            [Passage("app", 4, "Đoạn của ứng dụng")],
            report=Report("app", title="Ứng dụng", source="https://x.vn"),
        )
    return tmp_path / "place"


def held(place: Path) -> dict[str, int]:
    with Index.open(place) as index:
        return {report.id: report.passages for report in index.reports()}


def tear(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


ALL = {"app": 1, "hai": 3, "mot": 3}


def test_a_rebuild_gives_the_same_again_and_leaves_nothing_behind(place: Path) -> None:
    changes = [(change.kind, change.reports) for change in rebuild(place)]
    assert changes == [("added", ("hai",)), ("added", ("mot",))]
    assert held(place) == ALL
    with Index.open(place) as index:
        assert index.passage("app#4").text == "Đoạn của ứng dụng"
        assert index.search("dự toán", literal=True).total == 2
        assert [change.kind for change in index.update([])] == []
    assert sorted(path.name for path in place.iterdir() if path.name.startswith("data")) == [
        "data-0002"
    ]


def test_reports_keep_their_ids(place: Path, folder: Path, make: Make) -> None:
    (folder / "mot.txt").rename(folder / "a.txt")
    with Index.open(place) as index:
        list(index.update([folder]))
    make(folder / "mot.txt", 2009)
    list(rebuild(place))
    assert held(place) == {"app": 1, "hai": 3, "mot": 3, "mot-2": 3}
    with Index.open(place) as index:
        assert index.report("mot").source == str(folder / "a.txt")


@pytest.mark.parametrize("how", ["torn", "empty", "of another format", "no object"])
def test_with_a_manifest_that_cannot_be_read(place: Path, how: str) -> None:
    manifest = place / "tracuu.json"
    if how == "torn":
        tear(manifest)
    else:
        contents = {
            "empty": "",
            "no object": "[1]",
            "of another format": json.dumps({"format": 99, "version": "9.9"}),
        }
        manifest.write_text(contents[how])
    with pytest.raises(StorageError, match="tracuu rebuild"):
        Index.open(place)
    list(rebuild(place))
    assert held(place) == ALL


@pytest.mark.parametrize("how", ["torn", "gone", "empty"])
def test_with_data_that_cannot_be_read(place: Path, how: str) -> None:
    data = place / "data-0001"
    if how == "gone":
        shutil.rmtree(data)
    for path in data.iterdir() if how != "gone" else ():
        tear(path) if how == "torn" else path.unlink()
    with pytest.raises(StorageError):
        held(place)
    list(rebuild(place))
    assert held(place) == {
        "hai": 3,
        "mot": 3,
    }  # the files are read again, the application's passages are lost


def test_with_torn_sources_the_old_index_tells_where_the_reports_are(place: Path) -> None:
    tear(place / "sources-0001.json")
    list(rebuild(place))
    assert held(place) == ALL


def test_where_nothing_tells_which_files_there_were_nothing_is_thrown_away(place: Path) -> None:
    (place / "sources-0001.json").unlink()
    shutil.rmtree(place / "data-0001")
    before = sorted(place.rglob("*"))
    with pytest.raises(IndexDamaged, match=r"sources-0001\.json"):
        list(rebuild(place))
    assert sorted(path for path in place.rglob("*") if path.name != "write.lock") == [
        path for path in before if path.name != "write.lock"
    ]


def test_what_cannot_be_read_now_stays_as_it_was(place: Path, folder: Path, tmp_path: Path) -> None:
    (folder / "mot.txt").write_bytes(b"")
    assert [(change.kind, Path(change.path).name) for change in rebuild(place)] == [
        ("added", "hai.txt"), ("failed", "mot.txt"),
    ]  # fmt: skip
    assert held(place) == ALL
    folder.rename(tmp_path / "unplugged")  # as a disk that is not there today
    assert [change.kind for change in rebuild(place)] == ["failed"]
    assert held(place) == ALL


def test_the_report_of_a_file_that_is_gone_stays_and_is_named(place: Path, folder: Path) -> None:
    (folder / "mot.txt").unlink()
    changes = [(change.kind, change.reports) for change in rebuild(place)]
    assert changes == [("added", ("hai",)), ("kept", ("mot",))]
    assert held(place) == ALL
    with Index.open(place) as index:
        assert index.search("dự toán", literal=True).total == 2
        list(index.update([folder], prune=True))  # this is what removes it
    assert held(place) == {"app": 1, "hai": 3}


def test_a_renamed_file_keeps_its_id(place: Path, folder: Path) -> None:
    (folder / "mot.txt").rename(folder / "khac.txt")
    changes = [(change.kind, change.reports) for change in rebuild(place)]
    assert changes == [("added", ("hai",)), ("added", ("mot",))]
    assert held(place) == ALL


def test_reports_outside_the_folders_named_stay(place: Path, tmp_path: Path, make: Make) -> None:
    make(tmp_path / "new" / "moi.txt", 2020)
    kinds = {change.reports: change.kind for change in rebuild(place, tmp_path / "new")}
    assert kinds == {("moi",): "added", ("hai",): "kept", ("mot",): "kept"}
    assert held(place) == {**ALL, "moi": 3}
    list(rebuild(place))
    assert held(place) == {**ALL, "moi": 3}


def test_the_index_keeps_its_taxonomy(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "areas.toml"
    file.write_text(OWN, encoding="utf-8")
    place = tmp_path / "place"
    with Index.create(place, taxonomy=file) as index:
        list(index.update([folder]))
        assert index.info().taxonomy == "own"
    file.unlink()
    tear(place / "tracuu.json")
    list(rebuild(place))
    with Index.open(place) as index:
        assert [area.id for area in index.areas()] == ["tien", "khac"]
        assert index.search("", area="tien", limit=0).total == 4


def test_a_rebuild_with_another_taxonomy_and_back(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "areas.toml"
    file.write_text(OWN, encoding="utf-8")
    list(rebuild(place, taxonomy=file))
    with Index.open(place) as index:
        assert index.search("", area="tien", limit=0).total == 4
    from tracuu.corpus import default_taxonomy

    list(rebuild(place, taxonomy=default_taxonomy()))
    with Index.open(place) as index:
        assert index.info().taxonomy == "default"
        assert index.search("", area="kinh-te", limit=0).total >= 4
    tear(place / "tracuu.json")
    list(rebuild(place))  # must not find the taxonomy that the index no longer has
    with Index.open(place) as index:
        assert index.info().taxonomy == "default"


def test_a_taxonomy_that_is_lost_must_be_given_again(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "areas.toml"
    file.write_text(OWN, encoding="utf-8")
    Index.create(tmp_path / "place", taxonomy=file).close()
    (tmp_path / "place" / "taxonomy-0001.toml").unlink()
    with pytest.raises(IndexDamaged):
        Index.open(tmp_path / "place")
    with pytest.raises(IndexDamaged, match="--taxonomy FILE"):
        list(rebuild(tmp_path / "place"))
    list(rebuild(tmp_path / "place", taxonomy=file))
    Index.open(tmp_path / "place").close()


def test_a_bad_taxonomy_changes_nothing(place: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("version = 3\n")
    with pytest.raises(TaxonomyError, match=r"bad\.toml:1"):
        list(rebuild(place, taxonomy=tmp_path / "bad.toml"))
    assert held(place) == ALL


def test_leaving_early_leaves_the_old_index(place: Path) -> None:
    for _ in rebuild(place):
        break
    assert held(place) == ALL
    assert [path.name for path in place.iterdir() if path.name.startswith("data")] == ["data-0001"]


def test_searches_see_the_old_index_until_the_new_one_is_whole(
    place: Path, folder: Path, make: Make
) -> None:
    make(folder / "ba.txt", 2003)
    with Index.open(place) as index:
        work = rebuild(place)
        next(work)
        assert index.search("", limit=0).total == 7
        list(work)
        assert index.search("", limit=0).total == 10  # an index that is open follows
        assert [report.id for report in index.reports()] == ["app", "ba", "hai", "mot"]
        make(folder / "bon.txt", 2004)
        assert [change.kind for change in index.update([folder])].count("added") == 1
    assert held(place)["bon"] == 3


def test_an_index_made_by_another_analysis_is_outdated_and_can_be_rebuilt(place: Path) -> None:
    manifest = json.loads((place / "tracuu.json").read_text())
    manifest["fingerprint"] = manifest["fingerprint"].replace("fields=", "fields=9")
    manifest["checksum"] = None
    (place / "tracuu.json").write_text(json.dumps(manifest))
    with pytest.raises(IndexOutdated, match="tracuu rebuild") as caught:
        Index.open(place)
    assert "fields 9" in str(caught.value)
    list(rebuild(place))
    assert held(place) == ALL


def test_an_engine_that_this_version_does_not_have(place: Path) -> None:
    manifest = json.loads((place / "tracuu.json").read_text())
    (place / "tracuu.json").write_text(
        json.dumps({**manifest, "checksum": None, "engine": "lucene"})
    )
    with pytest.raises(IndexDamaged, match="tracuu rebuild"):
        Index.open(place)
    list(rebuild(place))
    assert held(place) == ALL  # whose data they are can be told, and they are readable


def test_there_must_be_an_index_to_rebuild(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(IndexNotFound):
        list(rebuild(tmp_path / "nowhere"))
    with pytest.raises(NotAnIndex):
        list(rebuild(folder))
    assert sorted(path.name for path in folder.iterdir()) == ["hai.txt", "mot.txt"]
