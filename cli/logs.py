"""The library's log, for people on stderr.

Commands that only look things up (:data:`tracuu.cli.LOOKING`) log nothing, and do not wait for
``logging``.
"""

from __future__ import annotations

import logging

from .console import say


class _Handler(logging.Handler):
    """Handler that passes the library's log on to the current stderr."""

    def emit(self, record: logging.LogRecord) -> None:
        name = "warning" if record.levelno == logging.WARNING else record.levelname.lower()
        say(
            f"{name}: {self.format(record)}",
            style="yellow" if record.levelno >= logging.WARNING else None,
        )


def log_to_stderr(verbose: bool) -> None:
    """Show the library's warnings, and with ``verbose`` all it logs."""
    logger = logging.getLogger("tracuu")
    if not any(isinstance(handler, _Handler) for handler in logger.handlers):
        logger.addHandler(_Handler())
    logger.setLevel(logging.DEBUG if verbose else logging.WARNING)


def is_verbose() -> bool:
    """Whether the library's log is shown."""
    return logging.getLogger("tracuu").level == logging.DEBUG
