"""A file's path in, its parsed reports out."""

from __future__ import annotations

import zipfile
from datetime import date
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


def test_front_matter_gives_title_and_date(tmp_path: Path) -> None:
    pytest.importorskip("markdown_it", reason="the extra md is not installed")
    path = tmp_path / "a.md"
    text = "# BÁO CÁO CỦA HUYỆN ỦY\n\n## I. Kết quả\n\nĐã giảm 120 hộ nghèo so với đầu kỳ.\n"
    path.write_text(f"---\ntitle: Báo cáo về giảm nghèo\ndate: 2025-03-04\n---\n{text}", "utf-8")
    (reading,) = Reader().read(path)
    assert (reading.report.title, reading.report.date) == (
        "Báo cáo về giảm nghèo",
        date(2025, 3, 4),
    )
    path.write_text(f"---\ndate: sáng nay\n---\n{text}", "utf-8")
    (reading,) = Reader().read(path)
    assert (reading.report.title, reading.report.date) == ("BÁO CÁO CỦA HUYỆN ỦY", None)


def test_a_container_gives_the_reports_in_it(tmp_path: Path) -> None:
    path = tmp_path / "gui-kem.zip"
    with zipfile.ZipFile(path, "w") as container:
        container.writestr("trong-cay.txt", REPORT)
        container.writestr("sau/thu.txt", REPORT)
    readings = Reader().read(path)
    assert [one.report.member for one in readings] == ["sau/thu.txt", "trong-cay.txt"]
    assert [one.report.title for one in readings] == ["BÁO CÁO Kết quả trồng cây đầu xuân"] * 2
