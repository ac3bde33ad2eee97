from __future__ import annotations

from pathlib import Path

import pytest

from tracuu import Index, Passage
from tracuu.errors import OptionError


@pytest.fixture
def made(tmp_path: Path) -> Path:
    with Index.create(tmp_path / "ix") as index:
        index.add(
            [
                Passage("r", 1, "Hợp tác xã nông nghiệp Ba Bến hoạt động khá."),
                Passage("r", 2, "Đường liên thôn đã xong."),
            ]
        )
    return tmp_path / "ix"


def test_abbreviations_of_one_s_own_are_searched_with_their_long_forms(
    made: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[abbreviation]]\nshort = "BBN"\nlong = ["nông nghiệp Ba Bến"]\n', encoding="utf-8"
    )
    with Index.open(made) as index:
        assert index.search("BBN").total == 0
    with Index.open(made, abbreviations=own) as index:
        assert [hit.passage.id for hit in index.search("BBN")] == ["r#1"]


def test_a_file_of_abbreviations_that_cannot_be_used_is_told_by_name(
    made: Path, tmp_path: Path
) -> None:
    for content in (None, "[[abbreviation]]\nshort = 3\n"):
        own = tmp_path / "bad.toml"
        if content is not None:
            own.write_text(content, encoding="utf-8")
        with pytest.raises(OptionError, match=r"bad\.toml"):
            Index.open(made, abbreviations=own)


def test_abbreviations_are_those_of_the_opening_whatever_becomes_of_their_file(
    made: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    text = '[[abbreviation]]\nshort = "BBN"\nlong = ["nông nghiệp Ba Bến"]\n'
    own.write_text(text, encoding="utf-8")
    with Index.open(made, abbreviations=own) as index:
        assert index.abbreviations == text
        own.unlink()
        index.add([Passage("r", 3, "Đã mở lớp nông nghiệp Ba Bến.")])
        assert index.search("BBN").total == 2
    with Index.open(made) as index:
        assert index.abbreviations == ""
