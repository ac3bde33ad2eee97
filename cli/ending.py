"""End long-running commands cleanly on SIGTERM and Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn


@contextmanager
def ended_politely() -> Iterator[None]:
    """End without failure on Ctrl-C, or on SIGTERM from a service manager.

    For commands that run until stopped.
    """

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = None
    with suppress(ValueError):  # not the main thread
        before = signal.signal(signal.SIGTERM, stop)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)
