"""What is not a report's text: letterhead, title, signature, and what a web page leaves behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracuu.corpus import Block, Reader, Reading

Understand = Callable[..., Reading]

BODY = "Thu ngân sách năm 2010 đạt 112 tỷ đồng, bằng 109% dự toán được giao, các khoản chi đều đúng Luật."


def role(reading: Reading, wanted: str) -> list[str]:
    return [element.text for element in reading.elements if element.role == wanted]


def test_a_web_page_around_a_report_is_furniture(understand: Understand) -> None:
    reading = understand(
        "Thứ Năm, ngày 21 tháng 9 năm 2023", "Báo cáo kiểm điểm của Ban Chấp hành Đảng bộ quận",
        "BÁO CÁO KIỂM ĐIỂM CỦA BAN CHẤP HÀNH ĐẢNG BỘ QUẬN", "NHIỆM KỲ VIII (2000 – 2005)", "***", "1. KINH TẾ", "…",
        "BAN CHẤP HÀNH ĐẢNG BỘ QUẬN NHIỆM KỲ VIII", "Thông báo",
    )  # fmt: skip
    assert role(reading, "furniture") == [
        "Thứ Năm, ngày 21 tháng 9 năm 2023", "Báo cáo kiểm điểm của Ban Chấp hành Đảng bộ quận", "***", "Thông báo",
    ]  # fmt: skip
    assert role(reading, "signature") == ["BAN CHẤP HÀNH ĐẢNG BỘ QUẬN NHIỆM KỲ VIII"]
    assert role(reading, "passage") == [BODY]
    assert (
        reading.report.title
        == "BÁO CÁO KIỂM ĐIỂM CỦA BAN CHẤP HÀNH ĐẢNG BỘ QUẬN NHIỆM KỲ VIII (2000 – 2005)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Trang chủ > Văn kiện > Báo cáo", "Cỡ chữ: A- A A+", "In trang này | Gửi bạn bè", "Lượt xem: 1.204",
        "Số lượt xem: 231", "In bài viết", "Gửi bài này", "Copy link", "© 2024 Huyện ủy",
        "- 12 -", "Trang 3/20", "__________", "QUYẾT NGHỊ:", "Copyright 2020 Quận ủy", "https://quan.gov.vn",
    ],
)  # fmt: skip
def test_furniture_between_paragraphs_is_no_passage(understand: Understand, text: str) -> None:
    reading = understand("BÁO CÁO", "NĂM 2010", "1. KINH TẾ", "…", text, "2. VĂN HÓA", "…")
    assert role(reading, "furniture") == [text]
    assert len(reading.passages) == 2


def test_the_titles_of_other_articles_at_the_end_are_furniture(understand: Understand) -> None:
    other = [
        "Tin liên quan",
        "Ra quân dọn vệ sinh ở bản Pá Khôm",
        "(11/06/2024)",
        "Trao nhà cho hộ nghèo",
    ]
    reading = understand("BÁO CÁO", "NĂM 2010", "1. KINH TẾ", "…", "2. VĂN HÓA", "…", *other)
    assert role(reading, "furniture") == other
    assert len(reading.passages) == 2
    text = "Tin khác với trước đây, năm nay xã đã hoàn thành mọi chỉ tiêu."
    assert text in role(understand("BÁO CÁO", "NĂM 2010", "1. KINH TẾ", "…", text), "passage")


def test_the_menu_of_a_web_page_is_no_part_of_its_title(understand: Understand) -> None:
    menu = ["Cổng thông tin huyện Hạ Lang", "Đăng nhập", "Lịch công tác", "Trang chủ » Tin tức"]
    title = "Tăng cường phòng, chống cháy rừng"
    reading = understand(*menu, title, "Lượt xem: 92", "…")
    assert reading.report.title == title
    assert role(reading, "furniture") == [*menu, "Lượt xem: 92"]
    assert understand(title, "Trang chủ » Tin tức", "…").report.title == title


def test_a_plain_line_below_a_headline_is_no_part_of_it(reader: Reader) -> None:
    blocks = [Block("Phí tham quan hồ Bàu Sen", level=1), Block("Số hiệu: 12/QĐ-UBND"), Block(BODY)]
    reading = reader.parse(blocks, id="r")[0]
    assert reading.report.title == blocks[0].text
    assert reading.report.number == "12/QĐ-UBND"


def test_a_list_of_articles_with_a_text_below_it_is_kept(understand: Understand) -> None:
    below = "Xã sẽ tổ chức gặp mặt các tác giả vào cuối tháng sau."
    reading = understand("BÁO CÁO", "NĂM 2010", "1. KINH TẾ", "…", "Tin khác", "Trao nhà", below)
    assert "Trao nhà" in " ".join(role(reading, "passage") + role(reading, "heading"))
    assert below in role(reading, "passage")


def test_the_letterhead_and_the_signature_of_an_official_report(understand: Understand) -> None:
    head = (
        "ĐẢNG BỘ TỈNH HẢI AN", "HUYỆN ỦY TÂN SƠN", "*", "Số 128-BC/HU", "ĐẢNG CỘNG SẢN VIỆT NAM",
        "Tân Sơn, ngày 12 tháng 5 năm 2025",
    )  # fmt: skip
    tail = (
        "Nơi nhận:",
        "- Ban Thường vụ Tỉnh ủy (b/c),",
        "- Lưu VPHU.",
        "T/M HUYỆN ỦY",
        "BÍ THƯ",
        "(Đã ký)",
        "Hoàng Thế Luyện",
    )
    reading = understand(
        *head, "BÁO CÁO", "Chính trị của Ban Chấp hành Đảng bộ huyện", "I. KINH TẾ", "…", *tail
    )
    assert role(reading, "letterhead") == [text for text in head if text != "*"]
    assert role(reading, "signature") == list(tail)
    assert role(reading, "title") == ["BÁO CÁO", "Chính trị của Ban Chấp hành Đảng bộ huyện"]
    assert role(reading, "passage") == [BODY]


def test_a_list_at_the_end_without_recipients_is_no_signature(understand: Understand) -> None:
    reading = understand(
        "BÁO CÁO",
        "NĂM 2010",
        "I. KIẾN NGHỊ",
        "- Xây thêm hai trường học;",
        "- Sửa tuyến đê phía đông.",
    )
    assert role(reading, "passage") == ["- Xây thêm hai trường học;", "- Sửa tuyến đê phía đông."]


def test_two_documents_in_one_file_are_two_reports(reader: Reader) -> None:
    lines = [
        "HUYỆN ỦY TRIỀU SƠN", "Số 58-BC/BDV", "ĐẢNG CỘNG SẢN VIỆT NAM", "Triều Sơn, ngày 27 tháng 9 năm 2017",
        "BÁO CÁO", "công tác dân vận năm 2017", "A - Kết quả", BODY, "TRƯỞNG BAN", "Mai Thị Nhàn", "==========",
        "BAN CHỈ HUY QUÂN SỰ", "HUYỆN TRIỀU SƠN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "Số: 903/BC-BCH", "BÁO CÁO TÓM TẮT", "Kết quả công tác quân sự năm 2017", "1) Kết quả", BODY, BODY,
        "CHỈ HUY TRƯỞNG", "Thượng tá Phùng Quang Hải",
    ]  # fmt: skip
    first, second = reader.parse(
        [Block(line, line=at) for at, line in enumerate(lines, 1)], id="hai"
    )
    assert (first.report.id, first.report.number, first.report.signer, first.report.passages) == (
        "hai", "58-BC/BDV", "Mai Thị Nhàn", 1,
    )  # fmt: skip
    assert (second.report.id, second.report.number, second.report.passages) == (
        "hai-2",
        "903/BC-BCH",
        2,
    )
    assert second.report.signer == "Thượng tá Phùng Quang Hải"
    assert [passage.id for passage in second.passages] == ["hai-2#1", "hai-2#2"]
    assert second.elements[0].text in ("==========", "BAN CHỈ HUY QUÂN SỰ")


def test_a_sheet_without_text_belongs_to_the_report_before_it(reader: Reader) -> None:
    sheet = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: 3-BC/HU"]
    (reading,) = reader.parse([Block(line) for line in ["BÁO CÁO", BODY, *sheet]], id="r")
    assert [element.text for element in reading.elements] == ["BÁO CÁO", BODY, *sheet]
    assert reading.report.number is None


def test_names_of_documents_quoted_in_the_text_begin_no_new_report(reader: Reader) -> None:
    lines = [
        "BÁO CÁO",
        "NĂM 2010",
        "1. KINH TẾ",
        BODY,
        "NGHỊ QUYẾT CỦA ĐẢNG BỘ ĐÃ ĐI VÀO CUỘC SỐNG",
        BODY,
    ]
    assert len(reader.parse([Block(line) for line in lines], id="r")) == 1


@pytest.mark.parametrize(
    "lines", [(), ("BÁO CÁO",), ("I. KINH TẾ",), ("***",), ("Nguyễn Văn An",), ("1",)]
)
def test_hardly_any_text_is_one_report_with_all_of_it(
    reader: Reader, lines: tuple[str, ...]
) -> None:
    (reading,) = reader.parse([Block(line) for line in lines], id="r")
    assert [element.text for element in reading.elements] == list(lines)


def test_a_bold_line_below_the_headline_of_a_bulletin_is_its_first_heading(reader: Reader) -> None:
    prose = (
        "Các chi bộ thôn Bàu Sen và Cồn Én đã dọn xong hai đoạn kênh, đắp lại bờ vùng, trồng thêm bốn "
        "trăm cây dừa nước và nhận trông nom đoạn đường mới đến hết mùa mưa."
    )
    blocks = [
        Block("BẢN TIN SINH HOẠT CHI BỘ XÃ CỒN ÉN", bold=True),
        Block("Số 3 – Tháng ba năm 2023"),
        Block("Chuyện ở các thôn", bold=True, gap=True),
        Block(prose),
        Block("Gương người tốt", bold=True, gap=True),
        Block(prose),
    ]
    (reading,) = reader.parse(blocks, id="r")
    assert reading.report.title == "BẢN TIN SINH HOẠT CHI BỘ XÃ CỒN ÉN"
    assert [p.heading_path for p in reading.passages] == [
        ("Chuyện ở các thôn",),
        ("Gương người tốt",),
    ]


def test_a_title_that_goes_on_with_and_is_no_heading(reader: Reader) -> None:
    blocks = [
        Block("BÁO CÁO", level=1),
        Block("Tổng kết mười năm làm đường nông thôn", level=1),
        Block("Và đề xuất việc làm trong thời gian tới", level=1),
        Block("Xã đã làm xong chín tuyến đường và bốn cây cầu, trong đó có cầu Bàu Sen.", gap=True),
    ]
    (reading,) = reader.parse(blocks, id="r")
    assert "Và đề xuất" in reading.report.title
    assert [p.heading_path for p in reading.passages] == [()]
