"""Spans of the original text where a query matched, and snippets around them.

The displayed text is tokenised again, so no offsets need to be stored in the index; only tokens
that occur in a pattern are examined.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from typing import NamedTuple, Protocol

from ..vietnamese.shown import DisplayTokens
from .patterns import Part, Pattern, PatternToken, Syllable

# Start and end (exclusive), in characters of the displayed text.
Span = tuple[int, int]

_SHOWN_BEFORE = 0.3
_KEPT_LENGTH = 2000  # characters; tokens of longer texts are not cached


class SoughtWord(Protocol):
    """A word of the query: as typed, its patterns, and its syllables with theirs."""

    @property
    def text(self) -> str:
        """The word as typed."""

    @property
    def patterns(self) -> Sequence[Pattern]:
        """Alternative patterns of the word."""

    @property
    def syllables(self) -> tuple[Syllable, ...]:
        """The syllables of the word, if it has several."""


class Highlights(NamedTuple):
    """Matches of a query in a passage, its headings and its title.

    ``missing`` are words of the query, or syllables of them, that occur in none of these texts.
    """

    text: tuple[Span, ...]
    headings: tuple[tuple[Span, ...], ...]
    title: tuple[Span, ...]
    snippet: str
    snippet_spans: tuple[Span, ...]
    missing: tuple[str, ...]


class Highlighter:
    """Finds matches of a query in the texts, headings and titles of a page."""

    def __init__(self, patterns: Iterable[Pattern], words: Sequence[SoughtWord] = ()) -> None:
        """``words`` are the words of the query."""
        self._sought = words
        # The hits of a page often have headings and titles in common.
        self._spans: dict[tuple[str, Part], tuple[Span, ...]] = {}
        listed = tuple(patterns)
        self._patterns: dict[Part, list[Pattern]] = {
            "text": [pattern for pattern in listed if pattern.part == "text"],
            "heading": [pattern for pattern in listed if pattern.part in ("text", "heading")],
            "title": [pattern for pattern in listed if pattern.part == "title"],
        }

    def marked(self, text: str, headings: Sequence[str], title: str, width: int) -> Highlights:
        """The highlights of a passage; the snippet has up to ``width`` characters."""
        spans = self.spans(text)
        return Highlights(
            spans,
            tuple(self.spans(heading, "heading") for heading in headings),
            self.spans(title, "title"),
            *snippet(text, spans, width),
            self._missing((text, *headings, title)),
        )

    def spans(self, text: str, part: Part = "text") -> tuple[Span, ...]:
        """Spans of ``text`` that match the patterns, in order, without overlaps.

        ``part`` is the kind of ``text``; patterns for the text also apply to headings, those for
        headings or titles only there. Adjacent syllables of a pattern form one span.
        """
        patterns = self._patterns[part]
        if not patterns:
            return ()
        found = self._spans.get((text, part))
        if found is None:
            tokens = _tokens_of(text)
            spans = [span for pattern in patterns for span in _find(tokens, pattern)]
            found = self._spans[text, part] = _without_overlaps(spans)
        return found

    def _missing(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Words of the query, as typed, that occur in none of the texts.

        For a word that occurs in part, the rest: "giải phóng" for "giải phóng mặt bằng" in a text
        with "mặt bằng".
        """

        def holds(pattern: Pattern) -> bool:
            return any(_find(_tokens_of(text), pattern) for text in texts)

        missing: list[str] = []
        for word in self._sought:
            if any(map(holds, word.patterns)):
                continue
            held = _held_syllables(word.syllables, holds)
            if not any(held):
                missing.append(word.text)
            else:
                rows = zip(held, word.syllables, strict=True)
                for is_held, run in groupby(rows, itemgetter(0)):
                    if not is_held:
                        missing.append(" ".join(syllable.text for _, syllable in run))
        return tuple(dict.fromkeys(missing))


def _held_syllables(
    syllables: tuple[Syllable, ...], holds: Callable[[Pattern], bool]
) -> list[bool]:
    """Which syllables of an incomplete word count as found.

    A syllable counts beside another one of the word, or if no passage contains its neighbours: a
    single common syllable may belong to another word.
    """
    held = [False] * len(syllables)
    for at, (left, right) in enumerate(pairwise(syllables)):
        if left.known and right.known and holds(Pattern((left.token, right.token))):
            held[at] = held[at + 1] = True
    for at, syllable in enumerate(syllables):
        beside = syllables[max(0, at - 1) : at] + syllables[at + 1 : at + 2]
        if syllable.known and not any(other.known for other in beside):
            held[at] = holds(Pattern((syllable.token,)))
    return held


def highlight(text: str, patterns: Iterable[Pattern], *, part: Part = "text") -> tuple[Span, ...]:
    """The spans of one text: see :class:`Highlighter`."""
    return Highlighter(patterns).spans(text, part)


# Cached: passages of a chapter share headings, and searches often share passages.
_kept_tokens = lru_cache(maxsize=1024)(DisplayTokens)


def _tokens_of(text: str) -> DisplayTokens:
    return _kept_tokens(text) if len(text) <= _KEPT_LENGTH else DisplayTokens(text)


def _places(tokens: DisplayTokens, item: PatternToken) -> set[int]:
    """Indices of a pattern's token among the tokens other than codes."""
    places: set[int] = set()
    for token in item.exact:
        places.update(tokens.places[token])
    for token in item.folded:
        places.update(tokens.folded_places[token])
    if item.begins:
        places.update(_starting(tokens.texts, item.begins))
    if item.begins_folded:
        places.update(_starting(tokens.folded, item.begins_folded))
    return places


def _starting(texts: Sequence[str], begins: tuple[str, ...]) -> list[int]:
    return [place for place, text in enumerate(texts) if text.startswith(begins)]


def _find(tokens: DisplayTokens, pattern: Pattern) -> list[Span]:
    if len(pattern.tokens) == 1:
        return _find_single(tokens, pattern.tokens[0])
    places: list[set[int]] = []
    for item in pattern.tokens:
        places.append(_places(tokens, item))
        if pattern.whole and not places[-1]:
            return []
    if not pattern.whole:
        return _find_runs(tokens, places, pattern.least)
    if pattern.slop:
        return _find_near(tokens, places, pattern.slop)
    last = len(places) - 1
    starts = set.intersection(*({place - at for place in found} for at, found in enumerate(places)))
    return [_span(tokens, start, start + last) for start in starts]


def _find_single(tokens: DisplayTokens, item: PatternToken) -> list[Span]:
    forms = item.exact | item.folded
    codes = [span for text, folded, span in tokens.codes if text in forms or folded in forms]
    return [*map(tokens.spans.__getitem__, _places(tokens, item)), *codes]


def _span(tokens: DisplayTokens, first: int, last: int) -> Span:
    """The span from one token to another, inclusive."""
    return tokens.spans[first][0], tokens.spans[last][1]


def _find_near(tokens: DisplayTokens, places: Sequence[set[int]], slop: int) -> list[Span]:
    """Words of the smallest windows that contain all items, on distinct words."""
    spans: list[Span] = []
    anywhere = sorted(set.union(*places))
    for at, first in enumerate(anywhere):
        taken: dict[int, int] = {}
        for place in anywhere[at:]:
            if place >= first + len(places) + slop:
                break
            free = next(
                (item for item, found in enumerate(places) if place in found and item not in taken),
                None,
            )
            if free is not None:
                taken[free] = place
        if len(taken) == len(places):
            spans.extend(map(tokens.spans.__getitem__, taken.values()))
    return spans


def _find_runs(tokens: DisplayTokens, places: Sequence[set[int]], least: int) -> list[Span]:
    """Longest runs of words that match consecutive items.

    "nhân dân" alone also matches "ủy ban nhân dân".
    """
    spans: list[Span] = []
    done = 0
    for at in sorted(set.union(*places)):
        if at < done:
            continue
        longest = 0
        for first in range(len(places)):
            length = 0
            while first + length < len(places) and at + length in places[first + length]:
                length += 1
            longest = max(longest, length)
        if longest >= least:
            spans.append(_span(tokens, at, at + longest - 1))
            done = at + longest
    return spans


def _without_overlaps(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(set(spans)):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def snippet(text: str, spans: Sequence[Span], width: int = 240) -> tuple[str, tuple[Span, ...]]:
    """Up to ``width`` characters around most of the spans, and the spans in them.

    Cut at word boundaries, with ``…`` for omitted text (within ``width``, except that a single long
    word is kept). Line breaks become spaces. ``width`` is at least 20.
    """
    width = max(20, width)
    flat = text.replace("\n", " ").replace("\r", " ")
    if len(flat) <= width:
        return flat, tuple(spans)
    start, end = _window(flat, spans, width)
    before, after = "…" if start else "", "…" if end < len(flat) else ""
    moved = tuple(
        (max(first, start) - start + len(before), min(last, end) - start + len(before))
        for first, last in spans
        if first < end and last > start
    )
    return before + flat[start:end] + after, moved


def _window(text: str, spans: Sequence[Span], width: int) -> tuple[int, int]:
    """Bounds of the first window with most highlighted characters.

    ``spans`` are in order and do not overlap.
    """
    room = width - 2
    start = 0
    if spans:
        starts = [first for first, _ in spans]
        sums = list(accumulate((last - first for first, last in spans), initial=0))
        best = -1
        last = 0
        for at, first in enumerate(starts):
            end = bisect_left(starts, first + room)
            reached = spans[end - 1][1]
            inside = sums[end] - sums[at] - max(0, reached - (first + room))
            if inside > best:
                best, start, last = inside, first, min(reached, first + room)
        # Some words before the first span, more if there is room.
        start = max(0, start - max(0, min(int(room * _SHOWN_BEFORE), room - (last - start))))
    start = min(start, len(text) - room)
    end = min(len(text), start + room)
    return _to_words(text, start, end, spans)


def _to_words(text: str, start: int, end: int, spans: Sequence[Span]) -> tuple[int, int]:
    """Move the bounds inwards to word boundaries, not into highlighted spans."""
    if start and not text[start - 1].isspace():
        inside = [first for first, last in spans if first >= start]
        limit = min(inside, default=end)
        at = start
        while at < limit and not text[at - 1].isspace():
            at += 1
        start = at if text[at - 1].isspace() or at == limit else start
    if end < len(text) and not text[end].isspace():
        at = end
        while at > start and not text[at].isspace():
            at -= 1
        end = at if at > start else end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
