"""Display of passages and reports: labels, colours, marks, citations, addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath, PureWindowsPath

from markupsafe import Markup

from ...corpus.citation import citation
from ...corpus.letter_case import readable
from ...corpus.model import AROUND, CORRECTED, Passage, Report
from ...corpus.readers.formats import SUFFIXES
from ...index import Index
from ...schema import shown_name
from ...search import Hit
from .highlight import FOUND, Span, highlight
from .query import PageQuery, report_path
from .wording import Wording

_SAME = 3
_WEIGHT = re.compile(r" [+-]\d+\.\d+$")
COLOURS = 10  # colours of areas; repeated for larger taxonomies, always beside the area's name


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage as displayed on a page.

    ``name`` is the heading that describes it best, ``path`` all headings. ``assessment`` is a key
    of the wording, ``tone`` the assessment's CSS class. ``same`` are ids and addresses of the first
    near duplicates; ``more_same`` counts the others. ``missing_words`` are words of the query that
    it lacks, if any are to be shown; ``spans`` are the marks in the passage's whole text.
    """

    passage: Passage
    report: Report
    title: Markup
    name: Markup
    path: tuple[Markup, ...]
    text: Markup
    cut: bool
    area: str
    area_number: int
    assessment: str
    tone: str
    url: str
    cite: str
    rank: int = 0
    same: tuple[tuple[str, str], ...] = ()
    more_same: int = 0
    missing_words: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


class Looks:
    """Display of the passages and reports of one index, for one request."""

    def __init__(self, index: Index, query: PageQuery) -> None:
        self._areas = {area.id: (number, area.label) for number, area in enumerate(index.areas())}
        self._reports = {report.id: report for report in index.reports()}
        self._query = query
        self._origins: dict[tuple[str, str], str] | None = None
        self._parts: dict[str, tuple[int, int]] | None = None

    def area_label(self, area: str) -> str:
        """The label of an area."""
        return self._areas.get(area, (0, area))[1]

    def origin_label(self, name: str, value: str) -> str:
        """The label of a body or place ``name``, in sentence case."""
        if name == "folder":
            return value
        if self._origins is None:
            self._origins = {
                (field, shown_name(text)): text
                for report in self._reports.values()
                for field, text in (("body", report.issuing_body), ("place", report.place))
                if text
            }
        return readable(self._origins.get((name, value), value))

    def area_number(self, area: str) -> int:
        """The index of an area's colour, from 0."""
        return self._areas.get(area, (0, ""))[0] % COLOURS

    def known_report(self, name: str) -> Report | None:
        """The report with this id, or None."""
        return self._reports.get(name)

    def part(self, report: Report) -> tuple[int, int] | None:
        """Index of a report among the documents of its file, and their number.

        None if it is the only one.
        """
        if self._parts is None:
            files: dict[str, list[str]] = {}
            for one in self._reports.values():
                if one.source:
                    files.setdefault(one.source, []).append(one.id)
            self._parts = {
                name: (number, len(names))
                for names in files.values()
                if len(names) > 1
                for number, name in enumerate(sorted(names, key=lambda one: (len(one), one)), 1)
            }
        return self._parts.get(report.id)

    def report(self, name: str) -> Report:
        """The report with this id.

        Reports whose passages an application added without metadata have only an id.
        """
        return self._reports.get(name) or Report(name)

    @property
    def reports(self) -> list[Report]:
        """All reports, by id."""
        return list(self._reports.values())

    def url(
        self, report: str, position: int | None = None, *, at: int | None = None, part: int = 1
    ) -> str:
        """The address of a report, or of a passage or place in it.

        ``position`` is of a passage; ``at`` is a place in the report, on page ``part``. The address
        includes the search, so that its words are marked.
        """
        query = self._query.but()
        fragment = f"p{at}" if at is not None else ""
        more = (("part", str(part)),) if part > 1 else ()
        return query.url(report_path(report, position), more=more, fragment=fragment)

    def hit(self, hit: Hit, *, partial: bool = False) -> PassageView:
        """A hit with its snippet; its address points to the first match.

        With ``partial`` its missing words are listed.
        """
        headings = zip(hit.passage.heading_path, hit.heading_highlights, strict=True)
        return self._shown(
            hit.passage,
            title=highlight(readable(hit.report_title) or hit.passage.report, hit.title_highlights),
            path=tuple(highlight(readable(heading), spans) for heading, spans in headings),
            text=highlight(hit.snippet, hit.snippet_highlights),
            cut=len(hit.snippet) < len(hit.passage.text),
            rank=hit.rank,
            duplicates=hit.duplicates,
            fragment=FOUND if hit.highlights else "",
            missing_words=hit.missing_words if partial else (),
            spans=hit.highlights,
        )

    def title(self, report: Report) -> str:
        """A report's title in sentence case, for lists."""
        return readable(report.title) or report.id

    def passage(
        self, passage: Passage, found: Hit | None = None, *, anchor: bool = False
    ) -> PassageView:
        """A whole passage with the marks of its hit; ``anchor`` as in ``marked``."""
        report = self.report(passage.report)
        paths = found.heading_highlights if found else ((),) * len(passage.heading_path)
        return self._shown(
            passage,
            title=highlight(self.title(report)),
            path=tuple(
                highlight(readable(heading), spans)
                for heading, spans in zip(passage.heading_path, paths, strict=True)
            ),
            text=highlight(passage.text, found.highlights if found else (), anchor=anchor),
            cut=False,
        )

    def _shown(
        self,
        passage: Passage,
        *,
        title: Markup,
        path: tuple[Markup, ...],
        text: Markup,
        cut: bool,
        rank: int = 0,
        duplicates: tuple[str, ...] = (),
        fragment: str = "",
        missing_words: tuple[str, ...] = (),
        spans: tuple[Span, ...] = (),
    ) -> PassageView:
        report = self.report(passage.report)
        tone = passage.assessment or "none"
        return PassageView(
            passage,
            report,
            title,
            _name(passage, path) or title,
            path,
            text,
            cut,
            self.area_label(passage.area),
            self.area_number(passage.area),
            f"assessment.{tone}_{passage.cause_of}" if passage.cause_of else f"assessment.{tone}",
            tone,
            self._query.but().url(report_path(passage.report, passage.position), fragment=fragment),
            citation(passage, report),
            rank,
            tuple((name, self._passage_url(name)) for name in duplicates[:_SAME]),
            max(0, len(duplicates) - _SAME),
            missing_words,
            spans,
        )

    def _passage_url(self, passage: str) -> str:
        report, _, position = passage.rpartition("#")
        return self.url(report, int(position))


def _name(passage: Passage, path: tuple[Markup, ...]) -> Markup | None:
    """The innermost heading other than plain "achievements" or "shortcomings"."""
    decision = passage.assessment_decision
    telling = decision.evidence if decision.source == "heading" else ()
    headings = list(zip(passage.heading_path, path, strict=True))
    for heading, shown in reversed(headings):
        if heading not in telling:
            return shown
    return path[-1] if path else None


def plain_evidence(evidence: Sequence[str], t: Wording) -> list[str]:
    """The evidence of a decision, without the weights of words."""
    named: dict[str, str] = {
        AROUND: t("passage.evidence_around"),
        CORRECTED: t("passage.evidence_corrected"),
    }
    return [named.get(word) or _WEIGHT.sub("", word) for word in evidence]


def file_format(source: str) -> str:
    """The format of a report's file by its suffix: ``"PDF"``; "" if it has none."""
    suffix = PurePath(file_name(source)).suffix.lower()
    return SUFFIXES.get(suffix, suffix.lstrip(".")).upper()


def file_name(source: str) -> str:
    """The file name of a report's source, without the server's folders."""
    return PureWindowsPath(PurePath(source).name).name
