"""A comparison of two reports as text, side by side on wide terminals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from .. import compare, corpus
from ..compare.matching import places_of
from ..search.highlighter import snippet
from .console import Console
from .language import N_, _
from .text import Span, cells, clean, columns, counted, highlighted, paragraph, wrap

_TITLES = {
    "mended": N_("A shortcoming then, an achievement now"),
    "persisting": N_("A shortcoming then and now"),
    "worsened": N_("An achievement then, a shortcoming now"),
    "repeated": N_("An achievement then and now"),
}
_SIDE_BY_SIDE = 80  # columns of a terminal from which texts are set side by side
_EXCERPT = 240
_GAP = " │ "
# id of a passage, the part of its text to show, and the shared spans in it
_Cell = tuple[str, str, Sequence[Span]]


def lines(
    console: Console,
    found: compare.Comparison,
    *,
    only: Sequence[str] | None = None,
    full: bool = False,
) -> Iterator[str]:
    """All lines of a comparison.

    With ``only``, only matches of these kinds, without passages of a single report.
    """
    page = _Page(console, full=full)
    for name, report in ((_("then"), found.older), (_("now"), found.newer)):
        yield from paragraph(
            f"{name}: {_named(report)}", console.width, "", [(0, len(name) + 1)], console.strong
        )
    yield ""
    yield from _table(console, found)
    for area in found.areas:
        body = list(page.area(area, only))
        if body:
            yield ""
            yield console.style(clean(area.label), fg="cyan", bold=True)
            yield from body


def verdict(console: Console, series: compare.Series) -> Iterator[str]:
    """The comparison in one sentence, and the shortcomings that keep returning."""
    sentence = _(
        "{mended} mended, {remaining} remaining",
        mended=len(series.mended),
        remaining=len(series.persisting),
    )
    if len(series.reports) > 2:
        sentence += _(
            ", {count} returning through three reports or more", count=len(series.returning)
        )
    heading = _("Shortcomings:")
    yield from paragraph(
        f"{heading} {sentence}.", console.width, "", [(0, len(heading))], console.strong
    )
    for thread in series.returning:
        yield ""
        yield console.style(
            clean(f"{thread.label}: {counted(thread.reports, 'report')}"), bold=True
        )
        for passage in thread.passages:
            text, _spans = snippet(clean(passage.text), (), _EXCERPT)
            yield from paragraph(f"{passage.id}  {text}", console.width, "  ")
    yield ""


def _named(report: corpus.Report) -> str:
    about = (
        [_("term {first}–{last}", first=report.term[0], last=report.term[1])] if report.term else []
    )
    about += [report.date.isoformat()] if report.date else []
    return f"{report.id} ({', '.join([*about, counted(report.passages, 'passage')])})"


def _table(console: Console, found: compare.Comparison) -> list[str]:
    header = tuple(map(_, (N_("area"), N_("achievements"), N_("shortcomings"), *_TITLES)))
    rows = [
        (
            area.label,
            *(
                f"{area.older[assessment]} → {area.newer[assessment]}"
                for assessment in ("achievement", "shortcoming")
            ),
            *(str(sum(match.fate == fate for match in area.matches)) for fate in _TITLES),
        )
        for area in found.areas
    ]
    numbers = range(1, len(header))
    return columns(
        header, rows, numbers=numbers, flexible=(0,), width=console.width, style=console.strong
    )


class _Page:
    """Lays out areas on one console."""

    def __init__(self, console: Console, *, full: bool) -> None:
        self._console = console
        self._full = full

    def area(self, area: compare.AreaComparison, only: Sequence[str] | None) -> Iterator[str]:
        """The lines of one area, below its name."""
        for fate, title in _TITLES.items():
            matches = [match for match in area.matches if match.fate == fate]
            if matches and (only is None or fate in only):
                yield from self._group(_(title), (self._match(match) for match in matches))
        if only is not None:
            return
        pairs = zip_longest(map(self._alone, area.gone), map(self._alone, area.fresh))
        yield from self._group(
            _("Shortcomings met in one report alone"), (self._both(*pair) for pair in pairs)
        )
        for name, topics in (
            (_("Words only then"), area.dropped_topics),
            (_("Words only now"), area.new_topics),
        ):
            if topics:
                yield ""
                yield from self._topics(name, topics)

    def _group(self, title: str, blocks: Iterator[Iterator[str]]) -> Iterator[str]:
        for number, block in enumerate(blocks):
            yield ""
            if not number:
                yield f"  {self._console.strong(title)}"
            yield from block

    def _match(self, match: compare.Match) -> Iterator[str]:
        return self._both(
            self._cell(match.older, match.shared), self._cell(match.newer, match.shared)
        )

    def _alone(self, passage: corpus.Passage) -> _Cell:
        return self._cell(passage, ())

    def _cell(self, passage: corpus.Passage, shared: Sequence[str]) -> _Cell:
        spans = places_of(passage.text, shared)
        if self._full:
            return passage.id, passage.text, spans
        return passage.id, *snippet(passage.text, spans, _EXCERPT)

    def _both(self, older: _Cell | None, newer: _Cell | None) -> Iterator[str]:
        """Two cells side by side, or stacked on a narrow or unbounded screen."""
        width = self._console.width
        if width < _SIDE_BY_SIDE:
            for mark, cell in (("-", older), ("+", newer)):
                if cell is not None:
                    name, text, spans = cell
                    yield f"  {mark} {self._console.faint(clean(name))}"
                    yield from paragraph(text, width, "    ", spans, self._console.match)
            return
        room = (width - 2 - len(_GAP)) // 2
        then, now = (self._column(cell, room) for cell in (older, newer))
        blank = " " * room
        for left, right in zip_longest(then, now, fillvalue=blank):
            yield f"  {left}{_GAP}{right}".rstrip()

    def _column(self, cell: _Cell | None, room: int) -> list[str]:
        """A cell's lines, each padded to ``room`` columns."""
        if cell is None:
            return []
        name, text, spans = cell
        out = [_filled(clean(name)[-room:], room, self._console.faint)]
        plain = clean(text)
        for line in wrap(plain, room):
            shown = highlighted(plain, spans, line, self._console.match)
            out.append(shown + " " * (room - cells(plain[line[0] : line[1]])))
        return out

    def _topics(self, name: str, topics: Sequence[compare.Topic]) -> list[str]:
        listed = " · ".join(f"{topic.text} ({topic.times})" for topic in topics)
        text = f"{name}: {listed}"
        return paragraph(
            text, self._console.width, "  ", [(0, len(name) + 1)], self._console.strong
        )


def _filled(text: str, room: int, style: Callable[[str], str]) -> str:
    return style(text) + " " * (room - cells(text))
