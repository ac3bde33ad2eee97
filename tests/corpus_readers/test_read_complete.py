"""No word of a file is lost, in any format: measured against the file's text read another way."""

from __future__ import annotations

import html
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tracuu.corpus import Reader, Reading

Write = Callable[[Sequence[str]], bytes]
SAMPLES = sorted((Path(__file__).resolve().parents[2] / "corpus" / "samples").glob("*.txt"))
SHARED = Path(__file__).resolve().parents[3] / "shared" / "reports"
REAL = sorted((SHARED / "real").glob("*.*")) if SHARED.is_dir() else []
# What readers leave out on purpose: drafts' stamps and the marks of notes glued to their words.
_STAMPS = {"dự", "thảo"}
_LEFT_OUT = 8  # words of a real file: half letters of a mail address and the like


def words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFC", text).lower()
    return [re.sub(r"(?<=[^\W\d])\d{1,2}$", "", word) for word in re.findall(r"[^\W_]+", plain)]


def is_word(text: str) -> bool:
    """Page numbers and the numbers of notes are none."""
    return not any(map(str.isdigit, text)) and text not in _STAMPS


def lost(text: str, readings: Sequence[Reading]) -> Counter[str]:
    """The words of ``text`` that stand in no element of the readings."""
    found = Counter(word for r in readings for e in r.elements for word in words(e.text))
    return Counter(word for word in words(text) if is_word(word)) - found


def findable(readings: Sequence[Reading]) -> tuple[int, int]:
    """How many words stand in passages and their heading paths, and how many anywhere."""
    found: Counter[str] = Counter()
    for reading in readings:
        for passage in reading.passages:
            found.update(words(passage.text))
        for heading in {text for p in reading.passages for text in p.heading_path}:
            found.update(words(heading))
    every = Counter(w for r in readings for e in r.elements for w in words(e.text))
    return (every & found).total(), every.total()


def as_html(lines: Sequence[str]) -> bytes:
    body = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return f"<html><meta charset='utf-8'><body>{body}</body></html>".encode()


def as_rtf(lines: Sequence[str]) -> bytes:
    def code(char: str) -> str:
        return char if char.isascii() and char not in "\\{}" else f"\\u{ord(char)}?"

    body = "".join("".join(map(code, line)) + "\\par\n" for line in lines)
    return ("{\\rtf1\\ansi\\uc1 " + body + "}").encode("ascii")


def as_markdown(lines: Sequence[str]) -> bytes:
    return "\n\n".join(re.sub(r"([\\`*_#|<>\[\]])", r"\\\1", line) for line in lines).encode()


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture
def writers(
    docx: Callable[..., bytes], odt: Callable[..., bytes], pdf: Callable[..., bytes]
) -> dict[str, Write]:
    def as_pdf(lines: Sequence[str]) -> bytes:
        pieces: list[tuple[float, float, str]] = []
        pages = [pieces]
        y = 760.0
        for line in lines:
            parts = re.findall(r".{1,78}(?:\s|$)", line)
            for at, part in enumerate(parts):
                if y < 60:
                    pieces, y = [], 760.0
                    pages.append(pieces)
                pieces.append((60 if at else 80, y, part.strip()))
                y -= 15
            y -= 6
        return pdf(pages)

    return {
        "txt": lambda lines: "\n\n".join(lines).encode(),
        "md": as_markdown,
        "html": as_html,
        "rtf": as_rtf,
        "docx": lambda lines: docx(
            "".join(f"<w:p><w:r><w:t>{html.escape(x)}</w:t></w:r></w:p>" for x in lines)
        ),
        "odt": lambda lines: odt("".join(f"<text:p>{html.escape(x)}</text:p>" for x in lines)),
        "pdf": as_pdf,
    }


@pytest.mark.parametrize("kind", ["txt", "md", "html", "rtf", "docx", "odt", "pdf"])
@pytest.mark.parametrize("sample", SAMPLES[:1], ids=lambda path: path.stem[:20])
def test_every_word_of_a_report_comes_back_from_every_format(
    writers: dict[str, Write], reader: Reader, tmp_path: Path, kind: str, sample: Path
) -> None:
    for package in {"md": ["markdown_it"], "html": ["lxml"], "docx": ["defusedxml"],
                    "odt": ["defusedxml"], "pdf": ["pypdfium2"]}.get(kind, []):  # fmt: skip
        pytest.importorskip(package, reason=f"the extra {kind} is not installed")
    lines = [line.strip() for line in sample.read_text(encoding="utf-8").splitlines()][:160]
    lines = [" ".join(line.split()) for line in lines if any(map(str.isalnum, line))]
    path = tmp_path / f"bao-cao.{kind}"
    path.write_bytes(writers[kind](lines))
    readings = reader.read(path)
    assert not lost("\n".join(lines), readings)
    assert len(lines) > 40
    found, every = findable(readings)
    assert found > 0.9 * every  # the rest is letterhead, title and signature


def raw_text(path: Path) -> str | None:
    """The text of a real file, by other means than a reader's; None where there are none."""
    data = path.read_bytes()
    match path.suffix:
        case ".pdf":
            pdfium = pytest.importorskip("pypdfium2")
            return "\n".join(
                page.get_textpage().get_text_range() for page in pdfium.PdfDocument(data)
            )
        case ".docx":
            with zipfile.ZipFile(path) as archive:
                xml = archive.read("word/document.xml").decode()
            runs = re.sub(
                r"</w:p>|<w:(?:tab|br)\b[^>]*>",
                " ",
                re.sub(r"<w:del .*?</w:del>", "", xml, flags=re.DOTALL),
            )
            return html.unescape(
                re.sub(r"<[^>]+>", "", re.sub(r"<wp:\w+>[^<]*</wp:\w+>", " ", runs))
            )
        case ".htm" | ".html":
            lxml = pytest.importorskip("lxml.html")
            tree = lxml.fromstring(data)
            for element in tree.xpath("//script|//style|//head"):
                element.drop_tree()
            return " ".join(tree.itertext())
        case ".md":
            return re.sub(r"\A---\n.*?\n---\n", "", data.decode(), flags=re.DOTALL)
        case ".txt":
            return data.decode()
    return None  # .doc


@pytest.mark.skipif(not REAL, reason="the real documents in shared/reports are not here")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_hardly_a_word_of_a_real_file_is_lost(reader: Reader, path: Path) -> None:
    readings = reader.read(path)
    found, every = findable(readings)
    assert found > 0.5 * every  # a crawled page may hold as much of its site as of its document
    text = raw_text(path)
    if text is not None:
        assert lost(text, readings).total() <= _LEFT_OUT
