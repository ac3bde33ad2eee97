"""Word documents."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracuu.corpus.readers import Contents

pytest.importorskip("defusedxml", reason="the extra docx is not installed")
Read = Callable[..., Contents]
Build = Callable[..., bytes]
LEVELS = (
    '<w:abstractNum w:abstractNumId="7">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText '
    'w:val="%1.%2."/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>'
    "</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText '
    'w:val="\uf0b7"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="+"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
    "</w:lvlOverride></w:num>"
)


def texts(contents: Contents) -> list[str]:
    return [block.text for block in contents.blocks]


def numbered(num: int, level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'


def test_headings_by_style_inherited_and_localised(
    read: Read, docx: Build, p: Callable[..., str]
) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="u1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl '
        'w:val="0"/>'
        '<w:jc w:val="center"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="Mục lớn"/><w:basedOn w:val="u1"/>'
        "</w:style>"
        '<w:style w:type="paragraph" w:styleId="h3"><w:name w:val="heading 3"/></w:style>'
    )
    body = (
        p("PHẦN I", '<w:pStyle w:val="Muc"/>')
        + p("Mục", '<w:pStyle w:val="h3"/>')
        + p("riêng", '<w:outlineLvl w:val="1"/>')
        + p("thường", '<w:pStyle w:val="u1"/><w:outlineLvl w:val="9"/>', '<w:b w:val="0"/>')
    )
    found = read("a.docx", docx(body, styles=styles))
    assert [(b.text, b.level, b.bold, b.centred) for b in found.blocks] == [
        ("PHẦN I", 1, True, True),
        ("Mục", 3, False, False),
        ("riêng", 2, False, False),
        ("thường", None, False, True),
    ]


def test_automatic_numbers_are_computed(read: Read, docx: Build, p: Callable[..., str]) -> None:
    body = "".join(
        p(text, numbered(num, level))
        for text, num, level in (
            ("một", 1, 0), ("con", 1, 1), ("con", 1, 1), ("chữ", 1, 2), ("hai", 1, 0), ("con", 1, 1),
            ("chấm", 2, 0), ("cộng", 2, 1), ("năm", 3, 0), ("sáu", 3, 0), ("không", 0, 0),
        )
    )  # fmt: skip
    found = read("a.docx", docx(body + p("") + p("bảy", numbered(3, 0)), numbering=LEVELS))
    assert texts(found) == [
        "I. một", "1.1. con", "1.2. con", "a) chữ", "II. hai", "2.1. con", "- chấm", "+ cộng", "V. năm",
        "VI. sáu", "không", "VII. bảy",
    ]  # fmt: skip
    assert [b.kind for b in found.blocks][6:8] == ["list-item", "list-item"]


def test_tracked_changes_are_accepted(read: Read, docx: Build) -> None:
    body = (
        "<w:p><w:r><w:t>Giữ </w:t></w:r><w:ins><w:r><w:t>thêm</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>đi</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t> tới</w:t></w:r></w:moveTo></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>nối </w:t></w:r></w:p><w:p><w:r><w:t>"
        "liền</w:t></w:r></w:p>"
    )
    assert texts(read("a.docx", docx(body))) == ["Giữ thêm tới", "nối liền"]


def test_what_does_not_show_is_left_out(read: Read, docx: Build) -> None:
    body = (
        "<w:p><w:r><w:t>thấy</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r><w:r><w:fldChar "
        'w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:t>lệnh</w:t>'
        "</w:r><w:r>"
        '<w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t> kết quả</w:t></w:r><w:r><w:fldChar '
        'w:fldCharType="end"/></w:r><w:r><w:commentReference w:id="1"/><w:softHyphen/><w:tab/><w:t>sau</w:t>'
        "<w:noBreakHyphen/><w:t>đó</w:t></w:r></w:p>"
    )
    assert texts(read("a.docx", docx(body))) == ["thấy kết quả sau-đó"]


def test_footnotes_and_text_boxes_follow_their_paragraph(
    read: Read, docx: Build, p: Callable[..., str]
) -> None:
    box = f"<w:txbxContent>{p('trong khung')}</w:txbxContent>"
    body = (
        '<w:p><w:r><w:t>Thân</w:t><w:footnoteReference w:id="2"/></w:r><w:r><mc:AlternateContent>'
        "<mc:Choice><w:drawing>"
        f"<wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>" + p("tiếp")
    )
    notes = "".join(
        f'<w:footnote w:id="{number}">{p(text)}</w:footnote>'
        for number, text in ((0, "-"), (2, " Ghi chú dưới trang"))
    )
    found = read("a.docx", docx(body, footnotes=notes))
    assert texts(found) == ["Thân", "[1] Ghi chú dưới trang", "trong khung", "tiếp"]


def test_line_breaks_divide_items_but_not_titles(read: Read, docx: Build) -> None:
    body = (
        "<w:p><w:r><w:t>BÁO CÁO KẾT QUẢ</w:t><w:br/><w:t>LÃNH ĐẠO NĂM</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>Nơi nhận:</w:t><w:br/><w:t>- Ban Thường vụ;</w:t><w:br/><w:t>- Lưu.</w:t></w:r></w:p>"
    )
    assert texts(read("a.docx", docx(body))) == [
        "BÁO CÁO KẾT QUẢ LÃNH ĐẠO NĂM",
        "Nơi nhận:",
        "- Ban Thường vụ;",
        "- Lưu.",
    ]


def test_a_heading_that_runs_into_its_paragraph_is_a_lead(read: Read, docx: Build) -> None:
    body = (
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>1.1. Công tác </w:t></w:r><w:r><w:rPr><w:u w:val='single'/>"
        "</w:rPr>"
        "<w:t>dân vận:</w:t></w:r><w:r><w:t> đạt kết quả.</w:t></w:r></w:p>"
    )
    (block,) = read("a.docx", docx(body)).blocks
    assert block.text[: block.lead] == "1.1. Công tác dân vận:"
    assert not block.bold


def test_data_tables_keep_their_headings(read: Read, docx: Build, p: Callable[..., str]) -> None:
    def row(*cells: str, properties: str = "") -> str:
        return (
            f"<w:tr><w:trPr>{properties}</w:trPr>"
            + "".join(f"<w:tc>{c}</w:tc>" for c in cells)
            + "</w:tr>"
        )

    down = "<w:tcPr><w:vMerge/></w:tcPr>"
    body = (
        '<w:tbl><w:tblPr><w:tblBorders><w:top w:val="single"/></w:tblBorders></w:tblPr>'
        + row(
            '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("TT"),
            '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("Chỉ tiêu"),
            '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("Kết quả"),
        )
        + row(down + p(""), down + p(""), p("Số lượng"), p("Tỷ lệ"))
        + row(p("1"), p("2"), p("3"), p("4"))
        + row(p("1"), p("Hộ nghèo"), p("12"), p("3%"))
        + row(p("2"), p("Đường làng"), p("") + p("4 km") + p("bê tông"), p(""))
        + "</w:tbl>"
    )
    assert texts(read("a.docx", docx(body))) == [
        "TT: 1; Chỉ tiêu: Hộ nghèo; Kết quả – Số lượng: 12; Kết quả – Tỷ lệ: 3%",
        "TT: 2; Chỉ tiêu: Đường làng; Kết quả – Số lượng: 4 km bê tông",
    ]


def test_the_letterhead_table_is_flattened(read: Read, docx: Build, p: Callable[..., str]) -> None:
    def table(*rows: tuple[str, str]) -> str:
        lines = "".join(f"<w:tr><w:tc>{p(a)}</w:tc><w:tc>{p(b)}</w:tc></w:tr>" for a, b in rows)
        return f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/></w:tblPr>{lines}</w:tbl>'

    styles = (
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>'
        '<w:top w:val="single"/></w:tblBorders></w:tblPr></w:style>'
    )
    body = table(
        ("HUYỆN ỦY BÌNH AN", "ĐẢNG CỘNG SẢN VIỆT NAM"), ("Số 7-BC/HU", "ngày 1 tháng 2")
    ) + p("thân")
    found = read("a.docx", docx(body, styles=styles))
    assert texts(found) == [
        "HUYỆN ỦY BÌNH AN",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "Số 7-BC/HU",
        "ngày 1 tháng 2",
        "thân",
    ]
    assert {block.kind for block in found.blocks} == {"paragraph"}


def test_legacy_fonts_are_converted(read: Read, docx: Build, p: Callable[..., str]) -> None:
    body = p("C«ng t¸c d©n vËn", look='<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>') + p(
        "Coâng taùc daân vaän", look='<w:rFonts w:ascii="VNI-Times"/>'
    ) + p("c«ng t¸c", look='<w:rFonts w:ascii=".VnTimeH"/>')  # fmt: skip
    assert texts(read("a.docx", docx(body))) == ["Công tác dân vận", "Công tác dân vận", "CÔNG TÁC"]


def test_legacy_text_without_any_font_is_converted_too(
    read: Read, docx: Build, p: Callable[..., str]
) -> None:
    body = p("Céng hßa x· héi chñ nghÜa ViÖt Nam") + p("TËp thÓ")
    found = read("a.docx", docx(body))
    assert texts(found) == ["Cộng hòa xã hội chủ nghĩa Việt Nam", "Tập thể"]
    assert "TCVN3" in found.notes[0]


def test_bullets_of_symbol_fonts(read: Read, docx: Build, p: Callable[..., str]) -> None:
    (block,) = read("a.docx", docx(p("\uf0b7 Thu đạt"))).blocks
    assert (block.text, block.kind) == ("- Thu đạt", "list-item")


def test_tables_of_contents_are_left_out(read: Read, docx: Build, p: Callable[..., str]) -> None:
    styles = '<w:style w:type="paragraph" w:styleId="ML1"><w:name w:val="toc 1"/></w:style>'
    found = read(
        "a.docx",
        docx(p("I. Kinh tế 3", '<w:pStyle w:val="ML1"/>') + p("I. Kinh tế"), styles=styles),
    )
    assert texts(found) == ["I. Kinh tế"]
    assert "table of contents" in found.notes[0]


def test_properties_and_empty_paragraphs(read: Read, docx: Build, p: Callable[..., str]) -> None:
    core = "<dc:title>Báo cáo</dc:title><dc:creator>Văn phòng</dc:creator>"
    found = read("a.docx", docx(p("a") + p("  ") + p("b"), core=core))
    assert found.properties == {"title": "Báo cáo", "author": "Văn phòng"}
    assert [block.gap for block in found.blocks] == [False, True]


def test_content_controls_and_links_are_text(
    read: Read, docx: Build, p: Callable[..., str]
) -> None:
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p('khối')}</w:sdtContent></w:sdt><w:p><w:hyperlink><w:r><w:t>"
        f"liên kết</w:t>"
        "</w:r></w:hyperlink><w:sdt><w:sdtContent><w:r><w:t> ô</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )
    assert texts(read("a.docx", docx(body))) == ["khối", "liên kết ô"]


def test_strict_documents_are_read(read: Read, docx: Build, p: Callable[..., str]) -> None:
    data = docx(p("chặt chẽ"))
    import io
    import zipfile

    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name).replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert texts(read("a.docx", buffer.getvalue())) == ["chặt chẽ"]


def test_a_table_within_a_cell_stays_in_the_row(read: Read, docx: Build, p: Build) -> None:
    def table(*rows: tuple[str, ...]) -> str:
        cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
        edges = "".join(f'<w:{side} w:val="single"/>' for side in ("top", "insideH", "insideV"))
        body = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
        return f"<w:tbl><w:tblPr><w:tblBorders>{edges}</w:tblBorders></w:tblPr>{body}</w:tbl>"

    inner = table((p("Nam"), p("18")), (p("Nữ"), p("Còn thiếu")))
    outer = table(
        (p("Đơn vị"), p("Kết quả"), p("Ghi chú")),
        (p("Thôn Bàu Sen"), f"{inner}{p('')}", p("Tốt")),
        (p("Thôn Cồn Én"), p("22"), p("Khá")),
    )
    assert [block.text for block in read("a.docx", docx(outer)).blocks] == [
        "Đơn vị: Thôn Bàu Sen; Kết quả: Nam; 18; Nữ; Còn thiếu; Ghi chú: Tốt",
        "Đơn vị: Thôn Cồn Én; Kết quả: 22; Ghi chú: Khá",
    ]
