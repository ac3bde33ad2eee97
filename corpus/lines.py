"""A block together with what can be seen of it without looking at its neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from .assessment import HeadingVerdict, judge_heading
from .blocks import Block
from .numbering import BULLETS, Enumerator, find_marker
from .phrases import words_behind, words_of

_CLOSERS = "\"'”’»)]}*_ \t"
_OPENERS = "\"'“‘«([{*_ \t"


@dataclass(eq=False)
class Line:
    """One block and its looks. ``text`` may join several blocks of the file (a heading on two lines);
    ``blocks`` are all of them; ``index`` is the first one's place among the file's blocks."""

    text: str
    blocks: list[Block]
    index: int = 0
    marker: Enumerator | None = field(init=False)

    def __post_init__(self) -> None:
        self.marker = find_marker(self.text)

    @property
    def block(self) -> Block:
        """The first block: its place in the file is the line's."""
        return self.blocks[0]

    @property
    def kind(self) -> str | None:
        """The kind of the marker, or None."""
        return self.marker.kind if self.marker else None

    @property
    def bullet(self) -> bool:
        """Whether the line is led by a bullet, which has no order."""
        return self.kind in BULLETS

    @property
    def numbered(self) -> bool:
        """Whether the line is led by a number or letter."""
        return self.marker is not None and not self.bullet

    @property
    def rest(self) -> str:
        """The text after the marker."""
        return self.marker.rest if self.marker else self.text

    @cached_property
    def words(self) -> list[str]:
        """The canonical words of :attr:`rest`."""
        text = self.text.rstrip()
        return words_behind(text, len(text) - len(self.rest)) if self.marker else words_of(text)

    @property
    def size(self) -> int:
        """How many words stand after the marker."""
        return len(self.words)

    @cached_property
    def end(self) -> str:
        """The last character that is no quote or bracket, if it is punctuation, else ``""``."""
        text = self.text.rstrip(_CLOSERS)
        return text[-1] if text and not text[-1].isalnum() else ""

    @cached_property
    def caps(self) -> bool:
        """Whether it is written in capitals (a slip or two forgiven)."""
        letters = "".join(filter(str.isalpha, self.rest))
        return len(letters) >= 3 and sum(map(str.isupper, letters)) >= 0.85 * len(letters)

    @property
    def sentence(self) -> bool:
        """Whether it ends as a sentence or an item of a list does."""
        return self.end in (".", ";", "!", "…", ",")

    @cached_property
    def capitalised(self) -> bool:
        """Whether its first letter is a capital."""
        text = self.rest.lstrip(_OPENERS)
        return bool(text) and (text[0].isupper() or text[0].isdigit())

    @cached_property
    def verdict(self) -> HeadingVerdict | None:
        """What it would say of achievement and shortcoming, were it a heading."""
        return judge_heading(self.words)


def lines_of(blocks: list[Block]) -> list[Line]:
    """One line a block, empty ones left out. A capital that is a letter and a numeral alike (``C.``,
    ``D.``) is what its predecessors make it."""
    lines = [
        Line(block.text, [block], index) for index, block in enumerate(blocks) if block.text.strip()
    ]
    last = {"upper": 0, "roman": 0}
    for line in lines:
        marker = line.marker
        if (
            marker is not None
            and marker.kind == "roman"
            and marker.text[:1] in "CDLM"
            and marker.ordinal != last["roman"] + 1
        ):
            line.marker = marker = find_marker(line.text, roman_letter=False)
        if marker is not None and marker.kind in last:
            last[marker.kind] = marker.ordinal
    return lines
