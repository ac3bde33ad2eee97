"""Decode a text file, detecting its encoding."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from ...errors import Message
from .score import score
from .tables import Legacy, convert
from .viqr import from_viqr

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 200_000
_TELLING = re.compile(r"[^\s<>&;]*[\x80-\uffff][^\s<>&;]*")
_ENOUGH = 3_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# Control codes are allowed: VISCII uses them for six capitals.
_CONTROL_BYTES = re.compile(rb"[\x00\x01\x03\x04\x07\x08\x0e-\x13\x15-\x18\x1c\x1d\x1f\x7f]")
_UNDEFINED = {code: chr(code) for code in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
# Character encodings; other codecs of Python (`idna`, `unicode_escape`) are ignored.
_PLAUSIBLE = re.compile(
    r"(?:windows-|cp)\d{3,4}|iso-?8859-(?:[2-9]|1\d)|koi8-\w|gb\w+|big5\w*|euc-\w+|shift_jis",
    re.IGNORECASE,
)
# Characters other than the letters shared by Vietnamese and Latin-1. Half of the words in VISCII,
# VNI and TCVN3 have them; web pages in Latin-1 with entities for the other letters hardly do.
_SIGNS = re.compile("[^\x00-\x7f\xa0ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý–—“”‘’…•«»°·§©®²³½¼\x80]")
_SINGLE_BYTE: tuple[Legacy, ...] = ("windows-1258", "tcvn3", "vni", "viscii")


class UndecodableError(ValueError):
    """The bytes are not text in any known encoding."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """Decoded text, its encoding (``"utf-8"``, ``"tcvn3"`` …), and notes for users."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None, *, fonts: bool = False) -> DecodedText:
    """Decode ``data``.

    ``declared`` is the declared encoding; the bytes take precedence. With ``fonts`` (HTML) text in
    TCVN3 and VNI is decoded as windows-1252, since the fonts then decide.

    Tried in order: a byte order mark; UTF-16 without one, by the positions of its zero bytes;
    UTF-8, which other text never is by chance (and VIQR, if it is all ASCII); then the one-byte
    encodings windows-1258, TCVN3, VNI-Windows and VISCII, compared by the number of Vietnamese
    words, and windows-1252 for text with few letters beyond ASCII. UTF-8 with few errors is decoded
    with U+FFFD in these places, and a note. Raises :class:`UndecodableError` for anything else.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    wide = _wide(data)
    if wide is not None:
        return wide
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(data, declared, error, fonts)
    _refuse_binary(text)
    meant = None if fonts else from_viqr(text)
    return DecodedText(text, "utf-8") if meant is None else DecodedText(meant, "viqr")


def _marked(data: bytes, encoding: str) -> DecodedText:
    try:
        text = data.decode(encoding)
        notes: tuple[str, ...] = ()
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        bad = text.count("\ufffd")
        if bad > max(1, len(text) // 100):
            raise UndecodableError(
                Message(
                    "it begins as {encoding}, but the rest is not in that encoding",
                    encoding=encoding,
                )
            ) from None
        notes = (
            Message(
                "{bad} characters could not be decoded as {encoding}", bad=bad, encoding=encoding
            ),
        )
    _refuse_binary(text)
    return DecodedText(text, encoding, notes)


def _wide(data: bytes) -> DecodedText | None:
    """UTF-16 without a byte order mark, or None.

    Half of its blanks and ASCII letters are zero bytes.
    """
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if half == 0 or len(data) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    for many, few, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if many * 5 >= half and few * 50 <= half:
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                return None
            readable = sum(1 for c in text[:_SAMPLE] if c.isalnum() or c.isspace() or c.isascii())
            if readable * 2 < min(len(text), _SAMPLE) or _CONTROL.search(text):
                return None
            return DecodedText(text, encoding)
    return None


def _refuse_binary(text: str) -> None:
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) * 200 > len(sample):
        raise UndecodableError("it holds control characters, as pictures and programs do")


def _not_utf8(
    data: bytes, declared: str | None, error: UnicodeDecodeError, fonts: bool
) -> DecodedText:
    sample = data[:_SAMPLE]
    if len(_CONTROL_BYTES.findall(sample)) * 200 > len(sample):
        raise UndecodableError("it holds control characters, as pictures and programs do")
    broken = _broken_utf8(data)
    if broken is not None:
        return broken
    western = _western(data)
    if declared and _is_western(declared) and not _SIGNS.search(western.replace("\xa0", " ")):
        return DecodedText(western, "windows-1252")
    start = western[:_SAMPLE]
    # Only non-ASCII words distinguish encodings, and a few pages of them suffice.
    telling = " ".join(_TELLING.findall(start)[:_ENOUGH])
    best: tuple[float, int, Legacy] | None = None
    for encoding in _SINGLE_BYTE:
        converted = convert(telling, encoding)
        if converted is None:
            continue
        found = score(converted)
        if found.rate >= 0.6 and (best is None or (found.rate, found.valid) > best[:2]):
            best = (found.rate, found.valid, encoding)
    plain = score(start)
    if best is not None and best[0] > plain.rate:
        if fonts and best[2] in ("tcvn3", "vni"):
            return DecodedText(western, "windows-1252")
        return DecodedText(convert(western, best[2]) or western, best[2])
    other = _as_declared(data, declared)
    if other is not None:
        return other
    if plain.marked * 4 <= plain.words or plain.rate >= 0.6:
        return DecodedText(western, "windows-1252")
    raise UndecodableError(
        Message(
            "it is not UTF-8 (byte {start}), nor UTF-16, windows-1258, TCVN3, VNI or VISCII",
            start=error.start,
        )
    )


def _is_western(declared: str) -> bool:
    try:
        return codecs.lookup(declared.strip()).name in ("cp1252", "iso8859-1")
    except (LookupError, ValueError):
        return False


def _western(data: bytes) -> str:
    """``data`` as windows-1252.

    Its five unassigned codes become the C1 controls of the same number.
    """
    text, _ = codecs.charmap_decode(data, "strict", _WESTERN)
    return text


_WESTERN = "".join(
    _UNDEFINED[code] if code in _UNDEFINED else bytes([code]).decode("cp1252")
    for code in range(256)
)


def _broken_utf8(data: bytes) -> DecodedText | None:
    """UTF-8 with a few errors, or None if it is not UTF-8 at all.

    Errors are a truncated end, or an invalid byte.
    """
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for byte in data if byte >= 0xC2) - bad
    if good < 20 * bad:
        return None
    return DecodedText(
        text, "utf-8", (Message("{bad} characters were not valid UTF-8 and are lost", bad=bad),)
    )


def _as_declared(data: bytes, declared: str | None) -> DecodedText | None:
    """``data`` in its declared encoding, if that exists and decodes all of it."""
    if not declared or not _PLAUSIBLE.fullmatch(declared.strip()):
        return None
    try:
        info = codecs.lookup(declared.strip())
        text = data.decode(info.name)
    except (LookupError, UnicodeError):
        return None
    return DecodedText(unicodedata.normalize("NFC", text), info.name)
