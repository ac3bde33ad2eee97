"""Retrieval sets with judgements, and ways of typing a query.

A set is a folder with ``corpus.jsonl`` ({"id", "title", "text"}), ``queries.jsonl`` ({"id",
"text"}) and ``qrels.tsv`` (query TAB document TAB grade).
"""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEED = 20050  # seed of the queries drawn with ``--queries`` and of the typing errors

_LETTERS = "abcdeghiklmnopqrstuvxy"
_WORD = re.compile(r"[^\W\d_]{3,}")
_NAME = re.compile(r"[^\W\d_]+")
_OLD_STYLE = [
    "òa",
    "óa",
    "ỏa",
    "õa",
    "ọa",
    "òe",
    "óe",
    "ỏe",
    "õe",
    "ọe",
    "ùy",
    "úy",
    "ủy",
    "ũy",
    "ụy",
]
_NEW_STYLE = [
    "oà",
    "oá",
    "oả",
    "oã",
    "oạ",
    "oè",
    "oé",
    "oẻ",
    "oẽ",
    "oẹ",
    "uỳ",
    "uý",
    "uỷ",
    "uỹ",
    "uỵ",
]
_OTHER_STYLE = dict(zip(_OLD_STYLE + _NEW_STYLE, _NEW_STYLE + _OLD_STYLE, strict=True))


class SetError(Exception):
    """A set that cannot be read; the message names the file and line."""


@dataclass(frozen=True)
class Document:
    """One document of a set."""

    id: str
    title: str
    text: str

    @property
    def joined(self) -> str:
        """Title and text as one text, which every peer indexes."""
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True)
class Query:
    """One query of a set."""

    id: str
    text: str


@dataclass(frozen=True)
class RelevanceSet:
    """A collection, its judged queries and the judgements.

    Query id → document id → grade.
    """

    name: str
    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    judgements: dict[str, dict[str, int]]
    unjudged: int = 0  # queries without a relevant document, left out


def read_set(folder: Path, *, queries: int | None = None) -> RelevanceSet:
    """Read the set in a folder.

    With ``queries``, only that number of queries, drawn with a fixed seed.

    Raises:
        SetError: a file is missing, or a line of it is malformed.
    """
    documents = tuple(
        Document(str(line["id"]), str(line.get("title") or ""), str(line.get("text") or ""))
        for line in _lines(folder / "corpus.jsonl")
    )
    documents = tuple(document for document in documents if document.joined.strip())
    judgements = _judgements(folder / "qrels.tsv")
    known = [Query(str(line["id"]), str(line["text"])) for line in _lines(folder / "queries.jsonl")]
    judged = [
        query
        for query in known
        if any(grade > 0 for grade in judgements.get(query.id, {}).values())
    ]
    if not documents or not judged:
        raise SetError(
            f"{folder}: there must be at least one document and one query with a relevant document"
        )
    chosen = judged
    if queries is not None and queries < len(judged):
        drawn = set(random.Random(SEED).sample(range(len(judged)), queries))
        chosen = [query for at, query in enumerate(judged) if at in drawn]
    kept = {query.id: judgements[query.id] for query in chosen}
    return RelevanceSet(
        folder.resolve().name, documents, tuple(chosen), kept, len(known) - len(judged)
    )


def _numbered(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that are not blank, with their numbers from 1."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SetError(f"{path}: {error}") from error
    # Not splitlines(): a text may contain U+2028, which JSON need not escape.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in _numbered(path):
        try:
            data = json.loads(line)
        except ValueError as error:
            raise SetError(f"{path}:{number}: {error}") from error
        if (
            not isinstance(data, dict)
            or "id" not in data
            or ("text" not in data and "title" not in data)
        ):
            raise SetError(f'{path}:{number}: expected an object with "id" and "text"')
        yield data


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    judgements: dict[str, dict[str, int]] = {}
    for number, line in _numbered(path):
        columns = line.rstrip("\r").split("\t")
        if len(columns) != 3 or not re.fullmatch(r"-?\d+", columns[2].strip()):
            if number == 1:
                continue  # a header, as in BEIR's sets
            raise SetError(f"{path}:{number}: expected query TAB document TAB grade")
        judgements.setdefault(columns[0], {})[columns[1]] = int(columns[2])
    return judgements


# --- variants of a query -------------------------------------------------------------------------


def without_diacritics(text: str) -> str:
    """``"Uỷ ban"`` → ``"Uy ban"``; đ becomes d."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def other_tone_placement(text: str) -> str:
    """Swap tone placement: ``"hòa uỷ quý"`` → ``"hoà ủy quý"``.

    Affects open syllables in oa, oe and uy, except after q.
    """

    def turned(match: re.Match[str]) -> str:
        word = match[0]
        end = word[-2:]
        other = _OTHER_STYLE.get(end.lower())
        if other is None or word[-3:-2].lower() == "q":
            return word
        letters = (
            new.upper() if old.isupper() else new for old, new in zip(end, other, strict=True)
        )
        return word[:-2] + "".join(letters)

    return _NAME.sub(turned, unicodedata.normalize("NFC", text))


def with_typing_error(text: str, seed: str) -> str:
    """Drop, replace or transpose one letter of a word of three or more letters."""
    text = unicodedata.normalize("NFC", text)
    words = list(_WORD.finditer(text))
    if not words:
        return text
    chance = random.Random(f"{SEED} {seed}")
    word = chance.choice(words)
    at = chance.randrange(word.start(), word.end())
    kind = chance.choice(("dropped", "replaced", "swapped"))
    if kind == "swapped" and (at + 1 == word.end() or text[at] == text[at + 1]):
        kind = "dropped"
    if kind == "dropped":
        return text[:at] + text[at + 1 :]
    if kind == "swapped":
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + chance.choice(_LETTERS.replace(text[at].lower(), "")) + text[at + 1 :]


# Name → function that converts a query. The first returns it unchanged.
VARIANTS: dict[str, Callable[[Query], str]] = {
    "as typed": lambda query: query.text,
    "no diacritics": lambda query: without_diacritics(query.text),
    "capitals": lambda query: query.text.upper(),
    "NFD": lambda query: unicodedata.normalize("NFD", query.text),
    "other tone placement": lambda query: other_tone_placement(query.text),
    "one typing error": lambda query: with_typing_error(query.text, query.id),
}
