"""What stands below a report's signature, and titles on several lines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracuu.corpus import Block, Reader, Reading

Understand = Callable[..., Reading]

SIGNED = ("Nơi nhận:", "- Thành ủy;", "- Lưu VP.", "T/M ĐẢNG ỦY", "BÍ THƯ", "Ngô Thanh Tùng")
ROW = "Chỉ tiêu: Giảm hộ nghèo; Kế hoạch: 10 hộ; Đánh giá: Đạt"


def role(reading: Reading, wanted: str) -> tuple[str, ...]:
    return tuple(element.text for element in reading.elements if element.role == wanted)


def read(reader: Reader, *lines: str) -> Reading:
    blocks = [
        Block(text, gap=True, kind="table-row" if "; Đánh giá:" in text else "paragraph")
        for text in (
            "BÁO CÁO",
            "KẾT QUẢ NĂM 2024",
            "II. HẠN CHẾ",
            "Còn hai chỉ tiêu của năm chưa đạt.",
            *lines,
        )
    ]
    (reading,) = reader.parse(blocks, id="r")
    return reading


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        (("PHỤ LỤC",), "PHỤ LỤC"),
        (("PHỤ LỤC", "Kết quả thực hiện các chỉ tiêu"), "PHỤ LỤC Kết quả thực hiện các chỉ tiêu"),
        (("PHỤ LỤC KẾT QUẢ THỰC HIỆN",), "PHỤ LỤC KẾT QUẢ THỰC HIỆN"),
        (("Phụ lục 1", "CÁC CHỈ TIÊU"), "Phụ lục 1 CÁC CHỈ TIÊU"),
    ],
)
def test_an_annex_below_the_signature(reader: Reader, title: tuple[str, ...], heading: str) -> None:
    attached = "(Kèm theo Báo cáo số 201-BC/ĐU, ngày 2/12/2024)"
    reading = read(reader, *SIGNED, *title, attached, ROW)
    assert role(reading, "signature") == SIGNED
    assert reading.report.signer == "Ngô Thanh Tùng"
    assert role(reading, "furniture") == (attached,)
    assert [(p.text, p.heading_path) for p in reading.passages][1:] == [(ROW, (heading,))]


def test_a_table_below_the_signature_without_a_title(reader: Reader) -> None:
    reading = read(reader, *SIGNED, ROW)
    assert role(reading, "signature") == SIGNED
    assert [p.text for p in reading.passages][1:] == [ROW]


def test_a_mention_of_an_annex_is_none(reader: Reader) -> None:
    text = "Phụ lục Báo cáo nêu số liệu của từng chỉ tiêu."
    assert [p.heading_path for p in read(reader, text).passages] == [("II. HẠN CHẾ",)] * 2


def test_the_words_that_take_leave_before_an_annex(reader: Reader) -> None:
    leave = "Trên đây là báo cáo của Đảng ủy về kết quả thực hiện nhiệm vụ năm 2024."
    reading = read(reader, "Một số chỉ tiêu của năm còn thấp.", leave, *SIGNED, "PHỤ LỤC", ROW)
    assert [p.assessment for p in reading.passages] == [
        "shortcoming",
        "shortcoming",
        None,
        "achievement",
    ]


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (
            (
                "BÁO CÁO",
                "kết quả công tác xây dựng Đảng năm 2025,",
                "phương hướng, nhiệm vụ năm 2026",
            ),
            "BÁO CÁO kết quả công tác xây dựng Đảng năm 2025, phương hướng, nhiệm vụ năm 2026",
        ),
        (
            ("BÁO CÁO CHUYÊN ĐỀ", "Kết quả 03 năm xây dựng nông thôn mới nâng cao"),
            "BÁO CÁO CHUYÊN ĐỀ Kết quả 03 năm xây dựng nông thôn mới nâng cao",
        ),
    ],
)
def test_a_title_on_several_lines(
    understand: Understand, lines: tuple[str, ...], title: str
) -> None:
    reading = understand(*lines, "I. KẾT QUẢ", "…")
    assert reading.report.title == title
    assert len(reading.passages) == 1


def test_the_first_sentence_is_no_part_of_the_title(understand: Understand) -> None:
    opening = "Năm 2025, Đảng bộ có 42 tổ chức đảng trực thuộc."
    assert (
        understand("BÁO CÁO", "năm 2025", opening, "I. KẾT QUẢ", "…").report.title
        == "BÁO CÁO năm 2025"
    )
