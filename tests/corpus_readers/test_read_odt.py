"""OpenDocument texts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracuu.corpus.readers import Contents

pytest.importorskip("defusedxml", reason="the extra odt is not installed")
Read = Callable[..., Contents]
Build = Callable[..., bytes]
STYLES = (
    '<style:style style:name="B" style:family="paragraph"><style:paragraph-properties '
    'fo:text-align="center"/>'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="B2" style:family="paragraph" style:parent-style-name="B"/>'
    '<style:style style:name="D" style:family="text"><style:text-properties fo:font-weight="bold"/>'
    "</style:style>"
    '<style:style style:name="V" style:family="text"><style:text-properties style:font-name=".VnTime"/>'
    "</style:style>"
    '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/>'
    "</style:style>"
    '<style:style style:name="C" style:family="table-cell"><style:table-cell-properties '
    'fo:border="0.5pt solid"/>'
    "</style:style>"
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="I" '
    'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="1" '
    'style:num-suffix=")" '
    'text:display-levels="2"/></text:list-style>'
    '<text:list-style style:name="D"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'
    "</text:list-style>"
)


def texts(contents: Contents) -> list[str]:
    return [block.text for block in contents.blocks]


def test_headings_paragraphs_and_look(read: Read, odt: Build) -> None:
    body = (
        '<text:h text:outline-level="2">Kinh tế</text:h><text:p text:style-name="B2">GIỮA</text:p>'
        '<text:p/><text:p><text:span text:style-name="D">Điều 1.</text:span> Thu<text:s text:c="3"/>'
        "đủ<text:tab/>chi"
        '<text:span text:style-name="H">ẩn</text:span><office:annotation><text:p>lời bàn</text:p>'
        "</office:annotation>"
        '</text:p><text:p><text:span text:style-name="V">Céng hßa</text:span></text:p>'
    )
    found = read("a.odt", odt(body, STYLES))
    assert [(b.text, b.level, b.bold, b.centred, b.gap, b.lead) for b in found.blocks] == [
        ("Kinh tế", 2, False, False, False, 0),
        ("GIỮA", None, True, True, False, 0),
        ("Điều 1. Thu đủ chi", None, False, False, True, 7),
        ("Cộng hòa", None, False, False, False, 0),
    ]
    assert found.properties == {"title": "Báo cáo năm"}


def test_lists_are_numbered(read: Read, odt: Build) -> None:
    def item(text: str, inner: str = "", extra: str = "") -> str:
        return f"<text:list-item {extra}><text:p>{text}</text:p>{inner}</text:list-item>"

    inner = f"<text:list>{item('x')}{item('y')}</text:list>"
    body = (
        f'<text:list text:style-name="L">{item("một", inner)}{item("hai", inner)}</text:list><text:p>'
        f"giữa</text:p>"
        f'<text:list text:style-name="L" text:continue-numbering="true">{item("ba")}</text:list>'
        f'<text:list text:style-name="L">'
        f"{item('lại')}{item('chín', '', 'text:start-value=&quot;9&quot;'.replace('&quot;', chr(34)))}"
        f'</text:list><text:list text:style-name="D">{item("chấm")}</text:list>'
    )
    assert texts(read("a.odt", odt(body, STYLES))) == [
        "I. một", "I.1) x", "I.2) y", "II. hai", "II.1) x", "II.2) y", "giữa", "III. ba", "I. lại",
        "IX. chín", "- chấm",
    ]  # fmt: skip


def test_tables_notes_frames_and_changes(read: Read, odt: Build) -> None:
    def row(*cells: str) -> str:
        return (
            "<table:table-row>"
            + "".join(
                f'<table:table-cell table:style-name="C"><text:p>{c}</text:p></table:table-cell>'
                for c in cells
            )
            + "</table:table-row>"
        )

    body = (
        "<text:tracked-changes><text:deletion><text:p>đã bỏ</text:p></text:deletion></text:tracked-changes>"
        "<text:p>Thân<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>chú "
        "thích</text:p>"
        "</text:note-body></text:note><draw:frame><draw:text-box><text:p>khung</text:p></draw:text-box>"
        "</draw:frame>"
        " bài</text:p><text:section><text:p>mục</text:p></text:section>"
        f"<table:table><table:table-header-rows>{row('Chỉ tiêu', 'Năm')}</table:table-header-rows>"
        f"{row('Thu', '12')}"
        "</table:table><text:table-of-content><text:index-body><text:p>mục lục</text:p></text:index-body>"
        "</text:table-of-content>"
    )
    found = read("a.odt", odt(body, STYLES))
    assert texts(found) == ["Thân bài", "[1] chú thích", "khung", "mục", "Chỉ tiêu: Thu; Năm: 12"]


def test_encrypted(read: Read, odt: Build) -> None:
    import io
    import zipfile

    from tracuu.errors import EncryptedFile

    buffer = io.BytesIO(odt("<text:p>x</text:p>"))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry>'
            "<m:encryption-data/></m:file-entry></m:manifest>",
        )
    with pytest.raises(EncryptedFile, match="password"):
        read("a.odt", buffer.getvalue())
