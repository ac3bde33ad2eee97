"""Output: data to stdout, messages to stderr."""

from __future__ import annotations

import codecs
import errno
import gc
import json
import os
import re
import shlex
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, TextIO, cast

import click

from .. import export
from .language import _
from .text import cells, clean
from .values import NAMED

Format = Literal["text", "json", "jsonl", "csv"]

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
# a command recommended by a message: in backticks, or at the end after a colon
_ADVICE = re.compile(r"`tracuu ([a-z]+)[^`]*`|(?<=: )tracuu ([a-z]+)[^`]*$")
_BUFFERED = 1 << 16  # characters of JSON written at once
_SURROGATE = re.compile("[\ud800-\udfff]")


# errno of a write to a closed pipe, as after ``| head``
READER_GONE = (errno.EPIPE, errno.EINVAL) if os.name == "nt" else (errno.EPIPE,)


def drop_stdout() -> None:
    """Discard all output to stdout from now on, and its buffered output."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def prepare_streams() -> None:
    """Prevent encoding errors: characters that a stream cannot encode become ``?``.

    On Windows, streams are UTF-8.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller, as by `>&-`
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError, OSError):  # replaced by an object of another type
            if os.name == "nt":
                stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
            else:
                stream.reconfigure(errors="replace")  # type: ignore[union-attr]


def uses_colour(stream: TextIO, wanted: bool | None = None) -> bool:
    """Whether ``stream`` gets colours.

    ``wanted`` decides; if it is None, terminals without ``NO_COLOR`` do.
    """
    if wanted is not None:
        return wanted
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not plain and is_terminal(stream)


def is_terminal(stream: TextIO) -> bool:
    """Whether ``stream`` is a terminal."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def with_index(message: str, group: click.Group, named: str) -> str:
    """``message``, with the index ``named`` on the command line added to its advice."""

    def complete(found: re.Match[str]) -> str:
        command = group.get_command(click.Context(group), found[1] or found[2])
        taken = command is not None and any(one.name == "index" for one in command.params)
        if not taken or "--index" in found[0]:
            return found[0]
        end = "`" if found[1] else ""
        return f"{found[0].removesuffix(end)} --index {shlex.quote(named)}{end}"

    return _ADVICE.sub(complete, message)


def say(text: str, *, style: str | None = None) -> None:
    """Print a message on stderr, ignoring a closed stderr.

    Commands in it get the ``--index`` of the command line.
    """
    context = click.get_current_context(silent=True)
    named = context.meta.get(NAMED) if context else None
    if context and named:
        text = with_index(text, cast("click.Group", context.find_root().command), named)
    colour = uses_colour(sys.stderr)
    line = clean(text)
    with suppress(BrokenPipeError):
        click.echo(
            click.style(line, fg=style) if colour and style else line, err=True, color=colour
        )


def confirmed(question: str) -> bool:
    """Ask for confirmation on the terminal; Enter alone means no.

    y and n are accepted in every language. Raises click.Abort at the end of stdin.
    """
    yes, no = (set(words.split()) for words in (_("y yes"), _("n no")))
    while True:
        answer = click.prompt(
            f"{clean(question)} {_('[y/N]')}",
            default="",
            show_default=False,
            prompt_suffix=": ",
            err=True,
        )
        word = unicodedata.normalize("NFC", str(answer)).strip().lower()
        if word in yes | {"y", "yes"}:
            return True
        if word in no | {"", "n", "no"}:
            return False
        say(_("Answer {answers}.", answers=_("y or n")))


@dataclass(frozen=True, slots=True)
class Console:
    """The output settings of a command.

    Format, colour, columns (0: unlimited), pager, and whether CSV is for Excel.
    """

    format: Format = "text"
    colour: bool = False
    width: int = 0
    pager: bool = False
    excel: bool = False

    @classmethod
    def choose(
        cls,
        format: Format = "text",
        *,
        colour: bool | None = None,
        width: int | None = None,
        pager: bool = True,
        excel: bool = False,
    ) -> Console:
        """A console by the options, with defaults that suit stdout."""
        terminal = is_terminal(sys.stdout)
        if width is None:
            width = _screen().columns if terminal else 0
        shown = uses_colour(sys.stdout, colour) and format == "text"
        return cls(format, shown, width, pager and terminal and format == "text", excel)

    # --- colours --------------------------------------------------------------------------------

    def style(self, text: str, **look: Any) -> str:
        """``text`` with colours, if enabled."""
        return click.style(text, **look) if self.colour and text else text

    def match(self, text: str) -> str:
        """Matched words."""
        return self.style(text, fg="yellow", bold=True)

    def faint(self, text: str) -> str:
        """Less important text."""
        return self.style(text, dim=True)

    def strong(self, text: str) -> str:
        """Emphasised text."""
        return self.style(text, bold=True)

    # --- output ---------------------------------------------------------------------------------

    def lines(self, lines: Iterable[str]) -> None:
        """Print lines of text, through a pager if they do not fit the screen."""
        listed = list(lines)
        if not listed:
            return
        text = "\n".join(listed) + "\n"
        if self.pager and self._height(listed) >= _screen().lines:
            click.echo_via_pager(text, color=None if self.colour else False)
        else:
            self._write(text)

    def json(self, data: Any) -> None:
        """Print one JSON document.

        An iterator, as ``data`` or as a value of it, is printed as a list, item by item.
        """
        waiting: list[str] = []
        size = 0
        for piece in _json_pieces(data):
            waiting.append(piece)
            size += len(piece)
            if size > _BUFFERED:
                self._write("".join(waiting))
                waiting.clear()
                size = 0
                gc.collect(0)  # an indenting encoder leaves reference cycles, and gc is disabled
        self._write("".join(waiting) + "\n")

    def jsonl(self, items: Iterable[Any]) -> None:
        """Print one JSON document per line."""
        for item in items:
            self._write(_json(item, indent=None) + "\n")

    def csv(self, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Print a table with a header line, as CSV, or as CSV for Excel."""
        text = export.csv_text(header, rows, excel=self.excel)
        # terminals on Windows convert LF to CRLF
        self._write(text.replace("\r\n", "\n") if os.name == "nt" else text)

    def raw(self, text: str) -> None:
        """Print ``text`` unchanged."""
        self._write(text)

    def _write(self, text: str) -> None:
        click.echo(_SURROGATE.sub("?", text), nl=False, color=self.colour)

    def _height(self, lines: Sequence[str]) -> int:
        """Rows of the screen that ``lines`` take."""
        wide = _screen().columns or 80
        return sum(max(1, -(-cells(_ANSI.sub("", line)) // wide)) for line in lines)


def _screen() -> os.terminal_size:
    import shutil

    return shutil.get_terminal_size()


def _json(data: Any, indent: int | None) -> str:
    """JSON that any stream can encode.

    Escaped if the stream is not Unicode; lone surrogates always.
    """
    text = json.dumps(data, ensure_ascii=not _unicode(sys.stdout), indent=indent)
    return _SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _json_pieces(data: Any, margin: str = "") -> Iterator[str]:
    """The JSON of ``data``, indented by two, in pieces if it contains iterators."""
    inner = f"\n{margin}  "
    if isinstance(data, Iterator):
        start = "["
        for item in data:
            yield start + inner + _json(item, indent=2).replace("\n", inner)
            start = ","
        yield "[]" if start == "[" else f"\n{margin}]"
    elif isinstance(data, dict) and any(isinstance(value, Iterator) for value in data.values()):
        start = "{"
        for name, value in data.items():
            yield f"{start}{inner}{_json(name, indent=None)}: "
            yield from _json_pieces(value, f"{margin}  ")
            start = ","
        yield f"\n{margin}}}"
    else:
        yield _json(data, indent=2).replace("\n", f"\n{margin}")


def _unicode(stream: TextIO) -> bool:
    try:
        return codecs.lookup(stream.encoding or "utf-8").name.startswith("utf")
    except (AttributeError, LookupError):
        return True
