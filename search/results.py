"""Results of a search.

Plain data, independent of the index.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from .. import _html
from ..corpus.model import Passage, Report
from ..errors import Message
from .highlighter import Span
from .table import COLUMNS, dataframe, row

if TYPE_CHECKING:
    from pandas import DataFrame

# How a search without matches was widened.
Relaxed: TypeAlias = Literal["fewer-words", "apart"]
# Metadata of reports that may contain a name.
NameField: TypeAlias = Literal["body", "place", "number", "title"]

_NAMES = 3  # names listed in a message


@dataclass(frozen=True, slots=True)
class MissingWord:
    """A word of the query that occurs in no passage as typed.

    ``word`` is as typed; ``replaced_by`` are the words of the index searched instead, most likely
    first; empty if the word was ignored. A word found in metadata of reports has a ``field``: the
    issuing ``"body"``, the ``"place"``, the ``"number"`` or the ``"title"``, with the bodies,
    places or numbers in ``values``; ``taken`` means that it was applied as a filter.
    """

    word: str
    replaced_by: tuple[str, ...] = ()
    field: NameField | None = None
    values: tuple[str, ...] = ()
    taken: bool = False

    def __str__(self) -> str:
        if self.field is not None:
            return self._named(self.field)
        instead = ", ".join(f"“{word}”" for word in self.replaced_by)
        if not instead:
            return Message("No passage holds “{word}”", word=self.word)
        if len(self.replaced_by) > 1:
            return Message(
                "No passage holds “{word}”; {instead} are searched instead",
                word=self.word,
                instead=instead,
            )
        return Message(
            "No passage holds “{word}”; {instead} is searched instead",
            word=self.word,
            instead=instead,
        )

    def _named(self, field: NameField) -> str:
        names = ", ".join(self.values[:_NAMES]) + (" …" if len(self.values) > _NAMES else "")
        if field == "title":
            return Message(
                "No passage holds “{word}”; these are of reports with it in their title",
                word=self.word,
            )
        if field == "number":
            if self.taken:
                return Message(
                    "No passage holds “{word}”; these are of reports with the number {names}",
                    word=self.word,
                    names=names,
                )
            return Message(
                "No passage holds “{word}”, but reports have the number {names}",
                word=self.word,
                names=names,
            )
        if field == "body":
            if self.taken:
                return Message(
                    "No passage holds “{word}”; these are of reports issued by {names}",
                    word=self.word,
                    names=names,
                )
            return Message(
                "No passage holds “{word}”, but {names} issued reports",
                word=self.word,
                names=names,
            )
        if self.taken:
            return Message(
                "No passage holds “{word}”; these are of reports issued at {names}",
                word=self.word,
                names=names,
            )
        return Message(
            "No passage holds “{word}”, but reports were issued at {names}",
            word=self.word,
            names=names,
        )

    def to_dict(self) -> dict[str, Any]:
        """The word as plain data for JSON."""
        return {
            "word": self.word,
            "replaced_by": list(self.replaced_by),
            "field": self.field,
            "values": list(self.values),
            "taken": self.taken,
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that matches.

    ``rank`` counts from 1 over all pages. ``score`` is comparable within one search only; 0 without
    a query. ``highlights`` are spans ``(start, end)`` of ``passage.text``, ``heading_highlights``
    those of each heading of ``passage.heading_path``, ``title_highlights`` those of
    ``report_title``. ``snippet`` is an extract of the text, with the spans ``snippet_highlights``.
    ``duplicates`` are the ids of near-identical passages omitted from the list. ``report`` is the
    passage's report (None: unknown). ``missing_words`` are the words of the query, as typed, that
    occur neither in the passage nor its headings nor the report's title, or the missing syllables
    of a word found in part; only for queries without operators, and without function words.
    """

    rank: int
    score: float
    passage: Passage
    report_title: str = ""
    highlights: tuple[Span, ...] = ()
    heading_highlights: tuple[tuple[Span, ...], ...] = ()
    title_highlights: tuple[Span, ...] = ()
    snippet: str = ""
    snippet_highlights: tuple[Span, ...] = ()
    duplicates: tuple[str, ...] = ()
    report: Report | None = None
    missing_words: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The hit as plain data for JSON."""
        return {
            "rank": self.rank,
            "score": round(self.score, 6),
            "passage": self.passage.to_dict(),
            "report_title": self.report_title,
            "highlights": [list(span) for span in self.highlights],
            "heading_highlights": [
                [list(span) for span in spans] for spans in self.heading_highlights
            ],
            "title_highlights": [list(span) for span in self.title_highlights],
            "snippet": self.snippet,
            "snippet_highlights": [list(span) for span in self.snippet_highlights],
            "duplicates": list(self.duplicates),
            "missing_words": list(self.missing_words),
        }


@dataclass(frozen=True, slots=True)
class AreaShare:
    """The relevance of an area to the query.

    ``matches`` of the area's ``passages`` match; ``density`` is their ratio, ``share`` the area's
    fraction of the scores of the best matches (of all matches if nothing was scored). ``score`` is
    the geometric mean of ``share`` and ``density``, from 0 to 1.
    """

    area: str
    matches: int
    passages: int
    share: float
    density: float
    score: float

    def to_dict(self) -> dict[str, Any]:
        """The row as plain data for JSON."""
        return {
            key: round(value, 6) if isinstance(value, float) else value
            for key, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class Results(Sequence[Hit]):
    """One page of the matches, and counts over all of them.

    ``total`` counts all matching passages, including near-identical ones. ``facets`` maps
    ``"area"``, ``"assessment"`` (``"none"`` for none) and ``"report"`` to value → number of
    matches, most frequent first. ``areas`` ranks the areas by relevance to the words of the query.
    ``did_you_mean`` is a corrected query that finds something. ``relaxed`` is set if nothing
    matched as typed: the passages contain ``"fewer-words"`` of the query, or one or both of two
    syllables that no passage has side by side (``"apart"``). ``folded`` is the number of
    near-identical passages omitted up to this page. ``wordless`` is True if the query has no words,
    only signs (``((``, ``***``), so that nothing can match. ``numbered`` are the ids of reports
    whose document number is the query: their passages rank after those that cite it.
    ``without_filters`` explains results that are empty, or relaxed to fewer words: name of a filter
    (an option, or a field or an excluded part as written in the query) → matches without it,
    ``"all"`` → matches without any; of relaxed results, the matches of all words. ``missing`` are
    words of the query in no passage, each with its substitute, and of empty results the phrases and
    ``word*`` in none; ``literal=True`` disables substitutes. ``operators`` are the words read as
    operators (``KHÔNG``, ``AND``), as typed. ``variants`` maps words of the query to other names
    that were searched too: places before and since the mergers of 2025, and the user's synonyms.
    ``meaning`` is the effect of the embedder: ``"rescored"`` (the best hits), ``"retrieved"``
    (passages, if words found nothing) or ``"failed"``, with the reason in ``meaning_problem``.
    ``partial``, if requested, fills the last page with passages that lack some of the words
    (``Hit.missing_words``); they change no count and are not part of the sequence. A slice is a
    list of hits.
    """

    query: str
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    areas: tuple[AreaShare, ...] = ()
    did_you_mean: str | None = None
    relaxed: Relaxed | None = None
    folded: int = 0
    offset: int = 0
    limit: int = 10
    wordless: bool = False
    numbered: tuple[str, ...] = ()
    without_filters: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[MissingWord, ...] = ()
    operators: tuple[str, ...] = ()
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    meaning: Literal["rescored", "retrieved", "failed"] | None = None
    meaning_problem: str = ""
    partial: tuple[Hit, ...] = ()

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Hit]: ...

    def __getitem__(self, index: int | slice) -> Hit | Sequence[Hit]:
        return list(self.hits[index]) if isinstance(index, slice) else self.hits[index]

    def _repr_html_(self) -> str:
        """A table for notebooks."""
        shown = (
            f", {self.offset + 1}–{self.offset + len(self)} shown"
            if 0 < len(self) < self.total
            else ""
        )
        notes = "".join(f"; {word}" for word in self.missing)
        meant = f"; did you mean: {self.did_you_mean}" if self.did_you_mean else ""
        return _html.table(
            f"{self.total:,} {'passage' if self.total == 1 else 'passages'}{shown}{notes}{meant}",
            ("", "passage", "area", "assessment", "text"),
            (_cells(hit) for hit in self.hits),
        )

    def to_dataframe(self, labels: Mapping[str, str] | None = None) -> DataFrame:
        """The hits as a pandas DataFrame.

        Its columns are those of every export (``search.table.COLUMNS``).

        ``labels`` maps areas to labels, as ``Index.labels`` returns. Raises MissingExtra without
        pandas.
        """
        return dataframe(COLUMNS, (row(hit, labels) for hit in self.hits))

    def to_dict(self) -> dict[str, Any]:
        """The results as plain data for JSON."""
        return {
            "query": self.query,
            "total": self.total,
            "offset": self.offset,
            "limit": self.limit,
            "relaxed": self.relaxed,
            "wordless": self.wordless,
            "did_you_mean": self.did_you_mean,
            "missing": [word.to_dict() for word in self.missing],
            "operators": list(self.operators),
            "folded": self.folded,
            "numbered": list(self.numbered),
            "without_filters": dict(self.without_filters),
            "meaning": self.meaning,
            "meaning_problem": self.meaning_problem,
            "variants": {word: list(names) for word, names in self.variants.items()},
            "facets": {name: dict(counts) for name, counts in self.facets.items()},
            "areas": [area.to_dict() for area in self.areas],
            "hits": [hit.to_dict() for hit in self.hits],
            "partial": [hit.to_dict() for hit in self.partial],
        }


def _cells(hit: Hit) -> tuple[str, ...]:
    passage = hit.passage
    above = _html.small(_html.headings(passage.heading_path, hit.heading_highlights))
    text = (
        _html.highlight(hit.snippet, hit.snippet_highlights)
        if hit.snippet
        else _html.text(passage.text)
    )
    title = _html.small(_html.highlight(hit.report_title, hit.title_highlights))
    return (
        str(hit.rank),
        f"{_html.text(passage.id)}<br>{title}",
        _html.text(passage.area),
        _html.assessment_badge(passage.assessment, passage.cause_of),
        f"{above}<br>{text}" if above else text,
    )
