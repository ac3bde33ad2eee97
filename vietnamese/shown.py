"""The tokens of a displayed text, as a highlighter needs them.

A search shows few passages and looks for few tokens in each, so a text is cut at its spaces, and
the tokens of each piece, mostly one word, are remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from itertools import accumulate
from typing import NamedTuple, TypeVar, cast

from .analysis import FOLDS
from .compounds import HYPHENS, SPACED_CODE
from .normalise import Normalised, looks_normal, normalise
from .tokens import scan
from .variants import unify

Span = tuple[int, int]
_Part = tuple[str, int, int, bool]  # token, its span in the piece, whether it is a code

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

_LIMIT = 1 << 16  # pieces remembered
_LONGEST = 40  # characters of a piece that is remembered
_CODE_PIECES = 21  # pieces of a document number with spaces, at most: 6 parts, 5 marks, 10 spaces
_CODE_AHEAD = re.compile(f"(?=({SPACED_CODE}))")
_CODE_MARKS = frozenset(f"{HYPHENS}/")  # between the parts of a document number


class _Piece(NamedTuple):
    """What stands between two spaces of a text."""

    parts: tuple[_Part, ...]  # before spelling variants
    normal: bool  # if not, the whole text is to be normalised first
    at_mark: bool  # it begins or ends with a mark that joins the parts of a document number


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
    """Piece of a text → its token; None for a piece to be looked at.

    Those are pieces with no token, several or a code, those that may be part of a code, and those
    that are not normalised.
    """

    def __missing__(self, text: str) -> str | None:
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


class _OnDemand(dict[_Key, _Value]):
    """Values that are computed when they are first looked up."""

    def __init__(self, compute: Callable[[_Key], _Value]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, key: _Key) -> _Value:
        value = self[key] = self._compute(key)
        return value


class DisplayTokens:
    """The tokens of a displayed text, and its document numbers.

    ``texts`` and ``folded`` are the tokens that are no codes, in order, canonical and without
    diacritics. ``codes`` are the document numbers, each as (text, without diacritics, span). They
    are those of :func:`tokenise`, which a test holds.
    """

    def __init__(self, text: str) -> None:
        self._normal: Normalised | None = None  # the text itself is normal
        self._pieces = text.split(" ")
        tokens, odd = _tokens(self._pieces)
        if not all(_PIECES[self._pieces[at]].normal for at in odd):
            self._normal = normalise(text)
            self._pieces = self._normal.text.split(" ")
            tokens, odd = _tokens(self._pieces)
        if _has_spaced_code(self._pieces, odd):
            self._pieces, tokens, odd = [" ".join(self._pieces)], [None], [0]
        # Of each token its piece, and the token with its span where the piece has others.
        self._owners: Sequence[int] = range(len(self._pieces))
        self._inner: dict[int, _Part] = {}
        self._codes: list[tuple[int, _Part]] = []
        self.texts = unify(self._with_all_parts(tokens, odd) if odd else cast("list[str]", tokens))
        # Token → where it stands in ``texts``, rising; place → span, its end exclusive.
        self.places = _OnDemand(partial(_places, self.texts))
        self.spans = _OnDemand(self._span_at)

    def _with_all_parts(self, tokens: Sequence[str | None], odd: Sequence[int]) -> list[str]:
        """The tokens, with those of pieces that hold none, several or codes."""
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
        """The document numbers: text, text without diacritics, span."""
        return [
            (part[0], FOLDS[part[0]], self._span(piece, part[1], part[2]))
            for piece, part in self._codes
        ]

    @cached_property
    def folded(self) -> list[str]:
        """``texts`` without diacritics; computed on demand."""
        return unify(list(map(FOLDS.__getitem__, self.texts)), folded=True)

    @cached_property
    def folded_places(self) -> Mapping[str, list[int]]:
        """Token without diacritics → where it stands in ``folded``, rising."""
        return _OnDemand(partial(_places, self.folded))

    def _span_at(self, at: int) -> Span:
        piece = self._owners[at]
        part = self._inner.get(at) or _PIECES[self._pieces[piece]].parts[0]
        return self._span(piece, part[1], part[2])

    @cached_property
    def _begins(self) -> list[int]:
        """Where each piece begins, each one space behind the one before."""
        lengths = accumulate(map(len, self._pieces), initial=0)
        return [length + spaces for spaces, length in enumerate(lengths)]

    def _span(self, piece: int, start: int, end: int) -> Span:
        begin = self._begins[piece]
        start, end = begin + start, begin + end
        normal = self._normal
        if normal is None or normal.starts is None or normal.ends is None:
            return start, end
        return normal.starts[start], normal.ends[end - 1]


def _tokens(pieces: Sequence[str]) -> tuple[list[str | None], list[int]]:
    """The token of each piece, and the places of those that are not one token."""
    tokens = list(map(_TOKENS.__getitem__, pieces))
    odd: list[int] = []
    at = -1
    for _ in range(tokens.count(None)):
        at = tokens.index(None, at + 1)
        odd.append(at)
    return tokens, odd


def _has_spaced_code(pieces: Sequence[str], odd: Sequence[int]) -> bool:
    """Whether a document number may stand in several pieces: ``15 - CT/TU``."""
    for at in odd:
        if _PIECES[pieces[at]].at_mark:
            around = " ".join(pieces[max(0, at - _CODE_PIECES) : at + _CODE_PIECES + 1])
            if any(" " in match[1] for match in _CODE_AHEAD.finditer(around)):
                return True
    return False


def _places(texts: Sequence[str], token: str) -> list[int]:
    """Where a token stands."""
    found: list[int] = []
    at = -1
    for _ in range(texts.count(token)):
        at = texts.index(token, at + 1)
        found.append(at)
    return found
