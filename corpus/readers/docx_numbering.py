"""The lists of a Word document, from ``numbering.xml`` (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from .docx_styles import Styles, W, switch, value
from .numbering import LEVELS, Level, ListUse, Numbering


def read_numbering(root: Element | None, styles: Styles) -> Numbering:
    """The lists that ``root`` defines; none without that part."""
    kinds: dict[str, dict[int, Level]] = {}
    lists: dict[str, ListUse] = {}
    links: dict[str, str] = {}
    if root is None:
        return Numbering(kinds, lists)
    for element in root.findall(W + "abstractNum"):
        identifier = element.get(W + "abstractNumId") or ""
        kinds[identifier] = _levels(element)
        link = value(element.find(W + "numStyleLink"))
        if link:
            links[identifier] = link
    for element in root.findall(W + "num"):
        lists[element.get(W + "numId") or ""] = _list(element)
    for identifier, style in links.items():
        target = lists.get(styles.props(style).num_id or "")
        if target is not None:
            kinds[identifier] = kinds.get(target.kind, {})
    return Numbering(kinds, lists)


def _list(element: Element) -> ListUse:
    used = ListUse(value(element.find(W + "abstractNumId")) or "")
    for override in element.findall(W + "lvlOverride"):
        level = _integer(override.get(W + "ilvl"), 0)
        start = value(override.find(W + "startOverride"))
        if start is not None:
            used.starts[level] = _integer(start, 1)
        changed = override.find(W + "lvl")
        if changed is not None:
            used.changed[level] = _level(changed)
    return used


def _levels(element: Element) -> dict[int, Level]:
    return {
        number: _level(child)
        for child in element.findall(W + "lvl")
        if 0 <= (number := _integer(child.get(W + "ilvl"), 0)) < LEVELS
    }


def _level(element: Element) -> Level:
    restart = value(element.find(W + "lvlRestart"))
    return Level(
        start=_integer(value(element.find(W + "start")), 1),
        style=value(element.find(W + "numFmt")) or "decimal",
        text=value(element.find(W + "lvlText")) or "",
        legal=switch(element, "isLgl") or False,
        restart=None if restart is None else _integer(restart, 0),
    )


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else default
