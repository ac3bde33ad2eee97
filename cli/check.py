"""``tracuu check``."""

from __future__ import annotations

from collections import Counter
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
_NARROWEST = 8  # width of the column of kinds


@click.command("check", cls=Command)
@output_options("json")
@later_index_option
def command(console: Console) -> None:
    """Check the index for damaged files and incomplete reports.

    Compare every file of the index with its checksum, and count the passages of every report. The
    index may be in use at the same time. Exits with 0 if it is sound, 1 if it is damaged or if
    files may not be read by this user, 4 if it is outdated; `tracuu rebuild` repairs damage and
    brings it up to date.

    \b
    Examples:
      tracuu check
      tracuu check --index reports.idx --json
    """
    from ..index.check import check

    path = index_path()
    findings = check(path, options=connection(path))
    if console.format == "json":
        console.json(
            {
                "sound": all(one.kind not in ("damage", "unreadable") for one in findings),
                "findings": [finding.to_dict() for finding in findings],
            }
        )
    else:
        console.lines(list(_lines(findings)))
    code, verdict = _verdict(Counter(finding.kind for finding in findings), path)
    if code or console.format != "json":
        say(verdict)
    if code:
        click.get_current_context().exit(code)


def _verdict(kinds: Counter[str], path: str) -> tuple[int, str]:
    """The exit code and the summary, by the number of findings of each kind."""
    if damage := kinds["damage"]:
        return 1, _(
            "Damaged ({findings}); repair it from its reports with: tracuu rebuild --index {path}",
            findings=counted(damage, "finding"),
            path=path,
        )
    if unreadable := kinds["unreadable"]:
        return 1, _(
            "Not checked completely: {files} cannot be read by this user; give it the right to "
            "read them, or check as their owner",
            files=counted(unreadable, "file"),
        )
    if kinds["outdated"]:
        return 4, _(
            "Outdated; bring it up to date with: tracuu upgrade --index {path}, or "
            "tracuu rebuild --index {path}",
            path=path,
        )
    return 0, _("Sound.")


def _lines(findings: list[index.Finding]) -> Iterator[str]:
    width = max((cells(_(finding.kind)) for finding in findings), default=0)
    for finding in findings:
        kind = _(finding.kind)
        about = f"{finding.report}: " if finding.report else ""
        space = " " * (max(width, _NARROWEST) - cells(kind))
        yield f"{kind}{space}  {about}{translated(finding.what)}"
