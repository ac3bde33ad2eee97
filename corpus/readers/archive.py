"""Zip archives of reports; each file in an archive is a separate report.

Names of members are never used as paths: nothing is unpacked to the disk.
"""

from __future__ import annotations

import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator

from ...errors import EncryptedFile, Message, TooLarge
from ..blocks import Block
from .formats import SUFFIXES
from .packages import Package
from .source import SourceFile

_HIDDEN = (".", "~$", "__MACOSX")  # editors', Word's and macOS's own files
_UTF8 = 0x800  # flag bit for names in UTF-8; without it zipfile decodes as code page 437
_LISTED = 5  # maximum suffixes listed in a note


def read(source: SourceFile) -> Iterator[Block]:
    """Return no blocks: an archive has no text of its own."""
    return iter(())


def members(source: SourceFile) -> Iterator[tuple[str, bytes]]:
    """The files in an archive, by name.

    Those of unknown formats are counted in a note. Raises TooLarge (``Limits.members``,
    ``Limits.unpacked_bytes``), DamagedFile.
    """
    skipped: Counter[str] = Counter()
    seen: set[str] = set()
    with Package(source) as package:
        infos = [one for one in package.infos() if not one.is_dir()]
        if len(infos) > source.limits.members:
            raise TooLarge(
                source.path,
                "there are {files:,} files in it, over the limit of {members:,} (Limits.members)",
                files=len(infos),
                members=source.limits.members,
            )
        for name, info in sorted(
            ((member_name(one), one) for one in infos), key=lambda one: one[0]
        ):
            if not name or name in seen or any(map(_is_hidden, name.split("/"))):
                continue
            seen.add(name)
            suffix = suffix_of(name)
            if suffix not in SUFFIXES:
                skipped[suffix] += 1
                continue
            try:
                data = package.part(info.filename)
            except EncryptedFile as error:
                source.note(Message("{name}: {reason}", name=name, reason=error.reason))
                continue
            except TooLarge as error:
                if package.is_full:
                    raise
                source.note(Message("{name}: {reason}", name=name, reason=error.reason))
                continue
            if data is not None:
                yield name, data
    note_skipped(source, skipped)


def note_skipped(source: SourceFile, skipped: Counter[str]) -> None:
    """Note how many files in a container have no reader, by suffix."""
    if skipped:
        ranked = sorted(skipped.items(), key=lambda one: (-one[1], one[0]))[:_LISTED]
        listed = ", ".join(f"{suffix or 'no suffix'} {number:,}" for suffix, number in ranked)
        more = " …" if len(skipped) > _LISTED else ""
        source.note(
            Message(
                "files of other formats in it are left out: {listed}{more}",
                listed=listed,
                more=more,
            )
        )


def safe_name(name: str) -> str:
    """``name`` as a relative path in NFC, its parts joined by ``/``.

    Without ``..``, drives and control characters.
    """
    kept = "".join(one for one in name.replace("\\", "/") if one.isprintable())
    parts = [part.strip() for part in unicodedata.normalize("NFC", kept).split("/")]
    return "/".join(one for one in parts if one not in ("", ".", "..") and not _is_drive(one))


def suffix_of(name: str) -> str:
    """The suffix of a member's name in lower case, with the dot."""
    stem, dot, suffix = name.rpartition("/")[2].rpartition(".")
    return f".{suffix.lower()}" if dot and stem else ""


def member_name(info: zipfile.ZipInfo) -> str:
    """The safe name of a member, whatever the encoding of names in the archive."""
    name = info.filename
    if not info.flag_bits & _UTF8 and not name.isascii():
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "cp1258"):  # made on Linux; on Windows set to Vietnamese
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                pass
    return safe_name(name)


def _is_hidden(part: str) -> bool:
    return part.startswith(_HIDDEN)


def _is_drive(part: str) -> bool:
    return len(part) == 2 and part[1] == ":"
