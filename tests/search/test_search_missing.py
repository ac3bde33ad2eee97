"""Words that no passage holds: left out or replaced, and never in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracuu import Index, Passage
from tracuu.search import MissingWord, Searcher


def test_a_word_that_no_passage_holds_finds_no_other_word_in_silence(searcher: Searcher) -> None:
    # "luất" stands in no passage; "luật" does.
    results = searcher.search("luất")
    assert results.missing == (MissingWord("luất", ("luật",)),)
    assert [hit.passage.id for hit in results] == ["binh-an-2005#6"]
    assert results[0].missing_words == ("luất",)
    assert str(results.missing[0]) == "No passage holds “luất”; “luật” is searched instead"
    literal = searcher.search("luất", literal=True)
    assert literal.total == 0
    assert literal.missing == (MissingWord("luất"),)


@pytest.mark.parametrize("query", ["Ngâu", "Thoa", "nguồn", "xyzzy"])
def test_a_syllable_is_not_read_with_another_letter(searcher: Searcher, query: str) -> None:
    results = searcher.search(query)
    assert results.total == 0
    assert results.missing == (MissingWord(query),)


def test_a_typing_error_is_mended_where_the_words_beside_it_agree_and_says_so(
    searcher: Searcher,
) -> None:
    results = searcher.search("giải ngâm")
    assert [hit.passage.report[0] for hit in results] == ["t", "b"]
    assert results.missing == (MissingWord("ngâm", ("ngân",)),)
    assert results.did_you_mean == "giải ngân"


@pytest.mark.parametrize("query", ["+luất", '"luất"', 'kỷ "luất"', "kỷ +luất", "-luật +luất"])
def test_what_must_be_held_never_gives_way(searcher: Searcher, query: str) -> None:
    assert searcher.search(query).total == 0


def test_what_must_not_be_held_is_what_was_typed(searcher: Searcher) -> None:
    assert searcher.search("kỷ luật -luất").total == 1


def test_a_hit_knows_the_words_it_lacks(searcher: Searcher) -> None:
    results = searcher.search("vỉa hè kỷ luật")
    lacks = {hit.passage.position: hit.missing_words for hit in results}
    assert lacks == {3: ("kỷ luật",), 6: ("vỉa hè",)}
    assert results.missing == ()
    # What stands in a heading or in the report's title is not lacking, nor is an abbreviation's long form.
    assert searcher.search("giải ngân kinh tế Tân Hòa UBND")[0].missing_words == ()


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ("giai ngam kinh te", ("ngam",)),  # no passage holds "ngam", this one "giải"
        ("giải ngân vốn kinh tế +chậm", ()),
        # "mặt" stands in a heading of the passage, but in another word
        ("giải phóng mặt bằng kinh tế", ("giải phóng mặt bằng",)),
    ],
)
def test_of_a_word_that_is_there_in_part_only_the_rest_is_missing(
    searcher: Searcher, query: str, missing: tuple[str, ...]
) -> None:
    hits = {hit.passage.id: hit for hit in searcher.search(query)}
    assert hits["binh-an-2005#1"].missing_words == missing


def test_of_a_long_word_the_part_that_is_not_there_is_missing(searcher: Searcher) -> None:
    hits = {hit.passage.id: hit for hit in searcher.search("hội đồng nhân dân kinh tế")}
    assert hits["tan-hoa-2010#3"].missing_words == ("hội đồng",)  # "đời sống nhân dân"
    assert hits["binh-an-2005#1"].missing_words == ("hội đồng nhân dân",)


def test_an_unmarked_word_is_not_read_with_marks_far_from_its_neighbours(
    searcher: Searcher,
) -> None:
    # "mo" is written "mở" here, but never beside "hè".
    results = searcher.search("hè mo")
    assert results.missing == (MissingWord("mo"),)
    assert results.relaxed == "fewer-words"


def test_words_are_plain_data(searcher: Searcher) -> None:
    data = searcher.search("giải ngâm KHÔNG vỉa hè").to_dict()
    assert data["missing"] == [
        {"word": "ngâm", "replaced_by": ["ngân"], "field": None, "values": [], "taken": False}
    ]
    assert data["operators"] == ["KHÔNG"]
    assert data["hits"][0]["missing_words"] == ["ngâm"]


def test_a_word_typed_with_marks_is_mended_to_one_that_stands_there(tmp_path: Path) -> None:
    with Index.create(tmp_path / "ix") as index:
        texts = ("Xây dựng nông thôn mới.", "Nội dung chi xây cầu.", "Dung lượng chung.")
        index.add([Passage("r", at, text) for at, text in enumerate(texts, 1)])
        results = index.search("xây dưng nông thôn mới")
        # "dung" stands in the index too, but not beside "xây"
        assert results.did_you_mean == "xây dựng nông thôn mới"
        assert results.missing == (MissingWord("dưng", ("dựng",)),)


@pytest.mark.parametrize(
    ("query", "meant"),
    [("nghi quyt", "nghi quyet"), ("kim tra giam sat", "kiem tra giam sat"), ("chuye trach", None)],
)
def test_a_query_without_marks_is_mended_to_words_that_have_lost_theirs(
    tmp_path: Path, query: str, meant: str | None
) -> None:
    with Index.create(tmp_path / "ix") as index:
        texts = ("Nghị quyết của chi bộ.", "Kiểm tra, giám sát hằng quý.", "Tổ trông coi kho.")
        index.add([Passage("r", at, text) for at, text in enumerate(texts, 1)])
        assert index.search(query).did_you_mean == meant


@pytest.mark.parametrize("query", ["karaoke", "facebook", "blockchain", "bunganhang"])
def test_a_suggestion_is_made_of_words_that_stand_together(searcher: Searcher, query: str) -> None:
    assert searcher.search(query).did_you_mean is None


def test_party_words_without_marks_are_no_function_words(searcher: Searcher) -> None:
    # "dang" is "Đảng" and "đảng" in these passages, never "đang".
    results = searcher.search("can bo dang vien")
    assert "binh-an-2005#5" in [hit.passage.id for hit in results]
    hits = {hit.passage.id: hit for hit in searcher.search("dang")}
    hit = hits["binh-an-2005#5"]
    assert [hit.passage.text[a:b] for a, b in hit.highlights] == ["Đảng", "đảng"]


@pytest.mark.parametrize(
    "query",
    [
        "Đảng bộ có quán triệt chỉ thị về bình đẳng giới được không",
        "Đảng bộ có bàn về bình đẳng giới hay chưa",
    ],
)
def test_a_question_of_yes_or_no_needs_few_of_its_words(searcher: Searcher, query: str) -> None:
    results = searcher.search(query)
    assert results.relaxed is None
    assert "binh-an-2005#5" in [hit.passage.id for hit in results]


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ('"luất"', "luất"),
        ('"luật kỷ"', "luật kỷ"),  # both are there, not in this order
        ('kỷ luật +"vỉa kỷ"', "vỉa kỷ"),
        ('"kỷ luật" AND "đất mở hẻm"', "đất mở hẻm"),
        ("999-BC/HU", "999-BC/HU"),
        ("covid-19", "covid-19"),
        ("31/12/1999", "31/12/1999"),
        ("M.T.T.Q", "M.T.T.Q"),
        ("kỹ*", "kỹ*"),
        ("luật AND kỹ*", "kỹ*"),
        ("tiêu-đề:luật", "tiêu-đề:luật"),
    ],
)
def test_what_must_be_held_and_is_in_no_passage_is_named_as_typed(
    searcher: Searcher, query: str, missing: str
) -> None:
    results = searcher.search(query)
    assert results.total == 0
    assert [word.word for word in results.missing] == [missing]
    assert [word.word for word in searcher.tally(query, by="area").missing] == [missing]


@pytest.mark.parametrize(
    "query",
    ['"kỷ luật" "vỉa hè"', '-"luật kỷ" "kỷ luật" "vỉa hè"', "15-CT/TU"],
)
def test_what_a_passage_holds_is_not_called_missing(searcher: Searcher, query: str) -> None:
    assert searcher.search(query).missing == ()


def test_a_phrase_that_is_elsewhere_is_not_called_missing_within_filters(
    searcher: Searcher,
) -> None:
    results = searcher.search('"kỷ luật"', area="do-thi")
    assert (results.total, results.missing) == (0, ())
    assert results.without_filters == {"area": 1}


def test_a_search_relaxed_by_its_filters_counts_what_matches_without_them(
    searcher: Searcher,
) -> None:
    # Of these the area has "vỉa hè" only.
    results = searcher.search("vỉa hè quán triệt đảng viên", area="do-thi")
    assert results.relaxed == "fewer-words"
    assert results.without_filters == {"area": 1}
    # Nowhere do these stand together: no filter is to blame.
    assert searcher.search("vỉa hè kỷ luật", area="do-thi").without_filters == {}


@pytest.mark.parametrize(
    ("query", "excluded"),
    [
        ("kỷ luật -luật", "-luật"),
        ("kỷ luật KHÔNG luật", "KHÔNG luật"),
        ('kỷ luật -"kỷ luật"', '-"kỷ luật"'),
    ],
)
def test_an_exclusion_that_leaves_nothing_is_named(
    searcher: Searcher, query: str, excluded: str
) -> None:
    results = searcher.search(query)
    assert results.without_filters[excluded] == 1


@pytest.mark.parametrize(
    ("query", "absent"),
    [
        ("tỉnh Hà Giang", "Hà Giang"),
        ("tinh Ha Giang", "Ha Giang"),
        ("đồng chí Lò Văn Tình", "Lò Văn Tình"),
        ("xuất khẩu Hà Giang", "Hà Giang"),
        ("tỉnh Bắc Giang", None),
        ("tỉnh hà giang", None),  # no name by its letters
        ("đ/c Lò Văn Inh", None),
        ("XUẤT KHẨU HÀ GIANG", None),
    ],
)
def test_a_name_whose_syllables_are_in_other_names_is_not_there(
    tmp_path: Path, query: str, absent: str | None
) -> None:
    with Index.create(tmp_path / "ix") as index:
        texts = (
            "Tỉnh Bắc Giang xuất khẩu vải.",
            "Xã Hà Lót thu hoạch lúa.",
            "Tình hình được đ/c Lò Văn Inh báo cáo.",
        )
        index.add([Passage("r", at, text) for at, text in enumerate(texts, 1)])
        results = index.search(query)
        assert results.total
        assert results.missing == ((MissingWord(absent),) if absent else ())


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("giải ngân cham", "giải ngân chậm"),
        ("giải ngân tự ga", None),  # "gà" is there, but in no passage with these
        ("giai ngan cham", None),
    ],
)
def test_a_query_half_typed_with_marks_is_offered_the_rest(
    tmp_path: Path, query: str, meant: str | None
) -> None:
    with Index.create(tmp_path / "ix") as index:
        texts = ("Giải ngân vốn còn chậm.", "Giải ngân khá.", "Chăn nuôi gà thả vườn.")
        index.add([Passage("r", at, text) for at, text in enumerate(texts, 1)])
        assert index.search(query).did_you_mean == meant


def test_a_syllable_that_cannot_be_spelt_so_is_mended_first(tmp_path: Path) -> None:
    with Index.create(tmp_path / "ix") as index:
        texts = ("Thu ngân sách đã vượt dự toán.", "Chi ngân sách.")
        index.add([Passage("r", at, text) for at, text in enumerate(texts, 1)])
        # "vươt" has no tone, which a syllable with this ending must have
        assert index.search("thu ngân sách vươt").did_you_mean == "thu ngân sách vượt"


def test_an_abbreviation_is_not_replaced_by_a_word_like_it(tmp_path: Path) -> None:
    with Index.create(tmp_path / "ix") as index:
        index.add([Passage("r", 1, "Quan tâm hộ nghèo.")])
        results = index.search("QPAN")
        assert (results.total, results.missing) == (0, (MissingWord("QPAN"),))
