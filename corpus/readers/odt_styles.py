"""Styles and lists of OpenDocument texts (ODF 1.3 part 3, 16 and 19)."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from .numbering import LEVELS, Level, ListUse, Numbering
from .props import Props

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_NUMBERS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "": "none",
}
_DEEPEST = 50
OUTLINE = "outline"  # id of the list that numbers headings


class OdtStyles:
    """The styles of one document, from ``styles.xml`` and ``content.xml``."""

    def __init__(self, roots: Iterable[Element]) -> None:
        self._elements: dict[tuple[str, str], Element] = {}
        self._resolved: dict[tuple[str, str], Props] = {}
        self._fonts: dict[str, str] = {}
        self.default = Props()
        for root in roots:
            for face in root.iter(STYLE + "font-face"):
                family = (face.get(_SVG + "font-family") or "").strip("'\"")
                self._fonts[face.get(STYLE + "name") or ""] = family
            for style in root.iter(STYLE + "style"):
                self._elements[
                    style.get(STYLE + "family") or "", style.get(STYLE + "name") or ""
                ] = style
            for style in root.iter(STYLE + "default-style"):
                if style.get(STYLE + "family") == "paragraph":
                    self.default = self._own(style)

    def props(self, family: str, name: str | None, depth: int = 0) -> Props:
        """All properties of a style and its parents; none for an unknown style.

        ``family`` is ``"paragraph"`` or ``"text"``.
        """
        key = family, name or ""
        style = self._elements.get(key)
        if style is None or depth > _DEEPEST:
            return Props()
        if key not in self._resolved:
            parent = self.props(family, style.get(STYLE + "parent-style-name"), depth + 1)
            self._resolved[key] = self._own(style).over(parent)
        return self._resolved[key]

    def _own(self, style: Element) -> Props:
        props = Props(num_id=style.get(STYLE + "list-style-name") or None)
        outline = style.get(STYLE + "default-outline-level")
        if outline and outline.isdigit() and 0 < len(outline) < 3:
            props.outline = int(outline) - 1
        paragraph = style.find(STYLE + "paragraph-properties")
        if paragraph is not None and paragraph.get(_FO + "text-align"):
            props.centred = paragraph.get(_FO + "text-align") == "center"
        text = style.find(STYLE + "text-properties")
        if text is None:
            return props
        weight = text.get(_FO + "font-weight")
        underline = text.get(STYLE + "text-underline-style")
        props.bold = None if weight is None else weight == "bold" or weight[:1] in "6789"
        props.underlined = None if underline is None else underline != "none"
        position = (text.get(STYLE + "text-position") or "").split()
        if position:
            props.raised = position[0] == "super" or (
                position[0].strip("%").isdigit() and position[0] != "0%"
            )
        struck = text.get(STYLE + "text-line-through-style") or "none"
        gone = text.get(TEXT + "display") == "none" or struck != "none"  # struck through: deleted
        props.hidden = True if gone else None
        transform = text.get(_FO + "text-transform")
        props.capitals = None if transform is None else transform == "uppercase"
        font = text.get(STYLE + "font-name")
        props.font = self._fonts.get(font, font) if font else text.get(_FO + "font-family")
        return props

    def has_borders(self, name: str | None) -> bool:
        """Whether a cell style draws lines."""
        style = self._elements.get(("table-cell", name or ""))
        cell = None if style is None else style.find(STYLE + "table-cell-properties")
        if cell is None:
            return False
        return any(
            (cell.get(_FO + side) or "none") != "none"
            for side in ("border", "border-left", "border-right", "border-top", "border-bottom")
        )


def read_numbering(roots: Iterable[Element]) -> Numbering:
    """The list styles, each as a list of that name; headings as :data:`OUTLINE`."""
    kinds: dict[str, dict[int, Level]] = {}
    for root in roots:
        for style in root.iter(TEXT + "list-style"):
            kinds[style.get(STYLE + "name") or ""] = _levels(style)
        for style in root.iter(TEXT + "outline-style"):
            kinds[OUTLINE] = _levels(style)
    return Numbering(kinds, {name: ListUse(name) for name in kinds})


def _levels(style: Element) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for element in style:
        number = _integer(element.get(TEXT + "level"), 1) - 1
        if not 0 <= number < LEVELS:
            continue
        if element.tag == TEXT + "list-level-style-bullet":
            levels[number] = Level(style="bullet", text=element.get(TEXT + "bullet-char") or "-")
            continue
        kind = _NUMBERS.get(element.get(STYLE + "num-format") or "", "decimal")
        shown = min(_integer(element.get(TEXT + "display-levels"), 1), number + 1)
        places = ".".join(f"%{place + 1}" for place in range(number + 1 - shown, number + 1))
        around = element.get(STYLE + "num-prefix") or "", element.get(STYLE + "num-suffix") or ""
        levels[number] = Level(
            start=_integer(element.get(TEXT + "start-value"), 1),
            style=kind,
            text="" if kind == "none" else around[0] + places + around[1],
        )
    return levels


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else default
