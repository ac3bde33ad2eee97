"""Update an index from files: the transaction around one Updater."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from ..corpus import Limits
from ..corpus.readers.source import ocr_languages
from ..engines.processes import available_jobs
from ..errors import IndexDamaged, OptionError
from ..indexer import Change, DocumentWriter, Updater
from ..indexer.files import absolute
from ..indexer.word_cache import CachingAnalyser, SegmentationCache
from ..records import Record, first_ids, read_records, remember_records
from .corrections import StoredCorrections
from .directory import IndexDirectory, Sources
from .generation import OpenIndex, write_transaction
from .ignore import ignore_rules


def update(
    directory: IndexDirectory,
    opened: OpenIndex,
    roots: Sequence[str],
    *,
    within: Iterable[str | os.PathLike[str]] | None,
    prune: bool | Literal["all"],
    strict: bool,
    wait: float,
    limits: Limits | None,
    ocr: bool | str,
    jobs: int | None,
) -> Iterator[Change]:
    """Read what is new or changed below ``roots``; see ``Index.update``."""
    if jobs is not None and jobs < 1:
        raise OptionError("jobs counts processes: 1 or more")
    languages = ocr_languages(ocr)
    folders = None if within is None else [absolute(path) for path in within]
    updater: Updater | None = None

    def committed(state: object) -> None:
        if updater is not None:
            remember_records(state, updater.records())

    writing = write_transaction(
        directory, opened, wait, jobs=jobs or available_jobs(), committed=committed
    )
    with SegmentationCache(directory.words) as words, writing as (writer, snapshot):
        records = read_records(snapshot)
        sources = known_sources(directory, records)
        known = StoredCorrections(directory)
        updater = Updater(
            DocumentWriter(writer, CachingAnalyser(words), known),
            opened.reader(),
            records,
            limits=limits,
            ocr=languages,
            known_ids=sources.ids,
            own_folder=str(directory.folder),
            jobs=jobs,
            words=words,
            origin=directory.origin(),
            rules=ignore_rules(directory),
            roots=[*sources.paths, *(folders or ())],
        )
        for change in updater.run(roots, prune=prune, strict=strict, within=folders):
            sources.note(change.kind, change.path, change.reports)
            yield change
        sources.note_members(updater.records())
        places = roots if folders is None else folders
        sources.remember(absolute(path) for path in places if os.path.lexists(path))
        directory.save_sources(sources, opened.generation().manifest.generation)
        known.save()
        words.save()


def known_sources(directory: IndexDirectory, records: Iterable[Record]) -> Sources:
    """What the index was made from; from its reports if the list is torn."""
    records = list(records)
    try:
        sources = directory.known_sources()
    except IndexDamaged:
        files = [one for one in records if one.digest is not None]
        paths = sorted({one.report.source or "" for one in files})
        sources = Sources(paths, first_ids(files))
    sources.added = [one.report.id for one in records if one.digest is None]
    return sources
