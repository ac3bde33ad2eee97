"""Token streams, the same for index and query."""

import importlib.metadata
import re
import unicodedata

import pytest

import tracuu.vietnamese.analysis as analysis_module
from tracuu.vietnamese import ANALYSIS_VERSION, Analyser, fingerprint, fold

analyser = Analyser()


def test_streams_of_a_sentence() -> None:
    analysis = analyser.analyse("Thực hiện Chỉ thị 15-CT/TU, cải cách hành chánh. Quận ủy họp.")
    assert analysis.syllables[:7] == [
        ("thực", 0),
        ("hiện", 1),
        ("chỉ", 2),
        ("thị", 3),
        ("15-ct/tu", 4),
        ("15", 4),
        ("ct", 5),
    ]
    assert analysis.folded[9:11] == [("cach", 8), ("hanh", 9)]
    assert analysis.folded[4] == ("15-ct/tu", 4)
    assert "tu cải" in analysis.pairs, "a pair spans a comma"
    assert "chính quận" not in analysis.pairs, "but not the end of a sentence"
    assert "thị 15" in analysis.pairs, "codes pair by their parts"
    assert analysis.folded_pairs == [fold(pair) for pair in analysis.pairs]
    assert {"thực_hiện", "cải_cách", "hành_chính"} <= set(analysis.words)
    assert analysis.folded_words == [fold(word) for word in analysis.words]


def test_pairs_do_not_cross_paragraphs() -> None:
    assert analyser.analyse("mặt được\n\nban chấp", words=False).pairs == ["mặt được", "ban chấp"]
    assert analyser.analyse("mặt\nđược", words=False).pairs == ["mặt được"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("hoà giải", "hòa giải"),
        ("QUI HOẠCH", "quy hoạch"),
        ("tỉ lệ", "tỷ lệ"),
        ("4.590", "4590"),
        ("hành chánh", "Hành chính"),
        ("đã cóù", "đã có"),
        ("Ðảng bộ", "đảng bộ"),
        ("ng\u00adân\u00a0sách", "ngân sách"),
        (unicodedata.normalize("NFD", "Ủy ban"), "uỷ ban"),
    ],
)
def test_text_and_query_meet(text: str, query: str) -> None:
    assert analyser.analyse(text).syllables == analyser.analyse(query).syllables
    assert analyser.analyse(text).words == analyser.analyse(query).words


@pytest.mark.parametrize(
    "text",
    ["cải cách hành chánh", "quít đường", "Đảng ủy khóa", "12/2004/QĐ-UB", "hàng năm", "phản ảnh"],
)
def test_query_without_diacritics_meets_the_folded_text(text: str) -> None:
    typed = analyser.analyse(fold(text), words=False)
    assert typed.folded == analyser.analyse(text, words=False).folded
    assert typed.folded_pairs == analyser.analyse(text, words=False).folded_pairs


def test_without_words_there_are_none() -> None:
    assert analyser.analyse("công tác quốc phòng", words=False).words == []


def test_empty_text_has_empty_streams() -> None:
    analysis = analyser.analyse("")
    assert (analysis.tokens, analysis.pairs, analysis.folded, analysis.words) == ((), [], [], [])


def test_fingerprint_names_what_decides_the_tokens() -> None:
    expected = (
        rf"analysis={ANALYSIS_VERSION};underthesea={re.escape(importlib.metadata.version('underthesea'))}"
        r";variants=[0-9a-f]{8}"
    )
    assert re.fullmatch(expected, fingerprint())


def test_fingerprint_without_underthesea(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis_module, "find_spec", lambda name: None)
    assert ";underthesea=none;" in analysis_module.fingerprint.__wrapped__()


def test_memory_of_terms_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from tracuu.vietnamese import tokens

    monkeypatch.setattr(tokens._TERMS, "LIMIT", 10, raising=False)
    monkeypatch.setattr(analysis_module.FOLDS, "LIMIT", 10, raising=False)
    words = [f"x{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(100)]
    analysis = analyser.analyse(" ".join(words), words=False)
    assert [text for text, _ in analysis.folded] == words
    assert len(tokens._TERMS) <= 10
    assert len(analysis_module.FOLDS) <= 10
