from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tracuu import Index, Passage, Report
from tracuu.errors import IndexClosed, OptionError, UnknownArea, UnknownPassage, UnknownReport


@pytest.fixture
def filled(index: Index, folder: Path) -> Index:
    list(index.update([folder]))
    return index


def test_what_was_indexed_is_there_after_opening_again(tmp_path: Path, folder: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        list(index.update([folder]))
        wanted = index.search("giải ngân", collapse=False).to_dict()
        assert wanted["total"] == 2
    with Index.open(str(tmp_path / "index")) as index:
        assert index.search("giải ngân", collapse=False).to_dict() == wanted
        assert index.path == str(tmp_path / "index")


def test_two_may_have_it_open_and_each_sees_what_the_other_commits(
    tmp_path: Path, folder: Path
) -> None:
    with Index.create(tmp_path / "index") as first, Index.open(tmp_path / "index") as second:
        list(first.update([folder]))
        assert second.search("", limit=0).total == 6
        second.remove("mot")
        assert first.search("", limit=0).total == 3


def test_an_area_without_a_keyword_lists_its_passages_in_reading_order(filled: Index) -> None:
    listed = filled.search("", area="kinh-te", collapse=False)
    assert [hit.passage.id for hit in listed] == ["hai#1", "hai#2", "mot#1", "mot#2"]
    assert {hit.score for hit in listed} == {0}
    assert [hit.passage.assessment for hit in listed] == ["achievement", "shortcoming"] * 2
    assert filled.search("", assessment="shortcoming", limit=0).total == 2


def test_the_figures_of_an_index(filled: Index, folder: Path, tmp_path: Path, engine: str) -> None:
    info = filled.info()
    assert (info.reports, info.passages, info.engine, info.taxonomy) == (2, 6, engine, "default")
    assert info.areas == {"kinh-te": 4, "xay-dung-dang": 2}
    assert info.assessments == {"achievement": 4, "shortcoming": 2}
    assert info.sources == (str(folder),)
    assert info.size == sum(
        path.stat().st_size for path in (tmp_path / "index").rglob("*") if path.is_file()
    )
    assert info.fingerprint
    assert json.loads(json.dumps(info.to_dict()))["passages"] == 6


@pytest.mark.parametrize(
    ("engine_name", "passages", "better"),
    [
        ("whoosh", 100_000, None),
        ("whoosh", 100_001, "tantivy"),
        ("tantivy", 1_000_000, None),
        ("other", 10**9, None),
    ],
)
def test_a_large_index_is_told_of_a_better_engine(
    filled: Index, engine_name: str, passages: int, better: str | None
) -> None:
    info = replace(filled.info(), engine=engine_name, passages=passages)
    assert info.recommended == info.to_dict()["recommended"] == better


def test_the_figures_of_an_empty_index(index: Index) -> None:
    info = index.info()
    assert (info.reports, info.passages, info.areas, info.assessments, info.sources) == (
        0,
        0,
        {},
        {},
        (),
    )
    assert index.search("ngân sách").total == 0
    assert index.reports() == ()


def test_reports_and_passages_by_id(filled: Index, folder: Path) -> None:
    report = filled.report("mot")
    assert isinstance(report, Report)
    assert (report.title, report.passages, report.source) == (
        "BÁO CÁO Kết quả năm 2001",
        3,
        str(folder / "mot.txt"),
    )
    passage = filled.passage("mot#3")
    assert isinstance(passage, Passage)
    assert (passage.position, passage.heading_path) == (3, ("II. XÂY DỰNG ĐẢNG", "Ưu điểm"))
    assert (folder / "mot.txt").read_text(encoding="utf-8").splitlines()[
        passage.line - 1
    ] == passage.text


@pytest.mark.parametrize(
    ("of", "options", "wanted"),
    [
        ("mot#2", {}, [1, 2, 3]),
        ("mot#1", {"after": 1}, [1, 2]),
        ("mot#3", {"before": 1}, [2, 3]),
        ("mot#2", {"before": 0, "after": 0}, [2]),
        ("mot#1", {"before": 99, "after": 99}, [1, 2, 3]),
    ],
)
def test_a_passage_in_its_surroundings(
    filled: Index, of: str, options: dict[str, int], wanted: list[int]
) -> None:
    around = filled.surroundings(of, **options)
    assert [passage.position for passage in around.passages] == wanted
    assert (around.passage.id, around.report.id) == (of, "mot")
    assert {passage.report for passage in around.passages} == {"mot"}
    assert json.loads(json.dumps(around.to_dict()))["passage"]["id"] == of


def test_removing(filled: Index) -> None:
    assert filled.remove(["mot", "mot"]) == 3
    assert filled.remove([]) == 0
    with pytest.raises(UnknownReport, match="'mot'"):
        filled.remove(["hai", "mot"])
    assert [report.id for report in filled.reports()] == [
        "hai"
    ]  # nothing is removed when one is unknown


@pytest.mark.parametrize(
    "name", ["mot#0", "mot#4", "mot#01", "mot#²", "mot", "", "#", "keiner#1", "mot#-1", "\udcff#1"]
)
def test_an_unknown_passage(filled: Index, name: str) -> None:
    for ask in (
        filled.passage,
        filled.surroundings,
        filled.similar,
        lambda name: filled.explain("ngân sách", name),
    ):
        with pytest.raises(UnknownPassage):
            ask(name)


@pytest.mark.parametrize("name", ["", "Mot", "mot#1", "mot#report", "\udcff"])
def test_an_unknown_report(filled: Index, name: str) -> None:
    with pytest.raises(UnknownReport):
        filled.report(name)
    with pytest.raises(UnknownReport):
        filled.remove(name)


def test_options_that_cannot_be(filled: Index) -> None:
    with pytest.raises(OptionError):
        filled.surroundings("mot#1", before=-1)
    with pytest.raises(UnknownArea):
        filled.search("", area="nirgends")


CLOSED: dict[str, Callable[[Index], object]] = {
    "search": lambda index: index.search("a"),
    "reports": lambda index: index.reports(),
    "report": lambda index: index.report("mot"),
    "passage": lambda index: index.passage("mot#1"),
    "surroundings": lambda index: index.surroundings("mot#1"),
    "similar": lambda index: index.similar("mot#1"),
    "explain": lambda index: index.explain("a", "mot#1"),
    "info": lambda index: index.info(),
    "update": lambda index: list(index.update(["."])),
    "add": lambda index: index.add([Passage("a", 1, "x")]),
    "remove": lambda index: index.remove("mot"),
}


@pytest.mark.parametrize("what", CLOSED)
def test_a_closed_index_says_so(filled: Index, what: str) -> None:
    filled.close()
    filled.close()  # twice does no harm
    with pytest.raises(IndexClosed, match="closed"):
        CLOSED[what](filled)


def test_a_context_closes_it(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        pass
    with pytest.raises(IndexClosed):
        index.reports()


def test_a_folder_that_is_there_and_empty_will_do(tmp_path: Path) -> None:
    (tmp_path / "sâu" / "hơn").mkdir(parents=True)
    Index.create(tmp_path / "sâu" / "hơn").close()
    Index.create(tmp_path / "chưa" / "có").close()
    assert Index.open(tmp_path / "chưa" / "có").reports() == ()


def test_the_memory_of_a_search_does_not_outlive_a_commit(filled: Index) -> None:
    assert filled.search("đảng viên", limit=0).total == 2
    filled.add([Passage("app", 1, "Kết nạp đảng viên mới ở ấp Bốn")])
    assert filled.search("đảng viên", limit=0).total == 3
    assert filled.search("ấp Bốn", literal=True).hits[0].passage.id == "app#1"
