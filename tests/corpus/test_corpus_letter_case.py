from __future__ import annotations

import pytest

from tracuu.corpus.letter_case import readable


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "BÁO CÁO CỦA BAN CHẤP HÀNH ĐẢNG BỘ QUẬN BẠCH HẠC KHÓA VI",
            "Báo cáo của Ban Chấp hành Đảng bộ quận Bạch Hạc khóa VI",
        ),
        ("III. VỀ PHÁT TRIỂN KINH TẾ - XÃ HỘI", "III. Về phát triển kinh tế - xã hội"),
        ("BÁO CÁO Chính trị của xã", "Báo cáo Chính trị của xã"),
        ("CÔNG TÁC CỦA UBND XÃ MỸ HÒA, 15-CT/HU", "Công tác của UBND xã Mỹ Hòa, 15-CT/HU"),
        ("VĂN BẢN CỦA CÁC XÃ, CẤP XÃ ĐẠT 5 TỶ", "Văn bản của các xã, cấp xã đạt 5 tỷ"),
        ("Về công tác năm 2020 của UBND", "Về công tác năm 2020 của UBND"),
        ("THÀNH UỶ LỘC HẢI TRUNG", "Thành uỷ Lộc Hải Trung"),
        ("A. NHỮNG KẾT QUẢ ĐẠT ĐƯỢC", "A. Những kết quả đạt được"),
        ("HĐND THỊ TRẤN LỘC VIÊN", "HĐND thị trấn Lộc Viên"),
        ("XÃ VIÊN VÀ QUẬN ỦY VIÊN", "Xã viên và Quận ủy viên"),
        ("SỞ XÂY DỰNG HẢI PHÒNG", "Sở xây dựng Hải Phòng"),
        ("LIÊN ĐOÀN LAO ĐỘNG TỈNH BẮC NINH", "Liên đoàn Lao động tỉnh Bắc Ninh"),
        ("", ""),
    ],
)
def test_capitals_become_a_sentence_and_names_stay(written, read):
    assert readable(written) == read


@pytest.mark.parametrize(
    "text", ["SỰ NGHIỆP İSTANBUL ß", "NGHỊ QUYẾT\u0301 Đ\u1ea0I HỘI", "A" * 500]
)
def test_no_letter_moves(text):
    assert len(readable(text)) == len(text)
