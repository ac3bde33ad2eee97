"""Check an index for damage: torn or missing files, incomplete reports."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..engines import Kind, engine_kind, kept_options
from ..engines.base import passing_error
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
    StorageError,
    TracuuError,
)
from ..records import read_records
from ..schema import KIND, PASSAGE_KIND, REPORT, SCHEMA, read_passage
from . import synonyms
from .corrections import FILE as CORRECTIONS
from .corrections import StoredCorrections, unsettled
from .directory import MANIFEST, UPLOADS, IndexDirectory
from .fingerprint import schema_of
from .generation import open_generation
from .ignore import FILE as IGNORED
from .ignore import ignore_rules
from .lock import HOLDER, holder
from .manifest import Manifest
from .saved import FILE as SAVED
from .saved import saved_searches
from .uploads import LIST as UPLOAD_LIST
from .uploads import Uploads

_LOCKS = (".lock", "LOCK", HOLDER)  # suffixes of files without data
_PAGE = 1000
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """A result of :func:`check`.

    ``kind`` is ``"damage"`` (a rebuild repairs it), ``"unreadable"`` (this user has no permission
    to read a file, so its state is unknown), ``"outdated"`` (a rebuild brings it up to date),
    ``"leftover"`` (harmless files of a killed writer; the next writer removes them) or ``"kept"``
    (old data that a rebuild could not read completely). ``what`` is the description; ``report`` is
    the id of the report concerned, or None.
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

    The index is intact if no finding is ``"damage"`` or ``"unreadable"``.

    Every file is compared with its checksum, and the passages of every report are counted. Searches
    and writes may continue meanwhile. ``options`` are the engine's, as for ``Index.open``. Raises
    IndexNotFound, NotAnIndex, OptionError, EngineUnreachable.
    """
    directory = IndexDirectory(path)
    findings: list[Finding] = []
    # a commit or rebuild may have removed files during the check: check again
    for _ in range(_ATTEMPTS):
        state = _state(directory)
        findings = list(_findings(directory, options))
        bad = any(finding.kind in ("damage", "unreadable") for finding in findings)
        if not bad or _state(directory) == state:
            break
    return findings


def _state(directory: IndexDirectory) -> object:
    folder = directory.folder
    names = {name: _listed_names(folder / name) for name in _listed_names(folder)}
    return directory.stamp(), names


def _listed_names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:  # a file, a removed folder, or no permission
        return []


def _unreadable(folders: Iterable[Path]) -> dict[Path, str]:
    """Files in ``folders`` that cannot be opened, with the reason.

    Missing files are not included: they count as damage.
    """
    found: dict[Path, str] = {}
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                names = [entry.name for entry in entries if entry.is_file()]
        except OSError as error:
            if passing_error(folder, error):
                found[folder] = error.strerror or str(error)
            continue
        for path in (folder / name for name in names if not name.endswith(_LOCKS)):
            try:
                os.close(os.open(path, os.O_RDONLY))
            except OSError as error:
                if passing_error(path, error):
                    found[path] = error.strerror or str(error)
    return found


def _unreadable_findings(
    directory: IndexDirectory, denied: Mapping[Path, str]
) -> Iterator[Finding]:
    """One finding for each file or folder in ``denied``."""
    for path, reason in sorted(denied.items()):
        what = Message(
            "{name} cannot be read ({reason}), so its state is not known; let this user read it, "
            "or check as another user",
            name=path if path == directory.folder else os.path.relpath(path, directory.folder),
            reason=reason,
        )
        yield Finding("unreadable", what)


def _findings(directory: IndexDirectory, options: Mapping[str, Any] | None) -> Iterator[Finding]:
    denied = _unreadable([directory.folder])
    if not denied.keys().isdisjoint((directory.folder, directory.folder / MANIFEST)):
        yield from _unreadable_findings(directory, denied)
        return
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
    data = directory.data(manifest.generation)
    folders = {data, *map(directory.data, map(int, manifest.generations))}
    denied.update(_unreadable([*folders, directory.folder / UPLOADS]))
    yield from _unreadable_findings(directory, denied)
    yield from _file_findings(directory, manifest, options, denied)
    if any(data in (path, path.parent) for path in denied):
        return
    if not data.is_dir():
        yield Finding(
            "damage",
            Message("the folder {name} is missing", name=data.name),
        )
        return
    damaged = False
    kind = engine_kind(manifest.engine, options, kept=manifest.options)
    for fault in kind.integrity_check(data, _schema(manifest)):
        if not fault.leftover:
            damaged = True
            yield Finding("damage", fault.what, _report_of(fault.key))
        elif holder(directory.folder) is None:
            place = "" if kept_options(kind) else f"{data.name}/"
            yield Finding("leftover", Message("{place}{what}", place=place, what=fault.what))
    if not damaged:
        yield from _report_findings(directory, manifest, kind)


def _file_findings(
    directory: IndexDirectory,
    manifest: Manifest,
    options: Mapping[str, Any] | None,
    denied: Mapping[Path, str],
) -> Iterator[Finding]:
    """Problems of files other than the engine's, except those in ``denied``."""
    folder = directory.folder
    if directory.sources_file() not in denied:
        try:
            directory.known_sources()
        except IndexDamaged:
            name = directory.sources_file().name
            yield Finding(
                "damage",
                Message(
                    "{name} is missing or torn: only the reports in the index still name their "
                    "files",
                    name=name,
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
    yield from _people_findings(directory, denied)
    if denied.keys().isdisjoint((folder / UPLOADS, folder / UPLOAD_LIST)):
        for report, what in Uploads(directory).faults():
            yield Finding("damage", what, report)
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


def _people_findings(directory: IndexDirectory, denied: Mapping[Path, str]) -> Iterator[Finding]:
    """Problems of user-written files, except those in ``denied``."""
    folder = directory.folder
    if folder / CORRECTIONS not in denied:
        yield from _correction_findings(directory)
    if folder / synonyms.FILE not in denied and (fault := synonyms.fault_of(directory)):
        yield Finding("damage", fault)
    readers: tuple[tuple[str, Callable[[IndexDirectory], object]], ...] = (
        (SAVED, saved_searches),
        (IGNORED, ignore_rules),
    )
    for name, read in readers:
        if folder / name not in denied:
            try:
                read(directory)
            except (IndexDamaged, OptionError) as error:
                yield Finding("damage", getattr(error, "reason", None) or error.args[0])


def _correction_findings(directory: IndexDirectory) -> Iterator[Finding]:
    """Problems of the file of corrections."""
    try:
        unreadable = StoredCorrections(directory).unreadable
    except IndexDamaged as error:
        yield Finding("damage", error.reason)
        return
    for number, _ in unreadable:
        what = Message(
            "{corrections}: line {number} is not a valid correction; fix or remove it",
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
            pending = list(_pending(directory, snapshot))
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
    yield from pending
    for report, wanted in records.items():
        positions = passages.pop(report, Counter())
        doubled = sorted(position for position, times in positions.items() if times > 1)
        if doubled:
            yield Finding(
                "damage",
                Message("passages are stored more than once: {listed}", listed=_listed(doubled)),
                report,
            )
        if len(positions) != wanted:
            yield Finding(
                "damage",
                Message(
                    "only {count} of {wanted} passages are stored",
                    count=len(positions),
                    wanted=wanted,
                ),
                report,
            )
    for report, positions in passages.items():
        yield Finding(
            "damage",
            Message("{count} passages of a report that is missing", count=len(positions)),
            report,
        )


def _pending(directory: IndexDirectory, snapshot: Snapshot) -> Iterator[Finding]:
    """Corrections that a killed writer saved or undid, but did not apply."""
    if holder(directory.folder) is not None:
        return
    with suppress(StorageError):  # an unreadable file is reported elsewhere
        for each in unsettled(StoredCorrections(directory), snapshot):
            what = Message(
                "the correction of {passage} was undone but still applies, because the writer was "
                "killed; the next change to the index completes it, or run: tracuu upgrade"
                if each.undone
                else "the correction of {passage} was saved but not applied, because the writer "
                "was killed; the next correction applies it, or run: tracuu upgrade",
                passage=each.passage.id,
            )
            yield Finding("leftover", what, each.passage.report)


def _passages(snapshot: Snapshot) -> dict[str, Counter[int]]:
    """Report → position → number of passages at that position."""
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
