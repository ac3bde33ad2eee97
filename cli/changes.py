"""Follow an update of an index: progress or data, and an exit code."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, cast

import click

from .. import index, indexer
from .alerts import print_event, show_alerts
from .console import Console, is_terminal, say
from .language import N_, _, describe, translated, written
from .pages import pages_shown
from .text import cells, clean, counted, fit

SOME_FAILED = 3  # exit code: some files failed, the others were read
LOST = 6  # exit code of a rebuild: passages found only in the old index are unreadable

_COLOURS = {
    "added": "green",
    "changed": "green",
    "identical": "cyan",
    "moved": "cyan",
    "removed": "yellow",
    "failed": "red",
    "lost": "red",
}
_LONG = 5.0  # seconds; the summary of a longer update shows time and rate
_REASONS = 20  # maximum failures repeated in the summary
_SUFFIXES = 8  # maximum suffixes in the summary
_ORDER = (
    N_("added"), N_("changed"), N_("identical"), N_("moved"), N_("removed"), N_("unchanged"),
    N_("kept"), N_("failed"), N_("lost"),
)  # fmt: skip


def event(change: indexer.Change, seconds: float) -> dict[str, Any]:
    """A change as a line of ``--jsonl``; ``seconds`` since the update began."""
    return {**change.to_dict(), "seconds": round(seconds, 3)}


def totals(seen: Counter[str], passages: int, seconds: float) -> dict[str, Any]:
    """The last line of ``--jsonl``: numbers of files by kind of change, and the time."""
    counts = {kind: seen[kind] for kind in _ORDER}
    return {"kind": "total", **counts, "read_passages": passages, "seconds": round(seconds, 3)}


def follow(
    changes: Iterator[indexer.Change],
    console: Console,
    *,
    quiet: bool,
    files: int,
    skipped: Mapping[str, int] | None = None,
    finder: index.AlertFinder | None = None,
    command: Sequence[str] = (),
) -> int:
    """Run an update and print each change; return 0, or the exit code of failures.

    ``files`` is the number of files to read (0: unknown); ``skipped`` maps suffixes of other
    formats to their number of files; ``finder`` finds new matches of saved searches, which are
    passed to ``command``. A closed stdout does not stop the update.
    """
    progress = _Progress(files, shown=not quiet and is_terminal(sys.stderr))
    seen: Counter[str] = Counter()
    passages = 0
    listed: list[dict[str, Any]] = []
    failed: list[str] = []
    again = 0  # files that failed in the same way in the last update
    news: list[indexer.Change] = []
    shown = progress.page if progress.shown else None
    with (
        pages_shown(shown),
        closing(cast("Generator[indexer.Change, None, None]", changes)) as running,
    ):
        progress.show()
        for change in running:
            seen[change.kind] += 1
            news += [change] if change.kind in ("added", "changed") else []
            passages += change.passages if change.kind in ("added", "changed") else 0
            progress.hide()
            bad = change.kind in ("failed", "lost") and not change.known
            again += change.known
            if bad:
                failed.append(_reason(change))
            if bad or not (quiet or change.known or change.kind == "unchanged"):
                print_change(change)
            if console.format == "jsonl" and (not quiet or bad):
                print_event(console, event(change, progress.seconds))
            elif console.format == "json":
                listed.append(change.to_dict())
            progress.count(change.kind, change.passages)
            progress.show()
        progress.hide()
    if finder is not None:
        show_alerts(finder.alerts(news), console, command)
    if console.format == "json":
        console.json(listed)
    elif console.format == "jsonl":
        print_event(console, totals(seen, passages, progress.seconds))
    if not quiet:
        _print_summary(failed, again, summary(seen, passages, progress.seconds), skipped or {})
    if seen["lost"]:
        return LOST
    return SOME_FAILED if seen["failed"] else 0


def _print_summary(
    failed: list[str], again: int, sentence: str, skipped: Mapping[str, int]
) -> None:
    """Print failures again, the numbers of files, and the skipped files."""
    if len(failed) > 1:
        say(_("{count:,} files failed:", count=len(failed)), style="red")
        for reason in failed[:_REASONS]:
            say(f"  {reason}", style="red")
        if len(failed) > _REASONS:
            say(_("  … and {count:,} more; --jsonl lists all", count=len(failed) - _REASONS))
    say(sentence)
    if again:
        files = counted(again, "file")
        say(_("{files} failed as in the last update; --jsonl lists them.", files=files))
    if skipped:
        say(skipped_summary(skipped))


def print_change(change: indexer.Change) -> None:
    """Print one change as a line."""
    if change.kind in ("failed", "lost"):
        say(f"{_kind(change.kind)} {_reason(change)}", style="red")
        return
    names = ", ".join(change.reports[:3]) + (" …" if len(change.reports) > 3 else "")
    say(
        f"{_kind(change.kind)} {_short(change.path)}: {names}, "
        f"{counted(change.passages, 'passage')}",
        style=_COLOURS.get(change.kind),
    )
    for note in change.notes:
        say("         " + _("note: {note}", note=translated(note)))


def _kind(name: str) -> str:
    """The kind of a change in the chosen language, eight columns wide."""
    shown = _(name)
    return shown + " " * (8 - cells(shown))


def _reason(change: indexer.Change) -> str:
    reason = describe(change.error) if change.error else ""  # a ReadError includes its path
    return reason if change.path in reason else f"{_short(change.path)}: {reason}"


def _short(path: str) -> str:
    """``path`` relative to the current folder, if it is below that."""
    try:
        relative = os.path.relpath(path)
    except (OSError, ValueError):  # another drive, or no current folder
        return path
    return path if relative.startswith(os.pardir) else relative


def skipped_summary(skipped: Mapping[str, int]) -> str:
    """Files of other formats by suffix.

    For example ``Skipped 12 files of other formats: .jpg 10, .zip 2.``
    """
    ranked = sorted(skipped.items(), key=lambda one: (-one[1], one[0]))
    listed = ", ".join(
        f"{suffix or _('no ending')} {written(number)}" for suffix, number in ranked[:_SUFFIXES]
    )
    more = " …" if len(ranked) > _SUFFIXES else ""
    return _(
        "Skipped {files} of other formats: {listed}{more}.",
        files=counted(sum(skipped.values()), "file"),
        listed=listed,
        more=more,
    )


def summary(seen: Counter[str], passages: int, seconds: float = 0.0) -> str:
    """Numbers of files by kind of change, as a sentence.

    ``seconds`` is 0 if not measured.
    """
    parts = [f"{written(seen[kind])} {_(kind)}" for kind in _ORDER if seen[kind]]
    if not parts:
        return _("No files of a known format were found.")
    read = _(" ({passages} read)", passages=counted(passages, "passage")) if passages else ""
    # short updates show no rate, so that their output is reproducible
    took = (
        _(" in {time}, {rate:,.0f} passages/s", time=_duration(seconds), rate=passages / seconds)
        if passages and seconds >= _LONG
        else ""
    )
    return f"{counted(sum(seen.values()), 'file')}: {', '.join(parts)}{read}{took}."


class _Progress:
    """A progress line on the terminal, erased at the end."""

    def __init__(self, files: int, *, shown: bool) -> None:
        self._files = files
        self.shown = shown
        self._page = ""  # the last page read by OCR
        self._done = self._passages = 0
        self._width = 0
        self._start = time.monotonic()

    def count(self, kind: str, passages: int) -> None:
        """Count one more file."""
        self._page = ""
        self._done += kind != "removed"
        if kind in ("added", "changed"):
            self._passages += passages

    def show(self) -> None:
        """Show the number of files done, the rate, and the remaining time."""
        if self.shown:
            text = progress_text(self._done, self._files, self._passages, self.seconds)
            text = fit(clean(f"{text}  {self._page}".rstrip()), 79)
            self._width = cells(text)
            click.echo(text, nl=False, err=True)

    def page(self, text: str) -> None:
        """Show a page that was read by OCR."""
        self.hide()
        self._page = text
        self.show()

    def hide(self) -> None:
        """Erase the line."""
        if self._width:
            click.echo("\r" + " " * self._width + "\r", nl=False, err=True)
            self._width = 0

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._start


def progress_text(done: int, files: int, passages: int, seconds: float) -> str:
    """The progress of an update: ``300 of 1,000 files, 610 passages/s, 0:42 left``.

    >>> progress_text(300, 1000, 9000, 15.0)
    '300 of 1,000 files, 600 passages/s, 0:35 left'
    >>> progress_text(0, 0, 0, 0.0)
    '0 files …'
    """
    parts = [
        _("{done:,} of {files:,} files", done=done, files=max(files, done))
        if files
        else _("{done:,} files", done=done)
    ]
    if seconds >= 1 and passages:
        parts.append(_("{rate:,.0f} passages/s", rate=passages / seconds))
    if seconds >= 3 and 0 < done < files:
        left = round(seconds / done * (files - done))
        parts.append(
            _("{minutes}:{seconds:02} left", minutes=left // 60, seconds=left % 60)
            if left < 3600
            else _("{hours:.1f} h left", hours=left / 3600)
        )
    return ", ".join(parts) if len(parts) > 1 else f"{parts[0]} …"


def _duration(seconds: float) -> str:
    return (
        _("{seconds:.1f} s", seconds=seconds)
        if seconds < 60
        else _(
            "{minutes}:{seconds:02} min", minutes=round(seconds) // 60, seconds=round(seconds) % 60
        )
    )
