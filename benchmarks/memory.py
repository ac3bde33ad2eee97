"""Peak memory of a process and its children during a task."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from types import TracebackType

_EVERY = 0.2  # seconds between samples


class Peak:
    """Context manager that monitors the memory of this process and its children.

    ``megabytes`` is the peak. On Linux it is the sum of their proportional set sizes (PSS, from
    ``smaps_rollup``), sampled five times a second: a page shared by several counts once. Elsewhere
    it is the sum of the processes' own peaks (RSS), assuming ``jobs`` children of the size of the
    largest: shared pages count several times. ``kind`` names the measure.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self._has_pss = Path("/proc/self/smaps_rollup").exists()
        self.kind = "PSS" if self._has_pss else "RSS"
        self.megabytes = 0.0

    def __enter__(self) -> Peak:
        if self._has_pss:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        if self._has_pss:
            self._thread.join()
        else:
            self.megabytes = _rss(self._jobs)

    def _look_on(self) -> None:
        while True:
            self.megabytes = max(self.megabytes, sum(map(_pss, _family(os.getpid()))))
            if self._ended.wait(_EVERY):
                return


def _family(pid: int) -> list[int]:
    """The process and all its descendants."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue  # the process has just ended
        for child in children:
            found += _family(int(child))
    return found


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _rss(jobs: int) -> float:
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    own, helpers = (
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return (own + jobs * helpers) / unit
