"""Counts of matching passages by one or two fields, year, or term of office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ..corpus.model import Report
from ..engines.engine import Snapshot
from ..engines.query import And, ConstantScore, Node, Request, TermIn
from ..errors import OptionError
from ..schema import AREA, ASSESSMENT, BODY, EXTRA, FOLDER, PLACE, REPORT, TERM, TYPE
from .results import MissingWord, Relaxed
from .table import dataframe

if TYPE_CHECKING:
    from pandas import DataFrame

By: TypeAlias = Literal[
    "area", "assessment", "report", "term", "kind", "body", "place", "folder", "extra"
]
# ``term`` is ``"2000-2005"``, ``kind`` folded: ``"bao cao"``; ``body`` and ``place`` in lower case;
# ``extra`` is ``"key=value"``.

_FIELDS: dict[str, str] = {
    "area": AREA,
    "assessment": ASSESSMENT,
    "report": REPORT,
    "term": TERM,
    "kind": TYPE,
    "body": BODY,
    "place": PLACE,
    "folder": FOLDER,
    "extra": EXTRA,
}


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of matching passages.

    ``by`` are the fields counted by; ``counts`` maps a tuple of values, in the order of ``by``, to
    the number of passages with all of them. Combinations without passages, and passages without a
    value (a report without a term), are omitted. ``total`` counts all matches. ``relaxed``,
    ``wordless`` and ``missing`` as in :class:`Results`.
    """

    query: str
    by: tuple[By, ...]
    total: int
    counts: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    relaxed: Relaxed | None = None
    wordless: bool = False
    missing: tuple[MissingWord, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of :meth:`rows`."""
        return (*self.by, "matches")

    def rows(self) -> list[tuple[str | int, ...]]:
        """The counts as rows of a table, one per combination of values."""
        return [(*values, number) for values, number in self.counts.items()]

    def to_dataframe(self) -> DataFrame:
        """The counts as a pandas DataFrame. Raises MissingExtra without pandas."""
        return dataframe(self.columns, self.rows())

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain data for JSON, one row per combination."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows()]
        about = {
            "query": self.query,
            "total": self.total,
            "relaxed": self.relaxed,
            "wordless": self.wordless,
            "missing": [word.to_dict() for word in self.missing],
        }
        return {**about, "counts": rows}


def checked_by(by: By | Sequence[By]) -> tuple[By, ...]:
    """``by`` as a tuple. Raises OptionError."""
    names: tuple[By, ...] = (by,) if isinstance(by, str) else tuple(by)
    if not 1 <= len(names) <= 2 or len(set(names)) < len(names) or not set(names) <= set(_FIELDS):
        raise OptionError(
            "passages are counted by one or two of: {fields}; not by {by!r}",
            fields=", ".join(_FIELDS),
            by=by,
        )
    return names


def count_by(
    snapshot: Snapshot, node: Node, by: tuple[By, ...]
) -> tuple[int, dict[tuple[str, ...], int]]:
    """Number of passages that match ``node``, in total and by combination of values.

    One request to the engine; for two fields one more for each value of the field with fewer.
    """
    fields = [_FIELDS[name] for name in by]
    found = snapshot.search(Request(ConstantScore(node), limit=0, facets=tuple(fields)))
    values = [found.facets.get(name, {}) for name in fields]
    if len(by) == 1:
        return found.total, {(value,): count.matches for value, count in sorted(values[0].items())}
    few = 0 if len(values[0]) <= len(values[1]) else 1
    counts: dict[tuple[str, ...], int] = {}
    for value in values[few]:
        part = ConstantScore(And((node, TermIn(fields[few], (value,)))))
        facets = snapshot.search(Request(part, limit=0, facets=(fields[1 - few],))).facets
        for other, count in facets.get(fields[1 - few], {}).items():
            counts[(value, other) if few == 0 else (other, value)] = count.matches
    return found.total, dict(sorted(counts.items()))


def count_years(
    counts: Mapping[str, int], report: Callable[[str], Report | None]
) -> dict[int, int]:
    """Year → matches in reports about it, latest year first.

    ``counts`` are matches by report, as in ``Results.facets["report"]``; ``report`` returns a
    report by id. A report on 2000–2005 counts for each of the six years, as in the filter ``year``.
    """
    found: Counter[int] = Counter()
    for name, count in counts.items():
        known = report(name)
        if known is not None and known.years is not None:
            first, last = known.years
            found.update(dict.fromkeys(range(first, last + 1), count))
    return dict(sorted(found.items(), reverse=True))


def count_terms(
    counts: Mapping[str, int], report: Callable[[str], Report | None]
) -> dict[tuple[int, int], int]:
    """Term of office → matches in reports on exactly this term, latest first."""
    found: Counter[tuple[int, int]] = Counter()
    for name, count in counts.items():
        known = report(name)
        if known is not None and known.term is not None:
            found[known.term] += count
    return dict(sorted(found.items(), reverse=True))
