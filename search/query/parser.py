"""The query language.

::

    giải ngân vốn đầu tư          words; a passage need not hold all of a long query
    "giải ngân"  “…”  «…»         these words side by side
    "gần nhau"~5                  near each other, in any order, with up to 5 others between
    +must   -without              must hold, must not hold: a whole word, +đầu tư is "đầu tư"
    a AND b, a OR b, NOT a        in capitals; also VÀ, HOẶC, KHÔNG. Words next to each other bind
                                  tightest, then NOT, AND, OR
    (a OR b) c                    parentheses
    ngân*                         words with this prefix
    gải~                          words at edit distance 1: a letter more, less or other, or a swap
    area:kinh-te                  lĩnh-vực:  an area, or several: area:kinh-te,do-thi
    assessment:shortcoming        đánh-giá:tồn-tại  achievement, shortcoming, cause, none
    report:ID  number:15-BC/QU    báo-cáo:  số:
    body:"Huyện ủy" place:… folder:…  cơ-quan:  nơi:, địa-phương:  thư-mục:
    year:2003  year:2003..2005    năm:       also 2003.. and ..2005
    term:2000-2005                nhiệm-kỳ:
    title:(…)  heading:"…"        tiêu-đề:  đề-mục:   words in the report's title, in the headings

Any text may be pasted in. Characters that cannot be operators are text: an unpaired quotation mark
or parenthesis, a colon after a word that is not a field (``Điều 5:``, ``10:30``, ``https://…``), a
``+`` or ``-`` before a digit or at the start of one of several lines, ``VÀ`` in a text in capitals.
Parentheses around plain words have no effect. Invalid syntax raises QueryError with its position:
an operator without an operand, a field without a value, an invalid year, an unknown field
(``author:x``).
"""

from __future__ import annotations

from ...errors import Message, QueryError
from .ast import (
    And,
    Clause,
    Clauses,
    FieldScope,
    Filter,
    Fuzzy,
    Node,
    Not,
    Occur,
    Or,
    Phrase,
    Prefix,
    Query,
    Value,
    Words,
)
from .fields import FIELDS, FieldKind
from .lexer import Lexeme, TokenType, check_length, scan

_OPERATORS = frozenset((TokenType.AND, TokenType.OR, TokenType.NOT))
_BREAKS = frozenset((TokenType.AND, TokenType.OR, TokenType.NOT, TokenType.CLOSE))
_LEAVES: dict[TokenType, type[Words] | type[Prefix] | type[Fuzzy]] = {
    TokenType.TEXT: Words,
    TokenType.PREFIX: Prefix,
    TokenType.FUZZY: Fuzzy,
}


def parse(source: str, *, literal: bool = False) -> Query:
    """Parse a query. With ``literal`` all of it is plain words.

    Raises:
        QueryError: with the 0-based position of the error.
    """
    if literal:
        check_length(source)
        root = Words(source, 0, len(source)) if source.strip() else None
        return Query(source, root, literal=True)
    parser = _Parser(source)
    operators = tuple(lexeme.text for lexeme in parser.lexemes if lexeme.sign in _OPERATORS)
    return Query(source, parser.parse(), operators)


class _Parser:
    """A recursive-descent parser.

    Each method returns None for a clause without words, such as ``()``.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.lexemes = scan(source)
        self.at = 0

    def parse(self) -> Node | None:
        return self._either() if self.lexemes else None

    def _peek(self) -> Lexeme | None:
        return self.lexemes[self.at] if self.at < len(self.lexemes) else None

    def _accept(self, sign: TokenType) -> Lexeme | None:
        lexeme = self._peek()
        if lexeme is None or lexeme.sign is not sign:
            return None
        self.at += 1
        return lexeme

    def _either(self) -> Node | None:
        children = [self._both()]
        while operator := self._accept(TokenType.OR):
            self._refuse_dangling(operator)
            children.append(self._both())
        return _join(Or, children)

    def _both(self) -> Node | None:
        children = [self._negation()]
        while (lexeme := self._peek()) is not None and lexeme.sign in (
            TokenType.AND,
            TokenType.NOT,
        ):
            if lexeme.sign is TokenType.AND:
                self.at += 1
                self._refuse_dangling(lexeme)
            # "a NOT b" is "a AND NOT b".
            children.append(self._negation())
        return _join(And, children)

    def _negation(self) -> Node | None:
        first: Lexeme | None = None
        negative = False
        while operator := self._accept(TokenType.NOT):
            # NOT NOT a is a; a long sequence of them makes no deep tree.
            first, negative = first or operator, not negative
            following = self._peek()
            if following is None or following.sign in (
                TokenType.AND,
                TokenType.OR,
                TokenType.CLOSE,
            ):
                raise self._error(
                    Message(
                        "{text} has nothing after it; {hint}",
                        text=operator.text,
                        hint=_PLAIN_HINT,
                    ),
                    operator.start,
                )
        child = self._together()
        if child is None or first is None or not negative:
            return child
        return Not(child, first.start, child.end)

    def _refuse_dangling(self, operator: Lexeme) -> None:
        """Raise QueryError for an operator without an operand on either side."""
        before = self.lexemes[self.at - 2] if self.at > 1 else None
        after = self._peek()
        if before is None or before.sign in (
            TokenType.AND,
            TokenType.OR,
            TokenType.NOT,
            TokenType.OPEN,
        ):
            raise self._error(
                Message(
                    "{text} has nothing before it; {hint}",
                    text=operator.text,
                    hint=_PLAIN_HINT,
                ),
                operator.start,
            )
        if after is None or after.sign in (TokenType.AND, TokenType.OR, TokenType.CLOSE):
            raise self._error(
                Message(
                    "{text} has nothing after it; {hint}",
                    text=operator.text,
                    hint=_PLAIN_HINT,
                ),
                operator.start,
            )

    def _together(self) -> Node | None:
        items: list[Node] = []
        while (lexeme := self._peek()) is not None and lexeme.sign not in _BREAKS:
            item = self._item()
            if isinstance(item, Clauses):
                # Parentheses around plain words do not group: "nhiệm kỳ VIII (2000 – 2005)".
                items.extend(item.items)
            elif item is not None:
                items.append(item)
        if len(items) < 2:
            return items[0] if items else None
        return Clauses(tuple(items), items[0].start, items[-1].end)

    def _item(self) -> Node | None:
        lexeme = self._peek()
        assert lexeme is not None
        if lexeme.sign not in (TokenType.PLUS, TokenType.MINUS):
            return self._primary()
        self.at += 1
        if self._peek_sign() in _BREAKS:
            raise self._error(
                Message(
                    "{text} stands before an operator; {hint}",
                    text=lexeme.text,
                    hint=_PLAIN_HINT,
                ),
                lexeme.start,
            )
        child = self._primary()
        if child is None:
            return None
        occur = Occur.MUST if lexeme.sign is TokenType.PLUS else Occur.MUST_NOT
        return Clause(occur, child, lexeme.start, child.end)

    def _primary(self) -> Node | None:
        lexeme = self.lexemes[self.at]
        self.at += 1
        if lexeme.sign is TokenType.QUOTED:
            return Phrase(lexeme.text, lexeme.start, lexeme.end, lexeme.slop)
        if lexeme.sign is TokenType.OPEN:
            child = self._either() if self._peek_sign() is not TokenType.CLOSE else None
            self._accept(TokenType.CLOSE)
            return child
        if lexeme.sign is TokenType.FIELD:
            return self._field(lexeme)
        return _LEAVES[lexeme.sign](lexeme.text, lexeme.start, lexeme.end)

    def _peek_sign(self) -> TokenType | None:
        lexeme = self._peek()
        return lexeme.sign if lexeme is not None else None

    def _field(self, name: Lexeme) -> Node | None:
        following = self._peek()
        if following is None or following.sign in _BREAKS or following.sign is TokenType.FIELD:
            raise self._error(
                Message(
                    "{text}: has no value; write for example {example}",
                    text=name.text,
                    example=_EXAMPLES[name.text],
                ),
                name.start,
            )
        if FIELDS[name.text] is FieldKind.TEXT:
            child = self._field_text()
            return (
                FieldScope(name.text, child, name.start, child.end) if child is not None else None
            )
        return self._filter(name)

    def _field_text(self) -> Node | None:
        """The next word alone, or a phrase or parenthesis.

        Further words are left to the next call.
        """
        lexeme = self.lexemes[self.at]
        if lexeme.sign is not TokenType.TEXT:
            return self._item()
        word, rest = _first_word(lexeme)
        if rest is None:
            self.at += 1
        else:
            self.lexemes[self.at] = rest
        return Words(word.text, word.start, word.end)

    def _filter(self, name: Lexeme) -> Filter:
        values: list[Value] = []
        if self._peek_sign() is TokenType.OPEN:
            opened = self.lexemes[self.at]
            self.at += 1
            while (lexeme := self._peek()) is not None and lexeme.sign is not TokenType.CLOSE:
                values.extend(self._values(name))
                self._accept(TokenType.OR)
            end = self.lexemes[self.at].end if self._peek() else opened.end
            self._accept(TokenType.CLOSE)
        else:
            values.extend(self._values(name))
            while self._list_goes_on():
                values.extend(self._values(name))
            end = values[-1].end if values else name.end
        if not values:
            raise self._error(
                Message(
                    "{text}: has no value; write for example {example}",
                    text=name.text,
                    example=_EXAMPLES[name.text],
                ),
                name.start,
            )
        return Filter(name.text, tuple(values), name.start, end)

    def _list_goes_on(self) -> bool:
        """Whether a comma leads to another value: ``body:"UBND xã","Huyện ủy"``.

        Takes the comma, where a quoted value is before it.
        """
        before, lexeme = self.lexemes[self.at - 1], self._peek()
        if lexeme is None:
            return False
        if lexeme.sign is TokenType.QUOTED:
            return self.source[: lexeme.start].endswith(",") and before.text.endswith(",")
        if lexeme.sign is not TokenType.TEXT or before.sign is not TokenType.QUOTED:
            return False
        rest = lexeme.text[1:]
        if not lexeme.text.startswith(",") or (rest[:1].isspace() and rest.strip()):
            return False
        if rest.strip():
            self.lexemes[self.at] = Lexeme(TokenType.TEXT, rest, lexeme.start + 1, lexeme.end)
            return True
        following = self.lexemes[self.at + 1 : self.at + 2]
        if following and following[0].sign is TokenType.QUOTED:
            self.at += 1
            return True
        return False

    def _values(self, name: Lexeme) -> list[Value]:
        lexeme = self.lexemes[self.at]
        if lexeme.sign is TokenType.QUOTED:
            self.at += 1
            return [Value(lexeme.text, lexeme.start, lexeme.end)]
        if lexeme.sign is not TokenType.TEXT:
            raise self._error(
                Message(
                    "{text}: takes a name, not {given!r}; write for example {example}",
                    text=name.text,
                    given=lexeme.text,
                    example=_EXAMPLES[name.text],
                ),
                lexeme.start,
            )
        word, rest = _first_word(lexeme)
        if rest is None:
            self.at += 1
        else:
            self.lexemes[self.at] = rest
        values = []
        at = word.start
        for part in word.text.split(","):
            if part.strip(";"):
                values.append(Value(part.strip(";"), at, at + len(part)))
            at += len(part) + 1
        return values

    def _error(self, message: str, position: int) -> QueryError:
        return QueryError(message, query=self.source, position=position)


_PLAIN_HINT = Message("to search it as a word, write it in small letters or in quotation marks")
_EXAMPLES = {
    "area": "area:kinh-te",
    "assessment": "assessment:shortcoming",
    "report": "report:bao-cao-2005",
    "number": "number:15-BC/QU",
    "kind": 'kind:"nghị quyết"',
    "body": 'body:"Huyện ủy"',
    "place": 'place:"Mai Khê"',
    "folder": "folder:2024",
    "year": "year:2003..2005",
    "term": "term:2000-2005",
    "title": 'title:"kiểm điểm"',
    "heading": 'heading:"xây dựng Đảng"',
}


def _first_word(lexeme: Lexeme) -> tuple[Lexeme, Lexeme | None]:
    """The first word of a text, and the rest."""
    parts = lexeme.text.split(maxsplit=1)
    word = Lexeme(TokenType.TEXT, parts[0], lexeme.start, lexeme.start + len(parts[0]))
    if len(parts) == 1:
        return word, None
    return word, Lexeme(TokenType.TEXT, parts[1], lexeme.end - len(parts[1]), lexeme.end)


def _join(kind: type[Or] | type[And], children: list[Node | None]) -> Node | None:
    nodes = [child for child in children if child is not None]
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return kind(tuple(nodes), nodes[0].start, nodes[-1].end)
