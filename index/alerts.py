"""The last alerts of an index, kept as ``alerts.jsonl`` for its feed."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..engines.base import passing_error
from ..errors import StorageError
from .directory import ALERTS, IndexDirectory

if TYPE_CHECKING:
    from .saved import Alert

_KEPT = 1000  # entries; older ones are dropped
_WAIT = 5.0  # seconds for another writer
_log = logging.getLogger("tracuu.index")


@dataclass(frozen=True, slots=True)
class AlertEntry:
    """A new passage that matched a saved search.

    ``when`` is UTC in ISO 8601, ``search`` the name of the saved search, ``passage`` the id,
    ``text`` an extract.
    """

    when: str
    search: str
    passage: str
    title: str
    text: str

    def to_dict(self) -> dict[str, Any]:
        """The entry as plain data for JSON."""
        return asdict(self)


def recent_alerts(directory: IndexDirectory, search: str | None = None) -> list[AlertEntry]:
    """The last alerts, newest first. ``search`` limits them to one saved search."""
    entries: list[AlertEntry] = []
    with suppress(StorageError):
        entries = [entry for entry in _entries(directory) if search in (None, entry.search)]
    return entries[::-1]


def keep_alerts(directory: IndexDirectory, alerts: Iterable[Alert]) -> None:
    """Append alerts to the file and drop the oldest.

    A failure is only logged: the update itself has been committed.
    """
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    new = [
        AlertEntry(
            now,
            alert.search.name,
            hit.passage.id,
            hit.report_title,
            hit.snippet or hit.passage.text,
        )
        for alert in alerts
        for hit in alert.hits
    ]
    if not new:
        return
    try:
        with directory.lock(_WAIT):
            kept = [*_entries(directory), *new][-_KEPT:]
            lines = (json.dumps(entry.to_dict(), ensure_ascii=False) + "\n" for entry in kept)
            directory.put(ALERTS, "".join(lines).encode("utf-8", "replace"))
    except StorageError as error:
        _log.warning("%s: alerts were not kept for the feed: %s", directory.folder, error)


def _entries(directory: IndexDirectory) -> Iterator[AlertEntry]:
    """All entries in order; unreadable lines are skipped.

    Raises StorageError if the file cannot be read.
    """
    path = directory.folder / ALERTS
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        if passing := passing_error(path, error):
            raise passing from error
        return
    for line in lines:
        try:
            data = json.loads(line)
            yield AlertEntry(**{name: str(data[name]) for name in AlertEntry.__slots__})
        except (ValueError, TypeError, KeyError):
            continue
