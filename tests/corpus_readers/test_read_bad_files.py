"""Files that cannot be read are refused with one clear error, soon and within bounds."""

from __future__ import annotations

import io
import os
import socket
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tracuu.corpus.readers import SUFFIXES, Contents, Limits, is_supported, read_blocks
from tracuu.corpus.readers import source as source_module
from tracuu.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    MissingExtra,
    ReadError,
    TooLarge,
    UnreadableFile,
    UnsupportedFormat,
)

Read = Callable[..., Contents]
Build = Callable[..., bytes]
needs_xml = pytest.mark.skipif(
    not __import__("importlib.util").util.find_spec("defusedxml"),
    reason="the extra docx is not installed",
)


def test_missing_folders_and_odd_names(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read_blocks(tmp_path / "không có.txt")
    with pytest.raises(UnreadableFile, match="folder"):
        read_blocks(tmp_path)
    with pytest.raises(UnreadableFile, match="such a name"):
        read_blocks("a\0b.txt")
    odd = tmp_path / "báo  cáo\n#1 ‘x’ .txt"
    odd.write_text("nội dung")
    assert read_blocks(odd).blocks[0].text == "nội dung"
    assert read_blocks(str(odd)).blocks[0].text == "nội dung"


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8 exist on Linux only")
def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(bytes(tmp_path) + b"/b\xe1o.txt")
    with pytest.raises(UnreadableFile) as caught:
        read_blocks(name)
    str(caught.value).encode()
    Path(name).write_text("nội dung")
    assert read_blocks(name).blocks[0].text == "nội dung"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_sockets_and_devices_never_block(tmp_path: Path) -> None:
    pipe = tmp_path / "a.txt"
    os.mkfifo(pipe)
    with pytest.raises(UnreadableFile, match="pipe"):
        read_blocks(pipe)
    with pytest.raises(UnreadableFile, match="device"):
        read_blocks("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(tmp_path)  # the path of a socket must be short
        server.bind("s.txt")
        with pytest.raises(UnreadableFile, match="device or socket"):
            read_blocks("s.txt")


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name != "posix", reason="no links here")
def test_links(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("nội dung")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "dead.txt").symlink_to(tmp_path / "gone.txt")
    assert read_blocks(tmp_path / "b.txt").blocks[0].text == "nội dung"
    for name in ("loop.txt", "dead.txt"):
        with pytest.raises(UnreadableFile):
            read_blocks(tmp_path / name)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(UnreadableFile, match="permission"):
        read_blocks(path)


def test_a_file_that_changes_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("một")
    read = source_module._read

    def slow(handle: int, most: int) -> bytes:
        data = read(handle, most)
        path.write_text("một hai ba")
        return data

    monkeypatch.setattr(source_module, "_read", slow)
    with pytest.raises(UnreadableFile, match="changed while"):
        read_blocks(path)


def test_too_many_bytes(read: Read) -> None:
    with pytest.raises(TooLarge, match=r"Limits\.file_bytes"):
        read("a.txt", "x" * 2000, Limits(file_bytes=1000))
    with pytest.raises(TooLarge, match=r"Limits\.characters"):
        read("a.txt", "chữ\n" * 2000, Limits(characters=1000))
    with pytest.raises(ValueError, match="pages"):
        Limits(pages=0)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_zero_bytes_and_blanks(read: Read, suffix: str) -> None:
    for data in (b"", b" \n\t\r\n " * 10):
        with pytest.raises(EmptyFile):
            read("a" + suffix, data)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_noise_under_every_suffix(read: Read, suffix: str) -> None:
    noise = bytes((i * i * 37 + i * 11) % 256 for i in range(5000))
    with pytest.raises((ReadError, MissingExtra)):
        read("a" + suffix, noise)


@needs_xml
def test_a_wrong_suffix_is_read_as_what_the_file_is(
    read: Read, docx: Build, p: Callable[..., str]
) -> None:
    for name in ("a.txt", "a.pdf", "a.doc", "a.odt", "báo cáo"):
        found = read(name, docx(p("nội dung")))
        assert (found.format, found.blocks[0].text) == ("docx", "nội dung")
    assert "named .odt" in read("a.odt", docx(p("x"))).notes[0]
    assert read("a.rtf", "chỉ là chữ thường").format == "txt"
    assert read("a.txt", r"{\rtf1 chu}").format == "rtf"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "JPEG"),
        (b"\x1f\x8b\x08" + bytes(100), "gzip"),
        (b"\x7fELF" + bytes(100), "program"),
    ],
)
def test_pictures_and_programs_are_named(read: Read, data: bytes, what: str) -> None:
    with pytest.raises(UnsupportedFormat, match=what):
        read("a.docx", data)


def test_a_text_that_speaks_of_pdf_is_text(read: Read) -> None:
    assert read("a.txt", "Một tệp PDF bắt đầu bằng %PDF-1.4").format == "txt"


def test_unknown_suffixes_and_other_zips(read: Read) -> None:
    with pytest.raises(UnsupportedFormat, match=r"\.csv"):
        read("a.csv", "a,b")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("visio/document.xml", "<x/>")
        archive.writestr("[Content_Types].xml", "<x/>")
    with pytest.raises(UnsupportedFormat, match="Office file"):
        read("a.docx", buffer.getvalue())
    assert is_supported("X/Báo cáo.DOCX")
    assert not is_supported("x.vsdx")


@needs_xml
def test_truncated_containers(read: Read, docx: Build, odt: Build, p: Callable[..., str]) -> None:
    for data in (docx(p("chữ " * 500)), odt("<text:p>chữ</text:p>")):
        for part in (0.2, 0.5, 0.9, 0.99):
            with pytest.raises(DamagedFile):
                read("a.docx", data[: int(len(data) * part)])


@needs_xml
def test_broken_xml_and_missing_parts(read: Read, docx: Build) -> None:
    with pytest.raises(DamagedFile, match="well-formed"):
        read("a.docx", docx("<w:p><w:r>"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document2.xml", "<x/>")
    with pytest.raises(DamagedFile, match="missing"):
        read("a.docx", buffer.getvalue())


@needs_xml
def test_zip_bombs(read: Read, docx: Build, p: Callable[..., str]) -> None:
    bomb = docx(p("a" * 30_000_000))
    assert len(bomb) < 100_000
    with pytest.raises(TooLarge, match=r"Limits\.unpack_ratio"):
        read("a.docx", bomb)
    with pytest.raises(TooLarge, match=r"Limits\.unpacked_bytes"):
        read("a.docx", bomb, Limits(unpacked_bytes=1_000_000, unpack_ratio=100_000))


@needs_xml
def test_entity_bombs_and_external_entities(read: Read, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("bí mật")
    lol = "".join(
        f'<!ENTITY l{i} "{"&l" + str(i - 1) + ";" if i else "ha"}{"&l" + str(i - 1) + ";" if i else ""}">'
        for i in range(40)
    )
    for declaration, body in ((lol, "&l39;"), (f'<!ENTITY x SYSTEM "file://{secret}">', "&x;")):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("word/document.xml", f"<!DOCTYPE d [{declaration}]><d>{body}</d>")
        with pytest.raises(DamagedFile, match="entities"):
            read("a.docx", buffer.getvalue())


@needs_xml
def test_tables_nested_too_deeply(read: Read, docx: Build, p: Callable[..., str]) -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 3000 + p("x") + "</w:tc></w:tr></w:tbl>" * 3000
    with pytest.raises(TooLarge, match="nested"):
        read("a.docx", docx(deep))


@needs_xml
def test_spans_nested_too_deeply(read: Read, docx: Build, odt: Build) -> None:
    with pytest.raises(TooLarge, match="nested"):
        read(
            "a.odt",
            odt("<text:p>" + "<text:span>" * 5000 + "x" + "</text:span>" * 5000 + "</text:p>"),
        )
    with pytest.raises(TooLarge, match="nested"):
        read(
            "a.docx",
            docx(
                "<w:p>"
                + "<w:ins>" * 5000
                + "<w:r><w:t>x</w:t></w:r>"
                + "</w:ins>" * 5000
                + "</w:p>"
            ),
        )


@needs_xml
def test_a_locked_zip(read: Read, docx: Build, p: Callable[..., str]) -> None:
    data = bytearray(docx(p("x")))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    with pytest.raises(EncryptedFile, match="password"):
        read("a.docx", bytes(data))


def test_a_missing_package_names_its_extra(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "markdown_it", None)
    monkeypatch.delitem(sys.modules, "tracuu.corpus.readers.markdown", raising=False)
    with pytest.raises(MissingExtra, match=r'pip install "\.\[md\]"'):
        read("a.md", "# x")


def test_every_message_says_where(read: Read, tmp_path: Path) -> None:
    with pytest.raises(EmptyFile) as caught:
        read("trống.txt", b"")
    assert str(caught.value).startswith(str(tmp_path / "trống.txt"))
    assert caught.value.reason in str(caught.value)
