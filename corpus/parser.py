"""Parse blocks into reports; every paragraph is kept exactly once."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial

from ..errors import Message
from .areas import AreaClassifier, Subject
from .assessment import (
    greets,
    is_opening,
    is_salutation,
    set_phrases,
    states_results,
    without_address,
)
from .blocks import Block
from .classifier import Judgement, SectionAreas, assess, choose_area
from .corrected import Example
from .diacritics import DiacriticRestorer, as_typed, is_unmarked, marked_words
from .elements import Element, Reading, Role, slug
from .line_types import is_annex
from .lines import Line, lines_of
from .members import parse_contents
from .metadata import read_metadata
from .model import Decision, Passage, PassageKind, Report
from .outline import Entry, Heading, Outliner, takes_leave
from .readers import Limits, read_blocks
from .scraps import join_scraps
from .sections import (
    DocumentSections,
    congress_names,
    is_page_header,
    split_documents,
    split_sections,
)
from .taxonomy import Taxonomy, default_taxonomy

_THANKS = 8  # words of "Xin trân trọng cảm ơn!"
_INTRODUCTION_BONUS = 2.0  # of the default area, for the overview of a report or section
_REPORTS = re.compile(
    r"kiểm điểm|tổng kết|sơ kết|đánh giá|kết quả|tình hình thực hiện|kết luận", re.IGNORECASE
)

# A report on one resolution, law or scheme is about that subject throughout, like a plan.
_THEMATIC = re.compile(
    r"\b(?:tổng kết|sơ kết|kết quả|tình hình)\b.{0,40}\b(?:thực hiện|thi hành|triển khai)\s+"
    r"(?:nghị quyết|chỉ thị|kết luận|đề án|luật|pháp lệnh|điều lệ|nghị định|quyết định)\b"
    r"(?! đại hội)",
    re.IGNORECASE | re.DOTALL,
)

# Kinds of document that report results; rules, plans and guides only regulate, and their words
# (`phải`, `không được`) would be mistaken for praise and blame.
REPORTING = frozenset(
    (
        "báo cáo",
        "dự thảo báo cáo",
        "nghị quyết",
        "tham luận",
        "diễn văn",
        "bài phát biểu",
        "đề cương",
        "kết luận",
    )
)


class Reader:
    """Reads reports, using one taxonomy.

    Reusable and thread-safe.
    """

    def __init__(
        self, taxonomy: Taxonomy | None = None, *, examples: Sequence[Example] = ()
    ) -> None:
        """``examples``: (text, area id) of each corrected passage.

        From twenty examples on, they influence passages classified by their own words.
        """
        self.taxonomy = taxonomy or default_taxonomy()
        self.examples = tuple(examples)
        self._areas = AreaClassifier(self.taxonomy, self.examples)
        self._outliner = Outliner(self._areas)
        self._introduction = Subject(self.taxonomy.default.id, bonus=_INTRODUCTION_BONUS)

    @cached_property
    def _marker(self) -> DiacriticRestorer:
        return DiacriticRestorer((*self.taxonomy.phrases, *set_phrases()))

    def read(
        self,
        path: str | os.PathLike[str],
        *,
        limits: Limits | None = None,
        ocr: bool | str = False,
    ) -> list[Reading]:
        """The reports in the file at ``path``, several where documents are bound into one.

        :func:`read_blocks` and :func:`parse_contents` in one call: ids come from the file's name,
        a container (.zip, .eml, .msg) gives the reports of the files in it too, and ``limits`` and
        ``ocr`` are those of :func:`read_blocks`, whose notes go to the log only.
        Raises a subclass of ``ReadError`` for a file that cannot be read, ``MissingExtra`` where
        the packages of its format are not installed, OptionError for a bad ``ocr``.

        >>> [reading] = Reader().read("bao-cao.docx")               # doctest: +SKIP
        >>> [passage.text for passage in reading.passages][:1]      # doctest: +SKIP
        """
        contents = read_blocks(path, limits=limits, ocr=ocr)
        source = os.path.abspath(path)
        name = unicodedata.normalize("NFC", os.path.splitext(os.path.basename(source))[0])
        return parse_contents(self, contents, id=slug(name), source=source, name=name)

    def parse(
        self, blocks: list[Block], *, id: str, source: str | None = None, name: str = ""
    ) -> list[Reading]:
        """The reports in ``blocks``, several where documents are bound into one file.

        The first has the id ``id``, further ones ``id-2``, ``id-3`` …; ``name`` is the file's name
        without its suffix, used as title where a document has none.

        The diacritics of a file typed without them are restored for parsing only.
        """
        texts = [block.text for block in blocks]
        if not is_unmarked(texts):
            return self._understand(blocks, id, source, name)
        typed = marked_words(texts)
        marked = [
            replace(block, text=self._marker.mark(text, typed))
            for block, text in zip(blocks, texts, strict=True)
        ]
        return [
            _reading_as_typed(reading, typed, name)
            for reading in self._understand(marked, id, source, name)
        ]

    def _understand(
        self, blocks: list[Block], id: str, source: str | None, name: str
    ) -> list[Reading]:
        readings: list[Reading] = []
        documents = split_documents(lines_of(blocks))
        header = documents.pop(0) if len(documents) > 1 and is_page_header(documents[0]) else []
        for lines in documents:
            matter = split_sections(lines)
            matter.furniture, header = [*header, *matter.furniture], []
            number = len(readings) + 1
            reading = self._read(
                matter,
                id if number == 1 else f"{id}-{number}",
                source,
                name,
                readings[0].report.kind if readings else None,
            )
            if not readings or (reading.passages and readings[-1].passages):
                readings.append(reading)
            else:  # a cover, or a sheet without text, belongs to the adjacent document
                last = readings.pop()
                kept = last.report if last.passages else replace(reading.report, id=last.report.id)
                readings.append(_bound(kept, (*last.elements, *reading.elements)))
        return readings

    def classify(self, passage: Passage) -> Passage:
        """Decide area and assessment of ``passage`` by heading path and words."""
        *above, own = texts = (*passage.heading_path, passage.text)
        bare = is_unmarked(texts)
        if bare:
            *above, own = map(self._marker.mark, texts)
        headings = tuple(map(self._outliner.heading, above))
        own = without_address(own)
        area, why = choose_area(self._areas, headings, own)
        assessment, cause_of, reason = assess(headings, own, row=passage.kind == "table-row")
        if bare:
            why, reason = (_as_typed(decision, marked_words(texts)) for decision in (why, reason))
        return replace(
            passage,
            area=area,
            area_decision=why,
            assessment=assessment,
            cause_of=cause_of,
            assessment_decision=reason,
        )

    def _read(
        self,
        matter: DocumentSections,
        id: str,
        source: str | None,
        name: str,
        first_kind: str | None = None,
    ) -> Reading:
        """Read one document.

        ``first_kind`` is the kind of the first document of the file, for parts that name none.
        """
        found = read_metadata(matter, name)
        title = found.title if matter.title else ""
        kind = found.kind or first_kind
        weighs = kind is None or kind in REPORTING or bool(_REPORTS.search(found.title))
        narrow = not weighs or _THEMATIC.search(title) is not None
        subject = self._subject(matter, title, found.issuing_body, narrow=narrow)
        entries = join_scraps(self._outliner.outline(matter.body))
        # each with its index among the file's blocks
        elements = [
            *_outside("furniture", matter.furniture),
            *_outside("letterhead", matter.letterhead),
            *_outside("title", matter.title),
            *_outside("signature", matter.signature),
        ]
        ends = _ends(entries)
        first_heading = _first_heading(entries)
        openings = _openings(entries, first_heading)
        introductions = _introductions(entries)
        position = 0
        texts = [(e.path, without_address(e.text)) for e in entries if e.role == "passage"]
        around = SectionAreas(self._areas, texts, subject)
        # the last assessment, and the headings above it
        last: tuple[tuple[str, ...], Judgement] | None = None
        for place, entry in enumerate(entries):
            passage = None
            if entry.role == "passage":
                position += 1
                opening = place in openings
                closing = place in ends and position > 2 and _closes(entry, entries[place - 1])
                remark = (opening or closing) and not states_results(texts[position - 1][1])
                introduces = place in introductions and subject.area is None
                about = self._introduction if introduces else subject
                context = around.bonus(position - 1)
                passage = self._passage(
                    entry, id, position, None if remark else about, weighs, context
                )
                passage = _with_cause(passage, entry.path, last)
                if passage.assessment == "achievement" or passage.assessment == "shortcoming":
                    last = (passage.heading_path, passage.assessment)
            block = entry.line.block
            path = tuple(heading.text for heading in entry.path)
            element = Element(entry.role, entry.text, block.line, block.page, path, passage)
            elements.append((entry.line.index, element))
        elements.sort(key=lambda element: element[0])
        report = Report(
            id, found.title, source, found.kind, found.number, found.issuing_body, found.place,
            found.date, found.term, found.signer, position, found.period,
        )  # fmt: skip
        return Reading(report, tuple(element for _, element in elements))

    def _subject(
        self, matter: DocumentSections, title: str, body: str | None, *, narrow: bool
    ) -> Subject:
        """The report's subject; papers of a congress may have a motto as their title."""
        congress = congress_names(matter)
        if congress is not None:
            holder = self._areas.subject(congress)
            if holder.area is not None:
                return holder
        return self._areas.subject(title, body, narrow=narrow)

    def _passage(
        self,
        entry: Entry,
        report: str,
        position: int,
        subject: Subject | None,
        weighs: bool,
        context: Mapping[str, float],
    ) -> Passage:
        """The passage of ``entry``.

        ``subject`` is None for an opening or closing remark, which has neither area nor assessment;
        ``weighs`` is True if documents of this kind report results.
        """
        block, kind = entry.line.block, _kind(entry.line)
        make = partial(
            Passage,
            report,
            position,
            entry.text,
            tuple(heading.text for heading in entry.path),
            kind=kind,
            line=block.line,
            page=block.page,
        )
        if subject is None:
            why = Decision("default", (Message("opening or closing of the report"),), 0.8)
            return make(self.taxonomy.default.id, area_decision=why, assessment_decision=why)
        path = (*entry.path, entry.lead) if entry.lead else entry.path
        own = without_address(entry.text)
        area, area_why = choose_area(self._areas, path, own, subject, context)
        if block.note:
            why = Decision("default", (Message("a footnote is not weighed"),), 0.8)
            return make(area, area_decision=area_why, assessment_decision=why)
        row = kind == "table-row"
        assessment, cause_of, assessment_why = assess(path, own, by_words=weighs, row=row)
        return make(
            area,
            assessment=assessment,
            cause_of=cause_of,
            area_decision=area_why,
            assessment_decision=assessment_why,
        )


def _bound(report: Report, elements: tuple[Element, ...]) -> Reading:
    """Merge two documents, at most one of them with passages, into ``report``."""
    mine = (
        replace(element, passage=replace(element.passage, report=report.id))
        if element.passage
        else element
        for element in elements
    )
    return Reading(report, tuple(mine))


def _with_cause(
    passage: Passage, path: tuple[Heading, ...], last: tuple[tuple[str, ...], Judgement] | None
) -> Passage:
    """``passage``, a cause without a named effect, linked to the last assessment.

    Both must stand below the same heading.
    """
    if passage.assessment != "cause" or passage.cause_of is not None or last is None:
        return passage
    causes = [
        depth
        for depth, heading in enumerate(path)
        if heading.verdict and heading.verdict.verdict == "cause"
    ]
    shared = passage.heading_path[: causes[0] if causes else len(path)]
    return replace(passage, cause_of=last[1]) if last[0][: len(shared)] == shared else passage


def _reading_as_typed(reading: Reading, typed: frozenset[str], name: str) -> Reading:
    """``reading`` without the diacritics that were restored for parsing.

    The file's ``name`` stays unchanged.
    """

    def text(value: str) -> str:
        return as_typed(value, typed)

    def some(value: str | None) -> str | None:
        return value if value is None else text(value)

    def element(part: Element) -> Element:
        passage = part.passage and replace(
            part.passage,
            text=text(part.passage.text),
            heading_path=tuple(map(text, part.passage.heading_path)),
            area_decision=_as_typed(part.passage.area_decision, typed),
            assessment_decision=_as_typed(part.passage.assessment_decision, typed),
        )
        return replace(
            part, text=text(part.text), path=tuple(map(text, part.path)), passage=passage
        )

    found = reading.report
    report = replace(
        found, title=found.title if found.title == name else text(found.title),
        number=some(found.number), issuing_body=some(found.issuing_body), place=some(found.place),
        signer=some(found.signer),
    )  # fmt: skip
    return Reading(report, tuple(map(element, reading.elements)))


def _as_typed(decision: Decision, typed: frozenset[str]) -> Decision:
    return replace(decision, evidence=tuple(as_typed(text, typed) for text in decision.evidence))


def _outside(role: Role, lines: list[Line]) -> list[tuple[int, Element]]:
    return [
        (line.index, Element(role, block.text, block.line, block.page))
        for line in lines
        for block in line.blocks
    ]


def _kind(line: Line) -> PassageKind:
    if line.block.kind != "paragraph":
        return line.block.kind
    return "list-item" if line.marker else "paragraph"


def _first_heading(entries: list[Entry]) -> int:
    """The index of the first heading; 0 if there is none."""
    return next((place for place, entry in enumerate(entries) if entry.role == "heading"), 0)


def _introductions(entries: list[Entry]) -> set[int]:
    """The indices of passages at the head of a report or section that is divided."""
    found = set()
    below: tuple[Heading, ...] = ()  # the path of the next heading
    divided = False
    for place in range(len(entries) - 1, -1, -1):
        entry = entries[place]
        if entry.role == "heading":
            below, divided = entry.path, True
        elif divided and below[: len(entry.path)] == entry.path:
            found.add(place)
    return found


def _openings(entries: list[Entry], first_heading: int) -> set[int]:
    """The indices of passages that only introduce the report or address the audience.

    The first passage, those before the first heading, and words of welcome and thanks after the
    first "Kính thưa …" qualify.
    """
    places = [place for place, entry in enumerate(entries) if entry.role == "passage"]
    found = set()
    greeted: bool | None = None  # False once other text has followed the first "Kính thưa …"
    for place in places:
        entry = entries[place]
        own = without_address(entry.text)
        if greeted is None and own != entry.text:
            greeted = True
        early = (place < first_heading or place == places[0] or greeted) and not entry.path
        opening = is_salutation(own) or (
            early and is_opening(own, greeted=bool(greeted), sections=first_heading > 0)
        )
        if opening:
            found.add(place)
        if greeted is None:
            greeted = True if greets(entry.text) else None
        elif not opening:
            greeted = False
    return found


def _ends(entries: list[Entry]) -> set[int]:
    """The indices of the last passage and of the last before the annexes.

    A line of thanks is skipped, so that the passage before it is returned.
    """
    texts = [place for place, entry in enumerate(entries) if entry.role == "passage"]
    annex = next(
        (place for place, entry in enumerate(entries) if place and is_annex(entry.line)),
        len(entries),
    )
    ends = {*texts[-1:], *[place for place in texts if place < annex][-1:]}
    last = [(place, entries[place].text) for place in ends]
    return ends | {
        place - 1 for place, text in last if len(text.split()) <= _THANKS and takes_leave(text)
    }


def _closes(entry: Entry, before: Entry) -> bool:
    """Whether the last passage is a closing address, not a part of its section."""
    return before.role == "passage" and entry.line.marker is None and takes_leave(entry.text)
