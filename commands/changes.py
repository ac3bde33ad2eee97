"""Following an update of an index: progress for people, data for programs, an exit code."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

import click

from .console import READER_GONE, Console, drop_stdout, is_terminal, say
from .text import cells, clean, counted, fit

if TYPE_CHECKING:
    from ..indexer import Change

SOME_FAILED = 3
"""The exit code when some files failed and the others were read."""

_COLOURS = {"added": "green", "changed": "green", "moved": "cyan", "removed": "yellow", "failed": "red"}
_ORDER = ("added", "changed", "moved", "removed", "unchanged", "failed")


def follow(changes: Iterator[Change], console: Console, *, quiet: bool, files: int) -> int:
    """Run an update to its end, telling what happens; 0, or the exit code when files failed.

    ``files`` is how many there are to read, 0 where that is not known. A reader of stdout that has gone
    does not end the update: half of one is no use to anybody.
    """
    progress = _Progress(files, shown=not quiet and is_terminal(sys.stderr))
    seen: Counter[str] = Counter()
    passages = 0
    listed: list[dict[str, Any]] = []
    with closing(cast("Generator[Change, None, None]", changes)) as running:
        progress.show()
        for change in running:
            seen[change.kind] += 1
            passages += change.passages if change.kind in ("added", "changed") else 0
            progress.hide()
            if change.kind == "failed" or not (quiet or change.kind == "unchanged"):
                tell(change)
            if console.format == "jsonl":
                _print(console, change.to_dict())
            elif console.format == "json":
                listed.append(change.to_dict())
            progress.show(done=change.kind != "removed")
        progress.hide()
    if console.format == "json":
        console.json(listed)
    if not quiet:
        say(summary(seen, passages))
    return SOME_FAILED if seen["failed"] else 0


def _print(console: Console, item: dict[str, Any]) -> None:
    try:
        console.jsonl([item])
        sys.stdout.flush()
    except OSError as error:
        if error.errno not in READER_GONE:
            raise
        drop_stdout()


def tell(change: Change) -> None:
    """One file's fate as a line."""
    if change.kind == "failed":
        reason = str(change.error)  # a ReadError names its file
        say(f"failed   {reason if change.path in reason else f'{_short(change.path)}: {reason}'}", style="red")
        return
    names = ", ".join(change.reports[:3]) + (" …" if len(change.reports) > 3 else "")
    say(
        f"{change.kind:<8} {_short(change.path)}: {names}, {counted(change.passages, 'passage')}",
        style=_COLOURS.get(change.kind),
    )
    for note in change.notes:
        say(f"         note: {note}")


def _short(path: str) -> str:
    """``path`` from the current folder, where it is below it."""
    try:
        relative = os.path.relpath(path)
    except (OSError, ValueError):  # another drive, or no current folder
        return path
    return path if relative.startswith(os.pardir) else relative


def summary(seen: Counter[str], passages: int) -> str:
    """How many files had which fate, in a sentence."""
    parts = [f"{seen[kind]:,} {kind}" for kind in _ORDER if seen[kind]]
    if not parts:
        return "No files of a known format were found."
    read = f" ({counted(passages, 'passage')} read)" if passages else ""
    return f"{counted(sum(seen.values()), 'file')}: {', '.join(parts)}{read}."


class _Progress:
    """A line on the terminal that tells how far it is, and leaves nothing behind."""

    def __init__(self, files: int, *, shown: bool) -> None:
        self._files = files
        self._shown = shown
        self._done = 0
        self._width = 0

    def show(self, *, done: bool = False) -> None:
        """Tell how many files are done."""
        self._done += done
        if self._shown:
            of = f" of {max(self._files, self._done):,}" if self._files else ""
            text = fit(clean(f"{self._done:,}{of} files read …"), 79)
            self._width = cells(text)
            click.echo(text, nl=False, err=True)

    def hide(self) -> None:
        """Take the line away."""
        if self._width:
            click.echo("\r" + " " * self._width + "\r", nl=False, err=True)
            self._width = 0
