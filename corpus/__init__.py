"""From files to passages: readers, repair of text, headings, areas, assessments."""

from __future__ import annotations

from .blocks import Block
from .model import ASSESSMENTS, Assessment, Decision, Passage, Report
from .readers import Contents, Limits, is_supported, read_blocks
from .reading import READING_VERSION, Element, Reader, Reading, slug
from .taxonomy import Area, Group, Taxonomy, default_taxonomy

__all__ = [
    "ASSESSMENTS",
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
    "read_blocks",
    "slug",
]
