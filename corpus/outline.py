"""Build the tree of headings, and find the headings of every passage.

Headings are kept on a stack: a new one closes its siblings and all below. The level of a numbered
heading follows from its kind of number, in the order in which the report nests the kinds; that of
an unnumbered heading from its layout, its words, and whether text precedes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from .areas import AreaClassifier, HeadingAreas
from .assessment import HeadingVerdict, announces, is_salutation
from .headings import HeadingFinder
from .line_types import is_caption
from .lines import Line
from .numbering import BULLETS, RANKS, Enumerator

_UNJUDGED = 2  # areas in a row without an assessment; the next assessment covers all of them
_ANNOUNCEMENT = 45  # words; a longer sentence with a colon at its end does not announce a list
_ORDINAL = re.compile(r"(?:một|hai|ba|bốn|năm|sáu|bảy|tám) là\b|thứ \w+\s*[,:]", re.IGNORECASE)
_TABLE = "table-"  # prefix of the keys of headings of table rows; 0: the caption
_WRAPPED = 45  # characters; a heading this long may continue on the next line
_JOINING = (
    "và",
    "của",
    "trong",
    "về",
    "với",
    "cho",
    "theo",
    "do",
    "tại",
    "đối",
    "trên",
    "từ",
    "ở",
    "năm",
    "nhiệm",
)

_CLOSING = re.compile(
    r"trên đây là|trân trọng|kính (?:mong|trình|đề nghị)|\bmong\b.{0,40}(?:ý kiến|góp ý|nhận được)|"
    r"xin (?:ý kiến|báo cáo|chân thành|cảm ơn|kính chúc|chúc)|kính chúc|"
    r"kêu gọi|tin tưởng|nghiêm túc kiểm điểm|quyết tâm (?:phấn đấu|hoàn thành|thực hiện|"
    r"khắc phục)|hứa|cam kết|báo cáo (?:này|của)|thành công tốt đẹp|đạt kết quả cao hơn|"
    r"trình đại hội|tiếp tục phát huy|góp ý",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the path of a passage.

    ``text`` keeps its number and loses a final colon; ``areas`` are those it names, ``verdict`` is
    the assessment it opens.
    """

    text: str
    areas: HeadingAreas
    verdict: HeadingVerdict | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A parsed line of the body: a heading, or a passage, with the headings above it.

    ``lead`` is the heading that a passage's own text is or begins with ("Về kinh tế: …"), or the
    sentence that announced the list it belongs to.
    """

    role: Literal["heading", "passage"]
    line: Line
    text: str
    path: tuple[Heading, ...]
    lead: Heading | None = None


@dataclass(slots=True)
class _Open:
    """An open heading.

    ``key`` distinguishes siblings from children, ``level`` is the file's own, ``listing`` marks a
    heading above a list numbered like it, ``brief`` one that covers only its own paragraph and the
    list below it, ``run_in`` one that runs into its paragraph, ``announces`` a plain line with a
    colon at its end.
    """

    heading: Heading
    key: str
    ordinal: int
    level: int | None
    listing: bool = False
    brief: bool = False
    run_in: bool = False
    text_seen: bool = False
    announces: bool = False


class Outliner:
    """Builds outlines by one taxonomy."""

    def __init__(self, areas: AreaClassifier) -> None:
        self._areas = areas
        self._finder = HeadingFinder(areas)

    def outline(self, lines: list[Line]) -> Iterator[Entry]:
        """The body's lines in order.

        A heading that runs into its paragraph and has more text below it gives two entries. A
        heading without text below it is a passage, so that it is found.
        """
        entries = list(self._entries(lines))
        for place, entry in enumerate(entries):
            after = entries[place + 1] if place + 1 < len(entries) else None
            if entry.role == "heading" and (after is None or len(after.path) <= len(entry.path)):
                yield replace(entry, role="passage", lead=self.heading(entry.text))
            else:
                yield entry

    def _entries(self, lines: list[Line]) -> Iterator[Entry]:
        lines, notes = _without_notes(lines)
        lines = _join_headings(lines)
        headings = self._finder.find(lines)
        stack = _Stack()
        last = len(lines) - 1
        announced: Heading | None = None  # by a passage that ends with a colon
        for place, line in enumerate(lines):
            stack.enter(line)
            while notes and notes[0].index < line.index:
                note = notes.pop(0)
                yield Entry("passage", note, note.text, stack.path)
            run_in = (
                self._finder.run_in(line) if not headings[place] or line.kind == "article" else None
            )
            opened = self.heading(run_in[0]) if run_in else None
            after = lines[place + 1] if place < last else None
            headed = bool(opened and after) and (
                headings[place + 1]
                or (not line.numbered and self._finder.run_in(lines[place + 1]) is not None)
            )
            if run_in and opened and _opens_section(line, opened, after, headed=headed):
                head, rest = run_in
                path = stack.open(
                    opened,
                    Line(head.rstrip(" :"), line.blocks),
                    brief=_is_brief(line, opened),
                    run_in=True,
                )
                yield Entry("heading", line, head, path)
                stack.text()
                yield Entry("passage", line, rest, stack.path)
            elif headings[place]:
                announced = None
                yield Entry("heading", line, line.text, stack.open(self.heading(line.text), line))
            else:
                if is_salutation(line.text):
                    stack.leave_announced()
                stack.leave_brief(
                    line, closing=place == last and line.marker is None and takes_leave(line.text)
                )
                stack.text()
                announced = announced if _is_listed(line) else None
                yield Entry("passage", line, line.text, stack.path, opened or announced)
                announced = self._announced(line) or announced
        for note in notes:
            yield Entry("passage", note, note.text, stack.path)

    def _announced(self, line: Line) -> Heading | None:
        """The verdict on the list that a passage announces: "… còn một số hạn chế sau:"."""
        if line.end != ":" or line.size > _ANNOUNCEMENT:
            return None
        neutral = HeadingVerdict("neutral", None, False) if announces(line.text) else None
        verdict = neutral or line.verdict
        return Heading(line.text, HeadingAreas(), verdict) if verdict else None

    def heading(self, text: str) -> Heading:
        """Parse the ``text`` of a heading: its areas and verdict."""
        line = Line(text, [])
        return Heading(text.rstrip(" :").strip(), self._areas.heading(line.rest), line.verdict)


class _Stack:
    """The open headings at one position of a report."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._unjudged = 0
        self._in_rows = False  # the last line was a table row
        self._order: list[str] = []  # kinds of number in the order in which the report nests them
        # kind of number → that of the last passage numbered so, and the headings above it
        self._passed: dict[str, tuple[int, int]] = {}

    @property
    def path(self) -> tuple[Heading, ...]:
        return tuple(entry.heading for entry in self._open)

    def enter(self, line: Line) -> None:
        """Close the headings of a table's rows if the table ends before ``line``."""
        row = line.block.kind == "table-row"
        if self._in_rows and (line.block.gap or not row):
            del self._open[self._table_depth() :]
        self._in_rows = row

    def _table_depth(self, group: int = 0) -> int:
        """The level of the first open heading of table rows at depth ``group`` or deeper."""
        for depth, entry in enumerate(self._open):
            if entry.key.startswith(_TABLE) and int(entry.key[len(_TABLE) :]) >= group:
                return depth
        return len(self._open)

    def text(self) -> None:
        """Note that text stands below the open headings."""
        for entry in self._open:
            entry.text_seen = True

    def leave_brief(self, line: Line, *, closing: bool) -> None:
        """Close headings that covered only their own paragraph.

        The last paragraph also closes those that ran into theirs.
        """
        while (
            self._open
            and self._open[-1].brief
            and not (line.bullet and _deeper(line.kind, self._open[-1].key))
        ):
            self._open.pop()
        while closing and self._open and self._open[-1].run_in:
            self._open.pop()
        if line.marker is not None and line.numbered and line.block.kind != "table-row":
            self._leave_unnumbered(line.marker)
            self._pass_number(line.marker)
            self._passed[line.marker.kind] = line.marker.ordinal, len(self._open)

    def leave_announced(self) -> None:
        """Close plain headings ending with a colon, at an address to the audience."""
        while self._open and self._open[-1].announces:
            self._open.pop()

    def _leave_unnumbered(self, marker: Enumerator) -> None:
        """Close the unnumbered headings with text that stand below the number before.

        "II. …" is not below "Hạn chế:", which came after the paragraph "I. …".
        """
        ordinal, depth = self._passed.get(marker.kind, (0, 0))
        below = self._open[depth:]
        if marker.ordinal == ordinal + 1 > 1 and all(
            entry.text_seen and entry.key not in RANKS and not entry.key.startswith("level")
            for entry in below
        ):
            del self._open[depth:]

    def _pass_number(self, marker: Enumerator) -> None:
        """Close the heading of the number before a numbered paragraph.

        "8. …" is not below "7. Về …:". Numbers that restart below a heading form a list there.
        """
        depth = self._deepest(marker.kind)
        if depth is None:
            return
        entry = self._open[depth]
        if marker.ordinal <= entry.ordinal:
            entry.listing = True
        elif not entry.listing:
            del self._open[depth:]

    def open(
        self, heading: Heading, line: Line, *, brief: bool = False, run_in: bool = False
    ) -> tuple[Heading, ...]:
        """Insert ``heading`` at its level; return the path above it."""
        while self._open and self._open[-1].brief and not _deeper(line.kind, self._open[-1].key):
            self._open.pop()
        key = _key(line, heading)
        if line.marker is not None and line.numbered and not key.startswith(_TABLE):
            self._leave_unnumbered(line.marker)
        ordinal = line.marker.ordinal if line.marker else 0
        depth = self._depth(key, ordinal, heading, line)
        replaced = self._open[depth].key if depth < len(self._open) else None
        del self._open[depth:]
        self._passed = {kind: last for kind, last in self._passed.items() if last[1] <= depth}
        if key in RANKS and key not in self._order:
            self._order.append(key)
        if not key.startswith(_TABLE):
            self._count_unjudged(key, replaced)
        above = self.path
        self._open.append(
            _Open(heading, key, ordinal, line.block.level, brief=brief, run_in=run_in)
        )
        self._open[-1].announces = (
            key.split("-")[0] == "plain" and line.end == ":" and not line.block.bold
        )
        return above

    def _count_unjudged(self, key: str, replaced: str | None) -> None:
        """Count unnumbered headings that closed one another without an assessment below."""
        if key in ("caps", "plain") and replaced is not None and replaced.split("-")[0] == key:
            self._unjudged += replaced == key
        else:
            self._unjudged = 0

    def _depth(self, key: str, ordinal: int, heading: Heading, line: Line) -> int:
        if key.startswith(_TABLE):
            return self._table_depth(int(key[len(_TABLE) :]))
        if key.startswith("level"):
            return self._level_depth(int(key[5:]))
        if key in RANKS:
            return self._numbered_depth(key, ordinal)
        return self._unmarked_depth(key, heading, line)

    def _level_depth(self, level: int) -> int:
        for depth, entry in enumerate(self._open):
            if entry.level is None or entry.level >= level:
                return depth
        return len(self._open)

    def _numbered_depth(self, key: str, ordinal: int) -> int:
        depth = self._deepest(key)
        if depth is not None:
            entry = self._open[depth]
            nested = ordinal == 1 and entry.ordinal >= 1 and depth < len(self._open) - 1
            if nested and not self._open[-1].text_seen and self._open[-1].key not in RANKS:
                # numbers restart below a heading that was just opened
                return len(self._open)
            return depth
        for depth, entry in enumerate(self._open):
            if entry.key in RANKS and self._outranks(key, entry.key):
                return depth
        return len(self._open)

    def _outranks(self, key: str, other: str) -> bool:
        """Whether a heading numbered ``key`` closes an open one numbered ``other``.

        The report's own order decides between kinds of the same usual depth (``A.`` and ``I.``),
        and between steps and numbers, which contain one another.
        """
        ordered = key in self._order and other in self._order
        steps = "step" in (key, other) and min(RANKS[key], RANKS[other]) >= RANKS["step"]
        if ordered and (steps or RANKS[key] == RANKS[other]):
            return self._order.index(key) < self._order.index(other)
        return not steps and RANKS[key] < RANKS[other]

    def _deepest(self, *keys: str) -> int | None:
        found = [depth for depth, entry in enumerate(self._open) if entry.key in keys]
        return found[-1] if found else None

    def _unmarked_depth(self, key: str, heading: Heading, line: Line) -> int:
        if not self._open:
            return 0
        fresh = not self._open[-1].text_seen
        if key.endswith("neutral") and not fresh:
            unmarked = (
                at
                for at, entry in enumerate(self._open)
                if entry.key.split("-")[0] in ("caps", "plain")
            )
            return next(unmarked, len(self._open))  # plans are not assessed for any single area
        pure = key.endswith("assessment")
        same = self._deepest(key)
        if fresh and (self._open[-1].key != key or not pure):
            if (
                same is not None
                and self._open[-1].key == key
                and self._alike(heading, self._open[-1])
            ):
                return same
            return len(self._open)
        if same is None and pure and self._judges_all(key.split("-")[0]):
            return len(self._open) - 1
        if same is None:
            return self._under_other(key, heading)
        return same if pure else self._sibling(same, key, heading)

    def _judges_all(self, looks: str) -> bool:
        """Whether an assessment stands beside the headings that look like it.

        A heading like "TỒN TẠI, HẠN CHẾ" is not below the last of them if the ones before have no
        assessment below them.
        """
        return self._open[-1].key == looks and self._unjudged >= _UNJUDGED

    def _alike(self, heading: Heading, other: _Open) -> bool:
        """Whether two headings in a row, without text between, cannot be parent and child."""
        mine, theirs = heading.areas, other.heading.areas
        return bool(mine.area and theirs.area and mine.area != theirs.area and not theirs.group)

    def _under_other(self, key: str, heading: Heading) -> int:
        """The level of the first heading with this layout.

        It is below the top level, but a sibling of an assessment that it is not part of.
        """
        top = self._open[-1]
        if (
            top.key == f"{key.split('-')[0]}-neutral"
            and top.heading.verdict
            and top.heading.verdict.opening
        ):
            return len(self._open) - 1
        if top.key == key.replace("-assessment", "") + "-assessment" and not heading.areas.among:
            return len(self._open) - 1
        if key == "caps":
            depth = self._deepest("plain", "plain-assessment")
            if depth is not None:
                first = next(
                    at for at, entry in enumerate(self._open) if entry.key.startswith("plain")
                )
                return first
        return len(self._open)

    def _sibling(self, depth: int, key: str, heading: Heading) -> int:
        """The open heading with the same layout that the new one is a sibling of."""
        while depth > 0 and self._open[depth - 1].key == key:
            parent, child = self._open[depth - 1].heading, self._open[depth].heading
            if _belongs(heading, parent, child):
                break
            depth -= 1
        return depth


def takes_leave(text: str) -> bool:
    """Whether a paragraph is a closing remark to the reader.

    For example "Trên đây là …" or "… mong được đóng góp ý kiến".
    """
    return bool(_CLOSING.search(text))


def _belongs(new: Heading, parent: Heading, child: Heading) -> bool:
    """Whether ``new`` is a sibling of ``child`` below ``parent``, not of ``parent``."""
    if parent.areas.group and new.areas.among:
        return bool(set(new.areas.among) & set(parent.areas.among)) and not new.areas.group
    first, above, beside = (heading.text.split()[0].lower() for heading in (new, parent, child))
    if first == beside:
        return True
    if first == above:
        return False
    if parent.areas.area and new.areas.area:
        return new.areas.area == parent.areas.area
    return True


def _key(line: Line, heading: Heading) -> str:
    if line.block.group or is_caption(line):
        return f"{_TABLE}{line.block.group}"
    if line.marker:  # numbers are more reliable than styles, often chosen for their appearance
        return line.marker.kind
    if line.block.level is not None:
        return f"level{line.block.level}"
    looks = "caps" if line.caps else "plain"
    if heading.verdict is None or not heading.verdict.pure:
        return looks
    return f"{looks}-neutral" if heading.verdict.verdict == "neutral" else f"{looks}-assessment"


def _deeper(kind: str | None, key: str) -> bool:
    """Whether a list of bullets of this kind stands below a heading of that key."""
    if kind not in BULLETS:
        return False
    return key not in BULLETS or RANKS[kind] > RANKS[key]


def _opens_section(line: Line, heading: Heading, after: Line | None, *, headed: bool) -> bool:
    """Whether a heading that runs into its paragraph has more text below it than that.

    ``headed`` is True where ``after``, the line after it, is a heading.
    """
    if line.kind == "article":
        return True
    if after is None:
        return False
    if _is_brief(line, heading):
        return after.bullet and _deeper(after.kind, _key(line, heading))
    if after.marker is None:
        return not headed
    if not line.numbered or line.marker is None:
        return after.bullet or after.marker.rank > RANKS["decimal-2"]
    return after.kind != line.kind and after.marker.rank > line.marker.rank


def _is_listed(line: Line) -> bool:
    """Whether a line is an item of a list: with a number or bullet, or "Một là, …"."""
    return line.marker is not None or bool(_ORDINAL.match(line.text))


def _is_brief(line: Line, heading: Heading) -> bool:
    """Whether a heading that runs into its paragraph covers that paragraph only.

    A numbered one, or an assessment, covers the text that follows too.
    """
    if line.numbered:
        return False
    return line.bullet or not (heading.verdict and heading.verdict.pure)


def _without_notes(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Separate running text from footnotes, which never are or close headings."""
    return [line for line in lines if not line.block.note], [
        line for line in lines if line.block.note
    ]


def _join_headings(lines: list[Line]) -> list[Line]:
    """Join headings written on two lines.

    Examples: "PHẦN THỨ NHẤT" and its title, or capitals that continue.
    """
    joined: list[Line] = []
    for line in lines:
        if joined and _goes_on(joined[-1], line):
            before = joined.pop()
            line = Line(f"{before.text} {line.text}", [*before.blocks, *line.blocks], before.index)
        joined.append(line)
    return joined


def _goes_on(before: Line, line: Line) -> bool:
    if (
        "table-row" in (before.block.kind, line.block.kind)
        or line.marker
        or line.sentence
        or before.sentence
        or before.end == ":"
        or len(before.blocks) > 3
    ):
        return False
    if before.kind in ("part", "chapter", "section") and not before.rest:
        return line.size <= 40 and (
            line.caps or line.block.bold or line.block.level is not None or line.size <= 25
        )
    caps = line.caps or not any(map(str.isalpha, line.text))  # "… NHIỆM KỲ" / "2023 - 2025"
    if not (before.caps and caps) or line.block.gap or before.block.level != line.block.level:
        return False
    first = line.words[0] if line.words else ""
    return line.size <= 40 and (len(before.blocks[-1].text) >= _WRAPPED or first in _JOINING)
