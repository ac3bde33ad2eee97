"""Footnotes, watermarks and running lines of PDF files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracuu.corpus import Reader
from tracuu.corpus.readers import Contents

pytest.importorskip("pypdfium2", reason="the extra pdf is not installed")
Read = Callable[..., Contents]
Build = Callable[..., bytes]


def texts(contents: Contents) -> list[str]:
    return [block.text for block in contents.blocks]


def test_a_raised_mark_leaves_its_word_and_its_note_follows(read: Read, pdf: Build) -> None:
    page = [
        (60, 740, "**1. Về sản xuất"),
        (60, 720, "Diện tích vườn cam đã lên tới 64 km2 và sản lượng mật ong"),
        (402, 724, "3", 7),
        (409, 720, " tăng gấp ba so với năm"),
        (60, 704, "trước, nhờ các tổ hợp tác."),
        (60, 684, "Bà con các bản vùng cao cũng làm theo."),
        (60, 80, "3", 7),
        (66, 76, "Gồm bốn tổ ở bản Nà Lúa và hai tổ ở bản Pom Hán.", 10),
    ]
    found = read("a.pdf", pdf([page]))
    assert texts(found) == [
        "1. Về sản xuất",
        "Diện tích vườn cam đã lên tới 64 km2 và sản lượng mật ong tăng gấp ba so với năm trước, nhờ các "
        "tổ hợp tác.",
        "[3] Gồm bốn tổ ở bản Nà Lúa và hai tổ ở bản Pom Hán.",
        "Bà con các bản vùng cao cũng làm theo.",
    ]
    assert [b.note for b in found.blocks] == [False, False, True, False]
    passages = Reader().parse(list(found.blocks), id="a")[0].passages
    assert {p.heading_path for p in passages} == {("1. Về sản xuất",)}
    assert passages[1].assessment is None


def test_squares_and_cubes_stay(read: Read, pdf: Build) -> None:
    page = [(60, 700, "Đã lát 1.500 m"), (144, 704, "2", 7), (148, 700, " vỉa hè, đổ 90 m"),
            (244, 704, "3", 7), (248, 700, ".")]  # fmt: skip
    assert texts(read("a.pdf", pdf([page]))) == ["Đã lát 1.500 m2 vỉa hè, đổ 90 m3."]


def test_a_note_at_the_foot_does_not_cut_a_paragraph_over_two_pages(read: Read, pdf: Build) -> None:
    first = [
        (60, 120, "Thường trực Hội đồng đã đi giám sát tại mười hai xã và thị trấn, qua đó cho"),
        (60, 104, "thấy nhiều công trình"),
        (186, 108, "1", 7),
        (194, 104, "bàn giao ba năm mà chưa có người trông nom, xã không"),
        (60, 64, "1", 7),
        (66, 60, "Xem phụ lục kèm theo báo cáo này.", 10),
        (300, 30, "1"),
    ]
    second = [(60, 740, "biết, huyện cũng không theo dõi."), (300, 30, "2")]
    assert texts(read("a.pdf", pdf([first, second]))) == [
        "Thường trực Hội đồng đã đi giám sát tại mười hai xã và thị trấn, qua đó cho thấy nhiều công trình bàn "
        "giao ba năm mà chưa có người trông nom, xã không biết, huyện cũng không theo dõi.",
        "[1] Xem phụ lục kèm theo báo cáo này.",
    ]


def test_notes_as_large_as_the_text_stand_below_their_line(read: Read, pdf: Build) -> None:
    body = [(60, 740 - 16 * i, f"Bản số {i} đã có đường bê tông và điện lưới.") for i in range(12)]
    first = [
        *body,
        (60, 540, "Xã còn hai bản chưa có sóng"),
        (222, 544, "1", 7),
        (230, 540, "điện thoại và một bản"),
        (362, 544, "2", 7),
        (370, 540, "chưa có điện."),
        (60, 60, "1Đó là bản Nà Lúa và bản Pom Hán ở bên kia sông."),
    ]
    second = [*body, (60, 60, "2Bản Huổi Lếch, cách trung tâm xã chín cây số.")]
    rules = [[(60, 80, 180, 80)], [(60, 80, 180, 80)]]
    found = read("a.pdf", pdf([first, second], rules=rules))
    assert [block.text for block in found.blocks if block.note] == [
        "[1] Đó là bản Nà Lúa và bản Pom Hán ở bên kia sông.",
        "[2] Bản Huổi Lếch, cách trung tâm xã chín cây số.",
    ]
    assert "Xã còn hai bản chưa có sóng điện thoại và một bản chưa có điện." in texts(found)


def test_slanted_text_is_a_watermark(read: Read, pdf: Build) -> None:
    text = "Đảng ủy giao từng cấp ủy viên phụ trách một chi bộ."
    found = read("a.pdf", pdf([[(150, 300, "//BẢN THẢO", 60), (60, 700, text)]]))
    assert texts(found) == [text]
    assert any("BẢN THẢO" in note for note in found.notes)


def test_lines_alike_but_for_their_figures_are_no_running_lines(read: Read, pdf: Build) -> None:
    pages = [
        [(60, 400, "Quý một làm việc đều tay."), (60, 60, "Thu được 18 tỷ đồng, chi 12 tỷ đồng.")],
        [(60, 400, "Quý hai gặp mưa lũ."), (60, 60, "Thu được 22 tỷ đồng, chi 31 tỷ đồng.")],
    ]
    assert texts(read("a.pdf", pdf(pages))) == [line[2] for page in pages for line in page]


def test_running_heads_above_a_rule_may_change(read: Read, pdf: Build) -> None:
    heads = ["Chuyện bản Nà Lúa", "Mùa nước nổi", "Đường lên Pom Hán"]
    pages = [
        [(60, 770, head), (60, 700, f"Bài viết thứ {n} kể về những người mở đường.")]
        for n, head in enumerate(heads, start=1)
    ]
    rules = [[(60, 760, 540, 760)]] * 3
    found = texts(read("a.pdf", pdf(pages, rules=rules)))
    assert found == [f"Bài viết thứ {n} kể về những người mở đường." for n in (1, 2, 3)]


def test_titles_above_a_table_at_the_top_stay(read: Read, pdf: Build) -> None:
    xs, ys = [60, 300, 540], [760, 740, 720]
    rows = [["Tên bản", "Số hộ"], ["Nà Lúa", "48"]]
    pages = [[(60, 770, f"Biểu của xã {name}"), *((x, y, t) for x, y, t in _cells(rows, xs, ys))]
             for name in ("Chiềng Khay", "Mường Giôn", "Cà Nàng")]  # fmt: skip
    lines = [(60, y, 540, y) for y in ys] + [(x, 760, x, 720) for x in xs]
    found = texts(read("a.pdf", pdf(pages, rules=[lines] * 3)))
    assert [text for text in found if text.startswith("Biểu")] == [
        "Biểu của xã Chiềng Khay",
        "Biểu của xã Mường Giôn",
        "Biểu của xã Cà Nàng",
    ]


def test_the_heads_of_facing_pages(read: Read, pdf: Build) -> None:
    heads = ["Kỷ yếu hội thảo", "Hội khuyến học xã"]
    pages = [
        [(60, 770, heads[n % 2]), (60, 700, f"Bài viết thứ {n} kể về một lớp học ở vùng cao.")]
        for n in range(5)
    ]
    found = texts(read("a.pdf", pdf(pages)))
    assert found == [f"Bài viết thứ {n} kể về một lớp học ở vùng cao." for n in range(5)]


def _cells(rows: list[list[str]], xs: list[int], ys: list[int]) -> list[tuple[float, float, str]]:
    return [
        (xs[column] + 4, ys[row] - 14, text)
        for row, texts_of_row in enumerate(rows)
        for column, text in enumerate(texts_of_row)
    ]


def test_a_running_line_with_the_page_number(read: Read, pdf: Build) -> None:
    pages = [
        [(60, 770, f"Báo cáo tổng kết năm – trang {n}"), (60, 400, f"Đoạn văn của tờ thứ {word}.")]
        for n, word in enumerate(("nhất", "hai", "ba"), start=1)
    ]
    assert texts(read("a.pdf", pdf(pages))) == [
        f"Đoạn văn của tờ thứ {word}." for word in ("nhất", "hai", "ba")
    ]


def test_a_number_inside_a_sentence_begins_no_item(read: Read, pdf: Build) -> None:
    page = [
        (60, 700, "**I. KẾT QUẢ"),
        (60, 680, "Cán bộ, đảng viên học tập đầy đủ nghị quyết của Đại hội Đảng bộ huyện lần thứ"),
        (
            60,
            664,
            "XVII. Nhân dân các xã đồng tình, hăng hái thi đua lao động sản xuất, giữ gìn trật",
        ),
        (60, 648, "tự thôn xóm."),
    ]
    found = read("a.pdf", pdf([page]))
    assert len(found.blocks) == 2
    assert "lần thứ XVII. Nhân dân" in found.blocks[1].text


def test_words_that_come_late_are_put_in_their_places(read: Read, pdf: Build) -> None:
    lines = [
        "Xuân sang, hai trăm con em trong xã vui sao",
        "ra quân làm thông hai con kênh cho dân ta.",
    ]
    page: list[tuple[float, float, str]] = []
    for y, line in zip((700, 684), lines, strict=True):
        early: list[tuple[float, float, str]] = []
        late: list[tuple[float, float, str]] = []
        x = 60.0
        for n, word in enumerate(line.split()):
            (late if n % 3 == 1 else early).append((x, y, word))
            x += 6 * len(word) + 5
        page += early + late
    assert texts(read("a.pdf", pdf([page]))) == [" ".join(lines)]


def test_lines_with_figures_apart_and_together_at_the_foot(read: Read, pdf: Build) -> None:
    pages = [[(60, 400, f"Tờ thứ {w}."), (300, 40, n)] for w, n in (("nhất", "1 2"), ("hai", "12"))]
    assert "Tờ thứ nhất." in texts(read("a.pdf", pdf(pages)))


def test_a_cover_gives_the_title_and_no_heading(read: Read, pdf: Build) -> None:
    cover = [
        (216, 760, "**ĐẢNG BỘ XÃ MƯỜNG THẢI HẠ"),
        (222, 500, "**BÁO CÁO CHÍNH TRỊ"),
        (150, 480, "trình Đại hội Đảng bộ xã Mường Thải Hạ lần thứ IX"),
        (210, 80, "Mường Thải Hạ, tháng 3 năm 2031"),
    ]
    contents = [
        (270, 740, "**MỤC LỤC"),
        (60, 700, "I. Kết quả ........................................ 2"),
        (60, 680, "II. Hạn chế ....................................... 3"),
    ]
    body = [
        (60, 740, "**I. Kết quả"),
        (60, 720, "Xã đã dựng xong bốn trường học ở các bản vùng cao."),
        (60, 690, "**II. Hạn chế"),
        (60, 670, "Đường vào hai bản còn lầy lội trong mùa mưa."),
    ]
    found = read("a.pdf", pdf([cover, contents, body]))
    reading = Reader().parse(list(found.blocks), id="a")[0]
    assert (
        reading.report.title
        == "BÁO CÁO CHÍNH TRỊ trình Đại hội Đảng bộ xã Mường Thải Hạ lần thứ IX"
    )
    assert [(p.heading_path, p.text) for p in reading.passages] == [
        (("I. Kết quả",), body[1][2]),
        (("II. Hạn chế",), body[3][2]),
    ]
