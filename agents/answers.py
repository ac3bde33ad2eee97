"""Models of the tools' answers.

The output schemas of the tools, with descriptions, are generated from them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class FoundPassage(BaseModel):
    """One passage of a ranking."""

    id: str = Field(description="Give it to read_passage; cite passages by it.")
    score: float = Field(description="Comparable within one search only; 0 without a query.")
    report_title: str
    heading_path: list[str] = Field(description="The headings above the passage, outermost first.")
    area: str = Field(description="Id of its leadership area.")
    assessment: str | None = Field(description="achievement, shortcoming, cause, or null for none.")
    cause_of: str | None = Field(description="Effect of a cause.")
    text: str = Field(description="The passage, or an extract around the matches.")
    missing_words: list[str] = Field(
        description="Words of the query missing from the passage, its headings and its title."
    )
    is_whole: bool = Field(
        description="Whether text is the whole passage; else read_passage has the rest."
    )


class WordNotFound(BaseModel):
    """A word of the query, as typed, that no passage contains."""

    word: str
    replaced_by: list[str] = Field(
        description="Words that were searched instead; empty: the word was left out."
    )
    field: Literal["body", "place", "number", "title"] | None = Field(
        default=None,
        description="The word occurs only in names of bodies or places, numbers or titles.",
    )
    values: list[str] = Field(default=[], description="The bodies, places or numbers.")
    taken: bool = Field(
        default=False,
        description="The name was taken as a filter: only passages of those reports were searched.",
    )


class SearchAnswer(BaseModel):
    """A page of a ranking, and counts over all matches."""

    total: int = Field(description="Number of passages that match, on all pages.")
    next_offset: int | None = Field(description="The offset of the next page; null on the last.")
    passages: list[FoundPassage]
    partial: list[FoundPassage] = Field(
        description="Where the matches do not fill the page: passages that lack some words of the "
        "query (missing_words). They change no count. Say so when you quote them."
    )
    matches_by_area: dict[str, int] = Field(description="Area id → matching passages, most first.")
    matches_by_assessment: dict[str, int] = Field(
        description="Assessment (none for none) → matching passages."
    )
    did_you_mean: str | None = Field(description="A query in other words that finds something.")
    relaxed: Literal["fewer-words", "apart"] | None = Field(
        description="Set where no passage matched the whole query: these hold only some of the "
        "words, or its two words apart. Say so when you quote them."
    )
    numbered: list[str] = Field(
        description="Ids of the reports whose document number equals the query."
    )
    without_filters: dict[str, int] = Field(
        description="Where nothing matched the whole query within the filters: filter → passages "
        "that match without it; all → without any of them."
    )
    missing: list[WordNotFound] = Field(
        description="Words that no passage contains, and their replacements (none with "
        "literal=true). Mention them when you quote results."
    )
    operators: list[str] = Field(description="Words of the query interpreted as operators.")
    variants: dict[str, list[str]] = Field(
        description="Words of the query → other names that were searched too: "
        "places before and since the mergers of 2025, synonyms."
    )
    wordless: bool = Field(
        description="The query has no words, only punctuation, so nothing matches."
    )


class ReportLine(BaseModel):
    """Metadata of a report."""

    id: str
    title: str
    kind: str | None = Field(description="Type of document: báo cáo, nghị quyết …")
    number: str | None
    issuing_body: str | None
    date: str | None = Field(description="ISO 8601.")
    term: tuple[int, int] | None = Field(
        description="First and last year of the term of office it covers."
    )
    passages: int
    extra: dict[str, str] = Field(
        description="The application's own metadata; the parameter extra filters by it."
    )


class ReadPassage(BaseModel):
    """A passage as in its report."""

    id: str
    heading_path: list[str]
    area: str
    assessment: str | None
    cause_of: str | None
    page: int | None
    line: int | None = Field(description="Line of the report's file.")
    text: str
    next_start: int | None = Field(
        description="Where text was cut: give it as start, to read on. Null at the end."
    )


class ReadAnswer(BaseModel):
    """A passage in its surroundings, in reading order."""

    report: ReportLine
    asked_for: str = Field(description="The id that was requested.")
    passages: list[ReadPassage]
    left_out: list[str] = Field(
        description="Ids of neighbours that would have made the answer too long."
    )


class AreaLine(BaseModel):
    """A leadership area, and its numbers of passages."""

    id: str
    label: str
    passages: int = Field(description="Passages of this area (with a query: those that match it).")
    achievements: int
    shortcomings: int
    causes: int
    score: float | None = Field(
        description="With a query: relevance of the area to it, from 0 to 1."
    )


class AreasAnswer(BaseModel):
    """The areas, in the taxonomy's order.

    With a query, the most relevant first.
    """

    areas: list[AreaLine]


class ReportsAnswer(BaseModel):
    """A page of the list of reports."""

    total: int
    next_offset: int | None
    reports: list[ReportLine]


class SimilarAnswer(BaseModel):
    """Passages similar to a given one."""

    like: str = Field(description="The id of the passage in the request.")
    passages: list[FoundPassage]


class TallyRow(BaseModel):
    """One combination of values, and its number of passages."""

    values: list[str] = Field(description="In the order of by.")
    passages: int


class TallyAnswer(BaseModel):
    """Counts of passages."""

    by: list[str]
    total: int = Field(description="All passages that match.")
    relaxed: Literal["fewer-words", "apart"] | None = Field(
        description="Set where nothing matched the whole query, and the counts are of partial "
        "matches, or of its two words apart."
    )
    missing: list[WordNotFound] = Field(
        description="Words that no passage contains, and their replacements. Mention them when "
        "you give counts."
    )
    rows: list[TallyRow]


class ThreadLine(BaseModel):
    """A shortcoming through several reports."""

    area: str
    reports: int = Field(description="Reports that state it.")
    passages: list[str] = Field(description="Ids, the oldest first: read_passage has the text.")
    text: str = Field(description="Text of the newest of these passages.")
    mended_by: str | None = Field(
        description="Id of a later passage that reports it as an achievement."
    )


class CompareAnswer(BaseModel):
    """Reports on several terms compared."""

    reports: list[ReportLine] = Field(description="The oldest first.")
    bodies: list[str] = Field(description="Issuing bodies; mention it if there are several.")
    mended: int = Field(description="Shortcomings mended since.")
    persisting: int = Field(description="Shortcomings that the newest report has still.")
    returning: int = Field(description="Shortcomings in three reports or more.")
    threads: list[ThreadLine]
