"""Corrections by people, kept in the index's folder as ``corrections.jsonl``.

One JSON object per line, UTF-8, sorted by report and position, so that the file can be read,
compared and kept under version control. It is replaced atomically: a crash leaves the old or the
new file. A line that cannot be read is kept unchanged, and :func:`tracuu.check` reports it.

The file is written before the index. Until the index has committed the change, a last line
``{"pending": …}`` holds the ids of the reports concerned and the corrections that were undone.
After a crash the next writer reads that line and makes the index agree with the file
(:class:`.FileJournal`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Literal

from ..corpus.model import Assessment, Passage
from ..engines.base import passing_error
from ..engines.engine import Engine, Snapshot, Writer
from ..errors import IndexDamaged, OptionError, StorageError, UnknownPassage
from ..indexer.corrections import Correction, Corrections, decided_by_reader
from ..records import find_record, known_passage, known_record, passages_of
from ..schema import KEY, passage_document, read_passage, stored_of
from ..search.filters import assessment_id
from ..vietnamese import Analyser
from .directory import IndexDirectory

FILE = "corrections.jsonl"
_PENDING = "pending"  # key of the last line until the index commits
CauseOf = Literal["achievement", "shortcoming"]


@dataclass(frozen=True, slots=True)
class UnsettledCorrection:
    """A passage that does not agree with the file of corrections.

    ``passage`` has the right area and assessment; ``undone`` is whether its correction was undone.
    """

    passage: Passage
    undone: bool


class StoredCorrections(Corrections):
    """The corrections in the folder of one index.

    ``pending`` are the reports whose corrections were saved before the index committed them,
    ``undone`` the corrections that were undone by the same change.
    """

    def __init__(self, directory: IndexDirectory) -> None:
        """Read the file. Raises IndexDamaged, StorageError (no permission to read)."""
        self._directory = directory
        self.unreadable: list[tuple[int, str]] = []  # line number from 1, and the line
        self.pending: set[str] = set()
        self.undone: list[Correction] = []
        self._written = _content(directory)
        super().__init__(self._read())
        self._saved = self._lines()

    def _lines(self) -> dict[str, str]:
        """Line → report, of each correction."""
        return {_line(each): each.report for each in self.all()}

    def _read(self) -> Iterator[Correction]:
        for number, line in enumerate(self._written.splitlines(), 1):
            if not line.strip():
                continue
            try:
                data = json.loads(line)
                if _PENDING in data:
                    self._read_pending(data[_PENDING])
                else:
                    yield Correction.from_dict(data)
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                self.unreadable.append((number, line))

    def _read_pending(self, data: dict[str, Any]) -> None:
        undone = [Correction.from_dict(each) for each in data["undone"]]
        self.pending.update(map(str, data["reports"]))
        self.undone += undone

    def take_back(self, passage: str) -> None:
        """Drop a correction and note it as undone."""
        correction = self.of(passage)
        if correction is not None:
            self.drop(passage)
            self.undone.append(correction)

    def save(self) -> None:
        """Write the file if it changed, as pending until the index commits.

        The caller holds the index's write lock.
        """
        before, now = self._saved, self._lines()
        if now != before:
            changed = before.keys() ^ now.keys()
            self.pending.update({**before, **now}[line] for line in changed)
            self._write()

    def settle(self) -> None:
        """Write the file without pending changes. The caller holds the index's write lock."""
        self.pending.clear()
        self.undone.clear()
        self._write()

    def _write(self) -> None:
        lines = [*self._lines(), *(line for _, line in self.unreadable)]
        if self.pending or self.undone:
            undone = [json.loads(_line(each)) for each in self.undone]
            data = {_PENDING: {"reports": sorted(self.pending), "undone": undone}}
            lines.append(json.dumps(data, ensure_ascii=False))
        content = "".join(f"{line}\n" for line in lines)
        if content != self._written:
            self._directory.put(FILE, content.encode("utf-8", "surrogatepass"))
            self._written = content
        self._saved = self._lines()


def _content(directory: IndexDirectory) -> str:
    try:
        return (directory.folder / FILE).read_bytes().decode("utf-8", "surrogatepass")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise passing_error(directory.folder / FILE, error) or IndexDamaged(
            directory.folder,
            "{file}, the file of corrections, cannot be read ({reason}); restore it from a "
            "backup, or move it away to continue without corrections",
            file=FILE,
            reason=reason,
        ) from error


def has_pending(directory: IndexDirectory) -> bool:
    """Whether the file may have changes that the index lacks.

    Raises as StoredCorrections.
    """
    return f'"{_PENDING}"' in _content(directory).rstrip("\n").rpartition("\n")[2]


def _line(correction: Correction) -> str:
    data = correction.to_dict()
    del data["passage"], data["fits"]
    return json.dumps(data, ensure_ascii=False, separators=(", ", ": "))


def list_corrections(directory: IndexDirectory, snapshot: Snapshot) -> tuple[Correction, ...]:
    """All corrections; ``fits`` is set where the passage is in the index."""
    return tuple(
        replace(each, fits=_stored(snapshot, each) is not None)
        for each in StoredCorrections(directory).all()
    )


def correct(
    directory: IndexDirectory,
    writer: Writer,
    snapshot: Snapshot,
    analyser: Analyser,
    resolve: Callable[[str], str],
    passage: str,
    *,
    area: str | None,
    assessment: str | None,
    cause_of: CauseOf | None,
    note: str,
    who: str,
) -> Correction:
    """Correct a passage and save the correction; see ``Index.correct``."""
    found = known_passage(snapshot, passage)
    known = StoredCorrections(directory)
    old = known.of(found.id)
    kind = assessment_id(assessment) if assessment is not None else None
    if area is None and kind is None:
        raise OptionError("a correction needs an area, an assessment or both")
    if cause_of is not None and kind != "cause":
        raise OptionError('cause_of needs assessment="cause"')
    if cause_of not in (None, "achievement", "shortcoming"):
        raise OptionError(
            "cause_of is achievement or shortcoming, not {cause_of!r}", cause_of=cause_of
        )
    if kind is None and old is not None:
        kind, cause_of = old.assessment, old.cause_of
    chosen = resolve(area) if area is not None else (old.area if old else None)
    correction = Correction(
        found.report,
        found.position,
        found.text,
        tuple(found.heading_path),
        chosen,
        _assessment(kind),
        cause_of,
        note,
        who,
        datetime.now(timezone.utc).isoformat(timespec="seconds"),
        decided_by_reader(found, old),
    )
    for other in unsettled(known, snapshot):
        if other.passage.id != found.id:
            _replace(writer, snapshot, analyser, other.passage)
    known.put(correction)
    known.save()  # before the index, so that a crash does not lose the correction
    _replace(writer, snapshot, analyser, correction.applied(correction.undone(found)))
    return correction


def apply_pending(known: StoredCorrections, engine: Engine, analyser: Analyser) -> None:
    """Commit the corrections that a killed writer saved but did not apply.

    Corrections that it moved to the new text of a report return to the text in the index.
    """
    with engine.writer() as writer, engine.snapshot() as snapshot:
        for report in sorted(known.pending):
            if find_record(snapshot, report) is not None:
                known.apply(report, list(passages_of(snapshot, report)))
        for each in unsettled(known, snapshot):
            _replace(writer, snapshot, analyser, each.passage)


def finish_undone(directory: IndexDirectory, engine: Engine) -> None:
    """Apply to a new generation the undone corrections that a killed writer left."""
    known = StoredCorrections(directory)
    if known.undone:
        apply_pending(known, engine, Analyser())


def settle(directory: IndexDirectory) -> None:
    """Mark the changes in the file as committed to the index."""
    with suppress(StorageError):  # else the next writer does it
        if has_pending(directory):
            StoredCorrections(directory).settle()


def unsettled(known: StoredCorrections, snapshot: Snapshot) -> Iterator[UnsettledCorrection]:
    """The passages that do not agree with the file of corrections."""
    for each in known.undone:
        found = _stored(snapshot, each)
        if found is not None and known.of(each.passage) is None and each.is_applied(found):
            yield UnsettledCorrection(each.undone(found), undone=True)
    for each in known.all():
        found = _stored(snapshot, each)
        if found is not None and not each.is_applied(found):
            yield UnsettledCorrection(each.applied(found), undone=False)


def _stored(snapshot: Snapshot, correction: Correction) -> Passage | None:
    """The passage of a correction, if it has the same text."""
    stored = stored_of(snapshot, correction.passage)
    found = None if stored is None else read_passage(stored)
    return found if found is not None and found.text == correction.text else None


def undo(
    directory: IndexDirectory,
    writer: Writer,
    snapshot: Snapshot,
    analyser: Analyser,
    passage: str,
    *,
    undone: Mapping[str, Correction],
) -> Correction:
    """Remove a correction and restore the reader's decision on the passage.

    ``undone`` are those that a killed call removed and this transaction has completed, by passage.
    Raises UnknownPassage.
    """
    known = StoredCorrections(directory)
    correction = known.of(passage)
    if correction is None and passage in undone:
        return replace(undone[passage], fits=_stored(snapshot, undone[passage]) is not None)
    if correction is None:
        raise UnknownPassage(
            "the passage {passage!r} has no correction; `tracuu correct --list` shows all",
            passage=passage,
        )
    found = _stored(snapshot, correction)
    known.take_back(passage)
    known.save()  # before the index, as in correct()
    if found is not None:
        _replace(writer, snapshot, analyser, correction.undone(found))
    return replace(correction, fits=found is not None)


def _assessment(kind: str | None) -> Assessment | Literal["none"] | None:
    match kind:
        case None | "achievement" | "shortcoming" | "cause" | "none":
            return kind
    raise AssertionError(kind)


def _replace(writer: Writer, snapshot: Snapshot, analyser: Analyser, passage: Passage) -> None:
    report = known_record(snapshot, passage.report).report
    writer.delete(KEY, passage.id)
    writer.add(passage_document(passage, report, analyser))
