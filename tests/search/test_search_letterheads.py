"""Words that no passage holds, but a letterhead or a title: a filter, and never in silence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tracuu import Index, Passage, Report

REPORTS = {
    "hu": ("Báo cáo tổng kết năm 2022", "Huyện ủy Mường Tát", "Mường Tát"),
    "hdnd": ("Nghị quyết về ngân sách", "HĐND huyện Mường Tát", "Mường Tát"),
    "xa": ("Báo cáo sơ kết khóm Bằng Lăng Tím", "Ủy ban nhân dân xã Cẩm Nậm", "Cẩm Nậm"),
    "xb": ("Báo cáo công tác dân vận", "Ủy ban nhân dân xã Tà Hộc", "Tà Hộc"),
}
TEXTS = {
    "hu": ("Tiến độ giải ngân vốn đầu tư công còn chậm.", "Đời sống nhân dân được nâng lên."),
    "hdnd": ("Giải ngân vốn sự nghiệp đạt kế hoạch.",),
    "xa": ("Sinh hoạt chi bộ còn đơn điệu, kỷ luật chưa nghiêm.",),
    "xb": ("Giải ngân chương trình nông thôn mới đạt thấp.", "Nhân dân hiến đất làm đường."),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder: Path = tmp_path_factory.mktemp("letterheads") / "index"
    with Index.create(folder) as made:
        for name, (title, body, place) in REPORTS.items():
            number = f"2820/{2000 + len(title)}/BC-HU" if name == "hu" else None
            report = Report(name, title=title, issuing_body=body, place=place, number=number)
            made.add(
                [Passage(name, at, text) for at, text in enumerate(TEXTS[name], 1)], report=report
            )
        yield made


@pytest.mark.parametrize(
    "query", ["mường tát", "muong tat", "Huyện ủy Mường Tát", "huyện Mường Tát"]
)
def test_a_name_that_only_letterheads_hold_lists_what_was_issued_there(
    index: Index, query: str
) -> None:
    results = index.search(query)
    (word,) = results.missing
    assert word.word == query
    assert word.taken
    assert {hit.passage.report for hit in results} <= {"hu", "hdnd"}
    assert "hu" in {hit.passage.report for hit in results}
    assert results.total == index.tally(query, by="report").total
    assert query in str(word)


def test_the_other_words_are_searched_in_those_reports(index: Index) -> None:
    results = index.search("giải ngân Mường Tát")
    assert {hit.passage.id for hit in results} == {"hu#1", "hdnd#1"}
    (word,) = results.missing
    assert (word.word, word.taken) == ("Mường Tát", True)
    assert str(word).startswith("No passage holds “Mường Tát”; these are of reports issued")
    assert index.explain("giải ngân Mường Tát", "hu#1").matches
    assert not index.explain("giải ngân Mường Tát", "xb#1").matches


def test_where_nothing_is_found_there_the_name_is_only_named(index: Index) -> None:
    results = index.search("kỷ luật Mường Tát")
    assert [hit.passage.id for hit in results] == ["xa#1"]
    word = results.missing[0]
    assert (word.word, word.taken) == ("Mường Tát", False)
    assert word.field in ("body", "place")
    assert word.to_dict()["values"] == list(word.values)


@pytest.mark.parametrize(
    "query", ["Mường Tạt", "nhân dân xã", '"Mường Tát"', "+Mường +Tát", "Mường AND Tát"]
)
def test_other_words_and_words_with_signs_are_no_name(index: Index, query: str) -> None:
    assert not any(word.field for word in index.search(query).missing)


def test_a_query_taken_literally_is_no_name(index: Index) -> None:
    results = index.search("Mường Tát", literal=True)
    assert results.total == 0
    assert not any(word.field for word in results.missing)


def test_words_of_a_title_alone_list_its_report(index: Index) -> None:
    results = index.search("khóm bằng lăng tím")
    assert [hit.passage.id for hit in results] == ["xa#1"]
    (word,) = results.missing
    assert (word.field, word.taken) == ("title", True)


@pytest.mark.parametrize("query", ["2820", "BC 2820", "bc 2820"])
def test_a_part_of_a_number_lists_its_report(index: Index, query: str) -> None:
    results = index.search(query)
    assert {hit.passage.id for hit in results} == {"hu#1", "hu#2"}
    (word,) = results.missing
    assert (word.word, word.field, word.taken) == (query, "number", True)


@pytest.mark.parametrize("query", ["Số 2820", "báo cáo số: 2820", "văn bản số 2820"])
def test_a_label_before_a_part_of_a_number_is_not_searched(index: Index, query: str) -> None:
    results = index.search(query)
    assert {hit.passage.id for hit in results} == {"hu#1", "hu#2"}
    (word,) = results.missing
    assert (word.word, word.field, word.taken) == ("2820", "number", True)


def test_a_year_is_no_number_of_a_report(index: Index) -> None:
    year = 2000 + len(REPORTS["hu"][0])
    assert not any(word.field for word in index.search(f"giải ngân {year}").missing)


def test_filters_hold_beside_a_name(index: Index) -> None:
    assert index.search("giải ngân Mường Tát", report="hdnd").total == 1
    assert index.search("giải ngân Mường Tát", report="xb").total == 1
    assert not index.search("giải ngân Mường Tát", report="xb").missing[0].taken


@pytest.mark.parametrize(
    ("query", "reports"),
    [
        ("giải ngân UBND xã Tà Hộc", {"xb"}),
        ("giai ngan ubnd xa ta hoc", {"xb"}),
        ("Ủy ban nhân dân xã Tà Hộc", {"xb"}),
        ("Hội đồng nhân dân huyện Mường Tát", {"hdnd"}),
        ("HĐND huyện Mường Tát", {"hdnd"}),
    ],
)
def test_a_body_is_known_by_its_long_and_its_short_name(
    index: Index, query: str, reports: set[str]
) -> None:
    results = index.search(query)
    assert {hit.passage.report for hit in results} == reports
    (word,) = results.missing
    assert query.endswith(word.word)
    assert (word.field, word.taken) == ("body", True)


@pytest.mark.parametrize("query", ["UBND xã Mường Cốc", "ubnd xa muong coc"])
def test_a_name_that_starts_as_another_is_another(tmp_path: Path, query: str) -> None:
    with Index.create(tmp_path / "ix") as index:
        report = Report("a", title="Báo cáo năm", issuing_body="UBND xã Mường Giôn")
        index.add([Passage("a", 1, "Xã bạn là xã Mường Cốc.")], report=report)
        results = index.search(query)
        assert [hit.passage.id for hit in results] == ["a#1"]
        assert [(word.word.lower(), word.taken) for word in results.missing] == [("ubnd", False)]
        (word,) = index.search("UBND xã Mường Giôn").missing
        assert (word.word, word.taken) == ("UBND xã Mường Giôn", True)
