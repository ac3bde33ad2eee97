"""Addresses, citations, marks and wordings by themselves."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from tracuu import Index, Passage, Report, TracuuError
from tracuu.corpus.citation import citation, long_date
from tracuu.web.page.error_messages import translate_error
from tracuu.web.page.highlight import highlight, highlight_error
from tracuu.web.page.query import PageQuery
from tracuu.web.page.wording import wording

words = st.text(max_size=20).map(str.strip)
many = st.lists(words.filter(bool), max_size=3, unique=True).map(tuple)


@given(
    st.builds(
        PageQuery,
        q=words,
        area=many,
        report=many,
        term=words,
        number=words,
        literal=st.booleans(),
        sort=st.sampled_from(["relevance", "date", "reading"]),
        page=st.integers(1, 1000),
        size=st.sampled_from([10, 20, 50]),
        lang=st.sampled_from(["vi", "en"]),
    )
)
def test_an_address_asks_for_what_it_was_made_from(query):
    address = query.url("/")
    assert re.fullmatch(r"/(\?[!-~]*)?", address)
    assert not set(address) & set("\"'<>")
    assert PageQuery.read(QueryParams(address.partition("?")[2])) == query


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=x",
        "page=١",
        "size=7",
        "sort=up",
        "lang=fr",
        "page=99999999999999999999",
    ],
)
def test_values_that_cannot_be_become_usual_ones(query):
    query = PageQuery.read(QueryParams(query))
    assert (query.size, query.sort, query.lang) == (10, "relevance", "vi")
    assert 1 <= query.page <= 1000


def test_a_passage_is_cited_as_vietnamese_offices_cite():
    report = Report(
        "r",
        title="BÁO CÁO Chính trị",
        kind="báo cáo",
        number="128-BC/HU",
        issuing_body="HUYỆN ỦY TÂN SƠN",
        date=date(2025, 2, 5),
    )
    passage = Passage("r", 14, "…", heading_path=("II. KẾT QUẢ", "2.1. Kết quả đạt được"), page=7)
    assert citation(passage, report) == (
        "Huyện ủy Tân Sơn, Báo cáo số 128-BC/HU ngày 05 tháng 02 năm 2025, "
        "mục “II. Kết quả › 2.1. Kết quả đạt được”, trang 7."
    )


def test_capitals_are_cited_in_sentence_case():
    report = Report(
        "r", "BÁO CÁO KIỂM ĐIỂM CỦA ĐẢNG BỘ XÃ LỘC AN", issuing_body="ĐẢNG UỶ XÃ LỘC AN"
    )
    passage = Passage("r", 2, "…", ("I. KẾT QUẢ", "1. VỀ KINH TẾ - XÃ HỘI"))
    assert citation(passage, report) == (
        "Đảng uỷ xã Lộc An, “Báo cáo kiểm điểm của Đảng bộ xã Lộc An”, "
        "mục “I. Kết quả › 1. Về kinh tế - xã hội”."
    )


def test_what_a_report_does_not_say_is_left_out_of_its_citation():
    assert citation(Passage("r", 2, "…"), Report("r")) == "“r”, đoạn 2."
    assert citation(Passage("r", 2, "…", page=4), Report("r")) == "“r”, trang 4."
    report = Report("r", title="Báo cáo kiểm điểm", term=(2000, 2005))
    assert (
        citation(Passage("r", 2, "…"), report) == "“Báo cáo kiểm điểm”, nhiệm kỳ 2000–2005, đoạn 2."
    )


def test_days_below_ten_and_the_first_two_months_have_a_zero():
    assert long_date(date(2025, 1, 2)) == "ngày 02 tháng 01 năm 2025"
    assert long_date(date(2025, 12, 31)) == "ngày 31 tháng 12 năm 2025"
    assert long_date(date(2025, 3, 10)) == "ngày 10 tháng 3 năm 2025"


@given(st.text(max_size=50), st.lists(st.integers(0, 50), max_size=8))
def test_marking_changes_no_letter(text, cuts):
    edges = sorted({min(cut, len(text)) for cut in cuts})
    spans = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False) if a < b]
    shown = highlight(text, spans)
    assert shown.unescape().replace("<mark>", "").replace("</mark>", "") == text.replace(
        "<mark>", ""
    ).replace("</mark>", "")
    assert shown.count("<mark>") == len(spans)


def test_the_word_that_is_wrong_is_marked_and_no_more():
    assert (
        highlight_error("(kỷ luật AND) thi hành", 9)
        == '(kỷ luật <mark class="error-at">AND</mark>) thi hành'
    )


@given(st.text(max_size=300), st.integers(0, 400))
def test_the_place_of_an_error_is_marked_once(text, position):
    assert highlight_error(text, position).count("<mark") == 1


def test_both_languages_say_everything():
    vietnamese, english = wording("vi").words, wording("en").words
    assert {key for key in english if not key.endswith("_one")} == set(vietnamese)
    for key, text in vietnamese.items():
        places = set(re.findall(r"\{(\w+)\}", text))
        assert places == set(re.findall(r"\{(\w+)\}", english[key])), key


def test_every_wording_is_used_and_every_used_one_is_there(root: Path):
    folder = root / "web" / "page"
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in [*folder.rglob("*.html"), *folder.glob("*.py")]
    )
    used = set(re.findall(r"""\bt\(\s*["']([\w.-]+)["'](?!\s*~)""", sources))
    assert used <= set(wording("vi").words)
    begun = set(re.findall(r"""["']([a-z]+\.[a-z_]*)["']\s*~|f["']([a-z]+\.[a-z_]*)\{""", sources))
    stems = tuple(one or other for one, other in begun)
    assert {
        key for key in wording("vi").words if key not in sources and not key.startswith(stems)
    } == set()


WRONG = [
    "kỷ luật AND",
    "OR kỷ luật",
    "NOT",
    "a -OR b",
    "area: ",
    'area:("a b")',
    "(" * 30 + "a b" + ")" * 30,
    '"a b"~1000',
    "gải~3",
    "aera:kinh-te",
    "year:abc",
    "year:2005..2003",
    "term:2000",
    "area:khong-co",
    "area:xây",
    "assessment:đẹp",
    "report:khong-co-dau",
    "number:((",
    "x" * 21000,
    "a OR " * 500 + "a",
]


@pytest.fixture(scope="module")
def index(samples):
    with Index.open(samples) as opened:
        yield opened


@pytest.mark.parametrize("query", WRONG, ids=lambda query: query[:20])
def test_what_is_wrong_with_a_query_is_told_in_both_languages(index, query):
    with pytest.raises(TracuuError) as caught:
        index.search(query)
    vietnamese, english = (
        translate_error(caught.value, wording("vi")),
        translate_error(caught.value, wording("en")),
    )
    assert vietnamese, str(caught.value)
    assert english
    assert vietnamese != english
    assert "{" not in vietnamese
