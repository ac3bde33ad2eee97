"""Archives and messages: files that hold other files."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from compound_files import Tree

from tracuu.corpus import Reader
from tracuu.corpus.members import parse_contents
from tracuu.corpus.readers import Contents, Limits, read_member
from tracuu.errors import (
    DamagedFile,
    EmptyFile,
    MissingExtra,
    TooLarge,
    UnreadableFile,
    UnsupportedFormat,
)

Read = Callable[..., Contents]
REPORT = "BÁO CÁO\nTình hình xã {0}\n\nI. KINH TẾ\n\n1. Hạn chế: Giải ngân ở xã {0} còn chậm.\n"


def archive(files: dict[str, str | bytes], **options: Any) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, **options) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return stream.getvalue()


def message(
    body: str = "Kính gửi Văn phòng,\n\nXã Mai gửi báo cáo.\n", html: str = ""
) -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = "Gửi báo cáo quý III"
    made["From"] = "Trần Văn A <a@xa.example>"
    made["Date"] = "Tue, 03 Oct 2023 08:00:00 +0700"
    if body:
        made.set_content(body)
    if html:
        (made.add_alternative if body else made.set_content)(html, subtype="html")
    return made


def members(contents: Contents) -> dict[str, str]:
    return {each.name: " ".join(block.text for block in each.blocks) for each in contents.members}


@pytest.fixture
def no_markdown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package that reads Markdown is not installed."""
    monkeypatch.setitem(sys.modules, "markdown_it", None)
    monkeypatch.delitem(sys.modules, "tracuu.corpus.readers.markdown", raising=False)


@pytest.mark.usefixtures("no_markdown")
def test_a_file_whose_package_is_missing_leaves_the_others_of_its_archive(read: Read) -> None:
    inner = archive({"ghi-chu.md": "# Báo cáo"})
    files: dict[str, str | bytes] = {
        "xa-a.md": "# Báo cáo xã A",
        "xa-b.txt": REPORT.format("B"),
        "xa-c.zip": inner,
    }
    found = read("nam.zip", archive(files))
    assert list(members(found)) == ["xa-b.txt"]
    for note, name in zip(found.notes, ("xa-a.md: ", "xa-c.zip: "), strict=True):
        assert note.startswith(name)
        assert "markdown_it" in note
        assert "[md]" in note
    letter = message()
    letter.add_attachment(b"# B\xc3\xa1o c\xc3\xa1o", maintype="text", subtype="x", filename="a.md")
    assert read("thu.eml", letter.as_bytes()).blocks


@pytest.mark.usefixtures("no_markdown")
def test_an_archive_of_which_nothing_can_be_read_names_the_missing_package(read: Read) -> None:
    with pytest.raises(MissingExtra, match=r'pip install "\.\[md\]"'):
        read("nam.zip", archive({"xa-a.md": "# Báo cáo xã A"}))


def test_files_of_an_archive_are_read_by_name_and_others_are_counted(read: Read) -> None:
    files: dict[str, str | bytes] = {
        "xa-b/2023.txt": REPORT.format("B"),
        "xa-a/2023.md": "# Báo cáo xã A\n\nThu đạt kế hoạch.\n",
        "anh/1.jpg": b"\xff\xd8\xff",
        "anh/2.jpg": b"\xff\xd8\xff",
        "__MACOSX/xa-a/._2023.md": b"\0",
        ".DS_Store": b"\0",
        "xa-c/": b"",
        "hong.docx": b"PK\x03\x04 cut",
    }
    found = read("nam.zip", archive(files))
    assert found.format == "zip"
    assert list(members(found)) == ["xa-a/2023.md", "xa-b/2023.txt"]
    assert "Giải ngân ở xã B còn chậm" in members(found)["xa-b/2023.txt"]
    assert [each.format for each in found.members] == ["md", "txt"]
    damaged, others = sorted(found.notes, reverse=True)
    assert damaged.startswith("hong.docx: it is a zip container")
    assert others == "files of other formats in it are left out: .jpg 2"


def test_names_in_an_archive_lead_nowhere(read: Read) -> None:
    names = ["../../etc/a.txt", "/root/b.txt", "C:\\Users\\c.txt", "d\n.txt", "e/./f.txt", "../.."]
    found = read("la.zip", archive(dict.fromkeys(names, "Đoàn xã họp.")))
    assert sorted(members(found)) == ["Users/c.txt", "d.txt", "e/f.txt", "etc/a.txt", "root/b.txt"]


def test_names_without_the_utf8_flag_are_read(read: Read) -> None:
    utf8 = archive({"bao cao huyen.txt": REPORT.format("A")})
    name = "báo cáo.txt".encode()  # 13 bytes, as long as nothing in the archive says what they are
    plain = archive({"x" * len(name): REPORT.format("A")}).replace(b"x" * len(name), name)
    assert list(members(read("a.zip", plain))) == ["báo cáo.txt"]
    assert list(members(read("b.zip", utf8))) == ["bao cao huyen.txt"]


def test_bombs_and_masses_are_refused(read: Read) -> None:
    bomb = archive({"bom.txt": b"a" * (3 << 20), "xa.txt": REPORT.format("A")})
    found = read("bom.zip", bomb)
    assert list(members(found)) == ["xa.txt"]
    assert "zip bomb" in found.notes[0]
    many = archive({f"{number}.txt": "một câu" for number in range(12)})
    with pytest.raises(TooLarge, match=r"Limits\.members"):
        read("nhieu.zip", many, Limits(members=10))
    large = archive({f"{number}.txt": f"{number}" * 5000 for number in range(9)})
    with pytest.raises(TooLarge, match=r"Limits\.unpacked_bytes"):
        read("to.zip", large, Limits(unpacked_bytes=20_000))


def test_archives_in_archives_are_read_down_to_a_depth(read: Read) -> None:
    data = archive({"xa.txt": REPORT.format("A")})
    for level in range(5):
        data = archive({f"{level}.zip": data, f"t{level}.txt": REPORT.format(level)})
    found = read("sau.zip", data)
    assert list(members(found)) == ["4.zip/3.zip/t2.txt", "4.zip/t3.txt", "t4.txt"]
    assert any("lies too deep (Limits.depth)" in note for note in found.notes)
    again = read("sau.zip", data, Limits(depth=6))
    assert "4.zip/3.zip/2.zip/1.zip/0.zip/xa.txt" in members(again)
    # the whole counts, not each archive alone
    with pytest.raises(TooLarge, match=r"Limits\.members"):
        read("sau.zip", data, Limits(depth=6, members=4))


def test_locked_and_empty_archives(read: Read) -> None:
    locked = bytearray(archive({"khoa.txt": "bí mật", "xa.txt": REPORT.format("A")}))
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + flag] |= 1
    found = read("khoa.zip", bytes(locked))
    assert list(members(found)) == ["xa.txt"]
    assert found.notes == ("khoa.txt: it is locked by a password; save it without one",)
    with pytest.raises(EmptyFile, match=r"no text in it that can be read.*\.png 1"):
        read("anh.zip", archive({"a.png": b"x"}))
    with pytest.raises(DamagedFile):
        read("cut.zip", archive({"xa.txt": REPORT.format("A")})[:-30])


def test_an_archive_by_another_name_is_no_document(read: Read) -> None:
    with pytest.raises(UnsupportedFormat, match=r"name it \.zip"):
        read("xa.docx", archive({"xa.txt": REPORT.format("A")}))


def test_a_word_file_named_zip_is_a_word_file(
    read: Read, docx: Callable[..., bytes], p: Any
) -> None:
    found = read("xa.zip", docx(p("Thu ngân sách đạt kế hoạch.")))
    assert (found.format, found.members) == ("docx", ())


def test_a_folder_of_an_archive_may_be_named_as_a_part_of_word(read: Read) -> None:
    found = read("kho.zip", archive({"word/document-2023.txt": REPORT.format("A")}))
    assert list(members(found)) == ["word/document-2023.txt"]


def test_a_message_has_a_body_and_attachments(read: Read) -> None:
    mail = message()
    mail.add_attachment(
        REPORT.format("A").encode(), maintype="text", subtype="plain", filename="xã A.txt"
    )
    mail.add_attachment(
        REPORT.format("B").encode(), maintype="text", subtype="plain", filename="xã A.txt"
    )
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="dau.png")
    inner = message("Xã Khê gửi chậm vì mất điện.\n")
    mail.add_attachment(inner)
    found = read("thu.eml", mail.as_bytes())
    assert found.format == "eml"
    assert [block.text for block in found.blocks] == ["Kính gửi Văn phòng,", "Xã Mai gửi báo cáo."]
    assert found.properties == {
        "title": "Gửi báo cáo quý III",
        "author": "Trần Văn A <a@xa.example>",
        "date": "2023-10-03",
    }
    assert list(members(found)) == ["xã A.txt", "xã A-2.txt", "Gửi báo cáo quý III.eml"]
    assert "Giải ngân ở xã B" in members(found)["xã A-2.txt"]
    assert members(found)["Gửi báo cáo quý III.eml"] == "Xã Khê gửi chậm vì mất điện."
    assert found.notes == ("files of other formats in it are left out: .png 1",)


def test_a_message_in_html_alone(read: Read) -> None:
    pytest.importorskip("lxml", reason="the extra html is not installed")
    page = "<html><body><p>Thu đạt <b>112 tỷ</b> đồng.</p><p>Chi đúng Luật.</p></body></html>"
    found = read("thu.eml", message("", page).as_bytes())
    assert [block.text for block in found.blocks] == ["Thu đạt 112 tỷ đồng.", "Chi đúng Luật."]


def test_a_text_named_eml_is_not_lost(read: Read) -> None:
    with pytest.raises(DamagedFile):
        read("thu.eml", b"\x00\x01\x02 nothing of a message")


def test_every_paragraph_of_a_letter_is_a_passage(read: Read) -> None:
    mail = message()
    mail.add_attachment(
        REPORT.format("A").encode(), maintype="text", subtype="plain", filename="a.txt"
    )
    contents = read("thu.eml", mail.as_bytes())
    letter, report = parse_contents(Reader(), contents, id="thu", source="thu.eml", name="thu")
    assert [passage.text for passage in letter.passages] == [
        "Kính gửi Văn phòng,",
        "Xã Mai gửi báo cáo.",
    ]
    assert letter.report.title == "Gửi báo cáo quý III"
    assert letter.report.date is not None
    assert letter.report.date.isoformat() == "2023-10-03"
    assert (letter.report.member, report.report.member) == (None, "a.txt")
    assert report.report.id == "a"
    assert report.passages[0].assessment == "shortcoming"


def test_the_bytes_of_a_member_can_be_had(read: Read) -> None:
    mail = message()
    inner = archive({"xa/a.txt": "Đoàn xã họp."})
    mail.add_attachment(inner, maintype="application", subtype="zip", filename="goi.zip")
    data = mail.as_bytes()
    assert list(members(read("thu.eml", data))) == ["goi.zip/xa/a.txt"]
    assert read_member(data, "thu.eml", "goi.zip/xa/a.txt") == "Đoàn xã họp.".encode()
    with pytest.raises(UnreadableFile, match="no such file in it"):
        read_member(data, "thu.eml", "goi.zip/xa/b.txt")


# --- messages of Outlook, built here after [MS-OXMSG] and [MS-CFB] ---

Compound = Callable[[Tree], bytes]


def properties(head: bytes, values: dict[int, Any]) -> Tree:
    """The property streams of a storage."""
    tree: Tree = {}
    listed = head
    for tag, value in values.items():
        kind = tag & 0xFFFF
        if kind == 0x001F:
            data = value.encode("utf-16-le")
            tree[f"__substg1.0_{tag:08X}"] = data
            listed += struct.pack("<IIII", tag, 6, len(data) + 2, 0)
        elif kind == 0x0102:
            tree[f"__substg1.0_{tag:08X}"] = value
            listed += struct.pack("<IIII", tag, 6, len(value), 0)
        elif kind == 0x0040:
            listed += struct.pack("<IIQ", tag, 6, value)
        else:
            listed += struct.pack("<IIII", tag, 6, value, 0)
    tree["__properties_version1.0"] = listed
    return tree


def outlook(compound: Compound, body: str, files: dict[str, bytes], html: bytes = b"") -> bytes:
    sent = 133_407_936_000_000_000  # 2023-10-03, in steps of 100 ns since 1601
    values: dict[int, Any] = {
        0x0037001F: "Gửi báo cáo quý III",
        0x340D0003: 0x00040000,
        0x00390040: sent,
    }
    if body:
        values[0x1000001F] = body
    if html:
        values[0x10130102] = html
    tree = properties(struct.pack("<8x4I8x", 0, len(files), 0, len(files)), values)
    for number, (name, data) in enumerate(files.items()):
        attached = {0x3707001F: name, 0x37050003: 1, 0x37010102: data}
        tree[f"__attach_version1.0_#{number:08X}"] = properties(bytes(8), attached)
    return compound(tree)


@pytest.fixture
def msg(compound: Compound) -> bytes:
    pytest.importorskip("oxmsg", reason="the extra msg is not installed")
    files = {"xã A.txt": REPORT.format("A").encode(), "dau.png": b"\x89PNG"}
    return outlook(compound, "Kính gửi Văn phòng,\r\n\r\nXã Mai gửi báo cáo.", files)


def test_a_message_of_outlook(read: Read, msg: bytes) -> None:
    found = read("thu.msg", msg)
    assert found.format == "msg"
    assert [block.text for block in found.blocks] == ["Kính gửi Văn phòng,", "Xã Mai gửi báo cáo."]
    assert found.properties["title"] == "Gửi báo cáo quý III"
    assert found.properties["date"] == "2023-10-03"
    assert list(members(found)) == ["xã A.txt"]
    assert found.notes == ("files of other formats in it are left out: .png 1",)


def test_a_message_of_outlook_in_html(read: Read, compound: Compound) -> None:
    pytest.importorskip("oxmsg", reason="the extra msg is not installed")
    page = (
        "<html><head><meta charset='utf-8'></head><body><p>Thu đạt 112 tỷ đồng.</p></body></html>"
    )
    found = read("thu.msg", outlook(compound, "", {}, page.encode()))
    assert [block.text for block in found.blocks] == ["Thu đạt 112 tỷ đồng."]


def test_a_damaged_message_of_outlook(read: Read, msg: bytes) -> None:
    for cut in (600, 1500, len(msg) - 700):
        with pytest.raises((DamagedFile, EmptyFile)):
            read("thu.msg", msg[:cut])
