"""Join scraps: lines of the body that are not separate paragraphs.

Scraps are the lines of a form or of a signature within the text, cells of a table one below the
other, the few words of an example, addresses to the audience, and a few words with a colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .assessment import is_salutation
from .headings import BLANK_LINE, FIRST_COLUMN
from .line_types import is_signing_place
from .lines import Line
from .outline import Entry

_SCRAP = 10  # words; a longer line is a separate passage
_LONGEST_EXAMPLE = 30  # maximum words of an example
_EXAMPLE = re.compile(r"ví dụ(?:\s+\d+)?(?!\w)", re.IGNORECASE)
_LABEL = 4  # maximum words before a colon
_CELL = 3  # maximum average words of a table's cells
_SCRAPS = 3  # minimum consecutive scraps that form one passage


def join_scraps(entries: Iterable[Entry]) -> list[Entry]:
    """``entries`` with scraps below the same headings joined into one passage."""
    return list(_labels_joined(list(_scraps_joined(list(entries)))))


def _scraps_joined(entries: Sequence[Entry]) -> Iterator[Entry]:
    """``entries`` with consecutive scraps joined into one passage.

    Labels are joined by :func:`_labels_joined`.
    """
    start = 0
    while start < len(entries):
        kind = _scrap(entries[start])
        end = start + 1
        while end < len(entries) and _continues_scraps(kind, entries[start], entries[end]):
            end += 1
        if _make_one(kind, entries[start:end]):
            yield _joined(kind, entries[start:end])
        else:
            yield from entries[start:end]
        start = end


def _make_one(kind: str, entries: Sequence[Entry]) -> bool:
    """Whether entries of one kind form one passage.

    Scraps do if one of them is part of a form or a signature, or if they are as short as cells;
    short statements below each other are separate passages.
    """
    if kind != "scrap":
        return bool(kind) and len(entries) > 1
    lines = [entry.line for entry in entries]
    shown = any(
        line.caps
        or is_signing_place(line)
        or BLANK_LINE.search(line.text)
        or FIRST_COLUMN.match(line.text)
        for line in lines
    )
    short = sum(line.size for line in lines) <= _CELL * len(lines)
    return len(entries) >= _SCRAPS and (shown or short)


def _labels_joined(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Join labels ("Ví dụ:") to the text below or above.

    A label above numbered items is joined to the paragraph before it.
    """
    held: Entry | None = None  # may still be joined to the next entry's text, or to a label
    for entry in entries:
        after_label = held is not None and _is_label(held) and _is_plain(entry, held)
        label_below = held is not None and _is_label(entry) and _is_plain(entry, held)
        if held is not None and (after_label or (label_below and not _is_label(held))):
            text = f"{held.text} {entry.text}"
            blocks = [*held.line.blocks, *entry.line.blocks]
            line = Line(text, blocks, held.line.index)
            held = replace(held, line=line, text=text, lead=held.lead or entry.lead)
            continue
        if held is not None:
            yield held
        held = entry
    if held is not None:
        yield held


def _is_label(entry: Entry) -> bool:
    line = entry.line
    return (
        entry.role == "passage"
        and line.marker is None
        and line.end == ":"
        and line.size <= _LABEL
        and line.block.kind == "paragraph"
    )


def _is_plain(entry: Entry, other: Entry) -> bool:
    """Whether two passages are unnumbered paragraphs below the same headings."""
    return entry.path == other.path and all(
        each.role == "passage"
        and each.line.marker is None
        and each.line.block.kind == "paragraph"
        and not each.line.block.note
        and not is_salutation(each.line.text)
        for each in (entry, other)
    )


def _continues_scraps(kind: str, first: Entry, entry: Entry) -> bool:
    wanted = "scrap" if kind == "example" else kind
    return bool(kind) and entry.path == first.path and _scrap(entry) == wanted


def _scrap(entry: Entry) -> str:
    """The kind of scrap: ``address``, ``example``, ``scrap`` or empty (none)."""
    line = entry.line
    if entry.role != "passage" or line.block.note or line.block.kind == "table-row":
        return ""
    if is_salutation(line.text):
        return "address"
    blank = line.size <= _SCRAP and BLANK_LINE.search(line.text) is not None
    if line.marker is not None or (entry.lead is not None and entry.lead.verdict is not None):
        return ""
    if line.end in (".", ";", "!", "?") and not blank:
        return ""
    if line.size <= _LONGEST_EXAMPLE and _EXAMPLE.match(line.text):
        return "example"
    return "scrap" if line.size <= _SCRAP else ""


def _joined(kind: str, entries: Sequence[Entry]) -> Entry:
    separator = " " if kind == "address" else "; "
    text = entries[0].text
    for entry in entries[1:]:
        text += (" " if text.endswith((":", ",")) else separator) + entry.text
    blocks = [block for entry in entries for block in entry.line.blocks]
    return Entry("passage", Line(text, blocks, entries[0].line.index), text, entries[0].path)
