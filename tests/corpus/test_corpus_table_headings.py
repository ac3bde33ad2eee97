"""Rows that are headings of other rows, and the captions of tables and figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracuu.corpus import Reader, Reading

LONG = "Các thôn đã đắp lại bờ kênh và trồng thêm hai hàng dừa nước theo đúng kế hoạch của xã."
BODY = """
{caption}
<table border="1">
<tr><th>TT</th><th>Chỉ tiêu</th><th>Kế hoạch</th><th>Kết quả</th></tr>
{rows}
</table>
<p>{after}</p>
"""
HEAD = f"<h1>Báo cáo của xã Cồn Én</h1><h2>I. Kết quả</h2><p>{LONG}</p>"


@pytest.fixture
def page(tmp_path: Path, reader: Reader) -> Callable[[str], Reading]:
    def read(body: str) -> Reading:
        pytest.importorskip("lxml", reason="the extra html is not installed")
        file = tmp_path / "a.html"
        file.write_text(f"<html><meta charset=utf-8><body>{HEAD}{body}</body></html>", "utf-8")
        (reading,) = reader.read(file)
        return reading

    return read


def row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def paths(reading: Reading) -> list[tuple[str, tuple[str, ...]]]:
    """The first cell but the number of each passage that is a row, and its headings."""
    return [
        (
            p.text.split("; ")[-3].partition(": ")[2] if p.kind == "table-row" else p.text[:8],
            p.heading_path,
        )
        for p in reading.passages
    ]


@pytest.mark.parametrize(
    "group",
    [
        "<tr><td>{number}</td><td colspan=3>{title}</td></tr>",
        "<tr><td colspan=4>{number}. {title}</td></tr>",
        "<tr><td>{number}</td><td>{title}</td><td></td><td></td></tr>",
        "<tr><td><b>{number}</b></td><td><b>{title}</b></td><td></td><td></td></tr>",
    ],
)
def test_a_title_within_a_table_is_the_heading_of_the_rows_below_it(
    page: Callable[[str], Reading], group: str
) -> None:
    rows = (
        group.format(number="I", title="Lĩnh vực kinh tế") + row("1", "Đàn vịt", "900 con", "870 con")
        + row("2", "Dừa nước", "4 ha", "5 ha")
        + group.format(number="II", title="Lĩnh vực xây dựng Đảng") + row("1", "Kết nạp", "7", "9")
    )  # fmt: skip
    reading = page(BODY.format(caption="", rows=rows, after=LONG))
    above = "I. Kết quả"
    assert paths(reading) == [
        (LONG[:8], (above,)),
        ("Đàn vịt", (above, "I. Lĩnh vực kinh tế")),
        ("Dừa nước", (above, "I. Lĩnh vực kinh tế")),
        ("Kết nạp", (above, "II. Lĩnh vực xây dựng Đảng")),
        (LONG[:8], (above,)),
    ]
    assert [p.area for p in reading.passages][1:4] == ["kinh-te", "kinh-te", "xay-dung-dang"]


def test_titles_of_two_kinds_stand_below_each_other(page: Callable[[str], Reading]) -> None:
    rows = (
        row("A", "Xã hội", "", "") + row("I", "Giáo dục", "", "") + row("1", "Lớp mới", "2", "3")
        + row("II", "Y tế", "", "") + row("1", "Thẻ cấp mới", "90", "91")
        + row("B", "Quốc phòng", "", "") + row("1", "Dân quân", "20", "20")
    )  # fmt: skip
    found = dict(paths(page(BODY.format(caption="", rows=rows, after=LONG))))
    assert found["Lớp mới"][1:] == ("A. Xã hội", "I. Giáo dục")
    assert found["Thẻ cấp mới"][1:] == ("A. Xã hội", "II. Y tế")
    assert found["Dân quân"][1:] == ("B. Quốc phòng",)


def test_rows_of_a_form_without_entries_are_no_headings(page: Callable[[str], Reading]) -> None:
    rows = "".join(row(str(i), name, "", "") for i, name in enumerate(("Lúa", "Ngô", "Lạc"), 1))
    reading = page(BODY.format(caption="", rows=rows, after=LONG))
    assert [p.text for p in reading.passages if p.kind == "table-row"][-3:] == [
        "TT: 1; Chỉ tiêu: Lúa", "TT: 2; Chỉ tiêu: Ngô", "TT: 3; Chỉ tiêu: Lạc",
    ]  # fmt: skip


def test_a_title_without_rows_below_it_is_found(page: Callable[[str], Reading]) -> None:
    rows = (
        row("1", "Đàn vịt", "9", "8")
        + row("2", "Đàn bò", "9", "8")
        + row("I", "Chỉ tiêu mới", "", "")
    )
    reading = page(BODY.format(caption="", rows=rows, after=LONG))
    assert any("Chỉ tiêu mới" in p.text for p in reading.passages)


def test_the_caption_of_a_table_heads_its_rows_and_nothing_else(
    page: Callable[[str], Reading],
) -> None:
    caption = "<p><b>Bảng 2. Đàn vật nuôi</b></p><p>Đơn vị: con</p>"
    table = BODY.format(caption=caption, rows=row("1", "Vịt", "9", "8"), after=LONG)
    reading = page(table + f"<p><b>Hình 1. Đàn vịt ở Bàu Sen</b></p><p>{LONG}</p>")
    assert [(p.text[:7], p.heading_path[1:]) for p in reading.passages[1:]] == [
        ("Đơn vị:", ("Bảng 2. Đàn vật nuôi",)),
        ("TT: 1; ", ("Bảng 2. Đàn vật nuôi",)),
        (LONG[:7], ()),
        ("Hình 1.", ()),
        (LONG[:7], ()),
    ]


def test_a_table_right_below_another_has_its_own_headings(page: Callable[[str], Reading]) -> None:
    first = BODY.format(
        caption="", rows=row("I", "Kinh tế", "", "") + row("1", "Vịt", "9", "8"), after=""
    )
    second = BODY.format(
        caption="", rows=row("1", "Bò", "3", "4") + row("2", "Dê", "3", "4"), after=""
    )
    found = dict(paths(page(first + second)))
    assert found["Vịt"] == ("I. Kết quả", "I. Kinh tế")
    assert found["Bò"] == found["Dê"] == ("I. Kết quả",)


def test_a_numbered_row_with_figures_heads_the_rows_that_it_sums_up(
    page: Callable[[str], Reading],
) -> None:
    rows = (
        row("A", "Chăn nuôi", "120 con", "150") + row("1", "Vịt", "80", "95") + row("2", "Bò", "40", "55")
        + row("B", "Trồng trọt", "12", "15") + row("C", "Nghề rừng", "7", "9") + row("1", "Keo", "7", "9")
    )  # fmt: skip
    found = dict(paths(page(BODY.format(caption="", rows=rows, after=LONG))))
    assert found["Vịt"][1:] == found["Bò"][1:] == found["Chăn nuôi"][1:] == ("A. Chăn nuôi",)
    assert found["Trồng trọt"][1:] == ("B. Trồng trọt",)
    assert found["Keo"][1:] == ("C. Nghề rừng",)


def test_rows_that_are_all_lettered_head_nothing(page: Callable[[str], Reading]) -> None:
    rows = row("A", "Vịt", "8", "9") + row("B", "Bò", "4", "5") + row("C", "Dê", "2", "3")
    found = dict(paths(page(BODY.format(caption="", rows=rows, after=LONG))))
    assert found["Vịt"][1:] == found["Bò"][1:] == found["Dê"][1:] == ()


@pytest.mark.parametrize(
    "labels",
    [
        ("<b>Tổ chức</b>", "<b>Kỳ</b>", "<b>Mặt mạnh</b>"),  # bold
        ("Tổ chức:", "Kỳ:", "Mặt mạnh:"),
        ("Tên tổ chức", "Thời gian", "Mặt mạnh"),  # names of columns elsewhere
    ],
)
def test_the_labels_of_a_form_stand_before_their_values(
    page: Callable[[str], Reading], labels: tuple[str, str, str]
) -> None:
    values = ("Chi bộ Bàu Sen, Đảng bộ Cồn Én", "năm 2031", LONG)
    table = "".join(row(label, value) for label, value in zip(labels, values, strict=True))
    reading = page(f"<table border=1>{table}</table>")
    plain = [label.replace("<b>", "").replace("</b>", "").rstrip(":") for label in labels]
    assert [p.text for p in reading.passages if p.kind == "table-row"] == [
        f"{label}: {value}" for label, value in zip(plain, values, strict=True)
    ]


def test_a_label_of_several_paragraphs_is_their_heading(page: Callable[[str], Reading]) -> None:
    table = row("<b>Ưu điểm</b>", f"<p>{LONG}</p><p>Bờ kênh phía tây đã được kè đá.</p>")
    table += row("<b>Kỳ</b>", "năm 2031")
    found = [
        (p.text, p.heading_path[1:]) for p in page(f"<table border=1>{table}</table>").passages
    ]
    assert found[1:] == [
        (LONG, ("Ưu điểm",)),
        ("Bờ kênh phía tây đã được kè đá.", ("Ưu điểm",)),
        ("Kỳ: năm 2031", ()),
    ]


def test_two_columns_with_names_are_no_form(page: Callable[[str], Reading]) -> None:
    table = (
        row("<b>Thôn</b>", "<b>Số hộ</b>")
        + row("<b>Bàu Sen</b>", "91")
        + row("<b>Gò Dưa</b>", "72")
    )
    reading = page(f"<table border=1>{table}</table>")
    assert [p.text for p in reading.passages][-2:] == [
        "Thôn: Bàu Sen; Số hộ: 91", "Thôn: Gò Dưa; Số hộ: 72",
    ]  # fmt: skip


def test_the_cell_beside_a_table_within_a_table_heads_its_rows(
    page: Callable[[str], Reading],
) -> None:
    inner = "<table border=1>" + row("Họ tên", "Việc") + row("Lý Sen", LONG) + "</table>"
    table = row("Tổ", "Người và việc") + row("Tổ số 1", inner) + row("Tổ số 2", inner)
    reading = page(f"<table border=1>{table}</table>")
    assert [p.heading_path[1:] for p in reading.passages if "Lý Sen" in p.text] == [
        ("Tổ số 1",), ("Tổ số 2",),
    ]  # fmt: skip
