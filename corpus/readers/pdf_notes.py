"""Footnotes of PDF pages: small lines at the foot, beginning with a note mark."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..blocks import Block
from .assemble import paragraph
from .pdf_lines import PdfLine, TextFragment, join_lines
from .pdf_rulings import Ruling

_SMALL = 0.94  # of the size of the running text: maximum size of notes
_GLUED = re.compile(r"(\d{1,3})(?=[^\W\d_])")
_NUMBER = re.compile(r"[(\[]?(\d{1,3}|[*†‡]{1,3})[)\].:]*$")
# the rule above notes: minimum in points, maximum as a share of the page's width
_SEPARATOR = (30.0, 0.45)


@dataclass(slots=True)
class Note:
    """A footnote: its label, its page and its lines without the label."""

    label: str
    page: int
    lines: list[PdfLine] = field(default_factory=list)

    def block(self) -> Block | None:
        """The note as a block that begins with its label in brackets."""
        block = paragraph(join_lines(self.lines), page=self.page)
        if block is None:
            return None
        return replace(block, text=f"[{self.label}] {block.text.lstrip()}", lead=0, note=True)


def usual_size(lines: Sequence[PdfLine]) -> float:
    """The most common font size of the text."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


class NoteCollector:
    """Collects the footnotes of successive pages.

    A note may continue at the foot of the next page.
    """

    def __init__(self, size: float) -> None:
        self._small = _SMALL * size
        self._last: Note | None = None
        self._open: set[str] = set()  # marks without a note on the previous page
        self.notes: list[Note] = []

    def take(
        self, number: int, width: float, lines: list[PdfLine], level: Sequence[Ruling]
    ) -> list[PdfLine]:
        """The lines of a page without its footnotes, which are added to ``notes``."""
        foot = self._foot(width, lines, level)
        foot_ids = {id(line) for line in foot}
        cited = {mark for line in lines if id(line) not in foot_ids for mark in line.marks}
        marks = cited | self._open
        kept: list[PdfLine] = []
        note: Note | None = None
        begun = False
        for line in foot:
            label = _label(line, marks, note)
            if label is not None:
                note = Note(label, number)
                self.notes.append(note)
                cited.discard(label)
                line = _without_label(line)
                begun = True
            elif note is None and self._last is not None and self._last.page == number - 1:
                note = self._last
            if note is None:
                kept.append(line)
            else:
                note.lines.append(line)
        self._open = cited
        self._last = note if begun or note is not None else None
        gone = foot_ids - {id(line) for line in kept}
        return [line for line in lines if id(line) not in gone]

    def _foot(
        self, width: float, lines: Sequence[PdfLine], level: Sequence[Ruling]
    ) -> list[PdfLine]:
        """The lines at the foot of a page that may be notes, from the top down.

        They are small, or below a short line that separates them from the text.
        """
        separators = [
            ruling.at
            for ruling in level
            if _SEPARATOR[0] <= ruling.end - ruling.start <= _SEPARATOR[1] * width
        ]
        foot: list[PdfLine] = []
        for line in sorted(lines, key=lambda line: line.y):
            if line.size > self._small:
                break
            foot.append(line)
        for at in separators:
            some = [line for line in lines if line.y < at]
            if not len(foot) < len(some) < len(lines) / 2:
                continue
            first = max(some, key=lambda line: line.y)
            cited = {mark for line in lines if line.y > at for mark in line.marks}
            cited |= self._open
            if first.pieces[0].raised or _label(first, cited, None) is not None:
                foot = some
        return sorted(foot, key=lambda line: (-round(line.y), line.x0))


def _label(line: PdfLine, marks: set[str], before: Note | None) -> str | None:
    """The label at the start of a note.

    It is raised, or a number that the page's text refers to, or the next number in order.
    """
    first = line.pieces[0]
    if first.raised:
        return line.marks[0] if line.marks else None
    found = _GLUED.match(first.word.text) or _NUMBER.match(first.word.text)
    if found is None or len(line.pieces) < 2:
        return None
    follows = before is not None and before.label.isdigit() and found[1].isdigit()
    if found[1] in marks or (follows and before and int(found[1]) == int(before.label) + 1):
        return found[1]
    return None


def _without_label(line: PdfLine) -> PdfLine:
    first = line.pieces[0]
    glued = None if first.raised else _GLUED.match(first.word.text)
    if glued is not None:
        first.word.text = first.word.text[glued.end() :]
        return line
    pieces: list[TextFragment] = line.pieces[1:]
    return PdfLine.of(line.page, pieces) if pieces else line


class NoteFinder:
    """Assigns notes to the paragraphs that cite them, each note once."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self._left = list(notes)

    def of(self, marks: Sequence[tuple[int, str]]) -> Iterator[Block]:
        """The notes for these marks (page, label): on the same page, else on the next."""
        for page, label in marks:
            for note in self._left:
                if note.label == label and page <= note.page <= page + 1:
                    self._left.remove(note)
                    block = note.block()
                    if block is not None:
                        yield block
                    break

    def before(self, page: int) -> Iterator[Block]:
        """The notes of earlier pages without a reference."""
        late = [note for note in self._left if note.page < page]
        self._left = [note for note in self._left if note.page >= page]
        for note in late:
            block = note.block()
            if block is not None:
                yield block
