"""Alerts of saved searches: print them, and run a command."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from .. import index
from ..errors import UsageError
from .console import READER_GONE, Console, drop_stdout, say
from .language import _
from .text import cells

_SECONDS = 60.0  # time limit of a command

alert_option = click.option(
    "--on-alert",
    metavar="COMMAND",
    help="Run this command for each saved search that new passages match; it gets them as JSON on "
    "its standard input. No shell is involved.",
)


def command_of(given: str | None) -> list[str]:
    """Split a command line into words (None: no words). Raises UsageError."""
    if given is None:
        return []
    try:
        words = shlex.split(given, posix=os.name != "nt")
    except ValueError as error:
        raise UsageError("--on-alert: {error}", error=error) from error
    if not words:
        raise UsageError("--on-alert names no command")
    return [word.strip('"') for word in words] if os.name == "nt" else words


def print_event(console: Console, item: dict[str, Any]) -> None:
    """Print a line of ``--jsonl`` at once; a closed stdout does not stop the update."""
    try:
        console.jsonl([item])
        sys.stdout.flush()
    except OSError as error:
        if error.errno not in READER_GONE:
            raise
        drop_stdout()


def show_alerts(alerts: Iterable[index.Alert], console: Console, command: Sequence[str]) -> None:
    """Print new matches of saved searches, and run ``command`` for each search.

    One line per alert, or one event with ``--jsonl``.
    """
    shown = _("alert")
    for alert in alerts:
        name = alert.search.name
        for hit in alert.hits:
            text = f"{hit.passage.id}: {hit.snippet or hit.passage.text}"
            say(f"{shown}{' ' * (8 - cells(shown))} {name}: {text}", style="cyan")
            if console.format == "jsonl":
                passage = hit.passage.to_dict()
                print_event(console, {"kind": "alert", "search": name, "passage": passage})
        if command:
            _run(command, alert)


def _run(command: Sequence[str], alert: index.Alert) -> None:
    """Run the command; a failure is printed and does not stop the update."""
    name = alert.search.name
    data = json.dumps(alert.to_dict(), ensure_ascii=False).encode("utf-8", "replace")
    try:
        done = subprocess.run(
            command, input=data, stdout=subprocess.DEVNULL, timeout=_SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        message = _("The command of the alert {name} failed: {error}", name=name, error=error)
        say(message, style="red")
        return
    if done.returncode:
        code = done.returncode
        say(
            _("The command of the alert {name} ended with {code}", name=name, code=code),
            style="red",
        )
