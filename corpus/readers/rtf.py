"""Rich Text Format (.rtf).

Libraries for RTF return bare text without fonts, but the encoding of each run depends on its font
(TCVN3, VNI, windows-1258). Implements the RTF specification 1.9.1. Generated numbers are taken from
the ``\\listtext`` groups that writers add for old readers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ...errors import DamagedFile, TooLarge
from ..blocks import Block
from ..repair import font_encoding
from .assemble import Run
from .props import Props, noted, styled_blocks
from .rows import CellShape, RowShape, TableBuilder
from .rtf_tokens import ALWAYS_SKIPPED, CHARSETS, SKIPPED, SYMBOLS, RtfToken, tokens
from .source import SourceFile

_NAMED = {"title", "author", "subject", "keywords"}
_DESTINATIONS = frozenset(("fonttbl", "stylesheet", "listtext", "pntext", *_NAMED))
# These apply to the current paragraph or table; in notes and the like they are ignored.
_PARAGRAPH_WORDS = frozenset((
    "pard", "par", "sect", "cell", "nestcell", "row", "intbl", "itap", "qc", "ql", "qr", "qj",
    "outlinelevel", "s", "footnote", "trowd", "trhdr", "clvmrg", "clmrg", "cellx",
))  # fmt: skip
_BULLETS = frozenset("·•§o\uf0b7\uf0a7\uf0d8\u00b7")
_BORDERS = re.compile(r"(?:clbrdr|trbrdr)[tlbrhv]$")


@dataclass(slots=True)
class _State:
    """The state that a group inherits, restored at its end."""

    font: int = -1
    props: Props = field(default_factory=Props)
    target: str = "body"
    skip: int = 1
    style: int = -1


@dataclass(slots=True)
class _Paragraph:
    props: Props
    in_table: bool = False
    depth: int = 1


def read(source: SourceFile) -> Iterator[Block]:
    """The blocks of an RTF file.

    A truncated file is read as far as possible, with a note.
    """
    yield from _Reader(source).blocks()


class _Reader:
    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.page = "cp1252"
        self.fonts: dict[int, tuple[str, str]] = {}
        self.styles: dict[int, Props] = {}
        self.default_font = -1
        self.state = _State()
        self.stack: list[_State] = []
        self.paragraph = _Paragraph(Props())
        self.runs: list[Run] = []
        self.label = ""
        self.table = TableBuilder()
        self.row = RowShape()
        self.shape = CellShape(0, 0)
        self.notes: list[list[Block]] = []
        self.note_number = 0
        self.outer: list[tuple[list[Run], _Paragraph, str]] = []
        self.out: list[Block] = []
        self.gap = False
        self.pending = 0
        self.bytes = bytearray()
        self.actions: dict[str, Callable[[int | None], None]] = self._actions()

    def blocks(self) -> Iterator[Block]:
        closed = False
        for token in tokens(self.source.data):
            self._token(token)
            if self.out:
                yield from self.out
                self.out = []
            if token.kind == "}" and not self.stack:
                closed = True
                break
        if not closed:
            self.source.note("the file is cut short: its end is missing")
            while self.stack:
                self._close()
        self._end_paragraph()
        self._end_table()
        yield from self.out

    def _token(self, token: RtfToken) -> None:
        if self.pending and token.kind in ("text", "byte"):
            token = self._after_unicode(token)
        if token.kind == "byte":
            self.bytes.append(token.number or 0)
            return
        if token.kind == "text":
            if self.bytes or not token.text.isascii():
                self.bytes += token.text.encode("latin-1")
                return
            self._text(token.text)
            return
        self._flush_bytes()
        if token.kind == "{":
            self._open()
        elif token.kind == "}":
            self.pending = 0
            self._close()
        elif token.kind == "word":
            self._word(token.text, token.number)
        elif token.kind == "symbol":
            self._text(token.text)

    def _after_unicode(self, token: RtfToken) -> RtfToken:
        """``token`` without the fallback for old readers of the preceding ``\\u``."""
        if token.kind == "byte":
            self.pending -= 1
            return RtfToken("text", "")
        count = min(self.pending, len(token.text))
        self.pending -= count
        return RtfToken("text", token.text[count:])

    def _flush_bytes(self) -> None:
        if self.bytes:
            raw = bytes(self.bytes)
            self.bytes.clear()
            name, page = self.fonts.get(self._font(), ("", self.page))
            # Legacy fonts count as Western whatever their charset: `decode_runs` goes by the name.
            self._text(raw.decode("cp1252" if font_encoding(name) else page, "replace"))

    def _font(self) -> int:
        return self.state.font if self.state.font >= 0 else self.default_font

    def _open(self) -> None:
        if len(self.stack) > self.source.limits.nesting:
            raise TooLarge(self.source.path, "its groups are nested too deeply (Limits.nesting)")
        self.stack.append(self.state)
        self.state = replace(self.state, props=replace(self.state.props))

    def _close(self) -> None:
        if not self.stack:
            raise DamagedFile(self.source.path, "its groups do not match")
        ended, self.state = self.state, self.stack.pop()
        if ended.target == "note" and self.state.target != "note":
            self._end_note()

    def _word(self, word: str, number: int | None) -> None:
        if word == "footnote" and self.state.target == "unknown" and self.stack:
            self.state.target = self.stack[-1].target  # LibreOffice writes {\\*\\footnote …}
        action = self.actions.get(word)
        if action is not None:
            target = self.state.target
            if word not in _PARAGRAPH_WORDS or target in ("body", "note", "stylesheet"):
                action(number)
        elif word in SYMBOLS:
            self._text(SYMBOLS[word])
        elif _BORDERS.match(word):
            self._border(word)
        else:
            self._destination(word)

    def _destination(self, word: str) -> None:
        """Handle words at the start of a group that set the destination of its text."""
        unknown = self.state.target == "unknown"
        if word == "*":
            self.state.target = "unknown"
        elif word in ALWAYS_SKIPPED or (word in SKIPPED and not unknown):
            self.state.target = "skip"
        elif word == "shptxt":
            self.state.target = "body"
            self._end_paragraph()
        elif word == "shpinst" and unknown:
            self.state.target = "shape"
        elif word in _DESTINATIONS:
            self.state.target = word

    def _text(self, text: str) -> None:
        target = self.state.target
        if not text:
            return
        if target == "fonttbl":
            name, page = self.fonts.get(self.state.font, ("", self.page))
            self.fonts[self.state.font] = (name + text.split(";")[0].strip("\r\n"), page)
        elif target == "stylesheet":
            if ";" in text:
                self.styles[self.state.style] = replace(self.state.props).over(self.paragraph.props)
        elif target in ("listtext", "pntext"):
            self.label += text
        elif target in _NAMED:
            self.source.properties[target] = self.source.properties.get(target, "") + text
        elif target in ("body", "note"):
            self._show(text)

    def _show(self, text: str) -> None:
        props = self.state.props.over(self.paragraph.props)
        if props.hidden:
            return
        name = self.fonts.get(self._font(), ("", ""))[0]
        shown = text.upper() if props.capitals else text
        run = Run(shown, bool(props.bold), bool(props.underlined), name or None, bool(props.raised))
        last = self.runs[-1] if self.runs else None
        # Letters beyond ASCII are separate tokens: those of the same format form one run.
        if last and replace(last, text=shown) == run:
            last.text += shown
        else:
            self.runs.append(run)

    # --- control words -------------------------------------------------------------------------

    def _actions(self) -> dict[str, Callable[[int | None], None]]:
        def switch(name: str) -> Callable[[int | None], None]:
            def act(number: int | None) -> None:
                setattr(self.state.props, name, number != 0)

            return act

        return {
            "b": switch("bold"),
            "v": switch("hidden"),
            "deleted": switch("hidden"),
            "strike": switch("hidden"),  # struck through: deleted
            "striked": switch("hidden"),
            "caps": switch("capitals"),
            "ul": switch("underlined"),
            "uld": switch("underlined"),
            "uldb": switch("underlined"),
            "ulw": switch("underlined"),
            "super": switch("raised"),
            "up": lambda number: setattr(self.state.props, "raised", (number or 0) > 3),
            "sub": lambda _: setattr(self.state.props, "raised", False),
            "nosupersub": lambda _: setattr(self.state.props, "raised", False),
            "ulnone": lambda _: setattr(self.state.props, "underlined", False),
            "plain": lambda _: self._plain(),
            "pard": lambda _: self._pard(),
            "par": lambda _: self._end_paragraph(),
            "sect": lambda _: self._end_paragraph(),
            "cell": lambda _: self._end_cell(),
            "nestcell": lambda _: self._end_paragraph(),
            "row": lambda _: self._end_row(),
            "intbl": lambda _: setattr(self.paragraph, "in_table", True),
            "itap": lambda number: setattr(self.paragraph, "depth", number or 0),
            "qc": lambda _: setattr(self.paragraph.props, "centred", True),
            "ql": lambda _: setattr(self.paragraph.props, "centred", False),
            "qr": lambda _: setattr(self.paragraph.props, "centred", False),
            "qj": lambda _: setattr(self.paragraph.props, "centred", False),
            "outlinelevel": lambda number: setattr(self.paragraph.props, "outline", number),
            "s": self._style,
            "f": lambda number: setattr(self.state, "font", -1 if number is None else number),
            "deff": lambda number: setattr(self, "default_font", -1 if number is None else number),
            "fcharset": self._charset,
            "ansicpg": self._code_page,
            "uc": lambda number: setattr(self.state, "skip", max(0, min(number or 0, 100))),
            "u": self._unicode,
            "footnote": lambda _: self._begin_note(),
            "trowd": lambda _: self._begin_row(),
            "trhdr": lambda _: setattr(self.row, "header", True),
            "clvmrg": lambda _: setattr(self.shape, "continued", True),
            "clmrg": lambda _: setattr(self.shape, "merged", True),
            "cellx": self._cell_edge,
        }

    def _plain(self) -> None:
        self.state.props = Props()
        self.state.font = -1

    def _pard(self) -> None:
        self.paragraph = _Paragraph(Props())

    def _style(self, number: int | None) -> None:
        if self.state.target == "stylesheet":
            self.state.style = number or 0
            self.paragraph = _Paragraph(Props())
        elif number in self.styles:
            self.paragraph.props = self.paragraph.props.over(self.styles[number])

    def _charset(self, number: int | None) -> None:
        if self.state.target == "fonttbl":
            name, _ = self.fonts.get(self.state.font, ("", ""))
            self.fonts[self.state.font] = (name, CHARSETS.get(number or 0, self.page))

    def _code_page(self, number: int | None) -> None:
        if f"cp{number}" in CHARSETS.values():
            self.page = f"cp{number}"

    def _unicode(self, number: int | None) -> None:
        code = (number or 0) % 0x10000
        self._text(chr(code))
        self.pending = self.state.skip

    # --- paragraphs, notes, tables -------------------------------------------------------------

    def _end_paragraph(self) -> None:
        if self.state.target not in ("body", "note"):
            return
        blocks = self._take()
        if self.outer:
            self.notes[-1] += blocks
            return
        if self.paragraph.in_table:
            self.table.add(blocks, is_end=False, nested=self.paragraph.depth > 1)
            return
        self._end_table()
        self.out += blocks

    def _end_table(self) -> None:
        if not self.outer:
            self.out += self.table.finish()

    def _take(self) -> list[Block]:
        """The blocks of the paragraph that ends, followed by its footnotes."""
        runs, self.runs = self.runs, []
        for run in runs:
            run.text = _whole(run.text)
        label, self.label = self.label.strip(), ""
        if label and label[0] in _BULLETS and len(label) == 1:
            label = "-"
        blocks: list[Block] = []
        if any(run.text.strip() for run in runs):
            blocks += styled_blocks(runs, self.paragraph.props, label=label, gap=self.gap)
            self.gap = False
        else:
            self.gap = True
        if not self.outer:
            for note in self.notes:
                self.note_number += 1
                blocks += noted(note, self.note_number)
            self.notes = []
        return blocks

    def _begin_note(self) -> None:
        if self.state.target not in ("body", "note"):
            return
        self.outer.append((self.runs, self.paragraph, self.label))
        self.runs, self.paragraph, self.label = [], _Paragraph(Props()), ""
        self.state.target = "note"
        self.notes.append([])

    def _end_note(self) -> None:
        if not self.outer:
            return
        self.notes[-1] += self._take()
        self.runs, self.paragraph, self.label = self.outer.pop()

    def _end_cell(self) -> None:
        self.table.add(self._take(), is_end=True)

    def _end_row(self) -> None:
        self.table.end_row(self.row)
        self.row = replace(self.row)

    def _begin_row(self) -> None:
        self.row, self.shape = RowShape(), CellShape(0, 0)

    def _cell_edge(self, number: int | None) -> None:
        self.shape.right = number or 0
        self.row.cells.append(self.shape)
        self.shape = CellShape(self.shape.right, 0)

    def _border(self, word: str) -> None:
        if word.startswith("cl"):
            self.shape.bordered = True
        else:
            self.row.bordered = True


def _whole(text: str) -> str:
    """``text`` with surrogate pairs (characters beyond U+FFFF) joined."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
