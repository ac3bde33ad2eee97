"""Remove manually typed tables of contents, which repeat the headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence, Set

from ..blocks import Block

LEADERS = re.compile(r"(?:\.{4,}|…{2,}|(?:\.\s){4,}|_{4,})\s*\d{1,3}\s*$")
_TITLE = re.compile(r"mục\s+lục\s*[:.]?$", re.IGNORECASE)
_ENTRY = re.compile(r"(?P<text>.*[^\W\d_].*?)[\s.…_]*\s(?P<page>\d{1,3})$")
_KEY = re.compile(r"[\W_]+")
_LONGEST = 250  # characters of an entry


def without_contents(blocks: Sequence[Block]) -> tuple[list[Block], int]:
    """``blocks`` without a table of contents, and the number of lines removed.

    Its lines end with a page number: after dots, or below "MỤC LỤC" as long as the numbers rise and
    the document repeats each entry.
    """
    gone = {
        i
        for i, block in enumerate(blocks)
        if block.text[-1:].isdigit() and LEADERS.search(block.text)
    }
    gone |= _glued_entries(blocks, gone)
    for i, block in enumerate(blocks):
        if _TITLE.match(block.text.strip(" *_")):
            entries = _entries(blocks, i + 1)
            if entries or i + 1 in gone:
                gone |= {i, *entries}
    return [block for i, block in enumerate(blocks) if i not in gone], len(gone)


def _glued_entries(blocks: Sequence[Block], entries: Set[int]) -> set[int]:
    """Indices of entries too long for dots, between other ``entries``."""
    found: set[int] = set()
    later: list[str] | None = None
    for i in range(1, len(blocks)):
        text = blocks[i].text
        if i in entries or i - 1 not in entries | found or not text[-1:].isdigit():
            continue
        later = _keys(block.text for block in blocks[i:]) if later is None else later
        key = _key(text.rstrip("0123456789"))
        if len(text) <= _LONGEST and key and any(other.startswith(key) for other in later):
            found.add(i)
    return found


def _entries(blocks: Sequence[Block], start: int) -> set[int]:
    """Indices of the entries below the title "MỤC LỤC"."""
    found: set[int] = set()
    page = 0
    later = _keys(block.text for block in blocks[start:])
    for i in range(start, len(blocks)):
        entry = _ENTRY.match(blocks[i].text.strip())
        if entry is None or len(entry["text"]) > _LONGEST or int(entry["page"]) < page:
            break
        key = _key(entry["text"])
        if not any(other.startswith(key) for other in later):
            break
        page = int(entry["page"])
        found.add(i)
    return found if len(found) > 1 else set()


def _keys(texts: Iterable[str]) -> list[str]:
    """Texts outside the entries, normalised for comparison."""
    return [_key(text) for text in texts if not _ENTRY.match(text.strip())]


def _key(text: str) -> str:
    return _KEY.sub("", unicodedata.normalize("NFC", text).lower())
