"""Messages of Outlook (.msg): the body, and the attachments as separate files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from oxmsg import Message as OutlookMessage

from ...errors import DamagedFile, Message
from ..blocks import Block
from .archive import note_skipped, suffix_of
from .eml import attachment_name, body_blocks, note_properties
from .formats import SUFFIXES
from .source import SourceFile

_HTML = 0x1013  # property PidTagHtml: bytes in the message's own code page ([MS-OXPROPS])


def read(source: SourceFile) -> Iterator[Block]:
    """The body of a message: its plain text, else its HTML."""
    message = _message(source)
    date = message.sent_date
    note_properties(
        source, message.subject, message.sender or "", date.date().isoformat() if date else ""
    )
    plain = (message.body or "").encode("utf-8", "replace")
    page = b""
    if not plain.strip():
        markup = message.properties.binary_prop_value(_HTML)
        page = markup or (message.html_body or "").encode("utf-8", "replace")
    yield from body_blocks(source, (plain, "utf-8" if plain else None), (page, None))


def members(source: SourceFile) -> Iterator[tuple[str, bytes]]:
    """The attachments of a message; those of unknown formats are counted in a note.

    An attached Outlook item is not stored as a file; a note lists it.
    """
    skipped: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for one in _message(source).attachments:
        data = one.file_bytes
        name = attachment_name(one.file_name or "", one.mime_type or "", names)
        if data is None:
            source.note(
                Message("{name}: an attached Outlook item or link, which is not read", name=name)
            )
        elif suffix_of(name) in SUFFIXES:
            yield name, data
        else:
            skipped[suffix_of(name)] += 1
    note_skipped(source, skipped)


def _message(source: SourceFile) -> OutlookMessage:
    try:
        return OutlookMessage.load(source.data)
    except (ValueError, OSError) as error:
        raise DamagedFile(
            source.path, "truncated, or no Outlook message inside; save it again in Outlook"
        ) from error
