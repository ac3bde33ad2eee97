"""The CSS properties that affect the formatting of paragraphs.

Bold, underlined, centred and hidden text, and the font.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
# Plain selectors only (`p`, `.name`, `p.name`): longer ones match few elements.
_SELECTOR = re.compile(r"([a-zA-Z][a-zA-Z0-9]*)?(?:\.([\w-]+))?$")
_HIDDEN = re.compile(
    r"display\s*:\s*none|text-decoration(?:-line)?\s*:[^;]*line-through|visibility\s*:\s*hidden|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
_MOST_CLASSES = 20
_PROPERTIES = frozenset(
    ("font-weight", "text-decoration", "text-align", "font-family", "font", "vertical-align")
)


@dataclass(frozen=True, slots=True)
class TextStyle:
    """The formatting of text, inherited from element to element."""

    bold: bool = False
    underlined: bool = False
    raised: bool = False
    centred: bool = False
    hidden: bool = False
    preformatted: bool = False
    font: str | None = None


class Stylesheet:
    """The rules of the ``<style>`` elements of one page, by plain selector."""

    def __init__(self, text: str) -> None:
        self._rules: dict[str, list[str]] = {}
        for rule in _COMMENT.sub("", text).split("}"):
            selectors, _, body = rule.partition("{")
            for selector in selectors.split(","):
                plain = selector.strip().removeprefix("<!--").strip().lower()
                if plain and _SELECTOR.match(plain):
                    self._rules.setdefault(plain, []).append(body)

    def declarations(self, tag: str, classes: str) -> str:
        """The declarations for an element, from least to most specific selector."""
        if not self._rules:
            return ""
        found = list(self._rules.get(tag, ()))
        for name in classes.lower().split()[:_MOST_CLASSES]:
            found += self._rules.get(f".{name}", ())
            found += self._rules.get(f"{tag}.{name}", ())
        return ";".join(found)


def restyle(look: TextStyle, style: str) -> TextStyle:
    """Apply the declarations in ``style`` to ``look``."""
    if not style:
        return look
    if _HIDDEN.search(style):
        return replace(look, hidden=True)
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip().lower()
        if name not in _PROPERTIES or not value:
            continue
        if name == "font-weight":
            look = replace(look, bold=value.startswith("bold") or value[:1] in "6789")
        elif name == "text-decoration":
            look = replace(
                look, underlined="underline" in value or (look.underlined and value != "none")
            )
        elif name == "vertical-align":
            look = replace(
                look, raised=value.startswith("super") or (look.raised and value != "baseline")
            )
        elif name == "text-align":
            look = replace(look, centred=value.startswith("center"))
        elif name == "font-family":
            original = declaration.partition(":")[2].split(",")[0].strip().strip("\"'")
            look = replace(look, font=original)
    return look
