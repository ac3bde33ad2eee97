"""Normalisation: one text for one content, and the way back to the original."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracuu.vietnamese import Normalised, normalise, strip_tone

# Vietnamese letters and everything that goes wrong with them, densely mixed.
MESSY = st.text(
    alphabet="aăâeêioôơuưyđĐÐðcntghCNTGH àéóùờệữứảẫ\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
    "\u00a0\u200b\u00ad\ufeff\ud800\udfff\r\n\t\x00\x0c1./가\u1100\u1161\u212b\u0958",
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ðảng bộ, ðoàn thể", "Đảng bộ, đoàn thể"),
        ("\u0189ảng", "Đảng"),
        ("ngân\u00a0sách\u2003quận\u3000", "ngân sách quận "),
        ("ng\u00adân s\u200bách\ufeff", "ngân sách"),
        ("a\x00b\x07c\td\ne", "abc\td\ne"),
        ("một\r\nhai\rba\x0bbốn\x0cnăm\u2028sáu", "một\nhai\nba\nbốn\nnăm\nsáu"),
        ("quận \ud800ủy\udfff", "quận ủy"),
        ("e\u0301\u0302", "ế"),
        ("u\u0301\u031b", "ứ"),
        ("o\u0301\u0300", "ó"),
    ],
)
def test_what_changes(text: str, expected: str) -> None:
    assert normalise(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cóù", "có"),
        ("CÓÙ", "CÓ"),
        ("đãõ", "đã"),
        ("tấát", "tất"),
        ("cóó", "có"),
        ("hòà giải", "hòa giải"),
        ("thủỷ", "thủy"),
    ],
)
def test_second_tone_mark_goes(text: str, expected: str) -> None:
    assert normalise(text).text == expected


@pytest.mark.parametrize(
    "text", ["màở", "résumé", "Pécúchet", "vàcó", "cóù\u0327", "\u00e9\u00e0x"]
)
def test_words_that_no_repair_makes_a_syllable_stay(text: str) -> None:
    assert normalise(text).text == text


@pytest.mark.parametrize(
    "text", ["“Ủy ban” – nhiệm kỳ…", "kinh tế - xã hội", "😀 100 m²", "日本語が"]
)
def test_what_stays(text: str) -> None:
    result = normalise(text)
    assert result.text == text
    assert result.starts is None


def test_decomposed_text_gives_the_same_as_composed() -> None:
    text = "Đảng bộ Quận lãnh đạo phát triển kinh tế, giữ vững trật tự; nghiêng ngửa, khuỷu, Ủy ban"
    assert normalise(unicodedata.normalize("NFD", text)).text == text


@given(MESSY | st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once
    assert unicodedata.is_normalized("NFC", once)


def _source(result: Normalised, start: int, end: int) -> tuple[int, int]:
    """Where the original has what became ``text[start:end]``."""
    if result.starts is None or result.ends is None or start == end:
        return start, end
    return result.starts[start], result.ends[end - 1]


@given(MESSY)
def test_spans_lead_back_in_order_and_cover_what_they_stand_for(text: str) -> None:
    result = normalise(text)
    spans = [_source(result, at, at + 1) for at in range(len(result.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    for (start, end), character in zip(spans, result.text, strict=True):
        if character not in " \n":
            # A repaired vowel has lost its mark, not its place.
            assert strip_tone(character) in strip_tone(normalise(text[start:end]).text)
    assert _source(result, 0, len(result.text)) == (
        (spans[0][0], spans[-1][1]) if spans else (0, 0)
    )


def test_marks_belong_to_their_base() -> None:
    original = "x\u200b e\u0323\u0302y"
    result = normalise(original)
    assert result.text == "x ệy"
    assert original[slice(*_source(result, 2, 3))] == "e\u0323\u0302"
    assert original[slice(*_source(result, 0, 1))] == "x"


def test_dropped_letter_is_covered_by_its_syllable() -> None:
    original = "đã cóù kết quả"
    result = normalise(original)
    at = result.text.index("có")
    assert original[slice(*_source(result, at, at + 2))] == "cóù"
    at = result.text.index("kết")
    assert original[slice(*_source(result, at, at + 3))] == "kết"
