"""Styles, fonts and lists of a Word 97–2003 file.

Source: [MS-DOC] 2.9.271, 2.9.286, 2.9.131, 2.9.150.
"""

from __future__ import annotations

import struct

from .doc_file import DocFile
from .doc_sprms import paragraph_look, run_look
from .numbering import LEVELS, Level, ListUse, Numbering
from .props import Props

_STYLES, _FONTS, _LISTS, _LIST_USES = 1, 15, 73, 74
_PARAGRAPH, _CHARACTER = 1, 2
_FIRST_CONTENTS, _LAST_CONTENTS = 19, 27
_NUMBER_STYLES = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter",
    22: "decimalZero", 23: "bullet", 255: "none",
}  # fmt: skip
_DEEPEST = 50


def read_fonts(file: DocFile) -> list[str]:
    """The names of the fonts, by number."""
    data = file.pair(_FONTS)
    names: list[str] = []
    at = 4
    while at < len(data):
        size = data[at]
        name = data[at + 40 : at + 1 + size]
        names.append(name[: len(name) // 2 * 2].decode("utf-16-le", "replace").split("\x00", 1)[0])
        at += size + 1
    return names


class DocStyles:
    """Styles with inherited properties: ``paragraph[istd]`` and ``character[istd]``."""

    def __init__(self, file: DocFile, fonts: list[str]) -> None:
        self._fonts = fonts
        self._raw: dict[int, tuple[int, int, int, list[bytes]]] = {}
        self.paragraph: dict[int, Props] = {}
        self.character: dict[int, Props] = {}
        self.contents: set[int] = set()
        self._read(file.pair(_STYLES))
        for number, (kind, _, identity, _) in self._raw.items():
            props = self._resolve(number, 0)
            (self.paragraph if kind == _PARAGRAPH else self.character)[number] = props
            if kind == _PARAGRAPH and _FIRST_CONTENTS <= identity <= _LAST_CONTENTS:
                self.contents.add(number)

    def _read(self, data: bytes) -> None:
        if len(data) < 6:
            return
        header, count, base = struct.unpack_from("<HHH", data)
        at = 2 + header
        for number in range(count):
            if at + 2 > len(data):
                return
            (size,) = struct.unpack_from("<H", data, at)
            style = data[at + 2 : at + 2 + size]
            at += 2 + size + size % 2
            if len(style) < base + 2 or base < 10:
                continue
            first, second, third = struct.unpack_from("<HHH", style)
            self._raw[number] = (
                second & 0xF,
                second >> 4,
                first & 0xFFF,
                _parts(style, base, third & 0xF),
            )

    def _resolve(self, number: int, depth: int) -> Props:
        if number not in self._raw or depth > _DEEPEST:
            return Props()
        kind, parent, identity, parts = self._raw[number]
        base = self._resolve(parent, depth + 1)
        own = Props()
        characters = parts[0] if kind == _CHARACTER and parts else b""
        if kind == _PARAGRAPH and parts:
            own = paragraph_look(parts[0][2:]).props
            characters = parts[1] if len(parts) > 1 else b""
            if 1 <= identity <= 9 and own.outline is None:
                own.outline = identity - 1
        look, _ = run_look(characters, base, self._fonts, {})
        return own.over(look)


def _parts(style: bytes, base: int, count: int) -> list[bytes]:
    """The property lists of a style, stored after its name."""
    (length,) = struct.unpack_from("<H", style, base)
    at = base + 2 + 2 * length + 2
    parts: list[bytes] = []
    for _ in range(count):
        if at + 2 > len(style):
            break
        (size,) = struct.unpack_from("<H", style, at)
        parts.append(style[at + 2 : at + 2 + size])
        at += 2 + size + size % 2
    return parts


def read_numbering(file: DocFile) -> Numbering:
    """The lists of the file."""
    kinds: dict[str, dict[int, Level]] = {}
    lists: dict[str, ListUse] = {}
    try:
        _read_kinds(file.pair(_LISTS), file.after(_LISTS), kinds)
        _read_lists(file.pair(_LIST_USES), lists)
    except (struct.error, IndexError):
        file.source.note("its lists are damaged: generated numbers may be missing")
    return Numbering(kinds, lists)


def _read_kinds(heads: bytes, levels: bytes, kinds: dict[str, dict[int, Level]]) -> None:
    if len(heads) < 2:
        return
    (count,) = struct.unpack_from("<H", heads)
    at = 0
    for i in range(count):
        head = heads[2 + 28 * i : 30 + 28 * i]
        (identity,) = struct.unpack_from("<i", head)
        found: dict[int, Level] = {}
        for number in range(1 if head[26] & 1 else LEVELS):
            found[number], at = _level(levels, at)
        kinds[str(identity)] = found


def _level(data: bytes, at: int) -> tuple[Level, int]:
    """The list level (``LVL``) at ``at``, and its end."""
    start, style, flags = struct.unpack_from("<iBB", data, at)
    characters, paragraphs, limit = data[at + 24], data[at + 25], data[at + 26]
    at += 28 + paragraphs + characters
    (length,) = struct.unpack_from("<H", data, at)
    raw = data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    text = "".join(f"%{ord(char) + 1}" if ord(char) < LEVELS else char for char in raw)
    level = Level(
        start=max(0, min(start, 32767)),
        style=_NUMBER_STYLES.get(style, "decimal"),
        text=text,
        legal=bool(flags & 4),
        restart=limit if flags & 8 else None,
    )
    return level, at + 2 + 2 * length


def _read_lists(data: bytes, lists: dict[str, ListUse]) -> None:
    if len(data) < 4:
        return
    (count,) = struct.unpack_from("<I", data)
    if count > len(data) // 16:
        raise IndexError("more lists than there is room for")
    at = 4 + 16 * count
    for i in range(count):
        (kind,) = struct.unpack_from("<i", data, 4 + 16 * i)
        overrides = data[4 + 16 * i + 12]
        used = ListUse(str(kind))
        at += 4
        for _ in range(overrides):
            start, flags = struct.unpack_from("<iI", data, at)
            at += 8
            level = flags & 0xF
            if flags & 0x20:
                used.changed[level], at = _level(data, at)
            elif flags & 0x10:
                used.starts[level] = start
        lists[str(i + 1)] = used
