"""Styles of Word documents: the properties that paragraphs and runs inherit.

Source: ECMA-376 part 1, 17.7.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from .props import Props

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|tiêu đề|đề mục|titre|überschrift)\s+([1-9])$", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|mục lục)\s+\d$", re.IGNORECASE)
_RAISED = 3  # half points; a smaller shift only adjusts the line
_OFF = frozenset(("0", "false", "off", "none"))
_DEEPEST = 50


def value(element: Element | None, name: str = "val") -> str | None:
    """The attribute ``w:name`` of an element, or None."""
    return None if element is None else element.get(W + name)


def switch(parent: Element, name: str) -> bool | None:
    """An on/off property such as ``<w:b/>``: True, False, or None where it is absent."""
    element = parent.find(W + name)
    if element is None:
        return None
    return (element.get(W + "val") or "1").lower() not in _OFF


def run_props(rpr: Element | None) -> Props:
    """The properties that a ``w:rPr`` sets."""
    if rpr is None:
        return Props()
    fonts = rpr.find(W + "rFonts")
    underline = value(rpr.find(W + "u"))
    return Props(
        bold=switch(rpr, "b"),
        underlined=None if underline is None else underline not in _OFF,
        raised=_is_raised(rpr),
        hidden=_is_hidden(rpr),
        capitals=switch(rpr, "caps"),
        font=None if fonts is None else fonts.get(W + "ascii") or fonts.get(W + "hAnsi"),
    )


def _is_hidden(rpr: Element) -> bool | None:
    """Whether a run is hidden or struck through; None if neither is set.

    Strikethrough marks deleted text.
    """
    found = [switch(rpr, name) for name in ("vanish", "strike", "dstrike")]
    return True if True in found else False if False in found else None


def _is_raised(rpr: Element) -> bool | None:
    """Whether a run is a superscript or raised by some points; None if it is not set."""
    align, position = value(rpr.find(W + "vertAlign")), value(rpr.find(W + "position"))
    if align is not None:
        return align == "superscript"
    if position is not None and position.lstrip("-").isdigit():
        return int(position) > _RAISED
    return None


def paragraph_props(ppr: Element | None) -> Props:
    """The properties that a ``w:pPr`` sets, without run properties."""
    if ppr is None:
        return Props()
    align = value(ppr.find(W + "jc"))
    outline = value(ppr.find(W + "outlineLvl"))
    numbering = ppr.find(W + "numPr")
    level = None if numbering is None else value(numbering.find(W + "ilvl"))
    return Props(
        centred=None if align is None else align == "center",
        outline=int(outline) if outline and outline.isdigit() else None,
        num_id=None if numbering is None else value(numbering.find(W + "numId")),
        num_level=int(level) if level and level.isdigit() else None,
    )


class Styles:
    """The styles of one document, each with all it inherits."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._resolved: dict[str, Props] = {}
        self._names: dict[str, str] = {}
        self.default_paragraph: str | None = None
        self.base = Props()
        if root is None:
            return
        self.base = run_props(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        for style in root.findall(W + "style"):
            identifier = style.get(W + "styleId") or ""
            self._elements[identifier] = style
            self._names[identifier] = value(style.find(W + "name")) or ""
            if (
                style.get(W + "type") == "paragraph"
                and (style.get(W + "default") or "0") not in _OFF
            ):
                self.default_paragraph = identifier

    def props(self, identifier: str | None, depth: int = 0) -> Props:
        """All properties of the style ``identifier`` and the styles it is based on.

        An unknown style sets none.
        """
        if identifier is None or identifier not in self._elements or depth > _DEEPEST:
            return Props()
        if identifier not in self._resolved:
            style = self._elements[identifier]
            ppr, rpr = style.find(W + "pPr"), style.find(W + "rPr")
            own = paragraph_props(ppr).over(run_props(rpr))
            heading = _HEADING.match(self._names[identifier])
            if heading and own.outline is None:
                own.outline = int(heading[1]) - 1
            base = self.props(value(style.find(W + "basedOn")), depth + 1)
            self._resolved[identifier] = own.over(base)
        return self._resolved[identifier]

    def is_contents(self, identifier: str | None) -> bool:
        """Whether the style is one of a table of contents.

        Such paragraphs only repeat the headings.
        """
        return _CONTENTS.match(self._names.get(identifier or "", "")) is not None

    def has_borders(self, identifier: str | None) -> bool:
        """Whether a table style, or one it is based on, draws lines."""
        for _ in range(_DEEPEST):
            style = self._elements.get(identifier or "")
            if style is None:
                return False
            if any(
                (value(side) or "nil") not in ("nil", "none")
                for path in (f"{W}tblPr/{W}tblBorders", f"{W}tblStylePr/{W}tcPr/{W}tcBorders")
                for borders in style.findall(path)
                for side in borders
            ):
                return True
            identifier = value(style.find(W + "basedOn"))
        return False
