"""Tables and paragraphs that a file holds in pieces: one cell a line, a sentence cut in two."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from tracuu.corpus.readers import Contents, Limits
from tracuu.corpus.readers.scan_rulings import scan_rulings

Read = Callable[..., Contents]
Docx = Callable[..., bytes]
ROWS = [
    "TT: 1; Việc: Nạo vét mương Bàu Sen; Người làm: Đội thủy nông; Kết quả: Xong",
    "TT: 2; Việc: Sửa cầu tre; Người làm: Đoàn viên thôn Hạ; Kết quả: Chậm",
]


def texts(contents: Contents) -> list[str]:
    return [block.text for block in contents.blocks]


def bars(*rows: list[str]) -> str:
    """A table as crawlers write it: each cell and each border on a line of its own."""
    return "\n".join("|\n" + "\n|\n".join(row) + "\n|" for row in rows)


def test_a_crawled_table_has_its_rows(read: Read) -> None:
    pytest.importorskip("markdown_it", reason="the extra md is not installed")
    table = bars(
        ["**TT**", "**Việc**", "**Người làm**", "**Kết quả**"],
        ["1", "Nạo vét mương\nBàu Sen", "Đội thủy nông", "Xong"],
        ["2", "Sửa cầu tre", "Đoàn viên thôn Hạ", "Chậm"],
    )
    found = read("a.md", f"Đầu bài.\n\n{table}\n\n\n**II. HẾT**\n\nCuối bài.\n")
    assert texts(found) == ["Đầu bài.", *ROWS, "II. HẾT", "Cuối bài."]
    assert [block.line for block in found.blocks] == [1, 13, 23, 33, 35]


def test_a_crawled_table_with_empty_and_spanning_cells(read: Read) -> None:
    pytest.importorskip("markdown_it", reason="the extra md is not installed")
    table = (
        bars(["**TT**", "**Việc**", "**Kinh phí**"], ["**I**", "**Của thôn**"])
        + "\n|\n|\n**Phần chung**\n|\n|\n"
        + bars(["1", "Sửa cầu", "5 triệu"], ["2", "Dọn chợ"], ["3", "Đắp đường", "7 triệu"])
    )
    assert texts(read("a.md", table + "\n")) == [
        "I. Của thôn",
        "Phần chung",
        "TT: 1; Việc: Sửa cầu; Kinh phí: 5 triệu",
        "TT: 2; Việc: Dọn chợ",
        "TT: 3; Việc: Đắp đường; Kinh phí: 7 triệu",
    ]


def test_a_row_that_lacks_cells_is_not_given_other_columns_headings(read: Read) -> None:
    pytest.importorskip("markdown_it", reason="the extra md is not installed")
    table = bars(
        ["**TT**", "**Việc**", "**Người làm**", "**Hạn**"],
        ["1", "Sửa cầu", "Thôn Hạ", "Quý I"],
        ["2", "Dọn chợ", "Thôn Thượng"],  # its last cell, or its second, is that of the row above
        ["3", "Đắp đường", "Thôn Trung", "Quý II"],
    )
    assert "2; Dọn chợ; Thôn Thượng" in texts(read("a.md", table + "\n"))


def test_a_crawled_letterhead_is_no_table(read: Read) -> None:
    pytest.importorskip("markdown_it", reason="the extra md is not installed")
    head = bars(
        ["**UBND XÃ ĐỒNG VÂN**", "**CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**"],
        ["Số: 7/BC-UBND", "*Đồng Vân, ngày 3 tháng 4 năm 2025*"],
    )
    found = read("a.md", head + "\n\n\nĐã xong.\n")
    assert all(block.kind == "paragraph" for block in found.blocks)
    assert "Số: 7/BC-UBND" in texts(found)


def test_the_names_of_a_form_s_columns_are_not_lost(read: Read) -> None:
    pytest.importorskip("markdown_it", reason="the extra md is not installed")
    table = bars(["**Stt**", "**Họ tên**", "**Lớp**"], ["*Tuần*", "*Từ … đến …*"]) + "\n|" * 40
    assert "Stt" in " ".join(texts(read("a.md", table + "\n")))


@pytest.mark.parametrize("empty", [False, True])
def test_a_table_with_one_cell_a_paragraph(read: Read, empty: bool) -> None:
    cells = ["TT", "Việc", "Người làm", "Kết quả", "1", "Nạo vét mương Bàu Sen", "Đội thủy nông"]
    cells += [] if empty else ["Xong"]
    cells += ["2", "Sửa cầu tre", "Đoàn viên thôn Hạ", "Chậm", "3", "Dọn chợ", "Thôn Hạ", "Xong"]
    end = "Các việc khác đều theo đúng hẹn đã ghi trong sổ của thôn."
    found = texts(read("a.txt", "\n\n".join(["I. KẾT QUẢ", *cells, end])))
    first = "1; Nạo vét mương Bàu Sen; Đội thủy nông" if empty else ROWS[0]
    assert found == [
        "I. KẾT QUẢ",
        first,
        ROWS[1],
        "TT: 3; Việc: Dọn chợ; Người làm: Thôn Hạ; Kết quả: Xong",
        end,
    ]


def test_a_lone_tt_begins_no_table_without_rows(read: Read) -> None:
    lines = ["TT", "Họp giao ban", "Mời các trưởng thôn dự họp đúng giờ.", "1", "Hết."]
    assert texts(read("a.txt", "\n\n".join(lines))) == lines


DRAWN = """\
TT   Việc                 Người làm           Kết quả
1    Nạo vét mương        Đội thủy nông       Xong
     Bàu Sen
2    Sửa cầu tre          Đoàn viên thôn Hạ   Chậm
"""
RULED = """\
+----+-----------------------+-------------------+---------+
| TT | Việc                  | Người làm         | Kết quả |
+----+-----------------------+-------------------+---------+
| 1  | Nạo vét mương Bàu Sen | Đội thủy nông     | Xong    |
+----+-----------------------+-------------------+---------+
| 2  | Sửa cầu tre           | Đoàn viên thôn Hạ | Chậm    |
+----+-----------------------+-------------------+---------+
"""
TABS = """\
TT\tViệc\tNgười làm\tKết quả
1\tNạo vét mương Bàu Sen\tĐội thủy nông\tXong
2\tSửa cầu tre\tĐoàn viên thôn Hạ\tChậm
"""


@pytest.mark.parametrize("table", [DRAWN, "  " + DRAWN.replace("\n", "\n  "), RULED, TABS])
def test_a_table_drawn_with_blanks_bars_or_tabs(read: Read, table: str) -> None:
    found = read("a.txt", f"I. KẾT QUẢ\n\n{table}\nII. HẾT\n")
    assert texts(found) == ["I. KẾT QUẢ", *ROWS, "II. HẾT"]
    assert [block.kind for block in found.blocks[1:3]] == ["table-row"] * 2


def test_a_table_of_tabs_in_a_word_file(read: Read, docx: Docx) -> None:
    pytest.importorskip("defusedxml", reason="the extra docx is not installed")
    body = "".join(
        "<w:p>"
        + "<w:r><w:tab/></w:r>".join(f"<w:r><w:t>{cell}</w:t></w:r>" for cell in line.split("\t"))
        + "</w:p>"
        for line in TABS.splitlines()
    )
    assert texts(read("a.docx", docx(body))) == ROWS


@pytest.mark.parametrize(
    "lines",
    [
        ["TM. ỦY BAN NHÂN DÂN    NGƯỜI LẬP", "CHỦ TỊCH    Lò Văn Ún", "Hà Thị Sen    Tổ trưởng"],
        ["Năm 2024.  Thu đạt.", "Năm 2025,  chi ít hơn nhiều.", "Nay  đã rõ."],
    ],
)
def test_other_lines_with_wide_blanks_are_no_table(read: Read, lines: list[str]) -> None:
    found = read("a.txt", "\n".join(lines))
    assert all(block.kind == "paragraph" for block in found.blocks)


HALF = "Trong quý, các thôn đã cùng nhau đắp lại bờ kênh Bàu Sen và trồng thêm hai hàng dừa nước ở"
REST = "phía bờ đối diện, nơi đất lở nhiều nhất."


def test_a_sentence_cut_in_two_is_one_paragraph(read: Read) -> None:
    found = read("a.txt", f"I. KẾT QUẢ\n\n{HALF}\n\n{REST}\n\nViệc khác chưa làm.\n")
    assert texts(found) == ["I. KẾT QUẢ", f"{HALF} {REST}", "Việc khác chưa làm."]


def test_a_dash_inside_a_sentence_begins_no_item(read: Read) -> None:
    found = read("a.txt", f"{HALF} phía trồng\n- chăm sóc - tưới nước theo lịch chung.\n\nHết.")
    assert texts(found) == [f"{HALF} phía trồng - chăm sóc - tưới nước theo lịch chung.", "Hết."]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (HALF + ".", REST),  # a whole sentence
        (HALF, "Phía bờ đối diện chưa làm."),
        (HALF, "a) đắp bờ;"),
        ("Thành phần gồm có", "các trưởng thôn;"),  # too short: a label above its list
        (HALF.upper(), REST),
    ],
)
def test_other_paragraphs_stay_apart(read: Read, first: str, second: str) -> None:
    assert texts(read("a.txt", f"{first}\n\n{second}\n")) == [first, second]


def test_the_items_of_a_list_in_small_letters_stay_apart(read: Read) -> None:
    lines = [HALF + " gồm", "- đắp bờ", "- trồng dừa", "- khơi dòng"]
    assert texts(read("a.txt", "\n".join(lines))) == lines


def test_no_joined_paragraph_is_longer_than_the_limit(read: Read) -> None:
    found = read("a.txt", f"{HALF}\n\n{REST}\n", Limits(block_characters=100))
    assert texts(found) == [HALF, REST]


def _page(width: int, height: int, lines: list[tuple[int, int, int, int]]) -> bytes:
    pixels = bytearray(b"\xff" * (width * height))
    for x0, y0, x1, y1 in lines:
        for y, x in itertools.product(range(y0, y1), range(x0, x1)):
            pixels[y * width + x] = 20
    return bytes(pixels)


def test_the_lines_of_a_scanned_table_are_found() -> None:
    scale = 2.0  # pixels a point
    level = [(40, 60, 360, 62), (40, 120, 360, 123), (41, 180, 360, 182)]
    upright = [(40, 60, 42, 182), (200, 60, 202, 182), (358, 60, 360, 182)]
    letters = [(60 + 9 * i, 80, 62 + 9 * i, 100) for i in range(10)]
    found = scan_rulings(_page(400, 240, [*level, *upright, *letters]), 400, 240, scale)
    assert [r.at for r in found[0]] == pytest.approx([30, 60, 90], abs=1)
    assert [(round(r.start), round(r.end)) for r in found[0]] == [(20, 180)] * 3
    assert [r.at for r in found[1]] == pytest.approx([20, 100, 180], abs=1)


def test_a_year_or_the_rest_of_a_name_belongs_to_the_sentence_before(read: Read) -> None:
    for before, rest in (
        ("Số hộ nghèo của bản giảm nhanh. Tính đến hết năm", "2022. Bản không còn hộ đói."),
        ("Phong trào thể thao phát triển rộng khắp, toàn xã có", "21 câu lạc bộ hoạt động đều."),
        ("Mạng lưới đường được mở rộng. Tuyến nối xã Hạ", "Lang với trung tâm đã thông xe."),
        (
            "Mạng lưới đường được mở rộng. Tuyến nối xã Hạ Lang",
            "– Cổ Linh đã thông xe từ tháng trước.",
        ),
        ("Việc thu quỹ được duy trì đều, riêng quỹ đền ơn đáp nghĩa đạt 92", "% kế hoạch giao."),
    ):
        assert texts(read("a.txt", f"{before}\n{rest}"))[0] == f"{before} {rest}"
    for heading in (
        "II. Lĩnh vực quy hoạch, quản lý đô thị và xây dựng cơ bản",
        "Công tác đối ngoại và hội nhập của huyện",
    ):
        assert texts(read("a.txt", f"{heading}\nNăm qua có nhiều việc đã làm."))[0] == heading
