"""Spans of the original text where a query matched, and snippets around them.

The displayed text is tokenised again, so no offsets need to be stored in the index; only tokens
that occur in a pattern are examined.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from itertools import accumulate, groupby, pairwise
from operator import itemgetter, or_
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
        """Alternative patterns of the word, each of adjacent tokens."""

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


class _Sequences:
    """Token sequences as bits, to find all of them in one pass over a text.

    Each token of a sequence has a bit, the next token the next higher one. A text is a mapping from
    the index of a token to the bits that it matches (the Shift-And algorithm of Baeza-Yates and
    Gonnet, "A new approach to text searching", CACM 35, 1992). ``starts`` and ``ends`` are the bits
    of first and last tokens.
    """

    def __init__(self) -> None:
        self.starts = self.ends = 0
        self._first: dict[tuple[PatternToken, ...], int] = {}
        self._size = 0
        self._exact: dict[str, int] = {}
        self._folded: dict[str, int] = {}
        self._begins: list[tuple[PatternToken, int]] = []

    def add(self, tokens: tuple[PatternToken, ...]) -> int:
        """Add a sequence; returns the position of its first bit."""
        first = self._first.get(tokens)
        if first is None:
            first = self._first[tokens] = self._size
            for at, item in enumerate(tokens, start=first):
                for forms, bits in ((item.exact, self._exact), (item.folded, self._folded)):
                    for form in forms:
                        bits[form] = bits.get(form, 0) | 1 << at
                if item.begins or item.begins_folded:
                    self._begins.append((item, 1 << at))
            self._size += len(tokens)
            self.starts |= 1 << first
            self.ends |= 1 << self._size - 1
        return first

    def in_tokens(self, tokens: DisplayTokens) -> dict[int, int]:
        """Index of a token other than a code → the bits it matches, ascending."""
        exact, folded = self._exact, self._folded
        found = {at: exact[token] for at, token in enumerate(tokens.texts) if token in exact}
        if not folded and not self._begins:
            return found
        for at, token in enumerate(tokens.folded) if folded else ():
            if token in folded:
                found[at] = found.get(at, 0) | folded[token]
        for item, bit in self._begins:
            for texts, begins in (
                (tokens.texts, item.begins),
                (tokens.folded if item.begins_folded else (), item.begins_folded),
            ):
                for at, token in enumerate(texts):
                    if token.startswith(begins):
                        found[at] = found.get(at, 0) | bit
        return dict(sorted(found.items()))

    def in_codes(self, tokens: DisplayTokens) -> list[tuple[Span, int]]:
        """The document numbers that match tokens, and the bits."""
        found: list[tuple[Span, int]] = []
        for text, folded, span in tokens.codes:
            bits = 0
            for form in (text, folded):
                bits |= self._exact.get(form, 0) | self._folded.get(form, 0)
            if bits:
                found.append((span, bits))
        return found


class _Held(NamedTuple):
    """Bits in a text: ends of sequences, second tokens of adjacent pairs, any."""

    whole: int = 0
    pairs: int = 0
    any: int = 0


class _Text:
    """One text, and the bits of :class:`_Sequences` that its tokens match."""

    __slots__ = ("_held", "codes", "marks", "tokens")

    def __init__(self, text: str, sequences: _Sequences) -> None:
        self._held: _Held | None = None
        self.tokens = _kept_tokens(text) if len(text) <= _KEPT_LENGTH else DisplayTokens(text)
        self.marks = sequences.in_tokens(self.tokens)
        self.codes = sequences.in_codes(self.tokens) if self.tokens.has_codes else []

    def held(self, sequences: _Sequences) -> _Held:
        """Everything that occurs in the text."""
        if self._held is not None:
            return self._held
        starts, ends = sequences.starts, sequences.ends
        run = whole = pairs = anything = last = 0
        before = -2
        for at, bits in self.marks.items():
            if at == before + 1:
                run = (run << 1 | starts) & bits
                pairs |= last << 1 & bits
            else:
                run = starts & bits
            whole |= run & ends
            anything |= bits
            before, last = at, bits
        for _, bits in self.codes:
            whole |= bits & starts & ends
            anything |= bits
        self._held = _Held(whole, pairs, anything)
        return self._held

    def find(self, patterns: Iterable[tuple[Pattern, int]]) -> list[Span]:
        """Spans that match patterns, each with the position of its first bit."""
        ranges: list[tuple[int, int]] = []
        codes: list[Span] = []
        anything = reduce(
            or_, (bits for _, bits in self.codes), reduce(or_, self.marks.values(), 0)
        )
        for pattern, first in patterns:
            size = len(pattern.tokens)
            present = anything & (1 << first + size) - (1 << first)
            if present.bit_count() < (size if pattern.whole else min(size, pattern.least)):
                continue
            if size == 1:
                bit = 1 << first
                ranges += [(at, at) for at, bits in self.marks.items() if bits & bit]
                codes += [span for span, bits in self.codes if bits & bit]
            elif pattern.whole and pattern.slop:
                ranges += self._find_near(pattern, first)
            else:
                ranges += self._find_runs(pattern, first)
        return [*self.tokens.spans(ranges), *codes] if ranges else codes

    def _find_runs(self, pattern: Pattern, first: int) -> list[tuple[int, int]]:
        """Ranges that match the whole pattern, or the longest runs of its tokens.

        "nhân dân" alone also matches "ủy ban nhân dân".
        """
        size, marks = len(pattern.tokens), self.marks
        inside = (1 << first + size) - (1 << first)
        begin, least = (1 << first, size) if pattern.whole else (inside, pattern.least)
        ranges: list[tuple[int, int]] = []
        done = 0
        for at, bits in marks.items():
            run = bits & begin
            if not run or at < done:
                continue
            last = at
            while run := run << 1 & marks.get(last + 1, 0) & inside:
                last += 1
            if last - at + 1 >= least:
                ranges.append((at, last))
                done = done if pattern.whole else last + 1
        return ranges

    def _find_near(self, pattern: Pattern, first: int) -> list[tuple[int, int]]:
        """Words of the smallest windows that contain all items, on distinct words."""
        bits = [1 << first + item for item in range(len(pattern.tokens))]
        inside = sum(bits)
        anywhere = [at for at, found in self.marks.items() if found & inside]
        ranges: list[tuple[int, int]] = []
        for at, start in enumerate(anywhere):
            taken: dict[int, int] = {}
            for place in anywhere[at:]:
                if place >= start + len(bits) + pattern.slop:
                    break
                found = self.marks[place]
                free = next((bit for bit in bits if found & bit and bit not in taken), None)
                if free is not None:
                    taken[free] = place
            if len(taken) == len(bits):
                ranges.extend((place, place) for place in taken.values())
        return ranges


class Highlighter:
    """Finds matches of a query in the texts, headings and titles of a page."""

    def __init__(self, patterns: Iterable[Pattern], words: Sequence[SoughtWord] = ()) -> None:
        """``words`` are the words of the query."""
        self._sequences = _Sequences()
        numbered = [(pattern, self._sequences.add(pattern.tokens)) for pattern in patterns]
        self._patterns: dict[Part, list[tuple[Pattern, int]]] = {
            "text": [one for one in numbered if one[0].part == "text"],
            "heading": [one for one in numbered if one[0].part in ("text", "heading")],
            "title": [one for one in numbered if one[0].part == "title"],
        }
        self._sought = [(word, *self._bits(word)) for word in words]
        # The hits of a page often have headings and titles in common.
        self._texts: dict[str, _Text] = {}
        self._spans: dict[tuple[str, Part], tuple[Span, ...]] = {}

    def _bits(self, word: SoughtWord) -> tuple[int, int]:
        """The last bits of a word's patterns, and the position of its first syllable."""
        ends = 0
        for pattern in word.patterns:
            ends |= 1 << self._sequences.add(pattern.tokens) + len(pattern.tokens) - 1
        syllables = tuple(syllable.token for syllable in word.syllables)
        return ends, self._sequences.add(syllables) if syllables else 0

    def marked(self, text: str, headings: Sequence[str], title: str, width: int) -> Highlights:
        """The highlights of a passage; the snippet has up to ``width`` characters."""
        spans = self.spans(text)
        return Highlights(
            spans,
            tuple([self.spans(heading, "heading") for heading in headings]),
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
            found = _without_overlaps(self._text(text).find(patterns))
            self._spans[text, part] = found
        return found

    def _text(self, text: str) -> _Text:
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = _Text(text, self._sequences)
        return found

    def _missing(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Words of the query, as typed, that occur in none of the texts.

        For a word that occurs in part, the rest: "giải phóng" for "giải phóng mặt bằng" in a text
        with "mặt bằng".
        """
        lacking = self._sought
        if not lacking:
            return ()
        whole = pairs = anything = 0
        for text in texts:
            held = self._text(text).held(self._sequences)
            whole |= held.whole
            pairs |= held.pairs
            anything |= held.any
            lacking = [one for one in lacking if not whole & one[1]]
            if not lacking:
                return ()
        missing: list[str] = []
        for word, _, first in lacking:
            found = _held_syllables(word.syllables, pairs >> first, anything >> first)
            if not any(found):
                missing.append(word.text)
            else:
                rows = zip(found, word.syllables, strict=True)
                for is_held, run in groupby(rows, itemgetter(0)):
                    if not is_held:
                        missing.append(" ".join(syllable.text for _, syllable in run))
        return tuple(dict.fromkeys(missing))


def _held_syllables(syllables: tuple[Syllable, ...], pairs: int, anything: int) -> list[bool]:
    """Which syllables of an incomplete word count as found.

    A syllable counts beside another one of the word, or if no passage contains its neighbours: a
    single common syllable may belong to another word. ``pairs`` are the bits of syllables found
    behind the one before, ``anything`` those found.
    """
    held = [False] * len(syllables)
    for at, (left, right) in enumerate(pairwise(syllables)):
        if left.known and right.known and pairs >> at + 1 & 1:
            held[at] = held[at + 1] = True
    for at, syllable in enumerate(syllables):
        beside = syllables[max(0, at - 1) : at] + syllables[at + 1 : at + 2]
        if syllable.known and not any(other.known for other in beside):
            held[at] = bool(anything >> at & 1)
    return held


def highlight(text: str, patterns: Iterable[Pattern], *, part: Part = "text") -> tuple[Span, ...]:
    """The spans of one text: see :class:`Highlighter`."""
    return Highlighter(patterns).spans(text, part)


# Cached: passages of a chapter share headings, and searches often share passages.
_kept_tokens = lru_cache(maxsize=1024)(DisplayTokens)


def _without_overlaps(spans: list[Span]) -> tuple[Span, ...]:
    if len(spans) < 2:
        return tuple(spans)
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
