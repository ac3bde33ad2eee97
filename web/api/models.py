"""Models of the API's responses, for its description.

The responses are made by ``to_dict`` of the library.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Span = Annotated[
    list[int],
    Field(min_length=2, max_length=2, description="Start and end (exclusive) in characters"),
]
AssessmentName = Literal["achievement", "shortcoming", "cause"]


class Problem(BaseModel):
    """A problem (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(
        description="urn:tracuu:problem:NAME", examples=["urn:tracuu:problem:bad-query"]
    )
    title: str
    status: int
    detail: str
    position: int | None = Field(
        None, description="bad-query: index of the character of q at fault, from 0"
    )
    errors: list[dict[str, str]] | None = Field(
        None, description="bad-value: each invalid parameter, and the reason"
    )
    nearest: list[str] | None = Field(
        None, description="bad-value: ids of areas with similar names"
    )


class Decision(BaseModel):
    """Why a passage has its area or assessment; confidence from 0 to 1."""

    source: Literal["heading", "words", "report", "given", "hand", "default"]
    evidence: list[str]
    confidence: float


class Passage(BaseModel):
    """One paragraph, list item or table row of a report."""

    id: str = Field(description="REPORT#POSITION", examples=["bao-cao-2020#12"])
    report: str
    position: int = Field(description="From 1")
    text: str
    heading_path: list[str] = Field(description="The headings above it, outermost first")
    area: str = Field(description="Id of its leadership area", examples=["kinh-te"])
    assessment: AssessmentName | None
    cause_of: Literal["achievement", "shortcoming"] | None
    kind: Literal["paragraph", "list-item", "table-row"]
    line: int = Field(description="Line of the file it begins on; 0: unknown")
    page: int | None
    area_decision: Decision
    assessment_decision: Decision
    link: str = Field(description="Link to the passage in its surroundings")


class FileCopy(BaseModel):
    """Another file with the same bytes as a report's."""

    source: str = Field(description="Its name, without folders")
    folder: str | None


class Report(BaseModel):
    """One document, as its own text describes it."""

    id: str
    title: str
    source: str | None = Field(
        description="File name, without folders; null: added by an application"
    )
    kind: str | None = Field(examples=["báo cáo"])
    number: str | None = Field(examples=["15-BC/QU"])
    issuing_body: str | None
    place: str | None
    date: str | None = Field(description="ISO 8601")
    term: list[int] | None = Field(description="First and last year of the term of office")
    signer: str | None
    passages: int
    period: list[int] | None = Field(description="First and last year its title names")
    folder: str | None = Field(
        description="Folders of its file, from the indexed one downwards", examples=["reports/2024"]
    )
    member: str | None = Field(
        description="Path of its file within a .zip, .eml or .msg file", examples=["xa-a/2024.docx"]
    )
    copies: list[FileCopy] = Field(description="Other files with the same bytes")
    extra: dict[str, str] = Field(description="Metadata of the application")
    link: str


class ComparedPassage(BaseModel):
    """A passage of a comparison."""

    id: str
    report: str
    position: int
    text: str
    heading_path: list[str]
    area: str
    assessment: str | None
    page: int | None


class Thread(BaseModel):
    """One shortcoming in several reports."""

    area: str
    label: str
    reports: int = Field(description="Reports that state it")
    passages: list[ComparedPassage] = Field(description="The oldest first")
    mended_by: ComparedPassage | None = Field(
        description="A passage of a later report that reports the same matter as an achievement"
    )


class Verdict(BaseModel):
    """The comparison in three numbers."""

    mended: int = Field(description="Shortcomings mended since")
    persisting: int = Field(description="Shortcomings still in the newest report")
    returning: int = Field(description="Shortcomings in three reports or more")


class Compared(BaseModel):
    """Two or more reports, each compared with the next newer one."""

    reports: list[Report] = Field(description="The oldest first")
    bodies: list[str] = Field(
        description="Issuing bodies; reports of several may not be comparable"
    )
    counts: Verdict
    threads: list[Thread] = Field(description="Shortcomings stated in several reports, or resolved")
    comparisons: list[dict[str, Any]] = Field(
        description="Each report with the next: counts, matches and topics by area"
    )


class Hit(BaseModel):
    """A passage that matches."""

    rank: int
    score: float = Field(description="Comparable within one search only")
    passage: Passage
    report_title: str
    highlights: list[Span] = Field(description="Of passage.text, in characters (code points)")
    heading_highlights: list[list[Span]]
    title_highlights: list[Span]
    snippet: str
    snippet_highlights: list[Span]
    duplicates: list[str] = Field(
        description="Ids of near-identical passages represented by this one"
    )
    missing_words: list[str] = Field(
        description="Words of the query, as typed, missing from the passage, its headings and title"
    )


class MissingWord(BaseModel):
    """A word of the query, as typed, that no passage contains."""

    word: str
    replaced_by: list[str] = Field(
        description="Words of the index that were searched instead; empty: the word was left out"
    )
    field: Literal["body", "place", "number", "title"] | None = Field(
        default=None,
        description="The word occurs in names of bodies or places, document numbers or titles only",
    )
    values: list[str] = Field(default=[], description="The bodies, places or numbers")
    taken: bool = Field(
        default=False,
        description="The name was taken as a filter: only passages of those reports were searched",
    )


class AreaShare(BaseModel):
    """The relevance of an area to the query."""

    area: str
    matches: int
    passages: int
    share: float
    density: float
    score: float


class Links(BaseModel):
    """Links to pages of this list; null: there is none."""

    self: str
    first: str
    previous: str | None
    next: str | None


class Results(BaseModel):
    """One page of matches, and counts over all of them."""

    query: str
    total: int
    offset: int
    limit: int
    relaxed: Literal["fewer-words", "apart"] | None = Field(
        description="How a search that found nothing was widened; apart: its two words are nowhere "
        "side by side"
    )
    wordless: bool = Field(
        description="The query contains no words, only punctuation: nothing can match"
    )
    did_you_mean: str | None
    missing: list[MissingWord] = Field(
        description="Words that no passage contains, and their replacements; none with literal=true"
    )
    operators: list[str] = Field(
        description="Words of the query interpreted as operators; none with literal=true"
    )
    folded: int
    numbered: list[str] = Field(description="Reports whose document number equals the query")
    meaning: Literal["rescored", "retrieved", "failed"] | None = Field(
        description="Effect of the embedder: best hits rescored, or hits found that words missed"
    )
    meaning_problem: str = Field(description="Why ranking by meaning failed")
    variants: dict[str, list[str]] = Field(
        description="Words of the query → equivalent names also searched for"
    )
    without_filters: dict[str, int] = Field(
        description="Where nothing matched as typed: filter → matches without it; all: without any"
    )
    facets: dict[str, dict[str, int]] = Field(
        description="area, assessment, report, body, place, folder: value → matches, frequent first"
    )
    areas: list[AreaShare] = Field(description="Areas relevant to the query, most relevant first")
    hits: list[Hit]
    partial: list[Hit] = Field(
        description="On the last page, if requested: passages that lack some of the words of the "
        "query (missing_words); they change no count"
    )
    links: Links


class Completion(BaseModel):
    """A completed text, and the maximum number of passages with its new words."""

    text: str
    passages: int
    kind: Literal["words", "abbreviation", "number", "title", "body"]


class Suggestions(BaseModel):
    """Completions of a text, most likely first."""

    query: str
    suggestions: list[Completion]


class Area(BaseModel):
    """A leadership area, and its numbers of passages by assessment."""

    id: str
    label: str
    default: bool
    passages: int
    assessments: dict[str, int]


class Areas(BaseModel):
    """All areas in order and, with a query, those relevant to it."""

    query: str
    areas: list[Area]
    ranking: list[AreaShare]


class Tally(BaseModel):
    """Numbers of passages by one or two fields."""

    query: str
    total: int
    relaxed: Literal["fewer-words", "apart"] | None
    wordless: bool
    missing: list[MissingWord] = Field(
        description="Words that no passage contains, and their replacements"
    )
    counts: list[dict[str, Any]] = Field(
        description="One row per combination: its values, and matches"
    )


class Reports(BaseModel):
    """One page of the reports, by id."""

    total: int
    offset: int
    limit: int
    reports: list[Report]
    links: Links


class Passages(BaseModel):
    """One page of a report's passages, in reading order."""

    total: int
    offset: int
    limit: int
    report: Report
    passages: list[Passage]
    links: Links


class Heading(BaseModel):
    """A heading of a report, and the positions and kind of the passages below it."""

    path: list[str]
    first: int
    last: int
    passages: int
    areas: dict[str, int]
    assessments: dict[str, int]


class Outline(BaseModel):
    """Headings of a report with passages directly below them, in reading order."""

    report: Report
    headings: list[Heading]


class PreviewedReport(BaseModel):
    """A report as it would be indexed."""

    title: str
    kind: str | None
    number: str | None
    issuing_body: str | None
    date: str | None = Field(description="ISO 8601")
    term: list[int] | None
    passages: int
    headings: list[Heading]


class Preview(BaseModel):
    """A file as it would be indexed; nothing is stored."""

    format: str
    notes: list[str]
    reports: list[PreviewedReport] = Field(
        description="More than one if documents are bound into one file"
    )


class Surroundings(BaseModel):
    """A passage with its neighbours in the report, in reading order."""

    report: Report
    passage: Passage
    passages: list[Passage]


class WordHeld(BaseModel):
    """A word of the query."""

    text: str
    counted: bool
    held: bool


class Part(BaseModel):
    """The contribution of one token or pair to a score (BM25)."""

    text: str
    field: str
    score: float
    times: float
    passages: int
    idf: float
    length: float
    mean_length: float


class Explanation(BaseModel):
    """The parts of a passage's score, or why it does not match."""

    query: str
    passage: str
    matches: bool
    score: float
    least: int
    relaxed: str | None
    words: list[WordHeld]
    parts: list[Part]


class Info(BaseModel):
    """The index in figures."""

    engine: str
    version: str = Field(description="Version of tracuu that made the index")
    fingerprint: str
    reports: int
    passages: int
    size: int = Field(description="Bytes")
    taxonomy: str
    areas: dict[str, int]
    assessments: dict[str, int]


class Change(BaseModel):
    """The result of an upload of a report."""

    kind: Literal["added", "changed", "unchanged"]
    reports: list[Report] = Field(description="More than one if documents are bound into one file")
    passages: int
    notes: list[str] = Field(description="Repairs made while reading")


class NewCorrection(BaseModel, extra="forbid"):
    """The correct area and assessment of a passage."""

    area: str | None = Field(
        None, max_length=200, description="Id, label or part of either", examples=["kinh-te"]
    )
    assessment: AssessmentName | Literal["none"] | None = None
    cause_of: Literal["achievement", "shortcoming"] | None = Field(
        None, description="Only with the assessment cause"
    )
    note: str = Field("", max_length=2000)
    who: str = Field("", max_length=200, description="Who corrects it")


class Correction(BaseModel):
    """A manual correction of a passage's area or assessment."""

    passage: str = Field(description="REPORT#POSITION")
    report: str
    position: int
    text: str
    heading_path: list[str]
    area: str | None
    assessment: AssessmentName | Literal["none"] | None
    cause_of: Literal["achievement", "shortcoming"] | None
    note: str
    who: str
    when: str = Field(description="UTC, ISO 8601")
    fits: bool = Field(description="False: the index no longer has the passage")
    sha256: str = Field(description="Of the text")


class Corrections(BaseModel):
    """All corrections."""

    total: int
    corrections: list[Correction]


class Corrected(BaseModel):
    """A passage was corrected."""

    correction: Correction
    passage: Passage


class Undone(BaseModel):
    """A correction was undone.

    The passage is null if the index no longer has it.
    """

    correction: Correction
    passage: Passage | None


class Removed(BaseModel):
    """The removed reports."""

    report: str
    passages: int


class Health(BaseModel):
    """The service is running."""

    status: Literal["ok"]


class Readiness(BaseModel):
    """The index can be searched."""

    status: Literal["ok"]
    passages: int
