"""A file's path in, its parsed reports out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracuu import Reader
from tracuu.corpus import Limits
from tracuu.errors import ReadError, TooLarge

REPORT = """UBND XÃ KHE TRE
Số: 14/BC-UBND
Khe Tre, ngày 3 tháng 2 năm 2025

BÁO CÁO
Kết quả trồng cây đầu xuân

I. KẾT QUẢ
Toàn xã trồng được 4.200 cây keo và 300 cây lim.
II. HẠN CHẾ
Hai thôn vùng trên trồng chậm vì thiếu cây giống.
"""


def test_a_path_gives_parsed_reports(tmp_path: Path) -> None:
    path = tmp_path / "Báo cáo trồng cây.txt"
    path.write_text(REPORT, encoding="utf-8")
    [reading] = Reader().read(path)
    assert reading.report.title == "BÁO CÁO Kết quả trồng cây đầu xuân"
    assert reading.report.id == "bao-cao-trong-cay"
    assert reading.report.source == str(path)
    assert [(p.heading_path, p.assessment) for p in reading.passages] == [
        (("I. KẾT QUẢ",), "achievement"),
        (("II. HẠN CHẾ",), "shortcoming"),
    ]


def test_a_file_without_title_is_called_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "ghi-chep.md"
    path.write_text("Xã sửa xong ba cầu gỗ trên đường vào bản.\n", encoding="utf-8")
    assert Reader().read(str(path))[0].report.title == "ghi-chep"


def test_what_cannot_be_read_is_an_error_of_the_tree(tmp_path: Path) -> None:
    with pytest.raises(ReadError):
        Reader().read(tmp_path / "none.txt")
    path = tmp_path / "a.txt"
    path.write_text(REPORT, encoding="utf-8")
    with pytest.raises(TooLarge, match=r"Limits\.characters"):
        Reader().read(path, limits=Limits(characters=20))
