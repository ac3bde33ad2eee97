"""Words of several syllables, on top of underthesea."""

import logging
import os
import subprocess
import sys
from itertools import pairwise

import pytest

import tracuu.vietnamese.segmentation as segmentation
from tracuu.errors import MissingExtra
from tracuu.vietnamese import Analyser, Segmenter, tokenise
from tracuu.vietnamese.tokens import columns_of


def words(text: str) -> list[str]:
    return Analyser().analyse(text).words


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Ủy ban nhân dân Quận đã họp", "ủy_ban_nhân_dân"),
        ("Uỷ ban nhân dân Quận đã họp", "ủy_ban_nhân_dân"),
        ("ỦY BAN NHÂN DÂN QUẬN ĐÃ HỌP", "ủy_ban_nhân_dân"),
        ("làm tốt công tác hòa giải ở cơ sở", "hòa_giải"),
        ("làm tốt công tác hoà giải ở cơ sở", "hòa_giải"),
        ("An Ninh Quốc Phòng", "quốc_phòng"),
        ("an ninh quốc phòng", "quốc_phòng"),
        ("cải cách hành chánh", "hành_chính"),
        ("đội ngũ bác sĩ của quận", "bác_sỹ"),
        ("đội ngũ bác sỹ của quận", "bác_sỹ"),
        ("chiến sỹ thi đua", "chiến_sỹ_thi_đua"),
        ("theo Quyết định 12/2004/QĐ-UB của thành phố", "quyết_định"),
        ("phát triển kinh tế-xã hội", "kinh_tế"),
    ],
)
def test_word_is_found(text: str, word: str) -> None:
    assert word in words(text)


def test_case_and_style_do_not_change_the_cut() -> None:
    text = "Ban chấp hành Đảng bộ quận lãnh đạo công tác quy hoạch, hòa giải và An Ninh Quốc Phòng"
    assert (
        words(text)
        == words(text.upper())
        == words(text.replace("quy", "qui").replace("hòa", "hoà"))
    )


def test_spans_count_tokens_that_are_no_code() -> None:
    text = "Quyết định 12/2004/QĐ-UB ngày 21/9/2004 của Ủy ban nhân dân"
    tokens = tokenise(text)
    plain = [token for token in tokens if token.kind != "code"]
    found = ["_".join(token.text for token in plain[a:b]) for a, b in Segmenter().segment(text)]
    assert found == ["quyết_định", "ủy_ban_nhân_dân"]


def test_spans_are_ascending_disjoint_and_of_syllables() -> None:
    text = (
        "Năm 2004, quận đã giải ngân 4.590 tỷ đồng vốn đầu tư; http://quan.vn!!! Đạt 12,5% kế hoạch. "
        * 60
    )
    tokens = tokenise(text)
    plain = [token for token in tokens if token.kind != "code"]
    spans = Segmenter().segment(text)
    assert len(spans) >= 60
    assert all(a + 2 <= b for a, b in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert {token.kind for a, b in spans for token in plain[a:b]} == {"syllable"}
    # No word reaches over the end of a sentence or over a comma.
    assert not any(token.break_before for a, b in spans for token in plain[a + 1 : b])


def test_long_text_is_cut_at_sentences_and_nothing_is_lost() -> None:
    sentence = "Ban chấp hành đã lãnh đạo công tác quốc phòng. "
    once = words(sentence)
    assert once
    assert words(sentence * 500) == once * 500


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a(b",
        "\ud800 quận \udfff",
        "1." * 20_000,
        "http://" + "!" * 5_000,
        "www.a" + ".b" * 3_000 + "...........!",
        "((((" * 2_000 + "))))",
        "a" * 1_000_000,
        "☃ ﷽ 日本語 / ½, ς",
        "\x00\x1f",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_nasty_text_has_no_words_and_makes_no_error(text: str) -> None:
    assert words(text) == []


def test_one_line_of_a_megabyte_is_segmented() -> None:
    line = "quốc phòng " + "x" * 1_000_000 + " an ninh quốc phòng"
    assert "quốc_phòng" in words(line)


def test_failure_of_underthesea_costs_the_words_of_that_sentence_only(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Segmenter().warm_up()
    real = Segmenter._tokenise
    assert real is not None

    def fails_on_x(text: str) -> list[str]:
        if "xxx" in text:
            raise RuntimeError("boom")
        return real(text)

    monkeypatch.setattr(Segmenter, "_cutter", None)
    monkeypatch.setattr(Segmenter, "_tokenise", fails_on_x)
    with caplog.at_level(logging.WARNING, logger="tracuu.vietnamese"):
        assert words("Công tác quốc phòng. Xxx quốc phòng. Công tác hòa giải.") == [
            "công_tác",
            "quốc_phòng",
            "công_tác",
            "hòa_giải",
        ]
    assert "underthesea failed" in caplog.text


def test_text_changed_by_underthesea_costs_the_words_of_that_sentence_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Segmenter().warm_up()
    real = Segmenter._tokenise
    assert real is not None
    monkeypatch.setattr(Segmenter, "_cutter", None)
    monkeypatch.setattr(Segmenter, "_tokenise", lambda text: real(text.replace("xxx", "y")))
    assert words("Công tác quốc phòng. Xxx quốc phòng.") == ["công_tác", "quốc_phòng"]


def test_without_underthesea_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Segmenter, "_tokenise", None)
    monkeypatch.setitem(sys.modules, "underthesea", None)
    with pytest.raises(MissingExtra, match="pip install underthesea"):
        words("quốc phòng")
    assert Analyser().analyse("quốc phòng", words=False).pairs == ["quốc phòng"]


def in_new_process(code: str) -> str:
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_first_call_from_many_threads_at_once() -> None:
    code = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from tracuu.vietnamese import Analyser
sys.setswitchinterval(1e-6)
start = Barrier(8)
def run(_):
    start.wait()
    return tuple(Analyser().analyse("Ban chấp hành lãnh đạo công tác quốc phòng").words for _ in range(20))
with ThreadPoolExecutor(8) as pool:
    results = set(word for row in pool.map(run, range(8)) for word in map(tuple, row))
print(*results)
"""
    assert in_new_process(code) == "('ban_chấp_hành', 'lãnh_đạo', 'công_tác', 'quốc_phòng')"


def test_underthesea_is_imported_where_only_that_can_tell() -> None:
    code = """
import sys
from tracuu.vietnamese import Analyser, fingerprint
analyser = Analyser()
analyser.warm_up()
fingerprint()
text = "Nghị định 62/2017/NĐ-CP: công tác quốc phòng đạt 12,5%"
assert "quốc_phòng" in analyser.analyse(text).words
print("underthesea" in sys.modules)
assert "quốc_phòng" in analyser.analyse(text + " (Москва)").words
print("underthesea" in sys.modules)
"""
    assert in_new_process(code).split() == ["False", "True"]


def test_pieces_stay_under_the_limit() -> None:
    text = "quốc phòng " * 2_000
    items = segmentation._items(text, columns_of(text))
    pieces = list(segmentation._pieces(items))
    assert len(pieces) > 5
    assert all(
        sum(len(item.feed) + 1 for item in piece) <= segmentation.PIECE + 1 for piece in pieces
    )
    assert sum(len(piece) for piece in pieces) == 4_000
