"""Read files ahead in worker processes while this process writes.

Workers take half a second to start, as does the first file read in this process. They are started
at once if this process has not read anything and there are many files, else after reading has taken
a while and files remain.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress

from ..engines.processes import can_start
from ..errors import ReadError, UnreadableFile
from .files import FoundFile
from .pool import Answer, Task, WorkerConfig, WorkerDied, WorkerPool

# Seconds of reading in this process before workers are started.
PATIENCE = 1.0

_FILES = 16  # files examined ahead per worker
_MUCH = 12  # files to read per worker, among those examined
_BYTES = 16 << 20  # bytes of files examined ahead, but at least one file
_CHUNK = 1 << 20


class PendingFile:
    """A file to be indexed: its digest or error, and its future result.

    The result comes from a worker process.
    """

    def __init__(self, found: FoundFile) -> None:
        self.found = found
        self.digest = ""
        self.error = found.error
        self.size = 0
        self.wanted = False  # it must be read
        self.result: Future[Answer] | None = None
        if self.error is None:
            try:
                self.digest, self.size = _digest(found.path)
            except ReadError as error:
                self.error = error

    def answer(self) -> Answer:
        """Wait for the worker's result; None if the file must be read here.

        Raises UnreadableFile for a file that crashed a worker, as it would crash this process.
        """
        if self.result is None:
            return None
        try:
            return self.result.result()
        except WorkerDied:
            raise UnreadableFile(self.found.path, "the process that read it crashed") from None


class Prefetcher:
    """The files of an update, with workers that read ahead.

    A context manager that stops the workers.

    ``task`` returns a worker's task for a file, or None if it need not be read by a worker;
    ``wanted`` returns whether it must be read. ``warm`` returns whether this process is ready for
    reading.
    """

    def __init__(
        self,
        jobs: int,
        config: WorkerConfig,
        task: Callable[[PendingFile], Task | None],
        *,
        wanted: Callable[[PendingFile], bool],
        warm: bool,
    ) -> None:
        self._jobs = jobs if jobs > 1 and can_start() else 0
        self._config = config
        self._task = task
        self._wanted = wanted
        self._warm = warm
        self._pool: WorkerPool | None = None
        self._spent = 0.0
        self._window: deque[PendingFile] = deque()
        self._bytes = 0
        self._to_read = 0  # files to read among those examined

    def walk(self, files: Iterable[FoundFile]) -> Iterator[PendingFile]:
        """Each file in turn."""
        for found in files:
            file = PendingFile(found)
            if self._pool is None and file.error is None:
                file.wanted = self._wanted(file)
                self._to_read += file.wanted
            self._window.append(file)
            self._bytes += file.size
            self._ask(file)
            while len(self._window) > _FILES * self._jobs or (
                self._bytes > _BYTES and len(self._window) > 1
            ):
                yield self._next()
        while self._window:
            yield self._next()

    def _next(self) -> PendingFile:
        if self._pool is None and self._jobs and self._calls():
            self._pool = WorkerPool(self._jobs, self._config)
            for file in self._window:
                self._ask(file)
        file = self._window.popleft()
        self._bytes -= file.size
        self._to_read -= file.wanted
        return file

    def _calls(self) -> bool:
        """Whether to start workers now."""
        if self._spent >= PATIENCE:
            return len(self._window) > self._jobs
        if self._warm or self._spent:
            return False
        return self._to_read > _MUCH * self._jobs

    def _ask(self, file: PendingFile) -> None:
        if self._pool is not None and file.result is None and file.error is None:
            task = self._task(file)
            if task is not None:
                file.result = self._pool.submit(task)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Measure the time of reading a file in this process."""
        start = time.perf_counter()
        yield
        self._spent += time.perf_counter() - start

    def __enter__(self) -> Prefetcher:
        return self

    def __exit__(self, *_: object) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            with suppress(OSError):
                pool.close()


def _digest(path: str) -> tuple[str, int]:
    """SHA-256 of a file, in hexadecimal, and its size in bytes.

    Raises UnreadableFile.
    """
    digest, size = hashlib.sha256(), 0
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise UnreadableFile(path, "not a regular file")
        with open(path, "rb", buffering=0) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise UnreadableFile(
            path, "cannot be read: {error}", error=error.strerror or error
        ) from error
    return digest.hexdigest(), size
