"""Documents of tokens, keywords and numbers, and their schema."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..errors import PassageError

_NUMBER_LIMIT = 2**63
_POSITION_LIMIT = 2**31


class TextField(NamedTuple):
    """A field of tokens.

    ``positions`` are needed for phrase queries only; they take the most space.
    """

    name: str
    positions: bool = False
    k1: float = 1.2
    b: float = 0.75


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of an index.

    Text fields are ranked, keyword fields filtered and counted; numbers are integers.

    ``group`` is a keyword field: if several machines write concurrently, all documents with one
    value come from the same machine.
    """

    text: tuple[TextField, ...]
    keywords: tuple[str, ...]
    numbers: tuple[str, ...]
    group: str | None = None


class TokenStream(NamedTuple):
    """Tokens and their positions, in parallel sequences.

    Equivalent to a list of pairs, but takes less memory and time.
    """

    tokens: list[str]
    positions: array[int]


@dataclass(frozen=True, slots=True)
class Document:
    """One analysed document.

    ``tokens`` maps a text field to its tokens in order. For a field with positions it is a list of
    ``(token, position)`` pairs or a :class:`TokenStream`; positions start at 0 and never decrease,
    and several tokens may share one. ``keywords`` maps a keyword field to its values, ``numbers`` a
    number field to its value; fields may be absent. ``stored`` is returned with a hit, unchanged.
    """

    key: str
    tokens: Mapping[str, Sequence[str] | Sequence[tuple[str, int]] | TokenStream]
    keywords: Mapping[str, Sequence[str]]
    numbers: Mapping[str, int]
    stored: str


class Prepared(NamedTuple):
    """A validated document: tokens and positions split, keyword values distinct."""

    key: str
    tokens: Mapping[str, tuple[Sequence[str], array[int] | None]]
    keywords: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    stored: str


def prepare(document: Document, schema: Schema) -> Prepared:
    """Validate ``document`` and split tokens from positions.

    Raises KeyError (a field missing from the schema), PassageError (an invalid value).
    """
    positional = {field.name: field.positions for field in schema.text}
    tokens: dict[str, tuple[Sequence[str], array[int] | None]] = {}
    try:
        _text(document.key, "the key")
        _text(document.stored, "the stored text")
        for name, values in document.tokens.items():
            tokens[name] = _split(values) if positional[name] else (_plain(values), None)
        keywords = {
            _known(name, schema.keywords): tuple(dict.fromkeys(_plain(values)))
            for name, values in document.keywords.items()
        }
        for name, number in document.numbers.items():
            _known(name, schema.numbers)
            if type(number) is not int or not -_NUMBER_LIMIT <= number < _NUMBER_LIMIT:
                raise ValueError(f"{name!r} must be a whole number of 64 bits, not {number!r}")
    except (TypeError, ValueError, OverflowError) as error:
        raise PassageError(
            "{key!r} cannot be indexed: {error}", key=document.key, error=error
        ) from error
    return Prepared(document.key, tokens, keywords, dict(document.numbers), document.stored)


def _known(name: str, names: Sequence[str]) -> str:
    if name not in names:
        raise KeyError(name)
    return name


def _text(value: object, what: str) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{what} must be a string, not {type(value).__name__}")


def _plain(values: Sequence[object] | TokenStream) -> list[str]:
    if isinstance(values, (str, TokenStream)):
        raise TypeError(f"a field takes a list of strings, not one {type(values).__name__}")
    tokens = list(values)
    "".join(tokens)  # type: ignore[arg-type]  # the fastest check that all are strings
    return tokens  # type: ignore[return-value]


def _split(given: Sequence[object] | TokenStream) -> tuple[list[str], array[int]]:
    if isinstance(given, TokenStream):
        tokens, positions = given.tokens, array("I", given.positions)
        if len(tokens) != len(positions):
            raise ValueError("each token has one position")
    else:
        pairs: list[tuple[str, int]] = list(given)  # type: ignore[arg-type]
        tokens = [token for token, _ in pairs]
        positions = array("I", [place for _, place in pairs])
    "".join(tokens)
    places = positions.tolist()
    if places and (places != sorted(places) or places[-1] >= _POSITION_LIMIT):
        raise ValueError("positions must be counted from 0 and never fall")
    return tokens, positions
