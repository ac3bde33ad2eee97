"""Presentations (.pptx): slide titles as headings, then their texts and tables.

Notes are left out.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ...errors import DamagedFile, Message
from ..blocks import Block
from .packages import Package
from .source import SourceFile
from .tables import Cell, Table, table_blocks

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("sldNum", "dt", "ftr", "hdr")  # slide number, date, footer, header


def read(source: SourceFile) -> Iterator[Block]:
    """The blocks of a presentation; the page of a block is its slide's number."""
    with Package(source) as package:
        deck = package.xml("ppt/presentation.xml")
        if deck is None:
            raise DamagedFile(source.path, "the part with its slides is missing")
        for number, name in enumerate(_slides(package, deck), 1):
            slide = package.xml(name)
            if slide is None:
                source.note(Message("slide {number} is missing", number=number))
            elif slide.get("show") != "0":
                yield from _slide(slide, number)


def _slides(package: Package, deck: Element) -> Iterator[str]:
    """The parts of the slides, in display order."""
    relations = package.xml("ppt/_rels/presentation.xml.rels")
    targets = {
        one.get("Id"): one.get("Target", "") for one in (relations if relations is not None else ())
    }
    for entry in deck.iter(f"{_P}sldId"):
        target = targets.get(entry.get(f"{_R}id"), "")
        yield target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"ppt/{target}")


def _slide(slide: Element, number: int) -> Iterator[Block]:
    shapes = [one for one in slide.iter() if one.tag in (f"{_P}sp", f"{_P}graphicFrame")]
    titles = [one for one in shapes if _role(one) in _TITLES]
    for shape in titles:
        text = " ".join(_paragraphs(shape))
        if text:
            yield Block(text, page=number, level=1)
    for shape in shapes:
        if shape in titles or _role(shape) in _FURNITURE:
            continue
        if shape.tag == f"{_P}graphicFrame":
            for table in shape.iter(f"{_A}tbl"):
                yield from table_blocks(_table(table, number))
        else:
            for text in _paragraphs(shape):
                yield Block(text, page=number, gap=True)


def _role(shape: Element) -> str:
    placeholder = next(shape.iter(f"{_P}ph"), None)
    return "" if placeholder is None else placeholder.get("type", "body")


def _paragraphs(root: Element) -> Iterator[str]:
    for paragraph in root.iter(f"{_A}p"):
        pieces = (
            " " if one.tag == f"{_A}br" else one.text or ""
            for one in paragraph.iter()
            if one.tag in (f"{_A}t", f"{_A}br")
        )
        text = " ".join("".join(pieces).split())
        if text:
            yield text


def _table(table: Element, number: int) -> Table:
    rows = []
    for row in table.iter(f"{_A}tr"):
        cells = []
        for cell in row.iter(f"{_A}tc"):
            hidden = cell.get("hMerge") == "1"
            if not hidden:
                blocks = [Block(text, page=number) for text in _paragraphs(cell)]
                span = cell.get("gridSpan", "1")
                columns = int(span) if span.isdecimal() else 1
                cells.append(Cell(blocks, columns, continued=cell.get("vMerge") == "1"))
        rows.append(cells)
    return Table(rows, borders=True)
