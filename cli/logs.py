"""The library's log on stderr.

Read-only commands (:data:`tracuu.cli.LOOKING`) log nothing, and do not import ``logging``.
"""

from __future__ import annotations

import logging

from .console import say
from .language import N_, _, describe, translated

LEVELS = (N_("warning"), N_("error"), N_("info"), N_("debug"))


class _Handler(logging.Handler):
    """Handler that writes the library's log to the current stderr."""

    def emit(self, record: logging.LogRecord) -> None:
        name = "warning" if record.levelno == logging.WARNING else record.levelname.lower()
        say(
            f"{_(name)}: {_formatted(record) or self.format(record)}",
            style="yellow" if record.levelno >= logging.WARNING else None,
        )


def log_to_stderr(verbose: bool) -> None:
    """Show the library's warnings, with ``verbose`` all log messages."""
    logger = logging.getLogger("tracuu")
    if not any(isinstance(handler, _Handler) for handler in logger.handlers):
        logger.addHandler(_Handler())
    logger.setLevel(logging.DEBUG if verbose else logging.WARNING)


def is_verbose() -> bool:
    """Whether the library's log is shown."""
    return logging.getLogger("tracuu").level == logging.DEBUG


def _formatted(record: logging.LogRecord) -> str:
    """The message in the chosen language.

    Empty if the handler's own format is needed.
    """
    if record.exc_info or record.stack_info or not isinstance(record.args, tuple):
        return ""
    values = tuple(
        describe(value)
        if isinstance(value, BaseException)
        else translated(value)
        if isinstance(value, str)
        else value
        for value in record.args
    )
    template = translated(str(record.msg))
    return template % values if values else template
