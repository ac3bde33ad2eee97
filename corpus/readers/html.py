"""HTML pages, including those saved by Word or with a wrong declared encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ...errors import DamagedFile, TooLarge
from ..blocks import Block, BlockKind
from .assemble import Run, paragraph
from .css import Stylesheet, TextStyle, restyle
from .lines import split_lines
from .mhtml import html_part, is_mhtml
from .numbers import number_label
from .source import SourceFile
from .tables import Cell, Table, table_blocks
from .text import decode_source
from .webpage import HtmlElement, is_word_page, main_part

_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w-]+)",
    re.I,
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "select",
        "option",
        "button",
        "textarea",
        "svg",
        "math",
        "iframe",
        "object",
        "canvas",
        "audio",
        "video",
        "map",
        "datalist",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "caption",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "nav",
        "form",
        "fieldset",
        "blockquote",
        "pre",
        "center",
        "address",
        "figure",
        "figcaption",
        "hr",
        "body",
        "html",
        "details",
        "summary",
    ]
)
_BOLD = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"))
_STRUCK = frozenset(("del", "s", "strike"))  # deleted text
_HEADING = re.compile(r"h[1-6]$")
_SOLID = re.compile(
    r"border[\w-]*\s*:[^;]*(?:solid|double|windowtext|\d\s*(?:px|pt))", re.IGNORECASE
)
_NO_BORDER = re.compile(r"(?:^|;)\s*border\s*:\s*(?:none|0)", re.IGNORECASE)
_MARKER = re.compile(r"^[·•§o\uf0b7\uf0a7\uf02d\uf0d8\uf0fc](?:[\s\xa0]+|$)")
_WORD_SWITCH = re.compile(r"<!\[(?:if|endif)[^>]{0,200}\]>", re.IGNORECASE)


def read(source: SourceFile) -> Iterator[Block]:
    """The blocks of a page, without scripts, hidden text and page furniture.

    Raises ``NotText`` for bytes in no known encoding, ``TooLarge`` for elements nested beyond
    reason.
    """
    from lxml import etree
    from lxml import html as lxml_html

    text = _WORD_SWITCH.sub("", _page_text(source))
    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    # Lone surrogates and NUL, which are invisible, would end the parse early.
    clean = re.sub("[\x00\ud800-\udfff]", "", text)
    root = lxml_html.document_fromstring(clean.encode("utf-8"), parser=parser)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise TooLarge(source.path, "its elements are nested too deeply")
    _properties(root, source)
    word = is_word_page(root)
    body = root.find("body")
    start: HtmlElement = root if body is None else body
    dropped: set[HtmlElement] = set()
    if not word:
        start, dropped = main_part(start)
    styles = Stylesheet("\n".join(element.text or "" for element in root.iter("style")))
    return _Walk(styles, dropped, word).blocks(start, etree)


def _page_text(source: SourceFile) -> str:
    """The page as text; of a single-file web page its HTML part."""
    if is_mhtml(source.data):
        part = html_part(source.data)
        if part is None:
            raise DamagedFile(source.path, "a web page in a single file without the page itself")
        page = replace(source, data=part[0])  # shares the notes of `source`
        return decode_source(page, part[1] or _declared(part[0]), fonts=True)
    return decode_source(source, _declared(source.data), fonts=True)


def _declared(data: bytes) -> str | None:
    found = _CHARSET.search(data[:4096])
    return (found[1] or found[2]).decode("ascii") if found else None


def _properties(root: HtmlElement, source: SourceFile) -> None:
    title = next(root.iter("title"), None)
    if title is not None and title.text:
        source.properties["title"] = title.text
    for meta in root.iter("meta"):
        name = (meta.get("name") or "").lower()
        if name in ("author", "description", "keywords") and meta.get("content"):
            source.properties[name] = meta.get("content")


@dataclass(slots=True)
class _List:
    ordered: bool
    style: str
    number: int
    step: int


class _Walk:
    """One pass over the tree, without recursion.

    Handles the start of an element, its text, and its end.
    """

    def __init__(self, styles: Stylesheet, dropped: set[HtmlElement], word: bool) -> None:
        self.styles = styles
        self.dropped = dropped
        self.word = word
        self.looks: list[TextStyle] = [TextStyle()]
        self.runs: list[Run] = []
        self.lists: list[_List] = []
        self.tables: list[Table] = []
        self.cells: list[Cell] = []
        self.label = ""
        self.term = False  # the runs are a term of a description list
        self.level: int | None = None
        self.kind: BlockKind = "paragraph"
        self.gap = False
        self.out: list[Block] = []

    def blocks(self, start: HtmlElement, etree: Any) -> Iterator[Block]:
        for event, element in etree.iterwalk(start, events=("start", "end")):
            if event == "start":
                self._open(element)
                self._text(element.text)
            else:
                self._close(element)
                self.looks.pop()
                if element is not start:
                    self._text(element.tail)
            if self.out and not self.tables:
                yield from self.out
                self.out.clear()
        self._flush()
        yield from self.out

    def _open(self, element: HtmlElement) -> None:
        tag = element.tag
        look = self._look(element, tag)
        self.looks.append(look)
        if tag == "br" and not look.hidden:
            self.runs.append(Run("\n", look.bold))
        if tag not in _BLOCKS or look.hidden:
            return
        if tag != "dd" or not self.term:
            self._flush()
        self.term = False
        if tag in ("ul", "ol"):
            self.lists.append(_new_list(element))
        elif tag == "li":
            self._open_item(element)
        elif _HEADING.match(tag):
            self.level = int(tag[1])
        elif tag == "table":
            if self.tables:
                self.tables[-1].nested = True
            self.tables.append(Table(borders=self._borders(element)))
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag in ("td", "th") and self.tables:
            self._open_cell(element)
        elif tag == "p" and "mso-list" in (element.get("style") or ""):
            self.kind = "list-item"

    def _close(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag not in _BLOCKS or self.looks[-1].hidden:
            return
        if (
            tag in ("p", "div", "h1", "h2", "h3")
            and not "".join(run.text for run in self.runs).strip()
        ):
            self.gap = self.gap or (tag == "p")
        self.term = tag == "dt" and bool(self.runs)
        if self.term:  # its description is the rest of the line
            self.runs[-1].text = self.runs[-1].text.rstrip(" :")
            self.runs.append(Run(": ", self.runs[-1].bold))
            return
        self._flush()
        self.level = None
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "li":
            self.label = ""
        elif tag in ("td", "th") and self.cells:
            self.cells.pop()
        elif tag == "table" and self.tables:
            table = self.tables.pop()
            blocks = list(table_blocks(table))
            target = self.cells[-1].blocks if self.cells and self.tables else self.out
            target.extend(blocks)

    def _look(self, element: HtmlElement, tag: str) -> TextStyle:
        look = self.looks[-1]
        if look.hidden:
            return look
        if tag in _SILENT or element in self.dropped or element.get("hidden") is not None:
            return replace(look, hidden=True)
        if tag in _BOLD:
            look = replace(look, bold=True)
        elif tag in _STRUCK:
            return replace(look, hidden=True)
        elif tag == "sup" or "MsoFootnoteReference" in (element.get("class") or ""):
            look = replace(look, raised=True)
        elif tag in ("u", "ins"):
            look = replace(look, underlined=True)
        elif tag == "center":
            look = replace(look, centred=True)
        elif tag == "pre":
            look = replace(look, preformatted=True)
        elif tag == "font" and element.get("face"):
            look = replace(look, font=element.get("face").split(",")[0].strip())
        align = element.get("align")
        if align and tag not in ("table", "img"):
            look = replace(look, centred=align.lower() == "center")
        look = restyle(look, self.styles.declarations(tag, element.get("class") or ""))
        return restyle(look, element.get("style") or "")

    def _text(self, text: str | None) -> None:
        look = self.looks[-1]
        if not text or look.hidden:
            return
        if look.preformatted:
            for i, line in enumerate(text.split("\n")):
                if i:
                    self._flush()
                self.runs.append(Run(line, look.bold, look.underlined, look.font, look.raised))
            return
        shown = _BLANKS.sub(" ", text)
        self.runs.append(Run(shown, look.bold, look.underlined, look.font, look.raised))

    def _flush(self) -> None:
        """End the paragraph: make a block, or several at its line breaks."""
        runs, self.runs = self.runs, []
        if not any(run.text.strip() for run in runs):
            return
        kind = self.kind
        if kind == "list-item":  # Word writes the bullet as a letter of a symbol font
            first = next(run for run in runs if run.text.strip())
            first.text = _MARKER.sub("- ", first.text.lstrip())
            kind = "paragraph"
        target = self.cells[-1].blocks if self.cells and self.tables else self.out
        for line in split_lines(runs):
            block = paragraph(
                line,
                label=self.label,
                kind="list-item" if self.label == "-" else kind,
                level=self.level,
                centred=self.looks[-1].centred,
                gap=self.gap,
            )
            if block is not None:
                target.append(block)
                self.label, self.gap = "", False
        self.kind = "paragraph"

    def _open_item(self, element: HtmlElement) -> None:
        if not self.lists:
            self.label = "-"
            return
        current = self.lists[-1]
        value = element.get("value")
        if value and value.lstrip("-").isdigit():
            current.number = int(value[:9])
        if current.ordered:
            self.label = number_label(current.number, current.style) + "."
            current.number += current.step
        else:
            self.label = "-"

    def _open_cell(self, element: HtmlElement) -> None:
        table = self.tables[-1]
        if not table.rows:
            table.rows.append([])
        cell = Cell(
            [],
            columns=_span(element, "colspan"),
            rows=_span(element, "rowspan"),
            heading=element.tag == "th",
        )
        table.rows[-1].append(cell)
        self.cells.append(cell)

    def _borders(self, element: HtmlElement) -> bool | None:
        """Whether the table has lines; None if a separate style sheet decides."""
        cells = [cell.get("style") or "" for cell in element.iter("td", "th")]
        if any(_SOLID.search(style) for style in cells):
            return True
        if cells and all(_NO_BORDER.search(style) for style in cells):
            return False
        if (element.get("border") or "0").strip() not in ("0", ""):
            return True
        return False if self.word else None


def _new_list(element: HtmlElement) -> _List:
    ordered = element.tag == "ol"
    start = element.get("start") or "1"
    reverse = element.get("reversed") is not None
    number = int(start[:9]) if start.lstrip("-").isdigit() else 1
    if reverse and not element.get("start"):
        number = len(element.findall("li"))
    styles = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
    return _List(
        ordered, styles.get(element.get("type") or "1", "decimal"), number, -1 if reverse else 1
    )


def _span(element: HtmlElement, name: str) -> int:
    value = (element.get(name) or "1").strip()
    return max(1, min(int(value[:4]), 1000)) if value.isdigit() else 1
