"""Runs in legacy fonts are read by the name of the font, unless that lies."""

from __future__ import annotations

import pytest

from tracuu.corpus.repair import decode_runs, font_encoding
from tracuu.corpus.repair.gaps import SpacedWord, mend_gaps


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        (".VnTime", "tcvn3"),
        (".VnArialH", "tcvn3"),
        ("ABCDEF+.VnTime-Bold", "tcvn3"),
        ("VnTimes", "tcvn3"),
        ("VNI-Times", "vni"),
        ("vni-helve", "vni"),
        ("Times New Roman", None),
        ("UVN Van", None),
        ("Vnexpress", None),
        ("", None),
        (None, None),
    ],
)
def test_encoding_by_font(name: str | None, encoding: str | None) -> None:
    assert font_encoding(name) == encoding


def test_runs_of_one_paragraph_in_different_fonts() -> None:
    runs = [
        ("Céng hßa ", ".VnTime"),
        ("và hòa bình ", "Times New Roman"),
        ("coäng hoøa", "VNI-Times"),
    ]
    assert decode_runs(runs) == ["Cộng hòa ", "và hòa bình ", "cộng hòa"]


def test_capital_fonts_give_capitals() -> None:
    assert decode_runs([("®iÒu lÖ", ".VnTimeH")]) == ["ĐIỀU LỆ"]


def test_a_letter_of_vni_split_between_two_runs() -> None:
    assert decode_runs([("Coâng ta", "VNI-Times"), ("ùc", "VNI-Times")]) == ["Công tá", "c"]


def test_unicode_text_in_a_legacy_font_stays() -> None:
    text = "Ủy ban nhân dân"
    assert decode_runs([(text, ".VnTime")]) == [text]
    assert decode_runs([("là cô bà có", "VNI-Times")]) == ["là cô bà có"]


def test_characters_moved_to_the_symbol_area_come_back() -> None:
    moved = "".join(chr(0xF000 + ord(c)) if ord(c) > 0x7F else c for c in "Céng hßa")
    assert decode_runs([(moved, ".VnTime")]) == ["Cộng hòa"]


def words(*texts: str, drawn: bool = False, distance: float = 0.05) -> list[SpacedWord]:
    return [SpacedWord(text, drawn, distance) for text in texts]


def test_broken_syllables_are_joined() -> None:
    line = words("ĐIỀ", "U", "lệ", "quyế", "t", "định", "N", "gười")
    mend_gaps([line])
    assert [word.text for word in line] == ["ĐIỀU", "lệ", "quyết", "định", "Người"]


def test_punctuation_stays_with_its_syllable() -> None:
    line = words("(ĐIỀ", "U),", "hế", "t.")
    mend_gaps([line])
    assert [word.text for word in line] == ["(ĐIỀU),", "hết."]


def test_a_file_full_of_broken_syllables_is_mended_even_at_drawn_blanks() -> None:
    broken = ["quyế t", "điề u", "việ c", "nướ c", "thướ c", "đượ c", "thự c", "tậ p"]
    lines = [words(*text.split(), drawn=True, distance=0.3) for text in broken]
    mend_gaps(lines)
    assert [line[0].text for line in lines] == [text.replace(" ", "") for text in broken]
