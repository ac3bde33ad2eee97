from __future__ import annotations

import pytest

from tracuu.corpus import Block
from tracuu.corpus.lines import lines_of
from tracuu.corpus.numbering import BULLETS, RANKS, find_marker, roman_value


@pytest.mark.parametrize(
    ("text", "kind", "ordinal", "rest"),
    [
        ("PHẦN THỨ NHẤT", "part", 1, ""),
        ("Phần thứ hai: Kết quả lãnh đạo", "part", 2, "Kết quả lãnh đạo"),
        ("PHẦN I. ĐÁNH GIÁ CHUNG", "part", 1, "ĐÁNH GIÁ CHUNG"),
        ("Phụ lục 1", "part", 1, ""),
        ("Chương II. Tổ chức bộ máy", "chapter", 2, "Tổ chức bộ máy"),
        ("Mục 3. Về cán bộ", "section", 3, "Về cán bộ"),
        ("Điều 5. Tổ chức thực hiện", "article", 5, "Tổ chức thực hiện"),
        ("Điều 12", "article", 12, ""),
        ("Bước 1. Rà soát", "step", 1, "Rà soát"),
        ("BƯỚC 2: LẤY PHIẾU", "step", 2, "LẤY PHIẾU"),
        ("Bước thứ ba: Công bố", "step", 3, "Công bố"),
        ("I. Kết quả", "roman", 1, "Kết quả"),
        ("II- Hạn chế", "roman", 2, "Hạn chế"),
        ("IV/ Phương hướng", "roman", 4, "Phương hướng"),
        ("V.", "roman", 5, ""),
        ("XIX. Kết luận", "roman", 19, "Kết luận"),
        ("A. Kết quả", "upper", 1, "Kết quả"),
        ("A - Kết quả", "upper", 1, "Kết quả"),
        ("Đ. Việc khác", "upper", 5, "Việc khác"),
        ("1. Về kinh tế", "number", 1, "Về kinh tế"),
        ("1/ Về kinh tế", "number", 1, "Về kinh tế"),
        ("2 - Về kinh tế", "number", 2, "Về kinh tế"),
        ("3) Về kinh tế", "number-paren", 3, "Về kinh tế"),
        ("1.1. Nông nghiệp", "decimal-2", 1, "Nông nghiệp"),
        ("1.12 Nông nghiệp", "decimal-2", 12, "Nông nghiệp"),
        ("2.1) Duy trì nghiêm", "decimal-2", 1, "Duy trì nghiêm"),
        ("1.2.3. Cây lúa", "decimal-3", 3, "Cây lúa"),
        ("1.2.3.4. Giống lúa", "decimal-4", 4, "Giống lúa"),
        ("a) Ưu điểm", "lower", 1, "Ưu điểm"),
        ("b. Khuyết điểm", "lower", 2, "Khuyết điểm"),
        ("c- Phương hướng", "lower", 3, "Phương hướng"),
        ("d) Thứ tư", "lower", 4, "Thứ tư"),
        ("đ) Thứ năm", "lower", 5, "Thứ năm"),
        ("e) Thứ sáu", "lower", 6, "Thứ sáu"),
        ("(1) Vì sao chậm?", "bracket", 1, "Vì sao chậm?"),
        ("(b) Việc sau", "bracket", 2, "Việc sau"),
        ("- Về nông nghiệp", "dash", 0, "Về nông nghiệp"),
        ("– Về nông nghiệp", "dash", 0, "Về nông nghiệp"),
        ("+ Mặt chưa được", "plus", 0, "Mặt chưa được"),
        ("* Mặt chưa được", "star", 0, "Mặt chưa được"),
        ("• Mặt chưa được", "bullet", 0, "Mặt chưa được"),
    ],
)
def test_a_marker_is_told_from_the_text_behind_it(
    text: str, kind: str, ordinal: int, rest: str
) -> None:
    marker = find_marker(text)
    assert marker is not None
    assert (marker.kind, marker.ordinal, marker.rest) == (kind, ordinal, rest)
    assert text.startswith(marker.text)
    assert text.endswith(marker.rest)


def test_the_table_above_has_every_kind() -> None:
    kinds = {
        "part",
        "chapter",
        "section",
        "article",
        "step",
        "roman",
        "upper",
        "number",
        "number-paren",
        "lower",
        "bracket",
    }
    kinds |= {"decimal-2", "decimal-3", "decimal-4", "decimal-5", *BULLETS}
    assert set(RANKS) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "4.590 tỷ đồng vốn đầu tư",
        "1.234.567 đồng",
        "3,5 triệu lượt khách",
        "21/9/2023 là ngày họp",
        "21/9/2023",
        "1/2000 là tỷ lệ bản đồ quy hoạch",
        "2020 là năm cuối nhiệm kỳ",
        "12 đồng chí được bầu",
        "Phần lớn cán bộ có tinh thần trách nhiệm",
        "Phần một số đồng chí chưa làm",
        "Mục tiêu chung",
        "Chương trình hành động",
        "Điều này cho thấy",
        "Điều 5 của Luật quy định",
        "MỘT SỐ KẾT QUẢ",
        "IIV. Không phải số La Mã",
        "CIC. Không phải số La Mã",
        "V.I. Lênin đã dạy",
        "C. Mác đã chỉ rõ",
        "***",
        "-----",
        "",
    ],
)
def test_what_only_looks_like_a_marker_is_none(text: str) -> None:
    assert find_marker(text) is None


def test_c_after_b_is_a_letter_but_c_after_xcix_a_numeral() -> None:
    def kinds(*texts: str) -> list[tuple[str, int]]:
        markers = [line.marker for line in lines_of([Block(text) for text in texts])]
        return [(marker.kind, marker.ordinal) for marker in markers if marker]

    assert kinds("A. Một", "B. Hai", "C. Ba", "D. Bốn") == [
        ("upper", 1),
        ("upper", 2),
        ("upper", 3),
        ("upper", 4),
    ]
    assert kinds("XCIX. Một", "C. Hai") == [("roman", 99), ("roman", 100)]
    assert kinds("IV. Bốn", "V. Năm", "VI. Sáu") == [("roman", 4), ("roman", 5), ("roman", 6)]


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("I", 1), ("IX", 9), ("XIV", 14), ("XL", 40), ("XCIX", 99), ("IIII", 0), ("IC", 0)],
)
def test_roman_numerals(numeral: str, value: int) -> None:
    assert roman_value(numeral) == value
