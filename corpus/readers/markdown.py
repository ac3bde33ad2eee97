"""Markdown (CommonMark with tables), written by hand or by web crawlers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ..blocks import Block, BlockKind
from .assemble import Run, paragraph
from .crawled import CrawledTable, find_tables
from .lines import begins_item, is_complete
from .source import SourceFile
from .tables import Cell, Table, is_layout, table_blocks
from .text import decode_source

_FOOTNOTE = re.compile(r"\[\^(\w{1,20})\]")  # [^1], as a reference and before the note
_FRONT = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:[ \t]*(.*)$")
_ENTRY = re.compile(r"[ \t]+-[ \t]+(.*)$|-[ \t]+(.*)$")
_LONE_BORDER = re.compile(r"^[ \t]*\|[ \t]*$", re.MULTILINE)
_PLACEHOLDER = re.compile("\ue000(\\d+)\ue001$")  # placeholder of a crawled table
_ATTRIBUTES = re.compile(r"\s*\{[#.][^{}]{1,200}\}$")  # pandoc's: "# Kết quả {#sec-1 .part}"
_YEARS = re.compile(r"(?<=\d)\n-(?=[ \t]\d{4}\b)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# Emphasis in longer paragraphs is not parsed: thousands of brackets and stars take Markdown
# parsers more than linear time.
_LONGEST_INLINE = 50_000
_CAPITALS = 4  # words in a line of capitals that is a title's; fewer may be an acronym in a text


def read(source: SourceFile) -> Iterator[Block]:
    """The blocks of a Markdown file; its front matter becomes ``source.properties``."""
    text = re.sub(r"\r\n?", "\n", decode_source(source)).lstrip("\ufeff")
    skipped = 0
    front = _FRONT.match(text)
    if front:
        source.properties.update(_front_matter(front[1]))
        skipped = front[0].count("\n")
        text = text[front.end() :]
    crawled = len(_LONE_BORDER.findall(text)) > 1
    tables: list[CrawledTable] = []
    if crawled:
        text, tables = _take_tables(text)
        # The remaining borders, of letterheads and signatures, are only separators.
        text = _LONE_BORDER.sub("", text)
    # A line break in a span of years does not begin a list: `giai đoạn 2021` / `- 2025`.
    text = _YEARS.sub(r"\n\\-", text)
    return _Walk(_parser(crawled), text, skipped, tables if crawled else None).blocks()


def _take_tables(text: str) -> tuple[str, list[CrawledTable]]:
    """Replace crawled data tables by placeholders; return text and tables.

    The number of lines is unchanged.
    """
    lines = text.split("\n")
    tables: list[CrawledTable] = []
    for table in find_tables(lines):
        rows = [
            [Cell([Block(cell.text)] if cell.text else []) for cell in row] for row in table.rows
        ]
        filled = [row for row in rows if any(cell.blocks for cell in row)]
        if not filled or is_layout(Table(rows, borders=True), filled):
            continue
        lines[table.first : table.last + 1] = [
            "",
            f"\ue000{len(tables)}\ue001",
            *[""] * (table.last - table.first - 1),
        ]
        tables.append(table)
    return "\n".join(lines), tables


def _front_matter(text: str) -> dict[str, str]:
    """The scalars of YAML front matter.

    Lists become comma-separated text; nested values are left out.
    """
    values: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        found = _KEY.match(line)
        entry = _ENTRY.match(line)
        if found:
            key = found[1]
            value = found[2].strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            values[key] = (
                ""
                if value in (">", "|", ">-", "|-")
                else value.strip("[]")
                if value[:1] == "["
                else value
            )
        elif entry and key:
            item = (entry[1] or entry[2] or "").strip("\"'")
            values[key] = f"{values[key]}, {item}" if values[key] else item
        elif line[:1] in (" ", "\t") and key and ":" not in line:
            values[key] = f"{values[key]} {line.strip()}".strip()
    return {name: value for name, value in values.items() if value}


def _parser(crawled: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    # In reports four spaces indent a paragraph, and never mark code.
    parser.disable("code")
    # Inline text is parsed block by block, so that its length can be checked first.
    parser.core.ruler.disable("inline")
    if crawled:
        parser.disable("lheading")  # a row of dashes below a letterhead does not make it a heading
    return parser


class _Walk:
    """One pass over the tokens of a file."""

    def __init__(
        self, parser: MarkdownIt, text: str, skipped: int, crawled: Sequence[CrawledTable] | None
    ) -> None:
        self.parser = parser
        self.lines = text.split("\n")
        self.references: dict[str, Any] = {}
        self.tokens = parser.parse(text, self.references)
        self.skipped = skipped
        self.crawled = crawled is not None
        self.tables = crawled or ()
        self.labels: list[str] = []

    def blocks(self) -> Iterator[Block]:
        tokens = self.tokens
        i = 0
        while i < len(tokens):
            token = tokens[i]
            if token.type == "table_open":
                end = next(k for k in range(i, len(tokens)) if tokens[k].type == "table_close")
                yield from self._table(tokens[i:end])
                i = end
            elif token.type == "list_item_open":
                self.labels.append((token.info + token.markup) if token.info else token.markup)
            elif token.type == "list_item_close":
                self.labels.pop()
            elif token.type == "inline":
                level = int(tokens[i - 1].tag[1]) if tokens[i - 1].type == "heading_open" else None
                if level is not None:
                    token.content = _ATTRIBUTES.sub("", token.content)
                held = _PLACEHOLDER.match(token.content)
                if held and int(held[1]) < len(self.tables):
                    yield from self._crawled_table(self.tables[int(held[1])])
                else:
                    yield from self._inline(token, level)
            elif token.type in ("fence", "html_block"):
                yield from self._raw(token)
            i += 1

    def _inline(self, token: Token, level: int | None = None) -> Iterator[Block]:
        label = self.labels[-1] if self.labels else ""
        bullet = label[:1] in ("-", "*", "+") and level is None
        kind: BlockKind = "list-item" if bullet else "paragraph"
        if label:
            self.labels[-1] = ""  # only the first paragraph of an item carries its bullet
        line, gap = self._place(token)
        for runs in self._split(self._runs(token.content)):
            broken = sum(run.text in ("\v", "\n") for run in runs)
            for run in runs:
                run.text = " " if run.text in ("\v", "\n") else run.text
            block = paragraph(runs, label=label, line=line, kind=kind, level=level, gap=gap)
            if block is not None:
                yield block
            line += broken
            label, gap, kind = "", False, "paragraph"

    def _place(self, token: Token) -> tuple[int, bool]:
        start = token.map[0] if token.map else 0
        return start + 1 + self.skipped, start > 0 and not self.lines[start - 1].strip()

    def _runs(self, content: str) -> list[Run]:
        if len(content) > _LONGEST_INLINE:
            return [Run(re.sub(r"[*_`]{2,}", "", content))]
        runs: list[Run] = []
        strong = struck = raised = 0
        children: list[Token] = []
        self.parser.inline.parse(content, self.parser, self.references, children)
        for child in children:
            strong += {"strong_open": 1, "strong_close": -1}.get(child.type, 0)
            struck += {"s_open": 1, "s_close": -1}.get(child.type, 0)
            if child.type == "html_inline":
                raised += {"<sup>": 1, "</sup>": -1}.get(child.content.lower(), 0)
                struck += {"<del>": 1, "</del>": -1}.get(child.content.lower(), 0)
            if struck > 0:
                continue
            if child.type == "softbreak":
                runs.append(Run("\v", strong > 0))
            elif child.type == "hardbreak" or (
                child.type == "html_inline" and _BREAK.match(child.content)
            ):
                runs.append(Run("\n", strong > 0))
            elif child.type in ("text", "text_special", "code_inline"):
                text = child.content.replace("**", "")
                for i, part in enumerate(_FOOTNOTE.split(text)):
                    if part:
                        runs.append(Run(part, strong > 0, raised=raised > 0 or i % 2 == 1))
        return runs

    def _split(self, runs: list[Run]) -> list[list[Run]]:
        """Split paragraphs at line breaks before new items, keeping the final break."""
        paragraphs: list[list[Run]] = [[]]
        for i, run in enumerate(runs):
            paragraphs[-1].append(run)
            if run.text not in ("\v", "\n"):
                continue
            before = [r for r in paragraphs[-1] if r.text.strip()]
            after = [r for r in runs[i + 1 :] if r.text.strip()][:3]
            if before and after and self._is_end(before, after, hard=run.text == "\n"):
                paragraphs.append([])
        return paragraphs

    def _is_end(self, before: Sequence[Run], after: Sequence[Run], *, hard: bool) -> bool:
        if after[0].raised and len(after) > 1 and after[1].text.startswith(":"):
            return True  # the next of several notes: [^2]: …
        start, end = "".join(run.text for run in after), before[-1].text.rstrip()
        if begins_item(start):
            return hard or is_complete(end)
        if hard:
            return is_complete(end)
        if not (self.crawled and end.isupper()):
            return False
        # Crawlers join letterhead, title and text: split where bold or capitals end.
        lower = not after[0].text.isupper() and len(end.split()) >= _CAPITALS
        return lower or after[0].bold != before[-1].bold

    def _table(self, tokens: Sequence[Token]) -> Iterator[Block]:
        table = Table(borders=True)
        line = 0
        for i, token in enumerate(tokens):
            if token.type == "tr_open":
                table.rows.append([])
                # Cells have no line numbers.
                line = token.map[0] + 1 + self.skipped if token.map else line
            elif token.type in ("th_open", "td_open"):
                blocks = [
                    paragraph(runs, line=line)
                    for runs in self._lines_of_cell(tokens[i + 1].content)
                ]
                table.rows[-1].append(
                    Cell([block for block in blocks if block], heading=token.type == "th_open")
                )
        if table.rows and not any(cell.blocks for cell in table.rows[0]):
            del table.rows[0]  # an empty header row
        yield from table_blocks(table)

    def _crawled_table(self, found: CrawledTable) -> Iterator[Block]:
        table = Table(borders=True)
        for place, row in enumerate(found.rows):
            cells = []
            for cell in row:
                line = cell.line + 1 + self.skipped
                blocks = [paragraph(runs, line=line) for runs in self._lines_of_cell(cell.text)]
                cells.append(Cell([block for block in blocks if block]))
            if place in found.ragged:  # the columns of the cells are unknown
                cells = [_joined(cells)]
            table.rows.append(cells)
        yield from table_blocks(table)

    def _lines_of_cell(self, content: str) -> list[list[Run]]:
        """The runs of a cell, a list for each line separated by ``<br>``."""
        lines: list[list[Run]] = [[]]
        for run in self._runs(content):
            if run.text == "\n":
                lines.append([])
            else:
                lines[-1].append(Run(" ", run.bold) if run.text == "\v" else run)
        return lines

    def _raw(self, token: Token) -> Iterator[Block]:
        """Code and HTML by lines, without tags and comments."""
        content = token.content
        if token.type == "html_block":
            content = _TAG.sub(" ", _BREAK.sub("\n", _COMMENT.sub("", content)))
        line = self._place(token)[0] + (token.type == "fence")
        for offset, text in enumerate(content.split("\n")):
            block = paragraph([Run(text)], line=line + offset)
            if block is not None:
                yield block


def _joined(cells: Sequence[Cell]) -> Cell:
    """Join the cells of a row."""
    filled = [cell for cell in cells if cell.text]
    first = replace(filled[0].blocks[0], text="; ".join(cell.text for cell in filled))
    return Cell([first])
