"""Results as a Word document of quotations.

Each passage is quoted with the headings above it and its citation, in the layout of Vietnamese
offices (Nghị định 30/2020/NĐ-CP, phụ lục I): A4, Times New Roman 13, margins 20 / 20 / 30 / 15 mm.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ...errors import MissingExtra, install_extra
from .facets import make_chips
from .highlight import Span
from .looks import Looks, PassageView
from .query import PageQuery
from .wording import Wording

if TYPE_CHECKING:
    from docx.document import Document

_FONT = "Times New Roman"
_SIZES = {  # points
    "Normal": 13,
    "Quote": 13,
    "Caption": 11,
    "Subtitle": 12,
    "Title": 18,
    "Heading 2": 14,
}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_XML_NOTE = "\ufffd"


def quotations(
    hits: Sequence[PassageView], *, query: PageQuery, total: int, looks: Looks, t: Wording
) -> bytes:
    """The bytes of a .docx file. Raises MissingExtra without python-docx."""
    try:
        import docx
    except ImportError:
        raise MissingExtra(
            "quotations as .docx need python-docx; {how}", how=install_extra("web")
        ) from None

    document = docx.Document()
    _set_up(document, t)
    writer = _Writer(document)
    writer.paragraph("Title", [(t("docx.title"), False)])
    for line in _about(query, len(hits), total, looks, t):
        writer.paragraph("Subtitle", [(line, False)])
    for number, shown in enumerate(hits, start=1):
        _quote(writer, number, shown, t)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


class _Writer:
    """Writes paragraphs, looking up the ids of styles only once.

    python-docx parses all styles for each look-up.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._ids = {name: document.styles[name].style_id for name in _SIZES}

    def paragraph(
        self, style: str, runs: Iterable[tuple[str, bool]], *, right: bool = False
    ) -> None:
        """Write one paragraph of runs (text, whether it is marked).

        ``right`` aligns it to the right, in italics.
        """
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX

        paragraph: Any = self._document.add_paragraph()
        paragraph._p.style = self._ids[style]
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        elif style == "Quote":
            paragraph.paragraph_format.keep_with_next = True
        for text, is_marked in runs:
            run = paragraph.add_run(_clean(text))
            if is_marked:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
            if right:
                run.italic = True


def _about(query: PageQuery, rows: int, total: int, looks: Looks, t: Wording) -> Iterable[str]:
    if query.q:
        yield t("docx.query", query=query.q)
    for chip in make_chips(query, looks, t):
        yield f"{chip.room}: {chip.label}"
    yield t("docx.all", n=total) if rows == total else t("docx.some", rows=rows, n=total)


def _quote(writer: _Writer, number: int, shown: PassageView, t: Wording) -> None:
    """Write one passage: heading, area and assessment, quoted text, citation."""
    writer.paragraph("Heading 2", [(f"{number}. {shown.name.striptags()}", False)])
    assessment = f" · {t(shown.assessment)}" if shown.passage.assessment else ""
    writer.paragraph("Caption", [(shown.area + assessment, False)])
    lines = list(_lines(shown.passage.text, shown.spans)) or [[]]
    lines[0].insert(0, ("“", False))
    lines[-1].append(("”", False))
    for runs in lines:
        writer.paragraph("Quote", runs)
    writer.paragraph("Normal", [(f"({shown.cite.rstrip('.')})", False)], right=True)


def _lines(text: str, spans: Sequence[Span]) -> Iterator[list[tuple[str, bool]]]:
    """The lines of a passage, each as runs; matches are marked."""
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line.splitlines()[0])
        runs, at = [], start
        for first, last in spans:
            first, last = max(first, start), min(last, end)
            if first < last:
                runs += [(text[at:first], False), (text[first:last], True)]
                at = last
        runs.append((text[at:end], False))
        yield [run for run in runs if run[0]]
        start += len(line)


def _set_up(document: Document, t: Wording) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    for name, size in _SIZES.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.font.color.rgb = RGBColor(0x20, 0x18, 0x14)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), _FONT)
    quote: Any = document.styles["Quote"]
    quote.font.italic = False
    quote.paragraph_format.left_indent = Mm(10)
    quote.paragraph_format.line_spacing = 1.3
    quote.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    properties = document.core_properties
    properties.title, properties.author, properties.comments = t("docx.title"), "tracuu", ""
    properties.language = "vi-VN"


def _clean(text: str) -> str:
    """Remove characters that are invalid in XML."""
    return _NOT_IN_XML.sub(_NOT_IN_XML_NOTE, text)
