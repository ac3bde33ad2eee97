"""Helper processes that answer pickled messages through pipes, one at a time.

They are started by a command of their own and not by :mod:`multiprocessing`, which would run the
application's main module again on Windows and macOS. Only the parent process talks to one, and it
ends with its parent.
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

# what underthesea imports would start more
_ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


_PIPE = 1 << 20  # bytes; the limit for ordinary users on Linux


class ProcessGoneError(Exception):
    """A process ended, or could not be started, before it had answered."""


def available_jobs() -> int:
    """How many processes can work at once here."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Windows, macOS
        return os.cpu_count() or 1


def can_start() -> bool:
    """Whether ``sys.executable`` is a Python interpreter.

    It is not in an application that embeds one.
    """
    name = os.path.basename(sys.executable or "").lower()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)


class Process:
    """A process that runs ``main`` of a module, which calls :func:`serve_requests`.

    One thread may talk with it; any may end it.
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
        """Send a message; a dead process shows in :meth:`receive`."""
        stdin = self._process.stdin
        if stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                pickle.dump(request, stdin, pickle.HIGHEST_PROTOCOL)
                stdin.flush()

    def receive(self) -> Any:
        """Wait for the answer to the oldest unanswered message. Raises ProcessGoneError."""
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
        """End it, whatever it does; :meth:`end` has still to be called."""
        self._process.kill()

    def end(self) -> None:
        """End the process, wait for it and close its pipes; a second call does nothing."""
        with self._lock:
            if self._ended:
                return
            self._ended = True
        self._process.poll()  # keeps the exit code of a process that ended before
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                # it still held something for the process that is gone
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.wait()


def _widen(pipe: IO[bytes] | None) -> None:
    """Enlarge a pipe so that it holds an answer, where the system can.

    The sender need not wait.
    """
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        if pipe is not None:
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)


def serve_requests(
    answer: Callable[[Any], object],
    connect: Callable[[Callable[[object], None]], None] | None = None,
) -> None:
    """Answer the messages of the parent process until there are no more.

    ``connect`` gets a function that sends the parent a message while a request is answered.
    """
    gc.set_threshold(50_000, 20, 50)  # many small objects without cycles
    # Ctrl-C is handled by the parent, which ends its helpers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(0), "rb") as source, os.fdopen(os.dup(1), "wb") as target:
        os.dup2(2, 1)  # nothing that a library prints may come between the answers

        def send(message: object) -> None:
            pickle.dump(message, target, pickle.HIGHEST_PROTOCOL)
            target.flush()

        if connect is not None:
            connect(send)
        with contextlib.suppress(EOFError, BrokenPipeError):
            while True:
                send(answer(pickle.load(source)))
    sys.stdout.close()
