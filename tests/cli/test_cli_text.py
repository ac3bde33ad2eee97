from __future__ import annotations

import unicodedata

import pytest

from tracuu.cli.text import caret, cells, clean, columns, counted, fit, highlighted, paragraph, wrap


def mark(text: str) -> str:
    return f"[{text}]"


def test_clean_keeps_every_character_s_place():
    text = "a\tb\x1b[1m\r\n\ud800ế\u202e"
    assert len(clean(text)) == len(text)
    assert clean(text) == "a b\ufffd[1m  \ufffdế\ufffd"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_cells_do_not_depend_on_how_diacritics_are_written(form):
    assert cells(unicodedata.normalize(form, "Quản lý đô thị")) == 14


def test_wide_characters_take_two_cells():
    assert cells("越南") == 4
    assert fit("越南共产党", 5) == "越南…"


def test_fit():
    assert fit("ngân sách", 0) == fit("ngân sách", 9) == "ngân sách"
    assert fit("ngân sách", 8) == "ngân sá…"
    assert fit("ngân sách", 6) == "ngân…"


@pytest.mark.parametrize("width", [0, 1, 8, 20, 200])
def test_wrapping_loses_no_word(width):
    text = "  Thu ngân sách\n hằng năm   đều vượt dự toán  "
    lines = [text[start:end] for start, end in wrap(text, width)]
    assert " ".join(lines).split() == text.split()
    if width >= 8:
        assert all(cells(line) <= width for line in lines)
    assert len(lines) == 1 or width


def test_wrapping_nothing():
    assert wrap("", 10) == wrap("   ", 10) == []


def test_highlights_go_on_over_the_end_of_a_line():
    text = "một hai ba bốn"
    assert paragraph(text, 0, "> ", [(4, 10)], mark) == ["> một [hai ba] bốn"]
    assert highlighted(text, [(4, 10)], (0, 7), mark) == "một [hai]"
    assert highlighted(text, [(4, 10)], (8, 14), mark) == "[ba] bốn"
    assert highlighted(text, [(4, 7), (4, 10), (99, 120)], (0, 14), mark) == "một [hai][ ba] bốn"


def test_columns_are_aligned_and_cut_where_they_may_be():
    lines = columns(("name", "n"), [("Kinh tế, ngân sách", "7"), ("x", "120")], numbers=(1,))
    assert lines == [
        "name                  n",
        "Kinh tế, ngân sách    7",
        "x                   120",
    ]
    cut = columns(
        ("name", "n"), [("Kinh tế, ngân sách", "7")], numbers=(1,), flexible=(0,), width=17
    )
    assert cut[1] == "Kinh tế, ngâ…   7".replace("   7", "  7")[:17] or cells(cut[1]) <= 17


def test_counting():
    assert counted(1, "passage") == "1 passage"
    assert counted(1200, "passage") == "1,200 passages"


@pytest.mark.parametrize(
    ("query", "position", "line", "below"),
    [
        ("ngân AND", 5, "ngân AND", "     ^"),
        ("", 0, "", "^"),
        ("a\nb AND", 4, "b AND", "  ^"),
        ("x" * 200, 100, "…" + "x" * 72 + "…", " " * 37 + "^"),
        ("ab", 99, "ab", "  ^"),
        ("ab\x1b", 2, "ab\ufffd", "  ^"),
    ],
)
def test_a_caret_stands_under_the_place(query, position, line, below):
    assert caret(query, position) == [line, below]
