"""Passages into an engine: what changed, in which order, with what progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lazy import lazily

if TYPE_CHECKING:
    from .changes import Change
    from .files import Found, find_files
    from .intake import Intake
    from .records import Record, read_records
    from .update import Updater

_HOMES = {
    "Change": "changes",
    "Found": "files",
    "Intake": "intake",
    "Record": "records",
    "Updater": "update",
    "find_files": "files",
    "read_records": "records",
}

__all__ = ["Change", "Found", "Intake", "Record", "Updater", "find_files", "read_records"]

__getattr__, __dir__ = lazily(__name__, _HOMES)  # a search needs none of the reading behind it
