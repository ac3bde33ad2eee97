"""Tables with one cell per paragraph, as copied from a web page or PDF file.

They begin with the headings of their columns, the first of them "TT" or "STT"; each row begins
with its number alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..blocks import Block
from .lines import begins_item, is_complete
from .tables import FIRST_HEADING, Cell, Table, table_blocks

_NUMBER = re.compile(r"\(?(\d{1,3})[.)]?$")
_GROUP = re.compile(r"(?:[IVX]{1,5}|[A-HĐ])[.)]?$")
_COLUMNS = range(2, 13)  # minimum headings after "TT"
_LONGEST_HEADING = 80  # characters
_MOST_CELLS = 3  # times the number of columns: maximum cells of a row


def join_flat_tables(blocks: Sequence[Block]) -> list[Block]:
    """``blocks`` with the rows of such tables as one block each."""
    found: list[Block] = []
    place = 0
    while place < len(blocks):
        start = _first_row(blocks, place)
        end = _end(blocks, start, start - place) if start else place
        if end == place or start is None:
            found.append(blocks[place])
            place += 1
            continue
        found += _rows(blocks[place:start], blocks[start:end])
        place = end
    return found


def _first_row(blocks: Sequence[Block], place: int) -> int | None:
    """Index of the first row below the headings at ``place``, or None."""
    first = blocks[place]
    if len(first.text) > 12 or not FIRST_HEADING.match(first.text) or not _is_cell(first):
        return None
    for at in range(place + 1, min(len(blocks), place + 2 + _COLUMNS[-1])):
        block = blocks[at]
        if _starts(block) in (("group", None), ("number", 1)):
            return at if at - place - 1 in _COLUMNS else None
        if not _is_cell(block) or len(block.text) > _LONGEST_HEADING or is_complete(block.text):
            return None
    return None


def _starts(block: Block) -> tuple[str, int | None] | None:
    """The number that begins a row: ("number", 3) for "3", ("group", None) for "II"."""
    if not _is_cell(block):
        return None
    number = _NUMBER.match(block.text)
    if number:
        return "number", int(number[1])
    return ("group", None) if _GROUP.match(block.text) else None


def _is_cell(block: Block) -> bool:
    return block.kind != "table-row" and block.level is None and not block.note


def _end(blocks: Sequence[Block], start: int, columns: int) -> int:
    """The end of the table: the last row has a cell for each column.

    Row numbers are consecutive; a group may restart them.
    """
    last = start
    number = rows = 0
    for at in range(start, len(blocks)):
        begins = _starts(blocks[at])
        if not _is_cell(blocks[at]) or at - last > _MOST_CELLS * columns:
            break
        if begins and (begins[0] == "group" or begins[1] in (number + 1, 1)):
            last = at
            number = 0 if begins[0] == "group" else begins[1] or 0
            rows += number > 0
    longest = max(len(block.text) for block in blocks[start : last + 1])
    end = last + 1
    while end < min(len(blocks), last + columns) and _may_end(blocks[end], longest):
        end += 1
    return end if rows > 1 else start


def _may_end(block: Block, longest: int) -> bool:
    """Whether a block may be a cell of the last row, by form and length."""
    caps = block.text.isupper() and len(block.text) > 3
    return (
        _is_cell(block)
        and not caps
        and not begins_item(block.text)
        and len(block.text) <= max(longest, _LONGEST_HEADING)
    )


def _rows(headings: Sequence[Block], cells: Sequence[Block]) -> Iterator[Block]:
    """The rows, with column headings if every row is complete."""
    rows: list[list[Block]] = []
    number = 0
    for block in cells:
        begins = _starts(block)
        if begins and (begins[0] == "group" or begins[1] in (number + 1, 1)):
            number = 0 if begins[0] == "group" else begins[1] or 0
            rows.append([])
        rows[-1].append(block)
    table = Table([[Cell([block], heading=True) for block in headings]], borders=True)
    for row in rows:
        if len(row) in (2, len(headings)):  # two cells: a group and its title
            table.rows.append([Cell([block]) for block in row])
        else:
            text = "; ".join(block.text for block in row)
            table.rows.append([Cell([replace(row[0], text=text)])])
    yield from table_blocks(table)
