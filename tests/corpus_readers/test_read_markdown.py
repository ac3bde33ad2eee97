"""Markdown files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracuu.corpus.readers import Contents

pytest.importorskip("markdown_it", reason="the extra md is not installed")
Read = Callable[..., Contents]


def test_headings_lists_and_soft_breaks(read: Read) -> None:
    found = read(
        "a.md",
        "# Báo cáo\n\n## I. Kinh tế\n\nThu ngân sách\nđạt *12 tỷ*.\n\n- một\n- hai\n  tiếp\n\n3. ba\n4. "
        "bốn\n\n**Ưu điểm**\n",
    )
    assert [(b.text, b.level, b.kind, b.line, b.bold) for b in found.blocks] == [
        ("Báo cáo", 1, "paragraph", 1, False),
        ("I. Kinh tế", 2, "paragraph", 3, False),
        ("Thu ngân sách đạt 12 tỷ.", None, "paragraph", 5, False),
        ("- một", None, "list-item", 8, False),
        ("- hai tiếp", None, "list-item", 9, False),
        ("3. ba", None, "paragraph", 12, False),
        ("4. bốn", None, "paragraph", 13, False),
        ("Ưu điểm", None, "paragraph", 15, True),
    ]


def test_attributes_of_a_heading_are_left_out(read: Read) -> None:
    found = read("a.md", "# Kết quả {#ket-qua .phan}\n\n## Mã {x}\n\nThân bài {#a}\n")
    assert [block.text for block in found.blocks] == ["Kết quả", "Mã {x}", "Thân bài {#a}"]


def test_a_bold_start_is_a_lead(read: Read) -> None:
    (block,) = read("a.md", "**Điều 5.** Tổ chức thực hiện").blocks
    assert block.text[: block.lead] == "Điều 5."


def test_front_matter_becomes_properties(read: Read) -> None:
    found = read(
        "a.md",
        '---\ntitle: "Kế hoạch: năm 2025"\ntags:\n  - một\n  - hai\nempty:\n---\n\nThân bài\n',
    )
    assert found.properties == {"title": "Kế hoạch: năm 2025", "tags": "một, hai"}
    assert [(b.text, b.line) for b in found.blocks] == [("Thân bài", 9)]


def test_tables_become_rows_with_their_headings(read: Read) -> None:
    found = read(
        "a.md", "| Chỉ tiêu | Kế hoạch |\n|---|---|\n| **Thu** ngân sách | 4.590 |\n| Chi | |\n"
    )
    assert [(b.text, b.kind, b.line) for b in found.blocks] == [
        ("Chỉ tiêu: Thu ngân sách; Kế hoạch: 4.590", "table-row", 3),
        ("Chi", "table-row", 4),
    ]


def test_lone_bars_of_crawled_pages_are_separators(read: Read) -> None:
    found = read(
        "a.md",
        "|\n**ỦY BAN NHÂN DÂN**\nXÃ PHÚ HẬU\n-------\n|\n**CỘNG HÒA**\n|\n|\nSố: 5/BC\n|\n\nThực hiện kế\nhoạch năm.\n",
    )
    assert [b.text for b in found.blocks] == [
        "ỦY BAN NHÂN DÂN",
        "XÃ PHÚ HẬU",
        "CỘNG HÒA",
        "Số: 5/BC",
        "Thực hiện kế hoạch năm.",
    ]
    assert all(b.level is None for b in found.blocks)


def test_a_span_of_years_over_a_line_end_is_no_list(read: Read) -> None:
    assert [b.text for b in read("a.md", "giai đoạn 2021\n- 2025 đã xong").blocks] == [
        "giai đoạn 2021 - 2025 đã xong"
    ]


def test_items_on_lines_of_their_own_inside_a_paragraph(read: Read) -> None:
    found = read("a.md", "2. Về nội dung:\n(1) Một là rõ;\n(2) Hai là\nđúng.\n")
    assert [(b.text, b.line) for b in found.blocks] == [
        ("2. Về nội dung:", 1),
        ("(1) Một là rõ;", 2),
        ("(2) Hai là đúng.", 3),
    ]


def test_notes_line_below_line_are_notes_of_their_own(read: Read) -> None:
    text = (
        "Xã trồng sáu mươi ha quế[^1] và nuôi ong[^2].\n\nViệc khác đều tốt.\n\n"
        "[^1]: Ở bản Nà Lúa.\n[^2]: Ba trăm đàn,\nhai tổ.\n"
    )
    blocks = read("a.md", text).blocks
    assert [block.text for block in blocks if block.note] == [
        "[1] Ở bản Nà Lúa.",
        "[2] Ba trăm đàn, hai tổ.",
    ]


def test_indented_paragraphs_are_no_code(read: Read) -> None:
    assert [b.text for b in read("a.md", "Mở đầu\n\n    Đoạn **thụt** vào\n").blocks] == [
        "Mở đầu",
        "Đoạn thụt vào",
    ]


def test_html_in_markdown_loses_its_tags(read: Read) -> None:
    assert [
        b.text
        for b in read("a.md", "<div class='x'>\nXin <b>chào</b>\n</div>\n<!-- ẩn -->\n").blocks
    ] == ["Xin chào"]


def test_links_keep_their_words(read: Read) -> None:
    assert (
        read("a.md", "Xem [Nghị quyết](http://x.vn/a) ![ảnh](b.png)").blocks[0].text
        == "Xem Nghị quyết"
    )


def test_hostile_inline_marks_end(read: Read) -> None:
    for mark in ("[", "*", "_", "`", "![", "](", "<", "> ", "- "):
        assert read("a.md", "chữ " + mark * 30_000).blocks


def test_a_crawled_title_in_capitals_ends_before_the_text(read: Read) -> None:
    found = read(
        "a.md",
        "|\n**UBND XÃ PHÚ HẬU**\n|\n|\nSố: 5/TB\n|\n\n**THÔNG BÁO**\nKẾT LUẬN CỦA CHỦ TỊCH XÃ VỀ\n"
        "NƯỚC SẠCH NĂM 2026\nNgày 5 tháng 3,\nChủ tịch xã họp với UBND TỈNH AN PHÚ\nvà kết luận.\n",
    )
    assert [b.text for b in found.blocks][-3:] == [
        "THÔNG BÁO",
        "KẾT LUẬN CỦA CHỦ TỊCH XÃ VỀ NƯỚC SẠCH NĂM 2026",
        "Ngày 5 tháng 3, Chủ tịch xã họp với UBND TỈNH AN PHÚ và kết luận.",
    ]
