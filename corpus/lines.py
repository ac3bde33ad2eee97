"""A block with the features that do not depend on its neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..vietnamese import tokenise
from .assessment import HeadingVerdict, judge_heading, may_be_pure
from .blocks import Block
from .numbering import BULLETS, Enumerator, find_marker
from .phrases import words_behind, words_of

_CLOSERS = "\"'”’»)]}*_ \t"
_NEEDS_NUMBER = re.compile(
    r"(?:lần thứ|khóa|khoá|điều|khoản|(?:nghị quyết|chỉ thị|kết luận|quy(?:ết)? định) số)$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s+(?:\d{1,2}(?:\.\d{1,2})*\.|[a-zđ]\)|[IVX]{1,5}\.)\s+")
_INNER_NUMBER = re.compile(rf"(?<=[.;:!?…”]){_NUMBER.pattern}")
_END = 20  # characters; enough for the longest match of _NEEDS_NUMBER
_FEWEST_CAPITALS = 3  # maximum words of a heading in capitals inside a paragraph
_LONGEST_VERDICT = 12  # words
_EXAMINED = 120  # characters; hold as many words
_WORD = re.compile(r"\S+")
_SENTENCE_END = re.compile(r"[.;:!?]")
_OPENERS = "\"'“‘«([{*_ \t"


@dataclass(eq=False)
class Line:
    """One block and its layout features.

    ``text`` may join several blocks of the file (a heading on two lines); ``blocks`` are all of
    them; ``index`` is the first one's place among the file's blocks.
    """

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
        """Whether the line begins with a bullet, which has no order."""
        return self.kind in BULLETS

    @property
    def numbered(self) -> bool:
        """Whether the line begins with a number or letter."""
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
        """The number of words after the marker."""
        return len(self.words)

    @cached_property
    def end(self) -> str:
        """The final punctuation character before quotes and brackets, or ``""``."""
        text = self.text.rstrip(_CLOSERS)
        return text[-1] if text and not text[-1].isalnum() else ""

    @cached_property
    def caps(self) -> bool:
        """Whether it is written in capitals, apart from one or two letters."""
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
        """The assessment that the line would give as a heading."""
        return judge_heading(self.words)


def lines_of(blocks: list[Block]) -> list[Line]:
    """One line per block, without empty ones.

    An ambiguous capital, letter or numeral (``C.``, ``D.``), is interpreted by the markers before
    it.
    """
    lines: list[Line] = []
    for index, block in enumerate(blocks):
        if not block.text.strip():
            continue
        if lines and _goes_on(lines[-1], block):
            before = lines.pop()
            text = f"{before.text} {block.text}"
            lines.append(Line(text, [*before.blocks, block], before.index))
        else:
            lines += [Line(part.text, [part], index) for part in _split(block)]
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


def _goes_on(before: Line, block: Block) -> bool:
    """Whether the number at the start of a line belongs to a broken sentence.

    "… Đại hội lần thứ" continues with "XIII. Diện tích …".
    """
    plain = block.kind == "paragraph" and block.level is None and before.block.level is None
    return (
        plain
        and _NEEDS_NUMBER.search(before.text[-_END:]) is not None
        and not before.caps
        and find_marker(block.text) is not None
    )


def _split(block: Block) -> list[Block]:
    """Split the block where numbered headings run into its text.

    A heading there follows the end of a sentence, and is in capitals ("3.2. THỰC TIỄN …") or names
    an assessment ("a) Thành tựu").
    """
    if block.kind == "table-row" or block.level is not None or block.note:
        return [block]
    pieces: list[str] = []
    start = 0
    for found in _INNER_NUMBER.finditer(block.text):
        begin, end = found.start(), run_in_heading(block.text, found.end())
        if begin < start or not end:
            continue
        pieces.append(block.text[start:begin])
        while end:  # "3.2. THỰC TIỄN … a) Thành tựu …": one below the other
            pieces.append(block.text[begin:end])
            begin = start = end
            inner = _NUMBER.match(block.text, begin)
            end = run_in_heading(block.text, inner.end()) if inner else 0
    if not pieces:
        return [block]
    pieces.append(block.text[start:])
    first = run_in_heading(pieces[0], len(pieces[0]) - len(Line(pieces[0], [block]).rest))
    if find_marker(pieces[0]) and first:
        pieces[:1] = [pieces[0][:first], pieces[0][first:]]
    return [replace(block, text=text.strip(), lead=0) for text in pieces if text.strip()]


def run_in_heading(text: str, start: int) -> int:
    """The end of a run-in heading that begins at ``start``; 0: there is none.

    0: there is none.
    """
    end, count = start, 0
    for word in _WORD.finditer(text, start):
        if word[0].isupper():
            end, count = word.end(), count + 1
        elif any(map(str.isalpha, word[0])):
            break
    if count >= _FEWEST_CAPITALS and any(map(str.isalpha, text[end:])):
        return end
    examined = text[start : start + _EXAMINED]
    if not any(word[0].isupper() for word in _SENTENCE_END.split(examined, 1)[0].split()[1:]):
        return 0  # too short for a sentence after a heading
    if not may_be_pure(words_behind(text, start)):
        return 0
    tokens = [token for token in tokenise(examined) if token.kind != "code"]
    for size in range(min(len(tokens) - 1, _LONGEST_VERDICT), 0, -1):
        end, after = start + tokens[size - 1].end, start + tokens[size].start
        if not text[after].isupper() or not text[end:after].isspace():
            continue
        verdict = judge_heading([token.text for token in tokens[:size]])
        if verdict is not None and verdict.pure and _SENTENCE_END.search(text, start, end) is None:
            return end
    return 0
