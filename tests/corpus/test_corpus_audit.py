"""What an audit of real documents found, as small documents of the same make."""

from __future__ import annotations

from tracuu.corpus import Block, Reader, Reading

LONG = "Cơ quan chủ trì tổ chức thực hiện, định kỳ hằng năm tổng hợp, gửi cơ quan có thẩm quyền xem xét."


def read(*texts: str) -> list[Reading]:
    return Reader().understand([Block(text, line=line) for line, text in enumerate(texts, 1)], id="r")


def paths(*texts: str) -> list[tuple[str, ...]]:
    return [passage.heading_path for reading in read(*texts) for passage in reading.passages]


def test_rules_are_neither_achievements_nor_shortcomings() -> None:
    texts = (
        "Điều 1. Trách nhiệm",
        "1. Phải bảo đảm hoàn thành, không được để chậm, thiếu sót trong mọi trường hợp.",
        LONG,
    )
    (rules,) = read("QUY CHẾ", "LÀM VIỆC CỦA CƠ QUAN", *texts)
    assert {passage.assessment for passage in rules.passages} == {None}
    (report,) = read(
        "BÁO CÁO", "NĂM 2020", "I. TÌNH HÌNH", "Công tác giải ngân còn chậm, thiếu quyết liệt, chưa đạt yêu cầu."
    )
    assert [passage.assessment for passage in report.passages] == ["shortcoming"]


def test_articles_stand_below_sections_though_a_report_began_with_articles() -> None:
    got = paths(
        "LUẬT", "TỔ CHỨC", "Chương I", "QUY ĐỊNH CHUNG", "Điều 1. Phạm vi", LONG, "Chương II", "NHIỆM VỤ",
        "Mục 1", "CẤP TỈNH", "Điều 2. Nhiệm vụ", LONG, "Mục 2", "CẤP XÃ", "Điều 3. Nhiệm vụ", LONG,
    )  # fmt: skip
    assert got == [
        ("Chương I QUY ĐỊNH CHUNG", "Điều 1. Phạm vi"),
        ("Chương II NHIỆM VỤ", "Mục 1 CẤP TỈNH", "Điều 2. Nhiệm vụ"),
        ("Chương II NHIỆM VỤ", "Mục 2 CẤP XÃ", "Điều 3. Nhiệm vụ"),
    ]


def test_a_numbered_paragraph_is_not_below_the_heading_of_the_number_before() -> None:
    got = paths(
        "BÁO CÁO", "NĂM 2020", "I. NHIỆM VỤ", "1. Trong lĩnh vực giáo dục:", "a) " + LONG, "b) " + LONG, "2. " + LONG, "3. " + LONG,
    )  # fmt: skip
    assert got == [("I. NHIỆM VỤ", "1. Trong lĩnh vực giáo dục")] * 2 + [("I. NHIỆM VỤ",)] * 2


def test_a_list_that_numbers_anew_stays_below_its_heading() -> None:
    got = paths(
        "BÁO CÁO",
        "NĂM 2020",
        "1. Công tác giáo dục",
        "Gồm các việc sau đây, làm xong trong năm học này và năm học tới.",
        "1. " + LONG,
        "2. " + LONG,
    )
    assert got == [("1. Công tác giáo dục",)] * 3


def test_who_decided_gives_a_title_no_area() -> None:
    (reading,) = read(
        "ĐIỀU LỆ", "LIÊN ĐOÀN CẦU LÔNG", "(Kèm theo Quyết định số 12/QĐ-UBND của Chủ tịch Ủy ban nhân dân tỉnh)",
        "Điều 1. Tên gọi", "Tên gọi đầy đủ được ghi trong con dấu của liên đoàn theo mẫu kèm theo đây.",
    )  # fmt: skip
    assert [passage.area for passage in reading.passages] == ["chung"]


def test_labels_of_a_form_are_no_headings() -> None:
    form = ("Họ và tên", "Nguyên quán tại xã nào, huyện nào, tỉnh nào, ghi đầy đủ theo giấy khai sinh của người khai.")
    assert paths("BÁO CÁO", "NĂM 2020", "I. DANH SÁCH", *form * 3) == [("I. DANH SÁCH",)] * 6


def test_a_cause_is_the_cause_of_what_was_told_before_it() -> None:
    (reading,) = read(
        "BÁO CÁO", "NĂM 2020", "I. Kinh tế", "1. Hạn chế", "Giải ngân còn chậm so với kế hoạch.", "2. Nguyên nhân", "Thủ tục đất đai kéo dài.",
        "II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", "1. Nguyên nhân", "Cán bộ thiếu, việc nhiều.",
    )  # fmt: skip
    assert [(passage.assessment, passage.cause_of) for passage in reading.passages] == [
        ("shortcoming", None), ("cause", "shortcoming"), ("cause", "shortcoming"),
    ]  # fmt: skip
