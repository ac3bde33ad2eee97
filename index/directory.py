"""The index's folder: what lies where, who may write, and how one state of it follows another.

::

    my-index/
      tracuu.json      what made this index: format, engine, generation, fingerprint, settings
      sources.json     the folders and files it was made from, and the id of each file's report
      corrections.jsonl  what people corrected, one passage a line
      uploads/         the originals of reports that came as bytes, and their list
      words.sqlite     the words of paragraphs seen; may be deleted
      write.lock       held by the one writer (the operating system frees it when the writer dies)
      writer.json      who that is
      data-0001/       the engine's files of generation 1; a rebuild makes data-0002/ and then switches
      taxonomy-0001.toml   the taxonomy of that generation, if it is not the package's own
      unfinished       there while a new index is being made: without a manifest, the rest is worth nothing

Every file of ours is written beside its place, synced, and then put there, so that it is whole or the
one before. The manifest comes last: it alone says which generation counts, and what a writer that was
killed left of others goes when the next one writes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ..errors import (
    IndexDamaged,
    IndexExists,
    IndexNotFound,
    IndexOutdated,
    NotAnIndex,
    StorageError,
    WriteFailed,
)
from .lock import HOLDER, LOCK, held

FORMAT = 2
"""Goes up when the folder's layout or the engine's fields change in a way older versions cannot read."""

MANIFEST = "tracuu.json"
SOURCES = "sources.json"
WORDS = "words.sqlite"
_UNFINISHED = "unfinished"
_NEW = ".new"
_DATA = re.compile(r"data-(\d{4,})")
_TAXONOMY = re.compile(
    r"taxonomy(?:-(\d{4,}))?\.toml"
)  # without a number: before generations had their own
_CREATE_WAIT = 10.0  # seconds; so long nobody takes to make an empty index


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``tracuu.json`` says: the version that wrote it, the engine, the generation of its data, and
    the fingerprint of the analysis; ``own_taxonomy`` if it has a taxonomy file of its own; the engine's ``options``,
    of which none is secret."""

    engine: str
    fingerprint: str
    generation: int = 1
    version: str = ""
    own_taxonomy: bool = False
    format: int = FORMAT
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Sources:
    """``paths`` the folders and files an update was given, ``ids`` file → id of its (first) report."""

    paths: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    def remember(self, paths: Iterable[str]) -> None:
        """Add absolute paths that are not known yet, nor below one that is."""
        known = set(self.paths)
        for path in paths:
            if path not in known and known.isdisjoint(map(str, Path(path).parents)):
                known.add(path)
                self.paths.append(path)


class IndexDirectory:
    """One index's folder. Knows nothing of what the engine keeps in it."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(os.path.abspath(os.fspath(folder)))

    # --- what is there ------------------------------------------------------------------------

    def data(self, generation: int) -> Path:
        """The folder of the engine's files."""
        return self.folder / f"data-{generation:04d}"

    @property
    def words(self) -> str:
        """The file that remembers words of paragraphs; see :mod:`tracuu.indexer.word_cache`."""
        return str(self.folder / WORDS)

    def exists(self) -> bool:
        """Whether a tracuu index is (or was) here."""
        return os.path.isfile(self.folder / MANIFEST)  # which never raises

    def manifest(self) -> Manifest:
        """What made the index. Raises IndexNotFound, NotAnIndex, IndexDamaged or IndexOutdated."""
        if not os.path.exists(self.folder):
            raise IndexNotFound(
                self.folder, "there is no index here; make one with: tracuu index PATH…"
            )
        if not self.exists():
            raise self._no_manifest()
        data = self.read_json(MANIFEST)
        if not isinstance(data.get("format"), int):
            raise self._damaged(MANIFEST)
        if data["format"] != FORMAT:
            newer = "install that version or a later one, or " if data["format"] > FORMAT else ""
            raise IndexOutdated(
                self.folder,
                f"written by tracuu {data.get('version', '?')} in format {data['format']}, this version reads "
                f"format {FORMAT}; {newer}rebuild it from its reports with: tracuu rebuild --index {self.folder}",
            )
        manifest = _as_manifest(data)
        if manifest is None:
            raise self._damaged(MANIFEST)
        return manifest

    def settings(self) -> Manifest | None:
        """What can be told of the manifest, be it of another format; None where it cannot be read."""
        try:
            return _as_manifest(self.read_json(MANIFEST))
        except IndexDamaged:
            return None

    def origin(self) -> str:
        """Whose files are added here, where several machines write to one index; else nothing."""
        settings = self.settings()
        return str(settings.options.get("origin", "")) if settings else ""

    def is_at(self, generation: int) -> bool:
        """Whether the manifest names this generation."""
        settings = self.settings()
        return settings is not None and settings.generation == generation

    def is_ours(self) -> bool:
        """Whether an index is here, even one that has lost its manifest."""
        if self.exists() or os.path.isfile(self.folder / SOURCES):
            return True
        return not os.path.exists(self.folder / _UNFINISHED) and bool(self.generations())

    def generations(self) -> list[int]:
        """The generations that have data, the newest first: of the index, and what is left of others."""
        found = (_DATA.fullmatch(name) for name in self._names())
        return sorted((int(match[1]) for match in found if match), reverse=True)

    def _names(self) -> list[str]:
        try:
            return sorted(os.listdir(self.folder))
        except (OSError, ValueError):
            return []

    def _no_manifest(self) -> StorageError:
        if os.path.exists(self.folder / _UNFINISHED):
            return IndexNotFound(
                self.folder,
                "the making of this index was cut off; make it with: tracuu index PATH…",
            )
        if self.is_ours():
            return self._damaged(MANIFEST)
        return NotAnIndex(
            self.folder, "this is no tracuu index; name another place with --index, or a new one"
        )

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
        try:
            data = self.read_json(SOURCES)
            return Sources(
                [str(path) for path in data["paths"]],
                {str(path): str(id) for path, id in data["ids"].items()},
            )
        except (IndexDamaged, KeyError, TypeError, AttributeError) as error:
            raise IndexDamaged(
                self.folder,
                f"{SOURCES} is missing or torn, so it is not known where the reports are; name their folders: "
                f"tracuu rebuild PATH… --index {self.folder} (or make a new index: tracuu index PATH… --index NEW)",
            ) from error

    def taxonomies(self) -> list[int]:
        """The generations that have a taxonomy of their own, the newest first; 0 for a file without a number."""
        found = (_TAXONOMY.fullmatch(name) for name in self._names())
        return sorted((int(match[1] or 0) for match in found if match), reverse=True)

    def taxonomy_file(self, generation: int) -> Path:
        """Where the taxonomy of a generation lies."""
        path = self.folder / f"taxonomy-{generation:04d}.toml"
        return path if path.exists() else self.folder / "taxonomy.toml"

    def taxonomy(self, generation: int) -> str:
        """The text of a generation's own taxonomy. Raises IndexDamaged."""
        path = self.taxonomy_file(generation)
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise IndexDamaged(
                self.folder,
                f"{path.name} is missing or torn; rebuild the index with: tracuu rebuild --taxonomy FILE",
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
        """A file of ours. Raises IndexDamaged."""
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

    @contextmanager
    def making(self) -> Iterator[None]:
        """Be the one who makes a new index here; it is made when its manifest is saved.

        What one who was killed at it left behind is cleared away. Raises IndexExists when anything else
        is there already, IndexBusy, WriteFailed.
        """
        if self.exists():
            raise IndexExists(self.folder, "there is an index here already")
        with self.writing():
            self.folder.mkdir(parents=True, exist_ok=True)
        if not self._is_free():
            raise IndexExists(
                self.folder, "the folder is not empty and holds no index; name a new or empty one"
            )
        with self.lock(_CREATE_WAIT):
            if self.exists():
                raise IndexExists(self.folder, "there is an index here already")
            self.put(_UNFINISHED, b"")
            self.sweep(0)
            yield
            with suppress(OSError):
                (self.folder / _UNFINISHED).unlink()

    def _is_free(self) -> bool:
        begun = {
            LOCK,
            HOLDER,
            HOLDER + _NEW,
            _UNFINISHED + _NEW,
        }  # comes before the mark that it is unfinished
        return os.path.exists(self.folder / _UNFINISHED) or begun.issuperset(self._names())

    def new_data(self, generation: int) -> Path:
        """An empty folder for the engine's files of this generation."""
        folder = self.data(generation)
        with self.writing():
            if folder.exists():  # what a rebuild that was cut off left behind
                shutil.rmtree(folder)
            folder.mkdir(parents=True)
            _sync_folder(self.folder)
        return folder

    def save_manifest(self, manifest: Manifest) -> None:
        """Put the manifest in its place: from here on the index is what it says."""
        self.write_json(MANIFEST, asdict(manifest))

    def save_sources(self, sources: Sources) -> None:
        """Remember what the index was made from."""
        self.write_json(SOURCES, asdict(sources))

    def save_taxonomy(self, text: str, generation: int) -> None:
        """Keep the taxonomy that a generation is made with."""
        self.put(f"taxonomy-{generation:04d}.toml", text.encode("utf-8"))

    def drop_generation(self, generation: int) -> None:
        """Remove what was made of a generation that will not be."""
        shutil.rmtree(self.data(generation), ignore_errors=True)
        with suppress(OSError):
            (self.folder / f"taxonomy-{generation:04d}.toml").unlink()

    def leftovers(self, generation: int) -> list[str]:
        """Names of what other generations and killed writers left; for the holder of the lock to remove."""
        keep = {self.data(generation).name, self.taxonomy_file(generation).name}
        return [
            name
            for name in self._names()
            if name not in keep
            and (_DATA.fullmatch(name) or _TAXONOMY.fullmatch(name) or name.endswith(_NEW))
        ]

    def sweep(self, generation: int) -> None:
        """Remove all leftovers; what is still in use goes the next time."""
        for name in self.leftovers(generation):
            path = self.folder / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()

    def write_json(self, name: str, data: dict[str, Any]) -> None:
        """Put a file of ours in its place."""
        self.put(name, (json.dumps(data, indent=1) + "\n").encode("ascii"))

    def put(self, name: str, content: bytes) -> None:
        """Put a file in its place: whole, or the one before stays. Raises WriteFailed."""
        temporary = self.folder / (name + _NEW)
        with self.writing():
            try:
                with open(temporary, "wb") as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
                os.replace(temporary, self.folder / name)
            except BaseException:
                with suppress(OSError):
                    temporary.unlink()
                raise
            _sync_folder(self.folder)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Turn the operating system's refusals into WriteFailed."""
        try:
            yield
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            reason = (isinstance(error, OSError) and error.strerror) or str(error)
            raise WriteFailed(
                self.folder, f"cannot be written: {reason}; nothing was changed"
            ) from error

    @contextmanager
    def lock(self, wait: float = 0.0) -> Iterator[None]:
        """Be the one writer. Waits up to ``wait`` seconds for another, then raises IndexBusy."""
        if not self.folder.is_dir():  # the lock's file must not bring it back
            raise IndexNotFound(self.folder, "the index is gone")
        with ExitStack() as stack:
            with self.writing():
                stack.enter_context(held(self.folder, wait))
            yield


def _as_manifest(data: dict[str, Any]) -> Manifest | None:
    """The manifest in ``data``, whatever else stands there; None where something is missing or odd."""
    known = {field.name: data[field.name] for field in fields(Manifest) if field.name in data}
    try:
        manifest = Manifest(**known)
    except TypeError:
        return None
    texts = (manifest.engine, manifest.fingerprint, manifest.version)
    number = manifest.generation
    whole = type(number) is int and number > 0 and all(isinstance(text, str) for text in texts)
    return manifest if whole and isinstance(manifest.options, dict) else None


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where folders can be synced (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
