"""Rows of a table that say how they are rated."""

from __future__ import annotations

import pytest

from tracuu.corpus import Block, Passage, Reader, Reading


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (
            "TT: 3; Chỉ tiêu: Kết nạp đảng viên; Kế hoạch: 12; Thực hiện: 9; Đánh giá: Không đạt",
            "shortcoming",
        ),
        ("TT: 1; Chỉ tiêu: Thu ngân sách; Thực hiện: 27,1 tỷ; Đánh giá: Vượt", "achievement"),
        ("Nội dung: Xây nhà văn hóa; Hoàn thành / Chưa hoàn thành: Chưa hoàn thành", "shortcoming"),
        ("Nội dung: Xây nhà văn hóa; So với kế hoạch: Đạt kế hoạch", "achievement"),
        ("Nội dung: Bảo hiểm y tế; Kết quả – Không đạt: x", "shortcoming"),
        ("Nội dung: Bảo hiểm y tế; Kết quả – Đạt: X", "achievement"),
        ("Tiêu chí: Môi trường; Kế hoạch năm 2024: Đạt; Thực hiện: Chưa đạt", "shortcoming"),
    ],
)
def test_a_row_is_rated_by_its_column(reader: Reader, row: str, wanted: str) -> None:
    found = reader.classify(Passage("r", 1, row, ("Các chỉ tiêu",), kind="table-row"))
    assert found.assessment == wanted
    assert found.assessment_decision.evidence[0] in row


@pytest.mark.parametrize(
    "row",
    [
        "Tiêu chí: Môi trường; Năm 2023: Đạt; Năm 2024: Không đạt",
        "Tổ chức: Đảng bộ xã; Đạt: 5; Không đạt: 2",
        "Tiêu chí: Môi trường; Mục tiêu năm 2025: Đạt",
        "Nội dung: Rà soát tiêu chí không đạt; Thời gian: Quý I",
    ],
)
def test_a_row_that_is_not_rated_or_twice(reader: Reader, row: str) -> None:
    assert (
        reader.classify(Passage("r", 1, row, ("Các chỉ tiêu",), kind="table-row")).assessment
        is None
    )


def test_running_text_is_no_row(reader: Reader) -> None:
    text = "Kết nạp đảng viên; đánh giá: Không đạt"
    assert reader.classify(Passage("r", 1, text, ("Các chỉ tiêu",))).assessment is None


def test_a_plan_s_table_rates_nothing(reader: Reader) -> None:
    def read(title: str) -> Reading:
        rows = [
            Block("Chỉ tiêu: Giảm hộ nghèo; Thực hiện: 10 hộ; Đánh giá: Đạt", kind="table-row")
        ] * 3
        (reading,) = reader.parse([Block(title), Block("I. CÁC CHỈ TIÊU"), *rows], id="r")
        return reading

    assert {passage.assessment for passage in read("BÁO CÁO NĂM 2010").passages} == {"achievement"}
    assert {passage.assessment for passage in read("KẾ HOẠCH NĂM 2010").passages} == {None}
