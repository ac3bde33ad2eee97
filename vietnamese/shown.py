"""Tokens of a displayed text, for the highlighter.

A search displays few passages and looks up few tokens in each, so a text is split at spaces, and
the tokens of each piece, usually one word, are cached.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, cast

from .analysis import FOLDS
from .compounds import HYPHENS, SPACED_CODE
from .normalise import Normalised, looks_normal, normalise
from .tokens import scan, term_of
from .variants import unify

Span = tuple[int, int]
_Part = tuple[str, int, int, bool]  # token, its span in the piece, whether it is a code

_LIMIT = 1 << 16  # cached pieces
_LONGEST = 40  # maximum characters of a cached piece
_CODE_PIECES = 21  # maximum pieces of a document number with spaces: 6 parts, 5 marks, 10 spaces
_CODE_AHEAD = re.compile(f"(?=({SPACED_CODE}))")
_AROUND = '.,;:!?…()"“”'  # around words; between them some of these make a compound
_CODE_MARKS = frozenset(f"{HYPHENS}/")  # between the parts of a document number


class _Piece(NamedTuple):
    """The text between two spaces."""

    parts: tuple[_Part, ...]  # before spelling variants
    normal: bool  # if false, the whole text must be normalised first
    at_mark: bool  # starts or ends with a separator of document numbers


class _Pieces(dict[str, _Piece]):
    """Piece of a text → its tokens."""

    def __missing__(self, text: str) -> _Piece:
        columns = scan(text)
        codes = [kind == "code" for kind in columns.kinds]
        parts = tuple(zip(columns.texts, columns.starts, columns.ends, codes, strict=True))
        at_mark = text[:1] in _CODE_MARKS or text[-1:] in _CODE_MARKS
        piece = _Piece(parts, looks_normal(text), at_mark)
        if len(text) <= _LONGEST:
            if len(self) >= _LIMIT:
                self.clear()
            self[text] = piece
        return piece


class _Tokens(dict[str, "str | None"]):
    """Piece of a text → its token; None for a piece that needs tokenising.

    Those are pieces with no token, several tokens or a code, possible parts of a code, and pieces
    that are not normalised.
    """

    def __missing__(self, text: str) -> str | None:
        word = text.strip(_AROUND)
        if word.isalpha() and looks_normal(text):  # most pieces: not scanned
            token: str | None = term_of(word)
        else:
            piece = _PIECES[text]
            odd = len(piece.parts) != 1 or piece.parts[0][3] or piece.at_mark or not piece.normal
            token = None if odd else piece.parts[0][0]
        if len(text) <= _LONGEST:
            if len(self) >= _LIMIT:
                self.clear()
            self[text] = token
        return token


_PIECES = _Pieces()
_TOKENS = _Tokens()


class DisplayTokens:
    """The tokens and document numbers of a displayed text.

    ``texts`` and ``folded`` are the tokens other than codes, in order, canonical and without
    diacritics. ``codes`` are the document numbers as (text, text without diacritics, span). All
    equal those of :func:`tokenise`, as a test verifies.
    """

    def __init__(self, text: str) -> None:
        self._normal: Normalised | None = None  # None if the text is already normalised
        self._pieces = text.split(" ")
        tokens, odd = _tokens(self._pieces)
        if not all(_PIECES[self._pieces[at]].normal for at in odd):
            self._normal = normalise(text)
            self._pieces = self._normal.text.split(" ")
            tokens, odd = _tokens(self._pieces)
        if _has_spaced_code(self._pieces, odd):
            self._pieces, tokens, odd = [" ".join(self._pieces)], [None], [0]
        # The piece of each token, and its span if the piece has several tokens.
        self._owners: Sequence[int] = range(len(self._pieces))
        self._inner: dict[int, _Part] = {}
        self._codes: list[tuple[int, _Part]] = []
        self.texts = unify(self._with_all_parts(tokens, odd) if odd else cast("list[str]", tokens))
        self.has_codes = bool(self._codes)

    def _with_all_parts(self, tokens: Sequence[str | None], odd: Sequence[int]) -> list[str]:
        """The tokens, including those of pieces with none, several or codes."""
        texts: list[str] = []
        owners: list[int] = []
        done = 0
        for piece in odd:
            texts += cast("list[str]", tokens[done:piece])
            owners += range(done, piece)
            for part in _PIECES[self._pieces[piece]].parts:
                if part[3]:
                    self._codes.append((piece, part))
                else:
                    self._inner[len(texts)] = part
                    texts.append(part[0])
                    owners.append(piece)
            done = piece + 1
        texts += cast("list[str]", tokens[done:])
        owners += range(done, len(tokens))
        self._owners = owners
        return texts

    @cached_property
    def codes(self) -> list[tuple[str, str, Span]]:
        """The document numbers as (text, text without diacritics, span)."""
        return [
            (part[0], FOLDS[part[0]], self._span(piece, part[1], part[2]))
            for piece, part in self._codes
        ]

    @cached_property
    def folded(self) -> list[str]:
        """``texts`` without diacritics; computed on demand."""
        return unify(list(map(FOLDS.__getitem__, self.texts)), folded=True)

    def spans(self, ranges: Iterable[tuple[int, int]]) -> list[Span]:
        """The span of each range of ``texts``, given by its first and last index."""
        found: list[Span] = []
        for first, last in ranges:
            start, end = self._span_at(first)
            found.append((start, self._span_at(last)[1] if last > first else end))
        return found

    def _span_at(self, at: int) -> Span:
        piece = self._owners[at]
        part = self._inner.get(at) or _PIECES[self._pieces[piece]].parts[0]
        return self._span(piece, part[1], part[2])

    @cached_property
    def _begins(self) -> list[int]:
        """Start offset of each piece; pieces are separated by one space."""
        lengths = map((1).__add__, map(len, self._pieces))
        return list(accumulate(lengths, initial=0))

    def _span(self, piece: int, start: int, end: int) -> Span:
        begin = self._begins[piece]
        start, end = begin + start, begin + end
        normal = self._normal
        if normal is None or normal.starts is None or normal.ends is None:
            return start, end
        return normal.starts[start], normal.ends[end - 1]


def _tokens(pieces: Sequence[str]) -> tuple[list[str | None], list[int]]:
    """The token of each piece, and the indices of pieces that are not one token."""
    tokens = list(map(_TOKENS.__getitem__, pieces))
    odd: list[int] = []
    at = -1
    for _ in range(tokens.count(None)):
        at = tokens.index(None, at + 1)
        odd.append(at)
    return tokens, odd


def _has_spaced_code(pieces: Sequence[str], odd: Sequence[int]) -> bool:
    """Whether a document number may span several pieces: ``15 - CT/TU``."""
    for at in odd:
        if _PIECES[pieces[at]].at_mark:
            around = " ".join(pieces[max(0, at - _CODE_PIECES) : at + _CODE_PIECES + 1])
            if any(" " in match[1] for match in _CODE_AHEAD.finditer(around)):
                return True
    return False
