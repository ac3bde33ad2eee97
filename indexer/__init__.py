"""Passages into an engine: what changed, in which order, with what progress."""

from __future__ import annotations

from .changes import Change
from .files import Found, find_files
from .intake import Intake
from .records import Record, read_records
from .update import Updater

__all__ = ["Change", "Found", "Intake", "Record", "Updater", "find_files", "read_records"]
