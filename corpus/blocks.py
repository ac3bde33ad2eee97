"""The paragraphs of a file in order, with the layout that its format records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

BlockKind: TypeAlias = Literal["paragraph", "list-item", "table-row"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item or table row of the file, in reading order.

    ``text`` is a single line without surrounding blanks and with the number or bullet the reader of
    the document sees before it (also where Word or HTML generates it). A table row's text names its
    column headings (``"Chỉ tiêu: Thu ngân sách; Kế hoạch: 4.590 tỷ"``). ``line`` is the 1-based
    line of a text file (0: the format has no lines), ``page`` the 1-based page or None. ``level``
    is the heading level from 1 where the format itself says that the block is a heading (a Word
    heading style, ``<h2>``, ``##``), else None: the outline is then worked out from the text.
    ``bold`` and ``centred`` describe the whole block, where the format records it; ``gap`` is true
    if a blank line (or its like) stands before it. ``lead`` is how many characters at the start of
    a block that is not wholly bold are set off in bold or underlined (a heading that runs into its
    paragraph), else 0. ``note`` marks a footnote or endnote; it follows the paragraph that refers
    to it. ``marks`` are the labels of notes typed by hand that the text refers to (``"1"``,
    ``"*"``).
    """

    text: str
    line: int = 0
    page: int | None = None
    kind: BlockKind = "paragraph"
    level: int | None = None
    bold: bool = False
    centred: bool = False
    gap: bool = False
    lead: int = 0
    note: bool = False
    marks: tuple[str, ...] = ()
