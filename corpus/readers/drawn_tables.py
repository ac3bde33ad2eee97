"""Tables drawn with tabs, spaces or bars: "TT Chỉ tiêu Kết quả"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from ..blocks import Block
from .tables import LETTER, Cell, Table, is_layout, table_blocks

_GAP = re.compile(r"\S(?:\t| {2,})\s*\S")
_BARS = re.compile(r"\s*[|│].*[|│]\s*$")
_RULE = re.compile(r"[\s\-–—_=+|│─┼├┤┌┐└┘┬┴═]{3,}$")
_TAB = 8
_RIVER = 2  # blank columns between two columns of text
_LEAST_ROWS = 3  # including the headings
_RULES = 3  # minimum rules that separate rows; one or two only set off the headings
_LONGEST_LINE = 400  # characters; a longer cell is a paragraph


def join_drawn_tables(blocks: Sequence[Block]) -> Iterator[Block]:
    """Convert the rows of drawn tables to table rows, if columns are found."""
    start = 0
    while start < len(blocks):
        end = start
        while end < len(blocks) and _may_be_row(blocks[end], begun=end > start):
            if end > start + 1 and blocks[end].gap and not blocks[end - 1].gap:
                break  # a blank line ends a table without blank lines
            end += 1
        table = _table(blocks[start:end]) if end - start >= _LEAST_ROWS else None
        if table is None:
            end = max(end, start + 1)
            yield from blocks[start:end]
        else:
            yield from table_blocks(table)
        start = end


def _may_be_row(block: Block, *, begun: bool) -> bool:
    if block.kind == "table-row" or block.level is not None or block.note:
        return False
    text = block.text
    if len(text) > _LONGEST_LINE:
        return False
    if _GAP.search(text) or _BARS.match(text) or _RULE.match(text):
        return not LETTER.search(text)
    return begun and not block.gap and text[:_RIVER].isspace()  # a further line of a cell


def _table(blocks: Sequence[Block]) -> Table | None:
    texts = [block.text for block in blocks]
    rules = [i for i, text in enumerate(texts) if _RULE.match(text)]
    rows: list[list[list[tuple[str, Block]]]] = []
    ruled = len(rules) >= _RULES
    fresh = True
    cells = _cells([text for i, text in enumerate(texts) if i not in rules])
    for i, block in enumerate(blocks):
        if i in rules:
            fresh = True
            continue
        line = next(cells)
        if not rows or (fresh if ruled else bool(line[0])):
            rows.append([[] for _ in line])
        fresh = False
        for cell, text in zip(rows[-1], line, strict=True):
            if text:
                cell.append((text, block))
    if len(rows) < _LEAST_ROWS or len(rows[0]) < 2:
        return None
    table = Table([[_cell(cell) for cell in row] for row in rows])
    return None if is_layout(table, table.rows) else table


def _cell(parts: Sequence[tuple[str, Block]]) -> Cell:
    if not parts:
        return Cell([])
    text = " ".join(text for text, _ in parts)
    return Cell([replace(parts[0][1], text=text, lead=0)])


def _cells(texts: Sequence[str]) -> Iterator[list[str]]:
    """The cells of each line, the same number for all."""
    if all(map(_BARS.match, texts)):
        split = [re.split(r"[|│]", text.strip().strip("|│")) for text in texts]
    else:
        split = [re.split(r"\t+", text.strip()) for text in texts]
        if len(split[0]) < 2 or len(set(map(len, split))) > 1:
            split = list(_aligned([text.expandtabs(_TAB) for text in texts]))
    width = max(map(len, split), default=0)
    for cells in split:
        yield [cell.strip() for cell in cells] + [""] * (width - len(cells))


def _aligned(texts: Sequence[str]) -> Iterator[list[str]]:
    borders = _borders(texts)
    for text in texts:
        yield [text[a:b] for a, b in zip([0, *borders], [*borders, None], strict=True)]


def _borders(texts: Sequence[str]) -> list[int]:
    """Start of each column after the first: after characters blank in all lines."""
    width = max(map(len, texts), default=0)
    blank = [all(text[at : at + 1] in ("", " ") for text in texts) for at in range(width)]
    borders: list[int] = []
    seen = 0  # characters so far
    for is_blank, group in groupby(blank):
        count = len(list(group))
        seen += count
        if is_blank and count >= _RIVER and count < seen < width:
            borders.append(seen)
    return borders
