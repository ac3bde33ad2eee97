"""``tracuu outline``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing

import click

from .. import corpus, indexer
from ..errors import TracuuError
from . import values
from .console import Console, say
from .hits import assessment_name, place, why
from .language import _, translated
from .manual import PLAIN, Command
from .options import ocr_options, output_options, verbose_option
from .outline_page import page
from .pages import page_line
from .show import head
from .text import clean, fit, paragraph

_SHORT = 100  # columns of a line without a terminal


@click.command("outline", cls=Command, exits=PLAIN)
@click.argument("file", shell_complete=values.files)
@click.option(
    "--taxonomy",
    metavar="FILE",
    help="Read it with this taxonomy.  [default: the package's]",
    shell_complete=values.files,
)
@click.option("--full", is_flag=True, help="Show whole passages, not only their beginnings.")
@click.option("--html", "as_html", is_flag=True, help="Print one self-contained web page.")
@click.option(
    "--out",
    metavar="FILE",
    help="Write the web page to this file (with --html).",
    shell_complete=values.files,
)
@ocr_options
@output_options("json")
@verbose_option
def command(
    file: str,
    taxonomy: str | None,
    full: bool,
    as_html: bool,
    out: str | None,
    ocr: bool | str,
    console: Console,
) -> None:
    """Show how a file is read, without indexing it.

    Headings as a tree, and each passage with its area and assessment, how certain they are
    and why.
    Page furniture, letterhead, title and signature are marked as such. No index is
    needed.

    \b
    Examples:
      tracuu outline reports/2003.docx
      tracuu outline reports/2003.docx --html --out 2003.html
      tracuu outline reports/2003.docx --json
    """
    if out is not None and not as_html:
        raise click.UsageError(_("--out needs --html"))
    if as_html and console.format == "json":
        raise click.UsageError(_("--html and --json exclude each other; give one of them"))
    chosen = corpus.Taxonomy.load(taxonomy) if taxonomy else corpus.default_taxonomy()
    contents, readings = _read(file, chosen, ocr)
    labels = {area.id: area.label for area in chosen.areas}
    if as_html:
        _write(console, page(file, contents.notes, readings, labels), out)
        return
    for note in contents.notes:
        say(_("note: {note}", note=translated(note)))
    if console.format == "json":
        data = {"file": file, "format": contents.format, "notes": list(contents.notes)}
        console.json({**data, "readings": [reading.to_dict() for reading in readings]})
    else:
        console.lines(
            line for reading in readings for line in _lines(console, reading, labels, full)
        )


def _read(
    file: str, taxonomy: corpus.Taxonomy, ocr: bool | str
) -> tuple[corpus.Contents, list[corpus.Reading]]:
    """Read and parse the file as `tracuu index` would."""
    with page_line(), closing(indexer.IsolatedReader()) as isolated:
        contents = isolated.read(file, ocr=ocr)
    name = os.path.splitext(os.path.basename(file))[0]
    return contents, corpus.parse_contents(
        corpus.Reader(taxonomy),
        contents,
        id=corpus.slug(name),
        source=os.path.abspath(file),
        name=name,
    )


def _write(console: Console, page: str, out: str | None) -> None:
    if out is None or out == "-":
        console.raw(page)
        return
    try:
        with open(out, "w", encoding="utf-8", errors="replace", newline="\n") as stream:
            stream.write(page)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TracuuError(
            "{out}: cannot be written: {reason}", out=clean(out), reason=reason
        ) from error
    say(_("Wrote {out}", out=out))


def _lines(
    console: Console, reading: corpus.Reading, labels: Mapping[str, str], full: bool
) -> Iterator[str]:
    yield from head(console, reading.report)
    for element in reading.elements:
        yield from _element(console, element, labels, full)
    yield ""


def _element(
    console: Console, element: corpus.Element, labels: Mapping[str, str], full: bool
) -> Iterator[str]:
    indent = "  " * len(element.path)
    if element.role == "heading":
        yield ""
        for line in paragraph(element.text, console.width, indent):
            yield console.strong(line)
    elif element.passage is None:
        for line in _text(console, f"({_(element.role)}) {element.text}", indent, full):
            yield console.faint(line)
    else:
        yield from _passage(console, element.passage, labels, indent, full)


def _text(console: Console, text: str, indent: str, full: bool) -> list[str]:
    """``text`` in full, or shortened to one line."""
    if full:
        return paragraph(text, console.width, indent)
    return [indent + fit(clean(text), max(20, (console.width or _SHORT) - len(indent)))]


def _passage(
    console: Console, passage: corpus.Passage, labels: Mapping[str, str], indent: str, full: bool
) -> Iterator[str]:
    yield from _text(console, passage.text, indent, full)
    yield f"{indent}  {console.faint(f'#{passage.position} {place(passage)}'.rstrip())}"
    for name, decision in (
        (labels.get(passage.area, passage.area), passage.area_decision),
        (assessment_name(passage) or _("no assessment"), passage.assessment_decision),
    ):
        first, *others = paragraph(f"{name} {why(decision)}", console.width, indent + "    ")
        head, tail = (
            first[: len(indent) + 4 + len(name)].lstrip(),
            first[len(indent) + 4 + len(name) :],
        )
        yield f"{indent}  → {console.style(head, fg='cyan')}{tail}"
        yield from others
