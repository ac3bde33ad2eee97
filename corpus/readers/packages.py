"""Zip containers of XML parts (.docx, .odt), opened safely within the limits."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from ...errors import DamagedFile, EncryptedFile, TooLarge
from .source import SourceFile

_PIECE = 1 << 16
_SMALL = 1 << 20
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)


class Package:
    """The parts of one zip container. A context manager.

    Raises ``DamagedFile``, ``EncryptedFile`` (a part locked by a password) and ``TooLarge`` (over
    ``Limits.unpacked_bytes`` or ``Limits.unpack_ratio``).
    """

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._unpacked = 0
        self._full = False
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.data))
        except (
            zipfile.BadZipFile,
            OSError,
            ValueError,
            NotImplementedError,
            struct.error,
        ) as error:
            raise DamagedFile(
                source.path,
                "the zip container is truncated or damaged; copy it again from its source",
            ) from error
        self._names = set(self._zip.namelist())

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def names(self) -> list[str]:
        """The names of all parts."""
        return self._zip.namelist()

    def infos(self) -> list[zipfile.ZipInfo]:
        """The entries of the container."""
        return self._zip.infolist()

    @property
    def is_full(self) -> bool:
        """Whether the parts read, with the last one, reach ``Limits.unpacked_bytes``."""
        return self._full

    def part(self, name: str) -> bytes | None:
        """The bytes of the part ``name``, or None."""
        if name not in self._names:
            return None
        path = self._source.path
        info = self._zip.getinfo(name)
        if info.flag_bits & 1:
            raise EncryptedFile(path, "it is locked by a password; save it without one")
        pieces: list[bytes] = []
        size = 0
        try:
            with self._zip.open(info) as part:
                # The sizes in the directory may be false: unpacked bytes are counted.
                while piece := part.read(_PIECE):
                    size += len(piece)
                    self._check(size, info.compress_size)
                    pieces.append(piece)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            struct.error,
            NotImplementedError,
        ) as error:
            raise DamagedFile(
                path,
                "its part {name} is truncated or damaged; copy it again from its source",
                name=name,
            ) from error
        self._unpacked += size
        return b"".join(pieces)

    def _check(self, size: int, packed: int) -> None:
        limits, path = self._source.limits, self._source.path
        if self._unpacked + size > limits.unpacked_bytes:
            self._full = True
            raise TooLarge(
                path,
                "it unpacks to over {unpacked_bytes:,} bytes (Limits.unpacked_bytes)",
                unpacked_bytes=limits.unpacked_bytes,
            )
        if size > _SMALL and size > limits.unpack_ratio * max(packed, 1):
            raise TooLarge(
                path,
                "it unpacks to over {unpack_ratio} times its size, as a zip bomb does "
                "(Limits.unpack_ratio)",
                unpack_ratio=limits.unpack_ratio,
            )

    def xml(self, name: str) -> Element | None:
        """The root element of the XML part ``name``, or None.

        A DTD, which could define entities, is refused: documents have none.
        """
        data = self.part(name)
        return None if data is None else parse_xml(data, self._source, name)


def parse_xml(data: bytes, source: SourceFile, name: str) -> Element:
    """Parse ``data`` without DTD, entities or external resources; return the root.

    Raises ``DamagedFile``.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    for strict, usual in _STRICT:
        data = data.replace(strict, usual)
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise DamagedFile(
            source.path,
            "its part {name} declares entities, which no document needs",
            name=name,
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise DamagedFile(
            source.path,
            "its part {name} is not well-formed XML ({error})",
            name=name,
            error=error,
        ) from error
    return root
