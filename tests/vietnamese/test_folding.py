"""Without diacritics."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracuu.vietnamese import fold, is_folded


def test_all_diacritics_go_and_d_is_mapped() -> None:
    assert fold("Đảng bộ Quận Ủy, được giữ vững; ĐẠO ĐỨC lối sống") == (
        "Dang bo Quan Uy, duoc giu vung; DAO DUC loi song"
    )


def test_foreign_latin_letters_fold_and_other_scripts_stay() -> None:
    assert fold("Müller, São Paulo") == "Muller, Sao Paulo"
    assert fold("日本語が हिन्दी 한국") == "日本語が हिन्दी 한국"


@given(st.text())
def test_length_and_folded_text_stay(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@pytest.mark.parametrize("text", ["dang bo quan", "", "15-CT/TU", "hanh chinh – 100%"])
def test_is_folded(text: str) -> None:
    assert is_folded(text)


@pytest.mark.parametrize(
    "text", ["đang", "Đ", "quận", "quân", "tho\u031b", "qua\u0323n", "ma\u0300"]
)
def test_is_not_folded(text: str) -> None:
    assert not is_folded(text)
