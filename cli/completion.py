"""``tracuu completion``."""

from __future__ import annotations

import os
from typing import Any

import click

from .console import Console, say
from .language import _
from .manual import PLAIN, Command

# shell → command that installs the script for every session
_HINTS = {
    "bash": "echo 'eval \"$(tracuu completion bash)\"' >> ~/.bashrc",
    "zsh": "echo 'eval \"$(tracuu completion zsh)\"' >> ~/.zshrc",
    "fish": "tracuu completion fish > ~/.config/fish/completions/tracuu.fish",
}


@click.command("completion", cls=Command, exits=PLAIN)
@click.argument("shell", type=click.Choice(list(_HINTS)), required=False)
def command(shell: str | None) -> None:
    """Print a script for shell completion.

    It completes commands, options, and values from the index: areas, reports, passages, terms of
    office. SHELL is bash (4.4 or newer), zsh or fish; by default the one named by SHELL in the
    environment. For PowerShell see docs/completion.md.

    \b
    Examples:
      tracuu completion bash
      tracuu completion zsh > _tracuu
      tracuu completion fish > tracuu.fish
    """
    from click.shell_completion import get_completion_class

    chosen = shell or os.path.basename(os.environ.get("SHELL", ""))
    if chosen not in _HINTS:
        raise click.UsageError(_("name the shell: {shells}", shells=", ".join(_HINTS)))
    root = click.get_current_context().find_root()
    kind: Any = get_completion_class(chosen)
    Console().raw(kind(root.command, {}, "tracuu", "_TRACUU_COMPLETE").source() + "\n")
    say(_("To have it in every shell: {command}", command=_HINTS[chosen]))
