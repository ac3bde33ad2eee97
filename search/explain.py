"""Why a passage scored as it did, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..engines.engine import TermExplanation
from ..engines.query import Phrase, Prefix, Term
from ..schema import FOLDED, FOLDED_MARK, FOLDED_PAIR, HEADING, PAIR, SYLLABLE, TITLE

_FIELD_WORDS = {
    SYLLABLE: "word",
    PAIR: "neighbours",
    FOLDED: "word without diacritics",
    FOLDED_PAIR: "neighbours without diacritics",
    TITLE: "in the report's title",
    HEADING: "in a heading",
}


@dataclass(frozen=True, slots=True)
class WordHeld:
    """One word of the query, and whether a passage must hold it and does."""

    text: str
    counted: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What one token or pair adds to the score, with the figures of BM25.

    ``times`` is how often it stands there, ``passages`` in how many passages of the index,
    ``length``
    """

    text: str
    field: str
    score: float
    times: float
    passages: int
    idf: float
    length: float
    mean_length: float

    def to_dict(self) -> dict[str, Any]:
        """The part as plain data for JSON."""
        return {
            "text": self.text,
            "field": self.field,
            "score": round(self.score, 6),
            "times": self.times,
            "passages": self.passages,
            "idf": round(self.idf, 6),
            "length": self.length,
            "mean_length": round(self.mean_length, 3),
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a passage scored as it did for a query, or why it does not match.

    ``score`` is 0 where it does not match. ``least`` is how many of the counted ``words`` a passage
    must hold. ``parts`` add up to the score: of several forms of one word only
    the best is among them. ``relaxed`` is as in the results.
    """

    query: str
    passage: str
    matches: bool
    score: float
    least: int
    words: tuple[WordHeld, ...]
    parts: tuple[Part, ...]
    relaxed: str | None = None

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """The explanation in sentences, for people."""
        counted = [word for word in self.words if word.counted]
        held = [word for word in counted if word.held]
        verb = "matches" if self.matches else "does not match"
        score = f" with {self.score:.3f}" if self.matches else ""
        lines = [f"{self.passage} {verb} {self.query!r}{score}"]
        if counted:
            lines.append(
                f"It holds {len(held)} of {len(counted)} words; at least {self.least} are needed."
            )
            missing = [word.text for word in counted if not word.held]
            if missing:
                lines.append("Not there: " + ", ".join(missing))
        if self.relaxed:
            lines.append("Nothing matched all that was asked, so less was asked for.")
        for part in sorted(self.parts, key=lambda part: -part.score):
            lines.append(
                f"{part.score:8.3f}  {part.text} ({_FIELD_WORDS.get(part.field, part.field)}): "
                f"{part.times:g} times here, in {part.passages} passages of the index (idf "
                f"{part.idf:.2f}); {part.length:g} tokens here, {part.mean_length:.0f} on average"
            )
        return lines

    def to_dict(self) -> dict[str, Any]:
        """The explanation as plain data for JSON."""
        return {
            "query": self.query,
            "passage": self.passage,
            "matches": self.matches,
            "score": round(self.score, 6),
            "least": self.least,
            "relaxed": self.relaxed,
            "words": [{"text": w.text, "counted": w.counted, "held": w.held} for w in self.words],
            "parts": [part.to_dict() for part in self.parts],
        }


def text_of(leaf: Term | Phrase | Prefix) -> str:
    """A leaf of a query as a person reads it."""
    match leaf:
        case Term(token=token):
            return token.removeprefix(FOLDED_MARK)
        case Phrase(tokens=tokens):
            return " ".join(token.removeprefix(FOLDED_MARK) for token in tokens)
        case Prefix(prefix=prefix):
            return prefix.removeprefix(FOLDED_MARK) + "*"


def parts_of(contributions: Sequence[TermExplanation], passages: Sequence[int]) -> tuple[Part, ...]:
    """The parts of a score; ``passages`` holds the document frequency of each leaf."""
    return tuple(
        Part(
            text=text_of(given.leaf),
            field=given.leaf.field,
            score=given.score,
            times=given.tf,
            passages=count,
            idf=given.idf,
            length=given.length,
            mean_length=given.mean_length,
        )
        for given, count in zip(contributions, passages, strict=True)
        if given.score > 0
    )
