"""Explain the score of a passage, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..engines.engine import TermExplanation
from ..engines.query import Phrase, Prefix, Term
from ..errors import Message
from ..schema import FOLDED, FOLDED_MARK, FOLDED_PAIR, HEADING, PAIR, SYLLABLE, TITLE

_FIELD_WORDS = {
    SYLLABLE: Message("word"),
    PAIR: Message("neighbours"),
    FOLDED: Message("word without diacritics"),
    FOLDED_PAIR: Message("neighbours without diacritics"),
    TITLE: Message("in the report's title"),
    HEADING: Message("in a heading"),
}


@dataclass(frozen=True, slots=True)
class WordHeld:
    """A word of the query, whether it is required and whether it is found."""

    text: str
    counted: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The contribution of one token or pair to the score, with BM25 values.

    ``times`` is the term frequency, ``passages`` the document frequency, ``length`` the number of
    tokens of the passage, ``mean_length`` the mean over all passages.
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
    """The explanation of a passage's score for a query, or why it does not match.

    ``score`` is 0 where it does not match, unless it is ranked for some of the words and not
    counted. ``least`` is how many of the counted ``words`` a passage
    must hold; 0 for a question, of which a rare syllable of one is enough. ``parts`` add up to the
    score: of several forms of one word only the best is among them. ``relaxed`` is as in the
    results.
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
        """The explanation as sentences."""
        counted = [word for word in self.words if word.counted]
        held = [word for word in counted if word.held]
        lines: list[str] = [
            Message(
                "{passage} matches {query!r} with {score:.3f}"
                if self.matches
                else "{passage} does not match {query!r}, but is ranked for some of its words, "
                "with {score:.3f}"
                if self.score
                else "{passage} does not match {query!r}",
                passage=self.passage,
                query=self.query,
                score=self.score,
            )
        ]
        if counted:
            lines.append(
                Message(
                    "It holds {held} of {words} words; at least {least} are needed."
                    if self.least
                    else "It holds {held} of {words} words; for a question a rare syllable of one "
                    "is enough.",
                    held=len(held),
                    words=len(counted),
                    least=self.least,
                )
            )
            missing = [word.text for word in counted if not word.held]
            if missing:
                lines.append(Message("Not there: {words}", words=", ".join(missing)))
        if self.relaxed == "apart":
            lines.append(Message("No passage has these words side by side."))
        elif self.relaxed:
            lines.append(Message("Nothing matched the whole query, so it was relaxed."))
        for part in sorted(self.parts, key=lambda part: -part.score):
            lines.append(
                Message(
                    "{score:8.3f}  {text} ({field}): {times:g} times here, in {passages} passages "
                    "of the index (idf {idf:.2f}); {length:g} tokens here, {mean:.0f} on average",
                    score=part.score,
                    text=part.text,
                    field=_FIELD_WORDS.get(part.field, part.field),
                    times=part.times,
                    passages=part.passages,
                    idf=part.idf,
                    length=part.length,
                    mean=part.mean_length,
                )
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
    """A leaf of a query as readable text."""
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
