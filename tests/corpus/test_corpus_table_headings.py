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
