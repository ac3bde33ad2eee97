"""Tables of PDF files: a row is a passage with its column headings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tracuu.corpus import Reader
from tracuu.corpus.readers import Contents

pytest.importorskip("pypdfium2", reason="the extra pdf is not installed")
Read = Callable[..., Contents]
Build = Callable[..., bytes]
Rule = tuple[float, float, float, float]
XS = [60, 100, 330, 430, 540]
HEADER = ["TT", "Chỉ tiêu", "Kế hoạch", "Thực hiện"]


def texts(contents: Contents) -> list[str]:
    return [block.text for block in contents.blocks]


def grid(xs: Sequence[float], ys: Sequence[float]) -> list[Rule]:
    """The lines of a table with these edges."""
    return [(xs[0], y, xs[-1], y) for y in ys] + [(x, ys[0], x, ys[-1]) for x in xs]


def cells(
    rows: Sequence[Sequence[str]], ys: Sequence[float], xs: Sequence[float] = XS
) -> list[tuple[float, float, str]]:
    """The texts of ``rows`` in a grid; ``/`` breaks a line within a cell."""
    return [
        (xs[column] + 4, ys[row] - 14 - 14 * n, line)
        for row, row_cells in enumerate(rows)
        for column, text in enumerate(row_cells)
        for n, line in enumerate(text.split("/"))
        if line
    ]


def test_a_row_is_a_passage_with_its_headings(read: Read, pdf: Build) -> None:
    ys = [700, 680, 640, 600]
    rows = [HEADER, ["1", "Xây mới nhà văn hóa thôn/ở các bản vùng cao", "4 nhà", "3 nhà"],
            ["2", "Thu ngân sách", "20 tỷ/đồng", "24 tỷ đồng"]]  # fmt: skip
    after = [(60, 570, "Các chỉ tiêu còn lại đều đạt và vượt so với kế hoạch đề ra.")]
    data = pdf([[(60, 740, "**I. KẾT QUẢ"), *cells(rows, ys), *after]], rules=[grid(XS, ys)])
    found = read("a.pdf", data)
    assert texts(found) == [
        "I. KẾT QUẢ",
        "TT: 1; Chỉ tiêu: Xây mới nhà văn hóa thôn ở các bản vùng cao; Kế hoạch: 4 nhà; Thực hiện: 3 nhà",
        "TT: 2; Chỉ tiêu: Thu ngân sách; Kế hoạch: 20 tỷ đồng; Thực hiện: 24 tỷ đồng",
        after[0][2],
    ]
    assert [b.kind for b in found.blocks] == ["paragraph", "table-row", "table-row", "paragraph"]
    passages = Reader().parse(list(found.blocks), id="a")[0].passages
    assert [p.heading_path for p in passages] == [("I. KẾT QUẢ",)] * 3


def test_a_table_goes_on_over_pages(read: Read, pdf: Build) -> None:
    first, second = [200, 180, 160], [740, 720, 690]
    one = [HEADER, ["1", "Trồng rừng", "40 ha", "52 ha"]]
    two = [HEADER, ["2", "Kết nạp đảng viên", "6", "7"]]
    data = pdf([cells(one, first), cells(two, second)], rules=[grid(XS, first), grid(XS, second)])
    assert texts(read("a.pdf", data)) == [
        "TT: 1; Chỉ tiêu: Trồng rừng; Kế hoạch: 40 ha; Thực hiện: 52 ha",
        "TT: 2; Chỉ tiêu: Kết nạp đảng viên; Kế hoạch: 6; Thực hiện: 7",
    ]


def test_without_headings_said_again(read: Read, pdf: Build) -> None:
    first, second = [200, 180, 160], [740, 700, 680]
    one = [HEADER, ["1", "Sửa đường liên thôn", "3 km", "2 km"]]
    two = [["", "từ bến đò lên xóm Thượng", "", ""], ["2", "Lắp đèn đường", "30", "30"]]
    data = pdf([cells(one, first), cells(two, second)], rules=[grid(XS, first), grid(XS, second)])
    assert texts(read("a.pdf", data)) == [
        "TT: 1; Chỉ tiêu: Sửa đường liên thôn từ bến đò lên xóm Thượng; Kế hoạch: 3 km; Thực hiện: 2 km",
        "TT: 2; Chỉ tiêu: Lắp đèn đường; Kế hoạch: 30; Thực hiện: 30",
    ]


def test_a_table_goes_on_below_a_page_number_at_the_top(read: Read, pdf: Build) -> None:
    first, second = [200, 180, 160], [740, 720]
    one = [HEADER, ["1", "Trồng rừng", "40 ha", "52 ha"]]
    two = [["2", "Kết nạp đảng viên", "6", "7"]]
    pages = [
        [(300, 780, str(7 + n)), *cells(rows, ys)]
        for n, (rows, ys) in enumerate([(one, first), (two, second)])
    ]
    assert texts(read("a.pdf", pdf(pages, rules=[grid(XS, first), grid(XS, second)]))) == [
        "TT: 1; Chỉ tiêu: Trồng rừng; Kế hoạch: 40 ha; Thực hiện: 52 ha",
        "TT: 2; Chỉ tiêu: Kết nạp đảng viên; Kế hoạch: 6; Thực hiện: 7",
    ]


def test_a_row_cut_before_a_name_is_one_row(read: Read, pdf: Build) -> None:
    first, second = [300, 280, 260, 240], [740, 720, 700]
    one = [HEADER, ["1", "Trồng rừng", "40 ha", "52 ha"], ["2", "Sửa cầu ở xã Nà", "1", "1"]]
    two = [["", "Lúa và xã Pom Hán", "", ""], ["3", "Lắp đèn đường", "30", "30"]]
    data = pdf([cells(one, first), cells(two, second)], rules=[grid(XS, first), grid(XS, second)])
    assert texts(read("a.pdf", data))[1:] == [
        "TT: 2; Chỉ tiêu: Sửa cầu ở xã Nà Lúa và xã Pom Hán; Kế hoạch: 1; Thực hiện: 1",
        "TT: 3; Chỉ tiêu: Lắp đèn đường; Kế hoạch: 30; Thực hiện: 30",
    ]


def test_a_row_cut_before_a_number_of_its_words(read: Read, pdf: Build) -> None:
    first, second = [300, 280, 260, 240], [740, 720, 700]
    one = [HEADER, ["1", "Trồng rừng", "40 ha", "52 ha"], ["2", "Sửa đường đoạn", "1", "1"]]
    two = [["", "19", "", ""], ["3", "Lắp đèn đường", "30", "30"]]
    data = pdf([cells(one, first), cells(two, second)], rules=[grid(XS, first), grid(XS, second)])
    assert "Chỉ tiêu: Sửa đường đoạn 19;" in texts(read("a.pdf", data))[1]


def test_a_row_without_a_number_that_has_figures_is_a_row(read: Read, pdf: Build) -> None:
    first, second = [300, 280, 260, 240], [740, 720, 700]
    one = [HEADER, ["1", "Trồng rừng", "40 ha", "52 ha"], ["2", "Sửa cầu", "1", "1"]]
    two = [["", "Tổng cộng", "41", "53"], ["3", "Lắp đèn đường", "30", "30"]]
    data = pdf([cells(one, first), cells(two, second)], rules=[grid(XS, first), grid(XS, second)])
    assert "Chỉ tiêu: Tổng cộng; Kế hoạch: 41; Thực hiện: 53" in texts(read("a.pdf", data))


def test_a_row_of_words_alone_cut_by_the_page(read: Read, pdf: Build) -> None:
    xs, first, second = [60, 300, 540], [300, 280, 260], [740, 720, 700]
    one = [["Kiến nghị", "Kết quả"], ["Mở đường qua", "Xã đang lập dự toán"]]
    two = [["3 bản ở trên núi.", "và sẽ làm trong quý II."],
           ["Lắp cột phát sóng.", "Đã lắp."]]  # fmt: skip
    data = pdf([cells(one, first, xs), cells(two, second, xs)],
               rules=[grid(xs, first), grid(xs, second)])  # fmt: skip
    assert texts(read("a.pdf", data)) == [
        "Kiến nghị: Mở đường qua 3 bản ở trên núi.; "
        "Kết quả: Xã đang lập dự toán và sẽ làm trong quý II.",
        "Kiến nghị: Lắp cột phát sóng.; Kết quả: Đã lắp.",
    ]


def test_a_title_over_the_table_is_no_heading_of_its_columns(read: Read, pdf: Build) -> None:
    ys = [720, 700, 680, 660]
    rules = [r for r in grid(XS, ys) if r[0] != r[2]]
    rules += [(x, ys[0] if x in (XS[0], XS[-1]) else ys[1], x, ys[-1]) for x in XS]
    rows = [
        ["Biểu số 3. Chỉ tiêu năm 2031", "", "", ""],
        HEADER,
        ["1", "Số xã đạt chuẩn", "5", "4"],
    ]
    data = pdf([cells(rows, ys)], rules=[rules])
    assert texts(read("a.pdf", data)) == [
        "Biểu số 3. Chỉ tiêu năm 2031",
        "TT: 1; Chỉ tiêu: Số xã đạt chuẩn; Kế hoạch: 5; Thực hiện: 4",
    ]


def test_cells_that_span_rows_and_columns(read: Read, pdf: Build) -> None:
    xs, ys = [60, 240, 390, 540], [720, 700, 680, 660, 640]
    rules = [
        (60, 720, 540, 720), (240, 700, 540, 700), (60, 680, 540, 680), (240, 660, 540, 660), (60, 640, 540, 640),
        (60, 720, 60, 640), (240, 720, 240, 640), (390, 700, 390, 640), (540, 720, 540, 640),
    ]  # fmt: skip
    rows = [["Đơn vị", "Số hộ nghèo", ""], ["", "Năm 2030", "Năm 2031"],
            ["Xã Mường Lạn", "41", "35"], ["", "12", "9"]]  # fmt: skip
    found = texts(read("a.pdf", pdf([cells(rows, ys, xs)], rules=[rules])))
    assert found == [
        "Đơn vị: Xã Mường Lạn; Số hộ nghèo – Năm 2030: 41; Số hộ nghèo – Năm 2031: 35",
        "Đơn vị: Xã Mường Lạn; Số hộ nghèo – Năm 2030: 12; Số hộ nghèo – Năm 2031: 9",
    ]


def test_underlined_and_framed_text_is_no_table(read: Read, pdf: Build) -> None:
    text = "Trong năm đã sửa xong bốn nhà văn hóa thôn và hai điểm trường ở bản xa."
    rules = [(60, 698, 500, 698), *grid([50, 560], [720, 690])]
    found = read("a.pdf", pdf([[(60, 700, text)]], rules=[rules]))
    assert [(b.text, b.kind) for b in found.blocks] == [(text, "paragraph")]


def test_a_table_without_lines_has_the_columns_its_words_line_up_in(read: Read, pdf: Build) -> None:
    ys = [700, 680, 660, 626]
    rows = [["**TT", "**Khoản chi", "**Dự toán", "**Đã chi"], ["1", "Mua giống ngô lai", "120", "96"],
            ["2", "Thuê máy cày cho các hộ/neo đơn ở thôn Vại", "45", "45"], ["3", "Làm đất", "8", "0"]]  # fmt: skip
    before = [
        (
            60,
            740,
            "Trong năm hợp tác xã chi cho sản xuất bốn khoản lớn như bảng dưới đây, đúng tiến độ đề ra.",
        )
    ]
    after = [
        (
            60,
            570,
            "Các khoản chi đều có chứng từ, được ban kiểm soát của hợp tác xã xem xét từng tháng.",
        )
    ]
    found = read("a.pdf", pdf([[*before, *cells(rows, ys), *after]]))
    assert texts(found) == [
        before[0][2],
        "TT: 1; Khoản chi: Mua giống ngô lai; Dự toán: 120; Đã chi: 96",
        "TT: 2; Khoản chi: Thuê máy cày cho các hộ neo đơn ở thôn Vại; Dự toán: 45; Đã chi: 45",
        "TT: 3; Khoản chi: Làm đất; Dự toán: 8; Đã chi: 0",
        after[0][2],
    ]
    assert found.notes == ()


def test_a_heading_over_two_columns_without_lines(read: Read, pdf: Build) -> None:
    xs = [60, 240, 330, 430, 540]
    head = [
        (64, 690, "**Thôn"),
        (244, 690, "**Số hộ"),
        (400, 690, "**Trong đó xã"),
        (334, 676, "**Nghèo"),
        (434, 676, "**Khá"),
    ]
    rows = [
        ["Thôn Mít", "88", "5", "40"],
        ["Thôn Bưởi", "64", "2", "31"],
        ["Thôn Sấu", "71", "9", "20"],
    ]
    found = texts(read("a.pdf", pdf([[*head, *cells(rows, [670, 650, 630], xs)]])))
    assert found[0] == "Thôn: Thôn Mít; Số hộ: 88; Trong đó xã Nghèo: 5; Trong đó xã Khá: 40"
    assert len(found) == 3


def test_rules_between_rows_part_cells_set_in_the_middle(read: Read, pdf: Build) -> None:
    words = [(64, 700, "**Trường"), (184, 700, "**Việc còn thiếu"), (404, 700, "**Ai lo"),
             (64, 668, "Mầm non Sim"), (184, 675, "chưa có tường rào quanh"), (184, 661, "sân chơi của trẻ"), (404, 668, "xã"),
             (64, 633, "Tiểu học Lim"), (184, 640, "mái dột ba phòng học ở"), (184, 626, "điểm trường bản Lừ"), (404, 633, "huyện")]  # fmt: skip
    rules = [[(60, y, 540, y) for y in (715, 693, 654, 619)]]
    assert texts(read("a.pdf", pdf([words], rules=rules))) == [
        "Trường: Mầm non Sim; Việc còn thiếu: chưa có tường rào quanh sân chơi của trẻ; Ai lo: xã",
        "Trường: Tiểu học Lim; Việc còn thiếu: mái dột ba phòng học ở điểm trường bản Lừ; Ai lo: huyện",
    ]


def test_letterhead_and_signatures_beside_each_other_are_no_table(read: Read, pdf: Build) -> None:
    page = [(60, 760, "**HỘI LÀM VƯỜN"), (320, 760, "**CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            (60, 740, "Số: 12/BC-HLV"), (320, 740, "Độc lập - Tự do - Hạnh phúc"),
            (60, 600, "Hội đã mở ba lớp ghép cành cho hội viên ở các thôn vùng đồi, mỗi lớp mười lăm người."),
            (60, 300, "Nơi nhận:"), (320, 300, "**CHỦ TỊCH"), (60, 280, "- Hội cấp trên;"), (320, 280, "**Lê Văn Ổi")]  # fmt: skip
    assert not [b for b in read("a.pdf", pdf([page])).blocks if b.kind == "table-row"]


def test_labels_and_their_values_stay_on_one_line(read: Read, pdf: Build) -> None:
    words = [(60, 700, "Họ và tên:"), (240, 700, "Vàng Thị Dín"), (60, 680, "Chức vụ:"), (240, 680, "Chi hội trưởng"),
             (60, 660, "Quê quán:"), (240, 660, "xã Tả Gia Khâu")]  # fmt: skip
    assert texts(read("a.pdf", pdf([words]))) == [
        "Họ và tên: Vàng Thị Dín", "Chức vụ: Chi hội trưởng", "Quê quán: xã Tả Gia Khâu",
    ]  # fmt: skip


def test_columns_that_cannot_be_told_apart_are_noted(read: Read, pdf: Build) -> None:
    some = "bờ ao đã được kè lại bằng đá hộc ở phía đông"
    words = [(x, y, f"{start} {some}"[:n])
             for y, start in ((700, "Đoạn một"), (680, "Đoạn hai"), (660, "Đoạn ba"))
             for x, n in ((60, 22), (240, 30), (440, 18))]  # fmt: skip
    found = read("a.pdf", pdf([words]))
    assert [b.kind for b in found.blocks] == ["table-row"] * 3
    assert Reader().parse(list(found.blocks), id="a")[0].passages[0].heading_path == ()


def test_a_wrapped_heading_beside_headings_set_in_the_middle(read: Read, pdf: Build) -> None:
    words = [(264, 707, "**Số hộ ghi"), (64, 700, "**Bản"), (404, 700, "**Vì sao"), (264, 693, "**tên"),
             (404, 675, "suối cạn vào mùa"), (64, 668, "Pá Lau"), (264, 668, "31"), (404, 661, "gieo hạt"),
             (64, 640, "Huổi Sang"), (264, 640, "18"), (404, 640, "đường xa"),
             (404, 619, "chưa có máy bơm"), (64, 612, "Nà Tén"), (264, 612, "25"), (404, 605, "ở đầu bản")]  # fmt: skip
    rules = [[(60, y, 540, y) for y in (720, 687, 653, 633, 598)]]
    assert texts(read("a.pdf", pdf([words], rules=rules))) == [
        "Bản: Pá Lau; Số hộ ghi tên: 31; Vì sao: suối cạn vào mùa gieo hạt",
        "Bản: Huổi Sang; Số hộ ghi tên: 18; Vì sao: đường xa",
        "Bản: Nà Tén; Số hộ ghi tên: 25; Vì sao: chưa có máy bơm ở đầu bản",
    ]


def _unruled(y: float) -> list[tuple[float, float, str]]:
    return [
        *[(x, y, f"**{text}") for x, text in ((50, "TT"), (90, "Việc"), (300, "Hạn"))],
        *[
            (x, y - 20, text)
            for x, text in ((50, "1"), (90, "Đắp bờ kênh Bàu Sen"), (300, "Quý I"))
        ],
        *[(x, y - 40, text) for x, text in ((50, "2"), (90, "Sửa cầu tre"), (300, "Quý II"))],
    ]


UNRULED = ["TT: 1; Việc: Đắp bờ kênh Bàu Sen; Hạn: Quý I", "TT: 2; Việc: Sửa cầu tre; Hạn: Quý II"]


def test_a_heading_right_above_a_table_without_lines_is_none_of_its_rows(
    read: Read, pdf: Build
) -> None:
    # the gap in the heading stands where the first column ends
    page = [(50, 720, "**III. PHÂN CÔNG"), *_unruled(700)]
    assert [b.text for b in read("a.pdf", pdf([page])).blocks] == ["III. PHÂN CÔNG", *UNRULED]


def test_recipients_and_signature_right_below_a_table_without_lines(read: Read, pdf: Build) -> None:
    below = [(50, 640, "Nơi nhận:"), (300, 640, "TM. BAN QUẢN TRỊ"), (50, 622, "- Lưu."), (300, 622, "Lò Văn Ún")]  # fmt: skip
    found = [b.text for b in read("a.pdf", pdf([[*_unruled(700), *below]])).blocks]
    assert found[:2] == UNRULED
    assert {"Nơi nhận:", "TM. BAN QUẢN TRỊ", "- Lưu.", "Lò Văn Ún"} <= set(found[2:])


def test_cells_set_in_the_middle_of_wide_rows_stay_in_their_table(read: Read, pdf: Build) -> None:
    page = [
        *[(x, 700, f"**{t}", 9) for x, t in ((50, "TT"), (90, "Việc"), (300, "Hạn"))],
        (50, 670, "1", 9), (90, 678, "Đắp bờ kênh Bàu Sen phía", 9), (90, 662, "thôn Hạ", 9), (300, 670, "Quý I", 9),
        (50, 630, "2", 9), (90, 638, "Sửa cầu tre qua mương", 9), (90, 622, "Ba", 9), (300, 630, "Quý II", 9),
    ]  # fmt: skip
    assert [b.text for b in read("a.pdf", pdf([page])).blocks] == [
        "TT: 1; Việc: Đắp bờ kênh Bàu Sen phía thôn Hạ; Hạn: Quý I",
        "TT: 2; Việc: Sửa cầu tre qua mương Ba; Hạn: Quý II",
    ]


def test_a_row_cut_before_its_number_is_one_row(read: Read, pdf: Build) -> None:
    first, second = [300, 280, 260, 240], [740, 700, 680]
    one = [HEADER, ["1", "Trồng rừng", "40 ha", "52 ha"], ["", "Sửa cầu treo", "", ""]]
    two = [["2", "qua suối Nậm La/ở bản Hạ", "1", "1"], ["3", "Lắp đèn đường", "30", "30"]]
    data = pdf([cells(one, first), cells(two, second)], rules=[grid(XS, first), grid(XS, second)])
    assert texts(read("a.pdf", data))[1:] == [
        "TT: 2; Chỉ tiêu: Sửa cầu treo qua suối Nậm La ở bản Hạ; Kế hoạch: 1; Thực hiện: 1",
        "TT: 3; Chỉ tiêu: Lắp đèn đường; Kế hoạch: 30; Thực hiện: 30",
    ]


def test_the_rest_of_the_last_row_alone_on_a_page(read: Read, pdf: Build) -> None:
    first, second = [300, 280, 260, 240], [740, 720]
    one = [HEADER, ["1", "Trồng rừng", "40 ha", "52 ha"], ["2", "Sửa cầu treo qua suối", "1", "1"]]
    below = [(60, 690, "Các chỉ tiêu còn lại đều đạt và vượt so với kế hoạch đề ra.")]
    two = [["", "và làm đường dẫn", "", ""]]
    pages = [cells(one, first), [*cells(two, second), *below]]
    data = pdf(pages, rules=[grid(XS, first), grid(XS, second)])
    assert texts(read("a.pdf", data))[1:] == [
        "TT: 2; Chỉ tiêu: Sửa cầu treo qua suối và làm đường dẫn; Kế hoạch: 1; Thực hiện: 1",
        below[0][2],
    ]


def test_a_table_within_a_cell_stays_in_its_row(read: Read, pdf: Build) -> None:
    xs, ys = [60, 100, 250, 400, 540], [700, 680, 640, 600]
    rows = [["TT", "Nhiệm vụ", "Tiến độ", "Đầu mối"], ["1", "Sửa cầu", "Quý I", "Ban Kinh tế"],
            ["2", "Trồng rừng", "", "Hạt Kiểm lâm"]]  # fmt: skip
    inner = [["Mốc", "Sản phẩm"], ["Tháng 4", "Đề án"]]
    lines = [*grid(xs, ys), *grid([254, 300, 396], [636, 620, 604])]  # lines apart from the cell's
    where = cells(rows, ys, xs) + cells(inner, [634, 618], [254, 300])
    row = (
        "TT: 2; Nhiệm vụ: Trồng rừng; Tiến độ: Mốc: Tháng 4; Sản phẩm: Đề án; Đầu mối: Hạt Kiểm lâm"
    )
    assert texts(read("a.pdf", pdf([where], rules=[lines])))[1:] == [row]
    lines = [*grid(xs, ys), (250, 620, 400, 620), (300, 640, 300, 600)]  # that meet the cell's
    assert texts(read("a.pdf", pdf([where], rules=[lines])))[1:] == [row]


def test_two_columns_below_one_heading_are_no_inner_table(read: Read, pdf: Build) -> None:
    xs, ys = [60, 100, 250, 330, 400], [700, 680, 660, 640]
    rules = [line for line in grid(xs, ys) if line[0] != 330] + [(330, 680, 330, 640)]
    rows = [
        ["TT", "Nhiệm vụ", "Số lượng"],
        ["1", "Sửa cầu", "2", "cái"],
        ["2", "Trồng rừng", "40", "ha"],
    ]
    found = texts(read("a.pdf", pdf([cells(rows, ys, xs)], rules=[rules])))
    assert found[1].startswith("TT: 2; Nhiệm vụ: Trồng rừng; Số lượng: 40")
