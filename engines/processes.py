"""Worker processes that answer pickled requests through pipes, one at a time.

They are started by their own command instead of :mod:`multiprocessing`, which would run the
application's main module again on Windows and macOS. A worker ends with its parent.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

_START = "import sys; sys.path[:] = sys.argv[1:]; from {module} import main; main()"

# limits threads of libraries that underthesea imports
_ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


_PIPE = 1 << 20  # bytes; the limit for ordinary users on Linux


class ProcessGoneError(Exception):
    """A process ended before it answered, or could not be started."""


def available_jobs() -> int:
    """Number of processors available to this process."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Windows, macOS
        return os.cpu_count() or 1


def can_start() -> bool:
    """Whether ``sys.executable`` is a Python interpreter.

    It is not in an application that embeds Python.
    """
    name = os.path.basename(sys.executable or "").lower()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)


class Process:
    """A process that runs the ``main`` function of a module.

    ``main`` calls :func:`serve_requests`. Use it from one thread; any thread may end it.
    """

    def __init__(self, module: str) -> None:
        """Raises ProcessGoneError if it cannot be started."""
        self._lock = threading.Lock()
        self._ended = False
        paths = [path or os.getcwd() for path in sys.path]
        command = _START.format(module=module)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-X", f"utf8={sys.flags.utf8_mode}", "-c", command, *paths],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_ONE_THREAD},
            )
        except (OSError, ValueError) as error:
            raise ProcessGoneError(str(error)) from error
        _widen(self._process.stdout)

    def send(self, request: object) -> None:
        """Send a request; :meth:`receive` reports a dead process."""
        stdin = self._process.stdin
        if stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                pickle.dump(request, stdin, pickle.HIGHEST_PROTOCOL)
                stdin.flush()

    def receive(self) -> Any:
        """Wait for the answer to the oldest pending request. Raises ProcessGoneError."""
        stdout = self._process.stdout
        try:
            if stdout is None:
                raise EOFError
            return pickle.load(stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            raise ProcessGoneError(str(error)) from error

    @property
    def exit_code(self) -> int | None:
        """Exit status of the process, once :meth:`end` has waited for it.

        Negative for a signal.
        """
        return self._process.returncode

    def kill(self) -> None:
        """Kill the process; :meth:`end` must still be called."""
        self._process.kill()

    def end(self) -> None:
        """End the process, wait for it and close its pipes; a second call does nothing."""
        with self._lock:
            if self._ended:
                return
            self._ended = True
        self._process.poll()  # keeps the exit code of a process that has already ended
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                # unsent data for the dead process
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.wait()


def _widen(pipe: IO[bytes] | None) -> None:
    """Enlarge a pipe to hold a whole answer, if the system allows it.

    The sender then need not wait.
    """
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        if pipe is not None:
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)


def serve_requests(
    answer: Callable[[Any], object],
    connect: Callable[[Callable[[object], None]], None] | None = None,
) -> None:
    """Answer the requests of the parent process until it closes the pipe.

    ``connect`` is called with a function that sends the parent messages during a request.
    """
    gc.set_threshold(50_000, 20, 50)  # many small objects without cycles
    # Ctrl-C is handled by the parent, which ends its workers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(0), "rb") as source, os.fdopen(os.dup(1), "wb") as target:
        os.dup2(2, 1)  # output printed by a library must not mix with the answers

        def send(message: object) -> None:
            pickle.dump(message, target, pickle.HIGHEST_PROTOCOL)
            target.flush()

        if connect is not None:
            connect(send)
        with contextlib.suppress(EOFError, BrokenPipeError):
            while True:
                send(answer(pickle.load(source)))
    sys.stdout.close()
