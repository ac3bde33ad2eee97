"""Detection of a file's format by its bytes, and among text formats by its name."""

from __future__ import annotations

import io
import re
import zipfile

from ...errors import DamagedFile, EncryptedFile, Message, UnsupportedFormat
from .formats import MEDIA_TYPES, SUFFIXES
from .mhtml import is_message, is_mhtml
from .source import SourceFile

_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", Message("a PNG picture")),
    (b"\xff\xd8\xff", Message("a JPEG picture")),
    (b"GIF8", Message("a GIF picture")),
    (b"BM", Message("a BMP picture")),
    (b"II*\x00", Message("a TIFF picture")),
    (b"MM\x00*", Message("a TIFF picture")),
    (b"\x1f\x8b", Message("a gzip archive")),
    (b"7z\xbc\xaf\x27\x1c", Message("a 7-Zip archive")),
    (b"Rar!\x1a\x07", Message("a RAR archive")),
    (b"BZh", Message("a bzip2 archive")),
    (b"\xfd7zXZ\x00", Message("an xz archive")),
    (b"\x7fELF", Message("a program")),
    (b"MZ\x90\x00", Message("a program")),
    (b"%!PS", Message("a PostScript file")),
    (b"SQLite format 3\x00", Message("a SQLite database")),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|div|table|p|h[1-6]|span|font|center)\b",
    re.IGNORECASE,
)
_BLANK = b" \t\r\n\x0b\x0c\x00"
_TRUNCATED_ZIP = Message(
    "it is a zip container (.docx, .odt) that is truncated or damaged; copy it again from its "
    "source"
)


def sniff(source: SourceFile) -> str:
    """The format of ``source``.

    Raises ``UnsupportedFormat``, ``DamagedFile`` or ``EncryptedFile``.

    Binary formats are recognised by their first bytes and, in zip containers, by the media type in
    the part ``mimetype`` (the row in ``formats.py``), else by their parts; HTML by its tags;
    Markdown and plain text only by the suffix, since any text is valid for both.
    """
    data = source.data
    # PDF viewers accept up to 1,024 bytes before the header; a text may merely mention it.
    is_text = SUFFIXES.get(source.suffix) in ("txt", "md", "html")
    if data.lstrip(_BLANK)[:5] == b"%PDF-" if is_text else b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"{\\rtf") or data[:64].lstrip(_BLANK + b"\xef\xbb\xbf").startswith(
        b"{\\rtf"
    ):
        return "rtf"
    if data.startswith(b"PK"):
        return _zip_kind(source)
    if data.startswith(_OLE):
        return _ole_kind(source)
    for magic, name in _FOREIGN:
        if data.startswith(magic) and (magic != b"BM" or b"\x00" in data[:64]):
            raise UnsupportedFormat(
                source.path,
                "it is {name}, which holds no text that can be read",
                name=name,
            )
    if SUFFIXES.get(source.suffix) == "eml" and is_message(data):
        return "eml"
    return "html" if is_mhtml(data) else _text_kind(source)


def _text_kind(source: SourceFile) -> str:
    expected = SUFFIXES.get(source.suffix)
    head = source.data[:4096]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.replace(b"\x00", b"")
    markup = _HTML_TAG.search(head)
    stripped = head.lstrip(_BLANK + b"\xef\xbb\xbf\xff\xfe")
    # A text file may quote a tag; HTML begins with one.
    if markup and (stripped.startswith(b"<") or expected == "html"):
        if expected in ("md", "txt") and not re.match(
            rb"<(?:!doctype|html|\?xml)", stripped, re.IGNORECASE
        ):
            return expected
        if b"<w:wordDocument" in head or b"<pkg:package" in head:
            raise UnsupportedFormat(source.path, "it is a Word 2003 XML file; save it as .docx")
        return "html"
    if b"<pkg:package" in head or b"<w:wordDocument" in head:
        raise UnsupportedFormat(source.path, "it is a Word XML file; save it as .docx")
    if expected not in ("txt", "md", "html", None):
        # Web applications serve HTML and plain text as .doc; anything else is not a Word
        # file.
        if expected == "doc" and b"\x00" not in head:
            return "html" if markup else "txt"
        if b"\x00" not in head and _looks_like_text(head):
            return "txt"
        raise DamagedFile(
            source.path,
            "despite its name it is not a {expected} file, or it is damaged",
            expected=expected,
        )
    if expected is not None:
        return expected
    if source.suffix and source.suffix not in SUFFIXES:
        raise UnsupportedFormat(
            source.path,
            "no reader for files named {suffix}; known are {suffixes}",
            suffix=source.suffix,
            suffixes=", ".join(SUFFIXES),
        )
    return "txt"


def _looks_like_text(head: bytes) -> bool:
    control = sum(1 for byte in head if byte < 9 or 13 < byte < 32)
    return control * 200 <= len(head)


def _zip_kind(source: SourceFile) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            names = set(archive.namelist())
            kind = (
                archive.read("mimetype")[:100]
                if "mimetype" in names and _is_small(archive)
                else b""
            )
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise DamagedFile(source.path, _TRUNCATED_ZIP) from error
    except RuntimeError as error:  # raised by zipfile for a password
        raise EncryptedFile(
            source.path, "it is locked by a password; save it without one"
        ) from error
    except Exception as error:  # zlib.error, struct.error and others of a damaged archive
        raise DamagedFile(source.path, _TRUNCATED_ZIP) from error
    # an archive may contain folders of these names, but is named .zip
    if source.suffix == ".zip" and not names & {"[Content_Types].xml", "META-INF/manifest.xml"}:
        return "zip"
    if "word/document.xml" in names or any(n.startswith("word/document") for n in names):
        return "docx"
    if not kind and "content.xml" in names:
        return "odt"
    for media_type, suffix in MEDIA_TYPES.items():
        if kind.startswith(media_type.encode()):
            return SUFFIXES[suffix]
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            return "xlsx"
        if any(name.startswith("ppt/") for name in names):
            return "pptx"
        raise UnsupportedFormat(
            source.path, "it is an Office file, not a text document; save its text as .docx"
        )
    if kind.startswith(b"application/vnd.oasis.opendocument."):
        raise UnsupportedFormat(source.path, "it is an OpenDocument file, but not a text document")
    raise UnsupportedFormat(
        source.path, "it is a zip archive, not a document; name it .zip, or unpack it"
    )


def _ole_kind(source: SourceFile) -> str:
    """The format of an Office 97 container, by the names of its streams."""

    def holds(*names: str) -> bool:
        return any(name.encode("utf-16-le") in source.data for name in names)

    # a message may contain a Word file, with the names of its streams
    if holds("__properties_version1.0") and (
        source.suffix == ".msg" or not holds("WordDocument", "Workbook")
    ):
        return "msg"
    if holds("Workbook", "Book\0") and not holds("WordDocument"):
        return "xls"
    if holds("EncryptedPackage"):
        raise EncryptedFile(source.path, "it is locked by a password; save it without one")
    return "doc"


def _is_small(archive: zipfile.ZipFile) -> bool:
    return archive.getinfo("mimetype").file_size < 1000
