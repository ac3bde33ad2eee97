"""Suggestions while somebody types: Index.suggest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tracuu import Index, Passage
from tracuu.errors import IndexClosed, OptionError

TEXTS = [
    "Giải ngân vốn đầu tư công còn chậm.",
    "Giải ngân vốn đầu tư xây dựng cơ bản đạt kế hoạch.",
    "Giải quyết đơn thư của công dân kịp thời.",
    "Thu ngân sách nhà nước vượt dự toán.",
    "Chi ngân sách nhà nước tiết kiệm.",
    "Hoàn thành chỉ tiêu; hòa giải ở cơ sở được coi trọng.",
    "Đảng viên mới được kết nạp, đảng viên vi phạm bị kỷ luật.",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.create(
        Path(tmp_path_factory.mktemp("complete")) / "index", engine="memory"
    ) as index:
        index.add(Passage("b", number, text) for number, text in enumerate(TEXTS, 1))
        yield index


def texts(index: Index, text: str, **options: int) -> list[str]:
    return [one.text for one in index.suggest(text, **options)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("giai ng", "giải ngân"),
        ("giải ng", "giải ngân"),
        ("Giải Ng", "giải ngân"),
        ("giai ngan v", "giải ngân vốn"),
        ("von dau t", "vốn đầu tư"),
        ("vốn đ", "vốn đầu tư"),
        ("ngan sach nha n", "ngân sách nhà nước"),
        ("dang vien m", "đảng viên mới"),
        ("hoà g", "hòa giải"),
        # "ti", "qui" and "ki" alone are spelt "ty", "quy" and "ky".
        ("hoàn thành chi ti", "hoàn thành chỉ tiêu"),
        ("dân ki", "dân kịp thời"),
        ("kỉ l", "kỷ luật"),
        ("-giai ng", "-giải ngân"),
        ("công và giai ng", "công và giải ngân"),
        ("giải quyết của đầu t", "giải quyết của đầu tư"),
        ("công của giải quy", "công của giải quyết"),
    ],
)
def test_what_is_typed_is_completed_with_its_diacritics(index, typed, first):
    assert texts(index, typed)[0] == first


def test_the_next_word_is_suggested_after_a_space(index):
    assert {"giải ngân", "giải quyết"} <= set(texts(index, "giải "))


def test_diacritics_that_were_typed_are_kept(index):
    assert all("giải" in text for text in texts(index, "giải"))
    assert "hòa giải" in texts(index, "hòa")
    assert not [text for text in texts(index, "hỏ") if text.startswith("hòa")]
    assert "hoàn thành" in texts(index, "hoa")


def test_the_more_frequent_comes_first_and_says_in_how_many_passages(index):
    found = index.suggest("gi")
    assert [(one.text, one.passages) for one in found][:2] == [("giải ngân", 2), ("giải quyết", 1)]
    assert found[0].to_dict() == {"text": "giải ngân", "passages": 2, "kind": "words"}


@pytest.mark.parametrize("typed", ["gi", "thu ng", "n", "vốn ", "d", "ngân sách "])
def test_whatever_is_suggested_finds_so_many_passages_or_fewer_with_all_its_words(index, typed):
    found = index.suggest(typed)
    assert found
    for one in found:
        results = index.search(f'"{one.text}"', limit=0)
        assert results.relaxed is None
        assert 1 <= results.total <= one.passages


def test_what_stands_before_the_words_stays_as_it_is(index):
    assert texts(index, '+công "giai ng')[0] == '+công "giải ngân'
    assert all(text.startswith("area:kinh-te thu ") for text in texts(index, "area:kinh-te thu ng"))
    assert texts(index, "công AND giai ng")[0] == "công AND giải ngân"


def test_words_are_not_guessed_without_the_ones_before_them(index):
    # Nowhere "kỷ ngân": a word with this beginning is of no use after "kỷ".
    assert texts(index, "kỷ ng") == texts(index, "gải ng") == []


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "xyz",
        "2020",
        '"',
        "((",
        "giải ngân!",
        "\ud800",
        "a" * 5000,
        "q" * 150,
        "-",
        "\x00",
    ],
)
def test_where_nothing_can_be_suggested_nothing_is(index, typed):
    assert index.suggest(typed) == ()


def test_the_text_itself_is_no_suggestion(index):
    for typed in ("giải ngân", "giai ngan", "ngân sách"):
        assert typed not in texts(index, typed)


def test_limits(index):
    assert len(index.suggest("g", limit=1)) == 1
    assert index.suggest("g", limit=0) == ()
    with pytest.raises(OptionError, match="limit"):
        index.suggest("g", limit=-1)


def test_suggestions_follow_the_index(tmp_path):
    with Index.create(tmp_path / "own", engine="memory") as own:
        assert own.suggest("qu") == ()
        own.add([Passage("a", 1, "Quy hoạch đô thị được duyệt.")])
        assert texts(own, "quy h")[0].startswith("quy hoạch")
        own.remove("a")
        assert own.suggest("quy h") == ()
    with pytest.raises(IndexClosed):
        own.suggest("q")
