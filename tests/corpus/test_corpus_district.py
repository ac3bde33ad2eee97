"""The district committee's report of 2000–2005, passage by passage."""

from __future__ import annotations

from collections import Counter

from tracuu.corpus import Passage

FIRST = "1. SỰ LÃNH ĐẠO, CHỈ ĐẠO CỦA BAN CHẤP HÀNH TRONG VIỆC THỰC HIỆN NGHỊ QUYẾT ĐẠI HỘI ĐẢNG BỘ QUẬN LẦN THỨ VIII"
GOOD, BAD = "achievement", "shortcoming"
TABLE = {
    ((), "chung", None): 2,
    ((FIRST,), "chung", None): 1,  # the overview of what follows
    (("Lãnh đạo quản lý trật tự đô thị, xây dựng cơ bản", "Mặt được"), "do-thi", GOOD): 1,
    (("Lãnh đạo quản lý trật tự đô thị, xây dựng cơ bản", "Mặt tồn tại"), "do-thi", BAD): 1,
    (("Lãnh đạo phát triển kinh tế và quản lý ngân sách", "Mặt được"), "kinh-te", GOOD): 1,
    (("Lãnh đạo phát triển kinh tế và quản lý ngân sách", "Mặt tồn tại"), "kinh-te", BAD): 1,
    (("Lãnh đạo xây dựng văn hóa – xã hội", "Mặt được"), "van-hoa-xa-hoi", GOOD): 1,
    (("Lãnh đạo xây dựng văn hóa – xã hội", "Mặt tồn tại"), "van-hoa-xa-hoi", BAD): 1,
    (
        ("Lãnh đạo thực hiện nhiệm vụ quốc phòng – an ninh", "Mặt được"),
        "quoc-phong-an-ninh",
        GOOD,
    ): 2,
    (
        ("Lãnh đạo thực hiện nhiệm vụ quốc phòng – an ninh", "Mặt tồn tại"),
        "quoc-phong-an-ninh",
        BAD,
    ): 1,
    (("Xây dựng Đảng", "Mặt được"), "xay-dung-dang", GOOD): 3,
    (("Xây dựng Đảng", "Mặt tồn tại"), "xay-dung-dang", BAD): 1,
    (("Xây dựng chính quyền", "Mặt được"), "chinh-quyen", GOOD): 3,
    (("Xây dựng chính quyền", "Mặt tồn tại"), "chinh-quyen", BAD): 1,
    (
        ("Công tác vận động quần chúng và xây dựng tổ chức Mặt trận-đoàn thể", "Mặt được"),
        "dan-van",
        GOOD,
    ): 2,
    (
        ("Công tác vận động quần chúng và xây dựng tổ chức Mặt trận-đoàn thể", "Mặt tồn tại"),
        "dan-van",
        BAD,
    ): 1,
    (("2. ĐỔI MỚI PHƯƠNG PHÁP LÃNH ĐẠO CỦA QUẬN ỦY", "Ưu điểm"), "phuong-phap-lanh-dao", GOOD): 5,
    (
        ("2. ĐỔI MỚI PHƯƠNG PHÁP LÃNH ĐẠO CỦA QUẬN ỦY", "Khuyết điểm"),
        "phuong-phap-lanh-dao",
        BAD,
    ): 1,
    (("3. ĐẠO ĐỨC LỐI SỐNG", "Ưu điểm"), "dao-duc-loi-song", GOOD): 3,
    (("3. ĐẠO ĐỨC LỐI SỐNG", "Khuyết điểm"), "dao-duc-loi-song", BAD): 1,
    (("3. ĐẠO ĐỨC LỐI SỐNG", "Khuyết điểm"), "chung", None): 1,  # the closing paragraph
}


def test_areas_and_assessments_as_a_person_reads_them(
    district_passages: tuple[Passage, ...],
) -> None:
    got = Counter(
        (passage.heading_path[-2:], passage.area, passage.assessment)
        for passage in district_passages
    )
    assert got == TABLE
    assert len(district_passages) == 34


def test_the_group_holds_its_three_areas_and_no_more(
    district_passages: tuple[Passage, ...],
) -> None:
    group = "Lãnh đạo xây dựng hệ thống chính trị"
    below = {
        passage.heading_path[2] for passage in district_passages if group in passage.heading_path
    }
    assert below == {
        "Xây dựng Đảng", "Xây dựng chính quyền", "Công tác vận động quần chúng và xây dựng tổ chức Mặt trận-đoàn thể",
    }  # fmt: skip
    assert all(
        passage.heading_path[:2] == (FIRST, group)
        for passage in district_passages
        if group in passage.heading_path
    )


def test_every_decision_by_a_heading_says_which(district_passages: tuple[Passage, ...]) -> None:
    named = [
        passage
        for passage in district_passages
        if len(passage.heading_path) > 1 and passage.area != "chung"
    ]
    assert len(named) == 30
    for passage in named:
        assert passage.area_decision.source == passage.assessment_decision.source == "heading"
        assert passage.area_decision.evidence[0] in passage.heading_path
        assert passage.assessment_decision.evidence == passage.heading_path[-1:]
