"""Saved searches (``saved.json``) and alerts for new passages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ..engines.engine import Snapshot
from ..errors import IndexDamaged, OptionError
from ..indexer import Change
from ..records import passages_of
from ..search import Hit, Results
from ..search.filters import FILTER_NAMES
from .alerts import keep_alerts
from .directory import IndexDirectory
from .facade import Index

FILE = "saved.json"
_NAME = re.compile(r"[^\W_]+(?:[-_.][^\W_]+)*")
_LONGEST = 60  # maximum characters of a name
_MATCHES = 1000  # maximum new passages of a report that are examined


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A named query with filters.

    ``filters`` are keyword arguments of ``Index.search``.
    """

    name: str
    query: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The search as plain data for JSON."""
        return {**asdict(self), "filters": dict(self.filters)}


@dataclass(frozen=True, slots=True)
class Alert:
    """New passages that match a saved search."""

    search: SavedSearch
    hits: tuple[Hit, ...]

    def to_dict(self) -> dict[str, Any]:
        """The alert as plain data for JSON."""
        return {"search": self.search.name, "hits": [hit.to_dict() for hit in self.hits]}


class SavedSearches:
    """The saved searches of an open index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._directory = IndexDirectory(index.path)

    def list(self) -> tuple[SavedSearch, ...]:
        """All saved searches, by name. Raises IndexDamaged."""
        return saved_searches(self._directory)

    def get(self, name: str) -> SavedSearch:
        """The saved search of this name. Raises OptionError."""
        for one in self.list():
            if one.name == name:
                return one
        raise OptionError(
            "no search is saved as {name!r}; `tracuu saved list` shows all", name=name
        )

    def add(self, name: str, query: str = "", *, wait: float = 0.0, **filters: Any) -> SavedSearch:
        """Save a search, replacing one of the same name.

        Raises OptionError (invalid name, unknown filter), the errors of ``Index.search`` for a
        faulty query or filter, IndexBusy, WriteFailed. Nothing is saved then.
        """
        if not _NAME.fullmatch(name) or len(name) > _LONGEST:
            raise OptionError(
                "{name!r} is not a valid name: use letters and digits, joined by - _ or ., at "
                "most {longest} characters",
                name=name,
                longest=_LONGEST,
            )
        unknown = sorted(set(filters) - set(FILTER_NAMES))
        if unknown:
            raise OptionError(
                "{unknown!r} is not a filter; choose from: {filter_names}",
                unknown=unknown[0],
                filter_names=", ".join(FILTER_NAMES),
            )
        self._index.search(query, **filters, limit=0)
        saved = SavedSearch(name, query, filters)
        with self._directory.lock(wait):
            self._save([one for one in self.list() if one.name != name] + [saved])
        return saved

    def remove(self, name: str, *, wait: float = 0.0) -> SavedSearch:
        """Delete a saved search. Raises OptionError, IndexBusy, WriteFailed."""
        with self._directory.lock(wait):
            found = self.get(name)
            self._save([one for one in self.list() if one.name != name])
        return found

    def run(self, name: str, **options: Any) -> Results:
        """Run a saved search.

        ``options`` are further arguments of ``Index.search``, such as ``limit``.
        """
        saved = self.get(name)
        return self._index.search(saved.query, **saved.filters, **options)

    def _save(self, searches: Iterable[SavedSearch]) -> None:
        ordered = sorted(searches, key=lambda one: one.name)
        self._directory.write_json(FILE, {"searches": [one.to_dict() for one in ordered]})


def saved_searches(directory: IndexDirectory) -> tuple[SavedSearch, ...]:
    """All saved searches of an index, by name. Raises IndexDamaged."""
    if not (directory.folder / FILE).exists():
        return ()
    try:
        entries = directory.read_json(FILE)["searches"]
        found = [
            SavedSearch(str(one["name"]), str(one["query"]), dict(one["filters"]))
            for one in entries
        ]
    except (IndexDamaged, KeyError, TypeError, ValueError) as error:
        raise IndexDamaged(
            directory.folder,
            "{file}, which holds saved searches, is torn; restore it from a backup or remove it",
            file=FILE,
        ) from error
    return tuple(sorted(found, key=lambda one: one.name))


class AlertFinder:
    """Finds new passages of an update that match a saved search.

    A context manager around the update.

    A passage is new if its report had no passage with the same text before. Does nothing without
    saved searches.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._searches = SavedSearches(index).list()
        self._before: Snapshot | None = None
        self._now: Snapshot | None = index._snapshot() if self._searches else None

    def __enter__(self) -> AlertFinder:
        return self

    def __exit__(self, *_: object) -> None:
        for snapshot in (self._before, self._now):
            if snapshot is not None:
                snapshot.close()

    def alerts(self, changes: Iterable[Change]) -> Iterator[Alert]:
        """Yield the alerts of committed changes, search by search.

        They are also saved in the index's folder, for the feed of the service.
        """
        reports = sorted(
            {
                name
                for change in changes
                if change.kind in ("added", "changed")
                for name in change.reports
            }
        )
        if not reports or self._now is None:
            return
        self._follow()
        known = {name: self._texts(name) for name in reports}
        found = []
        for search in self._searches:
            hits = tuple(hit for name in reports for hit in self._new(search, name, known[name]))
            if hits:
                found.append(Alert(search, hits))
        keep_alerts(IndexDirectory(self._index.path), found)
        yield from found

    def _follow(self) -> None:
        """Release the older state if there has been a commit since."""
        current = self._index._snapshot()
        if self._now is not None and current.state is self._now.state:
            current.close()
            return
        if self._before is not None:
            self._before.close()
        self._before, self._now = self._now, current

    def _texts(self, report: str) -> frozenset[str]:
        if self._before is None:
            return frozenset()
        return frozenset(passage.text for passage in passages_of(self._before, report))

    def _new(self, search: SavedSearch, report: str, known: frozenset[str]) -> Iterator[Hit]:
        filters = {name: value for name, value in search.filters.items() if name != "report"}
        wanted = search.filters.get("report")
        if wanted is not None:  # a filter may be part of an id: resolved by the search
            found = self._index.search("", **search.filters, limit=0).facets.get("report", {})
            if report not in found:
                return
        results = self._index.search(
            search.query, **filters, report=report, limit=_MATCHES, collapse=False, sort="reading"
        )
        if results.relaxed in {None, "apart"}:  # all words are there
            yield from (hit for hit in results if hit.passage.text not in known)
