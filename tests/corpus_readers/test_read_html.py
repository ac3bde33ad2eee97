"""HTML: saved pages and Word's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracuu.corpus.readers import Contents, Limits
from tracuu.errors import EmptyFile, TooLarge

pytest.importorskip("lxml", reason="the extra html is not installed")
Read = Callable[..., Contents]
PARAGRAPH = (
    "Đảng ủy xã đã lãnh đạo hoàn thành mười hai chỉ tiêu kinh tế xã hội trong năm, thu ngân sách vượt "
    "dự toán, "
    "song công tác cải cách hành chính còn chậm so với yêu cầu đề ra."
)


def texts(contents: Contents) -> list[str]:
    return [block.text for block in contents.blocks]


def test_paragraphs_headings_and_look(read: Read) -> None:
    found = read(
        "a.html",
        "<html><head><title>Báo cáo</title><style>.g {text-align:center; font-weight: bold}</style>"
        "</head><body>"
        "<h2>I. Kinh tế</h2><p class=g>KẾT QUẢ</p><p align=center>giữa</p><p><b>Ưu điểm:</b> thu <i>"
        "đủ</i>.</p>"
        "<p>một<br>hai</p><div>rời <p>trong</p> sau</div></body></html>",
    )
    assert [(b.text, b.level, b.bold, b.centred, b.lead) for b in found.blocks] == [
        ("I. Kinh tế", 2, True, False, 0),
        ("KẾT QUẢ", None, True, True, 0),
        ("giữa", None, False, True, 0),
        ("Ưu điểm: thu đủ.", None, False, False, 8),
        ("một hai", None, False, False, 0),
        ("rời", None, False, False, 0),
        ("trong", None, False, False, 0),
        ("sau", None, False, False, 0),
    ]
    assert found.properties == {"title": "Báo cáo"}


def test_scripts_hidden_text_and_comments_are_left_out(read: Read) -> None:
    found = read(
        "a.html",
        "<p>thấy<script>var a=1</script><!-- không --><span style='display:none'>ẩn</span> được"
        "<span style='mso-hide:all'>nữa</span></p><noscript>bật</noscript><p hidden>mất</p><select>"
        "<option>x</select>",
    )
    assert texts(found) == ["thấy được"]


def test_menus_around_the_text_are_left_out(read: Read) -> None:
    links = "".join(f"<li><a href='/{i}'>Chuyên mục số {i}</a></li>" for i in range(12))
    found = read(
        "a.html",
        f"<body><header><h1>Cổng thông tin</h1></header><div class='main-menu'><ul>{links}</ul></div>"
        f"<div id=content><h1>Báo cáo tổng kết</h1><p>{PARAGRAPH}</p><ul><li>Thu đạt 12 tỷ</li>"
        f"<li>Chi 11 tỷ</li></ul><p>{PARAGRAPH} Xem <a href='x'>Nghị quyết</a>.</p></div>"
        f"<div><h4>Tin khác</h4><ul>{links}</ul></div><footer>Bản quyền thuộc về xã</footer></body>",
    )
    assert texts(found) == [
        "Báo cáo tổng kết",
        PARAGRAPH,
        "- Thu đạt 12 tỷ",
        "- Chi 11 tỷ",
        f"{PARAGRAPH} Xem Nghị quyết.",
    ]


def test_the_article_of_a_page_is_its_text(read: Read) -> None:
    found = read(
        "a.html",
        f"<body><div>Thời tiết hôm nay đẹp</div><article><header><h1>Nghị quyết</h1></header><p>"
        f"{PARAGRAPH}</p>"
        f"<p>{PARAGRAPH}</p></article><div>Liên hệ quảng cáo</div></body>",
    )
    assert texts(found) == ["Nghị quyết", PARAGRAPH, PARAGRAPH]


def test_tags_below_an_article_are_left_out(read: Read) -> None:
    page = (
        f"<html><body><h1>Tin</h1><p>{'Mưa lớn. ' * 30}</p>"
        "<div class='article-tags'><a href=1>nông thôn</a><a href=2>Nà Lúa</a></div></body></html>"
    )
    assert not any("Nà Lúa" in text for text in texts(read("a.html", page.encode())))


def test_generated_list_numbers_are_written_out(read: Read) -> None:
    found = read(
        "a.html",
        "<ol start=3><li>ba<li>bốn<ol type=a><li>a nhỏ</ol></ol><ul><li>chấm</ul><ol type=I><li>lớn</ol>",
    )
    assert texts(found) == ["3. ba", "4. bốn", "a. a nhỏ", "- chấm", "I. lớn"]


def test_a_term_stands_before_its_description(read: Read) -> None:
    page = (
        "<dl><dt>Số hiệu</dt> <dd>12/QĐ-UBND</dd><dt>Người ký:</dt><dd>Lò <b>Văn Ín</b></dd></dl>"
    )
    found = read("a.html", f"<body><p>{PARAGRAPH}</p>{page}<p>{PARAGRAPH}</p>")
    assert texts(found)[1:-1] == ["Số hiệu: 12/QĐ-UBND", "Người ký: Lò Văn Ín"]
    found = read("a.html", f"<body>{page}<dl><dt>Ghi chú</dt><dd><p>{PARAGRAPH}</p></dd></dl>")
    assert texts(found)[2:] == ["Ghi chú:", PARAGRAPH]


def test_data_tables_become_rows(read: Read) -> None:
    found = read(
        "a.html",
        "<table border=1><tr><th rowspan=2>Chỉ tiêu</th><th colspan=2>Năm</th></tr><tr><th>2023</th><th>"
        "2024</th></tr>"
        "<tr><td>Thu</td><td>10</td><td>12</td></tr><tr><td colspan=3>II. Xã hội</td></tr>"
        "<tr><td>Hộ nghèo</td><td>5%</td><td></td></tr></table>",
    )
    assert texts(found) == [
        "Chỉ tiêu: Thu; Năm – 2023: 10; Năm – 2024: 12",
        "II. Xã hội",
        "Chỉ tiêu: Hộ nghèo; Năm – 2023: 5%",
    ]
    assert {block.kind for block in found.blocks} == {"table-row"}


def test_layout_tables_become_paragraphs(read: Read) -> None:
    found = read(
        "a.html",
        "<table border=0><tr><td><p>HUYỆN ỦY</p><p>Số 5-BC/HU</p></td><td><b>ĐẢNG CỘNG SẢN VIỆT NAM</b>"
        "</td></tr>"
        "<tr><td></td><td><i>ngày 5 tháng 6</i></td></tr></table><p>thân</p>",
    )
    assert texts(found) == [
        "HUYỆN ỦY",
        "Số 5-BC/HU",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "ngày 5 tháng 6",
        "thân",
    ]


@pytest.mark.parametrize(
    "declared", ["windows-1252", "iso-8859-1", "windows-1258", "utf-16", "nonsense"]
)
def test_utf8_that_declares_something_else(read: Read, declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>{PARAGRAPH}</p></body></html>'
    assert texts(read("a.html", page)) == [PARAGRAPH]


def test_words_html_in_windows_1252_with_references(read: Read) -> None:
    body = PARAGRAPH.encode("cp1252", "xmlcharrefreplace")
    page = (
        b'<html xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta http-equiv=Content-Type '
        b'content="text/html; charset=windows-1252"><meta name=Generator content="Microsoft Word 15">'
        b"</head><body>"
        b"<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span "
        b"style='font-family:Symbol;mso-list:Ignore'>\xb7<span>&nbsp;&nbsp; </span></span><![endif]>"
        + body
        + b"</p></body></html>"
    )
    found = read("a.htm", page)
    assert texts(found) == ["- " + PARAGRAPH]
    assert found.blocks[0].kind == "list-item"
    assert found.notes == ()


def test_legacy_fonts_in_html(read: Read) -> None:
    page = (
        "<html><body><p><font face='.VnTimeH'>b¸o c¸o</font></p><p style='font-family:.VnTime'>Céng hßa "
        "x· héi chñ "
        "nghÜa ViÖt Nam</p><p><font face='VNI-Times'>Coäng hoøa xaõ hoäi</font></p></body></html>"
    )
    assert texts(read("a.htm", page.encode("cp1252"))) == [
        "BÁO CÁO",
        "Cộng hòa xã hội chủ nghĩa Việt Nam",
        "Cộng hòa xã hội",
    ]


def test_words_single_file_web_page(read: Read) -> None:
    import base64

    page = f"<html><body><p>{PARAGRAPH}</p></body></html>"
    data = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="xx"\r\n\r\nxin chào\r\n--xx\r\n'
        "Content-Transfer-Encoding: base64\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        + base64.encodebytes(page.encode()).decode()
        + "\r\n--xx\r\nContent-Type: image/png\r\n\r\nAAAA\r\n--xx--\r\n"
    )
    for name in ("a.mht", "a.doc"):
        found = read(name, data)
        assert (texts(found), found.format) == ([PARAGRAPH], "html")


def test_deeply_nested_html_is_bounded(read: Read) -> None:
    try:
        found = read("a.html", "<div>" * 100_000 + PARAGRAPH + "</div>" * 100_000)
        assert PARAGRAPH in texts(found)
    except (TooLarge, EmptyFile) as error:
        assert "nested" in str(error)  # noqa: PT017 - either is fine, silence is not


def test_unclosed_and_crossed_tags(read: Read) -> None:
    found = read("a.html", "<p>một<p><b>hai<p>ba</b><table><tr><td>bốn<td>năm<tr><td>sáu")
    assert " ".join(texts(found)).split() == ["một", "hai", "ba", "bốn", "năm", "sáu"]


def test_too_many_blocks(read: Read) -> None:
    with pytest.raises(TooLarge, match=r"Limits\.blocks"):
        read("a.html", "<p>x</p>" * 50, Limits(blocks=40))


def test_western_text_with_no_break_spaces_is_read_as_declared(
    read: Callable[..., Contents],
) -> None:
    page = (
        '<html><head><meta http-equiv=Content-Type content="text/html; charset=windows-1252"></head><body>'
        "<p>S&#7889;:\xa0\xa0\xa0 /KH</p><p>C\xe1c b\xe0 con \xf4n b\xe0i,\xa0l\xe0m thu\xea,\xa0\xa0 k\xea khai.</p>"
        "</body></html>"
    )
    found = read("a.htm", page.encode("cp1252"))
    assert [block.text for block in found.blocks] == [
        "Số: /KH",
        "Các bà con ôn bài, làm thuê, kê khai.",
    ]
    assert found.notes == ()
