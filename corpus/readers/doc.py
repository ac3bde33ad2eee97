"""Word 97–2003 documents (.doc), read from their [MS-DOC] structures.

The structures lie in an OLE container.

Maintained libraries return only the bare text, but the characters of a run depend on its font
(TCVN3, VNI), and headings, numbers and cells are stored as properties. Deleted and hidden text,
comments, headers and footers are ignored.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterator

from ..blocks import Block
from .assemble import Run
from .doc_file import DocFile
from .doc_sprms import ParagraphLook, paragraph_look, run_look
from .doc_tables import DocStyles, read_fonts, read_numbering
from .props import Props, noted, styled_blocks
from .rows import TableBuilder
from .source import SourceFile

_FOOTNOTE_REFERENCES, _FOOTNOTE_TEXTS, _ENDNOTE_REFERENCES, _ENDNOTE_TEXTS = 2, 3, 46, 47
_ENDS = frozenset("\r\x07\x0c")
_NOT_TEXT = dict.fromkeys((0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x08, 0x0C, 0x0E, 0x1F))
_AS_TEXT = {**_NOT_TEXT, 0x0B: "\n", 0x1E: "-", 0x07: None, 0x0D: None}


def read(source: SourceFile) -> Iterator[Block]:
    """The blocks of a Word 97–2003 document."""
    file = DocFile(source)
    walk = _Walk(file)
    yield from walk.story(*file.body)
    # The anchors of text boxes are ignored: the boxes follow the text.
    yield from walk.story(*file.boxes)


class _Walk:
    def __init__(self, file: DocFile) -> None:
        self.file = file
        self.fonts = read_fonts(file)
        self.styles = DocStyles(file, self.fonts)
        self.numbering = read_numbering(file)
        self.fields: list[bool] = []
        self.gap = False
        self.note_number = 0
        self.notes = self._notes(_FOOTNOTE_REFERENCES, _FOOTNOTE_TEXTS, file.footnotes)
        self.notes.update(self._notes(_ENDNOTE_REFERENCES, _ENDNOTE_TEXTS, file.endnotes))
        self.places = sorted(self.notes)

    def _notes(
        self, references: int, texts: int, story: tuple[int, int]
    ) -> dict[int, tuple[int, int]]:
        """Position of a reference in the body → start and end of its note's text."""
        places, parts = self.file.places(references, 2), self.file.places(texts, 0)
        return {
            place: (story[0] + start, min(story[0] + end, story[1]))
            for place, start, end in zip(places[:-1], parts, parts[1:], strict=False)
        }

    def story(self, start: int, end: int) -> Iterator[Block]:
        """The blocks of the characters from ``start`` to ``end``, tables assembled."""
        table = TableBuilder()
        for first, last in self._paragraphs(start, min(end, len(self.file.text))):
            look = self._look(last - 1)
            mark = self.file.text[last - 1]
            if not (look.in_table or look.depth):
                yield from table.finish()
                yield from self._paragraph(first, last, look)
            elif look.row_end and look.depth <= 1:
                table.end_row(look.row)
            else:
                inner = look.depth > 1
                table.add(
                    self._paragraph(first, last, look),
                    is_end=mark == "\x07" and not inner,
                    nested=inner,
                )
        yield from table.finish()

    def _paragraphs(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        first = start
        for place in range(start, end):
            if self.file.text[place] in _ENDS:
                yield first, place + 1
                first = place + 1
        if first < end:
            yield first, end

    def _look(self, place: int) -> ParagraphLook:
        """Formatting of the paragraph that ends at ``place``, including its style."""
        data, _ = self.file.paragraphs.at(self._offset(place))
        if len(data) < 2:
            return ParagraphLook(props=self.styles.paragraph.get(0, Props()))
        (style,) = struct.unpack_from("<H", data)
        look = paragraph_look(data[2:])
        if look.huge is not None and look.huge + 2 <= len(self.file.extra):
            (size,) = struct.unpack_from("<H", self.file.extra, look.huge)
            look = paragraph_look(self.file.extra[look.huge + 2 : look.huge + 2 + size])
        look.props = look.props.over(self.styles.paragraph.get(style, Props()))
        if style in self.styles.contents:
            look.props.hidden = True
            self.file.source.note("the table of contents is left out")
        return look

    def _offset(self, place: int) -> int:
        piece = self.file.pieces[self.file.piece_at(place)]
        return piece.offset + (place - piece.start) * piece.width

    def _paragraph(self, first: int, last: int, look: ParagraphLook) -> Iterator[Block]:
        runs = list(self._runs(first, last, look.props))
        if any(run.text.strip() for run in runs):
            label = self.numbering.label(look.props.num_id, look.props.num_level)
            yield from styled_blocks(runs, look.props, label=label, gap=self.gap)
            self.gap = False
        else:
            self.gap = True
        begin = bisect_left(self.places, first)
        for place in self.places[begin : bisect_left(self.places, last)]:
            note = self.notes.pop(place, None)
            if note is not None:
                self.note_number += 1
                yield from noted(list(self.story(*note)), self.note_number)

    def _runs(self, first: int, last: int, base: Props) -> Iterator[Run]:
        """The visible runs of the characters from ``first`` to ``last``."""
        for number in range(self.file.piece_at(first), len(self.file.pieces)):
            piece = self.file.pieces[number]
            if piece.start >= last:
                break
            place, stop = max(first, piece.start), min(last, piece.end)
            while place < stop:
                offset = piece.offset + (place - piece.start) * piece.width
                data, end = self.file.characters.at(offset)
                count = max(1, min(stop - place, -((offset - end) // piece.width)))
                look, deleted = run_look(data, base, self.fonts, self.styles.character)
                text = self._visible(self.file.text[place : place + count])
                if text and not deleted and not look.hidden:
                    yield Run(
                        text.upper() if look.capitals else text,
                        bool(look.bold),
                        bool(look.underlined),
                        look.font,
                        bool(look.raised),
                    )
                place += count

    def _visible(self, text: str) -> str:
        """``text`` without field instructions and marks; line breaks as ``\\n``."""
        shown: list[str] = []
        for char in text:
            if char == "\x13":
                self.fields.append(False)
            elif char == "\x14":
                self.fields[-1:] = [True] if self.fields else []
            elif char == "\x15":
                self.fields[-1:] = []
            elif all(self.fields):
                shown.append(char)
        plain = "".join(shown).translate(_AS_TEXT)
        if any("\ud800" <= char <= "\udfff" for char in plain):
            plain = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return plain
