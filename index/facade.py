"""The index: reports go in, ranked passages come out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Literal

from .. import compare, corpus, index, search
from ..corpus.model import Passage, Report
from ..engines import engine_kind, kept_options
from ..engines.engine import Snapshot
from ..records import known_passage, known_record, read_records
from ..schema import SCHEMA
from ..vietnamese import Analyser
from .directory import IndexDirectory
from .fingerprint import fingerprint, tracuu_version
from .generation import Generation, OpenIndex, SearcherCache, open_generation
from .info import Info, Reports, Surroundings, info_of, surroundings_of
from .manifest import Manifest
from .sources import Sources
from .synonyms import abbreviations_of, read_synonyms, replace_synonyms

if TYPE_CHECKING:  # corpus and search are doors: the modules behind them are imported when used
    from typing_extensions import Unpack

    from ..compare import Comparison, Series
    from ..corpus import Area, Limits, Taxonomy
    from ..indexer import Change
    from ..indexer.corrections import Correction
    from ..indexer.ignore import IgnoreRules
    from ..search import By, Completion, Explanation, Results, Searcher, Sort, Tally
    from ..search.embedder import Embedder
    from ..search.filters import Filters
    from .originals import Original
    from .vectors import Embedded
    from .writer import IndexWriter


class Index:
    """An index on disk, made with :meth:`create` or :meth:`open`; a context manager.

    Any number of threads may search one ``Index`` at the same time, and go on while it is written
    to; each search sees one committed state. One thread or process writes at a time, others wait or
    get IndexBusy. Opening an index runs no code, not even of an index from a stranger.
    """

    def __init__(self, directory: IndexDirectory, generation: Generation) -> None:
        """For :meth:`create` and :meth:`open`; not to be called from outside."""
        self._directory = directory
        self._opened = OpenIndex(directory, generation, lambda: self._searchers.close())
        self._abbreviations: search.AbbreviationFile | None = None
        self._embedder: Embedder | None = None
        self._analyser = Analyser()
        self._searchers = SearcherCache(self._opened, self._make_searcher)

    # --- opening and closing ---

    @classmethod
    def create(
        cls,
        path: str | os.PathLike[str],
        *,
        engine: str = "whoosh",
        options: Mapping[str, Any] | None = None,
        taxonomy: Taxonomy | str | os.PathLike[str] | None = None,
    ) -> Index:
        """A new, empty index in the folder ``path``, which must be missing or empty.

        ``taxonomy`` is a taxonomy or the path of its file; None takes the package's own.
        ``options`` are the engine's (docs/opensearch.md); the folder keeps those that are not
        secret. Raises IndexExists, TaxonomyError, OptionError (unknown engine or option),
        MissingExtra, WriteFailed, EngineUnreachable.
        """
        directory, chosen = IndexDirectory(path), corpus.Taxonomy.choose(taxonomy)
        made_by = fingerprint(chosen.text)
        kind = engine_kind(engine, options, fingerprint=made_by)
        own = chosen is not corpus.default_taxonomy()
        with directory.making(), closing(kind.create(directory.new_data(1), SCHEMA)):
            if own:
                directory.save_taxonomy(chosen.text, 1)
            directory.save_sources(Sources(), 1)
            directory.save_manifest(
                Manifest(engine, made_by, 1, tracuu_version(), own, options=kept_options(kind))
            )
        return cls.open(path, options=options)

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        abbreviations: str | os.PathLike[str] | None = None,
        options: Mapping[str, Any] | None = None,
        embedder: Embedder | None = None,
    ) -> Index:
        """Open the index in the folder ``path``.

        ``options`` are the engine's, besides those the folder keeps. ``abbreviations`` is a TOML
        file of one's own abbreviations, which searches take besides the package's (in the form of
        ``search/abbreviations.toml``), read now; a mistake in it is an OptionError. ``embedder``
        makes vectors of texts, for searches by meaning (docs/meaning.md). Raises IndexNotFound,
        NotAnIndex, IndexDamaged, IndexOutdated (made by another analysis: the message names the
        command that rebuilds it), MissingExtra.
        """
        directory = IndexDirectory(path)
        own = None
        if abbreviations is not None:
            own = search.AbbreviationFile.read(abbreviations)
            search.abbreviations_in(own)  # a mistake in it shows here
        generation = open_generation(directory, options)
        if generation.outdated:
            import logging  # here: a search should not wait for it

            logging.getLogger("tracuu.index").warning(
                "%s: %s; until then searches may miss passages",
                directory.folder,
                generation.outdated,
            )
        opened = cls(directory, generation)
        opened._abbreviations = own
        opened._embedder = embedder
        return opened

    def close(self) -> None:
        """Close the index's files. Using the index afterwards raises IndexClosed."""
        self._searchers.close()
        self._opened.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def outdated(self) -> str | None:
        """Why the index is outdated, and what to do; None if it is not.

        Raises IndexClosed. An outdated index may miss passages; writing raises IndexOutdated.
        """
        return self._opened.generation().outdated or None

    @property
    def taxonomy(self) -> Taxonomy:
        """Taxonomy of the index. Raises TaxonomyError, IndexDamaged, IndexClosed."""
        return self._opened.taxonomy()

    @property
    def path(self) -> str:
        """The index's folder."""
        return str(self._directory.folder)

    # --- writing ---

    def update(
        self,
        paths: Iterable[str | os.PathLike[str]],
        *,
        within: Iterable[str | os.PathLike[str]] | None = None,
        prune: bool | Literal["all"] = False,
        strict: bool = False,
        wait: float = 0.0,
        limits: Limits | None = None,
        ocr: bool | str = False,
        jobs: int | None = None,
    ) -> Iterator[Change]:
        """Bring the index up to date with files and folders.

        Yields one Change a file, as it happens. It is a generator: nothing happens before it is
        iterated, and everything becomes visible at once when it is exhausted. Leaving it early, or
        an exception, leaves the index as it was. Changes are found by the files' content, not their
        date. A file that fails does not stop the others, unless ``strict``. With ``prune``, reports
        whose files have vanished from the folders given are removed. A rebuild reads the paths
        given again, or, instead of them, the folders ``within`` which they lie. ``jobs`` processes
        at the most read files at once (None: as many as there are processors); small updates start
        none, and 1 forbids it. With ``ocr`` scanned pages are read with tesseract, where it is
        installed: True in Vietnamese, else the languages given, such as ``"vie+eng"``. Raises
        IndexBusy after waiting ``wait`` seconds for another writer, WriteFailed, IndexDamaged,
        OptionError (``jobs`` below 1).
        """
        return self._writer.update(
            paths,
            within=within,
            prune=prune,
            strict=strict,
            wait=wait,
            limits=limits,
            ocr=ocr,
            jobs=jobs,
        )

    def add(
        self,
        passages: Iterable[Passage],
        *,
        report: Report | None = None,
        classify: bool = True,
        wait: float = 0.0,
    ) -> int:
        """Add passages of an application's own, without files; how many there were.

        A passage whose id (``report#position``) is in the index is replaced; others of its report
        stay. ``report`` describes the report they belong to (its title, date …). With
        ``classify``, a passage left with the default area or without an assessment gets them from
        its heading path and words. Raises PassageError for one that cannot be indexed (nothing is
        added then), UnknownArea, IndexBusy.
        """
        return self._writer.add(passages, report, classify=classify, wait=wait)

    def put(
        self,
        content: bytes,
        *,
        name: str,
        report: str | None = None,
        extra: Mapping[str, str] | None = None,
        wait: float = 0.0,
        limits: Limits | None = None,
        ocr: bool | str = False,
    ) -> Change:
        """Add the report with these bytes, and keep them for rebuilds.

        ``content`` are the bytes of its file; they are kept in the index's folder. ``name`` is its
        file's name; nothing of that name is opened or written. ``report`` is the id it gets, in
        place of the report that was put there before; None makes one of the name; ``extra`` is the
        application's own metadata (None: as before); ``ocr`` is as in :meth:`update`. Raises a
        ReadError for what cannot be read, MissingExtra, OptionError (no id, no metadata),
        ReportExists (the id or the file is another's), IndexBusy, WriteFailed.
        """
        return self._writer.put(
            content, name, report, wait=wait, limits=limits, ocr=ocr, extra=extra
        )

    def set_extra(self, extras: Mapping[str, Mapping[str, str]], *, wait: float = 0.0) -> int:
        """Give reports metadata of the application's own, however they came into the index.

        ``extras`` maps ids of reports to their metadata, whole; return how many changed. Updates,
        rebuilds and copies keep it. Raises OptionError (no metadata), UnknownReport (nothing is
        changed then), IndexBusy, WriteFailed.
        """
        return self._writer.set_extra(extras, wait=wait)

    def remove(self, reports: str | Iterable[str], *, wait: float = 0.0) -> int:
        """Remove reports by id with all their passages; return the number of passages.

        Raises UnknownReport (nothing is removed then), IndexBusy. A removed report whose file is
        there comes back with the next update; the original of one that was put is removed.
        """
        return self._writer.remove(reports, wait=wait)

    def correct(
        self,
        passage: str,
        *,
        area: str | None = None,
        assessment: str | None = None,
        cause_of: Literal["achievement", "shortcoming"] | None = None,
        note: str = "",
        who: str = "",
        wait: float = 0.0,
    ) -> Correction:
        """Correct the area or assessment of the passage with this id.

        The id is ``REPORT#POSITION``. The correction is kept in the index's folder
        (``corrections.jsonl``) and applied whenever the report is read again, for as long as the
        passage's text is nearly the same; its decision then has the source ``"hand"``. ``area`` is
        an id, a label or an unambiguous part of either; ``assessment`` is as in :meth:`search`,
        ``"none"`` included. An argument left out keeps an earlier correction. ``who`` and ``note``
        are kept with it. Raises UnknownPassage, UnknownArea, OptionError, IndexBusy, WriteFailed.
        """
        return self._writer.correct(
            passage,
            area=area,
            assessment=assessment,
            cause_of=cause_of,
            note=note,
            who=who,
            wait=wait,
        )

    def undo_correction(self, passage: str, *, wait: float = 0.0) -> Correction:
        """Take a correction back: restore the reader's decision on a passage.

        Returns the correction. Raises UnknownPassage (no correction), IndexBusy, WriteFailed.
        """
        return self._writer.undo_correction(passage, wait=wait)

    def corrections(self) -> tuple[Correction, ...]:
        """Corrections by report and position; ``fits`` is False without the passage."""
        with self._snapshot() as snapshot:
            return index.list_corrections(self._directory, snapshot)

    def forget(
        self, folder: str | os.PathLike[str], *, remove: bool = False, wait: float = 0.0
    ) -> tuple[str, ...]:
        """End a folder or file as a source of the index.

        Returns the ids of the reports that were read from there alone. They stay in the index
        unless ``remove`` is set. Raises OptionError (it is no source), IndexBusy, WriteFailed.
        """
        return self._writer.forget(folder, remove=remove, wait=wait)

    def ignore(self, patterns: str | Iterable[str], *, wait: float = 0.0) -> tuple[str, ...]:
        """Leave files out of later updates.

        Returns all patterns in force, as in .gitignore; an existing path stands for itself. Reports
        in the index stay. Raises OptionError, IndexBusy, WriteFailed.
        """
        return self._writer.ignore(patterns, wait=wait)

    def ignored(self) -> tuple[str, ...]:
        """The patterns of :meth:`ignore`. Raises IndexDamaged."""
        return index.ignored_patterns(self._directory)

    def ignore_rules(self) -> IgnoreRules:
        """The same, ready to match paths. Raises IndexDamaged, OptionError."""
        return index.ignore_rules(self._directory)

    @property
    def _writer(self) -> IndexWriter:
        return index.IndexWriter(self._directory, self._opened, self._analyser)

    # --- searching ---

    def search(
        self,
        query: str = "",
        *,
        area: str | Sequence[str] | None = None,
        assessment: str | Sequence[str] | None = None,
        report: str | Sequence[str] | None = None,
        year: int | str | tuple[int | None, int | None] | None = None,
        term: str | tuple[int, int] | None = None,
        kind: str | Sequence[str] | None = None,
        number: str | None = None,
        body: str | Sequence[str] | None = None,
        place: str | Sequence[str] | None = None,
        folder: str | Sequence[str] | None = None,
        extra: Mapping[str, str | Sequence[str]] | str | Sequence[str] | None = None,
        literal: bool = False,
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        collapse: bool = True,
        width: int = 240,
        meaning: bool = False,
    ) -> Results:
        """Rank the passages that match ``query`` and all filters.

        Without a query, list them in reading order. ``area`` is an id, a label or an unambiguous
        part of either; ``year`` a year, (first, last) or ``"2003..2005"``; ``term``
        ``"2000-2005"``; ``kind`` what the report calls itself (``"nghị quyết"``); ``number`` its
        document number, whole or in part; ``body`` who issued it and ``place`` where, by name or
        whole words of one; ``folder`` a folder its file lies in or below (``"2024"``,
        ``"xa-a/2024"``); ``extra`` metadata of the application's own (``{"key": "value"}``);
        ``literal`` takes the query as plain words; ``sort`` is ``"relevance"``, ``"reading"`` or
        ``"date"``; ``collapse`` folds near-identical passages into one hit; ``width`` is how many
        characters a snippet has at the most; ``meaning`` ranks by the embedder too
        (docs/meaning.md). The query language is described in docs/query-language.md.
        Raises QueryError (with the position), UnknownArea, UnknownReport, OptionError, IndexClosed,
        IndexDamaged.
        """
        given: dict[str, Any] = {
            **{"area": area, "assessment": assessment, "report": report, "year": year},
            **{"term": term, "kind": kind, "number": number, "body": body, "place": place},
            **{"folder": folder, "extra": extra, "literal": literal, "sort": sort, "limit": limit},
            **{"offset": offset, "collapse": collapse, "width": width},
        }
        if not meaning:
            return self._searchers.run(lambda searcher: searcher.search(query, **given))
        return self._searchers.run(
            lambda searcher: index.search_in(
                self._directory, self._embedder, searcher, query, given
            )
        )

    def embed(self) -> Iterator[Embedded]:
        """Make the missing vectors of passages, for searches by meaning.

        Yields its progress. Raises OptionError (no embedder), EmbedderFailed, WriteFailed.
        """
        with self._snapshot() as snapshot:
            yield from index.embed(self._directory, snapshot, self._embedder)

    def explain(self, query: str, passage: str, *, literal: bool = False) -> Explanation:
        """Explain a passage's score for ``query``. Raises QueryError, UnknownPassage."""
        return self._searchers.run(lambda s: s.explain(query, passage, literal=literal))

    def similar(
        self, passage: str, *, limit: int = 10, offset: int = 0, width: int = 240
    ) -> Results:
        """Passages like the one with this id, most alike first. Raises UnknownPassage."""
        return self._searchers.run(
            lambda searcher: searcher.similar(passage, limit=limit, offset=offset, width=width)
        )

    def tally(
        self,
        query: str = "",
        *,
        by: By | Sequence[By],
        literal: bool = False,
        **filters: Unpack[Filters],
    ) -> Tally:
        """Count the passages that match ``query`` and all filters.

        They are counted by one or two of ``"area"``, ``"assessment"``, ``"report"``, ``"term"``,
        ``"kind"``, ``"body"``, ``"place"`` and ``"folder"``. The filters, and what it raises, are
        those of :meth:`search`.
        """
        return self._searchers.run(
            lambda searcher: searcher.tally(query, by=by, literal=literal, **filters)
        )

    def compare(
        self, one: str, other: str, *, area: str | Sequence[str] | None = None
    ) -> Comparison:
        """Compare two reports, by id or part of it, area by area.

        Shows shortcomings that were mended, remain or are new. The older one is known by term or
        date, else it is ``one``. Raises UnknownReport, UnknownArea, OptionError (the same report).
        """
        return self._searchers.run(
            lambda s: compare.compare_in(s.sources, self.areas(), one, other, area)
        )

    def compare_terms(
        self, reports: Sequence[str], *, area: str | Sequence[str] | None = None
    ) -> Series:
        """Compare 2 to 8 reports, each with the next newer one, as :meth:`compare`."""
        return self._searchers.run(
            lambda s: compare.series_in(s.sources, self.areas(), reports, area)
        )

    def suggest(self, text: str, *, limit: int = 8) -> tuple[Completion, ...]:
        """Complete ``text``, which a user is typing.

        Words and phrases of the index, the likeliest first, with diacritics. Raises OptionError.
        """
        return self._searchers.run(lambda searcher: searcher.suggest(text, limit=limit))

    def _make_searcher(self, snapshot: Snapshot) -> Searcher:
        return search.Searcher(
            snapshot,
            self._analyser,
            self._opened.resolve,
            abbreviations=abbreviations_of(self._directory, self._abbreviations),
        )

    @property
    def abbreviations(self) -> str:
        """The TOML text of the abbreviations given to :meth:`open`; empty where there are none."""
        return self._abbreviations.text if self._abbreviations is not None else ""

    @property
    def synonyms(self) -> str:
        """The TOML text of the synonyms kept with the index; empty where there are none."""
        return read_synonyms(self._directory)

    def replace_synonyms(self, file: str | os.PathLike[str] | None, *, wait: float = 0.0) -> None:
        """Keep the synonyms in this TOML file with the index, instead of those before.

        None removes them. Nothing is indexed again. Raises OptionError, IndexBusy, WriteFailed.
        """
        replace_synonyms(self._directory, file, wait)

    # --- looking around ---

    def reports(self) -> tuple[Report, ...]:
        """All reports, by id. Notebooks show them as a table."""
        with self._searchers.lease() as lease:
            if lease.reports is None:  # read once for each committed state
                lease.reports = Reports(map(self._opened.located, read_records(lease.snapshot)))
            return lease.reports

    def report(self, report: str) -> Report:
        """The report with this id. Raises UnknownReport."""
        with self._snapshot() as snapshot:
            return self._opened.located(known_record(snapshot, report))

    def original(self, report: str, *, limits: Limits | None = None) -> Original:
        """A report's file. Raises UnknownReport, UnreadableFile (changed …), TooLarge."""
        with self._snapshot() as snapshot:
            return index.original_of(self._directory, known_record(snapshot, report), limits)

    def passage(self, passage: str) -> Passage:
        """The passage with this id (``REPORT#POSITION``). Raises UnknownPassage."""
        with self._snapshot() as snapshot:
            return known_passage(snapshot, passage)

    def surroundings(self, passage: str, *, before: int = 2, after: int = 2) -> Surroundings:
        """A passage with its neighbours. Raises UnknownPassage, OptionError."""
        with self._snapshot() as snapshot:
            return surroundings_of(snapshot, passage, before, after)

    def labels(self) -> dict[str, str]:
        """Id → label of the areas, in their order: cheaper than :meth:`areas`."""
        return self._opened.labels()

    def areas(self) -> tuple[Area, ...]:
        """The leadership areas of this index's taxonomy, in their order."""
        return self.taxonomy.areas

    def info(self) -> Info:
        """The index in figures."""
        manifest, found = self._opened.generation().manifest, self.search("", limit=0)
        return info_of(self._directory, manifest, len(self.reports()), found.total, found.facets)

    @property
    def generation(self) -> int:
        """Number of times the index was made or rebuilt. Raises IndexClosed."""
        return self._opened.generation().manifest.generation

    def state(self) -> object:
        """The same object as long as nothing is committed and the index is not rebuilt."""
        with self._snapshot() as snapshot:
            return snapshot.state

    def _snapshot(self) -> Snapshot:
        return self._opened.take(lambda engine: engine.snapshot())
