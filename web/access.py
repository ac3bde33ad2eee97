"""The open index, shared by all requests, with bounded threads and time."""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import TypeVar

from ..errors import IndexClosed, TracuuError
from ..index import Index
from .cache import AnswerCache, beside, mark_of
from .settings import Settings

T = TypeVar("T")
_FIRST_LETTERS = "tcnđhkbqgvlmpsxd"  # first letters of most Vietnamese words
_UPLOADS = 4  # maximum number of request bodies in memory at the same time


class Overloaded(Exception):
    """More requests are waiting than the settings allow."""


class TookTooLong(Exception):
    """A request was not answered in time."""


class Access:
    """One index and the threads that read it, shared by API and page.

    The index is opened on first use; if that fails, the next request tries again, so a service
    started too early, or with a damaged index, works as soon as the index does. An open index
    follows every commit and rebuild.
    """

    def __init__(self, path: str | os.PathLike[str], settings: Settings) -> None:
        self.path = os.path.abspath(os.fspath(path))
        self.settings = settings
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._closed = False
        self._uploads = 0
        self._at_end: list[Callable[[], None]] = []
        self._state: object = None
        self._beside: object = None
        self._states = 0
        self._tag = ""
        self._cache = AnswerCache(settings.cache_bytes)
        self._figures: tuple[str, dict[str, int]] | None = None
        self._token = secrets.token_hex(4)
        self._readers = _Pool("tracuu-read", settings.threads, settings.backlog)
        self._slow = _Pool("tracuu-slow", 1, settings.backlog)
        self._writers = _Pool("tracuu-write", 1, settings.threads)

    def index(self) -> Index:
        """Return the open index.

        Raises the errors of ``Index.open``, and IndexClosed after :meth:`close`.
        """
        with self._lock:
            if self._closed:
                raise IndexClosed(self.path, "the service is ending")
            if self._index is None:
                self._index = Index.open(
                    self.path,
                    abbreviations=self.settings.abbreviations,
                    options=self.settings.options,
                    embedder=self.settings.embedder,
                )
                self._slow.start(partial(_warm, self._index))
            return self._index

    def tag(self, index: Index) -> str:
        """Identifier of the index's state, changed by commits, rebuilds and synonyms.

        The tag is the same in all processes that serve the index from its folder with the same
        settings. If a server keeps the state (OpenSearch), each process has its own tags.
        """
        state, files = index.state(), beside(self.path)
        with self._lock:
            if state is self._state and files == self._beside:
                return self._tag
        given = _given(index, self.settings)
        mark, before = mark_of(self.path, given), None
        while mark is not None and mark != before:  # a commit may happen in between
            state, before, mark = index.state(), mark, mark_of(self.path, given)
        with self._lock:
            if state is not self._state or files != self._beside:
                self._state, self._beside = state, files
                self._states += 1
                self._tag = mark or f"{self._token}-{self._states}"
            return self._tag

    def cached(self, index: Index, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of ``make`` for the index's state and ``key``, cached.

        Raises the errors of ``make``.
        """
        return self._cache.get((self.tag(index), key), make)

    def figures(self) -> dict[str, int]:
        """Statistics of the index, for metrics. Raises the errors of ``Index.open``."""
        index = self.index()
        tag = self.tag(index)
        known = self._figures
        if known is None or known[0] != tag:
            counts = {"passages": index.search("", limit=0).total, "reports": len(index.reports())}
            known = self._figures = (
                tag,
                {"ready": 1, "generation": index.generation, "commits": self._states, **counts},
            )
        return known[1]

    async def read(self, work: Callable[[Index], T]) -> T:
        """Run ``work`` on the index in a thread, and return its result.

        Raises Overloaded, TookTooLong, and the errors of ``work``. Work that takes too long
        continues in its thread, which stays occupied until it ends.
        """
        return await self._readers.run(lambda: work(self.index()), self.settings.timeout)

    async def read_slowly(self, work: Callable[[Index], T]) -> T:
        """Run work that may take seconds, one at a time.

        For exports, comparisons and pictures of pages: they have a separate thread and queue, so
        that they do not delay searches.
        """
        return await self._slow.run(lambda: work(self.index()), self.settings.slow_timeout)

    async def write(self, work: Callable[[Index], T]) -> T:
        """As :meth:`read`, for work that changes the index; one at a time."""
        return await self._writers.run(lambda: work(self.index()), self.settings.write_timeout)

    @contextmanager
    def uploading(self) -> Iterator[None]:
        """Reserve memory for a request body being received. Raises Overloaded."""
        with self._lock:
            if self._uploads >= _UPLOADS:
                raise Overloaded
            self._uploads += 1
        try:
            yield
        finally:
            with self._lock:
                self._uploads -= 1

    def on_close(self, work: Callable[[], None]) -> None:
        """Register ``work`` to run before the index is closed."""
        self._at_end.append(work)

    def close(self) -> None:
        """Close the index, after the work in progress."""
        self._readers.close()
        self._slow.close()
        self._writers.close()
        for work in self._at_end:
            work()
        with self._lock:
            self._closed = True
            index, self._index = self._index, None
        if index is not None:
            index.close()


def _given(index: Index, settings: Settings) -> str:
    """Everything that affects answers besides the index's folder."""
    model = settings.embedder.name if settings.embedder is not None else None
    links = (settings.root_path, settings.page_size, settings.offset)
    return f"{index.abbreviations!r} {model!r} {links!r}"


def _warm(index: Index) -> None:
    """Load the data of the first suggestions, to make them as fast as later ones."""
    for start in _FIRST_LETTERS:
        index.suggest(start)


class _Pool:
    """A thread pool with a bounded queue."""

    def __init__(self, name: str, threads: int, backlog: int) -> None:
        self._most = threads + backlog
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._taken = 0

    async def run(self, work: Callable[[], T], timeout: float) -> T:
        with self._lock:
            if self._taken >= self._most:
                raise Overloaded
            self._taken += 1
        try:
            future = self._executor.submit(work)
        except BaseException:
            self._leave()
            raise
        future.add_done_callback(self._leave)  # also if cancelled before it began
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), timeout)
        except (asyncio.TimeoutError, TimeoutError) as error:
            if future.done() and not future.cancelled():
                raise  # the work's own error is passed on unchanged
            raise TookTooLong from error

    def _leave(self, _: Future[T] | None = None) -> None:
        with self._lock:
            self._taken -= 1

    def start(self, work: Callable[[], None]) -> None:
        """Run ``work`` when a thread is free; a failure is ignored."""

        def quietly() -> None:
            with suppress(TracuuError):
                work()

        self._executor.submit(quietly)

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)
