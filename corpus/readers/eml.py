"""Mail messages (.eml): the body, and the attachments as separate files."""

from __future__ import annotations

import email
import email.policy
import email.utils
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage, Message, MIMEPart

from ..blocks import Block
from . import html as html_reader
from .archive import note_skipped, safe_name, suffix_of
from .formats import MEDIA_TYPES, SUFFIXES
from .source import SourceFile
from .text import decode_source, text_blocks

_UNNAMED = "attachment"


def read(source: SourceFile) -> Iterator[Block]:
    """The body of a message: its plain text, else its HTML.

    The subject becomes the property ``title``, the sender ``author``, the date ``date`` in ISO
    8601.
    """
    message = _message(source)
    note_properties(
        source, str(message["subject"] or ""), str(message["from"] or ""), _date(message)
    )
    plain, page = (_payload(message.get_body((kind,))) for kind in ("plain", "html"))
    yield from body_blocks(source, plain, page)


def members(source: SourceFile) -> Iterator[tuple[str, bytes]]:
    """The attachments of a message; those of unknown formats are counted in a note."""
    message = _message(source)
    skipped: Counter[str] = Counter()
    names: Counter[str] = Counter()
    attached = message.iter_attachments() if message.is_multipart() else ()
    for part in attached:
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload(0)
            if not isinstance(inner, Message):
                continue
            name, data = f"{inner['subject'] or _UNNAMED}.eml", inner.as_bytes()
        else:
            payload = part.get_payload(decode=True)
            name, data = part.get_filename() or "", payload if isinstance(payload, bytes) else b""
        name = attachment_name(name, kind, names)
        if suffix_of(name) in SUFFIXES:
            yield name, data
        elif not part["content-id"]:  # a picture in the text, not an attachment
            skipped[suffix_of(name)] += 1
    note_skipped(source, skipped)


def body_blocks(
    source: SourceFile, plain: tuple[bytes, str | None], page: tuple[bytes, str | None]
) -> Iterator[Block]:
    """The blocks of a body: its plain text, else its HTML, each as bytes and charset."""
    (text, charset), (markup, declared) = plain, page
    if text.strip():
        inner = SourceFile(source.path, text, source.limits, ".txt")
        blocks, _ = text_blocks(decode_source(inner, charset))
        yield from blocks
    elif markup.strip():
        inner = SourceFile(source.path, _utf8(markup, declared), source.limits, ".html")
        yield from html_reader.read(inner)
    else:
        return
    for note in inner.notes:
        source.note(note)


def note_properties(source: SourceFile, subject: str, sender: str, date: str) -> None:
    """Store the subject, sender and date of a message as properties."""
    for name, value in (("title", subject), ("author", sender), ("date", date)):
        if value.strip():
            source.properties[name] = " ".join(value.split())


def attachment_name(name: str, kind: str, names: Counter[str]) -> str:
    """A safe, unique name for an attachment of this media type."""
    safe = safe_name(name.replace("/", "-")) or f"{_UNNAMED}{MEDIA_TYPES.get(kind, '')}"
    names[safe] += 1
    if names[safe] == 1:
        return safe
    stem, dot, suffix = safe.rpartition(".")
    return f"{stem}-{names[safe]}.{suffix}" if dot else f"{safe}-{names[safe]}"


def _message(source: SourceFile) -> EmailMessage:
    message = email.message_from_bytes(source.data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _payload(part: MIMEPart | None) -> tuple[bytes, str | None]:
    payload = part.get_payload(decode=True) if part is not None else b""
    charset = part.get_content_charset() if part is not None else None
    return payload if isinstance(payload, bytes) else b"", charset


def _date(message: EmailMessage) -> str:
    try:
        return email.utils.parsedate_to_datetime(str(message["date"])).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return ""


def _utf8(markup: bytes, declared: str | None) -> bytes:
    """Convert HTML to UTF-8 if only the message names its encoding."""
    if declared is None or b"charset" in markup[:2048].lower():
        return markup
    try:
        return markup.decode(declared).encode("utf-8")
    except (LookupError, UnicodeError):
        return markup
