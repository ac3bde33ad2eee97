"""What an audit of real documents found, as small documents of the same make."""

from __future__ import annotations

from tracuu.corpus import Block, Reader, Reading

LONG = "Cơ quan chủ trì tổ chức thực hiện, định kỳ hằng năm tổng hợp, gửi cơ quan có thẩm quyền xem xét."


def read(*texts: str) -> list[Reading]:
    return Reader().parse([Block(text, line=line) for line, text in enumerate(texts, 1)], id="r")


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
        "BÁO CÁO",
        "NĂM 2020",
        "I. TÌNH HÌNH",
        "Công tác giải ngân còn chậm, thiếu quyết liệt, chưa đạt yêu cầu.",
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
    assert [passage.area for passage in reading.passages] == ["dan-van"]  # not chinh-quyen


def test_labels_of_a_form_are_no_headings() -> None:
    form = ("Họ và tên", "Viết bằng chữ in hoa, có dấu.")
    assert paths("BÁO CÁO", "NĂM 2020", "I. DANH SÁCH", *form * 3) == [("I. DANH SÁCH",)] * 6


def test_a_cause_is_the_cause_of_what_was_told_before_it() -> None:
    (reading,) = read(
        "BÁO CÁO", "NĂM 2020", "I. Kinh tế", "1. Hạn chế", "Giải ngân còn chậm so với kế hoạch.", "2. Nguyên nhân", "Thủ tục đất đai kéo dài.",
        "II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", "1. Nguyên nhân", "Cán bộ thiếu, việc nhiều.",
    )  # fmt: skip
    assert [(passage.assessment, passage.cause_of) for passage in reading.passages] == [
        ("shortcoming", None), ("cause", "shortcoming"), ("cause", "shortcoming"),
    ]  # fmt: skip


def test_a_cause_looks_for_its_effect_below_the_same_heading() -> None:
    (reading,) = read(
        "BÁO CÁO", "NĂM 2020", "A. KẾT QUẢ", "Kinh tế tăng trưởng khá, vượt dự toán được giao.", "Hạn chế:", "Giải ngân còn chậm so với kế hoạch.",
        "Nguyên nhân:", "Thủ tục đất đai kéo dài, vướng mắc nhiều.",
        "B. ĐẢNG", "I. Nguyên nhân của những hạn chế, khuyết điểm", "1. Nguyên nhân khách quan", "Cán bộ thiếu, việc nhiều, địa bàn rộng.",
        "II. Nguyên nhân", "Kinh phí ít, phương tiện cũ, đường xa.",
    )  # fmt: skip
    assert [passage.cause_of for passage in reading.passages] == [
        None,
        None,
        "shortcoming",
        "shortcoming",
        None,
    ]


def test_what_is_to_be_done_stands_beside_the_areas() -> None:
    got = paths(
        "BÁO CÁO", "NĂM 2020", "I. TÌNH HÌNH", "Kinh tế", LONG, "Quốc phòng, an ninh", LONG, "Phương hướng năm 2021", LONG,
    )  # fmt: skip
    assert got == [
        ("I. TÌNH HÌNH", "Kinh tế"),
        ("I. TÌNH HÌNH", "Quốc phòng, an ninh"),
        ("I. TÌNH HÌNH", "Phương hướng năm 2021"),
    ]


def test_a_heading_that_recurs_in_every_section_is_one() -> None:
    section = ("Tình hình chung", LONG)
    got = paths("BÁO CÁO", "NĂM 2020", "I. MỘT", *section, "II. HAI", *section, "III. BA", *section)
    assert [path[-1] for path in got] == ["Tình hình chung"] * 3


def test_a_heading_may_end_with_a_period() -> None:
    long_heading = "1. Công tác quốc phòng, an ninh và trật tự an toàn xã hội trên địa bàn."
    assert paths("BÁO CÁO", "NĂM 2020", "I. KẾT QUẢ", long_heading, LONG) == [
        ("I. KẾT QUẢ", long_heading)
    ]


def test_a_notice_that_concludes_a_review_is_weighed() -> None:
    (reading,) = read(
        "THÔNG BÁO",
        "Kết luận về kiểm điểm tập thể Ban Thường vụ",
        "1. Tình hình",
        "Công tác giải ngân còn chậm, thiếu quyết liệt.",
    )
    assert [passage.assessment for passage in reading.passages] == ["shortcoming"]


def test_the_subject_of_a_title_stays() -> None:
    from tracuu.corpus.line_types import subject_of

    title = "Báo cáo số 15-BC/ĐU lãnh đạo của Đảng bộ phường trong công tác giáo dục (dự thảo)"
    assert "công tác giáo dục" in subject_of(title)
    assert "Đảng bộ" not in subject_of(title)
    assert "15-BC" not in subject_of(title)
