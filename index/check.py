"""Search for damage: torn or missing files, and incomplete reports."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..engines import Kind, engine_kind, kept_options
from ..engines.document import Schema
from ..engines.engine import Snapshot
from ..engines.query import Request, SortKey, TermIn
from ..errors import (
    EngineUnreachable,
    IndexDamaged,
    IndexNotFound,
    IndexOutdated,
    Message,
    NotAnIndex,
    OptionError,
    TracuuError,
)
from ..indexer.word_cache import SegmentationCache
from ..records import read_records
from ..schema import KIND, PASSAGE_KIND, REPORT, SCHEMA, read_passage
from . import synonyms
from .corrections import FILE as CORRECTIONS
from .corrections import StoredCorrections
from .directory import WORDS, IndexDirectory
from .fingerprint import schema_of
from .generation import open_generation
from .lock import holder
from .manifest import Manifest
from .uploads import Uploads

_PAGE = 1000
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that :func:`check` found.

    ``kind`` is ``"damage"`` (a rebuild mends it), ``"outdated"`` (a rebuild brings it up to date)
    or ``"leftover"`` (files of a killed writer: they do no harm, and the next writer removes them)
    or ``"kept"`` (old data of which a rebuild could not read everything). ``what`` describes it in
    words; ``report`` is the id of the report concerned, or None.
    """

    kind: str
    what: str
    report: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data for JSON."""
        return asdict(self)


def check(
    path: str | os.PathLike[str], *, options: Mapping[str, Any] | None = None
) -> list[Finding]:
    """Check the index at ``path`` for damage.

    It is whole when no finding is ``"damage"``.

    Every file is read and compared with its checksum, every report counted through. The index may
    be searched and written to meanwhile. ``options`` are the engine's, as for ``Index.open``.
    Raises IndexNotFound, NotAnIndex, OptionError, EngineUnreachable.
    """
    directory = IndexDirectory(path)
    findings: list[Finding] = []
    # a commit or a rebuild meanwhile takes files away: what it left is looked at anew
    for _ in range(_ATTEMPTS):
        state = _state(directory)
        findings = list(_findings(directory, options))
        if not any(finding.kind == "damage" for finding in findings) or _state(directory) == state:
            break
    return findings


def _state(directory: IndexDirectory) -> object:
    names = {
        name: sorted(os.listdir(directory.folder / name))
        if (directory.folder / name).is_dir()
        else []
        for name in sorted(os.listdir(directory.folder) if directory.folder.is_dir() else [])
    }
    return directory.stamp(), names


def _findings(directory: IndexDirectory, options: Mapping[str, Any] | None) -> Iterator[Finding]:
    try:
        manifest = directory.manifest()
    except (IndexNotFound, NotAnIndex):
        raise
    except IndexOutdated as error:
        yield Finding("outdated", error.reason)
        return
    except IndexDamaged as error:
        yield Finding("damage", error.reason)
        return
    yield from _file_findings(directory, manifest, options)
    if not directory.data(manifest.generation).is_dir():
        yield Finding(
            "damage",
            Message("the folder {name} is missing", name=directory.data(manifest.generation).name),
        )
        return
    damaged = False
    kind = engine_kind(manifest.engine, options, kept=manifest.options)
    for fault in kind.integrity_check(directory.data(manifest.generation), _schema(manifest)):
        if not fault.leftover:
            damaged = True
            yield Finding("damage", fault.what, _report_of(fault.key))
        elif holder(directory.folder) is None:
            place = "" if kept_options(kind) else f"{directory.data(manifest.generation).name}/"
            yield Finding("leftover", Message("{place}{what}", place=place, what=fault.what))
    if not damaged:
        yield from _report_findings(directory, manifest, kind)


def _file_findings(
    directory: IndexDirectory, manifest: Manifest, options: Mapping[str, Any] | None
) -> Iterator[Finding]:
    """Problems of the files besides the engine's."""
    try:
        directory.known_sources()
    except IndexDamaged:
        yield Finding(
            "damage",
            Message(
                "{name} is missing or torn: where the reports are is known from the reports alone",
                name=directory.sources_file().name,
            ),
        )
    try:
        generation = open_generation(directory, options)
        generation.engine.close()
        if generation.outdated:
            yield Finding("outdated", generation.outdated)
    except IndexOutdated as error:
        yield Finding("outdated", error.reason)
    except (EngineUnreachable, OptionError):
        raise
    except TracuuError as error:
        if manifest.own_taxonomy and not directory.taxonomy_file(manifest.generation).is_file():
            yield Finding("damage", getattr(error, "reason", str(error)))
    yield from _correction_findings(directory)
    if fault := synonyms.fault_of(directory):
        yield Finding("damage", fault)
    for report, what in Uploads(directory).faults():
        yield Finding("damage", what, report)
    if not SegmentationCache.is_sound(directory.words):
        yield Finding(
            "damage",
            Message("{words} is torn; it is only a cache, and may be deleted", words=WORDS),
        )
    for number in manifest.kept:
        yield Finding(
            "kept",
            Message(
                "{name} holds passages that the last rebuild could not read; remove it "
                "with: tracuu rebuild --accept-loss",
                name=directory.data(int(number)).name,
            ),
        )
    if holder(directory.folder) is None:
        for name in directory.leftovers(manifest.generations):
            yield Finding(
                "leftover", Message("{name} was left by a writer that was killed", name=name)
            )


def _correction_findings(directory: IndexDirectory) -> Iterator[Finding]:
    """Problems of the file of corrections."""
    try:
        unreadable = StoredCorrections(directory).unreadable
    except IndexDamaged as error:
        yield Finding("damage", error.reason)
        return
    for number, _ in unreadable:
        what = Message(
            "{corrections}: line {number} is no correction that can be read; mend or remove it",
            corrections=CORRECTIONS,
            number=number,
        )
        yield Finding("damage", what)


def _schema(manifest: Manifest) -> Schema:
    return schema_of(manifest.fingerprint) or SCHEMA


def _report_findings(
    directory: IndexDirectory, manifest: Manifest, kind: Kind
) -> Iterator[Finding]:
    """Problems of the reports in an engine with intact files."""
    engine = kind.open(directory.data(manifest.generation), _schema(manifest))
    try:
        with engine.snapshot() as snapshot:
            records = {
                record.report.id: record.report.passages for record in read_records(snapshot)
            }
            passages = _passages(snapshot)
    except EngineUnreachable:
        raise
    except (TracuuError, LookupError, TypeError, ValueError) as error:
        yield Finding(
            "damage",
            Message("a report cannot be read: {error}", error=getattr(error, "reason", error)),
        )
        return
    finally:
        engine.close()
    for report, wanted in records.items():
        positions = passages.pop(report, Counter())
        doubled = sorted(position for position, times in positions.items() if times > 1)
        if doubled:
            yield Finding(
                "damage",
                Message("passages are there more than once: {listed}", listed=_listed(doubled)),
                report,
            )
        if len(positions) != wanted:
            yield Finding(
                "damage",
                Message(
                    "{count} of {wanted} passages are there", count=len(positions), wanted=wanted
                ),
                report,
            )
    for report, positions in passages.items():
        yield Finding(
            "damage",
            Message("{count} passages of a report that is not there", count=len(positions)),
            report,
        )


def _passages(snapshot: Snapshot) -> dict[str, Counter[int]]:
    """Report → position → how many passages stand there."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    offset = 0
    while True:
        request = Request(
            TermIn(KIND, (PASSAGE_KIND,)), limit=_PAGE, offset=offset, order=(SortKey(REPORT),)
        )
        response = snapshot.search(request)
        for hit in response.hits:
            passage = read_passage(hit.stored)
            found[passage.report][passage.position] += 1
        offset += _PAGE
        if offset >= response.total:
            return found


def _listed(positions: list[int]) -> str:
    return ", ".join(f"#{position}" for position in positions[:5]) + (
        " …" if len(positions) > 5 else ""
    )


def _report_of(key: str | None) -> str | None:
    return key.rpartition("#")[0] or None if key else None
