"""Results as a Word document: each passage quoted, with the headings above it and its citation.

Set as Vietnamese offices set their texts (Nghị định 30/2020/NĐ-CP, phụ lục I): A4, Times New Roman 13,
margins 20 / 20 / 30 / 15 mm.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ...errors import MissingExtra, install_extra
from .asked import Asked
from .facets import make_chips
from .looks import Looks, Shown
from .wording import Wording

if TYPE_CHECKING:
    from docx.document import Document

_FONT = "Times New Roman"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_XML_NOTE = "\ufffd"


def quotations(
    hits: Sequence[Shown], *, asked: Asked, total: int, looks: Looks, t: Wording
) -> bytes:
    """The bytes of a .docx. Raises MissingExtra where python-docx is not installed."""
    try:
        import docx
    except ImportError:
        raise MissingExtra(
            f"quotations as .docx need python-docx; {install_extra('web')}"
        ) from None

    document = docx.Document()
    _set_up(document, t)
    document.add_heading(_clean(t("docx.title")), level=0)
    for line in _about(asked, len(hits), total, looks, t):
        document.add_paragraph(_clean(line), style="Subtitle")
    for number, shown in enumerate(hits, start=1):
        _quote(document, number, shown, t)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _about(asked: Asked, rows: int, total: int, looks: Looks, t: Wording) -> Iterable[str]:
    if asked.q:
        yield t("docx.query", query=asked.q)
    for chip in make_chips(asked, looks, t):
        yield f"{chip.room}: {chip.label}"
    yield t("docx.all", n=total) if rows == total else t("docx.some", rows=rows, n=total)


def _quote(document: Document, number: int, shown: Shown, t: Wording) -> None:
    """One passage: a heading, area and assessment, the text in quotation marks, the citation."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document.add_heading(_clean(f"{number}. {shown.name.striptags()}"), level=2)
    told = f" · {t(shown.tells)}" if shown.passage.assessment else ""
    document.add_paragraph(_clean(shown.area + told), style="Caption")
    lines = _clean(shown.passage.text).splitlines() or [""]
    for at, line in enumerate(lines):
        opening, closing = "“" if at == 0 else "", "”" if at == len(lines) - 1 else ""
        document.add_paragraph(
            f"{opening}{line}{closing}", style="Quote"
        ).paragraph_format.keep_with_next = True
    cited = document.add_paragraph(style="Normal")
    cited.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    cited.add_run(_clean(f"({shown.cite.rstrip('.')})")).italic = True


def _set_up(document: Document, t: Wording) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    sizes = {"Normal": 13, "Quote": 13, "Caption": 11, "Subtitle": 12, "Title": 18, "Heading 2": 14}
    for name, size in sizes.items():
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
    """Without characters that XML, and so Word, cannot hold."""
    return _NOT_IN_XML.sub(_NOT_IN_XML_NOTE, text)
