"""Glued words, accents beside their letters, zero-width spaces."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tracuu.corpus.repair import mend_words
from tracuu.corpus.repair.gaps import SpacedWord, mend_gaps
from tracuu.corpus.repair.words import cut_glued

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "scale" / "phapdien-100k.jsonl.gz"


def test_glued_syllables_are_cut() -> None:
    text = "Vậnđộngbàconlàmđường, đónggópngàycông; xâydựngquỹkhuyếnhọc."
    found, notes = mend_words([text])
    assert found == ["Vận động bà con làm đường, đóng góp ngày công; xây dựng quỹ khuyến học."]
    assert "without blanks" in notes[0]


@pytest.mark.parametrize(
    "word", ["kilôgam", "nghiêng", "Canada", "Krôngpăk", "development", "QĐUBND", "Đắklắk"]
)
def test_names_and_foreign_words_stay(word: str) -> None:
    assert cut_glued(word) is None
    assert mend_words([word]) == ([word], [])


def test_two_syllables_are_cut_only_where_many_words_are_glued() -> None:
    alone = "Ban thườngtrực họp một tháng hai kỳ."
    assert mend_words([alone])[0] == [alone]
    many = ["Tổchứcthihành nghịquyết", "cảicáchhànhchính", "phátđộngthiđua"]
    assert mend_words(many)[0] == [
        "Tổ chức thi hành nghị quyết",
        "cải cách hành chính",
        "phát động thi đua",
    ]


def test_accents_beside_their_letters() -> None:
    found, notes = mend_words(["Tiê´p tu.c vâ.n đô.ng; quyê ́t tâm khă´c phu.c khó khăn, nha`ma´y"])
    assert found[0].startswith("Tiếp ")
    assert "quyết tâm khắc" in found[0]
    assert notes == ["accents were put on their letters"]


def test_quotes_and_primes_are_no_accents() -> None:
    texts = ["chạy `make` rồi xem, cao 5´ và 3ʼ", "l´Oréal"]
    assert mend_words(texts) == (texts, [])


def test_a_zero_width_space_between_syllables_is_a_blank() -> None:
    assert mend_words(["nông\u200bthôn mới", "th\u200bôn"])[0] == ["nông thôn mới", "thôn"]


def test_a_line_of_letters_set_apart_is_put_together() -> None:
    line = [("N", 0.2), ("h", 0.1), ("â", 0.1), ("n", 0.1), ("d", 0.4), ("â", 0.12), ("n", 0.1), ("đ", 0.45),
            ("ồng", 0.1), ("t", 0.4), ("ì", 0.1), ("nh", 0.1)]  # fmt: skip
    words = [SpacedWord(text, False, distance) for text, distance in line]
    assert mend_gaps([words]) == 8
    assert " ".join(word.text for word in words) == "Nhân dân đồng tình"


@pytest.mark.skipif(not SAMPLE.exists(), reason="the large sample in shared/scale is not here")
def test_clean_paragraphs_hardly_change() -> None:
    with gzip.open(SAMPLE, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines][::5]
    found = [mend_words([text])[0][0] for text in texts]
    changed = [text for text, now in zip(texts, found, strict=True) if text != now]
    assert len(changed) <= 0.001 * len(texts), changed[:20]  # typing errors of the law's own
