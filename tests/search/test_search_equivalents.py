"""Words that say the same: numbers, abbreviations with signs, the user's synonyms, names of places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tracuu import Index, check
from tracuu.corpus.model import Passage
from tracuu.errors import OptionError
from tracuu.search.query.equivalents import from_roman, roman
from tracuu.vietnamese.places import other_names

TEXTS = {
    "roman": "Nghị quyết Đại hội đảng bộ khóa XIII được quán triệt.",
    "arabic": "Đảng bộ thực hiện nghị quyết khóa 13 đã đề ra.",
    "quarter": "Trong quý IV thu hoạch 12 ha chè.",
    "slash": "Đ/c Bí thư kiểm tra hồ chứa.",
    "long": "Đồng chí Chủ tịch dự họp.",
    "dotted": "U.B.N.D xã sửa đường liên thôn.",
    "offence": "Xử lý vi phạm trật tự xây dựng.",
    "flood": "Tình trạng úng ngập ở khu chợ chưa hết.",
    "tide": "Triều cường gây thiệt hại 3 ao tôm.",
    "before": "Xã Nhơn Nghĩa làm 2 km đường.",
    "since": "Xã Nhơn Ái làm 3 cây cầu.",
    "six": "Có 6 hộ thoát nghèo.",
    "fourth": "Quý IV năm 2031 thu khá.",
    "fourth-slash": "Trong quý 4/2031 có mưa.",
    "fourth-roman": "Quý IV/2031 mở lớp.",
    "third": "Quý III năm 2031 nắng.",
    "june": "Tháng 6 năm 2032 cấy lúa.",
    "june-slash": "Họp trong tháng 06/2032.",
    "congress": "Nghị quyết Đại hội đại biểu lần thứ XII được quán triệt.",
}


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    passages = [Passage(name, 1, text) for name, text in TEXTS.items()]
    with Index.create(tmp_path / "ix", engine="whoosh") as made:
        made.add(passages, classify=False)
        yield made


def found(index: Index, query: str) -> set[str]:
    results = index.search(query)
    assert results.relaxed is None
    return {hit.passage.report for hit in results}


@pytest.mark.parametrize(
    ("query", "reports"),
    [
        ("khóa 13", {"roman", "arabic"}),
        ("khóa XIII", {"roman", "arabic"}),
        ("khoa XIII", {"roman", "arabic"}),
        ("khóa xiii", {"roman", "arabic"}),
        ("quý 4", {"quarter", "fourth", "fourth-slash", "fourth-roman"}),
        *(
            (query, {"fourth", "fourth-slash", "fourth-roman"})
            for query in ("quý IV/2031", "quý 4/2031", "quy iv/2031", "quý IV năm 2031")
        ),
        ("quy 4 nam 2031", {"fourth", "fourth-slash", "fourth-roman"}),
        ("tháng 6/2032", {"june", "june-slash"}),
        ("thang 6 nam 2032", {"june", "june-slash"}),
        ("tháng 06 năm 2032", {"june", "june-slash"}),
        ("đại hội 12", {"congress"}),
        ("dai hoi 12", {"congress"}),
        ("Đại hội XII", {"congress"}),
        ("đồng chí Bí thư", {"slash"}),
        ("đ/c Chủ tịch", {"long"}),
        ("UBND xã", {"dotted"}),
        ("ủy ban nhân dân xã", {"dotted"}),
        ("U.B.N.D. xã", {"dotted"}),
        ("vi phạm", {"offence"}),
        ("VI PHẠM TRẬT TỰ", {"offence"}),
    ],
)
def test_both_ways_of_writing_are_found(index: Index, query: str, reports: set[str]) -> None:
    assert found(index, query) == reports


def test_every_number_up_to_39_comes_back_from_roman_figures() -> None:
    assert [from_roman(roman(number)) for number in range(1, 40)] == list(range(1, 40))
    assert from_roman("iiii") is None
    assert from_roman("") is None


def test_synonyms_are_kept_with_the_index(index: Index, tmp_path: Path) -> None:
    file = tmp_path / "words.toml"
    file.write_text('[[synonym]]\nwords = ["ngập nước", "úng ngập", "triều cường"]\n', "utf-8")
    other = Index.open(index.path)
    assert index.search("ngập nước").relaxed
    index.replace_synonyms(file)
    file.unlink()
    for opened in (index, other):
        results = opened.search("ngập nước")
        assert {hit.passage.report for hit in results} == {"flood", "tide"}
        assert results.variants == {"ngập nước": ("úng ngập", "triều cường")}
    assert {hit.passage.report for hit in index.search("trieu cuong")} == {"flood", "tide"}
    assert index.search('"triều cường"').variants == {}
    assert "úng ngập" in index.synonyms
    index.replace_synonyms(None)
    assert index.synonyms == ""
    assert {hit.passage.report for hit in other.search("triều cường")} == {"tide"}
    other.close()


@pytest.mark.parametrize(
    "text", ["[[synonym]]\nwords = ['một']", "[synonym]\nwords = ['a', 'b']", "words ="]
)
def test_a_file_of_another_form_is_refused_and_changes_nothing(
    index: Index, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "words.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(OptionError, match=r"words\.toml"):
        index.replace_synonyms(file)
    assert index.synonyms == ""


def test_a_check_finds_synonyms_that_were_spoilt_by_hand(index: Index) -> None:
    (Path(index.path) / "synonyms.toml").write_text("words =", "utf-8")
    assert any("synonyms.toml" in finding.what for finding in check(index.path))


def test_a_place_is_found_by_its_name_before_and_since_2025(index: Index) -> None:
    results = index.search("xã Nhơn Nghĩa đường")
    assert results.variants == {"xã Nhơn Nghĩa": ("Xã Nhơn Ái",)}
    assert found(index, "xã Nhơn Nghĩa") == {"before", "since"}
    assert found(index, "xa nhon ai") == {"before", "since"}
    assert found(index, '"xã Nhơn Nghĩa"') == {"before"}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("tỉnh Hà Giang", {"Tỉnh Tuyên Quang"}),
        ("tinh tuyen quang", {"Tỉnh Hà Giang"}),
        ("tp Huế", set()),
        ("thị trấn Phong Điền", {"Xã Phong Điền"}),
        ("xã Tân Thành", set()),
        ("xã hội chủ nghĩa", set()),
        ("huyện ủy Phong Điền", set()),
        ("quận Không Có", set()),
    ],
)
def test_other_names_of_places(query: str, names: set[str]) -> None:
    words = query.lower().split()
    assert set(other_names(words, words)[1]) >= names
    if not names:
        assert other_names(words, words)[1] == ()


def test_a_province_in_the_query_decides_between_places_of_one_name() -> None:
    words = ["xã", "tân", "thành", "tỉnh", "cà", "mau"]
    assert other_names(words, words)[1]
