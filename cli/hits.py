"""Passages that were found, as people read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..errors import UnknownReport
from .console import Console, say
from .options import write_out
from .text import Span, clean, columns, counted, fit, paragraph

if TYPE_CHECKING:
    from ..corpus import Decision, Passage
    from ..index.facade import Index
    from ..search import Hit, Results
    from ..search.results import AreaShare

PATH = " › "  # between headings
_INDENT = "     "
_COLOURS = {"achievement": "green", "shortcoming": "red", "cause": "magenta"}
_RELAXED = {
    "fewer-words": "No passage has all words of the query; these have some of them.",
    "any-syllable": "No passage holds these words; these hold single syllables of them.",
}
NO_WORD = "Signs alone find nothing: type a word, or no query to list passages. There is no word in"
_MANY = 5


def notices(results: Results) -> Iterator[str]:
    """Notes on how the results came about: no matches, replaced or other words."""
    if results.meaning == "retrieved":
        yield "No passage holds these words; these are nearest in meaning."
    elif results.meaning == "failed":
        yield f"Ranked by words alone: {results.meaning_problem}"
    if results.wordless:
        yield f"{NO_WORD}: {results.query.strip()}"
    elif not results.total:
        query = results.query.strip()
        yield f"Nothing was found for: {query}" if query else "Nothing passes these filters."
    if results.without_filters:
        yield _without_filters(results)
    if results.numbered:
        yield f"This is the number of: {', '.join(results.numbered)}"
    for missing in results.missing:
        literal = "; to search it as typed, add --literal" if missing.replaced_by else ""
        yield f"{missing}{literal}."
    for operator in results.operators:
        yield f"{operator} was read as an operator; to search it as a word, add --literal."
    for typed, names in results.variants.items():
        yield f"Also searched for {typed}: {', '.join(names)}"
    if results.relaxed:
        yield _RELAXED.get(results.relaxed, results.relaxed)
    if results.did_you_mean:
        yield f"Did you mean: {results.did_you_mean}"


def _without_filters(results: Results) -> str:
    from ..search.empty_results import ALL

    found = dict(results.without_filters)
    if ALL in found:
        return f"Without any filter: {counted(found[ALL], 'passage')}."
    parts = [
        f"without {name if ':' in name else f'--{name}'}: {counted(total, 'passage')}"
        for name, total in found.items()
    ]
    return f"W{'; '.join(parts)[1:]}."


def assessment_name(passage: Passage) -> str:
    """The assessment in words: ``cause of shortcoming``; empty for none."""
    return f"cause of {passage.cause_of}" if passage.cause_of else passage.assessment or ""


def place(passage: Passage) -> str:
    """Where a person finds the passage in its file: ``page 3, line 41``."""
    page = f"page {passage.page}" if passage.page is not None else ""
    line = f"line {passage.line}" if passage.line else ""
    return ", ".join(filter(None, (page, line)))


def why(decision: Decision) -> str:
    """A decision in words: ``(97% sure, by heading: Mặt được)``, ``(by hand: lan)``."""
    evidence = f": {', '.join(decision.evidence)}" if decision.evidence else ""
    if decision.source == "hand":
        return f"(by hand{evidence})"
    return f"({decision.confidence:.0%} sure, by {decision.source}{evidence})"


def print_table(
    console: Console, results: Results, labels: Mapping[str, str], out: str | None
) -> None:
    """Print hits as CSV or JSON Lines, or write them to the file ``out``.

    The columns are the same everywhere.
    """
    from ..search.table import COLUMNS, record, row

    if out is not None:
        write_out(out, COLUMNS, (row(hit, labels) for hit in results))
    elif console.format == "jsonl":
        console.jsonl({**record(hit, labels), **hit.to_dict()} for hit in results)
    else:
        console.csv(COLUMNS, (row(hit, labels) for hit in results))


def print_results(console: Console, index: Index, results: Results, out: str | None) -> None:
    """Print a page of results in the console's format, or write it to ``out``."""
    if out is None and console.format == "json":
        console.json(results.to_dict())
    elif out is not None or console.format != "text":
        print_table(console, results, index.labels(), out)
    elif results.total:
        console.lines(ListStyle(console, index).page(results))
        return
    for line in notices(results):
        say(clean(line))


class ListStyle:
    """The style of an index's passages on a console."""

    def __init__(self, console: Console, index: Index, *, full: bool = False) -> None:
        self._console = console
        self._index = index
        self._full = full
        self._labels = index.labels()
        self._terms: dict[str, tuple[int, int] | None] = {}

    def label(self, area: str) -> str:
        """The label of an area, coloured."""
        return self._console.style(clean(self._labels.get(area, area)), fg="cyan")

    def kind(self, passage: Passage) -> str:
        """Area and assessment of a passage, coloured."""
        assessment = self._console.style(
            assessment_name(passage), fg=_COLOURS.get(passage.assessment or "")
        )
        decisions = (passage.area_decision, passage.assessment_decision)
        hand = "by hand" if any(one.source == "hand" for one in decisions) else ""
        return " · ".join(filter(None, (self.label(passage.area), assessment, hand)))

    def page(
        self, results: Results, *, facets: bool = True, reasons: Sequence[Any] = ()
    ) -> Iterator[str]:
        """All lines of a page of results."""
        partial = results.relaxed is not None or bool(results.missing)
        for number, hit in enumerate(results):
            yield from self.hit(hit)
            if partial and hit.missing_words:
                yield from self._lines("without: " + ", ".join(hit.missing_words))
            if number < len(reasons):
                for line in reasons[number].lines():
                    yield from paragraph(line, self._console.width, _INDENT + "| ")
            yield ""
        yield from self._totals(results)
        for notice in notices(results):
            yield self._console.strong(clean(notice))
        if facets:
            yield from self._counts(results)
            yield from self._ranking(results.areas)

    def hit(self, hit: Hit) -> Iterator[str]:
        """One hit: its head, its place, its text."""
        console, passage = self._console, hit.passage
        score = console.faint(f"  {hit.score:.2f}") if hit.score else ""
        yield f"{hit.rank:>3}. {console.strong(clean(passage.id))}{score}  {self.kind(passage)}"
        yield from self._lines(self._title(passage.report, hit.report_title), hit.title_highlights)
        path, spans = _joined(passage.heading_path, hit.heading_highlights)
        yield from self._lines(path, spans)
        if self._full or not hit.snippet:
            yield from self._lines(passage.text, hit.highlights)
        else:
            yield from self._lines(hit.snippet, hit.snippet_highlights)
        if hit.duplicates:
            yield from self._lines("nearly the same: " + ", ".join(hit.duplicates))

    def _lines(self, text: str, spans: Sequence[Span] = ()) -> list[str]:
        return paragraph(text, self._console.width, _INDENT, spans, self._console.match)

    def _title(self, report: str, title: str) -> str:
        """The title with the term of office; the report may have been removed meanwhile."""
        if report not in self._terms:
            self._terms[report] = None
            with suppress(UnknownReport):
                self._terms[report] = self._index.report(report).term
        term = self._terms[report]
        if term and not all(str(year) in title for year in term):
            title = f"{title} ({term[0]}–{term[1]})"
        return (
            title
            if self._full or not self._console.width
            else fit(title, self._console.width - len(_INDENT))
        )

    def _totals(self, results: Results) -> Iterator[str]:
        first, last = results.offset + 1, results.offset + len(results)
        shown = f", {first}–{last} shown" if 0 < len(results) < results.total else ""
        none = ", none on this page" if results.limit and not len(results) else ""
        folded = f" ({results.folded} nearly the same left out)" if results.folded else ""
        yield self._console.strong(counted(results.total, "passage") + shown + none + folded)

    def _counts(self, results: Results) -> Iterator[str]:
        for name, heading in (
            ("area", "Areas"),
            ("assessment", "Assessments"),
            ("report", "Reports"),
            ("body", "Issued by"),
            ("folder", "Folders"),
        ):
            counts: Mapping[str, int] = results.facets.get(name, {})
            if counts:
                names = self._labels if name == "area" else {}
                listed = [
                    f"{names.get(value, value)} {number}"
                    for value, number in counts.items()
                    if number
                ]
                more = (
                    f" · {len(listed) - _MANY} more"
                    if name == "report" and len(listed) > _MANY
                    else ""
                )
                shown = listed[:_MANY] if more else listed
                yield from paragraph(f"{heading}: {' · '.join(shown)}{more}", self._console.width)

    def _ranking(self, areas: Sequence[AreaShare]) -> Iterator[str]:
        if areas:
            yield ""
            yield from ranking(self._console, areas[:_MANY], self._labels)


def ranking(console: Console, areas: Sequence[AreaShare], labels: Mapping[str, str]) -> list[str]:
    """The areas of the matches, as a table."""
    return columns(
        ("Area", "score", "matches", "of", "share"),
        [
            (
                labels.get(row.area, row.area),
                f"{row.score:.2f}",
                str(row.matches),
                str(row.passages),
                f"{row.share:.0%}",
            )
            for row in areas
        ],
        numbers=(1, 2, 3, 4),
        flexible=(0,),
        width=console.width,
        style=console.strong,
    )


def _joined(
    headings: Sequence[str], highlights: Sequence[Sequence[Span]]
) -> tuple[str, list[Span]]:
    """Headings joined into one line, and their spans in it."""
    spans: list[Span] = []
    offset = 0
    for number, heading in enumerate(headings):
        mine = highlights[number] if number < len(highlights) else ()
        spans.extend((start + offset, end + offset) for start, end in mine)
        offset += len(heading) + len(PATH)
    return PATH.join(headings), spans
