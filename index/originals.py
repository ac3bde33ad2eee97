"""The original file of a report, if it is unchanged since it was read."""

from __future__ import annotations

import hashlib
import ntpath
from dataclasses import dataclass

from ..corpus import Limits
from ..corpus.readers import read_member
from ..corpus.readers.formats import SUFFIXES
from ..corpus.readers.source import load
from ..errors import UnreadableFile
from ..records import Record
from .directory import IndexDirectory
from .uploads import FOLDER, Uploads, file_of


@dataclass(frozen=True, slots=True)
class Original:
    """A report's file: its original ``name``, its ``format`` and its bytes."""

    name: str
    format: str
    content: bytes


def original_of(directory: IndexDirectory, record: Record, limits: Limits | None) -> Original:
    """The file of a report, verified by SHA-256.

    An upload is read from the index's folder. Raises UnreadableFile (added without a file; moved,
    removed or changed since), TooLarge.
    """
    record = directory.relocation().record(record)
    source = record.report.source or ""
    name = ntpath.basename(source)
    if not source or record.digest is None:
        raise UnreadableFile(record.report.id, "it was added by an application, without a file")
    uploaded = file_of(record)
    path = str(directory.folder / FOLDER / uploaded) if uploaded else source
    try:
        _, content = load(path, limits or Limits())
    except UnreadableFile as error:
        raise UnreadableFile(name, "its file has been moved or removed; index it again") from error
    if hashlib.sha256(content).hexdigest() != record.digest:
        raise UnreadableFile(name, "its file has changed since it was read; index it again")
    if uploaded:
        kept = {one.file: one.name for one in Uploads(directory).known()}
        name = kept.get(uploaded) or name
    if (member := record.report.member) is not None:
        content, name = read_member(content, name, member, limits), member.rpartition("/")[2]
    suffix = "." + name.rpartition(".")[2].lower()
    return Original(name, record.format or SUFFIXES.get(suffix, ""), content)
