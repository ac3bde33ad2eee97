"""Tables as files: CSV, CSV for Excel, Excel workbooks, JSON Lines, Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .files import (
        MEDIA_TYPES,
        SUFFIXES,
        check_suffix,
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
    "check_suffix",
    "csv_text",
    "harmless",
    "jsonl_text",
    "parquet_bytes",
    "table_bytes",
    "write_table",
    "xlsx_bytes",
]

# imported on first use: most commands write no table
__getattr__, __dir__ = lazily(__name__, dict.fromkeys(__all__, "files"))
