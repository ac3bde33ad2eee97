"""The abstract syntax tree of a query; nodes have their source positions.

``start`` and ``end`` are the span of a node in the original query, 0-based.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words: a part of the query without operators."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """``"words"``: words side by side, or with ``~N`` near each other.

    ``slop`` is the number of others between them, in any order.
    """

    text: str
    start: int
    end: int
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """``word*``: any word with this prefix."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """``word~``: this word, or one that differs by one letter."""

    text: str
    start: int
    end: int


class Occur(Enum):
    """Whether a clause must match or must not."""

    MUST = "+"
    MUST_NOT = "-"


@dataclass(frozen=True, slots=True)
class Clause:
    """``+node`` or ``-node``.

    Of plain words the sign applies only to the first word, which may have several syllables.
    """

    occur: Occur
    child: Node
    start: int
    end: int

    @property
    def required(self) -> bool:
        """Whether it must match."""
        return self.occur is Occur.MUST


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a field, as written."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Filter:
    """``field:value`` where the value is a name or a year.

    Several values: any of them.
    """

    field: str
    values: tuple[Value, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FieldScope:
    """``title:words`` and ``heading:words``: searched in that part only."""

    field: str
    child: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clauses:
    """Adjacent clauses without an operator."""

    items: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class And:
    """``a AND b``."""

    children: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Or:
    """``a OR b``."""

    children: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Not:
    """``NOT a``."""

    child: Node
    start: int
    end: int


Node: TypeAlias = (
    Words | Phrase | Prefix | Fuzzy | Clause | Filter | FieldScope | Clauses | And | Or | Not
)


@dataclass(frozen=True, slots=True)
class Query:
    """A query and its tree; ``root`` is None if the query has no words.

    ``operators`` are the words read as operators, as written. ``literal`` means that the whole
    query was taken as plain words.
    """

    source: str
    root: Node | None
    operators: tuple[str, ...] = ()
    literal: bool = False
