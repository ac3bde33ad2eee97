"""Property modifications (sprms) of Word 97 files: [MS-DOC] 2.2.5 and 2.6."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from .props import Props
from .rows import CellShape, RowShape

_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_DEF_TABLE = 0xD608
_CHANGE_TABS = 0xC615

STRUCK = (0x0837, 0x2A53)  # sprmCFStrike, sprmCFDStrike: deleted text
BOLD, UNDERLINE, HIDDEN, CAPITALS = 0x0835, 0x2A3E, 0x083C, 0x083B
SUPERSCRIPT = 0x2A48
DELETED, FONT, CHARACTER_STYLE = 0x0800, 0x4A4F, 0x4A30
JUSTIFY, JUSTIFY_OLD, OUTLINE, LEVEL, LIST = 0x2461, 0x2403, 0x2640, 0x260A, 0x460B
IN_TABLE, ROW_END, DEPTH, HUGE = 0x2416, 0x2417, 0x6649, 0x6646
HEADER_ROW, TABLE_BORDERS, TABLE_BORDERS_OLD = 0x3404, 0xD613, 0xD605


def sprms(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The (opcode, operand) pairs of a ``grpprl``; a truncated last one is dropped."""
    at = 0
    while at + 2 <= len(data):
        (code,) = struct.unpack_from("<H", data, at)
        at += 2
        kind = code >> 13
        if kind != 6:
            size = _SIZES[kind]
        elif code == _DEF_TABLE and at + 2 <= len(data):
            size = struct.unpack_from("<H", data, at)[0] + 1
        elif code == _CHANGE_TABS and data[at : at + 1] == b"\xff":
            return  # its length is not stored in one place; no sprm after it is needed
        else:
            size = data[at] + 1 if at < len(data) else 1
        if at + size > len(data):
            return
        yield code, data[at : at + size]
        at += size


@dataclass(slots=True)
class ParagraphLook:
    """The properties that a paragraph's sprms set."""

    props: Props = field(default_factory=Props)
    in_table: bool = False
    row_end: bool = False
    depth: int = 0
    row: RowShape = field(default_factory=RowShape)
    huge: int | None = None


def paragraph_look(data: bytes) -> ParagraphLook:
    """Paragraph and table sprms of ``data``."""
    look = ParagraphLook()
    for code, operand in sprms(data):
        value = int.from_bytes(operand[:4], "little")
        if code in (JUSTIFY, JUSTIFY_OLD):
            look.props.centred = value == 1
        elif code == OUTLINE:
            look.props.outline = value
        elif code == LEVEL:
            look.props.num_level = value
        elif code == LIST:
            # 0 and 0xF801 remove a list; higher values are lists of the old kind.
            look.props.num_id = str(value) if value <= 0x7FFE else "0"
        elif code == IN_TABLE:
            look.in_table = value != 0
        elif code == ROW_END:
            look.row_end = value != 0
        elif code == DEPTH:
            look.depth = value
        elif code == HEADER_ROW:
            look.row.header = value != 0
        elif code in (TABLE_BORDERS, TABLE_BORDERS_OLD):
            look.row.bordered = _has_lines(operand[1:], 8 if code == TABLE_BORDERS else 4)
        elif code == _DEF_TABLE:
            look.row.cells = _cells(operand)
        elif code == HUGE:
            look.huge = value
    return look


def _has_lines(data: bytes, size: int) -> bool:
    """Whether any of the borders (of 4 or 8 bytes each) has a line type."""
    kind = 5 if size == 8 else 1
    return any(data[i + kind] not in (0, 0xFF) for i in range(0, len(data) - size + 1, size))


def _cells(operand: bytes) -> list[CellShape]:
    """The cells of ``sprmTDefTable``.

    Edges, then 20 bytes (``TC80``) a cell, which may be missing.
    """
    data = operand[2:]
    count = data[0] if data else 0
    if len(data) < 1 + 2 * (count + 1):
        return []
    edges = struct.unpack_from(f"<{count + 1}h", data, 1)
    cells = [CellShape(edges[i], edges[i + 1]) for i in range(count)]
    at = 1 + 2 * (count + 1)
    for cell in cells:
        if at + 20 > len(data):
            break
        (flags,) = struct.unpack_from("<H", data, at)
        cell.merged = bool(flags & 0x0002)
        cell.continued = bool(flags & 0x0020) and not flags & 0x0040
        cell.bordered = _has_lines(data[at + 4 : at + 20], 4)
        at += 20
    return cells


def run_look(
    data: bytes, base: Props, fonts: list[str], styles: dict[int, Props]
) -> tuple[Props, bool]:
    """Formatting of a run, and whether it is deleted.

    The run's sprms ``data`` override ``base``, the formatting of its paragraph.
    """
    look = replace(base)
    deleted = False
    for code, operand in sprms(data):
        value = int.from_bytes(operand[:4], "little")
        if code == CHARACTER_STYLE:
            style = styles.get(value)
            look = style.over(look) if style else look
        elif code == BOLD:
            look.bold = _toggle(value, base.bold)
        elif code == HIDDEN:
            look.hidden = _toggle(value, base.hidden)
        elif code in STRUCK and _toggle(value, False):
            look.hidden = True
        elif code == CAPITALS:
            look.capitals = _toggle(value, base.capitals)
        elif code == UNDERLINE:
            look.underlined = value != 0
        elif code == SUPERSCRIPT:
            look.raised = value == 1  # 2 is subscript
        elif code == FONT and value < len(fonts):
            look.font = fonts[value]
        elif code == DELETED:
            deleted = value != 0
    return look, deleted


def _toggle(value: int, base: bool | None) -> bool:
    """Resolve a toggle: 0 off, 1 on, 0x80 as in the style, 0x81 the opposite."""
    if value == 0x80:
        return bool(base)
    return not base if value == 0x81 else value != 0
