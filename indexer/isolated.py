"""Read PDF files in a separate process, with limits of memory and time.

A PDF of a few kilobytes can take gigabytes when a page is parsed, in native code that cannot be
interrupted. The process is started for the first such file and reused. Resource limits of the
operating system are set where available; in addition a watchdog thread checks the memory and
processor time of the process, and ends it. Time spent waiting for tesseract does not count.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from .. import errors
from ..corpus import Limits, read_blocks
from ..corpus.readers import Contents
from ..corpus.readers.formats import CONTAINERS
from ..corpus.readers.source import OCR_LOG, PAGE_READ
from ..engines.processes import (
    Process,
    ProcessGoneError,
    available_jobs,
    can_start,
    serve_requests,
)
from ..errors import DamagedFile, MissingExtra, ReadError, TooLarge

_SUFFIXES = (".pdf", *CONTAINERS)  # PDF files, and containers that may hold some
_HEAD = 1024  # bytes that contain the magic number of a PDF file
_MARK = b"%PDF-"
_EVERY = 0.02  # seconds between two checks of memory and time
_SLACK = 10  # seconds of processor time between the watchdog and the system's own limit
_PATIENCE = 4  # factor of wall-clock time, without OCR, after which the process is killed
_RESTART = 256 << 20  # bytes of memory above which a process is not reused
_MEMORY, _TIME = 81, 82  # exit codes


@dataclass(frozen=True, slots=True)
class _Request:
    path: str
    limits: Limits
    ocr: bool | str
    jobs: int


@dataclass(frozen=True, slots=True)
class _PageRead:
    """A page was read by OCR: the arguments of its log message."""

    args: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """The contents of the file, or class and message of a tracuu error.

    ``spent`` means that the process uses much memory and should be replaced.
    """

    contents: Contents | None
    error: tuple[str, str] = ("", "")
    spent: bool = False


class IsolatedReader:
    """Reads files; those that may hold a PDF in a separate process.

    Close it afterwards.

    In an application that embeds Python no process can be started, and all files are read in this
    process, without these limits. Up to ``jobs`` pages are recognised by OCR in parallel.
    """

    def __init__(self, jobs: int | None = None) -> None:
        self._process: Process | None = None
        self._jobs = jobs or available_jobs()

    def read(self, path: str, *, limits: Limits | None = None, ocr: bool | str = False) -> Contents:
        """As :func:`tracuu.corpus.read_blocks`; TooLarge also for memory and time."""
        if not needs_isolation(path) or not can_start():
            return read_blocks(path, limits=limits, ocr=ocr, jobs=self._jobs)
        request = _Request(path, limits or Limits(), ocr, self._jobs)
        try:
            if self._process is None:
                self._process = Process(__name__)
            answer = self._ask(self._process, request)
        except ProcessGoneError as error:
            process, self._process = self._process, None
            if process is None:  # no process can be started
                return read_blocks(path, limits=limits, ocr=ocr, jobs=self._jobs)
            process.end()
            raise _refusal(process.exit_code, request) from error
        if answer.spent:
            self.close()
        if answer.contents is None:
            raise _error(path, *answer.error)
        return answer.contents

    def _ask(self, process: Process, request: _Request) -> _Answer:
        process.send(request)
        killer = threading.Timer(request.limits.seconds * _PATIENCE + _SLACK, process.kill)
        if not request.ocr:
            killer.daemon = True
            killer.start()
        try:
            while isinstance(answer := process.receive(), _PageRead):
                OCR_LOG.info(PAGE_READ, *answer.args)
            assert isinstance(answer, _Answer)
        finally:
            killer.cancel()
        return answer

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.end()


def needs_isolation(path: str) -> bool:
    """Whether a file is a PDF, by its name or its first bytes, or may contain one."""
    if path.lower().endswith(_SUFFIXES):
        return True
    try:
        if not os.path.isfile(path):  # opening a named pipe would block
            return False
        with open(path, "rb") as stream:
            return _MARK in stream.read(_HEAD)
    except (OSError, ValueError):
        return False


def _refusal(code: int | None, request: _Request) -> ReadError:
    """The error for an exit code of the process."""
    limits = request.limits
    if code == _MEMORY:
        return TooLarge(
            request.path,
            "reading it needs more than {memory_bytes:,} bytes of memory "
            "(Limits.memory_bytes); raise the limit or split the file",
            memory_bytes=limits.memory_bytes,
        )
    if code == _TIME or (code is not None and code < 0 and -code in _time_signals()):
        return TooLarge(
            request.path,
            "reading it takes more than {seconds:,} seconds (Limits.seconds); raise "
            "the limit or split the file",
            seconds=limits.seconds,
        )
    return DamagedFile(
        request.path,
        "the process that reads it crashed (it may have {memory_bytes:,} bytes "
        "of memory, Limits.memory_bytes)",
        memory_bytes=limits.memory_bytes,
    )


def _time_signals() -> tuple[int, ...]:
    import signal

    names = "SIGKILL", "SIGXCPU"  # SIGKILL: sent by our own timer
    return tuple(int(getattr(signal, name)) for name in names if hasattr(signal, name))


def _error(path: str, name: str, reason: str) -> Exception:
    kind = getattr(errors, name)
    return kind(path, reason) if issubclass(kind, ReadError) else kind(reason)  # type: ignore[no-any-return]


# --- in the process ---


class _Watchdog(threading.Thread):
    """Ends this process if its file needs too much memory or processor time."""

    def __init__(self) -> None:
        super().__init__(name="tracuu-watchdog", daemon=True)
        self._limits: Limits | None = None
        self._began = 0.0

    def watch(self, limits: Limits) -> None:
        """Start checking, until :meth:`rest`."""
        self._began = time.process_time()
        self._limits = limits

    def rest(self) -> None:
        """Stop checking."""
        self._limits = None

    def run(self) -> None:
        """Check periodically."""
        while True:
            time.sleep(_EVERY)
            limits = self._limits
            if limits is None:
                continue
            if memory_used() > limits.memory_bytes:
                _leave(_MEMORY)
            if time.process_time() - self._began > limits.seconds:
                _leave(_TIME)


def _leave(code: int) -> NoReturn:
    os._exit(code)


def memory_used() -> int:
    """Memory of this process in bytes.

    The peak value where the system provides no current one.
    """
    if sys.platform == "win32":
        return _windows_memory()
    try:
        with open("/proc/self/statm", "rb") as stream:
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


def _windows_memory() -> int:
    """The working set, from PSAPI's GetProcessMemoryInfo."""
    if sys.platform != "win32":
        return 0
    import ctypes
    from ctypes import wintypes

    names = "PeakWorkingSetSize", "WorkingSetSize", "QuotaPeakPagedPoolUsage", "QuotaPagedPoolUsage"
    names += "QuotaPeakNonPagedPoolUsage", "QuotaNonPagedPoolUsage", "PagefileUsage"
    names += ("PeakPagefileUsage",)

    class Counters(ctypes.Structure):
        _fields_ = [
            ("cb", wintypes.DWORD),
            ("PageFaultCount", wintypes.DWORD),
            *((name, ctypes.c_size_t) for name in names),
        ]

    counters = Counters()
    counters.cb = ctypes.sizeof(counters)
    process = ctypes.windll.kernel32.GetCurrentProcess()
    ask = ctypes.windll.psapi.GetProcessMemoryInfo
    ask.argtypes = [wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD]
    return int(counters.WorkingSetSize) if ask(process, counters, counters.cb) else 0


def _limit(limits: Limits) -> None:
    """Set the resource limits of the operating system, where available.

    They also stop code that starves the watchdog thread.
    """
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        seconds = int(time.process_time()) + limits.seconds + _SLACK
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))
    if sys.platform == "linux":
        with contextlib.suppress(ValueError, OSError, IndexError):
            with open("/proc/self/statm", "rb") as stream:
                own = int(stream.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
            hard = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (own + 2 * limits.memory_bytes, hard))


def _read(request: _Request) -> _Answer:
    try:
        contents = read_blocks(
            request.path, limits=request.limits, ocr=request.ocr, jobs=request.jobs
        )
    except ReadError as error:
        return _Answer(None, (type(error).__name__, error.reason), _is_spent())
    except MissingExtra as error:
        return _Answer(None, (type(error).__name__, str(error)), _is_spent())
    except MemoryError:
        _leave(_MEMORY)
    return _Answer(contents, spent=_is_spent())


def _is_spent() -> bool:
    return memory_used() > _RESTART


def main() -> None:
    """Answer requests of the parent process."""
    watchdog = _Watchdog()
    watchdog.start()

    def answer(request: _Request) -> _Answer:
        _limit(request.limits)
        watchdog.watch(request.limits)
        try:
            return _read(request)
        finally:
            watchdog.rest()

    serve_requests(answer, connect=_forward_pages)


class _Forwarder(logging.Handler):
    """Forwards log records of pages read by OCR to the parent process."""

    def __init__(self, send: Callable[[object], None]) -> None:
        super().__init__()
        self._send = send

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple):
            self._send(_PageRead(record.args))


def _forward_pages(send: Callable[[object], None]) -> None:
    OCR_LOG.addHandler(_Forwarder(send))
    OCR_LOG.setLevel(logging.INFO)
    OCR_LOG.propagate = False
