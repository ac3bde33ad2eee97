"""A visitor's request parsed from a URL, and URLs made from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import quote, urlencode

from starlette.datastructures import QueryParams

from ...search import MissingWord

LANGUAGES = ("vi", "en")
SORTS = ("relevance", "reading", "date")
SIZES = (10, 20, 50)
# parameters that narrow a search, as ``Index.search`` names them
FILTERS = (
    "area",
    "assessment",
    "report",
    "year",
    "term",
    "kind",
    "number",
    "body",
    "place",
    "folder",
    "extra",
)
MAX_VALUES = 50  # maximum values of one filter; further ones in a URL are ignored
LAST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class PageQuery:
    """One search as given in a URL.

    ``year`` is ``"2003"`` or ``"2003..2005"``; ``page`` counts from 1.
    """

    q: str = ""
    area: tuple[str, ...] = ()
    assessment: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    year: str = ""
    term: str = ""
    kind: tuple[str, ...] = ()
    number: str = ""
    body: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    folder: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    literal: bool = False
    meaning: bool = False
    sort: str = "relevance"
    page: int = 1
    size: int = 10
    lang: str = "vi"
    base: str = ""

    @classmethod
    def read(cls, params: QueryParams, base: str = "") -> PageQuery:
        """Read a request from the parameters of an address.

        Unknown sorts, sizes and languages become the defaults. ``base`` is the path below which the
        site is served; addresses begin with it.
        """
        return cls(
            base=base,
            q=params.get("q", "").strip(),
            area=_many(params, "area"),
            assessment=_many(params, "assessment"),
            report=_many(params, "report"),
            year=_years(params),
            term=params.get("term", "").strip(),
            kind=_many(params, "kind"),
            number=params.get("number", "").strip(),
            body=_many(params, "body"),
            place=_many(params, "place"),
            folder=_many(params, "folder"),
            extra=_many(params, "extra"),
            literal=params.get("literal") == "1",
            meaning=params.get("meaning") == "1",
            sort=_one_of(params.get("sort"), SORTS),
            page=_whole(params.get("page"), 1, LAST_PAGE),
            size=_size(params.get("size")),
            lang=_one_of(params.get("lang"), LANGUAGES),
        )

    @property
    def filters(self) -> dict[str, Any]:
        """The filters that are set, as options of ``Index.search``."""
        return {name: value for name in FILTERS if (value := getattr(self, name))}

    @property
    def blank(self) -> bool:
        """Whether there is neither a query nor a filter."""
        return not self.q and not self.filters

    def but(self, **changes: Any) -> PageQuery:
        """This search with changes, from its first page unless they include ``page``."""
        changes.setdefault("page", 1)
        return replace(self, **changes)

    def named(self, word: MissingWord) -> PageQuery:
        """This search with the words for a body or place as a filter."""
        rest = " ".join(self.q.replace(word.word, " ", 1).split())
        value = word.values[0] if word.field == "number" else word.values
        return self.but(q=rest, **{str(word.field): value})

    def without(self, name: str, value: str | None = None) -> PageQuery:
        """This search without one value of a filter, or without that filter."""
        old = getattr(self, name)
        if value is None or isinstance(old, str):
            return self.but(**{name: "" if isinstance(old, str) else ()})
        return self.but(**{name: tuple(other for other in old if other != value)})

    def unfiltered(self) -> PageQuery:
        """This query without filters."""
        return self.but(
            **{name: "" if isinstance(getattr(self, name), str) else () for name in FILTERS}
        )

    def bare(self) -> PageQuery:
        """An empty search in the same language."""
        return PageQuery(lang=self.lang, base=self.base)

    def pairs(self, *leave_out: str) -> list[tuple[str, str]]:
        """Parameters of the URL, without default values."""
        found: list[tuple[str, str]] = []
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name == "base" or one.name in leave_out or value == one.default:
                continue
            values: Sequence[Any] = value if isinstance(value, tuple) else (value,)
            found += [(one.name, "1" if item is True else str(item)) for item in values]
        return found

    def url(
        self,
        path: str = "/",
        *leave_out: str,
        more: Sequence[tuple[str, str]] = (),
        fragment: str = "",
    ) -> str:
        """The address of ``path`` with this request and ``more``, without ``leave_out``.

        ``path`` is already quoted.
        """
        query = urlencode([*self.pairs(*leave_out), *more], quote_via=quote, safe="/:,.*\"'()")
        query = query.replace('"', "%22").replace("'", "%27")
        return (
            self.base + path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
        )


def report_path(report: str, position: int | None = None) -> str:
    """The path of a report's page, or of one of its passages."""
    path = f"/reports/{quote(report, safe='')}"
    return path if position is None else f"{path}/{position}"


def _many(params: QueryParams, name: str) -> tuple[str, ...]:
    values = (value.strip() for value in params.getlist(name))
    return tuple(dict.fromkeys(value for value in values if value))[:MAX_VALUES]


def _years(params: QueryParams) -> str:
    """``year``, or a span from the two fields for the first and the last year."""
    first, last = params.get("from", "").strip(), params.get("to", "").strip()
    if first or last:
        return first if first == last else f"{first}..{last}"
    return params.get("year", "").strip()


def _one_of(value: str | None, allowed: Sequence[str]) -> str:
    return value if value is not None and value in allowed else allowed[0]


def _size(value: str | None) -> int:
    return next((size for size in SIZES if str(size) == value), SIZES[0])


def _whole(value: str | None, least: int, most: int) -> int:
    if value is None or not value.isascii() or not value.isdigit() or len(value) > 6:
        return least
    return min(max(int(value), least), most)
