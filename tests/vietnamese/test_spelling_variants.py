"""Spelling variants of whole words."""

import re
import sys
from itertools import product
from pathlib import Path

import pytest

import tracuu.vietnamese.variants as variants
from tracuu.vietnamese import canonical, fold, is_syllable, unify

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ENTRIES = [
    (word["standard"], variant)
    for word in tomllib.loads(Path(variants.__file__).with_suffix(".toml").read_text("utf-8"))[
        "word"
    ]
    for variant in word["variants"]
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cải cách hành chánh", "cải cách hành chính"),
        ("sở giao thông công chánh", "sở giao thông công chính"),
        ("phản ảnh của nhơn dân", "phản ánh của nhân dân"),
        ("hàng năm hàng hóa", "hằng năm hàng hóa"),
        ("hành", "hành"),
        ("chánh án chánh văn phòng", "chánh án chánh văn phòng"),
        ("bảo đảm đảm bảo", "bảo đảm đảm bảo"),
        ("", ""),
    ],
)
def test_unify(text: str, expected: str) -> None:
    assert unify(text.split()) == expected.split()


def test_unify_without_diacritics() -> None:
    assert unify(["cai", "cach", "hanh", "chanh"], folded=True) == ["cai", "cach", "hanh", "chinh"]
    assert unify(["ban", "lanh", "dao"], folded=True) == ["ban", "lanh", "dao"]


def test_what_is_given_stays_as_it_was() -> None:
    given = ["hành", "chánh"]
    unify(given)
    assert given == ["hành", "chánh"]


@pytest.mark.parametrize(("standard", "variant"), ENTRIES)
def test_entry_is_canonical_and_complete(standard: str, variant: str) -> None:
    for word in (standard, variant):
        assert word == " ".join(canonical(syllable) for syllable in word.split())
    assert len(standard.split()) == len(variant.split()) > 1
    assert unify(variant.split()) == standard.split()
    assert unify(standard.split()) == standard.split(), "a standard spelling is nobody's variant"


def test_standard_words_are_spelt_in_vietnamese() -> None:
    syllables = {syllable for standard, _ in ENTRIES for syllable in standard.split()}
    assert {syllable for syllable in syllables if not is_syllable(syllable)} <= {
        "đắk",
        "lắk",
        "kạn",
    }


def test_folding_before_or_after_gives_the_same() -> None:
    words = [variant.split() for _, variant in ENTRIES]
    for left, right in product(words, repeat=2):
        for row in (left + right, left[:-1] + right):
            late = unify([fold(syllable) for syllable in unify(row)], folded=True)
            assert late == unify([fold(syllable) for syllable in row], folded=True), row


def test_digest_has_eight_digits() -> None:
    assert re.fullmatch("[0-9a-f]{8}", variants.digest())
