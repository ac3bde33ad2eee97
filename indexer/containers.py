"""Files within containers (.zip, .eml, .msg): their folders, ids and removal."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..corpus import Reading, Report
from ..corpus.readers.formats import is_container
from ..records import Record
from .changes import Change

Extras = Mapping[str, Mapping[str, str]]  # member, "#" + id of a report, or ALL → metadata
ALL = "*"  # in Extras: every report of a file

_MESSAGES = (".eml", ".msg")


def in_folder(readings: Iterable[Reading], folder: str | None) -> list[Reading]:
    """``readings`` with the folder of their file set on the reports."""
    return [
        replace(one, report=replace(one.report, folder=member_folder(one.report, folder)))
        for one in readings
    ]


def with_extra(readings: Iterable[Reading], extras: Extras) -> list[Reading]:
    """``readings`` with metadata from ``extras``, by report id, member or ALL.

    The member "" is the file's own text, ``ALL`` every report of the file.
    """
    default = extras.get(ALL, {})
    found = []
    for one in readings:
        of_member = extras.get(one.report.member or "", default)
        extra = extras.get(f"#{one.report.id}", of_member)
        found.append(replace(one, report=replace(one.report, extra=extra)))
    return found


def extras_of(reports: Iterable[Report]) -> dict[str, Mapping[str, str]]:
    """The metadata of the reports of one file, for :func:`with_extra`."""
    known = list(reports)
    found = {one.member or "": one.extra for one in known if one.extra}
    return {**found, **{f"#{one.id}": one.extra for one in known}}


def member_folder(report: Report, folder: str | None, path: str | None = None) -> str | None:
    """The folder of a report, from the folder of its file (now at ``path``).

    An archive and the folders in it count as folders, a message with attachments does not.
    """
    if folder is None or report.member is None:
        return folder
    parts = [Path(path or report.source or "").name, *report.member.split("/")[:-1]]
    kept = [part for part in parts if not part.lower().endswith(_MESSAGES)]
    return unicodedata.normalize("NFC", "/".join((folder, *kept)))


def file_exists(place: str) -> bool:
    """Whether the file at ``place``, or the container it is in, exists."""
    if os.path.lexists(place):
        return True
    parents = (str(parent) for parent in Path(place).parents)
    nearest = next((parent for parent in parents if os.path.lexists(parent)), None)
    return nearest is not None and os.path.isfile(nearest)


def members_gone(path: str, before: Sequence[Record], now: Sequence[Record]) -> list[Change]:
    """Changes for members that a container no longer has."""
    there = {record.report.member for record in now}
    gone: dict[str, list[Record]] = {}
    for record in before:
        member = record.report.member
        if member is not None and member not in there:
            gone.setdefault(member, []).append(record)
    return [
        Change("removed", os.path.join(path, *member.split("/")), *summary(mine))
        for member, mine in gone.items()
    ]


def by_container(
    known_ids: Mapping[str, str], known_digests: Mapping[tuple[str, str | None], str]
) -> dict[str, dict[str, str]]:
    """Known ids of files in containers.

    Two mappings to member → id: by path of the container, and by its digest.
    """
    found: dict[str, dict[str, str]] = {}
    for place, id in known_ids.items():
        parts = place.split(os.sep)
        depth = next((at for at, part in enumerate(parts[:-1], 1) if is_container(part)), 0)
        if depth:
            members = found.setdefault(os.sep.join(parts[:depth]), {})
            members["/".join(parts[depth:])] = id
    for (digest, member), id in known_digests.items():
        if member is not None:
            found.setdefault(digest, {})[member] = id
    return found


def summary(records: Sequence[Record]) -> tuple[tuple[str, ...], int]:
    """The ids of reports, and the number of their passages."""
    return tuple(record.report.id for record in records), sum(
        record.report.passages for record in records
    )
