"""Tokenisation of a text into syllables, numbers and codes, with offsets."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from itertools import accumulate
from typing import NamedTuple, cast

from .compounds import COMPOUND, MAX_TERM, SPACED_CODE, Kind, analyse_compound, term
from .normalise import normalise
from .variants import unify


class Token(NamedTuple):
    """One token.

    ``text`` is the canonical form (lower-case, one tone placement, standard spelling); ``start``
    and ``end`` are character offsets in the ORIGINAL text; ``position`` counts syllables and
    numbers from 0. A ``code`` has the position of its first part, and its parts follow as separate
    tokens. ``break_before`` is true if a sentence or paragraph ends between the previous token and
    this one, and for the first token.
    """

    text: str
    start: int
    end: int
    position: int
    kind: Kind
    break_before: bool


_CHUNK = re.compile(f"({SPACED_CODE}|{COMPOUND})")
_BREAK = re.compile(r"[.;:?!…]|\n[ \t]*\n")
_new_token = partial(tuple.__new__, Token)


class _Terms(dict[str, "str | None"]):
    """Run of letters → token text; None for longer compounds.

    Cached, since a text has few distinct runs.
    """

    LIMIT = 1 << 16

    def __missing__(self, raw: str) -> str | None:
        text = term(raw) if raw.isalpha() else None
        if text is not None and len(raw) <= MAX_TERM:
            if len(self) >= self.LIMIT:
                self.clear()
            self[raw] = text
        return text


class _Breaks(dict[str, bool]):
    """Text between two tokens → whether a sentence or paragraph ends there."""

    LIMIT = 1 << 12
    _LONGEST = 16  # characters

    def __missing__(self, gap: str) -> bool:
        found = _BREAK.search(gap) is not None
        if len(gap) <= self._LONGEST:
            if len(self) >= self.LIMIT:
                self.clear()
            self[gap] = found
        return found


_BREAKS = _Breaks()
_SYLLABLE: Kind = "syllable"
_TERMS = _Terms()
_CACHED_LENGTH = 4_000  # maximum characters of a text whose tokens are cached


class TokenColumns:
    """The tokens of a text as columns, which are faster to fill and use.

    Those of :func:`columns_of` are shared and must not be changed.
    """

    __slots__ = ("breaks", "ends", "kinds", "positions", "starts", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.positions: list[int] = []
        self.kinds: list[Kind] = []
        self.breaks: list[bool] = []

    @property
    def has_codes(self) -> bool:
        """Whether any token is a code."""
        return "code" in self.kinds

    @property
    def plain_texts(self) -> list[str]:
        """The texts of the tokens that are not codes."""
        return self.plain_texts_from(0)

    def plain_texts_from(self, first: int) -> list[str]:
        """The texts of the tokens from index ``first`` on that are not codes."""
        if not self.has_codes:
            return self.texts[first:]
        rest = zip(self.texts[first:], self.kinds[first:], strict=True)
        return [text for text, kind in rest if kind != "code"]

    @property
    def plain_breaks(self) -> list[bool]:
        """The breaks before the tokens that are not codes."""
        if not self.has_codes:
            return self.breaks
        rows = zip(self.breaks, self.kinds, strict=True)
        return [parted for parted, kind in rows if kind != "code"]

    def tokens(self) -> list[Token]:
        """The tokens one by one."""
        rows = zip(
            self.texts, self.starts, self.ends, self.positions, self.kinds, self.breaks, strict=True
        )
        return list(map(_new_token, rows))


def tokenise(text: str) -> list[Token]:
    """The tokens of ``text``, in reading order.

    Accepts any string; takes time linear in its length.

    >>> [(token.text, token.position) for token in tokenise("Chỉ thị 15-CT/TU")]
    [('chỉ', 0), ('thị', 1), ('15-ct/tu', 2), ('15', 2), ('ct', 3), ('tu', 4)]
    """
    return columns_of(text).tokens()


def columns_of(text: str) -> TokenColumns:
    """The tokens of ``text`` as columns, for callers that need only some of them."""
    # Reading a report needs the tokens of each paragraph many times, indexing once more.
    return _cached(text) if len(text) <= _CACHED_LENGTH else _columns_of(text)


def _columns_of(text: str) -> TokenColumns:
    normal = normalise(text)
    columns = scan(normal.text)
    _unify(columns)
    if normal.starts is not None and normal.ends is not None:
        columns.starts = [normal.starts[start] for start in columns.starts]
        columns.ends = [normal.ends[end - 1] for end in columns.ends]
    return columns


_cached = lru_cache(maxsize=2048)(_columns_of)  # paragraphs of a long report


def term_of(letters: str) -> str:
    """The token text of a run of letters."""
    return cast("str", _TERMS[letters])


def scan(text: str) -> TokenColumns:
    """All tokens with offsets in the normalised text, before spelling variants."""
    pieces = _CHUNK.split(text)  # gap, chunk, gap, chunk, …, gap
    chunks = pieces[1::2]
    bounds = list(accumulate(map(len, pieces)))
    starts, ends = bounds[:-1:2], bounds[1::2]
    breaks = list(map(_BREAKS.__getitem__, pieces[:-1:2]))
    breaks[:1] = [True][: len(breaks)]
    texts = list(map(_TERMS.__getitem__, chunks))
    compounds = [at for at, text in enumerate(texts) if text is None] if None in texts else []
    columns, position, done = TokenColumns(), 0, 0
    for upto in (*compounds, len(chunks)):
        columns.texts += cast("list[str]", texts[done:upto])
        columns.starts += starts[done:upto]
        columns.ends += ends[done:upto]
        columns.breaks += breaks[done:upto]
        columns.positions += range(position, position + upto - done)
        columns.kinds += [_SYLLABLE] * (upto - done)
        position += upto - done
        if upto < len(chunks):
            position = _add_compound(columns, chunks[upto], starts[upto], position, breaks[upto])
        done = upto + 1
    return columns


def _add_compound(columns: TokenColumns, raw: str, start: int, position: int, breaks: bool) -> int:
    """Append the tokens of a compound; return the next position."""
    for piece in analyse_compound(raw):
        columns.texts.append(piece.text)
        columns.starts.append(start + piece.start)
        columns.ends.append(start + piece.end)
        columns.positions.append(position)
        columns.kinds.append(piece.kind)
        # The code and its first part follow the same break.
        columns.breaks.append(breaks or piece.breaks)
        if piece.kind != "code":
            position += 1
            breaks = False
    return position


def _unify(columns: TokenColumns) -> None:
    """Replace spelling variants of whole words."""
    if "code" not in columns.kinds:
        columns.texts = unify(columns.texts)
        return
    plain = [at for at, kind in enumerate(columns.kinds) if kind != "code"]
    for at, text in zip(plain, unify([columns.texts[at] for at in plain]), strict=True):
        columns.texts[at] = text
