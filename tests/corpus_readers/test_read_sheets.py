"""Spreadsheets and presentations."""

from __future__ import annotations

import datetime
import io
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
