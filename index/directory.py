"""The folder of an index: files, write lock, and the switch of generations.

::

    my-index/
      tracuu.json           the manifest: format, engine, current generation, fingerprint, options
      data-0001/            the engine's files of generation 1
      sources-0001.json     folders and files it was made from, and the report of each file
      taxonomy-0001.toml    its taxonomy, if it is not the package's
      saved.json            saved searches
      alerts.jsonl          passages that recently matched them, for the feed; may be deleted
      corrections.jsonl     manual corrections, one passage per line
      synonyms.toml         the user's synonyms and abbreviations
      uploads/              originals of reports uploaded as bytes, and their list
      vectors.sqlite        vectors of passages, if an embedder is used; may be deleted
      write.lock            locked by the writer; freed by the operating system when it dies
      writer.json           process and host of the writer
      unfinished            present until the first manifest is written

Small files are replaced atomically: written under a temporary name, synced, renamed, and the folder
synced. JSON files carry a checksum. A rebuild writes all files of the next generation first and the
manifest last; the manifest alone decides which generation is current. The next writer removes the
files that a killed writer left.
"""

from __future__ import annotations

import errno
import json
import os
import re
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..engines.base import passing_error, sync_folder
from ..errors import (
    IndexDamaged,
    IndexExists,
    IndexNotFound,
    IndexOutdated,
    Message,
    NotAnIndex,
    StorageError,
    WriteFailed,
)
from .disk import NEW, make_folder, remove, remove_folder
from .lock import HOLDER, LOCK, held
from .manifest import FORMAT, Manifest, as_manifest
from .sources import Relocation, Sources

MANIFEST = "tracuu.json"
CHECKSUM = "checksum"  # key of the CRC-32 in a JSON file of the index
_UNFINISHED = "unfinished"
_DATA = re.compile(r"data-(\d{4,})")
# without a number: of versions without generations
_TAXONOMY = re.compile(r"taxonomy(?:-(\d{4,}))?\.toml")
_SOURCES = re.compile(r"sources(?:-(\d{4,}))?\.json")
_CREATE_WAIT = 10.0  # seconds; creating an empty index takes far less
_CREATE_ATTEMPTS = 20  # to lock a folder that another process may remove
_READ_ONLY = {errno.EACCES, errno.EPERM, errno.EROFS}
UPLOADS = "uploads"  # folder of originals
VECTORS = "vectors.sqlite"
_WORDS = "words.sqlite"  # a cache that older versions kept; removed by the next update
PEOPLE = ("corrections.jsonl", "synonyms.toml", "saved.json", "ignore")  # written by users
ALERTS = "alerts.jsonl"  # the last alerts of saved searches
_BESIDE = (
    *PEOPLE,
    ALERTS,
    UPLOADS,
    *(name + end for name in (_WORDS, VECTORS) for end in ("", "-journal")),
)


class IndexDirectory:
    """The folder of one index, without the format of the engine's files."""

    def __init__(self, folder: str | os.PathLike[str], *, outcome: str = "") -> None:
        """``outcome`` is the last part of the message of a write error."""
        self.folder = Path(os.path.abspath(os.fspath(folder)))
        self._outcome = outcome or Message("nothing was changed")

    # --- reading ---

    def data(self, generation: int) -> Path:
        """The folder of the engine's files."""
        return self.folder / f"data-{generation:04d}"

    def exists(self) -> bool:
        """Whether the folder has a manifest."""
        return os.path.isfile(self.folder / MANIFEST)  # which never raises

    def manifest(self) -> Manifest:
        """The manifest of the index.

        Raises IndexNotFound, NotAnIndex, IndexDamaged or IndexOutdated.
        """
        if not self.exists():
            raise self._no_manifest()
        data = self.read_json(MANIFEST)
        if not isinstance(data.get("format"), int):
            raise self._damaged(MANIFEST)
        if data["format"] != FORMAT:
            newer = (
                Message("install that version or a later one, or ")
                if data["format"] > FORMAT
                else ""
            )
            raise IndexOutdated(
                self.folder,
                "written by tracuu {version} in format {written}, this version reads format "
                "{format}; {newer}rebuild it from its reports with: tracuu rebuild --index "
                "{folder}",
                version=data.get("version", "?"),
                written=data["format"],
                format=FORMAT,
                newer=newer,
                folder=self.folder,
            )
        manifest = as_manifest(data)
        if manifest is None:
            raise self._damaged(MANIFEST)
        return manifest

    def settings(self) -> Manifest | None:
        """The manifest if it can be read, even of another format; else None."""
        try:
            return as_manifest(self.read_json(MANIFEST))
        except IndexDamaged:
            return None

    def origin(self) -> str:
        """Origin of files added on this machine, if several write to one index.

        Empty if only one machine writes.
        """
        settings = self.settings()
        return str(settings.options.get("origin", "")) if settings else ""

    def is_at(self, generation: int) -> bool:
        """Whether the manifest names this generation."""
        settings = self.settings()
        return settings is not None and settings.generation == generation

    def is_ours(self) -> bool:
        """Whether the folder holds an index, even one without its manifest."""
        if self.exists() or any(map(_SOURCES.fullmatch, self._names())):
            return True
        return not os.path.exists(self.folder / _UNFINISHED) and bool(self.generations())

    def generations(self) -> list[int]:
        """Generations that have data, newest first.

        The current one, and leftovers of others.
        """
        found = (_DATA.fullmatch(name) for name in self._names())
        return sorted((int(match[1]) for match in found if match), reverse=True)

    def _names(self) -> list[str]:
        try:
            return sorted(os.listdir(self.folder))
        except (OSError, ValueError):
            return []

    def _no_manifest(self) -> StorageError:
        try:
            os.stat(self.folder / MANIFEST)
        except PermissionError as error:  # the folder, or one above it
            return passing_error(self.folder, error) or self._damaged(MANIFEST)
        except (OSError, ValueError):
            pass
        if not os.path.exists(self.folder):
            return IndexNotFound(
                self.folder, "there is no index here; create one with: tracuu index PATH…"
            )
        if os.path.exists(self.folder / _UNFINISHED):
            return IndexNotFound(
                self.folder,
                "the creation of this index was interrupted; start it again with: tracuu index "
                "PATH…",
            )
        if self.is_ours():
            return self._damaged(MANIFEST)
        return NotAnIndex(
            self.folder, "this is not a tracuu index; name another folder with --index"
        )

    def stamp(self) -> tuple[int, int] | None:
        """Identity of the manifest file; a rebuild changes it. None without one."""
        try:
            status = os.stat(self.folder / MANIFEST)
        except (OSError, ValueError):
            return None
        return status.st_mtime_ns, status.st_ino

    def sources(self) -> Sources:
        """Sources of the index; empty if the file cannot be read."""
        try:
            return self.known_sources()
        except IndexDamaged:
            return Sources(added=None)

    def sources_file(self, generation: int | None = None) -> Path:
        """Path of the list of sources of a generation.

        None: the current generation, or the newest if that is unknown.
        """
        if generation is None:
            settings = self.settings()
            found = (_SOURCES.fullmatch(name) for name in self._names())
            newest = max((int(match[1] or 0) for match in found if match), default=0)
            generation = settings.generation if settings else newest
        path = self.folder / f"sources-{generation:04d}.json"
        before = self.folder / "sources.json"  # the name in indexes of older versions
        return before if before.exists() and not path.exists() else path

    def known_sources(self, generation: int | None = None) -> Sources:
        """Sources of a generation (None: the current one). Raises IndexDamaged.

        If the index was moved together with its files, the paths are the new ones.
        """
        return self.relocation(generation).sources(self._raw_sources(generation))

    def _raw_sources(self, generation: int | None) -> Sources:
        name = self.sources_file(generation).name
        try:
            data = self.read_json(name)
            return Sources(
                [str(path) for path in data["paths"]],
                {str(path): str(id) for path, id in data["ids"].items()},
                None if data.get("added") is None else list(map(str, data["added"])),
                {str(path): str(error) for path, error in data.get("failed", {}).items()},
                {str(path): str(key) for path, key in data.get("empty", {}).items()},
            )
        except (IndexDamaged, KeyError, TypeError, AttributeError) as error:
            raise IndexDamaged(
                self.folder,
                "{name} is missing or torn, so the folders of the reports are unknown; name "
                "them: tracuu rebuild PATH… --index {folder} (or create a new index: tracuu "
                "index PATH… --index NEW)",
                name=name,
                folder=self.folder,
            ) from error

    def relocation(self, generation: int | None = None) -> Relocation:
        """New places of files that were moved with the index since its last write."""
        settings = self.settings()
        if settings is None or settings.folder in ("", str(self.folder)):
            return Relocation()
        try:
            return Relocation.of(settings.folder, str(self.folder), self._raw_sources(generation))
        except IndexDamaged:
            return Relocation()

    def taxonomies(self) -> list[int]:
        """Generations that have their own taxonomy, newest first.

        0 stands for a file without a number.
        """
        found = (_TAXONOMY.fullmatch(name) for name in self._names())
        return sorted((int(match[1] or 0) for match in found if match), reverse=True)

    def taxonomy_file(self, generation: int) -> Path:
        """Path of the taxonomy of a generation."""
        path = self.folder / f"taxonomy-{generation:04d}.toml"
        return path if path.exists() else self.folder / "taxonomy.toml"

    def taxonomy(self, generation: int) -> str:
        """The text of a generation's own taxonomy. Raises IndexDamaged, StorageError."""
        path = self.taxonomy_file(generation)
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise passing_error(path, error) or IndexDamaged(
                self.folder,
                "{name} is missing or torn; rebuild the index with: tracuu rebuild --taxonomy FILE",
                name=path.name,
            ) from error

    def size(self) -> int:
        """Bytes of all files of the index."""
        total = 0
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with suppress(OSError):
                    total += os.path.getsize(os.path.join(folder, name))
        return total

    def read_json(self, name: str) -> dict[str, Any]:
        """Read a JSON file of the index.

        Raises IndexDamaged (torn, or a wrong checksum), StorageError (no permission to read).
        """
        try:
            data = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise passing_error(self.folder / name, error) or self._damaged(name) from error
        if not isinstance(data, dict):
            raise self._damaged(name)
        wanted = data.pop(CHECKSUM, None)  # files of older versions have none
        if wanted is not None and wanted != _checksum(data):
            raise self._damaged(name)
        return data

    def _damaged(self, name: str) -> IndexDamaged:
        return IndexDamaged(
            self.folder,
            "{name} is missing or torn; rebuild the index from its reports with: "
            "tracuu rebuild --index {folder}",
            name=name,
            folder=self.folder,
        )

    # --- writing ---

    @contextmanager
    def making(self) -> Iterator[None]:
        """Create a new index under the write lock; saving its manifest commits it.

        The remains of an unfinished index are removed first. Raises IndexExists (the folder holds
        anything else), IndexBusy, WriteFailed.
        """
        with ExitStack() as stack:
            with self.writing():
                self._lock_new(stack)
            if self.exists():
                raise IndexExists(self.folder, "there is an index here already")
            if not self._is_free():
                raise self._not_free()
            self._clear_unfinished()
            self.put(_UNFINISHED, b"")
            yield
            with suppress(OSError):
                (self.folder / _UNFINISHED).unlink()

    def _lock_new(self, stack: ExitStack) -> None:
        """Create the folder and lock it; retry if another process removes it."""
        for attempt in range(_CREATE_ATTEMPTS):
            if self.exists():
                raise IndexExists(self.folder, "there is an index here already")
            make_folder(self.folder)
            if not self._is_free():
                raise self._not_free()
            try:
                stack.enter_context(held(self.folder, _CREATE_WAIT))
            except FileNotFoundError:
                if attempt == _CREATE_ATTEMPTS - 1:
                    raise
            else:
                return

    def _not_free(self) -> IndexExists:
        reason = Message("the folder is not empty and holds no index; name a new or empty one")
        return IndexExists(self.folder, reason)

    def _clear_unfinished(self) -> None:
        """Remove all files of an index that has no manifest; other files stay.

        The caller holds the lock.
        """
        self.sweep(())
        for name in _BESIDE:
            remove(self.folder / name)

    def abandon(self, *, remove_folder: bool) -> None:
        """Remove the files of a new index; the caller holds the lock.

        ``remove_folder`` removes the folder too, unless it holds other files. The lock file is
        removed last: a process waiting for it notices, and creates the folder again. On Windows a
        locked file cannot be removed; call this again after unlocking.
        """
        if os.path.isfile(self.folder / _UNFINISHED):
            self._clear_unfinished()
        for name in (_UNFINISHED, HOLDER, LOCK):
            remove(self.folder / name)
        if remove_folder:
            with suppress(OSError):
                self.folder.rmdir()

    def _is_free(self) -> bool:
        # files that are made before the mark ``unfinished``
        begun = {LOCK, HOLDER, HOLDER + NEW, _UNFINISHED + NEW}
        return os.path.isfile(self.folder / _UNFINISHED) or begun.issuperset(self._names())

    def new_data(self, generation: int) -> Path:
        """Create an empty folder for the engine's files of this generation."""
        folder = self.data(generation)
        with self.writing():
            if folder.exists():  # left by an interrupted rebuild
                remove_folder(folder)
            folder.mkdir(parents=True)
            sync_folder(self.folder)
        return folder

    def save_manifest(self, manifest: Manifest) -> None:
        """Replace the manifest, which commits a generation."""
        self.write_json(MANIFEST, {**asdict(manifest), "folder": str(self.folder)})

    def save_sources(self, sources: Sources, generation: int) -> None:
        """Write the list of sources of a generation."""
        self.write_json(f"sources-{generation:04d}.json", asdict(sources))
        remove(self.folder / _WORDS)

    def forget_added(self, reports: Collection[str], generation: int) -> None:
        """Remove reports from the list of those without files.

        Does nothing where several machines write to the index.
        """
        with suppress(StorageError), self.lock():
            sources = self.known_sources(generation)
            if not set(reports).isdisjoint(sources.added or ()):
                sources.added = [name for name in sources.added or () if name not in reports]
                self.save_sources(sources, generation)

    def remember_added(self, reports: Iterable[str], generation: int) -> None:
        """List reports without files, so that they can be named if all data are lost."""
        with suppress(IndexDamaged):
            sources = self.known_sources(generation)
            new = [name for name in reports if name not in (sources.added or ())]
            if new and sources.added is not None:
                sources.added += new
                self.save_sources(sources, generation)

    def save_taxonomy(self, text: str, generation: int) -> None:
        """Write the taxonomy of a generation."""
        self.put(f"taxonomy-{generation:04d}.toml", text.encode("utf-8"))

    def drop_generation(self, generation: int) -> None:
        """Remove the files of an unfinished generation."""
        remove_folder(self.data(generation), ignore_errors=True)
        for name in (f"taxonomy-{generation:04d}.toml", f"sources-{generation:04d}.json"):
            with suppress(OSError):
                (self.folder / name).unlink()

    def leftovers(self, generations: Iterable[int]) -> list[str]:
        """Names of files of generations other than these, or of killed writers.

        They can be removed.
        """
        keep: set[str] = set()
        for number in generations:
            files = self.data(number), self.taxonomy_file(number), self.sources_file(number)
            keep.update(path.name for path in files)
        return [
            name
            for name in self._names()
            if name not in keep
            and (
                any(form.fullmatch(name) for form in (_DATA, _TAXONOMY, _SOURCES))
                or name.endswith(NEW)
            )
        ]

    def sweep(self, generations: Iterable[int]) -> None:
        """Remove all leftovers; files still in use are left for the next call."""
        for name in self.leftovers(generations):
            remove(self.folder / name)

    def write_json(self, name: str, data: dict[str, Any]) -> None:
        """Write a JSON file of the index, with a checksum. Raises WriteFailed."""
        whole = {**data, CHECKSUM: _checksum(data)}
        self.put(name, (json.dumps(whole, indent=1) + "\n").encode("ascii"))

    def put(self, name: str, content: bytes) -> None:
        """Replace a file atomically and sync it.

        Raises WriteFailed.
        """
        path, temporary = self.folder / name, self.folder / (name + NEW)
        with self.writing():
            try:
                with open(temporary, "wb") as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
                os.replace(temporary, path)
            except BaseException:
                with suppress(OSError):
                    temporary.unlink()
                raise
        with self.writing(Message("a power cut may undo the last change")):
            sync_folder(path.parent)

    def make_folder(self, name: str) -> None:
        """Create a folder in the index if it is missing, and sync. Raises WriteFailed."""
        with self.writing():
            make_folder(self.folder / name)

    @contextmanager
    def writing(self, outcome: str = "") -> Iterator[None]:
        """Turn an error of the operating system into WriteFailed.

        ``outcome`` is the last part of its message.
        """
        try:
            yield
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            reason = (isinstance(error, OSError) and error.strerror) or str(error)
            end = outcome or self._outcome
            raise WriteFailed(
                self.folder, "cannot be written: {reason}; {end}", reason=reason, end=end
            ) from error

    @contextmanager
    def lock(self, wait: float = 0.0) -> Iterator[None]:
        """Hold the write lock.

        Waits up to ``wait`` seconds for another holder. Raises IndexBusy, IndexNotFound.
        """
        if not self.folder.is_dir():  # creating the lock file would bring it back
            raise IndexNotFound(self.folder, "the index has been removed")
        with ExitStack() as stack:
            with self.writing():
                stack.enter_context(held(self.folder, wait))
            yield

    @contextmanager
    def reading(self, wait: float = 0.0) -> Iterator[None]:
        """Keep writers out while the index is read; see :meth:`lock`.

        On read-only media the existing lock file is used; without one, writers on other machines
        are not kept out.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(self.lock(wait))
            except WriteFailed as error:
                cause = error.__cause__
                if not (isinstance(cause, OSError) and cause.errno in _READ_ONLY):
                    raise
                with suppress(OSError):
                    stack.enter_context(held(self.folder, wait, read_only=True))
            yield


def _checksum(data: dict[str, Any]) -> str:
    """CRC-32 of the data, in hexadecimal.

    Detects every single-bit error and every torn file.
    """
    return f"{zlib.crc32(json.dumps(data, sort_keys=True).encode('ascii')):08x}"
