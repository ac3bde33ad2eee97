"""The text of a web page without menus, side bars, footers and lists of links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from lxml.html import HtmlElement as HtmlElement
else:
    HtmlElement = Any

# Element → characters of text in it, characters of them in links, number of links.
Sizes: TypeAlias = "dict[HtmlElement, tuple[int, int, int]]"

_AROUND = frozenset(("nav", "aside", "footer", "header"))
_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "search", "complementary", "menu", "dialog", "alert")
)
_NAMES = frozenset(
    [
        "nav",
        "navbar",
        "navigation",
        "menu",
        "topmenu",
        "mainmenu",
        "submenu",
        "megamenu",
        "breadcrumb",
        "breadcrumbs",
        "sidebar",
        "footer",
        "header",
        "banner",
        "comment",
        "comments",
        "share",
        "sharing",
        "social",
        "related",
        "tags",
        "keywords",
        "advert",
        "advertisement",
        "ads",
        "cookie",
        "cookies",
        "popup",
        "modal",
        "pagination",
        "pager",
        "login",
        "toolbar",
        "widget",
        "copyright",
        "skip",
        "lienquan",
        "binhluan",
        "quangcao",
    ]
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LINK_LISTS = frozenset(("ul", "ol", "div", "section", "table", "td", "dl"))
# An element with this share of the page's text is not dropped for its name alone.
_MOST = 0.5
_LINKED = 0.75


def is_word_page(root: HtmlElement) -> bool:
    """Whether an office program wrote the page; such pages have no menus."""
    for meta in root.iter("meta"):
        text = f"{meta.get('name', '')} {meta.get('content', '')}".lower()
        if ("generator" in text or "progid" in text) and re.search(
            r"word|libreoffice|openoffice|wps", text
        ):
            return True
    return False


def main_part(root: HtmlElement) -> tuple[HtmlElement, set[HtmlElement]]:
    """The element with the main text, and the elements in it to leave out."""
    sizes = _measure(root)
    total = sizes[root][0]
    start = _container(root, sizes, total)
    dropped: set[HtmlElement] = set()
    inside = start is not root
    for element in start.iter():
        if element is start or not isinstance(element.tag, str):
            continue
        size, linked, links = sizes[element]
        if not size or element.getparent() in dropped:
            if element.getparent() in dropped:
                dropped.add(element)
            continue
        if (_is_named(element, inside) and size < _MOST * max(total, 1)) or (
            element.tag in _LINK_LISTS and links >= 3 and linked > _LINKED * size
        ):
            dropped.add(element)
    if sum(sizes[e][0] for e in dropped if e.getparent() not in dropped) > 0.9 * sizes[start][0]:
        return start, set()  # only links: a page of contents is better than no text
    return start, dropped


def _measure(root: HtmlElement) -> Sizes:
    """Count text and links of every element, from the leaves up."""
    sizes: Sizes = {}
    for element in reversed(list(root.iter())):
        if not isinstance(element.tag, str) or element.tag in (
            "script",
            "style",
            "noscript",
            "template",
        ):
            sizes[element] = (0, 0, 0)
            continue
        size = len((element.text or "").strip())
        linked = links = 0
        for child in element:
            below = sizes[child]
            size += below[0] + len((child.tail or "").strip())
            linked += below[1]
            links += below[2]
        if element.tag == "a" and element.get("href") and size:
            linked, links = size, 1
        sizes[element] = (size, linked, links)
    return sizes


def _container(root: HtmlElement, sizes: Sizes, total: int) -> HtmlElement:
    """``<main>`` or the only ``<article>`` if it holds much text, else ``root``."""
    candidates = list(root.iter("main")) or [e for e in root.iter() if e.get("role") == "main"]
    if len(candidates) != 1:
        candidates = list(root.iter("article"))
    if len(candidates) == 1:
        size, linked, _ = sizes[candidates[0]]
        whole = total - sizes[root][1]
        if size - linked >= 0.4 * whole and size - linked > 200:
            return candidates[0]
    return root


def _is_named(element: HtmlElement, inside: bool) -> bool:
    """Whether tag, role, class or id mark the element as a menu, footer or the like."""
    if element.tag in (
        "body",
        "html",
        "p",
        "span",
        "a",
        "b",
        "strong",
        "em",
        "i",
        "h1",
        "h2",
        "td",
        "tr",
    ):
        return False
    if element.tag in _AROUND:
        # the header of an article contains its title
        return not (element.tag == "header" and inside)
    if element.get("role") in _ROLES or element.get("aria-hidden") == "true":
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    words = {word.lower() for word in _WORD.findall(names)} | set(names.lower().split())
    found = words & _NAMES
    return bool(found) and not (inside and found == {"header"})
