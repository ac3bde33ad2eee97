from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tracuu import Index, Passage, Report
from tracuu.compare.topics import log_likelihood
from tracuu.errors import OptionError, UnknownArea, UnknownReport

GOOD, BAD = "achievement", "shortcoming"
THEN = [
    ("do-thi", BAD, "Bến phà Cồn Én xuống cấp, người dân qua sông rất nguy hiểm."),
    ("do-thi", GOOD, "Thu gom rác thải đạt 95%, bãi rác Gò Dài được xử lý."),
    ("kinh-te", BAD, "Nợ đọng thuế của các hộ kinh doanh còn 12 tỷ đồng."),
    (
        "kinh-te",
        GOOD,
        "Làng nghề dệt chiếu xuất khẩu mỗi năm 20.000 đôi chiếu. Chiếu cói được giá, chiếu cói có tem.",
    ),
    ("dan-van", BAD, "Hội viên nông dân bỏ sinh hoạt nhiều."),
    ("kinh-te", None, "Phiên họp diễn ra vào tháng 3."),
]
NOW = [
    ("do-thi", GOOD, "Cầu Cồn Én thay bến phà xuống cấp từ năm 2022; người dân qua sông an toàn."),
    ("do-thi", BAD, "Thu gom rác thải giảm còn 70%, bãi rác Gò Dài quá tải."),
    ("kinh-te", BAD, "Nợ đọng thuế của hộ kinh doanh tăng lên 31 tỷ đồng."),
    ("kinh-te", GOOD, "Làng nghề dệt chiếu xuất khẩu 26.000 đôi chiếu."),
    ("kinh-te", BAD, "Điện mặt trời đầu tư tràn lan, điện mặt trời mái nhà chưa đấu nối."),
    ("dan-van", GOOD, "Bến phà Cồn Én xuống cấp được Mặt trận kiến nghị."),
]
FILLER = ["Đoạn này nói về chuyện khác hẳn, không dính dáng gì."] * 150
"""Other passages of the index, against which words are telling or not."""


def put(index: Index, name: str, rows: list[tuple[str, str | None, str]], **told: object) -> None:
    passages = [
        Passage(name, place, text, area=area, assessment=assessment)  # type: ignore[arg-type]
        for place, (area, assessment, text) in enumerate(rows, 1)
    ]
    index.add(passages, report=Report(name, title=name, **told), classify=False)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.create(tmp_path_factory.mktemp("comparing") / "index") as index:
        put(index, "dang-bo-2015", THEN, term=(2015, 2020))
        put(index, "dang-bo-2020", NOW, term=(2020, 2025))
        put(index, "chuyen-khac", [("chung", None, text) for text in FILLER])
        yield index


def test_what_was_a_shortcoming_and_is_an_achievement_is_mended(index: Index) -> None:
    found = index.compare("dang-bo-2015", "dang-bo-2020")
    assert [
        (match.fate, match.older.position, match.newer.position) for match in found.matches()
    ] == [
        ("mended", 1, 1),
        ("worsened", 2, 2),
        ("persisting", 3, 3),
        ("repeated", 4, 4),
    ]
    (mended,) = found.matches("mended")
    assert "Cồn Én" in " ".join(mended.shared)
    assert all(words in mended.newer.text for words in mended.shared)
    assert 0.14 <= mended.similarity <= 1


def test_passages_of_other_areas_never_match(index: Index) -> None:
    for match in index.compare("dang-bo-2015", "dang-bo-2020").matches():
        assert match.older.area == match.newer.area
        assert match.newer.position != 6  # the same words as the ferry's, in another area


def test_shortcomings_that_match_nothing_are_gone_or_fresh(index: Index) -> None:
    areas = {area.area: area for area in index.compare("dang-bo-2015", "dang-bo-2020").areas}
    assert [passage.position for passage in areas["dan-van"].gone] == [5]
    assert [passage.position for passage in areas["kinh-te"].fresh] == [5]
    assert areas["kinh-te"].older == {"achievement": 1, "shortcoming": 1, "cause": 0, "none": 1}
    assert areas["kinh-te"].newer == {"achievement": 1, "shortcoming": 2, "cause": 0, "none": 0}
    assert list(areas) == [
        "do-thi",
        "kinh-te",
        "dan-van",
    ]  # as in the taxonomy, and none that neither speaks of


def test_topics_stand_twice_in_one_report_and_nowhere_in_the_other(index: Index) -> None:
    areas = {area.area: area for area in index.compare("dang-bo-2015", "dang-bo-2020").areas}
    (new,) = areas["kinh-te"].new_topics
    assert (new.text, new.times, new.passages) == ("Điện mặt trời", 2, ("dang-bo-2020#5",))
    assert [(topic.text, topic.times) for topic in areas["kinh-te"].dropped_topics] == [
        ("Chiếu cói", 2)
    ]
    assert (
        areas["do-thi"].new_topics == areas["do-thi"].dropped_topics == ()
    )  # "rác thải" stands in both


def test_the_order_of_the_names_does_not_matter_where_terms_tell(index: Index) -> None:
    one, other = (
        index.compare("dang-bo-2015", "dang-bo-2020"),
        index.compare("dang-bo-2020", "dang-bo-2015"),
    )
    assert one == other
    assert (one.older.id, one.ordered_by) == ("dang-bo-2015", "term")


@pytest.mark.parametrize(
    ("first", "second", "older", "by"),
    [
        ({"date": date(2020, 5, 1)}, {"date": date(2020, 4, 1)}, "b", "date"),
        (
            {"term": (2015, 2020), "date": date(2021, 1, 1)},
            {"term": (2015, 2020), "date": date(2020, 1, 1)},
            "b",
            "date",
        ),
        ({"date": date(2022, 5, 1)}, {"term": (2015, 2020)}, "b", "date"),
        ({"term": (2015, 2020)}, {}, "a", "given"),
        ({}, {}, "a", "given"),
    ],
)
def test_which_one_is_older_is_told_by_what_is_known(
    tmp_path: Path, first, second, older: str, by: str
) -> None:
    with Index.create(tmp_path / "index") as index:
        put(index, "a", THEN, **first)
        put(index, "b", NOW, **second)
        found = index.compare("a", "b")
        assert (found.older.id, found.ordered_by) == (older, by)


def test_a_passage_on_two_matters_may_be_in_two_matches(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        put(
            index,
            "a",
            [("do-thi", BAD, "Bến phà Cồn Én xuống cấp. Chợ Gò Dài lấn chiếm lòng đường.")],
            term=(2015, 2020),
        )
        rows = [
            ("do-thi", GOOD, "Bến phà Cồn Én hết xuống cấp."),
            ("do-thi", BAD, "Chợ Gò Dài vẫn lấn chiếm lòng đường."),
        ]
        put(index, "b", rows, term=(2020, 2025))
        put(index, "c", [("chung", None, text) for text in FILLER])
        fates = [(match.fate, match.newer.position) for match in index.compare("a", "b").matches()]
        assert fates == [("mended", 1), ("persisting", 2)]


def test_figures_and_function_words_make_no_match(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        put(
            index,
            "a",
            [("do-thi", BAD, "Và đã có 1.234 của những cái trong năm 2019.")],
            term=(2015, 2020),
        )
        put(index, "b", [("do-thi", BAD, "Đã có 1.234 và những thứ của 2019.")], term=(2020, 2025))
        put(index, "c", [("chung", None, text) for text in FILLER])
        assert list(index.compare("a", "b").matches()) == []


def test_reports_are_named_by_a_part_of_their_id_and_areas_in_any_way(index: Index) -> None:
    found = index.compare("bo-2015", "bo-2020", area=["kinh te"])
    assert [area.area for area in found.areas] == ["kinh-te"]
    with pytest.raises(UnknownReport, match="fits 2 reports"):
        index.compare("dang-bo", "dang-bo-2020")
    with pytest.raises(UnknownReport):
        index.compare("dang-bo-2015", "nothing")
    with pytest.raises(UnknownArea):
        index.compare("dang-bo-2015", "dang-bo-2020", area="biển")
    with pytest.raises(OptionError, match="the same report"):
        index.compare("dang-bo-2015", "bo-2015")


def test_all_of_it_is_plain_data(index: Index) -> None:
    data = json.loads(json.dumps(index.compare("dang-bo-2015", "dang-bo-2020").to_dict()))
    assert data["counts"] == {"mended": 1, "persisting": 1, "worsened": 1, "repeated": 1}
    assert data["areas"][0]["matches"][0]["older"]["id"] == "dang-bo-2015#1"
    assert data["areas"][1]["new_topics"][0]["text"] == "Điện mặt trời"


def test_log_likelihood_is_that_of_the_two_corpora() -> None:
    # 3 of 10 passages against 4 of 1000: E = 10·4/1000, the rest 990·4/1000.
    assert log_likelihood(3, 10, 4, 1000) == pytest.approx(
        2 * (3 * 4.31749 + 1 * -1.37624), abs=1e-3
    )
    assert log_likelihood(1, 10, 100, 1000) == 0  # no more than elsewhere
    assert log_likelihood(2, 2, 2, 2) == 0  # the area is all there is
    assert log_likelihood(5, 10, 3, 1000) > 0  # a count from a time before


def test_the_annotated_pairs_are_found_as_well_as_the_documentation_says(
    root: Path, tmp_path: Path
) -> None:
    gold: dict[tuple[str, str], set[tuple[int, int]]] = {}
    for line in (
        (root / "tests" / "data" / "terms" / "matches.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    ):
        older, newer = (json.loads(line)[side] for side in ("older", "newer"))
        gold.setdefault((older["report"], newer["report"]), set()).add(
            (older["line"], newer["line"])
        )
    with Index.create(tmp_path / "index") as index:
        list(index.update([root / "corpus" / "samples", root / "tests" / "data" / "terms"], jobs=1))
        for pair, wanted in gold.items():
            matches = list(index.compare(*pair).matches())
            ours = {(match.older.line, match.newer.line) for match in matches}
            assert len(ours & wanted) / len(ours) > 0.9
            assert len(ours & wanted) / len(wanted) > 0.8


def put_topics(tmp_path: Path, rows: list[str], others: list[str] = FILLER) -> dict[str, int]:
    """The topics of an area's passages with these texts, and how often each stands there."""
    with Index.create(tmp_path / "index") as index:
        put(index, "a", [("kinh-te", GOOD, "Không có gì giống.")], term=(2015, 2020))
        put(index, "b", [("kinh-te", GOOD, text) for text in rows], term=(2020, 2025))
        put(index, "c", [("chung", None, text) for text in others])
        (area,) = index.compare("a", "b").areas
        return {topic.text: topic.times for topic in area.new_topics}


def test_a_word_of_another_language_is_a_topic_by_itself(tmp_path: Path) -> None:
    rows = ["Ngày hội STEM đông vui.", "Phòng lab phục vụ STEM; nghị quyết VIII và khóa VIII."]
    assert put_topics(tmp_path, rows) == {"STEM": 2}


def test_in_a_text_without_diacritics_nothing_is_taken_for_another_language(tmp_path: Path) -> None:
    rows = ["Truong moi xay, duong thong.", "Nuoc sach ve lang, duong rong, truong tot."]
    assert put_topics(tmp_path, rows) == {}


def test_topics_may_share_syllables_but_no_place(tmp_path: Path) -> None:
    rows = [
        "Thiết chế công đoàn khánh thành; phần mềm đoàn viên hỏng.",
        "Thuê thiết chế công đoàn, cài phần mềm đoàn viên.",
    ]
    assert put_topics(tmp_path, rows) == {"Thiết chế công đoàn": 2, "phần mềm đoàn viên": 2}


def test_a_word_of_counting_begins_and_ends_no_topic(tmp_path: Path) -> None:
    assert (
        put_topics(
            tmp_path, ["Có 40 lượt em đến.", "Cả 50 lượt em về, số cháu tăng.", "Số cháu vui."]
        )
        == {}
    )


def test_a_text_typed_with_combining_marks_has_the_same_topics(tmp_path: Path) -> None:
    rows = ["Điện mặt trời đầu tư tràn lan.", "Điện mặt trời mái nhà chưa đấu nối."]
    plain = put_topics(tmp_path / "nfc", rows)
    other = put_topics(tmp_path / "nfd", [unicodedata.normalize("NFD", text) for text in rows])
    assert {unicodedata.normalize("NFC", text) for text in other} == set(plain) == {"Điện mặt trời"}
