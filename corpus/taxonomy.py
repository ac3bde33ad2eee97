"""The taxonomy: the leadership areas and their phrases, from a TOML file.

The comments of ``corpus/taxonomy.toml``, the one the package ships, describe its format.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import Message, TaxonomyError, UnknownArea
from .naming import SHIPPED, resolve, shipped_text, taxonomy_digest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# The value of `model` that lets the learnt weights decide from a passage's own words.
BUILT_IN = "built-in"

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_AREA_KEYS: dict[str, type] = {
    "id": str,
    "label": str,
    "headings": list,
    "terms": list,
    "strong": list,
    "issuers": list,
    "default": bool,
}
_LISTS = ("silent", "purposes", "own-work", "title-silent")  # lists of phrases
_GROUP_KEYS: dict[str, type] = {"headings": list, "areas": list}


@dataclass(frozen=True, slots=True)
class Area:
    """One leadership area: its id, its label and the phrases it is recognised by.

    ``issuers`` are names of bodies that work in this area only.
    """

    id: str
    label: str
    headings: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()
    default: bool = False
    issuers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A heading that only groups areas: its phrases and the ids of its areas."""

    headings: tuple[str, ...]
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All areas in their order, the groups, and the text of the file they came from.

    ``model`` is ``"built-in"`` or ``"none"``; ``silent`` are set phrases whose words indicate no
    area, ``purposes`` introduce the purpose of a heading's subject, and ``own_work`` names work
    common to all bodies; ``title_silent`` are phrases that indicate no area in the title of a
    report.
    """

    areas: tuple[Area, ...]
    groups: tuple[Group, ...]
    text: str
    model: str = "none"
    silent: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    own_work: tuple[str, ...] = ()
    title_silent: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Taxonomy:
        """The taxonomy in the file ``path``. Raises TaxonomyError with the line at fault."""
        name = os.fspath(path)
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise TaxonomyError("not UTF-8 text; save the file as UTF-8", path=name) from error
        except (OSError, ValueError) as error:  # ValueError: the name contains a NUL
            reason = (isinstance(error, OSError) and error.strerror) or str(error)
            raise TaxonomyError(
                Message("cannot be read: {reason}", reason=reason), path=name
            ) from error
        return cls.parse(text, name)

    @classmethod
    def choose(cls, taxonomy: Taxonomy | str | os.PathLike[str] | None) -> Taxonomy:
        """A taxonomy: the one given, or one loaded from a file, or (None) the shipped one.

        Raises TaxonomyError.
        """
        if taxonomy is None:
            return default_taxonomy()
        return taxonomy if isinstance(taxonomy, Taxonomy) else cls.load(taxonomy)

    @classmethod
    def parse(cls, text: str, name: str = "taxonomy") -> Taxonomy:
        """Parse a taxonomy from ``text``; ``name`` is used in error messages."""
        return _Parser(text, name).taxonomy()

    @property
    def fingerprint(self) -> str:
        """Eight hexadecimal digits of a hash of the file's content."""
        return taxonomy_digest(self.text)

    @property
    def default(self) -> Area:
        """The default area, of passages that match no area, or all."""
        return next(area for area in self.areas if area.default)

    def area(self, name: str) -> Area:
        """The area with this id. Raises UnknownArea."""
        for area in self.areas:
            if area.id == name:
                return area
        raise UnknownArea(
            Message(
                "no leadership area has the id {name!r}; there are: {areas}",
                name=name,
                areas=", ".join(area.id for area in self.areas),
            ),
            name=name,
        )

    @property
    def phrases(self) -> Iterator[str]:
        """All phrases of areas and groups, and the labels of areas."""
        for area in self.areas:
            yield from (area.label, *area.headings, *area.terms, *area.strong, *area.issuers)
        for group in self.groups:
            yield from group.headings
        yield from (*self.silent, *self.purposes, *self.own_work, *self.title_silent)

    @property
    def labels(self) -> dict[str, str]:
        """Id → label of the areas, in their order."""
        return {area.id: area.label for area in self.areas}

    def resolve(self, name: str) -> str:
        """The id of the area named ``name``.

        ``name`` is an id, a label, or an unambiguous part of either, with or without diacritics, in
        any case. Raises UnknownArea, with the nearest names.
        """
        return resolve(name, self.labels)


@lru_cache(maxsize=1)
def default_taxonomy() -> Taxonomy:
    """The taxonomy that the package ships."""
    return Taxonomy.parse(shipped_text(), SHIPPED)


class _Parser:
    """Parses and validates one taxonomy file; errors have line numbers."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.lines = text.splitlines()

    def taxonomy(self) -> Taxonomy:
        try:
            data = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"\(at line (\d+), column \d+\)", str(error))
            line = int(found[1]) if found else len(self.lines)
            message = re.sub(r"\s*\(at .*\)$", "", str(error))
            raise TaxonomyError(
                Message("not valid TOML: {message}", message=message), path=self.name, line=line
            ) from error
        except RecursionError as error:
            raise TaxonomyError("not valid TOML: nested too deeply", path=self.name) from error
        for key in data:
            if key not in ("version", "model", *_LISTS, "area", "group"):
                raise self.error(
                    Message(
                        "unknown entry {key!r}; there are version, model, {lists}, [[area]] and "
                        "[[group]]",
                        key=key,
                        lists=", ".join(_LISTS),
                    ),
                    self.top(key),
                )
        if data.get("version") != 1:
            raise self.error("the file must contain version = 1", self.top("version") or 1)
        if data.get("model", "none") not in (BUILT_IN, "none"):
            raise self.error(
                Message('model is "{built_in}" or "none"', built_in=BUILT_IN), self.top("model")
            )
        lists = [self.top_list(data, key) for key in _LISTS]
        areas = tuple(
            self.area(table, number) for number, table in enumerate(self.tables(data, "area"))
        )
        groups = tuple(
            self.group(table, number, areas)
            for number, table in enumerate(self.tables(data, "group"))
        )
        self.check(areas)
        model = data.get("model", "none")
        return Taxonomy(areas, groups, self.text, model, *lists)

    def top_list(self, data: dict[str, Any], key: str) -> tuple[str, ...]:
        """The phrases of a top-level list."""
        phrases = data.get(key, [])
        if not isinstance(phrases, list) or not all(isinstance(text, str) for text in phrases):
            raise self.error(Message("{key} must be a list of texts", key=key), self.top(key))
        return tuple(phrases)

    def error(self, message: str, line: int) -> TaxonomyError:
        return TaxonomyError(message, path=self.name, line=line)

    def top(self, key: str) -> int:
        """The line of a top-level entry."""
        pattern = re.compile(rf"\s*(\[+\s*)?[\"']?{re.escape(key)}\b")
        return next((number for number, line in enumerate(self.lines, 1) if pattern.match(line)), 0)

    def line(self, kind: str, number: int, key: str = "", value: str = "") -> int:
        """The line of the ``number``-th ``[[kind]]``, or of a key or value in it."""
        header = re.compile(rf"\s*\[\[\s*{kind}\s*\]\]")
        starts = [place for place, line in enumerate(self.lines) if header.match(line)]
        if number >= len(starts):
            return self.top(kind)
        start = starts[number]
        end = next(
            (
                place
                for place in range(start + 1, len(self.lines))
                if self.lines[place].lstrip().startswith("[[")
            ),
            len(self.lines),
        )
        place = start
        if key:
            pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
            place = next((at for at in range(start, end) if pattern.match(self.lines[at])), start)
        if value:
            place = next((at for at in range(place, end) if value in self.lines[at]), place)
        return place + 1

    def tables(self, data: dict[str, Any], kind: str) -> list[dict[str, Any]]:
        tables = data.get(kind, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise self.error(
                Message("write each {kind} under a line [[{kind}]]", kind=kind), self.top(kind)
            )
        if kind == "area" and not tables:
            raise self.error("there is no [[area]]", 1)
        return tables

    def typed(self, table: dict[str, Any], kind: str, number: int, keys: dict[str, type]) -> None:
        for key, value in table.items():
            line = self.line(kind, number, key)
            if key not in keys:
                raise self.error(
                    Message(
                        "unknown key {key!r} in [[{kind}]]; there are {keys}",
                        key=key,
                        kind=kind,
                        keys=", ".join(keys),
                    ),
                    line,
                )
            if not isinstance(value, keys[key]):
                wanted = {
                    str: Message("text in quotes"),
                    list: Message("a list of texts"),
                    bool: Message("true or false"),
                }[keys[key]]
                raise self.error(Message("{key} must be {wanted}", key=key, wanted=wanted), line)
            if isinstance(value, list):
                self.phrases(value, kind, number, key)

    def phrases(self, values: list[Any], kind: str, number: int, key: str) -> None:
        for value in values:
            if not isinstance(value, str):
                raise self.error(
                    Message("{key} must be a list of texts", key=key),
                    self.line(kind, number, key, str(value)),
                )
            if key != "areas" and not any(char.isalnum() for char in value):
                raise self.error(
                    Message("{value!r} in {key} holds no word", value=value, key=key),
                    self.line(kind, number, key, value),
                )

    def area(self, table: dict[str, Any], number: int) -> Area:
        self.typed(table, "area", number, _AREA_KEYS)
        for key in ("id", "label"):
            if not table.get(key, "").strip():
                raise self.error(
                    Message("this area has no {key}", key=key), self.line("area", number)
                )
        if not _ID.fullmatch(table["id"]):
            raise self.error(
                Message(
                    "the id {table!r} may hold only a-z, 0-9 and single hyphens", table=table["id"]
                ),
                self.line("area", number, "id"),
            )
        return Area(
            table["id"],
            table["label"].strip(),
            tuple(table.get("headings", ())),
            tuple(table.get("terms", ())),
            tuple(table.get("strong", ())),
            table.get("default", False),
            tuple(table.get("issuers", ())),
        )

    def group(self, table: dict[str, Any], number: int, areas: tuple[Area, ...]) -> Group:
        self.typed(table, "group", number, _GROUP_KEYS)
        for key in _GROUP_KEYS:
            if not table.get(key):
                raise self.error(
                    Message("this group has no {key}", key=key), self.line("group", number)
                )
        known = {area.id for area in areas}
        for name in table["areas"]:
            if name not in known:
                raise self.error(
                    Message("no area has the id {name!r}", name=name),
                    self.line("group", number, "areas", name),
                )
        return Group(tuple(table["headings"]), tuple(table["areas"]))

    def check(self, areas: tuple[Area, ...]) -> None:
        """Check the areas together: unique ids and heading phrases, one default."""
        seen: dict[str, str] = {}
        owner: dict[str, str] = {}
        for number, area in enumerate(areas):
            if area.id in seen:
                raise self.error(
                    Message("the id {id!r} is there twice", id=area.id),
                    self.line("area", number, "id"),
                )
            seen[area.id] = area.label
            for phrase in area.headings:
                words = " ".join(phrase.lower().split())
                if owner.setdefault(words, area.id) != area.id:
                    raise self.error(
                        Message(
                            "the heading {phrase!r} stands for {owner!r} already",
                            phrase=phrase,
                            owner=owner[words],
                        ),
                        self.line("area", number, "headings", phrase),
                    )
        defaults = [number for number, area in enumerate(areas) if area.default]
        if not defaults:
            raise self.error("one area must have default = true", self.line("area", len(areas) - 1))
        if len(defaults) > 1:
            raise self.error(
                "only one area may have default = true", self.line("area", defaults[1], "default")
            )
