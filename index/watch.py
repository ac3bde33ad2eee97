"""Keep an index up to date as reports arrive."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

from ..corpus import Limits
from ..corpus.readers.source import ocr_languages
from ..errors import (
    IndexBusy,
    MissingExtra,
    OptionError,
    PruneRefused,
    UnreadableFile,
    WriteFailed,
    install_extra,
)
from ..indexer import Change
from ..indexer.files import absolute, is_within
from ..indexer.scanner import FolderScanner, Ready
from .facade import Index

_log = logging.getLogger("tracuu.watch")
_TICK = 0.25  # seconds
# seconds; the operating system may lose events, or not see those of another machine
_LOOK_ANYWAY = 30.0
# seconds until a failed write is tried again, each longer than the one before
_PAUSES = (5.0, 15.0, 60.0, 300.0)
_RETRY = 30.0  # seconds until a file that could not be read is tried again


def watch(
    index: Index,
    folders: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    settle: float = 2.0,
    poll: float | None = None,
    wait: float = 5.0,
    limits: Limits | None = None,
    ocr: bool | str = False,
    stop: threading.Event | None = None,
) -> Iterator[Change]:
    """Update ``index`` from ``folders`` whenever their files change.

    Yields each Change after it is committed.

    The generator is endless: leave it, or set ``stop``. A file is read once it has not changed for
    ``settle`` seconds; files that settle together are one commit. The report of a vanished file is
    removed from the index; that of a renamed file keeps its id. Reports stay if the whole folder is
    missing, or if most of its files vanish at once (a warning is logged, see ``Index.update``).
    Files wait while another writer holds the index; a failed write, as on a full disk, is logged
    and retried with growing pauses. ``poll`` scans the folders at this interval in seconds, which
    network drives need; without it the operating system reports changes. ``ocr`` is as for
    ``Index.update``. Raises OptionError (no such folder), MissingExtra (without ``poll``: the extra
    ``watch`` is not installed), and the errors of ``Index.update`` except IndexBusy and
    WriteFailed.
    """
    given = [folders] if isinstance(folders, (str, os.PathLike)) else folders
    roots = list(dict.fromkeys(absolute(folder) for folder in given))
    for root in roots:
        if not os.path.isdir(root):
            raise OptionError("{root} is not a folder; name folders to watch", root=root)
    if not roots or settle < 0 or (poll is not None and poll <= 0):
        raise OptionError(
            "name a folder to watch; settle is 0 or more seconds, and poll more than 0"
        )
    stop = stop or threading.Event()
    alarm = _polled(poll, stop) if poll is not None else _notified(roots, stop)
    return _Watch(index, roots, settle, wait, limits, ocr_languages(ocr)).run(alarm)


class _Watch:
    """One run of :func:`watch`."""

    def __init__(
        self,
        index: Index,
        roots: list[str],
        settle: float,
        wait: float,
        limits: Limits | None,
        ocr: str = "",
    ) -> None:
        self._index = index
        self._roots = roots
        self._wait = wait
        self._limits = limits
        self._ocr = ocr
        reports = index.reports()
        sources = [report.source for report in reports]
        sources += [copy.source for report in reports for copy in report.copies]
        known = [source for source in sources if source is not None and is_within(source, roots)]
        self._scanner = FolderScanner(
            roots, settle, known=known, outside=index.path, rules=index.ignore_rules()
        )
        self._busy = False
        self._failures = 0  # consecutive failed writes
        self._paused_until = 0.0
        self._away: tuple[str, ...] = ()
        self._retry: dict[str, float] = {}
        self._reported: dict[str, str] = {}

    def run(self, alarm: Iterable[bool]) -> Iterator[Change]:
        """Scan at each true item of ``alarm``, and when a file may have settled."""
        ready = self._scanner.scan(time.monotonic(), time.time())
        yield from self._read(ready)
        last = time.monotonic()
        for changed in alarm:
            now = time.monotonic()
            due = self._scanner.next()
            if now < self._paused_until:
                continue
            if changed or now >= last + _LOOK_ANYWAY or (due is not None and now >= due):
                last = now
                self._try_again(now)
                yield from self._read(self._scanner.scan(now))

    def _try_again(self, now: float) -> None:
        for path in [path for path, when in self._retry.items() if now >= when]:
            del self._retry[path]
            self._scanner.again(path, now)

    def _read(self, ready: Ready) -> list[Change]:
        """Update the index with the files that are ready.

        If the index is busy, the files are read later.
        """
        if self._scanner.missing != self._away:
            self._away = self._scanner.missing
            for folder in self._away:
                _log.warning("%s is away; its reports stay in the index", folder)
        if not ready or time.monotonic() < self._paused_until:
            return []
        paths = [*ready.files, *ready.gone]
        try:
            update = self._index.update(
                paths,
                within=self._roots,
                prune=True,
                wait=self._wait,
                limits=self._limits,
                ocr=self._ocr,
            )
            changes = list(update)
        except IndexBusy as error:
            if not self._busy:
                _log.warning("%s", error)
            self._busy = True
            return []
        except PruneRefused as error:  # as when a network share is disconnected
            _log.warning("%s", error)
            self._scanner.done(Ready((), ready.gone))
            return self._read(Ready(ready.files))
        except WriteFailed as error:
            self._pause(error)
            return []
        self._busy, self._failures = False, 0
        self._scanner.done(ready)
        return [change for change in changes if self._is_news(change)]

    def _pause(self, error: WriteFailed) -> None:
        """Pause before the next write; the files are read then."""
        pause = _PAUSES[min(self._failures, len(_PAUSES) - 1)]
        self._failures += 1
        self._paused_until = time.monotonic() + pause
        _log.warning("%s; trying again in %g seconds", error, pause)

    def _is_news(self, change: Change) -> bool:
        """Whether to report ``change``.

        A file that cannot be read is retried, but reported once.
        """
        if change.kind != "failed":
            self._reported.pop(change.path, None)
            return change.kind != "unchanged"
        if not os.path.lexists(change.path):
            return False  # it appeared and vanished again
        if isinstance(change.error, UnreadableFile):
            self._retry[change.path] = time.monotonic() + _RETRY
        reported, self._reported[change.path] = self._reported.get(change.path), str(change.error)
        return reported != str(change.error)


def _polled(seconds: float, stop: threading.Event) -> Iterator[bool]:
    """Yield True every ``seconds`` seconds."""
    while not stop.wait(seconds):
        yield True


def _notified(roots: list[str], stop: threading.Event) -> Iterator[bool]:
    """Yield True when the operating system reports a change, else False.

    False is yielded four times a second, as a clock tick.

    Raises MissingExtra at once.
    """
    try:
        import watchfiles
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "watching needs the package {name!r}; {how} (or scan every few seconds without it: "
            "--poll SECONDS)",
            name=error.name,
            how=install_extra("watch"),
        ) from error
    return _events(watchfiles, roots, stop)


def _events(watchfiles: Any, roots: list[str], stop: threading.Event) -> Iterator[bool]:
    try:
        yield from _watched(watchfiles, roots, stop)
    except (OSError, RuntimeError) as error:
        raise OptionError(
            "the system cannot watch the folders ({error}); use --poll SECONDS", error=error
        ) from error


def _watched(watchfiles: Any, roots: list[str], stop: threading.Event) -> Iterator[bool]:
    while not stop.is_set():
        there = [root for root in roots if os.path.isdir(root)]
        marks = _marks(roots)
        if not there:
            stop.wait(_TICK)
            yield _marks(roots) != marks
            continue
        events = watchfiles.watch(
            *there,
            watch_filter=None,
            debounce=1000,
            step=100,
            stop_event=stop,
            rust_timeout=int(_TICK * 1000),
            yield_on_timeout=True,
            force_polling=False,
            ignore_permission_denied=True,
        )
        fresh = True  # files that arrived before watching began raised no event
        for changes in events:
            yield fresh or bool(changes)
            fresh = False
            if _marks(roots) != marks:  # a folder was created, removed or replaced
                break
        else:
            return
        events.close()
        yield True


def _marks(roots: list[str]) -> list[tuple[int, int] | None]:
    marks: list[tuple[int, int] | None] = []
    for root in roots:
        try:
            status = os.stat(root)
            marks.append((status.st_dev, status.st_ino))
        except OSError:
            marks.append(None)
    return marks
