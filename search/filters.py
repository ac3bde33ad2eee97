"""Filters: area, assessment, report, years, number, kind.

The same functions serve the options of a search and the fields of a query. They raise OptionError
(or UnknownArea, UnknownReport), whose message lists the allowed values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, TypedDict
from weakref import WeakKeyDictionary

from ..corpus.model import ASSESSMENTS
from ..engines.engine import Snapshot
from ..engines.query import And, ConstantScore, MatchAll, Node, Or, Range, Request, TermIn
from ..errors import Message, OptionError, UnknownReport
from ..schema import (
    AREA,
    ASSESSMENT,
    BODY,
    COPIED_KIND,
    EXTRA,
    FOLDER,
    KIND,
    NO_ASSESSMENT,
    NUMBER,
    PLACE,
    REPORT,
    TERM,
    TYPE,
    YEAR_FROM,
    YEAR_TO,
    extra_value,
    number_values,
    plain_name,
    report_key,
    stored_of,
    term_value,
)
from .abbreviations import Abbreviations

# One year, first and last (None: open), or ``"2003..2005"``.
Years: TypeAlias = "int | tuple[int | None, int | None] | str"
# One name or several.
Names: TypeAlias = "str | Sequence[str]"


class Filters(TypedDict, total=False):
    """Filters as keyword arguments, described at :meth:`tracuu.Index.search`."""

    area: Names | None
    assessment: Names | None
    report: Names | None
    year: Years | None
    term: tuple[int, int] | str | None
    kind: Names | None
    number: str | None
    body: Names | None
    place: Names | None
    folder: Names | None
    extra: Mapping[str, Names] | Names | None


FILTER_NAMES = tuple(Filters.__annotations__)


class FilterContext(Protocol):
    """The context for resolving filters, such as :class:`.QueryContext`."""

    @property
    def snapshot(self) -> Snapshot:
        """The index that is searched."""

    @property
    def abbreviations(self) -> Abbreviations:
        """Abbreviations of bodies."""

    @property
    def resolve_area(self) -> Callable[[str], str]:
        """Returns the id of an area for any of its names."""


def make_filters(chosen: Filters, context: FilterContext) -> dict[str, Node]:
    """The query of each filter that is set, by name of the filter.

    Raises OptionError, UnknownReport.
    """
    return {
        name: make_filter(name, value, context)
        for name, value in chosen.items()
        if value is not None
    }


def make_filter(name: str, value: Any, context: FilterContext) -> Node:
    """The query of one filter. Raises OptionError, UnknownReport."""
    match name:
        case "area":
            return area_filter(names_of(value), context.resolve_area)
        case "assessment":
            return assessment_filter(names_of(value))
        case "report":
            return report_filter(names_of(value), context.snapshot)
        case "year":
            return year_filter(value)
        case "term":
            return term_filter(value)
        case "kind":
            return kind_filter(names_of(value))
        case "number":
            return number_filter(value)
        case "body":
            return body_filter(names_of(value), context.snapshot, context.abbreviations)
        case "place":
            return place_filter(names_of(value), context.snapshot)
        case "folder":
            return folder_filter(names_of(value), context.snapshot)
        case "extra":
            return extra_filter(value, context.snapshot)
    raise OptionError(
        "there is no filter {name!r}; there are: {filter_names}",
        name=name,
        filter_names=", ".join(FILTER_NAMES),
    )


# A hyphen too: people write 2000-2005.
_RANGE = re.compile(r"\s*(\d{1,4})?\s*(\.\.+|…|[-–—])\s*(\d{1,4})?\s*")
_ASSESSMENT_NAMES = {
    "achievement": "achievement|achievements|mat duoc|uu diem|ket qua|thanh tich|thanh tuu|"
    "mat manh",
    "shortcoming": "shortcoming|shortcomings|mat ton tai|ton tai|han che|khuyet diem|yeu kem|"
    "mat yeu",
    "cause": "cause|causes|nguyen nhan",
    NO_ASSESSMENT: "none|khong|khong co",
}
_BY_NAME = {name: value for value, names in _ASSESSMENT_NAMES.items() for name in names.split("|")}


def names_of(value: Names) -> tuple[str, ...]:
    """One name or several as a tuple."""
    return (value,) if isinstance(value, str) else tuple(value)


def area_filter(names: Sequence[str], resolve: Callable[[str], str]) -> Node:
    """Passages of any of these areas. Raises UnknownArea."""
    return TermIn(AREA, tuple(dict.fromkeys(resolve(name) for name in names)))


def assessment_filter(names: Sequence[str]) -> Node:
    """Passages of any of these assessments, by English or Vietnamese name.

    ``none`` is one.
    """
    return TermIn(ASSESSMENT, tuple(dict.fromkeys(assessment_id(name) for name in names)))


def assessment_id(name: str) -> str:
    """The assessment with this English or Vietnamese name, or ``"none"``.

    Raises OptionError.
    """
    found = _BY_NAME.get(plain_name(name))
    if found is None:
        allowed = ", ".join((*ASSESSMENTS, NO_ASSESSMENT))
        raise OptionError(
            "no assessment is called {name!r}; there are: {allowed}", name=name, allowed=allowed
        )
    return found


def report_filter(names: Sequence[str], snapshot: Snapshot) -> Node:
    """Passages of any of these reports: by id, or by a part of one id.

    Raises UnknownReport.
    """
    return TermIn(REPORT, tuple(dict.fromkeys(report_id(name, snapshot) for name in names)))


def report_id(name: str, snapshot: Snapshot) -> str:
    """The id of the report with this id, or with this unique part of an id.

    Raises UnknownReport.
    """
    if stored_of(snapshot, report_key(name)) is not None:
        return name
    response = snapshot.search(Request(MatchAll(), limit=0, facets=(REPORT,)))
    ids = sorted(response.facets.get(REPORT, {}))
    if name in ids:
        return name
    wanted = plain_name(name)
    similar = [known for known in ids if wanted and wanted in plain_name(known)]
    if len(similar) == 1:
        return similar[0]
    if similar:
        listed = ", ".join(similar[:5]) + (" …" if len(similar) > 5 else "")
        raise UnknownReport(
            "{name!r} fits {count} reports: {listed}; write more of the id",
            name=name,
            count=len(similar),
            listed=listed,
        )
    nearest = _nearest(name, ids)
    hint = Message("; the nearest are: {nearest}", nearest=", ".join(nearest)) if nearest else ""
    raise UnknownReport("no report {name!r} is in the index{hint}", name=name, hint=hint)


def year_filter(years: Years) -> Node:
    """Passages of reports about any of these years: their spans overlap."""
    first, last = read_years(years)
    bounds: list[Node] = []
    if last is not None:
        bounds.append(Range(YEAR_FROM, None, last))
    if first is not None:
        bounds.append(Range(YEAR_TO, first, None))
    return ConstantScore(And(tuple(bounds)))


def read_years(years: Years) -> tuple[int | None, int | None]:
    """First and last year, at least one of them given.

    Raises:
        OptionError: not years, or the first after the last.
    """
    first: int | None
    last: int | None
    if isinstance(years, bool):
        raise _no_years(years)
    if isinstance(years, int):
        first = last = years
    elif isinstance(years, str):
        first, last = _parse_years(years)
    else:
        try:
            first, last = years
        except (TypeError, ValueError):
            raise _no_years(years) from None
    for year in (first, last):
        if year is not None and (type(year) is not int or not 0 < year < 10_000):
            raise _no_years(years)
    if first is None and last is None:
        raise _no_years(years)
    if first is not None and last is not None and first > last:
        raise OptionError(
            "the years {first}..{last} end before they begin; write {last}..{first}",
            first=first,
            last=last,
        )
    return first, last


def _parse_years(text: str) -> tuple[int | None, int | None]:
    # ASCII digits only: int() accepts many more.
    if re.fullmatch(r"\s*[0-9]{1,4}\s*", text):
        return int(text), int(text)
    match = _RANGE.fullmatch(text)
    if match is None or (match.group(2) in "-–—" and not (match.group(1) and match.group(3))):
        raise _no_years(text)
    return (
        int(match.group(1)) if match.group(1) else None,
        int(match.group(3)) if match.group(3) else None,
    )


def _no_years(value: object) -> OptionError:
    return OptionError(
        "{value!r} is not a year; write one like 2003, or several like 2003..2005, 2003.., ..2005",
        value=value,
    )


def term_filter(term: tuple[int, int] | str) -> Node:
    """Passages of reports on exactly this term of office."""
    try:
        first, last = read_years(term)
    except OptionError:
        first = last = None
    if first is None or last is None or first == last:
        raise OptionError(
            "{term!r} is not a term of office; write its first and last year, like 2000-2005",
            term=term,
        )
    return TermIn(TERM, (term_value(first, last),))


def number_filter(number: str) -> Node:
    """Passages of reports with this document number, whole or a part of it."""
    values = number_values(number)
    if not values:
        raise OptionError(
            "{number!r} is not a document number; write one like 15-BC/QU, or a part of it",
            number=number,
        )
    # The code as one token comes first; its parts add nothing.
    wanted = values[:1] if "/" in values[0] or "-" in values[0] else values
    return And(tuple(TermIn(NUMBER, (value,)) for value in wanted))


def kind_filter(names: Sequence[str]) -> Node:
    """Passages of reports of any of these types.

    ``báo cáo``, ``nghị quyết`` …
    """
    values = tuple(plain_name(name) for name in names)
    if not all(values):
        raise OptionError('a kind of report has a name, such as "báo cáo" or "nghị quyết"')
    return TermIn(TYPE, values)


def body_filter(names: Sequence[str], snapshot: Snapshot, abbreviations: Abbreviations) -> Node:
    """Passages of reports issued by any of these bodies.

    By name or by whole words of one: ``UBND xã``.
    """

    def form(name: str) -> str:
        return abbreviations.spelt_out(_words_of(name))

    return _values_filter(BODY, names, snapshot, form, Message("no report was issued by"))


def place_filter(names: Sequence[str], snapshot: Snapshot) -> Node:
    """Passages of reports issued at any of these places.

    By name or by whole words of one.
    """
    return _values_filter(PLACE, names, snapshot, _words_of, Message("no report was issued at"))


def folder_filter(names: Sequence[str], snapshot: Snapshot) -> Node:
    """Passages of reports in or below any of these folders.

    Copies of a report's file count too. A folder is written as ``2024`` or ``xa-a/2024``.
    """

    def form(name: str) -> str:
        parts = [plain_name(part) for part in re.split(r"[/\\]+", name)]
        return " / ".join(filter(None, parts))

    none = Message("no report lies in the folder")
    own = _values_filter(FOLDER, names, snapshot, form, none)
    copied = Request(And((TermIn(KIND, (COPIED_KIND,)), own)), limit=0, facets=(REPORT,))
    reports = snapshot.search(copied).facets.get(REPORT, {})  # a passage stores only one folder
    return Or((own, TermIn(REPORT, tuple(reports)))) if reports else own


def extra_filter(wanted: Mapping[str, Names] | Names, snapshot: Snapshot) -> Node:
    """Passages of reports whose metadata have these values.

    ``{"key": "value"}``, or texts ``"key=value"``; several values of a key mean any, several keys
    mean all. Case and diacritics may differ where no value is exactly the same.
    """
    try:
        known = keyword_values(snapshot, EXTRA)
    except KeyError:
        raise OptionError(
            "this index was made before reports had metadata of their own; bring it up to date "
            "with: tracuu upgrade"
        ) from None
    forms: dict[str, list[str]] = {}
    for value in known:
        forms.setdefault(plain_name(value), []).append(value)
    conditions = []
    for key, values in _extra_pairs(wanted).items():
        chosen: dict[str, None] = {}
        for value in values:
            exact = extra_value(key, value)
            same = [exact] if exact in known else forms.get(plain_name(exact), [])
            if not same:
                mine = {one: f" {plain_name(one)} " for one in known if one.startswith(f"{key}=")}
                hint = _hint(plain_name(exact), mine or {one: f" {one} " for one in known})
                raise OptionError(
                    "no report has {exact!r} in its metadata; {hint}", exact=exact, hint=hint
                )
            chosen.update(dict.fromkeys(same))
        conditions.append(TermIn(EXTRA, tuple(chosen)))
    return And(tuple(conditions))


def _extra_pairs(wanted: Mapping[str, Names] | Names) -> dict[str, list[str]]:
    """Key → values. Raises OptionError for a text without ``=``."""
    if isinstance(wanted, Mapping):
        return {key: list(names_of(value)) for key, value in wanted.items()}
    found: dict[str, list[str]] = {}
    for text in names_of(wanted):
        key, mark, value = text.partition("=")
        if not mark or not key.strip():
            raise OptionError(
                "{text!r} is not metadata of a report; write it as key=value", text=text
            )
        found.setdefault(key.strip(), []).append(value.strip())
    return found


def _values_filter(
    field: str, names: Sequence[str], snapshot: Snapshot, form: Callable[[str], str], none: str
) -> Node:
    """Documents whose value in ``field`` equals or contains one of ``names``.

    Raises OptionError.
    """
    known = {value: f" {form(value)} " for value in keyword_values(snapshot, field)}
    chosen: dict[str, None] = {}
    for name in names:
        wanted = f" {form(name)} "
        same = [value for value, words in known.items() if words == wanted]
        same = same or [value for value, words in known.items() if wanted in words]
        if not wanted.strip() or not same:
            raise OptionError(
                "{none} {name!r}; {hint}", none=none, name=name, hint=_hint(form(name), known)
            )
        chosen.update(dict.fromkeys(same))
    return TermIn(field, tuple(chosen))


def _nearest(name: str, known: Sequence[str]) -> list[str]:
    """Up to three known names most similar to ``name``."""
    from difflib import get_close_matches  # imported only for misspelt names

    return get_close_matches(name, known[:5000], n=3, cutoff=0.5)


def _hint(wanted: str, known: Mapping[str, str]) -> str:
    """A hint with the values most similar to ``wanted``, else the most frequent."""
    if not known:
        return Message("the reports of this index name none")
    plain = {words.strip(): value for value, words in known.items()}
    near = _nearest(wanted, list(plain))
    if near:
        return Message("the nearest are: {near}", near=", ".join(plain[words] for words in near))
    listed = list(known)[:5]
    return Message(
        "there are: {listed}{more}",
        listed=", ".join(listed),
        more=" …" if len(known) > len(listed) else "",
    )


def keyword_values(snapshot: Snapshot, field: str) -> tuple[str, ...]:
    """All values of a keyword field, the most frequent first.

    Looked up once per committed state.
    """
    known = _VALUES.setdefault(snapshot.state, {})
    if field not in known:
        found = snapshot.search(Request(MatchAll(), limit=0, facets=(field,)))
        known[field] = tuple(found.facets.get(field, {}))
    return known[field]


_VALUES: WeakKeyDictionary[object, dict[str, tuple[str, ...]]] = WeakKeyDictionary()


def _words_of(name: str) -> str:
    return " ".join(re.findall(r"\w+", plain_name(name)))
