"""Lexer of the query language: from characters to lexemes.

Everything that cannot be an operator is text, such as unpaired quotation marks and parentheses, a
``+`` or ``-`` that is isolated, before a digit, or at the start of one of several lines (a bullet),
and a colon after a word that is not a field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from ...errors import Message, QueryError
from ...vietnamese.syllables import is_syllable
from .fields import read_field

# Maximum characters of a query.
MAX_LENGTH = 20_000
# Maximum quotation marks, operators, fields and parentheses in one query.
MAX_OPERATORS = 400
# Maximum nesting depth of parentheses.
MAX_DEPTH = 20
# Maximum words on one side of VÀ, HOẶC and KHÔNG: in longer text they are plain words.
MAX_OPERAND = 8
# Maximum phrases with a distance, ``"…"~N``: each is verified passage by passage.
MAX_NEAR_PHRASES = 12
# Maximum of ``word*`` and ``word~``: each expands to up to 64 or 32 words.
MAX_EXPANDED = 32
# Maximum distance in ``"…"~N``.
MAX_SLOP = 100


class TokenType(Enum):
    """The types of lexemes."""

    TEXT = auto()
    QUOTED = auto()
    PREFIX = auto()
    FUZZY = auto()
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    PLUS = auto()
    MINUS = auto()
    FIELD = auto()


class Lexeme(NamedTuple):
    """A lexeme; ``start`` and ``end`` are its span in the query, 0-based.

    ``slop`` is set for phrases.

    ``text`` is the part between the marks of a phrase, or the English name of a field.
    """

    sign: TokenType
    text: str
    start: int
    end: int
    slop: int = 0


_OPERATORS = {
    "AND": TokenType.AND,
    "OR": TokenType.OR,
    "NOT": TokenType.NOT,
    "VÀ": TokenType.AND,
    "HOẶC": TokenType.OR,
    "KHÔNG": TokenType.NOT,
}
_ENGLISH = frozenset(("AND", "OR", "NOT"))
_QUOTES = '"“”„‟«»'
_PAIRED = frozenset(f"{_QUOTES}()")
_WORD = re.compile(rf"[^\s{_QUOTES}()]+")
_SLOP = re.compile(r"~(\d{1,9})")
_STEM = re.compile(r"[^\W_][^*~]*\*")
_FUZZY = re.compile(r"([^\W_][^*~]*)~(\d{0,9})")
_QUESTION_WORDS = re.compile(r"\b(?:gì|nào|đâu|bao nhiêu|mấy|(?:được|phải|đúng|hay) không)\b(?!\w)")
_BOUNDS = re.compile(rf"[{_QUOTES}()]|\b(?:AND|OR|NOT|VÀ|HOẶC|KHÔNG)\b")
_LETTER = re.compile(r"[^\W\d_]")


def scan(source: str) -> list[Lexeme]:
    """The lexemes of ``source`` in order; adjacent words form one text.

    Raises:
        QueryError: longer than ``MAX_LENGTH``, over ``MAX_OPERATORS`` operators, parentheses deeper
            than ``MAX_DEPTH``, over ``MAX_NEAR_PHRASES`` or ``MAX_EXPANDED`` costly operators, a
            field name one letter off, or a distance that is too great.
    """
    check_length(source)
    lexemes: list[Lexeme] = []
    near = expanded = 0
    for lexeme in _Scanner(source).run():
        last = lexemes[-1] if lexemes else None
        if last is not None and last.sign is lexeme.sign is TokenType.TEXT:
            lexemes[-1] = Lexeme(
                TokenType.TEXT, source[last.start : lexeme.end], last.start, lexeme.end
            )
        else:
            lexemes.append(lexeme)
            near += lexeme.slop > 0
            expanded += lexeme.sign in (TokenType.PREFIX, TokenType.FUZZY)
            _check_work(source, lexeme.start, near, expanded)
        if len(lexemes) > MAX_OPERATORS:
            raise QueryError(
                Message(
                    "the query has more than {max_operators} phrases, operators and fields; to "
                    "search it as plain words, use the option literal",
                    max_operators=MAX_OPERATORS,
                ),
                query=source,
                position=lexeme.start,
            )
    return lexemes


def _check_work(source: str, position: int, near: int, expanded: int) -> None:
    """Raise QueryError if there are too many costly operators."""
    if near > MAX_NEAR_PHRASES:
        message = Message(
            'the query has more than {count} phrases with a distance ("…"~N): leave some out, or '
            "search in several queries",
            count=MAX_NEAR_PHRASES,
        )
    elif expanded > MAX_EXPANDED:
        message = Message(
            "the query has more than {count} words with * or ~: leave some out, or search in "
            "several queries",
            count=MAX_EXPANDED,
        )
    else:
        return
    raise QueryError(message, query=source, position=position)


def check_length(source: str) -> None:
    """Raise QueryError if ``source`` is longer than ``MAX_LENGTH``."""
    if len(source) > MAX_LENGTH:
        raise QueryError(
            Message(
                "the query has {count} characters; the limit is {max_length}: leave some out",
                count=len(source),
                max_length=MAX_LENGTH,
            ),
            query=source,
            position=MAX_LENGTH,
        )


def pairs_of(source: str) -> dict[int, int]:
    """Position of each paired quotation mark or parenthesis → that of its partner.

    Quotation marks are paired in order, of any shape; parentheses inside a phrase are text.
    Unpaired ones are text.

    Raises:
        QueryError: parentheses deeper than ``MAX_DEPTH``.
    """
    if _PAIRED.isdisjoint(source):
        return {}
    marks = [at for at, character in enumerate(source) if character in _QUOTES]
    partners: dict[int, int] = {}
    for first, second in zip(marks[::2], marks[1::2], strict=False):
        partners[first], partners[second] = second, first
    opened: list[int] = []
    at = 0
    while at < len(source):
        if partners.get(at, -1) > at:
            at = partners[at]
        elif source[at] == "(":
            opened.append(at)
        elif source[at] == ")" and opened:
            begin = opened.pop()
            partners[begin], partners[at] = at, begin
        at += 1
    _check_depth(source, partners)
    return partners


def _check_depth(source: str, partners: dict[int, int]) -> None:
    depth = 0
    for at in sorted(partners):
        if source[at] not in "()":
            continue
        depth += 1 if source[at] == "(" else -1
        if depth > MAX_DEPTH:
            raise QueryError(
                Message(
                    "parentheses are nested more than {max_depth} deep; take some away",
                    max_depth=MAX_DEPTH,
                ),
                query=source,
                position=at,
            )


class _Scanner:
    """One pass over a query."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.partners = pairs_of(source)
        self.at = 0
        self.lines = "\n" in source.strip()
        self.shouted = _is_shouted(source)
        self.question = _is_question(source)

    def run(self) -> Iterator[Lexeme]:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character.isspace():
                self.at += 1
            elif character in _QUOTES:
                yield from self._quoted()
            elif character in "()":
                if self.at in self.partners:
                    yield self._single(TokenType.OPEN if character == "(" else TokenType.CLOSE)
                else:
                    self.at += 1
            elif self._is_signed():
                yield self._single(TokenType.PLUS if character == "+" else TokenType.MINUS)
            else:
                yield self._word()

    def _single(self, sign: TokenType) -> Lexeme:
        self.at += 1
        return Lexeme(sign, self.source[self.at - 1], self.at - 1, self.at)

    def _quoted(self) -> Iterator[Lexeme]:
        start = self.at
        close = self.partners.get(start, -1)
        if close < start:
            self.at += 1
            return
        self.at = close + 1
        slop = 0
        match = _SLOP.match(self.source, self.at)
        if match:
            slop = int(match.group(1))
            if slop > MAX_SLOP:
                raise QueryError(
                    Message(
                        'a phrase may be at most {max_slop} words apart: write "…"~{max_slop} or '
                        "less",
                        max_slop=MAX_SLOP,
                    ),
                    query=self.source,
                    position=match.start(1),
                )
            self.at = match.end()
        yield Lexeme(TokenType.QUOTED, self.source[start + 1 : close], start, self.at, slop)

    def _is_signed(self) -> bool:
        """Whether a + or - here is an operator."""
        source, at = self.source, self.at
        if source[at] not in "+-" or at + 1 >= len(source):
            return False
        if at and not source[at - 1].isspace() and source[at - 1] != "(":
            return False
        if self.lines and not source[source.rfind("\n", 0, at) + 1 : at].strip():
            return False
        following = source[at + 1]
        return bool(_LETTER.match(following)) or (at + 1 in self.partners and following != ")")

    def _word(self) -> Lexeme:
        start = self.at
        named = read_field(self.source, start, pasted=self.lines)
        if named is not None:
            name, self.at = named
            return Lexeme(TokenType.FIELD, name, start, self.at)
        match = _WORD.match(self.source, start)
        assert match is not None  # the caller has checked the first character
        self.at = match.end()
        word = match.group()
        sign = _OPERATORS.get(unicodedata.normalize("NFC", word))
        if sign is not None and (word in _ENGLISH or self._is_operator(start, self.at)):
            return Lexeme(sign, word, start, self.at)
        if _STEM.fullmatch(word):
            return Lexeme(TokenType.PREFIX, word[:-1], start, self.at)
        fuzzy = _FUZZY.fullmatch(word)
        if fuzzy:
            if fuzzy.group(2) not in ("", "1"):
                raise QueryError(
                    Message(
                        "one letter may differ, not {letters}: write {word}~",
                        letters=fuzzy.group(2),
                        word=fuzzy.group(1),
                    ),
                    query=self.source,
                    position=start + len(fuzzy.group(1)),
                )
            return Lexeme(TokenType.FUZZY, fuzzy.group(1), start, self.at)
        return Lexeme(TokenType.TEXT, word, start, self.at)

    def _is_operator(self, start: int, end: int) -> bool:
        """Whether VÀ, HOẶC or KHÔNG is an operator here, not a word in capitals.

        An operator is between a few keywords, not in a question, a sentence, or text in capitals.
        Capitals are recognised by the neighbours: XÂY DỰNG VÀ PHÁT TRIỂN is such text; UBND VÀ HĐND
        is not, because abbreviations are not syllables.
        """
        if self.shouted or self.question:
            return False
        sides = _BOUNDS.split(self.source[:start])[-1], _BOUNDS.split(self.source[end:])[0]
        if any(len(side.split()) > MAX_OPERAND for side in sides):
            return False
        before = re.search(rf"([^\s{_QUOTES}():]+)\s*$", self.source[max(0, start - 40) : start])
        after = re.match(rf"\s*([^\s{_QUOTES}():]+)", self.source[end : end + 40])
        return not any(match and _is_capitals(match.group(1)) for match in (before, after))


def _is_question(source: str) -> bool:
    """Whether a query is a question, by its last character and question words."""
    text = unicodedata.normalize("NFC", source)
    return text.rstrip(f" {_QUOTES}()").endswith("?") or bool(_QUESTION_WORDS.search(text.lower()))


def _is_capitals(word: str) -> bool:
    """Whether a word is a Vietnamese syllable in capitals, not an abbreviation."""
    word = unicodedata.normalize("NFC", word)
    return len(word) > 1 and word.isupper() and word not in _OPERATORS and is_syllable(word)


def _is_shouted(source: str) -> bool:
    """Whether the query is all in capitals and has Vietnamese words.

    VÀ, HOẶC and KHÔNG do not count.

    Their neighbours alone are not sufficient: … GIỮA TESLA, LANE VÀ VAIL.
    """
    if any(character.islower() for character in source):
        return False
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", source))
    return sum(map(_is_capitals, words)) > 1
