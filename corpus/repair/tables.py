"""The letters of the legacy Vietnamese encodings, and their conversion to Unicode.

All of them assign Vietnamese letters to codes of other characters in the Western code page
(windows-1252), so programs that use Unicode show their text as ``Céng hßa`` (TCVN3) or ``Coäng
hoøa`` (VNI). The tables therefore map windows-1252 characters to Vietnamese ones.

Sources of the facts:

- TCVN3 (ABC, the ``.VnTime`` fonts): TCVN 5712:1993, character set VN3. Checked code by code
against glibc's ``TCVN5712-1`` converter, of which VN3 is the part without capitals that have a
tone. - VNI-Windows (two characters a letter): the layout of the VNI fonts as published with the VNI
  keyboard; checked against the list of letters in xvnkb.
- VISCII 1.1: RFC 1456; checked code by code against glibc and Perl's ``Encode``.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, TypeAlias

# Encodings that may have been mistaken for windows-1252.
Legacy: TypeAlias = Literal["tcvn3", "vni", "viscii", "windows-1258", "utf-8"]

# --- TCVN3: from 0xA1 on, gaps left out --------------------------------------------------------

_TCVN3_RUNS: tuple[tuple[int, str], ...] = (
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
    (0xB5, "àảãáạ"),
    (0xBB, "ằẳẵắ"),
    (0xC6, "ặầẩẫấậè"),
    (0xCE, "ẻẽéẹềểễếệìỉ"),
    (0xDC, "ĩíịò"),
    (0xE1, "ỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"),
)


def _tcvn3() -> dict[str, str]:
    table: dict[str, str] = {}
    for start, letters in _TCVN3_RUNS:
        for offset, letter in enumerate(letters):
            # VN3 does not use E0 and F0, so sequences across them have a gap there.
            code = start + offset
            if start == 0xE1 and code >= 0xF0:
                code += 1
            table[chr(code)] = letter
    return table


# windows-1252 character → Vietnamese letter. 0xAD, a soft hyphen elsewhere, is `ư`.
TCVN3: dict[str, str] = _tcvn3()

# Three characters as extracted from PDF files, whose glyphs have names of other characters.
_LOOKALIKES = {"\u2212": "\xad", "\u2219": "\xb7", "\u03bc": "\xb5"}
_LOOKALIKE = re.compile("(?<=[^\\W\\d_])[\u2212\u2219\u03bc]|[\u2212\u2219\u03bc](?=[^\\W\\d_])")
_TCVN3_MAP = str.maketrans(TCVN3)

# --- VNI: a base letter and a mark after it ----------------------------------------------------

_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE = {
    "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ô": "ơ", "ö": "ư", "ñ": "đ",
}  # fmt: skip


def _vni() -> dict[str, str]:
    table = dict(_VNI_SINGLE)
    for sign, tone in _TONES.items():
        for base, letter in (*((v, v) for v in "aeouy"), ("ô", "ơ"), ("ö", "ư")):
            table[base + sign] = unicodedata.normalize("NFC", letter + tone)
    for sign, tone in _CIRCUMFLEX.items():
        for base, letter in zip("aeo", "âêô", strict=True):
            table[base + sign] = unicodedata.normalize("NFC", letter + tone)
    for sign, tone in _BREVE.items():
        table["a" + sign] = unicodedata.normalize("NFC", "ă" + tone)
    for written, letter in list(table.items()):
        table[written.upper()] = letter.upper()
        if len(written) == 2:
            # Capitals may be followed by the lower-case mark: fonts draw both.
            table[written[0].upper() + written[1]] = letter.upper()
            table[written[0] + written[1].upper()] = letter
    return table


VNI: dict[str, str] = _vni()  # One or two windows-1252 characters → Vietnamese letter

_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))

# --- VISCII -------------------------------------------------------------------------------------

_VISCII_LOW = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
_VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)

# The 256 characters of VISCII in order of their codes, for `codecs.charmap_decode`.
VISCII_BYTES: str = "".join(
    _VISCII_LOW.get(code, chr(code)) if code < 0x80 else _VISCII_HIGH[code - 0x80]
    for code in range(0x100)
)


def western_bytes(text: str) -> bytes | None:
    """``text`` as the windows-1252 bytes it was read from.

    None if it contains other characters.

    C1 controls represent the codes of the same number, as in ISO 8859-1, and as browsers decode the
    five codes unassigned in windows-1252.
    """
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        pass
    try:
        return b"".join(
            bytes([ord(char)]) if "\x80" <= char <= "\x9f" else char.encode("cp1252")
            for char in text
        )
    except UnicodeEncodeError:
        return None


def convert(text: str, encoding: Legacy) -> str | None:
    """``text``, wrongly read as windows-1252, in ``encoding`` (NFC), or None.

    For TCVN3 and VNI the result is never None: characters outside the table are unchanged.
    """
    if encoding == "tcvn3":
        text = _LOOKALIKE.sub(lambda found: _LOOKALIKES[found[0]], text)
        return _capitals(text.translate(_TCVN3_MAP), text)
    if encoding == "vni":
        return _VNI_PATTERN.sub(lambda match: VNI[match.group()], text)
    if encoding == "utf-8":
        # imported here: takes as long as all of this package, and clean text does not need it
        from ftfy import fix_encoding

        # also repairs text decoded wrongly twice, or with blanks for no-break spaces
        fixed = fix_encoding(text)
        return None if fixed == text else unicodedata.normalize("NFC", fixed)
    raw = western_bytes(text)
    if raw is None:
        return None
    try:
        if encoding == "viscii":
            return "".join(VISCII_BYTES[byte] for byte in raw)
        return unicodedata.normalize("NFC", raw.decode("cp1258"))
    except UnicodeDecodeError:
        return None


def _capitals(converted: str, written: str) -> str:
    """Capitalise words that TCVN3, without capitals with a tone, stores as ``CéNG``.

    A word whose plain letters (two or more) are all capitals is capitalised; one with a single
    plain letter only if all its neighbours on the line are such words, since ``Sè`` may be ``Số``.
    """
    if len(converted) != len(written) or converted == written:
        return converted
    words = list(re.finditer(r"[^\W\d_]+", converted))
    plain = [
        "".join(c for c in written[m.start() : m.end()] if c.isascii() and c.isalpha())
        for m in words
    ]
    sure = [len(letters) > 1 and letters.isupper() for letters in plain]
    small = [len(letters) > 1 and not letters.isupper() for letters in plain]
    pieces: list[str] = []
    end = 0
    for i, match in enumerate(words):
        near = [
            j
            for j in (i - 1, i + 1)
            if 0 <= j < len(words) and _on_one_line(converted, words, min(i, j))
        ]
        beside = any(sure[j] for j in near) and not any(small[j] for j in near)
        loud = sure[i] or (beside and (not plain[i] or plain[i].isupper()))
        pieces += [converted[end : match.start()], match.group().upper() if loud else match.group()]
        end = match.end()
    return "".join([*pieces, converted[end:]])


def _on_one_line(text: str, words: list[re.Match[str]], place: int) -> bool:
    """Whether a word and the next one are on the same line."""
    return "\n" not in text[words[place].end() : words[place + 1].start()]
