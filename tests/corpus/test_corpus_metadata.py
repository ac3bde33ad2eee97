from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracuu.corpus import Block, Reader, Reading, read_blocks, slug

Understand = Callable[..., Reading]

EXPECTED: dict[str, dict[str, Any]] = {
    "bao-cao-chinh-tri-huyen-uy-2020-2025": {
        "kind": "báo cáo", "number": "128-BC/HU", "issuing_body": "HUYỆN ỦY TÂN SƠN TRUNG", "place": "Tân Sơn Trung",
        "date": date(2025, 5, 12), "term": (2020, 2025), "signer": "Hoàng Thế Luyện",
    },
    "bao-cao-kiem-diem-quan-uy-nhiem-ky-xi": {
        "kind": "báo cáo", "number": None, "issuing_body": "BAN CHẤP HÀNH ĐẢNG BỘ QUẬN HẢI VÂN ĐÔNG", "place": None,
        "date": None, "term": (2015, 2020), "signer": "Trịnh Quốc Hiển",
    },
    "bao-cao-tong-ket-thanh-uy-2015-2020": {
        "kind": "báo cáo", "number": "412-BC/TU", "issuing_body": "THÀNH UỶ LỘC HẢI TRUNG", "place": "Lộc Hải Trung",
        "date": date(2020, 6, 25), "term": (2015, 2020), "signer": "Đặng Hữu Khoan",
    },
    "chi-bo-xa-danh-so": {
        "kind": "báo cáo", "number": "87-BC/ĐU", "issuing_body": "ĐẢNG ỦY XÃ KHÊ TỊNH", "place": "Khê Tịnh",
        "date": date(2019, 12, 11), "term": None, "signer": "Đoàn Bá Lương",
    },
    "dang-uy-khoi-cau-hoi": {
        "kind": "báo cáo", "number": "215-BC/ĐUK", "issuing_body": "ĐẢNG ỦY KHỐI CÁC CƠ QUAN TỈNH",
        "place": "Hoài Trà", "date": date(2021, 11, 22), "term": None, "signer": "Tạ Minh Quyên",
    },
    "nghi-quyet-dieu": {
        "kind": "nghị quyết", "number": "31/NQ-HĐND", "issuing_body": "HỘI ĐỒNG NHÂN DÂN XÃ SUỐI TRẦM",
        "place": "Suối Trầm", "date": date(2024, 12, 19), "term": None, "signer": "Y Blu Niê Kpă",
    },
    "quan-uy-uu-truoc-khuyet-sau": {
        "kind": "báo cáo", "number": None, "issuing_body": "QUẬN UỶ BẾN LỤA", "place": None, "date": None,
        "term": (2000, 2005), "signer": None,
    },
    "so-giao-duc-khong-de-muc": {
        "kind": None, "number": None, "issuing_body": "Đảng ủy cơ quan Sở", "place": "Thạch Giang",
        "date": date(2023, 6, 30), "term": None, "signer": "Lò Thị Thương",
    },
    "tinh-uy-tieu-de-chay-vao-doan": {
        "kind": "báo cáo", "number": "341-BC/TU", "issuing_body": "TỈNH ỦY ĐÔNG LĨNH", "place": "Đông Lĩnh",
        "date": date(2023, 7, 18), "term": None, "signer": "Hoàng Văn Sầm",
    },
    "ubnd-phuong-bao-cao-nam": {
        "kind": "báo cáo", "number": "245/BC-UBND", "issuing_body": "ỦY BAN NHÂN DÂN PHƯỜNG MAI KHÊ",
        "place": "Mai Khê", "date": date(2022, 12, 9), "term": None, "signer": "Vương Đắc Lộc",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_report_says_of_itself(
    reader: Reader, sample_reports: list[Path], name: str
) -> None:
    (path,) = [path for path in sample_reports if path.stem == name]
    report = reader.parse(list(read_blocks(path).blocks), id=name, name=name)[0].report
    assert {key: getattr(report, key) for key in EXPECTED[name]} == EXPECTED[name]


def test_every_report_of_one_document_is_in_the_table(sample_reports: list[Path]) -> None:
    assert {path.stem for path in sample_reports} - {"bao-cao-hai-van-ban"} == set(EXPECTED)


@pytest.mark.parametrize(
    ("title", "term"),
    [
        ("BÁO CÁO KIỂM ĐIỂM NHIỆM KỲ 2000 - 2005", (2000, 2005)),
        ("BÁO CÁO NHIỆM KỲ VIII (2000 – 2005)", (2000, 2005)),
        ("BÁO CÁO CỦA ĐẢNG BỘ HUYỆN, NHIỆM KỲ 2015-2020", (2015, 2020)),
        ("BÁO CÁO NĂM HỌC 2022 - 2023", None),
        ("BÁO CÁO NHIỆM KỲ 2005 - 2000", None),
        ("BÁO CÁO QUY HOẠCH NHIỆM KỲ 2000 - 2050", None),
        ("BÁO CÁO NĂM 2010", None),
    ],
)
def test_the_term(understand: Understand, title: str, term: tuple[int, int] | None) -> None:
    report = understand(title, "1. KINH TẾ", "…").report
    assert report.term == term
    assert report.years == (report.period or term)


def test_the_term_may_stand_in_the_opening_or_in_the_file_name(understand: Understand) -> None:
    opening = "Trong nhiệm kỳ 2010 - 2015, Đảng bộ xã đã lãnh đạo nhân dân hoàn thành các chỉ tiêu của Đại hội."
    assert understand("BÁO CÁO", "KIỂM ĐIỂM", opening, "1. KINH TẾ", "…").report.term == (
        2010,
        2015,
    )
    assert understand("1. KINH TẾ", "…", name="bao-cao_nhiem-ky_2010-2015").report.term == (
        2010,
        2015,
    )


@pytest.mark.parametrize(
    ("line", "place", "day"),
    [
        ("Tân Sơn, ngày 12 tháng 5 năm 2025", "Tân Sơn", date(2025, 5, 12)),
        ("Thạch Giang, 30/6/2023", "Thạch Giang", date(2023, 6, 30)),
        ("Ngày 02 tháng 10 năm 2017", None, date(2017, 10, 2)),
        ("Hà Nội, ngày … tháng … năm 2020", "Hà Nội", None),
        ("Hà Nội, ngày 31 tháng 2 năm 2020", "Hà Nội", None),
        ("Số: 31/NQ-HĐND Suối Trầm, ngày 19 tháng 12 năm 2024", "Suối Trầm", date(2024, 12, 19)),
    ],
)
def test_place_and_date(
    understand: Understand, line: str, place: str | None, day: date | None
) -> None:
    report = understand("HUYỆN ỦY TÂN SƠN", line, "BÁO CÁO", "NĂM 2010", "1. KINH TẾ", "…").report
    assert (report.place, report.date) == (place, day)


def test_the_date_of_the_web_page_is_not_the_report_s(understand: Understand) -> None:
    report = understand(
        "Thứ Năm, ngày 21 tháng 9 năm 2023", "BÁO CÁO", "NHIỆM KỲ 2000 - 2005", "1. KINH TẾ", "…"
    ).report
    assert report.date is None


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (("TỈNH ỦY HẢI AN", "HUYỆN ỦY TÂN SƠN"), "HUYỆN ỦY TÂN SƠN"),
        (("ỦY BAN NHÂN DÂN", "PHƯỜNG MAI KHÊ"), "ỦY BAN NHÂN DÂN PHƯỜNG MAI KHÊ"),
        (("BAN CHỈ HUY QUÂN SỰ", "HUYỆN TRIỀU SƠN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), "BAN CHỈ HUY QUÂN SỰ HUYỆN TRIỀU SƠN"),
    ],
)  # fmt: skip
def test_the_issuing_body_is_the_lower_of_two_and_may_stand_on_two_lines(
    understand: Understand, lines: tuple[str, ...], body: str
) -> None:
    assert understand(*lines, "BÁO CÁO", "NĂM 2010", "1. KINH TẾ", "…").report.issuing_body == body


def test_without_a_title_the_file_s_name_is_it(understand: Understand) -> None:
    report = understand("1. KINH TẾ", "…", name="Kế hoạch đầu tư 2010").report
    assert (report.title, report.kind) == ("Kế hoạch đầu tư 2010", "kế hoạch")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Báo cáo Đảng bộ Quận (2005)", "bao-cao-dang-bo-quan-2005"),
        ("đĐ--ơ", "dd-o"),
        ("***", "report"),
        ("", "report"),
        ("报告", "report"),
    ],
)
def test_an_id_is_made_of_ascii_letters(name: str, wanted: str) -> None:
    assert slug(name) == wanted


@pytest.mark.parametrize(
    "bodies",
    [
        ("LIÊN ĐOÀN LAO ĐỘNG TỈNH NAM SƠN", "CÔNG ĐOÀN NGÀNH GIÁO DỤC"),
        ("HUYỆN ĐOÀN NAM SƠN", "ĐOÀN TRƯỜNG BẾN ĐÁ"),
    ],
)
def test_bodies_named_doan_stand_in_the_letterhead_and_not_in_the_title(
    understand: Understand, bodies: tuple[str, str]
) -> None:
    reading = understand(
        *bodies, "Số: 45/BC-CĐN", "BÁO CÁO", "Tổng kết năm học 2022 - 2023", "I. KẾT QUẢ", "…"
    )
    assert reading.report.title == "BÁO CÁO Tổng kết năm học 2022 - 2023"
    assert reading.report.issuing_body == bodies[1]


@pytest.mark.parametrize("body", ["LIÊN ĐOÀN CẦU LÔNG TỈNH NAM SƠN", "HỘI SINH VẬT CẢNH XÃ BẾN ĐÁ"])
def test_whose_statutes_they_are_is_told_by_the_title(understand: Understand, body: str) -> None:
    reading = understand(
        "UBND TỈNH NAM SƠN",
        "ĐIỀU LỆ (SỬA ĐỔI)",
        body,
        "Chương I",
        "QUY ĐỊNH CHUNG",
        "Điều 1. Tên",
        "…",
    )
    assert reading.report.title == f"ĐIỀU LỆ (SỬA ĐỔI) {body}"
    assert reading.report.issuing_body == "UBND TỈNH NAM SƠN"


def test_attributes_that_a_web_page_shows_above_the_text(reader: Reader) -> None:
    rows = ["Số ký hiệu: 301-TB/HU", "Ngày ban hành: 15/08/2024", "Loại văn bản: Thông báo",
            "Người ký: Bí thư Lò Văn Ín"]  # fmt: skip
    blocks = [
        Block("Kết luận giao ban tháng 8", level=1),
        *(Block(row, kind="table-row") for row in rows),
        Block(
            "Thường trực thống nhất giao các xã rà soát kết quả thu ngân sách và báo cáo trước ngày 30."
        ),
    ]
    report = reader.parse(blocks, id="r")[0].report
    assert (report.number, report.date, report.kind, report.signer) == (
        "301-TB/HU", date(2024, 8, 15), "thông báo", "Lò Văn Ín",
    )  # fmt: skip


def test_an_annex_that_is_a_file_has_its_own_title(understand: Understand) -> None:
    got = understand("PHỤ LỤC 2", "Danh mục công trình khởi công", "…", name="pl2")
    assert got.report.title == "Danh mục công trình khởi công"
    assert understand("PHỤ LỤC 2. Danh mục công trình", "…").report.title == "Danh mục công trình"
