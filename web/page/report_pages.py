"""Pages of reports: the list, a report in full, a passage with its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.responses import Response

from ...corpus.citation import report_citation
from ...corpus.letter_case import readable
from ...corpus.model import Passage, Report
from ...errors import QueryError, UnknownPassage, UnknownReport, UsageError
from ...index import Index
from ...search import Hit
from .looks import Looks, PassageView
from .original_page import original_link, picture_link
from .query import report_path
from .search_page import fits, newest_first
from .visit import Visit

PART = 200  # passages of a report on one page
_PAGE = 50
_NEIGHBOURS = 2
_MOST_NEIGHBOURS = 20
_SIMILAR = 5
_ALL = 1_000_000
_MOST_MARKED = 2000


@dataclass(slots=True)
class Heading:
    """A node of a report's outline.

    ``position`` is that of its first passage, ``part`` the page with that passage.
    """

    text: str
    position: int
    part: int
    matches: int = 0
    children: list[Heading] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """A passage in the running text, and the headings before it as (level, heading)."""

    shown: PassageView
    headings: tuple[tuple[int, str], ...]
    matches: bool


def reports_page(index: Index, visit: Visit) -> Response:
    """All reports, filtered by words of titles, numbers and issuing bodies."""
    looks = Looks(index, visit.query.bare())
    wanted = visit.request.query_params.get("find", "").strip()
    by_title = visit.request.query_params.get("order") == "title"
    found = [report for report in looks.reports if fits(report, wanted)]
    ordered = (
        sorted(found, key=lambda one: (one.title or one.id, one.id))
        if by_title
        else newest_first(found)
    )
    first = (visit.query.page - 1) * _PAGE
    return visit.render(
        "reports.html",
        wanted=wanted,
        writable=visit.site.settings.token is not None,
        by_title=by_title,
        total=len(found),
        all=len(looks.reports),
        reports=ordered[first : first + _PAGE],
        looks=looks,
        page=visit.query.page,
        last_page=max(1, -(-len(found) // _PAGE)),
    )


def report_page(index: Index, visit: Visit) -> Response:
    """One report: its metadata, outline and text."""
    name = visit.request.path_params["report"]
    looks = Looks(index, visit.query)
    passages = visit.site.access.cached(
        index, ("passages", name), lambda: tuple(_passages(index, name))
    )
    report = _report(index, name, passages)
    hits = _hits(index, visit, name)
    parts = max(1, -(-len(passages) // PART))
    part = min(max(_number(visit, "part", 1), 1), parts)
    first = (part - 1) * PART
    return visit.render(
        "report.html",
        report=report,
        looks=looks,
        cite=report_citation(report) + ".",
        original=original_link(visit, report),
        outline=make_outline(passages, set(hits)),
        steps=make_steps(passages[first : first + PART], looks, hits),
        matches=sorted(hits),
        part=part,
        parts=[(number, _span(passages, number)) for number in range(1, parts + 1)],
        areas=_areas(passages, looks),
    )


def passage_page(index: Index, visit: Visit) -> Response:
    """One passage with its neighbours."""
    name, position = visit.request.path_params["report"], visit.request.path_params["position"]
    around = min(max(_number(visit, "around", _NEIGHBOURS), 0), _MOST_NEIGHBOURS)
    found = index.surroundings(f"{name}#{position}", before=around, after=around)
    looks = Looks(index, visit.query)
    hits = _hits(index, visit, name)
    positions = [passage.position for passage in found.passages]
    at = positions.index(found.passage.position)
    near = positions if around else _next_to(index, found.passage)
    at = near.index(found.passage.position)
    similar = index.similar(found.passage.id, limit=_SIMILAR, width=220)
    return visit.render(
        "passage.html",
        report=found.report,
        looks=looks,
        this=looks.passage(found.passage),
        steps=make_steps(
            found.passages, looks, hits, found.passages[0].heading_path, now=found.passage.position
        ),
        areas=index.areas() if visit.site.settings.token is not None else (),
        original=original_link(visit, found.report, found.passage),
        picture=picture_link(visit, found.report, found.passage),
        brief="around" not in visit.request.query_params,
        address=visit.link(report_path(name, position)),
        previous=near[at - 1] if at else None,
        next=near[at + 1] if at + 1 < len(near) else None,
        part=_part_of(index, found.passage),
        around=around,
        wider=min(around * 2 + 2, _MOST_NEIGHBOURS),
        most=_MOST_NEIGHBOURS,
        similar=[looks.hit(hit) for hit in similar],
    )


def make_outline(passages: Sequence[Passage], matches: set[int]) -> list[Heading]:
    """The headings as a tree, in order."""
    roots: list[Heading] = []
    open_path: list[Heading] = []
    for at, passage in enumerate(passages):
        same = 0
        for node, text in zip(open_path, passage.heading_path, strict=False):
            if node.text != text:
                break
            same += 1
        del open_path[same:]
        for text in passage.heading_path[same:]:
            node = Heading(text, passage.position, at // PART + 1)
            (open_path[-1].children if open_path else roots).append(node)
            open_path.append(node)
        for node in open_path:
            node.matches += passage.position in matches
    return roots


def make_steps(
    passages: Sequence[Passage],
    looks: Looks,
    hits: dict[int, Hit],
    before: tuple[str, ...] = (),
    *,
    now: int = 0,
) -> list[Step]:
    """Passages in running text, each with the headings that begin there.

    ``before`` is the heading path above the first passage; ``now`` the position of the passage to
    show.
    """
    steps: list[Step] = []
    for passage in passages:
        path = passage.heading_path
        same = 0
        while same < min(len(before), len(path)) and before[same] == path[same]:
            same += 1
        headings = tuple((level + 1, readable(path[level])) for level in range(same, len(path)))
        hit = hits.get(passage.position)
        shown = looks.passage(passage, hit, anchor=passage.position == now)
        steps.append(Step(shown, headings, hit is not None))
        before = path
    return steps


def _passages(index: Index, name: str) -> list[Passage]:
    """All passages of the report with exactly this id."""
    found = index.search("", report=name, limit=_ALL, width=20)
    return [hit.passage for hit in found if hit.passage.report == name]


def _report(index: Index, name: str, passages: Sequence[Passage]) -> Report:
    try:
        return index.report(name)
    except UnknownReport:
        if not passages:
            raise
        return Report(name, passages=len(passages))


def _hits(index: Index, visit: Visit, name: str) -> dict[int, Hit]:
    """The passages of a report that match the search, by position."""
    query = visit.query
    if not query.q:
        return {}
    try:
        found = index.search(
            query.q,
            report=name,
            literal=query.literal,
            sort="reading",
            limit=_MOST_MARKED,
            collapse=False,
            width=20,
        )
    except (QueryError, UsageError):
        return {}  # the text is shown nevertheless
    return {hit.passage.position: hit for hit in found if hit.passage.report == name}


def _next_to(index: Index, passage: Passage) -> list[int]:
    return [one.position for one in index.surroundings(passage.id, before=1, after=1).passages]


def _part_of(index: Index, passage: Passage) -> int:
    """The page of the report with this passage."""
    if passage.position <= PART:
        return 1
    positions = [one.position for one in _passages(index, passage.report)]
    return positions.index(passage.position) // PART + 1 if passage.position in positions else 1


def _areas(passages: Sequence[Passage], looks: Looks) -> list[tuple[str, str, int, int]]:
    """Areas of a report as (id, label, colour, passages), the largest first."""
    counts: dict[str, int] = {}
    for passage in passages:
        counts[passage.area] = counts.get(passage.area, 0) + 1
    order = sorted(counts, key=lambda area: (-counts[area], area))
    return [(area, looks.area_label(area), looks.area_number(area), counts[area]) for area in order]


def _span(passages: Sequence[Passage], part: int) -> tuple[int, int]:
    mine = passages[(part - 1) * PART : part * PART]
    return (mine[0].position, mine[-1].position) if mine else (0, 0)


def _number(visit: Visit, name: str, usual: int) -> int:
    value = visit.request.query_params.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else usual


def known_passage_or_report(index: Index, visit: Visit) -> Response:
    """``/reports/A/12``: the passage, or a report with the id ``A/12``."""
    try:
        return passage_page(index, visit)
    except UnknownPassage:
        params = visit.request.path_params
        name = f"{params['report']}/{params['position']}"
        if all(report.id != name for report in index.reports()):
            raise
        params["report"] = name
        return report_page(index, visit)
