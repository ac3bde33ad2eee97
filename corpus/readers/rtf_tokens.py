"""The tokens of RTF: groups, control words, bytes and text.

Source: RTF specification 1.9.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])"
    rb"|([{}])|[\r\n\x00]+|([^\\{}\r\n\x00]+)",
    re.DOTALL,
)

# `\\fcharset` → codec.
CHARSETS: dict[int, str] = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip

# control words for a character
SYMBOLS: dict[str, str] = {
    "tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
    "qmspace": " ",
}  # fmt: skip

# Destinations whose content is not text of the document.
SKIPPED = frozenset(
    [
        "colortbl",
        "info",
        "pict",
        "object",
        "header",
        "headerl",
        "headerr",
        "headerf",
        "footer",
        "footerl",
        "footerr",
        "footerf",
        "annotation",
        "nonshppict",
        "themedata",
        "colorschememapping",
        "datastore",
        "latentstyles",
        "xmlnstbl",
        "filetbl",
        "ftnsep",
        "ftnsepc",
        "ftncn",
        "aftnsep",
        "aftnsepc",
        "aftncn",
        "private",
        "tc",
        "xe",
        "template",
        "comment",
        "operator",
        "creatim",
        "revtim",
        "printim",
        "company",
        "manager",
        "category",
        "doccomm",
        "hlinkbase",
    ]
)

# Destinations skipped even if marked as unknown to old readers (`\\*`).
ALWAYS_SKIPPED = frozenset(
    ("fldinst", "datafield", "listtable", "listoverridetable", "revtbl", "generator")
)

_ESCAPES = {
    b"~": "\u00a0",
    b"-": "\u00ad",
    b"_": "-",
    b"\t": "\t",
    b"{": "{",
    b"}": "}",
    b"\\": "\\",
}


class RtfToken(NamedTuple):
    """One token: a word's name and number, the value of a byte, or text (Latin-1)."""

    kind: Literal["{", "}", "word", "byte", "symbol", "text"]
    text: str = ""
    number: int | None = None


def tokens(data: bytes) -> Iterator[RtfToken]:
    """The tokens of ``data``; binary parts (``\\bin``) are left out."""
    at = 0
    while match := _TOKEN.search(data, at):
        at = match.end()
        word, number, byte, escape, brace, text = match.groups()
        if word is not None:
            value = int(number) if number else None
            if word == b"bin" and value and value > 0:
                at += value
            else:
                yield RtfToken("word", word.decode("ascii"), value)
        elif byte is not None:
            yield RtfToken("byte", number=int(byte, 16))
        elif escape is not None:
            if escape == b"*":
                yield RtfToken("word", "*")
            elif escape in b"\r\n":
                yield RtfToken("word", "par")
            else:
                yield RtfToken("symbol", _ESCAPES.get(escape, ""))
        elif brace is not None:
            yield RtfToken("{" if brace == b"{" else "}")
        elif text is not None:
            yield RtfToken("text", text.decode("latin-1"))
