"""Join scraps: lines of the body that are not separate paragraphs.

Scraps are the lines of a form or of a signature within the text, cells of a table one below the
other, the few words of an example, addresses to the audience, a few words with a colon, and short
items of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .assessment import is_salutation
from .headings import BLANK_LINE, EXAMPLE, FIRST_COLUMN
from .line_types import is_caption, is_signing_place
from .lines import Line
from .outline import Entry, takes_leave

_SCRAP = 10  # words; a longer line is a separate passage
_LONGEST_EXAMPLE = 30  # maximum words of an example
_LABEL = 4  # maximum words before a colon
_CELL = 3  # maximum average words of a table's cells
_SCRAPS = 3  # minimum consecutive scraps that form one passage
_FRAGMENT = 30  # characters; a longer item of a list is a separate passage
_ADDRESS = 8  # maximum words of "Kính thưa Đại hội!" and "Xin trân trọng cảm ơn!"
_CAPITALS = 24  # maximum words of a name in capitals in an example
_TO_SIGN = re.compile(r"\((?:đã )?(?:ký|chữ ký|họ(?: và)? tên)\b[^()]*\)$", re.IGNORECASE)


def join_scraps(entries: Iterable[Entry]) -> list[Entry]:
    """``entries`` with scraps below the same headings joined into one passage."""
    joined = list(_labels_joined(list(_scraps_joined(list(entries)))))
    return list(_fragments_joined(list(_lists_joined(joined))))


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
    if len(lines) > 1 and any(is_signing_place(line) for line in lines):
        return True
    shown = any(
        line.caps
        or _TO_SIGN.search(line.text)
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


def _fragments_joined(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Join a few words to the passage that they belong to.

    An address to the audience and a label are joined to the text below, thanks to the closing
    remark above.
    """
    held: Entry | None = None
    first = True  # ``held`` is the first passage
    for entry in entries:
        if held is not None and _belongs(held, entry, first=first):
            text = f"{held.text} {entry.text}"
            line = Line(text, [*held.line.blocks, *entry.line.blocks], held.line.index)
            held = replace(held, line=line, text=text, lead=held.lead or entry.lead)
            continue
        if held is not None:
            yield held
            first = first and held.role != "passage"
        held = entry
    if held is not None:
        yield held


def _lists_joined(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Join consecutive names: three items of a list, or two like "Chi bộ: CB".

    Text with a figure is a statement, not a name.
    """
    start = 0
    while start < len(entries):
        kind = _fragment(entries[start])
        end = start + 1
        while (
            kind
            and end < len(entries)
            and entries[end].path == entries[start].path
            and _fragment(entries[end]) == kind
        ):
            end += 1
        if kind and end - start >= (2 if kind == "label" else _SCRAPS):
            yield _joined(kind, entries[start:end])
        else:
            yield from entries[start:end]
        start = end


def _fragment(entry: Entry) -> str:
    """The marker kind of a short list item, ``label`` for "Chi bộ: CB", or empty."""
    line = entry.line
    if not _is_text(entry) or len(line.text) > _FRAGMENT or any(map(str.isdigit, line.rest)):
        return ""
    if line.end == ":" or (entry.lead is not None and entry.lead.verdict is not None):
        return ""
    return line.kind or ("label" if ": " in line.text else "")


def _is_text(entry: Entry) -> bool:
    """Whether an entry is a passage of the text, no row or note."""
    block = entry.line.block
    return entry.role == "passage" and not block.note and block.kind != "table-row"


def _belongs(held: Entry, entry: Entry, *, first: bool) -> bool:
    """Whether ``held`` and ``entry`` are one passage."""
    above, line = held.line, entry.line
    if held.path != entry.path or not (_is_text(held) and _is_text(entry)):
        return False
    if is_salutation(above.text) or is_salutation(line.text):
        short = above.size <= _ADDRESS and not is_salutation(line.text)
        return not first and short and line.marker is None
    if line.size <= _ADDRESS and line.marker is None and takes_leave(line.text):
        return above.marker is None and takes_leave(above.text)
    if above.end != ":" or len(above.text) > _FRAGMENT:
        return False
    sibling = line.numbered and line.kind == above.kind
    return not sibling and line.size >= 2 * above.size


def _continues_scraps(kind: str, first: Entry, entry: Entry) -> bool:
    if not kind or entry.path != first.path:
        return False
    if kind == "example" and entry.line.caps and entry.line.size <= _CAPITALS:
        return entry.role == "passage" and entry.line.marker is None
    return _scrap(entry) == ("scrap" if kind == "example" else kind)


def _scrap(entry: Entry) -> str:
    """The kind of scrap: ``address``, ``example``, ``scrap`` or empty (none)."""
    line = entry.line
    if not _is_text(entry) or is_caption(line):
        return ""
    if is_salutation(line.text):
        return "address"
    blank = line.size <= _SCRAP and BLANK_LINE.search(line.text) is not None
    if line.marker is not None or (entry.lead is not None and entry.lead.verdict is not None):
        return ""
    if line.end in (".", ";", "!", "?") and not blank:
        return ""
    if line.size <= _LONGEST_EXAMPLE and EXAMPLE.match(line.text):
        return "example"
    return "scrap" if line.size <= _SCRAP else ""


def _joined(kind: str, entries: Sequence[Entry]) -> Entry:
    separator = " " if kind == "address" else "; "
    text = entries[0].text
    for entry in entries[1:]:
        text += (" " if text.endswith((":", ",", ";", ".")) else separator) + entry.text
    blocks = [block for entry in entries for block in entry.line.blocks]
    return Entry("passage", Line(text, blocks, entries[0].line.index), text, entries[0].path)
