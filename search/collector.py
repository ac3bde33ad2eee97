"""Make a page of hits, and counts of facets, from an engine's response.

Adds texts, highlights and snippets, and groups near-identical passages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from ..corpus.model import Report
from ..engines.engine import Response, ScoredDocument, Snapshot
from ..schema import (
    AREA,
    ASSESSMENT,
    BODY,
    FOLDER,
    PLACE,
    REPORT,
    read_passage,
    read_report,
    report_key,
    stored_of,
    text_of,
)
from .collapse import COMPARED, KEPT, DuplicateGroup, Fingerprint, group
from .highlighter import Highlighter
from .patterns import Pattern
from .query.planner import PlannedWord
from .results import Hit

FACETS = {
    "area": AREA,
    "assessment": ASSESSMENT,
    "report": REPORT,
    "body": BODY,
    "place": PLACE,
    "folder": FOLDER,
}
_CACHED = 1024  # reports
_ROUNDS = 6

# Cached: searches often share passages.
_kept_passage = lru_cache(maxsize=1024)(read_passage)

# (limit, offset) → the engine's response.
Ask = Callable[[int, int], Response]


class HitMaker:
    """Makes hits from the documents of one snapshot. Thread-safe."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._reports: dict[str, Report] = {}
        self._fingerprints: dict[str, Fingerprint] = {}

    def groups(self, found: Sequence[ScoredDocument]) -> list[DuplicateGroup]:
        """Group near-identical passages."""
        if len(self._fingerprints) >= KEPT:
            self._fingerprints = {}
        passages = [(one.key, one.stored) for one in found]
        return group(passages, text_of=text_of, fingerprints=self._fingerprints)

    def hit(
        self,
        found: ScoredDocument,
        rank: int,
        highlighter: Highlighter,
        width: int,
        duplicates: Sequence[str] = (),
    ) -> Hit:
        """Make one hit with highlights and snippet."""
        passage = _kept_passage(found.stored)
        report = self._report(passage.report)
        title = report.title if report else ""
        shown = highlighter.marked(passage.text, passage.heading_path, title, width)
        return Hit(
            rank=rank,
            score=found.score,
            passage=passage,
            report_title=title,
            highlights=shown.text,
            heading_highlights=shown.headings,
            title_highlights=shown.title,
            snippet=shown.snippet,
            snippet_highlights=shown.snippet_spans,
            duplicates=tuple(duplicates),
            report=report,
            missing_words=shown.missing,
        )

    def _report(self, name: str) -> Report | None:
        if name not in self._reports:
            stored = stored_of(self._snapshot, report_key(name))
            if stored is None:  # being removed by another process
                return None
            if len(self._reports) >= _CACHED:
                self._reports = {}
            self._reports[name] = read_report(stored)[0]
        return self._reports[name]


def plain_page(
    ask: Ask,
    maker: HitMaker,
    patterns: Sequence[Pattern],
    limit: int,
    offset: int,
    width: int,
    words: Sequence[PlannedWord] = (),
) -> tuple[Response, tuple[Hit, ...]]:
    """One page in the order of the engine."""
    response = ask(limit, offset)
    found = enumerate(response.hits, start=offset + 1)
    highlighter = Highlighter(patterns, words)
    hits = (maker.hit(one, rank, highlighter, width) for rank, one in found)
    return response, tuple(hits)


def collapsed_page(
    ask: Ask,
    maker: HitMaker,
    patterns: Sequence[Pattern],
    limit: int,
    offset: int,
    width: int,
    words: Sequence[PlannedWord] = (),
) -> tuple[Response, tuple[Hit, ...], int]:
    """One page that shows one of several near-identical passages.

    The list is read from its start, so that no page repeats passages of an earlier one. Also
    returns the number of passages omitted so far.
    """
    end = offset + limit
    size = end + COMPARED if limit else 0
    for _ in range(_ROUNDS):
        response = ask(size, 0)
        groups = maker.groups(response.hits)
        if len(groups) >= end or len(response.hits) < size:
            break
        size *= 2
    highlighter = Highlighter(patterns, words)
    hits = tuple(
        maker.hit(response.hits[one.place], rank, highlighter, width, one.duplicates)
        for rank, one in enumerate(groups[offset:end], start=offset + 1)
    )
    return response, hits, len(response.hits) - len(groups)


def counts_of(found: Response) -> dict[str, dict[str, int]]:
    """Value → number of matches for every facet, the most frequent first."""
    counts: dict[str, dict[str, int]] = {}
    for name, field in FACETS.items():
        matches = {value: count.matches for value, count in found.facets.get(field, {}).items()}
        order = sorted(matches)  # usually sorted already
        order.sort(key=matches.__getitem__, reverse=True)
        counts[name] = {value: matches[value] for value in order}
    return counts


def no_counts() -> dict[str, dict[str, int]]:
    """No value for every facet."""
    return {name: {} for name in FACETS}
