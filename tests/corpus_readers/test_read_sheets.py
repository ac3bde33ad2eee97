"""Spreadsheets and presentations."""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from tracuu.corpus.readers import Contents, Limits
from tracuu.errors import DamagedFile, EncryptedFile, TooLarge

Read = Callable[..., Contents]


def texts(contents: Contents) -> list[str]:
    return [block.text for block in contents.blocks]


@pytest.fixture
def workbook() -> bytes:
    pytest.importorskip("python_calamine", reason="the extra sheets is not installed")
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="the extra xlsx is not installed")
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Ngân sách")
    sheet.write_row(0, 0, ["BIỂU 1: THU NGÂN SÁCH"])
    sheet.write_row(2, 0, ["Chỉ tiêu", "Kế hoạch", "Thực hiện", "Ngày chốt"])
    sheet.write_row(3, 0, ["Thu nội địa", 4590, 97.5])
    sheet.write_datetime(3, 3, datetime.datetime(2024, 12, 31))
    sheet.write_row(4, 0, ["Thu hải quan", 1200, 88.0])
    other = book.add_worksheet("Ghi chú")
    other.write_row(0, 0, ["Số liệu do Chi cục Thuế cung cấp."])
    hidden = book.add_worksheet("Nháp")
    hidden.write_row(0, 0, ["không ai được thấy"])
    hidden.hide()
    book.close()
    return stream.getvalue()


def test_sheets_are_headings_and_rows_name_their_columns(read: Read, workbook: bytes) -> None:
    found = read("bieu.xlsx", workbook)
    assert found.format == "xlsx"
    assert texts(found) == [
        "Ngân sách",
        "BIỂU 1: THU NGÂN SÁCH",
        "Chỉ tiêu: Thu nội địa; Kế hoạch: 4590; Thực hiện: 97,5; Ngày chốt: 31/12/2024",
        "Chỉ tiêu: Thu hải quan; Kế hoạch: 1200; Thực hiện: 88",
        "Ghi chú",
        "Số liệu do Chi cục Thuế cung cấp.",
    ]
    assert [block.level for block in found.blocks][:2] == [1, None]
    assert found.notes == ("hidden sheets are left out: Nháp",)


def test_a_workbook_is_known_by_its_bytes(read: Read, workbook: bytes) -> None:
    found = read("bieu.docx", workbook)
    assert found.format == "xlsx"
    assert "named .docx" in found.notes[0]


def test_a_torn_workbook_and_one_over_the_limits_are_refused(read: Read, workbook: bytes) -> None:
    with pytest.raises(DamagedFile):
        read("bieu.xlsx", workbook[: len(workbook) // 2])
    with pytest.raises(TooLarge, match="unpacked_bytes"):
        read("bieu.xlsx", workbook, limits=Limits(unpacked_bytes=2000))
    with pytest.raises(DamagedFile):
        read("bieu.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"))


def test_a_workbook_with_a_password_says_so(read: Read) -> None:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
    with pytest.raises(EncryptedFile, match="password"):
        read("bieu.xlsx", head + "EncryptedPackage".encode("utf-16-le"))


A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def shape(kind: str, *paragraphs: str) -> str:
    lines = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in paragraphs)
    return f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>'


def deck(*slides: str) -> bytes:
    stream = io.BytesIO()
    names = f'xmlns:a="{A}" xmlns:p="{P}" xmlns:r="{R}"'
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        ids = "".join(f'<p:sldId r:id="r{n}"/>' for n in range(len(slides)))
        archive.writestr("ppt/presentation.xml", f"<p:presentation {names}>{ids}</p:presentation>")
        links = "".join(
            f'<Relationship Id="r{n}" Target="slides/s{len(slides) - n}.xml"/>'
            for n in range(len(slides))
        )
        archive.writestr(
            "ppt/_rels/presentation.xml.rels", f"<Relationships>{links}</Relationships>"
        )
        for n, slide in enumerate(slides):
            archive.writestr(
                f"ppt/slides/s{len(slides) - n}.xml", f"<p:sld {names}>{slide}</p:sld>"
            )
    return stream.getvalue()


def test_slides_come_in_their_order_with_title_text_and_table(read: Read) -> None:
    pytest.importorskip("defusedxml", reason="the extra pptx is not installed")
    table = "".join(
        "<a:tr>"
        + "".join(
            f"<a:tc><a:txBody><a:p><a:r><a:t>{cell}</a:t></a:r></a:p></a:txBody></a:tc>"
            for cell in row
        )
        + "</a:tr>"
        for row in (("Chỉ tiêu", "Kế hoạch"), ("Thu ngân sách", "4590"), ("Chi ngân sách", "3900"))
    )
    first = shape("body", "Giải ngân còn chậm.", "Nợ xây dựng cơ bản.") + shape(
        "title", "Mặt tồn tại"
    )
    second = (
        shape("title", "Số liệu")
        + f"<p:graphicFrame><a:tbl>{table}</a:tbl></p:graphicFrame>"
        + shape("sldNum", "2")
    )
    found = read("trinh-chieu.pptx", deck(first, second))
    assert [(block.text, block.page, block.level) for block in found.blocks] == [
        ("Mặt tồn tại", 1, 1),
        ("Giải ngân còn chậm.", 1, None),
        ("Nợ xây dựng cơ bản.", 1, None),
        ("Số liệu", 2, 1),
        ("Chỉ tiêu: Thu ngân sách; Kế hoạch: 4590", 2, None),
        ("Chỉ tiêu: Chi ngân sách; Kế hoạch: 3900", 2, None),
    ]


def test_a_presentation_without_its_slides_is_damaged(read: Read) -> None:
    pytest.importorskip("defusedxml", reason="the extra pptx is not installed")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("ppt/x.xml", "<x/>")
    with pytest.raises(DamagedFile, match="slides"):
        read("a.pptx", stream.getvalue())


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def xls(
    rows: list[list[str | float]], name: str, compound: Callable[[dict[str, bytes]], bytes]
) -> bytes:
    """A workbook of Excel 97 with one sheet ([MS-XLS], BIFF8)."""

    def text(value: str) -> bytes:
        return b"\1" + value.encode("utf-16-le")

    cells = b""
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str):
                cells += record(0x0204, place + struct.pack("<H", len(value)) + text(value))
            else:
                cells += record(0x0203, place + struct.pack("<d", value))
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    sheet += record(0x0200, size) + cells + record(0x0A, b"")
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x05, 0, 0, 0, 0))
    length = len(start) + 4 + 8 + 2 * len(name) + 4
    bound = record(0x85, struct.pack("<IBBB", length, 0, 0, len(name)) + text(name))
    assert len(start + bound) + 4 == length
    return compound({"Workbook": start + bound + record(0x0A, b"") + sheet})


ROWS: list[list[str | float]] = [
    ["Chỉ tiêu", "Kế hoạch", "Thực hiện"],
    ["Thu nội địa", 4590.0, 97.5],
    ["Chi đầu tư", 1200.0, 88.0],
]
READ = [
    "Chỉ tiêu: Thu nội địa; Kế hoạch: 4590; Thực hiện: 97,5",
    "Chỉ tiêu: Chi đầu tư; Kế hoạch: 1200; Thực hiện: 88",
]


def test_a_workbook_of_excel_97(read: Read, compound: Callable[..., bytes]) -> None:
    pytest.importorskip("python_calamine", reason="the extra sheets is not installed")
    found = read("bieu.xls", xls(ROWS, "Thu chi", compound))
    assert found.format == "xls"
    assert texts(found) == READ


def test_a_spreadsheet_of_opendocument(read: Read) -> None:
    pytest.importorskip("python_calamine", reason="the extra sheets is not installed")

    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in ROWS)
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<?xml version='1.0' encoding='UTF-8'?><office:document-content{names}><office:body>"
        f'<office:spreadsheet><table:table table:name="Thu chi">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("mimetype", kind)
        made.writestr("content.xml", content)
        made.writestr("META-INF/manifest.xml", manifest)
    found = read("bieu.ods", stream.getvalue())
    assert found.format == "ods"
    assert texts(found) == READ


def test_cells_in_an_old_encoding_beside_clean_ones(read: Read) -> None:
    pytest.importorskip("python_calamine", reason="the extra sheets is not installed")
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="the extra xlsx is not installed")
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Thu chi")
    sheet.write_row(0, 0, ["TT", "Nội dung", "§¬n vÞ", "Số tiền"])
    sheet.write_row(1, 0, [1, "Ph\xad¬ng ¸n cÊp n\xadíc", "Uỷ ban nhân dân xã", 21 / 8])
    sheet.write_row(2, 0, [2, "Söa ®\xadêng th«n", "Trạm bơm", 1 / 3])
    book.close()
    assert texts(read("thu.xlsx", stream.getvalue())) == [
        "TT: 1; Nội dung: Phương án cấp nước; Đơn vị: Uỷ ban nhân dân xã; Số tiền: 2,625",
        "TT: 2; Nội dung: Sửa đường thôn; Đơn vị: Trạm bơm; Số tiền: 0,333333333",
    ]
