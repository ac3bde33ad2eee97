"""Queries an engine evaluates: a tree of nodes, and the request that carries it.

Scores are those of the formula in :mod:`.engine`. Inner nodes add, take the greatest, or only
filter: see each class.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Term:
    """Documents holding ``token``."""

    field: str
    token: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents holding the tokens one after the other, in a field with positions.

    ``slop`` is how many other positions may stand between the first and the last token in all; with
    ``ordered=False`` the tokens may come in any order within that window. Each token takes a
    position of its own; the places a phrase stands at are counted by the position they begin at.
    """

    field: str
    tokens: tuple[str, ...]
    slop: int = 0
    ordered: bool = True
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Documents holding a token that begins with ``prefix``.

    At most the ``limit`` most frequent ones.

    Scored like the best of those terms.
    """

    field: str
    prefix: str
    limit: int = 64
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Or:
    """Documents that match at least ``min_should_match`` children, whose scores add."""

    children: tuple[Node, ...]
    min_should_match: int = 1


@dataclass(frozen=True, slots=True)
class And:
    """Documents that match every child; scores add. Without children: nothing."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class DisMax:
    """Documents that match any child; the score is that of the best child.

    A disjunction maximum.
    """

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AndMaybe:
    """Documents that match ``required``.

    ``optional`` adds its score where it matches too.
    """

    required: Node
    optional: Node


@dataclass(frozen=True, slots=True)
class AndNot:
    """Documents that match ``wanted`` and not ``unwanted``."""

    wanted: Node
    unwanted: Node


@dataclass(frozen=True, slots=True)
class ConstantScore:
    """Documents that match ``child``, each with the score 0: a filter."""

    child: Node


@dataclass(frozen=True, slots=True)
class TermIn:
    """Documents one of whose values in a keyword field is one of ``values``; score 0."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Documents whose number is from ``low`` to ``high``, both included; score 0.

    None is an open end.
    """

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every document; score 0."""


Node: TypeAlias = (
    Term
    | Phrase
    | Prefix
    | Or
    | And
    | DisMax
    | AndMaybe
    | AndNot
    | ConstantScore
    | TermIn
    | Range
    | MatchAll
)


@dataclass(frozen=True, slots=True)
class SortKey:
    """A number field, or the first value of a keyword field.

    Documents without one come last.
    """

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A query, and which results to return.

    Hits come by falling score, equal scores by ``tie_breakers``; where ``order`` is given it alone
    decides, then ``tie_breakers``, then the key. ``facets`` names keyword fields to be counted over
    all matches.
    """

    query: Node
    limit: int = 10
    offset: int = 0
    order: tuple[SortKey, ...] = ()
    tie_breakers: tuple[SortKey, ...] = ()
    facets: tuple[str, ...] = ()
