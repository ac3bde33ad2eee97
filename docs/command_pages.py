"""Pages of the commands for the site and as man pages, made from their help.

They are written to ``docs/commands`` when the documentation is built, and never committed: options
are described only in the help.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from tracuu.cli import COMMANDS, main

ENVIRONMENT = {
    "TRACUU_INDEX": "The folder of the index, unless ``--index`` names one.",
    "TRACUU_ABBREVIATIONS": "A file of your own abbreviations, where ``--abbreviations`` names "
    "none.",
    "TRACUU_TOKEN": "Who sends it to ``tracuu serve`` may add and remove reports.",
    "TRACUU_READING_TOKEN": "Who sends it to ``tracuu serve`` may read.",
    "TRACUU_EMBEDDER": "The address of an embedding model, where ``--embedder`` names none.",
    "TRACUU_EMBEDDER_MODEL": "The model there, where ``--model`` names none.",
    "TRACUU_EMBEDDER_KEY": "The key that is sent to that address.",
    "NO_COLOR": "Set to anything: no colours.",
    "PAGER": "The program that shows long output on a terminal.",
}
EXITS = (
    ("0", "Done."),
    ("1", "Failed; a message on stderr gives the reason and advice."),
    ("2", "Wrong usage: an invalid option, query or area."),
    ("3", "Some files failed; all others were read."),
    (
        "4",
        "The index is busy (another process writes to it) or outdated (``tracuu rebuild`` or "
        "``upgrade``).",
    ),
    ("5", "Pruning was refused: most reports of a folder have vanished at once."),
    ("6", "A rebuild lost passages; the old data stay until ``--accept-loss``."),
    ("130", "Stopped with Ctrl-C; the index is unchanged."),
)


def man_pages() -> list[tuple[str, str, str, str, int]]:
    """Entries for Sphinx's ``man`` builder: page, name, description, authors, section."""
    pages = [
        ("commands/overview", "tracuu", "full-text search for Vietnamese committee reports", "", 1)
    ]
    return pages + [
        (f"commands/{name}", f"tracuu-{name}", what.rstrip("."), "", 1)
        for name, what in COMMANDS.items()
    ]


def write(folder: Path) -> None:
    """Write all pages; unchanged ones keep their date, so that they are not rebuilt."""
    folder.mkdir(exist_ok=True)
    pages = {"overview": _overview(), **{name: _page(name) for name in COMMANDS}}
    for path in folder.glob("*.rst"):
        if path.stem not in pages:
            path.unlink()
    for name, lines in pages.items():
        path, text = folder / f"{name}.rst", "\n".join(lines) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _overview() -> Iterator[str]:
    context = click.Context(main, info_name="tracuu")
    yield from (
        *_title("Commands"),
        "Synopsis",
        "--------",
        "",
        "::",
        "",
        f"    tracuu {_synopsis(main, context)}",
        "",
    )
    yield from _prose(main.help or "")
    yield from ("Commands", "--------", "")
    for name, what in COMMANDS.items():
        yield from (f":doc:`tracuu {name} <{name}>`", f"    {_inline(what)}", "")
    yield from ("Environment", "-----------", "")
    for name, what in ENVIRONMENT.items():
        yield from (f"``{name}``", f"    {what}", "")
    yield from ("Exit codes", "----------", "")
    for code, what in EXITS:
        yield from (f"{code}", f"    {what}", "")
    yield from (".. toctree::", "    :hidden:", "", *(f"    {name}" for name in COMMANDS))


def _page(name: str) -> Iterator[str]:
    found: Any = main.get_command(click.Context(main, info_name="tracuu"), name)
    context = click.Context(found, info_name=f"tracuu {name}")
    yield from _title(f"tracuu {name}")
    yield from (
        "Synopsis",
        "--------",
        "",
        "::",
        "",
        f"    tracuu {name} {_synopsis(found, context)}",
        "",
    )
    yield from _prose(found.help or "")
    yield f".. program:: tracuu {name}"
    yield ""
    for heading, records in found.grouped_options(context).items():
        yield from (heading, "-" * len(heading), "")
        for written, what in records:
            yield from (f".. option:: {_option(written)}", "", f"    {_inline(what)}", "")
    yield from ("Exit codes", "----------", "")
    for code, what in (part.split(" ", 1) for part in found.exits.split(", ")):
        yield from (f"{code}", f"    {_inline(what)}", "")
    yield from ("See also", "--------", "", ":doc:`overview`", "")


def _title(text: str) -> Iterator[str]:
    yield from ("=" * len(text), text, "=" * len(text), "")


def _synopsis(found: click.Command, context: click.Context) -> str:
    return " ".join(found.collect_usage_pieces(context))


def _option(written: str) -> str:
    """``--color / --no-color`` in Sphinx's syntax: ``--color, --no-color``."""
    return written.replace(" / ", ", ").replace("...", "…")


def _prose(text: str) -> Iterator[str]:
    """The paragraphs of a help text; blocks after ``\\b`` get a heading."""
    yield from ("Description", "-----------", "")
    for paragraph in re.split(r"\n\s*\n", text.replace("\f", "")):
        lines = paragraph.strip("\n").splitlines()
        if lines and lines[0].strip() == "\b":
            block = lines[1:]
            if block[0].rstrip().endswith(":"):
                heading = block.pop(0).strip(" :")
                yield from (heading, "-" * len(heading), "")
            yield from (".. code-block:: text", "")
            margin = min(
                (len(line) - len(line.lstrip()) for line in block if line.strip()), default=0
            )
            yield from (f"    {line[margin:]}" for line in block)
            yield ""
        elif lines:
            yield from (_inline(" ".join(line.strip() for line in lines)), "")


def _inline(text: str) -> str:
    """Help text as reStructuredText: literals in backquotes, no other markup."""
    parts = " ".join(text.split()).split("`")
    if len(parts) % 2 == 0:
        return _escaped(" ".join(parts))
    return "".join(
        f"``{part}``" if number % 2 else _escaped(part) for number, part in enumerate(parts)
    )


def _escaped(text: str) -> str:
    return re.sub(r"([\\*`|_])", r"\\\1", text)
