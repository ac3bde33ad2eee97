"""Abbreviations of bodies and offices: UBND ↔ ủy ban nhân dân."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from ..errors import OptionError
from ..vietnamese import fold, tokenise

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Syllables = tuple[str, ...]
_SIGNS = str.maketrans("&-/.", "    ")


class Abbreviation(NamedTuple):
    """One abbreviation as tokens; several ``long`` forms where it is ambiguous."""

    short: Syllables
    long: tuple[Syllables, ...]
    capitals: bool


class Abbreviations:
    """Abbreviations by short and by long form, both found without diacritics."""

    def __init__(
        self, entries: Sequence[Abbreviation], synonyms: Sequence[Sequence[Syllables]] = ()
    ) -> None:
        """``synonyms`` are groups of words with the same meaning."""
        self._short: dict[Syllables, list[Abbreviation]] = {}
        self._long: dict[Syllables, list[Abbreviation]] = {}
        self._same: dict[Syllables, list[Sequence[Syllables]]] = {}
        for entry in (*entries, *map(_dotted, filter(_has_dotted, entries))):
            self._short.setdefault(_folded(entry.short), []).append(entry)
            for long in entry.long:
                if not entry.capitals:
                    self._long.setdefault(_folded(long), []).append(entry)
        for group in synonyms:
            for words in group:
                self._same.setdefault(_folded(words), []).append(group)
        self.longest_synonym = max(map(len, self._same), default=0)
        # Tokens without diacritics that are part of any short or long form.
        self.forms = self._short.keys() | self._long.keys()
        self.longest = max(map(len, self.forms), default=0)

    def begun(self, start: str) -> list[str]:
        """Abbreviations of one token that start with ``start``.

        ``start`` is in lower case, with or without diacritics.
        """
        return sorted(
            {
                entry.short[0]
                for key, entries in self._short.items()
                if len(key) == 1 and key[0].startswith(fold(start))
                for entry in entries
                if entry.short[0].startswith(start) or start == fold(start)
            }
        )

    def expansions(self, syllables: Sequence[str], *, capitals: bool) -> list[Syllables]:
        """Long forms of the tokens, most likely first.

        ``capitals`` means that the tokens were typed in capitals.

        Without diacritics an abbreviation may be ambiguous: TU is TƯ and TU.
        """
        found: list[Syllables] = []
        exact = tuple(syllables)
        typed_folded = exact == _folded(exact)
        for entry in self._short.get(_folded(exact), ()):
            if (typed_folded or entry.short == exact) and (capitals or not entry.capitals):
                found.extend(long for long in entry.long if long not in found)
        return found

    def short_forms(self, syllables: Sequence[str]) -> list[Syllables]:
        """The abbreviations of the tokens."""
        exact = tuple(syllables)
        typed_folded = exact == _folded(exact)
        return [
            entry.short
            for entry in self._long.get(_folded(exact), ())
            if typed_folded or exact in entry.long
        ]

    def synonyms(self, syllables: Sequence[str]) -> list[Syllables]:
        """The user's synonyms of the tokens."""
        exact = tuple(syllables)
        plain = exact == _folded(exact)
        found: dict[Syllables, None] = {}
        for group in self._same.get(_folded(exact), ()):
            if plain or exact in group:
                found.update(dict.fromkeys(words for words in group if words != exact))
        return list(found)

    def spelt_out(self, text: str) -> str:
        """``text`` with the first long form of each abbreviation in it.

        ``text`` is in lower case without diacritics; abbreviations that are also ordinary words are
        kept: ``"ubnd xa a"`` becomes ``"uy ban nhan dan xa a"``.
        """
        words: list[str] = []
        for word in text.split():
            found = self.expansions((word,), capitals=False)
            words.extend(_folded(found[0]) if found else (word,))
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class AbbreviationFile:
    """The text of a file of abbreviations, and its path for messages."""

    path: str
    text: str

    @classmethod
    def read(cls, path: str | PathLike[str]) -> AbbreviationFile:
        """Read a TOML file; :func:`abbreviations_in` validates it. Raises OptionError."""
        try:
            return cls(str(path), Path(path).read_text("utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise OptionError(
                "the abbreviations in {path} cannot be read: {error}", path=path, error=error
            ) from error


def load_abbreviations(*paths: str | PathLike[str] | None) -> Abbreviations:
    """Load tracuu's abbreviations and those of TOML files in the same format.

    Such a file may also hold synonyms: ``[[synonym]]`` with ``words = ["úng ngập", "ngập nước"]``.
    An entry replaces tracuu's entry with the same short form.

    Raises:
        OptionError: a file cannot be read or has another format.
    """
    return abbreviations_in(*(AbbreviationFile.read(path) for path in paths if path is not None))


def abbreviations_in(*files: AbbreviationFile) -> Abbreviations:
    """As :func:`load_abbreviations`, for files already read. Raises OptionError."""
    entries = {entry.short: entry for entry in _packaged()}
    synonyms: list[tuple[Syllables, ...]] = []
    for file in files:
        own, groups = read_own(file.text, file.path)
        entries |= {entry.short: entry for entry in own}
        synonyms += groups
    return Abbreviations(list(entries.values()), synonyms)


@lru_cache(maxsize=1)
def _packaged() -> tuple[Abbreviation, ...]:
    name = "abbreviations.toml"
    text = Path(__file__).with_name(name).read_text("utf-8")
    return tuple(_entry(row, name, _written) for row in tomllib.loads(text)["abbreviation"])


@lru_cache(maxsize=1)
def packaged_abbreviations() -> Abbreviations:
    """The abbreviations shipped with tracuu."""
    return Abbreviations(_packaged())


def read_own(text: str, name: str) -> tuple[tuple[Abbreviation, ...], list[tuple[Syllables, ...]]]:
    """The abbreviations and the groups of synonyms in a user's file.

    Raises OptionError.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OptionError("{name} is no TOML file: {error}", name=name, error=error) from error
    rows, groups = found.get("abbreviation", []), found.get("synonym", [])
    if not isinstance(rows, list) or not isinstance(groups, list):
        raise OptionError(
            "{name}: write [[abbreviation]] and [[synonym]], in double brackets", name=name
        )
    entries = tuple(_entry(row, name, _syllables) for row in rows)
    return entries, [_group(row, name) for row in groups]


def _group(row: object, name: str) -> tuple[Syllables, ...]:
    words = row.get("words") if isinstance(row, dict) else None
    if isinstance(words, list) and all(isinstance(one, str) for one in words):
        group = tuple(dict.fromkeys(map(_syllables, words)))
        if len(group) > 1 and all(group):
            return group
    raise OptionError(
        '{name}: synonyms are written words = ["úng ngập", "ngập nước"], two or more, not {row!r}',
        name=name,
        row=row,
    )


def _has_dotted(entry: Abbreviation) -> bool:
    return len(entry.short) == 1 and len(entry.short[0]) > 2 and entry.short[0].isalpha()


def _dotted(entry: Abbreviation) -> Abbreviation:
    """The entry with dots between the letters: U.B.N.D."""
    return Abbreviation(tuple(entry.short[0]), (*entry.long, entry.short), capitals=False)


def _entry(row: object, name: str, read: Callable[[str], Syllables]) -> Abbreviation:
    if isinstance(row, dict):
        short, long, capitals = row.get("short"), row.get("long"), row.get("capitals", False)
        if (
            isinstance(short, str)
            and isinstance(long, list)
            and long
            and isinstance(capitals, bool)
        ):
            forms = tuple(read(str(form)) for form in long)
            if read(short) and all(forms):
                return Abbreviation(read(short), forms, capitals)
    raise OptionError(
        '{name}: an abbreviation is written short = "UBND", long = ["ủy ban nhân '
        'dân"], not {row!r}',
        name=name,
        row=row,
    )


def _syllables(text: str) -> Syllables:
    """The tokens of a text written by a user."""
    return tuple(token.text for token in tokenise(text) if token.kind != "code")


def _written(text: str) -> Syllables:
    """The tokens of a text of the package, whose spelling is canonical (tested)."""
    return tuple(text.lower().translate(_SIGNS).split())


def _folded(syllables: Sequence[str]) -> Syllables:
    return tuple(fold(syllable) for syllable in syllables)
