"""The facade of the library: open an index, write to it, search it."""

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

if TYPE_CHECKING:  # corpus and search import their modules on first use
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

    Threads may share one ``Index`` and search it concurrently, also during writes; each search sees
    one committed state. One thread or process writes at a time; others wait or get IndexBusy.
    Opening an index never runs code stored in it, so an index from an untrusted source is safe.
    """

    def __init__(self, directory: IndexDirectory, generation: Generation) -> None:
        """Called by :meth:`create` and :meth:`open` only."""
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
        """Create an empty index in the folder ``path``, which is missing or empty.

        ``taxonomy`` is a taxonomy or the path of a taxonomy file (None: the package's). ``options``
        are the engine's (docs/opensearch.md); those that are not secret are saved in the folder.
        Raises IndexExists, TaxonomyError, OptionError (unknown engine or option), MissingExtra,
        WriteFailed, EngineUnreachable.
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

        ``options`` are the engine's, in addition to those saved in the folder. ``abbreviations`` is
        a TOML file of further abbreviations for searches, read once, in the format of
        ``search/abbreviations.toml``. ``embedder`` computes vectors of texts for semantic search
        (docs/meaning.md). Raises IndexNotFound, NotAnIndex, IndexDamaged, IndexOutdated (its fields
        have changed: the message names the command that rebuilds it), OptionError (a faulty
        abbreviations file), MissingExtra.
        """
        directory = IndexDirectory(path)
        own = None
        if abbreviations is not None:
            own = search.AbbreviationFile.read(abbreviations)
            search.abbreviations_in(own)  # raises OptionError for a faulty file
        generation = open_generation(directory, options)
        if generation.outdated:
            import logging  # imported here to keep searches from loading it

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
        """The reason why the index is outdated, with advice, or None.

        Raises IndexClosed. An outdated index may miss passages; writing raises IndexOutdated.
        """
        return self._opened.generation().outdated or None

    @property
    def taxonomy(self) -> Taxonomy:
        """The taxonomy of the index. Raises TaxonomyError, IndexDamaged, IndexClosed."""
        return self._opened.taxonomy()

    @property
    def path(self) -> str:
        """The folder of the index."""
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

        Yields one Change per file, as it happens. This is a generator: nothing happens until it is
        iterated, and all changes become visible at once when it is exhausted. An exception, or
        leaving it early, leaves the index unchanged. Changes are detected by the content of files,
        not their date. A file that fails does not stop the others, unless ``strict`` is set.
        ``prune`` removes reports whose files have vanished from ``paths``. A later rebuild reads
        ``paths`` again, or the folders ``within`` if given. Up to ``jobs`` processes read files in
        parallel (None: one per processor; small updates start none). ``ocr`` reads scanned pages
        with tesseract, if installed: True in Vietnamese, a string in the languages it names, such
        as ``"vie+eng"``. Raises IndexBusy (another writer is still at work after ``wait`` seconds),
        WriteFailed, IndexDamaged, OptionError (``jobs`` below 1).
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
        """Add passages without files; return their number.

        A passage replaces the one with the same id (``report#position``); the others of its report
        stay. ``report`` describes the report they belong to (title, date …). ``classify`` decides
        the area or assessment of a passage without one from its heading path and words. Raises
        PassageError (a passage that cannot be indexed; nothing is added), UnknownArea, IndexBusy.
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
        """Add a report from the bytes of its file, which are kept for rebuilds.

        ``content`` is kept in the index's folder. ``name`` is the file's name; no file of that name
        is opened or written. ``report`` is the id, replacing an earlier upload with that id (None:
        derived from the name); ``extra`` is the application's metadata (None: unchanged); ``ocr``
        is as in :meth:`update`. Raises ReadError (``content`` cannot be read), MissingExtra,
        OptionError (an invalid id or invalid metadata), ReportExists (the id or the file belongs to
        another report), IndexBusy, WriteFailed.
        """
        return self._writer.put(
            content, name, report, wait=wait, limits=limits, ocr=ocr, extra=extra
        )

    def set_extra(self, extras: Mapping[str, Mapping[str, str]], *, wait: float = 0.0) -> int:
        """Set the application's metadata on reports of any origin.

        ``extras`` maps report ids to their complete metadata. Returns the number of reports that
        changed. Updates, rebuilds and copies keep the metadata. Raises OptionError (invalid
        metadata), UnknownReport (nothing is changed), IndexBusy, WriteFailed.
        """
        return self._writer.set_extra(extras, wait=wait)

    def remove(self, reports: str | Iterable[str], *, wait: float = 0.0) -> int:
        """Remove reports by id with all their passages; return the number of passages.

        A report whose file still exists comes back with the next update; the original of an
        uploaded report is removed. Raises UnknownReport (nothing is removed), IndexBusy.
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
        (``corrections.jsonl``) and applied whenever the report is read again, as long as the
        passage's text is nearly the same; the source of its decision is then ``"hand"``. ``area``
        is an id, a label or an unambiguous part of either; ``assessment`` is as in :meth:`search`,
        including ``"none"``. An omitted argument keeps an earlier correction. ``who`` and ``note``
        are stored with the correction. Raises UnknownPassage, UnknownArea, OptionError, IndexBusy,
        WriteFailed.
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
        """Remove a correction and restore the reader's decision on the passage.

        Returns the correction. Raises UnknownPassage (no correction), IndexBusy, WriteFailed.
        """
        return self._writer.undo_correction(passage, wait=wait)

    def corrections(self) -> tuple[Correction, ...]:
        """All corrections, sorted; ``fits`` is False if the passage is gone."""
        with self._snapshot() as snapshot:
            return index.list_corrections(self._directory, snapshot)

    def forget(
        self, folder: str | os.PathLike[str], *, remove: bool = False, wait: float = 0.0
    ) -> tuple[str, ...]:
        """Remove a folder or file from the sources of the index.

        Returns the ids of the reports read only from there. They stay in the index unless
        ``remove`` is set, which also removes those of a source that was removed before. Raises
        OptionError (not a source), IndexBusy, WriteFailed.
        """
        return self._writer.forget(folder, remove=remove, wait=wait)

    def ignore(self, patterns: str | Iterable[str], *, wait: float = 0.0) -> tuple[str, ...]:
        """Exclude files from later updates.

        ``patterns`` are those of .gitignore, or existing paths. Returns all patterns of the index.
        Reports already indexed stay. Raises OptionError, IndexBusy, WriteFailed.
        """
        return self._writer.ignore(patterns, wait=wait)

    def ignored(self) -> tuple[str, ...]:
        """The patterns of :meth:`ignore`. Raises IndexDamaged."""
        return index.ignored_patterns(self._directory)

    def ignore_rules(self) -> IgnoreRules:
        """The patterns, compiled to match paths. Raises IndexDamaged, OptionError."""
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
        partial: bool = False,
    ) -> Results:
        """Rank the passages that match ``query`` and all filters.

        An empty query lists all passages in reading order. ``area`` is an id, a label or an
        unambiguous part of either; ``year`` a year, (first, last) or ``"2003..2005"``; ``term``
        ``"2000-2005"``; ``kind`` the type of document (``"nghị quyết"``); ``number`` its document
        number or a part of it; ``body`` the issuing body and ``place`` the place, by name or whole
        words of it; ``folder`` a folder that contains the file, directly or not (``"2024"``,
        ``"xa-a/2024"``); ``extra`` the application's metadata (``{"key": "value"}``). ``literal``
        disables operators in the query; ``sort`` is ``"relevance"``, ``"reading"`` or ``"date"``;
        ``collapse`` folds near-identical passages into one hit; ``width`` is the maximum length of
        a snippet, in characters; ``meaning`` adds semantic ranking by the embedder
        (docs/meaning.md); ``partial`` fills the last page with passages that lack some of the words
        (``Results.partial``). The query language is described in docs/query-language.md. Raises
        QueryError (with the position), UnknownArea, UnknownReport, OptionError, IndexClosed,
        IndexDamaged.
        """
        given: dict[str, Any] = {
            **{"area": area, "assessment": assessment, "report": report, "year": year},
            **{"term": term, "kind": kind, "number": number, "body": body, "place": place},
            **{"folder": folder, "extra": extra, "literal": literal, "sort": sort, "limit": limit},
            **{"offset": offset, "collapse": collapse, "width": width, "partial": partial},
        }
        if not meaning:
            return self._searchers.run(lambda searcher: searcher.search(query, **given))
        return self._searchers.run(
            lambda searcher: index.search_in(
                self._directory, self._embedder, searcher, query, given
            )
        )

    def embed(self) -> Iterator[Embedded]:
        """Compute the missing vectors of passages, for semantic search.

        Yields progress. Raises OptionError (no embedder), EmbedderFailed, WriteFailed.
        """
        with self._snapshot() as snapshot:
            yield from index.embed(self._directory, snapshot, self._embedder)

    def explain(self, query: str, passage: str, *, literal: bool = False) -> Explanation:
        """Explain a passage's score for ``query``. Raises QueryError, UnknownPassage."""
        return self._searchers.run(lambda s: s.explain(query, passage, literal=literal))

    def similar(
        self, passage: str, *, limit: int = 10, offset: int = 0, width: int = 240
    ) -> Results:
        """Passages similar to this one, most similar first. Raises UnknownPassage."""
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

        ``by`` is one or two of ``"area"``, ``"assessment"``, ``"report"``, ``"term"``, ``"kind"``,
        ``"body"``, ``"place"`` and ``"folder"``. Filters and errors are those of :meth:`search`.
        """
        return self._searchers.run(
            lambda searcher: searcher.tally(query, by=by, literal=literal, **filters)
        )

    def compare(
        self, one: str, other: str, *, area: str | Sequence[str] | None = None
    ) -> Comparison:
        """Compare two reports, given by id or part of it, area by area.

        Finds shortcomings that were resolved, persist or are new. The older report is determined by
        term or date, else it is ``one``. Raises UnknownReport, UnknownArea, OptionError (the same
        report).
        """
        return self._searchers.run(
            lambda s: compare.compare_in(s.sources, self.areas(), one, other, area)
        )

    def compare_terms(
        self, reports: Sequence[str], *, area: str | Sequence[str] | None = None
    ) -> Series:
        """Compare each of 2 to 8 reports with the next newer one, as :meth:`compare`."""
        return self._searchers.run(
            lambda s: compare.series_in(s.sources, self.areas(), reports, area)
        )

    def suggest(self, text: str, *, limit: int = 8) -> tuple[Completion, ...]:
        """Complete a query while the user is typing it.

        Returns words and phrases of the index with diacritics, the most likely first. Raises
        OptionError.
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
        """The abbreviations given to :meth:`open`, as TOML; empty if there are none."""
        return self._abbreviations.text if self._abbreviations is not None else ""

    @property
    def synonyms(self) -> str:
        """The synonyms kept with the index, as TOML; empty if there are none."""
        return read_synonyms(self._directory)

    def replace_synonyms(self, file: str | os.PathLike[str] | None, *, wait: float = 0.0) -> None:
        """Replace the synonyms kept with the index by those in a TOML file.

        None removes them. Takes effect at once, without a rebuild. Raises OptionError, IndexBusy,
        WriteFailed.
        """
        replace_synonyms(self._directory, file, wait)

    # --- reports and passages ---

    def reports(self) -> tuple[Report, ...]:
        """All reports, sorted by id; shown as a table in notebooks."""
        with self._searchers.lease() as lease:
            if lease.reports is None:  # read once per committed state
                lease.reports = Reports(map(self._opened.located, read_records(lease.snapshot)))
            return lease.reports

    def report(self, report: str) -> Report:
        """The report with this id. Raises UnknownReport."""
        with self._snapshot() as snapshot:
            return self._opened.located(known_record(snapshot, report))

    def original(self, report: str, *, limits: Limits | None = None) -> Original:
        """The file of a report. Raises UnknownReport, UnreadableFile, TooLarge."""
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
        """Id → label of the areas, in order; cheaper than :meth:`areas`."""
        return self._opened.labels()

    def areas(self) -> tuple[Area, ...]:
        """The leadership areas of the taxonomy, in order."""
        return self.taxonomy.areas

    def info(self) -> Info:
        """Statistics of the index: engine, size, numbers of reports and passages."""
        manifest, found = self._opened.generation().manifest, self.search("", limit=0)
        return info_of(self._directory, manifest, len(self.reports()), found.total, found.facets)

    @property
    def generation(self) -> int:
        """Number of times the index was created or rebuilt. Raises IndexClosed."""
        return self._opened.generation().manifest.generation

    def state(self) -> object:
        """Identity of the committed state: changes with each commit or rebuild."""
        with self._snapshot() as snapshot:
            return snapshot.state

    def _snapshot(self) -> Snapshot:
        return self._opened.take(lambda engine: engine.snapshot())
