"""Progress of OCR, a page at a time, from the library's log."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from ..corpus.readers.source import OCR_LOG
from .console import is_terminal
from .language import _
from .text import cells, clean, fit

Show = Callable[[str], None]


class _Pages(logging.Handler):
    """Shows each page that is read."""

    def __init__(self, show: Show) -> None:
        super().__init__()
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple) and len(record.args) == 3:
            path, page, pages = record.args
            name = os.path.basename(str(path))
            self._show(_("{file}: page {page} of {pages}", file=name, page=page, pages=pages))


@contextmanager
def pages_shown(show: Show | None) -> Iterator[None]:
    """Call ``show`` with a line for each page read by OCR meanwhile; None: do nothing."""
    if show is None:
        yield
        return
    handler, level, propagate = _Pages(show), OCR_LOG.level, OCR_LOG.propagate
    OCR_LOG.addHandler(handler)
    OCR_LOG.setLevel(logging.INFO)
    OCR_LOG.propagate = False  # else --verbose shows it twice
    try:
        yield
    finally:
        OCR_LOG.removeHandler(handler)
        OCR_LOG.setLevel(level)
        OCR_LOG.propagate = propagate


@contextmanager
def page_line() -> Iterator[None]:
    """Show the last page read by OCR on a line of the terminal, erased at the end."""
    if not is_terminal(sys.stderr):
        yield
        return
    width = 0

    def show(text: str) -> None:
        nonlocal width
        line = fit(clean(text), 79)
        click.echo(f"\r{line}{' ' * (width - cells(line))}", nl=False, err=True)
        width = cells(line)

    try:
        with pages_shown(show):
            yield
    finally:
        if width:
            click.echo("\r" + " " * width + "\r", nl=False, err=True)
