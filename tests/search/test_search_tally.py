from __future__ import annotations

import pytest

from tracuu.errors import OptionError, QueryError, UnknownArea
from tracuu.search import Searcher


def test_counts_by_two_things_are_those_one_can_count_by_hand(searcher: Searcher) -> None:
    found = searcher.tally(by=("area", "assessment"), report="binh-an-2005")
    assert found.total == 7
    assert found.counts == {
        ("chung", "none"): 1,
        ("do-thi", "achievement"): 1,
        ("do-thi", "shortcoming"): 1,
        ("kinh-te", "achievement"): 1,
        ("kinh-te", "shortcoming"): 1,
        ("xay-dung-dang", "achievement"): 1,
        ("xay-dung-dang", "shortcoming"): 1,
    }


def test_the_order_of_by_is_that_of_the_values(searcher: Searcher) -> None:
    assert searcher.tally("giải ngân", by=("report", "area")).counts == {
        (report, area): n
        for (area, report), n in searcher.tally("giải ngân", by=("area", "report")).counts.items()
    }
    assert (
        searcher.tally("giải ngân", by=("report", "area")).counts[("tan-hoa-2010", "kinh-te")] == 1
    )


QUERIES = (
    "",
    "giải ngân",
    "giai ngan",
    "ngân sách -dự",
    '"giải ngân vốn"',
    "nhân dân OR đảng bộ",
    "kỷ luật lạc đà sa mạc",
)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(
    "chosen", [{}, {"area": "kinh-te"}, {"assessment": ["achievement", "none"]}, {"year": 2010}]
)
def test_what_is_counted_is_what_a_search_finds(
    searcher: Searcher, query: str, chosen: dict[str, object]
) -> None:
    results = searcher.search(query, limit=0, **chosen)  # type: ignore[arg-type]
    found = searcher.tally(query, by=("area", "assessment"), **chosen)  # type: ignore[arg-type]
    assert (found.total, found.relaxed) == (results.total, results.relaxed)
    assert sum(found.counts.values()) == results.total
    for place, name in enumerate(("area", "assessment")):
        sums: dict[str, int] = {}
        for values, count in found.counts.items():
            sums[values[place]] = sums.get(values[place], 0) + count
        assert sums == results.facets[name]


def test_a_passage_without_the_value_is_in_the_total_alone(searcher: Searcher) -> None:
    found = searcher.tally(by="term")
    assert (found.total, found.counts) == (12, {("2000-2005",): 7})


def test_one_row_a_combination_as_plain_data(searcher: Searcher) -> None:
    data = searcher.tally("sinh hoạt chi bộ đơn điệu lạc đà", by=["kind", "assessment"]).to_dict()
    assert data["counts"] == [{"kind": "bao cao", "assessment": "shortcoming", "matches": 1}]
    assert (data["total"], data["relaxed"]) == (1, None)


@pytest.mark.parametrize(
    "by", [(), "year", ("area", "area"), ("area", "report", "term"), ("area", "nothing")]
)
def test_what_cannot_be_counted_by_is_refused(searcher: Searcher, by: object) -> None:
    with pytest.raises(OptionError, match="counted by one or two of: area, assessment"):
        searcher.tally(by=by)  # type: ignore[arg-type]


def test_other_mistakes_are_those_of_a_search(searcher: Searcher) -> None:
    with pytest.raises(QueryError):
        searcher.tally("a OR", by="area")
    with pytest.raises(UnknownArea):
        searcher.tally("a", by="area", area="biển")
    assert searcher.tally("!?", by="area").total == 0
