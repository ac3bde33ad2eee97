"""The tools: functions over one index.

Their names, docstrings and annotations are shown to agents.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar, cast

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from ..corpus.model import Passage, Report
from ..errors import IndexBusy, OptionError, TracuuError
from ..index import Index
from ..search import By, Hit
from ..search.results import MissingWord
from .answers import (
    AreaLine,
    AreasAnswer,
    CompareAnswer,
    FoundPassage,
    ReadAnswer,
    ReadPassage,
    ReportLine,
    ReportsAnswer,
    SearchAnswer,
    SimilarAnswer,
    TallyAnswer,
    TallyRow,
    ThreadLine,
    WordNotFound,
)

SNIPPET = 700  # characters of a passage in a ranking
MOST_THREADS = 40  # shortcomings in one answer of compare_reports
ANSWER = 20_000  # characters of passages in one answer of read_passage

# command named in messages → tool with the same function
_IN_TOOLS = {"`tracuu reports`": "list_reports", "`tracuu search`": "search"}

Tool = TypeVar("Tool", bound=Callable[..., Any])

Query = Annotated[
    str,
    Field(max_length=2000, description="Words and operators; if empty, all passages are listed."),
]
Area = Annotated[
    str | None,
    Field(
        max_length=200,
        description="Only this leadership area: id, label or an unambiguous part of either.",
    ),
]
Assessment = Annotated[
    Literal["achievement", "shortcoming", "cause", "none"] | None,
    Field(description="Only passages with this assessment."),
]
ReportId = Annotated[
    str | None, Field(max_length=300, description="Only this report: its id or a part of it.")
]
Years = Annotated[
    str | None,
    Field(max_length=20, description="Reports about these years: 2003, 2003..2005, ..2005."),
]
Term = Annotated[
    str | None, Field(max_length=20, description="Reports on this term of office: 2000-2005.")
]
Body = Annotated[
    str | None,
    Field(
        max_length=200, description="Reports issued by this body: its name or whole words of it."
    ),
]
Place = Annotated[str | None, Field(max_length=200, description="Reports issued at this place.")]
Folder = Annotated[
    str | None,
    Field(max_length=300, description="Reports whose files lie in or below this folder."),
]
Extra = Annotated[
    list[str] | None,
    Field(
        max_length=20,
        description='Reports with this metadata of the application\'s own: ["key=value"]; several '
        "values of a key mean any of them, several keys all.",
    ),
]
Offset = Annotated[
    int,
    Field(ge=0, description="Results to skip: next_offset of the previous answer."),
]
Neighbours = Annotated[int, Field(ge=0, le=10)]


def _with_tool_errors(tool: Tool) -> Tool:
    """Wrap ``tool``: convert errors to tool errors with the library's message."""

    @functools.wraps(tool)
    def run(*args: Any, **given: Any) -> Any:
        try:
            return tool(*args, **given)
        except IndexBusy as error:
            raise ToolError(f"the index is busy; try again: {error.reason}") from error
        except TracuuError as error:
            message = str(error)
            for command, name in _IN_TOOLS.items():
                message = message.replace(command, name)
            raise ToolError(message) from error

    return cast(Tool, run)


class Tools:
    """The tools over ``index``. Thread-safe."""

    def __init__(self, index: Index) -> None:
        self._index = index

    @_with_tool_errors
    def search(
        self,
        query: Query = "",
        area: Area = None,
        assessment: Assessment = None,
        report: ReportId = None,
        year: Years = None,
        term: Term = None,
        body: Body = None,
        place: Place = None,
        folder: Folder = None,
        extra: Extra = None,
        limit: Annotated[int, Field(ge=1, le=30, description="Passages a page.")] = 8,
        offset: Offset = 0,
        literal: Annotated[
            bool, Field(description="Treat the query as plain words, and replace none of them.")
        ] = False,
    ) -> SearchAnswer:
        """Find passages of Vietnamese reports by keyword, area and assessment.

        How to query well: give two to five Vietnamese content words as a report would write them
        ("giải ngân vốn đầu tư công"), not a question and not English; diacritics may be left out.
        Narrow by the parameters rather than by words: for weaknesses set assessment="shortcoming"
        instead of adding "hạn chế", for a field of work set area (list_areas has the ids).
        Operators: words in quotation marks are adjacent; +word must occur in a passage, -word must
        not; AND, OR, NOT and parentheses; ngân* matches words with this prefix; heading:… and
        title:… search headings and titles. With an empty query, the passages that pass the filters
        come in reading order. If little is found, try synonyms, drop words, or take did_you_mean.
        text is an extract where is_whole is false: read_passage before you quote or conclude.
        """
        results = self._index.search(
            query, area=area, assessment=assessment, report=report, year=year, term=term,
            body=body, place=place, folder=folder, extra=extra,
            limit=limit, offset=offset, width=SNIPPET, literal=literal, partial=True,
        )  # fmt: skip
        end = offset + len(results)
        return SearchAnswer(
            total=results.total,
            next_offset=end if len(results) and end + results.folded < results.total else None,
            passages=[_found(hit) for hit in results],
            partial=[_found(hit) for hit in results.partial],
            matches_by_area=dict(results.facets["area"]),
            matches_by_assessment=dict(results.facets["assessment"]),
            did_you_mean=results.did_you_mean,
            relaxed=results.relaxed,
            missing=_missing(results.missing),
            operators=list(results.operators),
            wordless=results.wordless,
            numbered=list(results.numbered),
            variants={word: list(names) for word, names in results.variants.items()},
            without_filters=dict(results.without_filters),
        )

    @_with_tool_errors
    def read_passage(
        self,
        passage: Annotated[
            str,
            Field(max_length=400, description="A passage's id, as search returns it: REPORT#12."),
        ],
        before: Neighbours = 1,
        after: Neighbours = 1,
        start: Annotated[
            int, Field(ge=0, description="Begin at this character of the passage.")
        ] = 0,
    ) -> ReadAnswer:
        """Read one passage whole, with its neighbours and the metadata of its report.

        Read a passage before quoting it: its neighbours and headings show its subject. before and
        after count neighbouring passages, at most 10 each way.
        """
        found = self._index.surroundings(passage, before=before, after=after)
        if start and start >= len(found.passage.text):
            raise OptionError(
                "the passage has {count} characters; start must be below that",
                count=len(found.passage.text),
            )
        mine = _read(found.passage, start, ANSWER)
        room = ANSWER - len(mine.text)
        chosen, left_out = [mine], []
        nearest_first = sorted(
            found.passages, key=lambda other: abs(other.position - found.passage.position)
        )
        for other in nearest_first:
            if other.id == found.passage.id:
                continue
            if len(other.text) > room:
                left_out.append(other)
            else:
                room -= len(other.text)
                chosen.append(_read(other, 0, len(other.text)))
        order = {other.id: other.position for other in found.passages}
        return ReadAnswer(
            report=_line(found.report),
            asked_for=found.passage.id,
            passages=sorted(chosen, key=lambda one: order[one.id]),
            left_out=sorted((other.id for other in left_out), key=lambda name: order[name]),
        )

    @_with_tool_errors
    def similar(
        self,
        passage: Annotated[
            str,
            Field(max_length=400, description="A passage's id, as search returns it: REPORT#12."),
        ],
        limit: Annotated[int, Field(ge=1, le=30, description="Passages.")] = 8,
    ) -> SimilarAnswer:
        """Find passages similar to a given one, most similar first.

        Use it to see whether other reports state the same, if keywords do not express it well.
        """
        results = self._index.similar(passage, limit=limit, width=SNIPPET)
        return SimilarAnswer(like=passage, passages=[_found(hit) for hit in results])

    @_with_tool_errors
    def tally(
        self,
        by: Annotated[
            list[By],
            Field(min_length=1, max_length=2, description="One or two fields to count by."),
        ],
        query: Query = "",
        area: Area = None,
        assessment: Assessment = None,
        report: ReportId = None,
        year: Years = None,
        term: Term = None,
        body: Body = None,
        place: Place = None,
        folder: Folder = None,
        extra: Extra = None,
    ) -> TallyAnswer:
        """Count the passages that match by one or two fields, as term by assessment.

        Use it for numbers, and for changes over terms: by=["term", "assessment"].
        """
        found = self._index.tally(
            query, by=by, area=area, assessment=assessment, report=report, year=year, term=term,
            body=body, place=place, folder=folder, extra=extra,
        )  # fmt: skip
        rows = [
            TallyRow(values=list(values), passages=count) for values, count in found.counts.items()
        ]
        return TallyAnswer(
            by=list(by),
            total=found.total,
            relaxed=found.relaxed,
            missing=_missing(found.missing),
            rows=rows,
        )

    @_with_tool_errors
    def compare_reports(
        self,
        reports: Annotated[
            list[str],
            Field(min_length=2, max_length=8, description="Ids of reports, best of one committee."),
        ],
        area: Area = None,
    ) -> CompareAnswer:
        """Compare reports on several terms: shortcomings mended, remaining, returning.

        The reports should be one committee's; list_reports has the ids. Passages were matched by
        their words: read both before you conclude.
        """
        series = self._index.compare_terms(reports, area=area)
        return CompareAnswer(
            reports=[_line(report) for report in series.reports],
            bodies=list(series.bodies),
            mended=len(series.mended),
            persisting=len(series.persisting),
            returning=len(series.returning),
            threads=[
                ThreadLine(
                    area=thread.area,
                    reports=thread.reports,
                    passages=[one.id for one in thread.passages],
                    text=thread.passages[-1].text[:SNIPPET],
                    mended_by=thread.mended_by.id if thread.mended_by else None,
                )
                for thread in series.threads[:MOST_THREADS]
            ],
        )

    @_with_tool_errors
    def list_areas(
        self,
        query: Query = "",
        report: ReportId = None,
        year: Years = None,
        term: Term = None,
        extra: Extra = None,
    ) -> AreasAnswer:
        """List the leadership areas (lĩnh vực lãnh đạo) with numbers of passages.

        Each with its passages, achievements and shortcomings. With a query, only the areas with
        matches, the most relevant first. Use it to learn the ids of areas, to compare
        achievements with shortcomings, or to see where a topic is treated.
        """
        chosen: dict[str, Any] = {"report": report, "year": year, "term": term, "extra": extra}
        found = self._index.search(query, **chosen, limit=0)
        counts = {
            name: self._index.search(query, **chosen, assessment=name, limit=0).facets["area"]
            for name in ("achievement", "shortcoming", "cause")
        }
        labels = {area.id: area.label for area in self._index.areas()}
        scores = (
            {share.area: round(share.score, 4) for share in found.areas} if query.strip() else {}
        )
        return AreasAnswer(
            areas=[
                AreaLine(
                    id=name,
                    label=labels.get(name, name),
                    passages=found.facets["area"].get(name, 0),
                    achievements=counts["achievement"].get(name, 0),
                    shortcomings=counts["shortcoming"].get(name, 0),
                    causes=counts["cause"].get(name, 0),
                    score=scores.get(name),
                )
                for name in (scores if query.strip() else labels)
            ]
        )

    @_with_tool_errors
    def list_reports(
        self,
        area: Area = None,
        year: Years = None,
        term: Term = None,
        extra: Extra = None,
        limit: Annotated[int, Field(ge=1, le=100, description="Reports a page.")] = 50,
        offset: Offset = 0,
    ) -> ReportsAnswer:
        """List the reports of the index: title, number, issuer, date, term of office.

        The term of office is the one that the report covers. Use it to learn which reports there
        are, and the ids that narrow a search to one report or compare terms of office.
        """
        chosen: dict[str, Any] = {"area": area, "year": year, "term": term, "extra": extra}
        reports = list(self._index.reports())
        if any(value is not None for value in chosen.values()):
            counts = self._index.search("", **chosen, limit=0).facets["report"]
            reports = [report for report in reports if counts.get(report.id)]
        end = offset + limit
        return ReportsAnswer(
            total=len(reports),
            next_offset=end if end < len(reports) else None,
            reports=[_line(report) for report in reports[offset:end]],
        )


def _missing(words: tuple[MissingWord, ...]) -> list[WordNotFound]:
    return [WordNotFound(**word.to_dict()) for word in words]


def _found(hit: Hit) -> FoundPassage:
    passage = hit.passage
    whole = len(passage.text) <= SNIPPET
    return FoundPassage(
        id=passage.id,
        score=round(hit.score, 3),
        report_title=hit.report_title,
        heading_path=list(passage.heading_path),
        area=passage.area,
        assessment=passage.assessment,
        cause_of=passage.cause_of,
        text=passage.text if whole else hit.snippet or passage.text[:SNIPPET],
        missing_words=list(hit.missing_words),
        is_whole=whole,
    )


def _read(passage: Passage, start: int, room: int) -> ReadPassage:
    end = start + room
    return ReadPassage(
        id=passage.id,
        heading_path=list(passage.heading_path),
        area=passage.area,
        assessment=passage.assessment,
        cause_of=passage.cause_of,
        page=passage.page,
        line=passage.line or None,
        text=passage.text[start:end],
        next_start=end if end < len(passage.text) else None,
    )


def _line(report: Report) -> ReportLine:
    return ReportLine(
        id=report.id,
        title=report.title,
        kind=report.kind,
        number=report.number,
        issuing_body=report.issuing_body,
        date=report.date.isoformat() if report.date else None,
        term=report.term,
        passages=report.passages,
        extra=dict(report.extra),
    )
