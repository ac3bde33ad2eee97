"""OpenDocument texts (.odt), with tracked changes accepted.

Comments, headers and footers are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ...errors import DamagedFile, EncryptedFile, TooLarge
from ..blocks import Block
from .assemble import Run
from .numbering import Numbering
from .odt_styles import DRAW, OFFICE, OUTLINE, TABLE, TEXT, OdtStyles, read_numbering
from .packages import Package
from .props import Props, noted, styled_blocks
from .source import SourceFile
from .tables import Cell, Table, table_blocks

_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
_CONTAINERS = frozenset(
    (
        TEXT + "section",
        TEXT + "index-body",
        TEXT + "numbered-paragraph",
        TEXT + "bibliography",
        DRAW + "text-box",
    )
)
_SKIPPED = frozenset(
    TEXT + name
    for name in (
        "tracked-changes",
        "table-of-content",
        "hidden-text",
        "hidden-paragraph",
        "note-citation",
    )
) | {OFFICE + "annotation", OFFICE + "annotation-end", OFFICE + "forms"}
_MOST_BLANKS = 1000


def read(source: SourceFile) -> Iterator[Block]:
    """The blocks of an OpenDocument text."""
    with Package(source) as package:
        manifest = package.xml("META-INF/manifest.xml")
        if (
            manifest is not None
            and next(manifest.iter(_MANIFEST + "encryption-data"), None) is not None
        ):
            raise EncryptedFile(source.path, "it is locked by a password; save it without one")
        root = package.xml("content.xml")
        if root is None:
            raise DamagedFile(source.path, "the part with its text is missing")
        styles = package.xml("styles.xml")
        roots = [part for part in (styles, root) if part is not None]
        _properties(package.xml("meta.xml"), source)
        body = root.find(f"{OFFICE}body/{OFFICE}text")
        if body is None:
            raise DamagedFile(source.path, "it has no text body")
        yield from _Walk(source, OdtStyles(roots), read_numbering(roots)).content(body)


def _properties(root: Element | None, source: SourceFile) -> None:
    if root is None:
        return
    for name, tag in (
        ("title", _DC + "title"),
        ("author", _META + "initial-creator"),
        ("subject", _DC + "subject"),
        ("created", _META + "creation-date"),
        ("modified", _DC + "date"),
    ):
        element = next(root.iter(tag), None)
        if element is not None and element.text:
            source.properties[name] = element.text


class _Walk:
    def __init__(self, source: SourceFile, styles: OdtStyles, numbering: Numbering) -> None:
        self.source = source
        self.styles = styles
        self.numbering = numbering
        self.depth = 0
        self.gap = False
        self.label = ""
        self.aside: list[Element] = []
        self.note_number = 0

    def content(self, parent: Element) -> Iterator[Block]:
        """The blocks of a body, section, cell, text box or note."""
        self.depth += 1
        if self.depth > self.source.limits.nesting:
            raise TooLarge(self.source.path, "its parts are nested too deeply (Limits.nesting)")
        for child in parent:
            if child.tag in (TEXT + "p", TEXT + "h"):
                yield from self._paragraph(child)
            elif child.tag == TEXT + "list":
                yield from self._list(child)
            elif child.tag == TABLE + "table":
                yield from self._table(child)
            elif child.tag == TEXT + "table-of-content":
                self.source.note("the table of contents is left out")
            elif child.tag in _CONTAINERS or child.tag.startswith(DRAW):
                yield from self.content(child)
        self.depth -= 1

    def _paragraph(self, element: Element) -> Iterator[Block]:
        props = self.styles.props("paragraph", element.get(TEXT + "style-name")).over(
            self.styles.default
        )
        is_heading = element.tag == TEXT + "h"
        if is_heading:
            level = element.get(TEXT + "outline-level") or "1"
            props = Props(outline=int(level[:2]) - 1 if level.isdigit() else 0).over(props)
        elif props.outline is not None:
            # A plain paragraph in a heading style is not a heading.
            props = Props(outline=9).over(props)
        outer, self.aside = self.aside, []
        runs = [run for run in self._runs(element, props, 0) if run.text]
        aside, self.aside = self.aside, outer
        label, self.label = self.label, ""
        if any(run.text.strip() for run in runs):
            if is_heading and not label:
                label = self.numbering.label(OUTLINE, props.outline)
            yield from styled_blocks(runs, props, label=label, gap=self.gap)
            self.gap = False
        else:
            self.gap = True
        for extra in aside:
            if extra.tag == TEXT + "note-body":
                self.note_number += 1
                yield from noted(list(self.content(extra)), self.note_number)
            else:
                yield from self.content(extra)

    def _runs(self, element: Element, props: Props, depth: int) -> Iterator[Run]:
        if depth > self.source.limits.nesting:
            raise TooLarge(self.source.path, "its text is nested too deeply (Limits.nesting)")
        yield self._run(element.text, props)
        for child in element:
            tag = child.tag
            if tag == TEXT + "s":
                count = child.get(TEXT + "c") or "1"
                yield Run(
                    " " * min(int(count[:6]) if count.isdigit() else 1, _MOST_BLANKS),
                    bool(props.bold),
                )
            elif tag == TEXT + "tab":
                yield Run("\t", bool(props.bold))
            elif tag == TEXT + "line-break":
                yield Run("\n", bool(props.bold))
            elif tag == TEXT + "note":
                self.aside += child.findall(TEXT + "note-body")
            elif tag == TEXT + "span":
                inner = self.styles.props("text", child.get(TEXT + "style-name")).over(props)
                yield from self._runs(child, inner, depth + 1)
            elif tag.startswith(DRAW):
                self.aside += child.iter(DRAW + "text-box")
            elif tag not in _SKIPPED:
                yield from self._runs(child, props, depth + 1)
            yield self._run(child.tail, props)

    def _run(self, text: str | None, props: Props) -> Run:
        if not text or props.hidden:
            return Run("")
        shown = text.upper() if props.capitals else text
        # A line end in the XML is a space; line breaks are elements.
        return Run(
            shown.replace("\n", " "),
            bool(props.bold),
            bool(props.underlined),
            props.font,
            bool(props.raised),
        )

    def _list(self, element: Element, style: str | None = None, level: int = 0) -> Iterator[Block]:
        style = element.get(TEXT + "style-name") or style
        if style and level == 0:
            goes_on = element.get(TEXT + "continue-numbering") == "true" or element.get(
                TEXT + "continue-list"
            )
            if not goes_on:
                self.numbering.restart(style)
        for item in element:
            if item.tag not in (TEXT + "list-item", TEXT + "list-header"):
                continue
            start = item.get(TEXT + "start-value")
            if start and start.isdigit() and style:
                self.numbering.set_number(style, level, int(start[:6]))
            own = next((child for child in item if child.tag in (TEXT + "p", TEXT + "h")), None)
            if (
                own is not None
                and item.tag == TEXT + "list-item"
                and any(map(str.strip, own.itertext()))
            ):
                self.label = self.numbering.label(style, level)
            yield from self._item(item, style, level)
            self.label = ""

    def _item(self, item: Element, style: str | None, level: int) -> Iterator[Block]:
        self.depth += 1
        if self.depth > self.source.limits.nesting:
            raise TooLarge(self.source.path, "its lists are nested too deeply (Limits.nesting)")
        for child in item:
            if child.tag == TEXT + "list":
                yield from self._list(child, style, level + 1)
            elif child.tag in (TEXT + "p", TEXT + "h"):
                yield from self._paragraph(child)
        self.depth -= 1

    def _table(self, element: Element) -> Iterator[Block]:
        table = Table(nested=any(True for _ in element.iterfind(f".//{TABLE}table")))
        names: list[str | None] = []
        for row, heading in _rows(element, heading=False):
            cells: list[Cell] = []
            for cell in row:
                if cell.tag == TABLE + "table-cell":
                    names.append(cell.get(TABLE + "style-name"))
                    cells.append(self._cell(cell, heading))
            table.rows.append(cells)
        table.borders = any(self.styles.has_borders(name) for name in set(names))
        yield from table_blocks(table)
        self.gap = False

    def _cell(self, cell: Element, heading: bool) -> Cell:
        return Cell(
            list(self.content(cell)),
            columns=_span(cell.get(TABLE + "number-columns-spanned")),
            rows=_span(cell.get(TABLE + "number-rows-spanned")),
            heading=heading,
        )


def _rows(element: Element, *, heading: bool) -> Iterator[tuple[Element, bool]]:
    for child in element:
        if child.tag == TABLE + "table-row":
            yield child, heading
        elif child.tag in (
            TABLE + "table-header-rows",
            TABLE + "table-rows",
            TABLE + "table-row-group",
        ):
            yield from _rows(child, heading=heading or child.tag == TABLE + "table-header-rows")


def _span(text: str | None) -> int:
    return max(1, min(int(text[:4]), 1000)) if text and text.isdigit() else 1
