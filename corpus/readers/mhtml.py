"""Word's "single file web page" (.mht, often named .doc).

HTML inside a MIME message (RFC 2557).
"""

from __future__ import annotations

import email
import re
from email.message import Message

_START = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,20}", re.IGNORECASE)
_LONGEST_HEAD = 8192


def is_mhtml(head: bytes) -> bool:
    """Whether a file begins like a multipart/related MIME message."""
    found = _START.match(head[:_LONGEST_HEAD].replace(b"\r\n", b"\n").lstrip())
    fields = found[0].lower() if found else b""
    return b"mime-version:" in fields and b"multipart/related" in fields


def is_message(data: bytes) -> bool:
    """Whether a file begins with header fields, like a mail message."""
    return _START.match(data[:_LONGEST_HEAD].replace(b"\r\n", b"\n").lstrip()) is not None


def html_part(data: bytes) -> tuple[bytes, str | None] | None:
    """The first HTML part, decoded, and its charset; None if there is none."""
    for part in email.message_from_bytes(data).walk():
        if isinstance(part, Message) and part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return payload, part.get_content_charset()
    return None
