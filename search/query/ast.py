"""A query as a tree. Every node knows its place in the query.

``start`` and ``end`` bound a node's characters in the query as it was given, 0-based.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words: a stretch of the query without any sign in it."""

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
    """``word*``: any word that begins so."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """``word~``: this word or one that differs in one letter."""

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

    Of plain words the sign binds the first word alone, which may have several syllables.
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
    """``title:words`` and ``heading:words``: looked for in that part alone."""

    field: str
    child: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clauses:
    """What stands next to each other without an operator."""

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
    """A query and its tree; ``root`` is None when the query holds no word.

    ``operators`` are the words that were read as operators, as they stand in the query.
    ``literal``: all of it was taken as plain words.
    """

    source: str
    root: Node | None
    operators: tuple[str, ...] = ()
    literal: bool = False
