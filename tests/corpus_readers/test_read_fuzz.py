"""Whatever the bytes, a reader gives contents or an error of ours."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracuu.corpus.readers import SUFFIXES, Contents, Limits, read_blocks
from tracuu.errors import MissingExtra, ReadError

SMALL = Limits(
    file_bytes=5_000_000,
    unpacked_bytes=5_000_000,
    pages=50,
    blocks=5_000,
    characters=500_000,
    nesting=100,
)
ROUNDS = 60


def attempt(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        found = read_blocks(path, limits=SMALL)
    except (ReadError, MissingExtra):
        return
    assert isinstance(found, Contents)
    for block in found.blocks:
        assert block.text == block.text.strip()
        assert "\n" not in block.text
        assert any(map(str.isalnum, block.text))
        assert 0 <= block.lead <= len(block.text) <= SMALL.block_characters
        block.text.encode()


def mutations(data: bytes, seed: int) -> list[bytes]:
    rng = random.Random(seed)
    out = []
    for _ in range(ROUNDS):
        torn = bytearray(data)
        for _ in range(rng.choice((1, 1, 3, 10, 40))):
            at = rng.randrange(len(torn))
            choice = rng.randrange(5)
            if choice == 0:
                torn[at] = rng.randrange(256)
            elif choice == 1:
                torn[at] ^= 1 << rng.randrange(8)
            elif choice == 2:
                del torn[at : at + rng.randrange(1, 40)]
            elif choice == 3:
                torn[at:at] = torn[at : at + rng.randrange(1, 200)]
            else:
                torn[at : at + 4] = rng.choice(
                    (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"<<{{")
                )
            if not torn:
                break
        out.append(bytes(torn))
    return out


def test_mutated_word_and_opendocument(
    tmp_path: Path, docx: Callable[..., bytes], odt: Callable[..., bytes], p: Callable[..., str]
) -> None:
    table = "<w:tbl><w:tr><w:tc>" + p("a") + "</w:tc><w:tc>" + p("b") + "</w:tc></w:tr></w:tbl>"
    import io
    import zipfile

    for data in (
        docx(p("Một đoạn") * 3 + table),
        odt("<text:p>Một đoạn</text:p><text:h>Hai</text:h>"),
    ):
        for torn in mutations(data, 1):
            attempt(tmp_path / "a.docx", torn)
        # The container sound, the XML inside torn.
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        for name in [name for name in parts if name.endswith(("document.xml", "content.xml"))]:
            for torn in mutations(parts[name], 2):
                buffer = io.BytesIO()
                with zipfile.ZipFile(buffer, "w") as archive:
                    for other, part in parts.items():
                        archive.writestr(other, torn if other == name else part)
                attempt(tmp_path / "a.docx", buffer.getvalue())


def test_mutated_pdf(tmp_path: Path, pdf: Callable[..., bytes]) -> None:
    data = pdf(
        [
            [(60, 700, "**BÁO CÁO"), (60, 680, "Thu ngân sách đạt kế hoạch")],
            [(60, 700, "trang hai")],
        ]
    )
    for torn in mutations(data, 3):
        attempt(tmp_path / "a.pdf", torn)


def test_mutated_text_formats(tmp_path: Path) -> None:
    samples = {
        ".rtf": r"{\rtf1\ansi{\fonttbl{\f0 .VnTime;}}\pard\b B\u225?o c\'e1o\par\trowd\cellx9"
        r"\intbl a\cell\row{\footnote x}}",
        ".html": "<html><body><table border=1><tr><th>a<th>b<tr><td>1<td>2</table><ol><li>x<p>y</ol><b>z</body>",
        ".md": "# a\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n- b **c**\n  1. d\n\n> e `f` [g](h) <br> ![i](j)\n",
        ".txt": "PHẦN I\n1. Kinh tế đạt\n\tkế hoạch\n\n2\n\n- tốt\n" * 3,
    }
    for number, (suffix, text) in enumerate(samples.items()):
        for torn in mutations(text.encode(), number + 10):
            attempt(tmp_path / f"a{suffix}", torn)


DOC = Path(__file__).parent / "data" / "small.doc"


def test_mutated_doc(tmp_path: Path) -> None:
    pytest.importorskip("olefile", reason="the extra doc is not installed")
    data = DOC.read_bytes()
    assert read_blocks(DOC).blocks[0].text == "BÁO CÁO NHANH"
    for torn in mutations(data, 4) + mutations(data, 5):
        attempt(tmp_path / "a.doc", torn)


@settings(max_examples=150)
@given(data=st.binary(max_size=400), suffix=st.sampled_from(sorted(SUFFIXES)), head=st.sampled_from(
    [b"", b"%PDF-1.4\n", b"{\\rtf1 ", b"PK\x03\x04",
     b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>", b"\xff\xfe"]
))  # fmt: skip
def test_random_bytes(tmp_path: Path, data: bytes, suffix: str, head: bytes) -> None:
    attempt(tmp_path / f"a{suffix}", head + data)


@settings(max_examples=150)
@given(
    text=st.text(
        alphabet=st.sampled_from(list("aĐệ1.-|*#<>/=\"'{}\\&;:()[]`_ \n\t\r\x0c\u00a0\u200b")),
        max_size=400,
    ),
    suffix=st.sampled_from([".txt", ".md", ".html", ".rtf"]),
)
def test_random_markup(tmp_path: Path, text: str, suffix: str) -> None:
    attempt(tmp_path / f"a{suffix}", (("{\\rtf1 " if suffix == ".rtf" else "") + text).encode())


@pytest.mark.parametrize(
    "text",
    ["<" * 200_000, "<table>" * 20_000, "<p><b><i><u>" * 20_000, "&#x41;" * 50_000, "<a href=x>" * 30_000,
     "<table><tr><td rowspan=999 colspan=999>x" * 200, "<style>" + "a{" * 50_000,
     "<p style='" + "a:" * 50_000, "<style>" + "a" * 500_000],
)  # fmt: skip
def test_hostile_html(tmp_path: Path, text: str) -> None:
    attempt(tmp_path / "a.html", text.encode())
    attempt(tmp_path / "a.html", b"<html><body>" + text.encode() + "chữ thường".encode())


@pytest.mark.parametrize(
    "text",
    ["|" * 200_000, "| a " * 20_000 + "\n" + "|-" * 20_000, "> " * 20_000, "- " * 20_000,
     "**a" * 50_000, "[a](" * 20_000, "`" * 100_000, "a\n" * 100_000, " " * 500_000 + "x",
     "<!--" * 50_000, "![" * 30_000, "&" * 200_000],
)  # fmt: skip
def test_hostile_markdown_and_text(tmp_path: Path, text: str) -> None:
    attempt(tmp_path / "a.md", text.encode())
    attempt(tmp_path / "a.txt", text.encode())
