"""Reading some files ahead in helpers while this process writes.

Helpers cost half a second to start, and so does reading here the first time. They are called at
once where this process has read nothing yet and there is much to read, else when reading has taken
a while and there is more.
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

# Seconds of reading in this process before helpers are started.
PATIENCE = 1.0

_FILES = 16  # looked at ahead for each helper
_MUCH = 12  # files to read for each helper, among those looked at
_BYTES = 16 << 20  # of files looked at ahead, one of any size at least
_CHUNK = 1 << 20


class PendingFile:
    """A file that is still to be indexed: its digest or error, and its result.

    The result is that of a helper process.
    """

    def __init__(self, found: FoundFile) -> None:
        self.found = found
        self.digest = ""
        self.error = found.error
        self.size = 0
        self.wanted = False  # it will have to be read
        self.result: Future[Answer] | None = None
        if self.error is None:
            try:
                self.digest, self.size = _digest(found.path)
            except ReadError as error:
                self.error = error

    def answer(self) -> Answer:
        """A helper's reading, waited for; None without one, or if it must be read here.

        Raises UnreadableFile for a file that a helper did not survive: it would end this process
        too.
        """
        if self.result is None:
            return None
        try:
            return self.result.result()
        except WorkerDied:
            raise UnreadableFile(
                self.found.path, "the process that read it ended without a word"
            ) from None


class Prefetcher:
    """The files of an update, with helpers that read those to come.

    A context manager, which ends them.

    ``task`` gives a helper's task for a file: None if it need not be read, or not there,
    as does ``wanted``. ``warm`` is whether this process has all it needs for reading.
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
        self._to_read = 0  # files among those looked at

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
        """Whether it is time to call helpers."""
        if self._spent >= PATIENCE:
            return len(self._window) > self._jobs
        if self._warm or self._spent:
            return False
        return self._to_read > _MUCH * self._jobs

    def _ask(self, file: PendingFile) -> None:
        if self._pool is not None and file.result is None and file.error is None:
            task = self._task(file)
            if task is not None:
                file.result = self._pool.ask(task)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Reading a file in this process."""
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
    """SHA-256 of the file's bytes, in hexadecimal, and how many there are.

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
