"""A parsed report: its metadata, and its text in elements."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from ..vietnamese import fold
from .model import Passage, Report

Role = Literal["furniture", "letterhead", "title", "heading", "passage", "signature"]


@dataclass(frozen=True, slots=True)
class Element:
    """One parsed piece of a document, in reading order.

    ``path`` holds the headings above it; ``passage`` is the passage it became, if it is one.
    """

    role: Role
    text: str
    line: int
    page: int | None
    path: tuple[str, ...] = ()
    passage: Passage | None = None

    def to_dict(self) -> dict[str, Any]:
        """The element as plain data for JSON."""
        return {
            "role": self.role,
            "text": self.text,
            "line": self.line,
            "page": self.page,
            "path": list(self.path),
            "passage": self.passage.to_dict() if self.passage else None,
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """A parsed report: its metadata, and all its text in order."""

    report: Report
    elements: tuple[Element, ...]

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The report's passages in order."""
        return tuple(element.passage for element in self.elements if element.passage)

    def to_dict(self) -> dict[str, Any]:
        """The reading as plain data for JSON."""
        return {
            "report": self.report.to_dict(),
            "elements": [element.to_dict() for element in self.elements],
        }


def slug(name: str) -> str:
    """``name`` as an id: lower-case ASCII letters and digits, joined by hyphens.

    ``report`` if none are left.
    """
    composed = unicodedata.normalize("NFC", name)  # macOS returns decomposed names
    return re.sub(r"[^a-z0-9]+", "-", fold(composed).lower()).strip("-") or "report"
