"""Patterns to highlight in texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ..vietnamese import fold

Part = Literal["text", "heading", "title"]


class PatternToken(NamedTuple):
    """One position of a pattern: alternative tokens, exact or folded, and prefixes."""

    exact: frozenset[str] = frozenset()
    folded: frozenset[str] = frozenset()
    begins: tuple[str, ...] = ()
    begins_folded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sequence of adjacent tokens.

    With ``whole`` all of them must occur, with up to ``slop`` others between and then in any order;
    otherwise at least ``least`` consecutive ones. ``part`` is where it applies: ``"text"`` includes
    headings.
    """

    tokens: tuple[PatternToken, ...]
    whole: bool = True
    slop: int = 0
    least: int = 1
    part: Part = "text"


class Syllable(NamedTuple):
    """A syllable of the query as typed; ``known``: whether any passage contains it."""

    text: str
    token: PatternToken
    known: bool


def pattern_tokens(tokens: Sequence[str], *, folded: bool) -> tuple[PatternToken, ...]:
    """One pattern token per token."""
    if folded:
        return tuple(PatternToken(folded=frozenset((fold(token),))) for token in tokens)
    return tuple(PatternToken(exact=frozenset((token,))) for token in tokens)
