"""The layout of a chart, the same for every renderer.

A sheet has sections, a section panels of bars, with labels and numbers as text. All bars start from
a common baseline, so length alone shows the number, which is also written beside each bar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..search.results import MissingWord
from .numbers import ASSESSMENT_KEYS, ChartRequest, Matrix, Moment, Picture, Shares, Timeline
from .words import ChartLabels, Lang, words_in

MANY = 200  # maximum moments drawn, the latest ones; tables have all


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its length in units of its section, and its number as text."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars that belong together.

    ``look`` is the name of their fill: one of :data:`ASSESSMENT_KEYS`, or ``"plain"``.
    """

    title: str
    look: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Panels with the same scale and the same ``labels``, one per bar.

    ``upright`` bars stand side by side.
    """

    title: str
    labels: tuple[str, ...]
    panels: tuple[Panel, ...]
    upright: bool = False

    @property
    def greatest(self) -> float:
        """The length of the longest bar."""
        return max((bar.value for panel in self.panels for bar in panel.bars), default=0.0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One picture.

    ``subtitle`` shows the query and filters, ``description`` all numbers in words; ``notes`` are
    shown below.
    """

    title: str
    subtitle: str
    description: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()


def panels_of(picture: Picture, lang: Lang = "vi") -> Sheet:
    """Lay a chart out as panels, with labels in Vietnamese or English.

    Raises OptionError for another language.
    """
    words = words_in(lang)
    if isinstance(picture, Matrix):
        return _matrix(picture, words)
    if isinstance(picture, Timeline):
        return _timeline(picture, words)
    return _shares(picture, words)


def _matrix(picture: Matrix, words: ChartLabels) -> Sheet:
    rows = picture.rows
    panels = _assessment_panels([row.counts for row in rows], words)
    section = Section("", tuple(row.label for row in rows), panels)
    return _sheet(words.matrix, picture.request, words, (section,))


def _timeline(picture: Timeline, words: ChartLabels) -> Sheet:
    sections = []
    notes = []
    for title, moments in ((words.years, picture.years), (words.terms, picture.terms)):
        if not moments:
            continue
        shown = moments[-MANY:]
        if len(shown) < len(moments):
            notes.append(words.latest.format(n=MANY, title=title.lower()))
        panels = _assessment_panels([moment.counts for moment in shown], words)
        sections.append(Section(title, tuple(map(moment_label, shown)), panels, upright=True))
    if picture.years and any(moment.first != moment.last for moment in picture.terms):
        notes.append(words.each_year)
    if picture.undated:
        notes.append(words.undated.format(n=picture.undated))
    return _sheet(words.timeline, picture.request, words, tuple(sections), tuple(notes))


def _shares(picture: Shares, words: ChartLabels) -> Sheet:
    panels = []
    for one in picture.reports:
        years = f" ({_span(*one.report.years)})" if one.report.years else ""
        bars = tuple(
            Bar(one.share(area), f"{percent(one.share(area))} ({one.counts.get(area, 0)})")
            for area, _ in picture.areas
        )
        title = f"{one.report.id}{years}, {words.passages.format(n=one.matches)}"
        panels.append(Panel(title, "plain", bars))
    notes = (words.left_out.format(n=picture.left_out),) if picture.left_out else ()
    section = Section("", tuple(label for _, label in picture.areas), tuple(panels))
    return _sheet(words.shares, picture.request, words, (section,), notes)


def _assessment_panels(
    counts: Sequence[Mapping[str, int]], words: ChartLabels
) -> tuple[Panel, ...]:
    """One panel per assessment: achievements and shortcomings, others if any."""
    return tuple(
        Panel(words.assessments[key], key, tuple(Bar(one[key], str(one[key])) for one in counts))
        for key in ASSESSMENT_KEYS
        if key in ("achievement", "shortcoming") or any(one[key] for one in counts)
    )


def _sheet(
    title: str,
    request: ChartRequest,
    words: ChartLabels,
    sections: tuple[Section, ...],
    notes: tuple[str, ...] = (),
) -> Sheet:
    parts = [f"“{request.query}”"] if request.query else []
    parts += [f"{words.filters.get(name, name)}: {value}" for name, value in request.filters]
    parts.append(words.passages.format(n=request.total))
    if request.relaxed:
        notes = (words.apart if request.relaxed == "apart" else words.relaxed, *notes)
    notes = (*(_missing(word, words) for word in request.missing), *notes)
    subtitle = " · ".join(parts)
    description = _description(sections, words.only)
    return Sheet(title, subtitle, f"{title}. {subtitle}. {description}", sections, notes)


def _missing(word: MissingWord, words: ChartLabels) -> str:
    if word.field is not None and word.taken:
        return words.named[word.field].format(word=word.word, instead=", ".join(word.values))
    instead = ", ".join(f"“{other}”" for other in word.replaced_by)
    return (words.replaced if instead else words.missing).format(word=word.word, instead=instead)


def _description(sections: Sequence[Section], only: str) -> str:
    """All numbers except zeros, in one sentence per panel."""
    sentences = []
    for section in sections:
        for panel in section.panels:
            values = [
                f"{label} {bar.text}"
                for label, bar in zip(section.labels, panel.bars, strict=True)
                if bar.value
            ]
            name = " – ".join(filter(None, (section.title, panel.title)))
            sentences.append(f"{name}: {'; '.join(values) or only}.")
    return " ".join(sentences)


def moment_label(moment: Moment) -> str:
    """``2019``, or ``2015–2020``."""
    return _span(moment.first, moment.last)


def percent(share: float) -> str:
    """``37%``, or ``<1%`` for a share below half a percent but above 0."""
    return "<1%" if 0 < share < 0.005 else f"{share * 100:.0f}%"


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"
