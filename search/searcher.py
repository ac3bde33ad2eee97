"""Search one snapshot of an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from ..engines.engine import FacetCount, Response, Snapshot
from ..engines.query import (
    And,
    ConstantScore,
    MatchAll,
    Node,
    Or,
    Phrase,
    Prefix,
    Request,
    SortKey,
    Term,
    TermIn,
)
from ..errors import OptionError, QueryError, UnknownPassage
from ..schema import (
    AREA,
    DATE,
    KEY,
    POSITION,
    REPORT,
    read_passage,
    report_key,
    stored_of,
)
from ..vietnamese import Analyser
from . import filters, tuning
from .abbreviations import Abbreviations, packaged_abbreviations
from .area_ranking import rank_areas
from .collector import (
    FACETS,
    Ask,
    HitMaker,
    collapsed_page,
    counts_of,
    no_counts,
    plain_page,
)
from .empty_results import count_without
from .letterheads import Letterheads, left_alone
from .matching import NOTHING
from .own_numbers import OwnNumber, own_number
from .query import ast
from .query.clauses import PASSAGES
from .query.parser import parse
from .query.planner import Plan, QueryContext, Readings, Strictness, make_plan, plans
from .query.walk import fields_of, leaves_of, plain_spans
from .results import Hit, MissingWord, Relaxed, Results
from .statistics import TermStatistics

if TYPE_CHECKING:  # imported on demand: few searches need these
    from typing_extensions import Unpack

    from .autocomplete import Completer
    from .explain import Explanation
    from .facets import By, Tally
    from .names import Completion, NameCompleter

Sort: TypeAlias = Literal["relevance", "reading", "date"]

SORTS: tuple[Sort, ...] = ("relevance", "reading", "date")
_READING = (SortKey(REPORT), SortKey(POSITION))
_ORDERS: dict[str, tuple[SortKey, ...]] = {
    "relevance": (),
    "reading": _READING,
    "date": (SortKey(DATE, descending=True), *_READING),
}
_CACHED = 64  # combinations of filters with cached sizes of areas
_NAMES = 4  # maximum names of reports among suggestions


class Searcher:
    """Searches one snapshot.

    Thread-safe.

    ``resolve_area`` returns the id of an area for a name, or raises UnknownArea. ``abbreviations``
    default to tracuu's (see :func:`load_abbreviations`).
    """

    def __init__(
        self,
        snapshot: Snapshot,
        analyser: Analyser,
        resolve_area: Callable[[str], str],
        *,
        abbreviations: Abbreviations | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._sources = QueryContext(
            snapshot,
            TermStatistics(snapshot),
            analyser,
            abbreviations if abbreviations is not None else packaged_abbreviations(),
            resolve_area,
        )
        self._letterheads = Letterheads(self._sources)
        self._hits = HitMaker(snapshot)
        self._area_sizes: dict[tuple[Node, ...], Mapping[str, int]] = {}
        self._completer: Completer | None = None
        self._names: NameCompleter | None = None

    @property
    def sources(self) -> QueryContext:
        """The context of searches: the snapshot, its statistics, the analyser."""
        return self._sources

    def search(
        self,
        query: str = "",
        *,
        literal: bool = False,
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        collapse: bool = True,
        width: int = 240,
        partial: bool = False,
        **chosen: Unpack[filters.Filters],
    ) -> Results:
        """Passages that match ``query`` and pass all of the filters.

        Several names of an area, assessment, report, kind, body, place or folder match any of them.
        ``year`` is one year or (first, last), and matches reports on an overlapping span. ``term``
        is an exact term of office. An empty query returns all passages that pass the filters in
        reading order: by report, then by position. ``literal`` disables operators. ``collapse``
        shows one of several near-identical passages (when sorted by relevance). ``width`` is the
        maximum length of snippets, in characters. ``partial`` fills the last page with passages
        that lack some of the words (``Results.partial``; when sorted by relevance).

        Raises:
            QueryError: the query cannot be understood; it has the position.
            OptionError: an option with an invalid value; includes UnknownArea.
            UnknownReport: no such report.
        """
        _check(query, sort, limit, offset, width)
        named = filters.make_filters(chosen, self._sources)
        within = tuple(named.values())
        if not query.strip():
            listed = self._listing(query, within, sort, limit, offset, width)
            return self._with_reasons(listed, named, ast.Query(query, None))
        reads: Readings = {}
        parsed, within, name, own = self._parsed(query, within, reads, literal=literal)
        numbered = own.reports if own is not None else ()
        if parsed.root is None and (name is not None or own is not None):
            listed = self._listing(query, within, sort, limit, offset, width)
            return replace(listed, missing=(name,) if name else (), numbered=numbered)
        for plan in self._plans(parsed, own, reads):
            if plan.match is None:
                # Only punctuation: finds nothing, unlike an empty query.
                return Results(query, 0, (), no_counts(), offset=offset, limit=limit, wordless=True)
            found, hits, folded = self._page(
                plan, within, sort, limit, offset, width, collapse=collapse
            )
            if found.total:
                break
        relaxed = _relaxed(plan) if found.total else None
        results = Results(
            query,
            found.total,
            hits,
            counts_of(found),
            rank_areas(found.facets.get(AREA, {}), self._sizes_of_areas(within)),
            self._suggestion(parsed, plan, found.total, relaxed, within, literal=literal),
            relaxed,
            folded,
            offset,
            limit,
            numbered=numbered,
            missing=self._missing(plan, name, parsed, found.total),
            operators=parsed.operators,
            variants=dict(plan.variants),
        )
        if partial and sort == "relevance":
            results = self._with_partial(results, plan, within, width, collapse=collapse)
        return self._with_reasons(results, named, parsed)

    def _parsed(
        self, query: str, within: tuple[Node, ...], reads: Readings, *, literal: bool
    ) -> tuple[ast.Query, tuple[Node, ...], MissingWord | None, OwnNumber | None]:
        """The tree of a query, its filters, and the name and the document number in it."""
        own = None if literal else own_number(query, self._snapshot)
        if own is not None and own.labelled:
            return ast.Query(query, None), (*within, own.node), None, own
        parsed = parse(query if own is None else own.typed, literal=literal)
        return *self._with_name(parsed, within, reads), own

    def _plans(self, parsed: ast.Query, own: OwnNumber | None, reads: Readings) -> Iterator[Plan]:
        """The plans of a query, extended to the reports with the number ``own``."""
        for plan in plans(parsed, self._sources, reads):
            yield plan if own is None or plan.match is None else own.added_to(plan)

    def _with_name(
        self, parsed: ast.Query, within: tuple[Node, ...], reads: Readings
    ) -> tuple[ast.Query, tuple[Node, ...], MissingWord | None]:
        """Apply a name in the query as a filter, if that finds something.

        A name consists of words for a body, place or title that occur in no passage. If the filter
        finds nothing, the name is only reported.
        """
        named = None if parsed.literal else self._letterheads.name_in(parsed, reads)
        if named is None:
            return parsed, within, None
        inside = (*within, named.node)
        if named.rest.root is None:
            taken = self._total(And((PASSAGES, *map(ConstantScore, inside)))) > 0
        else:
            plan = make_plan(named.rest, self._sources)
            taken = plan.match is not None and self._total(plan.node(inside)) > 0
        if taken:
            return named.rest, inside, named.missing
        return parsed, within, left_alone(named)

    def _with_reasons(
        self, results: Results, named: Mapping[str, Node], parsed: ast.Query
    ) -> Results:
        """Add counts without each filter to results with nothing as typed."""
        if results.total and results.relaxed != "fewer-words":
            return results
        count = self._count_as_typed if results.total else self._count
        found = count_without(named, parsed, count)
        return replace(results, without_filters=found) if found else results

    def _count(self, within: Sequence[Node], parsed: ast.Query) -> int:
        """Number of passages that a search finds, relaxing it if necessary."""
        if parsed.root is None:
            return self._total(And((PASSAGES, *within)))
        total = 0
        for plan in plans(parsed, self._sources):
            total = self._total(plan.node(within)) if plan.match is not None else 0
            if total:
                break
        return total

    def _count_as_typed(self, within: Sequence[Node], parsed: ast.Query) -> int:
        """Number of passages that match a query with words without relaxing it."""
        plan = make_plan(parsed, self._sources)
        return self._total(plan.node(within)) if plan.match is not None else 0

    def _missing(
        self, plan: Plan, name: MissingWord | None, parsed: ast.Query, total: int
    ) -> tuple[MissingWord, ...]:
        """The words, the name and, where nothing matches, other parts in no passage."""
        missing = list(plan.missing)
        if name is not None:
            inside = f" {name.word} "
            missing = [name, *(word for word in missing if f" {word.word} " not in inside)]
        for leaf in leaves_of(parsed.root) if not total else ():
            alone = make_plan(replace(parsed, root=leaf), self._sources)
            if alone.match is not None and not self._total(alone.node()):
                source = parsed.source[leaf.start : leaf.end]
                missing.append(MissingWord(leaf.text if isinstance(leaf, ast.Phrase) else source))
        return tuple(missing)

    def _page(
        self,
        plan: Plan,
        within: Sequence[Node],
        sort: Sort,
        limit: int,
        offset: int,
        width: int,
        *,
        collapse: bool,
    ) -> tuple[Response, tuple[Hit, ...], int]:
        """One page, and the number of near-identical passages omitted up to it."""
        ranking = plan.ranking(within) if sort == "relevance" else None
        node = plan.node(within)
        ask = self._asker(node, sort) if ranking is None else self._ranker(node, ranking)
        collapse = collapse and sort == "relevance"
        return self._read_page(ask, plan, limit, offset, width, collapse=collapse)

    def _read_page(
        self, ask: Ask, plan: Plan, limit: int, offset: int, width: int, *, collapse: bool
    ) -> tuple[Response, tuple[Hit, ...], int]:
        words = [word for word in plan.words if word.counted][: tuning.MAX_CHECKED_WORDS]
        if collapse and plan.scoring:
            return collapsed_page(ask, self._hits, plan.patterns, limit, offset, width, words)
        return *plain_page(ask, self._hits, plan.patterns, limit, offset, width, words), 0

    def _with_partial(
        self, results: Results, plan: Plan, within: Sequence[Node], width: int, *, collapse: bool
    ) -> Results:
        """Fill the last page with passages that lack some of the words."""
        ranking = plan.ranking(within)
        # A query that ranks more than it counts is read on from where its list ends.
        node = ranking if ranking is not None else plan.partial_matches(within)
        room = results.limit - len(results)
        if node is None or not room or not results.hits or results.relaxed is not None:
            return results
        start = results.total if ranking is not None else 0

        def ask(limit: int, offset: int) -> Response:
            request = Request(node, limit, offset + start, tie_breakers=_READING)
            return self._snapshot.search(request)

        _, hits, _ = self._read_page(ask, plan, room, 0, width, collapse=collapse)
        first = results.offset + len(results) + 1
        numbered = (replace(hit, rank=rank) for rank, hit in enumerate(hits, start=first))
        return replace(results, partial=tuple(numbered))

    def _listing(
        self, query: str, within: Sequence[Node], sort: Sort, limit: int, offset: int, width: int
    ) -> Results:
        """All passages that pass the filters, in reading order by default."""
        ask = self._asker(And((PASSAGES, *within)), "reading" if sort == "relevance" else sort)
        found, hits = plain_page(ask, self._hits, (), limit, offset, width)
        return Results(query, found.total, hits, counts_of(found), offset=offset, limit=limit)

    def passages(
        self, ids: Iterable[str], parsed: ast.Query, options: Mapping[str, Any]
    ) -> list[Hit]:
        """Hits for the given passages that pass the filters.

        The filters are those in ``options`` and in the query.
        """
        named = {name: options.get(name) for name in filters.FILTER_NAMES}
        within = list(filters.make_filters(cast(filters.Filters, named), self._sources).values())
        for one in fields_of(parsed.root):
            values = [value.text for value in one.values]
            within.append(
                Or(tuple(filters.make_filter(one.field, text, self._sources) for text in values))
            )
        names = tuple(ids)
        ask = self._asker(And((PASSAGES, *within, TermIn(KEY, names))), "reading")
        _, hits = plain_page(ask, self._hits, (), len(names), 0, options.get("width", 240))
        return list(hits)

    def similar(
        self, passage: str, *, limit: int = 10, offset: int = 0, width: int = 240
    ) -> Results:
        """Passages most similar to the passage of this id, by their informative words.

        The passage itself is left out.

        Raises:
            UnknownPassage: no such passage.
        """
        from .more_like_this import similar_plan

        _check("", "relevance", limit, offset, width)
        stored = self._stored(passage)
        plan = similar_plan(read_passage(stored), self._sources.analyser, self._sources.statistics)
        if plan is None:
            return Results(passage, 0, (), no_counts(), offset=offset, limit=limit)
        ask = self._asker(plan.node, "relevance")
        found, hits = plain_page(ask, self._hits, plan.patterns, limit, offset, width)
        areas = rank_areas(found.facets.get(AREA, {}), self._sizes_of_areas(()))
        return Results(
            passage, found.total, hits, counts_of(found), areas, offset=offset, limit=limit
        )

    def tally(
        self,
        query: str = "",
        *,
        by: By | Sequence[By],
        literal: bool = False,
        **chosen: Unpack[filters.Filters],
    ) -> Tally:
        """Count the passages that match ``query`` within the filters, by 1 or 2 fields.

        Counts the matches of :meth:`search` with the same arguments.

        Raises:
            QueryError, UnknownReport: as :meth:`search`.
            OptionError: ``by`` or an option with an invalid value.
        """
        from .facets import Tally, checked_by, count_by

        names = checked_by(by)
        _check(query, "relevance", 0, 0, 240)
        within = tuple(filters.make_filters(chosen, self._sources).values())
        if not query.strip():
            return Tally(query, names, *count_by(self._snapshot, And((PASSAGES, *within)), names))
        reads: Readings = {}
        parsed, within, name, own = self._parsed(query, within, reads, literal=literal)
        if parsed.root is None and (name is not None or own is not None):
            counted = count_by(self._snapshot, And((PASSAGES, *within)), names)
            return Tally(query, names, *counted, missing=(name,) if name else ())
        for plan in self._plans(parsed, own, reads):
            if plan.match is None:
                return Tally(query, names, 0, wordless=True)
            total, counts = count_by(self._snapshot, plan.node(within), names)
            if total:
                break
        relaxed = _relaxed(plan) if total else None
        missing = self._missing(plan, name, parsed, total)
        return Tally(query, names, total, counts, relaxed, missing=missing)

    def suggest(self, text: str, *, limit: int = 8) -> tuple[Completion, ...]:
        """Complete a text being typed (see :mod:`.autocomplete`).

        Raises OptionError.
        """
        from .autocomplete import Completer
        from .names import NameCompleter

        _check(text, "relevance", limit, 0, 240)
        completer = self._completer = self._completer or Completer(self._snapshot)
        names = self._names = self._names or NameCompleter(
            self._snapshot, self._sources.abbreviations
        )
        words = completer.complete(text, limit=limit)
        words = (*words, *completer.decoded(text, limit=limit))
        named = list(names.complete(text))[: max(_NAMES, limit - len(words))]
        kept = words[: max(limit - len(named), (limit + 1) // 2)]
        found = {one.text: one for one in (*kept, *named)}
        return tuple(found.values())[:limit]

    def explain(self, query: str, passage: str, *, literal: bool = False) -> Explanation:
        """Explain the score of a passage for ``query``, or why it does not match.

        Raises:
            QueryError: the query cannot be understood.
            UnknownPassage: no such passage.
        """
        from .explain import Explanation, WordHeld, parts_of

        _check(query, "relevance", 1, 0, 240)
        self._stored(passage)
        this = TermIn(KEY, (passage,))
        reads: Readings = {}
        parsed, within, _, own = self._parsed(query, (), reads, literal=literal)
        for plan in self._plans(parsed, own, reads):
            if self._total(plan.node(within)):
                break
        node = plan.node(within) if plan.match is not None or within else NOTHING
        found = self._snapshot.search(Request(And((node, this)), limit=1))
        matches = bool(found.total)
        ranking = plan.ranking(within) or plan.partial_matches(within)
        if not matches and ranking is not None:
            node = ranking
            found = self._snapshot.search(Request(And((node, this)), limit=1))
        given = self._snapshot.explain(node, passage) if found.total else ()
        return Explanation(
            query=query,
            passage=passage,
            matches=matches,
            score=found.hits[0].score if found.hits else 0.0,
            least=plan.least,
            words=tuple(
                WordHeld(
                    word.text,
                    word.counted,
                    self._total(And((ConstantScore(word.condition), this))) > 0,
                )
                for word in plan.words
            ),
            parts=parts_of(given, [self._frequency(one.leaf) for one in given]),
            relaxed=_relaxed(plan) if matches else None,
        )

    def _asker(self, node: Node, sort: Sort) -> Ask:
        """A function that fetches pages of one ranking from the engine."""
        facets = tuple(FACETS.values())

        def ask(limit: int, offset: int) -> Response:
            request = Request(
                node, limit, offset, order=_ORDERS[sort], tie_breakers=_READING, facets=facets
            )
            return self._snapshot.search(request)

        return ask

    def _ranker(self, node: Node, ranking: Node) -> Ask:
        """As :meth:`_asker`, but lists ``ranking``, as far as ``node`` has matches.

        So the list is as long as the total, and filters and facets count as they do in any order.
        """
        fields = tuple(FACETS.values())
        counted = self._snapshot.search(Request(ConstantScore(node), limit=0, facets=fields))
        plain = self._asker(node, "relevance")

        def ask(limit: int, offset: int) -> Response:
            limit = min(limit, max(0, counted.total - offset))
            request = Request(
                ranking, limit, offset, tie_breakers=_READING, facets=(AREA,), facet_counts=False
            )
            found = self._snapshot.search(request)
            if found.total < counted.total:  # matches in titles may have no score
                return plain(limit, offset)
            scores = found.facets.get(AREA, {})
            areas = {
                area: FacetCount(count.matches, scores[area].score if area in scores else 0.0)
                for area, count in counted.facets.get(AREA, {}).items()
            }
            return Response(counted.total, found.hits, {**counted.facets, AREA: areas})

        return ask if counted.total else plain

    def _total(self, node: Node) -> int:
        return self._snapshot.search(Request(node, limit=0)).total

    def _frequency(self, leaf: Term | Phrase | Prefix) -> int:
        """Document frequency of a leaf."""
        if isinstance(leaf, Term):
            return self._sources.statistics.doc_freq(leaf.field, leaf.token)
        return self._total(leaf)

    def _sizes_of_areas(self, within: Sequence[Node]) -> Mapping[str, int]:
        """The number of passages of each area, within the filters."""
        key = tuple(within)
        sizes = self._area_sizes.get(key)
        if sizes is None:
            # report documents have no area
            node = And((PASSAGES, *within)) if within else MatchAll()
            found = self._snapshot.search(Request(node, limit=0, facets=(AREA,)))
            sizes = {area: count.matches for area, count in found.facets.get(AREA, {}).items()}
            if len(self._area_sizes) >= _CACHED:
                self._area_sizes = {}
            self._area_sizes[key] = sizes
        return sizes

    def _suggestion(
        self,
        parsed: ast.Query,
        plan: Plan,
        total: int,
        relaxed: Relaxed | None,
        within: Sequence[Node],
        *,
        literal: bool,
    ) -> str | None:
        """A corrected query that finds something, or None."""
        poor = not total or relaxed is not None
        if not poor and not plan.missing:
            return None
        from .spelling import suggest

        spans = list(plain_spans(parsed.root))
        other = suggest(parsed.source, spans, self._sources.statistics, suspicious=poor)
        if other is None:
            return None
        try:
            better = make_plan(parse(other, literal=literal), self._sources)
        except QueryError:
            return None
        found = better.match is not None and not better.apart and self._total(better.node(within))
        return other if found else None

    def _stored(self, passage: str) -> str:
        stored = (
            stored_of(self._snapshot, passage) if not passage.endswith(report_key("")) else None
        )
        if stored is None:
            raise UnknownPassage(
                "no passage {passage!r} is in the index; the id of a passage is "
                "REPORT#NUMBER, as a search shows it",
                passage=passage,
            )
        return stored


def _check(query: str, sort: str, limit: int, offset: int, width: int) -> None:
    """Raise OptionError for invalid arguments."""
    if not isinstance(query, str):
        raise OptionError("a query is a string, not {name}", name=type(query).__name__)
    if sort not in SORTS:
        raise OptionError(
            "no order is called {sort!r}; there are: {sorts}", sort=sort, sorts=", ".join(SORTS)
        )
    for name, value, least in (("limit", limit, 0), ("offset", offset, 0), ("width", width, 20)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise OptionError(
                "{name} is a whole number from {least} on, not {value!r}",
                name=name,
                least=least,
                value=value,
            )


def _relaxed(plan: Plan) -> Relaxed | None:
    """How the passages that match fall short of the query."""
    if plan.strictness is Strictness.RELAXED:
        return "fewer-words"
    return "apart" if plan.apart else None
