"""Paragraph properties of word processors, and blocks made from them.

Shared by the readers of these formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..blocks import Block
from .assemble import Run, paragraph
from .lines import split_lines

BODY_LEVEL = 9  # outline level of body text; 0–8 are the heading levels 1–9
_BULLETS = ("-", "–", "—", "+", "*")


@dataclass(slots=True)
class Props:
    """Properties of a paragraph and its runs; None means "not set"."""

    bold: bool | None = None
    underlined: bool | None = None
    raised: bool | None = None
    hidden: bool | None = None
    capitals: bool | None = None
    font: str | None = None
    centred: bool | None = None
    outline: int | None = None
    num_id: str | None = None
    num_level: int | None = None

    def over(self, base: Props) -> Props:
        """These properties, completed by those of ``base``."""
        return Props(
            base.bold if self.bold is None else self.bold,
            base.underlined if self.underlined is None else self.underlined,
            base.raised if self.raised is None else self.raised,
            base.hidden if self.hidden is None else self.hidden,
            base.capitals if self.capitals is None else self.capitals,
            base.font if self.font is None else self.font,
            base.centred if self.centred is None else self.centred,
            base.outline if self.outline is None else self.outline,
            base.num_id if self.num_id is None else self.num_id,
            base.num_level if self.num_level is None else self.num_level,
        )


def styled_blocks(
    runs: Sequence[Run], props: Props, *, label: str = "", gap: bool = False
) -> Iterator[Block]:
    """The blocks of one paragraph, several if it has line breaks.

    ``label`` is its generated number or bullet.
    """
    if props.capitals and label:
        label = label.upper()
    level = props.outline + 1 if props.outline is not None and props.outline < BODY_LEVEL else None
    for line in split_lines(runs):
        block = paragraph(
            line,
            label=label,
            kind="list-item" if label in _BULLETS and level is None else "paragraph",
            level=level,
            centred=bool(props.centred),
            gap=gap,
        )
        if block is not None:
            yield block
            label, gap = "", False


def noted(blocks: Sequence[Block], number: int) -> Iterator[Block]:
    """The blocks of a footnote, with its number in brackets at the start."""
    for i, block in enumerate(blocks):
        # its manually typed label
        own = block.text.partition("] ")[2] if block.note else block.text
        text = own if i else f"[{number}] {own.lstrip()}"
        yield replace(block, text=text, lead=0, level=None, note=True)
