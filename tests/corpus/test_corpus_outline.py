"""Headings and the tree they form, document by document."""

from __future__ import annotations

from collections.abc import Callable

from tracuu.corpus import Block, Reader, Reading

Paths = Callable[..., list[tuple[str, ...]]]
Understand = Callable[..., Reading]

BODY = "Thu ngân sách năm 2010 đạt 112 tỷ đồng, bằng 109% dự toán được giao, các khoản chi đều đúng Luật."


def test_plain_headings_form_a_tree(paths: Paths) -> None:
    got = paths(
        "1. SỰ LÃNH ĐẠO CỦA BAN CHẤP HÀNH",
        "Lãnh đạo phát triển kinh tế", "Mặt được", "…", "Mặt tồn tại", "…",
        "Lãnh đạo xây dựng hệ thống chính trị",
        "Xây dựng Đảng", "Mặt được", "…", "Mặt tồn tại", "…",
        "Xây dựng chính quyền", "Mặt được", "…", "Mặt tồn tại", "…",
        "Công tác vận động quần chúng và xây dựng tổ chức Mặt trận-đoàn thể", "Mặt được", "…", "Mặt tồn tại", "…",
        "2. ĐẠO ĐỨC LỐI SỐNG", "Ưu điểm", "…", "Khuyết điểm", "…",
    )  # fmt: skip
    top, group = "1. SỰ LÃNH ĐẠO CỦA BAN CHẤP HÀNH", "Lãnh đạo xây dựng hệ thống chính trị"
    masses = "Công tác vận động quần chúng và xây dựng tổ chức Mặt trận-đoàn thể"
    assert got == [
        (top, "Lãnh đạo phát triển kinh tế", "Mặt được"),
        (top, "Lãnh đạo phát triển kinh tế", "Mặt tồn tại"),
        *[
            (top, group, area, verdict)
            for area in ("Xây dựng Đảng", "Xây dựng chính quyền", masses)
            for verdict in ("Mặt được", "Mặt tồn tại")
        ],
        ("2. ĐẠO ĐỨC LỐI SỐNG", "Ưu điểm"),
        ("2. ĐẠO ĐỨC LỐI SỐNG", "Khuyết điểm"),
    ]


def test_an_area_after_the_group_is_no_part_of_it(paths: Paths) -> None:
    got = paths(
        "Lãnh đạo xây dựng hệ thống chính trị", "Xây dựng Đảng", "Mặt được", "…",
        "Lãnh đạo quốc phòng, an ninh", "Mặt được", "…",
    )  # fmt: skip
    assert got[1] == ("Lãnh đạo quốc phòng, an ninh", "Mặt được")


def test_numbered_headings(paths: Paths) -> None:
    got = paths(
        "I. KẾT QUẢ LÃNH ĐẠO", "1. Về kinh tế", "1.1. Nông nghiệp", "a) Ưu điểm", "…", "b) Khuyết điểm", "…",
        "1.2. Công nghiệp", "…", "2. Về văn hóa", "…", "II. PHƯƠNG HƯỚNG", "1. Mục tiêu", "…",
    )  # fmt: skip
    assert got == [
        ("I. KẾT QUẢ LÃNH ĐẠO", "1. Về kinh tế", "1.1. Nông nghiệp", "a) Ưu điểm"),
        ("I. KẾT QUẢ LÃNH ĐẠO", "1. Về kinh tế", "1.1. Nông nghiệp", "b) Khuyết điểm"),
        ("I. KẾT QUẢ LÃNH ĐẠO", "1. Về kinh tế", "1.2. Công nghiệp"),
        ("I. KẾT QUẢ LÃNH ĐẠO", "2. Về văn hóa"),
        ("II. PHƯƠNG HƯỚNG", "1. Mục tiêu"),
    ]


def test_steps_stand_below_numbers_and_hold_numbers_where_they_come_first(paths: Paths) -> None:
    got = paths(
        "HƯỚNG DẪN", "Về lấy ý kiến nhân dân", "1. Mục đích", "…", "2. Các bước", "Bước 1. Chuẩn bị hồ sơ", "…",
        "Bước 2: Họp dân", "…", "3. Kinh phí", "…",
    )  # fmt: skip
    assert got == [
        ("1. Mục đích",),
        ("2. Các bước", "Bước 1. Chuẩn bị hồ sơ"),
        ("2. Các bước", "Bước 2: Họp dân"),
        ("3. Kinh phí",),
    ]
    got = paths("HƯỚNG DẪN", "Về lấy ý kiến nhân dân", "Bước 1. Chuẩn bị", "1. Hồ sơ", "…", "2. Nhân lực", "…",
                "Bước 2. Họp dân", "…")  # fmt: skip
    assert got == [
        ("Bước 1. Chuẩn bị", "1. Hồ sơ"),
        ("Bước 1. Chuẩn bị", "2. Nhân lực"),
        ("Bước 2. Họp dân",),
    ]


def test_letters_above_or_below_roman_numerals_as_the_report_nests_them(paths: Paths) -> None:
    outer = paths(
        "A. KẾT QUẢ",
        "I. Về kinh tế",
        "…",
        "II. Về văn hóa",
        "…",
        "B. HẠN CHẾ",
        "I. Về kinh tế",
        "…",
    )
    assert outer == [
        ("A. KẾT QUẢ", "I. Về kinh tế"),
        ("A. KẾT QUẢ", "II. Về văn hóa"),
        ("B. HẠN CHẾ", "I. Về kinh tế"),
    ]
    inner = paths(
        "I. KINH TẾ", "A. Kết quả", "…", "B. Hạn chế", "…", "II. VĂN HÓA", "A. Kết quả", "…"
    )
    assert inner == [
        ("I. KINH TẾ", "A. Kết quả"),
        ("I. KINH TẾ", "B. Hạn chế"),
        ("II. VĂN HÓA", "A. Kết quả"),
    ]


def test_a_part_and_its_title_on_the_next_line_are_one_heading(understand: Understand) -> None:
    reading = understand(
        "BÁO CÁO", "NĂM 2010", "PHẦN THỨ NHẤT", "KẾT QUẢ LÃNH ĐẠO", "A. KINH TẾ", "…",
        "PHẦN THỨ HAI", "PHƯƠNG HƯỚNG", "A. MỤC TIÊU", "…",
    )  # fmt: skip
    assert [passage.heading_path for passage in reading.passages] == [
        ("PHẦN THỨ NHẤT KẾT QUẢ LÃNH ĐẠO", "A. KINH TẾ"),
        ("PHẦN THỨ HAI PHƯƠNG HƯỚNG", "A. MỤC TIÊU"),
    ]
    assert [element.text for element in reading.elements if element.role == "heading"].count(
        "KẾT QUẢ LÃNH ĐẠO"
    ) == 0


def test_achievements_of_all_areas_first_then_shortcomings(understand: Understand) -> None:
    areas = ("Phát triển kinh tế", "Chăm lo đời sống văn hóa, xã hội", "Công tác xây dựng Đảng")
    body = [line for area in areas for line in (area, "…")]
    reading = understand(
        "BÁO CÁO", "NĂM 2010", "NHỮNG VIỆC LÀM ĐƯỢC", *body, "NHỮNG MẶT YẾU KÉM, KHUYẾT ĐIỂM", *body
    )
    wanted = ("kinh-te", "van-hoa-xa-hoi", "xay-dung-dang")
    assert [
        (passage.heading_path, passage.area, passage.assessment) for passage in reading.passages
    ] == [
        *[
            (("NHỮNG VIỆC LÀM ĐƯỢC", area), name, "achievement")
            for area, name in zip(areas, wanted, strict=True)
        ],
        *[
            (("NHỮNG MẶT YẾU KÉM, KHUYẾT ĐIỂM", area), name, "shortcoming")
            for area, name in zip(areas, wanted, strict=True)
        ],
    ]


def test_headings_that_run_into_their_paragraph(understand: Understand) -> None:
    farm = "Về nông nghiệp: Diện tích trồng lúa giữ ổn định, sản lượng đạt 4.200 tấn một năm."
    school = "Về giáo dục: Tỷ lệ học sinh tốt nghiệp đạt 98%, hai trường được xây mới hoàn toàn."
    reading = understand("BÁO CÁO", "NĂM 2010", "I. KẾT QUẢ", farm, school)
    first, second = reading.passages
    assert (first.heading_path, first.text) == (("I. KẾT QUẢ",), farm)  # the paragraph stays whole
    assert (second.heading_path, second.text) == (("I. KẾT QUẢ",), school)
    assert (first.area, second.area) == ("kinh-te", "van-hoa-xa-hoi")
    assert first.area_decision.evidence[0] == "Về nông nghiệp"


def test_a_heading_that_runs_in_is_one_of_what_stands_below_it(understand: Understand) -> None:
    farm = "1. Về nông nghiệp: Diện tích trồng lúa giữ ổn định, sản lượng đạt 4.200 tấn một năm."
    reading = understand("BÁO CÁO", "NĂM 2010", "I. KẾT QUẢ", farm, "- Đàn bò tăng 12%.", "II. …")
    first, second, _ = reading.passages
    assert first.heading_path == second.heading_path == ("I. KẾT QUẢ", "1. Về nông nghiệp")
    assert first.text == farm.partition(": ")[2]


def test_a_heading_that_runs_in_covers_its_own_paragraph_only(paths: Paths) -> None:
    got = paths(
        "I. KẾT QUẢ",
        "Về kinh tế: " + BODY,
        "Các chi bộ sinh hoạt đều, kết nạp 12 đảng viên mới trong năm qua.",
    )
    assert got == [("I. KẾT QUẢ",), ("I. KẾT QUẢ",)]


def test_articles(understand: Understand) -> None:
    sentence = "Ủy ban nhân dân xã bố trí đủ công chức địa chính trong quý I, niêm yết công khai quy trình."
    reading = understand(
        "NGHỊ QUYẾT", "Về nhiệm vụ năm 2025", "Căn cứ Luật Ngân sách nhà nước;", "QUYẾT NGHỊ:",
        "Điều 1. Đánh giá kết quả năm 2024", "1. Những kết quả nổi bật", f"a) {BODY}", f"b) {BODY}",
        f"Điều 2. {sentence}", "Điều 3. Tổ chức thực hiện", BODY,
    )  # fmt: skip
    assert [(passage.heading_path, passage.text) for passage in reading.passages] == [
        ((), "Căn cứ Luật Ngân sách nhà nước;"),
        (("Điều 1. Đánh giá kết quả năm 2024", "1. Những kết quả nổi bật"), f"a) {BODY}"),
        (("Điều 1. Đánh giá kết quả năm 2024", "1. Những kết quả nổi bật"), f"b) {BODY}"),
        (("Điều 2.",), sentence),
        (("Điều 3. Tổ chức thực hiện",), BODY),
    ]


def test_headings_that_are_sentences(paths: Paths) -> None:
    first = "1. Kinh tế tiếp tục tăng trưởng khá, cơ cấu chuyển dịch đúng hướng"
    second = "2. Đời sống văn hóa của nhân dân được nâng lên rõ rệt"
    assert paths(first, "…", second, "…") == [(first,), (second,)]


def test_numbered_sentences_are_passages(paths: Paths) -> None:
    got = paths("I. PHƯƠNG HƯỚNG", f"1. {BODY}", f"2. {BODY}", f"3. {BODY}")
    assert got == [("I. PHƯƠNG HƯỚNG",)] * 3


def test_a_list_of_short_lines_is_no_heading(understand: Understand) -> None:
    crops = ("Lúa gạo", "Cà phê", "Hồ tiêu", "Cao su")
    reading = understand("BÁO CÁO", "NĂM 2010", "I. KINH TẾ", "Các sản phẩm chủ lực", *crops, "…")
    texts = [passage.text for passage in reading.passages]
    assert texts == ["Các sản phẩm chủ lực; Lúa gạo; Cà phê; Hồ tiêu; Cao su", BODY]
    assert {passage.heading_path for passage in reading.passages} == {("I. KINH TẾ",)}


def test_items_of_a_list_are_no_headings(understand: Understand) -> None:
    items = [
        "- Thu ngân sách đạt 112% dự toán;",
        "- Chi ngân sách đúng Luật;",
        "- Nợ thuế giảm 3%.",
    ]
    reading = understand("BÁO CÁO", "NĂM 2010", "1. Kinh tế, ngân sách", *items)
    assert [(passage.text, passage.kind) for passage in reading.passages] == [
        (item, "list-item") for item in items
    ]


def test_the_closing_paragraph_speaks_of_no_area(understand: Understand) -> None:
    reading = understand(
        "BÁO CÁO", "NĂM 2010", "1. KINH TẾ", "Ưu điểm", "…", "Khuyết điểm", "…",
        "Trên đây là báo cáo kiểm điểm của Ban Chấp hành, kính trình Đại hội xem xét.",
    )  # fmt: skip
    last = reading.passages[-1]
    assert (last.area, last.assessment) == ("chung", None)
    assert [passage.assessment for passage in reading.passages[:-1]] == [
        "achievement",
        "shortcoming",
    ]


def test_levels_that_the_format_gives_are_kept(reader: Reader) -> None:
    blocks = [
        Block("Báo cáo năm 2010", level=1),
        Block("Tình hình chung của xã", level=2), Block(BODY),
        Block("Cây lúa", level=3), Block(BODY),
        Block("Việc học", level=2), Block(BODY),
    ]  # fmt: skip
    (reading,) = reader.parse(blocks, id="r")
    assert [passage.heading_path[-2:] for passage in reading.passages] == [
        ("Tình hình chung của xã",), ("Tình hình chung của xã", "Cây lúa"), ("Việc học",),
    ]  # fmt: skip


def test_a_question_below_the_title_is_a_heading() -> None:
    blocks = [
        Block("TÀI LIỆU HỎI ĐÁP", bold=True, centred=True),
        Block("Câu 1. Ai được vay vốn làm nhà?", bold=True),
        Block(BODY),
    ]
    reading = Reader().parse(blocks, id="x")[0]
    assert reading.report.title == "TÀI LIỆU HỎI ĐÁP"
    assert reading.passages[0].heading_path == ("Câu 1. Ai được vay vốn làm nhà?",)


def test_letters_with_a_dash_number_headings() -> None:
    blocks = [
        Block("1- Sản xuất", bold=True),
        Block("a- Ưu điểm:"), Block(BODY),
        Block("b - Khuyết điểm:"), Block("Đường vào bản còn lầy lội suốt mùa mưa, xe không đi được."),
    ]  # fmt: skip
    passages = Reader().parse(blocks, id="x")[0].passages
    assert [p.heading_path[1:] for p in passages] == [("a- Ưu điểm",), ("b - Khuyết điểm",)]
    assert [p.assessment for p in passages] == ["achievement", "shortcoming"]


def test_who_presents_a_report_is_no_heading() -> None:
    blocks = [
        Block("THAM LUẬN", bold=True, centred=True),
        Block("Kính thưa Đại hội! Được phép của Đoàn Chủ tịch, tôi xin trình bày bản tham luận."),
        Block("Đơn vị thực hiện: Hội Nông dân xã Cà Nàng", bold=True),
        Block(BODY),
    ]
    assert Reader().parse(blocks, id="x")[0].passages[-1].heading_path == ()


def test_a_summary_set_as_a_heading_is_a_paragraph() -> None:
    summary = (
        "Sáng 14/8, tại nhà văn hóa bản Nà Lúa, Đảng ủy xã tổ chức hội nghị sơ kết ba năm thực hiện "
        "nghị quyết về giảm nghèo, với sự có mặt của hơn một trăm đại biểu."
    )
    blocks = [Block("Tin trong huyện", level=1), Block(summary, level=2),
              Block("Cây lúa", level=3), Block(BODY)]  # fmt: skip
    passages = Reader().parse(blocks, id="x")[0].passages
    assert [p.text for p in passages] == [summary, BODY]
    assert passages[1].heading_path == ("Cây lúa",)


def test_a_table_row_is_a_passage_whatever_it_says(reader: Reader) -> None:
    blocks = [
        Block("BÁO CÁO"),
        Block("I. KINH TẾ"),
        Block("ƯU ĐIỂM", kind="table-row"),
        Block(BODY),
    ]
    (reading,) = reader.parse(blocks, id="r")
    assert [(passage.text, passage.kind) for passage in reading.passages] == [
        ("ƯU ĐIỂM", "table-row"), (BODY, "paragraph"),
    ]  # fmt: skip


def test_capitals_without_numbers_after_an_opening_one_stand_beside_it(paths: Paths) -> None:
    assert paths(
        "ĐẶC ĐIỂM TÌNH HÌNH", "…", "CÔNG TÁC TUYÊN TRUYỀN", "…", "PHÁT TRIỂN KINH TẾ", "…"
    ) == [
        ("ĐẶC ĐIỂM TÌNH HÌNH",),
        ("CÔNG TÁC TUYÊN TRUYỀN",),
        ("PHÁT TRIỂN KINH TẾ",),
    ]


def test_shortcomings_after_several_areas_are_of_all_of_them(paths: Paths) -> None:
    areas = ("CÔNG TÁC TUYÊN TRUYỀN", "…", "PHÁT TRIỂN KINH TẾ", "…", "QUỐC PHÒNG, AN NINH", "…")
    assert paths("…", *areas, "TỒN TẠI, HẠN CHẾ", "…")[4:] == [("TỒN TẠI, HẠN CHẾ",)]


def test_shortcomings_after_one_area_or_below_each_are_of_that_area(paths: Paths) -> None:
    one, two = (
        ("PHÁT TRIỂN KINH TẾ", "…", "TỒN TẠI, HẠN CHẾ", "…"),
        ("QUỐC PHÒNG, AN NINH", "…", "HẠN CHẾ", "…"),
    )
    assert paths("…", *one, *two)[2::2] == [
        ("PHÁT TRIỂN KINH TẾ", "TỒN TẠI, HẠN CHẾ"),
        ("QUỐC PHÒNG, AN NINH", "HẠN CHẾ"),
    ]


def test_a_number_right_above_the_numbers_within_it_is_a_heading(reader: Reader) -> None:
    lines = [
        "I. VIỆC TRỒNG RỪNG",
        "1. Việc giao đất cho các hộ ở ven suối và những hộ mới dời từ khu sạt lở lên theo lời hẹn của xã:",
        "1.1. Các hộ nhận đất tại thực địa, cắm mốc bằng cọc gỗ lim, ký vào sổ của thôn trước mùa mưa.",
        "1.2. Hộ vắng mặt cử người nhà nhận thay, quá hai tháng thì thôn giao cho hộ khác trông nom.",
        "2. Việc ươm cây",
        "2.1. Về chọn giống.",
        "Giống keo lấy từ rừng đã được chọn của lâm trường, mỗi lô có giấy và người giao ký tên.",
    ]
    paths = [p.heading_path for p in reader.parse([Block(t) for t in lines], id="r")[0].passages]
    assert paths == [
        (lines[0], lines[1].rstrip(":")),
        (lines[0], lines[1].rstrip(":")),
        (lines[0], lines[4], lines[5]),
    ]
