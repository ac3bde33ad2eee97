"""Names among suggestions: numbers, titles, issuing bodies, abbreviations, raw typing, capitals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tracuu import Index, Passage
from tracuu.corpus.model import Report

REPORTS = {
    "a": Report(
        "a", "Báo cáo tổng kết trồng rừng", number="128-BC/HU", issuing_body="HUYỆN ỦY HOÀI TRÀ"
    ),
    "b": Report(
        "b", "Kế hoạch chống hạn", number="12/2004/QĐ-UB", issuing_body="Huyện ủy Hoài Trà"
    ),
    "c": Report(
        "c", "Nghị quyết phát triển chợ", number="129-NQ/HU", issuing_body="Đảng ủy xã Mai Khê"
    ),
    "d": Report("d", "Báo cáo mùa màng", number="07-BC/XM"),
}
TEXTS = {
    "a": "Đến nay, Hồ Mơ Xanh đã tích nước; UBND xã trồng rừng phòng hộ.",
    "b": "Nước từ Hồ Mơ Xanh tưới cho 12 ha; giải ngân vốn đạt khá.",
    "c": "Giải ngân vốn chợ còn chậm. Giải ngân vốn là việc phải làm.",
    "d": "Theo lời đ/c Giàng A Páo, lúa nương mất mùa.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.create(tmp_path_factory.mktemp("names") / "index") as made:
        for name, report in REPORTS.items():
            made.add([Passage(name, 1, TEXTS[name])], report=report)
        yield made


def texts(index: Index, typed: str) -> list[str]:
    return [one.text for one in index.suggest(typed)]


@pytest.mark.parametrize(
    ("typed", "text", "kind"),
    [
        ("128", "128-BC/HU", "number"),
        ("128-b", "128-BC/HU", "number"),
        ("07", "07-BC/XM", "number"),
        ("7-bc", "07-BC/XM", "number"),
        ("Số: 128", "Số: 128-BC/HU", "number"),
        ("báo cáo 07", "báo cáo 07-BC/XM", "number"),
        ("đ/c Gi", "đ/c Giàng", "words"),
        ("12/2004", "12/2004/QĐ-UB", "number"),
        ("huyen uy", 'cơ-quan:"Huyện ủy Hoài Trà"', "body"),
        ("hoai t", 'cơ-quan:"Huyện ủy Hoài Trà"', "body"),
        ("tong ket tr", 'tiêu-đề:"Báo cáo tổng kết trồng rừng"', "title"),
        ("chống h", 'tiêu-đề:"Kế hoạch chống hạn"', "title"),
        ("ub", "UBND", "abbreviation"),
        ("xã ub", "xã UBND", "abbreviation"),
        ("giair ng", "giải ngân", "words"),
        ("giair ngaan", "giải ngân", "words"),
        ("gia3i nga6n v", "giải ngân vốn", "words"),
        ("ho mo", "Hồ Mơ Xanh", "words"),
        ("giai ng", "giải ngân", "words"),
    ],
)
def test_a_name_is_suggested(index: Index, typed: str, text: str, kind: str) -> None:
    assert (text, kind) in [(one.text, one.kind) for one in index.suggest(typed)]


@pytest.mark.parametrize("typed", ["128", "huyen uy", "chống h", "ub", "ho mo", "giair ng"])
def test_every_suggestion_finds_something_as_it_stands(index: Index, typed: str) -> None:
    found = index.suggest(typed)
    assert found
    for one in found:
        results = index.search(one.text)
        assert results.relaxed is None
        assert results.total >= 1
        assert one.passages >= 1


@pytest.mark.parametrize(
    "typed", ["rừng 1", "trồng rừng 12", "02", "bão", "hoái tr", "mạ", "đ/c r"]
)
def test_a_name_is_not_suggested_for_other_words(index: Index, typed: str) -> None:
    assert index.suggest(typed) == ()


def test_a_name_that_is_typed_whole_is_not_suggested(index: Index) -> None:
    assert "128-BC/HU" not in texts(index, "128-BC/HU")
    assert "UBND" not in texts(index, "UBND")


def test_words_keep_their_place_beside_names(index: Index) -> None:
    assert texts(index, "giai ng")[0] == "giải ngân"


def test_names_are_of_the_index_as_it_is(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Index.create(tmp_path_factory.mktemp("own") / "index") as made:
        assert made.suggest("128") == ()
        made.add([Passage("a", 1, "Rừng.")], report=REPORTS["a"])
        assert texts(made, "128") == ["128-BC/HU"]
        made.remove("a")
        assert made.suggest("128") == ()
