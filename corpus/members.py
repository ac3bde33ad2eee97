"""The reports of one file; a container has one or more per file in it."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Protocol

from .blocks import Block
from .elements import Element, Reading, slug
from .model import Passage, Report
from .readers import Contents
from .taxonomy import Taxonomy

_MAIL = ("eml", "msg")


class _Parser(Protocol):
    """The part of :class:`~tracuu.corpus.Reader` that is used here."""

    taxonomy: Taxonomy

    def parse(
        self, blocks: list[Block], *, id: str, source: str | None = None, name: str = ""
    ) -> list[Reading]: ...

    def classify(self, passage: Passage) -> Passage: ...


def parse_contents(
    reader: _Parser,
    contents: Contents,
    *,
    id: str,
    source: str | None = None,
    name: str = "",
    ids: Mapping[str, str] | None = None,
    below: bool = False,
) -> list[Reading]:
    """The reports in ``contents``, as returned by :meth:`~tracuu.corpus.Reader.parse`.

    For a container: first the reports of its own text, then those of each file in it, with that
    file as ``member``. A file in it gets the id in ``ids`` (member → id), else one derived from its
    name; with ``below``, from ``id`` and its name, or ``id`` itself if it is the only one.
    """
    if not contents.members:
        return _own(reader, contents, id, source, name)
    known = ids or {}
    readings = _own(reader, contents, id, source, name) if contents.blocks else []
    alone = below and not readings and len(contents.members) == 1
    taken = {reading.report.id for reading in readings} | set(known.values())
    for each in contents.members:
        stem = posixpath.splitext(posixpath.basename(each.name))[0]
        if each.name in known:
            wanted = known[each.name]
        elif alone:
            wanted = id
        else:
            wanted = free_id(slug(f"{id} {stem}" if below else stem), taken)
        taken.add(wanted)
        for reading in _own(reader, each, wanted, source, stem):
            unique = reading.report.id
            if unique != wanted and unique in taken:
                unique = free_id(unique, taken)
            taken.add(unique)
            found = renamed(reading, unique)
            readings.append(replace(found, report=replace(found.report, member=each.name)))
    return readings


def _own(
    reader: _Parser, contents: Contents, id: str, source: str | None, name: str
) -> list[Reading]:
    """The reports in the text of one file.

    The subject of a message or the ``title`` of front matter is the title, and ``date`` the date
    of a report that has none.
    """
    mail = contents.format in _MAIL
    stated = contents.properties if mail or contents.format == "md" else {}
    title = stated.get("title", "")
    readings = reader.parse(list(contents.blocks), id=id, source=source, name=title or name)
    if mail and not _holds_most(readings, contents):
        readings = [_letter(reader, contents, id, source, title or name)]
    elif title and not mail and len(readings) == 1:
        readings = [replace(readings[0], report=replace(readings[0].report, title=title))]
    sent = _date(stated.get("date", ""))
    return [
        replace(one, report=replace(one.report, date=one.report.date or sent)) for one in readings
    ]


def _date(text: str) -> date | None:
    """The date at the start of ``text`` (``2025-05-12…``), or None."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _holds_most(readings: list[Reading], contents: Contents) -> bool:
    """Whether passages hold at least half of the text.

    Letters lack the parts of a report.
    """
    held = sum(len(passage.text) for reading in readings for passage in reading.passages)
    return 2 * held >= sum(len(block.text) for block in contents.blocks)


def _letter(
    reader: _Parser, contents: Contents, id: str, source: str | None, title: str
) -> Reading:
    """A message whose every paragraph is a passage."""
    elements = []
    for position, block in enumerate(contents.blocks, 1):
        passage = reader.classify(
            Passage(
                id,
                position,
                block.text,
                area=reader.taxonomy.default.id,
                kind=block.kind,
                line=block.line,
                page=block.page,
            )
        )
        elements.append(Element("passage", block.text, block.line, block.page, (), passage))
    report = Report(id, title, source, passages=len(elements))
    return Reading(report, tuple(elements))


def renamed(reading: Reading, name: str) -> Reading:
    """``reading`` with another report id."""
    if name == reading.report.id:
        return reading
    report: Report = replace(reading.report, id=name)
    elements = tuple(
        replace(element, passage=replace(element.passage, report=name))
        if element.passage
        else element
        for element in reading.elements
    )
    return Reading(report, elements)


def free_id(name: str, *taken: Collection[str]) -> str:
    """``name``, or the first of ``name-2``, ``name-3`` … that is in none of ``taken``."""
    number, wanted = 1, name
    while any(wanted in ids for ids in taken):
        number += 1
        wanted = f"{name}-{number}"
    return wanted
