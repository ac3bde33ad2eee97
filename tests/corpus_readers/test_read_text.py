"""Plain text files."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from tracuu.corpus.readers import Contents
from tracuu.errors import EmptyFile, NotText

Read = Callable[..., Contents]
SENTENCE = (
    "Ban Thường vụ Đảng ủy đã chỉ đạo các chi bộ rà soát từng chỉ tiêu, phân công đảng viên phụ trách hộ, "
    "nhờ đó tỷ lệ hộ nghèo giảm còn hai phần trăm và không còn nhà tạm trên địa bàn. "
)


def texts(contents: Contents) -> list[str]:
    return [block.text for block in contents.blocks]


def test_each_line_is_a_paragraph(read: Read) -> None:
    found = read("a.txt", f"I. KINH TẾ\n1. Kết quả\n{SENTENCE}\n\n- Thu   ngân\tsách đạt 12 tỷ\n")
    assert texts(found) == [
        "I. KINH TẾ",
        "1. Kết quả",
        SENTENCE.strip(),
        "- Thu ngân sách đạt 12 tỷ",
    ]
    assert [block.line for block in found.blocks] == [1, 2, 3, 5]
    assert [block.gap for block in found.blocks] == [False, False, False, True]
    assert found.blocks[-1].kind == "list-item"
    assert (found.format, found.notes, found.size > 0, len(found.sha256)) == ("txt", (), True, 64)


@pytest.mark.parametrize("width", [60, 72, 80, 100])
@pytest.mark.parametrize("indent", ["", "    "])
def test_hard_wrapped_paragraphs_are_joined(read: Read, width: int, indent: str) -> None:
    paragraphs = [SENTENCE * 3, SENTENCE * 2, SENTENCE]
    wrapped = "\n\n".join(textwrap.fill(p, width, initial_indent=indent) for p in paragraphs)
    found = read("a.txt", wrapped)
    assert texts(found) == [p.strip() for p in paragraphs]
    assert "joined" in found.notes[0]


def test_wrapped_items_headings_and_letterhead_stay_apart(read: Read) -> None:
    head = ["TỈNH ỦY MINH LÂM", "ĐẢNG ỦY XÃ PHÚ HẬU", "*", "Số 12-BC/ĐU", ""]
    body = [
        "PHẦN THỨ NHẤT",
        "ĐÁNH GIÁ TÌNH HÌNH",
        "",
        textwrap.fill(SENTENCE * 2, 72),
        textwrap.fill("1. " + SENTENCE, 72),
        textwrap.fill("- " + SENTENCE, 72, subsequent_indent="  "),
        textwrap.fill("+ " + SENTENCE, 72, subsequent_indent="  "),
        textwrap.fill("a) " + SENTENCE, 72),
        "",
        textwrap.fill(SENTENCE * 3, 72),
    ]
    found = texts(read("a.txt", "\n".join(head + body)))
    assert found[:5] == [*head[:2], "Số 12-BC/ĐU", "PHẦN THỨ NHẤT", "ĐÁNH GIÁ TÌNH HÌNH"]
    assert found[5:] == [
        (SENTENCE * 2).strip(),
        *(mark + SENTENCE.strip() for mark in ("1. ", "- ", "+ ", "a) ")),
        (SENTENCE * 3).strip(),
    ]


def test_short_lines_of_a_list_are_not_joined(read: Read) -> None:
    lines = [
        "Nơi nhận:",
        "Thường trực Huyện ủy",
        "Các chi bộ trực thuộc",
        "Lưu văn phòng",
        "Trưởng ban",
        "Lê Văn An",
    ]
    assert texts(read("a.txt", "\n".join(lines))) == lines


def test_page_numbers_left_by_a_print_go(read: Read) -> None:
    first, second = textwrap.wrap(SENTENCE * 4, 70)[:5], textwrap.wrap(SENTENCE * 4, 70)[5:]
    data = "\n".join(
        [
            *first,
            "",
            " " * 30 + "2",
            "",
            *second,
            "",
            " " * 30 + "3",
            "",
            textwrap.fill(SENTENCE, 70),
        ]
    )
    assert texts(read("a.txt", data)) == [(SENTENCE * 4).strip(), SENTENCE.strip()]


def test_page_numbers_right_below_the_text_go(read: Read) -> None:
    lines = textwrap.wrap(SENTENCE * 6, 70)
    data = "\n".join([*lines[:4], " " * 70 + "2", "", *lines[4:7], " " * 34 + "3", "", *lines[7:]])
    assert texts(read("a.txt", data)) == [(SENTENCE * 6).strip()]


def test_a_letterhead_wider_than_the_text_does_not_hide_that_lines_are_broken(read: Read) -> None:
    head = "ĐẢNG ỦY XÃ HÒA BÌNH" + " " * 45 + "ĐẢNG CỘNG SẢN VIỆT NAM"
    data = "\n".join(
        [head, "", textwrap.fill(SENTENCE * 3, 66), "", textwrap.fill(SENTENCE * 2, 66)]
    )
    assert texts(read("a.txt", data))[1:] == [(SENTENCE * 3).strip(), (SENTENCE * 2).strip()]


def test_a_full_line_is_a_paragraph_where_the_next_one_is_indented_like_it(read: Read) -> None:
    full = "    Lực lượng vũ trang duy trì nghiêm chế độ trực sẵn sàng chiến đấu."
    body = textwrap.fill(SENTENCE * 3, 70, initial_indent="    ")
    found = texts(read("a.txt", "\n".join([body, full, full, body, body])))
    assert found == [
        (SENTENCE * 3).strip(),
        full.strip(),
        full.strip(),
        *[(SENTENCE * 3).strip()] * 2,
    ]


def test_numbers_that_are_no_page_numbers_stay(read: Read) -> None:
    assert "2024" in texts(read("a.txt", "Báo cáo năm\n\n2024\n\nCủa xã\n"))


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems(read: Read, ending: str) -> None:
    found = read("a.txt", ending.join(["một", "hai", "", "ba"]))
    assert [(block.text, block.line) for block in found.blocks] == [
        ("một", 1),
        ("hai", 2),
        ("ba", 4),
    ]


def test_utf16_and_legacy_files_are_noted(read: Read) -> None:
    assert texts(read("a.txt", SENTENCE.encode("utf-16"))) == [SENTENCE.strip()]
    found = read("a.txt", "Céng hßa x· héi chñ nghÜa ViÖt Nam".encode("cp1252"))
    assert (texts(found), found.notes) == (
        ["Cộng hòa xã hội chủ nghĩa Việt Nam"],
        ("read as tcvn3",),
    )


def test_decomposed_text_is_composed(read: Read) -> None:
    assert texts(read("a.txt", "U\u0309y ban Đa\u0309ng")) == ["Ủy ban Đảng"]


def test_rules_and_stars_are_separators(read: Read) -> None:
    found = read("a.txt", "BÁO CÁO\n-----\nMở đầu\n***\n")
    assert [(block.text, block.gap) for block in found.blocks] == [
        ("BÁO CÁO", False),
        ("Mở đầu", True),
    ]


def test_a_million_character_line_is_cut_at_sentence_ends(read: Read) -> None:
    found = read("a.txt", SENTENCE * 6000)
    assert "cut at sentence ends" in found.notes[-1]
    assert max(len(block.text) for block in found.blocks) <= 20_000
    assert all(block.text.endswith(".") for block in found.blocks)
    assert " ".join(texts(found)) == (SENTENCE * 6000).strip()


def test_a_line_without_any_blank_is_cut_too(read: Read) -> None:
    found = read("a.txt", "x" * 1_000_000)
    assert "".join(texts(found)) == "x" * 1_000_000


@pytest.mark.parametrize("data", ["", "   \n\t \r\n", "\ufeff", "-----\n***\n", "\u200b\n"])
def test_nothing_to_read(read: Read, data: str) -> None:
    with pytest.raises(EmptyFile):
        read("a.txt", data)


def test_binary_with_a_txt_suffix(read: Read) -> None:
    with pytest.raises(NotText, match="not text in a known encoding"):
        read("a.txt", bytes(range(1, 256)) * 50)


def test_a_wrapped_line_that_begins_with_a_number(read: Callable[..., Contents]) -> None:
    lines = [
        "I. KẾT QUẢ",
        "",
        "Cán bộ, đảng viên và nhân dân các bản học tập nghị quyết của Đại hội lần thứ",
        "XIV. Bà con hăng hái làm đường, đào mương, dựng trường cho con em mình học, xã",
        "bên cũng sang giúp.",
        "Các bản còn lại đều xong trước mùa mưa.",
    ]
    found = read("a.txt", "\n".join(lines))
    assert [block.text for block in found.blocks] == [lines[0], " ".join(lines[2:5]), lines[5]]


def test_lines_of_a_converted_page_are_joined_at_figures_and_over_its_foot(read: Read) -> None:
    found = read(
        "a.txt",
        "Hội đã mở 14 lớp tập huấn về chăn nuôi an toàn sinh học, với\n"
        "1.648 lượt hội viên dự. Đến nay giải ngân vốn vay ưu đãi đạt 87,9 %\n"
        "kế hoạch, quy chế làm việc của ban chấp hành và các tổ\n"
        "Trang 1/2\n\n"
        "\fđược sửa ba lần trong năm.\nTrang 2/2\n",
    )
    (text,) = texts(found)
    assert "với 1.648 lượt" in text
    assert "87,9 % kế hoạch" in text
    assert text.endswith("các tổ được sửa ba lần trong năm.")


def test_a_list_without_full_stops_is_not_joined_at_its_figures(read: Read) -> None:
    lines = [
        "Kết quả nổi bật mà toàn Đảng bộ và nhân dân trong xã đã đạt được",
        "12 thôn đạt chuẩn nông thôn mới",
    ]
    assert texts(read("a.txt", "\n".join(lines))) == lines


def test_lines_of_uneven_length_are_joined_within_a_name(read: Read) -> None:
    lines = [
        "Sau hai năm triển khai, phong trào đã lan ra mọi khu dân cư, được",
        "cấp trên đánh giá cao. Đường liên thôn nối xã Hạ Lang với xã Cổ",
        "Linh đã thông xe từ tháng trước, rút ngắn quãng đường đi chợ, đi học",
        "của bà con ở hai bên. Trạm bơm mới do Ban Quản lý các",
        "Dự án huyện làm chủ đầu tư cũng đã vận hành, cấp nước cho toàn bộ",
        "cánh đồng phía nam, nơi trước kia chỉ cấy được một vụ trong",
        "năm vì thiếu nước.",
        "",
        "II. VIỆC CÒN LẠI",
        "Đội thi công chưa trồng xong cây ven đường theo đúng thiết kế đã được",
        "duyệt, phải chờ đến mùa mưa.",
    ]
    assert texts(read("a.txt", "\n".join(lines))) == [
        " ".join(lines[:7]),
        lines[8],
        " ".join(lines[9:]),
    ]


def test_a_sentence_of_a_web_page_goes_on_after_its_comma(read: Read) -> None:
    lines = [
        "Theo chị Lò Thị Nga,",
        "Chi hội trưởng bản Nà Sản, vốn vay đã giúp nhiều nhà thoát nghèo.",
    ]
    assert texts(read("a.txt", "\n".join(lines))) == [" ".join(lines)]
    for apart in (
        ["Căn cứ Luật Đất đai và các văn bản,", "Xét đề nghị của Phòng Nội vụ huyện."],
        ["Kính thưa các đồng chí đại biểu,", "Năm qua xã đã làm được nhiều việc."],
        ["Tham dự hội nghị có các đồng chí,", "Lò Văn Hặc, Bí thư,", "Cầm Thị Ín, Phó Bí thư."],
    ):
        assert texts(read("a.txt", "\n".join(apart)))[0] == apart[0]
