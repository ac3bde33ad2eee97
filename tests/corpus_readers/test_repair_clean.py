"""Clean text never changes: the first duty of every repair."""

from __future__ import annotations

import gzip
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracuu.corpus.repair import decode, repair_texts, tidy
from tracuu.corpus.repair.gaps import SpacedWord, mend_gaps
from tracuu.vietnamese.letters import LETTER

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "scale" / "phapdien-100k.jsonl.gz"
CLEAN = [
    "Ủy ban nhân dân huyện báo cáo tình hình sáu tháng đầu năm.",
    "ông bà cô là có hà và cá",
    "Le comité a présenté son rapport annuel à l'assemblée générale, où l'été fut très chaud à Orléans.",
    "Über die Tätigkeit der Ausschüsse für Städtebau wurde öffentlich ausführlich geprüft und bestätigt.",
    "El señor Núñez leyó el informe económico de la región según la comisión técnica española.",
    "The naïve résumé of café life costs 5 £ and 3 ½ hours; see §12, ©2024, ±3°, µm and «so on».",
    "Dự án Crème Brûlée của Côte d'Ivoire đã được phê duyệt.",
    "Số 15-CT/TU, 12/2004/QĐ-UB, 4.590 tỷ đồng, m², 30°C",
    "Îles, Ærø, Þingvellir, Ñandú, Łódź, São Paulo, Çanakkale, Århus",
    "ÃÂ ¸µ¶·¹ ©®",
]


@pytest.mark.parametrize("text", CLEAN)
def test_clean_sentences_stay(text: str) -> None:
    assert repair_texts([text]).texts == (text,)
    assert decode(text.encode()).text == text
    assert repair_texts(CLEAN).texts == tuple(CLEAN)


@given(
    st.lists(
        st.text(alphabet="".join(LETTER.values()) + "đĐbcdghklmnpqrstvx ,.-0123", max_size=80),
        max_size=5,
    )
)
def test_text_of_vietnamese_letters_stays(texts: list[str]) -> None:
    clean = [text for text in texts if any(c in "ăắđơưạảấệộ" for c in text)]
    assert repair_texts(clean).texts == tuple(clean)


@given(st.text())
def test_tidy_is_idempotent_and_gives_one_line_of_nfc(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert len(once.splitlines()) <= 1
    assert unicodedata.is_normalized("NFC", once)


def test_clean_words_are_never_joined() -> None:
    texts = [
        "rộng 5 m ở xã An Bình, tổ C anh hùng, mục b khoản 2 Điều 5, TP HCM, UB ND",
        "nhóm A ba người, lớp 5 A anh dũng, kế hoạch số 3 b an hành, 7 t ấn",
    ]
    for text in texts:
        words = [SpacedWord(word) for word in text.split()]
        assert mend_gaps([words]) == 0, text
        assert " ".join(word.text for word in words) == text


@pytest.mark.skipif(not SAMPLE.exists(), reason="the large sample in shared/scale is not here")
def test_none_of_a_hundred_thousand_clean_paragraphs_changes() -> None:
    with gzip.open(SAMPLE, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    found = repair_texts(texts)
    assert [old for old, new in zip(texts, found.texts, strict=True) if old != new] == []
    assert found.notes == ()
    alone = [text for text in texts[::7] if repair_texts([text]).texts != (text,)]
    assert alone == []
    joined = []
    for text in texts[::11]:
        words = [SpacedWord(word) for word in text.split()]
        if mend_gaps([words]):
            joined.append(text)
    # Law texts hold typing errors of their own: 5 in 20,000 paragraphs, and most are mended rightly.
    assert len(joined) <= 0.001 * len(texts[::11]), joined[:20]
