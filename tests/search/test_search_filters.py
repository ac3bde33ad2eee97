"""Filters by issuing body, place, folder, number and years, and why nothing passes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tracuu import Index
from tracuu.corpus.period import read_period
from tracuu.errors import OptionError, QueryError


def _report(body: str, number: str, title: str, sentence: str, date: str = "") -> str:
    return f"{body}\nSố: {number}\n\n{date}\n\nBÁO CÁO\n{title}\n\nI. KẾT QUẢ\n{sentence}\n"


FILES = {
    "north/2023/bao-cao.txt": _report(
        "UBND XÃ SUỐI TRẦM", "31-BC/UB", "kết quả công tác năm 2023", "Trồng 9 ha chè.",
        "Suối Trầm, ngày 04 tháng 01 năm 2024",
    ),
    "south/2022/bao-cao.txt": _report(
        "HUYỆN ỦY HOÀI TRÀ", "47-BC/HU", "6 tháng đầu năm 2022", "Trồng 5 ha chè, 2 ha mận.",
    ),
    "south/2025/bao-cao.txt": _report(
        "HUYỆN ỦY HOÀI TRÀ", "48-BC/HU", "giai đoạn 2023-2025", "Thực hiện Báo cáo 47-BC/HU, trồng thêm chè.",
    ),
}  # fmt: skip
BY_FOLDER = {
    "bao-cao": "north/2023", "bao-cao-2": "south/2022", "bao-cao-3": "south/2025"
}  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    root = tmp_path_factory.mktemp("reports")
    for name, text in FILES.items():
        file = root / name
        file.parent.mkdir(parents=True)
        file.write_text(text, "utf-8")
    with Index.create(root.parent / f"{root.name}-index") as made:
        list(made.update([root], jobs=1))
        yield made


def found(index: Index, query: str = "chè", **options: object) -> set[str]:
    return {hit.passage.report for hit in index.search(query, **options)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "reports"),
    [
        ({"body": "Huyện ủy Hoài Trà"}, {"bao-cao-2", "bao-cao-3"}),
        ({"body": "huyen uy"}, {"bao-cao-2", "bao-cao-3"}),
        ({"body": "Uỷ ban nhân dân xã Suối Trầm"}, {"bao-cao"}),
        ({"body": ["UBND", "huyện uỷ"]}, {"bao-cao", "bao-cao-2", "bao-cao-3"}),
        ({"place": "suoi tram"}, {"bao-cao"}),
        ({"folder": "south"}, {"bao-cao-2", "bao-cao-3"}),
        ({"folder": "south/2022"}, {"bao-cao-2"}),
        ({"folder": r"south\2025"}, {"bao-cao-3"}),
        ({"year": 2023}, {"bao-cao", "bao-cao-3"}),
        ({"year": 2024}, {"bao-cao-3"}),
        ({"year": 2022}, {"bao-cao-2"}),
    ],
)
def test_a_filter_narrows_to(index: Index, options: dict[str, object], reports: set[str]) -> None:
    assert found(index, **options) == reports


@pytest.mark.parametrize(
    ("query", "reports"),
    [
        ('chè cơ-quan:"huyện ủy"', {"bao-cao-2", "bao-cao-3"}),
        ("chè co-quan:ubnd", {"bao-cao"}),
        ('chè nơi:"Suối Trầm"', {"bao-cao"}),
        ('chè địa-phương:"Suối Trầm"', {"bao-cao"}),
        ("chè địa-bàn:suoi-tram", {"bao-cao"}),
        ('chè cơ-quan:"UBND xã","Huyện ủy"', {"bao-cao", "bao-cao-2", "bao-cao-3"}),
        ('chè cơ-quan:"UBND xã", "Huyện ủy"', {"bao-cao", "bao-cao-2", "bao-cao-3"}),
        ('chè cơ-quan:"UBND xã",huyen-uy', {"bao-cao", "bao-cao-2", "bao-cao-3"}),
        ('cơ-quan:UBND,"Huyện ủy" mận', {"bao-cao-2"}),
        ('cơ-quan:"Huyện ủy", mận', {"bao-cao-2"}),
        ('năm:2022, "mận"', {"bao-cao-2"}),
        ("chè thư-mục:south/2022", {"bao-cao-2"}),
        ("chè -thư-mục:south", {"bao-cao"}),
        ("chè folder:(north OR south/2025)", {"bao-cao", "bao-cao-3"}),
    ],
)
def test_a_field_of_a_query_narrows_to(index: Index, query: str, reports: set[str]) -> None:
    assert found(index, query) == reports


def test_part_of_a_word_is_no_name(index: Index) -> None:
    with pytest.raises(OptionError, match="no report was issued by 'uy hoai tr'; the nearest"):
        index.search("chè", body="uy hoai tr")
    with pytest.raises(QueryError, match="no report lies in the folder 'east'"):
        index.search("chè folder:east")


def test_facets_and_tallies_count_bodies_and_folders(index: Index) -> None:
    facets = index.search("chè").facets
    assert facets["body"] == {"huyện ủy hoài trà": 2, "ubnd xã suối trầm": 1}
    root = next(iter(facets["folder"])).split("/")[0]
    tally = index.tally("chè", by=("folder", "body"))
    assert tally.counts[f"{root}/north/2023", "ubnd xã suối trầm"] == 1
    assert index.tally("chè", by="place").counts == {("suối trầm",): 1}


def test_a_moved_file_is_found_in_its_new_folder(tmp_path: Path) -> None:
    (tmp_path / "r" / "old").mkdir(parents=True)
    (tmp_path / "r" / "new").mkdir()
    file = tmp_path / "r" / "old" / "bao-cao.txt"
    file.write_text(next(iter(FILES.values())), "utf-8")
    with Index.create(tmp_path / "ix") as made:
        list(made.update([tmp_path / "r"], jobs=1))
        file.rename(tmp_path / "r" / "new" / "bao-cao.txt")
        assert [change.kind for change in made.update([tmp_path / "r"], jobs=1)] == ["moved"]
        assert found(made, folder="new") == {"bao-cao"}
        assert made.search("chè").total == 1


@pytest.mark.parametrize("query", ["47-BC/HU", "47 - BC/HU"])
def test_a_number_finds_what_cites_it_and_its_own_report(index: Index, query: str) -> None:
    results = index.search(query)
    assert [hit.passage.report for hit in results] == ["bao-cao-3", "bao-cao-2"]
    assert results.numbered == ("bao-cao-2",)
    assert results.relaxed is None


@pytest.mark.parametrize(
    "query",
    [
        "Báo cáo số 47-BC/HU",
        "BC 47-BC/HU",
        "47-BC/HU ngày 02/12/2022",
        "Báo cáo số 47-BC/HU, ngày 2 tháng 12 năm 2022 của Huyện ủy",
    ],
)
def test_a_report_as_it_is_cited_is_found_as_by_its_number(index: Index, query: str) -> None:
    alone, results = index.search("47-BC/HU"), index.search(query)
    assert [hit.passage.id for hit in results] == [hit.passage.id for hit in alone]
    assert results.numbered == ("bao-cao-2",)
    assert (results.missing, results.relaxed) == ((), None)


@pytest.mark.parametrize("query", ["47-BC/HU", "Báo cáo số 47-BC/HU", "Số: 47-BC/HU"])
def test_a_number_counts_what_it_finds_everywhere(index: Index, query: str) -> None:
    results = index.search(query)
    assert index.tally(query, by="report").total == results.total
    for hit in results:
        assert index.explain(query, hit.passage.id).matches, hit.passage.id


@pytest.mark.parametrize(
    "query",
    [
        "Số: 47-BC/HU",
        "số 47-BC/HU.",
        "Số hiệu:  47-BC/HU",
        "Số: 47-BC/HU ngày 2/12/2022",
        "Số: 47-BC/HU, ngày 2 tháng 12 năm 2022",
    ],
)
def test_a_pasted_number_finds_the_report_of_that_number(index: Index, query: str) -> None:
    assert found(index, query) == {"bao-cao-2"}


def test_a_number_no_report_has_is_plain_words(index: Index) -> None:
    assert index.search("99-BC/HU").numbered == ()


@pytest.mark.parametrize(
    "query", ["author:Nam", "tác-giả:Nam", 'tac_gia:"Nam"', "chè site:abc", "+nguồn-gốc:x chè"]
)
def test_an_unknown_field_is_refused_with_those_there_are(index: Index, query: str) -> None:
    with pytest.raises(QueryError, match=r"there is no field .*body .cơ-quan.") as caught:
        index.search(query)
    assert (
        query[caught.value.position or 0 :]
        .lstrip("+")
        .startswith(query.split(":")[0].split()[-1].lstrip("+"))
    )
    assert index.search(query, literal=True).query == query


@pytest.mark.parametrize(
    "query",
    [
        "Điều 5: chè", "họp lúc 10:30", "https://vidu.vn/che", "Kính gửi:Huyện ủy", "Nơi nhận: xã",
        "email:a@vidu.vn", "UBND:chè", "tên:Nam", "localhost:8080", "Trang:author:",
    ],
)  # fmt: skip
def test_a_colon_after_plain_words_is_text(index: Index, query: str) -> None:
    assert index.search(query).query == query


def test_nothing_found_names_the_filters(index: Index) -> None:
    results = index.search("chè", body="UBND xã Suối Trầm", year=2022)
    assert results.total == 0
    assert results.without_filters == {"body": 1, "year": 1}
    assert index.search("chè", year=1999).without_filters == {"year": 3}
    assert index.search("", year=1999).without_filters == {"year": 3}
    assert index.search("mận năm:1999").without_filters == {"năm:1999": 1}


def test_filters_that_all_stand_in_the_way_are_counted_together(index: Index) -> None:
    results = index.search("mận năm:1999 nhiệm-kỳ:1990-1995", area="dan-van")
    assert results.without_filters == {"all": 1}


def test_what_matches_in_full_outside_the_filters_is_counted(index: Index) -> None:
    results = index.search("chè mận ha", year=2025)
    assert results.relaxed == "fewer-words"
    assert results.total == 1
    assert results.without_filters == {"year": 2}
    assert index.search("chè mận ha", year=2022).without_filters == {}
    assert index.search("báo cáo, mận năm:2023").without_filters == {"năm:2023": 1}
    # No passage has both words, with or without the filter.
    assert index.search("thêm chè, mận", year=2023).without_filters == {}


def test_nothing_found_without_filters_names_none(index: Index) -> None:
    assert index.search("vũ trụ").without_filters == {}
    assert index.search("chè", year=2022).without_filters == {}


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("BÁO CÁO kết quả công tác năm 2023", (2023, 2023)),
        ("Sơ kết 6 tháng đầu năm 2022", (2022, 2022)),
        ("kết quả giai đoạn 2021 – 2023", (2021, 2023)),
        ("từ năm 2016 đến năm 2020", (2016, 2020)),
        ("năm 2022, phương hướng, nhiệm vụ năm 2023", (2022, 2023)),
        ("quý IV/2019", (2019, 2019)),
        ("nhiệm kỳ 2015-2020", None),
        ("kiểm điểm năm 2023, nhiệm kỳ 2020-2025", (2023, 2023)),
        ("kế hoạch 2021-2025, tầm nhìn đến năm 2045", (2021, 2025)),
        ("thi hành Luật Đất đai năm 2013", None),
        ("theo Quyết định 12/2004/QĐ-UB ngày 12/5/2004", None),
    ],
)
def test_the_years_of_a_title(title: str, period: tuple[int, int] | None) -> None:
    assert read_period(title) == period


def test_reports_without_a_date_sort_by_the_years_they_are_about(index: Index) -> None:
    order = [hit.passage.report for hit in index.search("chè", sort="date")]
    assert order == ["bao-cao-3", "bao-cao", "bao-cao-2"]
