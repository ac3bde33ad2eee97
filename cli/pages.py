"""Progress of OCR by page, from the library's log."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from .. import corpus
from .console import is_terminal
from .language import _
from .text import cells, clean, fit

Show = Callable[[str], None]


@contextmanager
def pages_shown(show: Show | None) -> Iterator[None]:
    """Call ``show`` with a line for each page read by OCR; None: do nothing."""
    if show is None:
        yield
        return
    log = corpus.OCR_LOG
    level = log.level

    def page(record: Any) -> bool:
        """Show a page, and remove it from the log shown by --verbose."""
        if isinstance(record.args, tuple) and len(record.args) == 3:
            path, number, pages = record.args
            name = os.path.basename(str(path))
            show(_("{file}: page {page} of {pages}", file=name, page=number, pages=pages))
        return False

    log.addFilter(page)
    log.setLevel("INFO")
    try:
        yield
    finally:
        log.removeFilter(page)
        log.setLevel(level)


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
