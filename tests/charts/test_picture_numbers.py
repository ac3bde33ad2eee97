from __future__ import annotations

import json

import pytest

from tracuu import Index
from tracuu.charts import matrix, shares, table_of, timeline
from tracuu.charts.tables import records_of
from tracuu.errors import OptionError


def test_the_matrix_counts_each_area_by_what_it_tells(index: Index) -> None:
    found = matrix(index)
    rows = {row.area: tuple(row.counts.values()) for row in found.rows}
    assert found.request.total == 7
    assert rows["kinh-te"] == (2, 1, 1, 0)
    assert rows["do-thi"] == (1, 1, 0, 0)
    assert rows["xay-dung-dang"] == (0, 0, 0, 1)
    assert sum(map(sum, rows.values())) == 7
    assert [row.area for row in found.rows] == [area.id for area in index.areas()]


def test_the_matrix_of_a_query_and_of_one_area(index: Index) -> None:
    found = matrix(index, "giải ngân", area="kinh-te")
    assert [(row.label, dict(row.counts)) for row in found.rows] == [
        ("Kinh tế, ngân sách", {"achievement": 1, "shortcoming": 1, "cause": 1, "none": 0})
    ]
    assert found.request.to_dict() == {
        "query": "giải ngân",
        "filters": {"area": "kinh-te"},
        "total": 3,
        "relaxed": None,
        "wordless": False,
        "missing": [],
    }


def test_a_report_on_a_term_counts_for_each_of_its_years(index: Index) -> None:
    found = timeline(index)
    assert [(one.first, one.reports, one.matches) for one in found.years] == [
        (2015, 1, 4),
        (2016, 1, 4),
        (2017, 2, 6),
    ]
    assert [(one.first, one.last, one.matches) for one in found.terms] == [(2015, 2017, 4)]
    assert found.undated == 1
    for one in found.years:
        assert one.matches == index.search("", year=one.first).total


def test_the_timeline_of_a_query_knows_how_much_there_was_to_match(index: Index) -> None:
    found = timeline(index, "giải ngân")
    last = found.years[-1]
    assert (last.first, last.reports, last.passages, last.matches) == (2017, 2, 6, 3)
    assert last.to_dict()["share"] == 0.5
    assert dict(last.counts) == {"achievement": 1, "shortcoming": 1, "cause": 1, "none": 0}


def test_years_between_reports_are_there_with_nothing_in_them(tmp_path) -> None:
    from datetime import date

    from tracuu import Passage, Report

    with Index.create(tmp_path / "gap") as gap:
        for year in (2001, 2004):
            name = f"r{year}"
            gap.add([Passage(name, 1, "Một đoạn.")], report=Report(name, date=date(year, 1, 1)))
        assert [(one.first, one.matches) for one in timeline(gap).years] == [
            (2001, 1),
            (2002, 0),
            (2003, 0),
            (2004, 1),
        ]


def test_shares_of_a_report_add_up_to_one(index: Index) -> None:
    found = shares(index)
    assert [one.report.id for one in found.reports] == ["nhiem-ky", "nam-2017", "khong-ro"]
    first = found.reports[0]
    assert (
        first.matches,
        first.share("kinh-te"),
        first.share("do-thi"),
        first.share("dan-van"),
    ) == (4, 0.75, 0.25, 0)
    for one in found.reports:
        assert sum(one.share(area) for area, _ in found.areas) == pytest.approx(1)


def test_the_reports_with_most_matches_are_shown_and_the_others_told(index: Index) -> None:
    found = shares(index, most=1)
    assert ([one.report.id for one in found.reports], found.left_out) == (["nhiem-ky"], 2)
    for most in (0, -1, True, "3"):
        with pytest.raises(OptionError, match="from 1 on"):
            shares(index, most=most)  # type: ignore[arg-type]


def test_nothing_found_is_zeros_and_no_error(index: Index) -> None:
    assert sum(row.passages for row in matrix(index, "lạc đà").rows) == 0
    assert shares(index, "lạc đà").reports == ()
    found = timeline(index, "lạc đà")
    assert {one.matches for one in found.years} == {0}


def test_tables_have_a_total_and_records_every_number(index: Index) -> None:
    (table,) = table_of(matrix(index))
    assert table.header == (
        "Lĩnh vực",
        "Mặt được",
        "Mặt tồn tại",
        "Nguyên nhân",
        "Không đánh giá",
        "Tổng",
    )
    assert table.rows[-1] == ("Tổng", "3", "2", "1", "1", "7")
    years, terms = table_of(timeline(index, "giải ngân"), "en")
    assert (years.title, terms.title) == ("By year", "By term of office")
    assert years.rows[-1] == ("2017", "2", "6", "3", "50%", "1", "1", "1", "0")
    header, rows = records_of(shares(index))
    assert header == ("report", "title", "area", "label", "matches", "share")
    assert ("nhiem-ky", "Báo cáo nhiệm kỳ", "kinh-te", "Kinh tế, ngân sách", 3, 0.75) in rows


@pytest.mark.parametrize("count", [matrix, timeline, shares])
def test_all_numbers_can_be_json(index: Index, count) -> None:
    data = json.loads(json.dumps(count(index, "giải ngân", year=(2015, 2017)).to_dict()))
    assert (data["picture"], data["total"], data["filters"]) == (
        count.__name__,
        3,
        {"year": "2015–2017"},
    )
