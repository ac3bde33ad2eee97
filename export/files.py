"""Writers of tables: a header and rows of str, int, float, date or None."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from ..errors import MissingExtra, OptionError, TracuuError, install_extra

SUFFIXES = (".csv", ".xlsx", ".jsonl", ".parquet")
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")  # OWASP, "CSV Injection"
_SURROGATE = re.compile("[\ud800-\udfff]")
_CELL = 32_767  # characters that a cell of a workbook can hold
_WIDE = 60  # characters: maximum width of a column of a workbook
_SAMPLE = 100  # rows that determine the width of a column

Row = Sequence[Any]


def harmless(cell: Any) -> Any:
    """Prefix a text that looks like a formula with an apostrophe.

    A spreadsheet would otherwise evaluate it.
    """
    starts = isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA_STARTS)
    return f"'{cell}" if starts else cell


def csv_text(header: Sequence[str], rows: Iterable[Row], *, excel: bool = False) -> str:
    """The table as CSV (RFC 4180) with LF line endings.

    With ``excel`` it has a byte order mark, so that Excel detects UTF-8, CRLF line endings, and
    cells that Excel does not evaluate as formulas.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n" if excel else "\n")
    writer.writerow(header)
    for row in rows:
        cells = ["" if cell is None else cell for cell in row]
        writer.writerow(map(harmless, cells) if excel else cells)
    return ("\ufeff" if excel else "") + _SURROGATE.sub("\ufffd", text.getvalue())


def jsonl_text(header: Sequence[str], rows: Iterable[Row]) -> str:
    """The table as JSON Lines: one object per row, dates in ISO 8601."""
    lines = (
        json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False, default=str)
        for row in rows
    )
    return _SURROGATE.sub("\ufffd", "".join(f"{line}\n" for line in lines))


def xlsx_bytes(header: Sequence[str], rows: Iterable[Row], *, name: str = "tracuu") -> bytes:
    """An Excel workbook of one sheet.

    Texts are written as text cells, never as formulas or links. Raises MissingExtra without
    XlsxWriter.
    """
    try:
        import xlsxwriter
    except ModuleNotFoundError as error:
        raise _missing("an Excel workbook", error, "xlsx") from error
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "remove_timezone": True})
    sheet = book.add_worksheet(name)
    strong, plain = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    listed = [list(row) for row in rows]
    for column, title in enumerate(header):
        sheet.write_string(0, column, title, strong)
        sample = [str(row[column]) for row in listed[:_SAMPLE] if row[column] is not None]
        width = max(map(len, [title, *sample]))
        sheet.set_column(column, column, min(width + 2, _WIDE))
    for number, row in enumerate(listed, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                sheet.write_number(number, column, cell)
            elif cell is not None:
                text = cell.isoformat() if isinstance(cell, date) else str(cell)
                sheet.write_string(number, column, _SURROGATE.sub("\ufffd", text)[:_CELL], plain)
    sheet.freeze_panes(1, 0)
    if listed:
        sheet.autofilter(0, 0, len(listed), len(header) - 1)
    book.close()
    return stream.getvalue()


def parquet_bytes(header: Sequence[str], rows: Iterable[Row]) -> bytes:
    """The table as a Parquet file; column types are inferred from cells.

    Raises MissingExtra without pyarrow.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise _missing("a Parquet file", error, "parquet") from error
    listed = [list(row) for row in rows]
    columns = {
        title: pyarrow.array([_clean(row[column]) for row in listed])
        for column, title in enumerate(header)
    }
    stream = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), stream)
    return stream.getvalue()


def table_bytes(format: str, header: Sequence[str], rows: Iterable[Row]) -> bytes:
    """The table as a file of ``format``, a key of :data:`MEDIA_TYPES`.

    Raises MissingExtra.
    """
    if format == "xlsx":
        return xlsx_bytes(header, rows)
    if format == "parquet":
        return parquet_bytes(header, rows)
    text = jsonl_text(header, rows) if format == "jsonl" else csv_text(header, rows, excel=True)
    return text.encode("utf-8")


def check_suffix(path: str | os.PathLike[str]) -> str:
    """The table format of the suffix of ``path``. Raises OptionError."""
    suffix = os.path.splitext(os.fspath(path))[1].lower()
    if suffix not in SUFFIXES:
        raise OptionError(
            "{fspath}: a table is written as {suffixes}, depending on the file's suffix",
            fspath=os.fspath(path),
            suffixes=", ".join(SUFFIXES),
        )
    return suffix[1:]


def write_table(path: str | os.PathLike[str], header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write the table to ``path``, in the format of its suffix.

    ``.csv`` is written for Excel. Raises OptionError (unknown suffix), MissingExtra, TracuuError
    (the file cannot be written).
    """
    content = table_bytes(check_suffix(path), header, rows)
    try:
        with open(path, "wb") as stream:
            stream.write(content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TracuuError(
            "{fspath}: cannot be written: {reason}", fspath=os.fspath(path), reason=reason
        ) from error


def _clean(cell: Any) -> Any:
    return _SURROGATE.sub("\ufffd", cell) if isinstance(cell, str) else cell


def _missing(what: str, error: ModuleNotFoundError, extra: str) -> MissingExtra:
    return MissingExtra(
        "writing {what} needs the package {name!r}; {how}",
        what=what,
        name=error.name,
        how=install_extra(extra),
    )
