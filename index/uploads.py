"""Reports uploaded as bytes.

Their originals are kept in the index's folder for rebuilds.

::

    my-index/uploads/
      uploads.json  the uploads: file, id of its report, the name it came with, its SHA-256
      bao-cao-2020-3fa9c0ffee12.docx

An upload counts if its report is in the index; other entries are left by a killed writer or a
removal, and :meth:`Uploads.sweep` removes them. File names are made of ids and hashes only, never
of the names that reports were uploaded with.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from ..corpus import Limits, Reader, slug
from ..corpus.readers import SUFFIXES
from ..engines.base import passing_error
from ..errors import (
    IndexDamaged,
    Message,
    OptionError,
    ReadError,
    ReportExists,
    TooLarge,
    UnsupportedFormat,
)
from ..indexer import Change, DocumentWriter, Updater
from ..indexer.containers import ALL
from ..records import Record
from .directory import IndexDirectory

FOLDER = "uploads"
LIST = f"{FOLDER}/uploads.json"  # list of the uploads
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = 100  # maximum characters of an id; file systems allow names of 255
_HASH = 12
_HEX = re.compile(r"[0-9a-f]{12,}")


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded original.

    ``file`` is its name in the folder, ``id`` the id of its (first) report, ``name`` the name it
    was uploaded with, ``extra`` the metadata of its reports.
    """

    file: str
    id: str
    name: str
    sha256: str
    size: int
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)


class Uploads:
    """The originals in the folder of one index.

    Changes require the index's write lock.
    """

    def __init__(self, directory: IndexDirectory) -> None:
        self._directory = directory
        self.folder = directory.folder / FOLDER

    def known(self) -> list[Upload]:
        """All uploads: those in the list, and files missing from it."""
        if not self.folder.is_dir():
            return []
        with self._listing():
            guessed = {upload.file: upload for upload in self._guessed()}
        try:
            listed = [Upload(**entry) for entry in self._directory.read_json(LIST)["uploads"]]
        except (IndexDamaged, KeyError, TypeError):
            listed = []
        files = {upload.file for upload in listed}
        return listed + [upload for file, upload in guessed.items() if file not in files]

    @contextmanager
    def _listing(self) -> Iterator[None]:
        """Raise StorageError if the folder cannot be listed."""
        try:
            yield
        except OSError as error:
            damaged = IndexDamaged(
                self.folder, "the folder cannot be read: {strerror}", strerror=error.strerror
            )
            raise passing_error(self.folder, error) or damaged from error

    def _guessed(self) -> Iterator[Upload]:
        for path in sorted(self.folder.iterdir()):
            stem, suffix = os.path.splitext(path.name)
            if suffix in SUFFIXES:
                id = stem[: -_HASH - 1]
                yield Upload(
                    path.name,
                    id if _ID.fullmatch(id) else slug(stem),
                    path.name,
                    "",
                    path.stat().st_size,
                )

    def counting(self, records: Sequence[Record]) -> list[Upload]:
        """Originals of the reports in the index.

        All originals if the reports are unknown.
        """
        known = self.known()
        there = {file_of(record) for record in records}
        return [upload for upload in known if not records or upload.file in there]

    def possible(self, records: Sequence[Record]) -> list[Upload]:
        """Originals that may count if ``records`` is incomplete."""
        there = {file_of(record) for record in records}
        ids = {record.report.id for record in records}
        return [one for one in self.known() if one.file in there or one.id not in ids]

    def is_altered(self, upload: Upload) -> bool:
        """Whether an original has changed since it was uploaded, by its hash."""
        wanted = upload.sha256 or os.path.splitext(upload.file)[0][-_HASH:]
        try:
            digest = hashlib.sha256((self.folder / upload.file).read_bytes()).hexdigest()
        except OSError:
            return False  # the reader will raise the error
        return _HEX.fullmatch(wanted) is not None and not digest.startswith(wanted)

    def path(self, upload: Upload) -> str:
        """The path of an original."""
        return str(self.folder / upload.file)

    def ids(self, uploads: Iterable[Upload]) -> dict[str, str]:
        """Path → id of the report, for an Updater."""
        return {self.path(upload): upload.id for upload in uploads}

    def names(self, uploads: Iterable[Upload]) -> dict[str, str]:
        """Path → name the report was uploaded with, without suffix."""
        return {self.path(upload): os.path.splitext(upload.name)[0] for upload in uploads}

    def put(
        self,
        content: bytes,
        name: str,
        report: str | None,
        *,
        writer: DocumentWriter,
        reader: Reader,
        records: Sequence[Record],
        limits: Limits | None,
        ocr: str,
        extra: Mapping[str, str] | None = None,
    ) -> Change:
        """Read ``content`` as a report and save it.

        See ``Index.put`` for arguments and errors.
        """
        suffix = _checked_suffix(content, name, limits)
        digest = hashlib.sha256(content).hexdigest()
        known = self.counting(records) if records else []
        same = next((upload for upload in known if upload.sha256 == digest), None)
        if same is not None and report in (None, same.id):
            if extra is None or dict(extra) == dict(same.extra):
                return _unchanged(self.path(same), same, records)
            report = same.id
        elif same is not None:
            raise ReportExists(
                "the same file has been uploaded as {id!r}; remove that first", id=same.id
            )
        id = _new_id(name, records) if report is None else report
        before = _replaced(id, records, known)
        if extra is None:
            extra = next((one.extra for one in known if one.id == id), {})
        file = f"{id}-{digest[:_HASH]}{suffix}"
        upload = Upload(file, id, name, digest, len(content), dict(extra))
        self._keep(upload, content, known)
        writer.remove([record.report.id for record in before])
        left = [record for record in records if record not in before]
        ids, names = self.ids([upload]), self.names([upload])
        updater = Updater(
            writer,
            reader,
            left,
            limits=limits,
            ocr=ocr,
            known_ids=ids,
            names=names,
            origin=self._directory.origin(),
            extras={self.path(upload): {ALL: upload.extra}},
        )
        (change,) = updater.run([self.path(upload)])
        if change.error is not None:
            raise _with_name(change.error, name)
        return (
            change
            if not before
            else Change("changed", change.path, change.reports, change.passages, change.notes)
        )

    def _keep(self, upload: Upload, content: bytes, known: Sequence[Upload]) -> None:
        self._directory.make_folder(FOLDER)
        if not os.path.exists(self._directory.folder / LIST):
            self._save(known)  # first: originals without a list are damage, also after a kill
        self._directory.put(f"{FOLDER}/{upload.file}", content)
        self._save([*(one for one in known if one.file != upload.file), upload])

    def _save(self, uploads: Sequence[Upload]) -> None:
        self._directory.write_json(LIST, {"uploads": [asdict(upload) for upload in uploads]})

    def set_extra(self, extras: Mapping[str, Mapping[str, str]]) -> None:
        """Save the metadata of originals: file name → metadata."""
        self._save(
            [
                replace(upload, extra=dict(extras[upload.file]))
                if upload.file in extras
                else upload
                for upload in self.known()
            ]
        )

    def sweep(self, records: Sequence[Record]) -> None:
        """Remove the originals of reports that are not in the index."""
        there = {file_of(record) for record in records}
        known = self.known()
        kept = [upload for upload in known if upload.file in there]
        if len(kept) < len(known):
            self._save(kept)
        files = {upload.file for upload in kept} | {Path(LIST).name}
        with self._listing():
            paths = list(self.folder.iterdir()) if self.folder.is_dir() else []
        for path in paths:
            if path.name not in files and path.is_file():
                with suppress(OSError):
                    path.unlink()

    def faults(self) -> Iterator[tuple[str | None, str]]:
        """Problems of originals and of the list: (report or None, message).

        A folder without list and originals is no problem: a killed writer had just created it.
        """
        if self.known() or os.path.lexists(self._directory.folder / LIST):
            try:
                self._directory.read_json(LIST)
            except IndexDamaged:
                yield (
                    None,
                    Message(
                        "{file} is missing or torn; the names of uploaded files are lost",
                        file=LIST,
                    ),
                )
        for upload in self.known():
            try:
                digest = hashlib.sha256((self.folder / upload.file).read_bytes()).hexdigest()
            except OSError as error:
                if passing_error(self.folder, error):
                    continue
                digest = "missing"
            if upload.sha256 and digest != upload.sha256:
                how = (
                    Message("missing")
                    if digest == "missing"
                    else Message("changed since it was uploaded")
                )
                yield (
                    upload.id,
                    Message(
                        "{folder}/{file} is {how}, so a rebuild cannot read it; upload it again",
                        folder=FOLDER,
                        file=upload.file,
                        how=how,
                    ),
                )


def file_of(record: Record) -> str:
    """Name of a report's file in the folder of uploads, or empty.

    Also for paths from before the index was moved.
    """
    folder, _, name = (record.report.source or "").replace("\\", "/").rpartition("/")
    return name if folder.rpartition("/")[2] == FOLDER and record.digest is not None else ""


def _checked_suffix(content: bytes, name: str, limits: Limits | None) -> str:
    """The suffix of ``name``. Raises UnsupportedFormat, TooLarge."""
    suffix = os.path.splitext(name)[1].lower()
    if suffix not in SUFFIXES:
        raise UnsupportedFormat(
            name,
            "its name ends in none of: {suffixes}",
            suffixes=", ".join(sorted(SUFFIXES)),
        )
    most = (limits or Limits()).file_bytes
    if len(content) > most:
        raise TooLarge(
            name,
            "it has {count:,} bytes, over the limit of {most:,} (Limits.file_bytes)",
            count=len(content),
            most=most,
        )
    return suffix


def _new_id(name: str, records: Sequence[Record]) -> str:
    base = slug(os.path.splitext(os.path.basename(name))[0])[:_LONGEST].strip("-")
    taken = {record.report.id for record in records}
    number, wanted = 1, base
    while wanted in taken:
        number += 1
        wanted = f"{base}-{number}"
    return wanted


def _replaced(id: str, records: Sequence[Record], known: Sequence[Upload]) -> list[Record]:
    """The records that an upload with this id replaces.

    Raises OptionError, ReportExists.
    """
    if len(id) > _LONGEST or not _ID.fullmatch(id):
        raise OptionError(
            "{id!r} is not a valid report id: use a-z, 0-9 and single hyphens, at most {longest} "
            "characters",
            id=id,
            longest=_LONGEST,
        )
    old = next((upload.file for upload in known if upload.id == id), None)
    if old is None:
        if any(record.report.id == id for record in records):
            raise ReportExists(
                "the id {id!r} belongs to a report that was not uploaded under it; choose another",
                id=id,
            )
        return []
    return [record for record in records if file_of(record) == old]


def _unchanged(path: str, upload: Upload, records: Sequence[Record]) -> Change:
    mine = [record for record in records if file_of(record) == upload.file]
    ids = tuple(record.report.id for record in mine)
    return Change("unchanged", path, ids, sum(record.report.passages for record in mine))


def _with_name(error: Exception, name: str) -> Exception:
    """``error`` with the name of the uploaded file instead of its path."""
    return type(error)(name, error.reason) if isinstance(error, ReadError) else error
