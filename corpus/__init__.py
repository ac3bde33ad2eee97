"""From files to passages: readers, repair of text, headings, areas, assessments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .blocks import Block
    from .elements import Element, Reading, slug
    from .members import parse_contents
    from .model import ASSESSMENTS, READING_VERSION, Assessment, Decision, Passage, Report
    from .naming import shipped_labels
    from .parser import Reader
    from .readers import Contents, Limits, is_supported, read_blocks
    from .readers.source import OCR_LOG, ocr_languages
    from .taxonomy import Area, Group, Taxonomy, default_taxonomy

_HOMES = {
    "ASSESSMENTS": "model",
    "READING_VERSION": "model",
    "Area": "taxonomy",
    "Assessment": "model",
    "Block": "blocks",
    "Contents": "readers",
    "Decision": "model",
    "Element": "elements",
    "Group": "taxonomy",
    "Limits": "readers",
    "OCR_LOG": "readers.source",
    "Passage": "model",
    "Reader": "parser",
    "Reading": "elements",
    "Report": "model",
    "Taxonomy": "taxonomy",
    "default_taxonomy": "taxonomy",
    "is_supported": "readers",
    "ocr_languages": "readers.source",
    "parse_contents": "members",
    "read_blocks": "readers",
    "shipped_labels": "naming",
    "slug": "elements",
}

__all__ = [
    "ASSESSMENTS",
    "OCR_LOG",
    "READING_VERSION",
    "Area",
    "Assessment",
    "Block",
    "Contents",
    "Decision",
    "Element",
    "Group",
    "Limits",
    "Passage",
    "Reader",
    "Reading",
    "Report",
    "Taxonomy",
    "default_taxonomy",
    "is_supported",
    "ocr_languages",
    "parse_contents",
    "read_blocks",
    "shipped_labels",
    "slug",
]

__getattr__, __dir__ = lazily(__name__, _HOMES)  # imported on first use: searches need no readers
