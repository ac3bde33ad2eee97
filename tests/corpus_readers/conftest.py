"""Small documents, built by the tests themselves."""

from __future__ import annotations

import io
import itertools
import sys
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from tracuu.corpus.readers import Contents, Limits, read_blocks

sys.path.insert(0, str(Path(__file__).parent))  # compound_files

from compound_files import Tree, compound_file

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Contents]:
    """``read(name, bytes or text)``: the contents of a file of that name."""

    def read_it(
        name: str, data: bytes | str, limits: Limits | None = None, *, ocr: bool = False
    ) -> Contents:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return read_blocks(path, limits=limits, ocr=ocr)

    return read_it


def zipped(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def docx() -> Callable[..., bytes]:
    """``docx(body, styles=…, numbering=…, footnotes=…, core=…)``: a Word file of these pieces of XML."""

    def build(body: str, **parts: str) -> bytes:
        spaces = (
            f'xmlns:w="{W}" xmlns:r="{RELATIONS}" '
            'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
            'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
            'xmlns:v="urn:schemas-microsoft-com:vml"'
        )
        core = parts.pop("core", "")
        files: dict[str, str | bytes] = {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
            f"</Relationships>",
            "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": "<Relationships "
            'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            + "".join(
                f'<Relationship Id="{name}" Type="{RELATIONS}/{name}" Target="{name}.xml"/>'
                for name in parts
            )
            + "</Relationships>",
        }
        for name, xml in parts.items():
            files[f"word/{name}.xml"] = f"<w:{name} {spaces}>{xml}</w:{name}>"
        if core:
            files["docProps/core.xml"] = (
                '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
                'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
                + core
                + "</cp:coreProperties>"
            )
        return zipped(files)

    return build


@pytest.fixture
def odt() -> Callable[..., bytes]:
    """``odt(body, automatic=…, styles=…)``: an OpenDocument text."""

    def build(body: str, automatic: str = "", styles: str = "") -> bytes:
        spaces = " ".join(
            f'xmlns:{prefix}="{ODF}:{name}:1.0"'
            for prefix, name in (
                ("office", "office"),
                ("text", "text"),
                ("table", "table"),
                ("style", "style"),
                ("draw", "drawing"),
                ("fo", "xsl-fo-compatible"),
                ("svg", "svg-compatible"),
                ("meta", "meta"),
            )
        )
        return zipped(
            {
                "mimetype": "application/vnd.oasis.opendocument.text",
                "content.xml": f"<office:document-content {spaces}><office:automatic-styles>{automatic}"
                f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
                "</office:document-content>",
                "styles.xml": f"<office:document-styles {spaces}><office:styles>{styles}</office:styles>"
                "</office:document-styles>",
                "meta.xml": f'<office:document-meta {spaces} xmlns:dc="http://purl.org/dc/elements/1.1/">'
                "<office:meta><dc:title>Báo cáo năm</dc:title></office:meta></office:document-meta>",
            }
        )

    return build


PdfText = tuple[float, float, str] | tuple[float, float, str, float]
PdfRule = tuple[float, float, float, float]
# degrees to the left → the matrix that turns a page so
TURNED = {
    0: b"1 0 0 1 0 0",
    90: b"0 1 -1 0 600 0",
    180: b"-1 0 0 -1 600 800",
    270: b"0 -1 1 0 0 800",
}


class PdfFile:
    """The objects of a PDF, numbered from 1; the first two are the catalogue and the tree of pages."""

    def __init__(self) -> None:
        self.objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
        self.pages: list[int] = []
        self.fonts = self._fonts()
        self.image = self.stream(
            b"\xff" * 100,
            b"/Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceGray "
            b"/BitsPerComponent 8",
        )

    def add(self, data: bytes) -> int:
        self.objects.append(data)
        return len(self.objects)

    def stream(self, data: bytes, extra: bytes = b"") -> int:
        packed = zlib.compress(data)
        head = b"<< /Length %d /Filter /FlateDecode %s >>" % (len(packed), extra)
        return self.add(head + b"\nstream\n" + packed + b"\nendstream")

    def _fonts(self) -> list[int]:
        """A regular and a bold font, whose codes are those of Unicode."""
        unicode = self.stream(
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def "
            b"/CMapType 2 def\n"
            b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            + b"100 beginbfrange\n"
            + b"".join(b"<%02X00> <%02XFF> <%02X00>\n" % (i, i, i) for i in range(100))
            + b"endbfrange endcmap end end"
        )
        fonts = []
        for name in (b"TimesNewRoman", b"TimesNewRoman,Bold"):
            descriptor = self.add(
                b"<< /Type /FontDescriptor /FontName /%s /Flags 32 /FontBBox [0 -200 500 700] /Ascent 700 "
                b"/Descent -200 /CapHeight 600 /ItalicAngle 0 /StemV 80 >>" % name
            )
            descendant = self.add(
                b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) "
                b"/Ordering (Identity) /Supplement 0 >> /FontDescriptor %d 0 R /DW 500 >>"
                % (name, descriptor)
            )
            fonts.append(
                self.add(
                    b"<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H "
                    b"/DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>" % (name, descendant, unicode)
                )
            )
        return fonts

    def page(
        self, lines: Sequence[PdfText], rules: Sequence[PdfRule], *, picture: bool, turn: int
    ) -> None:
        content = TURNED[turn] + b" cm\n"
        content += b"q 500 0 0 700 50 50 cm /I Do Q\n" if picture else b""
        for rule in rules:
            content += b"%.2f %.2f m %.2f %.2f l S\n" % rule
        for x, y, text, *size in lines:
            font = b"/B" if text.startswith("**") else b"/R"
            slant = b".7 .7 -.7 .7" if text.startswith("//") else b"1 0 0 1"
            codes = text.lstrip("*/").encode("utf-16-be").hex().encode()
            place = (font, size[0] if size else 12, slant, x, y, codes)
            content += b"BT %s %.1f Tf %s %.2f %.2f Tm <%s> Tj ET\n" % place
        body = self.stream(content)
        self.pages.append(
            self.add(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R /Resources "
                b"<< /Font << /R %d 0 R /B %d 0 R >> /XObject << /I %d 0 R >> >> >>"
                % (body, *self.fonts, self.image)
            )
        )

    def data(self) -> bytes:
        kids = b" ".join(b"%d 0 R" % page for page in self.pages)
        self.objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(self.pages), kids)
        data = b"%PDF-1.5\n"
        places = []
        for number, body in enumerate(self.objects, start=1):
            places.append(len(data))
            data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        xref = len(data)
        data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(self.objects) + 1)
        data += b"".join(b"%010d 00000 n \n" % place for place in places)
        return data + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
            len(self.objects) + 1,
            xref,
        )


@pytest.fixture
def pdf() -> Callable[..., bytes]:
    """``pdf([[(x, y, text), …], …])``: a PDF with these lines a page; ``**`` before a text makes it bold,
    ``//`` slants it.

    A fourth value is the font's size (12). Letters are half as wide as their size, a page is 600 by 800.
    ``rules`` are the lines drawn on each page: (x0, y0, x1, y1). ``turn`` is the angle in degrees by which
    all of it stands turned to the left on the page.
    """

    def build(
        pages: Sequence[Sequence[PdfText]],
        *,
        picture: bool = False,
        rules: Sequence[Sequence[PdfRule]] = (),
        turn: int = 0,
    ) -> bytes:
        file = PdfFile()
        for lines, drawn in itertools.zip_longest(pages, rules[: len(pages)], fillvalue=()):
            file.page(lines, drawn, picture=picture, turn=turn)
        return file.data()

    return build


def paragraph_xml(text: str, properties: str = "", look: str = "") -> str:
    """A Word paragraph of one run."""
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{look}</w:rPr>"
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


@pytest.fixture
def p() -> Callable[..., str]:
    """``p(text, properties, look)``: the XML of a Word paragraph."""
    return paragraph_xml


@pytest.fixture
def compound() -> Callable[[Tree], bytes]:
    """Builds a compound file ([MS-CFB]) of streams and storages."""
    return compound_file
