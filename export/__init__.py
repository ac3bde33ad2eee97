"""Tables as files: CSV, CSV for Excel, Excel workbooks, JSON Lines, Parquet."""

from __future__ import annotations

from .files import (
    MEDIA_TYPES,
    SUFFIXES,
    csv_text,
    harmless,
    jsonl_text,
    parquet_bytes,
    table_bytes,
    write_table,
    xlsx_bytes,
)

__all__ = [
    "MEDIA_TYPES",
    "SUFFIXES",
    "csv_text",
    "harmless",
    "jsonl_text",
    "parquet_bytes",
    "table_bytes",
    "write_table",
    "xlsx_bytes",
]
