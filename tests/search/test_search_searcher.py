"""Searching a small index: what is found, how it is ranked, what is said about it."""

from __future__ import annotations

import json
import sys
import unicodedata
from subprocess import run
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracuu.errors import OptionError, QueryError, UnknownArea, UnknownPassage, UnknownReport
from tracuu.search import Results, Searcher


def ids(results: Results) -> list[str]:
    """The passages found, in short: the report's first letter and the position."""
    return [f"{hit.passage.report[0]}{hit.passage.position}" for hit in results]


def marked(results: Results) -> list[list[str]]:
    """The highlighted words of every hit."""
    return [[hit.passage.text[start:end] for start, end in hit.highlights] for hit in results]


@pytest.mark.parametrize(
    "query",
    ["giải ngân", "GIẢI NGÂN", "giai ngan", unicodedata.normalize("NFD", "giải ngân"), "Giải-ngân"],
)
def test_one_word_however_it_is_typed(searcher: Searcher, query: str) -> None:
    results = searcher.search(query)
    # Not b4, which has both syllables but not the word; t1 has the word twice.
    assert ids(results) == ["t1", "b1"]
    assert marked(results) == [["giải ngân", "giải ngân"], ["giải ngân"]]
    assert results.total == 2
    assert results.relaxed is None
    assert results.did_you_mean is None


def test_diacritics_that_were_typed_are_respected(searcher: Searcher) -> None:
    assert "t2" in ids(searcher.search("hòa giải"))
    assert searcher.search('"hóa giải"').total == 0


def test_left_out_diacritics_are_forgiven_in_part_of_a_query(searcher: Searcher) -> None:
    assert ids(searcher.search("giai ngan vốn đầu tư"))[0] == "b1"


def test_spelling_variants_are_one(searcher: Searcher) -> None:
    assert ids(searcher.search("hoà giải")) == ["t2"]
    assert ids(searcher.search("hành chính")) == ["t2"]
    assert ids(searcher.search("4590 tỷ")) == ["b2"]
    assert ids(searcher.search("qui luật")) == ids(searcher.search("quy luật"))


def test_enough_words_of_a_long_query_will_do(searcher: Searcher) -> None:
    results = searcher.search("tiến độ giải ngân vốn đầu tư của thành phố năm nay")
    assert ids(results)[0] == "b1"
    assert results.relaxed is None


def test_a_question_finds_what_shares_but_one_word(searcher: Searcher) -> None:
    assert ids(searcher.search("Kỷ luật là gì?")) == ["b6"]


def test_a_pasted_paragraph_finds_its_passage(searcher: Searcher) -> None:
    passage = searcher.search("", report="tan-hoa-2010", limit=3)[2].passage
    assert ids(searcher.search(" ".join([passage.text] * 40)))[0] == "t3"


def test_abbreviations_both_ways(searcher: Searcher) -> None:
    for query in ("UBND", "ủy ban nhân dân", "uy ban nhan dan", "ubnd"):
        assert sorted(ids(searcher.search(query))) == ["b3", "t1"], query
    assert sorted(map(tuple, marked(searcher.search("UBND")))) == [("UBND",), ("Ủy ban nhân dân",)]
    assert ids(searcher.search("BCH")) == ["b7"]


def test_document_numbers_whole_and_in_parts(searcher: Searcher) -> None:
    for query in ("15-CT/TU", "15-ct/tu", "chỉ thị 15", '"15-CT/TU"', "15 - CT/TU"):
        assert ids(searcher.search(query)) == ["b5"], query
    assert marked(searcher.search("15-CT/TU")) == [["15-CT/TU"]]


def test_dates_in_either_spelling(searcher: Searcher) -> None:
    assert ids(searcher.search("21/9/2003")) == ["b5"]
    assert ids(searcher.search("ngày 21 tháng 09 năm 2003")) == ["b5"]
    assert ids(searcher.search("5 tháng 1 năm 2010")) == ["t3"]
    assert marked(searcher.search("21/9/2003")) == [["21 tháng 9 năm 2003"]]


def test_phrases(searcher: Searcher) -> None:
    assert ids(searcher.search('"đầu tư xây dựng"')) == ["b1"]
    assert ids(searcher.search('"xây dựng đầu tư"')) == []
    assert ids(searcher.search('"dựng tư"~2')) == ["b1"]
    assert marked(searcher.search('"dựng tư"~2')) == [["tư", "dựng"]]
    assert marked(searcher.search('"ngân hàng"')) == [["ngân hàng"]]


def test_signs_bind_a_whole_word(searcher: Searcher) -> None:
    assert ids(searcher.search("giải ngân -đầu tư")) == ["t1"]
    assert ids(searcher.search('ngân* -"đầu tư" -ngân hàng -ngân sách')) == ["t1"]
    assert set(ids(searcher.search("+giải ngân vỉa hè kỷ luật"))) == {"b1", "t1"}


def test_operators(searcher: Searcher) -> None:
    assert set(ids(searcher.search("vỉa hè HOẶC kỷ luật"))) == {"b3", "b6"}
    assert ids(searcher.search("giải ngân VÀ UBND")) == ["t1"]
    assert ids(searcher.search("giải ngân NOT UBND")) == ["b1"]
    assert ids(searcher.search("(vỉa hè OR kỷ luật) AND chi bộ")) == ["b6"]
    assert searcher.search("giải ngân AND kỷ luật").total == 0
    assert searcher.search("NOT giải ngân").total == 10


def test_stems_and_fuzzy_words(searcher: Searcher) -> None:
    assert set(ids(searcher.search("ngân*"))) == {"b1", "b2", "b4", "t1", "t3"}
    assert ids(searcher.search("luât~")) == ["b6"]
    assert marked(searcher.search("luât~")) == [["luật"]]
    assert ids(searcher.search("đua~")) == []


def test_words_in_titles_and_headings(searcher: Searcher) -> None:
    assert {hit.passage.report for hit in searcher.search("title:nghị quyết")} == {"tan-hoa-2010"}
    assert ids(searcher.search("heading:xây dựng Đảng")) == ["b5", "b6"]
    assert ids(searcher.search("đề-mục:(dang -duoc)")) == ["b6"]
    hit = searcher.search("heading:xây dựng Đảng")[0]
    path = hit.passage.heading_path
    assert [path[1][start:end] for start, end in hit.heading_highlights[1]] == ["Xây dựng Đảng"]
    assert hit.highlights == ()


def test_a_title_alone_does_not_make_a_passage_match(searcher: Searcher) -> None:
    assert ids(searcher.search("ban chấp hành")) == ["b7"]
    # "Tân Hòa" stands in a title only, and says which of the two is meant.
    found = ids(searcher.search("giải ngân Tân Hòa"))
    assert "t1" in found
    assert "b1" not in found


def test_fields_of_a_query_and_options_agree(searcher: Searcher) -> None:
    pairs: list[tuple[str, dict[str, Any]]] = [
        ("area:kinh-te", {"area": "kinh-te"}),
        ("lĩnh-vực:kinh-te,do-thi", {"area": ["kinh-te", "do-thi"]}),
        ("đánh-giá:tồn-tại", {"assessment": "shortcoming"}),
        ('assessment:"ưu điểm"', {"assessment": "achievement"}),
        ("assessment:none", {"assessment": "none"}),
        ("năm:2004", {"year": 2004}),
        ("year:2005..2010", {"year": (2005, 2010)}),
        ("year:..2004", {"year": (None, 2004)}),
        ("nhiệm-kỳ:2000-2005", {"term": (2000, 2005)}),
        ("number:15-BC/QU", {"number": "15-BC/QU"}),
        ("số:12", {"number": "12"}),
        ("report:tan-hoa-2010", {"report": "tan-hoa-2010"}),
        ('kind:"nghị quyết"', {"kind": "nghi-quyet"}),
    ]
    for query, options in pairs:
        by_query = ids(searcher.search(query, limit=99))
        assert by_query, query
        assert by_query == ids(searcher.search("", limit=99, **options)), query


def test_years_overlap_and_terms_are_exact(searcher: Searcher) -> None:
    assert {hit.passage.report for hit in searcher.search("", year=(2004, 2008))} == {
        "binh-an-2005"
    }
    assert searcher.search("", year=2008).total == 0
    assert searcher.search("", term="2001-2005").total == 0


def test_an_area_lists_its_passages_in_reading_order(searcher: Searcher) -> None:
    results = searcher.search("", area="kinh-te")
    assert ids(results) == ["b1", "b2", "t1", "t3"]
    assert {hit.score for hit in results} == {0.0}
    assert [hit.rank for hit in results] == [1, 2, 3, 4]


def test_sorting(searcher: Searcher) -> None:
    assert ids(searcher.search("giải ngân", sort="reading")) == ["b1", "t1"]
    assert ids(searcher.search("ngân sách", sort="date")) == ["t3", "b2"]


def test_counts_are_over_all_matches(searcher: Searcher) -> None:
    results = searcher.search("ngân*", limit=1)
    assert len(results) == 1
    assert results.facets["area"] == {"kinh-te": 4, "do-thi": 1}
    assert results.facets["assessment"] == {"achievement": 3, "shortcoming": 2}
    assert results.facets["report"] == {"binh-an-2005": 3, "tan-hoa-2010": 2}
    assert searcher.search("ban chấp hành").facets["assessment"] == {"none": 1}


def test_where_a_word_matters_most(searcher: Searcher) -> None:
    areas = searcher.search("ngân*").areas
    assert [area.area for area in areas] == ["kinh-te", "do-thi"]
    assert (areas[0].matches, areas[0].passages, areas[0].density) == (4, 4, 1.0)
    assert sum(area.share for area in areas) == pytest.approx(1.0)


def test_near_identical_passages_are_folded(searcher: Searcher) -> None:
    results = searcher.search("giao thông nông thôn")
    assert ids(results) == ["t4"]
    assert results[0].duplicates == ("tan-hoa-2010#5",)
    assert (results.total, results.folded) == (2, 1)
    assert len(searcher.search("giao thông nông thôn", collapse=False)) == 2
    assert ids(searcher.search("giao thông nông thôn", offset=1)) == []


def test_pages_follow_each_other(searcher: Searcher) -> None:
    whole = ids(searcher.search("ngân sách giải quyết nhân dân", limit=99))
    pages = [
        ids(searcher.search("ngân sách giải quyết nhân dân", limit=2, offset=at))
        for at in range(0, 8, 2)
    ]
    assert [passage for page in pages for passage in page] == whole
    assert searcher.search("giải ngân", limit=0).total == 2


def test_syllables_that_are_nowhere_side_by_side_are_said(searcher: Searcher) -> None:
    for apart in ("chậm vay", "cham vay"):
        assert searcher.search("vỉa hè").relaxed is None
        assert searcher.search(apart).relaxed == "apart", apart


def test_what_asks_is_no_word_to_hold_without_diacritics(searcher: Searcher) -> None:
    # "dau" is also that of đầu tư, but not in "o dau".
    marked, plain = searcher.search("vỉa hè ở đâu?"), searcher.search("via he o dau?")
    assert ids(marked) == ids(plain) == ["b3"]
    assert plain[0].missing_words == ()


def test_passages_with_some_of_the_words_fill_the_last_page(searcher: Searcher) -> None:
    query = "ngân sách dự toán"
    results = searcher.search(query, partial=True)
    assert (results.total, ids(results)) == (1, ["b2"])
    below = [(hit.rank, hit.passage.id, hit.missing_words) for hit in results.partial]
    assert below == [(2, "tan-hoa-2010#3", ("dự toán",))]
    assert sum(results.facets["report"].values()) == 1
    assert searcher.search(query).partial == ()
    assert searcher.search(query, partial=True, limit=1).partial == ()  # the page is full
    assert searcher.search(query, partial=True, offset=1).partial == ()  # or past the end
    assert searcher.search(query, partial=True, sort="reading").partial == ()
    assert not searcher.search(query, partial=True, area="do-thi").partial
    for strict in ("ngân sách AND dự toán", "ngân sách +dự toán", '"ngân sách" dự toán'):
        assert searcher.search(strict, partial=True).partial == (), strict
    assert searcher.explain(query, "tan-hoa-2010#3").score == results.partial[0].score


def test_below_a_long_query_its_ranking_goes_on(searcher: Searcher) -> None:
    query = "chỉnh trang vỉa hè hiến đất hẻm chi bộ"
    whole = searcher.search(query, partial=True)
    assert 0 < len(whole) == whole.total < 10
    assert whole.partial[0].score <= whole[-1].score
    shown = [hit.passage.id for hit in (*whole, *whole.partial)]
    assert len(shown) == len(set(shown))
    pages = [searcher.search(query, partial=True, limit=1, offset=at) for at in range(whole.total)]
    assert [hit.passage.id for page in pages for hit in page] == shown[: whole.total]


def test_nothing_found_as_asked_is_said(searcher: Searcher) -> None:
    results = searcher.search("vỉa hè kỷ luật")
    assert results.relaxed == "fewer-words"
    assert set(ids(results)) == {"b3", "b6"}


def test_single_syllables_of_a_word_outside_the_filters_are_not_searched(
    searcher: Searcher,
) -> None:
    # Only b4 holds the word, and it speaks of another area; b1 and t1 hold "giải ngân".
    results = searcher.search("giải quyết", area="kinh-te")
    assert results.total == 0
    assert results.without_filters == {"area": 1}
    results = searcher.search("giải quyết area:kinh-te")
    assert results.total == 0
    assert results.without_filters == {"area:kinh-te": 1}
    assert searcher.tally("giải quyết", by="area", area="kinh-te").total == 0


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("giải ngâm", "giải ngân"),
        ("giari ngaan", "giải ngân"),
        ("gia3i nga6n", "giải ngân"),
        ("giaingan", "giai ngan"),
        ("kyr luaajt area:xay-dung-dang", "kỷ luật area:xay-dung-dang"),
        ("vỉa hề", "vỉa hè"),
    ],
)
def test_did_you_mean(searcher: Searcher, query: str, meant: str) -> None:
    found = searcher.search(query).did_you_mean
    assert found is not None
    assert found == meant


def test_no_suggestion_for_rare_names(searcher: Searcher) -> None:
    assert searcher.search("giải ngân Xyzzyvn").did_you_mean is None
    assert searcher.search("giải ngân như thế nào").did_you_mean is None


def test_only_punctuation_finds_nothing(searcher: Searcher) -> None:
    assert searcher.search("?!… ***").total == 0
    assert searcher.search('""').total == 0


def test_literal(searcher: Searcher) -> None:
    assert ids(searcher.search("giải ngân AND area:xyz (", literal=True, limit=2))[0] in (
        "t1",
        "b1",
    )


def test_similar(searcher: Searcher) -> None:
    results = searcher.similar("tan-hoa-2010#4")
    assert ids(results)[0] == "t5"
    assert "t4" not in ids(results)
    with pytest.raises(UnknownPassage, match="REPORT#NUMBER"):
        searcher.similar("tan-hoa-2010#99")
    with pytest.raises(UnknownPassage):
        searcher.similar("tan-hoa-2010#report")


def test_explain_adds_up(searcher: Searcher) -> None:
    query = "giải ngân vốn đầu tư"
    hit = searcher.search(query)[0]
    explanation = searcher.explain(query, hit.passage.id)
    assert explanation.matches
    assert explanation.score == pytest.approx(hit.score)
    assert sum(part.score for part in explanation.parts) == pytest.approx(hit.score)
    assert [word.text for word in explanation.words] == ["giải ngân", "vốn", "đầu tư"]
    assert all(word.held for word in explanation.words)
    assert "giải ngân" in str(explanation)
    json.dumps(explanation.to_dict())


def test_explain_says_why_not(searcher: Searcher) -> None:
    explanation = searcher.explain("vỉa hè quận", "binh-an-2005#1")
    assert not explanation.matches
    assert explanation.score == 0
    assert "Not there: vỉa hè, quận" in str(explanation)


def test_results_are_plain_data(searcher: Searcher) -> None:
    results = searcher.search("giải ngân")
    data = json.loads(json.dumps(results.to_dict()))
    assert data["hits"][0]["passage"]["id"] == "tan-hoa-2010#1"
    assert data["hits"][0]["report_title"].startswith("Nghị quyết")
    assert len(results[:1]) == 1
    assert list(results)[1] is results[1]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"sort": "best"}, "relevance, reading, date"),
        ({"limit": -1}, "limit"),
        ({"limit": True}, "limit"),
        ({"offset": -1}, "offset"),
        ({"width": 5}, "width"),
        ({"assessment": "good"}, "achievement, shortcoming, cause, none"),
        ({"year": "abc"}, "2003"),
        ({"year": 0}, "2003"),
        ({"year": (2005, 2000)}, "2000..2005"),
        ({"year": (None, None)}, "2003"),
        ({"term": "2005"}, "2000-2005"),
        ({"number": "-"}, "15-BC/QU"),
        ({"kind": ""}, "báo cáo"),
    ],
)
def test_options_that_cannot_be(searcher: Searcher, options: dict[str, Any], says: str) -> None:
    with pytest.raises(OptionError, match=says):
        searcher.search("giải ngân", **options)


def test_unknown_names(searcher: Searcher) -> None:
    with pytest.raises(UnknownArea):
        searcher.search("giải ngân", area="xyz")
    with pytest.raises(UnknownReport, match="tan-hoa-2010"):
        searcher.search("giải ngân", report="tan-hoa-2011")


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ("chậm area:xyz", 10),
        ("năm:abc", 4),
        ("report:khong-co", 7),
        ("term:2005", 5),
        ("a đánh-giá:tốt", 11),
    ],
)
def test_bad_values_in_a_query_have_a_place(searcher: Searcher, query: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        searcher.search(query)
    assert caught.value.position == position


_SIGNS = (
    'giải ngân giai area: năm: title: kinh-te 2003..2005 " “ » ( ) + - AND OR NOT VÀ HOẶC KHÔNG * ~ ~5 : '
    "15-CT/TU 21/9/2003 UBND tieengs \ud800 \u0301 đ ﬁ ½ 🙂 heading:("
)
_PIECES = st.sampled_from([*_SIGNS.split(), " ", " ", "\n", "x" * 30])


@settings(max_examples=300)
@given(
    query=st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map("".join)),
    literal=st.booleans(),
)
def test_any_string_is_answered_or_explained(searcher: Searcher, query: str, literal: bool) -> None:
    try:
        results = searcher.search(query, literal=literal, limit=3)
    except QueryError as error:
        position = error.position
    else:
        _check(results, searcher, literal=literal)
        return
    assert not literal
    assert 0 <= position < len(query)


def _check(results: Results, searcher: Searcher, *, literal: bool) -> None:
    assert results.total >= len(results)
    for hit in results:
        for start, end in hit.highlights:
            assert 0 <= start < end <= len(hit.passage.text)
    if results.did_you_mean is not None:
        assert searcher.search(results.did_you_mean, literal=literal).relaxed is None


def test_importing_search_is_light() -> None:
    code = (
        "import sys, tracuu.search; "
        "print(sorted(sys.modules.keys() & {'underthesea', 'whoosh', 'click', 'tracuu.engines.whoosh.engine'}))"
    )
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "query", ["((", '"', "+-", "***", "...", '""', "(( ))", '-"…"', "😀", " — "]
)
def test_a_query_without_a_word_finds_nothing_and_says_why(searcher: Searcher, query: str) -> None:
    for literal in (False, True):
        results = searcher.search(query, literal=literal, area="kinh-te")
        assert (results.total, results.wordless) == (0, True)
        assert results.to_dict()["wordless"] is True
        tally = searcher.tally(query, by="area", literal=literal)
        assert (tally.total, tally.wordless, tally.to_dict()["wordless"]) == (0, True, True)


@pytest.mark.parametrize(
    "query", ["", "  ", "ngân ((", "khongcotunay", "area:kinh-te ***", "a*", "-ngân"]
)
def test_a_query_with_a_word_or_a_filter_or_nothing_in_it_is_not_wordless(
    searcher: Searcher, query: str
) -> None:
    assert not searcher.search(query).wordless
    assert not searcher.tally(query, by="area").wordless
