"""Word documents (.docx): the visible text, with tracked changes accepted.

The XML is parsed directly, since libraries for .docx ignore the structures needed here (generated
numbers, tracked changes, text boxes, footnotes). Comments, headers, footers, hidden text and tables
of contents are ignored; a footnote follows the paragraph that refers to it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ...errors import DamagedFile, TooLarge
from ..blocks import Block
from .assemble import Run
from .docx_numbering import read_numbering
from .docx_styles import Styles, W, paragraph_props, run_props, switch, value
from .numbering import Numbering
from .packages import Package
from .props import Props, noted, styled_blocks
from .source import SourceFile
from .tables import Cell, Table, table_blocks

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
# Containers replaced by their content: insertions are accepted.
_THROUGH = frozenset(
    W + name
    for name in (
        "ins",
        "moveTo",
        "sdt",
        "sdtContent",
        "smartTag",
        "customXml",
        "hyperlink",
        "fldSimple",
        "dir",
        "bdo",
    )
)
_GONE = frozenset(
    W + name
    for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "instrText", "delText")
)
_LINE_BREAKS = (None, "textWrapping")


def read(source: SourceFile) -> Iterator[Block]:
    """The blocks of a Word document."""
    with Package(source) as package:
        name = _main_part(package)
        root = package.xml(name)
        if root is None:
            raise DamagedFile(source.path, "the part with its text is missing")
        related = _related(package, name)
        styles = Styles(package.xml(related.get("styles", "")))
        numbering = read_numbering(package.xml(related.get("numbering", "")), styles)
        notes = {
            kind: _notes(package.xml(related.get(kind + "s", "")), kind)
            for kind in ("footnote", "endnote")
        }
        _properties(package, source)
        body = root.find(W + "body")
        if body is None:
            raise DamagedFile(source.path, "it has no body")
        if root.find(f".//{W}altChunk") is not None:
            source.note("parts embedded in another format are left out")
        yield from _Walk(source, styles, numbering, notes).content(body)


def _main_part(package: Package) -> str:
    root = package.xml("_rels/.rels")
    for relation in [] if root is None else root.iter(_RELATION):
        if (relation.get("Type") or "").endswith("/officeDocument"):
            target = (relation.get("Target") or "").lstrip("/")
            if target in package:
                return target
    return "word/document.xml"


def _related(package: Package, name: str) -> dict[str, str]:
    """Kind of a related part (``"styles"``, ``"footnotes"`` …) → its name."""
    folder, base = posixpath.split(name)
    root = package.xml(f"{folder}/_rels/{base}.rels")
    found: dict[str, str] = {}
    for relation in [] if root is None else root.iter(_RELATION):
        target = relation.get("Target") or ""
        path = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
        found.setdefault((relation.get("Type") or "").rsplit("/", 1)[-1], path)
    return found


def _notes(root: Element | None, kind: str) -> dict[str, Element]:
    return (
        {} if root is None else {note.get(W + "id") or "": note for note in root.findall(W + kind)}
    )


def _properties(package: Package, source: SourceFile) -> None:
    root = package.xml("docProps/core.xml")
    if root is None:
        return
    for name, tag in (
        ("title", _DC + "title"),
        ("author", _DC + "creator"),
        ("subject", _DC + "subject"),
        ("keywords", _CORE + "keywords"),
        ("created", _TERMS + "created"),
        ("modified", _TERMS + "modified"),
    ):
        text = root.findtext(tag)
        if text:
            source.properties[name] = text


class _Walk:
    """One pass over the body."""

    def __init__(
        self,
        source: SourceFile,
        styles: Styles,
        numbering: Numbering,
        notes: dict[str, dict[str, Element]],
    ) -> None:
        self.source = source
        self.styles = styles
        self.numbering = numbering
        self.notes = notes
        self.depth = 0
        self.fields: list[bool] = []  # open fields; True once their result has begun
        self.carried: list[Run] = []  # text of a paragraph whose mark was deleted
        self.aside: list[Element] = []  # text boxes and notes of the current paragraph
        self.note_number = 0
        self.gap = False

    def content(self, parent: Element) -> Iterator[Block]:
        """The blocks of a body, a cell, a text box or a note."""
        self.depth += 1
        if self.depth > self.source.limits.nesting:
            raise TooLarge(self.source.path, "its tables are nested too deeply (Limits.nesting)")
        for child in parent:
            if child.tag == W + "p":
                yield from self._paragraph(child)
            elif child.tag == W + "tbl":
                yield from self._table(child)
            elif child.tag in _THROUGH:
                yield from self.content(child)
            elif child.tag == _MC + "AlternateContent":
                chosen = _alternative(child)
                if chosen is not None:
                    yield from self.content(chosen)
        self.depth -= 1

    def _paragraph(self, element: Element) -> Iterator[Block]:
        ppr = element.find(W + "pPr")
        style = self.styles.default_paragraph
        if ppr is not None:
            style = value(ppr.find(W + "pStyle")) or style
        props = paragraph_props(ppr).over(self.styles.props(style)).over(self.styles.base)
        outer, self.aside = self.aside, []
        runs = self.carried + list(self._runs(element, props))
        self.carried = []
        if ppr is not None and ppr.find(f"{W}rPr/{W}del") is not None:
            self.carried = runs
            aside, self.aside = self.aside, outer
        else:
            if not self.styles.is_contents(style):
                yield from self._blocks(runs, props)
            else:
                self.source.note("the table of contents is left out")
            aside, self.aside = self.aside, outer
        for extra in aside:
            yield from self._extra(extra)

    def _blocks(self, runs: list[Run], props: Props) -> Iterator[Block]:
        if not any(run.text.strip() for run in runs):
            # Word does not number empty paragraphs.
            self.gap = True
            return
        label = self.numbering.label(props.num_id, props.num_level)
        yield from styled_blocks(runs, props, label=label, gap=self.gap)
        self.gap = False

    def _extra(self, element: Element) -> Iterator[Block]:
        """A text box or note, after the paragraph that it is anchored to."""
        if element.tag not in (W + "footnote", W + "endnote"):
            yield from self.content(element)
            return
        self.note_number += 1
        yield from noted(list(self.content(element)), self.note_number)

    def _runs(self, parent: Element, props: Props) -> Iterator[Run]:
        for child in parent:
            tag = child.tag
            if tag == W + "r":
                yield from self._run(child, props)
            elif tag in _THROUGH:
                yield from self._runs(child, props)
            elif tag == _MC + "AlternateContent":
                chosen = _alternative(child)
                if chosen is not None:
                    yield from self._runs(chosen, props)
            elif tag.startswith(_MATH):
                yield Run("".join(t.text or "" for t in child.iter(_MATH + "t")))

    def _run(self, element: Element, base: Props) -> Iterator[Run]:
        rpr = element.find(W + "rPr")
        props = run_props(rpr)
        style = None if rpr is None else value(rpr.find(W + "rStyle"))
        if style:
            props = props.over(self.styles.props(style))
        props = props.over(base)
        if rpr is not None and switch(rpr, "specVanish"):
            props.hidden = False  # a style separator hides only the paragraph mark
        text = "".join(self._pieces(element))
        if text and not props.hidden:
            yield Run(
                text.upper() if props.capitals else text,
                bool(props.bold),
                bool(props.underlined),
                props.font,
                bool(props.raised),
            )

    def _pieces(self, element: Element) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if tag == W + "fldChar":
                self._field(value(child, "fldCharType"))
            elif not all(self.fields) or tag in _GONE:
                continue
            elif tag == W + "t":
                yield child.text or ""
            elif tag == W + "tab":
                yield "\t"
            elif tag == W + "cr" or (tag == W + "br" and value(child, "type") in _LINE_BREAKS):
                yield "\n"
            elif tag == W + "noBreakHyphen":
                yield "-"
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                note = self.notes[tag.removeprefix(W).removesuffix("Reference")].get(
                    child.get(W + "id") or ""
                )
                if note is not None:
                    self.aside.append(note)
            elif tag in (W + "drawing", W + "pict", W + "object", _MC + "AlternateContent"):
                self._boxes(child)

    def _field(self, kind: str | None) -> None:
        """Track fields: the result is text, the instruction is not."""
        if kind == "begin":
            self.fields.append(False)
        elif kind == "separate" and self.fields:
            self.fields[-1] = True
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _boxes(self, element: Element) -> None:
        """Text boxes of a drawing, each only in its first version (new or old Word)."""
        if element.tag == _MC + "AlternateContent":
            chosen = _alternative(element)
            if chosen is not None:
                self._boxes(chosen)
            return
        if element.tag == W + "txbxContent":
            self.aside.append(element)
            return
        for child in element:
            self._boxes(child)

    def _table(self, element: Element) -> Iterator[Block]:
        table = Table(
            borders=self._borders(element), nested=element.find(f".//{W}tc//{W}tbl") is not None
        )
        for row in _rows(element):
            trpr = row.find(W + "trPr")
            if trpr is not None and trpr.find(W + "del") is not None:
                continue
            heading = trpr is not None and bool(switch(trpr, "tblHeader"))
            table.rows.append([self._cell(cell, heading) for cell in _cells(row)])
        yield from table_blocks(table)
        self.gap = False

    def _cell(self, element: Element, heading: bool) -> Cell:
        tcpr = element.find(W + "tcPr")
        span = merge = None
        if tcpr is not None:
            span = value(tcpr.find(W + "gridSpan"))
            merge = tcpr.find(W + "vMerge")
        return Cell(
            list(self.content(element)),
            columns=int(span) if span and span.isdigit() else 1,
            heading=heading,
            continued=merge is not None and value(merge) != "restart",
        )

    def _borders(self, element: Element) -> bool | None:
        """Whether the table has lines, by its own borders or those of its cells."""
        own = element.find(f"{W}tblPr/{W}tblBorders")
        cells = element.findall(f"{W}tr/{W}tc/{W}tcPr/{W}tcBorders")
        for borders in cells if own is None else [own, *cells]:
            if any((value(side) or "nil") not in ("nil", "none") for side in borders):
                return True
        style = value(element.find(f"{W}tblPr/{W}tblStyle"))
        if own is not None or style is None or style in ("TableNormal", "BangThngthng"):
            return False
        return self.styles.has_borders(style)


def _alternative(element: Element) -> Element | None:
    """The first choice of an ``AlternateContent``, else the fallback for old Word."""
    choice = element.find(_MC + "Choice")
    return element.find(_MC + "Fallback") if choice is None else choice


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == W + "tr":
            yield child
        elif child.tag in _THROUGH:
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag == W + "tc":
            yield child
        elif child.tag in _THROUGH:
            yield from _cells(child)
