"""Tokens: numbers, codes, positions, breaks, and offsets into the original text."""

import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracuu.vietnamese import Token, tokenise


def texts(text: str, *kinds: str) -> list[str]:
    return [token.text for token in tokenise(text) if not kinds or token.kind in kinds]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4.590", ["4590"]),
        ("1.234.567", ["1234567"]),
        ("1.234,5", ["1234,5"]),
        ("1,234,567.8", ["1234567,8"]),
        ("12,5 12.5", ["12,5", "12,5"]),
        ("09 02 0 007", ["9", "2", "0", "7"]),
        ("0.590", ["0,590"]),
        ("2000-2005", ["2000", "2005"]),
        ("2000 – 2005", ["2000", "2005"]),
        ("(2000–2005)", ["2000", "2005"]),
        ("1,2,3 2004,2005 12.2004", ["1", "2", "3", "2004", "2005", "12", "2004"]),
        ("1.2.3", ["1", "2", "3"]),
        ("5-7%", ["5", "7"]),
    ],
)
def test_numbers(text: str, expected: list[str]) -> None:
    assert [(token.text, token.kind) for token in tokenise(text)] == [
        (number, "number") for number in expected
    ]


@pytest.mark.parametrize(
    ("text", "code", "parts"),
    [
        ("15-CT/TU", "15-ct/tu", "15 ct tu"),
        ("15-ct/tu", "15-ct/tu", "15 ct tu"),
        ("15 - CT/TU", "15-ct/tu", "15 ct tu"),
        ("15–CT / TU", "15-ct/tu", "15 ct tu"),
        ("05-CT/TU", "5-ct/tu", "5 ct tu"),
        ("12/2004/QĐ-UB", "12/2004/qđ-ub", "12 2004 qđ ub"),
        ("12/2004/QĐ - UB", "12/2004/qđ-ub", "12 2004 qđ ub"),
        ("31/2024/QH15", "31/2024/qh15", "31 2024 qh15"),
        ("245/BC-UBND", "245/bc-ubnd", "245 bc ubnd"),
        ("21/9/2023", "21/9/2023", "21 9 2023"),
        ("02/09/2023", "2/9/2023", "2 9 2023"),
        ("21.9.2023", "21/9/2023", "21 9 2023"),
        ("21-9-2023", "21/9/2023", "21 9 2023"),
        ("1/2000", "1/2000", "1 2000"),
        ("COVID-19", "covid-19", "covid 19"),
    ],
)
def test_codes_stand_whole_and_by_part(text: str, code: str, parts: str) -> None:
    tokens = tokenise(f"theo {text}, về")
    whole, *rest = tokens[1:-1]
    assert (whole.text, whole.kind, whole.position) == (code, "code", 1)
    assert [token.text for token in rest] == parts.split()
    assert [token.position for token in rest] == list(range(1, len(rest) + 1))
    assert (tokens[-1].text, tokens[-1].position) == ("về", len(rest) + 1)
    assert (whole.start, whole.end) == (5, 5 + len(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kinh tế-xã hội", "kinh tế xã hội"),
        ("Mặt trận-đoàn thể", "mặt trận đoàn thể"),
        ("HĐND-UBND", "hđnd ubnd"),
        ("33 - chi bộ/phòng", "33 chi bộ phòng"),
        ("năm 2005.Trong đó", "năm 2005 trong đó"),
        ("đồng/m2, tấn/ha", "đồng m2 tấn ha"),
        ("2 - Chi/Đảng bộ", "2 chi đảng bộ"),
        ("15-CT/TU - HĐND", "15-ct/tu 15 ct tu hđnd"),
    ],
)
def test_no_code_where_there_is_none(text: str, expected: str) -> None:
    assert texts(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("QH15 A12 15B", "qh15 a12 15b"),
        ("100m2 2.500m2 5km 100 m²", "100 m2 2500 m2 5 km 100 m2"),
        ("10.000đ", "10000 đ"),
        ("Hoà uỷ QUI Tỉ", "hòa ủy quy tỷ"),
        ("hành chánh, phản ảnh", "hành chính phản ánh"),
        ("y tế ở an", "y tế ở an"),
        ("đã cóù", "đã có"),
        ("Ðảng", "đảng"),
        ("H'Mông K’Ho a_b", "h mông k ho a b"),
        ("", ""),
        ("… – 😀 !!!", ""),
    ],
)
def test_other_tokens(text: str, expected: str) -> None:
    assert texts(text) == expected.split()


def test_sentences_and_blank_lines_break_commas_and_line_ends_do_not() -> None:
    tokens = tokenise("a, b\nc. d; e: f? g! h\n \ni (k) – l")
    assert "".join(token.text for token in tokens if token.break_before) == "adefghi"


def test_break_before_a_code_stands_before_its_first_part_too() -> None:
    tokens = tokenise("xong. 15-CT/TU")
    assert [token.break_before for token in tokens] == [True, True, True, False, False]


def test_dot_without_a_space_ends_a_sentence_unless_in_an_abbreviation() -> None:
    assert [token.text for token in tokenise("TP.HCM năm 2005.Trong đó") if token.break_before] == [
        "tp",
        "trong",
    ]


ORIGINAL = "Ủy ban Quận đã ban hành 12/2004/QĐ-UB, đạt 4.590 hộ; nghiêng về hòa giải."


@pytest.mark.parametrize(
    "text",
    [
        ORIGINAL,
        unicodedata.normalize("NFD", ORIGINAL),
        ORIGINAL.replace(" ", "\u00a0"),
        "\ufeff" + ORIGINAL.replace(" ", " \u200b").replace("b", "\u00adb"),
        "😀" + ORIGINAL + "\x00",
        ORIGINAL.replace("Đ", "\u00d0").replace("đ", "\u00f0"),
    ],
    ids=["nfc", "nfd", "nbsp", "zero-width", "emoji", "eth"],
)
def test_offsets_point_back_at_the_very_characters(text: str) -> None:
    tokens = tokenise(text)
    assert [token.text for token in tokens] == texts(ORIGINAL)
    invisible = dict.fromkeys(map(ord, "\u00ad\u200b"))
    for token, plain in zip(tokens, tokenise(ORIGINAL), strict=True):
        written = unicodedata.normalize("NFC", text[token.start : token.end]).translate(invisible)
        written = written.replace("\u00d0", "Đ").replace("\u00f0", "đ")
        assert written == ORIGINAL[plain.start : plain.end]


def test_offsets_without_stray_characters_around() -> None:
    text = "\u200bquận\u200b \u200bu\u0309y\u200b"
    assert [text[token.start : token.end] for token in tokenise(text)] == ["quận", "u\u0309y"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1." * 20_000, 20_000),
        ("1,1." * 10_000, 10_001),
        ("a" * 1_000_000, 1),
        ("9" * 100_000, 1),
        ("a-" * 50_000, 50_000),
        ("1 - " * 20_000, 20_000),
        ("1/" * 20_000, 20_000),
        ("15-CT/" * 20_000, 40_000),
        ("\ud800" * 1000, 0),
        ("\u0301" * 100_000, 0),
        ("²/2/2000 ٣/٤/2000 ½", 7),
    ],
    ids=lambda value: ascii(value)[:12],
)
def test_nasty_text_is_cut_all_the_same(text: str, count: int) -> None:
    tokens = [token for token in tokenise(text) if token.kind != "code"]
    assert len(tokens) == count
    assert all(len(token.text) <= 128 for token in tokens)
    assert [token.position for token in tokens] == list(range(count))


@given(st.text() | st.text(alphabet="15aQĐcòù0.,-/– \n\u0301²٣hoàm", max_size=40))
def test_laws_for_any_text(text: str) -> None:
    tokens = tokenise(text)
    parts = [token for token in tokens if token.kind != "code"]
    assert [token.position for token in parts] == list(range(len(parts)))
    assert all(left.end <= right.start for left, right in pairwise(parts))
    for token in tokens:
        assert isinstance(token, Token)
        assert 0 <= token.start < token.end <= len(text)
        assert token.text
        assert token.text == token.text.lower()
        assert not any(character.isspace() for character in token.text)
    for at, token in enumerate(tokens):
        if token.kind == "code":
            inside = [part for part in parts if token.start <= part.start and part.end <= token.end]
            assert len(inside) >= 2 or "." in text[token.start : token.end]
            assert (inside[0].position, inside[-1].end) == (token.position, token.end)
            assert tokens[at + 1] == inside[0]


def test_digits_of_any_length_make_no_error() -> None:
    # int() refuses more than 4 300 digits; tokens never go through it.
    assert texts("9" * (sys.get_int_max_str_digits() + 1))[0].startswith("999")
