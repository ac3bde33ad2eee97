"""Phrases among plain words, and text in capitals: what people paste in."""

from __future__ import annotations

import pytest

from tracuu.errors import QueryError
from tracuu.search import Searcher
from tracuu.search.query.ast import And, Words
from tracuu.search.query.parser import parse


def ids(results: object) -> list[str]:
    return [hit.passage.id for hit in results]  # type: ignore[attr-defined]


def test_quoted_words_in_a_question_are_wishes(searcher: Searcher) -> None:
    results = searcher.search('Định nghĩa của "chỉnh trang vỉa hè"?')
    assert ids(results)[0] == "binh-an-2005#3"
    assert results.relaxed is None


def test_a_phrase_scores_by_its_words_like_the_same_words_without_marks(searcher: Searcher) -> None:
    marked = searcher.search('"giải ngân" vốn đầu tư')
    plain = searcher.search("giải ngân vốn đầu tư")
    assert marked[0].passage.id == plain[0].passage.id == "binh-an-2005#1"
    assert marked[0].score > searcher.search("vốn đầu tư")[0].score
    # The pair across the mark, "ngân vốn", is all they differ by.
    assert 0.8 * plain[0].score < marked[0].score <= plain[0].score


def test_a_phrase_among_words_still_has_to_be_held(searcher: Searcher) -> None:
    assert ids(searcher.search('"giải ngân" chậm')) == ["binh-an-2005#1"]


def test_a_phrase_that_is_held_stays_when_the_words_beside_it_are_not(searcher: Searcher) -> None:
    results = searcher.search('"giải ngân" "ủy ban" zzzz')
    held = {hit.passage.id for hit in searcher.search('"giải ngân" AND "ủy ban"')}
    assert set(ids(results)) == held
    alone = searcher.search('"giải ngân" zzzz')
    assert set(ids(alone)) == {hit.passage.id for hit in searcher.search('"giải ngân"')}
    assert alone.relaxed is not None


def test_words_of_a_phrase_are_highlighted_only_as_a_phrase(searcher: Searcher) -> None:
    hit = searcher.search('"Ủy ban" quận')[0]
    text = hit.passage.text
    assert {text[start:end] for start, end in hit.highlights} == {"Ủy ban", "quận"}


def test_a_phrase_gives_way_in_a_question_alone_and_not_with_a_plus(searcher: Searcher) -> None:
    results = searcher.search('"Khi nào Đại hội" "đã bầu ra" "Ban chấp hành?"')
    assert ids(results)[0] == "binh-an-2005#7"
    assert ids(searcher.search('Ai "đã bầu ra" Ban chấp hành?'))[0] == "binh-an-2005#7"
    assert searcher.search('Ai +"đã bầu ra" Ban chấp hành?').total == 0
    assert searcher.search('"đã bầu ra" Ban chấp hành').total == 0
    assert searcher.search('"đã bầu ra Ban chấp hành"').total == 0


@pytest.mark.parametrize(
    "text",
    [
        "SỰ HỢP TÁC GIỮA TESLA, LANE VÀ VAIL HÌNH THÀNH KHI NÀO?",
        "CHỦ NGHĨA ĐẾ QUỐC, VÀ GÌ?",
        "CÓ HAY KHÔNG?",
        "Điều nào sau đây KHÔNG đúng về chỉnh trang vỉa hè?",
        "Ủy ban KHÔNG có nghĩa vụ chỉnh trang khi nào",
        "quyền của người dân trong việc tham gia bàn bạc VÀ nghĩa vụ đóng góp",
    ],
)
def test_in_capitals_questions_and_sentences_operators_are_words(text: str) -> None:
    assert isinstance(parse(text).root, Words)


def test_in_other_queries_operators_stay_operators() -> None:
    assert isinstance(parse("UBND VÀ HĐND").root, And)
    assert isinstance(parse("Tesla VÀ Vail").root, And)
    assert parse("vỉa hè KHÔNG lòng đường").operators == ("KHÔNG",)
    assert parse("vỉa hè NOT hẻm AND nhựa").operators == ("NOT", "AND")
    assert parse("vỉa hè và hẻm").operators == ()
    with pytest.raises(QueryError):
        parse("VÀ")


def test_in_a_pasted_text_a_phrase_is_a_wish(searcher: Searcher) -> None:
    text = "Thu ngân sách đạt 4.590 tỉ đồng, vượt dự toán được giao; ủy ban nhân dân quận chỉnh trang vỉa hè, hiến đất mở rộng hẻm, xây dựng trường học, trạm y tế"
    pasted = searcher.search(f'{text} "khác hẳn mọi năm"')
    assert {"binh-an-2005#2", "binh-an-2005#3"} <= set(ids(pasted))
    assert pasted.relaxed is None
    assert searcher.search('ngân sách "khác hẳn mọi năm"').total == 0
