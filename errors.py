"""All errors of tracuu, as one tree.

::

    TracuuError
    ├── UsageError               the request is invalid: the caller can correct it
    │   ├── PruneRefused         pruning would remove most reports of a folder (reports)
    │   ├── QueryError           a query that cannot be understood (position)
    │   ├── OptionError          an option with a value it does not take
    │   │   └── UnknownArea      no such leadership area, or more than one (nearest names)
    │   ├── UnknownReport        no report with this id in the index
    │   ├── UnknownPassage       no passage with this id in the index
    │   ├── ReportExists         a report with this id, or of this file, is there already
    │   ├── PassageError         a passage handed to the library that cannot be indexed
    │   ├── TaxonomyError        a taxonomy file that cannot be used (path, line)
    │   └── MissingExtra         a feature that needs optional packages not installed
    ├── ReadError                one file that could not be read (path); the others go on
    │   ├── UnreadableFile       missing, no permission, not a regular file, changed while read
    │   ├── UnsupportedFormat    no reader for this kind of file
    │   ├── NotText              a text file whose bytes are not text in a known encoding
    │   ├── EmptyFile            nothing in it to index
    │   ├── DamagedFile          truncated, or of another format than its name
    │   ├── EncryptedFile        locked by a password
    │   ├── NoTextLayer          a scanned PDF without text
    │   └── TooLarge             over a documented, adjustable limit
    ├── EmbedderFailed           the embedder that was named does not answer, or gives no vectors
    └── StorageError             the index itself (path)
        ├── IndexNotFound        nothing is there
        ├── IndexExists          something is there already
        ├── NotAnIndex           a folder or file that is no tracuu index
        ├── IndexDamaged         files of the index are missing or torn
        ├── IndexOutdated        written with another analysis or format
        ├── IndexBusy            another process or thread is writing (pid, host, since)
        ├── IndexClosed          used after close()
        ├── WriteFailed          the disk is full, or may not be written
        ├── EngineUnreachable    the engine's server does not answer, or refuses
        └── SnapshotGone         the state of a search was removed meanwhile: search again

Each message states what happened, where, and what to do next. Exceptions of Whoosh, parsers and
other libraries never leave the public API.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike, fspath
from typing import Any


def printable(text: str) -> str:
    """``text`` with undecodable bytes shown as ``?``, so that it can be printed."""
    return text.encode("utf-8", "replace").decode("utf-8")


# Message of a KeyboardInterrupt during the clean-up after a visible change.
COMMITTED = "the change had been made already"


class Message(str):
    """A message that keeps its template and values, for translation.

    The text itself is English: ``Message("no report {name!r}", name="x")`` equals ``"no report
    'x'"``. Values are numbers and strings, which may be messages too; others are converted to
    strings. Undecodable bytes are shown as ``?``, so that the message can be printed.
    """

    template: str
    values: dict[str, str | int | float]

    def __new__(cls, template: str, /, **values: Any) -> Message:
        """Format ``template`` as :meth:`str.format` does."""
        self = super().__new__(cls, printable(template.format(**values)))
        self.template = template
        self.values = {name: _plain(value) for name, value in values.items()}
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle template and values."""
        return _message, (self.template, self.values)


def _plain(value: Any) -> str | int | float:
    if isinstance(value, Exception) and value.args and isinstance(value.args[0], Message):
        return value.args[0]
    return value if isinstance(value, (str, int, float)) else str(value)


def _message(template: str, values: dict[str, Any]) -> Message:
    return Message(template, **values)


def translate(
    text: str,
    catalogue: Callable[[str], str],
    fill: Callable[[str, dict[str, Any]], str] | None = None,
) -> str:
    """Translate ``text`` by ``catalogue``.

    The catalogue maps templates to translations. The template of a :class:`Message` is translated,
    as are values that are messages or texts of the catalogue. ``fill(template, values)`` inserts
    the values (None: :meth:`str.format`). Texts missing from the catalogue stay English.
    """
    if not isinstance(text, Message):
        return catalogue(text) if text else text
    values = {
        name: translate(value, catalogue, fill)
        if isinstance(value, Message) or (isinstance(value, str) and " " in value)
        else value
        for name, value in text.values.items()
    }
    template = catalogue(text.template)
    return printable(fill(template, values) if fill else template.format(**values))


class TracuuError(Exception):
    """Base class of all errors of tracuu.

    ``message`` may be a template for ``values``, see :class:`Message`. ``str(error)`` is English;
    :meth:`translated` returns it in another language.
    """

    def __init__(self, message: str = "", /, **values: Any) -> None:
        super().__init__(Message(message, **values) if values else message)

    def translated(self, catalogue: Callable[[str], str]) -> str:
        """The message, translated by ``catalogue``; see :func:`translate`."""
        return translate(self.args[0] if self.args else "", catalogue)


class UsageError(TracuuError):
    """The request is invalid; the caller can correct it."""


class QueryError(UsageError):
    """A query that cannot be understood.

    ``query`` is the original text, ``position`` the 0-based index of the offending character.
    """

    def __init__(self, message: str, *, query: str, position: int) -> None:
        super().__init__(message)
        self.query = query
        self.position = position


class OptionError(UsageError, ValueError):
    """An option with an invalid value."""


class PruneRefused(UsageError):
    """Pruning would remove all reports of a folder, or more than half.

    ``reports`` are their ids.
    """

    def __init__(self, message: str, *, reports: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.reports = tuple(reports)


class UnknownArea(OptionError):
    """No leadership area has that name, or more than one has.

    ``nearest`` holds ids to choose from.
    """

    def __init__(self, message: str, *, name: str, nearest: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.nearest = tuple(nearest)


class UnknownReport(UsageError, LookupError):
    """No report with this id in the index."""


class UnknownPassage(UsageError, LookupError):
    """No passage with this id in the index."""


class ReportExists(UsageError):
    """The id belongs to another report, or the file is in the index under another id."""


class PassageError(UsageError, ValueError):
    """A passage that cannot be indexed."""


class TaxonomyError(UsageError):
    """A taxonomy file that cannot be used.

    ``line`` is 1-based, 0 if no single line is at fault.
    """

    def __init__(self, message: str, *, path: str, line: int = 0) -> None:
        super().__init__(
            Message("{path}:{line}: {message}", path=path, line=line, message=message)
            if line
            else Message("{path}: {message}", path=path, message=message)
        )
        self.path = path
        self.line = line


class MissingExtra(UsageError):
    """A feature that needs optional packages not installed."""


def install_extra(extra: str) -> Message:
    """How to install tracuu with an extra, from its repository or from a wheel."""
    return Message(
        'install tracuu with its extra {extra!r}: pip install ".[{extra}]" in a copy of the '
        'repository, or pip install "WHEEL[{extra}]" with the path of the wheel',
        extra=extra,
    )


class ReadError(TracuuError):
    """One file that could not be read.

    ``path`` is the file, ``reason`` the message without it.
    """

    def __init__(self, path: str | PathLike[str], reason: str, /, **values: Any) -> None:
        self.path = fspath(path)
        self.reason = reason = Message(reason, **values) if values else reason
        super().__init__(Message("{path}: {reason}", path=self.path, reason=reason))


class UnreadableFile(ReadError):
    """The file is missing, unreadable, not a regular file, or changed meanwhile."""


class UnsupportedFormat(ReadError):
    """There is no reader for this kind of file."""


class NotText(ReadError):
    """A text file whose bytes are not text in a known encoding."""


class EmptyFile(ReadError):
    """The file holds nothing to index."""


class DamagedFile(ReadError):
    """The file is truncated, or of another format than its name."""


class EncryptedFile(ReadError):
    """The file is locked by a password."""


class NoTextLayer(ReadError):
    """A scanned PDF: pictures of pages without text."""


class TooLarge(ReadError):
    """The file is over one of the documented limits."""


class EmbedderFailed(TracuuError):
    """The embedder does not answer, or its answer holds no usable vectors."""


class StorageError(TracuuError):
    """The index itself.

    ``path`` is the index's folder, ``reason`` the message without it.
    """

    def __init__(self, path: str | PathLike[str], reason: str, /, **values: Any) -> None:
        self.path = fspath(path)
        self.reason = reason = Message(reason, **values) if values else reason
        super().__init__(Message("{path}: {reason}", path=self.path, reason=reason))


class IndexNotFound(StorageError):
    """There is nothing at that place."""


class IndexExists(StorageError):
    """There is an index (or something else) at that place already."""


class NotAnIndex(StorageError):
    """A folder or file that is not a tracuu index."""


class IndexDamaged(StorageError):
    """Files of the index are missing or torn."""


class IndexOutdated(StorageError):
    """The index was written with another format or analysis and must be rebuilt."""


class IndexBusy(StorageError):
    """Another process or thread is writing to the index.

    ``pid``, ``host`` and ``since`` (local time of that machine) identify the writer, where known.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        reason: str,
        *,
        pid: int | None = None,
        host: str | None = None,
        since: str | None = None,
    ) -> None:
        super().__init__(path, reason)
        self.pid = pid
        self.host = host
        self.since = since


class IndexClosed(StorageError):
    """The index was used after it had been closed."""


class WriteFailed(StorageError):
    """The disk is full, or the index may not be written."""


class EngineUnreachable(StorageError):
    """The engine's server does not answer or refuses the request.

    Possible causes are TLS, credentials, a time-out or overload.
    """


class SnapshotGone(StorageError):
    """The state that a search began on was removed from the server; search again."""
