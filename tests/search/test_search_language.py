"""What queries mean, and what is said about those that mean nothing."""

from __future__ import annotations

import pytest

from tracuu.errors import QueryError
from tracuu.search.query.ast import (
    And,
    Clause,
    Clauses,
    FieldScope,
    Filter,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Words,
)
from tracuu.search.query.lexer import (
    MAX_DEPTH,
    MAX_EXPANDED,
    MAX_LENGTH,
    MAX_NEAR_PHRASES,
    MAX_OPERATORS,
)
from tracuu.search.query.parser import parse


def root(query: str) -> Node | None:
    """The tree of a query."""
    return parse(query).root


@pytest.mark.parametrize("quotes", ['""', "“”", "«»", "„“", "””"])
def test_quotation_marks_of_any_shape_make_a_phrase(quotes: str) -> None:
    found = root(f"{quotes[0]}giải ngân{quotes[1]}")
    assert isinstance(found, Phrase)
    assert found.text == "giải ngân"


def test_a_phrase_may_be_near() -> None:
    found = root('"gần nhau"~5')
    assert isinstance(found, Phrase)
    assert found.slop == 5


@pytest.mark.parametrize("operator", ["AND", "VÀ"])
def test_and_is_an_operator_in_capitals_only(operator: str) -> None:
    assert isinstance(root(f"giải ngân {operator} đầu tư"), And)
    assert isinstance(root(f"giải ngân {operator.lower()} đầu tư"), Words)


@pytest.mark.parametrize("operator", ["OR", "HOẶC"])
def test_words_side_by_side_bind_tighter_than_or(operator: str) -> None:
    found = root(f"giải ngân {operator} đầu tư công")
    assert isinstance(found, Or)
    assert [child.text for child in found.children if isinstance(child, Words)] == [
        "giải ngân",
        "đầu tư công",
    ]


@pytest.mark.parametrize("operator", ["NOT", "KHÔNG"])
def test_not_follows_without_and(operator: str) -> None:
    found = root(f"giải ngân {operator} đầu tư")
    assert isinstance(found, And)
    assert isinstance(found.children[1], Not)


def test_and_binds_tighter_than_or() -> None:
    found = root("a OR b AND c")
    assert isinstance(found, Or)
    assert isinstance(found.children[1], And)


@pytest.mark.parametrize("text", ["XÂY DỰNG VÀ PHÁT TRIỂN", "KHÔNG ĐỂ XẢY RA", "THU HOẶC CHI"])
def test_vietnamese_operators_are_words_in_a_text_in_capitals(text: str) -> None:
    assert isinstance(root(text), Words)


def test_abbreviations_are_no_text_in_capitals() -> None:
    assert isinstance(root("UBND VÀ HĐND"), And)


@pytest.mark.parametrize(
    ("query", "kind"),
    [("ngân*", Prefix), ("gải~", Fuzzy), ("gải~1", Fuzzy), ("-chậm", Clause), ("+chậm", Clause)],
)
def test_signs_on_words(query: str, kind: type) -> None:
    assert isinstance(root(query), kind)


@pytest.mark.parametrize(
    "name",
    [
        "area",
        "Area",
        "lĩnh-vực",
        "linh-vuc",
        "lĩnh_vực",
        "linhvuc",
        "LĨNH-VỰC",
        "lĩnh vực",
        "Linh vuc",
        "li\u0303nh-vu\u031b\u0323c",
    ],
)
def test_fields_have_english_and_vietnamese_names(name: str) -> None:
    found = root(f"{name}:kinh-te")
    assert isinstance(found, Filter)
    assert found.field == "area"
    assert [value.text for value in found.values] == ["kinh-te"]


@pytest.mark.parametrize(
    "text", ["lĩnh vực: kinh tế", "nội dung báo cáo:tình hình", "Các lĩnh vực\nchính:kinh tế"]
)
def test_two_words_before_a_colon_are_text_otherwise(text: str) -> None:
    assert isinstance(root(text), Words)


def test_several_values_of_a_field() -> None:
    for query in ("area:kinh-te,do-thi", "area:(kinh-te do-thi)", "area:(kinh-te OR do-thi)"):
        found = root(query)
        assert isinstance(found, Filter)
        assert [value.text for value in found.values] == ["kinh-te", "do-thi"]


def test_words_of_a_text_field() -> None:
    found = root('title:"kiểm điểm" chậm')
    assert isinstance(found, Clauses)
    assert isinstance(found.items[0], FieldScope)


@pytest.mark.parametrize(
    "text",
    [
        "Điều 5: quyền và nghĩa vụ",
        "họp lúc 10:30 sáng",
        "https://example.vn/a?b=c:d",
        "Năm: 2003",
        "Ghi chú:đã xong",
        'một dấu " lẻ',
        "a) mục (chưa đóng",
        "từ -5 đến +7%",
        "- gạch đầu dòng\n-Công tác Đảng\n+Công tác khác",
        "** đậm ** ~ * + - ~5",
        "nhiệm kỳ – 2005",
    ],
)
def test_pasted_text_is_words(text: str) -> None:
    assert isinstance(root(text), Words)


def test_parentheses_around_plain_words_group_nothing() -> None:
    found = root("nhiệm kỳ VIII (2000 – 2005) của quận")
    assert isinstance(found, Clauses)
    assert all(isinstance(item, Words) for item in found.items)


@pytest.mark.parametrize("query", ["", "  \n", "()", "(())"])
def test_queries_that_say_nothing(query: str) -> None:
    assert root(query) is None


def test_literal_takes_all_as_words() -> None:
    found = parse('area:xyz AND "(', literal=True).root
    assert isinstance(found, Words)


def test_every_node_knows_its_place() -> None:
    query = 'chậm +"giải ngân" -area:kinh-te title:báo ngân*'
    found = root(query)
    assert isinstance(found, Clauses)
    assert query[found.items[1].start : found.items[1].end] == '+"giải ngân"'
    assert query[found.items[2].start : found.items[2].end] == "-area:kinh-te"


@pytest.mark.parametrize(
    ("query", "position", "says"),
    [
        ("AND giải ngân", 0, "nothing before"),
        ("giải ngân OR", 10, "nothing after"),
        ("a AND OR b", 2, "nothing after"),
        ("(a AND) b", 3, "nothing after"),
        ("giải ngân NOT", 10, "nothing after"),
        ("chậm +AND b", 5, "before an operator"),
        ("chậm area:", 5, "no value"),
        ("area:()", 0, "no value"),
        ("chậm aera:kinh-te", 5, "did you mean area:"),
        ("tiêu-đè:x", 0, "did you mean title:"),
        ("area:ngân*", 5, "takes a name"),
        ('"a b"~101', 6, "at most 100"),
        ("gải~2", 3, "one letter"),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), MAX_DEPTH, "deep"),
        ("a" * (MAX_LENGTH + 1), MAX_LENGTH, "limit"),
    ],
)
def test_errors_point_at_the_place(query: str, position: int, says: str) -> None:
    with pytest.raises(QueryError, match=says) as caught:
        parse(query)
    assert caught.value.position == position
    assert caught.value.query == query


def test_too_many_signs() -> None:
    with pytest.raises(QueryError, match="literal"):
        parse('"a" ' * (MAX_OPERATORS + 1))


@pytest.mark.parametrize(
    ("sign", "limit"),
    [('"thu chi ngân sách"~8', MAX_NEAR_PHRASES), ("ngân*", MAX_EXPANDED), ("ngân~", MAX_EXPANDED)],
)
@pytest.mark.parametrize("between", [" ", " OR ", " -", " title:"])
def test_costly_signs_are_bounded(sign: str, limit: int, between: str) -> None:
    allowed = between.join([sign] * limit)
    parse(allowed)
    with pytest.raises(QueryError, match=f"more than {limit}") as caught:
        parse(f"{allowed}{between}{sign}")
    assert caught.value.position >= len(allowed)
    parse(between.join(['"thu chi"'] * (3 * MAX_NEAR_PHRASES)))  # exact phrases are cheap


def test_many_negations_are_no_deep_tree() -> None:
    assert isinstance(root("NOT " * (MAX_OPERATORS - 2) + "a"), Words)
