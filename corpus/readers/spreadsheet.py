"""Spreadsheets (.xlsx, .xls, .ods), each visible sheet as a heading and a table.

A row is one block.
"""

from __future__ import annotations

import datetime
import io
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from ...errors import DamagedFile, EncryptedFile, Message
from ..blocks import Block
from ..repair import repair_texts
from ..repair.score import has_vietnamese_letters
from .packages import Package
from .source import SourceFile
from .tables import Cell, Table, table_blocks

_COLUMNS = 200  # maximum cells of a row
_WHOLE = 1e15  # a float represents whole numbers exactly up to here


def read(source: SourceFile) -> Iterator[Block]:
    """The blocks of a spreadsheet, sheet by sheet."""
    import python_calamine as calamine

    if source.data.startswith(b"PK"):
        _check_size(source)
    try:
        book = calamine.load_workbook(io.BytesIO(source.data))
    except calamine.PasswordError as error:
        raise EncryptedFile(
            source.path, "it is locked by a password; save it without one"
        ) from error
    except calamine.CalamineError as error:
        raise DamagedFile(
            source.path, "damaged, or no spreadsheet inside ({error})", error=error
        ) from error
    hidden = [
        one.name for one in book.sheets_metadata if one.visible != calamine.SheetVisibleEnum.Visible
    ]
    if hidden:
        source.note(Message("hidden sheets are left out: {hidden}", hidden=", ".join(hidden)[:80]))
    sheets = [
        one.name
        for one in book.sheets_metadata
        if one.name not in hidden and one.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    tables = [book.get_sheet_by_name(name).to_python() for name in sheets]
    for name, rows in zip(sheets, _repaired(source, tables), strict=True):
        yield from _sheet(name if len(sheets) > 1 else "", rows)


def _repaired(
    source: SourceFile, tables: Sequence[Sequence[Sequence[Any]]]
) -> Iterator[list[list[Any]]]:
    """The rows of each sheet, text in old encodings converted.

    Cells with Vietnamese letters are clean; the others of a row are judged as one text, since a
    single word does not identify its encoding.
    """
    places: list[tuple[list[Any], list[int]]] = []
    cut = [[list(row[:_COLUMNS]) for row in rows] for rows in tables]
    for row in (row for rows in cut for row in rows):
        doubtful = [at for at, cell in enumerate(row) if isinstance(cell, str) and _doubtful(cell)]
        if doubtful:
            places.append((row, doubtful))
    repaired = repair_texts(
        ["\n".join(" ".join(row[at].split("\n")) for at in some) for row, some in places]
    )
    for note in repaired.notes:
        source.note(note)
    for (row, some), text in zip(places, repaired.texts, strict=True):
        for at, cell in zip(some, text.split("\n"), strict=True):
            row[at] = cell
    yield from cut


def _doubtful(text: str) -> bool:
    """Whether a cell may be in an old encoding."""
    return not text.isascii() and not has_vietnamese_letters(unicodedata.normalize("NFC", text))


def _check_size(source: SourceFile) -> None:
    """Unpack every part once to check the limits.

    Raises TooLarge, DamagedFile, EncryptedFile.
    """
    with Package(source) as package:
        for name in package.names():
            package.part(name)


def _sheet(name: str, rows: Sequence[Sequence[Any]]) -> Iterator[Block]:
    """The blocks of one sheet.

    Single cells are paragraphs; the rows between blank rows are a table.
    """
    texts = [[_text(cell) for cell in row] for row in rows]
    if name and any(map(any, texts)):
        yield Block(name, level=1)
    group: list[list[str]] = []
    for row in [*texts, []]:
        if any(row):
            group.append(row)
            continue
        yield from _group(group)
        group = []


def _group(rows: list[list[str]]) -> Iterator[Block]:
    while rows and sum(map(bool, rows[0])) == 1:  # a title above the table
        yield Block(" ".join(filter(None, rows.pop(0))), gap=True)
    used = [at for at in range(max(map(len, rows), default=0)) if any(row[at] for row in rows)]
    cells = [[Cell([Block(row[at])] if row[at] else []) for at in used] for row in rows]
    yield from table_blocks(Table(cells, borders=True))


def _text(cell: Any) -> str:
    """A cell as displayed to a Vietnamese reader: ``4,59``, ``31/12/2024``."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < _WHOLE:
            return str(int(cell))
        case float():
            return _shown(cell)
        case datetime.datetime():
            day = cell.strftime("%d/%m/%Y")
            return f"{day} {cell:%H:%M}" if cell.hour or cell.minute else day
        case datetime.date():
            return cell.strftime("%d/%m/%Y")
        case datetime.timedelta():
            return str(cell)
        case _:
            return " ".join(str(cell).split())


def _shown(number: float) -> str:
    """A number as displayed by a spreadsheet, in up to eleven characters."""
    text = f"{number:.10g}"
    if abs(number) < 1 and "e" not in text:
        text = f"{number:.9f}".rstrip("0")
    return text.rstrip(".").replace(".", ",") or "0"
