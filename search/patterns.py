"""Patterns that highlighting looks for in the text of a passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..vietnamese import fold

Part = Literal["text", "heading", "title"]


@dataclass(frozen=True, slots=True)
class PatternToken:
    """One place of a pattern: its tokens, exact or folded, and their prefixes."""

    exact: frozenset[str] = frozenset()
    folded: frozenset[str] = frozenset()
    begins: tuple[str, ...] = ()
    begins_folded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """Tokens next to each other.

    With ``whole`` all of them, and up to ``slop`` others between, then in any order; otherwise at
    least ``least`` neighbours of them. ``part`` is where it may stand: ``"text"`` means headings
    too.
    """

    tokens: tuple[PatternToken, ...]
    whole: bool = True
    slop: int = 0
    least: int = 1
    part: Part = "text"


@dataclass(frozen=True, slots=True)
class Syllable:
    """A syllable of the query as typed; ``known`` is whether any passage holds it."""

    text: str
    token: PatternToken
    known: bool


def pattern_tokens(tokens: Sequence[str], *, folded: bool) -> tuple[PatternToken, ...]:
    """One token for each token."""
    if folded:
        return tuple(PatternToken(folded=frozenset((fold(token),))) for token in tokens)
    return tuple(PatternToken(exact=frozenset((token,))) for token in tokens)
