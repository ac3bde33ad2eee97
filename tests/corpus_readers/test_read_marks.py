"""Raised marks of notes, deleted text, contents, in every format that has them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracuu.corpus.readers import Contents

for _package in ("lxml", "defusedxml", "markdown_it"):
    pytest.importorskip(_package, reason="not all extras are installed")
Read = Callable[..., Contents]
Build = Callable[..., bytes]
RAISED = '<w:vertAlign w:val="superscript"/>'


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def shown(contents: Contents) -> list[tuple[str, bool]]:
    return [(block.text, block.note) for block in contents.blocks]


def test_word(read: Read, docx: Callable[..., bytes]) -> None:
    body = (
        f"<w:p>{run('Đã trồng quế')}{run('2', RAISED)}{run(' trên 40 km')}{run('2', RAISED)}{run(' đồi trọc.')}</w:p>"
        f"<w:p>{run('Nhân dân phấn khởi.')}</w:p><w:p>{run('2', RAISED)}{run(' Giống của trại Nậm Lúa.')}</w:p>"
    )
    assert shown(read("a.docx", docx(body))) == [
        ("Đã trồng quế trên 40 km2 đồi trọc.", False),
        ("[2] Giống của trại Nậm Lúa.", True),
        ("Nhân dân phấn khởi.", False),
    ]


def test_web_page(read: Read) -> None:
    page = (
        "<p>Đã trồng quế<sup>(2)</sup>, trên 40 km<sup>2</sup> đồi trọc.</p><p>Nhân dân phấn khởi.</p>"
        '<p><span style="vertical-align:super">(2)</span> Giống của trại Nậm Lúa.</p>'
    )
    assert shown(read("a.html", f"<html><body>{page}</body></html>")) == [
        ("Đã trồng quế, trên 40 km2 đồi trọc.", False),
        ("[2] Giống của trại Nậm Lúa.", True),
        ("Nhân dân phấn khởi.", False),
    ]


def test_markdown(read: Read) -> None:
    text = "# Báo cáo\n\nĐã trồng quế[^a] ở bản xa.\n\nNhân dân phấn khởi.\n\n[^a]: Giống của trại Nậm Lúa.\n"
    assert shown(read("a.md", text)) == [
        ("Báo cáo", False),
        ("Đã trồng quế ở bản xa.", False),
        ("[a] Giống của trại Nậm Lúa.", True),
        ("Nhân dân phấn khởi.", False),
    ]


def test_rtf(read: Read) -> None:
    text = r"{\rtf1\ansi Trong lua{\super 1} tren 3 km{\super 2} dat bai.\par}"
    assert shown(read("a.rtf", text)) == [("Trong lua tren 3 km2 dat bai.", False)]


def test_powers_stay(read: Read) -> None:
    page = "<html><body><p>Mật độ 10<sup>6</sup> con, diện tích x<sup>2</sup>.</p></body></html>"
    assert shown(read("a.html", page)) == [("Mật độ 106 con, diện tích x2.", False)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<html><body><p>Giao <del>7</del>9 thôn; <s>bỏ qua </s>giữ <strike>hai</strike> ba tổ.</p></body></html>"),
        ("a.html", "<html><body><p>Giao <span style='text-decoration:line-through'>7</span>9 thôn; giữ ba tổ.</p></body></html>"),
        ("a.md", "Giao ~~7~~9 thôn; giữ <del>hai</del> ba tổ.\n"),
    ],
)  # fmt: skip
def test_deleted_text_is_no_text(read: Read, name: str, text: str) -> None:
    assert [block.text for block in read(name, text).blocks] == ["Giao 9 thôn; giữ ba tổ."]


def test_contents_typed_by_hand(read: Read) -> None:
    text = (
        "BÁO CÁO\n\nMỤC LỤC\n\nI. CÔNG TÁC CHÍNH TRỊ 2\n\nII. CÔNG TÁC DÂN VẬN 5\n\n"
        "I. CÔNG TÁC CHÍNH TRỊ\n\nMở bốn lớp học.\n\nII. CÔNG TÁC DÂN VẬN\n\nGặp dân mỗi quý 5\n"
    )
    found = read("a.txt", text)
    assert [block.text for block in found.blocks] == [
        "BÁO CÁO", "I. CÔNG TÁC CHÍNH TRỊ", "Mở bốn lớp học.", "II. CÔNG TÁC DÂN VẬN", "Gặp dân mỗi quý 5",
    ]  # fmt: skip
    assert "the table of contents is left out" in found.notes


def test_a_borderless_table_of_data(
    read: Read, docx: Callable[..., bytes], p: Callable[..., str]
) -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in cells) + "</w:tr>"

    table = f"<w:tbl><w:tblPr/>{row('TT', 'Việc', 'Số lượng')}{row('1', 'Đào giếng', '4')}{row('2', 'Bắc cầu', '1')}</w:tbl>"
    letterhead = f"<w:tbl><w:tblPr/>{row('ĐẢNG ỦY XÃ MƯỜNG', '', 'ĐẢNG CỘNG SẢN VIỆT NAM')}{row('Số: 4-BC/ĐU', '', 'Ngày 3')}</w:tbl>"
    found = read("a.docx", docx(letterhead + p("I. KẾT QUẢ") + table))
    assert [block.text for block in found.blocks][-3:] == [
        "I. KẾT QUẢ", "TT: 1; Việc: Đào giếng; Số lượng: 4", "TT: 2; Việc: Bắc cầu; Số lượng: 1",
    ]  # fmt: skip
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in [block.text for block in found.blocks]


def test_a_form_keeps_its_headings(read: Read) -> None:
    rows = "<tr><th>TT<th>Họ và tên<th>Năm sinh</tr><tr><td>1<td>&nbsp;<td></tr>"
    found = read(
        "a.html", f"<html><body><p>Danh sách</p><table border=1>{rows}</table></body></html>"
    )
    assert "Họ và tên" in found.blocks[-1].text
    assert "Năm sinh" in found.blocks[-1].text


def test_text_struck_through_in_word_is_deleted_text(read: Read, docx: Build) -> None:
    body = (
        "<w:p><w:r><w:t>Xã có </w:t></w:r><w:r><w:rPr><w:strike/></w:rPr><w:t>tám </w:t></w:r>"
        "<w:r><w:rPr><w:dstrike/></w:rPr><w:t>bảy </w:t></w:r>"
        '<w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>chín thôn.</w:t></w:r></w:p>'
    )
    assert [b.text for b in read("a.docx", docx(body)).blocks] == ["Xã có chín thôn."]


def test_text_struck_through_in_rtf_is_deleted_text(read: Read) -> None:
    data = rb"{\rtf1\ansi Ao {\strike ba }{\striked1 hai }{\strike0 sen} thay n\u432?\u7899?c.\par}"
    assert [b.text for b in read("a.rtf", data).blocks] == ["Ao sen thay nước."]


def test_character_references_in_text_are_letters(read: Read) -> None:
    found = read(
        "a.txt",
        b"B&#7843;n L&#225;ng c&oacute; m&#432;&#7901;i h&#7897; &amp; hai gi&#7871;ng.",
    )
    assert [b.text for b in found.blocks] == ["Bản Láng có mười hộ & hai giếng."]
    assert "character references" in found.notes[0]
    plain = "Mã &#7843; là chữ ả trong HTML."
    assert [b.text for b in read("b.txt", plain.encode()).blocks] == [plain]


def test_ligatures_full_width_forms_and_zero_width_spaces(read: Read) -> None:
    found = read(
        "a.txt", "Phát\u200btriển vùng rau; ﬁlm ngắn; １２３ hộ, km²; ngh\u200bề.".encode()
    )
    assert [b.text for b in found.blocks] == ["Phát triển vùng rau; film ngắn; 123 hộ, km²; nghề."]
