"""``tracuu check``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from .. import index
from .connection import connection
from .console import Console, say
from .language import N_, _, translated
from .manual import Command
from .options import index_path, later_index_option, output_options
from .text import cells, counted

_KINDS = (N_("damage"), N_("unreadable"), N_("outdated"), N_("leftover"), N_("kept"))
_NARROWEST = 8  # cells of the column of kinds


@click.command("check", cls=Command)
@output_options("json")
@later_index_option
def command(console: Console) -> None:
    """Check the index for damaged files and incomplete reports.

    Compare every file of the index with its checksum, and count the passages of every report. The
    index may be in use meanwhile. Exits with 0 if it is sound, 1 if it is damaged or if files
    may not be read by this user, 4 if it is outdated; `tracuu rebuild` mends damage and brings it
    up to date.

    \b
    Examples:
      tracuu check
      tracuu check --index reports.idx --json
    """
    from ..index.check import check

    path = index_path()
    findings = check(path, options=connection(path))
    kinds = {finding.kind for finding in findings}
    if console.format == "json":
        console.json(
            {
                "sound": kinds.isdisjoint(("damage", "unreadable")),
                "findings": [finding.to_dict() for finding in findings],
            }
        )
    else:
        console.lines(list(_lines(findings)))
    if "damage" in kinds:
        damage = sum(finding.kind == "damage" for finding in findings)
        say(
            _(
                "Damaged ({findings}); mend it from its reports with: tracuu rebuild "
                "--index {path}",
                findings=counted(damage, "finding"),
                path=path,
            )
        )
        click.get_current_context().exit(1)
    if "unreadable" in kinds:
        files = sum(finding.kind == "unreadable" for finding in findings)
        say(
            _(
                "Not checked whole: {files} cannot be read by this user; give it the right to "
                "read them, or check as their owner",
                files=counted(files, "file"),
            )
        )
        click.get_current_context().exit(1)
    if "outdated" in kinds:
        say(
            _(
                "Outdated; bring it up to date with: tracuu upgrade --index {path}, or "
                "tracuu rebuild --index {path}",
                path=path,
            )
        )
        click.get_current_context().exit(4)
    if console.format != "json":
        say(_("Sound."))


def _lines(findings: list[index.Finding]) -> Iterator[str]:
    width = max((cells(_(finding.kind)) for finding in findings), default=0)
    for finding in findings:
        kind = _(finding.kind)
        about = f"{finding.report}: " if finding.report else ""
        space = " " * (max(width, _NARROWEST) - cells(kind))
        yield f"{kind}{space}  {about}{translated(finding.what)}"
