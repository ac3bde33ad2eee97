"""Queries for engines: a tree of nodes, and the request that contains it.

Leaves are scored by the formula in :mod:`.engine`. Inner nodes sum, take the maximum, or only
filter: see each class.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Term:
    """Documents that contain ``token``."""

    field: str
    token: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents that contain the tokens in sequence, in a field with positions.

    ``slop`` is the number of other positions allowed between the first and the last token; with
    ``ordered=False`` the tokens may occur in any order within that window. Each token takes its own
    position; occurrences are counted by their start position.
    """

    field: str
    tokens: tuple[str, ...]
    slop: int = 0
    ordered: bool = True
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Documents that contain a token starting with ``prefix``.

    Expands to the ``limit`` most frequent tokens.

    The score is the maximum over those terms.
    """

    field: str
    prefix: str
    limit: int = 64
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Or:
    """Documents that match at least ``min_should_match`` children; scores add."""

    children: tuple[Node, ...]
    min_should_match: int = 1


@dataclass(frozen=True, slots=True)
class And:
    """Documents that match every child; scores add. Without children: nothing."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class DisMax:
    """Documents that match any child; the score is the maximum over children.

    Known as disjunction maximum query.
    """

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AndMaybe:
    """Documents that match ``required``.

    The score of ``optional`` is added where it matches too.
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
    """Documents that match ``child``, with score 0 (a filter)."""

    child: Node


@dataclass(frozen=True, slots=True)
class TermIn:
    """Documents with one of ``values`` in a keyword field; score 0."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Documents whose number is in ``low`` … ``high``, inclusive; score 0.

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
    """Sort by a number field, or by the first value of a keyword field.

    Documents without a value come last.
    """

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A query, and the results to return.

    Hits are sorted by descending score, or by ``order`` if given; ties by ``tie_breakers``, then by
    key. ``facets`` names keyword fields to count over all matches. Without ``facet_counts`` only
    the sums of scores are needed: an engine may then count and list values of the best matches.
    """

    query: Node
    limit: int = 10
    offset: int = 0
    order: tuple[SortKey, ...] = ()
    tie_breakers: tuple[SortKey, ...] = ()
    facets: tuple[str, ...] = ()
    facet_counts: bool = True
