"""Lines that are no paragraphs: forms, signatures within the text, examples, addresses, labels."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracuu.corpus import Block, Reader, Reading

Understand = Callable[..., Reading]
TITLE = ("BÁO CÁO", "NĂM 2010")
LONG = "Các thôn đã đắp lại bờ kênh và trồng thêm hai hàng dừa nước theo đúng kế hoạch của xã."


def texts(reading: Reading) -> list[str]:
    return [passage.text for passage in reading.passages]


def test_the_places_to_sign_within_a_text_are_one_passage(understand: Understand) -> None:
    reading = understand(
        *TITLE, "I. MẪU BIÊN BẢN", LONG, "T/M TỔ KIỂM PHIẾU", "TỔ TRƯỞNG", "(chữ ký)", "Họ và tên",
        LONG, "II. MẪU KHÁC", LONG,
    )  # fmt: skip
    assert texts(reading) == [LONG, "T/M TỔ KIỂM PHIẾU; TỔ TRƯỞNG; (chữ ký); Họ và tên", LONG, LONG]
    assert [p.heading_path[-1][:2] for p in reading.passages] == ["I.", "I.", "I.", "II"]


def test_the_lines_of_a_form_are_one_passage(understand: Understand) -> None:
    lines = ("Lớp: ……………………", "Sĩ số: …………………", "1 …………………", "2 …………………")
    assert texts(understand(*TITLE, "I. MẪU SỔ", *lines, LONG)) == ["; ".join(lines), LONG]


def test_an_example_and_its_few_words_are_one_passage(understand: Understand) -> None:
    got = texts(understand(
        *TITLE, "I. CÁCH GHI", LONG, "Ví dụ 1: Văn bản của chi bộ thôn Láng Sậy", "Láng Sậy,",
        "Ví dụ 2: Văn bản của xã Cồn Én", "Cồn Én,", LONG,
    ))  # fmt: skip
    assert got == [
        LONG, "Ví dụ 1: Văn bản của chi bộ thôn Láng Sậy; Láng Sậy,",
        "Ví dụ 2: Văn bản của xã Cồn Én; Cồn Én,", LONG,
    ]  # fmt: skip


def test_addresses_in_a_row_are_one_passage(understand: Understand) -> None:
    got = texts(understand(
        "THAM LUẬN", "Tại Đại hội", "Kính thưa các vị đại biểu!", "Kính thưa Đại hội!", LONG,
        "Kính thưa Đại hội!", LONG,
    ))  # fmt: skip
    assert got == [
        "Kính thưa các vị đại biểu! Kính thưa Đại hội!",
        LONG,
        f"Kính thưa Đại hội! {LONG}",
    ]


def test_an_address_within_a_speech_does_not_make_its_paragraph_an_opening(
    understand: Understand,
) -> None:
    reading = understand(
        "THAM LUẬN", "Tại Đại hội", LONG, "Kính thưa Đại hội!",
        "Trong những năm qua Hội Phụ nữ xã vận động hội viên trồng được bốn nghìn cây dừa nước.",
        "Cuối cùng, kính chúc Đại hội thành công tốt đẹp.", "Xin trân trọng cảm ơn!",
    )  # fmt: skip
    _, speech, farewell = reading.passages
    assert speech.text.startswith("Kính thưa Đại hội! Trong những năm qua")
    assert speech.area == "dan-van"
    assert farewell.text.endswith("thành công tốt đẹp. Xin trân trọng cảm ơn!")


def test_short_items_of_a_list_are_one_passage(understand: Understand) -> None:
    reading = understand(
        *TITLE, "I. TỔ CHỨC", "1. Ban Giám đốc.", "2. Ban Kiểm soát.", "3. Hội đồng quản lý.", LONG,
        "Chi bộ: CB", "Đảng bộ: ĐB", LONG, "- Tiền thuê đất;", f"- {LONG}", "Hồ sơ gồm:", f"- {LONG}",
    )  # fmt: skip
    assert texts(reading) == [
        "1. Ban Giám đốc. 2. Ban Kiểm soát. 3. Hội đồng quản lý.",
        LONG,
        "Chi bộ: CB; Đảng bộ: ĐB",
        LONG,
        "- Tiền thuê đất;",
        f"- {LONG}",
        f"Hồ sơ gồm: - {LONG}",
    ]


def test_a_question_of_a_form_does_not_swallow_the_next(understand: Understand) -> None:
    items = (
        "1. Họ và tên người được giới thiệu ứng cử:",
        "2. Nhận xét:",
        "3. Ý kiến của cử tri thôn:",
    )
    assert texts(understand(*TITLE, "I. MẪU", LONG, *items, "…"))[1:3] == list(items[:2])


def test_the_names_that_an_example_shows_are_no_headings(understand: Understand) -> None:
    reading = understand(
        *TITLE, "1.1. Cách ghi", LONG, "Ví dụ 1: Văn bản của xã", "ĐẢNG ỦY XÃ CỒN ÉN",
        "BAN TỔ CHỨC", "Ví dụ:", "BÁO CÁO", "1.2. Cách trình bày", LONG,
    )  # fmt: skip
    assert [(p.text, p.heading_path[-1]) for p in reading.passages] == [
        (LONG, "1.1. Cách ghi"),
        ("Ví dụ 1: Văn bản của xã; ĐẢNG ỦY XÃ CỒN ÉN; BAN TỔ CHỨC", "1.1. Cách ghi"),
        ("Ví dụ: BÁO CÁO", "1.1. Cách ghi"),
        (LONG, "1.2. Cách trình bày"),
    ]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (("Ví dụ:", LONG), [f"Ví dụ: {LONG}"]),
        ((LONG, "Trọng tâm:", "a) Đắp bờ;", "b) Trồng dừa;"), [f"{LONG} Trọng tâm:", "a) Đắp bờ;", "b) Trồng dừa;"]),
    ],
)  # fmt: skip
def test_a_few_words_with_a_colon_join_a_paragraph(
    understand: Understand, lines: tuple[str, ...], wanted: list[str]
) -> None:
    assert texts(understand(*TITLE, "I. VIỆC CHUNG", *lines)) == wanted


def test_a_longer_line_and_a_sentence_are_passages_of_their_own(understand: Understand) -> None:
    lines = ["Đã xong phần đắp bờ.", "Chưa xong phần trồng dừa.", "Hẹn cuối quý sau."]
    assert texts(understand(*TITLE, "I. VIỆC CHUNG", *lines)) == lines
    tasks = ["Đắp xong hai bờ kênh Bàu Sen", "Trồng thêm 200 cây dừa nước", "Sửa cầu tre thôn Hạ"]
    assert texts(understand(*TITLE, "I. VIỆC CHUNG", *tasks)) == tasks


def test_the_names_of_columns_are_no_headings(understand: Understand) -> None:
    reading = understand(*TITLE, "I. SỔ THEO DÕI", "Stt", "Họ và tên", "Lý do", "Ghi chú", LONG)
    assert texts(reading) == ["Stt; Họ và tên; Lý do; Ghi chú", LONG]
    assert {p.heading_path for p in reading.passages} == {("I. SỔ THEO DÕI",)}


def test_a_number_closes_headings_that_came_after_the_number_before(
    understand: Understand,
) -> None:
    reading = understand(
        "NGHỊ QUYẾT", "ĐẠI HỘI LẦN THỨ NĂM",
        f"I. Tán thành báo cáo của Ban Chấp hành về công tác nhiệm kỳ qua; {LONG} {LONG} {LONG}",
        "Đại hội chỉ ra những hạn chế sau:", "- Việc đắp bờ còn chậm.", "- Sổ sách còn thiếu.",
        "II. Nhất trí với mục tiêu nhiệm kỳ tới", LONG,
    )  # fmt: skip
    *_, last = reading.passages
    assert last.heading_path == ("II. Nhất trí với mục tiêu nhiệm kỳ tới",)
    assert last.assessment != "shortcoming"


def test_numbers_that_continue_below_a_heading_stay_there(understand: Understand) -> None:
    reading = understand(
        *TITLE, "I. ĐÁNH GIÁ", "Ưu điểm:", f"1. {LONG}", f"2. {LONG}", "Khuyết điểm:", f"3. {LONG}",
        f"4. {LONG}",
    )  # fmt: skip
    assert [p.heading_path[-1] for p in reading.passages] == ["Ưu điểm"] * 2 + ["Khuyết điểm"] * 2


def test_who_speaks_is_no_heading(understand: Understand) -> None:
    reading = understand(
        "THAM LUẬN", "Tại Đại hội Hội Nông dân", "* Nội dung: Nuôi dê trên núi đá",
        "Đơn vị thực hiện: Hội Nông dân xã Mường Chà Pha", "Kính thưa Đại hội!", LONG,
    )  # fmt: skip
    assert all(not passage.heading_path for passage in reading.passages)


def test_an_address_ends_what_a_line_with_a_colon_announced(understand: Understand) -> None:
    reading = understand(
        "THAM LUẬN", "Tại Đại hội Hội Nông dân", LONG,
        "Bài học kinh nghiệm mà chúng tôi rút ra:", LONG, LONG, "Kính thưa Đại hội!", LONG,
    )  # fmt: skip
    assert [bool(p.heading_path) for p in reading.passages] == [False, True, True, False]


def test_the_body_s_name_in_capitals_below_the_text_signs_it(understand: Understand) -> None:
    reading = understand(
        "ĐẠI HỘI HỘI NÔNG DÂN XÃ LÁNG SẬY", "LẦN THỨ IX, NHIỆM KỲ 2025 - 2030", "NGHỊ QUYẾT",
        "Đại hội lần thứ IX", LONG, LONG, LONG, LONG,
        "ĐẠI HỘI HỘI NÔNG DÂN XÃ LÁNG SẬY LẦN THỨ IX,", "NHIỆM KỲ 2025 - 2030",
    )  # fmt: skip
    assert texts(reading) == [LONG] * 4


def test_the_body_s_name_above_an_annex_signs_the_text(understand: Understand) -> None:
    reading = understand(
        "KẾ HOẠCH", "Thu gom rác", "I. MỤC ĐÍCH", LONG, "ỦY BAN NHÂN DÂN XÃ CỒN ÉN",
        "PHỤ LỤC DANH SÁCH CÁC THÔN", LONG,
    )  # fmt: skip
    assert texts(reading) == [LONG, LONG]


def test_text_below_a_signature_on_a_printed_page_is_not_lost(reader: Reader) -> None:
    lines = ["BÁO CÁO", "NĂM 2010", LONG, LONG, LONG, "TM. BAN CHẤP HÀNH", "BÍ THƯ", "Lò Văn Ún"]
    below = f"{LONG[:-1]}, sau đó trình Hội đồng nhân dân xem xét tại kỳ họp cuối năm theo luật."
    blocks = [Block(text, page=1) for text in lines] + [Block(below, page=2)]
    (reading,) = reader.parse(blocks, id="r")
    assert texts(reading) == [LONG, LONG, LONG, below]


def test_the_labels_of_a_chart_are_one_passage_apart_from_its_caption(
    understand: Understand,
) -> None:
    years = ("Năm 2021", "Năm 2022", "Năm 2023")
    caption = "Biểu đồ 1: Số cây dừa nước trồng mới qua các năm của toàn xã"
    got = texts(understand(*TITLE, "I. KẾT QUẢ", LONG, *years, caption, LONG))
    assert got == [LONG, "; ".join(years), caption, LONG]
