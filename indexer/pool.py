"""Worker processes that read files and analyse passages in parallel.

Results are deterministic: a file gives the same documents in any process, and the caller takes them
in the order of the files.
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

# Tasks queued per process, so that it need not wait until its answer is taken.
_IN_FLIGHT = 2


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """Settings of a worker process.

    Text of the taxonomy, limits of reading, languages of OCR (empty: no OCR), and corrections to
    learn from.
    """

    taxonomy: str
    limits: Limits | None
    ocr: str = ""
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read, the id of its first report, and the folder of its reports.

    ``members`` maps members of a container to ids; ``below`` is as in
    :func:`tracuu.corpus.members.parse_contents`; ``extras`` is the metadata of its reports.
    """

    path: str
    id: str
    name: str
    folder: str | None = None
    members: Mapping[str, str] = field(default_factory=dict)
    below: bool = False
    extras: Extras = field(default_factory=dict)


# Member → format and notes; the member "" is the file itself.
Details = dict[str, tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file that was read.

    ``packed`` are its reports, pickled until they are needed: as documents they are about a
    thousand small objects per file, take ten times the memory, and slow garbage collection.
    """

    id: str
    sha256: str
    details: Details
    packed: bytes

    @classmethod
    def of(cls, task: Task, contents: Contents, reports: list[Entry]) -> ParsedFile:
        """Pack the result of ``task``."""
        packed = pickle.dumps(reports, pickle.HIGHEST_PROTOCOL)
        return cls(task.id, contents.sha256, details_of(contents), packed)

    def reports(self) -> list[Entry]:
        """Its reports, each with the documents of its passages."""
        reports: list[Entry] = pickle.loads(self.packed)
        return reports


def details_of(contents: Contents) -> Details:
    """Format and notes of a file and of the files in it."""
    own = {"": (contents.format, contents.notes)}
    return own | {each.name: (each.format, each.notes) for each in contents.members}


class WorkerDied(Exception):
    """A worker process died while reading a file.

    The file would crash this process too.
    """


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file over the limits of memory or time.

    It is not read again.
    """

    reason: str


# None: the caller must read the file itself, to raise its error.
Answer: TypeAlias = ParsedFile | RefusedFile | None


class WorkerPool:
    """A pool of worker processes.

    Close it afterwards; pending results are then never set.
    """

    def __init__(self, jobs: int, config: WorkerConfig) -> None:
        self._tasks: SimpleQueue[tuple[Task, Future[Answer]] | None] = SimpleQueue()
        self._helpers = [_Worker(self._tasks, config) for _ in range(jobs)]

    def submit(self, task: Task) -> Future[Answer]:
        """Submit a task.

        The result is None if the caller must read the file itself, to raise its error.
        """
        future: Future[Answer] = Future()
        self._tasks.put((task, future))
        return future

    def close(self) -> None:
        """Stop all workers immediately."""
        for helper in self._helpers:
            helper.stop()
        for _ in self._helpers:
            self._tasks.put(None)
        for helper in self._helpers:
            helper.join()


class _Worker(threading.Thread):
    """One process, and the thread that communicates with it."""

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
        self._useless = False  # no process can be started
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
            except BaseException as error:  # raised again by Future.result()
                future.set_exception(error)
        self.stop()

    def _next(self, *, wait: bool) -> tuple[Task, Future[Answer]] | None:
        """The next task; None if none is available or left."""
        if self._last:
            return None
        try:
            item = self._tasks.get(block=wait)
        except Empty:
            return None
        self._last = item is None or self._stopped
        return None if self._last else item

    def _send(self, task: Task) -> None:
        """Send the process a task, starting it if necessary and possible."""
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
        """Wait for the answer to the oldest task.

        If the process dies, a new one gets the ``others``.
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
        """Kill the process."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def join(self, timeout: float | None = None) -> None:
        """Wait for the thread and clean up."""
        super().join(timeout)
        self._end()

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.end()
