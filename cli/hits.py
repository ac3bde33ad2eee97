"""Display of search results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

from .. import charts, corpus, search
from ..errors import UnknownReport
from .connection import Index
from .console import Console, say
from .language import N_, _, translated, written
from .options import write_out
from .text import Span, clean, columns, counted, fit, paragraph

PATH = " › "  # between headings
_INDENT = "     "
_COLOURS = {"achievement": "green", "shortcoming": "red", "cause": "magenta"}
APART = N_("No passage has these words side by side; these hold one or both.")
_RELAXED = {
    "fewer-words": N_("No passage has all words of the query; these have some of them."),
    "apart": APART,
}
NO_WORD = N_(
    "A query needs a word: type a word, or no query to list passages. There is no word in: {query}"
)
# names of values and columns, translated in text output
ASSESSMENTS = (N_("achievement"), N_("shortcoming"), N_("cause"), N_("none"))
COLUMNS = (
    N_("area"), N_("label"), N_("passages"), N_("assessment"), N_("report"), N_("term"),
    N_("kind"), N_("count"),
)  # fmt: skip
ROLES = (N_("title"), N_("letterhead"), N_("furniture"), N_("signature"))
SOURCES = (N_("heading"), N_("words"), N_("report"), N_("given"), N_("default"))
_MANY = 5


def notices(results: search.Results) -> Iterator[str]:
    """Notes on the results: no matches, replaced words, other spellings."""
    if results.meaning == "retrieved":
        yield _("No passage holds these words; these are nearest in meaning.")
    elif results.meaning == "failed":
        yield _(
            "Ranked by words alone: {problem}", problem=translated(results.meaning_problem or "")
        )
    if results.wordless:
        yield _(NO_WORD, query=results.query.strip())
    elif not results.total:
        typed = results.query.strip()
        yield (
            _("Nothing was found for: {query}", query=typed)
            if typed
            else _("Nothing passes these filters.")
        )
    if results.numbered:
        yield _("This is the number of: {reports}", reports=", ".join(results.numbered))
    yield from missing_notices(results.missing)
    for operator in results.operators:
        yield _(
            "{operator} was read as an operator; to search it as a word, add --literal.",
            operator=operator,
        )
    for typed, names in results.variants.items():
        yield _("Also searched for {typed}: {names}", typed=typed, names=", ".join(names))
    if results.relaxed:
        yield _(_RELAXED.get(results.relaxed, results.relaxed))
    if results.without_filters:
        yield _without_filters(results)
    if results.did_you_mean:
        yield _("Did you mean: {query}", query=results.did_you_mean)


def missing_notices(
    missing: Iterable[search.MissingWord], *, literal: bool = True
) -> Iterator[str]:
    """Notes on words in no passage; ``literal``: the command has that option."""
    for word in missing:
        typed = literal and (word.replaced_by or word.taken)
        hint = _("; to search it as typed, add --literal") if typed else ""
        if word.field in ("body", "place", "number") and not word.taken:
            hint = _("; for these alone, add {option}", option=f'--{word.field} "{word.word}"')
        yield f"{translated(str(word))}{hint}."


def counting_notices(counted: search.Tally | charts.ChartRequest) -> Iterator[str]:
    """Notes on counts: missing words, partial matches."""
    yield from missing_notices(counted.missing, literal=False)
    if counted.relaxed == "apart":
        yield _(APART)
    elif counted.relaxed:
        yield _("No passage matches the whole query; those that match a part of it were counted.")


def _without_filters(results: search.Results) -> str:
    from ..search.empty_results import ALL
    from ..search.filters import FILTER_NAMES

    found = dict(results.without_filters)
    if ALL in found:
        return _("Without any filter: {passages}.", passages=counted(found[ALL], "passage"))
    parts = "; ".join(
        _(
            "without {name}: {passages}",
            name=f"--{name}" if name in FILTER_NAMES else name,
            passages=counted(total, "passage"),
        )
        for name, total in found.items()
    )
    return f"{parts[0].upper()}{parts[1:]}."


def assessment_name(passage: corpus.Passage) -> str:
    """The assessment in words: ``cause of shortcoming``; empty for none."""
    if passage.cause_of:
        return _("cause of {assessment}", assessment=_(passage.cause_of))
    return _(passage.assessment) if passage.assessment else ""


def place(passage: corpus.Passage) -> str:
    """The location of a passage in its file: ``page 3, line 41``."""
    page = _("page {number}", number=passage.page) if passage.page is not None else ""
    line = _("line {number}", number=passage.line) if passage.line else ""
    return ", ".join(filter(None, (page, line)))


def why(decision: corpus.Decision) -> str:
    """A decision as text: ``(97% sure, by heading: Mặt được)``, ``(by hand: lan)``."""
    evidence = f": {', '.join(map(translated, decision.evidence))}" if decision.evidence else ""
    if decision.source == "hand":
        return _("(by hand{evidence})", evidence=evidence)
    return _(
        "({confidence:.0%} sure, by {source}{evidence})",
        confidence=decision.confidence,
        source=_(decision.source),
        evidence=evidence,
    )


def print_table(
    console: Console, results: search.Results, labels: Mapping[str, str], out: str | None
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


def json_of(results: search.Results, reasons: Sequence[search.Explanation] = ()) -> dict[str, Any]:
    """Results for :meth:`Console.json`.

    The keys are those of ``search.Results.to_dict``; the hits are made one by one.
    """
    explained: Iterator[search.Explanation | None] = chain(reasons, repeat(None))
    return {
        **replace(results, hits=()).to_dict(),
        "hits": (
            hit.to_dict() if reason is None else {**hit.to_dict(), "explanation": reason.to_dict()}
            for hit, reason in zip(results, explained)  # noqa: B905  # the second has no end
        ),
    }


def print_results(console: Console, index: Index, results: search.Results, out: str | None) -> None:
    """Print a page of results in the console's format, or write it to ``out``."""
    if out is None and console.format == "json":
        console.json(json_of(results))
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

    def kind(self, passage: corpus.Passage) -> str:
        """Area and assessment of a passage, coloured."""
        assessment = self._console.style(
            assessment_name(passage), fg=_COLOURS.get(passage.assessment or "")
        )
        decisions = (passage.area_decision, passage.assessment_decision)
        hand = _("by hand") if any(one.source == "hand" for one in decisions) else ""
        return " · ".join(filter(None, (self.label(passage.area), assessment, hand)))

    def page(
        self, results: search.Results, *, facets: bool = True, reasons: Sequence[Any] = ()
    ) -> Iterator[str]:
        """The lines of a page of results.

        The notices come first, so that none is missed above a long list.
        """
        first = [self._console.strong(clean(notice)) for notice in notices(results)]
        yield from (*first, "") if first and results.hits else first
        partial = results.relaxed is not None or bool(results.missing)
        for number, hit in enumerate(results):
            yield from self.hit(hit, partial=partial)
            if number < len(reasons):
                for line in reasons[number].lines():
                    yield from paragraph(translated(line), self._console.width, _INDENT + "| ")
            yield ""
        if results.partial:
            yield self._console.strong(_("These lack some of the words:"))
            yield ""
        for hit in results.partial:
            yield from self.hit(hit, partial=True)
            yield ""
        yield from self._totals(results)
        if facets:
            yield from self._counts(results)
            yield from self._ranking(results.areas)

    def hit(self, hit: search.Hit, *, partial: bool = False) -> Iterator[str]:
        """One hit: title, location, text; with ``partial`` the words it lacks."""
        console, passage = self._console, hit.passage
        score = console.faint(f"  {written(hit.score, '.2f')}") if hit.score else ""
        yield f"{hit.rank:>3}. {console.strong(clean(passage.id))}{score}  {self.kind(passage)}"
        yield from self._lines(self._title(passage.report, hit.report_title), hit.title_highlights)
        path, spans = _joined(passage.heading_path, hit.heading_highlights)
        yield from self._lines(path, spans)
        if self._full or not hit.snippet:
            yield from self._lines(passage.text, hit.highlights)
        else:
            yield from self._lines(hit.snippet, hit.snippet_highlights)
        if hit.duplicates:
            yield from self._lines(_("nearly the same: {ids}", ids=", ".join(hit.duplicates)))
        if partial and hit.missing_words:
            yield from self._lines(_("without: {words}", words=", ".join(hit.missing_words)))

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

    def _totals(self, results: search.Results) -> Iterator[str]:
        first, last = results.offset + 1, results.offset + len(results)
        shown = none = folded = ""
        if 0 < len(results) < results.total:
            shown = _(", {first}–{last} shown", first=first, last=last)
        if results.limit and not len(results):
            none = _(", none on this page")
        if results.folded:
            folded = _(" ({count} nearly the same left out)", count=results.folded)
        yield self._console.strong(counted(results.total, "passage") + shown + none + folded)

    def _counts(self, results: search.Results) -> Iterator[str]:
        for name, heading in (
            ("area", _("Areas")),
            ("assessment", _("Assessments")),
            ("report", _("Reports")),
            ("body", _("Issued by")),
            ("folder", _("Folders")),
        ):
            counts: Mapping[str, int] = results.facets.get(name, {})
            if counts:
                names = self._labels if name == "area" else {}
                if name == "assessment":
                    names = {value: _(value) for value in counts}
                listed = [
                    f"{names.get(value, value)} {written(number)}"
                    for value, number in counts.items()
                    if number
                ]
                more = (
                    _(" · {count} more", count=len(listed) - _MANY)
                    if name == "report" and len(listed) > _MANY
                    else ""
                )
                shown = listed[:_MANY] if more else listed
                yield from paragraph(f"{heading}: {' · '.join(shown)}{more}", self._console.width)

    def _ranking(self, areas: Sequence[search.AreaShare]) -> Iterator[str]:
        if areas:
            yield ""
            yield from ranking(self._console, areas[:_MANY], self._labels)


def ranking(
    console: Console, areas: Sequence[search.AreaShare], labels: Mapping[str, str]
) -> list[str]:
    """The areas of the matches, as a table."""
    return columns(
        (_("Area"), _("score"), _("matches"), _("of"), _("share")),
        [
            (
                labels.get(row.area, row.area),
                written(row.score, ".2f"),
                written(row.matches),
                written(row.passages),
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
