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

_KINDS = (N_("damage"), N_("outdated"), N_("leftover"), N_("kept"))


@click.command("check", cls=Command)
@output_options("json")
@later_index_option
def command(console: Console) -> None:
    """Check the index for damaged files and incomplete reports.

    Compare every file of the index with its checksum, and count the passages of every report. The
    index may be in use meanwhile. Exits with 0 if it is sound, 1 if it is damaged, 4 if it is
    outdated; `tracuu rebuild` mends both.

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
                "sound": "damage" not in kinds,
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
    for finding in findings:
        about = f"{finding.report}: " if finding.report else ""
        yield f"{_fitted(finding.kind)}  {about}{translated(finding.what)}"


def _fitted(kind: str) -> str:
    shown = _(kind)
    return shown + " " * (8 - cells(shown))
