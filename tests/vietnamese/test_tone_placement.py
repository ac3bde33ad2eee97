"""Old and new style, and the one spelling of tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracuu.vietnamese import canonical, new_style


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ủy ban hòa giải", "Uỷ ban hoà giải"),
        ("THÚY, HÒA; Thủy", "THUÝ, HOÀ; Thuỷ"),
        ("sức khỏe", "sức khoẻ"),
        ("quý III, Quỳ Hợp", "quý III, Quỳ Hợp"),
        ("hoàn toàn ngoài khuỷu lúa múi đoái", "hoàn toàn ngoài khuỷu lúa múi đoái"),
        ("hoà uỷ", "hoà uỷ"),
        ("plain", "plain"),
    ],
)
def test_new_style(text: str, expected: str) -> None:
    assert new_style(text) == expected


@given(st.text(alphabet="hHoòóỎuùủÙỷyaàeqQt 1", max_size=30))
def test_new_style_keeps_every_place_and_is_stable(text: str) -> None:
    result = new_style(text)
    assert len(result) == len(text)
    assert new_style(result) == result


@pytest.mark.parametrize(
    "spellings",
    [
        ("hòa", "hoà", "HÒA", "Hoà"),
        ("ủy", "uỷ", "UỶ"),
        ("quy", "qui"),
        ("quýt", "quít"),
        ("quỳnh", "quình"),
        ("tỷ", "tỉ"),
        ("lý", "lí"),
        ("kỹ", "kĩ"),
        ("mỹ", "mĩ"),
        ("hy", "hi"),
        ("sỹ", "sĩ"),
        ("toàn", "tòan"),
        ("quý", "qúy", "quí"),
        ("già", "gìa"),
    ],
)
def test_spellings_of_one_syllable(spellings: tuple[str, ...]) -> None:
    assert {canonical(spelling) for spelling in spellings} == {spellings[0]}


@pytest.mark.parametrize(
    "word", ["thi", "khi", "chị", "phí", "đi", "ni", "bị", "tin", "kinh", "my1", "iphone"]
)
def test_i_stays_elsewhere(word: str) -> None:
    assert canonical(word) == word


@pytest.mark.parametrize(
    ("word", "expected"), [("HĐND", "hđnd"), ("Web", "web"), ("Đắk", "đắk"), ("", "")]
)
def test_other_words_are_only_lower_cased(word: str, expected: str) -> None:
    assert canonical(word) == expected


@given(st.text(max_size=20))
def test_canonical_is_stable(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once.lower()
