"""Processes that read files and analyse passages while this one writes.

The result does not depend on the process: the same file gives the same documents wherever it is
read, and the caller takes them in the order of the files.
"""

from __future__ import annotations

import pickle
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TypeAlias

from ..corpus.model import Report
from ..corpus.readers import Contents, Limits
from ..engines.document import Document
from ..engines.processes import Process, ProcessGoneError
from .containers import Extras

Entry = tuple[Report, list[Document]]

# Tasks that a process has at once: with the next at hand it need not wait until its answer is
# taken.
_IN_FLIGHT = 2


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """Settings of a helper process.

    The text of the taxonomy, limits of reading, the file of known words, the languages of OCR
    (empty: none), and the corrections to learn from.
    """

    taxonomy: str
    limits: Limits | None
    words: str | None
    ocr: str = ""
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read, the id of its first report, and the folder of its reports.

    ``members`` are ids of files in it, if it is a container, by member; ``below`` is as in
    :func:`tracuu.corpus.members.parse_contents`; ``extras`` is the metadata for its reports.
    """

    path: str
    id: str
    name: str
    folder: str | None = None
    members: Mapping[str, str] = field(default_factory=dict)
    below: bool = False
    extras: Extras = field(default_factory=dict)


# Format and notes of a file; of each file in a container by member, of the container by "".
Details = dict[str, tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file that was read.

    ``words`` are those found on the way (see :class:`.word_cache.SegmentationCache`).

    ``packed`` are its reports. Until their turn comes they wait as bytes: documents are a thousand
    small objects a file, which take ten times the room, and which every collection of garbage would
    look through.
    """

    id: str
    sha256: str
    details: Details
    packed: bytes
    words: list[tuple[bytes, bytes]]

    @classmethod
    def of(
        cls, task: Task, contents: Contents, reports: list[Entry], words: list[tuple[bytes, bytes]]
    ) -> ParsedFile:
        """The answer to ``task``."""
        packed = pickle.dumps(reports, pickle.HIGHEST_PROTOCOL)
        return cls(task.id, contents.sha256, details_of(contents), packed, words)

    def reports(self) -> list[Entry]:
        """Its reports, each with the documents of its passages."""
        reports: list[Entry] = pickle.loads(self.packed)
        return reports


def details_of(contents: Contents) -> Details:
    """Format and notes of a file and of the files in it."""
    own = {"": (contents.format, contents.notes)}
    return own | {each.name: (each.format, each.notes) for each in contents.members}


class WorkerDied(Exception):
    """A helper process died while it read a file.

    The file is more than a reader can bear.
    """


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that takes more memory or time than the limits allow.

    Reading it again would, too.
    """

    reason: str


# None: the caller must read the file again, to find what is wrong with it.
Answer: TypeAlias = ParsedFile | RefusedFile | None


class WorkerPool:
    """A number of helpers.

    Close it; what it has not answered by then is never answered.
    """

    def __init__(self, jobs: int, config: WorkerConfig) -> None:
        self._tasks: SimpleQueue[tuple[Task, Future[Answer]] | None] = SimpleQueue()
        self._helpers = [_Worker(self._tasks, config) for _ in range(jobs)]

    def ask(self, task: Task) -> Future[Answer]:
        """A future result.

        None where the caller must read the file again here, to find what is wrong with it.
        """
        future: Future[Answer] = Future()
        self._tasks.put((task, future))
        return future

    def close(self) -> None:
        """End all helpers at once."""
        for helper in self._helpers:
            helper.stop()
        for _ in self._helpers:
            self._tasks.put(None)
        for helper in self._helpers:
            helper.join()


class _Worker(threading.Thread):
    """One process, and the thread that talks with it."""

    def __init__(
        self,
        tasks: SimpleQueue[tuple[Task, Future[Answer]] | None],
        config: WorkerConfig,
    ) -> None:
        super().__init__(name="tracuu-helper", daemon=True)
        self._tasks = tasks
        self._config = config
        self._lock = threading.Lock()
        self._process: Process | None = None
        self._stopped = False
        self._useless = False  # it cannot be started here
        self._last = False  # there are no more tasks
        self.start()

    def run(self) -> None:
        """Answer tasks until there are no more."""
        under_way: deque[tuple[Task, Future[Answer]]] = deque()
        while True:
            while (
                len(under_way) < _IN_FLIGHT and (item := self._next(wait=not under_way)) is not None
            ):
                under_way.append(item)
                self._send(item[0])
            if not under_way or self._stopped:
                break
            task, future = under_way.popleft()
            try:
                future.set_result(
                    None if self._process is None else self._answer(task, self._process, under_way)
                )
            except BaseException as error:
                future.set_exception(error)
        self.stop()

    def _next(self, *, wait: bool) -> tuple[Task, Future[Answer]] | None:
        """The next task; None where none is at hand, or none is left."""
        if self._last:
            return None
        try:
            item = self._tasks.get(block=wait)
        except Empty:
            return None
        self._last = item is None or self._stopped
        return None if self._last else item

    def _send(self, task: Task) -> None:
        """Give the process a task; start it, if there is none and one can be started."""
        if self._process is None and not self._useless:
            self._useless = not self._begin()
        if self._process is not None:
            self._process.send(task)

    def _begin(self) -> bool:
        """Start the process and wait until it is ready."""
        try:
            with self._lock:
                if self._stopped:
                    return False
                self._process = Process(f"{__package__}.worker")
            self._process.send(self._config)
            if self._process.receive() is True:
                return True
        except ProcessGoneError:
            pass
        self._end()
        return False

    def _answer(
        self, task: Task, process: Process, others: Iterable[tuple[Task, Future[Answer]]]
    ) -> Answer:
        """The answer to the oldest task.

        Where the process died of it, another gets the ``others``.
        """
        try:
            answer: Answer = process.receive()
        except ProcessGoneError as error:
            self._end()
            for other, _ in others:
                self._send(other)
            raise WorkerDied(task.path) from error
        return answer

    def stop(self) -> None:
        """End the process, whatever it does."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def join(self, timeout: float | None = None) -> None:
        """Wait for the thread, and clear away what it leaves."""
        super().join(timeout)
        self._end()

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.end()
