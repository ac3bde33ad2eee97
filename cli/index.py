"""``tracuu index``."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import as_file, files
from typing import Any

import click

from .. import corpus, index, indexer
from ..errors import IndexExists, IndexNotFound, NotAnIndex, UsageError
from . import values
from .alerts import alert_option, command_of
from .changes import follow
from .connection import (
    Index,
    chosen,
    connection,
    create_index,
    engine_options,
    open_index,
)
from .console import Console, is_terminal, say
from .language import _
from .manual import UPDATES, Command
from .options import (
    index_path,
    later_index_option,
    output_options,
    quiet_option,
    reading_options,
)
from .text import clean


class _Index(Command):
    """The command, which also accepts ``--prune=all``.

    click's flags have no value, and an optional value would consume a PATH.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse arguments."""
        return super().parse_args(
            ctx, ["--prune-all" if one == "--prune=all" else one for one in args]
        )


@click.command("index", cls=_Index, exits=UPDATES)
@click.argument("paths", nargs=-1, metavar="[PATH]...", shell_complete=values.files)
@click.option("--samples", is_flag=True, help="Also index the sample reports that tracuu ships.")
@click.option(
    "--taxonomy",
    metavar="FILE",
    help="Make the new index with this taxonomy (see `tracuu taxonomy`).",
    shell_complete=values.files,
)
@click.option(
    "--engine",
    metavar="NAME",
    help="Make the new index with this engine.  [default: whoosh]",
    shell_complete=values.engines,
)
@click.option(
    "--prune",
    is_flag=True,
    help="Remove reports whose files have vanished from the folders given; refused where that is "
    "more than half of a folder's reports. --prune=all insists.",
)
@click.option("--prune-all", is_flag=True, hidden=True, help="The same as --prune=all.")
@click.option(
    "--strict", is_flag=True, help="Stop at the first file that fails, and change nothing."
)
@engine_options(join=True)
@reading_options
@alert_option
@quiet_option
@output_options("json", "jsonl", paged=False)
@later_index_option
def command(
    paths: tuple[str, ...],
    samples: bool,
    taxonomy: str | None,
    engine: str | None,
    prune: bool,
    prune_all: bool,
    strict: bool,
    ocr: bool | str,
    jobs: int | None,
    limits: corpus.Limits | None,
    wait: float,
    on_alert: str | None,
    quiet: bool,
    console: Console,
    **given: Any,
) -> None:
    """Bring an index up to date with files and folders.

    PATH is a report, or a folder with reports. The index is made if there is none. Files are
    compared by content: unchanged files are not read again, a moved file keeps its id. A
    file that cannot be read does not stop the others. Stopped with Ctrl-C, the index is as it was.

    \b
    Examples:
      tracuu index reports/
      tracuu index --samples
      tracuu index reports/ --prune --quiet
      tracuu index reports/ --ocr
      tracuu index 2003.docx 2004.docx --index ~/reports.idx --jsonl
    """
    if not paths and not samples:
        raise click.UsageError(_("name the files or folders to index, or give --samples"))
    ordered = command_of(on_alert)  # raises before an index is made
    with ExitStack() as stack:
        roots = [*paths, *(stack.enter_context(_samples()) if samples else ())]
        target = stack.enter_context(opened(roots, taxonomy, engine, quiet, chosen(given)))
        skipped: Counter[str] = Counter()
        files = 0 if quiet else _count(roots, target.path, skipped)
        code = follow(
            target.update(
                roots,
                prune="all" if prune_all else prune,
                strict=strict,
                wait=wait,
                jobs=jobs,
                limits=limits,
                ocr=ocr,
            ),
            console,
            quiet=quiet,
            files=files if is_terminal(sys.stderr) else 0,
            skipped=skipped,
            finder=stack.enter_context(index.AlertFinder(target)),
            command=ordered,
        )
    click.get_current_context().exit(code)


@contextmanager
def _samples() -> Iterator[list[str]]:
    """The paths of the sample reports."""
    package = __name__.split(".")[0]
    folder = files(f"{package}.corpus").joinpath("samples")
    with ExitStack() as stack:
        named = sorted(
            (entry for entry in folder.iterdir() if entry.name.endswith(".txt")),
            key=lambda one: one.name,
        )
        yield [str(stack.enter_context(as_file(entry))) for entry in named]


def _count(roots: list[str], own_folder: str, skipped: Counter[str]) -> int:
    return sum(1 for _ in indexer.find_files(roots, outside=own_folder, skipped=skipped))


def opened(
    roots: list[str],
    taxonomy: str | None = None,
    engine: str | None = None,
    quiet: bool = False,
    options: dict[str, Any] | None = None,
) -> Index:
    """Return the existing index, or a new one."""
    path = index_path()
    try:
        index = open_index(path, options=connection(path, given=options))
    except IndexNotFound:
        pass
    except NotAnIndex:
        if not os.path.isdir(path) or os.listdir(path):
            raise
    else:
        try:
            _check(index, taxonomy, engine)
        except BaseException:
            index.close()
            raise
        return index
    if not any(os.path.lexists(root) for root in roots):
        raise UsageError(
            "there is no file or folder {name!r}; no index was made", name=clean(roots[0])
        )
    try:
        made = connection(engine=engine or "whoosh", given=options)
        index = create_index(path, engine or "whoosh", options=made, taxonomy=taxonomy)
    except IndexExists:  # another process has just made it
        if not os.path.exists(os.path.join(path, "tracuu.json")):
            raise
        index = open_index(path, options=connection(path, given=options))
        _check(index, taxonomy, engine)
        return index
    if not quiet:
        say(_("New index in {path}", path=index.path))
    return index


def _check(index: Index, taxonomy: str | None, engine: str | None) -> None:
    """Raise UsageError if the existing index has another taxonomy or engine."""
    if (
        taxonomy is not None
        and corpus.Taxonomy.load(taxonomy).fingerprint != index.taxonomy.fingerprint
    ):
        raise UsageError(
            "the index {path} was made with another taxonomy; to change to this one, "
            "rebuild it with: tracuu rebuild --taxonomy {taxonomy}",
            path=index.path,
            taxonomy=taxonomy,
        )
    if engine is not None:
        made_with = index.info().engine
        if engine != made_with:
            raise UsageError(
                "the index {path} was made with the engine {made_with}; to change it, "
                "rebuild it with: tracuu rebuild --engine {engine}",
                path=index.path,
                made_with=made_with,
                engine=engine,
            )
