"""An index is carried from one engine to another, and is the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracuu import Index, Passage, Report, check, copy, rebuild
from tracuu.engines import engine_class
from tracuu.engines.memory import MemoryWriter
from tracuu.errors import (
    IndexBusy,
    IndexExists,
    IndexNotFound,
    MissingExtra,
    OptionError,
    WriteFailed,
)
from tracuu.index import IndexDirectory
from tracuu.index.alerts import recent_alerts
from tracuu.index.saved import AlertFinder, SavedSearches

Fates = Callable[..., Any]

OTHER = {"whoosh": "tantivy", "tantivy": "whoosh"}


@pytest.fixture
def other_engine(engine: str) -> str:
    try:
        engine_class(OTHER[engine])
    except MissingExtra as error:
        pytest.skip(str(error))
    return OTHER[engine]


@pytest.fixture
def filled(index: Index, folder: Path) -> Index:
    list(index.update([folder]))
    index.add(
        [Passage("app", 1, "Biên bản giao ban về giải ngân.")],
        report=Report("app", title="Biên bản"),
    )
    return index


def everything(index: Index) -> list[object]:
    searches = [
        index.search(query, collapse=False)
        for query in ("giải ngân", "dự toán được giao", "dang vien", "")
    ]
    return [
        index.reports(),
        [
            (found.total, found.facets, found.areas, [hit.passage for hit in found])
            for found in searches
        ],
        [round(hit.score, 6) for found in searches for hit in found],
    ]


def test_a_copy_is_equal_and_knows_its_files(
    filled: Index, folder: Path, tmp_path: Path, other_engine: str, fates: Fates
) -> None:
    copied = list(copy(filled.path, tmp_path / "copy", engine=other_engine))
    assert [(one.report, one.passages, one.of) for one in copied] == [
        ("app", 1, 3),
        ("hai", 3, 3),
        ("mot", 3, 3),
    ]
    with Index.open(tmp_path / "copy") as other:
        assert other.info().engine == other_engine
        assert everything(other) == everything(filled)
        assert other.info().sources == filled.info().sources
        assert [kind for kind, *_ in fates(other, [folder])] == ["unchanged", "unchanged"]
    assert check(tmp_path / "copy") == []
    assert check(filled.path) == []


def test_alerts_go_with_the_copy(filled: Index, folder: Path, tmp_path: Path) -> None:
    SavedSearches(filled).add("ong", "nuôi ong")
    (folder / "ong.txt").write_text(
        "BÁO CÁO\n\nI. KINH TẾ\n\nNuôi ong lấy mật ở ba xã tăng.\n", "utf-8"
    )
    with AlertFinder(filled) as finder:
        list(finder.alerts(list(filled.update([folder]))))
    list(copy(filled.path, tmp_path / "copy"))
    before, after = (
        recent_alerts(IndexDirectory(path)) for path in (filled.path, tmp_path / "copy")
    )
    assert [one.search for one in before] == ["ong"]
    assert after == before


def test_a_copy_on_the_same_engine_keeps_its_taxonomy(
    tmp_path: Path, folder: Path, engine: str
) -> None:
    from tracuu import Taxonomy

    text = Taxonomy.choose(None).text.replace("Kinh tế, ngân sách", "Kinh tế và ngân sách")
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    with Index.create(tmp_path / "own", taxonomy=tmp_path / "own.toml") as index:
        list(index.update([folder]))
    list(copy(tmp_path / "own", tmp_path / "copy"))
    with Index.open(tmp_path / "copy") as index:
        assert (index.info().engine, index.info().taxonomy) == (engine, "own")
        assert index.taxonomy.resolve("kinh te va") == "kinh-te"


def test_what_is_cut_off_leaves_nothing(filled: Index, tmp_path: Path, other_engine: str) -> None:
    running = copy(filled.path, tmp_path / "copy", engine=other_engine)
    next(running)
    running.close()
    assert not (tmp_path / "copy").exists()
    (tmp_path / "empty").mkdir()
    running = copy(filled.path, tmp_path / "empty", engine=other_engine)
    next(running)
    running.close()
    assert list((tmp_path / "empty").iterdir()) == []
    list(copy(filled.path, tmp_path / "empty"))


def test_a_copy_that_is_not_equal_is_not_kept(
    filled: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = MemoryWriter.add
    monkeypatch.setattr(
        MemoryWriter, "add", lambda self, one: add(self, one) if one.key != "mot#2" else None
    )
    with pytest.raises(WriteFailed, match="'mot'"):
        list(copy(filled.path, tmp_path / "copy", engine="memory"))
    assert not (tmp_path / "copy").exists()


def test_what_cannot_be_copied(filled: Index, tmp_path: Path, folder: Path) -> None:
    with pytest.raises(IndexExists):
        list(copy(filled.path, folder))
    assert sorted(path.name for path in folder.iterdir()) == ["hai.txt", "mot.txt"]
    with pytest.raises(IndexNotFound):
        list(copy(tmp_path / "nowhere", tmp_path / "copy"))
    with pytest.raises(OptionError, match="tantivy"):
        list(copy(filled.path, tmp_path / "copy", engine="lucene"))
    assert not (tmp_path / "copy").exists()


def test_it_waits_for_a_writer_and_searches_go_on(
    filled: Index, folder: Path, tmp_path: Path
) -> None:
    (folder / "mot.txt").write_text("BÁO CÁO\n\nMột đoạn khác.\n", encoding="utf-8")
    changes = filled.update([folder])
    next(changes)
    with pytest.raises(IndexBusy):
        list(copy(filled.path, tmp_path / "copy"))
    list(changes)
    running = copy(filled.path, tmp_path / "copy")
    next(running)
    assert filled.search("giải ngân").total == 2
    with pytest.raises(IndexBusy):
        filled.remove("hai")
    list(running)
    assert json.loads((tmp_path / "copy" / "tracuu.json").read_text())["generation"] == 1


def test_uploads_go_with_the_copy(index: Index, tmp_path: Path, other_engine: str) -> None:
    index.put("BÁO CÁO\n\nTuyển quân đạt chỉ tiêu từng năm.\n".encode(), name="ba.txt")
    list(copy(index.path, tmp_path / "copy", engine=other_engine))
    with Index.open(tmp_path / "copy") as other:
        (report,) = other.reports()
        assert report.source is not None
        assert Path(report.source).is_relative_to(tmp_path / "copy")
        assert Path(report.source).is_file()
    assert [change.kind for change in rebuild(tmp_path / "copy")] != ["failed"]
    with Index.open(tmp_path / "copy") as other:
        assert other.search("tuyển quân").total == 1
