"""Letterheads in two columns, as extractions put them on one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tracuu.corpus import Reader, Reading, Report, read_blocks

Understand = Callable[..., Reading]

BODY = ("I. Kết quả đạt được", "1. Kinh tế", "…")


def told(report: Report) -> tuple[str | None, str | None, str | None, date | None]:
    return report.issuing_body, report.number, report.place, report.date


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (
            (
                "ĐẢNG ỦY XÃ HÒA BÌNH          ĐẢNG CỘNG SẢN VIỆT NAM",
                "*        Hòa Bình, ngày 15 tháng 12 năm 2025",
                "Số 120-BC/ĐU",
            ),
            ("ĐẢNG ỦY XÃ HÒA BÌNH", "120-BC/ĐU", "Hòa Bình", date(2025, 12, 15)),
        ),
        (
            (
                "UBND HUYỆN KIM SƠN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Số: 15/BC-UBND\tĐộc lập - Tự do - Hạnh phúc",
                "\tKim Sơn, ngày 5 tháng 6 năm 2024",
            ),
            ("UBND HUYỆN KIM SƠN", "15/BC-UBND", "Kim Sơn", date(2024, 6, 5)),
        ),
        (
            (
                "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "XÃ TÂN LỢI Độc lập - Tự do - Hạnh phúc",
                "Số: 33/BC-UBND Tân Lợi, ngày 9 tháng 8 năm 2024",
            ),
            ("ỦY BAN NHÂN DÂN XÃ TÂN LỢI", "33/BC-UBND", "Tân Lợi", date(2024, 8, 9)),
        ),
        (
            (
                "ĐẢNG ỦY PHƯỜNG AN LẠC   ĐẢNG CỘNG SẢN VIỆT NAM",
                "CHI BỘ KHU PHỐ 7   TP Thủ Đức, ngày 20 tháng 12 năm 2023",
                "Số 15-BC/CB",
            ),
            ("CHI BỘ KHU PHỐ 7", "15-BC/CB", "TP Thủ Đức", date(2023, 12, 20)),
        ),
        (
            (
                "BAN CHẤP HÀNH ĐẢNG BỘ TỈNH   ĐẢNG CỘNG SẢN VIỆT NAM",
                "VĨNH HƯNG",
                "*    HÀ NỘI, ngày 30 tháng 7 năm 2025",
                "Số 245-BC/TU",
            ),
            ("BAN CHẤP HÀNH ĐẢNG BỘ TỈNH VĨNH HƯNG", "245-BC/TU", "HÀ NỘI", date(2025, 7, 30)),
        ),
        (
            (
                "UBND XÃ TÂN AN   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Số: 12/BC-UBND   Độc lập - Tự do - Hạnh phúc   Tân An, ngày 3/6/2024",
            ),
            ("UBND XÃ TÂN AN", "12/BC-UBND", "Tân An", date(2024, 6, 3)),
        ),
        (
            (
                "TỈNH ỦY BẮC SƠN ĐẢNG ỦY CÁC CƠ QUAN ĐẢNG TỈNH   ĐẢNG CỘNG SẢN VIỆT NAM",
                "Số 45-BC/ĐU   Bắc Sơn, ngày 01 tháng 10 năm 2025",
            ),
            ("ĐẢNG ỦY CÁC CƠ QUAN ĐẢNG TỈNH", "45-BC/ĐU", "Bắc Sơn", date(2025, 10, 1)),
        ),
        (
            (
                "ÐẢNG BỘ THỊ XÃ TÂN CHÂU",
                "-----oOo-----",
                "Số : 12 BC/TU",
                "Tân Châu, ngày 12 tháng 01 năm 2003",
            ),
            ("ÐẢNG BỘ THỊ XÃ TÂN CHÂU", "12 BC/TU", "Tân Châu", date(2003, 1, 12)),
        ),
    ],
)
def test_two_columns_on_one_line(
    tmp_path: Path, reader: Reader, lines: tuple[str, ...], wanted: tuple[str, str, str, date]
) -> None:
    file = tmp_path / "bao-cao.txt"
    file.write_text(
        "\n".join([*lines, "", "BÁO CÁO", "Kết quả công tác năm 2025", "", *BODY]), encoding="utf-8"
    )
    (reading,) = reader.parse(list(read_blocks(file).blocks), id="r")
    assert told(reading.report) == wanted
    assert reading.report.title == "BÁO CÁO Kết quả công tác năm 2025"


@pytest.mark.parametrize(
    "table",
    [
        "| ĐẢNG BỘ HUYỆN A<br>**ĐẢNG ỦY XÃ B**<br>Số 34-BC/ĐU | **ĐẢNG CỘNG SẢN VIỆT NAM**<br>*B, ngày 12 tháng 9 năm 2023* |\n|---|---|",
        "| ĐẢNG ỦY XÃ B | ĐẢNG CỘNG SẢN VIỆT NAM |\n|---|---|\n| Số 34-BC/ĐU | B, ngày 12 tháng 9 năm 2023 |",
    ],
)
def test_a_table_of_markdown_that_lays_out_a_letterhead(
    tmp_path: Path, reader: Reader, table: str
) -> None:
    file = tmp_path / "bao-cao.md"
    file.write_text(
        f"{table}\n\n# BÁO CÁO\n\nKết quả công tác\n\n## I. Kết quả đạt được\n\nThu đạt 110%.\n",
        "utf-8",
    )
    (reading,) = reader.parse(list(read_blocks(file).blocks), id="r")
    assert told(reading.report) == ("ĐẢNG ỦY XÃ B", "34-BC/ĐU", None, date(2023, 9, 12))
    assert [passage.text for passage in reading.passages] == ["Thu đạt 110%."]


def test_a_table_of_data_is_still_one_of_rows(tmp_path: Path) -> None:
    file = tmp_path / "bao-cao.md"
    file.write_text(
        "| Chỉ tiêu | Thực hiện |\n|---|---|\n| Thu ngân sách<br>trên địa bàn | 25 tỷ |\n", "utf-8"
    )
    assert [block.text for block in read_blocks(file).blocks] == [
        "Chỉ tiêu: Thu ngân sách trên địa bàn; Thực hiện: 25 tỷ"
    ]


def test_a_remark_that_it_is_a_draft_is_no_body(understand: Understand) -> None:
    report = understand(
        "BÁO CÁO", "CỦA ĐẢNG BỘ HUYỆN BÌNH SƠN, NHIỆM KỲ 2020 - 2025", "(Dự thảo lần 3)", *BODY
    ).report
    assert report.issuing_body == "ĐẢNG BỘ HUYỆN BÌNH SƠN"


def test_the_signer_may_stand_beside_the_last_recipient(understand: Understand) -> None:
    report = understand(
        "BÁO CÁO", "NĂM 2010", *BODY, "Nơi nhận: TM. ỦY BAN NHÂN DÂN", "- UBND tỉnh; CHỦ TỊCH", "- Lưu: VT. Nguyễn Văn Thịnh"
    ).report  # fmt: skip
    assert report.signer == "Nguyễn Văn Thịnh"


def test_a_number_before_a_word_is_no_document_number(understand: Understand) -> None:
    assert (
        understand(
            "BÁO CÁO", "KẾT QUẢ TẠI SỐ 12 XÃ/PHƯỜNG", "(số 12 xã/phường)", *BODY
        ).report.number
        is None
    )
