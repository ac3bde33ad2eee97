"""The index's folder: what lies where, who may write, and how one state of it follows another.

::

    my-index/
      tracuu.json      what made this index: format, engine, generation, fingerprint, settings
      sources.json     the folders and files it was made from, and the id of each file's report
      taxonomy.toml    the taxonomy it was made with, if it is not the package's own
      words.sqlite     the words of paragraphs seen; may be deleted
      write.lock       held by the one writer (the operating system frees it when the writer dies)
      writer.json      who that is
      data-0001/       the engine's files; a rebuild makes data-0002/ and then switches

Every JSON file is written beside its place, synced, and then put there, so that it is whole or the
one before.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .errors import (
    IndexBusy,
    IndexDamaged,
    IndexExists,
    IndexNotFound,
    IndexOutdated,
    NotAnIndex,
    WriteFailed,
)

FORMAT = 2
"""Goes up when the folder's layout or the engine's fields change in a way older versions cannot read."""

MANIFEST = "tracuu.json"
SOURCES = "sources.json"
TAXONOMY = "taxonomy.toml"
WORDS = "words.sqlite"
_LOCK = "write.lock"
_HOLDER = "writer.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``tracuu.json`` says: the version that wrote it, the engine, the generation of its data, and
    the fingerprint of the analysis; ``own_taxonomy`` if ``taxonomy.toml`` belongs to the index."""

    engine: str
    fingerprint: str
    generation: int = 1
    version: str = ""
    own_taxonomy: bool = False
    format: int = FORMAT


@dataclass(slots=True)
class Sources:
    """``paths`` the folders and files an update was given, ``ids`` file → id of its (first) report."""

    paths: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)


class Storage:
    """One index's folder. Knows nothing of what the engine keeps in it."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(os.path.abspath(os.fspath(folder)))

    # --- what is there ------------------------------------------------------------------------

    def data(self, generation: int) -> Path:
        """The folder of the engine's files."""
        return self.folder / f"data-{generation:04d}"

    @property
    def words(self) -> str:
        """The file that remembers words of paragraphs; see :mod:`tracuu.indexer.words`."""
        return str(self.folder / WORDS)

    def exists(self) -> bool:
        """Whether a tracuu index is (or was) here."""
        return (self.folder / MANIFEST).is_file()

    def manifest(self) -> Manifest:
        """What made the index. Raises IndexNotFound, NotAnIndex, IndexDamaged or IndexOutdated."""
        if not self.folder.exists():
            raise IndexNotFound(self.folder, "there is no index here; make one with: tracuu index PATH…")
        if not self.exists():
            raise NotAnIndex(self.folder, "this is no tracuu index; name another place with --index, or a new one")
        data = self._read(MANIFEST)
        if not isinstance(data.get("format"), int):
            raise self._damaged(MANIFEST)
        if data["format"] != FORMAT:
            raise IndexOutdated(
                self.folder,
                f"written by tracuu {data.get('version', '?')} in format {data['format']}, this version reads "
                f"format {FORMAT}; rebuild it from its reports with: tracuu rebuild --index {self.folder}",
            )
        try:
            return Manifest(**data)
        except TypeError as error:
            raise self._damaged(MANIFEST) from error

    def stamp(self) -> tuple[int, int] | None:
        """Changes when the manifest is replaced, as by a rebuild; None when it is not there."""
        try:
            status = os.stat(self.folder / MANIFEST)
        except (OSError, ValueError):
            return None
        return status.st_mtime_ns, status.st_ino

    def sources(self) -> Sources:
        """What the index was made from; empty where that cannot be read."""
        try:
            return self.known_sources()
        except IndexDamaged:
            return Sources()

    def known_sources(self) -> Sources:
        """What the index was made from. Raises IndexDamaged."""
        data = self._read(SOURCES)
        try:
            ids = {str(path): str(id) for path, id in data["ids"].items()}
            return Sources([str(path) for path in data["paths"]], ids)
        except (KeyError, TypeError, AttributeError) as error:
            raise IndexDamaged(
                self.folder, f"{SOURCES} is torn, so it is not known where the reports are; index them into a new index"
            ) from error

    def has_taxonomy(self) -> bool:
        """Whether a taxonomy of its own lies in the index."""
        return (self.folder / TAXONOMY).is_file()

    def taxonomy(self) -> str:
        """The text of the index's own taxonomy. Raises IndexDamaged."""
        try:
            return (self.folder / TAXONOMY).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise self._damaged(TAXONOMY) from error

    def size(self) -> int:
        """Bytes of all files of the index."""
        total = 0
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with suppress(OSError):
                    total += os.path.getsize(os.path.join(folder, name))
        return total

    def _read(self, name: str) -> dict[str, Any]:
        try:
            data = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise self._damaged(name) from error
        if not isinstance(data, dict):
            raise self._damaged(name)
        return data

    def _damaged(self, name: str) -> IndexDamaged:
        return IndexDamaged(
            self.folder,
            f"{name} is missing or torn; rebuild the index from its reports with: tracuu rebuild --index {self.folder}",
        )

    # --- changing it --------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make the folder for a new index. Raises IndexExists when something is there already."""
        if self.exists():
            raise IndexExists(self.folder, "there is an index here already")
        with self.writing():
            self.folder.mkdir(parents=True, exist_ok=True)
            if any(path.name not in (_LOCK, _HOLDER) for path in self.folder.iterdir()):
                raise IndexExists(self.folder, "the folder is not empty and holds no index; name a new or empty one")

    def new_data(self, generation: int) -> Path:
        """An empty folder for the engine's files of this generation."""
        folder = self.data(generation)
        with self.writing():
            if folder.exists():  # what a rebuild that was cut off left behind
                shutil.rmtree(folder)
            folder.mkdir(parents=True)
        return folder

    def save_manifest(self, manifest: Manifest) -> None:
        """Put the manifest in its place: from here on the index is what it says."""
        self._write(MANIFEST, asdict(manifest))

    def save_sources(self, sources: Sources) -> None:
        """Remember what the index was made from."""
        self._write(SOURCES, asdict(sources))

    def save_taxonomy(self, text: str) -> None:
        """Keep the taxonomy the index is made with."""
        self._put(TAXONOMY, text.encode("utf-8"))

    def drop_taxonomy(self) -> None:
        """Forget a taxonomy of its own that the index had before."""
        with suppress(OSError):
            (self.folder / TAXONOMY).unlink()

    def drop_data(self, generation: int) -> None:
        """Remove the engine's files of one generation."""
        shutil.rmtree(self.data(generation), ignore_errors=True)

    def drop_other_data(self, generation: int) -> None:
        """Remove the engine's files of all other generations; what is still in use goes the next time."""
        for folder in self.folder.glob("data-*"):
            if folder != self.data(generation):
                shutil.rmtree(folder, ignore_errors=True)

    def _write(self, name: str, data: dict[str, Any]) -> None:
        self._put(name, (json.dumps(data, indent=1) + "\n").encode("ascii"))

    def _put(self, name: str, content: bytes) -> None:
        temporary = self.folder / f"{name}.new"
        with self.writing():
            with open(temporary, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, self.folder / name)
            _sync_folder(self.folder)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Turn the operating system's refusals into WriteFailed."""
        try:
            yield
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            reason = (isinstance(error, OSError) and error.strerror) or str(error)
            raise WriteFailed(self.folder, f"cannot be written: {reason}; nothing was changed") from error

    @contextmanager
    def lock(self, wait: float = 0.0) -> Iterator[None]:
        """Be the one writer. Waits up to ``wait`` seconds for another, then raises IndexBusy."""
        if not self.folder.is_dir():  # the lock's file must not bring it back
            raise IndexNotFound(self.folder, "the index is gone")
        from filelock import FileLock, Timeout  # a search needs no lock

        lock = FileLock(str(self.folder / _LOCK), timeout=wait, is_singleton=False)
        with self.writing():
            try:
                lock.acquire()
            except Timeout as error:  # which is an OSError too
                raise IndexBusy(
                    self.folder,
                    f"{self._holder()} is writing to it; try again later, or wait for it with --wait SECONDS",
                ) from error
        try:
            holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%H:%M:%S")}
            with suppress(OSError):
                (self.folder / _HOLDER).write_text(json.dumps(holder), encoding="utf-8")
            yield
        finally:
            with suppress(OSError):
                (self.folder / _HOLDER).unlink()
            lock.release()

    def _holder(self) -> str:
        try:
            holder = json.loads((self.folder / _HOLDER).read_text(encoding="utf-8"))
            return f"process {holder['pid']} on {holder['host']} (since {holder['since']})"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where folders can be synced (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
