"""Word 97–2003 files, built here byte by byte after [MS-DOC] and [MS-CFB]."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

import pytest
from compound_files import compound_file

from tracuu.corpus.readers import Contents
from tracuu.errors import DamagedFile, EncryptedFile, UnsupportedFormat

pytest.importorskip("olefile", reason="the extra doc is not installed")
Read = Callable[..., Contents]

Run = tuple[str, bytes]
CENTRED, IN_TABLE = struct.pack("<HB", 0x2403, 1), struct.pack("<HB", 0x2416, 1)
BOLD, HIDDEN, DELETED = (struct.pack("<HB", code, 1) for code in (0x0835, 0x083C, 0x0800))
TCVN3, VNI = (struct.pack("<HH", 0x4A4F, number) for number in (1, 2))


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file of these streams, each too large for the mini stream, as Word writes them."""
    return compound_file({name: data.ljust(4096, b"\0") for name, data in streams.items()})


def word(
    paragraphs: Sequence[tuple[Sequence[Run], bytes, int]],
    *,
    flags: int = 0,
    wide: bool = True,
    notes: str = "",
) -> bytes:
    """A Word file of (runs, paragraph sprms, style) paragraphs; each text ends with its own mark."""
    text = "".join(run for runs, _, _ in paragraphs for run, _ in runs)
    body = len(text)
    text += notes
    raw = text.encode("utf-16-le" if wide else "cp1252")
    width = 2 if wide else 1
    start = 0x600
    chars: list[tuple[int, bytes]] = []
    paras: list[tuple[int, bytes]] = []
    at = start
    for runs, sprms, style in paragraphs:
        for run, look in runs:
            at += len(run) * width
            chars.append((at, look))
        paras.append((at, struct.pack("<H", style) + sprms))
    main = bytearray(start)
    main += raw
    main += bytes(-len(main) % 512)
    char_page = len(main) // 512
    main += page(start, chars, is_paragraph=False)
    para_page = len(main) // 512
    main += page(start, paras, is_paragraph=True)
    table = bytearray()

    def put(index: int, data: bytes) -> None:
        struct.pack_into("<II", main, 0x9A + 8 * index, len(table), len(data))
        table.extend(data)

    place = start if wide else (start * 2) | 0x40000000
    pieces = struct.pack("<ii", 0, len(text)) + struct.pack("<HIH", 0, place, 0)
    put(33, b"\x02" + struct.pack("<I", len(pieces)) + pieces)
    put(12, struct.pack("<III", start, chars[-1][0], char_page))
    put(13, struct.pack("<III", start, paras[-1][0], para_page))
    put(15, fonts("Times New Roman", ".VnTime", "VNI-Times"))
    put(1, styles())
    if notes:
        put(2, struct.pack("<iiH", text.index("\x02"), body, 0))
        put(3, struct.pack("<iii", 0, len(notes), len(notes) + 1))
    struct.pack_into("<HH", main, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", main, 0x0A, flags)
    struct.pack_into("<ii", main, 0x4C, body, len(notes))
    return ole({"WordDocument": bytes(main), "0Table": bytes(table)})


def page(start: int, entries: list[tuple[int, bytes]], *, is_paragraph: bool) -> bytes:
    """A 512-byte page of properties (FKP)."""
    out = bytearray(512)
    out[511] = len(entries)
    struct.pack_into(f"<{len(entries) + 1}I", out, 0, start, *(end for end, _ in entries))
    at = 510
    for i, (_, data) in enumerate(entries):
        if is_paragraph:
            data += bytes(len(data) % 2)
            record = b"\0" + bytes([len(data) // 2]) + data
        else:
            record = bytes([len(data)]) + data
        at = (at - len(record)) & ~1
        out[at : at + len(record)] = record
        out[4 * (len(entries) + 1) + i * (13 if is_paragraph else 1)] = at // 2
    return bytes(out)


def fonts(*names: str) -> bytes:
    out = struct.pack("<HH", len(names), 0)
    for name in names:
        entry = bytes(39) + (name + "\0").encode("utf-16-le")
        out += bytes([len(entry)]) + entry
    return out


def styles() -> bytes:
    """Normal, heading 2 (bold), and the first style of tables of contents."""
    out = struct.pack("<HHH", 18, 3, 10) + bytes(14)
    for identity, name, look in ((0, "Normal", b""), (2, "heading 2", BOLD), (19, "toc 1", b"")):
        style = struct.pack("<HHHHH", identity, 1 | 0xFFF0, 2, 0, 0)
        style += struct.pack("<H", len(name)) + (name + "\0").encode("utf-16-le")
        style += (
            struct.pack("<HH", 2, 0) + struct.pack("<H", len(look)) + look + bytes(len(look) % 2)
        )
        style += bytes(len(style) % 2)
        out += struct.pack("<H", len(style)) + style
    return out


def row(count: int, *, bordered: bool = True) -> bytes:
    """The sprms of a row's end."""
    edges = struct.pack(f"<{count + 1}h", *(1000 * i for i in range(count + 1)))
    cell = struct.pack("<HH", 0, 0) + (b"\x04\x01\x00\x00" if bordered else bytes(4)) * 4
    operand = bytes([count]) + edges + cell * count
    return (
        IN_TABLE
        + struct.pack("<HB", 0x2417, 1)
        + struct.pack("<HH", 0xD608, len(operand) + 1)
        + operand
    )


def plain(
    text: str, sprms: bytes = b"", style: int = 0, look: bytes = b""
) -> tuple[list[Run], bytes, int]:
    return [(text, look)], sprms, style


def texts(contents: Contents) -> list[str]:
    return [block.text for block in contents.blocks]


def test_text_look_and_headings(read: Read) -> None:
    data = word(
        [
            plain("BÁO CÁO\r", CENTRED, look=BOLD),
            plain("Tình hình\r", style=1),
            (
                [
                    ("Điều 1. ", BOLD),
                    ("Thu đủ", b""),
                    ("ẩn", HIDDEN),
                    ("bỏ", DELETED),
                    ("\x0bchi\x1e\x1fhết\r", b""),
                ],
                b"",
                0,
            ),
            plain("\r"),
            plain("mục lục\r", style=2),
            plain("Cuối\r"),
        ]
    )
    found = read("a.doc", data)
    assert [(b.text, b.level, b.bold, b.centred, b.gap, b.lead) for b in found.blocks] == [
        ("BÁO CÁO", None, True, True, False, 0),
        ("Tình hình", 2, True, False, False, 0),
        ("Điều 1. Thu đủ chi-hết", None, False, False, False, 7),
        ("Cuối", None, False, False, True, 0),
    ]
    assert found.format == "doc"


@pytest.mark.parametrize("wide", [True, False])
def test_legacy_fonts(read: Read, wide: bool) -> None:
    data = word(
        [
            plain("Céng hßa x· héi\r", look=TCVN3),
            plain("Coäng hoøa\r", look=VNI),
            plain("thường\r" if wide else "nay\r"),
        ],
        wide=wide,
    )
    assert texts(read("a.doc", data))[:2] == ["Cộng hòa xã hội", "Cộng hòa"]


def test_fields_show_their_result(read: Read) -> None:
    data = word([plain('Xem \x13 HYPERLINK "x" \x01\x14trang này\x15 nhé\r')])
    assert texts(read("a.doc", data)) == ["Xem trang này nhé"]


def test_tables(read: Read) -> None:
    cells = [plain(text + "\x07", IN_TABLE) for text in ("TT", "Chỉ tiêu", "1", "Thu ngân sách")]
    data = word(
        [*cells[:2], plain("\x07", row(2)), *cells[2:], plain("\x07", row(2)), plain("Sau\r")]
    )
    found = read("a.doc", data)
    assert [(b.text, b.kind) for b in found.blocks] == [
        ("TT: 1; Chỉ tiêu: Thu ngân sách", "table-row"),
        ("Sau", "paragraph"),
    ]


def test_tables_without_lines_are_layout(read: Read) -> None:
    cells = [
        plain(text + "\x07", IN_TABLE) for text in ("HUYỆN ỦY", "ĐẢNG CỘNG SẢN", "Số 1", "ngày 2")
    ]
    end = plain("\x07", row(2, bordered=False))
    assert texts(read("a.doc", word([*cells[:2], end, *cells[2:], end, plain("Sau\r")]))) == [
        "HUYỆN ỦY", "ĐẢNG CỘNG SẢN", "Số 1", "ngày 2", "Sau",
    ]  # fmt: skip


def test_footnotes_follow_their_paragraph(read: Read) -> None:
    data = word([plain("Thân\x02 bài\r"), plain("Sau\r")], notes="\x02 ghi chú\r")
    assert texts(read("a.doc", data)) == ["Thân bài", "[1] ghi chú", "Sau"]


def test_locked_by_a_password(read: Read) -> None:
    with pytest.raises(EncryptedFile, match="password"):
        read("a.doc", word([plain("x\r")], flags=0x0100))


def test_a_locked_docx_is_told_as_such(read: Read) -> None:
    with pytest.raises(EncryptedFile, match="password"):
        read("a.docx", ole({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y"}))


def test_other_files_in_the_same_container(read: Read) -> None:
    with pytest.raises(UnsupportedFormat, match="PowerPoint"):
        read("a.doc", ole({"PowerPoint Document": b"x"}))


def test_truncated(read: Read) -> None:
    data = word([plain("Một đoạn văn dài\r" * 30)])
    with pytest.raises(DamagedFile):
        read("a.doc", data[: len(data) // 3])


def test_a_web_page_named_doc_is_read_as_what_it_is(read: Read) -> None:
    pytest.importorskip("lxml", reason="the extra html is not installed")
    found = read("a.doc", "<html><body><p>Báo cáo nhanh</p></body></html>")
    assert (texts(found), found.format) == (["Báo cáo nhanh"], "html")
    assert "named .doc" in found.notes[0]
