"""Corrections by people, kept in the index's folder as ``corrections.jsonl``.

One JSON object per line, UTF-8, sorted by report and position, so that the file can be read,
compared and kept under version control. It is replaced atomically: a crash leaves the old or the
new file. A line that cannot be read is kept unchanged, and :func:`tracuu.check` reports it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timezone
from typing import Literal

from ..corpus.model import Assessment, Passage
from ..engines.base import passing_error
from ..engines.engine import Snapshot, Writer
from ..errors import IndexDamaged, OptionError, UnknownPassage
from ..indexer.corrections import Correction, Corrections, decided_by_reader
from ..records import known_passage, known_record
from ..schema import KEY, passage_document, read_passage, stored_of
from ..search.filters import assessment_id
from ..vietnamese import Analyser
from .directory import IndexDirectory

FILE = "corrections.jsonl"
CauseOf = Literal["achievement", "shortcoming"]


class StoredCorrections(Corrections):
    """The corrections in the folder of one index."""

    def __init__(self, directory: IndexDirectory) -> None:
        """Read the file. Raises IndexDamaged, StorageError (no permission to read)."""
        self._directory = directory
        self.unreadable: list[tuple[int, str]] = []  # line number from 1, and the line
        self._written = _content(directory)
        super().__init__(self._read())

    def _read(self) -> Iterator[Correction]:
        for number, line in enumerate(self._written.splitlines(), 1):
            if not line.strip():
                continue
            try:
                yield Correction.from_dict(json.loads(line))
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                self.unreadable.append((number, line))

    def save(self) -> None:
        """Write the file if it changed. The caller holds the index's write lock."""
        lines = [_line(each) for each in self.all()]
        lines += [line for _, line in self.unreadable]
        content = "".join(f"{line}\n" for line in lines)
        if content != self._written:
            self._directory.put(FILE, content.encode("utf-8", "surrogatepass"))
            self._written = content


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


def _line(correction: Correction) -> str:
    data = correction.to_dict()
    del data["passage"], data["fits"]
    return json.dumps(data, ensure_ascii=False, separators=(", ", ": "))


def list_corrections(directory: IndexDirectory, snapshot: Snapshot) -> tuple[Correction, ...]:
    """All corrections; ``fits`` is set where the passage is in the index."""
    return tuple(
        replace(each, fits=_fits(each, snapshot)) for each in StoredCorrections(directory).all()
    )


def _fits(correction: Correction, snapshot: Snapshot) -> bool:
    stored = stored_of(snapshot, correction.passage)
    return stored is not None and read_passage(stored).text == correction.text


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
    apply_pending(known, writer, snapshot, analyser, besides=found.id)
    known.put(correction)
    known.save()  # before the index, so that a crash does not lose the correction
    _replace(writer, snapshot, analyser, correction.applied(correction.undone(found)))
    return correction


def is_pending(correction: Correction, passage: Passage) -> bool:
    """Whether a correction of this passage was saved but not yet applied."""
    wanted = correction.applied(passage)
    named = ("area", "assessment", "cause_of")
    return correction.text == passage.text and any(
        getattr(wanted, name) != getattr(passage, name) for name in named
    )


def apply_pending(
    known: StoredCorrections,
    writer: Writer,
    snapshot: Snapshot,
    analyser: Analyser,
    *,
    besides: str,
) -> None:
    """Apply corrections that a killed writer left, except that of ``besides``."""
    for each in known.all():
        stored = None if each.passage == besides else stored_of(snapshot, each.passage)
        if stored is not None and is_pending(each, passage := read_passage(stored)):
            _replace(writer, snapshot, analyser, each.applied(passage))


def undo(
    directory: IndexDirectory,
    writer: Writer,
    snapshot: Snapshot,
    analyser: Analyser,
    passage: str,
) -> Correction:
    """Remove a correction and restore the reader's decision on the passage.

    Raises UnknownPassage.
    """
    known = StoredCorrections(directory)
    correction = known.of(passage)
    if correction is None:
        raise UnknownPassage(
            "the passage {passage!r} has no correction; `tracuu correct --list` shows all",
            passage=passage,
        )
    fits = _fits(correction, snapshot)
    if fits:
        found = known_passage(snapshot, passage)
        _replace(writer, snapshot, analyser, correction.undone(found))
    known.drop(passage)
    known.save()
    return replace(correction, fits=fits)


def _assessment(kind: str | None) -> Assessment | Literal["none"] | None:
    match kind:
        case None | "achievement" | "shortcoming" | "cause" | "none":
            return kind
    raise AssertionError(kind)


def _replace(writer: Writer, snapshot: Snapshot, analyser: Analyser, passage: Passage) -> None:
    report = known_record(snapshot, passage.report).report
    writer.delete(KEY, passage.id)
    writer.add(passage_document(passage, report, analyser))
